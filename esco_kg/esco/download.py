"""What a user has of ESCO: zips and CSVs, whole or in parts, renamed, several versions and languages side by side.

Names tell most: ``ESCO dataset - v1.1.1 - classification - en - csv.zip`` with ``skills_en.csv`` in it. Where a name
was changed, the nearest name that still tells decides (file, then zip, then folders), and a table is known by its
columns.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from esco_kg.errors import InputError
from esco_kg.esco import archive
from esco_kg.esco.defects import Tally
from esco_kg.esco.tables import COLUMNS, RELATIONS, REQUIRED, TEXTS, TableFile
from esco_kg.model.pillar import Language, Source

# The languages ESCO is published in; in a name that the user chose, other pairs of letters are just words.
_LANGUAGES = frozenset(re.findall("..", "arbgcsdadeelenesetfifrgahrhuisitltlvmtnlnoplptroskslsvuk"))
_VERSION = re.compile(r"(?<![\d.])v?(\d)[._](0|[1-9]\d?)[._](0|[1-9]\d?)(?!\d|\.\d)", re.IGNORECASE)
_OFFICIAL_LANGUAGE = re.compile(r"- classification - ([a-z]{2,3}(?:-[a-z]{2,4})?)? *- csv", re.IGNORECASE)
_TABLE_NAMES = {name.lower(): name for name in COLUMNS}
_NAME = re.compile(
    rf"(?<![a-z])({'|'.join(_TABLE_NAMES)})(?:[_-]([a-z]{{2,3}}(?:-[a-z]{{2,4}})?))?(?![a-z])", re.IGNORECASE
)
_DEPTH = 6


@dataclass(slots=True)
class Download:
    """The tables to read, one file per (table, language); a table without language stands under ``""``."""

    name: str  # of what the user gave, for messages
    version: str
    languages: tuple[Language, ...]  # English first, then by name
    tables: dict[tuple[str, Language], TableFile] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)

    def of(self, table: str) -> list[TableFile]:
        """The files of a table: the one without language first, then in the order of ``languages``, then the rest."""
        rank = {language: position for position, language in enumerate(("", *self.languages))}
        found = [file for (name, _), file in self.tables.items() if name == table]
        return sorted(found, key=lambda file: (rank.get(file.language, len(rank)), file.language))

    def missing(self) -> list[str]:
        """The names of the required tables that are not there, as ESCO would name the files; sorted."""
        names = []
        for table in REQUIRED:
            if table in TEXTS:
                names += [f"{table}_{la}.csv" for la in self.languages or ("en",) if (table, la) not in self.tables]
            elif not self.of(table):
                old = not self.version or version_key(self.version) < (1, 2)
                names.append(f"{table}.csv" if old else f"{table}_{(self.languages or ('en',))[0]}.csv")
        return sorted(names)


@dataclass(frozen=True, slots=True)
class _Candidate:
    path: Path
    member: str | None
    place: str
    names: tuple[str, ...]  # nearest first: file, zip, folders


def version_key(version: str) -> tuple[int, ...]:
    """``1.2.1`` -> (1, 2, 1), for comparing."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def find_download(
    paths: Sequence[Path], tally: Tally, *, version: str | None = None, languages: Sequence[str] | None = None
) -> Download:
    """Find ESCO's tables in folders, zips and CSV files, and settle their version and languages.

    A given version selects among versions side by side; given languages select among languages. Files that are no
    ESCO table are tallied. Raises InputError: nothing there, a broken zip, mixed or unknown version or language, two
    different files for one table.
    """
    name = ", ".join(path.resolve().name for path in paths)
    found = [file for path in paths for file in _table_files(path, len(paths) > 1, tally)]
    if not found:
        hint = (
            "Give the folder, the zips or the CSV files of the CSV download from the ESCO portal; unpack a zip of zips."
        )
        raise InputError(name, "holds no ESCO table", hint)
    settled, found = _settle_version(name, found, version)
    chosen, found = _settle_languages(name, found, languages)
    download = Download(name, settled, chosen)
    for file in sorted(found, key=lambda file: (file.table, file.language, file.place, str(file.path))):
        other = download.tables.setdefault((file.table, file.language), file)
        if other is not file:
            _refuse_if_different(other, file)
            tally.add("file-repeated", file.place, example=other.place)
    used = {file.path for file in download.tables.values()}
    download.sources = sorted((archive.describe(path) for path in sorted(used)), key=lambda s: (s.name, s.sha256))
    return download


def _table_files(given: Path, is_one_of_several: bool, tally: Tally) -> Iterator[TableFile]:
    for candidate in _candidates(given, is_one_of_several):
        table, language = _recognised(candidate)
        if table:
            yield TableFile(
                table, language, _stated_version(candidate.names), candidate.place, candidate.path, candidate.member
            )
        else:
            tally.add("file-ignored", candidate.place)


def _candidates(given: Path, is_one_of_several: bool) -> Iterator[_Candidate]:
    if not given.exists():
        raise InputError(str(given), "does not exist", "Check the path.")
    root = given.resolve()
    if given.is_dir():
        for path in _files_below(root):
            inside = path.relative_to(root)
            place = f"{root.name}/{inside.as_posix()}" if is_one_of_several else inside.as_posix()
            yield from _in_file(path, place, (*reversed(inside.parts), root.name))
    else:
        yield from _in_file(root, root.name, (root.name, root.parent.name))


