"""The patch from one graph to another: applied to the old one it gives the new one, whatever the graphs hold."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld

from esco_kg.cli import main
from esco_kg.diff.compare import patch
from esco_kg.diff.patch import applied, canonical
from esco_kg.errors import InputError
from esco_kg.rdf.reading import triples

SKOS = "http://www.w3.org/2004/02/skos/core#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
HEAD = f"@prefix : <http://example.org/> . @prefix skos: <{SKOS}> .\n"
NODES = [ox.NamedNode(f"http://example.org/{name}") for name in "abc"] + [ox.BlankNode(name) for name in "uvwxyz"]
LITERALS = [
    ox.Literal("one"), ox.Literal("one", language="en"), ox.Literal('line\nend "x"', language="pl"), ox.Literal(""),
    ox.Literal("1.50", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")),
]  # fmt: skip
PROPERTIES = [
    ox.NamedNode(SKOS + name)
    for name in ("broader", "narrower", "hasTopConcept", "topConceptOf", "related", "note", "exactMatch")
] + [ox.NamedNode(RDF + "rest"), ox.NamedNode("http://purl.org/dc/terms/replaces")]
GRAPHS = st.lists(
    st.builds(ox.Triple, st.sampled_from(NODES), st.sampled_from(PROPERTIES), st.sampled_from([*NODES, *LITERALS])),
    min_size=1,
    max_size=30,
)


def isomorphic(one: list[ox.Triple], other: list[ox.Triple]) -> bool:
    graphs = [ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in graph) for graph in (one, other)]
    for graph in graphs:
        graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return graphs[0] == graphs[1]


def relabelled(graph: list[ox.Triple], seed: int) -> list[ox.Triple]:
    """The same graph with other names of blank nodes, in another order."""

    def name(term: object) -> object:
        return ox.BlankNode(f"n{seed}{term.value}") if isinstance(term, ox.BlankNode) else term

    other = [ox.Triple(name(t.subject), t.predicate, name(t.object)) for t in graph]  # type: ignore[arg-type]
    random.Random(seed).shuffle(other)
    return other


def write(path: Path, graph: list[ox.Triple]) -> Path:
    path.write_bytes(ox.serialize(graph, format=ox.RdfFormat.N_TRIPLES) or b"")
    return path


def between(old: list[ox.Triple], new: list[ox.Triple], **options: str) -> list[str]:
    with tempfile.TemporaryDirectory() as place:
        files = write(Path(place) / "old.nt", old), write(Path(place) / "new.nt", new)
        return list(patch(*files, **options))  # type: ignore[arg-type]


def as_terms(graph: list[ox.Triple]) -> list[tuple[object, object, object]]:
    return [(t.subject, t.predicate, t.object) for t in graph]


@given(old=GRAPHS, new=GRAPHS, seed=st.integers(0, 9))
@settings(max_examples=300, deadline=None)
def test_applied_to_the_old_graph_it_gives_the_new_one(old: list[ox.Triple], new: list[ox.Triple], seed: int) -> None:
    """The receiver's copy of the old graph has names of blank nodes of its own."""
    found = applied(as_terms(relabelled(old, seed)), between(old, new))
    assert isomorphic(found, new)


@given(old=GRAPHS, change=GRAPHS, left=st.integers(0, 30), seed=st.integers(0, 9))
@settings(max_examples=200, deadline=None)
def test_graphs_that_share_most_of_what_they_say(
    old: list[ox.Triple], change: list[ox.Triple], left: int, seed: int
) -> None:
    new = relabelled([*old[left % len(old) :], *change[:3]], seed)
    assert isomorphic(applied(as_terms(old), between(old, new)), new)


