"""Terms are canonical N-Triples: an independent parser reads them back, and canonicalising changes nothing."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from esco_kg.rdf.terms import Block, decimal, in_order, iri, plain, text, typed

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
