"""Sheets of a workbook about clusters: the tree for reading, the lists behind the drop-downs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from esco_kg.folder.material import Material
from esco_kg.model.formulas import keep_as_text
from esco_kg.trials.review.cases import Case
from esco_kg.trials.review.clusters import choice, definition, tree, typical_skills

CLUSTERS, LISTS = "clusters", "lists"
_TYPICAL = 8  # skills that tell what a cluster is
_WIDE, _NARROW = 60, 30


def add_tree(book: Any, material: Material, cases: Sequence[Case]) -> None:
    """A sheet with a row for each cluster, below the one that holds it: a column a level, definition, typical skills.

    What would tell a hidden place is left out: the skills themselves, and of a skill that a definition among its
    candidates names, the definitions of all of them.
    """
    from openpyxl.styles import Alignment, Font

    sheet = book.create_sheet(CLUSTERS)
    levels = [f"level {depth}" for depth in range(1, material.depth + 1)]
    head = [*levels, "definition", "typical skills"]
    _add_row(sheet, 1, head)
    for column in range(1, len(head) + 1):
        sheet.cell(1, column).font = Font(bold=True)
        letter = sheet.cell(1, column).column_letter
        sheet.column_dimensions[letter].width = _NARROW if column <= len(levels) else _WIDE
    hidden, untold = {case.skill for case in cases if case.candidates}, _telling(material, cases)
    typical, top = typical_skills(material), Alignment(vertical="top", wrap_text=True)
    for number, cluster in enumerate(tree(material), 2):
        depth = material.clusters[cluster].depth
        skills = [material.label(skill) for skill in typical.get(cluster, ()) if skill not in hidden][:_TYPICAL]
        text = "" if cluster in untold else definition(material, cluster)
        cells = [choice(material, cluster) if depth == at else "" for at in range(1, len(levels) + 1)]
        _add_row(sheet, number, [*cells, text, "; ".join(skills)])
        for column in range(1, len(head) + 1):
            sheet.cell(number, column).alignment = top
        sheet.row_dimensions[number].outlineLevel = min(depth - 1, 7)
    sheet.sheet_properties.outlinePr.summaryBelow = False
    sheet.freeze_panes = "A2"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False


def _telling(material: Material, cases: Sequence[Case]) -> set[str]:
    """Candidates of a skill that the definition of one of them names."""
    found: set[str] = set()
    for case in cases:
        label = material.label(case.skill).casefold()
        if any(label in definition(material, cluster).casefold() for cluster in case.candidates):
            found |= set(case.candidates)
    return found


def has_areas(material: Material) -> bool:
    """Whether the clusters that skills are in lie in larger ones."""
    return material.depth > 1


class Lists:
    """A hidden sheet: the finest clusters as drop-downs have them, each beside its area; and the areas."""

    def __init__(self, book: Any, material: Material) -> None:
        sheet = book.create_sheet(LISTS)
        sheet.sheet_state = "hidden"
        sheet.protection.sheet = True
        finest = [cluster for cluster in tree(material) if cluster in material.finest]
        areas = list(dict.fromkeys(material.path(cluster)[0] for cluster in finest))
        for number, cluster in enumerate(finest, 1):
            _add_row(sheet, number, [choice(material, material.path(cluster)[0]), choice(material, cluster)])
        for number, area in enumerate(areas, 1):
            cell = sheet.cell(number, 3)
            cell.value = choice(material, area)
            keep_as_text(cell)
        self._clusters, self._areas = len(finest), len(areas)

    @property
    def areas(self) -> str:
        """The formula of a drop-down of areas."""
        return f"{LISTS}!$C$1:$C${self._areas}"

    @property
    def clusters(self) -> str:
        """The formula of a drop-down of all finest clusters."""
        return f"{LISTS}!$B$1:$B${self._clusters}"

    def clusters_of(self, cell: str) -> str:
        """That of the clusters of the area in a cell such as ``$K2``; of all where it is empty."""
        column = f"{LISTS}!$A$1:$A${self._clusters}"
        first, count = f"MATCH({cell},{column},0)-1", f"COUNTIF({column},{cell})"
        return f'IF({cell}="",{self.clusters},OFFSET({LISTS}!$B$1,{first},0,{count},1))'


def _add_row(sheet: Any, number: int, texts: Sequence[str]) -> None:
    for column, text in enumerate(texts, 1):
        if text:
            cell = sheet.cell(number, column)
            cell.value = text
            keep_as_text(cell)
