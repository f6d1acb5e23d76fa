"""What changed since the previous release: for statisticians, for implementers, for translators."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property

from esco_kg.model.changes import About, Amount, BridgeRow, Change, Count, Delta
from esco_kg.model.clustering import Cluster
from esco_kg.notes.teller import Teller
from esco_kg.notes.texts import Link, Numeral, Table, Text
from esco_kg.pictures.flows import Band, flows
from esco_kg.words import Said, Share

_MOST_BREAKS, _MOST_TARGETS, _MOST_RETIRED, _MOST_MOVEMENTS = 15, 4, 20, 30
_TEXTS = ("renamed", "re-described")
_EXTENT = ("added", "deprecated", "split", "merged", "replaced", "re-scoped")  # skills came or left
_SOURCE: tuple[About, ...] = (
    "skill", "skill group", "occupation", "ISCO group", "concept scheme", "occupation link", "skill link",
)  # fmt: skip
_CAUSES = ("esco", "decision", "method", "publisher")
_COUNTED = ("what", "how", "things", "share", "skills", "share", "links", "share")


class Changes:
    """The changes in the order of the notes. Long tables name the first rows and count the rest."""

    def __init__(self, teller: Teller, delta: Delta) -> None:
        self.teller, self.words, self.delta = teller, teller.words, delta
        self._clusters = teller.notes.clustering.clusters
        self._from: dict[tuple[int, str], list[BridgeRow]] = defaultdict(list)
        self._to: dict[tuple[int, str], list[BridgeRow]] = defaultdict(list)
        for row in delta.bridge:
            if row.source:
                self._from[row.depth, row.source].append(row)
            if row.target:
                self._to[row.depth, row.target].append(row)
        self.retired = delta.of("cluster", "deprecated")
        self.added = delta.of("cluster", "added")
        self.broken = sorted((amount for amount in delta.amounts if amount.breaks), key=Amount.by_size)

    def things(self, about: About, kind: str) -> int:
        """How many things changed in this way."""
        return next((c.concepts for c in self.delta.counts if (c.about, c.kind) == (about, kind)), 0)

    def levels(self) -> Table:
        """By level: clusters before and after, and how much of it changes."""
        rows = []
        for amount in self.delta.levels:
            before, after = self.delta.totals.get(f"clusters of level {amount.depth}", (amount.clusters, 0))
            shares = tuple(map(Share, (amount.leaving, amount.arriving, amount.estimated)))
            shown = Numeral(self.words.index(self.delta.similarity[amount.depth]))
            rows.append((self.teller.level(amount.depth), before, after, amount.broken, *shares, shown))
        heads = ("level", "before", "after", "broken", "leave", "arrive", "estimated", "similarity")
        return self._table("changes_levels", heads, rows)

    # For statisticians.

    @property
    def source_links(self) -> dict[str, int]:
        """Links to occupations that the source itself added and removed; nothing where it did neither."""
        found = {kind: self.things("occupation link", kind) for kind in ("added", "removed")}
        return found if any(found.values()) else {}

    @property
    def shifted(self) -> int:
        """Clusters without a break to whom the source gave, or from whom it took, more than the share of a break.

        Counted are the links of the skills that stayed: how their number changed is the source's doing alone.
        """
        limit = self.teller.notes.config.series_break
        found = 0
        for amount in self.delta.amounts:
            had, has = amount.links_before * (1 - amount.leaving), amount.links_after * (1 - amount.arriving)
            found += not amount.breaks and abs(has - had) > limit * amount.links_before > 0
        return found

    def breaks(self) -> Table:
        """The old clusters whose series break, by level, those with most links that leave or arrive first."""
        rows = [self._break(amount) for amount in self.broken[:_MOST_BREAKS]]
        heads = ("cluster", "level", "links_before", "leave", "arrive", "estimated", "now", "from")
        return self._table("series_breaks", heads, rows)

    @property
    def has_clusters_without_links(self) -> bool:
        """Whether a broken series is described by skills, because its cluster has no links or had none."""
        return any(not (amount.links_before and amount.links_after) for amount in self.broken)

    @property
    def breaks_left(self) -> int:
        return max(len(self.broken) - _MOST_BREAKS, 0)

    def _break(self, amount: Amount) -> tuple[object, ...]:
        rows = sorted(self._from[amount.depth, amount.cluster], key=lambda row: (-row.forward_links, row.target))
        # As the bridge by links does: a cluster to which no link goes receives nothing of a series.
        rows = [row for row in rows if row.target and row.forward_links]
        targets: list[object] = [self.teller.link(row.target, row.forward_links) for row in rows[:_MOST_TARGETS]]
        if len(rows) > _MOST_TARGETS:
            targets.append("…")
        others = [row for row in self._to[amount.depth, amount.cluster] if row.source not in ("", amount.cluster)]
        others.sort(key=lambda row: (-row.links_after, -row.skills, row.source))
        sources: list[object] = [self.teller.link(row.source) for row in others[:_MOST_TARGETS]]
        if len(others) > _MOST_TARGETS:
            sources.append("…")
        return (
            self.teller.link(amount.cluster),
            self.teller.level(amount.depth),
            amount.links_before,
            *map(Share, (amount.leaving, amount.arriving, amount.estimated)),
            tuple(targets),
            tuple(sources),
        )

    def flows(self) -> str:
        """The largest movements of skills between clusters of the top level."""
        shown = self._movements[:_MOST_MOVEMENTS]
        if not shown:
            return ""
        left, right = sorted({r.source for r in shown}), sorted({r.target for r in shown})
        name = self.teller.name
        return flows(
            [(name(i), sum(r.skills for r in shown if r.source == i)) for i in left],
            [(name(i), sum(r.skills for r in shown if r.target == i)) for i in right],
            [Band(left.index(r.source), right.index(r.target), r.skills, self._band(r)) for r in shown],
            name="movements",
            title=self.words("changes_flows"),
            counted=lambda number: self.words("n_skills", n=number),
        )

    @property
    def flows_left(self) -> int:
        """The skills whose movement is not drawn."""
        return sum(row.skills for row in self._movements[_MOST_MOVEMENTS:])

    @cached_property
    def _movements(self) -> list[BridgeRow]:
        depth = min(self.delta.similarity)
        rows = (row for row in self.delta.bridge if row.depth == depth and row.source and row.target and row.skills)
        return sorted((r for r in rows if r.source != r.target), key=lambda r: (-r.skills, r.source, r.target))

    def _band(self, row: BridgeRow) -> str:
        return self.words(
            "flow_moved", n=row.skills, old=self.teller.name(row.source), new=self.teller.name(row.target)
        )

    # For implementers.

    @cached_property
    def further(self) -> dict[str, int]:
        """Memberships beside the primary one that are new, and that are gone."""
        return {
            kind: sum(change.field != "primary" for change in self.delta.of("allocation", kind))
            for kind in ("added", "removed")
        }

    @property
    def renamed(self) -> int:
        """The clusters with another name in the main language."""
        main = self.teller.notes.config.main_language
        return len({change.subject for change in self.delta.of("cluster", "renamed") if change.language == main})

    def retirements(self) -> Table:
        """The clusters that are no more, and their successors."""
        rows = [
            (self.teller.link(change.subject), tuple(self.teller.link(other) for other in change.others))
            for change in self.retired[:_MOST_RETIRED]
        ]
        return self._table("retired_clusters", ("cluster", "successors"), rows)

    @property
    def retired_left(self) -> int:
        return max(len(self.retired) - _MOST_RETIRED, 0)

    def new_clusters(self) -> list[Link]:
        """Every new cluster, for the annex."""
        return [self.teller.link(change.subject) for change in self.added]

    # For translators.

    def texts(self) -> Table:
        """By language: clusters renamed and described otherwise by people. The program's own names and sentences are
        written in every language for each release, and need no translation."""
        found: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
        for change in self.delta.of("cluster", "renamed", "re-described"):
            if change.subject in self._clusters and _is_of_people(change, self._clusters[change.subject]):
                found[change.language][_TEXTS.index(change.kind)].add(change.subject)
        rows = [(self.words.name_of(language), *map(len, both)) for language, both in sorted(found.items())]
        return self._table("texts_changed", ("language", "renamed", "described"), rows)

    # The annex.

    def causes(self) -> Table:
        """Clusters changed and skills moved, for every cause there is."""
        reached = {(c.cause, c.subject) for c in self.delta.of("cluster") if c.kind in _EXTENT}
        clusters: Counter[str] = Counter(cause for cause, _ in reached)
        moved = self.delta.of("allocation", "moved", "added", "removed")
        skills: Counter[str] = Counter(change.cause for change in moved if change.field == "primary")
        rows = [
            (self.words(f"cause_{cause}", source=self.teller.source), clusters[cause], skills[cause])
            for cause in _CAUSES
            if clusters[cause] or skills[cause]
        ]
        return self._table("causes", ("cause", "changed", "moved"), rows)

    def counted(self, *, source: bool) -> Table:
        """All changes of the clusters, or those of the source."""
        counts = [c for c in self.delta.counts if (c.about in _SOURCE) is source and not (source and c.kind == "dated")]
        caption = "all_changes_source" if source else "all_changes_ours"
        return self._table(caption, _COUNTED, [self._count(count) for count in counts])

    def _count(self, count: Count) -> tuple[object, ...]:
        return (
            self.words(f"about_{_key(count.about)}"),
            self.words(f"change_{_key(count.kind)}"),
            count.concepts,
            Share(count.share) if count.of else None,
            count.skills,
            Share(count.skills_share),
            count.links,
            Share(count.links_share),
        )

    def reasons(self, sentences: Sequence[str]) -> list[object]:
        """Why the number moved: the program's own sentences in this language."""
        return [sentence if isinstance(sentence, Said) else Text(sentence, "en") for sentence in sentences]

    def _table(self, caption: str, heads: Sequence[str], rows: Sequence[tuple[object, ...]]) -> Table:
        return Table(self.words(caption), tuple(self.words(f"col_{head}") for head in heads), tuple(rows))


def _key(name: str) -> str:
    return name.replace(" ", "_")


def _is_of_people(change: Change, cluster: Cluster) -> bool:
    """Whether people gave the new name or text. A note may go on with sentences of the program."""
    if change.kind == "renamed":
        return cluster.name_status.get(change.language) in ("given", "agreed", "draft")
    if change.field == "altLabels":
        return True
    given = cluster.given_texts.get((change.field, change.language), "")
    return bool(given) and not change.old.startswith(given)
