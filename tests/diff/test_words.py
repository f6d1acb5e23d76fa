"""Each word of a comparison of vocabularies is said where it is true, and nowhere else; the given pairs first."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from esco_kg.cli import main
from esco_kg.diff.compare import Comparison, compare
from esco_kg.model.changes import Change

HEAD = """@prefix : <http://example.org/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix xl: <http://www.w3.org/2008/05/skos-xl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def told(found: Comparison) -> set[tuple[str, str, str, str]]:
    """(kind, last part of the subject, old, new)."""
    return {(c.kind, _end(c.subject), c.old, c.new) for c in found.delta.changes}


def _end(iri: str) -> str:
    return iri.rpartition("/")[2]


def links(found: Comparison, kind: str) -> set[tuple[str, tuple[str, ...]]]:
    return {(_end(c.subject), tuple(map(_end, c.others))) for c in found.delta.changes if c.kind == kind}


def _other_direction(found: Comparison) -> None:
    assert not found.delta.changes
    assert {(s.field, s.removed, s.added) for s in found.delta.statements} == {
        ("skos:broader", 1, 0),
        ("skos:narrower", 0, 1),
    }


def _note(found: Comparison) -> None:
    assert told(found) == {("re-described", "t", "first", "second"), ("added", "b", "", ""), ("removed", "a", "", "")}
    assert not any(c.about == "resource" or "_:" in "".join((c.subject, c.old, c.new)) for c in found.delta.changes)


def _nothing(found: Comparison) -> None:
    assert not found.delta.changes and not found.delta.statements


def _translation(found: Comparison) -> None:
    assert told(found) == {("translated", "t", "", "Handwerk")}
    assert [c.language for c in found.delta.changes] == ["de"]


def _successor(found: Comparison) -> None:
    assert links(found, "replaced") == {("a", ("b",))}


def _typed(found: Comparison) -> None:
    long, short = "01 as http://example.org/Long", "1 as http://example.org/Short"
    assert told(found) == {("typed", "a", "01", long), ("typed", "a", "1", short)}


def _withdrawn(found: Comparison) -> None:
    assert told(found) == {("deprecated", name, "", "") for name in "bcd"}


def _split_and_merged(found: Comparison) -> None:
    assert links(found, "split") == {("A", ("A1", "A2"))}
    assert links(found, "merged") == {("E", ("B", "C"))}
    assert not any(_end(c.subject) == "D" for c in found.delta.changes)


def _https(found: Comparison) -> None:
    assert found.delta.based == ("http:", "https:", 4)
    assert {kind for kind, *_ in told(found)} == {"re-based", "renamed"}
    assert ("renamed", "b", "basalt", "basalt rock") in told(found)


