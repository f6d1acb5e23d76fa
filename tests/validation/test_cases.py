"""Every given case of a vocabulary, read in place: what must be told is told, and nothing that must not be."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from esco_kg.errors import InputError
from esco_kg.model.findings import Finding
from esco_kg.validation import ENGINES, check_files

E = "http://example.org/"


class Case:
    """The outcome of one case: its findings, or the error that refused it."""

    def __init__(self, files: list[Path], **options: object) -> None:
        self.error = ""
        self.findings: list[Finding] = []
        try:
            outcome = check_files(files, **options)  # type: ignore[arg-type]
        except InputError as error:
            assert error.exit_status == 3
            self.error = str(error)
        else:
            self.findings, self.conforms = outcome.findings, outcome.conforms
            self.triples, self.notes = outcome.triples, outcome.notes

    def at(self, rule: str) -> set[str]:
        return {f.focus.strip("<>").replace(E, ":") for f in self.findings if f.rule == rule}

    def of(self, rule: str, value: str = "") -> bool:
        return any(f.rule == rule and value in f.value for f in self.findings)

    def graver_than_info(self) -> set[str]:
        return {f.rule for f in self.findings if f.severity != "info"}

    def severities(self, rule: str) -> set[str]:
        return {f.severity for f in self.findings if f.rule == rule}


def _nothing(c: Case) -> None:
    assert not c.error and c.findings == []


def _info_at_most(c: Case) -> None:
    assert not c.error and not c.graver_than_info()


def _cycle(*at: str) -> Callable[[Case], None]:
    def expect(c: Case) -> None:
        assert c.at("skos:cycle") == set(at) and c.severities("skos:cycle") == {"warning"} and c.conforms

    return expect


def _only(rule: str, *at: str, not_at: str = "") -> Callable[[Case], None]:
    def expect(c: Case) -> None:
        assert c.at(rule) >= set(at) and not_at not in c.at(rule)

    return expect


def _redundant(c: Case) -> None:
    assert c.at("skos:redundant-broader") == {":b"} and c.of("skos:redundant-broader", ":t>") is False
    assert {f.value for f in c.findings if f.rule == "skos:redundant-broader"} == {f"<{E}t>"}
    assert c.severities("skos:redundant-broader") == {"info"}


def _s27(c: Case) -> None:
    assert c.at("skos:S27") & {":a", ":c"} and ":b" not in c.at("skos:S27")


def _s46(ends: set[str]) -> Callable[[Case], None]:
    def expect(c: Case) -> None:
        assert c.at("skos:S46") & ends and c.at("skos:S46") <= ends

    return expect


def _no_label_missing(c: Case) -> None:
    assert not c.at("skos:label-missing") and c.at("skos:S13") == {":a"}


def _blank(c: Case) -> None:
    assert (c.at("skos:label-empty"), c.at("skos:label-padded"), c.conforms) == ({":a"}, {":b"}, True)


def _same(c: Case) -> None:
    assert c.at("skos:label-scheme") == c.at("skos:notation-scheme") == {":a", ":b"} and c.conforms


def _undescribed(c: Case) -> None:
    assert c.at("skos:scheme-undescribed") == {":nowhere"} and c.conforms


def _texts(c: Case) -> None:
    found = {(f.focus, f.path.rpartition("#")[2].strip(">")) for f in c.findings if f.rule == "skos:resource-values"}
    assert found == {(f"<{E}a>", name) for name in ("inScheme", "topConceptOf", "broader", "exactMatch")}
    assert not c.conforms


def _https(c: Case) -> None:
    [found] = [f for f in c.findings if f.rule == "skos:empty"]
    assert "Nothing in the file is SKOS" in found.message and "https" in found.message and not c.conforms


def _no_skos(c: Case) -> None:
    assert c.of("skos:empty") and not c.conforms


def _misspelt(c: Case) -> None:
    said = " ".join(f.message for f in c.findings if f.rule == "skos:term" and f.focus == f"<{E}a>")
    for wrong, right in (("preflabel", "prefLabel"), ("defintion", "definition")):
        assert f"skos:{wrong} is no term of SKOS" in said and f"skos:{right}?" in said
    assert c.at("skos:label-missing") == {":a"}


def _top_inverse(c: Case) -> None:
    assert c.at("skos:top-concept-inverse") == {":t"} and not c.graver_than_info()


def _refused(*said: str) -> Callable[[Case], None]:
    def expect(c: Case) -> None:
        assert all(part in c.error for part in said), c.error

    return expect


def _two_triples(c: Case) -> None:
    assert list(c.triples.values()) == [2]


EXPECTED: dict[str, Callable[[Case], None]] = {
    "cycle-by-narrower.ttl": _cycle(":a", ":b"),
    "cycle-by-broader-detached.ttl": _cycle(":a", ":b", ":c"),
    "cycle-by-declared-subproperty.ttl": _cycle(":a", ":b"),
    "redundant-by-broader.ttl": _redundant,
    "redundant-by-narrower.ttl": _redundant,
    "top-concept-below-by-narrower.ttl": _only("skos:top-concept-broader", ":b", not_at=":a"),
    "flat-list.ttl": _nothing,
    "related-to-ancestor.ttl": _s27,
    "related-to-ancestor-by-narrower.ttl": _s27,
    "related-to-itself.ttl": _info_at_most,
    "semantic-relation-to-itself.ttl": _info_at_most,
    "untagged-two-preflabels.ttl": _only("skos:S14", ":a"),
    "two-preflabels-of-untyped-thing.ttl": _only("skos:S14", "http://other.example.org/x", not_at=":t"),
    "two-preflabels-tag-in-two-cases.ttl": _only("skos:S14", ":a"),
    "preferred-also-alternative.ttl": _only("skos:S13", ":t"),
    "preferred-also-alternative-xl.ttl": _no_label_missing,
    "labels-only-xl.ttl": _nothing,
    "scheme-named-by-dct-title.ttl": _nothing,
    "concept-is-xl-label.ttl": _only("skos:S48", ":a"),
    "blank-and-padded-labels.ttl": _blank,
    "same-label-in-scheme.ttl": _same,
    "same-label-topconceptof-only.ttl": _same,
    "same-label-without-scheme.ttl": _nothing,
    "only-child-named-like-parent.ttl": _info_at_most,
    "withdrawn-without-label.ttl": _info_at_most,
    "withdrawn-same-label-eu-marks.ttl": _nothing,
    "scheme-is-concept-by-inscheme.ttl": _only("skos:S9", ":b", not_at=":a"),
    "collection-is-broader.ttl": _only("skos:S37", ":b", not_at=":a"),
    "collections-in-each-other.ttl": _info_at_most,
    "scheme-is-ontology-too.ttl": _nothing,
    "scheme-not-described.ttl": _undescribed,
    "exact-match-chain-and-broad-match.ttl": _s46({":a", ":c"}),
    "exact-and-related-match-inverse.ttl": _s46({":a", ":b"}),
    "exact-and-close-match.ttl": _nothing,
    "literal-where-iri.ttl": _texts,
    "https-namespace.ttl": _https,
    "nothing-of-skos.ttl": _no_skos,
    "misspelt-terms.ttl": _misspelt,
    "two-schemes-over-two-files/a.ttl two-schemes-over-two-files/b.ttl": _nothing,
    "topconceptof-only.ttl": _top_inverse,
    "rdf-description.rdf": _only("skos:S14", ":a"),
    "iri-with-space-twice.ttl": _refused(
        "line 5: <http://example.org/page one>", "line 6: <http://example.org/page two>"
    ),
    "tag-with-underscore.ttl": _refused("line 5: @zh_TW"),
    "tag-with-long-part.ttl": _refused("line 4: @zh-classical"),
    "jsonld-context-on-the-web.jsonld": _refused(
        "https://context.example.org/skos.json is not read from the web",
        "--context https://context.example.org/skos.json",
    ),
    "byte-order-mark.ttl": _only("skos:S14", ":a"),
    "statement-stated-twice.ttl": _two_triples,
    "everything-right.ttl": _nothing,
}


@pytest.fixture(scope="module")
def cases(shared: Path) -> Path:
    return shared / "cases" / "skos"


def test_every_case_of_the_table_is_here(cases: Path) -> None:
    with (cases / "expected.tsv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert {row["files"] for row in rows if row["command"] == "check"} == EXPECTED.keys()


@pytest.mark.parametrize("files", EXPECTED)
def test_the_case_comes_out_as_its_table_says(cases: Path, files: str) -> None:
    EXPECTED[files](Case([cases / name for name in files.split(" ")]))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("files", ["scheme-is-concept-by-inscheme.ttl", "preferred-also-alternative-xl.ttl"])
def test_what_follows_is_seen_by_either_engine(cases: Path, files: str, engine: str) -> None:
    EXPECTED[files](Case([cases / files], engine=engine))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_text_with_a_tag_is_no_string(cases: Path, engine: str) -> None:
    folder = cases / "shapes-string-datatype"
    found = Case([folder / "data.ttl"], shapes=[folder / "shapes.ttl"], engine=engine).findings
    assert [f.focus for f in found] == [f"<{E}x>"]


@pytest.mark.parametrize("engine", ENGINES)
def test_background_is_looked_at_and_not_judged(cases: Path, engine: str) -> None:
    folder = cases / "shapes-background"
    shapes, data, background = (folder / name for name in ("shapes.ttl", "data.ttl", "background.ttl"))
    assert Case([data], shapes=[shapes], background=[background], engine=engine).findings == []
    assert [f.focus for f in Case([data], shapes=[shapes], engine=engine).findings] == [f"<{E}d>"]
    assert [f.focus for f in Case([data, background], shapes=[shapes], engine=engine).findings] == [f"<{E}other>"]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_circular_path_is_refused_at_once(cases: Path, engine: str) -> None:
    folder = cases / "shapes-circular-path"
    found = Case([folder / "data.ttl"], shapes=[folder / "shapes.ttl"], engine=engine)
    assert "path of this shape is circular" in found.error and "--engine" not in found.error
