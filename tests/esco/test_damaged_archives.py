"""Damaged workbooks and zips, made from a seed: each is read, or refused in one line that names it.

``ESCO_KG_FUZZ`` is the number of mutations of each kind.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from openpyxl import Workbook

from esco_kg.errors import EscoKgError
from esco_kg.esco import archive
from esco_kg.esco.crosswalk import read_crosswalk

NUMBER = int(os.environ.get("ESCO_KG_FUZZ", "20"))
SEED = 20260131


def mutated(data: bytes, random: Random) -> bytes:
    """Some bytes changed; one time in ten the end is cut off as well."""
    changed = bytearray(data)
    for _ in range(random.choice((1, 2, 8))):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed[: random.randrange(len(changed))]) if random.random() < 0.1 else bytes(changed)


def inside(data: bytes, random: Random) -> bytes:
    """A sound zip in which one member is mutated."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(packed, "w") as after:
        chosen = random.choice(before.namelist())
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, mutated(content, random) if name == chosen else content)
    return packed.getvalue()


@pytest.mark.parametrize("mutate", [mutated, inside], ids=["its bytes", "a member of it"])
def test_a_damaged_workbook_is_read_or_refused(tmp_path: Path, mutate: Callable[[bytes, Random], bytes]) -> None:
    """67 of 120 damaged workbooks gave tracebacks."""
    book = Workbook()
    book.active.append(["ESCO URI", "NACE code", "NACE title"])
    for number in range(30):
        book.active.append([f"http://x.example/o{number}", f"{number:02d}", "title"])
    book.save(tmp_path / "whole.xlsx")
    whole, path, random = (tmp_path / "whole.xlsx").read_bytes(), tmp_path / "damaged.xlsx", Random(SEED)
    for _ in range(NUMBER):
        path.write_bytes(mutate(whole, random))
        try:
            read_crosswalk(path, ("en",))
        except EscoKgError as error:
            assert str(error).startswith(("damaged.xlsx", str(path))), error


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_damaged_zip_is_read_or_refused(tmp_path: Path, method: int) -> None:
    """A zip packed with LZMA gave a traceback."""
    path, random = tmp_path / "damaged.zip", Random(SEED)
    with zipfile.ZipFile(path, "w", method) as packed:
        for number in range(3):
            packed.writestr(f"table{number}.csv", "a,b\n" + "1,2\n" * 500)
    whole = path.read_bytes()
    for _ in range(NUMBER):
        path.write_bytes(mutated(whole, random))
        try:
            for name in archive.member_names(path):
                with archive.stream(path, name, f"{path.name}/{name}") as stream:
                    stream.read()
        except EscoKgError as error:
            assert str(error).startswith(("damaged.zip", str(path))), error
