"""Every path that a command takes may be relative, from whatever folder the command is started in."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from esco_kg.cli import main
from esco_kg.folder.tables import read_table
from esco_kg.resources import folder
from esco_kg.trials.review.ledger import Entry, append

# ``{r}`` is the folder of releases, with two in it, ``{d}`` one of files, ``{o}`` one to write into, each
# relative to the folder where the command is started, which is none of them; ``{v}`` is the second release, ``{s}`` a
# skill.
CASES = [
    "verify {r}/1.0.0",
    "contents {r}",
    "names fr {r}/1.0.0",
    "query level-clusters {r} --out {o}/rows.csv",
    "measure {r} --name levels --out {o}/measured.csv",
    "measure {r}/1.0.0/esco-kg-1.0.0-clusters.ttl --name levels",
    "check {d}/vocabulary.ttl --shapes {d}/shapes.ttl --background {d}/more.ttl --report {o}/report.ttl",
    "check {d}/vocabulary.ttl --profile {d}/profile.tsv",
    "check {d}/one.jsonld --context http://x.example/context={d}/context.jsonld",
    "inspect {d}/esco --esco-version 1.2.0",
    "assign {d}/texts.csv {r} --column text --calibrate label --out {o}/calibration.toml",
    "assign {d}/texts.csv {r} --column text --calibration {d}/calibration.toml --out {o}/assigned.csv",
    "aggregate {d}/texts.csv {r} --text text --across region --smallest 1 --out {d}/published.csv",
    "aggregate {d}/texts.csv {r} --text text --across region --smallest 1 --published {d}/published.csv",
    "recommend items {d}/texts.csv {s} {r} --text text",
    "diff {r}/1.0.0 {r}/{v} --template {d}/report.md",
    "diff {d}/one.jsonld {d}/one.jsonld --context http://x.example/context={d}/context.jsonld",
    "bridge {r}/1.0.0 {r}/{v} {d}/series.csv",
    "evaluate {r}/1.0.0 --splits 2 --models lsa --jobs 1 --terms {d}/terms --nace {d}/nace.csv"
    " --curation {d}/curation --csv {o}/e.csv --html {o}/e.html --markdown {o}/e.md --dqv {o}/e.ttl",
    "review export {r} --reviewers r1,r2 --use {d}/use.csv --out {o}/reviews",
    "review import {d}/reviews/review-1.0.0-r1.xlsx {r}/1.0.0 --ledger {d}/ledger.csv"
    " --disagreements {o}/disagreements.csv",
    "review revoke {s} --reviewer r1 --reason no --ledger {d}/ledger.csv",
    "review effect {r}/1.0.0 {r}/{v} --ledger {d}/curation/ledger.csv",
    "test {d}/plan.toml {r} --data terms={d}/texts.csv --out {o}/tested",
    "site {o}/site {r} --cache {o}/cache",
    "release {d}/esco --esco-version 1.2.0 --nace {d}/nace.csv --config {d}/release.toml --curation {d}/curation"
    " --previous {r}/{v} --issued 2036-01-31 --out {o}/releases",
    "release {d}/esco --esco-version 1.2.0 --clusters {d}/mine.csv --out {o}/own",
]
# These start a server, or need one: tests/web/test_served_cache.py, tests/store.
ELSEWHERE = {"serve", "fuseki", "load"}

PLAN = """[plan]
use = "own use"
title = "A title"
[data.terms]
file = "elsewhere.csv"
text = "text"
skill = "label"
unit = "region"
[[task]]
kind = "assign"
data = "terms"
"""
FILES = {
    "vocabulary.ttl": "<urn:a> a <http://www.w3.org/2004/02/skos/core#Concept> .",
    "more.ttl": "<urn:b> a <http://www.w3.org/2004/02/skos/core#Concept> .",
    "shapes.ttl": "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:s> a sh:NodeShape ; sh:targetNode <urn:a> .",
    "profile.tsv": "rule\tgraph\tseverity\nskos:S9\tany\tviolation\n",
    "one.jsonld": '{"@context": "http://x.example/context", "@id": "urn:a", "@type": "Concept", "label": "oven"}',
    "context.jsonld": '{"@context": {"@vocab": "http://www.w3.org/2004/02/skos/core#", "label": "prefLabel"}}',
    "calibration.toml": "slope = 5.0\nintercept = -3.0\nthreshold = 0.5\n",
    "report.md": "{{ verdict[0] }}",
    "plan.toml": PLAN,
    "terms/trial_set.csv": "sentence,span,sub_span,label\n,welding steel,,weld steel parts\n,none,,LABEL NOT PRESENT\n",
}


@pytest.fixture(scope="module")
def places(demonstration: Path, second_release: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The folders of the cases, relative to a third one, in which the commands are started."""
    top = tmp_path_factory.mktemp("paths")
    data, start = top / "data of mine", top / "started here" / "deeper"
    start.mkdir(parents=True)
    (top / "out").mkdir()
    shutil.copytree(demonstration, top / "releases" / "1.0.0")
    shutil.copytree(second_release, top / "releases" / second_release.name)
    shutil.copytree(folder("demonstration") / "v1.0.0", data / "esco")
    shutil.copyfile(data / "esco" / "release.toml", data / "release.toml")
    shutil.copytree(folder("curation"), data / "curation")
    for name, text in FILES.items():
        (data / name).parent.mkdir(exist_ok=True)
        (data / name).write_text(text, encoding="utf-8")
    allocations = [row for _, row in read_table(demonstration / "esco-kg-1.0.0-allocations.csv")]
    primary = [row for row in allocations if row["rank"] == "primary"]
    skill, cluster = primary[0]["skill"], primary[0]["cluster"]
    occupation = next(_rows(data / "esco" / "occupations_en.csv"))["conceptUri"]
    texts = [("weld steel parts", "weld steel parts", "north"), ("free fruit", "none", "north")]
    _write(data / "texts.csv", ("text", "label", "region"), texts * 15)
    _write(data / "series.csv", ("cluster", "value"), [(cluster, "7")])
    _write(data / "nace.csv", ("ESCO URI", "NACE code", "NACE title"), [(occupation, "01.1", "Growing of crops")])
    _write(data / "use.csv", ("skill", "use"), [(skill, "3")])
    append(data / "ledger.csv", [Entry("2026-01-01", "r1", "1.0.0", skill, "agree", cluster)])
    asked = ["review", "export", str(demonstration), "--reviewers", "r1,r2", "--out", str(data / "reviews")]
    assert CliRunner().invoke(main, asked).exit_code == 0
    _write(data / "mine.csv", ("skill", "cluster"), [(row["skill"], f"c{n % 9}") for n, row in enumerate(primary)])
    relative = {name: os.path.relpath(top / path, start) for name, path in
                (("r", "releases"), ("d", data.name), ("o", "out"))}  # fmt: skip
    return {**relative, "s": skill, "v": second_release.name, "start": str(start)}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def _write(path: Path, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([head, *rows])


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_a_relative_path_is_that_of_the_folder_one_stands_in(
    case: str, places: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(places["start"])
    words = case.split()
    asked = [word.format(**places) for word in words]
    found = CliRunner().invoke(main, asked)
    assert found.exit_code == 0, found.output
    for word, path in zip(words, asked, strict=True):
        if word.startswith("{o}") and "disagreements" not in word:  # there are none
            assert Path(path).exists(), f"{path} was not written"
    assert not list(Path().iterdir()), "written where the command was started"


def test_every_path_of_every_command_is_among_them() -> None:
    tried = {(words[0], word) for case in CASES for words in [case.split()] for word in words if word[:2] == "--"}
    for path, command in _commands(main, ()):
        if path[0] in ELSEWHERE:
            continue
        for option in command.params:
            if isinstance(option, click.Option) and isinstance(option.type, click.Path):
                assert {(path[0], name) for name in option.opts} & tried, (*path, option.opts)


def _commands(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found
            yield from _commands(found, (*path, name))
    else:
        yield path, command
