"""Saved queries: what they promise in their heads, how parameters are bound, and the forms of an answer."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from decimal import Decimal
from pathlib import Path

import polars
import pyoxigraph as ox
import pytest
import rdflib
from click.testing import CliRunner, Result
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from rdflib.plugins.sparql import prepareQuery
from rdflib.util import from_n3

from esco_kg.cli import main
from esco_kg.errors import InputError, UsageError
from esco_kg.folder.reading import read_manifest
from esco_kg.model.findings import Table
from esco_kg.rdf.graphs import Rows
from esco_kg.store.catalogue import Names
from esco_kg.store.cookbook import Query, cookbook
from esco_kg.store.local import ReleaseStore, open_release
from esco_kg.store.parameters import TYPES, Parameter, term
from esco_kg.store.published import published
from esco_kg.store.tables import FORMATS, written
from tests.pages.cookbook import PAGE, answer, page, sample_lines

BASE = "https://example.org/esco-kg-demonstration/"
QUERIES = cookbook()
each = pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)


@pytest.fixture(scope="module")
def store(second_release: Path, tmp_path_factory: pytest.TempPathFactory) -> ReleaseStore:
    return open_release(second_release, caches=tmp_path_factory.mktemp("stores"))


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["query", *(str(argument) for argument in arguments)])


def params(query: Query) -> list[str]:
    return [part for name, value in query.sample.items() for part in ("--param", f"{name}={value}")]


# --- the queries themselves ---


def test_there_are_enough_of_them() -> None:
    assert len(QUERIES) >= 20


@each
def test_the_sample_answer_in_the_head_is_the_real_one(query: Query, store: ReleaseStore, second_release: Path) -> None:
    found = sample_lines(answer(query, store, second_release))
    assert list(query.answer) == found, "run python -m tests.pages.cookbook"


def test_the_page_is_not_stale() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == page(text), "docs/queries.md is stale: run python -m tests.pages.cookbook"


@each
def test_a_query_is_standard_sparql_and_names_no_graph(query: Query) -> None:
    prepareQuery(
        f"BASE <{BASE}>\n{query.text}"
    )  # as the file stands, parameters unbound; another parser than the store's
    prepareQuery(query.bound(BASE, query.sample))
    assert bool(re.search(r"\b(GRAPH|FROM)\b", query.bound(BASE, query.sample))) == bool(query.needs)


@each
def test_every_path_has_one_end_bound(query: Query) -> None:
    body = "\n".join(line.partition(" #")[0] for line in query.text.splitlines() if not line.startswith("#"))
    for start, end in re.findall(r"([?$]\w+) \S+[*+] ([?$]\w+)", body):
        others = body.replace(f"{start} ", "", 1).replace(f" {end}", "", 1)
        assert start.startswith("$") or any(re.search(rf"\{name}\b.*\w+:\w+", others) for name in (start, end))


@pytest.mark.parametrize("name", ["cluster-names", "cluster-path", "cluster-tree", "related-clusters"])
def test_an_engine_that_binds_variables_itself_gives_the_same_rows(
    name: str, clusters: rdflib.Graph, store: ReleaseStore, second_release: Path
) -> None:
    """rdflib's initial bindings make no text at all of a parameter."""
    query = QUERIES[name]
    terms = {p.name: term(p, query.sample.get(p.name, p.default or ""), BASE) for p in query.parameters}
    bindings = {key: from_n3(value) for key, value in terms.items()}
    found = clusters.query(f"BASE <{BASE}>\n{query.text}", initBindings=bindings)
    rows = [tuple(None if value is None else str(value) for value in row) for row in found]
    expected = [tuple(None if v is None else str(v) for v in row) for row in answer(query, store, second_release).rows]
    assert sorted(rows, key=str) == sorted(expected, key=str) and rows


@pytest.fixture(scope="module")
def clusters(second_release: Path) -> rdflib.Graph:
    packed = next(second_release.glob("*-clusters.nt.gz"))
    return rdflib.Graph().parse(data=gzip.decompress(packed.read_bytes()), format="nt")


def _as_object(written: str) -> ox.NamedNode | ox.Literal:
    quad = next(iter(ox.parse(f"<urn:s> <urn:p> {written} .".encode(), format=ox.RdfFormat.N_TRIPLES)))
    assert isinstance(quad.object, ox.NamedNode | ox.Literal)
    return quad.object


