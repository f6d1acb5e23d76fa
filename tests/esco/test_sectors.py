"""Occupations and NACE 2.1: the structure, naceCode, the crosswalk, and what to do with lost zeros."""

from __future__ import annotations

import csv
import itertools
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from esco_kg.errors import InputError
from esco_kg.esco.pillar import read_pillar
from esco_kg.esco.sectors import nace_structure, read_sectors
from esco_kg.model.pillar import Occupation, Pillar
from tests.support.esco_csv import Miniature, occupation

HEADER = ["ESCO URI", "ESCO Code", "ESCO PT", "ESCO description", "NACE code", "NACE title", "DE title", "PL title"]


def pillar_of(*codes: tuple[str, ...], languages: tuple[str, ...] = ("en",)) -> Pillar:
    """Occupations 0, 1, ... with these NACE codes."""
    base = "http://data.europa.eu/ux2/nace2.1/"
    found = {
        occupation(n): Occupation(occupation(n), {}, nace=tuple(base + code for code in links))
        for n, links in enumerate(codes)
    }
    return Pillar("1.2.1", languages, occupations=found)


def row(number: int, code: str, *titles: str) -> list[str]:
    return [occupation(number), "1", "label", "text", code, *titles]


def workbook(path: Path, rows: list[list[str]]) -> Path:
    book = openpyxl.Workbook()
    for cells in rows:
        book.active.append(cells)
    book.save(path)
    return path


