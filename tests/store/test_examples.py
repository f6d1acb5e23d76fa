"""The examples of docs/queries.md and docs/stores.md for curl, Python and R, run as they stand against a real store."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from esco_kg.store.client import Endpoint
from esco_kg.store.cookbook import cookbook
from esco_kg.store.load import load_release
from esco_kg.store.local import open_release
from tests.support.places import ROOT
from tests.support.servers import Server, oxigraph

BASE = "https://example.org/esco-kg-demonstration/"


def example(name: str) -> str:
    text = (ROOT / "docs" / "queries.md").read_text(encoding="utf-8")
    found = re.search(rf"<!-- run: {name} -->\n```\w+\n(.*?)```", text, re.DOTALL)
    assert found, f"docs/queries.md has no example for {name}"
    return found[1]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, second_release: Path) -> Iterator[Server]:
    with oxigraph(tmp_path_factory.mktemp("oxigraph")) as started:
        with Endpoint(started.url) as endpoint:
            load_release(second_release, endpoint)
        yield started


@pytest.fixture(scope="module")
def expected(second_release: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """Skill and label of the members of the cluster that the examples ask for."""
    query = cookbook()["cluster-members"]
    store = open_release(second_release, caches=tmp_path_factory.mktemp("stores"))
    rows = query.table(store.select(query.bound(BASE, {"cluster": "c00004"}))).rows
    return [(str(skill), str(label)) for skill, label, _ in rows]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that holds the query as the first example prints it."""
    text = cookbook()["cluster-members"].bound(BASE, {"cluster": "c00004"})
    (tmp_path / "cluster-members.rq").write_text(text, encoding="utf-8")
    return tmp_path


def run(line: list[str], folder: Path, **more: str) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), **more}
    done = subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_curl(server: Server, folder: Path, expected: list[tuple[str, str]]) -> None:
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    command = f'esco-kg() {{ {sys.executable} -m esco_kg "$@"; }}\n{example("curl")}'
    lines = run(["bash", "-euo", "pipefail", "-c", command], folder, ENDPOINT=server.url).splitlines()
    assert lines[0] == "skill,label,finest"
    assert [line.partition(",")[0] for line in lines[1:]] == [skill for skill, _ in expected]


def test_python(server: Server, folder: Path, expected: list[tuple[str, str]]) -> None:
    (folder / "example.py").write_text(example("python"), encoding="utf-8")
    lines = run([sys.executable, "example.py"], folder, ENDPOINT=server.url).splitlines()
    found = [tuple(line.split("\t")) for line in lines]
    assert found == expected


def test_r(server: Server, folder: Path, expected: list[tuple[str, str]]) -> None:
    if not shutil.which("Rscript"):
        pytest.skip("R is not installed, such as Debian's r-base-core with r-cran-httr and r-cran-jsonlite")
    code = f'{example("r")}\nwrite.csv(table, "table.csv", row.names = FALSE)\n'
    (folder / "example.R").write_text(code, encoding="utf-8")
    run(["Rscript", "example.R"], folder, LC_ALL="C.UTF-8", ENDPOINT=server.url)
    import csv

    with (folder / "table.csv").open(encoding="utf-8", newline="") as stream:
        assert [(row["skill"], row["label"]) for row in csv.DictReader(stream)] == expected
