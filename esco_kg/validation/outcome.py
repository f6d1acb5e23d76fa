"""What a check came to."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from esco_kg.model.findings import Finding, Severity
from esco_kg.validation.rules import SEVERITIES, Rule


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Without repetitions, the gravest first, then by rule, graph and place."""
    return sorted(set(findings), key=order)


def order(f: Finding) -> tuple[bool, int, str, str, str, str, str, str, str]:
    """The place of a finding in a report."""
    return f.withdrawn, SEVERITIES.index(f.severity), f.rule, f.graph, f.focus, f.path, f.value, f.message, f.component


@dataclass(slots=True)
class CheckOutcome:
    """All findings in order, and what was checked.

    ``rules`` are those that were applied, by name; ``triples`` counts each graph; ``seconds`` gives wall-clock time per
    part (``clusters: shapes``, ``clusters: queries``, ``load``, ``closure``). Of any vocabulary,
    ``idle`` are the rules that found nothing to look at, and ``notes`` what a reader should know and is no finding.
    """

    engine: str
    findings: list[Finding] = field(default_factory=list)
    rules: dict[str, Rule] = field(default_factory=dict)
    triples: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    idle: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    by_own_shapes: bool = False  # each constraint of a shape then has a block of its own in the text

    def add(self, part: str, findings: Iterable[Finding], seconds: float) -> None:
        """Take in the findings of a further part."""
        self.findings = in_order([*self.findings, *findings])
        self.seconds[part] = self.seconds.get(part, 0.0) + seconds

    def merge(self, other: CheckOutcome) -> None:
        """Take in the check of further graphs."""
        self.findings = in_order([*self.findings, *other.findings])
        self.rules |= other.rules
        self.triples |= other.triples
        self.seconds |= other.seconds

    @property
    def conforms(self) -> bool:
        """Whether there is no violation; warnings and infos do not count."""
        return not self.at_least("violation")

    def at_least(self, severity: Severity) -> list[Finding]:
        """The findings of this severity and of graver ones."""
        grave = SEVERITIES[: SEVERITIES.index(severity) + 1]
        return [finding for finding in self.findings if finding.severity in grave]

    def counts(self) -> dict[Severity, int]:
        """Number of findings of each severity, zeros included."""
        found = Counter(finding.severity for finding in self.findings)
        return {severity: found[severity] for severity in SEVERITIES}

    def summary(self) -> dict[str, object]:
        """For the manifest: the same in every run on the same graphs, so without times."""
        by_rule = Counter((f.rule, f.graph, f.severity) for f in self.findings)
        return {
            "conforms": self.conforms,
            "engine": self.engine,
            "findings": {severity: number for severity, number in self.counts().items()},
            "graphs": {name: self.triples[name] for name in sorted(self.triples)},
            "rules_applied": len(self.rules),
            "by_rule": [
                {"rule": rule, "graph": graph, "severity": severity, "findings": by_rule[rule, graph, severity]}
                for rule, graph, severity in sorted(by_rule)
            ],
        }

    def as_text(self) -> str:
        """The report for people."""
        from esco_kg.validation.report import report_text

        return report_text(self)

    def as_json(self) -> str:
        """The report for programs: every finding, as one object."""
        from esco_kg.validation.report import report_json

        return report_json(self)

    def as_turtle(self, *, is_release: bool = False) -> str:
        """The SHACL validation report: of a release with all that its rules know, otherwise result for result."""
        from esco_kg.validation.report import report_turtle
        from esco_kg.validation.standard_report import standard_report

        return report_turtle(self) if is_release else standard_report(self)


class Timer(AbstractContextManager["Timer"]):
    """Times a part of a check and hands its findings to the outcome when the part is done."""

    def __init__(self, outcome: CheckOutcome, part: str) -> None:
        self.found: list[Finding] = []
        self._outcome, self._part = outcome, part
        self._started = time.perf_counter()

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self._outcome.findings += self.found
            self._outcome.seconds[self._part] = time.perf_counter() - self._started