EXPECTED: dict[str, Callable[[Comparison], None]] = {
    "patch-broader-to-narrower": _other_direction,
    "patch-blank-node": _note,
    "diff-same-in-another-order": _nothing,
    "diff-translation-added": _translation,
    "diff-successor-added": _successor,
    "diff-notation-typed": _typed,
    "diff-withdrawn-by-several-marks": _withdrawn,
    "diff-split-and-merge": _split_and_merged,
    "diff-http-to-https": _https,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_given_pairs_come_out_as_their_table_says(shared: Path, name: str) -> None:
    folder = shared / "cases" / "skos" / name
    EXPECTED[name](compare(folder / "old.ttl", folder / "new.ttl"))
    if name == "diff-http-to-https":
        EXPECTED[name](compare(folder / "old.ttl", folder / "new.ttl", by_code=True))


def test_every_given_pair_is_here(shared: Path) -> None:
    with (shared / "cases" / "skos" / "expected.tsv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert {row["files"].partition("/")[0] for row in rows if row["command"].startswith("diff")} == EXPECTED.keys()


def between(tmp_path: Path, before: str, after: str) -> Comparison:
    for name, text in (("old.ttl", before), ("new.ttl", after)):
        (tmp_path / name).write_text(HEAD + text, encoding="utf-8")
    return compare(tmp_path / "old.ttl", tmp_path / "new.ttl")


CAT = ':cat a skos:Concept ; skos:prefLabel "cat"@en'
WORDS = {
    "renamed": (f"{CAT} .", ':cat a skos:Concept ; skos:prefLabel "tom"@en .', {("renamed", "cat", "cat", "tom")}),
    "case": (f"{CAT} .", ':cat a skos:Concept ; skos:prefLabel "Cat"@en .', {("case", "cat", "cat", "Cat")}),
    "white space": (
        ':c a skos:Concept ; skos:prefLabel "a cat"@en .',
        ':c a skos:Concept ; skos:prefLabel "a  cat "@en .',
        {("white space", "c", "a cat", "a  cat ")},
    ),
    "translated": (f"{CAT} .", f'{CAT} , "kot"@pl .', {("translated", "cat", "", "kot")}),
    "translation lost": (f'{CAT} , "kot"@pl .', f"{CAT} .", {("translation lost", "cat", "kot", "")}),
    "parent gained": (
        f"{CAT} .",
        f"{CAT} . :pet skos:narrower :cat .",
        {("parent gained", "cat", "", "http://example.org/pet")},
    ),
    "parent lost": (f"{CAT} ; skos:broader :pet .", f"{CAT} .", {("parent lost", "cat", "http://example.org/pet", "")}),
    "parent replaced": (
        f"{CAT} ; skos:broader :pet .",
        f"{CAT} ; skos:broader :beast .",
        {("parent replaced", "cat", "http://example.org/pet", "http://example.org/beast")},
    ),
    "a note as a resource of its own": (
        f'{CAT} ; skos:note [ rdfs:comment "one"@en ; dct:created "2024" ] .',
        f'{CAT} ; skos:note [ rdfs:comment "two"@en ; dct:created "2024" ] .',
        {("re-described", "cat", "[comment one; created 2024]", "[comment two; created 2024]")},
    ),
    "a label of SKOS-XL in a blank node": (
        ':cat a skos:Concept ; xl:prefLabel [ a xl:Label ; xl:literalForm "cat"@en ] .',
        ':cat a skos:Concept ; xl:prefLabel [ a xl:Label ; xl:literalForm "tom"@en ] .',
        {("renamed", "cat", "cat", "tom")},
    ),
    "a value that becomes an IRI": (
        f'{CAT} ; dct:source "http://example.org/x" .',
        f"{CAT} ; dct:source <http://example.org/x> .",
        {("altered", "cat", "http://example.org/x", "http://example.org/x")},
    ),
    "replaced, stated from the other side": (
        f"{CAT} . :tom a skos:Concept .",
        f"{CAT} . :tom a skos:Concept ; dct:replaces :cat .",
        {("replaced", "cat", "", "")},
    ),
    "removed, and still named": (
        f"{CAT} . :s skos:hasTopConcept :x .",
        ":cat dct:isReplacedBy :tom . :s skos:hasTopConcept :x .",
        {("removed", "cat", "", ""), ("replaced", "cat", "", "")},
    ),
}


@pytest.mark.parametrize(("before", "after", "expected"), WORDS.values(), ids=list(WORDS))
def test_a_word_is_said_where_it_is_true(
    before: str, after: str, expected: set[tuple[str, str, str, str]], tmp_path: Path
) -> None:
    assert told(between(tmp_path, before, after)) == expected


def test_a_withdrawn_concept_keeps_its_label(tmp_path: Path) -> None:
    found = between(tmp_path, f"{CAT} .", ":cat a skos:Concept ; owl:deprecated true .")
    assert {c.label for c in found.delta.changes if c.kind == "deprecated"} == {"cat"}


def test_one_direction_of_two_is_told_and_no_change_of_meaning(tmp_path: Path) -> None:
    both = f"{CAT} ; skos:broader :pet . :pet skos:narrower :cat ."
    found = between(tmp_path, both, f"{CAT} ; skos:broader :pet .")
    assert not found.delta.changes
    assert [(s.field, s.removed, s.added) for s in found.delta.statements] == [("skos:narrower", 1, 0)]
    shown = CliRunner().invoke(main, ["diff", str(tmp_path / "old.ttl"), str(tmp_path / "new.ttl"), "--quiet"]).output
    assert "Nothing changed." not in shown and "skos:narrower: 1 went, 0 came" in shown


def test_copies_of_a_blank_node_are_no_change_that_is_overlooked(tmp_path: Path) -> None:
    note = 'skos:note [ rdfs:comment "x" ]'
    found = between(tmp_path, f'{CAT} ; {note} , [ rdfs:comment "x" ] .', f"{CAT} ; {note} .")
    assert not found.delta.changes and [s.field for s in found.delta.statements] == ["blank nodes"]
    shared_node = between(
        tmp_path,
        '_:n rdfs:comment "x" . :a skos:note _:n . :b skos:note _:n .',
        ':a skos:note [ rdfs:comment "x" ] . :b skos:note [ rdfs:comment "x" ] .',
    )
    assert [s.reason for s in shared_node.delta.statements] == ["blank nodes that say the same are joined otherwise"]


def test_a_statement_that_a_file_repeats_is_no_copy_of_a_blank_node(tmp_path: Path) -> None:
    note = '_:n rdfs:comment "x" . :a skos:note _:n .'
    _nothing(between(tmp_path, note, f"{note} {note}"))


def test_a_few_equal_ends_are_no_new_base(tmp_path: Path) -> None:
    """Two of five things that are gone have namesakes elsewhere: that is no move of the vocabulary."""
    old = "".join(f":c{n} a skos:Concept . " for n in range(5))
    new = "".join(f"<http://other.example.org/c{n}> a skos:Concept . " for n in range(2))
    found = between(tmp_path, old, new)
    assert found.delta.based is None and {c.kind for c in found.delta.changes} == {"added", "removed"}


def test_changes_are_of_the_kinds_that_the_shape_of_releases_knows() -> None:
    from esco_kg.model.changes import KINDS
    from esco_kg.resources import folder

    text = (folder("shapes") / "change.ttl").read_text(encoding="utf-8")
    assert all(f'"{kind}"' in text for kind in KINDS)
    assert Change.__annotations__


def test_a_template_of_ones_own(tmp_path: Path) -> None:
    between(tmp_path, f"{CAT} .", ':cat a skos:Concept ; skos:prefLabel "<tom>"@en .')
    files = [str(tmp_path / name) for name in ("old.ttl", "new.ttl")]
    for name, text, status, said in (
        (
            "report.html.j2",
            "{% for c in delta.changes %}{{ c.kind }} {{ c.new }}{% endfor %}",
            0,
            "renamed &lt;tom&gt;",
        ),
        ("report.md", "{{ delta.changes[0].new }} {{ verdict[0] }}", 0, "<tom> patch"),
        ("broken.md", "one\n{% for %}", 3, "broken.md:2: the template fails"),
        ("unknown.md", "{{ nothing }}", 3, "'nothing' is undefined"),
    ):
        (tmp_path / name).write_text(text)
        found = CliRunner().invoke(main, ["diff", *files, "--quiet", "--template", str(tmp_path / name)])
        assert (found.exit_code, said in found.output) == (status, True), found.output


def xl(*names: tuple[str, str, str]) -> str:
    """Concepts whose labels stand in XL labels alone, each a thing of its own: (concept, label's end, text)."""
    return "".join(
        f":{concept} a skos:Concept ; xl:{kind}Label :{concept}-{text[1:4]} . "
        f":{concept}-{text[1:4]} a xl:Label ; xl:literalForm {text} . "
        for concept, kind, text in names
    )


def test_labels_of_skos_xl_are_names(tmp_path: Path) -> None:
    """Every concept was a bare IRI, and its translation a first name."""
    cat, kot = ("cat", "pref", '"cat"@en'), ("cat", "pref", '"kot"@pl')
    found = between(tmp_path, xl(cat), xl(cat, kot))
    assert {(c.kind, c.label, c.new) for c in found.delta.changes if c.about == "concept"} == {
        ("translated", "cat", "kot")
    }
    found = between(
        tmp_path, xl(cat), f"{xl(kot, cat)} :cat owl:deprecated true ; skos:related :pet . {xl(('pet', 'pref', PET))}"
    )
    assert {c.label for c in found.delta.changes if c.kind == "deprecated"} == {"cat"}
    assert "relation" in {c.about for c in found.delta.changes} and found.delta.labels[EXAMPLE + "pet"] == "pet"
    found = between(tmp_path, xl(cat), xl(cat).replace('"cat"', '"tom"'))
    assert [(c.kind, c.label, c.old, c.new) for c in found.delta.changes] == [("renamed", "tom", "cat", "tom")]


PET, EXAMPLE = '"pet"@en', "http://example.org/"


def test_labels_of_skos_xl_tell_what_became_of_a_concept(tmp_path: Path) -> None:
    old = xl(("a", "pref", '"alpha"@en'), ("b", "pref", '"beta"@en'))
    new = xl(("c", "pref", '"gamma"@en'), ("c", "alt", '"alpha"@en'), ("c", "alt", '"beta"@en'))
    assert links(between(tmp_path, old, new), "merged") == {("c", ("a", "b"))}


_AT, _EUVOC = "http://publications.europa.eu/ontology/authority/", "http://publications.europa.eu/ontology/euvoc#"
_STATUS = "http://publications.europa.eu/resource/authority/concept-status/"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f'<{_AT}deprecated> "false"', f'<{_AT}deprecated> "true"'),
        (f"<{_EUVOC}status> <{_STATUS}CURRENT>", f"<{_EUVOC}status> <{_STATUS}DEPRECATED>"),
        ("owl:deprecated false", "owl:deprecated true"),
        ('skos:altLabel "puss"@en', 'skos:altLabel "puss"@en ; owl:deprecated true'),
    ],
)
def test_a_withdrawal_and_its_end_are_one_word_each(before: str, after: str, tmp_path: Path) -> None:
    """The value that the mark had before was told as well; the end of a withdrawal was an altered value."""
    states = f"{CAT} ; {before} .", f"{CAT} ; {after} ."
    withdrawn, reinstated = between(tmp_path, *states), between(tmp_path, *states[::-1])
    assert told(withdrawn) == {("deprecated", "cat", "", "")}
    assert told(reinstated) == {("reinstated", "cat", "", "")}
    assert (reinstated.delta.verdict.part, reinstated.delta.verdict.reasons) == ("minor", ("concept: 1 reinstated",))