def _rows(store: ReleaseStore, name: str, **given: str) -> list[dict[str, object]]:
    found = QUERIES[name].table(store.select(QUERIES[name].bound(BASE, given)))
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def _statistics(release: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((release / "statistics" / f"{name}.csv").read_text(encoding="utf-8"))))


@pytest.mark.parametrize(
    ("name", "kind", "count"), [("skill-types", "type", "concepts"), ("reuse-levels", "reuse", "skills")]
)
def test_what_esco_leaves_blank_is_counted_as_in_the_statistics(
    name: str, kind: str, count: str, store: ReleaseStore, second_release: Path
) -> None:
    found = {(row["id"], str(row[kind]).replace("-", "_")): row[count] for row in _rows(store, name)}
    kinds = {kind for _, kind in found}
    expected = {
        (row["cluster"], kind): int(row[kind])
        for row in _statistics(second_release, f"cluster-{name}")
        for kind in kinds
        if row["depth"] == "1" and row[kind] != "0"
    }
    assert found == expected and "none" in kinds
    every = sum(int(str(row["skills"])) for row in _rows(store, "level-clusters"))
    assert sum(int(str(value)) for value in found.values()) == every


def test_a_cluster_without_a_skill_of_the_list_has_a_share_of_zero(store: ReleaseStore) -> None:
    sizes = {row["id"]: row["skills"] for row in _rows(store, "level-clusters", level="3")}
    found = _rows(store, "list-share", level="3")
    assert {row["id"]: row["skills"] for row in found} == sizes and len(found) == len(sizes)
    without = [row for row in found if row["listed"] == 0]
    assert without and {row["share"] for row in without} == {0.0}
    assert all(row["share"] for row in found if row["listed"])


# --- parameters ---

HOSTILE = ['en"', "en'", "} DROP", "{", "en\\", "a\nb", "<x>", "c00001> ?p ?o . <", '") UNION { ?s ?p ?o } #', ""]


@pytest.mark.parametrize("kind", [kind for kind in TYPES if kind != "text"])
@pytest.mark.parametrize("value", HOSTILE)
def test_what_has_not_the_form_of_its_type_is_refused(kind: str, value: str) -> None:
    with pytest.raises(UsageError, match="parameter x"):
        term(Parameter("x", kind, ""), value, BASE)


@pytest.mark.parametrize("value", ['a"b', "a{b", "a}b", "a\\b", "a\nb", "x" * 201])
def test_a_quote_or_a_brace_in_a_text_is_refused(value: str) -> None:
    with pytest.raises(UsageError, match="without double quote, brace or backslash"):
        term(Parameter("x", "text", ""), value, BASE)


@pytest.mark.parametrize(
    ("kind", "value", "hint"),
    [
        ("cluster", "c 12", "Letters, digits, and . ~ _ -: --param x=c00042."),
        ("division", "c", "Two digits: --param x=24."),
        ("division", "1", "Two digits: --param x=24."),
        ("integer", "1.5", "Digits alone: --param x=2."),
        ("list", "purple", "A word of these, in small letters: --param x=green."),
        ("text", "l'" * 101, "Up to 200 characters: --param x=welding."),
        ("language", "en'", "Quotes, braces, backslashes and control characters have no place in it."),
        ("text", 'a"b', "Quotes, braces, backslashes and control characters have no place in it."),
    ],
)
def test_who_gives_a_wrong_value_is_told_the_form_and_an_example(kind: str, value: str, hint: str) -> None:
    with pytest.raises(UsageError, match=r"parameter x: .* is not ") as told:
        term(Parameter("x", kind, ""), value, BASE)
    assert told.value.hint == hint


@pytest.mark.parametrize("kind", TYPES)
def test_the_example_of_a_type_is_a_value_of_it(kind: str) -> None:
    with pytest.raises(UsageError) as told:
        term(Parameter("x", kind, ""), "?" * 201, BASE)
    assert term(Parameter("x", kind, ""), told.value.hint.partition("--param x=")[2].removesuffix("."), BASE)


def test_a_list_is_one_of_those_that_esco_has() -> None:
    known = ["green", "digital", "transversal", "language", "research", "digcomp"]
    assert [term(Parameter("x", "list", ""), name, BASE) for name in known] == [f'"{name}"' for name in known]
    with pytest.raises(UsageError, match=", ".join(known)):
        term(Parameter("x", "list", ""), "greenish", BASE)