def _files_below(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
        if not hidden and len(parts) <= _DEPTH and path.suffix.lower() in (".csv", ".zip") and path.is_file():
            yield path


def _in_file(path: Path, place: str, names: tuple[str, ...]) -> Iterator[_Candidate]:
    if path.suffix.lower() != ".zip" and not archive.is_zip_by_content(path):
        yield _Candidate(path, None, place, names)
        return
    for member in archive.member_names(path):
        parts = [part for part in re.split(r"[/\\]", member) if part]
        hidden = any(part.startswith((".", "__MACOSX")) and part != ".." for part in parts)
        if parts and not hidden and parts[-1].lower().endswith(".csv"):
            yield _Candidate(path, member, f"{place}/{parts[-1]}", (*reversed(parts), *names))


def _recognised(candidate: _Candidate) -> tuple[str, str]:
    """(table, language) of a CSV file; ("", "") where it is no table of ESCO's."""
    stem = candidate.names[0].rsplit(".", 1)[0]
    match = _NAME.search(stem)
    table = _TABLE_NAMES[match.group(1).lower()] if match else ""
    exact = match is not None and match.group(0) == stem
    if not exact and not (table and set(COLUMNS[table]) <= set(_first_rows(candidate)[0])):
        table = _by_columns(candidate)
    if not table:
        return "", ""
    stated = (match.group(2) or "").lower() if match else ""
    if stated or table in RELATIONS:
        return table, stated
    return table, _stated_language(candidate.names)


def _first_rows(candidate: _Candidate) -> tuple[list[str], list[str]]:
    with archive.stream(candidate.path, candidate.member, candidate.place) as raw:
        head = io.StringIO(raw.read(1 << 16).decode("utf-8-sig", errors="replace"), newline="")
    rows = csv.reader(head)
    try:
        return [cell.strip() for cell in next(rows, [])], next(rows, [])
    except csv.Error:
        return [], []


def _by_columns(candidate: _Candidate) -> str:
    """The table whose columns a renamed file has; thematic lists look alike and are known by name alone."""
    header, row = _first_rows(candidate)
    fitting = [table for table in REQUIRED if set(COLUMNS[table]) <= set(header)]
    if not fitting:
        return ""
    if fitting[0].startswith("broaderRelations"):
        return RELATIONS[1] if row and row[0] in ("Occupation", "ISCOGroup") else RELATIONS[0]
    return fitting[0]


def _stated_version(names: tuple[str, ...]) -> str:
    for name in names:
        versions = {".".join(match) for match in _VERSION.findall(name)}
        if len(versions) == 1:
            return versions.pop()
    return ""


def _stated_language(names: tuple[str, ...]) -> str:
    for name in names[1:]:
        official = _OFFICIAL_LANGUAGE.search(name)
        if official:
            return (official.group(1) or "").lower()
        words = {word for word in re.split(r"[^a-z]+", name.lower()) if word in _LANGUAGES}
        if len(words) == 1:
            return words.pop()
    return ""


def _settle_version(name: str, found: list[TableFile], given: str | None) -> tuple[str, list[TableFile]]:
    stated = {file.version: file.place for file in reversed(found) if file.version}
    if given is not None:
        wanted = given.strip().lstrip("vV")
        if not re.fullmatch(r"\d+(\.\d+)+", wanted):
            raise InputError(name, f"{given!r} is no version of ESCO", "Give it as --esco-version 1.1.1.")
        if stated and wanted not in stated:
            there = ", ".join(sorted(stated, key=version_key))
            raise InputError(
                name, f"holds ESCO {there}, not {wanted}", "Give another path, or leave --esco-version out."
            )
        return wanted, [file for file in found if file.version in (wanted, "")]
    if len(stated) > 1:
        there = " and ".join(f"{key} ({stated[key]})" for key in sorted(stated, key=version_key))
        raise InputError(
            name, f"mixes ESCO versions {there}", "Choose one with --esco-version, or give its files alone."
        )
    if not stated:
        hint = f"{_shape(found)} Say which it is with --esco-version, for example --esco-version 1.1.1."
        raise InputError(name, "no name of a file or folder tells the ESCO version", hint)
    return next(iter(stated)), found


def _shape(found: list[TableFile]) -> str:
    """What the set of tables says about the version; never enough to settle it."""
    tables = {file.table for file in found}
    if "ictSkillsCollection" in tables:
        return "The tables have the shape of ESCO 1.1.0."
    if any(file.language for file in found if file.table in RELATIONS):
        return "The tables have the shape of ESCO 1.2."
    return "The tables have the shape of ESCO 1.1."


def _settle_languages(
    name: str, found: list[TableFile], given: Sequence[str] | None
) -> tuple[tuple[Language, ...], list[TableFile]]:
    wanted = sorted({language.strip().lower() for language in given}) if given else None
    if wanted and len(wanted) == 1:
        found = [_with_language(file, wanted[0]) for file in found]
    unknown = [file for file in found if file.table in TEXTS and not file.language]
    if unknown:
        hint = "Rename it as ESCO does, such as skills_en.csv, or say the language with --languages en."
        raise InputError(unknown[0].place, "its name does not tell the language", hint)
    there = sorted({file.language for file in found if file.table in TEXTS})
    absent = [language for language in wanted or [] if language not in there]
    if absent:
        hint = f"There is: {', '.join(there) or 'none'}."
        raise InputError(name, f"has no texts in language {absent[0]}", hint)
    chosen = sorted(wanted or there, key=lambda language: (language != "en", language))
    kept = [file for file in found if file.table in RELATIONS or file.language in ("", *chosen)]
    return tuple(chosen), kept


def _with_language(file: TableFile, language: str) -> TableFile:
    if file.language or file.table in RELATIONS:
        return file
    return TableFile(file.table, language, file.version, file.place, file.path, file.member)


def _refuse_if_different(one: TableFile, other: TableFile) -> None:
    if archive.digest_of(one.path, one.member, one.place) != archive.digest_of(other.path, other.member, other.place):
        problem = f"is another {one.table} than {one.place}"
        raise InputError(other.place, problem, "Take one of the two away; the input must hold each table once.")
