"""Every serialisation carries the same triples, and the same content always gives the same bytes."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyld import jsonld

from esco_kg.dump import turtle_text, write_context, write_graph, write_tables
from esco_kg.errors import InputError
from esco_kg.model.published import GraphSummary
from esco_kg.rdf.namespaces import PREFIXES, XSD
from esco_kg.rdf.terms import Block, iri, plain, text, typed
from esco_kg.scheme import Iris, catalogue_blocks, cluster_blocks, pillar_blocks
from tests.support import scheme_samples as sample
from tests.support.places import ROOT, TESTS

GOLDEN = TESTS / "golden"
FORMATS = {
    "nt.gz": (ox.RdfFormat.N_TRIPLES, "nt"),
    "ttl": (ox.RdfFormat.TURTLE, "turtle"),
    "jsonld": (ox.RdfFormat.JSON_LD, "json-ld"),
    "rdf.gz": (ox.RdfFormat.RDF_XML, "xml"),
}
PREFIX_SET = Iris(sample.BASE, "1.1.0").prefixes()
Triple = tuple[str, str, str]


def blocks_of(name: str) -> Iterator[Block]:
    """The graph of this name of the tiny sample."""
    if name == "clusters":
        return cluster_blocks(sample.clustering(), sample.pillar(), sample.sectors(), sample.config(), sample.release())
    if name == "pillar":
        return pillar_blocks(sample.pillar(), sample.config())
    return catalogue_blocks(
        sample.config(), sample.release(), graphs=sample.graphs(), files=sample.files(),
        sources=sample.pillar().sources, parameters={"levels": [2, 3]},
    )  # fmt: skip


def written(blocks: Iterable[Block], folder: Path, name: str = "g") -> GraphSummary:
    return write_graph(
        blocks,
        folder,
        name,
        name=name,
        prefixes=PREFIX_SET,
        also_plain=folder / f"{name}.nt",
        sections=Iris(sample.BASE, "1.1.0").reading_order(),
        labels={iri: skill.label() for iri, skill in sample.pillar().skills.items()},
    )


def triples_of(blocks: Iterable[Block]) -> set[Triple]:
    return {(b.subject, p, o) for b in blocks for p, terms in b.objects.items() for o in terms}


def content(folder: Path, ending: str, name: str = "g") -> bytes:
    raw = (folder / f"{name}.{ending}").read_bytes()
    return gzip.decompress(raw) if ending.endswith(".gz") else raw


def by_oxigraph(data: bytes, form: ox.RdfFormat) -> set[Triple]:
    return {(str(q.subject), str(q.predicate), term_of_oxigraph(q.object)) for q in ox.parse(data, format=form)}


def term_of_oxigraph(term: object) -> str:
    if not isinstance(term, ox.Literal):
        return str(term)
    return literal(term.value, term.language, term.datatype.value)


def by_rdflib(data: bytes, form: str) -> set[Triple]:
    graph = rdflib.Graph()
    graph.parse(data=data, format=form)
    return {(f"<{s}>", f"<{p}>", term_of_rdflib(o)) for s, p, o in graph}


def term_of_rdflib(term: object) -> str:
    if not isinstance(term, rdflib.Literal):
        return f"<{term}>"
    return literal(str(term), term.language, str(term.datatype) if term.datatype else f"{XSD}string")


def by_pyld(data: bytes) -> set[Triple]:
    found = jsonld.to_rdf(json.loads(data))
    return {
        (f"<{t['subject']['value']}>", f"<{t['predicate']['value']}>", term_of_pyld(t["object"]))
        for graph in found.values()
        for t in graph
    }


def term_of_pyld(term: dict[str, str]) -> str:
    if term["type"] == "IRI":
        return f"<{term['value']}>"
    return literal(term["value"], term.get("language"), term["datatype"])


def literal(value: str, language: str | None, datatype: str) -> str:
    if language:
        return text(value, language)
    return plain(value) if datatype == f"{XSD}string" else f"{plain(value)}^^<{datatype}>"


@pytest.fixture(autouse=True)
def _lexical_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let rdflib keep ``01`` and ``Z`` as they are written."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


@pytest.mark.parametrize("name", ["clusters", "pillar", "catalogue"])
@pytest.mark.parametrize("ending", FORMATS)
def test_every_file_parses_back_to_the_same_triples(name: str, ending: str, tmp_path: Path) -> None:
    written(blocks_of(name), tmp_path)
    wanted = triples_of(blocks_of(name))
    ox_format, rdflib_format = FORMATS[ending]
    data = content(tmp_path, ending)
    assert by_oxigraph(data, ox_format) == wanted
    assert by_rdflib(data, rdflib_format) == wanted
    if ending == "jsonld":
        assert by_pyld(data) == wanted


# Texts as evil as XML 1.0 can carry, and those it cannot are tested apart.
XML_TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
        st.sampled_from("\t\n\r\"'\\<>&@^\x85\u2028 ]"),
    ),
    max_size=12,
)
LOCALS = st.text("abcXYZ019_-.~()'!$&*+,;=@:é", min_size=1, max_size=6)
NAMESPACES = st.sampled_from(
    ["http://example.org/", "http://example.org/a#", "urn:x:", sample.BASE + "cluster/", *sorted(PREFIXES.values())[:4]]
)
NAMES = st.builds(lambda namespace, local: iri(namespace + local), NAMESPACES, LOCALS).filter(
    lambda term: "/." not in term  # parsers may resolve dot segments
)
PREDICATES = st.one_of(
    st.sampled_from([f"<{PREFIXES[c.split(':')[0]]}{c.split(':')[1]}>" for c in (
        "skos:prefLabel", "skos:broader", "skos:notation", "dct:description", "dct:modified", "xkos:depth",
        "owl:deprecated", "esco:nodeLiteral", "rdf:type", "rdf:first", "dcat:byteSize",
    )]),
    st.builds(lambda local: f"<http://example.org/p#{local}>", st.from_regex(r"[a-z][\w.-]{0,5}", fullmatch=True)).map(
        lambda term: term.encode("ascii", "ignore").decode()
    ),
    st.just(f"<{sample.BASE}model#weight>"),
)  # fmt: skip
TYPED = st.one_of(
    st.builds(typed, st.from_regex(r"[+-]?[0-9]{1,20}", fullmatch=True), st.just("integer")),
    st.builds(typed, st.sampled_from(["1.50", "-.5", "007", "1.0", "+0.10", "5"]), st.just("decimal")),
    st.builds(typed, st.sampled_from(["true", "false", "1", "0"]), st.just("boolean")),
    st.builds(typed, st.sampled_from(["2026-01-31", "0001-01-01"]), st.just("date")),
    st.builds(typed, st.sampled_from(["2016-12-20T20:40:12Z", "2024-01-25T11:28:50.295Z"]), st.just("dateTime")),
    st.builds(lambda value, kind: f"{plain(value)}^^{kind}", XML_TEXTS, NAMES),
)
LANGUAGES = st.sampled_from(["en", "de", "en-us", "zh-hant-tw"])
OBJECTS = st.one_of(NAMES, st.builds(text, XML_TEXTS, LANGUAGES), st.builds(plain, XML_TEXTS), TYPED)
GRAPHS = st.dictionaries(
    NAMES, st.dictionaries(PREDICATES, st.sets(OBJECTS, min_size=1, max_size=4), min_size=1, max_size=4), max_size=4
).map(lambda graph: [Block(subject, graph[subject]) for subject in sorted(graph)])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(GRAPHS)
def test_any_graph_survives_every_serialisation(tmp_path_factory: pytest.TempPathFactory, graph: list[Block]) -> None:
    folder = tmp_path_factory.mktemp("graph")
    summary = written(graph, folder)
    wanted = triples_of(graph)
    assert summary.triples == len(wanted)
    for ending, (ox_format, rdflib_format) in FORMATS.items():
        data = content(folder, ending)
        assert by_oxigraph(data, ox_format) == wanted, ending
        assert by_rdflib(data, rdflib_format) == wanted, ending
    assert by_pyld(content(folder, "jsonld")) == wanted
    assert summary.rdfc10_sha256 == rdfc10(content(folder, "nt.gz"))


def rdfc10(n_triples: bytes) -> str:
    """The hash as pyoxigraph's own RDFC-1.0 gives it."""
    dataset = ox.Dataset(ox.parse(n_triples, format=ox.RdfFormat.N_TRIPLES))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    lines = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS).split(b"\n")[:-1]
    return hashlib.sha256(b"".join(line + b"\n" for line in sorted(lines))).hexdigest()


