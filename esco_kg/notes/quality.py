"""How good the clusters are, beside the official hierarchy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from esco_kg.model.cube import Beside
from esco_kg.notes.teller import Teller
from esco_kg.notes.texts import Numeral, Sentence, Table

_SHARES = ("purity-in-sample", "largest-share", "small-share", "empty-cells")


class Quality:
    """The figures that clusters and official hierarchy both have, in one language."""

    def __init__(self, teller: Teller) -> None:
        self.teller, self.words, self.notes = teller, teller.words, teller.notes

    def table(self) -> Table:
        """Every figure that the official hierarchy has, too, in one table, whoever is ahead: a row for each figure, a
        column for each level."""
        found: dict[str, dict[int, Beside]] = {}
        for one in self.notes.beside:
            found.setdefault(one.metric, {})[one.level] = one
        depths = sorted({one.level for one in self.notes.beside})
        rows = [
            (self._measure(by_level), *(self._pair(by_level.get(depth)) for depth in depths), self._ahead(by_level))
            for by_level in found.values()
        ]
        heads = (self.words("col_measure"), *map(self.teller.level, depths), self.words("col_ahead"))
        return Table(self.words("quality_table"), heads, tuple(rows))

    def _measure(self, by_level: Mapping[int, Beside]) -> str:
        one = next(iter(by_level.values()))
        # Only clusters made from these occupations and sectors are judged by what they were made from.
        is_made = self.notes.clustering.origin is None
        measure = self.words(f"measure_{one.metric if is_made else one.metric.removesuffix('-in-sample')}")
        return self.words("less_is_better", measure=measure) if one.less_is_better else measure

    def _pair(self, one: Beside | None) -> Numeral | None:
        return (
            Numeral(f"{self._figure(one.metric, one.ours)} : {self._figure(one.metric, one.theirs)}") if one else None
        )

    def _ahead(self, by_level: Mapping[int, Beside]) -> tuple[Sentence, ...]:
        """Who is ahead, and at how many levels."""
        counted: Counter[str] = Counter(one.ahead for one in by_level.values())
        there = (who for who in ("clusters", "official", "equal") if counted[who])
        return tuple(Sentence(f"ahead_{who}", {"n": counted[who]}) for who in there)

    def counted(self) -> dict[str, int]:
        """How many figures are better, worse and equal."""
        names = {"better": "clusters", "worse": "official", "equal": "equal"}
        return {name: sum(one.ahead == ahead for one in self.notes.beside) for name, ahead in names.items()}

    def _figure(self, metric: str, value: float) -> str:
        if metric in _SHARES:
            return self.words.share(value)
        return self.words.decimal(value, 1 if metric == "options" else 3)
