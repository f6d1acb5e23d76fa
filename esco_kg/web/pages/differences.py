"""What changed between two releases, for their readers: marked texts, and skills with the places they moved between."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from markupsafe import Markup, escape

from esco_kg.web.releases.model import Cluster, Concept
from esco_kg.web.releases.view import ReleaseView

_WORDS = re.compile(r"\s+|[^\s]+")
_NAMED = 600  # skills of a page that are named; the table of changes has all


@dataclass(frozen=True, slots=True)
class Move:
    """Skills that went from one cluster to another: those that are named, and how many they are."""

    old: Cluster
    new: Cluster
    skills: tuple[Concept, ...]
    count: int


def marked(old: str, new: str) -> tuple[Markup, Markup]:
    """Both texts as HTML: in the old one what went is marked, in the new one what came."""
    left, right = (_WORDS.findall(text) for text in (old, new))
    if not left or not right:
        return escape(old), escape(new)
    before, after = Markup(), Markup()
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        gone, come = "".join(left[a:b]), "".join(right[c:d])
        before += _around("del", gone) if kind != "equal" else escape(gone)
        after += _around("ins", come) if kind != "equal" else escape(come)
    return before, after


def _around(mark: str, text: str) -> Markup:
    return Markup(f"<{mark}>{{}}</{mark}>").format(text) if text.strip() else escape(text)


def changed_clusters(old: ReleaseView, new: ReleaseView) -> dict[str, Any]:
    """Clusters new, retired and renamed between two releases, and the number of skills with another primary cluster."""
    before, after = ({cluster.id: cluster for cluster in one.current()} for one in (old, new))
    return {
        "added": [after[i] for i in sorted(after.keys() - before.keys())],
        "removed": [before[i] for i in sorted(before.keys() - after.keys())],
        "renamed": [
            (before[i], after[i]) for i in sorted(after.keys() & before.keys()) if before[i].labels != after[i].labels
        ],
        "moved": len(_moved(old.primary_places(), new.primary_places())),
    }


def changes(old: ReleaseView, new: ReleaseView, language: str) -> dict[str, Any]:
    """The same with the skills that moved, came or went, by name."""
    before, after = old.primary_places(), new.primary_places()
    return changed_clusters(old, new) | {
        "moves": _moves(old, new, _moved(before, after), language),
        "come": _placed(new, after, after.keys() - before.keys(), language),
        "gone": _placed(old, before, before.keys() - after.keys(), language),
    }


def _moved(before: dict[str, str], after: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Skill -> its primary cluster before and after, where they differ."""
    return {
        skill: (before[skill], after[skill]) for skill in before.keys() & after.keys() if before[skill] != after[skill]
    }


def _moves(old: ReleaseView, new: ReleaseView, moved: dict[str, tuple[str, str]], language: str) -> list[Move]:
    """The moves, those of most skills first."""
    by_way: dict[tuple[str, str], list[str]] = defaultdict(list)
    for skill, way in moved.items():
        by_way[way].append(skill)
    found, left = [], _NAMED
    for way, skills in sorted(by_way.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        named = _named(new, sorted(skills)[:left], language)
        left -= len(named)
        found.append(Move(old.clusters[way[0]], new.clusters[way[1]], named, len(skills)))
    return found


def _placed(
    view: ReleaseView, places: dict[str, str], skills: set[str], language: str
) -> list[tuple[Concept, Cluster]]:
    """Skills of one of the two releases alone, each with its cluster there."""
    return [(skill, view.clusters[places[skill.iri]]) for skill in _named(view, sorted(skills)[:_NAMED], language)]


def _named(view: ReleaseView, skills: list[str], language: str) -> tuple[Concept, ...]:
    found = (view.concept_of(iri, language) for iri in skills)
    return tuple(sorted((one for one in found if one), key=lambda one: (one.label.casefold(), one.iri)))
