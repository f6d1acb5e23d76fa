"""The examples of ``docs/offices.md`` run on a release as they stand there."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from esco_kg.folder.graphs import unpacked
from esco_kg.rdf.graphs import GraphStore
from tests.support.places import ROOT

PAGE = ROOT / "docs" / "offices.md"


def examples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("example", examples("python"), ids=["csvw", "sdmx", "jsonstat"])
def test_python_examples_print_what_they_promise(demonstration: Path, tmp_path: Path, example: str) -> None:
    (tmp_path / "releases").symlink_to(demonstration.parent)
    done = subprocess.run(
        [sys.executable, "-c", example], cwd=tmp_path, env=os.environ, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "qb:Observation" in done.stdout or re.search(r"\d+ values", done.stdout)


def test_the_r_example_keeps_codes_as_text(demonstration: Path, tmp_path: Path) -> None:
    if not shutil.which("Rscript"):
        pytest.skip("R is not installed, such as Debian's r-base-core")
    (tmp_path / "releases").symlink_to(demonstration.parent)
    code, package = examples("r")
    assert "correspondenceTables" in package  # cannot be had from the registries that tests use
    (tmp_path / "example.R").write_text(f'{code}\nwrite.csv(largest, "largest.csv", row.names = FALSE)\n')
    done = subprocess.run(["Rscript", "example.R"], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    table = demonstration / "statistics" / "isco-submajor-groups.csv"
    with (tmp_path / "largest.csv").open(newline="") as ours, table.open(encoding="utf-8", newline="") as whole:
        found = [(row["isco"], row["cluster"], float(row["share"])) for row in csv.DictReader(ours)]
        known = {(row["isco"], row["cluster"], float(row["share"])) for row in csv.DictReader(whole)}
    assert len(found) == 6 and set(found) <= known
    assert found[0][2] == max(share for _, _, share in known)


def test_the_sparql_example_answers(demonstration: Path, tmp_path: Path) -> None:
    (query,) = examples("sparql")
    store = GraphStore()
    store.load("urn:statistics", unpacked(demonstration, tmp_path)["statistics"])
    mine = query.replace("https://w3id.org/esco-kg/", "https://example.org/esco-kg-demonstration/")
    # The demonstration has ISCO groups of its own.
    isco = store.select(
        "PREFIX ekg: <https://example.org/esco-kg-demonstration/model#> "
        "SELECT (MIN(?isco) AS ?first) WHERE { ?o ekg:refIsco ?isco }"
    ).values()[0][0]
    rows = store.select(mine.replace("http://data.europa.eu/esco/isco/C2", str(isco))).values()
    shares = [float(row[2] or 0) for row in rows]
    assert rows and shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1, abs=0.01)
