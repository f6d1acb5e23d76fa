"""What Eurostat's R package correspondenceTables asks an endpoint: the same questions, of a release in a store.

The queries in ``tests/queries/offices/`` ask in our own words what the package's functions ask (version 1.0). A store
with all graphs of a release must answer them as the release's tables do.
"""

from __future__ import annotations

import csv
import re
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
    for name in ("clusters", "pillar", "codes", "statistics"):
        # Into one graph, as in the default graph of a store: a triple that two of them hold is one.
        store.load("urn:release", graphs[name])
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


def test_the_classification_is_listed_and_so_are_its_version_and_those_of_esco(store: GraphStore) -> None:
    """Two shared their names, half of those that were listed were code lists, and some had no notation."""
    found = answer(store, "classification-list")
    schemes = {str(row["scheme"]): row for row in found}
    assert len(schemes) == len(found)
    assert schemes.keys() >= {f"{BASE}scheme", f"{BASE}release/1.0.0/scheme-1.0.0"}
    assert not any("code-list" in scheme or "sdmx" in scheme for scheme in schemes)
    assert schemes[f"{BASE}scheme"]["code"] == "DEMO-SC"
    assert schemes[f"{BASE}release/1.0.0/scheme-1.0.0"]["title"] == f"{schemes[f'{BASE}scheme']['title']} 1.0.0"
    assert set(str(schemes[f"{BASE}scheme"]["languages"]).split(", ")) == {"en", "fr", "de"}
    assert schemes[f"{BASE}pillar/concept-scheme/skills"]["code"] == "ESCO-SKILLS"


def test_every_classification_can_be_named_by_a_prefix_and_by_the_end_of_its_iri(store: GraphStore) -> None:
    """The package takes the notation in small letters, without a version like -v1.0, as the prefix in its queries."""
    found = answer(store, "classification-list")
    prefixes = [re.sub("[^a-z0-9_]", "", re.sub("[_-]v[0-9.]+$", "", str(row["code"]).lower())) for row in found]
    ends = [re.split("[/#]", str(row["scheme"]))[-1] for row in found]
    assert all(re.fullmatch("[a-z][a-z0-9_]*", prefix) for prefix in prefixes), prefixes
    assert len(set(prefixes)) == len(set(ends)) == len(found) > 10


def test_its_levels_are_listed_with_depth_and_size(store: GraphStore, demonstration: Path) -> None:
    depths = [int(row["depth"]) for row in table(demonstration, "clusters")]
    found = answer(store, "classification-levels", scheme=ox.NamedNode(f"{BASE}scheme"))
    assert all(row["name"] for row in found)
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


def test_correspondences_are_called_source_and_target(store: GraphStore) -> None:
    """The package knows a table by the end of its IRI, and cuts that before the first and after the last _ or -."""
    found = {
        str(row["table"]).removeprefix(f"{BASE}correspondence/"): row["title"]
        for row in answer(store, "correspondence-list")
    }
    assert found.keys() == {"ESCO_DEMOSC", "ESCO_DEMOSC.usedIn", "ESCO_DEMOSC.foundUnder", "ESCO_NACE2.1"}
    assert all(found.values())
    for name in found:
        told = name.replace("-", "_").replace("__", "_")
        assert (told.partition("_")[0], told.rpartition("_")[2]) == ("ESCO", name.removeprefix("ESCO_"))


@pytest.mark.parametrize(("rank", "name"), [("primary", ""), ("used-in", ".usedIn"), ("found-under", ".foundUnder")])
def test_the_correspondence_can_be_fetched_by_code_with_its_weights(
    store: GraphStore, demonstration: Path, rank: str, name: str
) -> None:
    found = answer(store, "correspondence-table", table=ox.NamedNode(f"{BASE}correspondence/ESCO_DEMOSC{name}"))
    labels = {row["id"]: row["label_en"] for row in table(demonstration, "clusters")}
    rows = [row for row in table(demonstration, "allocations") if row["rank"] == rank]
    assert {(r["source_code"], r["target_code"], r["source_label"], r["target_label"]) for r in found} == {
        (row["skill_code"], row["cluster"], row["skill_label"], labels[row["cluster"]]) for row in rows
    }
    assert len(found) == len(rows)
    weights = {(row["skill_code"], row["cluster"]): float(row["weight"]) for row in rows}
    for row in found:
        said = str(row["comment"]).removeprefix("weight ")
        assert float(said) == pytest.approx(weights[str(row["source_code"]), str(row["target_code"])], abs=1e-4)


def test_occupations_can_be_fetched_with_their_sectors_by_code(store: GraphStore) -> None:
    found = answer(store, "correspondence-table", table=ox.NamedNode(f"{BASE}correspondence/ESCO_NACE2.1"))
    assert [row["target_code"] for row in found if row["source_label"] == "cook"] == ["55", "56"]
    assert [row["target_code"] for row in found if row["source_label"] == "welder"] == ["25", "33", "C"]
    assert all(row["source_code"] and len(str(row["target_code"])) <= 2 for row in found)


def test_without_the_codes_graph_no_skill_has_a_code(demonstration: Path, tmp_path: Path) -> None:
    """ESCO's skills have no notation: an office that fetches the correspondence loads the graph of codes."""
    store = GraphStore()
    for name, path in unpacked(demonstration, tmp_path).items():
        if name in ("clusters", "pillar"):
            store.load(f"urn:{name}", path)
    assert answer(store, "correspondence-table", table=ox.NamedNode(f"{BASE}correspondence/ESCO_DEMOSC")) == []