def as_csv(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_the_structure_is_that_of_the_regulation() -> None:
    structure = nace_structure()
    assert [s.code for s in structure.values() if s.level == 1] == list("ABCDEFGHIJKLMNOPQRSTUV")
    divisions = [s for s in structure.values() if s.level == 2]
    assert len(divisions) == 87 and all(structure[d.parent].level == 1 for d in divisions)
    assert [d.code for d in divisions] == sorted(d.code for d in divisions)
    assert all(s.labels["en"] and s.labels["fr"] for s in structure.values())
    assert "de" not in nace_structure(("fr",))["A"].labels and "en" in nace_structure(("fr",))["A"].labels


def test_the_structure_equals_the_derived_one(shared: Path) -> None:
    with (shared / "data/nace/nace21_en_derived.csv").open(encoding="utf-8-sig", newline="") as file:
        derived = {r["code"]: r for r in csv.DictReader(file) if r["level"] in ("1", "2")}
    structure = nace_structure()
    assert set(structure) == set(derived)
    for code, sector in structure.items():
        assert sector.parent == derived[code]["parentUri"].rsplit("/", 1)[-1], code
        assert sector.labels["en"] == derived[code]["label_en"], code


def test_titles_agree_with_the_crosswalk(shared: Path) -> None:
    book = openpyxl.load_workbook(shared / "data/nace/esco_nace_crosswalk.xlsx", read_only=True)
    structure = nace_structure()
    seen = 0
    for cells in itertools.islice(book.worksheets[0].iter_rows(values_only=True, max_col=8), 1, None):
        sector = structure.get(str(cells[4])[-2:] if len(str(cells[4])) == 3 else str(cells[4]))
        if sector is None:
            continue
        for language, title in zip(("en", "de", "fr"), cells[5:8], strict=True):
            if language in sector.labels:
                plain = " ".join(str(title).replace("\xad", "").split()).lower().replace("materialen", "materialien")
                assert sector.labels[language].lower() == plain, sector.code
                seen += 1
    assert seen > 600


def test_weights_are_shared_equally_and_lost_zeros_do_no_harm() -> None:
    links = read_sectors(pillar_of(("242", "2825"), ("A",), ("62", "A"), ()), None)
    assert links.sections == {
        occupation(0): {"C": 1.0},
        occupation(1): {"A": 1.0},
        occupation(2): {"A": 0.5, "K": 0.5},
    }
    assert links.divisions == {occupation(0): {"24": 0.5, "28": 0.5}, occupation(2): {"62": 0.5}}
    assert (links.origin, links.esco_version, links.known) == ("naceCode", "1.2.1", True)
    assert links.raw == [(occupation(0), "242"), (occupation(0), "2825"), (occupation(1), "A"),
                         (occupation(2), "62"), (occupation(2), "A")]  # fmt: skip
    assert [(d.kind, d.count, d.example) for d in links.defects] == [("nace-ambiguous-code", 1, "242")]


@given(
    st.lists(st.sets(st.sampled_from(["242", "2825", "62", "A", "0111", "8559", "C", "9321"]), max_size=5), max_size=6)
)
def test_every_linked_occupation_weighs_one(codes: list[set[str]]) -> None:
    links = read_sectors(pillar_of(*(tuple(sorted(found)) for found in codes)), None)
    assert set(links.sections) == {occupation(n) for n, found in enumerate(codes) if found}
    for weights in links.sections.values():
        assert sum(weights.values()) == pytest.approx(1)
    for iri, weights in links.divisions.items():
        assert sum(weights.values()) <= 1 + 1e-9
        for code, weight in weights.items():
            assert links.sections[iri][links.structure[code].parent] >= weight - 1e-9


def test_without_any_link_nothing_is_claimed() -> None:
    links = read_sectors(pillar_of((), ()), None)
    assert (links.origin, links.known, links.esco_version, links.defects) == ("none", False, "", [])
    assert len(links.structure) == 109


@pytest.mark.parametrize("write", [workbook, as_csv])
def test_a_crosswalk_is_believed_before_nace_codes(tmp_path: Path, write: object) -> None:
    rows = [HEADER, row(0, "J59.11", "Films"), row(0, "K62", "Programming", "Informatik", "Programowanie"),
            row(1, "C24.2", "Tubes"), row(77, "C24.2"), row(2, "Z99"), row(2, "C45.1"), row(2, "A24.1"),
            row(3, "F", "CONSTRUCTION", "BAU", "BUDOWNICTWO")]  # fmt: skip
    path = write(tmp_path / ("crosswalk.xlsx" if write is workbook else "crosswalk.csv"), rows)  # type: ignore[operator]
    links = read_sectors(pillar_of(("01",), (), (), (), languages=("en", "pl")), path)
    assert links.origin == "crosswalk" and links.sources[0].name == path.name
    assert links.sections[occupation(0)] == {"J": 0.5, "K": 0.5}
    assert links.divisions[occupation(0)] == {"59": 0.5, "62": 0.5}
    assert links.sections[occupation(2)] == {"C": 1.0}
    assert occupation(3) not in links.divisions
    assert links.structure["62"].labels["pl"] == "Programowanie" and "de" not in links.structure["62"].labels
    assert links.structure["F"].labels == {"en": "Construction", "pl": "Budownictwo"}
    assert [(d.kind, d.place, d.count) for d in links.defects] == [
        ("nace-ambiguous-code", f"{path.name}:4", 2),
        ("nace-other-section", f"{path.name}:8", 1),
        ("nace-unknown-code", f"{path.name}:6", 2),
        ("nace-unknown-occupation", f"{path.name}:5", 1),
    ]


def refused(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        read_sectors(pillar_of((), ()), path)
    assert caught.value.hint
    return caught.value


@given(st.lists(st.lists(st.sampled_from(["242", "2825", "62", "A", "C", "0111", "01", "V"]), max_size=8), max_size=5))
def test_the_shares_of_an_occupation_add_up_to_one(codes: list[list[str]]) -> None:
    shares = list(read_sectors(pillar_of(*(tuple(links) for links in codes)), None).shares())
    assert {(o, code) for o, code, _ in shares} == {
        (occupation(n), c[:2]) for n, links in enumerate(codes) for c in links
    }
    for number, links in enumerate(codes):
        found = [weight for linked, _, weight in shares if linked == occupation(number)]
        assert min(found, default=1) > 0 and sum(found) == pytest.approx(1 if links else 0)


def test_what_is_no_crosswalk(tmp_path: Path) -> None:
    assert "cannot be read" in str(refused(tmp_path / "gone.xlsx"))
    assert "column ESCO URI is missing" in str(refused(as_csv(tmp_path / "a.csv", [["a", "b"]])))
    assert "column NACE code is missing" in str(refused(workbook(tmp_path / "b.xlsx", [["ESCO URI", "b"]])))
    error = refused(as_csv(tmp_path / "c.csv", [HEADER, row(0, "")]))
    assert error.place == "c.csv:2" and "NACE code is empty" in str(error)
    error = refused(as_csv(tmp_path / "d.csv", [HEADER, row(77, "A01"), row(78, "A01")]))
    assert error.place == "d.csv:2" and "none of its 2 links fits" in str(error)
    broken = workbook(tmp_path / "e.xlsx", [HEADER, row(0, "A")])
    broken.write_bytes(broken.read_bytes()[:-300])
    assert "truncated" in str(refused(broken))
    odd = tmp_path / "f.xlsx"
    Miniature("1.2.1").write(tmp_path / "zip")
    odd.write_bytes(next((tmp_path / "zip").rglob("*.zip")).read_bytes())
    assert "cannot be read as a workbook" in str(refused(odd))
    (tmp_path / "g.csv").write_bytes(",".join(HEADER).encode() + b"\nx\xff,a\n")
    assert "cannot be read as CSV" in str(refused(tmp_path / "g.csv"))


def test_nace_codes_of_a_download(tmp_path: Path) -> None:
    pillar = read_pillar([Miniature("1.2.1").write(tmp_path)])
    links = read_sectors(pillar, None)
    assert links.origin == "naceCode" and len(links.sections) == 50
    assert read_sectors(read_pillar([Miniature("1.1.1").write(tmp_path / "old")]), None).origin == "none"


def test_the_real_crosswalk_on_real_1_1_1(shared: Path) -> None:
    pillar = read_pillar([shared / "data/esco-1.1.1-en"])
    links = read_sectors(pillar, shared / "data/nace/esco_nace_crosswalk.xlsx")
    assert len(links.raw) == 4_564
    counts = {d.kind: d.count for d in links.defects}
    assert set(counts) == {"nace-ambiguous-code", "nace-unknown-occupation"}
    digits = [sum(character.isdigit() for character in code) for _, code in links.raw]
    assert [digits.count(n) for n in (4, 3, 2, 0)] == [2_504, 1_661, 337, 62]
    assert len(links.sections) == 3_004
    assert sum(sum(weights.values()) for weights in links.sections.values()) == pytest.approx(3_004)
