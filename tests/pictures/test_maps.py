"""The pictures of clusters: tiles by size, a cluster among its neighbours; what they say and in which language."""

from __future__ import annotations

import re

from esco_kg.pictures.neighbours import Neighbour, neighbour_map
from esco_kg.pictures.treemap import Name, Tile, family_of, tree_map


def test_labels_are_escaped() -> None:
    drawn = tree_map([Tile("x", Name('<script>"&'), 5, "land", "<b>")], 300, 200, "x", "<t>")
    assert "<script" not in drawn and "<b>" not in drawn and "<t>" not in drawn


def test_the_picture_cuts_no_word_of_a_name() -> None:
    names = ("Metalworking, jewellery and instrument making", "Gesundheitswesen", "Transversal skills")
    tiles = [
        Tile(f"{place}.html", Name(names[place % 3]), 1160 - 40 * place, "shared", "", (Name("Fishing and more"),))
        for place in range(27)
    ]
    shown = re.findall(r'class="name">([^<]*)</text>', str(tree_map(tiles, 1120, 620, "broad", "")))
    assert set(" ".join(shown).split()) == set(" ".join(names).split())


def test_a_tile_tells_how_many_names_it_has_no_room_for() -> None:
    inside = tuple(
        Name(text) for text in ("Nursing, midwifery and personal care", "Pharmacy", "A" * 90, "Optics", "Law")
    )
    for height in range(60, 300, 7):
        drawn = str(tree_map([Tile("x", Name("Health care"), 5, "caring", "5 skills", inside)], 160, height, "x", ""))
        lines = re.findall(r'class="inside">([^<]*)</text>', drawn)
        whole = sum(name.text in " ".join(lines) for name in inside)
        assert lines == [] or lines[-1] == f"+ {5 - whole}", lines
    assert whole == 4


def test_a_name_in_a_picture_tells_its_language() -> None:
    tile = Tile(
        "x", Name("Gesundheit", "de"), 5, "caring", "5 umiejętności", (Name("Pflege", "de"), Name("Nursing", "en"))
    )
    drawn = str(tree_map([tile], 400, 300, "x", "t", "pl"))
    assert '<a href="x" class="tile caring" aria-label="Gesundheit – 5 umiejętności" lang="de">' in drawn
    assert 'class="note" lang="pl">5' in drawn and 'class="inside" lang="en">Nursing' in drawn
    assert 'class="inside">Pflege' in drawn
    near = neighbour_map(
        Name("Nursing", "en"), "caring", [Neighbour("y", Name("Optik", "de"), "making", 1.0)], "t", "en"
    )
    assert 'aria-label="Optik" lang="de"' in near and near.count("lang=") == 2


def test_a_map_of_neighbours_has_no_empty_row() -> None:
    for count, rows in ((1, 1), (2, 1), (3, 2), (4, 3), (8, 3)):
        near = [Neighbour(str(n), Name(str(n)), "making", 1.0) for n in range(count)]
        height = int(re.findall(r'viewBox="-1 -?\d+ \d+ (\d+)"', neighbour_map(Name("x"), "making", near, ""))[0])
        assert height == 66 * rows + 30 * (rows - 1) + 2


def test_an_area_has_the_colour_of_its_sector_unless_it_belongs_to_all() -> None:
    assert family_of({"K": 0.64, "C": 0.1}, "digital") == family_of({"K": 0.64}, "sector") == "knowing"
    assert family_of({"K": 0.64}, "cross-sector") == family_of({}, "sector") == "shared"


def test_a_long_word_breaks_after_its_hyphen_and_a_note_is_not_cut() -> None:
    name = "Technologie informacyjno-komunikacyjne"
    drawn = str(tree_map([Tile("x", Name(name), 5, "knowing", "596 umiejętności")], 130, 140, "x", ""))
    lines = re.findall(r'class="name">([^<]*)</text>', drawn)
    assert lines == ["Technologie", "informacyjno-", "komunikacyjne"]
    narrow = str(tree_map([Tile("x", Name("Praca"), 5, "caring", "243 umiejętności")], 70, 140, "x", ""))
    assert re.findall(r'class="note">([^<]*)</text>', narrow) == ["243"]
