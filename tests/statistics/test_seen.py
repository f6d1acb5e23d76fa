"""What is left out of the store of a release in the making: nothing that a rule or a measure could see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery

from esco_kg.rdf import graphs
from esco_kg.rdf.graphs import seen_by
from esco_kg.statistics import measures
from esco_kg.validation import files as validation_files
from esco_kg.validation.files import narrow
from esco_kg.validation.queries import checks

BASE = "https://example.org/kg/"
TEXTS = {name: check.text for name, check in checks().items()}
TEXTS |= {found.name: found.for_base(BASE) for found in measures.measures()}
# Lines of these kinds are kept whatever their predicate.
OF_TEXT = {"graph:blank-node", "graph:foreign-subject"}


def predicates(path: Any) -> Iterator[Any]:
    if isinstance(path, AlternativePath | SequencePath):
        for part in path.args:
            yield from predicates(part)
    elif isinstance(path, InvPath):
        yield from predicates(path.arg)
    elif isinstance(path, MulPath):
        yield from predicates(path.path)
    else:
        yield path


def parts(node: Any) -> Iterator[Any]:
    """Every node of a query's algebra."""
    yield node
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list | tuple | set) else ():
        yield from parts(part)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_predicate_of_a_query_is_seen(name: str) -> None:
    nodes = list(parts(translateQuery(parseQuery(TEXTS[name]), base=BASE).algebra))
    triples = [t for node in nodes if isinstance(node, dict) for t in (node["triples"] if "triples" in node else ())]  # noqa: SIM401
    found = [predicate for triple in triples for predicate in predicates(triple[1])]
    seen = seen_by(TEXTS[name], BASE)
    assert found
    if seen is None:
        assert any(isinstance(predicate, Variable) for predicate in found), "it sees less than it says"
        return
    in_paths = {p for triple in triples if not isinstance(triple[1], URIRef) for p in predicates(triple[1])}
    assert RDF.type not in in_paths or RDF.type.n3() in seen, "the class that a path leads to is open"
    assert {predicate.n3() for predicate in found if isinstance(predicate, URIRef)} - {RDF.type.n3()} <= seen
    listed = {str(variable) for node in nodes if isinstance(node, dict) for variable in _listed(node)}
    opened = {str(predicate) for predicate in found if isinstance(predicate, Variable)}
    assert name in OF_TEXT or opened <= listed, "a predicate is open: say '# Sees: all' in the head"
    typed = [t for t in triples if len(t) == 3 and t[1] == RDF.type]
    assert {c.n3() for _, _, c in typed if isinstance(c, URIRef)} <= seen
    classes = {str(c) for _, _, c in typed if isinstance(c, Variable)}
    assert classes <= listed, "a class is open: list it by VALUES, or say '# Sees: all' in the head"


OF_CLUSTERS = {
    name: found for name, text in TEXTS.items() if (found := seen_by(text, BASE)) != seen_by(text, BASE, "pillar")
}


def test_some_queries_look_at_alternative_labels_of_clusters_alone() -> None:
    assert sorted(OF_CLUSTERS) == ["cluster-names", "cluster:alternative-of-concept"]


@pytest.mark.parametrize("name", sorted(OF_CLUSTERS))
def test_what_a_query_sees_of_clusters_alone_it_asks_of_clusters_alone(name: str) -> None:
    """Each thing that it asks for such a property is a cluster: it has a number of skills, which nothing else has."""
    only = {URIRef(term[1:-1]) for term in (OF_CLUSTERS[name] or ()) - (seen_by(TEXTS[name], BASE, "pillar") or set())}
    assert only == {URIRef("http://www.w3.org/2004/02/skos/core#altLabel")}
    nodes = list(parts(translateQuery(parseQuery(TEXTS[name]), base=BASE).algebra))
    patterns = [node["triples"] for node in nodes if getattr(node, "name", "") == "BGP"]
    asked = [(triples, s) for triples in patterns for s, p, _ in triples if p in only]
    assert asked
    for triples, subject in asked:
        assert any(s == subject and p == URIRef(f"{BASE}model#skills") for s, p, _ in triples)


def _listed(node: Any) -> list[Any]:
    """The variables that VALUES gives values to."""
    rows = node["res"] if getattr(node, "name", "") == "values" else ()
    return [variable for row in rows for variable in row]


def test_what_is_wrong_as_text_stays_whatever_is_said(tmp_path: Path) -> None:
    lines = {
        "wanted": "<urn:ours:a> <urn:p> <urn:ours:b> .\n",
        "another predicate": "<urn:ours:a> <urn:q> <urn:ours:b> .\n",
        "a text that looks like a blank node": '<urn:ours:a> <urn:q> "see _:b" .\n',
        "a blank subject": '_:b <urn:q> "text" .\n',
        "a blank object": "<urn:ours:a> <urn:q> _:b .\n",
        "a foreign subject": "<urn:other:a> <urn:q> <urn:ours:b> .\n",
    }
    source, some, everything = tmp_path / "source.nt", tmp_path / "some.nt", tmp_path / "all.nt"
    source.write_text("".join(lines.values()))
    assert narrow(source, {some: frozenset({"<urn:p>"}), everything: None}, own="urn:ours:") == len(lines)
    kept = {name for name, line in lines.items() if line in some.read_text()}
    assert kept == {"wanted", "a blank subject", "a blank object", "a foreign subject"}
    assert everything.read_text() == source.read_text()


def test_of_some_predicates_one_line_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"<urn:s{n}> <urn:{'pq'[n % 2]}> <urn:o> .\n" for n in range(40)]
    source, some, first = tmp_path / "source.nt", tmp_path / "some.nt", tmp_path / "first.nt"
    source.write_text("".join(lines))
    monkeypatch.setattr(validation_files, "_BATCH", 100)
    asked = frozenset({"<urn:q>", "<urn:absent>"})
    assert narrow(source, {some: frozenset({"<urn:p>"})}, first=(first, asked)) == len(lines)
    assert some.read_text() == "".join(lines[0::2])
    assert first.read_text() == lines[1]


def test_a_graph_loaded_in_parts_is_the_whole_graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f'<urn:s{n}> <urn:p> "{"x" * n}" .\n' for n in range(50)]
    (tmp_path / "graph.nt").write_text("".join(lines))
    monkeypatch.setattr(graphs, "_PART", 100)
    store = graphs.GraphStore()
    store.load("urn:graph", tmp_path / "graph.nt", is_ours=True)
    assert store.count("urn:graph") == len(lines)
