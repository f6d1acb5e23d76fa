"""A table of texts -> a table of the skills in them, one a row; a text without any keeps one row that says why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from esco_kg.folder.material import Material
from esco_kg.trials.advertisements import Found, SkillFinder
from esco_kg.trials.assign import cluster_cells
from esco_kg.trials.table_kinds import Row

_TEXTS = ("skill", "skill_label")
_LATER = ("written", "sentence", "status", "language")


class FoundRows:
    """Makes the rows. ``least`` is the smallest score that is taken; what a text denies is reported with ``denied``."""

    def __init__(self, material: Material, finder: SkillFinder, least: float = 0.0) -> None:
        self._material, self._finder, self._least = material, finder, least
        primary = material.primary
        clusters = {iri: primary[iri].cluster if iri in primary else None for iri in material.skills}
        self._cells = {iri: cluster_cells(material, cluster) for iri, cluster in clusters.items()}
        self._no_cells = cluster_cells(material, None)

    @property
    def columns(self) -> dict[str, type]:
        """The columns that :meth:`rows` adds, with their types."""
        found: dict[str, type] = dict.fromkeys(_TEXTS, str)
        found |= {"score": float, "start": int, "end": int, "mentions": int, "denied": str}
        return found | dict.fromkeys((*_LATER, *self._no_cells), str)

    def rows(self, rows: Iterable[Row], column: str, size: int = 500) -> Iterator[list[Row]]:
        """The rows of each text in batches, after ``size`` texts at the latest."""
        batch: list[Row] = []
        for number, row in enumerate(rows, 1):
            batch += self.of_text(row, column)
            if number % size == 0:
                yield batch
                batch = []
        if batch:
            yield batch

    def of_text(self, row: Row, column: str) -> list[Row]:
        """The rows of one text."""
        text = row.get(column)
        reading = self._finder.read("" if text is None else str(text))
        taken = [found for found in reading.found if found.score >= self._least]
        if taken:
            return [row | self._found(found) for found in taken]
        empty = dict.fromkeys((*_TEXTS, "written", "sentence"), "") | dict.fromkeys(("score", "start", "end"))
        status = "none found" if reading.found else reading.status
        told = {"mentions": 0, "denied": "", "status": status, "language": reading.language}
        return [row | empty | told | self._no_cells]

    def _found(self, found: Found) -> Row:
        return {
            "skill": found.skill,
            "skill_label": self._material.label(found.skill),
            "score": found.score,
            "start": found.start,
            "end": found.end,
            "mentions": found.mentions,
            "denied": "yes" if found.is_denied else "no",
            "written": found.written,
            "sentence": found.sentence,
            "status": "found",
            "language": self._material.language,
            **self._cells[found.skill],
        }
