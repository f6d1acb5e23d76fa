"""Terms are canonical N-Triples: an independent parser reads them back, and canonicalising changes nothing."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from esco_kg.rdf.terms import (
    Block,
    decimal,
    in_order,
    iri,
    is_http_iri,
    is_iri,
    is_language_tag,
    is_moment,
    plain,
    text,
    typed,
    unpublishable,
)

TEXT = st.text(st.characters(blacklist_categories=["Cs"]), max_size=30)


def parsed(line: str) -> ox.Quad:
    (quad,) = ox.parse(f"{line}\n".encode(), format=ox.RdfFormat.N_TRIPLES)
    return quad


@given(TEXT)
def test_a_literal_reads_back_and_is_canonical(value: str) -> None:
    for term, literal in (
        (plain(value), ox.Literal(value)),
        (text(value, "en-GB"), ox.Literal(value, language="en-gb")),
    ):
        line = f"<http://x/s> <http://x/p> {term} ."
        quad = parsed(line)
        assert quad.object == literal
        dataset = ox.Dataset([quad])
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        assert [str(q) for q in dataset] == [line.removesuffix(" .")]


@given(st.lists(st.tuples(TEXT, TEXT), max_size=6))
def test_a_block_is_sorted_as_its_lines_are(pairs: list[tuple[str, str]]) -> None:
    block = Block(iri("http://x/s"))
    for number, (left, right) in enumerate(pairs):
        block.add(iri(f"http://x/p{number % 2}"), plain(left), text(right, "en"), text(right, "en-us"))
    assert block.lines() == sorted(set(block.lines()))


@pytest.mark.parametrize(
    ("value", "lexical"), [(0.5, "0.5"), (1.0, "1.0"), (0.12345, "0.1235"), (-0.00001, "0.0"), (12.0, "12.0")]
)
def test_a_decimal_is_canonical(value: float, lexical: str) -> None:
    assert decimal(value) == f'"{lexical}"^^<http://www.w3.org/2001/XMLSchema#decimal>'


def test_a_boolean_is_lower_case() -> None:
    assert typed(True, "boolean").startswith('"true"')


@pytest.mark.parametrize(
    "value", ["no colon", "http://x/a b", "http://x/<", 'http://x/"', "http://x/{", "", "http://x/\n"]
)
def test_what_is_no_iri_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="not an IRI"):
        iri(value)


def test_blocks_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="follows"):
        list(in_order([Block(iri("http://x/b")), Block(iri("http://x/a"))]))
    with pytest.raises(ValueError, match="follows"):
        list(in_order([Block(iri("http://x/a")), Block(iri("http://x/a"))]))


NONCHARACTERS = [chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF)]
NONCHARACTERS += [chr(code) for code in range(0xFDD0, 0xFDF0)]


@pytest.mark.parametrize(
    "sign", [*NONCHARACTERS, *map(chr, range(0x21)), *'<>"{}|^`\\[]', "\x7f", "\x85", "\ud800", "%zz"]
)
def test_what_no_reader_takes_for_an_iri_is_none(sign: str) -> None:
    """U+1FFFE in an inScheme IRI was published once; riot and pyoxigraph refused the files."""
    assert not is_iri(f"http://example.org/a{sign}b")


def test_iris_of_the_web_have_a_host() -> None:
    assert is_http_iri("HTTPS://data.europa.eu/é/\u2028?a=b#c") and is_iri("mailto:a@example.org")
    for text_ in ("http:///a", "http:a", "urn:x:y", "mailto:a@example.org", "https://[bad/", "", "//x/y"):
        assert not is_http_iri(text_)


def test_tags_moments_and_characters_that_readers_refuse() -> None:
    assert all(map(is_language_tag, ("en", "pt-BR", "de-1996", "zh-Hant-TW")))
    assert not any(map(is_language_tag, ("abcdefghij", "en-", "en_US", "x", "")))
    assert is_moment("2016-12-20T19:37:05Z") and is_moment("2016-12-20T19:37:05.25+02:00")
    assert not any(map(is_moment, ("2016-12-20", "2016-13-20T19:37:05Z", "\uff12016-12-20T19:37:05Z", "")))
    assert unpublishable("a\x85\u2028\t\U0001fffe") == ""
    assert [unpublishable(f"a{sign}b") for sign in "\x00\x1b\uffff\ud800"] == ["U+0000", "U+001B", "U+FFFF", "U+D800"]