@pytest.mark.parametrize("value", ["", " ", "\t \n"])
def test_an_empty_text_is_called_empty_and_blanks_around_one_do_not_count(value: str) -> None:
    with pytest.raises(UsageError, match="parameter x: it is empty"):
        term(Parameter("x", "text", ""), value, BASE)
    assert term(Parameter("x", "text", ""), f"{value}arc welding{value}", BASE) == '"arc welding"'


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("cluster", "c00042", f"<{BASE}cluster/c00042>"),
        ("cluster", "Künste.1", f"<{BASE}cluster/K%C3%BCnste.1>"),
        ("skill", "http://data.europa.eu/esco/skill/x", "<http://data.europa.eu/esco/skill/x>"),
        (
            "occupation",
            "00030d09-2b3a-4efd-87cc-c4ea39d27c34",
            "<http://data.europa.eu/esco/occupation/00030d09-2b3a-4efd-87cc-c4ea39d27c34>",
        ),
        ("sector", "C", "<http://data.europa.eu/ux2/nace2.1/C>"),
        ("division", "24", "<http://data.europa.eu/ux2/nace2.1/24>"),
        ("language", "pt-BR", '"pt-br"'),
        ("integer", "007", '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("decimal", "0.25", '"0.25"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        ("code", "S1.2", '"S1.2"'),
        ("text", "l'été $cluster ?x", '"l\'été $cluster ?x"'),
    ],
)
def test_a_value_becomes_one_term(kind: str, value: str, expected: str) -> None:
    assert term(Parameter("x", kind, ""), value, BASE) == expected


@given(st.sampled_from(TYPES), st.text(max_size=40) | st.from_regex(r"[\"'{}\\<>$?.;a-z0-9 ]{1,30}", fullmatch=True))
@example("decimal", "00")
@example("integer", "007")
@settings(max_examples=150, deadline=None)
def test_no_value_is_ever_more_than_its_term(kind: str, value: str) -> None:
    one = Parameter("x", kind, "")
    try:
        made = term(one, value, BASE)
    except UsageError:
        return
    query = Query("q", "", "", (one,), (), "SELECT ?found WHERE { BIND($x AS ?found) }", {}, ())
    found = ox.Store().query(query.bound(BASE, {"x": value}))
    assert isinstance(found, ox.QuerySolutions)
    (row,) = found
    answered, asked = row[0], _as_object(made)
    if kind in ("integer", "decimal"):
        # A store gives a number in the form that it likes: 0 for 00.
        assert (Decimal(answered.value), answered.datatype) == (Decimal(asked.value), asked.datatype)
    else:
        assert answered == asked


def test_a_parameter_that_looks_like_another_is_left_alone(store: ReleaseStore) -> None:
    """A value is put in once: what stands in it is not read for parameters again."""
    query = QUERIES["find-skills"]
    assert "$language" in query.bound(BASE, {"text": "$language"})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("no-such", "x"), "there is no query 'no-such'"),
        (("cluster-members", "x", "--param", "cluster"), "there is no equals sign"),
        (("cluster-members", "x", "--param", "a=1", "--param", "a=2"), "given twice"),
        (("cluster-members", "x", "--endpoint", "http://127.0.0.1:1/x"), "a release and a store are named"),
        (("cluster-members", "x", "--store", "fuseki"), "--store goes with --endpoint"),
    ],
)
def test_wrong_use_is_told_in_two_lines(arguments: tuple[str, ...], message: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2 and message in done.stderr
    assert done.stderr.count("\n") == 2 and "\nhint: " in done.stderr


def test_a_version_is_taken_from_a_folder_of_releases(second_release: Path) -> None:
    asked = ("release-facts", second_release.parent, "--format", "csv")
    older, newer = run(*asked, "--version", "1.0.0"), run(*asked)
    assert "1.0.0" in older.stdout and "1.1.0" in newer.stdout and "1.1.0" not in older.stdout
    unknown = run(*asked, "--version", "3.0.0")
    assert unknown.exit_code == 3 and "holds no release 3.0.0" in unknown.stderr and "1.0.0, 1.1.0" in unknown.stderr


def test_a_missing_and_an_unknown_parameter_are_named(second_release: Path) -> None:
    done = run("cluster-members", second_release)
    assert (
        done.exit_code == 2 and "needs the parameter cluster" in done.stderr and "an id such as c00042" in done.stderr
    )
    done = run("cluster-members", second_release, "--param", "klaster=c00001")
    assert "has no parameter 'klaster'" in done.stderr and "cluster, language" in done.stderr


def test_a_quote_from_the_command_line_is_an_error(second_release: Path) -> None:
    done = run("cluster-members", second_release, "--param", 'cluster=c00001> ?p "')
    assert done.exit_code == 2 and "is not an id such as c00042" in done.stderr


def test_the_queries_with_the_nearest_names_are_told_first() -> None:
    done = run("clustermembers", "x")
    assert "hint: The nearest: cluster-members" in done.stderr and "There are: change-counts, " in done.stderr
    assert "hint: There are: " in run("zzz", "x").stderr


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("cluster-members", ("cluster=c99999",), "no row for cluster=c99999, language=en (by default)"),
        ("level-clusters", ("level=9",), "no row for level=9, language=en (by default)"),
        ("missing-names", ("language=en",), "language=en: that is right where every cluster has a name"),
    ],
)
def test_an_answer_without_a_row_is_told_on_stderr_alone(
    second_release: Path, name: str, given: tuple[str, ...], told: str
) -> None:
    asked = [part for one in given for part in ("--param", one)]
    done = run(name, second_release, "--format", "csv", "--quiet", *asked)
    assert done.exit_code == 0 and done.stdout == ",".join(column.name for column in QUERIES[name].columns) + "\n"
    assert f"{name}: " in done.stderr and told in done.stderr and "hint: Is each value" in done.stderr


