"""The demonstration data: made by their generator, complete enough to show every feature, defective on purpose."""

from __future__ import annotations

import csv
import io
import re
import tomllib
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from esco_kg.config import read_config
from esco_kg.esco.inspect import Inspection, inspect
from esco_kg.esco.pillar import read_pillar
from esco_kg.esco.sectors import read_sectors
from esco_kg.model.pillar import Pillar
from esco_kg.rdf.namespaces import NACE
from esco_kg.resources import folder
from tests.support.demonstration_defects import BY_NATURE, DEFECTS
from tests.support.demonstration_readme import readme
from tests.support.demonstration_sources import BASE, LANGUAGES, SOURCES, read_sources
from tests.support.demonstration_tables import contents

TABLES = folder("demonstration") / "v1.0.0"
SHARE = read_config(TABLES / "release.toml").dangling_share


@pytest.fixture(scope="module")
def pillar() -> Pillar:
    return read_pillar([TABLES], is_demonstration=True, dangling_share=SHARE)


@pytest.fixture(scope="module")
def inspection() -> Inspection:
    return inspect([TABLES], dangling_share=SHARE)


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((TABLES / name).read_bytes().decode("utf-8-sig"), newline="")))


# --- made by the generator -------------------------------------------------------------------------------------------


def test_the_committed_tables_are_what_the_generator_makes() -> None:
    made = contents()
    assert {path.name for path in TABLES.glob("*.csv")} == made.keys()
    differing = [name for name, data in made.items() if (TABLES / name).read_bytes() != data]
    assert not differing, "run: python -m tests.support.demonstration_tables"