def test_a_concept_may_come_withdrawn(tmp_path: Path) -> None:
    found = between(tmp_path, f"{CAT} .", f"{CAT} . :tom a skos:Concept ; owl:deprecated true .")
    assert [(c.kind, c.reason) for c in found.delta.changes] == [("added", "already withdrawn")]


def test_a_second_successor_makes_a_split(tmp_path: Path) -> None:
    """It was replaced by the second."""
    found = between(tmp_path, ":a dct:isReplacedBy :b .", ":a dct:isReplacedBy :b , :c .")
    assert links(found, "split") == {("a", ("b", "c"))} and len(found.delta.changes) == 1
    literal = between(tmp_path, f"{CAT} .", f'{CAT} ; dct:isReplacedBy "tom" .')
    assert told(literal) == {("altered", "cat", "", "tom")}


def test_members_of_a_collection_come_and_go_each_for_itself(tmp_path: Path) -> None:
    """A member that went was told to have become the one that came."""
    group = ":g a skos:Collection ; skos:member :a , "
    found = between(tmp_path, f"{CAT} . {group} :b .", f"{CAT} . {group} :c .")
    assert links(found, "removed") == {("g", ("b",))} and links(found, "added") == {("g", ("c",))}
    assert {c.field for c in found.delta.changes} == {"skos:member"}
    found = between(tmp_path, f"{CAT} .", f"{CAT} . :g a skos:OrderedCollection .")
    assert [(c.about, c.kind) for c in found.delta.changes] == [("collection", "added")]
    assert found.delta.verdict.reasons == ("collection: 1 added",)


