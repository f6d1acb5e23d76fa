"""Texts may hold characters that some programs take for the end of a line; records end at a newline alone.

Found with U+2028 in a label: the second release of a folder stopped at its own log for good, 60 addresses answered 500,
and ``esco-kg site`` broke off.
"""

from __future__ import annotations

import json
from itertools import cycle
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from esco_kg.cli import main
from esco_kg.clusters.curated import rows
from esco_kg.errors import InputError, one_line
from esco_kg.release import index
from esco_kg.trials.review.ledger import COLUMNS, read_ledger
from esco_kg.web.app import make_app
from esco_kg.web.releases.site import open_site
from esco_kg.web.server.limits import Limits
from esco_kg.web.static_site.build import write_site
from tests.support.esco_csv import Miniature
from tests.support.lines import ROOT, broken

# What str.splitlines breaks at and XML 1.0 can carry; a label cannot hold a newline, ESCO's lists end their members so.
SEPARATORS = "\u2028\u2029\x85"


def separated(place: Path, more: str = "") -> Path:
    """A download with each separator in labels, notes and lists of skills, groups and occupations."""
    mini = Miniature("1.2.1", languages=("en",))
    for name in ("skills", "occupations", "skillGroups"):
        for row, sign in zip(mini[name].rows[2:], cycle(SEPARATORS), strict=False):
            row["preferredLabel"] += f" {more}a{sign}b"
            row["altLabels"] += f"\nalternative{sign}{more}label"
            row["description"] += f" first{sign}second"
    return mini.write(place, zipped=False)


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three releases of such data; the labels with separators change twice."""
    out = tmp_path_factory.mktemp("releases")
    for number, more in enumerate(("", "new ", "newer ")):
        data = separated(tmp_path_factory.mktemp("data"), more)
        found = CliRunner().invoke(
            main, ["release", str(data), "--out", str(out), "--quiet", "--no-cache", "--issued", f"202{number}-01-31"]
        )
        assert found.exit_code == 0, found.output
    return out


def test_a_folder_of_releases_goes_on(releases: Path) -> None:
    lines = (releases / index.LOG).read_bytes().split(b"\n")
    told = [json.loads(line)["release"] for line in lines[:-1]]
    assert sorted(set(told)) == sorted(path.parent.name for path in releases.glob("*/manifest.json"))
    assert len(set(told)) == 3
    pillar = (releases / sorted(set(told))[-1] / f"esco-kg-{sorted(set(told))[-1]}-pillar.ttl").read_text(
        encoding="utf-8"
    )
    assert all(sign in pillar for sign in SEPARATORS)


def test_every_document_of_the_static_site_is_served(releases: Path, tmp_path: Path) -> None:
    with_cache = tmp_path / "cache"
    write_site(open_site(releases, with_cache), tmp_path / "site")
    client = TestClient(
        make_app(open_site(releases, with_cache), limits=Limits(rate=0), log=None), raise_server_exceptions=False
    )
    names = [path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*")]
    documents = [name for name in names if name.startswith(("data/", "en/")) and "." in Path(name).name]
    assert len(documents) > 500
    with client:
        status = {name: client.get(f"/{name}").status_code for name in sorted(documents)[::3] if "/find/" not in name}
    assert {name: code for name, code in status.items() if code >= 500} == {}


@pytest.mark.parametrize("sign", SEPARATORS)
def test_tables_of_experts_may_hold_them(sign: str, tmp_path: Path) -> None:
    table = tmp_path / "forced.csv"
    table.write_text(f"# a{sign}b\nskill,reason\nx,it is{sign}used there\ny,\n", encoding="utf-8")
    found = list(rows(table, ("skill", "reason")))
    assert [(row.place, row["skill"]) for row in found] == [("forced.csv:3", "x"), ("forced.csv:4", "y")]
    ledger = tmp_path / "ledger.csv"
    cells = {"date": "2026-01-31", "reviewer": "r1", "reason": f"it is{sign}used"}
    line = ",".join(cells.get(column, "") for column in COLUMNS)
    ledger.write_text(f"{','.join(COLUMNS)}\n{line}\n", encoding="utf-8")
    assert [entry.reason for entry in read_ledger(ledger)] == [f"it is{sign}used"]


def test_a_message_is_one_line_and_harms_no_terminal() -> None:
    error = InputError("a.csv:3", "label 'a\u2028b\nc\x1b[2Jd' is wrong")
    assert str(error) == "a.csv:3: label 'a b c\\x1b[2Jd' is wrong"
    assert one_line("\x85a\t\u20ac\x00") == "a\t\u20ac\\x00"


def test_nobody_takes_lines_of_text_for_records(tmp_path: Path) -> None:
    assert list(broken(ROOT)) == []
    (tmp_path / "esco_kg").mkdir()
    (tmp_path / "esco_kg" / "a.py").write_text("x = 1\nfor line in text.splitlines():\n    pass\n")
    assert list(broken(tmp_path)) == ["esco_kg/a.py:2: for line in text.splitlines():"]
