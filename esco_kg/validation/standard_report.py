"""The SHACL validation report of a check of any files, as the standard has it: result for result."""

from __future__ import annotations

import re

from esco_kg.model.findings import Finding
from esco_kg.rdf.namespaces import SH, XSD
from esco_kg.rdf.terms import iri, plain
from esco_kg.validation.outcome import CheckOutcome

_SEVERITY = {"violation": "sh:Violation", "warning": "sh:Warning", "info": "sh:Info"}
_REPEATED = {"*": "sh:zeroOrMorePath", "+": "sh:oneOrMorePath", "?": "sh:zeroOrOnePath"}
_TOKEN = re.compile(r"<[^>]*>|[()^/|*+?]")


def standard_report(outcome: CheckOutcome) -> str:
    """A ``sh:ValidationReport`` (SHACL, section 3.6) in Turtle: paths of several steps and blank nodes are blank nodes.

    By SHACL's definition warnings and infos too keep ``sh:conforms`` from being true.
    """
    results = [f"    sh:result {_result(finding, outcome)}" for finding in outcome.findings]
    head = f"[] a sh:ValidationReport ;\n    sh:conforms {'false' if results else 'true'}"
    return f"@prefix sh: <{SH}> .\n@prefix xsd: <{XSD}> .\n\n" + " ;\n".join([head, *results]) + " .\n"


def _result(finding: Finding, outcome: CheckOutcome) -> str:
    rule = outcome.rules.get(finding.rule)
    source = rule.source if rule and ":" in rule.source else f"urn:esco-kg:rule:{finding.rule}"
    severity = iri(finding.own_severity) if finding.own_severity else _SEVERITY[finding.severity]
    said = finding.said or ((plain(finding.message),) if finding.message else ())
    lines = ["a sh:ValidationResult", f"sh:resultSeverity {severity}"]
    lines += [f"sh:focusNode {finding.focus}"] if finding.focus else []
    lines += [f"sh:resultPath {path_in_turtle(finding.path)}"] if finding.path else []
    lines += [f"sh:value {finding.value}"] if finding.value else []
    lines += [
        f"sh:resultMessage {' , '.join(said)}" if said else "",
        f"sh:sourceConstraintComponent {iri(finding.component or f'{SH}SPARQLConstraintComponent')}",
        f"sh:sourceShape {iri(source)}",
    ]
    return "[\n        " + " ;\n        ".join(line for line in lines if line) + "\n    ]"


def path_in_turtle(path: str) -> str:
    """A path in SPARQL's notation as the nodes that SHACL has for it (section 2.3.1)."""
    tokens = _TOKEN.findall(path)
    if len(tokens) == 1:
        return str(tokens[0])
    return _Path(tokens).sequence()


class _Path:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = [*tokens, ""]
        self._at = 0

    def _next(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]

    def _is(self, sign: str) -> bool:
        if self._tokens[self._at] == sign:
            self._at += 1
            return True
        return False

    def sequence(self) -> str:
        parts = [self._step()]
        while self._is("/"):
            parts.append(self._step())
        return parts[0] if len(parts) == 1 else f"( {' '.join(parts)} )"

    def _step(self) -> str:
        if self._is("^"):
            return f"[ sh:inversePath {self._step()} ]"
        found = self._next()
        if found == "(":
            parts = [self.sequence()]
            while self._is("|"):
                parts.append(self.sequence())
            self._is(")")
            found = parts[0] if len(parts) == 1 else f"[ sh:alternativePath ( {' '.join(parts)} ) ]"
        while self._tokens[self._at] in _REPEATED and self._tokens[self._at]:
            found = f"[ {_REPEATED[self._next()]} {found} ]"
        return found