def test_an_answer_with_rows_says_nothing_on_stderr(second_release: Path) -> None:
    assert run("level-clusters", second_release, "--quiet").stderr == ""


def test_a_folder_cannot_answer_about_several_releases(second_release: Path) -> None:
    done = run("skill-through-versions", second_release, *params(QUERIES["skill-through-versions"]))
    assert done.exit_code == 2 and "needs a store that holds several releases" in done.stderr


def test_the_newest_release_is_asked_where_none_is_named(
    second_release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "releases").symlink_to(second_release.parent.parent)
    monkeypatch.chdir(tmp_path)
    done = run("release-facts", "--format", "csv")
    assert "1.1.0" in done.stdout
    assert "Release 1.1.0 of the demonstration data, which are invented: releases/demonstration/1.1.0" in done.stderr
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    done = run("release-facts")
    assert done.exit_code == 2 and "releases: there is no such file or folder" in done.stderr


def test_a_folder_that_is_no_release_is_told(tmp_path: Path) -> None:
    done = run("level-clusters", tmp_path)
    assert done.exit_code == 3 and "holds no release" in done.stderr


# --- answers ---


def test_without_a_name_the_queries_are_listed() -> None:
    listed = run().stdout.splitlines()
    assert [line.split()[0] for line in listed] == list(QUERIES)
    assert any(line.endswith(QUERIES["skill-gap"].question) for line in listed)


def test_sparql_is_printed_for_any_client(second_release: Path) -> None:
    query = QUERIES["cluster-members"]
    found = run("cluster-members", "--sparql", "--base", BASE, "--param", "cluster=c00004").stdout
    values = query.terms(BASE, {"cluster": "c00004"})
    assert found == published(query, BASE, values)
    graphs = [
        Names(BASE).graph("1.1.0", name)
        for name in ("catalogue", "changes", "clusters", "codes", "pillar", "statistics")
    ]
    said = run("cluster-members", "--sparql", second_release, "--param", "cluster=c00004").stdout
    assert said == published(query, BASE, values, graphs)


def test_every_form_holds_the_same_answer(second_release: Path, tmp_path: Path) -> None:
    expected: list[dict[str, str]] | None = None
    for form in FORMATS:
        out = tmp_path / f"answer.{form}"
        done = run("list-share", second_release, "--format", form, "--out", out, "--quiet")
        assert done.exit_code == 0 and done.stdout == "", done.output
        rows = _read(form, out.read_bytes())
        expected = expected or rows
        assert rows == expected and len(rows) > 2, form


def _read(form: str, content: bytes) -> list[dict[str, str]]:
    if form == "table":
        head, rule, *lines = content.decode().splitlines()
        ends = [found.end() for found in re.finditer(r"-+", rule)]
        starts = [0, *(end + 2 for end in ends[:-1])]
        names = head.split()
        rows = [
            {name: line[a:b].strip() for name, a, b in zip(names, starts, [*ends[:-1], None], strict=True)}
            for line in lines
        ]
    elif form == "csv":
        rows = list(csv.DictReader(io.StringIO(content.decode())))
    elif form == "json":
        rows = json.loads(content)
    elif form == "parquet":
        rows = polars.read_parquet(io.BytesIO(content)).to_dicts()
    else:
        head, *lines = load_workbook(io.BytesIO(content)).active.values  # type: ignore[union-attr]
        rows = [dict(zip(head, line, strict=True)) for line in lines]
    # A workbook has one kind of number, in which 0.0 is 0.
    return [
        {name: "" if value is None else str(value).removesuffix(".0") for name, value in row.items()} for row in rows
    ]


