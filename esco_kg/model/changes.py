"""What changed between two versions: named changes, how far each kind reaches, the verdict, the bridge.

A *version* is a release, an RDF file of a SKOS scheme, or a download of ESCO.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

About = Literal[
    "cluster", "allocation", "cluster relation", "sector link",
    "skill", "skill group", "occupation", "ISCO group", "concept scheme", "occupation link", "skill link",
    "concept", "withdrawn concept", "collection", "relation", "resource",
]  # fmt: skip
Kind = Literal[
    "added", "removed", "deprecated", "reinstated", "re-identified", "re-based", "split", "merged", "replaced",
    "re-scoped", "moved", "parent gained", "parent lost", "parent replaced", "renamed", "translated",
    "translation lost", "case", "white space", "re-described", "re-coded", "typed", "re-typed", "re-listed", "changed",
    "dated", "altered",
]  # fmt: skip
ABOUT: tuple[About, ...] = About.__args__  # type: ignore[attr-defined]
KINDS: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]
OTHERS_AFTER = {"split": " into ", "merged": " from ", "deprecated": ", see ", "replaced": " by "}
"""What stands before the names of others in a sentence about a change; before those of any other kind a comma."""
_ABOUT = {about: place for place, about in enumerate(ABOUT)}
_NO_EVENTS = ("used-in", "found-under", "secondary", "share")
_KIND = {kind: place for place, kind in enumerate(KINDS)}
Cause = Literal["", "esco", "decision", "method", "publisher"]


class Change(NamedTuple):
    """One change of one thing; a tuple, because a release may have a hundred thousand.

    ``subject`` is an IRI, or the id of a cluster of ours; where it has another IRI than before, the new one. ``label``
    is the newer one there is, in English if possible. ``field`` is ESCO's name of the column or the compact IRI of the
    property, ``language`` that of the values, ``old`` and ``new`` the values ('' where there is none; several IRIs or
    ids with one space between them). ``others`` are the parts of a split, the sources of a merger, the successors of
    what is deprecated, the other end of a link. ``skills`` and ``links`` count the skills concerned and their links to
    occupations. ``cause`` and ``reason`` say where a change of ours comes from.
    """

    about: About
    kind: Kind
    subject: str
    label: str = ""
    field: str = ""
    language: str = ""
    old: str = ""
    new: str = ""
    others: tuple[str, ...] = ()
    skills: int = 0
    links: int = 0
    cause: Cause = ""
    reason: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether it is about clusters or what hangs on them; everything else is a change of ESCO, or of any scheme."""
        return self.about in ("cluster", "allocation", "cluster relation", "sector link")

    @property
    def values(self) -> tuple[str, str]:
        """Old and new value to be read: where white space alone is other, with a mark for each."""
        return (_marked(self.old), _marked(self.new)) if self.kind == "white space" else (self.old, self.new)

    @property
    def is_event(self) -> bool:
        """Whether it is listed one by one in RDF and in the log: weights, dates and further memberships are not.

        A relation between clusters is, also where its basis has the name of a further membership.
        """
        is_further = self.about != "cluster relation" and self.field in _NO_EVENTS
        return self.kind not in ("dated", "changed") and not is_further

    def key(self) -> tuple[int, int, str, str, str, str, str, tuple[str, ...]]:
        """The order in which changes are listed: what they are about, their kind, then the rest."""
        return (
            _ABOUT[self.about],
            _KIND[self.kind],
            self.subject,
            self.field,
            self.language,
            self.old,
            self.new,
            self.others,
        )


def _marked(text: str) -> str:
    marks = {" ": "·", "\t": "⇥", "\n": "⏎"}
    return "".join(marks.get(sign, f"<U+{ord(sign):04X}>") if sign.isspace() else sign for sign in text)


