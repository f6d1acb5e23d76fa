"""Files that may be tables or a dump of ESCO, in folders, zips, zips inside zips and workbooks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from esco_kg.errors import InputError
from esco_kg.esco import archive
from esco_kg.esco.dump.syntax import syntax_of
from esco_kg.esco.workbooks import Workbooks, is_workbook

_DEPTH = 6
_UNFINISHED = (".crdownload", ".part", ".partial", ".download", ".opdownload")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file, a member of a zip, or a sheet: ``names`` are its own, then those of zip and folders, nearest first.

    ``path`` and ``member`` are where its bytes lie; ``source`` is the user's file that they come from. ``unit`` is what
    its places count: ``line`` of a text file, ``row`` of a sheet.
    """

    path: Path
    member: str | None
    place: str
    names: tuple[str, ...]
    source: Path
    unit: str = "line"

    @property
    def is_rdf(self) -> bool:
        """Whether its name has the ending of RDF."""
        return self.unit == "line" and syntax_of(self.names[0]) is not None


def candidates(given: Path, is_one_of_several: bool, workbooks: Workbooks) -> Iterator[Candidate]:
    """All of them below a path that the user gave. Raises InputError: nothing there, a broken zip or workbook."""
    if not given.exists():
        raise InputError(str(given), "does not exist", "Check the path.")
    root = given.resolve()
    if given.is_dir():
        for path in _files_below(root):
            inside = path.relative_to(root)
            place = f"{root.name}/{inside.as_posix()}" if is_one_of_several else inside.as_posix()
            yield from _in_file(path, place, (*reversed(inside.parts), root.name), workbooks)
    else:
        yield from _in_file(root, root.name, (root.name, root.parent.name), workbooks)


def _is_of_interest(name: str) -> bool:
    plain = name.lower().removesuffix(".gz")
    return plain.endswith((".csv", ".zip", *_UNFINISHED)) or is_workbook(plain) or syntax_of(plain) is not None


def is_unfinished(name: str) -> bool:
    """Whether a browser gave the name to a download that it has not ended."""
    return name.lower().endswith(_UNFINISHED)


def _files_below(root: Path) -> Iterator[Path]:
    """The files of interest in order. Links to folders are followed, and each folder is read once, however many ways
    lead to it."""
    places, seen, found = [root], set(), []
    for place in places:  # grows while it is read, so that the shortest way to a folder comes first
        if place.resolve() in seen or len(place.relative_to(root).parts) >= _DEPTH:
            continue
        seen.add(place.resolve())
        for path in sorted(place.iterdir()):
            if _is_hidden((path.name,)):
                continue
            if path.is_dir():
                places.append(path)
            elif _is_of_interest(path.name) and path.is_file():
                found.append(path)
    yield from sorted(found)


def _is_hidden(parts: tuple[str, ...] | list[str]) -> bool:
    """Whether a program put it there: ``~$`` begins the lock file of an open workbook."""
    return any(part.startswith((".", "__MACOSX", "~$")) and part != ".." for part in parts)


def _in_file(path: Path, place: str, names: tuple[str, ...], workbooks: Workbooks) -> Iterator[Candidate]:
    whole = Candidate(path, None, place, names, path)
    if is_workbook(path.name):
        yield from _sheets(whole, workbooks)
        return
    is_named_zip = path.suffix.lower() == ".zip"
    if is_unfinished(path.name) or not (is_named_zip or archive.is_zip_by_content(path)):
        yield whole
        return
    if not is_named_zip and archive.is_workbook_by_content(path):
        yield from _sheets(whole, workbooks)
        return
    for member in archive.member_names(path):
        parts = [part for part in re.split(rf"{re.escape(archive.INSIDE)}|[/\\]", member) if part]
        if not parts or _is_hidden(parts) or not _is_of_interest(parts[-1]) or parts[-1].lower().endswith(".zip"):
            continue
        inner = f"{parts[-2]}/" if archive.INSIDE in member and len(parts) > 1 else ""
        one = Candidate(path, member, f"{place}/{inner}{parts[-1]}", (*reversed(parts), *names), path)
        if is_workbook(parts[-1]):
            yield from _sheets(one, workbooks)
        else:
            yield one


def _sheets(book: Candidate, workbooks: Workbooks) -> Iterator[Candidate]:
    found = workbooks.sheets(book.path, book.member, book.place)
    for sheet, path in found:
        place = book.place if len(found) == 1 else f"{book.place} sheet {sheet}"
        yield Candidate(path, None, place, (sheet, *book.names), book.source, "row")


def refuse_nothing(name: str) -> InputError:
    """The error for what holds neither table nor dump."""
    hint = "Give the folder, the zips or the tables of a download from the ESCO portal (CSV, ODS, XLSX), or its dump."
    return InputError(name, "holds no ESCO table", hint)
