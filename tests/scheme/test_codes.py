"""The graph ``codes``: a notation for every skill, and which occupation belongs to which sector, whatever told it."""

from __future__ import annotations

import csv
import gzip
import io
import shutil
from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from esco_kg.cli import main
from esco_kg.rdf.namespaces import DCT, NACE, RDF, RDFS, SKOS, XKOS
from esco_kg.release import Request, make_release
from esco_kg.resources import folder
from esco_kg.scheme import code_blocks
from tests.support import scheme_samples as sample
from tests.support.trades import no_sectors

BASE = "https://example.org/esco-kg-demonstration/"
TABLES = folder("demonstration") / "v1.0.0"
WEIGHT = f"{BASE}model#weight"
Triples = dict[str, dict[str, list[str]]]


def codes_of(release: Path) -> Triples:
    """Subject -> predicate -> objects of a release's graph of codes, as plain text."""
    found: Triples = defaultdict(lambda: defaultdict(list))
    lines = gzip.decompress(next(release.glob("*-codes.nt.gz")).read_bytes())
    for triple in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES):
        found[triple.subject.value][triple.predicate.value].append(triple.object.value)
    return found


def links_of(release: Path) -> dict[tuple[str, str], float]:
    """(occupation, NACE code) -> weight."""
    return {
        (said[f"{XKOS}sourceConcept"][0], said[f"{XKOS}targetConcept"][0].removeprefix(NACE)): float(said[WEIGHT][0])
        for said in codes_of(release).values()
        if f"{XKOS}ConceptAssociation" in said[f"{RDF}type"]
    }


