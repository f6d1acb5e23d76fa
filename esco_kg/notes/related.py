"""How the clusters of the top level relate: a table, a picture, and the names beside one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from esco_kg.notes.pictures import Relation, relations_picture
from esco_kg.notes.records import Record, number, records
from esco_kg.notes.teller import Teller
from esco_kg.notes.texts import Numeral, Sentence, Table

_MOST = 4  # names beside a cluster


class RelatedClusters:
    """``top`` are the ids of the clusters of the top level, in the order of the notes, ``skills`` their sizes."""

    def __init__(self, teller: Teller, top: Sequence[str], skills: Mapping[str, int]) -> None:
        self.teller, self.words, self.notes = teller, teller.words, teller.notes
        self._top, self._skills = top, skills
        self.pairs = self._pairs()

    def names_beside(self, identifier: str) -> tuple[object, ...]:
        """The clusters most related to one, strongest first."""
        mine = [r for r in self.pairs if identifier in (r.source, r.target)][:_MOST]
        return tuple(self.teller.name(r.target if r.source == identifier else r.source) for r in mine)

    def table(self) -> Table:
        """Related clusters of the top level, strongest first."""
        rows = [
            (self.teller.link(r.source), self.teller.link(r.target), self._weight(r.weight), self._evidence(r))
            for r in self.pairs
        ]
        heads = tuple(self.words(f"col_{head}") for head in ("cluster", "related", "weight", "evidence"))
        return Table(self.words("relations"), heads, tuple(rows))

    def _weight(self, weight: float) -> Numeral:
        """In two places; one that is not 0 never shows as 0."""
        shown = self.words.decimal(weight)
        return Numeral(f"<{self.words.decimal(0.01)}" if shown == self.words.decimal(0.0) else shown)

    def arcs(self) -> str:
        """The strongest relations as a picture, '' where there is none."""
        nodes = [(self.teller.name(c), self._skills[c]) for c in self._top]
        words = [
            f"{self.teller.name(r.source)}, {self.teller.name(r.target)}: "
            + "; ".join(map(self._said, self._evidence(r)))
            for r in self.pairs
        ]
        title = self.words("relations")
        return relations_picture(
            list(self._top), nodes, self.pairs, words, title, lambda n: self.words("n_skills", n=n)
        )

    def _said(self, sentence: Sentence) -> str:
        return self.words(sentence.key, **sentence.values)

    def _evidence(self, relation: Relation) -> tuple[Sentence, ...]:
        return tuple(Sentence(f"related_{basis}", {"n": count}) for basis, count in relation.evidence)

    def _pairs(self) -> list[Relation]:
        """Pairs of top-level clusters, strongest first: a pair's greatest weight, and the count behind each basis."""
        pairs: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for row in records(self.notes.tables["related-clusters"]):
            if row["depth"] == 1:
                pairs[str(row["cluster"]), str(row["related"])].append(row)
        found = [
            Relation(
                *pair,
                max(number(row["weight"]) for row in rows),
                tuple((str(row["basis"]), int(str(row["evidence"]).split(" ")[0].replace(",", ""))) for row in rows),
            )
            for pair, rows in pairs.items()
        ]
        return sorted(found, key=lambda r: (-r.weight, r.source, r.target))
