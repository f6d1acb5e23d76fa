"""What is named and not there is wrong use for every command, and is told before any work begins."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from esco_kg.cli import main

# Every command that takes a file or folder; ``{r}`` is a release, ``{t}`` a table, ``nothing`` is not there.
ASKED = [
    "release nothing",
    "release --nace nothing",
    "release --config nothing",
    "release --previous nothing",
    "release --clusters nothing",
    "inspect nothing",
    "check nothing",
    "check {r}/esco-kg-1.0.0-clusters.ttl --shapes nothing",
    "measure nothing",
    "query level-clusters nothing",
    "assign nothing {r} --column text",
    "assign {t} nothing --column text",
    "assign {t} {r} --column text --calibration nothing",
    "aggregate nothing {r} --skill skill",
    "aggregate {t} nothing --skill text",
    "aggregate {t} {r} --skill text --published nothing",
    "recommend items nothing baking {r} --text text",
    "diff {r} nothing",
    "diff nothing {r}",
    "bridge {r} {r} nothing",
    "bridge {r} nothing {t}",
    "evaluate nothing",
    "load nothing --endpoint http://127.0.0.1:1/x",
    "verify nothing",
    "serve nothing",
    "site out nothing",
    "review export nothing --reviewers r1 --out out",
    "review export {r} --reviewers r1 --out out --use nothing",
    "review import nothing {r}",
    "review effect {r} nothing",
    "review effect {r} {r} --ledger nothing",
    "names fr nothing",
    "contents nothing",
]


@pytest.mark.parametrize("asked", ASKED)
def test_what_is_not_there_is_named_and_nothing_is_written(
    asked: str, demonstration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "table.csv").write_text("text\nbake bread\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    found = CliRunner().invoke(main, asked.format(r=demonstration, t="table.csv").split())
    assert found.exit_code == 2, found.output
    error, hint = found.stderr.strip().split("\n")
    assert error.startswith("error: ") and "nothing: there is no such file or folder" in error
    assert hint.startswith("hint: ")
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]