def in_tables() -> dict[str, set[str]]:
    """Occupation -> NACE codes, as the demonstration's table has them."""
    with (TABLES / "occupations_en.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {r["conceptUri"]: set(r["naceCode"].replace(NACE, "").replace("\n", "").split(",")) - {""} for r in rows}


def asked(release: Path, sector: str) -> list[dict[str, str]]:
    """The answer to the saved query about the skills of a sector's occupations."""
    arguments = ("sector-occupation-skills", str(release), "--param", f"division={sector}")
    found = CliRunner().invoke(main, ["query", *arguments, "--format", "csv"])
    assert found.exit_code == 0, found.output
    return list(csv.DictReader(io.StringIO(found.stdout)))


@pytest.fixture(scope="module")
def old_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's tables as an ESCO before 1.2.1 has them: no naceCode."""
    tables = Path(shutil.copytree(TABLES, tmp_path_factory.mktemp("tables") / "v1.0.0"))
    for path in tables.glob("occupations_*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            head, *rows = csv.reader(stream)
        at = head.index("naceCode")
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(row[:at] + row[at + 1 :] for row in (head, *rows))
    return tables


@pytest.fixture(scope="module")
def without_sectors(old_tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_release(Request((old_tables,), out=tmp_path_factory.mktemp("releases"), use_cache=False)).folder


@pytest.fixture(scope="module")
def by_crosswalk(old_tables: Path, without_sectors: Path) -> Path:
    """The release after it, made from the same tables and a crosswalk."""
    crosswalk = old_tables.parent / "crosswalk v1.2.1.csv"
    with crosswalk.open("w", encoding="utf-8", newline="") as stream:
        rows = [(occupation, f"{NACE}{code}") for occupation, codes in in_tables().items() for code in sorted(codes)]
        csv.writer(stream).writerows([("ESCO URI", "NACE code"), *rows])
    return make_release(Request((old_tables,), crosswalk, out=without_sectors.parent, use_cache=False)).folder


def test_a_link_says_occupation_division_and_weight() -> None:
    blocks = code_blocks(sample.pillar(), sample.sectors(), sample.config(), sample.release())
    found = {block.subject[1:-1]: block.objects for block in blocks}
    link = f"{sample.BASE}occupation-sector/welder/24"
    assert found[link] == {
        f"<{RDF}type>": {f"<{XKOS}ConceptAssociation>"},
        f"<{XKOS}sourceConcept>": {f"<{sample.WELDER}>"},
        f"<{XKOS}targetConcept>": {f"<{NACE}24>"},
        f"<{sample.BASE}model#weight>": {'"1.0"^^<http://www.w3.org/2001/XMLSchema#decimal>'},
        f"<{RDFS}comment>": {'"weight 1.0"@en'},
    }
    table = found[f"{sample.BASE}correspondence/ESCO_NACE2.1"]
    assert table[f"<{XKOS}madeOf>"] == {f"<{link}>"}
    occupations, nace = f"<{sample.ESCO}concept-scheme/occupations>", f"<{NACE}nace2.1>"
    assert table[f"<{XKOS}compares>"] == {occupations, nace}
    assert found[f"{NACE}24"] == {f"<{SKOS}notation>": {'"24"'}, f"<{SKOS}broader>": {f"<{NACE}C>"}}
    assert found[sample.WELD] == {f"<{SKOS}notation>": {'"0001-weld"'}}


def test_without_sectors_there_are_the_codes_of_skills_and_schemes_alone() -> None:
    blocks = list(code_blocks(sample.pillar(), no_sectors(), sample.config(), sample.release()))
    assert [block.subject[1:-1] for block in blocks] == sorted({**sample.pillar().skills, **sample.pillar().schemes})
    codes = {block.subject[1:-1]: block.objects[f"<{SKOS}notation>"] for block in blocks}
    assert codes[f"{sample.ESCO}concept-scheme/skills"] == {'"ESCO-SKILLS"'}


def test_the_links_are_those_of_the_tables(demonstration: Path) -> None:
    """Each code counts the same; it is cut to its division, and a bare letter stays one."""
    expected: dict[tuple[str, str], float] = defaultdict(float)
    for occupation, codes in in_tables().items():
        for code in codes:
            expected[occupation, code[:2]] += 1 / len(codes)
    assert any(code.isalpha() for _, code in expected)
    assert links_of(demonstration) == pytest.approx(expected, abs=1e-6)


def test_the_graph_speaks_of_skills_sectors_and_what_is_ours(demonstration: Path, by_crosswalk: Path) -> None:
    for release in (demonstration, by_crosswalk):
        found = codes_of(release)
        # The demonstration's ESCO lies below the base of its clusters.
        others = {s for s in found if not s.startswith((BASE, NACE)) or s.startswith(f"{BASE}pillar/")}
        assert others and {s.split("/pillar/")[1].partition("/")[0] for s in others} == {"skill", "concept-scheme"}
        assert all(set(found[subject]) == {f"{SKOS}notation"} for subject in others)
        made_of = found[f"{BASE}correspondence/ESCO_NACE2.1"][f"{XKOS}madeOf"]
        assert set(made_of) == {subject for subject in found if "/occupation-sector/" in subject}


def test_a_crosswalk_gives_the_links_that_the_tables_lack(demonstration: Path, by_crosswalk: Path) -> None:
    assert links_of(by_crosswalk) == links_of(demonstration)
    told = [
        codes_of(r)[f"{BASE}correspondence/ESCO_NACE2.1"][f"{DCT}description"][0] for r in (demonstration, by_crosswalk)
    ]
    assert "from the column naceCode of ESCO's occupations, made for ESCO 1.0.0" in told[0]
    assert "from a crosswalk, made for ESCO 1.2.1" in told[1]


def test_a_release_without_sectors_has_no_link_and_no_finding_of_it(without_sectors: Path) -> None:
    found = codes_of(without_sectors)
    assert found and all(set(said) == {f"{SKOS}notation"} for said in found.values())
    assert asked(without_sectors, "10") == []
    report = (without_sectors / "validation.txt").read_text()
    assert "Conforms: yes" in report and " in codes" not in report


def test_skills_of_a_sector_are_found_whatever_told_the_sector(demonstration: Path, by_crosswalk: Path) -> None:
    """A query that asked for ``esco:hasNACECode`` gave no row for a release made with a crosswalk."""

    def needed(release: Path, sector: str) -> dict[str, str]:
        return {row["skill"]: row["occupations"] for row in asked(release, sector)}

    division, section = needed(by_crosswalk, "10"), needed(by_crosswalk, "C")
    assert division and division == needed(demonstration, "10")
    assert section == needed(demonstration, "C")
    assert all(int(section[skill]) >= int(number) for skill, number in division.items())


def test_a_section_stands_for_its_divisions_and_for_its_letter(demonstration: Path) -> None:
    essential = defaultdict(set)
    with (TABLES / "occupationSkillRelations_en.csv").open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["relationType"] == "essential":
                essential[row["occupationUri"]].add(row["skillUri"])
    manufacturing = {f"{number:02d}" for number in range(10, 34)} | {"C"}
    linked = {occupation for occupation, code in links_of(demonstration) if code in manufacturing}
    counts: dict[str, int] = defaultdict(int)
    for occupation in linked:
        for skill in essential[occupation]:
            counts[skill] += 1
    assert {row["skill"]: int(row["occupations"]) for row in asked(demonstration, "C")} == counts


def test_links_are_no_changes_of_clusters(by_crosswalk: Path) -> None:
    """Sectors became known from one release to the next; the comparison tells what that did to clusters, no more."""
    changes = gzip.decompress(next(by_crosswalk.glob("*-changes.nt.gz")).read_bytes()).decode()
    assert changes and "occupation-sector" not in changes and "correspondence/ESCO_NACE2.1" not in changes
