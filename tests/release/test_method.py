"""The method of docs/method.md, found by its entry point and released."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from esco_kg.cli import main
from esco_kg.clusters.methods import find_method
from esco_kg.errors import UsageError
from esco_kg.model.partition import Partition
from tests.support.places import ROOT

PAGE = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The module of the page and what pip writes beside it; the settings of the page, in release.toml."""
    (module,) = re.findall(r"Save it as `first_occupation.py`:\n\n```python\n(.*?)```", PAGE, re.DOTALL)
    entry, settings = re.findall(r"^```toml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert len([line for line in module.splitlines() if line.strip()]) <= 20
    (tmp_path / "first_occupation.py").write_text(module, encoding="utf-8")
    info = tmp_path / "first_occupation-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: first-occupation\nVersion: 1.0\n", encoding="utf-8")
    name = re.sub(r'\[project\.entry-points\."(.*?)"\]', r"[\1]", entry).replace('"', "")
    (info / "entry_points.txt").write_text(name, encoding="utf-8")
    (tmp_path / "release.toml").write_text(settings, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "first_occupation", raising=False)
    return tmp_path


def test_the_method_of_the_page_makes_a_release(installed: Path) -> None:
    run = CliRunner().invoke(
        main, ["release", "--quiet", "--config", str(installed / "release.toml"), "--out", str(installed / "releases")]
    )
    assert run.exit_code == 0, run.output
    release = installed / "releases" / "demonstration" / "1.0.0"
    notes = (release / "RELEASE-NOTES.md").read_text(encoding="utf-8")
    assert "A program put each skill where the first occupation is that needs it" in notes
    assert "A program grouped the skills" not in notes
    assert "ISCO sub-major group" in notes
    assert json.loads((release / "manifest.json").read_text(encoding="utf-8"))["origin"]["kind"] == "method"


def test_the_shipped_method_is_found_like_any_other() -> None:
    assert find_method("framed").how["en"].startswith("A program grouped the skills")
    with pytest.raises(UsageError, match=r"clusters\.method = 'absent': there is no such clustering method") as caught:
        find_method("absent")
    assert "framed" in caught.value.hint


def test_a_partition_is_made_of_the_names_of_clusters() -> None:
    found = Partition.of({"a": ("T", "x"), "b": ("T", "y"), "c": ("U", "z"), "d": ("T", "x")})
    assert (found.finest.tolist(), found.parents[0].tolist()) == ([0, 1, 2, 0], [0, 0, 1])
    with pytest.raises(ValueError, match="'x' lies in two clusters"):
        Partition.of({"a": ("T", "x"), "b": ("U", "x")})
    with pytest.raises(ValueError, match="the same number of clusters"):
        Partition.of({"a": ("T", "x"), "b": ("U",)})
