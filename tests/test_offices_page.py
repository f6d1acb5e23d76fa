"""The examples of ``docs/offices.md`` run on a release as they stand there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from esco_kg.graphs import GraphStore
from esco_kg.published import unpacked

PAGE = Path(__file__).resolve().parent.parent / "docs" / "offices.md"


def examples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("example", examples("python"), ids=["csvw", "sdmx"])
def test_python_examples_print_what_they_promise(demonstration: Path, tmp_path: Path, example: str) -> None:
    (tmp_path / "releases").symlink_to(demonstration.parent)
    done = subprocess.run(
        [sys.executable, "-c", example], cwd=tmp_path, env=os.environ, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "qb:Observation" in done.stdout or re.search(r"\d+ values", done.stdout)


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
