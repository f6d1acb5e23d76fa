"""Review files that came back: workbooks, CSV, inboxes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from esco_kg.errors import InputError, MissingError, reading_as
from esco_kg.esco.spreadsheet import refuse_absurd
from esco_kg.model.formulas import unescaped
from esco_kg.trials.review.cluster_sheets import CLUSTERS, LISTS
from esco_kg.trials.review.proposals import COLUMNS as PROPOSAL_COLUMNS
from esco_kg.trials.review.proposals import FILLED as PROPOSAL_FILLED
from esco_kg.trials.review.proposals import is_proposal
from esco_kg.trials.review.sheets import ABOUT, COLUMNS, FILLED, Filled


def read_review(path: Path) -> Iterator[Filled]:
    """The filled rows of a workbook, a CSV or an inbox (.ndjson), decisions and proposals; empty ones are passed over.

    Raises InputError where the file is none of these or lacks the columns of a review.
    """
    reader = {".xlsx": _workbook, ".csv": _csv, ".ndjson": _inbox}.get(path.suffix.lower())
    if reader is None:
        raise InputError(str(path), "no review file", "Give the .xlsx, .csv or .ndjson files that came back.")
    if not path.is_file():
        raise MissingError(str(path))
    with reading_as("a file of reviews", str(path), "Give the .xlsx, .csv or .ndjson files that came back."):
        for filled in reader(path):
            if any(filled.cells.get(column, "").strip() for column in (*FILLED, *PROPOSAL_FILLED)):
                yield filled


def is_filled_in(path: Path) -> bool:
    """Whether there is a file that a reviewer has written decisions into."""
    return path.is_file() and any(True for _ in read_review(path))


def _workbook(path: Path) -> Iterator[Filled]:
    from openpyxl import load_workbook

    with path.open("rb") as stream:
        refuse_absurd(stream, str(path))
    book = load_workbook(path, read_only=True, data_only=True)
    sheets = [sheet for sheet in book.worksheets if sheet.title not in (ABOUT, CLUSTERS, LISTS)]
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
    columns = PROPOSAL_COLUMNS if is_proposal(head) else COLUMNS
    missing = [column for column in columns if column not in head]
    if missing:
        raise InputError(place, f"the column {missing[0]!r} is missing", "Give files that esco-kg review export wrote.")
