"""Review files: one workbook per reviewer with drop-downs and protected cells, or the same rows as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from esco_kg.folder.material import Material
from esco_kg.model.formulas import escaped, keep_as_text
from esco_kg.trials.review.cases import PRIORITY, Case
from esco_kg.trials.review.cluster_sheets import Lists, add_tree, has_areas
from esco_kg.trials.review.proposals import COLUMNS as PROPOSAL_COLUMNS
from esco_kg.trials.review.proposals import FILLED as PROPOSAL_FILLED
from esco_kg.trials.review.proposals import WORDS
from esco_kg.trials.review.sheets import ABOUT, COLUMNS, FILLED, SHOWN, decisions_for, lengths, row_of

_PROPOSALS = "proposals"
_AREA = "area"  # a help for finding the cluster, no answer
_WIDEST = 45
_ROOM = 30  # proposals that a workbook has rows for
_ABOUT_LINES = (
    "One row is one skill. Fill in the white columns; the others are protected.",
    "Where the present cluster is shown: agree; move to or also belongs to (choose it); should be split; unsure.",
    "Where it is hidden: belongs to (choose one of the candidates, or any other cluster); should be split; unsure.",
    "An area shortens the list of clusters to its own. A cluster can also be typed: its id or its name.",
    "A reason of one sentence helps whoever decides later. It is published: name nobody in it.",
    "A row without a decision counts as not reviewed.",
    "The sheet clusters tells what each cluster is. On the sheet proposals you can propose a new cluster, a new name, "
    "or that two clusters become one.",
)


def write_workbook(material: Material, cases: Sequence[Case], path: Path) -> None:
    """Write an .xlsx: a sheet per stratum, named with the release, one for proposals, the clusters, one about it."""
    from openpyxl import Workbook

    book = Workbook()
    about = book.active
    about.title = ABOUT
    about.append(["release", material.version])
    about.append(["ESCO", material.esco_version])
    about.append(["language", material.language])
    about.append(["reviewer", ", ".join(sorted({case.reviewer for case in cases}))])
    for line in _ABOUT_LINES:
        about.append([line])
    about.protection.sheet = True
    lists = Lists(book, material)
    add_tree(book, material, cases)
    area = _AREA if has_areas(material) else ""
    for stratum in sorted({case.stratum for case in cases}, reverse=True):
        rows = [row_of(material, case) for case in cases if case.stratum == stratum]
        _fill(book.create_sheet(f"{stratum} {material.version}"), rows, stratum, lists, area)
    for reviewer in sorted({case.reviewer for case in cases}):
        _add_proposals(book.create_sheet(_PROPOSALS), reviewer, material.version, lists)
    _make_reproducible(book, material)
    book.save(path)


def _fill(sheet: Any, rows: Sequence[Mapping[str, str]], stratum: str, lists: Lists, area: str) -> None:
    columns = list(COLUMNS)
    if area:
        columns.insert(columns.index("cluster"), area)
    _add_table(sheet, columns, {*FILLED, area}, rows)
    widths = lengths(rows) | {area: 20}
    for column, name in enumerate(columns, 1):
        dimension = sheet.column_dimensions[sheet.cell(1, column).column_letter]
        dimension.width = min(_WIDEST, widths[name] + 3)
        is_empty = stratum != PRIORITY and name in ("present cluster", "runner-up", "margin")
        dimension.hidden = name not in (*SHOWN, area) or name == "skill" or is_empty
    _offer(sheet, columns.index("decision") + 1, f'"{",".join(decisions_for(stratum))}"', len(rows))
    letter = sheet.cell(1, columns.index(area) + 1).column_letter if area else ""
    _offer(sheet, columns.index("cluster") + 1, lists.clusters_of(f"${letter}2") if area else lists.clusters, len(rows))
    if area:
        _offer(sheet, columns.index(area) + 1, lists.areas, len(rows))
    sheet.freeze_panes = "C2"


def _add_proposals(sheet: Any, reviewer: str, release: str, lists: Lists) -> None:
    about = {"reviewer": reviewer, "release": release}
    _add_table(sheet, PROPOSAL_COLUMNS, PROPOSAL_FILLED, [about] * _ROOM)
    for column, name in enumerate(PROPOSAL_COLUMNS, 1):
        dimension = sheet.column_dimensions[sheet.cell(1, column).column_letter]
        dimension.width, dimension.hidden = _WIDEST, name in about
    _offer(sheet, PROPOSAL_COLUMNS.index("proposal") + 1, f'"{",".join(WORDS)}"', _ROOM)
    for name in ("cluster", "other cluster"):
        _offer(sheet, PROPOSAL_COLUMNS.index(name) + 1, lists.clusters, _ROOM)
    sheet.freeze_panes = "A2"


def _add_table(sheet: Any, columns: Sequence[str], filled: Collection[str], rows: Sequence[Mapping[str, str]]) -> None:
    """A protected table; the columns to be filled are white and open."""
    from openpyxl.styles import Alignment, Font, PatternFill, Protection

    sheet.append(list(columns))
    top, grey = Alignment(vertical="top", wrap_text=True), PatternFill("solid", start_color="EEEEEE")
    for number, row in enumerate(rows, 2):
        for column, name in enumerate(columns, 1):
            cell = sheet.cell(number, column)
            cell.value = row.get(name) or None
            if row.get(name):
                keep_as_text(cell)
            cell.alignment = top
            if name in filled:
                cell.protection = Protection(locked=False)
            else:
                cell.fill = grey
    for column in range(1, len(columns) + 1):
        sheet.cell(1, column).font = Font(bold=True)
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False


def _offer(sheet: Any, column: int, formula: str, rows: int) -> None:
    """A drop-down for a column. Something else is warned of and can stay: a name is known however it is written."""
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=True, errorStyle="warning")
    letter = sheet.cell(1, column).column_letter
    rule.add(f"{letter}2:{letter}{max(rows + 1, 2)}")
    sheet.add_data_validation(rule)


def _make_reproducible(book: Any, material: Material) -> None:
    from datetime import datetime

    # openpyxl stamps files with the clock.
    book.properties.created = book.properties.modified = datetime(2000, 1, 1)
    book.properties.title = f"Review of release {material.version}"


def write_csv(material: Material, cases: Sequence[Case], path: Path) -> None:
    """Write the same rows as CSV, UTF-8 with the mark that Excel needs; what it would compute has an apostrophe."""
    path.write_bytes(csv_of(row_of(material, case) for case in cases))


def csv_of(rows: Iterable[Mapping[str, str]]) -> bytes:
    """Rows of a review as such a CSV; cells of other columns are left out."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows({name: escaped(text) for name, text in row.items()} for row in rows)
    return stream.getvalue().encode("utf-8-sig")