def test_of_several_links_the_one_that_went_is_not_the_one_that_came(tmp_path: Path) -> None:
    several = between(tmp_path, f"{CAT} ; rdfs:seeAlso :a , :b .", f"{CAT} ; rdfs:seeAlso :a , :c .")
    assert told(several) == {("altered", "cat", f"{EXAMPLE}b", ""), ("altered", "cat", "", f"{EXAMPLE}c")}
    single = between(tmp_path, f"{CAT} ; rdfs:seeAlso :b .", f"{CAT} ; rdfs:seeAlso :c .")
    assert told(single) == {("altered", "cat", f"{EXAMPLE}b", f"{EXAMPLE}c")}


@pytest.mark.parametrize(
    ("before", "after", "tags"),
    [
        ('"cat"', '"cat"@en', ("cat", "cat@en")),
        ('"cat"@en', '"cat"@en-GB', ("cat@en", "cat@en-gb")),
        ('"cat"@en , "kot"@pl', '"cat"@en , "kot"@cs', ("kot@pl", "kot@cs")),
    ],
)
def test_another_tag_is_no_translation(before: str, after: str, tags: tuple[str, str], tmp_path: Path) -> None:
    """A tag that was added was told as a translation, and as one that is lost."""
    concept = ":c a skos:Concept ; "
    found = between(tmp_path, f"{concept} skos:prefLabel {before} .", f"{concept} skos:prefLabel {after} .")
    assert told(found) == {("altered", "c", *tags)}
    label = f"{concept} xl:prefLabel :l . :l a xl:Label ; xl:literalForm"
    found = between(tmp_path, f"{label} {before.split(' ')[-1]} .", f"{label} {after.split(' ')[-1]} .")
    assert told(found) == {("altered", "c", *tags)}


def test_white_space_that_changed_is_seen(tmp_path: Path) -> None:
    """The report said `a cat -> a cat`."""
    found = between(
        tmp_path,
        ':c a skos:Concept ; skos:prefLabel "a cat"@en .',
        ':c a skos:Concept ; skos:prefLabel "a\\u00A0 cat\\t"@en .',
    )
    for text in (found.as_text(), found.as_html()):
        assert "a·cat" in text and ("a<U+00A0>·cat⇥" in text or "a&lt;U+00A0&gt;·cat⇥" in text)


def test_nothing_is_said_of_skills_where_there_are_none(tmp_path: Path) -> None:
    found = between(tmp_path, f"{CAT} .", f"{CAT} ; skos:altLabel 'tom'@en .")
    assert found.as_csv().splitlines()[0] == "about,kind,subject,label,field,language,old,new,others,reason"
    assert not re.search(r'affected\w+ "?\d', found.as_turtle())
