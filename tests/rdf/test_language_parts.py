"""Queries that are asked some languages at a time answer as they do over the whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esco_kg.rdf import language_parts
from esco_kg.rdf.graphs import GraphStore
from esco_kg.rdf.language_parts import is_parted, parts
from esco_kg.resources import files
from esco_kg.statistics import measures
from esco_kg.validation.queries import checks

BASE = "https://example.org/kg/"
QUERIES = {measure.name: measure.for_base(BASE) for measure in measures.measures()}
QUERIES |= {name: check.text for name, check in checks().items()}
QUERIES |= {path.stem: path.read_text() for path in files("queries/vocabulary", ".rq")}
PARTED = sorted(name for name, query in QUERIES.items() if is_parted(query))
SKOS, ESCO = "http://www.w3.org/2004/02/skos/core#", "http://data.europa.eu/esco/model#"
BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
GRAPH = f"{BASE}graph/pillar"

concepts = st.sampled_from([f"urn:c:{number}" for number in range(4)])
texts = st.builds(
    lambda text, tag: f'"{text}"' + (f"@{tag}" if tag else ""),
    st.sampled_from(["a", "b", 'with \\"@de quotes', "@fr", "ends in \\\\"]),
    st.sampled_from(["", "en", "de", "fr-BE", "mt"]),
)
lines = st.one_of(
    st.builds(
        lambda c, p, t: f"<{c}> <{SKOS}{p}> {t} .\n", concepts, st.sampled_from(["prefLabel", "altLabel"]), texts
    ),
    st.builds(
        lambda c, k: f"<{c}> <{TYPE}> <{k}> .\n",
        concepts,
        st.sampled_from([f"{SKOS}Concept", f"{ESCO}Skill", f"{ESCO}Occupation", "urn:other"]),
    ),
    st.builds(lambda c: f"<{c}> <{SKOS}inScheme> <urn:scheme> .\n", concepts),
    st.builds(lambda c: f'<{c}> <http://www.w3.org/2002/07/owl#deprecated> "true"^^<{BOOLEAN}> .\n', concepts),
)


def test_there_are_such_queries() -> None:
    assert PARTED == ["label-coverage", "skos:label-scheme"]


@pytest.mark.parametrize("name", PARTED)
@given(written=st.lists(lines, min_size=1, unique=True), most=st.integers(1, 4))
def test_the_answer_in_parts_is_that_of_the_whole(
    name: str, written: list[str], most: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("graph") / "pillar.nt"
    path.write_text("".join(written))
    whole, aside = GraphStore(), GraphStore()
    whole.load(GRAPH, path)
    aside.leave_aside({GRAPH: path})
    assert aside.has_aside(QUERIES[name]) and not whole.has_aside(QUERIES[name])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(language_parts.parts, "__defaults__", (most,))
        found = aside.select(QUERIES[name])
    told = whole.select(QUERIES[name])
    assert found.columns == told.columns
    assert sorted(map(str, found.terms)) == sorted(map(str, told.terms))
    if name == "label-coverage":  # its rows have an order
        assert found.terms == told.terms


@pytest.mark.parametrize("query", ["SELECT * { ?a <model#b> ?c }", "# Sees: all\nSELECT * { ?a ?b ?c }"])
def test_a_query_that_cannot_be_asked_in_parts_is_refused(query: str, tmp_path: Path) -> None:
    store = GraphStore()
    store.leave_aside({GRAPH: tmp_path / "pillar.nt"})
    with pytest.raises(ValueError, match="names terms by absolute IRIs"):
        store.select(f"BASE <{BASE}>\n# Parts: language\n{query}")


def test_parts_hold_all_languages_and_few_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "graph.nt"
    tags = ["en", "de", "fr", "it", "pl"]
    labels = [f'<urn:a> <{SKOS}prefLabel> "{number}"@{tag} .\n' for tag in tags for number in range(3)]
    path.write_text("".join([*labels, f"<urn:a> <{TYPE}> <urn:x> .\n", f"<urn:a> <{TYPE}> <urn:y> .\n"]))
    seen = frozenset({f"<{SKOS}prefLabel>", f"<{TYPE}>", "<urn:x>"})
    found = [
        [line for _, part in files for line in part.read_text().splitlines(keepends=True)]
        for files in parts({GRAPH: path}, seen, most=6)
    ]
    assert [len(part) for part in found] == [7, 7, 4], "two languages and what has none"
    assert {line for part in found for line in part} == {*labels, f"<urn:a> <{TYPE}> <urn:x> .\n"}
