"""Review files: one workbook per reviewer with drop-downs and protected cells, or the same rows as CSV; and back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from esco_kg.errors import InputError, MissingError, reading_as
from esco_kg.esco.spreadsheet import refuse_absurd
from esco_kg.folder.material import Material
from esco_kg.model.formulas import escaped, keep_as_text, unescaped
from esco_kg.trials.review.cases import PRIORITY, Case
from esco_kg.trials.review.sheets import (
    COLUMNS,
    FILLED,
    SHOWN,
    Filled,
    choices,
    decisions_for,
    lengths,
    row_of,
)

_CLUSTERS, _ABOUT = "clusters", "about"
_WIDEST = 45
_ABOUT_LINES = (
    "One row is one skill. Fill in the three white columns; the others are protected.",
    "Where the present cluster is shown: agree; move to or also belongs to (choose it); should be split; unsure.",
    "Where it is hidden: belongs to (choose one of the candidates, or any other cluster); should be split; unsure.",
    "A reason of one sentence helps whoever decides later. A row without a decision counts as not reviewed.",
)


def write_workbook(material: Material, cases: Sequence[Case], path: Path) -> None:
    """Write an .xlsx: a sheet per stratum, named with the release, the list of clusters, and a page about it."""
    from openpyxl import Workbook

    book = Workbook()
    about = book.active
    about.title = _ABOUT
    about.append(["release", material.version])
    about.append(["ESCO", material.esco_version])
    about.append(["language", material.language])
    about.append(["reviewer", ", ".join(sorted({case.reviewer for case in cases}))])
    for line in _ABOUT_LINES:
        about.append([line])
    about.protection.sheet = True
    listed = book.create_sheet(_CLUSTERS)
    for number, text in enumerate(choices(material), 1):
        cell = listed.cell(number, 1)
        cell.value = text
        keep_as_text(cell)
    listed.protection.sheet = True
    for stratum in sorted({case.stratum for case in cases}, reverse=True):
        rows = [row_of(material, case) for case in cases if case.stratum == stratum]
        _fill(book.create_sheet(f"{stratum} {material.version}"), rows, stratum, listed.max_row)
    _make_reproducible(book, material)
    book.save(path)


def _fill(sheet: Any, rows: Sequence[dict[str, str]], stratum: str, clusters: int) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill, Protection
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    sheet.append(list(COLUMNS))
    top, grey = Alignment(vertical="top", wrap_text=True), PatternFill("solid", start_color="EEEEEE")
    for number, row in enumerate(rows, 2):
        for column, name in enumerate(COLUMNS, 1):
            cell = sheet.cell(number, column)
            cell.value = row[name] or None
            if row[name]:
                keep_as_text(cell)
            cell.alignment = top
            if name in FILLED:
                cell.protection = Protection(locked=False)
            else:
                cell.fill = grey
    widths = lengths(rows)
    for column, name in enumerate(COLUMNS, 1):
        letter = get_column_letter(column)
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions[letter].width = min(_WIDEST, widths[name] + 3)
        is_empty = stratum != PRIORITY and name in ("present cluster", "runner-up", "margin")
        sheet.column_dimensions[letter].hidden = name not in SHOWN or name == "skill" or is_empty
    last = max(len(rows) + 1, 2)
    for name, formula in (
        ("decision", f'"{",".join(decisions_for(stratum))}"'),
        ("cluster", f"{_CLUSTERS}!$A$1:$A${clusters}"),
    ):
        rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=True)
        letter = get_column_letter(COLUMNS.index(name) + 1)
        rule.add(f"{letter}2:{letter}{last}")
        sheet.add_data_validation(rule)
    sheet.freeze_panes = "C2"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False


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


def read_review(path: Path) -> Iterator[Filled]:
    """The filled rows of a workbook, a CSV or an inbox (.ndjson); rows without a decision are passed over.

    Raises InputError where the file is none of these or lacks the columns of a review.
    """
    reader = {".xlsx": _workbook, ".csv": _csv, ".ndjson": _inbox}.get(path.suffix.lower())
    if reader is None:
        raise InputError(str(path), "no review file", "Give the .xlsx, .csv or .ndjson files that came back.")
    if not path.is_file():
        raise MissingError(str(path))
    with reading_as("a file of reviews", str(path), "Give the .xlsx, .csv or .ndjson files that came back."):
        for filled in reader(path):
            if any(filled.cells.get(column, "").strip() for column in FILLED):
                yield filled


def is_filled_in(path: Path) -> bool:
    """Whether there is a file that a reviewer has written decisions into."""
    return path.is_file() and any(True for _ in read_review(path))


def _workbook(path: Path) -> Iterator[Filled]:
    from openpyxl import load_workbook

    with path.open("rb") as stream:
        refuse_absurd(stream, str(path))
    book = load_workbook(path, read_only=True, data_only=True)
    sheets = [sheet for sheet in book.worksheets if sheet.title not in (_CLUSTERS, _ABOUT)]
    for sheet in sheets:
        lines = sheet.iter_rows(values_only=True)
        head = [str(cell or "") for cell in next(lines, ())]
        place = f"{path}, sheet {sheet.title!r}"
        _check_head(place, head)
        for number, cells in enumerate(lines, 2):
            texts = ["" if cell is None else str(cell) for cell in cells]
            yield Filled(f"{place}, row {number}", dict(zip(head, texts, strict=False)))
    book.close()


def _csv(path: Path) -> Iterator[Filled]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            text = stream.read()
    except UnicodeDecodeError as error:
        raise InputError(str(path), f"not UTF-8: {error}", "Save it as CSV UTF-8.") from None
    # Spreadsheets of some countries save with semicolons.
    delimiter = ";" if text.split("\n", 1)[0].count(";") > text.split("\n", 1)[0].count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    head = next(reader, [])
    _check_head(str(path), head)
    for number, cells in enumerate(reader, 2):
        yield Filled(f"{path}, row {number}", dict(zip(head, map(unescaped, cells), strict=False)))


def _inbox(path: Path) -> Iterator[Filled]:
    """The last decision on each skill, in the order of the file."""
    last = {cells.get("skill", ""): (number, cells) for number, cells in read_lines(path)}
    for number, cells in sorted(last.values(), key=lambda item: item[0]):
        yield Filled(f"{path}, line {number}", cells)


def read_lines(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells of an inbox.

    What a crash cut short is passed over: a line that begins like one of ours and is no JSON. Raises InputError for
    anything else that is no decision.
    """
    lines = path.read_bytes().split(b"\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            cells = json.loads(line)
            yield number, {str(key): str(value) for key, value in cells.items()}
        except (ValueError, AttributeError, RecursionError):
            if not line.startswith(b'{"'):
                raise InputError(f"{path}:{number}", "not a decision in JSON", "Take the damaged line out.") from None


def _check_head(place: str, head: Sequence[str]) -> None:
    missing = [column for column in COLUMNS if column not in head]
    if missing:
        raise InputError(place, f"the column {missing[0]!r} is missing", "Give files that esco-kg review export wrote.")