@given(graph=GRAPHS, seed=st.integers(0, 9))
@settings(max_examples=100, deadline=None)
def test_it_is_empty_where_and_only_where_nothing_changed(graph: list[ox.Triple], seed: int) -> None:
    assert between(graph, relabelled(graph, seed)) == ["TX .", "TC ."]
    more = [*graph, ox.Triple(NODES[0], PROPERTIES[0], ox.Literal("more"))]
    assert len(between(graph, more)) == 3 and len(between(more, graph)) == 3


@given(graph=GRAPHS)
@settings(max_examples=60, deadline=None)
def test_names_of_blank_nodes_are_those_of_another_rdfc_1_0(graph: list[ox.Triple]) -> None:
    """Against PyLD: what a receiver computes with another program are the names that the patch uses."""
    # Of a node that names itself PyLD counts the statement twice, the recommendation once.
    blank = [t for t in graph if t.subject != t.object and ox.BlankNode in (type(t.subject), type(t.object))]
    ours = sorted({f"{s} {p} {o} ." for s, p, o in canonical(as_terms(blank))})
    text = (ox.serialize(set(blank), format=ox.RdfFormat.N_TRIPLES) or b"").decode()
    options = {"algorithm": "URDNA2015", "inputFormat": "application/n-quads", "format": "application/n-quads"}
    theirs = jsonld.normalize(text, options) if blank else ""
    assert ours == sorted(theirs.splitlines())


def test_a_changed_note_in_a_blank_node_is_two_lines(tmp_path: Path) -> None:
    note = ':t skos:note [ skos:changeNote {} ] ; skos:note [ skos:changeNote "other" ] .'
    (tmp_path / "old.ttl").write_text(HEAD + note.format('"first"'))
    (tmp_path / "new.ttl").write_text(HEAD + note.format('"second"'))
    lines = list(patch(tmp_path / "old.ttl", tmp_path / "new.ttl"))
    assert len(lines) == 4 and {line[0] for line in lines[1:-1]} == {"D", "A"}
    assert {line.split()[1].rstrip("01") for line in lines[1:-1]} == {"_:c14n"}


def test_both_directions_of_a_link_that_goes_are_two_lines(tmp_path: Path) -> None:
    (tmp_path / "old.ttl").write_text(HEAD + ':a skos:broader :b . :b skos:narrower :a ; skos:notation "1" .')
    (tmp_path / "new.ttl").write_text(HEAD + ':b skos:notation "1" .')
    lines = CliRunner().invoke(
        main, ["diff", str(tmp_path / "old.ttl"), str(tmp_path / "new.ttl"), "--format", "patch"]
    )
    assert [line[:1] for line in lines.output.splitlines()] == ["T", "D", "D", "T"]


def test_skolemised_it_has_no_blank_node(tmp_path: Path) -> None:
    (tmp_path / "old.ttl").write_text(HEAD + ':a skos:note [ skos:note "x" ] .')
    (tmp_path / "new.ttl").write_text(HEAD + ':a skos:note [ skos:note "x" ] , [ skos:note "y" ] .')
    genid = "https://example.org/.well-known/genid/"
    files = [str(tmp_path / name) for name in ("old.ttl", "new.ttl")]
    found = CliRunner().invoke(main, ["diff", *files, "--format", "patch", "--skolemise", genid])
    assert found.exit_code == 0, found.output
    assert "_:" not in found.output and f"<{genid}new0>" in found.output


def test_a_patch_of_another_graph_is_refused() -> None:
    with pytest.raises(InputError, match=r"^line 2: "):
        applied([(NODES[0], PROPERTIES[0], NODES[1])], ["TX .", "D <a:a> <a:b> <a:c> .", "TC ."])


@pytest.mark.parametrize("name", ["patch-broader-to-narrower", "patch-blank-node", "diff-http-to-https"])
def test_the_given_pairs(shared: Path, name: str) -> None:
    old, new = (shared / "cases" / "skos" / name / side for side in ("old.ttl", "new.ttl"))
    before, after = list(triples(old)), list(triples(new))
    assert isomorphic(applied(as_terms(before), patch(old, new)), after)
