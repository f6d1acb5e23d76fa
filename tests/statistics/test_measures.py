"""Statistics: each measure on a small case counted by hand, and on random releases against a count in plain Python."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.plugins.sparql import prepareQuery

from esco_kg.errors import InputError, UsageError
from esco_kg.model.findings import Table
from esco_kg.rdf.graphs import GraphStore
from esco_kg.resources import folder
from esco_kg.statistics import measures
from esco_kg.statistics.measures import Column, Measure
from tests.pages.statistics import PAGE, page
from tests.support.places import TESTS
from tests.support.sample_release import Sample, sample

BASE = "https://w3id.org/esco-kg/"
FIXTURES = TESTS / "queries" / "measures"
MEASURES = measures.measures()
NAMES = [found.name for found in MEASURES]


def _input(name: str) -> Path:
    own = FIXTURES / name / "input.ttl"
    return own if own.exists() else FIXTURES / "input.ttl"


def _store(path: Path) -> GraphStore:
    store = GraphStore()
    store.load("urn:test", path)
    return store


@pytest.mark.parametrize(("sizes", "middle"), [((246, 345, 3009, 10296), 1677.0), ((7, 7), 7.0), ((3, 8, 9), 8.0)])
def test_the_median_of_an_even_number_lies_between_the_two_in_the_middle(
    tmp_path: Path, sizes: tuple[int, ...], middle: float
) -> None:
    """Of 246, 345, 3,009 and 10,296 skills the notes gave a median of 345."""
    xkos = "http://rdf-vocabulary.ddialliance.org/xkos#"
    lines = [f"<{BASE}level/1> a <{xkos}ClassificationLevel> ; <{xkos}depth> 1 ."]
    lines += [f"<{BASE}c{n}> <{BASE}model#depth> 1 ; <{BASE}model#skills> {size} ." for n, size in enumerate(sizes)]
    (tmp_path / "sizes.ttl").write_text("\n".join(lines), encoding="utf-8")
    table = measures.run(_store(tmp_path / "sizes.ttl"), ["cluster-sizes"], base_iri=BASE)[0]
    assert dict(zip(table.columns, table.rows[0], strict=True))["median"] == middle


@pytest.mark.parametrize("found", MEASURES, ids=NAMES)
def test_a_measure_gives_what_was_counted_by_hand(found: Measure, tmp_path: Path) -> None:
    table = measures.run(_store(_input(found.name)), [found.name], base_iri=BASE)[0]
    measures.write_csv(table, tmp_path / "answer.csv")
    expected = (FIXTURES / found.name / "expected.csv").read_bytes()
    assert expected.count(b"\n") > 1, "an expected answer without rows shows nothing"
    assert (tmp_path / "answer.csv").read_bytes() == expected
    assert (
        table.query_sha256
        == hashlib.sha256((folder("queries") / "measures" / f"{found.name}.rq").read_bytes()).hexdigest()
    )


def test_there_are_enough_measures_and_each_has_its_case() -> None:
    assert len(NAMES) >= 15
    assert {path.parent.name for path in FIXTURES.glob("*/expected.csv")} == set(NAMES)


@pytest.mark.parametrize("found", MEASURES, ids=NAMES)
def test_a_query_is_standard_sparql_and_names_no_graph(found: Measure) -> None:
    # rdflib's parser is another one than the store's.
    prepareQuery(found.for_base(BASE))
    prepareQuery(f"BASE <{BASE}>\n{found.query}")
    assert "GRAPH" not in found.query and "FROM" not in found.query
    assert "<model#>" not in found.for_base(BASE)


@pytest.mark.parametrize("found", MEASURES, ids=NAMES)
def test_a_query_does_not_see_the_order_of_the_triples(found: Measure) -> None:
    made = sample(3)
    lines = [line for graph in made.graphs().values() for line in graph]
    forth, back = (_loaded(lines), _loaded(lines[::-1]))
    assert measures.run(forth, [found.name]) == measures.run(back, [found.name])


def _loaded(lines: list[str]) -> GraphStore:
    import pyoxigraph as ox

    store = GraphStore()
    quads = (quad for line in lines for quad in ox.parse(line.encode(), format=ox.RdfFormat.N_TRIPLES))
    for quad in quads:
        store._store.add(ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode("urn:test")))
    return store


def test_codes_of_skills_change_nothing() -> None:
    made = sample(3)
    lines = [line for graph in made.graphs().values() for line in graph]
    notation = "<http://www.w3.org/2004/02/skos/core#notation>"
    codes = [f'<{skill}> {notation} "{n}" .' for n, skill in enumerate(made.pillar.skills)]
    assert measures.run(_loaded([*lines, *codes])) == measures.run(_loaded(lines))


def test_without_sectors_the_sector_tables_are_empty_and_nothing_fails() -> None:
    tables = {table.name: table for table in measures.run(sample(nace=False, relations=False).store())}
    assert not tables["sector-profiles"].rows and not tables["related-clusters"].rows
    assert tables["clusters"].rows


def test_a_release_in_polish_alone_has_polish_names() -> None:
    tables = measures.run(sample(languages=("pl",)).store(), ["clusters", "levels", "isco-major-groups"])
    clusters = tables[0]
    assert all(str(row[clusters.columns.index("label")]).endswith(" pl") for row in clusters.rows)


# --- random releases, counted a second time


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), skills=st.integers(15, 40), nace=st.booleans())
def test_counts_agree_with_plain_python(seed: int, skills: int, nace: bool) -> None:
    made = sample(seed, skills=skills, nace=nace)
    tables = {table.name: table for table in measures.run(made.store())}
    members = {identifier: set(found) for identifier, found in made.clustering.members().items()}
    _check_sizes(made, tables, members)
    _check_kinds(made, tables, members)
    _check_links(made, tables, members)
    _check_isco(made, tables, members)
    _check_groups(made, tables, members)


def _rows(table: Table, *columns: str) -> set[tuple[object, ...]]:
    return {tuple(row[table.columns.index(column)] for column in columns) for row in table.rows}


def _check_sizes(made: Sample, tables: dict[str, Table], members: dict[str, set[str]]) -> None:
    depth = {identifier: cluster.depth for identifier, cluster in made.clustering.clusters.items()}
    assert _rows(tables["clusters"], "cluster", "depth", "skills") == {(i, depth[i], len(members[i])) for i in members}
    for level, number, gini in _rows(tables["cluster-sizes"], "depth", "clusters", "gini"):
        sizes = sorted(len(members[i]) for i in members if depth[i] == level)
        # Gini by ranks, another formula than the query's.
        ranked = 2 * sum(rank * size for rank, size in enumerate(sizes, 1)) / (len(sizes) * sum(sizes))
        assert number == len(sizes)
        assert gini == pytest.approx(ranked - (len(sizes) + 1) / len(sizes), abs=1e-4)
    further = Counter((a.rank, a.skill) for a in made.clustering.allocations if a.rank != "primary")
    expected = Counter(
        (kind, further[kind, skill]) for kind in ("used-in", "found-under") for skill in made.pillar.skills
    )
    counted = {(kind, number, skills) for (kind, number), skills in expected.items()}
    assert _rows(tables["further-memberships"], "kind", "further", "skills") == counted
    methods = Counter((a.rank, a.method) for a in made.clustering.allocations)
    assert _rows(tables["allocation-methods"], "rank", "method", "allocations") == {(*k, n) for k, n in methods.items()}


def _check_kinds(made: Sample, tables: dict[str, Table], members: dict[str, set[str]]) -> None:
    skills = made.pillar.skills
    for identifier, knowledge, skill, none in _rows(
        tables["cluster-skill-types"], "cluster", "knowledge", "skill", "none"
    ):
        types = Counter(skills[iri].skill_type for iri in members[str(identifier)])
        assert (knowledge, skill, none) == (types["knowledge"], types["skill"], types[None])
    green = {iri for iri, skill in skills.items() if any(scheme.endswith("/green") for scheme in skill.in_scheme)}
    listed = {(i, len(found & green)) for i, found in members.items() if found & green}
    assert {
        (c, n) for name, c, n in _rows(tables["thematic-lists"], "list", "cluster", "skills") if name == "green"
    } == listed


def _check_links(made: Sample, tables: dict[str, Table], members: dict[str, set[str]]) -> None:
    expected = set()
    for identifier, found in members.items():
        links = [(occupation, kind) for occupation, skill, kind in made.pillar.occupation_skills if skill in found]
        kinds = Counter(kind for _, kind in links)
        linked = {skill for _, skill, _ in made.pillar.occupation_skills}
        occupations = len({occupation for occupation, _ in links})
        expected.add((identifier, kinds["essential"], kinds["optional"], occupations, len(found - linked)))
    assert _rows(tables["occupation-links"], "cluster", "essential", "optional", "occupations", "unlinked") == expected


def _check_isco(made: Sample, tables: dict[str, Table], members: dict[str, set[str]]) -> None:
    for name, digits in (("isco-major-groups", 1), ("isco-submajor-groups", 2)):
        groups: dict[str, Counter[str]] = defaultdict(Counter)
        total: Counter[str] = Counter()
        for occupation, skill, _ in made.pillar.occupation_skills:
            code = made.pillar.occupations[occupation].isco[:digits]
            total[code] += 1
            groups[code].update(i for i, found in members.items() if skill in found)
        depth = {identifier: cluster.depth for identifier, cluster in made.clustering.clusters.items()}
        expected = {(g, i): n / total[g] for g, counts in groups.items() for i, n in counts.items() if depth[i] <= 2}
        found = {(g, i): share for g, i, share in _rows(tables[name], "isco", "cluster", "share")}
        assert found == pytest.approx(expected, abs=1e-4)
        shares = [share for (g, i), share in found.items() if depth[str(i)] == 1]
        assert sum(shares) == pytest.approx(len(total), abs=1e-3)


def _check_groups(made: Sample, tables: dict[str, Table], members: dict[str, set[str]]) -> None:
    below: dict[str, set[str]] = defaultdict(set)
    code = {iri: group.code for iri, group in made.pillar.skill_groups.items()}
    for child, parent in made.pillar.skill_broader:
        if child in made.pillar.skills:
            below[code[parent]].add(child)
    top = [identifier for identifier, cluster in made.clustering.clusters.items() if cluster.depth == 1]
    expected = {(i, g, len(members[i] & found)) for i in top for g, found in below.items() if members[i] & found}
    assert _rows(tables["pillar-agreement"], "cluster", "code", "skills") == expected
    largest = {i: max(n for j, _, n in expected if j == i) for i in top}
    assert _rows(tables["pillar-largest-group"], "cluster", "largest") == set(largest.items())


# --- what must stop a release


def test_an_unknown_measure_is_a_wrong_use() -> None:
    with pytest.raises(UsageError, match="no measure 'sizes'") as caught:
        measures.run(GraphStore(), ["sizes"], base_iri=BASE)
    assert "cluster-sizes" in caught.value.hint


def test_an_unexpectedly_empty_answer_stops(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="measure clusters: the answer is empty"):
        measures.run(GraphStore(), ["clusters"], base_iri=BASE)


def test_a_file_without_clusters_is_named_as_such() -> None:
    with pytest.raises(InputError, match="one scheme of skill clusters is needed, found none"):
        measures.run(GraphStore())


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "SELECT ?depth ?rank ?skills WHERE { }",
            "measure levels: the query gives .*rank.*, its head promises depth, level",
        ),
        ("SELEKT ?depth", "measure levels: the query failed: .*"),
        ("ASK { }", "measure levels: the query failed: .* not a SELECT"),
        ('SELECT ?depth ("x" AS ?level) (1 AS ?skills) WHERE { }', "measure levels, row 1: column depth is blank"),
        (
            'SELECT (1/0 AS ?depth) ("x" AS ?level) (1 AS ?skills) WHERE { }',
            "measure levels, row 1: column depth is blank",
        ),
        ('SELECT (1 AS ?depth) ("x" AS ?level) ("many" AS ?skills) WHERE { }', "column skills is 'many', no integer"),
        ("SELECT (1 AS ?depth) (<x:y> AS ?level) (1 AS ?skills) WHERE { }", "column level is 'x:y', no string"),
    ],
    ids=["column", "syntax", "form", "blank", "error", "number", "iri"],
)
def test_a_broken_query_stops(monkeypatch: pytest.MonkeyPatch, query: str, message: str) -> None:
    columns = (Column("depth", "integer", "."), Column("level", "string", "."), Column("skills", "integer", "."))
    monkeypatch.setattr(measures, "measures", lambda: [Measure("levels", "?", columns, query, "")])
    with pytest.raises(InputError, match=message):
        measures.run(GraphStore(), ["levels"], base_iri=BASE)


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("# Columns:\n#   a:string  text\n", "the head lacks"),
        ("# Question: What?\n", "the head lacks"),
        ("# Question: What?\n# Columns:\n#   a:number  text\n", "column a has the unknown type number"),
    ],
)
def test_a_head_that_says_too_little_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, head: str, message: str
) -> None:
    (tmp_path / "measures").mkdir()
    (tmp_path / "measures" / "odd.rq").write_text(f"{head}SELECT ?a WHERE {{ }}\n", encoding="utf-8")
    monkeypatch.setattr(measures, "files", lambda name, suffix: [tmp_path / "measures" / "odd.rq"])
    with pytest.raises(InputError, match=f"queries/measures/odd.rq: {message}"):
        measures.measures()


def test_a_table_is_written_for_machines(tmp_path: Path) -> None:
    labels = ['a "quoted", label', "two\nlines", "=1+1"]
    rows = [(label, n, 1e-05, None, n == 1) for n, label in enumerate(labels)]
    types = ["string", "integer", "decimal", "string", "boolean"]
    measures.write_csv(Table("t", "?", ["label", "n", "share", "none", "yes"], types, rows), tmp_path / "t.csv")
    text = (tmp_path / "t.csv").read_bytes().decode()
    assert "\r" not in text and "1e" not in text
    with (tmp_path / "t.csv").open(newline="", encoding="utf-8") as stream:
        assert [row["label"] for row in csv.DictReader(stream)] == labels
    assert text.splitlines()[-1] == "=1+1,2,0.00001,,false"


def test_the_manual_lists_every_measure_as_its_head_has_it() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == page(text), "run: python -m tests.pages.statistics"
