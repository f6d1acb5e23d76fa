"""The release notes' story of what changed: for statisticians, for implementers, for translators."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from esco_kg.model.changes import Amount, BridgeRow, Change, Count, Delta, LevelAmount
from esco_kg.model.clustering import Cluster, Level
from esco_kg.notes.records import in_english
from esco_kg.pictures.flows import Band, flows

_MOST_BREAKS, _MOST_TARGETS, _MOST_RETIRED, _MOST_MOVEMENTS = 15, 4, 20, 40
_TEXTS = ("renamed", "re-described")
_ESCO = ("skill", "skill group", "occupation", "ISCO group", "concept scheme", "occupation link", "skill link")
_CAUSES = {
    "esco": "a change in ESCO",
    "decision": "a decision",
    "method": "the method",
    "publisher": "the publisher of the clusters",
}


@dataclass(frozen=True, slots=True)
class Named:
    """A cluster with its page. ``share`` is of what the sentence speaks of."""

    id: str
    label: str
    iri: str
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class LevelChange:
    """One level: clusters before and after, and how much of it changes.

    ``similarity`` is the element-centric similarity of the two partitions; ``amount`` the shares of all links that
    leave, arrive and are estimated, and the number of series that break.
    """

    level: str
    before: int
    after: int
    similarity: float
    amount: LevelAmount


@dataclass(frozen=True, slots=True)
class Break:
    """An old cluster whose series breaks, and the clusters its links belong to now, largest part first."""

    level: str
    cluster: Named
    amount: Amount
    targets: tuple[Named, ...]
    others: int


@dataclass(frozen=True, slots=True)
class Retired:
    """A cluster that is no more, and its successors."""

    cluster: Named
    successors: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class ChangesView:
    """What the template of the section receives. ``flows`` is SVG, '' where no skill changed its area."""

    previous: str
    part: str
    reasons: tuple[str, ...]
    esco_part: str
    esco_reasons: tuple[str, ...]
    levels: tuple[LevelChange, ...]
    breaks: tuple[Break, ...]
    broken: int
    series_break: float
    retired: tuple[Retired, ...]
    retired_count: int
    moved: int
    moved_share: float
    counts: tuple[Count, ...]
    esco: tuple[Count, ...]
    languages: tuple[tuple[str, int, int], ...]
    added: tuple[Named, ...]
    causes: tuple[tuple[str, int, int], ...]
    flows: str
    esco_totals: Mapping[str, tuple[int, int]]
    has_new_texts: bool


def changes_view(
    delta: Delta, levels: Iterable[Level], clusters_iri: str, series_break: float, clusters: Mapping[str, Cluster]
) -> ChangesView:
    """Bring a delta into the order in which it is told.

    ``series_break`` is the share above which a series breaks; ``clusters`` are those of the new release, by id.
    """
    names = {level.depth: in_english(level.labels) for level in levels}
    told = _Teller(delta, clusters_iri)
    found = tuple(told.level(amount, names.get(amount.depth, str(amount.depth))) for amount in delta.levels)
    deprecated = delta.of("cluster", "deprecated")
    moved = [change for change in delta.of("allocation", "moved")]
    return ChangesView(
        previous=delta.old,
        part=delta.verdict.part,
        reasons=delta.verdict.reasons,
        esco_part=delta.verdict.esco,
        esco_reasons=delta.verdict.esco_reasons,
        levels=found,
        breaks=told.breaks(names),
        broken=sum(amount.breaks for amount in delta.amounts),
        series_break=series_break,
        retired=tuple(told.retired(change) for change in deprecated[:_MOST_RETIRED]),
        retired_count=len(deprecated),
        moved=len(moved),
        moved_share=next((c.skills_share for c in delta.counts if (c.about, c.kind) == ("allocation", "moved")), 0.0),
        counts=tuple(c for c in delta.counts if c.about not in _ESCO),
        esco=tuple(c for c in delta.counts if c.about in _ESCO and c.kind != "dated"),
        languages=_languages(delta, clusters),
        added=tuple(told.named(change.subject) for change in delta.of("cluster", "added")),
        causes=_causes(delta),
        flows=told.flows(min(delta.similarity)),
        esco_totals={name: numbers for name, numbers in delta.totals.items() if name in _ESCO},
        has_new_texts=bool(delta.of("cluster", "added", *_TEXTS)),  # type: ignore[arg-type]
    )


class _Teller:
    """Looks things up in the bridge."""

    def __init__(self, delta: Delta, clusters_iri: str) -> None:
        self._delta, self._clusters = delta, clusters_iri
        self._from: dict[tuple[int, str], list[BridgeRow]] = defaultdict(list)
        for row in delta.bridge:
            if row.source:
                self._from[row.depth, row.source].append(row)

    def named(self, identifier: str, share: float = 0.0) -> Named:
        return Named(identifier, self._delta.label(identifier), f"{self._clusters}{identifier}", share)

    def level(self, amount: LevelAmount, name: str) -> LevelChange:
        before, after = self._delta.totals.get(f"clusters of level {amount.depth}", (amount.clusters, 0))
        return LevelChange(name, before, after, self._delta.similarity[amount.depth], amount)

    def breaks(self, names: Mapping[int, str]) -> tuple[Break, ...]:
        """The old clusters whose series break, by level, those with most links that leave or arrive first."""
        found = sorted((amount for amount in self._delta.amounts if amount.breaks), key=Amount.by_size)
        return tuple(self._break(amount, names.get(amount.depth, str(amount.depth))) for amount in found[:_MOST_BREAKS])

    def _break(self, amount: Amount, level: str) -> Break:
        rows = sorted(self._from[amount.depth, amount.cluster], key=lambda row: (-row.forward_links, row.target))
        # As the bridge by links does: a cluster to which no link goes receives nothing of a series.
        rows = [row for row in rows if row.target and row.forward_links]
        targets = tuple(self.named(row.target, row.forward_links) for row in rows[:_MOST_TARGETS])
        return Break(level, self.named(amount.cluster), amount, targets, max(len(rows) - _MOST_TARGETS, 0))

    def retired(self, change: Change) -> Retired:
        return Retired(self.named(change.subject), tuple(self.named(other) for other in change.others))

    def flows(self, depth: int) -> str:
        """The largest movements between clusters of a level, beside what stayed where it was in the same clusters."""
        rows = [row for row in self._delta.bridge if row.depth == depth and row.source and row.target and row.skills]
        moved = sorted((r for r in rows if r.source != r.target), key=lambda r: (-r.skills, r.source, r.target))
        if not moved:
            return ""
        shown = moved[:_MOST_MOVEMENTS]
        left, right = sorted({r.source for r in shown}), sorted({r.target for r in shown})
        shown += [r for r in rows if r.source == r.target and r.source in left and r.target in right]
        return flows(
            [(self._delta.label(i), sum(r.skills for r in shown if r.source == i)) for i in left],
            [(self._delta.label(i), sum(r.skills for r in shown if r.target == i)) for i in right],
            [
                Band(left.index(r.source), right.index(r.target), r.skills, self._words(r), r.source != r.target)
                for r in shown
            ],
            name="movements",
            title="Where skills moved between clusters of the top level",
        )

    def _words(self, row: BridgeRow) -> str:
        source, target = self._delta.label(row.source), self._delta.label(row.target)
        return (
            f"{row.skills:,} skills from {source} to {target}" if row.source != row.target else f"{row.skills:,} stay"
        )


def _languages(delta: Delta, clusters: Mapping[str, Cluster]) -> tuple[tuple[str, int, int], ...]:
    """(language, clusters renamed, clusters described otherwise), by people: the program's own names and sentences are
    written again in every language and are nothing to translate."""
    found: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for change in delta.of("cluster", *_TEXTS):  # type: ignore[arg-type]
        if change.subject in clusters and _is_of_people(change, clusters[change.subject]):
            found[change.language][_TEXTS.index(change.kind)].add(change.subject)
    return tuple((language, len(names), len(texts)) for language, (names, texts) in sorted(found.items()))


def _is_of_people(change: Change, cluster: Cluster) -> bool:
    """Whether people gave the new name or text. A note may go on with sentences of the program."""
    if change.kind == "renamed":
        return cluster.name_status.get(change.language) in ("given", "agreed", "draft")
    if change.field == "altLabels":
        return True
    given = cluster.given_texts.get((change.field, change.language), "")
    return bool(given) and not change.old.startswith(given)


def _causes(delta: Delta) -> tuple[tuple[str, int, int], ...]:
    """(cause in words, clusters changed, skills moved), for every cause there is."""
    clusters = {(c.cause, c.subject) for c in delta.of("cluster")}
    by_cluster = Counter(cause for cause, _ in clusters)
    by_skill = Counter(c.cause for c in delta.of("allocation", "moved", "added", "removed") if c.field == "primary")
    return tuple(
        (words, by_cluster[cause], by_skill[cause])  # type: ignore[index]
        for cause, words in _CAUSES.items()
        if by_cluster[cause] or by_skill[cause]  # type: ignore[index]
    )
