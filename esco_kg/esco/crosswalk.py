"""The Commission's crosswalk of ESCO occupations to NACE 2.1: a workbook, or the same table as CSV."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from esco_kg.errors import InputError, unreadable
from esco_kg.esco import archive
from esco_kg.model.pillar import Language

_HINT = "Give the crosswalk of ESCO occupations to NACE 2.1 from the ESCO portal, as .xlsx or saved as UTF-8 .csv."
_OCCUPATION = re.compile(r"(esco|occupation|concept)[ _]?uri", re.IGNORECASE)
_CODE = re.compile(r"nace[ _]?code", re.IGNORECASE)
_MOST_ROWS = 1 << 20  # of a sheet in any spreadsheet program
_TITLE = re.compile(r"(nace|[a-z]{2})[ _]title", re.IGNORECASE)


@dataclass(slots=True)
class Crosswalk:
    """``links``: (occupation IRI, code as read without NACE's namespace, line); ``titles``: of sections, divisions."""

    place: str
    version: str  # of ESCO, where the file's name tells it
    links: list[tuple[str, str, int]]
    titles: dict[tuple[str, Language], str]


def read_crosswalk(path: Path, languages: Sequence[Language]) -> Crosswalk:
    """Read the crosswalk, with the titles in these languages. Raises InputError where it is not one."""
    rows = _workbook_rows(path, languages) if archive.is_zip_by_content(path) else _csv_rows(path)
    header = [str(cell or "").strip() for cell in next(rows, (0, ()))[1]]
    occupation, code = _column(path, header, _OCCUPATION), _column(path, header, _CODE)
    titles_at = {position: language for position, language in _titles(header) if language in languages}
    version = re.search(r"(?<![0-9.])v?([0-9]\.[0-9]+\.[0-9]+)", path.name)
    crosswalk = Crosswalk(path.name, version.group(1) if version else "", [], {})
    for line, cells in rows:
        iri, raw = _cell(cells, occupation), _cell(cells, code).rsplit("/", 1)[-1]
        if not iri and not raw:
            continue
        if not iri or not raw:
            missing = header[code if iri else occupation]
            raise InputError(f"{path.name}:{line}", f"{missing} is empty", _HINT)
        crosswalk.links.append((iri, raw, line))
        short = raw if len(raw) == 1 else raw[-2:] if re.fullmatch(r"[A-V]?[0-9][0-9]", raw) else ""
        for position, language in titles_at.items():
            if short and _cell(cells, position):
                crosswalk.titles.setdefault(
                    (short, language), " ".join(_cell(cells, position).replace("\xad", "").split())
                )
    return crosswalk


def _column(path: Path, header: list[str], pattern: re.Pattern[str]) -> int:
    for position, name in enumerate(header):
        if pattern.fullmatch(name):
            return position
    wanted = "ESCO URI" if pattern is _OCCUPATION else "NACE code"
    raise InputError(f"{path.name}:1", f"column {wanted} is missing", f"There are: {', '.join(header)[:200]}. {_HINT}")


def _titles(header: Iterable[str]) -> Iterator[tuple[int, Language]]:
    for position, name in enumerate(header):
        match = _TITLE.fullmatch(name)
        if match:
            short = match.group(1).lower()
            yield position, "en" if short == "nace" else short


def _width(header: Sequence[str], languages: Sequence[Language]) -> int:
    """How many columns are of use; the workbook has titles in 23 languages, and every cell costs time."""
    titles = [position for position, language in _titles(header) if language in languages]
    keys = [position for position, name in enumerate(header) if _OCCUPATION.fullmatch(name) or _CODE.fullmatch(name)]
    return max([*titles, *keys], default=len(header)) + 1


def _cell(cells: Sequence[object], position: int) -> str:
    value = cells[position] if position < len(cells) else None
    return "" if value is None else str(value).strip()


def _csv_rows(path: Path) -> Iterator[tuple[int, Sequence[object]]]:
    line = 1
    with archive.stream(path, None, path.name) as raw:
        reader = csv.reader(io.TextIOWrapper(raw, encoding="utf-8-sig", newline=""), strict=True)
        try:
            for cells in reader:
                yield line, cells
                line = reader.line_num + 1
        except (UnicodeDecodeError, csv.Error) as error:
            raise InputError(f"{path.name}:{line}", f"cannot be read as CSV: {error}", _HINT) from None


def _workbook_rows(path: Path, languages: Sequence[Language]) -> Iterator[tuple[int, Sequence[object]]]:
    """The first sheet's rows. The workbook is a zip, so its members are judged before openpyxl opens them."""
    from openpyxl import load_workbook  # slow to import, and most runs need it once or never

    for member in archive.member_names(path):
        with archive.stream(path, member, path.name):
            pass
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # remarks on styles, which nobody here needs
            workbook = load_workbook(path, read_only=True, data_only=True)
            sheet = workbook.worksheets[0]
            header = next(sheet.iter_rows(values_only=True, max_row=1), ())
            width = _width([str(cell or "") for cell in header], languages)
            # A row that calls itself the billionth has as many empty ones before it.
            yield from enumerate(islice(sheet.iter_rows(values_only=True, max_col=width), _MOST_ROWS), 1)
            workbook.close()
    except Exception as error:  # whatever openpyxl throws at a damaged workbook
        raise unreadable(path.name, "a workbook", error, _HINT) from error
