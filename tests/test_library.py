"""The library's front door: a release as an object, and the same options as the commands."""

from __future__ import annotations

import csv
import dataclasses
import inspect
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import polars as pl
import pytest
import rdflib

import esco_kg
from esco_kg.cli import main
from esco_kg.diff.compare import Comparison
from esco_kg.errors import EscoKgError, InputError, UsageError
from esco_kg.evaluation.report import Evaluation
from esco_kg.library import plans, reviews
from esco_kg.library.measures import write_tables
from esco_kg.library.queries import in_form, own_answer
from esco_kg.library.release import Release
from esco_kg.library.versions import patch
from esco_kg.validation import CheckOutcome
from tests.support.places import ROOT


@pytest.fixture(scope="module")
def release(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        found = esco_kg.open(demonstration)
        found.sparql("SELECT ?s WHERE { ?s ?p ?o } LIMIT 1")  # makes the store while the cache lies here
    return found


def _rows(release: Release, name: str) -> list[dict[str, str]]:
    path = release.folder / f"esco-kg-{release.version}-{name}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_release_is_made_and_opened_in_two_lines(tmp_path: Path) -> None:
    made = esco_kg.make_release(out=tmp_path / "releases", languages=["en", "de"])
    release = esco_kg.open(made.folder)
    assert made.is_new and release.version == made.version == "1.0.0"
    clusters = release.graph("clusters")
    assert isinstance(clusters, rdflib.Graph) and len(clusters) == made.triples["clusters"]
    named = [o for s, o in clusters.subject_objects(rdflib.SKOS.prefLabel) if "/cluster/" in str(s)]
    assert {o.language for o in named if isinstance(o, rdflib.Literal)} == {"en", "de"}


def test_the_newest_release_of_a_folder_is_opened_or_the_one_named(two_releases: Path) -> None:
    assert esco_kg.open(two_releases).version == "2.0.0"
    assert esco_kg.open(two_releases, version="1.0.0").version == "1.0.0"
    with pytest.raises(InputError, match=r"holds no release 3\.0\.0\nhint: It holds 1\.0\.0, 2\.0\.0\."):
        esco_kg.open(two_releases, version="3.0.0")


def test_a_release_of_the_demonstration_is_opened_only_where_it_is_named(demonstration: Path) -> None:
    parent = demonstration.parent  # .../demonstration/
    with pytest.raises(InputError, match="holds no release"):
        esco_kg.open(parent.parent)
    assert esco_kg.open(parent).version == "1.0.0"
    assert esco_kg.demonstration(out=parent.parent).folder == demonstration


def test_clusters_of_a_level_have_names_in_the_language_asked_for(release: Release) -> None:
    top = release.clusters(level=1, language="de")
    published = [row for row in _rows(release, "clusters") if row["depth"] == "1"]
    assert top["id"].to_list() == [row["id"] for row in published]
    assert top["label"].to_list() == [row["label_de"] or row["label_en"] for row in published]
    assert release.clusters().height == len(_rows(release, "clusters"))
    with pytest.raises(UsageError, match=r"has no level 9\nhint: It has levels \[1, 2, 3\]"):
        release.clusters(level=9)
    with pytest.raises(UsageError, match="no texts in 'xx'\nhint: It has en, de, fr"):
        release.clusters(language="xx")


def test_a_skill_is_found_by_label_and_by_iri(release: Release) -> None:
    row = _rows(release, "allocations")[0]
    by_iri, by_label = release.clusters_of(row["skill"]), release.clusters_of(row["skill_label"])
    assert by_iri.equals(by_label) and row["cluster"] in by_iri["cluster"].to_list()
    assert by_iri.filter(pl.col("rank") == "primary").height == 1
    with pytest.raises(UsageError, match="no skill is called 'no such skill'"):
        release.clusters_of("no such skill")


def test_the_skills_of_a_cluster_are_those_at_or_below_it(release: Release) -> None:
    for cluster in release.clusters(level=1).iter_rows(named=True):
        assert release.skills(cluster=cluster["id"]).height == cluster["skills"]
    primary = [row for row in _rows(release, "allocations") if row["rank"] == "primary"]
    assert release.skills().height == len(primary)
    with pytest.raises(UsageError, match="has no cluster 'c99999'"):
        release.skills(cluster="c99999")


def test_skills_have_labels_in_the_language_asked_for(release: Release) -> None:
    english, german = release.skills(), release.skills(language="de")
    assert english["skill"].to_list() == german["skill"].to_list()
    assert english["label"].to_list() != german["label"].to_list() and german["label"].null_count() == 0


def test_names_are_in_the_main_language_where_none_is_asked_for(tmp_path: Path) -> None:
    """It is the publisher's, in the settings of the release, and not always English."""
    settings = tmp_path / "release.toml"
    settings.write_text('[scheme]\nmain_language = "de"\n', encoding="utf-8")
    made = esco_kg.make_release(out=tmp_path / "releases", languages=["de", "fr", "en"], config=settings)
    release = esco_kg.open(made.folder)
    assert release.main_language == "de"
    published = _rows(release, "clusters")
    assert release.clusters()["label"].to_list() == [row["label_de"] for row in published] and published[0]["label_de"]
    assert release.skills().equals(release.skills(language="de"))
    assert not release.skills().equals(release.skills(language="en"))


def test_tables_are_the_published_ones_with_types(release: Release) -> None:
    assert release.allocations().schema["weight"] == pl.Float64
    assert release.allocations().height == len(_rows(release, "allocations"))
    assert release.relations().height == len(_rows(release, "relations"))
    first = release.clusters(level=1)["id"][0]
    sections = release.sectors(first).filter(pl.col("level") == "section")
    assert 0 < sections["share"].sum() <= 1.0001


def test_a_measure_is_the_published_table(release: Release) -> None:
    found = release.measure("levels")
    with (release.folder / "statistics" / "levels.csv").open(encoding="utf-8", newline="") as stream:
        assert found.height == sum(1 for _ in csv.DictReader(stream))
    assert found.schema["skills"] == pl.Int64
    with pytest.raises(UsageError, match="there is no measure 'level'\nhint: The nearest: levels"):
        release.measure("level")


def test_a_saved_query_and_own_sparql_are_answered(release: Release) -> None:
    cluster = release.clusters(level=1)["id"][0]
    assert release.query("cluster-members", cluster=cluster).height > 0
    counted = release.sparql(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT (COUNT(*) AS ?n) { ?s skos:narrowMatch ?t }"
    )
    assert int(counted["n"][0]) == release.skills().height


def test_literals_of_a_graph_come_back_as_published(release: Release) -> None:
    modified = {str(o) for o in release.graph("pillar").objects(None, rdflib.DCTERMS.modified)}
    assert modified and all(text.endswith("Z") for text in modified)
    with pytest.raises(InputError, match=r"has no graph 'nothing'\nhint: It has: .*clusters"):
        release.graph("nothing")


def test_skills_are_found_in_texts(release: Release) -> None:
    found = release.skills_in(["You lay bricks. No welding of steel parts required.", "free parking"])
    assert found["text"].to_list() == [0, 0, 1]
    assert found["skill_label"].to_list() == ["lay bricks", "weld steel parts", ""]
    assert found["denied"].to_list() == ["no", "yes", ""] and found["start"].to_list() == [4, 19, None]


def test_texts_are_assigned_and_skills_recommended(release: Release) -> None:
    label = release.skills()["label"][0]
    assigned = release.assign([label, ""])
    assert assigned["skill_label"].to_list() == [label, ""] and assigned["status"].to_list() == ["fits", "none fits"]
    recommended = release.recommend(skills=[label], top=3)
    assert recommended.height == 3 and label not in recommended["label"].to_list()
    assert release.recommend(skills=[label], what="occupations", top=2).height == 2


def test_a_release_is_compared_and_verified(two_releases: Path) -> None:
    old, new = esco_kg.open(two_releases, version="1.0.0"), esco_kg.open(two_releases)
    assert old.diff(new).delta.verdict.part == "major"
    assert old.diff(new.folder).delta.changes == old.diff(new).delta.changes
    assert new.verify().deviations == ()


def test_a_release_says_what_it_is(release: Release) -> None:
    assert repr(release) == (
        f"<Release 1.0.0: {release.clusters().height:,} clusters of {release.skills().height:,} skills;"
        " languages en, de, fr>"
    )
    assert {"clusters", "skills", "version"} <= set(dir(release))
    assert not [name for name in dir(release) if name.startswith("_")]


def test_the_package_shows_its_public_names_alone() -> None:
    assert dir(esco_kg) == sorted(esco_kg.__all__)
    assert esco_kg.__version__ and esco_kg.Release is Release
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        esco_kg.nothing  # noqa: B018


# Each command: what does the same in Python. A release is opened by `esco_kg.open`, which names --version.
CALLS: dict[str, list[Callable[..., Any]]] = {
    "aggregate": [Release.aggregate],
    "assign": [Release.assign_table, Release.calibrate_table],
    "bridge": [esco_kg.bridge],
    "check": [esco_kg.check, CheckOutcome.at_least, CheckOutcome.as_turtle],
    "contents": [Release.contents],
    "diff": [esco_kg.compare, patch, Comparison.as_text, Comparison.by_template],
    "evaluate": [
        esco_kg.evaluate, Evaluation.as_csv, Evaluation.as_html, Evaluation.as_markdown, Evaluation.as_turtle,
    ],
    "inspect": [esco_kg.inspect],
    "load": [esco_kg.Store, esco_kg.Store.load, esco_kg.Store.load_files, esco_kg.Store.make_current],
    "measure": [esco_kg.measure, esco_kg.measures, write_tables],
    "names": [Release.names],
    "query": [
        esco_kg.queries, esco_kg.Store, esco_kg.Store.query, esco_kg.Store.query_text, esco_kg.Store.own_answer,
        own_answer, in_form,
    ],
    "recommend items": [Release.recommend_items],
    "recommend occupations": [Release.recommend],
    "recommend skills": [Release.recommend],
    "release": [esco_kg.make_release],
    "review effect": [reviews.effect],
    "review export": [Release.review_export],
    "review import": [Release.review_import],
    "review proposals": [reviews.proposed, reviews.proposal_records],
    "review revoke": [reviews.revoke],
    "site": [esco_kg.write_site],
    "test": [Release.test, plans.plans, plans.summarise, plans.Report.files],
    "verify": [Release.verify, Release.sign],
}  # fmt: skip
# They start a program that runs until it is stopped.
NO_CALLS = {"fuseki", "serve"}
# What is printed, and how; an answer is an object that is written in each form.
ON_A_TERMINAL = {"format", "json", "quiet", "verbose"}
# Options that are a call of their own in Python, or a part of the answer.
OTHERWISE = {
    "assign": {"calibrate": "calibrate_table"},
    "check": {"fail_on": "at_least", "report": "as_turtle"},
    "diff": {"fail_on": "delta"},
    "evaluate": {"csv": "as_csv", "dqv": "as_turtle", "html": "as_html", "markdown": "as_markdown"},
    "load": {"current": "make_current"},
    "measure": {"list": "measures"},
    "query": {"out": "in_form", "param": "parameters", "sparql": "query_text"},
    "release": {"no_cache": "use_cache"},
    "test": {"list": "plans", "out": "files", "summarise": "summarise"},
    "verify": {"sign": "sign"},
}  # fmt: skip


def _commands() -> Iterator[tuple[str, click.Command]]:
    for name, command in main.commands.items():
        if isinstance(command, click.Group):
            yield from ((f"{name} {below}", found) for below, found in command.commands.items())
        else:
            yield name, command


def test_every_command_has_its_call_with_the_same_options() -> None:
    found = dict(_commands())
    assert found.keys() == CALLS.keys() | NO_CALLS
    for name, calls in CALLS.items():
        known = {name for call in (esco_kg.open, *calls) for name in inspect.signature(call).parameters}
        known |= {call.__name__ for call in calls} | {field.name for field in dataclasses.fields(Comparison)}
        for option in found[name].params:
            if not isinstance(option, click.Option):
                continue
            flag = option.opts[0].lstrip("-").replace("-", "_")
            said = {flag, f"{flag}s", OTHERWISE.get(name, {}).get(flag, flag)}
            assert flag in ON_A_TERMINAL or said & known, f"{name} --{flag}"


def test_importing_the_library_loads_nothing_heavy() -> None:
    program = "import esco_kg, sys; print(sorted({m.partition('.')[0] for m in sys.modules}))"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    for heavy in ("numpy", "polars", "rdflib", "sklearn", "scipy", "pyoxigraph", "jinja2", "click"):
        assert f"'{heavy}'" not in shown.stdout


def test_an_error_of_a_user_is_one_class_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(EscoKgError) as caught:
        esco_kg.make_release(tmp_path / "nothing", out=tmp_path / "releases")
    assert caught.value.hint and str(caught.value) == f"{caught.value.message}\nhint: {caught.value.hint}"
    assert not (tmp_path / "releases").exists()


def test_inspect_and_check_take_the_options_of_their_commands(demonstration: Path, tmp_path: Path) -> None:
    looked = esco_kg.inspect(ROOT / "esco_kg/demonstration/v1.0.0", languages=["en"])
    assert esco_kg.inspect(languages=["en"]) == looked, "the data that the package brings"
    assert looked.version == "1.0.0" and list(looked.languages) == ["en"]
    assert esco_kg.check(demonstration).conforms
    with pytest.raises(UsageError, match="the folder of a release is checked alone"):
        esco_kg.check(demonstration, tmp_path / "other.ttl")


def scripts() -> list[str]:
    """The Python blocks of docs/library.md."""
    page = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


def test_the_page_of_the_library_shows_six_short_scripts() -> None:
    lines = [[line for line in script.split("\n") if line] for script in scripts()]
    assert len(lines) == 6 and all(len(script) <= 5 for script in lines)


@pytest.mark.parametrize("script", scripts(), ids=range(1, len(scripts()) + 1))
def test_the_scripts_of_the_page_run(script: str, demonstration: Path, tmp_path: Path) -> None:
    # The last one makes a release of its own.
    if "make_release" not in script:
        shutil.copytree(demonstration, tmp_path / "releases" / "demonstration" / demonstration.name)
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT)}
    shown = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=tmp_path, env=environment
    )
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.strip()
