"""No command harms a table: it writes aside, the input may be the output, and a failure leaves every byte."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from esco_kg.cli import main
from esco_kg.errors import OutputError
from esco_kg.folder.staging import replacing, replacing_all
from esco_kg.trials import rows

ENDINGS = ("csv", "xlsx", "ndjson", "parquet")
ROWS = [{"id": str(n), "text": "weld steel parts" if n % 2 else f"cook dish {n}"} for n in range(3003)]


def run(*arguments: object, status: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result


def written(path: Path, content: list[dict[str, str]] = ROWS) -> Path:
    rows.write(path, {"id": str, "text": str}, [content])
    return path


def read(path: Path) -> list[rows.Row]:
    with rows.reading(path) as table:
        return list(table.rows)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_output_may_be_the_input(ending: str, demonstration: Path, tmp_path: Path) -> None:
    """Of 3,000 rows 745 were left of a CSV file, and none of a Parquet file."""
    path = written(tmp_path / f"in.{ending}")
    told = run("assign", path, "--column", "text", demonstration, "--out", path)
    assert "3,003 texts assigned" in told.stderr
    found = read(path)
    assert [{"id": row["id"], "text": row["text"]} for row in found] == ROWS
    assert [row["skill_label"] for row in found if row["text"] == "weld steel parts"] == ["weld steel parts"] * 1501
    assert names(tmp_path) == [path.name]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_what_ends_in_the_middle_leaves_the_old_table(ending: str, error: type[BaseException], tmp_path: Path) -> None:
    path = written(tmp_path / f"out.{ending}", ROWS[:3])
    before = path.read_bytes()

    def batches() -> Iterator[list[rows.Row]]:
        for _ in range(12):  # more than one part of a Parquet file
            yield [dict(row) for row in ROWS]
        raise error

    with pytest.raises(error):
        rows.write(path, {"id": str, "text": str}, batches())
    assert path.read_bytes() == before and names(tmp_path) == [path.name]


def _small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (6_000, 6_000))


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_full_disk_leaves_the_old_table_and_is_told(ending: str, demonstration: Path, tmp_path: Path) -> None:
    """The limit on the size of files stands for the disk: the system refuses to write on."""
    out = written(tmp_path / f"out.{ending}", ROWS[:3])
    before = out.read_bytes()
    source = written(tmp_path / "in.csv")
    command = [sys.executable, "-m", "esco_kg", "assign", source, "--column", "text", demonstration]
    done = subprocess.run(
        [*map(str, command), "--out", str(out), "--quiet"], preexec_fn=_small_files, capture_output=True, text=True
    )
    assert done.returncode == 3, done.stderr
    assert f"error: {out}: File too large" in done.stderr and "Traceback" not in done.stderr
    assert out.read_bytes() == before and names(tmp_path) == ["in.csv", out.name]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_run_that_is_ended_leaves_the_old_table(ending: str, demonstration: Path, tmp_path: Path) -> None:
    """The run is held in the middle by a table that goes on: its standard input stays open."""
    out = written(tmp_path / f"out.{ending}", ROWS[:3])
    before = out.read_bytes()
    command = [sys.executable, "-m", "esco_kg", "assign", "-", "--column", "text", demonstration]
    process = subprocess.Popen(
        [*map(str, command), "--out", str(out)], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdin is not None and process.stderr is not None
    try:
        process.stdin.write("text\n" + "weld steel parts\n" * 30_000)
        process.stdin.flush()
        end = time.monotonic() + 300
        while not any(name.startswith(".partial-") for name in names(tmp_path)):
            assert process.poll() is None and time.monotonic() < end, "it never began to write"
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=300) == 130
        told = process.stderr.read()
    finally:
        process.kill()
        process.stdin.close()
        process.stderr.close()
    assert told.splitlines()[-1] == "interrupted: assign left every file whole, as it was or finished"
    assert out.read_bytes() == before and names(tmp_path) == [out.name]


def test_a_report_does_not_take_the_place_of_what_is_read(demonstration: Path, tmp_path: Path) -> None:
    table = written(tmp_path / "in.csv", ROWS[:9])
    before = table.read_bytes()
    linked = tmp_path / "link.csv"
    linked.symlink_to(table)
    told = "is an input, and would be written over"
    assert told in run("aggregate", table, "--skill", "text", "--out", linked, status=2).stderr
    assert told in run("assign", table, "--column", "text", "--calibrate", "id", "--out", table, status=2).stderr
    graph = tmp_path / "g.ttl"
    graph.write_text("<http://a.example/> a <http://a.example/B> .\n")
    assert told in run("check", graph, "--report", graph, status=2).stderr
    assert table.read_bytes() == before


def test_files_of_one_report_are_replaced_together_or_not_at_all(tmp_path: Path) -> None:
    paths = [tmp_path / "a", tmp_path / "b"]
    for path in paths:
        path.write_text("old")
    with pytest.raises(KeyboardInterrupt), replacing_all(paths) as places:
        places[0].write_text("new")
        raise KeyboardInterrupt
    assert [path.read_text() for path in paths] == ["old", "old"]
    with replacing_all(paths) as places:
        for place in places:
            place.write_text("new")
    assert [path.read_text() for path in paths] == ["new", "new"] and names(tmp_path) == ["a", "b"]


def test_a_link_and_permissions_outlast_a_new_content(tmp_path: Path) -> None:
    path, linked = tmp_path / "table.csv", tmp_path / "link.csv"
    path.write_text("old")
    path.chmod(0o640)
    linked.symlink_to(path)
    with replacing(linked) as place:
        place.write_text("new")
    assert linked.is_symlink() and path.read_text() == "new" and path.stat().st_mode & 0o777 == 0o640


def test_a_pipe_is_written_to_as_it_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE, text=True)
    written_to = rows.write(pipe, {"id": str}, [[{"id": "1"}]])
    assert written_to == 1 and reader.communicate(timeout=60)[0] == "id\n1\n"


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"gone/t\.csv: No such file or directory"):
        rows.write(tmp_path / "gone" / "t.csv", {"id": str}, [[{"id": "1"}]])