@dataclass(frozen=True, slots=True)
class OtherStatements:
    """Statements with one property that no named change tells: how many went and came, and what is known of them."""

    field: str
    removed: int
    added: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How far one kind of change reaches.

    ``concepts`` is the number of things changed, ``of`` the number there were before, or for what was added or merged,
    the number there are now. ``skills`` and ``links`` count the skills concerned and their links to occupations, each
    once; their shares are of all in either version. The share of links that were added or removed themselves is of the
    links there are now, or were.
    """

    about: About
    kind: Kind
    concepts: int
    of: int
    skills: int
    links: int
    skills_share: float
    links_share: float

    @property
    def share(self) -> float:
        """Changed things by all of their kind; 0 where there is none."""
        return self.concepts / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """``part``: ``major``, ``minor`` or ``patch``; ``reasons``: the changes that force it, in plain words.

    ``esco`` is ESCO's own reading, ``major`` or ``minor``, with ``esco_reasons``.
    """

    part: str
    reasons: tuple[str, ...]
    esco: str = ""
    esco_reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BridgeRow:
    """What one old and one new cluster of a level share: skills of both versions, and their links to occupations.

    ``source`` is '' for a cluster of only new skills, ``target`` '' for one whose skills are all gone and that names no
    successor. ``links_before`` are the links as they were, ``links_after`` as they are. ``forward_*`` say which part of
    a count by the old cluster belongs to the new one, ``back_*`` the other way round; each lies in [0, 1], and a
    cluster's weights in one direction add up to 1.
    """

    depth: int
    source: str
    target: str
    skills: int
    links_before: int
    links_after: int
    forward_skills: float
    forward_links: float
    back_skills: float
    back_links: float


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of one cluster changes, in links to occupations of the skills that both releases have.

    ``leaving`` is the share of the links it had that lie in other clusters now, ``arriving`` the share of the links it
    has that lay in others, ``estimated`` the share of the links it had that lie in another cluster than most of them:
    the part of a count that the bridge can only estimate. Each lies in [0, 1]. ``breaks``: more than the stated share
    leaves or arrives, so that its series breaks; never true of a new cluster.
    """

    depth: int
    cluster: str
    links_before: int
    links_after: int
    leaving: float
    arriving: float
    estimated: float
    breaks: bool

    def by_size(self) -> tuple[int, float, str]:
        """The order in which amounts are listed: by level, then by the links that leave or arrive, most first."""
        return self.depth, -max(self.leaving * self.links_before, self.arriving * self.links_after), self.cluster


@dataclass(frozen=True, slots=True)
class LevelAmount:
    """The same of a whole level: shares of all links, and how many of its old clusters' series break."""

    depth: int
    clusters: int
    broken: int
    links: int
    leaving: float
    arriving: float
    estimated: float


@dataclass(slots=True)
class Delta:
    """All that is known of the way from one version to the next.

    ``old`` and ``new`` name them. ``totals`` maps what there is to its number before and after. ``labels`` has a label
    for every IRI or id that changes speak of. ``guards`` are sentences about rules of publication that are broken:
    an empty list in every release of ours. ``similarity`` maps a level to the element-centric similarity of the two
    partitions, over the skills of both. ``amounts`` and ``levels`` say how much of each cluster and level changes.
    ``statements`` are those of RDF files that no change tells; nothing changed only where there is neither. ``based``
    are the old and the new start of IRIs, where most things only got another one, and their number. ``parents`` are
    the links to parents that went and came.
    """

    old: str
    new: str
    changes: list[Change] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    totals: dict[str, tuple[int, int]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    verdict: Verdict = field(default_factory=lambda: Verdict("patch", ()))
    bridge: list[BridgeRow] = field(default_factory=list)
    guards: list[str] = field(default_factory=list)
    similarity: dict[int, float] = field(default_factory=dict)
    amounts: list[Amount] = field(default_factory=list)
    levels: list[LevelAmount] = field(default_factory=list)
    statements: list[OtherStatements] = field(default_factory=list)
    based: tuple[str, str, int] | None = None
    parents: tuple[int, int] = (0, 0)

    @property
    def has_skills(self) -> bool:
        """Whether it is of clusters or ESCO: no change of another scheme concerns skills, or has a cause we know."""
        return bool(self.verdict.esco)

    def of(self, about: About, *kinds: Kind) -> list[Change]:
        """The changes about one kind of thing, of these kinds or of all."""
        return [c for c in self.changes if c.about == about and (not kinds or c.kind in kinds)]

    def count(self, about: About, kind: Kind) -> int:
        """How many things of this kind changed in this way."""
        return next((c.concepts for c in self.counts if (c.about, c.kind) == (about, kind)), 0)

    def label(self, subject: str) -> str:
        """The label of an IRI or id, itself where it has none."""
        return self.labels.get(subject) or subject
