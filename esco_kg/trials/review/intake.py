"""Review files that came back: each row checked, decisions made of the good ones, everything measured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from esco_kg.folder.material import Material
from esco_kg.trials.review.cases import ADJUDICATION, RANDOM, Case
from esco_kg.trials.review.clusters import ClusterNames, folded
from esco_kg.trials.review.ledger import Entry, Ledger
from esco_kg.trials.review.personal import PersonalData
from esco_kg.trials.review.proposals import entry_of, is_proposal
from esco_kg.trials.review.sheets import (
    AGREE,
    ALSO,
    BELONGS,
    MOVE,
    SPLIT,
    UNSURE,
    Filled,
    decisions_for,
    edited,
)

_WORDS = {AGREE: "agree", MOVE: "move", ALSO: "also", SPLIT: "split", UNSURE: "unsure", BELONGS: "belongs"}
_NEED_CLUSTER = {MOVE, ALSO, BELONGS}
_REASONS = "reasons are published: take it out of the row, or import with --reasons-read if it names nobody"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One good row. ``word``: agree, move, also, split or unsure; ``choice`` the cluster the reviewer puts it in.

    ``choice`` is the present cluster for agree and also, and '' for split and unsure; ``saved`` is the moment where the
    page for reviewers was used.
    """

    place: str
    reviewer: str
    skill: str
    stratum: str
    word: str
    target: str
    choice: str
    reason: str
    saved: str = ""

    def entries(self, release: str, date: str, present: str, overruled: tuple[str, ...] = ()) -> list[Entry]:
        """The lines for the ledger: a move also rejects the present cluster; ``overruled`` are ids it revokes."""
        about = (date, self.reviewer, release, self.skill)
        found = [Entry(*about, self.word, self.target, self.reason, overruled)]
        if self.word == "move":
            found.append(Entry(*about, "reject", present, self.reason))
        return found


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that is not imported: where, and why."""

    place: str
    problem: str


@dataclass(slots=True)
class Intake:
    """What came back. ``disagreements``: skill -> judgements that cannot both hold, held back for adjudication.

    ``judgements`` holds them all, in the order of the files. ``proposals`` are about clusters and need no release to
    follow them.
    """

    proposals: list[Entry] = field(default_factory=list)
    judgements: list[Judgement] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    disagreements: dict[str, list[Judgement]] = field(default_factory=dict)

    @property
    def accepted(self) -> list[Judgement]:
        """Judgements that may stand in the ledger."""
        return [j for j in self.judgements if j.skill not in self.disagreements]


def take_in(material: Material, rows: Iterable[Filled], ledger: Ledger, *, are_reasons_read: bool = False) -> Intake:
    """Check every row against the release and the ledger.

    A reason that seems to name a person is a fault, unless somebody has read it and found that it does not.
    """
    found, current, names = Intake(), ledger.current, ClusterNames(material, material.finest)
    personal, every = PersonalData(material), ClusterNames(material, material.clusters)
    first: dict[tuple[str, str], Judgement] = {}
    for row in rows:
        told = "" if are_reasons_read else personal.found(row.cells.get("reason", ""))
        if told:
            found.faults.append(Fault(row.place, f"the reason seems to hold {told}; {_REASONS}"))
            continue
        if is_proposal(row.cells):
            _propose(found, row, entry_of(row.cells, every, material, ""), ledger)
            continue
        judged = _not_revoked(_judged(material, row, names), material, ledger)
        if isinstance(judged, Fault):
            found.faults.append(judged)
            continue
        other = first.setdefault((judged.reviewer, judged.skill), judged)
        if other is judged:
            found.judgements.append(judged)
        elif (other.word, other.target) != (judged.word, judged.target):
            found.faults.append(Fault(judged.place, f"{judged.reviewer} decided otherwise at {other.place}"))
    _check_own_ledger(found, current)
    _check_rejected(found, material, current)
    contradicted = {fault.problem.rsplit(" decided otherwise at ", 1)[-1] for fault in found.faults}
    found.judgements = [j for j in found.judgements if j.place not in contradicted]
    _hold_back(found, material.version, current)
    return found


def _propose(found: Intake, row: Filled, entry: Entry | str, ledger: Ledger) -> None:
    """Note a proposal; one that was closed stays closed when an old file comes back."""
    if isinstance(entry, str):
        found.faults.append(Fault(row.place, entry))
    elif not ledger.is_old(entry, ""):
        found.proposals.append(entry)


def _not_revoked(judged: Judgement | Fault, material: Material, ledger: Ledger) -> Judgement | Fault:
    """A decision that was revoked comes back with every old file: it is reported, and counts when it is given again."""
    if isinstance(judged, Fault):
        return judged
    entry = judged.entries(material.version, "", material.primary[judged.skill].cluster)[0]
    out = ledger.taken_out_by(entry)
    if out is None or ledger.is_overruled(entry) or not ledger.is_old(entry, judged.saved):
        return judged
    why = f" ({out.reason})" if out.reason else ""
    problem = f"this decision of {judged.reviewer} was taken out on {out.date[:10]} by {out.id}{why}"
    return Fault(judged.place, f"{problem}; to give it again, give another reason, or save its card again")


def _check_own_ledger(found: Intake, current: Mapping[str, Entry]) -> None:
    """A reviewer who decided otherwise before has to have that revoked first."""
    before = {(e.reviewer, e.skill): e for e in current.values() if e.decision in ("agree", "move")}
    kept = []
    for judgement in found.judgements:
        entry = before.get((judgement.reviewer, judgement.skill))
        if entry and judgement.choice and entry.target != judgement.choice and judgement.stratum != ADJUDICATION:
            problem = f"{judgement.reviewer} decided otherwise in the ledger ({entry.id}); revoke that first"
            found.faults.append(Fault(judgement.place, problem))
        else:
            kept.append(judgement)
    found.judgements = kept


def _check_rejected(found: Intake, material: Material, current: Mapping[str, Entry]) -> None:
    """No cluster may be added that the ledger rejects, nor rejected (by a move) that it adds; no release follows."""
    lines = {(e.decision, e.skill, e.target): e for e in current.values()}
    kept = []
    for judgement in found.judgements:
        against = {"also": ("reject", judgement.target), "move": ("also", material.primary[judgement.skill].cluster)}
        word, cluster = against.get(judgement.word, ("", ""))
        entry = lines.get((word, judgement.skill, cluster))
        if entry and judgement.stratum != ADJUDICATION:
            problem = f"the ledger says {word!r} of {cluster} ({entry.id}); revoke that first"
            found.faults.append(Fault(judgement.place, problem))
        else:
            kept.append(judgement)
    found.judgements = kept


def as_meant(cells: Mapping[str, str], names: ClusterNames) -> dict[str, str]:
    """Cells without blanks around them; the decision in its own letters, the cluster by its id where it is clear."""
    plain = {column: text.strip() for column, text in cells.items()}
    decisions = {word: word for word in _WORDS}
    plain["decision"] = decisions.get(folded(plain["decision"]), plain["decision"])
    found = names.find(plain["cluster"])
    return plain | {"cluster": found[0] if len(found) == 1 else plain["cluster"]}


def problem_of(material: Material, cells: Mapping[str, str], names: ClusterNames) -> str:
    """What is wrong with a filled row :func:`as_meant`, in one clause; '' where nothing is."""
    problem = _problem_of_row(material, cells)
    if problem:
        return problem
    several = names.find(cells["cluster"])
    if len(several) > 1:
        return f"{cells['cluster']!r} is the name of several clusters: {', '.join(several)}"
    return _problem_of_decision(material, cells, material.primary[cells["skill"]].cluster)


def _judged(material: Material, row: Filled, names: ClusterNames) -> Judgement | Fault:
    cells = as_meant(row.cells, names)
    problem = problem_of(material, cells, names)
    if problem:
        return Fault(row.place, problem)
    present = material.primary[cells["skill"]].cluster
    decision, target = cells["decision"], cells["cluster"]
    word = _WORDS[decision]
    if decision == BELONGS:
        word = "agree" if target == present else "move"
    target = present if word == "agree" else target
    choice = {"agree": present, "also": present, "move": target}.get(word, "")
    return Judgement(
        *(row.place, cells["reviewer"], cells["skill"], cells["stratum"], word, target, choice, cells["reason"]),
        saved=cells.get("saved", ""),
    )


def _problem_of_row(material: Material, cells: Mapping[str, str]) -> str:
    if cells["release"] != material.version:
        return f"the row belongs to release {cells['release']!r}, this is {material.version}: it is stale"
    if cells["skill"] not in material.primary:
        return f"release {material.version} has no skill {cells['skill']!r}"
    changed = edited(cells)
    return f"the protected cell {changed[0]!r} was edited" if changed else ""


def _problem_of_decision(material: Material, cells: Mapping[str, str], present: str) -> str:
    decision, target = cells["decision"], cells["cluster"]
    allowed = decisions_for(cells["stratum"])
    if not decision:
        return f"a cluster or a reason without a decision; choose one: {', '.join(allowed)}"
    if decision not in allowed:
        return f"{decision!r} is no decision; known here: {', '.join(allowed)}"
    if target and target not in material.finest:
        return f"{cells['cluster']!r} is no cluster of the finest level"
    if decision in _NEED_CLUSTER and not target:
        return f"{decision!r} needs a cluster"
    if decision in (MOVE, ALSO) and target == present:
        return f"{decision!r} names the present cluster: that is a contradiction"
    if decision in (AGREE, SPLIT, UNSURE) and target and target != present:
        return f"{decision!r} beside another cluster, {target}, is a contradiction"
    return ""


def _hold_back(found: Intake, release: str, current: Mapping[str, Entry]) -> None:
    """Two reviewers who put a skill into different clusters: nobody's decision stands before it is adjudicated.

    The ledger's earlier decisions count as a reviewer's; an adjudicator's row overrules them all.
    """
    by_skill: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in found.judgements:
        by_skill[judgement.skill].append(judgement)
    decided = {j.skill for j in found.judgements if j.stratum == ADJUDICATION}
    for entry in current.values():
        if entry.decision in ("agree", "move") and entry.skill in by_skill:
            target = entry.target
            earlier = Judgement(
                f"ledger {entry.id}", entry.reviewer, entry.skill, "", entry.decision, target, target, ""
            )
            by_skill[entry.skill].append(earlier)
    for skill, judged in sorted(by_skill.items()):
        if skill not in decided and len({j.choice for j in judged if j.choice}) > 1:
            found.disagreements[skill] = judged


def ledger_lines(material: Material, intake: Intake, ledger: Ledger, date: str) -> list[Entry]:
    """What the accepted judgements append to the ledger; an adjudication revokes what stands on its skill."""
    found: list[Entry] = []
    for judgement in intake.accepted:
        overruled: tuple[str, ...] = ()
        if judgement.stratum == ADJUDICATION:
            own = {entry.content for entry in judgement.entries(material.version, date, "")}
            of_skill = {i: e for i, e in ledger.current.items() if e.skill == judgement.skill}
            overruled = tuple(sorted(i for i, e in of_skill.items() if e.content not in own))
        present = material.primary[judgement.skill].cluster
        lines = judgement.entries(material.version, date, present, overruled)
        if not ledger.holds(lines[0]) and not ledger.is_old(lines[0], judgement.saved):
            found += [ledger.anew(line) for line in lines if not ledger.holds(line)]
    proposed = [replace(entry, date=date) for entry in intake.proposals if not ledger.holds(entry)]
    return found + [ledger.anew(entry) for entry in proposed]


def adjudication(intake: Intake, material: Material, adjudicator: str) -> list[Case]:
    """A case per skill in dispute: the clusters chosen are the candidates, and who chose what is not shown."""
    found = []
    for skill, judged in intake.disagreements.items():
        allocation = material.primary[skill]
        chosen = tuple(sorted({j.choice for j in judged if j.choice}))
        about = (allocation.cluster, allocation.runner_up or "", allocation.margin)
        found.append(Case(adjudicator, ADJUDICATION, skill, *about, chosen))
    return found


def overlap(judgements: Iterable[Judgement]) -> list[list[tuple[str, str]]]:
    """Per skill of the random stratum judged blind by two or more: (reviewer, chosen cluster), by reviewer."""
    by_skill: dict[str, dict[str, str]] = defaultdict(dict)
    for judgement in judgements:
        if judgement.stratum == RANDOM and judgement.choice:
            by_skill[judgement.skill][judgement.reviewer] = judgement.choice
    return [sorted(of.items()) for _, of in sorted(by_skill.items()) if len(of) > 1]
