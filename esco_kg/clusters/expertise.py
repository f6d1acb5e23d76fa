"""Expert knowledge in ``curation/``: read, resolved against this ESCO version, checked for contradictions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from esco_kg.clusters.contents import read_contents, read_names
from esco_kg.clusters.contradictions import check_decisions
from esco_kg.clusters.curated import Row, read_frames, rows
from esco_kg.errors import InputError
from esco_kg.model.expertise import Decision, Expertise, Frame
from esco_kg.model.given import GivenClusters
from esco_kg.model.pillar import Pillar
from esco_kg.model.published import Published

FORCED = ("skill", "target", "reason")
SEEDS = FORCED
LINKS = ("skills", "reason")
LEDGER = ("id", "date", "reviewer", "release", "skill", "decision", "target", "reason", "revokes")
_ABOUT_SKILLS = {
    "forced.csv": FORCED, "seeds.csv": SEEDS, "must-link.csv": LINKS, "cannot-link.csv": LINKS, "ledger.csv": LEDGER,
}  # fmt: skip

# What a word of the ledger means here. The others (split, unsure) are findings for people, without an effect.
LEDGER_KINDS = {
    "agree": "forced",
    "move": "forced",
    "reject": "rejected",
    "seed": "seed",
    "also": "also",
    "must-link": "must-link",
    "cannot-link": "cannot-link",
}
PROPOSALS = ("propose-cluster", "propose-name", "propose-merge")
"""Words of lines about clusters, which name no skill. They are for people, too."""
LEDGER_WORDS = (*LEDGER_KINDS, "split", "unsure", "revoke", *PROPOSALS)
CLUSTER_ID = re.compile(r"c[0-9]{5}")


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One line of the ledger in force. ``skill`` is an IRI, '' in a proposal; ``target`` as in :class:`Decision`."""

    id: str
    date: str
    reviewer: str
    release: str
    skill: str
    decision: str
    target: str
    reason: str
    place: str


def read_expertise(
    folder: Path, pillar: Pillar, previous: Published | None = None, given: GivenClusters | None = None
) -> Expertise:
    """Read every file there is: ``frames/*.toml``, ``forced.csv``, ``must-link.csv``, ``cannot-link.csv``,
    ``seeds.csv``, ``ledger.csv``, ``contents/*.csv`` and ``names/*.csv``.

    A decision about a skill, or a target, that is no longer there stands in ``unknown`` and has no effect. Raises
    InputError for a malformed line, a target that never was (the key of no frame), and for two lines that contradict
    one another; the message names both.
    """
    frames = read_frames(folder / "frames")
    contents = read_contents(folder / "contents")
    found = Expertise(frames=frames, names=read_names(folder / "names", contents), contents=contents)
    known = _Known(pillar, previous, frames, given)
    for decision in _decisions(folder):
        known.check_target(decision)
        kept = known.resolved(decision)
        if kept != decision:
            found.unknown.append(decision)
        if kept:
            found.decisions.append(kept)
    check_decisions(found.decisions, finest=known.finest, parents=known.parents)
    return found


def files_about_skills(folder: Path) -> list[Path]:
    """The files of decisions about skills that hold a line: all that counts where somebody else made the clusters."""
    return [
        folder / name
        for name, columns in sorted(_ABOUT_SKILLS.items())
        if any(True for _ in rows(folder / name, columns))
    ]


def _decisions(folder: Path) -> Iterator[Decision]:
    for name, kind in (("forced.csv", "forced"), ("seeds.csv", "seed")):
        for row in rows(folder / name, FORCED):
            yield Decision(kind, row.skills("skill"), row.needed("target"), row["reason"], row.place)
    for kind in ("must-link", "cannot-link"):
        for row in rows(folder / f"{kind}.csv", LINKS):
            yield Decision(kind, row.skills("skills", least=2), "", row["reason"], row.place)
    yield from ledger_decisions(read_ledger(folder / "ledger.csv"))


def read_ledger(path: Path) -> list[LedgerEntry]:
    """The review decisions in force, in the order of the file: without those that a later line revokes.

    Raises InputError where an id stands twice or a line revokes an id that does not stand above it.
    """
    found: dict[str, LedgerEntry] = {}
    seen: dict[str, str] = {}
    for row in rows(path, LEDGER):
        entry = _entry(row)
        if entry.id in seen:
            raise InputError(
                row.place, f"id {entry.id} stands at {seen[entry.id]} already", "Give each line its own id."
            )
        seen[entry.id] = row.place
        for revoked in row["revokes"].split():
            if revoked not in seen or revoked == entry.id:
                raise InputError(
                    row.place, f"revokes {revoked}, which no line above has", "Name the id of an earlier line."
                )
            found.pop(revoked, None)
        if entry.decision != "revoke":
            found[entry.id] = entry
        elif not row["revokes"]:
            raise InputError(row.place, "the line revokes nothing", "Name the ids in the column revokes.")
    return list(found.values())