def test_percent_and_dots_in_names_stay_as_they_are(tmp_path: Path) -> None:
    names = [f"<{sample.BASE}cluster/{local}>" for local in ("a%20b", "a.b", "a.", "-a", "é", "a/b", "")]
    graph = [Block(name).add(f"<{PREFIXES['skos']}related>", *names) for name in sorted(names)]
    written(graph, tmp_path)
    turtle = content(tmp_path, "ttl").decode()
    assert "cluster:a.b" in turtle
    assert f"<{sample.BASE}cluster/a%20b>" in turtle
    assert f"<{sample.BASE}cluster/a.>" in turtle
    for ending, (ox_format, rdflib_format) in FORMATS.items():
        assert by_oxigraph(content(tmp_path, ending), ox_format) == triples_of(graph)
        assert by_rdflib(content(tmp_path, ending), rdflib_format) == triples_of(graph)


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\ufffe"])
def test_a_control_character_is_an_error_that_names_the_subject(character: str, tmp_path: Path) -> None:
    graph = [Block("<http://example.org/skill>").add(f"<{PREFIXES['skos']}prefLabel>", text(f"a{character}b", "en"))]
    with pytest.raises(InputError, match=rf"<http://example.org/skill>: .*U\+{ord(character):04X}"):
        written(graph, tmp_path)


