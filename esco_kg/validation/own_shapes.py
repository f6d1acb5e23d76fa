"""Any shapes, result for result: each with its own message, path and severity."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from esco_kg.errors import EscoKgError
from esco_kg.model.findings import Finding, Severity
from esco_kg.rdf.namespaces import SH
from esco_kg.rdf.terms import plain, text
from esco_kg.validation.engines import Hit, validate
from esco_kg.validation.shapes import Shapes

_SEVERITIES: dict[str, Severity] = {f"{SH}Violation": "violation", f"{SH}Warning": "warning", f"{SH}Info": "info"}


def run_shapes(shapes: Shapes, engine: str, data: Path) -> list[Hit]:
    """Every result. Raises EscoKgError where the engine fails, with the shapes at which it does."""
    try:
        return validate(engine, shapes.ntriples(), data)
    except EscoKgError as error:
        at_fault = []
        for name in sorted({shapes.rule(target.shape).name for target in shapes.targets}):
            try:
                validate(engine, shapes.narrowed([name]).ntriples(), data)
            except EscoKgError:
                at_fault.append(name)
        if at_fault:
            raise EscoKgError(f"{error.message} (at {', '.join(at_fault)})", error.hint) from None
        raise


def as_told(shapes: Shapes, hit: Hit, graph: str) -> Finding:
    """A result as a finding: with the engine's message where the author of the shapes gave one."""
    rule = shapes.rule(hit.shape)
    authors = shapes.messages(hit.shape, hit.component)
    told = " / ".join(hit.said)
    unsaid = rule.message or ": ".join(filter(None, (local_name(hit.component), told)))
    message = told if authors and told else unsaid
    return Finding(
        severity=_SEVERITIES.get(hit.severity, rule.severity),
        rule=rule.name,
        focus=hit.focus,
        path=shapes.path(hit.shape) or hit.path,
        value=hit.value,
        message=message,
        graph=graph,
        component=hit.component,
        said=tuple(_as_literal(value, authors) for value in hit.said),
        own_severity="" if hit.severity in _SEVERITIES else hit.severity,
    )


def local_name(component: str) -> str:
    """``MinCountConstraintComponent``: how people know what SHACL checks."""
    return re.split("[#/]", component)[-1]


def _as_literal(value: str, authors: Iterable[ox.Literal]) -> str:
    """A message with the language that its author gave it: engines tell the text alone, with values put in."""
    for author in authors:
        pattern = ".*".join(map(re.escape, re.split(r"\{[?$]\w+\}", author.value)))
        if author.language and re.fullmatch(pattern, value, re.DOTALL):
            return text(value, author.language)
    return plain(value)