def _entry(row: Row) -> LedgerEntry:
    word = row.one_of("decision", LEDGER_WORDS)
    skill = row.skills("skill")[0] if word not in ("revoke", *PROPOSALS) else row["skill"]
    target = row.needed("target") if word in (*LEDGER_KINDS, *PROPOSALS) else row["target"]
    return LedgerEntry(
        id=row.needed("id"),
        date=row.date("date"),
        reviewer=row.needed("reviewer"),
        release=row["release"],
        skill=skill,
        decision=word,
        target=target,
        reason=row["reason"],
        place=row.place,
    )


def ledger_decisions(entries: Iterable[LedgerEntry]) -> Iterator[Decision]:
    """Review decisions as the clusters take them; links name the other skill as ``skill:<IRI>``."""
    for entry in entries:
        kind = LEDGER_KINDS.get(entry.decision)
        if kind in ("must-link", "cannot-link"):
            if not entry.target.startswith("skill:"):
                raise InputError(entry.place, f"a link to {entry.target}", "Name the other skill as skill:<IRI>.")
            yield Decision(kind, (entry.skill, entry.target.removeprefix("skill:")), "", entry.reason, entry.place)
        elif kind:
            yield Decision(kind, (entry.skill,), entry.target, entry.reason, entry.place)


class _Known:
    """What decisions may speak of: skills, clusters that are given or of the previous release, frames."""

    def __init__(
        self, pillar: Pillar, previous: Published | None, frames: list[Frame], given: GivenClusters | None
    ) -> None:
        self._skills = pillar.skills.keys()
        self._successors = {entry.id: entry.replaced_by for entry in previous.registry} if previous else {}
        self._frames = {frame.key for frame in frames} if given is None else set()
        self._are_given = given is not None
        if given is not None:
            self.parents = {cluster.id: cluster.parent or None for cluster in given.clusters.values()}
            self.finest = set(given.leaves())
        else:
            clusters = previous.clusters if previous else {}
            deepest = max((cluster.depth for cluster in clusters.values()), default=0)
            self.parents = {cluster.id: cluster.parent for cluster in clusters.values()}
            self.finest = {cluster.id for cluster in clusters.values() if cluster.depth == deepest}

    def _is_cluster(self, target: str) -> bool:
        """Whether the target is, was or may have been the id of a cluster."""
        may_have_been = not self._are_given and bool(CLUSTER_ID.fullmatch(target))
        return target in self.parents or target in self._successors or may_have_been

    def check_target(self, decision: Decision) -> None:
        """Raise InputError where the target can never have meant anything, or is the skill itself."""
        target = decision.target
        if target.startswith("skill:"):
            if target.removeprefix("skill:") in decision.skills:
                raise InputError(decision.place, "the target is the skill itself", "Name another skill.")
        elif target and not self._is_cluster(target) and target not in self._frames:
            frames = ", ".join(sorted(self._frames)) or "there is none"
            example = min(self.finest) if self._are_given else "c00042"
            hint = f"Name a cluster ({example}), a skill (skill:<IRI>) or a frame: {frames}."
            raise InputError(decision.place, f"unknown target {target!r}", hint)
        elif decision.kind == "also" and target in (self.parents.keys() | self._frames) - self.finest:
            hint = "Name a cluster of the finest level, or a skill of it (skill:<IRI>)."
            raise InputError(decision.place, f"{target} is no cluster of the finest level", hint)

    def resolved(self, decision: Decision) -> Decision | None:
        """The decision without skills that are gone, at the successor of a retired cluster; None where nothing is left.

        Seeds and forced lines need one skill, links two.
        """
        skills = tuple(iri for iri in decision.skills if iri in self._skills)
        least = 2 if decision.kind in ("must-link", "cannot-link") else 1
        target = self._present(decision.target)
        if len(skills) < least or target is None:
            return None
        return replace(decision, skills=skills, target=target)

    def _present(self, target: str) -> str | None:
        if target.startswith("skill:"):
            return target if target.removeprefix("skill:") in self._skills else None
        if not self._is_cluster(target):
            return target
        while target not in self.parents:
            successors = self._successors.get(target, ())
            if len(successors) != 1:
                return None
            target = successors[0]
        return target
