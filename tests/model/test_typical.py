"""What is typical: used most by the cluster's own occupations, and from every part of it."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from esco_kg.folder.find import published_releases
from esco_kg.folder.reading import read_manifest
from esco_kg.model.typical import by_use, spread, typical, use_within
from esco_kg.web.releases.view import ReleaseView


def test_the_best_known_stands_before_the_freak() -> None:
    """Lisp and Prolog stood before Python, because fewer occupations of other clusters need them."""
    coders = [(f"coder {n}", skill) for n in range(9) for skill in ("python", "lisp")[: 2 if n < 2 else 1]]
    needs = [*coders, ("clerk", "python"), ("clerk", "filing"), ("clerk", "typing")]
    use = use_within(needs, {"python": "code", "lisp": "code", "filing": "office", "typing": "office"})
    assert by_use(["lisp", "prolog", "python"], use) == ["python", "lisp", "prolog"]
    assert use == {"python": round(9 + 1 / 3, 9), "lisp": 2.0, "filing": round(2 / 3, 9), "typing": round(2 / 3, 9)}


def test_what_all_trades_need_is_less_typical_of_one_than_its_own_tools() -> None:
    smiths = [(f"smith {n}", skill) for n in range(5) for skill in ("safety", "forging", "tempering")]
    others = [(f"other {n}", skill) for n in range(9) for skill in ("safety", f"a{n}", f"b{n}", f"c{n}", f"d{n}")]
    places = {"safety": "metal", "forging": "metal", "tempering": "metal"}
    use = use_within([*smiths, *others], places | {f"{x}{n}": "elsewhere" for x in "abcd" for n in range(9)})
    assert use["safety"] == 5 + 9 / 5 and use["forging"] == 5  # nine occupations of other trades count as two


def test_an_area_takes_from_all_its_parts() -> None:
    """Of the 20 most typical skills of an area a median of 10 came from one of its finest clusters."""
    children = {"area": ["left", "right"], "left": ["l1", "l2"], "right": ["r1"]}
    own = {"l1": ["a", "b", "c", "d"], "l2": ["e", "f"], "r1": ["g", "h", "i"]}
    use = dict(zip("abcdefghi", (90, 80, 70, 60, 5, 4, 3, 2, 1), strict=True))
    found = typical("area", children, own, use)
    assert found["left"] == ["a", "e", "b", "f", "c", "d"]
    assert found["area"][:6] == ["a", "g", "e", "h", "b", "i"]


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), unique=True), max_size=5))
def test_spread_holds_each_item_once_and_every_part_comes_early(parts: list[list[str]]) -> None:
    found = spread(parts)
    assert sorted(found) == sorted({item for part in parts for item in part})
    for part in parts:
        if part:
            assert found.index(part[0]) < len(parts)


_NEEDS = [(f"o{n % 7}", f"s{n % 11}") for n in range(40)]


@given(st.permutations(_NEEDS))
def test_the_order_of_the_links_does_not_change_the_use(shuffled: list[tuple[str, str]]) -> None:
    places = {f"s{n}": f"c{n % 4}" for n in range(11)}
    assert use_within(shuffled, places) == use_within(_NEEDS, places)


def test_pages_have_the_order_of_the_definitions(demonstration: Path, tmp_path: Path) -> None:
    base = read_manifest(demonstration)["base_iri"]
    view = ReleaseView(published_releases(demonstration.parent, base)[0], tmp_path)
    shown: dict[str, list[str]] = defaultdict(list)
    for cluster in view.current():
        members = view.members([cluster.id], "en") if not cluster.children else view.strongest(cluster.id, "en", 60)
        shown[cluster.id] = [one.skill.label for one in members]
    for cluster in view.current():
        examples = re.findall("“([^”]*)”", cluster.definitions["en"])
        assert len(examples) == 3 and sorted(shown[cluster.id][:3]) == sorted(examples)
