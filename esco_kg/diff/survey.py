"""The first walk: what either version holds, and which concepts only changed their IRI."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from esco_kg.diff.rebased import rebased
from esco_kg.diff.sources import Blocks, Lines, Source
from esco_kg.diff.values import BROADER, NEEDS, NOTATION, about, label, unquoted
from esco_kg.diff.walk import Difference, difference, reidentified, side_by_side
from esco_kg.model.changes import About

_Keys = dict[str, tuple[str, str]]  # IRI -> code and label
_GROUPS: tuple[About, ...] = ("skill group", "ISCO group")
_NEEDS = tuple(f"{predicate} " for predicate in NEEDS)


@dataclass(slots=True)
class VersionCounts:
    """What one version holds; skills, occupations and groups are N-Triples terms.

    ``things`` counts by kind. ``links`` counts each skill's links to occupations, ``needs`` each occupation's links to
    skills. ``members`` are the skills directly below a group.
    """

    things: Counter[About] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)
    needs: Counter[str] = field(default_factory=Counter)
    members: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, subject: str, facts: _Facts) -> None:
        """Count one block."""
        self.things[facts.about] += 1
        if facts.about == "occupation":
            self.things["occupation link"] += len(facts.needs)
            self.links.update(facts.needs)
            self.needs[subject] = len(facts.needs)
        elif facts.about == "skill":
            self.things["skill link"] += len(facts.needs)
            for parent in facts.parents:
                self.members[parent].add(subject)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is counted of one block: what it describes, the skills it needs, the concepts above it."""

    about: About
    needs: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()

    @classmethod
    def of(cls, lines: Lines, esco: bool) -> _Facts:
        here = about(lines, esco)
        if here not in ("occupation", "skill"):
            return cls(here)
        needs = tuple(line.split(" ", 1)[1] for line in lines if line.startswith(_NEEDS))
        return cls(here, needs, tuple(line.split(" ", 1)[1] for line in lines if line.startswith(BROADER)))


def occupation_links(source: Source) -> dict[str, int]:
    """Skill IRI -> number of its links to occupations, of the skills that have any, in a graph ``pillar``."""
    found = VersionCounts()
    for subject, lines in source():
        found.add(subject, _Facts.of(lines, esco=True))
    return {skill[1:-1]: number for skill, number in found.links.items()}


@dataclass(slots=True)
class Survey:
    """Both versions' contents and where they differ.

    ``rebased`` maps old IRIs to new ones where many differ in their start alone; ``based`` are both starts, and their
    number.
    """

    old: VersionCounts = field(default_factory=VersionCounts)
    new: VersionCounts = field(default_factory=VersionCounts)
    differences: list[Difference] = field(default_factory=list)
    rebased: dict[str, str] = field(default_factory=dict)
    based: tuple[str, str, int] | None = None


def survey(old: Blocks, new: Blocks, *, esco: bool, by_code: bool = False) -> Survey:
    """Walk through both versions once.

    Groups of ESCO changed their IRIs once (1.1.1): those that stand in one version only are matched by code and label
    together, then by label, then by code, where that is unambiguous. ``by_code`` does the same for the concepts of any
    scheme.
    """
    found = Survey()
    matched: tuple[About, ...] = ("concept", "concept scheme") if by_code else _GROUPS
    keys: tuple[_Keys, _Keys] = ({}, {})
    for subject, before, after in side_by_side(old, new):
        if before == after and before is not None:
            facts = _Facts.of(before, esco)
            found.old.add(subject, facts)
            found.new.add(subject, facts)
            continue
        for counts, lines, key, other in ((found.old, before, keys[0], after), (found.new, after, keys[1], before)):
            if lines is not None:
                facts = _Facts.of(lines, esco)
                counts.add(subject, facts)
                if other is None and facts.about in matched:
                    key[subject] = (_code(lines), label(lines).strip())
        found.differences.append(difference(subject, before, after, esco=esco))
    found.rebased, found.based = rebased(found.differences) if not esco else ({}, None)
    same: dict[str, str] = dict(found.rebased)
    for parts in ((0, 1), (1,), (0,)):
        same |= _matched(*keys, parts, same)
    if same:
        found.differences = list(reidentified(found.differences, same))
    return found


def _code(lines: Lines) -> str:
    codes = sorted(unquoted(line.split(" ", 1)[1])[0] for line in lines if line.startswith(NOTATION))
    return codes[0] if codes else ""


def _matched(gone: _Keys, come: _Keys, parts: Iterable[int], so_far: dict[str, str]) -> dict[str, str]:
    """Old IRI -> new IRI where a key (code, label or both) is that of one concept on either side."""
    taken = set(so_far.values())
    before = _by_key({iri: key for iri, key in gone.items() if iri not in so_far}, parts)
    after = _by_key({iri: key for iri, key in come.items() if iri not in taken}, parts)
    return {before[key]: after[key] for key in sorted(before.keys() & after.keys())}


def _by_key(concepts: _Keys, parts: Iterable[int]) -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for iri, both in concepts.items():
        key = tuple(both[place] for place in parts)
        if all(key):
            found[key].append(iri)
    return {key: iris[0] for key, iris in found.items() if len(iris) == 1}
