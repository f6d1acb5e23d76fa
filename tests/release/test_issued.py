"""The date of issue: the real day, no part of what a release is made from, and never a key that two releases share."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from esco_kg import scheme
from esco_kg.cli import main
from esco_kg.dump import write_graph
from esco_kg.errors import UsageError
from esco_kg.folder.reading import ReleaseFolder
from esco_kg.model.published import ReleaseInfo
from esco_kg.rdf.graphs import GraphStore
from esco_kg.release.request import day_of_issue
from esco_kg.release.steps import same_as_newest
from esco_kg.statistics import measures
from esco_kg.statistics.sdmx import write_sdmx
from esco_kg.validation.cubes import normalised
from tests.support.sample_release import Sample, sample
from tests.support.two_releases import other_settings

# Four releases of one scheme; two of them were issued on one day.
RELEASES = {"1.0.0": "2026-01-31", "1.0.1": "2026-01-31", "1.1.0": "2026-02-28", "2.0.0": "2026-04-30"}


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture
def releases(demonstration: Path, tmp_path: Path) -> Path:
    """A folder of releases that a test may add to; the one in it was issued on 2024-12-24."""
    return Path(shutil.copytree(demonstration.parent.parent, tmp_path / "releases"))


# --- which day ----------------------------------------------------------------------------------------------------


def test_the_day_of_issue_is_the_real_day_unless_another_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was the day of ESCO's newest change: a release of today said that it was issued years ago."""
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    before = datetime.now(UTC).date().isoformat()
    assert before <= day_of_issue(None) <= datetime.now(UTC).date().isoformat()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735041600")
    assert day_of_issue(None) == "2024-12-24"
    assert day_of_issue("2026-01-31") == "2026-01-31"
    # One second before midnight in UTC, whatever the time zone of the machine.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735084799")
    assert day_of_issue(None) == "2024-12-24"


def test_an_epoch_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH 'yesterday' is no number of seconds"):
        day_of_issue(None)


def test_another_day_is_no_change(releases: Path) -> None:
    """The date is no part of the fingerprint; a run on a later day found a new release in an unchanged input."""
    found = run("release", "--out", releases, "--issued", "2026-01-31", "--quiet")
    assert found.exit_code == 0, found.output
    assert "Nothing changed since release 1.0.0: nothing was written." in found.output
    assert sorted(path.name for path in (releases / "demonstration").iterdir() if path.is_dir()) == ["1.0.0"]


