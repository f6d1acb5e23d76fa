"""The saved queries in a release's folder: each runs as it is pasted, beside other releases in the same store."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib.plugins.sparql import prepareQuery

from esco_kg.store.catalogue import Names
from esco_kg.store.cookbook import Query, cookbook
from esco_kg.store.local import ReleaseStore, open_release
from esco_kg.store.published import published

QUERIES = cookbook()
each = pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)


def graphs_of(release: Path) -> dict[str, Path]:
    """IRI of each graph of a release -> its file."""
    manifest = json.loads((release / "manifest.json").read_text())
    stem, names = f"esco-kg-{manifest['version']}", Names(manifest["base_iri"])
    return {names.graph(manifest["version"], name): release / f"{stem}-{name}.nt.gz" for name in manifest["graphs"]}


@pytest.fixture(scope="module")
def both(second_release: Path) -> ox.Store:
    """Two releases, each graph under its name."""
    store = ox.Store()
    for release in (second_release.parent / "1.0.0", second_release):
        for iri, path in graphs_of(release).items():
            data = gzip.decompress(path.read_bytes())
            store.bulk_load(data, format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(iri))
    return store


@pytest.fixture(scope="module")
def alone(second_release: Path, tmp_path_factory: pytest.TempPathFactory) -> ReleaseStore:
    return open_release(second_release, caches=tmp_path_factory.mktemp("stores"))


def base_of(release: Path) -> str:
    return str(json.loads((release / "manifest.json").read_text())["base_iri"])


@each
def test_a_published_query_is_whole(query: Query, second_release: Path) -> None:
    """Relative IRIs needed a BASE in front, and a parameter that was forgotten was a free variable: all rows."""
    text = (second_release / "queries" / f"{query.name}.rq").read_text(encoding="utf-8")
    prepareQuery(text)
    body = "\n".join(line for line in text.split("\n") if not line.startswith("#"))
    assert "$" not in body and not re.search(r"<(?!https?://)[^<>\s]*>", body)
    named = set(re.findall(r"FROM <([^>]*)>", body))
    assert named == (set() if query.needs else set(graphs_of(second_release)))
    in_values = [name for found in re.findall(r"VALUES \(([^)]*)\) \{ \(", body) for name in found.split()]
    below = re.findall(r"# The parameter (\w+) is the", body)
    assert len(in_values) + len(below) == len(query.parameters)
    assert len({*in_values, *below}) == len(query.parameters), "a reader puts a value into one place"


@each
def test_it_answers_beside_another_release_what_the_command_answers(
    query: Query, both: ox.Store, alone: ReleaseStore, second_release: Path
) -> None:
    """A store with two releases gave rows and counts of both."""
    base = base_of(second_release)
    text = published(query, base, query.terms(base, query.sample), sorted(graphs_of(second_release)))
    found = both.query(text)
    assert isinstance(found, ox.QuerySolutions)
    rows = [tuple(row) for row in found]
    if query.needs:
        assert {str(row[0]) for row in rows} >= {'"1.0.0"', '"1.1.0"'}
        return
    assert rows == alone.select(query.bound(base, query.sample)).terms


def test_no_filter_of_an_optional_or_exists_needs_a_variable_of_values(second_release: Path) -> None:
    """In RDF4J and Virtuoso such a filter does not see it: no label was found, and every name was missing."""
    members = (second_release / "queries" / "cluster-members.rq").read_text(encoding="utf-8")
    assert 'FILTER(LANG(?label) = "en")' in members
    missing = (second_release / "queries" / "missing-names.rq").read_text(encoding="utf-8")
    assert 'FILTER(LANG(?label) = "' in missing and "VALUES" not in missing


def test_a_subquery_has_the_values_that_it_uses() -> None:
    """A subquery does not see the variables around it."""
    query = cookbook()["isco-clusters"]
    text = published(query, "https://example.org/", query.terms("https://example.org/", {"isco": "22"}))
    parts = text.split("SELECT DISTINCT")
    assert [re.findall(r"VALUES \(([^)]*)\)", part) for part in parts] == [[], ["?level"], ["?isco"]]


def test_the_values_are_of_the_release(both: ox.Store, second_release: Path) -> None:
    """Those of the head are of the demonstration data: on another ESCO they found nothing."""
    for name in ("cluster-members", "skill-clusters", "occupation-clusters", "cluster-tree"):
        found = both.query((second_release / "queries" / f"{name}.rq").read_text(encoding="utf-8"))
        assert isinstance(found, ox.QuerySolutions) and list(found), name


def test_the_catalogue_says_what_they_are(second_release: Path) -> None:
    manifest = json.loads((second_release / "manifest.json").read_text())
    listed = {file["name"] for file in manifest["files"]}
    assert {f"queries/{name}.rq" for name in QUERIES} <= listed
    catalogue = (second_release / "esco-kg-1.1.0-catalogue.ttl").read_text(encoding="utf-8")
    assert "application/sparql-query" in catalogue and "Which ESCO skills belong to a cluster?" in catalogue
