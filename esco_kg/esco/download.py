"""What a user has of ESCO: tables as CSV, ODS or XLSX, packed or not, whole or in parts, renamed, or the RDF dump.

Names tell most: ``ESCO dataset - v1.1.1 - classification - en - csv.zip`` with ``skills_en.csv`` in it. Where a name
was changed, the nearest name that still tells decides (file, then zip, then folders), a table is known by its
columns, and version and language by what the tables hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from esco_kg.errors import InputError
from esco_kg.esco import archive
from esco_kg.esco.candidates import Candidate, candidates, refuse_nothing
from esco_kg.esco.defects import Tally
from esco_kg.esco.dump.syntax import is_dump
from esco_kg.esco.language import chosen_languages
from esco_kg.esco.recognition import Recognised, recognised, stated_version
from esco_kg.esco.scratch import Scratch
from esco_kg.esco.tables import REQUIRED, TEXTS, TableFile
from esco_kg.esco.version import chosen_version, unknown_version, version_by_content, version_key
from esco_kg.esco.workbooks import Workbooks
from esco_kg.model.pillar import Language, RetiredConcept, Source

__all__ = ["Download", "find_download", "version_key"]
_TAKE = "Take the CSV, ODS or RDF download of ESCO's portal in its place."


@dataclass(slots=True)
class Download:
    """The tables to read, one file per (table, language); a table without language stands under ``""``.

    ``said`` tells how version and languages were recognised where no name says so, ``unresolved`` what would stop a
    release though the tables can be looked at, ``near`` the files that may be a table and what they lack ('' where no
    name tells the table).
    """

    name: str  # of what the user gave, for messages
    version: str
    languages: tuple[Language, ...]  # English first, then by name
    tables: dict[tuple[str, Language], TableFile] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    unresolved: list[InputError] = field(default_factory=list)
    near: dict[str, list[str]] = field(default_factory=dict)
    retired: dict[str, RetiredConcept] = field(default_factory=dict)
    scratch: Scratch = field(default_factory=Scratch)

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

    def maybe(self, missing: Sequence[str]) -> list[str]:
        """What may be the missing tables: a sentence for each file."""
        tables = {"", *(name.rsplit(".", 1)[0].split("_")[0] for name in missing)}
        return [said for table in sorted(tables) for said in self.near.get(table, [])]


@dataclass(slots=True)
class _Found:
    """What lies in the paths that a user gave."""

    tables: list[TableFile] = field(default_factory=list)
    dumps: list[Candidate] = field(default_factory=list)
    near: dict[str, list[str]] = field(default_factory=dict)
    others: list[tuple[str, str]] = field(default_factory=list)  # place, what it is


def find_download(
    paths: Sequence[Path], tally: Tally, *, version: str | None = None, languages: Sequence[str] | None = None
) -> Download:
    """Find ESCO's tables or its dump in folders, zips and files, and resolve version and languages.

    A given version selects among versions side by side; given languages select among languages. Files that are no
    ESCO table are tallied. Raises InputError: nothing there, a broken zip, mixed versions, an unknown language, tables
    beside a dump, two different files for one table.
    """
    name = ", ".join(path.resolve().name for path in paths)
    scratch = Scratch()
    found = _look(paths, tally, scratch)
    if found.dumps:
        _refuse_both(name, found)
        from esco_kg.esco.dump.download import of_dump

        return of_dump(name, found.dumps[0], scratch, version, languages)
    if not found.tables:
        raise _nothing(name, found)
    resolved, tables = chosen_version(name, found.tables, version)
    chosen, tables, said = chosen_languages(name, tables, languages)
    download = Download(name, resolved, chosen, near=found.near, said=said, scratch=scratch)
    _take_in(download, tables, tally)
    resolve_by_content(download)
    used = {file.source or file.path for file in download.tables.values()}
    download.sources = sorted((archive.describe(path) for path in sorted(used)), key=lambda s: (s.name, s.sha256))
    return download


def resolve_by_content(download: Download) -> None:
    """Resolve the version by what the tables hold where no name tells it, and say so."""
    if not download.version:
        told = version_by_content(download.tables.values())
        download.version = told.version
        if told.version:
            download.said.append(f"ESCO version: {told.version}, {told.said}.")
        else:
            download.unresolved.append(unknown_version(download.name, list(download.tables.values())))
    download.tables = {key: replace(file, version=download.version) for key, file in download.tables.items()}


def _look(paths: Sequence[Path], tally: Tally, scratch: Scratch) -> _Found:
    found, workbooks = _Found(), Workbooks(scratch)
    for path in paths:
        for candidate in candidates(path, len(paths) > 1, workbooks):
            what = recognised(candidate)
            if what.table:
                found.tables.append(_table(candidate, what))
            elif candidate.is_rdf and not what.other and is_dump(candidate.path, candidate.member, candidate.place):
                found.dumps.append(candidate)
            else:
                _set_aside(found, candidate, what, tally)
    return found


def _table(candidate: Candidate, what: Recognised) -> TableFile:
    return TableFile(
        what.table,
        what.language,
        stated_version(candidate.names),
        candidate.place,
        candidate.path,
        candidate.member,
        candidate.source,
        candidate.unit,
    )


def _set_aside(found: _Found, candidate: Candidate, what: Recognised, tally: Tally) -> None:
    if what.is_unfinished:
        said = f"{candidate.place} is a download that has not ended."
        found.near.setdefault(what.near, []).append(said)
    elif what.other:
        found.others.append((candidate.place, what.other))
    elif what.near:
        number = f"column {what.lacks[0]} is" if len(what.lacks) == 1 else f"columns {', '.join(what.lacks)} are"
        found.near.setdefault(what.near, []).append(f"{candidate.place} may be {what.near}, but its {number} missing.")
    if not candidate.is_rdf or what.other:
        tally.add("file-ignored", candidate.place, example=what.other)


def _nothing(name: str, found: _Found) -> InputError:
    if found.others:
        place, other = found.others[0]
        return InputError(place, f"is {other}", _TAKE)
    nothing = refuse_nothing(name)
    near = [said for sentences in found.near.values() for said in sentences]
    return InputError(name, "holds no ESCO table", " ".join([*near[:3], nothing.hint]))


def _refuse_both(name: str, found: _Found) -> None:
    if found.tables:
        problem = f"holds tables ({found.tables[0].place}) and an RDF dump ({found.dumps[0].place})"
        raise InputError(name, problem, "Name one of the two: each says the same of one version.")
    if len(found.dumps) > 1:
        problem = f"holds several RDF dumps: {', '.join(dump.place for dump in found.dumps)}"
        raise InputError(name, problem, "Name one of them.")


def _take_in(download: Download, found: Sequence[TableFile], tally: Tally) -> None:
    for file in sorted(found, key=lambda file: (file.table, file.language, file.place, str(file.path))):
        other = download.tables.setdefault((file.table, file.language), file)
        if other is not file:
            _refuse_if_different(other, file)
            tally.add("file-repeated", file.place, example=other.place)


def _refuse_if_different(one: TableFile, other: TableFile) -> None:
    if archive.digest_of(one.path, one.member, one.place) != archive.digest_of(other.path, other.member, other.place):
        problem = f"is another {one.table} than {one.place}"
        raise InputError(other.place, problem, "Take one of the two away; the input must hold each table once.")
