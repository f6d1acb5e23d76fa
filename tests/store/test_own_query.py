"""A query of one's own over a file of anyone and over a release; and what is wrong use of load and query."""

from __future__ import annotations

import bz2
import json
from pathlib import Path

import pytest

from tests.store.test_any_vocabulary import ANSWER, rocks, run

__all__ = ["rocks"]


def test_a_file_answers(rocks: Path) -> None:
    query = rocks.parent / "names.rq"
    assert json.loads(run("query", query, rocks, "--json").output) == ANSWER
    packed = rocks.parent / "rocks.ttl.bz2"
    packed.write_bytes(bz2.compress(b"\xef\xbb\xbf" + rocks.read_bytes()))
    assert run("query", query, packed).output.splitlines()[-1].split() == [
        "https://rocks.example.org/basalt", "basalt", "11",
    ]  # fmt: skip
    assert run("query", query, rocks, "--format", "csv").output.splitlines()[0] == "concept,name,number"


def test_a_release_answers(demonstration: Path, tmp_path: Path) -> None:
    query = tmp_path / "count.rq"
    query.write_text("SELECT (COUNT(*) AS ?n) WHERE { ?s a <http://www.w3.org/2004/02/skos/core#ConceptScheme> }")
    assert json.loads(run("query", query, demonstration, "--json").output)[0]["n"] > 1


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("query", "names.rq"), 2, "needs a file or a store"),
        (("query", "gone.rq", "rocks.ttl"), 2, "gone.rq: there is no such file"),
        (("query", "names.rq", "gone.ttl"), 2, "gone.ttl: there is no such file"),
        (("query", "names.rq", "rocks.ttl", "--param", "a=b"), 2, "--param goes with a saved query"),
        (("query", "find-clusters", "--graph", "urn:g"), 2, "for a query of your own"),
        (("query", "broken.rq", "rocks.ttl"), 3, "broken.rq: the query fails"),
        (("query", "ask.rq", "rocks.ttl"), 3, "is not a SELECT"),
        (("load", "rocks.ttl"), 2, "no store is named"),
        (("load", "rocks.ttl", "--endpoint", "http://127.0.0.1:9", "--without", "codes"), 2, "--without goes with"),
        (("load", "--graph", "urn:g", "--endpoint", "http://127.0.0.1:9"), 2, "are for an RDF file"),
    ],
)
def test_wrong_use_is_told(
    arguments: tuple[str, ...], status: int, said: str, rocks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(rocks.parent)
    Path("broken.rq").write_text("SELECT ?a WHERE { ?a ", encoding="utf-8")
    Path("ask.rq").write_text("ASK { ?a ?b ?c }", encoding="utf-8")
    found = run(*arguments)
    assert (found.exit_code, said in found.output) == (status, True), found.output
