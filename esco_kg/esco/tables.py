"""ESCO's tables: which columns each has, and its rows with the physical line each starts on.

Shapes of 1.0.3 to 1.2.1 are understood: a BOM, mixed line ends, rows that are too short. Python's ``csv`` reads the
21 MB of occupationSkillRelations in a fifth of a second and knows the physical line of every row, so nothing faster
is worth its weight.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

from esco_kg.errors import InputError, not_utf8
from esco_kg.esco.archive import stream
from esco_kg.esco.defects import Tally, place_of
from esco_kg.esco.layout import Reader, open_reader
from esco_kg.rdf.terms import is_http_iri

_CONCEPT = ("conceptType", "conceptUri")
_LIST = (*_CONCEPT, "preferredLabel")
_BROADER = ("conceptType", "conceptUri", "broaderType", "broaderUri")

COLUMNS: dict[str, tuple[str, ...]] = {
    "skills": (*_CONCEPT, "skillType", "reuseLevel", "preferredLabel", "altLabels", "hiddenLabels", "status",
               "modifiedDate", "scopeNote", "definition", "inScheme", "description"),
    "skillGroups": (*_CONCEPT, "preferredLabel", "altLabels", "hiddenLabels", "status", "modifiedDate", "scopeNote",
                    "inScheme", "description", "code"),
    "occupations": (*_CONCEPT, "iscoGroup", "preferredLabel", "altLabels", "hiddenLabels", "status", "modifiedDate",
                    "regulatedProfessionNote", "scopeNote", "definition", "inScheme", "description", "code"),
    "ISCOGroups": (*_CONCEPT, "code", "preferredLabel", "status", "altLabels", "inScheme", "description"),
    "conceptSchemes": ("conceptType", "conceptSchemeUri", "preferredLabel", "title", "description", "hasTopConcept"),
    "broaderRelationsSkillPillar": _BROADER,
    "broaderRelationsOccPillar": _BROADER,
    "occupationSkillRelations": ("occupationUri", "relationType", "skillType", "skillUri"),
    "skillSkillRelations": ("originalSkillUri", "originalSkillType", "relationType", "relatedSkillType",
                            "relatedSkillUri"),
    "skillsHierarchy": tuple(f"Level {level} {what}" for level in range(4) for what in ("URI", "code")),
    "greenSkillsCollection": _LIST,
    "digitalSkillsCollection": _LIST,
    "ictSkillsCollection": _LIST,
    "transversalSkillsCollection": _LIST,
    "languageSkillsCollection": _LIST,
    "researchSkillsCollection": _LIST,
    "digCompSkillsCollection": _LIST,
    "researchOccupationsCollection": _LIST,
    "dictionary": ("filename", "data header", "property", "description"),
    "greenShareOcc": ("conceptType", "conceptUri", "greenShare"),
}  # fmt: skip
"""Table -> the columns every version from 1.1 has; one that is lost stops the run. ``naceCode`` came with 1.2.1."""

_SINCE_1_1 = frozenset(("hiddenLabels", "status", "modifiedDate", "scopeNote", "definition", "inScheme", "code",
                        "title", "regulatedProfessionNote", "altLabels", "description", "conceptType", "broaderType",
                        "originalSkillType", "relatedSkillType", "preferredLabel"))  # fmt: skip
_OF_1_0 = {
    "skills": ("skillType", "reuseLevel", "preferredLabel"),
    "skillGroups": ("preferredLabel",),
    "occupations": ("iscoGroup", "preferredLabel"),
    "ISCOGroups": ("code", "preferredLabel"),
    "occupationSkillRelations": ("relationType",),
    "skillSkillRelations": ("relationType",),
}


def needed_columns(table: str, version: str = "") -> tuple[str, ...]:
    """The columns that a table must have; of ESCO 1.0 those that clusters need."""
    if not re.match(r"1\.0\.", version):
        return COLUMNS[table]
    kept = _OF_1_0.get(table, ())
    return tuple(column for column in COLUMNS[table] if column in kept or column not in _SINCE_1_1)


RELATIONS = (
    "broaderRelationsSkillPillar",
    "broaderRelationsOccPillar",
    "occupationSkillRelations",
    "skillSkillRelations",
)
TEXTS = ("skills", "skillGroups", "occupations", "ISCOGroups", "conceptSchemes")
REQUIRED = (*TEXTS, *RELATIONS)

# One cell; an unclosed quote would otherwise swallow the rest of the file before anyone notices.
_MAX_CELL_CHARACTERS = 64 << 20
_UNENDED = "does not end: the file is cut, or a quotation mark is missing"
_AS_IT_CAME = "Take the file as it came in the ESCO download; a spreadsheet program changes it when it saves."
_LINE_END = re.compile(rb"\r\n?|\n")
_INDEX_COLUMNS = ("", "Unnamed: 0", "index")  # as data frames are saved


@dataclass(frozen=True, slots=True)
class TableFile:
    """One table of a download: where it lies, and its language and version as far as is known ("" where not).

    ``source`` is the user's file that it comes from, where it was made from a workbook or a dump. ``unit`` is what its
    places count: ``line``, ``row`` of a sheet, '' for a dump, where a concept is named by its IRI.
    """

    table: str
    language: str
    version: str
    place: str  # for messages: "archive.zip/skills_en.csv" or "skills_en.csv"
    path: Path
    member: str | None = None  # its name inside the zip
    source: Path | None = None
    unit: str = "line"

    def at(self, line: int) -> str:
        """The place of a line, as far as the file has lines: ``skills_en.csv:118``, ``skills_en.ods row 118``."""
        return place_of(self.place, self.unit, line)


Row = tuple[int, tuple[str, ...]]


def labels(cell: str) -> tuple[str, ...]:
    """The labels of a cell, one per line: sorted, each once, for in RDF they have no order; spaces are kept."""
    return tuple(sorted({label for label in clean(cell).split("\n") if label})) if cell else ()


def iris(cell: str) -> tuple[str, ...]:
    """The IRIs of a cell, separated by a newline, a comma and a newline, or `` | ``; sorted, each once.

    Raises ValueError, with the text, where something in it is no IRI of the web.
    """
    found = sorted({part for part in re.split(r"[ \t\r\n,|]+", cell) if part})
    for part in found:
        if not is_http_iri(part):
            raise ValueError(part)
    return tuple(found)


def clean(cell: str) -> str:
    """The cell with every line end as one newline: line ends are the file's, not the text's."""
    return cell.replace("\r\n", "\n").replace("\r", "\n") if "\r" in cell else cell


def read_rows(file: TableFile, columns: Sequence[str], tally: Tally, also: Sequence[str] = ()) -> Iterator[Row]:
    """Rows as (physical line, the cells of these two or more columns); a column the table lacks gives empty cells.

    The line is the row of a sheet where the table is one. Columns that the version must have and those in ``also`` must
    exist. Short rows are padded and tallied, as is the number of rows. Raises InputError: a lost column, a row with too
    many cells, broken quotes, bad UTF-8.
    """
    csv.field_size_limit(_MAX_CELL_CHARACTERS)
    tally.units[file.place] = file.unit
    reader: Reader | None = None
    with stream(file.path, file.member, file.place) as raw:
        text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
        try:
            reader = open_reader(text, file.place, tally)
            header = _header(file, reader.header, also, tally)
            pick = _picker(header, columns)
            width = len(header)
            is_sheet = file.unit == "row"
            count = last = 0
            for line, cells in reader.records(is_sheet):
                if len(cells) != width:
                    last = line if 0 < len(cells) < width else last
                    cells = _fitted(cells, width, file, line, tally)
                if cells and not (is_sheet and not any(cells)):
                    count += 1
                    cells.append("")
                    yield line, pick(cells)
            tally.rows[file.place] = count
            _refuse_if_cut(file, last == line if count else False, tally)
            _refuse_if_mostly_short(file, count, tally)
        except UnicodeDecodeError:
            raise _bad_utf8(file) from None
        except csv.Error as error:
            broken = "the row that starts here "
            broken += _UNENDED if "unexpected end of data" in str(error) else f"is broken: {error}"
            raise InputError(file.at(reader.line if reader else 1), broken, _AS_IT_CAME) from None


def _header(file: TableFile, cells: list[str], also: Sequence[str], tally: Tally) -> list[str]:
    header = [cell.strip() for cell in cells]
    place = file.at(1)
    if not header:
        raise InputError(file.place, "is empty", _AS_IT_CAME)
    if header[0].startswith("<"):
        raise InputError(place, "is a web page, not a table", _AS_IT_CAME)
    if header[0].startswith("version https://git-lfs"):
        raise InputError(place, "is a pointer of Git LFS, not the table it points at", "Fetch it with `git lfs pull`.")
    if any("://" in cell for cell in header):
        raise InputError(place, "is a row, not a head: the line with the names of the columns is lost", _AS_IT_CAME)
    lost = [column for column in (*needed_columns(file.table, file.version), *also) if column not in header]
    if lost:
        named = f"column {lost[0]} is missing" if len(lost) == 1 else f"columns {', '.join(lost)} are missing"
        if {column.lower() for column in lost} <= {column.lower() for column in header}:
            named += ": their letters are in another case"
        raise InputError(place, named, f"There are: {', '.join(header)}. {_AS_IT_CAME}")
    twice = sorted({column for column in header if column and header.count(column) > 1})
    if twice:
        raise InputError(place, f"column {twice[0]} stands twice", _AS_IT_CAME)
    if header[0] in _INDEX_COLUMNS:
        tally.add("index-column", file.place, 1, header[0])
    return header


def _picker(header: list[str], columns: Sequence[str]) -> Callable[[list[str]], tuple[str, ...]]:
    # read_rows puts one empty cell at the end of every row; it stands for the columns that the table lacks.
    return itemgetter(*(header.index(column) if column in header else -1 for column in columns))


def _fitted(cells: list[str], width: int, file: TableFile, line: int, tally: Tally) -> list[str]:
    if not cells:
        return cells  # an empty line
    if len(cells) > width:
        if any(cells[width:]):
            problem = f"the row has {len(cells)} cells, the table {width} columns: {cells[width]!r} is too many"
            raise InputError(file.at(line), problem, _AS_IT_CAME)
        return cells[:width]
    tally.add("short-row", file.place, line, f"{len(cells)} cells for {width} columns")
    return cells + [""] * (width - len(cells))


def _refuse_if_cut(file: TableFile, is_last_short: bool, tally: Tally) -> None:
    """Whether the last row alone has too few cells and no line end, as where a download ended early."""
    if is_last_short and tally.count("short-row", file.place) == 1 and not _ends_a_line(file):
        problem = f"the last of {tally.rows[file.place]:,} rows breaks off: the file is cut"
        raise InputError(file.place, problem, "Download it again from the ESCO portal.")


def _ends_a_line(file: TableFile) -> bool:
    last = b""
    with stream(file.path, file.member, file.place) as raw:
        while chunk := raw.read(1 << 20):
            last = chunk[-1:]
    return last in (b"\r", b"\n")


def _refuse_if_mostly_short(file: TableFile, rows: int, tally: Tally) -> None:
    short = tally.count("short-row", file.place)
    if file.table != "skillsHierarchy" and short > rows / 2:  # there the deeper levels are left out
        problem = f"{short} of {rows} rows have fewer cells than there are columns"
        raise InputError(file.place, problem, f"A column was lost. {_AS_IT_CAME}")


def _bad_utf8(file: TableFile) -> InputError:
    """Look for the first line that is not UTF-8; no byte of a longer character looks like a line end."""
    line = 1
    with stream(file.path, file.member, file.place) as raw:
        for chunk in raw:
            try:
                chunk.decode("utf-8")
            except UnicodeDecodeError as error:
                line += len(_LINE_END.findall(chunk[: error.start]))
                problem = not_utf8(chunk, error.start)
                return InputError(f"{file.place}:{line}", problem, f"ESCO's tables are UTF-8. {_AS_IT_CAME}")
            line += len(_LINE_END.findall(chunk))
    return InputError(file.place, "is not UTF-8", f"ESCO's tables are UTF-8. {_AS_IT_CAME}")
