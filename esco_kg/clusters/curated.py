"""The tables of ``curation/``: CSV with a fixed head, comment lines, and the line of every row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from esco_kg.errors import EscoKgError, InputError, not_utf8, unreadable
from esco_kg.model.clustering import Branch
from esco_kg.model.expertise import Frame, FrameCluster, FrameGroup
from esco_kg.toml import read_toml

BRANCHES: tuple[Branch, ...] = ("sector", "cross-sector", "language", "digital")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z)?")


@dataclass(frozen=True, slots=True)
class Row:
    """One row by column name, cells without outer spaces, and its place (``forced.csv:12``)."""

    place: str
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def needed(self, column: str) -> str:
        """The cell, or an InputError where it is empty."""
        if not self.cells[column]:
            raise InputError(self.place, f"{column} is empty", "Fill the cell or take the line out.")
        return self.cells[column]

    def date(self, column: str) -> str:
        """The cell as an ISO date, or a moment in UTC."""
        value = self.needed(column)
        if not _DATE.fullmatch(value):
            raise InputError(self.place, f"{column} {value!r} is no date", "Write it as 2026-01-31.")
        return value

    def one_of(self, column: str, known: tuple[str, ...]) -> str:
        """The cell, or an InputError where it is none of these words."""
        value = self.needed(column)
        if value not in known:
            raise InputError(self.place, f"{column} {value!r} is unknown", f"Known are: {', '.join(known)}.")
        return value

    def skills(self, column: str, least: int = 1, hint: str = "Copy the skill's conceptUri.") -> tuple[str, ...]:
        """The IRIs in a cell, separated by spaces."""
        found = tuple(dict.fromkeys(self.needed(column).split()))
        for iri in found:
            if "://" not in iri:
                raise InputError(self.place, f"{iri!r} is no IRI of a skill", hint)
        if len(found) < least:
            raise InputError(self.place, f"{column} names one skill only", "A link needs two skills or more.")
        return found


def rows(path: Path, columns: tuple[str, ...], place: str = "") -> Iterator[Row]:
    """The rows of a table; a file that is not there has none. ``place`` is how messages call it, otherwise its name.

    Lines that begin with ``#`` are comments, empty lines are skipped. Raises InputError where the head or a row has
    other columns, or the file is not UTF-8.
    """
    if not path.is_file():
        return
    file = place or path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise InputError(f"{file}:{line}", not_utf8(error.object, error.start), "Save the file as CSV UTF-8.") from None
    lines = _Lines(text)
    head: list[str] = []
    for cells in csv.reader(lines):
        place = f"{file}:{lines.end_row()}"
        cells = [cell.strip() for cell in cells]
        if not any(cells):
            continue
        if not head:
            head = cells
            if tuple(head) != columns:
                raise InputError(place, f"the head is {','.join(head)!r}", f"It has to be {','.join(columns)}.")
        elif len(cells) != len(columns):
            raise InputError(
                place,
                f"the row has {len(cells)} cells, the head {len(columns)}",
                "Put cells that hold a comma into double quotes.",
            )
        else:
            yield Row(place, dict(zip(columns, cells, strict=True)))


class _Lines:
    """The lines that are no comments; knows where the present row begins, also when a cell spans lines."""

    def __init__(self, text: str) -> None:
        self._lines = enumerate(io.StringIO(text, newline=""), start=1)
        self._start = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        for number, line in self._lines:
            if self._start:
                return line
            if not line.startswith("#"):
                self._start = number
                return line
        raise StopIteration

    def end_row(self) -> int:
        """The line where the row just read began; the next line begins another row."""
        start, self._start = self._start, 0
        return start


_FRAME_KEYS = {"branch", "status", "sectors", "seeds", "label", "scope", "exclusions", "groups"}


def read_frames(folder: Path) -> list[Frame]:
    """The frames, one TOML file each, by file name, which is the frame's key."""
    frames = []
    for path in sorted(folder.glob("*.toml")):
        place = f"{folder.name}/{path.name}"
        try:
            read = read_toml(path)
            frames.append(_frame(path.stem, place, read))
        except EscoKgError:
            raise
        except Exception as error:  # whatever the parser throws, and a value of another type than a frame has
            raise unreadable(place, "a frame", error, "See curation/README.md for the form of a frame.") from error
    _check_named(frames)
    return frames


def _check_named(frames: list[Frame]) -> None:
    """A skill begins in one cluster alone."""
    seen: dict[str, str] = {}
    for frame in frames:
        for group in frame.groups:
            for cluster in group.clusters:
                place = f"{group.labels['en']!r} of {frame.place}"
                for iri in cluster.skills:
                    if iri in seen:
                        said = f"{iri} is named in {place}, and in {seen[iri]} already"
                        raise InputError(frame.place, said, "Name a skill in one cluster of one frame.")
                    seen[iri] = place


def _frame(key: str, place: str, read: dict[str, Any]) -> Frame:
    unknown = sorted(read.keys() - _FRAME_KEYS)
    if unknown:
        raise InputError(place, f"unknown key {unknown[0]}", f"Known are: {', '.join(sorted(_FRAME_KEYS))}.")
    if read.get("branch") not in BRANCHES:
        raise InputError(place, f"branch is {read.get('branch')!r}", f"Known are: {', '.join(BRANCHES)}.")
    if not read.get("label", {}).get("en"):
        raise InputError(place, "the frame has no English label", "Add a table [label] with en.")
    if read.get("status", "draft") not in ("draft", "agreed"):
        raise InputError(place, f"status is {read['status']!r}", "Known are: draft, agreed.")
    return Frame(
        key=key,
        branch=read["branch"],
        labels=dict(read["label"]),
        scope=dict(read.get("scope", {})),
        exclusions=dict(read.get("exclusions", {})),
        sectors={code: float(weight) for code, weight in read.get("sectors", {}).items()},
        seeds=tuple(read.get("seeds", ())),
        groups=tuple(_frame_group(group, place) for group in read.get("groups", ())),
        status=read.get("status", "draft"),
        place=place,
    )


def _frame_group(read: dict[str, Any], place: str) -> FrameGroup:
    label, codes = read.get("label", {}), read.get("isco", [])
    known = read.keys() <= {"label", "isco", "clusters"}
    if not known or not label.get("en") or not _are_codes(codes):
        hint = "A group has label.en, isco (a list of ISCO codes) and, where you know them, clusters."
        raise InputError(place, f"a group is {read}", hint)
    clusters = tuple(_frame_cluster(cluster, place) for cluster in read.get("clusters", ()))
    return FrameGroup(dict(label), tuple(codes), clusters)


def _frame_cluster(read: dict[str, Any], place: str) -> FrameCluster:
    codes, skills = read.get("isco", []), read.get("skills", [])
    if not read or not read.keys() <= {"isco", "skills"} or not _are_codes(codes) or not _are_iris(skills):
        hint = "A cluster has isco (a list of ISCO codes), skills (a list of conceptUris), or both."
        raise InputError(place, f"a cluster is {read}", hint)
    return FrameCluster(tuple(codes), tuple(skills))


def _are_codes(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) and value.isdigit() for value in values)


def _are_iris(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) and "://" in value for value in values)