def test_a_day_before_the_previous_release_is_refused(releases: Path, tmp_path: Path) -> None:
    asked = ("release", "--out", releases, "--config", other_settings(tmp_path), "--quiet", "--issued")
    found = run(*asked, "2024-12-23")
    assert found.exit_code == 2, found.output
    assert "the date of issue 2024-12-23 is before that of release 1.0.0, 2024-12-24" in found.output
    assert "Give --issued 2024-12-24 or a later day." in found.output
    made = run(*asked, "2024-12-24")
    assert made.exit_code == 0 and "Release 1.0.1" in made.output, made.output
    manifest = json.loads((releases / "demonstration" / "1.0.1" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["issued"] == "2024-12-24"


# --- no key twice --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made() -> Sample:
    return sample()


def test_sdmx_tables_of_four_releases_have_no_key_twice(made: Sample, tmp_path: Path) -> None:
    """927 keys of two appended releases had two values each."""
    keys: Counter[tuple[str, ...]] = Counter()
    tables = measures.run(made.store())
    for version, issued in RELEASES.items():
        release = ReleaseInfo(version, "1.1.1", issued, ("en", "pl"), "esco-kg 0.1.0")
        parts = (made.clustering, made.pillar, made.sectors, made.config, release)
        folder = tmp_path / version
        write_sdmx(scheme.statistics_of(tables, *parts), folder, made.config, release)
        for path in sorted(folder.glob("*.csv")):
            keys.update((path.name, *key) for key in sdmx_keys(path))
    assert len(keys) > 1000
    assert [key for key, times in keys.items() if times > 1] == []


def sdmx_keys(path: Path) -> list[tuple[str, ...]]:
    """The dimensions of every row, the version of the structure left out: it is no dimension."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    about = (
        "STRUCTURE", "STRUCTURE_ID", "ACTION", "OBS_VALUE",
        "UNIT_MEASURE", "UNIT_MULT", "DECIMALS", "OBS_STATUS", "CONF_STATUS",
    )  # fmt: skip
    return [tuple(value for name, value in row.items() if name not in about) for row in rows]


def test_sdmx_tables_as_published_have_no_key_twice(demonstration: Path, second_release: Path) -> None:
    """Of two releases issued on one day."""
    for path in sorted((demonstration / "sdmx").glob("*.csv")):
        keys = [*sdmx_keys(path), *sdmx_keys(second_release / "sdmx" / path.name)]
        assert {key[-1] for key in keys} == {"2024-12-24"}
        assert len(set(keys)) == len(keys), path.name


def test_cubes_of_four_releases_have_no_key_twice(made: Sample, tmp_path: Path) -> None:
    """IC-12 over all of them: within one structure, no two observations agree in all dimensions."""
    store = GraphStore()
    tables = measures.run(made.store(), ["clusters", "levels", "allocation-coverage"])
    for version, issued in RELEASES.items():
        release = ReleaseInfo(version, "1.1.1", issued, ("en", "pl"), "esco-kg 0.1.0")
        found = scheme.statistics_of(tables, made.clustering, made.pillar, made.sectors, made.config, release)
        blocks = scheme.statistics_blocks(found, made.config, release, graphs=[], sources=[])
        plain = tmp_path / f"{version}.nt"
        prefixes = scheme.Iris(made.config.base_iri, version).prefixes()
        (tmp_path / version).mkdir()
        write_graph(blocks, tmp_path / version, "s", name="statistics", prefixes=prefixes, also_plain=plain)
        store.load("urn:all", plain)
    graphs = ["urn:all", normalised(store, ["urn:all"])]
    query = """PREFIX qb: <http://purl.org/linked-data/cube#>
        SELECT ?structure ?observation ?dimension ?value WHERE {
          ?observation qb:dataSet/qb:structure ?structure ; ?dimension ?value .
          ?structure qb:component/qb:dimension ?dimension }"""
    keys: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for structure, observation, dimension, value in store.select(query, graphs=graphs).values():
        keys.setdefault((str(structure), str(observation)), set()).add((str(dimension), str(value)))
    counted = Counter((structure, frozenset(key)) for (structure, _), key in keys.items())
    assert len(counted) > 4 * len(made.clustering.clusters)
    assert max(counted.values()) == 1


# --- what it is made from -------------------------------------------------------------------------------------------


def test_invented_data_are_nowhere_called_esco(demonstration: Path) -> None:
    """The demonstration's catalogue, feed and history said that it was made from ESCO 1.0.0."""
    beside = [path for path in demonstration.parent.iterdir() if path.is_file()]
    assert len(beside) == 2 + 2 * 7, "catalogue, log, and a page and a feed in each language"
    for path in (*demonstration.glob("*-catalogue.ttl"), *demonstration.glob("*.md"), *beside):
        text = path.read_text(encoding="utf-8")
        assert "ESCO 1.0.0" not in text, path.name
    assert "made from demonstration data 1.0.0." in (demonstration.parent / "feed.xml").read_text(encoding="utf-8")


def test_only_the_newest_release_can_be_the_same(tmp_path: Path) -> None:
    """An input equal to that of an older release was told as "Nothing changed since" that one, and nothing was made."""
    older, newest = (
        ReleaseFolder(tmp_path / version, version, {"fingerprint": mark})
        for version, mark in (("1.0.0", "a"), ("1.1.0", "b"))
    )
    assert same_as_newest([older, newest], "b") == newest
    assert same_as_newest([older, newest], "a") is None and same_as_newest([], "a") is None