def test_the_readme_names_every_defect_and_counts_as_the_reader_does(inspection: Inspection) -> None:
    text = (TABLES.parent / "README.md").read_text(encoding="utf-8")
    assert text == readme(TABLES)
    for said in ["are not ESCO", *BY_NATURE, *(defect.what for defect in DEFECTS)]:
        assert said in text
    for what, number in inspection.concepts.items():
        assert f"| {what} | {number:,} |" in text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('groups = ["S8.1.1"]', 'groups = ["S99"]', r"weld-steel: unknown \['S99'\]"),
        ('type = "skill"', 'type = "talent"', "weld-steel: unknown type"),
        ('"weld-steel", "weld-aluminium", "set', '"weld-gold", "set', r"welder: unknown \['weld-gold'\]"),
        ('isco = "7212"', 'isco = "7211"', r"welder: unknown \['7211'\]"),
        ('key = "weld-aluminium"', 'key = "weld-steel"', "metal.toml: skill weld-steel stands twice"),
    ],
)
def test_a_slip_of_the_writer_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    for name in ("common.toml", "metal.toml"):
        text = (SOURCES / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace(old, new, 1) if name == "metal.toml" else text, encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        read_sources(tmp_path)


# --- complete enough -------------------------------------------------------------------------------------------------


def test_about_300_skills_of_all_kinds_and_60_occupations(pillar: Pillar) -> None:
    assert (len(pillar.skills), len(pillar.occupations), pillar.languages) == (300, 60, LANGUAGES)
    types = Counter(skill.skill_type for skill in pillar.skills.values())
    levels = Counter(skill.reuse_level for skill in pillar.skills.values())
    assert types["skill"] > 200 and types["knowledge"] > 40 and types[None] == 1
    assert (
        min(levels[level] for level in ("transversal", "cross-sector", "sector-specific", "occupation-specific")) > 20
    )
    assert {name for name, members in pillar.lists.items() if len(members) > 5} == pillar.lists.keys()
    assert len(pillar.lists) == 6


def test_every_concept_has_its_texts_in_every_language(pillar: Pillar) -> None:
    for table in (pillar.skills, pillar.occupations, pillar.skill_groups, pillar.isco_groups, pillar.schemes):
        assert all(tuple(concept.texts) == LANGUAGES for concept in table.values())
    for concept in (*pillar.skills.values(), *pillar.occupations.values()):
        assert all(texts.pref and texts.alt and texts.description for texts in concept.texts.values())
        assert len({texts.description for texts in concept.texts.values()}) == len(LANGUAGES)


def test_no_two_skills_or_occupations_have_one_label(pillar: Pillar) -> None:
    for language in LANGUAGES:
        for table in (pillar.skills, pillar.occupations):
            labels = Counter(concept.texts[language].pref for concept in table.values())
            assert [label for label, times in labels.items() if times > 1] == []


def test_skills_stand_below_all_four_roots(pillar: Pillar) -> None:
    parents: dict[str, set[str]] = {}
    for child, parent in pillar.skill_broader:
        parents.setdefault(child, set()).add(parent)
    roots = {group.iri: group.code for group in pillar.skill_groups.values() if group.iri not in parents}
    assert sorted(roots.values()) == ["K", "L", "S", "T"]

    def reached(concept: str) -> set[str]:
        return {roots[concept]} if concept in roots else set().union(*(reached(p) for p in parents[concept]))

    found = Counter(root for skill in pillar.skills for root in reached(skill))
    assert min(found.values()) > 10 and found.keys() == {"S", "K", "T", "L"}


def test_occupations_stand_in_groups_and_sectors(pillar: Pillar) -> None:
    majors = {occupation.isco[0] for occupation in pillar.occupations.values()}
    assert majors == set("123456789")
    known = {group.code for group in pillar.isco_groups.values()}
    assert {o.isco[:n] for o in pillar.occupations.values() for n in (1, 2, 3, 4)} == known
    sectors = read_sectors(pillar, None)
    assert sectors.origin == "naceCode" and sectors.sections.keys() == pillar.occupations.keys()
    assert len({section for weights in sectors.sections.values() for section in weights}) >= 14


def test_the_titles_say_that_this_is_not_esco(pillar: Pillar) -> None:
    for scheme in pillar.schemes.values():
        for language, said in (("en", "not ESCO"), ("de", "nicht ESCO"), ("fr", "pas ESCO")):
            assert said in scheme.texts[language].pref


def test_its_iris_are_its_own(pillar: Pillar) -> None:
    text = "".join((TABLES / name).read_text(encoding="utf-8-sig") for name in contents() if "dictionary" not in name)
    iris = set(re.findall(r"https?://[^\s,|\"]+", text))
    foreign = {iri for iri in iris if not iri.startswith(BASE)}
    assert len(iris) > 500 and foreign and all(iri.startswith(NACE) for iri in foreign)
    assert BASE.startswith(read_config(TABLES / "release.toml").base_iri)


# --- defective on purpose --------------------------------------------------------------------------------------------


def test_inspect_finds_the_planted_defects_and_no_others(inspection: Inspection) -> None:
    planted = Counter((defect.kind, file) for defect in DEFECTS for file in defect.files)
    found = {(d.kind, d.place.split(":")[0]): d.count for d in inspection.defects}
    assert inspection.problems == [] and found.keys() == planted.keys()
    assert {kind for kind, number in found.items() if number != planted[kind]} == {
        ("short-row", f"skillsHierarchy_{language}.csv") for language in LANGUAGES
    }
    unfilled = [row for row in rows("skillsHierarchy_en.csv") if not row["Level 3 code"]]
    assert found["short-row", "skillsHierarchy_en.csv"] == len(unfilled)


def test_more_dangling_relations_than_a_few_stop(tmp_path: Path) -> None:
    for path in TABLES.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    table = tmp_path / "occupationSkillRelations_en.csv"
    line = table.read_bytes().splitlines(keepends=True)[1]
    unknown = [re.sub(rb"skill/[0-9a-f-]+", b"skill/unknown%d" % number, line) for number in range(5)]
    table.write_bytes(table.read_bytes() + b"".join(unknown))
    found = inspect([tmp_path], version="1.0.0", dangling_share=SHARE)
    number = len(rows(table.name)) + 5
    said = f"so are the ends of 6 of {number} relations, more than 0.22 % and than 5"
    assert [problem.message.split(" is unknown; ")[1] for problem in found.problems] == [said]


def test_the_dropped_relations_are_the_planted_ones(pillar: Pillar) -> None:
    assert len(pillar.occupation_skills) == len(rows("occupationSkillRelations_en.csv")) - 1
    assert len(pillar.skill_broader) == len(rows("broaderRelationsSkillPillar_en.csv")) - 1


def test_the_latest_of_two_rows_is_kept(pillar: Pillar) -> None:
    twice = [row for row in rows("occupations_en.csv") if row["preferredLabel"] == "welder"]
    assert len(twice) == 2 and len({row["modifiedDate"] for row in twice}) == 2
    assert [{**row, "modifiedDate": ""} for row in twice] == [{**twice[0], "modifiedDate": ""}] * 2
    assert pillar.occupations[twice[0]["conceptUri"]].modified == max(row["modifiedDate"] for row in twice)


def test_byte_order_marks_and_mixed_line_ends() -> None:
    marked = [path.name for path in sorted(TABLES.glob("*.csv")) if path.read_bytes().startswith(b"\xef\xbb\xbf")]
    assert marked == ["skills_fr.csv"]
    for name, ends in (("ISCOGroups_en.csv", {b"\r\n", b"\n"}), ("ISCOGroups_de.csv", {b"\r\n"})):
        assert set(re.findall(rb"(\r?\n)ISCOGroup,", (TABLES / name).read_bytes())) == ends


def test_lists_have_three_separators() -> None:
    skills = {row["inScheme"] for row in rows("skills_de.csv")}
    assert any(",\n" in cell for cell in skills) and any(re.search(r"[^,]\n", cell) for cell in skills)
    assert any("\n" in row["altLabels"] for row in rows("skills_en.csv"))
    assert any(" | " in row["broaderConceptUri"] for row in rows("greenSkillsCollection_en.csv"))
    assert any(",\n" in row["naceCode"] for row in rows("occupations_en.csv"))


def test_nace_codes_lost_their_zero(pillar: Pillar) -> None:
    codes = [code.removeprefix(NACE) for occupation in pillar.occupations.values() for code in occupation.nace]
    lengths = Counter(map(len, codes))
    assert lengths[4] and lengths[3] and lengths[1] and not any(len(c) == 4 and c.endswith("0") for c in codes)
    assert [defect.kind for defect in read_sectors(pillar, None).defects] == ["nace-ambiguous-code"]


def test_skills_have_several_parents_or_no_occupation(pillar: Pillar) -> None:
    parents = Counter(child for child, _ in pillar.skill_broader if child in pillar.skills)
    assert max(parents.values()) == 4 and sum(number > 1 for number in parents.values()) > 60
    needed = {skill for _, skill, _ in pillar.occupation_skills}
    assert 5 < len(pillar.skills.keys() - needed) < 20


def test_relation_tables_of_other_languages_are_english(pillar: Pillar) -> None:
    english = {skill.texts["en"].pref for skill in pillar.skills.values()}
    assert {row["skillLabel"] for row in rows("occupationSkillRelations_fr.csv")} <= english


def test_definitions_and_scope_notes_are_mostly_empty() -> None:
    for language in LANGUAGES:
        for column in ("definition", "scopeNote"):
            assert sum(bool(row[column]) for row in rows(f"skills_{language}.csv")) == 1


# --- nothing copied --------------------------------------------------------------------------------------------------


def real_tables(shared: Path) -> dict[str, list[dict[str, str]]]:
    csv.field_size_limit(1 << 26)
    found = {}
    for path in sorted((shared / "data").glob("esco-1.[12].1-en*/*.zip")):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                text = io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")
                found[f"{path.name}/{name}"] = list(csv.DictReader(text))
    return found


def test_no_description_or_iri_is_escos(shared: Path, pillar: Pillar) -> None:
    real = real_tables(shared)
    descriptions = {" ".join((row.get("description") or "").lower().split()) for rows in real.values() for row in rows}
    iris = {row[column] for rows in real.values() for row in rows for column in row if column == "conceptUri"}
    assert len(descriptions) > 15_000 and len(iris) > 15_000
    for table in (pillar.skills, pillar.occupations, pillar.skill_groups, pillar.isco_groups, pillar.schemes):
        ours = {" ".join(c.texts["en"].description.lower().split()) for c in table.values()} - {""}
        assert ours.isdisjoint(descriptions) and table.keys().isdisjoint(iris)


def test_the_nace_codes_are_real(shared: Path) -> None:
    with (shared / "data/nace/nace21_en_derived.csv").open(encoding="utf-8", newline="") as stream:
        known = {row["code"] for row in csv.DictReader(stream)}
    written = {code for entry in read_sources().occupations.values() for code in entry["nace"]}
    assert len(written) > 60 and written <= known


def test_no_source_has_a_field_that_the_generator_does_not_read() -> None:
    known = {
        "group": {"code", "parent"},
        "scheme": {"key"},
        "skill": {
            "key",
            "type",
            "reuse",
            "groups",
            "lists",
            "essential_for",
            "optional_for",
            "definition",
            "scopeNote",
        },
        "occupation": {"key", "isco", "code", "nace", "essential", "optional", "regulated", "research"},
    }
    for path in sorted(SOURCES.glob("*.toml")):
        for kind, entries in tomllib.loads(path.read_text(encoding="utf-8")).items():
            for entry in entries if kind != "isco" else []:
                assert entry.keys() - known[kind] == set(LANGUAGES), (path.name, entry)
