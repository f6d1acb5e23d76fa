"""The picture of movements: every band joins the bars it names, as thick as what moved."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esco_kg.pictures.flows import Band, flows

SVG = "{http://www.w3.org/2000/svg}"
LABELS = ["Health & care", "a <very> long label that will not fit into its column whole", "Law"]


def drawn(bands: list[Band], bars: int = 3) -> ElementTree.Element:
    left = [(LABELS[n], sum(b.size for b in bands if b.source == n)) for n in range(bars)]
    right = [(LABELS[n], sum(b.size for b in bands if b.target == n)) for n in range(bars)]
    return ElementTree.fromstring(flows(left, right, bands, name="m", title="Movements"))


def ends(path: ElementTree.Element) -> tuple[float, float, float, float]:
    """Where a band leaves, where it arrives, and its thickness at either end."""
    found = [float(number) for number in re.findall(r"-?[\d.]+", path.attrib["d"])]
    leaves, arrives, right_foot, left_foot = found[1], found[7], found[9], found[15]
    return leaves, arrives, left_foot - leaves, right_foot - arrives


def test_nothing_is_drawn_of_nothing() -> None:
    with pytest.raises(ValueError, match="needs bars on both sides"):
        flows([], [("a", 1)], [], name="m", title="t")


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(1, 500)), min_size=1, max_size=9,
                unique_by=lambda band: band[:2]))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_bands_lie_on_their_bars_and_not_on_each_other(given: list[tuple[int, int, int]]) -> None:
    bands = [Band(source, target, size, f"{source} {target} {size}") for source, target, size in given]
    picture = drawn(bands)
    rects = [(float(r.attrib["y"]), float(r.attrib["height"])) for r in picture.iter(f"{SVG}rect")]
    paths = {path.findtext(f"{SVG}title"): ends(path) for path in picture.iter(f"{SVG}path")}
    assert set(paths) == {band.title for band in bands}
    for side in (0, 1):
        for bar in range(3):
            mine = sorted(
                (paths[b.title][side], paths[b.title][2 + side]) for b in bands if (b.source, b.target)[side] == bar
            )
            top, high = rects[side * 3 + bar]
            for (first, thick), (second, _) in pairwise(mine):
                assert first + thick <= second + 0.65
            if mine:
                assert mine[0][0] == pytest.approx(top, abs=0.02)
                assert mine[-1][0] + mine[-1][1] <= top + high + 0.65


def test_labels_are_escaped_and_clipped() -> None:
    text = "".join(drawn([Band(0, 1, 5, "a"), Band(2, 2, 3, "b")]).itertext())
    assert "Health & care" in text and "…" in text
