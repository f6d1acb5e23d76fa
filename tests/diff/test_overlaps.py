"""What became of a concept that is gone, where no statement of the file says it: split, merged, replaced."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.diff.test_words import between

C = "a skos:Concept"


def below(parent: str, *names: str) -> str:
    return "".join(f':{name} {C} ; skos:broader :{parent} ; skos:prefLabel "{name}"@en .\n' for name in names)


def named(name: str, label: str, *others: str) -> str:
    more = "".join(f' ; skos:altLabel "{other}"@en' for other in others)
    return f':{name} {C} ; skos:prefLabel "{label}"@en{more} .\n'


CASES = {
    "split by what stood below": (
        named("pets", "pets") + below("pets", "a", "b", "c", "d"),
        named("cats", "cats") + named("dogs", "dogs") + below("cats", "a", "b") + below("dogs", "c", "d"),
        {("split", "pets", ("cats", "dogs"), "by its narrower concepts")},
    ),
    "split, and withdrawn without a successor": (
        named("pets", "pets") + below("pets", "a", "b", "c", "d"),
        named("pets", "pets") + ":pets owl:deprecated true .\n" + named("cats", "cats") + named("dogs", "dogs")
        + below("cats", "a", "b", "new") + below("dogs", "c", "d"),
        {("split", "pets", ("cats", "dogs"), "by its narrower concepts")},
    ),
    "merged by what stood below": (
        named("cats", "cats") + named("dogs", "dogs") + below("cats", "a", "b") + below("dogs", "c", "d"),
        named("pets", "pets") + below("pets", "a", "b", "c", "d"),
        {("merged", "pets", ("cats", "dogs"), "by its narrower concepts")},
    ),
    "replaced by what stood below": (
        named("pets", "pets") + below("pets", "a", "b"),
        named("companions", "companions") + below("companions", "a", "b"),
        {("replaced", "pets", ("companions",), "by its narrower concepts")},
    ),
    "one that takes a tenth is no part": (
        named("pets", "pets") + below("pets", *"abcdefghij"),
        named("cats", "cats") + named("x", "x") + below("cats", *"abcdefghi") + below("x", "j"),
        {("replaced", "pets", ("cats",), "by its narrower concepts")},
    ),
    "merged by labels": (
        named("a", "Wholesale") + named("b", "Retail"),
        named("e", "Trade", "wholesale", "retail"),
        {("merged", "e", ("a", "b"), "by its labels")},
    ),
    "merged into what was there": (
        named("a", "Wholesale") + named("b", "Retail") + named("e", "Trade"),
        named("e", "Trade", "wholesale", "retail"),
        {("merged", "e", ("a", "b"), "by its labels")},
    ),
    "replaced by a label": (
        named("a", "Wholesale"),
        named("b", "Trade", "Wholesale"),
        {("replaced", "a", ("b",), "by its labels")},
    ),
    "split by labels": (
        named("a", "cats and dogs", "cats", "dogs"),
        named("b", "Cats") + named("c", "Dogs"),
        {("split", "a", ("b", "c"), "by its labels")},
    ),
    "a label that two had tells nothing": (
        named("a", "other") + named("b", "other"),
        named("c", "other"),
        set(),
    ),
    "a label in another language tells nothing": (
        named("a", "chat"), ':c a skos:Concept ; skos:prefLabel "chat"@fr .', set(),
    ),
    "nothing is gone": (
        named("a", "cats", "tabbies") + named("b", "dogs"),
        named("a", "cats") + named("b", "dogs") + named("c", "tabbies"),
        set(),
    ),
    "what the file says counts": (
        named("a", "Wholesale") + named("b", "Retail"),
        named("a", "Wholesale") + ":a owl:deprecated true ; dct:isReplacedBy :c .\n" + named("c", "Trade", "Retail"),
        {("replaced", "a", ("c",), ""), ("replaced", "b", ("c",), "by its labels")},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "expected"), CASES.values(), ids=list(CASES))
def test_what_became_of_it_is_told(before: str, after: str, expected: set[object], tmp_path: Path) -> None:
    found = between(tmp_path, before, after).delta.changes
    told = {
        (c.kind, c.subject.rpartition("/")[2], tuple(o.rpartition("/")[2] for o in c.others), c.reason)
        for c in found
        if c.kind in ("split", "merged", "replaced")
    }
    assert told == expected


@given(parts=st.integers(2, 4), size=st.integers(2, 6), seed=st.integers(0, 99))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_seeded_split_is_found_in_either_direction(parts: int, size: int, seed: int, tmp_path: Path) -> None:
    names = [f"n{number}" for number in range(parts * size)]
    random.Random(seed).shuffle(names)
    whole = named("whole", "whole") + below("whole", *names)
    pieces = [names[number::parts] for number in range(parts)]
    apart = "".join(named(f"p{n}", f"part {n}") + below(f"p{n}", *piece) for n, piece in enumerate(pieces))
    for before, after, kind in ((whole, apart, "split"), (apart, whole, "merged")):
        found = between(tmp_path, before, after).delta.changes
        [change] = [c for c in found if c.kind in ("split", "merged", "replaced")]
        assert (change.kind, change.label, len(change.others)) == (kind, "whole", parts)
