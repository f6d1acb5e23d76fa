"""``curation/ledger.csv``: every decision of a reviewer, appended and never changed; a revocation is a line of its own.

The columns are those that :mod:`esco_kg.clusters.expertise` reads. A decision's id is made from its content, so the
same decision has the same id whenever it is imported.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from esco_kg.errors import InputError, OutputError, UsageError

COLUMNS = ("id", "date", "reviewer", "release", "skill", "decision", "target", "reason", "revokes")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. ``decision``: agree, move, also, reject, split, unsure or revoke; ``target`` a cluster id or ''."""

    date: str
    reviewer: str
    release: str
    skill: str
    decision: str
    target: str = ""
    reason: str = ""
    revokes: tuple[str, ...] = ()
    given_id: str = ""

    @property
    def id(self) -> str:
        """``d`` and twelve hex digits of the content's SHA-256: date and reason play no part.

        Neither does what a decision overrules, or an adjudication imported twice would be two.
        """
        revoked = self.revokes if self.decision == "revoke" else ()
        content = (self.reviewer, self.release, self.skill, self.decision, self.target, *revoked)
        return self.given_id or "d" + hashlib.sha256("\x1f".join(content).encode()).hexdigest()[:12]

    def cells(self) -> list[str]:
        """The line's cells."""
        return [
            *(self.id, self.date, self.reviewer, self.release, self.skill, self.decision, self.target),
            *(" ".join(self.reason.split()), " ".join(self.revokes)),
        ]


def read_ledger(path: Path) -> list[Entry]:
    """Every line, revoked ones too; a missing file is an empty ledger. Raises InputError for a line that is none."""
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
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
    try:
        is_cut = path.is_file() and path.stat().st_size > 0 and not path.read_bytes().endswith(b"\n")
        with path.open("a", encoding="utf-8", newline="") as stream:
            stream.write(("\n" if is_cut else "") + text.getvalue())
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}") from error
    return new


def revoke(path: Path, named: Sequence[str], *, reviewer: str, date: str, reason: str) -> Entry:
    """Append one revocation of decisions named by id, or by a skill's IRI: all that are in force on it.

    With a move goes the rejection that it brought. Raises UsageError for a name under which nothing is in force.
    """
    standing = in_force(read_ledger(path))
    found: dict[str, Entry] = {}
    for name in named:
        of = {i: e for i, e in standing.items() if name in (i, e.skill) or _brought_by(e, standing.get(name))}
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
