"""Findings as a text for people, as JSON for programs, as a SHACL validation report in Turtle."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from esco_kg.model.findings import Finding
from esco_kg.rdf.namespaces import PREFIXES, SH, XSD
from esco_kg.rdf.terms import iri, text
from esco_kg.validation.outcome import CheckOutcome, order
from esco_kg.validation.own_shapes import local_name
from esco_kg.validation.rules import Rule

_EXAMPLES = 5
_LOCAL = {"violation": "Violation", "warning": "Warning", "info": "Info"}
# Of a rule that is a query: the component that SHACL has for rules written in SPARQL.
_QUERY_COMPONENT = f"{SH}SPARQLConstraintComponent"


def report_text(outcome: CheckOutcome, examples: int = _EXAMPLES) -> str:
    """The findings by rule, with at most ``examples`` places for each rule and graph; line ends are LF."""
    return "".join(f"{line}\n" for line in _lines(outcome, examples))


def _lines(outcome: CheckOutcome, examples: int) -> Iterator[str]:
    counts = outcome.counts()
    what = ", ".join(f"{name} ({number:,} triples)" for name, number in sorted(outcome.triples.items()))
    yield f"Checked: {what}"
    yield f"Rules: {len(outcome.rules)}; SHACL engine: {outcome.engine}"
    grave = f"{_several(counts['violation'], 'violation')}, {_several(counts['warning'], 'warning')}"
    yield f"Found: {grave}, {counts['info']:,} info"
    yield f"Conforms: {'yes' if outcome.conforms else 'no'}"
    yield from outcome.notes
    if outcome.idle:
        yield f"Nothing to look at for {_several(len(outcome.idle), 'rule')}: {', '.join(outcome.idle)}."
    findings = outcome.findings
    if outcome.by_own_shapes:
        findings = sorted(findings, key=lambda f: (*order(f)[:4], f.path, f.component))
    for (withdrawn, severity, rule, graph, *constraint), members in groupby(findings, key=_group(outcome)):
        found = list(members)
        known = outcome.rules.get(rule)
        yield ""
        clause = f" [{known.clause}]" if known and known.clause else ""
        clause += f" [{' '.join(constraint)}]" if constraint else ""
        title = f": {known.title}" if known and known.title and known.kind != "query" else ""
        where = f"withdrawn concepts of {graph}" if withdrawn else graph
        yield f"{severity.upper()} {rule} in {where}, {_several(len(found), 'place')}{title}{clause}"
        # Messages may differ by place where a rule has several parts.
        messages = sorted({f.message for f in found})
        each = outcome.by_own_shapes and len(messages) > 1  # several constraints in SPARQL, or values in the message
        for message in [] if each else messages[:examples]:
            yield f"  {message}"
        for finding in found[:examples]:
            if terms := [_shown(term) for term in (finding.focus, finding.path, finding.value) if term]:
                yield f"  - {'  '.join(terms)}{f': {finding.message}' if each else ''}"
        if len(found) > examples:
            yield f"  - ... and {len(found) - examples:,} more"


def _group(outcome: CheckOutcome) -> Callable[[Finding], tuple[Any, ...]]:
    """A block for each rule; of other shapes for each of its constraints."""

    def key(f: Finding) -> tuple[Any, ...]:
        rule = (f.withdrawn, f.severity, f.rule, f.graph)
        return (*rule, *filter(None, (_shown(f.path), local_name(f.component)))) if outcome.by_own_shapes else rule

    return key


def _several(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _shown(term: str) -> str:
    """Properties by prefix; other terms as they are, on one line."""
    for prefix, namespace in PREFIXES.items():
        start = f"<{namespace}"
        if term.startswith(start) and term[len(start) : -1].isidentifier():
            return f"{prefix}:{term[len(start) : -1]}"
    return term


def report_json(outcome: CheckOutcome) -> str:
    """The summary and every finding with its rule's clause, as one JSON object."""
    findings = [
        {
            "severity": f.severity,
            "rule": f.rule,
            "graph": f.graph,
            "focus": f.focus,
            "path": f.path,
            "value": f.value,
            "message": f.message,
            "clause": outcome.rules[f.rule].clause if f.rule in outcome.rules else "",
            **({"withdrawn": True} if f.withdrawn else {}),
        }
        for f in outcome.findings
    ]
    said = {"notes": outcome.notes, "nothing_to_look_at": outcome.idle} if outcome.notes or outcome.idle else {}
    return json.dumps({**outcome.summary(), **said, "results": findings}, ensure_ascii=False, indent=2) + "\n"


