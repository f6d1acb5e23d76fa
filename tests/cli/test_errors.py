"""What nobody foresaw is one line, a file with the traceback, and status 70."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE

import click
import pytest
from click.testing import CliRunner

from esco_kg.cli import main


def test_an_unforeseen_failure_is_one_line_and_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(*arguments: object) -> None:
        raise AttributeError("no such\nthing \x1b[31m")

    monkeypatch.setattr("esco_kg.release.make_release", broken)
    found = CliRunner().invoke(main, ["release", "--out", str(tmp_path / "secret"), "--quiet"])
    assert found.exit_code == 70
    error, hint = found.output.strip().split("\n")
    assert error == "error: release failed in a way that nobody foresaw: AttributeError: no such thing \\x1b[31m"
    path = Path(re.search(r"with (\S+),", hint)[1])  # type: ignore[index]
    text = path.read_text(encoding="utf-8")
    assert "Traceback (most recent call last)" in text and "in broken" in text and "secret" not in text
    assert path.stat().st_mode & 0o077 == 0, "for its owner alone"
    path.unlink()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is full")
@pytest.mark.parametrize("buffered", [{}, {"PYTHONUNBUFFERED": "1"}], ids=["buffered", "not buffered"])
@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["measure", "--list"], ["assign", "--help"]])
def test_a_full_disk_under_standard_output_is_told(arguments: list[str], buffered: dict[str, str]) -> None:
    """It was called a defect of ours, or a traceback stood there."""
    command = [sys.executable, "-m", "esco_kg", *arguments]
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=PIPE, check=False, env=plain | buffered)
    assert done.returncode == 3
    error, hint = done.stderr.decode().strip().split("\n")
    assert error == "error: the output cannot be written: No space left on device"
    assert hint.startswith("hint: Free some space")


def test_a_failure_is_told_where_no_file_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> None:
        raise AttributeError("no such thing")

    def full(*arguments: object, **known: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("esco_kg.release.make_release", broken)
    monkeypatch.setattr("tempfile.mkstemp", full)
    found = CliRunner().invoke(main, ["release", "--quiet"])
    assert found.exit_code == 70 and "could not be written: No space left on device" in found.output


def test_a_shell_completes_commands() -> None:
    environment = {"_ESCO_KG_COMPLETE": "bash_complete", "COMP_WORDS": "esco-kg re", "COMP_CWORD": "1"}
    found = CliRunner().invoke(main, [], env=environment, prog_name="esco-kg")
    assert found.output.split() == ["plain,recommend", "plain,release", "plain,review"]


def _options(command: click.Command, name: str = "esco-kg") -> Iterator[tuple[str, click.Option]]:
    for option in command.params:
        if isinstance(option, click.Option):
            yield f"{name} {option.opts[0]}", option
    if isinstance(command, click.Group):
        for below in command.list_commands(click.Context(command)):
            found = command.get_command(click.Context(command), below)
            assert found is not None
            yield from _options(found, f"{name} {below}")


def test_each_whole_number_that_a_command_takes_has_bounds() -> None:
    """``--rare -3`` gave all skills but three, and ``--smallest -5`` switched the protection of tables off."""
    found = dict(_options(main))
    assert "esco-kg review export --rare" in found
    unbound = [name for name, option in found.items() if type(option.type) is type(click.INT)]
    assert not unbound


@pytest.mark.parametrize(
    "arguments",
    [
        ["aggregate", "persons.csv", "--skill", "skill", "--smallest", "0"],
        ["diff", "a", "b", "--limit", "-1"],
        ["evaluate", "--seed", "-1"],
        ["review", "export", "--reviewers", "r1", "--out", "out", "--rare", "-3"],
    ],
)
def test_a_number_out_of_bounds_is_named(arguments: list[str]) -> None:
    found = CliRunner().invoke(main, arguments)
    assert found.exit_code == 2 and f"'{arguments[-2]}': {arguments[-1]} is not in the range" in found.output
