"""Charts: what a reader sees in the SVG."""

from __future__ import annotations

from itertools import combinations
from random import Random
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esco_kg.pictures import charts
from esco_kg.pictures.charts import Edge, index

SVG = "{http://www.w3.org/2000/svg}"
NAMES = [f'{"a long name of a cluster " * (n % 4)}no. {n} & <more> "quoted"' for n in range(25)]


def _texts(svg: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter(f"{SVG}text"))


def _boxes(svg: str) -> list[tuple[float, float, float, float]]:
    """Left, top, right, bottom of every text, as wide as the charts take it to be."""
    boxes = []
    for text in _texts(svg):
        written = text.text or (text[0].tail or "" if len(text) else "")
        size, x, y = (float(text.attrib[key]) for key in ("font-size", "x", "y"))
        wide = charts.width_of(written, size)
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[text.attrib["text-anchor"]]
        boxes.append((left, y - size, left + wide, y))
    return boxes


def _all(n: int = 25) -> dict[str, str]:
    random = Random(1)
    sections = [(letter, f"Section {letter} & more") for letter in "ABCDEFGHIJKLMNOPQRSTUV"]
    shares = {(row, column): random.random() ** 4 for row in range(n) for column in range(22)}
    edges = [Edge(a, b, random.random(), f"{a} & {b}") for a, b in combinations(range(n), 2) if random.random() < 0.2]
    return {
        "bars": charts.bars(
            [(name, place, f"{place}") for place, name in enumerate(NAMES[:n])], name="b", title="Bars & more"
        ),
        "heat": charts.heat_map(NAMES[:n], sections, shares, name="h", title="Heat"),
        "arcs": charts.relations(
            [(name, place) for place, name in enumerate(NAMES[:n])], edges, name="a", title="Arcs"
        ),
    }


@pytest.mark.parametrize("kind", ["bars", "heat", "arcs"])
@pytest.mark.parametrize("n", [1, 2, 25])
def test_no_text_overlaps_another_or_leaves_the_picture(kind: str, n: int) -> None:
    svg = _all(n)[kind]
    boxes = _boxes(svg)
    _, _, width, height = (float(value) for value in ElementTree.fromstring(svg).attrib["viewBox"].split())
    for left, top, right, bottom in boxes:
        assert left >= 0 and top >= 0 and right <= width + 1 and bottom <= height
    for one, other in combinations(boxes, 2):
        apart = one[2] <= other[0] + 1 or other[2] <= one[0] + 1 or one[3] <= other[1] + 1 or other[3] <= one[1] + 1
        assert apart, (one, other)


@pytest.mark.parametrize("kind", ["bars", "heat", "arcs"])
def test_a_picture_has_a_name_for_those_who_do_not_see_it(kind: str) -> None:
    root = ElementTree.fromstring(_all()[kind])
    title = root.find(f"{SVG}title")
    assert root.attrib["role"] == "img" and title is not None and title.text
    assert root.attrib["aria-labelledby"] == title.attrib["id"]


def test_marks_tell_their_exact_figure() -> None:
    svg = charts.heat_map(["metal & more"], [("C", "Manufacturing <C>")], {(0, 0): 0.12345}, name="h", title="t")
    titles = [title.text for title in ElementTree.fromstring(svg).iter(f"{SVG}title")]
    assert "metal & more, C Manufacturing <C>: 12.3\u00a0%" in titles
    assert next(text.text for text in _texts(svg) if text.attrib["class"] == "figure") == "12"


def test_bars_are_as_long_as_their_values() -> None:
    svg = charts.bars([("a", 10, "10"), ("b", 5, "5"), ("c", 0, "0")], name="b", title="t")
    lengths = [float(mark.attrib["width"]) for mark in ElementTree.fromstring(svg).iter(f"{SVG}rect")]
    assert lengths[0] == 2 * lengths[1] and 0 < lengths[2] < 2


def test_a_stronger_relation_is_a_thicker_arc() -> None:
    svg = charts.relations(
        [("a", 1), ("b", 2), ("c", 3)], [Edge(0, 1, 0.2, "weak"), Edge(1, 2, 0.8, "strong")], name="a", title="t"
    )
    width = {
        path[0].text: float(path.attrib["stroke-width"]) for path in ElementTree.fromstring(svg).iter(f"{SVG}path")
    }
    assert width["strong"] > width["weak"]


def test_related_clusters_stand_near_each_other() -> None:
    # Two groups whose numbers alternate: drawn, they stand apart.
    edges = [Edge(a, b, 1.0, "") for group in ((0, 2, 4), (1, 3, 5)) for a, b in combinations(group, 2)]
    order = charts.near_each_other(6, edges)
    assert {node % 2 for node in order[:3]} in ({0}, {1})


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(0, 12))
def test_the_order_holds_every_node_once_and_not_the_order_of_the_edges(seed: int, count: int) -> None:
    random = Random(seed)
    edges = [
        Edge(a, b, random.randrange(1, 9) / 8, "") for a, b in combinations(range(count), 2) if random.random() < 0.4
    ]
    order = charts.near_each_other(count, edges)
    assert sorted(order) == list(range(count))
    random.shuffle(edges)
    assert charts.near_each_other(count, edges) == order


def test_nothing_to_draw_is_said() -> None:
    for call in (
        lambda: charts.bars([], name="n", title="t"),
        lambda: charts.heat_map([], [("C", "c")], {}, name="n", title="t"),
        lambda: charts.relations([], [], name="n", title="t"),
    ):
        with pytest.raises(ValueError, match="needs"):
            call()


def test_a_long_label_is_clipped_and_kept_in_the_title() -> None:
    label = "activities of households as employers and undifferentiated goods-producing activities"
    svg = charts.bars([(label, 1, "1")], name="b", title="t")
    assert _texts(svg)[0].text.endswith("…")  # type: ignore[union-attr]
    assert label in svg


def test_an_index_that_is_not_one_never_shows_as_one() -> None:
    """Notes said that the clusters were the same to 1.00 where 26 skills had moved."""
    assert [index(value) for value in (0.0, 0.99571, 0.99999, 1.0)] == ["0.000", "0.996", "0.999", "1"]