def report_turtle(outcome: CheckOutcome, report_iri: str = "urn:esco-kg:validation-report") -> str:
    """A ``sh:ValidationReport`` (SHACL, section 3.6) without blank nodes: results are ``<report>/result/N``.

    A rule says its message once, as ``sh:message`` of what is the source shape of its results; a result has a message
    of its own where it differs. A path of several steps would need blank nodes, so it stands in the message; a blank
    node of the data is named ``<report>/blank/ID``. By SHACL's definition warnings and infos too keep ``sh:conforms``
    from being true.
    """
    return "".join(turtle_parts(outcome, report_iri))


def turtle_parts(outcome: CheckOutcome, report_iri: str) -> Iterator[str]:
    """The text of :func:`report_turtle` piece by piece: of ESCO in many languages it is large."""
    conforms = "true" if not outcome.findings else "false"
    head = [f"{iri(report_iri)}", "    a sh:ValidationReport", f"    sh:conforms {conforms}"]
    yield f"@prefix sh: <{SH}> .\n@prefix xsd: <{XSD}> .\n\n"
    yield _block(head)[: -len(" .\n")]
    for number in range(1, len(outcome.findings) + 1):
        yield f" ;\n    sh:result {iri(f'{report_iri}/result/{number}')}"
    yield " .\n"
    messages: dict[str, str] = {}
    for number, finding in enumerate(outcome.findings, start=1):
        source, said = _source(finding, outcome.rules.get(finding.rule), report_iri), _said(finding)
        is_own = messages.setdefault(source, said) != said
        name = f"{report_iri}/result/{number}"
        yield "\n" + _result(name, finding, source, said if is_own else "", report_iri)
    for source in sorted(messages):
        yield "\n" + _block([iri(source), f"    sh:message {text(messages[source], 'en')}"])


def _block(lines: list[str]) -> str:
    subject, *rest = lines
    return subject + "\n" + " ;\n".join(rest) + " .\n"


def _source(finding: Finding, rule: Rule | None, report_iri: str) -> str:
    """The IRI of the shape, or of the rule that is not one."""
    if rule is not None and rule.kind == "shape":
        return rule.source
    return f"{report_iri}/rule/{finding.rule.replace(':', '/')}"


def _is_property(path: str) -> bool:
    return path.startswith("<") and path.count("<") == 1 and path.endswith(">")


def _said(finding: Finding) -> str:
    path = "" if _is_property(finding.path) or not finding.path else f" Path: {finding.path}"
    return f"{finding.rule}: {finding.message}{path}"


def _result(name: str, finding: Finding, source: str, said: str, report_iri: str) -> str:
    lines = [iri(name), "    a sh:ValidationResult"]
    if finding.focus:
        lines.append(f"    sh:focusNode {_named(finding.focus, report_iri)}")
    if _is_property(finding.path):
        lines.append(f"    sh:resultPath {finding.path}")
    if finding.value:
        lines.append(f"    sh:value {_named(finding.value, report_iri)}")
    lines += [
        f"    sh:resultSeverity sh:{_LOCAL[finding.severity]}",
        *([f"    sh:resultMessage {text(said, 'en')}"] if said else []),
        f"    sh:sourceConstraintComponent {iri(finding.component or _QUERY_COMPONENT)}",
        f"    sh:sourceShape {iri(source)}",
    ]
    return _block(lines)


def _named(term: str, report_iri: str) -> str:
    return iri(f"{report_iri}/blank/{term[2:]}") if term.startswith("_:") else term
