"""Whole-graph rules: each a SELECT of entity, property and value in ``queries/checks/``; a row is a finding."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from esco_kg.errors import InputError
from esco_kg.model.findings import Finding, Severity
from esco_kg.rdf.graphs import GraphStore
from esco_kg.rdf.namespaces import PREFIXES
from esco_kg.rdf.terms import iri
from esco_kg.resources import files
from esco_kg.validation.rules import Rule

COLUMNS = ["entity", "property", "value"]
_HEAD = re.compile(r"# (Problem|Solution|Source|Looks at|Over): (.+)")


@dataclass(frozen=True, slots=True)
class Check:
    """One query with its rule. ``text`` names our own terms by IRIs relative to the release's base.

    Of a query over any vocabulary, ``looks_at`` are the terms without which it has nothing to look at, and
    ``over_stated`` says that it is about what is written, not about what follows.
    """

    rule: Rule
    text: str
    looks_at: tuple[str, ...] = ()
    over_stated: bool = False


def checks(paths: Iterable[Path] | None = None) -> dict[str, Check]:
    """Rule name -> query, for every file; by default those of ``queries/checks``.

    The file ``skos-cycle.rq`` holds the rule ``skos:cycle``. Raises InputError where a head lacks a line.
    """
    found = [_read(path) for path in (files("queries/checks", ".rq") if paths is None else paths)]
    return {check.rule.name: check for check in found}


def run(
    check: Check, store: GraphStore, base_iri: str, graphs: Iterable[str], severity: Severity, graph: str
) -> list[Finding]:
    """The findings of one query over the union of some graphs (their IRIs); ``graph`` is their name in the report.

    Raises InputError where the query fails or answers with other columns.
    """
    place = f"queries/{check.rule.source}"
    try:
        rows = store.select(f"BASE {iri(base_iri)}\n{check.text}", graphs=graphs)
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:
        raise InputError(place, f"the query failed: {error}", "Correct the query.") from None
    if rows.columns != COLUMNS:
        raise InputError(place, f"the query selects {', '.join(rows.columns)}", f"Select {', '.join(COLUMNS)}.")
    return [
        Finding(
            severity=severity,
            rule=check.rule.name,
            focus=_written(entity),
            path=_written(path),
            value=_written(value),
            message=check.rule.message,
            graph=graph,
        )
        for entity, path, value in rows.terms
    ]


def _written(term: ox.NamedNode | ox.BlankNode | ox.Literal | None) -> str:
    """An N-Triples term; nothing, and the empty text that stands for it in a query, is empty."""
    return "" if term is None or (isinstance(term, ox.Literal) and not term.value) else str(term)


def _read(path: Path) -> Check:
    text = path.read_text(encoding="utf-8")
    head = {found[1]: found[2] for line in text.split("\n") if (found := _HEAD.fullmatch(line))}
    for key in ("Problem", "Solution", "Source"):
        if key not in head:
            raise InputError(
                f"queries/{path.parent.name}/{path.name}:1", f"the head lacks '# {key}:'", "See docs/validation.md."
            )
    rule = Rule(
        name=path.stem.replace("-", ":", 1),
        title=head["Problem"],
        message=f"{head['Problem']} {head['Solution']}",
        clause=head["Source"],
        source=f"{path.parent.name}/{path.name}",
        kind="query",
    )
    looks_at = tuple(f"<{PREFIXES[p]}{local}>" for p, _, local in map(_parted, head.get("Looks at", "").split()))
    return Check(rule, text, looks_at, head.get("Over") == "stated")


def _parted(name: str) -> tuple[str, str, str]:
    return name.partition(":")