AWKWARD = Table(
    "awkward",
    "What can a cell hold?",
    ["text", "number", "part", "flag", "day"],
    ["string", "integer", "decimal", "boolean", "date"],
    [
        ("=1+1", 3, 0.00001, True, "2026-01-31"),
        ('a "quoted", text\nof two lines', -1, 1e-05, False, None),
        (None, None, None, None, "2025-12-01"),
    ],
)


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    sheet = load_workbook(io.BytesIO(written(AWKWARD, "xlsx"))).active
    assert sheet is not None and sheet["A2"].value == "=1+1" and sheet["A2"].data_type == "s"


def test_csv_has_no_exponents_and_blanks_are_empty() -> None:
    assert written(AWKWARD, "csv").decode().splitlines()[1] == "=1+1,3,0.00001,true,2026-01-31"
    assert written(AWKWARD, "csv").decode().endswith("\n,,,,2025-12-01\n")


def test_parquet_keeps_types() -> None:
    frame = polars.read_parquet(io.BytesIO(written(AWKWARD, "parquet")))
    assert frame.dtypes == [polars.String, polars.Int64, polars.Float64, polars.Boolean, polars.Date]


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_table_gives_the_same_bytes(form: str) -> None:
    import time

    first = written(AWKWARD, form)
    time.sleep(2.1 if form == "xlsx" else 0)  # zip archives know time in steps of two seconds
    assert written(AWKWARD, form) == first


def _row(*terms: object) -> Rows:
    return Rows(["a"], [terms])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("kind", "found", "message"),
    [
        ("iri", ox.Literal("x"), "no iri"),
        ("string", ox.NamedNode("urn:x"), "no string"),
        ("integer", ox.Literal("1.5"), "no integer"),
        ("decimal", ox.Literal("much"), "no decimal"),
        ("string", None, "is blank"),
    ],
)
def test_an_answer_that_breaks_the_promise_of_the_head_is_an_error(kind: str, found: object, message: str) -> None:
    from esco_kg.store.cookbook import Column

    query = Query("q", "", "", (), (Column("a", kind, ""),), "", {}, ())
    with pytest.raises(InputError, match=message):
        query.table(_row(found))


def test_stores_may_write_numbers_and_flags_in_their_own_way() -> None:
    from esco_kg.store.cookbook import Column

    def read(kind: str, text: str) -> object:
        return Query("q", "", "", (), (Column("a", kind, ""),), "", {}, ()).table(_row(ox.Literal(text))).rows[0][0]

    assert [read("integer", "5.0"), read("integer", "5")] == [5, 5]
    assert read("decimal", "0.33333333333333333333") == read("decimal", "0.3333") == 0.3333
    assert [read("boolean", "1"), read("boolean", "true"), read("boolean", "false")] == [True, True, False]


# --- the local store ---


def test_a_local_store_is_made_once_and_belongs_to_one_content(
    second_release: Path, demonstration: Path, tmp_path: Path
) -> None:
    told: list[str] = []
    first = open_release(second_release, caches=tmp_path, listener=told.append)
    again = open_release(second_release, caches=tmp_path, listener=told.append)
    other = open_release(demonstration, caches=tmp_path, listener=told.append)
    assert first.folder == again.folder != other.folder and len(told) == 2
    assert sorted(path.name[:5] for path in tmp_path.iterdir()) == ["1.0.0", "1.1.0"], "nothing half-made is left"
    assert read_manifest(second_release)["version"] in first.folder.name


def test_a_damaged_graph_makes_no_store(demonstration: Path, tmp_path: Path) -> None:
    import shutil

    release = Path(shutil.copytree(demonstration, tmp_path / "release"))
    packed = release / "esco-kg-1.0.0-pillar.nt.gz"
    packed.write_bytes(packed.read_bytes()[:-100])
    with pytest.raises(InputError, match="is not the file that the manifest lists"):
        open_release(release, caches=tmp_path / "stores")
    assert not (tmp_path / "stores").exists()
