"""What Eurostat's R package correspondenceTables asks an endpoint: the same questions, of a release in a store.

The queries in ``tests/queries/offices/`` were written from the package's documentation. A store with the graphs
``clusters``, ``pillar`` and ``codes`` must answer them as the release's tables do.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pyoxigraph as ox
import pytest

from esco_kg.folder.graphs import unpacked
from esco_kg.rdf.graphs import GraphStore
from tests.support.places import TESTS

BASE = "https://example.org/esco-kg-demonstration/"
QUERIES = TESTS / "queries" / "offices"
ENGLISH = {"language": ox.Literal("en")}


@pytest.fixture(scope="module")
def store(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> GraphStore:
    graphs = unpacked(demonstration, tmp_path_factory.mktemp("graphs"))
    store = GraphStore()
    for name in ("clusters", "pillar", "codes"):
        store.load(f"urn:{name}", graphs[name])
    return store


def answer(store: GraphStore, name: str, **bound: ox.Term) -> list[dict[str, object]]:
    """The query's answer, its parameters given as terms in the place of UNDEF."""
    query = (QUERIES / f"{name}.rq").read_text(encoding="utf-8")
    given = {**bound, **({} if "language" in bound else ENGLISH)}
    rows = store.select(query.replace(" ".join(["UNDEF"] * len(given)), " ".join(map(str, given.values()))))
    return [dict(zip(rows.columns, row, strict=True)) for row in rows.values()]


def table(release: Path, name: str) -> list[dict[str, str]]:
    with next(release.glob(f"*-{name}.csv")).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_classification_is_listed(store: GraphStore) -> None:
    found = {str(row["scheme"]): (row["code"], row["title"]) for row in answer(store, "classification-list")}
    assert found[f"{BASE}scheme"][0] == "DEMO-SC" and found[f"{BASE}scheme"][1]


def test_its_levels_are_listed_with_depth_and_size(store: GraphStore, demonstration: Path) -> None:
    depths = [int(row["depth"]) for row in table(demonstration, "clusters")]
    found = answer(store, "classification-levels", scheme=ox.NamedNode(f"{BASE}scheme"))
    assert [(row["depth"], row["level"], row["count"]) for row in found] == [
        (depth, f"{BASE}level/{depth}", depths.count(depth)) for depth in sorted(set(depths))
    ]


def test_the_classification_can_be_fetched_with_parents_and_notes(store: GraphStore, demonstration: Path) -> None:
    expected = table(demonstration, "clusters")
    languages = [name.removeprefix("label_") for name in expected[0] if name.startswith("label_")]
    assert "en" in languages
    for language in languages:
        given = {"scheme": ox.NamedNode(f"{BASE}scheme"), "language": ox.Literal(language)}
        found = answer(store, "classification-table", **given)
        assert [(row["code"], row["name"], row["parent"] or "") for row in found] == [
            (row["id"], row[f"label_{language}"], row["parent"]) for row in expected if row[f"label_{language}"]
        ]  # the package asks for names in one language; a cluster without one there is not in its table
        assert any(row["include"] for row in found), "no scope note is a literal in this language"


def test_the_correspondence_is_listed_by_its_label(store: GraphStore) -> None:
    found = {str(row["table"]): str(row["title"]) for row in answer(store, "correspondence-list")}
    assert found.pop(f"{BASE}correspondence/sectors") == "ESCO occupations to NACE 2.1"
    assert set(found) == {
        f"{BASE}correspondence/primary",
        f"{BASE}correspondence/used-in",
        f"{BASE}correspondence/found-under",
    }
    assert all("skills pillar to skill clusters" in title for title in found.values())


@pytest.mark.parametrize("rank", ["primary", "used-in", "found-under"])
def test_the_correspondence_can_be_fetched_by_code(store: GraphStore, demonstration: Path, rank: str) -> None:
    found = answer(store, "correspondence-table", table=ox.NamedNode(f"{BASE}correspondence/{rank}"))
    labels = {row["id"]: row["label_en"] for row in table(demonstration, "clusters")}
    rows = [row for row in table(demonstration, "allocations") if row["rank"] == rank]
    assert {(r["source_code"], r["target_code"], r["source_label"], r["target_label"]) for r in found} == {
        (row["skill_code"], row["cluster"], row["skill_label"], labels[row["cluster"]]) for row in rows
    }
    assert len(found) == len(rows)


def test_occupations_can_be_fetched_with_their_sectors_by_code(store: GraphStore) -> None:
    found = answer(store, "correspondence-table", table=ox.NamedNode(f"{BASE}correspondence/sectors"))
    assert [row["target_code"] for row in found if row["source_label"] == "cook"] == ["55", "56"]
    assert [row["target_code"] for row in found if row["source_label"] == "welder"] == ["25", "33", "C"]
    assert all(row["source_code"] and len(str(row["target_code"])) <= 2 for row in found)


def test_without_the_codes_graph_no_skill_has_a_code(demonstration: Path, tmp_path: Path) -> None:
    """ESCO's skills have no notation: an office that fetches the correspondence loads the graph of codes."""
    store = GraphStore()
    for name, path in unpacked(demonstration, tmp_path).items():
        if name in ("clusters", "pillar"):
            store.load(f"urn:{name}", path)
    assert answer(store, "correspondence-table", table=ox.NamedNode(f"{BASE}correspondence/primary")) == []