def test_a_carriage_return_survives_xml(tmp_path: Path) -> None:
    graph = [Block("<http://example.org/a>").add(f"<{PREFIXES['skos']}note>", plain("a\r\nb\rc\n"))]
    written(graph, tmp_path)
    assert by_oxigraph(content(tmp_path, "rdf.gz"), ox.RdfFormat.RDF_XML) == triples_of(graph)
    assert by_rdflib(content(tmp_path, "rdf.gz"), "xml") == triples_of(graph)


@pytest.mark.parametrize("predicate", ["<http://example.org/1>", "<http://example.org/>", "<http://example.org/a%20>"])
def test_a_predicate_that_is_no_xml_name_is_an_error(predicate: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="RDF/XML cannot carry this predicate"):
        written([Block("<http://example.org/a>").add(predicate, plain("x"))], tmp_path)


@pytest.mark.parametrize("wrong", ["<skos:broader>", "<_:b0>", "<relative>"])
def test_an_iri_that_json_ld_would_read_otherwise_is_an_error(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not an IRI that every serialisation can carry"):
        written([Block("<http://example.org/a>").add(f"<{PREFIXES['skos']}related>", wrong)], tmp_path)


def test_blocks_out_of_order_are_refused(tmp_path: Path) -> None:
    label = f"<{PREFIXES['skos']}prefLabel>"
    graph = [
        Block("<http://example.org/b>").add(label, plain("x")),
        Block("<http://example.org/a>").add(label, plain("x")),
    ]
    with pytest.raises(ValueError, match="follows"):
        written(graph, tmp_path)


@pytest.mark.parametrize("name", ["clusters", "pillar", "catalogue"])
def test_the_hash_is_rdfc_1_0_and_the_summary_counts(name: str, tmp_path: Path) -> None:
    summary = written(blocks_of(name), tmp_path)
    n_triples = content(tmp_path, "nt.gz")
    assert summary.rdfc10_sha256 == rdfc10(n_triples)
    assert n_triples == (tmp_path / "g.nt").read_bytes()
    assert n_triples.split(b"\n")[:-1] == sorted(set(n_triples.split(b"\n")[:-1]))
    wanted = triples_of(blocks_of(name))
    assert summary.triples == len(wanted) == sum(summary.predicates.values())
    assert summary.subjects == len({s for s, _, _ in wanted})
    concept = f"{PREFIXES['skos']}Concept"
    assert summary.classes[concept] == sum(p.endswith("#type>") and o == f"<{concept}>" for _, p, o in wanted)


def test_no_graph_has_a_blank_node(tmp_path: Path) -> None:
    for name in ("clusters", "pillar", "catalogue"):
        assert not any(part.startswith("_:") for triple in triples_of(blocks_of(name)) for part in triple)


def test_turtle_of_the_clusters_is_the_golden_file(tmp_path: Path) -> None:
    written(blocks_of("clusters"), tmp_path)
    assert content(tmp_path, "ttl").decode() == (GOLDEN / "clusters.ttl").read_text(encoding="utf-8")


def test_the_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    """Every file of a release's graphs and tables, made by two processes."""
    program = (
        "import sys; from pathlib import Path; from tests.dump import test_dump as t; folder = Path(sys.argv[1]);"
        "[t.written(t.blocks_of(n), folder, n) for n in ('clusters', 'pillar', 'catalogue')];"
        "t.write_tables(t.sample.clustering(), t.sample.pillar(), folder, 'x');"
        "t.write_graph(t.blocks_of('clusters'), folder, 'x', name='x', prefixes=t.PREFIX_SET, with_documents=True);"
        "t.write_context(folder, t.PREFIX_SET)"
    )
    found = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        folder.mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": "C"}
        subprocess.run([sys.executable, "-c", program, str(folder)], check=True, env=environment, cwd=ROOT)
        found.append({path.name: path.read_bytes() for path in sorted(folder.iterdir())})
    assert len(found[0]) == 26
    assert found[0] == found[1]


def test_turtle_text_is_what_the_turtle_file_holds(tmp_path: Path) -> None:
    write_graph(blocks_of("clusters"), tmp_path, "g", name="clusters", prefixes=PREFIX_SET)
    assert turtle_text(blocks_of("clusters"), PREFIX_SET).encode() == content(tmp_path, "ttl")


def test_the_context_beside_the_files_is_the_one_inside(tmp_path: Path) -> None:
    written(blocks_of("clusters"), tmp_path)
    assert write_context(tmp_path, PREFIX_SET) == "context.jsonld"
    beside = json.loads((tmp_path / "context.jsonld").read_text(encoding="utf-8"))
    assert json.loads(content(tmp_path, "jsonld"))["@context"] == beside["@context"]
    assert beside["@context"]["@version"] == 1.1


def test_each_cluster_document_stands_alone(tmp_path: Path) -> None:
    write_graph(blocks_of("clusters"), tmp_path, "x", name="clusters", prefixes=PREFIX_SET, with_documents=True)
    lines = gzip.decompress((tmp_path / "x.ndjson.gz").read_bytes()).decode().splitlines()
    documents = [json.loads(line) for line in lines]
    assert [document["notation"] for document in documents] == [f"c0000{n}" for n in range(1, 7)]
    welding = documents[2]
    assert welding["prefLabel"] == {"de": "Schweißen", "en": 'welding of "heavy" metal'}
    assert [a["sourceConcept"] for a in welding["allocations"]] == [sample.WELD, sample.SOLDER]
    assert {o["refSector"][-2:] for o in welding["sectorProfile"]} == {"/C", "/F", "24"}
    assert welding["relations"][0]["evidence"] == {"en": "31 occupations need more skills than usual of each"}
    graph = triples_of(blocks_of("clusters"))
    union: set[Triple] = set()
    for line in lines:
        triples = by_pyld(line.encode())
        assert triples == by_oxigraph(line.encode(), ox.RdfFormat.JSON_LD)
        union |= triples
    assert union <= graph
    said = {s for s, _, _ in union}
    assert union == {triple for triple in graph if triple[0] in said}
    assert {s for s, p, o in graph if p.endswith("#targetConcept>") or p.endswith("#refCluster>")} < said


def test_the_tables_hold_what_the_next_release_reads_back(tmp_path: Path) -> None:
    clustering = sample.clustering()
    names = write_tables(clustering, sample.pillar(), tmp_path, "x")
    assert names == [f"x-{n}.csv" for n in ("clusters", "allocations", "relations", "sector-profile", "registry")]
    tables = {}
    for name in names:
        data = (tmp_path / name).read_bytes().decode("utf-8")
        assert "\r" not in data
        tables[name] = list(csv.DictReader(data.splitlines(keepends=True)))
    clusters = {row["id"]: row for row in tables["x-clusters.csv"]}
    assert list(clusters) == sorted(clustering.clusters)
    for identifier, cluster in clustering.clusters.items():
        row = clusters[identifier]
        assert (int(row["depth"]), row["parent"] or None) == (cluster.depth, cluster.parent)
        assert (row["created"], row["modified"], row["label_de"]) == (
            cluster.created,
            cluster.modified,
            cluster.labels["de"],
        )
    assert clusters["c00003"]["definition_en"] == "Joining metal by heat.\nMostly steel."
    assert [int(row["skills"]) for row in clusters.values()] == [2, 2, 2, 1, 1]
    assert len({row["content"] for row in clusters.values()}) == 5
    primary = {(r["skill"], r["cluster"]) for r in tables["x-allocations.csv"] if r["rank"] == "primary"}
    assert primary == {(a.skill, a.cluster) for a in clustering.allocations if a.rank == "primary"}
    retired = tables["x-registry.csv"][-1]
    assert (retired["id"], retired["retired_in"], retired["replaced_by"]) == ("c00006", "1.1.0", "c00004 c00005")
    assert len(tables["x-registry.csv"]) == len(clustering.registry)


def test_a_cluster_has_another_content_hash_when_a_member_or_a_note_changes(tmp_path: Path) -> None:
    def hashes() -> dict[str, str]:
        write_tables(clustering, sample.pillar(), tmp_path, "x")
        with (tmp_path / "x-clusters.csv").open(encoding="utf-8", newline="") as stream:
            return {row["id"]: row["content"] for row in csv.DictReader(stream)}

    clustering = sample.clustering()
    before = hashes()
    clustering.allocations.pop()  # "listen" leaves c00005 and the area above it
    clustering.clusters["c00004"].scope_notes["en"] = "Alone or in choirs."
    clustering.clusters["c00003"].modified = "2026-02-01"
    after = hashes()
    assert {identifier for identifier in before if before[identifier] != after[identifier]} == {
        "c00002",
        "c00004",
        "c00005",
    }
