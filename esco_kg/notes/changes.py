"""The release notes' story of what changed: for statisticians, for implementers, for translators."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from esco_kg.model.changes import BridgeRow, Change, Count, Delta
from esco_kg.model.clustering import Level
from esco_kg.notes.records import in_english
from esco_kg.pictures.flows import Band, flows

_MOST_BREAKS, _MOST_TARGETS, _MOST_RETIRED, _MOST_MOVEMENTS = 15, 4, 20, 40
_TEXTS = ("renamed", "re-described")
_ESCO = ("skill", "skill group", "occupation", "ISCO group", "concept scheme", "occupation link", "skill link")
_CAUSES = {"esco": "a change in ESCO", "experts": "a decision", "method": "the method"}


@dataclass(frozen=True, slots=True)
class Named:
    """A cluster with its page. ``share`` is of what the sentence speaks of."""

    id: str
    label: str
    iri: str
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class LevelChange:
    """One level: clusters before and after, how many series go on as they were, and how many break.

    ``similarity`` is the element-centric similarity of the two partitions; ``estimated`` the share of all links whose
    old cluster has more than one successor.
    """

    level: str
    before: int
    after: int
    going_on: int
    breaking: int
    similarity: float
    estimated: float


@dataclass(frozen=True, slots=True)
class Break:
    """An old cluster whose series breaks, and the clusters its counts belong to now, largest part first."""

    cluster: Named
    links: int
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
    finest: LevelChange
    breaks: tuple[Break, ...]
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


def changes_view(delta: Delta, levels: Iterable[Level], base_iri: str) -> ChangesView:
    """Bring a delta into the order in which it is told."""
    names = {level.depth: in_english(level.labels) for level in levels}
    told = _Teller(delta, base_iri)
    found = tuple(told.level(depth, names.get(depth, str(depth))) for depth in sorted(delta.similarity))
    deprecated = delta.of("cluster", "deprecated")
    moved = [change for change in delta.of("allocation", "moved")]
    return ChangesView(
        previous=delta.old,
        part=delta.verdict.part,
        reasons=delta.verdict.reasons,
        esco_part=delta.verdict.esco,
        esco_reasons=delta.verdict.esco_reasons,
        levels=found,
        finest=found[-1],
        breaks=told.breaks(max(delta.similarity)),
        retired=tuple(told.retired(change) for change in deprecated[:_MOST_RETIRED]),
        retired_count=len(deprecated),
        moved=len(moved),
        moved_share=next((c.skills_share for c in delta.counts if (c.about, c.kind) == ("allocation", "moved")), 0.0),
        counts=tuple(c for c in delta.counts if c.about not in _ESCO),
        esco=tuple(c for c in delta.counts if c.about in _ESCO and c.kind != "dated"),
        languages=_languages(delta),
        added=tuple(told.named(change.subject) for change in delta.of("cluster", "added")),
        causes=_causes(delta),
        flows=told.flows(min(delta.similarity)),
        esco_totals={name: numbers for name, numbers in delta.totals.items() if name in _ESCO},
    )


class _Teller:
    """Looks things up in the bridge."""

    def __init__(self, delta: Delta, base_iri: str) -> None:
        self._delta, self._base = delta, base_iri
        self._from: dict[str, list[BridgeRow]] = defaultdict(list)
        self._into: Counter[str] = Counter()
        for row in delta.bridge:
            if row.source:
                self._from[row.source].append(row)
                self._into[row.target] += 1

    def named(self, identifier: str, share: float = 0.0) -> Named:
        return Named(identifier, self._delta.label(identifier), f"{self._base}cluster/{identifier}", share)

    def level(self, depth: int, name: str) -> LevelChange:
        here = {source: rows for source, rows in self._from.items() if rows[0].depth == depth}
        going_on = [source for source, rows in here.items() if self._goes_on(source, rows)]
        links = {source: sum(row.links_before for row in rows) for source, rows in here.items()}
        # As the bridge by links does: a successor to which no link goes receives nothing of a series.
        estimated = sum(links[s] for s, rows in here.items() if sum(row.forward_links > 0 for row in rows) > 1)
        before, after = self._delta.totals.get(f"clusters of level {depth}", (len(here), 0))
        return LevelChange(
            name, before, after, len(going_on), before - len(going_on), self._delta.similarity[depth],
            estimated / sum(links.values()) if any(links.values()) else 0.0,
        )  # fmt: skip

    def _goes_on(self, source: str, rows: list[BridgeRow]) -> bool:
        """Whether the cluster has the same skills as before, as far as both releases know them."""
        return len(rows) == 1 and rows[0].target == source and self._into[source] == 1

    def breaks(self, depth: int) -> tuple[Break, ...]:
        """The old clusters of a level with most links that belong to several clusters, or to another one, now."""
        found = []
        for source, rows in self._from.items():
            if rows[0].depth != depth or self._goes_on(source, rows):
                continue
            ordered = sorted(rows, key=lambda row: (-row.forward_links, row.target))
            targets = tuple(self.named(r.target, r.forward_links) for r in ordered[:_MOST_TARGETS] if r.target)
            lost = sum(row.links_before for row in ordered if row.target != source)
            if lost:
                found.append((lost, Break(self.named(source), lost, targets, max(len(rows) - _MOST_TARGETS, 0))))
        return tuple(b for _, b in sorted(found, key=lambda pair: (-pair[0], pair[1].cluster.id))[:_MOST_BREAKS])

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


def _languages(delta: Delta) -> tuple[tuple[str, int, int], ...]:
    """(language, clusters renamed, clusters described otherwise)."""
    found: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for change in delta.of("cluster", *_TEXTS):  # type: ignore[arg-type]
        found[change.language][_TEXTS.index(change.kind)].add(change.subject)
    return tuple((language, len(names), len(texts)) for language, (names, texts) in sorted(found.items()))


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
