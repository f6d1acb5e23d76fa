"""Statements that no named change tells, so that "nothing changed" is said only where nothing did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from esco_kg.diff.blanks import COPIES
from esco_kg.diff.sources import STATED, one_form
from esco_kg.diff.survey import Survey
from esco_kg.diff.values import BROADER, REPEATED, compact
from esco_kg.diff.walk import Difference
from esco_kg.model.changes import OtherStatements

_SAME = "stated in the other direction, or in one instead of both; the meaning is the same"
_COPIES = "blank nodes that say the same, more or fewer of them"
_FOLLOWS = "stated beside what it follows from"


def other_statements(survey: Survey) -> Iterator[OtherStatements]:
    """Take the lines about statements as they were made out of the differences, and tell those that nothing explains.

    A statement that went or came with its meaning is explained by the change of that meaning.
    """
    explained = [
        {f"{d.subject} {line}" for d in survey.differences for line in (d.removed, d.added)[side]} for side in (0, 1)
    ]
    found: dict[tuple[str, str], Counter[int]] = {}
    kept = []
    for d in survey.differences:
        for side, lines in enumerate((d.removed, d.added)):
            for line in lines:
                told = _told(d, line, explained[side])
                if told is not None:
                    found.setdefault(told, Counter())[side] += 1
        rest = replace(d, removed=_own(d.removed), added=_own(d.added))
        # A subject of which nothing but the direction of statements is told came or went with these alone.
        if rest.removed or rest.added or d.subject != d.was:
            kept.append(rest)
    survey.differences = kept
    for (field, reason), counted in sorted(found.items()):
        yield OtherStatements(field, counted[0], counted[1], reason)


def parent_links(differences: list[Difference]) -> tuple[int, int]:
    """How many hierarchical links between concepts went and came."""
    went, came = (
        sum(line.startswith(f"{BROADER} ") for d in differences for line in (d.removed, d.added)[side])
        for side in (0, 1)
    )
    return went, came


def _told(d: Difference, line: str, explained: set[str]) -> tuple[str, str] | None:
    predicate, term = line.split(" ", 1)
    if predicate == COPIES:
        return "blank nodes", _COPIES
    if predicate.startswith(STATED):
        stated = f"<{predicate.removeprefix(STATED)}"
        meant = one_form(f"{d.subject} {stated} {term}")
        return None if meant in explained else (compact(stated), _SAME)
    if predicate in REPEATED and f"{STATED}{predicate[1:]}" not in line:
        return compact(predicate), _FOLLOWS
    return None


def _own(lines: frozenset[str]) -> frozenset[str]:
    return frozenset(line for line in lines if not line.startswith((STATED, COPIES)))
