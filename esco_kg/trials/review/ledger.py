"""``curation/ledger.csv``: every decision of a reviewer, appended and never changed; a revocation is a line of its own.

The columns are those that :mod:`esco_kg.clusters.expertise` reads. A decision's id is made from its content, so the
same decision has the same id whenever it is imported. What was revoked and is given again is another decision: the id
of the line that took it out becomes part of its own.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from esco_kg.errors import EscoKgError, InputError, OutputError, UsageError, unreadable

COLUMNS = ("id", "date", "reviewer", "release", "skill", "decision", "target", "reason", "revokes")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. ``decision``: agree, move, also, reject, split, unsure, revoke or a proposal about clusters.

    ``target`` is a cluster id or ''; of a proposal, which has no skill, ids and a name: ``c00042: Welding``.

    ``date`` is a day, or of a revocation a :func:`moment`; ``again`` the id of the line that took the decision out
    when it was given before.
    """

    date: str
    reviewer: str
    release: str
    skill: str
    decision: str
    target: str = ""
    reason: str = ""
    revokes: tuple[str, ...] = ()
    given_id: str = ""
    again: str = ""

    @property
    def content(self) -> tuple[str, ...]:
        """What makes two lines the same decision: date and reason play no part.

        Neither does what a decision overrules, or an adjudication imported twice would be two.
        """
        revoked = self.revokes if self.decision == "revoke" else ()
        return (self.reviewer, self.release, self.skill, self.decision, self.target, *revoked)

    @property
    def id(self) -> str:
        """``d`` and twelve hex digits of the SHA-256 of the content, and of ``again`` where there is one."""
        parts = (*self.content, self.again) if self.again else self.content
        return self.given_id or "d" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]

    def cells(self) -> list[str]:
        """The line's cells."""
        return [
            *(self.id, self.date, self.reviewer, self.release, self.skill, self.decision, self.target),
            *(_plain(self.reason), " ".join(self.revokes)),
        ]


class Ledger:
    """The lines of a ledger, and what became of each: ``current`` are the decisions in force, by id."""

    def __init__(self, lines: Iterable[Entry] = ()) -> None:
        self.current: dict[str, Entry] = {}
        self._given: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
        self._taken_out: dict[str, Entry] = {}
        self.lines = list(lines)
        for entry in self.lines:
            self._given[entry.content].append(entry)
            self._taken_out |= dict.fromkeys(entry.revokes, entry)
        self.current = in_force(self.lines)

    def with_lines(self, lines: Iterable[Entry]) -> Ledger:
        """The ledger with these appended."""
        return Ledger([*self.lines, *lines])

    def holds(self, entry: Entry) -> bool:
        """Whether this decision is in force."""
        return any(given.id in self.current for given in self._given.get(entry.content, ()))

    def taken_out_by(self, entry: Entry) -> Entry | None:
        """The line that took this decision out, the last time; None where it is in force or was never given."""
        given = self._given.get(entry.content)
        return self._taken_out.get(given[-1].id) if given and not self.holds(entry) else None

    def is_old(self, entry: Entry, saved: str) -> bool:
        """Whether a decision that was taken out has come back as it was, and nobody has given it again.

        It is given again with another reason, or where it was ``saved`` (a :func:`moment`, or '') after that.
        """
        out = self.taken_out_by(entry)
        if out is None:
            return False
        reasons = {_plain(given.reason) for given in self._given[entry.content]}
        # A day alone means all of that day.
        end = out.date if "T" in out.date else f"{out.date}T24"
        return _plain(entry.reason) in reasons and saved <= end

    def is_overruled(self, entry: Entry) -> bool:
        """Whether an adjudication that is in force took this decision out."""
        out = self.taken_out_by(entry)
        return out is not None and out.id in self.current

    def anew(self, entry: Entry) -> Entry:
        """The decision to append: of one that was taken out, another one."""
        out = self.taken_out_by(entry)
        return replace(entry, again=out.id) if out else entry


