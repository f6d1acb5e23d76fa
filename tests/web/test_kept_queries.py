"""The kept set of queries: how many of what people type is found, and that no kind of failure comes back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esco_kg.matching.finder import find
from esco_kg.matching.words import forms
from esco_kg.web.search.index import TYPES
from tests.support.kept_queries import LANGUAGES, Query, demonstration_index, esco_index, queries, titles

# What the matcher reached when it was last changed, less a little: a change that loses queries says which. The aims
# are .95 and .85 over all: .97 and .88 were measured. In the first place on real ESCO .84 were.
FIRST_THREE, FIRST, FIRST_ON_ESCO = 0.95, 0.85, 0.82


@pytest.fixture(scope="module")
def small() -> Iterator[sqlite3.Connection]:
    connection = demonstration_index()
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def real(shared: Path) -> Iterator[sqlite3.Connection]:
    connection = esco_index(shared)
    yield connection
    connection.close()


def places(connection: sqlite3.Connection, asked: list[Query]) -> dict[Query, int]:
    """The place of the first right target among ten, 0 where there is none."""
    named, found = titles(connection), {}
    for query in asked:
        hits = [named[hit.target] for hit in find(connection, query.text, [query.language, "en"], TYPES, 10).hits]
        found[query] = next((place for place, names in enumerate(hits, 1) if names & query.targets), 0)
    return found


def shares(found: dict[Query, int]) -> tuple[float, float, list[str]]:
    """Shares in the first three places and in the first, and what is not in the first three."""
    missed = [f"{query.language} {query.text}" for query, place in found.items() if not 1 <= place <= 3]
    first = sum(place == 1 for place in found.values())
    return 1 - len(missed) / len(found), first / len(found), missed


def test_the_kept_set_is_whole() -> None:
    kept = queries()
    assert len(kept) >= 300 and {query.language for query in kept} == set(LANGUAGES)
    assert len({(query.language, query.data, query.text) for query in kept}) == len(kept)


def test_queries_on_the_demonstration_data(small: sqlite3.Connection) -> None:
    three, first, missed = shares(places(small, [query for query in queries() if query.data == "demonstration"]))
    assert three >= FIRST_THREE and first >= FIRST, missed


def test_queries_on_real_esco(real: sqlite3.Connection) -> None:
    three, first, missed = shares(places(real, [query for query in queries() if query.data == "esco"]))
    assert three >= FIRST_THREE and first >= FIRST_ON_ESCO, missed


@pytest.mark.parametrize("text", ["hr", "ux", "qa", "ai", "pyhton", "acounting", "c++", "c#", ".net", "node.js",
                                  "registered nurse", "nurse", "teacher", "2512", "S5.6", "c00528"])  # fmt: skip
def test_kinds_of_failure_that_were_seen(real: sqlite3.Connection, text: str) -> None:
    query = next(query for query in queries() if query.text == text)
    assert 1 <= places(real, [query])[query] <= 3
    if text == "pyhton":
        assert find(real, text, ["en"], TYPES, 5).meant == "python"


def test_queries_that_nothing_was_tuned_on(small: sqlite3.Connection) -> None:
    """Of 42 on the demonstration data so many were found when the set was first asked."""
    found = places(small, [query for query in queries("held-out.csv") if query.data == "demonstration"])
    three, first, missed = shares(found)
    assert three >= 0.9 and first >= 0.8, missed


@pytest.mark.parametrize(
    ("typed", "written"),
    [("cybersecurity", "cyber security"), ("frontend developer", "front end developer"), ("data base", "database")],
)
def test_a_compound_is_found_however_it_is_parted(real: sqlite3.Connection, typed: str, written: str) -> None:
    """Found with ``cybersecurity``: only names that write it as one word were."""
    hits = find(real, typed, ["en"], TYPES, 10).hits
    assert (written, "exact") in [(hit.label, hit.how) for hit in hits]


def test_initials_with_an_ampersand_are_written_out(real: sqlite3.Connection) -> None:
    """``r&d`` found nothing."""
    for typed in ("r&d", "R & D"):
        answer = find(real, typed, ["en"], TYPES, 10)
        assert answer.meant == "research & development"
        assert answer.hits[0].label in ("research and development manager", "Scientific research and development")
    assert find(real, "x&q", ["en"], TYPES, 10).meant == ""


def test_a_plural_is_nearer_to_its_singular_than_to_another_form(real: sqlite3.Connection) -> None:
    """``nurses`` found nursing lecturers before nurses."""
    labels = [hit.label for hit in find(real, "nurses", ["en"], ["occupation"], 10).hits]
    assert "specialist nurse" in labels[:3] and "nursing lecturer" not in labels[:3]


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_a_word_one_letter_away_is_always_answered(small: sqlite3.Connection, data: st.DataObject) -> None:
    rows = small.execute("SELECT label FROM find_names WHERE language = 'en' AND kind = 0 ORDER BY id").fetchall()
    label = data.draw(st.sampled_from([label for (label,) in rows]))
    word = max(forms(label), key=len)
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    how = data.draw(st.sampled_from(["put in", "left out", "changed"]))
    rest = word[place:] if how == "put in" else word[place + 1 :]
    slipped = word[:place] + ("" if how == "left out" else letter) + rest
    if len(word) >= 5 and word.isalpha():
        assert find(small, slipped, ["en"], TYPES, 5).hits, slipped


def test_codes_and_addresses_lead_to_the_thing(small: sqlite3.Connection) -> None:
    number, target = small.execute("SELECT id, target FROM find_targets WHERE type = 'isco' ORDER BY id").fetchone()
    for (code,) in small.execute("SELECT code FROM find_codes WHERE target = ?", (number,)):
        for asked in (code, code.upper(), f"ISCO-08 {code}", target):
            assert find(small, asked, ["en"], TYPES, 5).hits[0].target == target, asked


def test_what_matched_is_told(small: sqlite3.Connection) -> None:
    hit = find(small, "alum", ["en"], ["skill"], 5).hits[0]
    assert [hit.label[start:end] for start, end in hit.marks] == ["alum"]
    assert find(small, "phisiotherapist", ["en"], TYPES, 5).meant == "physiotherapist"
    assert find(small, "physiotherapist", ["en"], TYPES, 5).meant == ""
