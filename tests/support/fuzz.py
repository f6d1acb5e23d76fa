"""How long the fuzzers run, and what they share.

``make fuzz`` sets ``ESCO_KG_FUZZ_LONG``: hours instead of seconds. ``ESCO_KG_FUZZ_PART=2/4`` runs the second of four
parts, so that several processes share the work. Each case has a seed of its own: it is the same alone and in any part.
"""

from __future__ import annotations

import csv
import os
import shutil
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from esco_kg.resources import folder

SEED = 20260131
IS_LONG = bool(os.environ.get("ESCO_KG_FUZZ_LONG"))
VERSION = "1.2.0"  # whose shape the demonstration's tables have
TABLES = folder("demonstration") / "v1.0.0"
Row = list[str]
# What no IRI and no XML may hold, what others take for an end of line, what has no glyph, what ends a text in a file.
NONCHARACTERS = [chr(plane * 0x10000 + low) for plane in range(17) for low in (0xFFFE, 0xFFFF)]
NONCHARACTERS += [chr(point) for point in range(0xFDD0, 0xFDF0)]
SEPARATORS = [
    "\u2028",
    "\u2029",
    "\x85",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x1d",
    "\x1e",
    "\x00",
    "\x1b",
    "\ufeff",
    "\u202e",
    "\ud7ff",
]
CELLS = [
    "", " ", "\n", "|", ",", '"', "'", "=1+1", "-1", "1e400", "http://", "https://[bad/", "http://x.example/a b",
    "x" * 40_000,
    "\u0301", "𝄞", "ﷺ", "<b>&amp;</b>", "{{ 7 * 7 }}", "]]>", "-->", "\\", "\\u0041", "${x}", "2999-99-99", "نص", "١٢٣",
]  # fmt: skip


def number(short: int, long: int) -> int:
    """So many in the short run, so many in the long one."""
    return long if IS_LONG else short


def part(cases: int) -> range:
    """The numbers of the cases that this process runs."""
    at, of = map(int, os.environ.get("ESCO_KG_FUZZ_PART", "1/1").split("/"))
    return range(at - 1, cases, of)


def drawn(of: str, number: int) -> Random:
    """The choices of one case."""
    return Random(f"{SEED} {of} {number}")


class Failures:
    """What went wrong in a run, told at once and kept until the end: one failure does not hide the others."""

    def __init__(self) -> None:
        self._told: list[str] = []

    @contextmanager
    def of(self, case: str) -> Iterator[None]:
        """Keep what the block throws, with the case it belongs to."""
        try:
            yield
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            told = f"{case}: {type(error).__name__} at {place.filename}:{place.lineno}: {error}"
            print(f"FAILED {told}", flush=True)
            self._told.append(told)

    def none(self) -> None:
        """Assert that there were none."""
        assert not self._told, "\n".join(self._told)


def linked_copy(source: Path, target: Path) -> Path:
    """The folder with hard links in place of files: a file to be changed is written again, not into."""
    return Path(shutil.copytree(source, target, copy_function=_link))


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # on another disk
        shutil.copyfile(source, target)


def replace(path: Path, content: bytes) -> None:
    """Another content for a file of a linked copy."""
    path.unlink()
    path.write_bytes(content)


def damaged_table(tables: Path, random: Random) -> str:
    """Damage one table of a linked copy; what was done, in words."""
    path = random.choice(sorted(tables.glob("*.csv")))
    how = random.choice((_bytes, _columns, _rows, _cell, _cell, _cell, _character, _character))
    return f"{path.name}: {how(path, random)}"


def _bytes(path: Path, random: Random) -> str:
    changed = bytearray(path.read_bytes())
    for _ in range(random.choice((1, 2, 8))):
        changed[random.randrange(len(changed))] = random.randrange(256)
    end = random.randrange(len(changed)) if random.random() < 0.2 else len(changed)
    replace(path, bytes(changed[:end]))
    return f"bytes changed, {end} left"


def _read(path: Path) -> list[Row]:
    """The rows of a table, each as long as its head: those of ESCO's hierarchy end where their codes end."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    return [row + [""] * (len(rows[0]) - len(row)) for row in rows]


def _write(path: Path, rows: list[Row]) -> None:
    path.unlink()
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def _columns(path: Path, random: Random) -> str:
    rows = _read(path)
    one, other = random.randrange(len(rows[0])), random.randrange(len(rows[0]))
    name, how = rows[0][one], random.choice(("lost", "doubled", "renamed", "exchanged"))
    for row in rows if how != "renamed" else rows[:1]:
        if how == "lost":
            del row[one]
        elif how == "doubled":
            row.append(row[one])
        elif how == "renamed":
            row[one] = random.choice(CELLS)[:50]
        else:
            row[one], row[other] = row[other], row[one]
    _write(path, rows)
    return f"column {name} {how}"


def _rows(path: Path, random: Random) -> str:
    rows = _read(path)
    at, how = random.randrange(1, len(rows)), random.choice(("lost", "doubled", "cut short", "all lost"))
    if how == "lost":
        del rows[at]
    elif how == "doubled":
        rows.append(rows[at])
    elif how == "cut short":
        rows[at] = rows[at][: random.randrange(len(rows[at]))]
    else:
        del rows[1:]
    _write(path, rows)
    return f"row {at} {how}"


def _cell(path: Path, random: Random) -> str:
    rows = _read(path)
    at, column = random.randrange(1, len(rows)), random.randrange(len(rows[0]))
    other = rows[random.randrange(1, len(rows))][column]
    rows[at][column] = random.choice((*CELLS, other, other, other))
    _write(path, rows)
    return f"row {at}, {rows[0][column]} = {rows[at][column][:40]!r}"


def _character(path: Path, random: Random) -> str:
    rows = _read(path)
    at, column = random.randrange(1, len(rows)), random.randrange(len(rows[0]))
    return _put(path, rows, at, column, random.choice((*NONCHARACTERS, *SEPARATORS)), random)


def _put(path: Path, rows: list[Row], at: int, column: int, character: str, random: Random) -> str:
    text = rows[at][column]
    place = random.randrange(len(text) + 1)
    rows[at][column] = text[:place] + character + text[place:]
    _write(path, rows)
    return f"row {at}, {rows[0][column]} with U+{ord(character):04X}"


def character_case(tables: Path, number: int) -> tuple[str, int, str]:
    """File, column, character: so many cases as there are columns have each column once and each character too.

    The next ones have each column with another character.
    """
    columns = [(path.name, column) for path in sorted(tables.glob("*.csv")) for column in range(len(_read(path)[0]))]
    characters = [*NONCHARACTERS, *SEPARATORS]
    turn, at = divmod(number, len(columns))
    return *columns[at], characters[(at + 41 * turn) % len(characters)]


def put_character(tables: Path, case: tuple[str, int, str], random: Random) -> str:
    """Damage a linked copy by a :func:`character_case`; what was done, in words."""
    name, column, character = case
    rows = _read(tables / name)
    return f"{name}: {_put(tables / name, rows, random.randrange(1, len(rows)), column, character, random)}"
