"""Two RDF files of any scheme compared: nothing is seen that is not there, and nothing that is there is missed."""

from __future__ import annotations

import gzip
import random
import tempfile
from itertools import pairwise
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from esco_kg.cli import main
from esco_kg.diff.compare import compare, patch
from esco_kg.diff.sources import rdf
from esco_kg.model.changes import Change
from esco_kg.rdf.reading import triples
from tests.support.places import TESTS

SKOS = "http://www.w3.org/2004/02/skos/core#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
XL = "http://www.w3.org/2008/05/skos-xl#"
HEAD = f"""@prefix : <https://example.org/> . @prefix skos: <{SKOS}> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix dct: <http://purl.org/dc/terms/> . @prefix xl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""
GOLDEN = TESTS / "golden"

# A scheme as people write them: texts with quotes and line ends, datatypes, notes and labels in blank nodes, circles.
IRIS = st.sampled_from([ox.NamedNode(f"https://example.org/{name}") for name in "abcd"])
BLANKS = st.sampled_from([ox.BlankNode(name) for name in ("x", "y", "z")])
TEXTS = st.sampled_from(["one", 'say "one"', "line\nend", "back\\slash", "ü", ""])
LITERALS = st.one_of(
    st.builds(lambda text, tag: ox.Literal(text, language=tag), TEXTS, st.sampled_from(["en", "pl"])),
    st.builds(ox.Literal, TEXTS),
    st.sampled_from([ox.Literal("01", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))]),
)
PROPERTIES = st.sampled_from(
    [ox.NamedNode(SKOS + name) for name in ("prefLabel", "altLabel", "definition", "broader", "related", "notation")]
    + [ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#value")]
)
TRIPLES = st.lists(
    st.builds(ox.Quad, st.one_of(IRIS, BLANKS), PROPERTIES, st.one_of(IRIS, BLANKS, LITERALS)), min_size=1, max_size=25
)
FORMATS = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "rdf": ox.RdfFormat.RDF_XML}


def write(path: Path, quads: list[ox.Quad]) -> Path:
    path.write_bytes(ox.serialize((q.triple for q in quads), format=FORMATS[path.suffix[1:]]) or b"")
    return path


def renamed(quads: list[ox.Quad], seed: int) -> list[ox.Quad]:
    """The same triples in another order, with other names for blank nodes."""

    def name(term: object) -> object:
        return ox.BlankNode(f"n{seed}{term.value}") if isinstance(term, ox.BlankNode) else term

    other = [ox.Quad(name(q.subject), q.predicate, name(q.object)) for q in quads]  # type: ignore[arg-type]
    random.Random(seed).shuffle(other)
    return other


def lines(path: Path) -> set[str]:
    """All triples as the comparison sees them."""
    with tempfile.TemporaryDirectory() as scratch:
        return {
            f"{subject} {line}" for subject, block in rdf(triples(path), path.name, Path(scratch))() for line in block
        }


@given(quads=TRIPLES, seed=st.integers(0, 9), ending=st.sampled_from(sorted(FORMATS)))
@settings(max_examples=120, deadline=None)
def test_a_file_written_otherwise_is_the_same(quads: list[ox.Quad], seed: int, ending: str) -> None:
    """Order, serialisation and the names of blank nodes are no change, in circles of blank nodes either."""
    with tempfile.TemporaryDirectory() as place:
        one = write(Path(place) / "one.nt", quads)
        other = write(Path(place) / f"other.{ending}", renamed(quads, seed))
        found = compare(one, other).delta
        assert (found.changes, found.counts) == ([], [])
        assert list(patch(one, other)) == ["TX .", "TC ."]


@given(before=TRIPLES, after=TRIPLES)
@settings(max_examples=120, deadline=None)
def test_what_differs_is_told_and_what_does_not_is_not(before: list[ox.Quad], after: list[ox.Quad]) -> None:
    with tempfile.TemporaryDirectory() as place:
        one, other = write(Path(place) / "one.nt", before), write(Path(place) / "other.nt", after)
        found = compare(one, other).delta
        is_same = list(patch(one, other)) == ["TX .", "TC ."]
        assert is_same == (not found.changes and not found.statements)
        assert not is_same or lines(one) == lines(other)


def changes(tmp_path: Path, before: str, after: str, *, by_code: bool = False) -> list[tuple[str, ...]]:
    """(about, kind, last part of the subject, old, new) of every change between two texts in Turtle."""
    paths = [tmp_path / "old.ttl", tmp_path / "new.ttl"]
    for path, text in zip(paths, (before, after), strict=True):
        path.write_text(HEAD + text, encoding="utf-8")
    found = compare(*paths, by_code=by_code).delta.changes
    return [(c.about, c.kind, c.subject.rsplit("/", 1)[-1], c.old, c.new) for c in found]


CAT = ':cat a skos:Concept ; skos:prefLabel "cat"@en ; skos:broader :pet ; skos:inScheme :s '


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (CAT.replace('"cat"', '"tom"') + ".", ("concept", "renamed", "cat", "cat", "tom")),
        (CAT + '; skos:altLabel "tom"@en .', ("concept", "re-described", "cat", "", "tom")),
        (CAT + '; skos:notation "c1" .', ("concept", "re-coded", "cat", "", "c1")),
        (
            CAT.replace(":pet", ":animal") + ".",
            ("concept", "parent replaced", "cat", "https://example.org/pet", "https://example.org/animal"),
        ),
        (
            CAT.replace(":s ", ":t ") + ".",
            ("concept", "re-listed", "cat", "https://example.org/s", "https://example.org/t"),
        ),
        (CAT + "; owl:deprecated true .", ("concept", "deprecated", "cat", "", "")),
        (CAT + "; dct:isReplacedBy :tom .", ("concept", "replaced", "cat", "", "")),
        (CAT + '; skos:definition [ rdf:value "purrs"@en ] .', ("concept", "re-described", "cat", "", "purrs")),
        (CAT + '; xl:altLabel [ xl:literalForm "tom"@en ] .', ("concept", "re-described", "cat", "", "tom")),
        (CAT + '; dct:modified "2026-01-31" .', ("concept", "dated", "cat", "", "2026-01-31")),
        (CAT + ". :dog a skos:Concept .", ("concept", "added", "dog", "", "")),
        (":dog a skos:Concept .", ("concept", "removed", "cat", "", "")),
        (CAT + "; skos:related :dog .", ("relation", "added", "cat", "", "")),
        (CAT + "; skos:exactMatch <urn:cat> .", ("relation", "added", "cat", "", "")),
    ],
)
def test_each_change_has_its_name(tmp_path: Path, after: str, expected: tuple[str, ...]) -> None:
    before = CAT + "."
    if expected[1] == "removed":
        before += ":dog a skos:Concept ."
    assert changes(tmp_path, before, after) == [expected]


NAMES = st.dictionaries(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(["en", "pl", "de"])), TEXTS, min_size=1, max_size=12
)


def _scheme(names: dict[tuple[str, str], str], form: str) -> list[ox.Quad]:
    """Concepts in a ladder with these preferred labels, as literals or as nodes of their own (SKOS-XL)."""
    at = {name: ox.NamedNode(f"https://example.org/{name}") for name, _ in names}
    found = [ox.Quad(iri, ox.NamedNode(RDF_TYPE), ox.NamedNode(SKOS + "Concept")) for iri in at.values()]
    found += [ox.Quad(at[a], ox.NamedNode(SKOS + "broader"), at[b]) for a, b in pairwise(sorted(at))]
    for (name, language), text in names.items():
        label = ox.Literal(text, language=language)
        if form == "literal":
            found.append(ox.Quad(at[name], ox.NamedNode(SKOS + "prefLabel"), label))
        else:
            node = ox.BlankNode() if form == "blank" else ox.NamedNode(f"https://example.org/label/{name}-{language}")
            found.append(ox.Quad(at[name], ox.NamedNode(f"{XL}prefLabel"), node))
            found.append(ox.Quad(node, ox.NamedNode(f"{XL}literalForm"), label))
    return found


@given(names=NAMES, texts=st.lists(TEXTS, min_size=12, max_size=12), form=st.sampled_from(["literal", "blank", "node"]))
@settings(max_examples=120, deadline=None)
def test_every_seeded_rename_is_named_and_nothing_else(
    names: dict[tuple[str, str], str], texts: list[str], form: str
) -> None:
    """Any concepts get any labels, in any language: labels may swap places, become equal, or be left as they are."""
    later = dict(zip(names, texts, strict=False))
    with tempfile.TemporaryDirectory() as place:
        one = write(Path(place) / "one.nt", _scheme(names, form))
        other = write(Path(place) / "other.nt", renamed(_scheme(later, form), 1))
        found = compare(one, other).delta.changes
    told = {(c.about, c.kind, c.subject.rsplit("/", 1)[-1], c.language, c.old, c.new) for c in found}
    expected = {
        ("concept", _word(text, later[name, language]), name, language, text, later[name, language])
        for (name, language), text in names.items()
        if text != later[name, language]
    }
    assert told == expected and len(found) == len(expected)


def _word(old: str, new: str) -> str:
    return "white space" if old.split() == new.split() else "case" if old.lower() == new.lower() else "renamed"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (":cat skos:broader :pet .", ":pet skos:narrower :cat ."),
        (":cat skos:topConceptOf :s .", ":s skos:hasTopConcept :cat ."),
        (":cat skos:related :dog .", ":dog skos:related :cat ."),
    ],
)
def test_the_inverse_statement_is_no_change_of_meaning_and_is_told(tmp_path: Path, before: str, after: str) -> None:
    assert changes(tmp_path, before, after) == []
    told = compare(tmp_path / "old.ttl", tmp_path / "new.ttl").delta.statements
    assert sum(s.removed for s in told) == sum(s.added for s in told) == 1
    assert all("the meaning is the same" in s.reason for s in told)


def test_a_label_node_that_changes_its_text_renames_its_concept(tmp_path: Path) -> None:
    one = ':cat a skos:Concept ; xl:prefLabel :label1 . :label1 a xl:Label ; xl:literalForm "cat"@en .'
    assert changes(tmp_path, one, one.replace('"cat"', '"tom"')) == [("concept", "renamed", "cat", "cat", "tom")]


def test_concepts_with_new_iris_are_matched_by_code_on_request(tmp_path: Path) -> None:
    before = ':c1 a skos:Concept ; skos:notation "1" ; skos:prefLabel "cat"@en . :k a skos:Concept ; skos:broader :c1 .'
    after = before.replace(":c1", ":cat")
    assert [change[:3] for change in changes(tmp_path, before, after)] == [
        ("concept", "added", "cat"), ("concept", "removed", "c1"), ("concept", "replaced", "c1"),
        ("concept", "parent replaced", "k"),
    ]  # fmt: skip
    assert changes(tmp_path, before, after, by_code=True) == [
        ("concept", "re-identified", "cat", "https://example.org/c1", "https://example.org/cat")
    ]


def test_values_keep_their_form(tmp_path: Path) -> None:
    """A store would take 1.50 and 1.5, or Z and +00:00, for the same."""
    one = ':cat skos:example 1.50 ; dct:modified "2026-01-31T00:00:00Z" .'
    other = ':cat skos:example 1.5 ; dct:modified "2026-01-31T00:00:00+00:00" .'
    assert len(changes(tmp_path, one, other)) == 2


def test_many_lines_are_sorted_outside_of_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("esco_kg.diff.sources._CHUNK", 2000)
    path = tmp_path / "many.nt"
    numbers = list(range(400))
    random.Random(3).shuffle(numbers)
    path.write_text("".join(f'<urn:s{n:04d}> <{SKOS}notation> "{n}" .\n' for n in numbers * 2))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    source = rdf(triples(path), path.name, scratch)
    assert list(scratch.iterdir()), "nothing was spilt, so this proves nothing"
    assert [block[0] for block in source()] == [f"<urn:s{n:04d}>" for n in range(400)]
    assert all(len(block[1]) == 1 for block in source())


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["diff", *map(str, arguments)])


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """Two versions of a small scheme."""
    old, new = tmp_path / "pets-1.ttl", tmp_path / "pets-2.ttl.gz"
    old.write_text(HEAD + CAT + '. :pet a skos:Concept ; skos:prefLabel "pet"@en . :dog a skos:Concept .')
    after = CAT.replace('"cat"', '"tom"') + '. :pet a skos:Concept ; skos:prefLabel "pet"@en . :eel a skos:Concept ; '
    new.write_bytes(gzip.compress((HEAD + after + 'skos:prefLabel "eel"@en ; skos:broader :pet .').encode()))
    return old, new


def test_the_text_for_people(pair: tuple[Path, Path]) -> None:
    result = run(*pair, "--quiet")
    assert result.exit_code == 0
    assert result.output == (GOLDEN / "diff.txt").read_text(encoding="utf-8")


def test_the_turtle_names_every_change(pair: tuple[Path, Path]) -> None:
    result = run(*pair, "--format", "ttl", "--quiet")
    quads = list(ox.parse(result.output.encode(), format=ox.RdfFormat.TURTLE))
    kinds = {q.object.value for q in quads if q.predicate.value.endswith("model#kind")}
    assert kinds == {"added", "removed", "renamed"}
    assert not any(isinstance(q.subject, ox.BlankNode) or isinstance(q.object, ox.BlankNode) for q in quads)


def test_the_columns_of_esco(pair: tuple[Path, Path]) -> None:
    result = run(*pair, "--format", "esco", "--quiet")
    assert result.output.splitlines()[0] == "concept URI,field,language,action,old value,new value"
    assert "https://example.org/cat,preferredLabel,en,update,cat,tom" in result.output
    assert "https://example.org/eel,preferredLabel,en,add,,eel" in result.output


@pytest.mark.parametrize(("part", "status"), [("major", 1), ("minor", 1), ("patch", 1), (None, 0)])
def test_a_verdict_can_fail_a_build(pair: tuple[Path, Path], part: str | None, status: int) -> None:
    assert run(*pair, "--quiet", *(["--fail-on", part] if part else [])).exit_code == status


def test_no_change_never_fails(pair: tuple[Path, Path]) -> None:
    result = run(pair[0], pair[0], "--quiet", "--fail-on", "patch")
    assert (result.exit_code, "Nothing changed." in result.output) == (0, True)


def test_a_broken_file_is_named_with_its_line(pair: tuple[Path, Path], tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text(HEAD + ":cat a skos:Concept ;;; nonsense")
    result = run(pair[0], broken)
    assert result.exit_code == 3
    assert "broken.ttl: not readable as RDF" in result.output and "line" in result.output


def test_two_kinds_of_thing_are_not_compared(pair: tuple[Path, Path], demonstration: Path) -> None:
    result = run(pair[0], demonstration)
    assert (result.exit_code, "is read as RDF" in result.output) == (2, True)


def test_changes_are_listed_in_one_order() -> None:
    """By what they are about, then by kind, as both are declared: not by the alphabet."""
    first, second = Change("cluster", "split", "c00002"), Change("skill", "added", "a")
    assert sorted([second, first], key=Change.key) == [first, second]


def test_a_statement_that_no_change_tells_fails_a_build_that_wants_none(tmp_path: Path) -> None:
    """The same link, stated in both directions: nothing else is to be told of it."""
    head = "@prefix : <https://example.org/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    for name, more in (("old.ttl", ""), ("new.ttl", ":pet skos:narrower :cat .\n")):
        text = f"{head}:cat a skos:Concept ; skos:broader :pet . :pet a skos:Concept .\n{more}"
        (tmp_path / name).write_text(text, encoding="utf-8")
    files = (tmp_path / "old.ttl", tmp_path / "new.ttl")
    result = run(*files, "--quiet", "--fail-on", "patch")
    assert result.exit_code == 1 and "other statements" in result.output
    assert run(*files, "--quiet", "--fail-on", "minor").exit_code == 0


def test_a_template_goes_with_no_other_format(pair: tuple[Path, Path], tmp_path: Path) -> None:
    result = run(*pair, "--template", tmp_path / "mine.md.j2", "--json")
    assert result.exit_code == 2 and "--template and --format json are both given" in result.output