def moment() -> str:
    """Now, in UTC, such as ``2026-01-31T14:05:09.123Z``; the order of texts is the order of time."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _plain(text: str) -> str:
    return " ".join(text.split())


def read_ledger(path: Path, size: int | None = None) -> list[Entry]:
    """Every line, revoked ones too, of the first ``size`` bytes; a missing file is an empty ledger.

    Raises InputError for an invalid line.
    """
    if not path.is_file():
        return []
    try:
        return _entries(path, size)
    except EscoKgError:
        raise
    except Exception as error:  # whatever csv throws, and a cell that spans lines
        raise unreadable(str(path), "a ledger", error, "Save it as CSV UTF-8, one decision a line.") from error


def _entries(path: Path, size: int | None) -> list[Entry]:
    lines = io.StringIO(path.read_bytes()[:size].decode("utf-8"), newline="")
    kept = [(number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    found = []
    for (number, _), cells in zip(kept, csv.reader(line for _, line in kept), strict=True):
        if len(cells) != len(COLUMNS):
            raise InputError(f"{path}:{number}", f"{len(cells)} cells where a ledger has {len(COLUMNS)}")
        if tuple(cells) != COLUMNS:
            row = dict(zip(COLUMNS, cells, strict=True))
            given_id, revokes = row.pop("id"), tuple(row.pop("revokes").split())
            found.append(Entry(**row, revokes=revokes, given_id=given_id))
    return found


def in_force(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Id -> decision, without revocations and what they take out."""
    found: dict[str, Entry] = {}
    for entry in entries:
        for identifier in entry.revokes:
            found.pop(identifier, None)
        if entry.decision != "revoke":
            found[entry.id] = entry
    return found


def append(path: Path, entries: Sequence[Entry]) -> list[Entry]:
    """Append those decisions whose id the ledger does not hold yet; returns them. Nothing that stands there changes."""
    known = {entry.id for entry in read_ledger(path)}
    new = list({entry.id: entry for entry in entries if entry.id not in known}.values())
    if not new:
        return []
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    if not path.is_file():
        writer.writerow(COLUMNS)
    writer.writerows(entry.cells() for entry in new)
    is_cut = path.is_file() and path.stat().st_size > 0 and not path.read_bytes().endswith(b"\n")
    try:
        _append_whole(path, (("\n" if is_cut else "") + text.getvalue()).encode())
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}", "The ledger is as it was.") from error
    return new


def _append_whole(path: Path, lines: bytes) -> None:
    """Append and sync; where that fails or is interrupted, cut off again what was written."""
    is_new = not path.exists()
    with path.open("ab", buffering=0) as stream:
        size = stream.tell()
        try:
            left = memoryview(lines)
            while left:
                left = left[stream.write(left) :]
            os.fsync(stream.fileno())
        except BaseException:
            stream.truncate(size)
            if is_new:
                path.unlink()
            raise


def revoke(path: Path, named: Sequence[str], *, reviewer: str, date: str, reason: str) -> Entry:
    """Append one revocation of decisions named by id, or by a skill's IRI: all that are in force on it.

    With a move goes the rejection that it brought. Raises UsageError for a name under which nothing is in force.
    """
    current = in_force(read_ledger(path))
    found: dict[str, Entry] = {}
    for name in named:
        of = {i: e for i, e in current.items() if name in (i, e.skill) or _brought_by(e, current.get(name))}
        if not of:
            raise UsageError(f"{path}: no decision {name} is in force", "Give ids of the ledger, or a skill's IRI.")
        found |= of
    first = next(iter(found.values()))
    entry = Entry(date, reviewer, first.release, first.skill, "revoke", "", reason, tuple(sorted(found)))
    append(path, [entry])
    return entry


def _brought_by(entry: Entry, move: Entry | None) -> bool:
    """Whether this is the rejection that came with the move."""
    if move is None or move.decision != "move" or entry.decision != "reject":
        return False
    return (entry.reviewer, entry.release, entry.skill) == (move.reviewer, move.release, move.skill)
