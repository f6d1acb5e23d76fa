"""The pillar that comes out of a download: every shape, every defect that is survived, every error that stops."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from esco_kg.errors import InputError
from esco_kg.esco.defects import EXPLANATIONS
from esco_kg.esco.inspect import inspect
from esco_kg.esco.pillar import read_pillar
from esco_kg.model.pillar import Defect, Pillar
from tests.support.esco_csv import (
    BASE,
    OCCUPATIONS,
    SKILLS,
    SKILLS_PER_OCCUPATION,
    Miniature,
    group,
    isco,
    occupation,
    skill,
)
from tests.support.places import ROOT


def read(folder: Path, mini: Miniature) -> Pillar:
    return read_pillar([mini.write(folder, zipped=False)])


def defects(pillar: Pillar, kind: str) -> list[Defect]:
    return [defect for defect in pillar.defects if defect.kind == kind]


def refused(folder: Path, mini: Miniature) -> InputError:
    path = mini.write(folder, zipped=False)
    with pytest.raises(InputError) as caught:
        read_pillar([path])
    assert caught.value.hint and "\n" not in caught.value.message
    assert [problem.message for problem in inspect([path]).problems] == [caught.value.message]
    return caught.value


@pytest.mark.parametrize("version", ["1.1.0", "1.1.1", "1.2.0", "1.2.1"])
def test_every_shape_reads_the_same(tmp_path: Path, version: str) -> None:
    pillar = read(tmp_path, Miniature(version))
    assert (pillar.version, pillar.languages) == (version, ("en",))
    assert (len(pillar.skills), len(pillar.skill_groups)) == (SKILLS, 9)
    assert (len(pillar.occupations), len(pillar.isco_groups), len(pillar.schemes)) == (OCCUPATIONS, 4, 5)
    assert len(pillar.occupation_skills) == OCCUPATIONS * SKILLS_PER_OCCUPATION
    assert len(pillar.skill_broader) == SKILLS + 5
    assert pillar.skill_skills == [(skill(1), skill(0), "optional")]
    assert set(pillar.lists) == {"green", "digital", "transversal", "language", "research", "digcomp"}
    assert all(len(members) == 10 for members in pillar.lists.values())
    assert [d.kind for d in pillar.defects] == (["digital-list-of-earlier-shape"] if version == "1.1.0" else [])


def test_a_concept_carries_what_its_row_says(tmp_path: Path) -> None:
    pillar = read(tmp_path, Miniature("1.2.1", ("en", "pl")))
    found = pillar.skills[skill(4)]
    assert (found.skill_type, found.reuse_level, found.status) == ("knowledge", "sector-specific", "released")
    assert found.in_scheme == (f"{BASE}/concept-scheme/member-skills", f"{BASE}/concept-scheme/skills")
    assert found.texts["en"].alt == ("do task 4 well", "do task 4, again")
    assert found.texts["pl"].description == "What it is to do task 4 (pl).\nIt has two lines."
    worker = pillar.occupations[occupation(10)]
    assert (worker.isco, worker.code) == ("2512", "2512.10")
    assert worker.nace == ("http://data.europa.eu/ux2/nace2.1/0111", "http://data.europa.eu/ux2/nace2.1/2825")
    assert pillar.skill_groups[group("061")].code == "061"
    assert pillar.schemes[f"{BASE}/concept-scheme/skills"].top_concepts == tuple(sorted(group(c) for c in "SKTL"))


def test_isced_groups_have_their_code_before_1_2_0_too(tmp_path: Path) -> None:
    mini = Miniature("1.1.1")
    assert mini["skillGroups"].rows[6]["code"] == ""
    assert read(tmp_path, mini).skill_groups[group("061")].code == "061"


def test_a_concept_missing_in_one_language_lacks_that_language(tmp_path: Path) -> None:
    mini = Miniature("1.2.1", ("de", "en", "pl"))
    del mini["skills", "pl"].rows[7]
    del mini["skills", "en"].rows[8]
    pillar = read(tmp_path, mini)
    assert pillar.languages == ("en", "de", "pl")
    assert set(pillar.skills[skill(7)].texts) == {"de", "en"}
    assert set(pillar.skills[skill(8)].texts) == {"de", "pl"}
    assert pillar.skills[skill(8)].skill_type == "knowledge"
    assert len(pillar.skills) == SKILLS


def test_everything_is_sorted_and_free_of_dangling_ends(tmp_path: Path) -> None:
    mini = Miniature("1.2.1")
    for name in ("skills", "occupationSkillRelations", "broaderRelationsSkillPillar"):
        mini[name].rows.reverse()
    pillar = read(tmp_path, mini)
    for collection in (pillar.skills, pillar.occupations, pillar.schemes, pillar.skill_groups, pillar.isco_groups):
        assert list(collection) == sorted(collection)
    for links in (pillar.skill_broader, pillar.occupation_broader, pillar.occupation_skills, pillar.skill_skills):
        assert links == sorted(set(links))
    assert pillar.skills == read(tmp_path / "other", Miniature("1.2.1")).skills


def test_the_demonstration_says_so(tmp_path: Path) -> None:
    folder = Miniature("1.2.1").write(tmp_path)
    assert read_pillar([folder], is_demonstration=True).is_demonstration
    assert not read_pillar([folder]).is_demonstration


def add(table: str, **cells: str) -> Callable[[Miniature], None]:
    return lambda mini: mini[table].rows.append(cells)


def change(table: str, row: int, **cells: str) -> Callable[[Miniature], None]:
    return lambda mini: mini[table].rows[row].update(cells)


def again(table: str, row: int, **cells: str) -> Callable[[Miniature], None]:
    return lambda mini: mini[table].rows.append({**mini[table].rows[row], **cells})


SURVIVED = [
    ("blank-skill-type", "skills_en.csv:14", change("skills", 3, skillType="")),
    ("blank-reuse-level", "skills_en.csv:14", change("skills", 3, reuseLevel="")),
    ("blank-label", "skills_en.csv:14", change("skills", 3, preferredLabel=" ")),
    ("label-repeated-as-alternative", "skills_en.csv:14", change("skills", 3, altLabels="x\ndo task 3\ny")),
    ("label-repeated-as-hidden", "skills_en.csv:14", change("skills", 3, hiddenLabels="do task 3")),
    ("label-with-outer-spaces", "skills_en.csv:14", change("skills", 3, preferredLabel="do task 3 ")),
    ("duplicate-row", "occupations_en.csv:157", again("occupations", 0, modifiedDate="2025-01-01T00:00:00Z")),
    ("duplicate-row", "skills_en.csv:242", again("skills", 0)),
    ("duplicate-row-differs", "skills_en.csv:242", again("skills", 0, description="Another.")),
    ("duplicate-row", "occupationSkillRelations_en.csv:1202", again("occupationSkillRelations", 5)),
    (
        "essential-and-optional",
        "occupationSkillRelations_en.csv:1202",
        again("occupationSkillRelations", 0, relationType="optional"),
    ),
    (
        "dangling-relation",
        "occupationSkillRelations_en.csv:3",
        change("occupationSkillRelations", 1, occupationUri=f"{BASE}/occupation/gone"),
    ),
    (
        "redundant-broader",
        "broaderRelationsSkillPillar_en.csv:67",
        add("broaderRelationsSkillPillar", conceptUri=skill(0), broaderUri=group("S")),
    ),
    (
        "wrong-skill-type",
        "skillSkillRelations_en.csv:2",
        change("skillSkillRelations", 0, originalSkillType="knowledge"),
    ),
    (
        "dangling-list-member",
        "greenSkillsCollection_en.csv:4",
        change("greenSkillsCollection", 1, conceptUri=skill(99)),
    ),
    ("missing-list", "greenSkillsCollection_en.csv", lambda mini: mini.remove("greenSkillsCollection")),
    ("short-row", "skills_en.csv:242", lambda mini: _shorten(mini)),
]


def _shorten(mini: Miniature) -> None:
    row = f"KnowledgeSkillCompetence,{skill(77)},knowledge,cross-sector,be short\r\n".encode()
    mini.bytes["skills_en.csv"] = lambda data: data + row


@pytest.mark.parametrize(("kind", "place", "spoil"), SURVIVED, ids=[f"{k}-{n}" for n, (k, _, _) in enumerate(SURVIVED)])
def test_defects_are_survived_and_reported(
    tmp_path: Path, kind: str, place: str, spoil: Callable[[Miniature], None]
) -> None:
    mini = Miniature("1.2.1")
    spoil(mini)
    folder = mini.write(tmp_path, zipped=False)
    pillar = read_pillar([folder])
    found = [defect for defect in pillar.defects if defect.kind == kind]
    assert [(d.place, d.count, d.explanation) for d in found] == [(place, 1, EXPLANATIONS[kind])]
    assert found[0].example
    assert [d for d in inspect([folder]).defects if d.kind == kind] == found


STOPPED = [
    ("skills_en.csv:14", "conceptUri is empty", change("skills", 3, conceptUri="")),
    ("skills_en.csv:14", "'not an IRI' is no IRI", change("skills", 3, conceptUri="not an IRI")),
    ("skills_en.csv:14", "inScheme holds 'x'", change("skills", 3, inScheme="x")),
    ("skills_en.csv:14", "skillType 'talent' is unknown", change("skills", 3, skillType="talent")),
    ("skills_en.csv:14", "reuseLevel 'all' is unknown", change("skills", 3, reuseLevel="all")),
    (
        "skills_en.csv:242",
        "preferredLabel 'other' and in line 2 with 'do task 0'",
        again("skills", 0, preferredLabel="other"),
    ),
    ("skills_en.csv:242", "skillType 'skill/competence'", again("skills", 0, skillType="skill/competence")),
    ("occupations_en.csv:157", "iscoGroup '2511'", again("occupations", 0, iscoGroup="2511")),
    ("skillGroups_en.csv", "stands in skills too", change("skillGroups", 0, conceptUri=skill(0))),
    ("ISCOGroups_en.csv", "stands in occupations too", change("ISCOGroups", 0, conceptUri=occupation(0))),
    ("skills_en.csv:1", "column reuseLevel is missing", lambda mini: mini["skills"].drop("reuseLevel")),
    ("occupations_en.csv:1", "column naceCode is missing", lambda mini: mini["occupations"].drop("naceCode")),
    (
        "occupationSkillRelations_en.csv:1",
        "column skillUri is missing",
        lambda mini: mini["occupationSkillRelations"].drop("skillUri"),
    ),
    (
        "occupationSkillRelations_en.csv:4",
        "relationType 'useful' is unknown",
        change("occupationSkillRelations", 2, relationType="useful"),
    ),
    (
        "broaderRelationsSkillPillar_en.csv:67",
        "6 of 71 relations",
        lambda mini: [
            add("broaderRelationsSkillPillar", conceptUri=skill(n), broaderUri=group("S9"))(mini) for n in range(6)
        ],
    ),
    (
        "broaderRelationsSkillPillar_en.csv:62",
        "run in a circle",
        add("broaderRelationsSkillPillar", conceptUri=group("S"), broaderUri=group("S1.1")),
    ),
    (
        "broaderRelationsOccPillar_en.csv:55",
        "run in a circle",
        add("broaderRelationsOccPillar", conceptUri=isco("2"), broaderUri=isco("2")),
    ),
]


@pytest.mark.parametrize(("place", "problem", "spoil"), STOPPED, ids=[problem for _, problem, _ in STOPPED])
def test_errors_stop_with_file_line_and_value(
    tmp_path: Path, place: str, problem: str, spoil: Callable[[Miniature], None]
) -> None:
    mini = Miniature("1.2.1")
    spoil(mini)
    error = refused(tmp_path, mini)
    assert (error.place, problem in str(error)) == (place, True), str(error)


def test_nace_code_is_not_asked_of_earlier_versions(tmp_path: Path) -> None:
    assert all(worker.nace == () for worker in read(tmp_path, Miniature("1.2.0")).occupations.values())


def test_bad_utf8_names_the_line(tmp_path: Path) -> None:
    mini = Miniature("1.2.1")
    mini.bytes["occupations_en.csv"] = lambda data: data.replace(b"worker 2,", b"\xe9,")
    error = refused(tmp_path, mini)
    assert error.place == "occupations_en.csv:9" and "0xE9" in str(error)


def test_boms_and_mixed_line_ends_change_nothing(tmp_path: Path) -> None:
    clean = read(tmp_path / "a", Miniature("1.2.1"))
    mini = Miniature("1.2.1")
    for name in mini.tables:
        mini.bytes[name] = lambda data: b"\xef\xbb\xbf" + data.replace(b"released,", b"released,")
    mini.bytes["skills_en.csv"] = lambda data: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    mixed = read(tmp_path / "b", mini)
    assert (mixed.skills, mixed.occupations, mixed.skill_groups) == (
        clean.skills,
        clean.occupations,
        clean.skill_groups,
    )
    assert mixed.occupation_skills == clean.occupation_skills


def test_the_latest_of_two_rows_is_kept(tmp_path: Path) -> None:
    for when, kept in (
        ("2025-01-01T00:00:00Z", "Newer."),
        ("2001-01-01T00:00:00Z", "What it is to do task 0.\nIt has two lines."),
    ):
        mini = Miniature("1.2.1")
        again("skills", 0, modifiedDate=when, description="Newer.")(mini)
        assert read(tmp_path / when[:4], mini).skills[skill(0)].texts["en"].description == kept


def test_lists_in_another_order_are_no_difference(tmp_path: Path) -> None:
    mini = Miniature("1.2.1")
    first = mini["skills"].rows[0]
    again(
        "skills", 0, inScheme="\n".join(reversed(first["inScheme"].split(",\n"))), modifiedDate="2025-01-01T00:00:00Z"
    )(mini)
    assert [d.kind for d in read(tmp_path, mini).defects] == ["duplicate-row"]


@pytest.mark.parametrize(("count", "stops"), [(5, False), (6, True)])
def test_dangling_relations_stop_above_a_thousandth_and_five_rows(tmp_path: Path, count: int, stops: bool) -> None:
    mini = Miniature("1.2.1")
    for row in range(count):
        mini["occupationSkillRelations"].rows[row]["skillUri"] = skill(99)
    if stops:
        assert "6 of 1200 relations, more than 0.1 % and than 5" in str(refused(tmp_path, mini))
    else:
        assert [d.count for d in defects(read(tmp_path, mini), "dangling-relation")] == [5]


def test_another_share_of_dangling_relations_may_be_allowed(tmp_path: Path) -> None:
    mini = Miniature("1.2.1")
    for row in range(12):
        mini["occupationSkillRelations"].rows[row]["skillUri"] = skill(99)
    path = mini.write(tmp_path)
    assert len(read_pillar([path], dangling_share=0.01).occupation_skills) == 1188
    with pytest.raises(InputError, match=r"12 of 1200 relations, more than 0\.9 %"):
        read_pillar([path], dangling_share=0.009)


def test_an_extract_drops_what_leads_out_of_it(tmp_path: Path) -> None:
    mini = Miniature("1.2.1")
    mini["occupations"].rows[10:] = []
    path = mini.write(tmp_path)
    pillar = read_pillar([path], extract=True)
    assert len(pillar.occupation_skills) == 10 * 24 and pillar.is_extract
    assert [d.count for d in pillar.defects if d.kind == "dangling-relation"] == [40, 40 * 24]
    with pytest.raises(InputError) as caught:
        read_pillar([path])
    assert "say so with --extract" in caught.value.hint


def test_languages_that_disagree_are_reported(tmp_path: Path) -> None:
    mini = Miniature("1.2.1", ("en", "pl"))
    mini["skills", "pl"].rows[1]["reuseLevel"] = "transversal"
    mini["skillSkillRelations", "pl"].rows[0]["relationType"] = "essential"
    pillar = read(tmp_path, mini)
    (facts,) = defects(pillar, "facts-differ-between-languages")
    assert (facts.place, facts.count) == ("skills_pl.csv:6", 1) and "transversal" in facts.example
    (links,) = defects(pillar, "relations-differ-between-languages")
    assert (links.place, links.count) == ("skillSkillRelations_pl.csv:2", 2)
    assert pillar.skills[skill(1)].reuse_level == "occupation-specific"
    assert pillar.skill_skills == [(skill(1), skill(0), "optional")]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_merging_languages_keeps_every_concept_and_text(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    languages = ("en", "de", "pl")
    mini = Miniature("1.2.1", languages)
    subsets = {la: data.draw(st.sets(st.integers(0, SKILLS - 1), min_size=SKILLS - 4)) for la in languages}
    order = data.draw(st.permutations(range(SKILLS)))
    for language in languages:
        table = mini["skills", language]
        table.rows = [table.rows[n] for n in order if n in subsets[language]]
    for name in list(mini.tables):
        if "Relations" in name or "Collection" in name:
            known = {skill(n) for n in set().union(*subsets.values())} | {row["conceptUri"] for t in
                     ("skillGroups", "occupations", "ISCOGroups") for row in mini[t].rows}  # fmt: skip
            rows = mini.tables[name].rows
            mini.tables[name].rows = [row for row in rows if all(v in known for k, v in row.items() if k.endswith("Uri")
                                      and not k.startswith("broaderConcept"))]  # fmt: skip
    pillar = read(tmp_path_factory.mktemp("merge"), mini)
    assert set(pillar.skills) == {skill(n) for n in set().union(*subsets.values())}
    for n, found in ((int(iri[-3:]), found) for iri, found in pillar.skills.items()):
        assert set(found.texts) == {la for la in languages if n in subsets[la]}
        assert all(
            text.pref == (f"do task {n}" if la == "en" else f"do task {n} ({la})") for la, text in found.texts.items()
        )


def test_inspection_of_a_whole_download(tmp_path: Path) -> None:
    mini = Miniature("1.2.1")
    again("occupations", 0, modifiedDate="2025-01-01T00:00:00Z")(mini)
    folder = mini.write(tmp_path)
    found = inspect([folder])
    pillar = read_pillar([folder])
    assert (found.version, found.languages, found.problems) == ("1.2.1", ("en",), [])
    assert [d.kind for d in found.defects] == ["duplicate-row"] and found.defects == pillar.defects
    rows = {count.table: count.rows for count in found.tables}
    assert rows["occupations"] == OCCUPATIONS + 1 and rows["skillsHierarchy"] == 1 and None not in rows.values()
    assert found.concepts["occupations"] == OCCUPATIONS
    text = found.as_text()
    assert "ESCO 1.2.1, languages: en" in text and "occupations_en.csv:157" in text


def test_what_a_column_names_and_no_table_describes_is_dropped_and_listed(tmp_path: Path) -> None:
    """ESCO 1.2.0 names 261 concepts in hasTopConcept that no table holds, and 251 of them were published."""
    mini = Miniature("1.2.1")
    gone = [f"{BASE}/skill/obsolete-{n}" for n in range(3)]
    mini["conceptSchemes"].rows[0]["hasTopConcept"] += ",\n" + ",\n".join([*gone, f"{BASE}/label-role/female"])
    scheme = f"{BASE}/concept-scheme/none"
    change("skills", 0, inScheme=f"{BASE}/concept-scheme/skills,\n{scheme}")(mini)
    change("occupations", 0, regulatedProfessionNote=f"{BASE}/profession/none")(mini)
    pillar = read(tmp_path, mini)
    tops = pillar.schemes[f"{BASE}/concept-scheme/skills"].top_concepts
    assert set(tops) == {*(group(code) for code in "SKTL"), f"{BASE}/label-role/female"}
    assert pillar.skills[skill(0)].in_scheme == (f"{BASE}/concept-scheme/skills",)
    assert pillar.occupations[occupation(0)].regulated == ""
    assert {d.place: (d.count, d.values) for d in defects(pillar, "undescribed-iri")} == {
        "conceptSchemes_en.csv": (3, tuple(gone)),
        "occupations_en.csv": (1, (f"{BASE}/profession/none",)),
        "skills_en.csv": (1, (scheme,)),
    }
    found = inspect([tmp_path])
    assert found.framework == (f"{BASE}/label-role/female", f"{BASE}/regulated-professions/unregulated")
    assert all(f"\n             {iri}" in found.as_text() for iri in gone[1:])


def test_a_column_is_not_closed_where_the_table_that_may_describe_it_is_missing(tmp_path: Path) -> None:
    mini = Miniature("1.2.1")
    mini.remove("ISCOGroups")
    assert not [d for d in inspect([mini.write(tmp_path)]).defects if d.kind == "undescribed-iri"]


def test_a_skill_with_the_alternative_labels_of_another_is_listed(tmp_path: Path) -> None:
    """ESCO 1.1.1: four of the seven alternative labels of "write Chinese" are those of understanding it."""
    mini = Miniature("1.2.1")
    change("skills", 0, preferredLabel="write Elvish", altLabels="read Elvish\nread Quenya\nWrite Elvish\nspell runes")(
        mini
    )
    change("skills", 1, preferredLabel="read Elvish", altLabels="read Quenya\nSpell runes\nread runes\nread signs")(
        mini
    )
    change("skills", 2, altLabels="read\nread runes")(mini)
    found = defects(read(tmp_path, mini), "alternatives-of-another-skill")
    assert [(d.place, d.count, d.values) for d in found] == [
        ("skills_en.csv", 1, ("write Elvish: 3 of 3 alternative labels are labels of read Elvish",))
    ]


def test_real_esco_names_ten_parts_of_its_framework_and_write_chinese(shared: Path) -> None:
    found = inspect([shared / "data" / "esco-1.1.1-en"])
    assert len(found.framework) == 10 and not [d for d in found.defects if d.kind == "undescribed-iri"]
    said = "write Chinese: 4 of 7 alternative labels are labels of understand written Chinese"
    assert f"\n             {said}" in found.as_text()


def test_inspection_goes_on_after_a_problem(tmp_path: Path) -> None:
    mini = Miniature("1.2.1")
    mini.remove("skillGroups")
    mini["occupations"].drop("code")
    mini["skills"].rows[0]["skillType"] = "talent"
    found = inspect([mini.write(tmp_path)])
    assert len(found.problems) == 3 and all(problem.hint for problem in found.problems)
    assert "skillGroups_en.csv" in found.problems[0].message
    assert found.concepts["ISCO groups"] == 4
    assert "unread" in found.as_text() and "Error: " in found.as_text()


def test_inspection_that_could_not_read_does_not_say_that_there_are_no_defects(tmp_path: Path) -> None:
    assert "No defects found" not in inspect([tmp_path]).as_text()


@pytest.mark.parametrize("table", ["skills", "occupations", "skillGroups", "ISCOGroups"])
def test_a_table_of_which_only_the_head_came_is_refused(tmp_path: Path, table: str) -> None:
    mini = Miniature("1.2.1", ("en", "pl"))
    mini[table, "pl"].rows.clear()
    assert f"{table}_pl.csv: has a head and no row" in str(refused(tmp_path, mini))


def test_inspection_of_nothing(tmp_path: Path) -> None:
    found = inspect([tmp_path])
    assert len(found.problems) == 1 and "version unknown" in found.as_text()


def test_the_same_pillar_with_another_hash_seed(tmp_path: Path) -> None:
    mini = Miniature("1.2.1", ("en", "pl"))
    again("skills", 0, description="Other.")(mini)
    folder = mini.write(tmp_path)
    code = "import sys, pathlib, esco_kg.esco.pillar as p; print(p.read_pillar([pathlib.Path(sys.argv[1])]).defects)"
    seen = {
        subprocess.run([sys.executable, "-c", code, str(folder)], check=True, capture_output=True, cwd=ROOT,
                       env={**os.environ, "PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(seen) == 1


@pytest.fixture(scope="module")
def real(shared: Path) -> Pillar:
    return read_pillar([shared / "data/esco-1.1.1-en"])


def test_figures_of_real_1_1_1(real: Pillar) -> None:
    sizes = (len(real.skills), len(real.skill_groups), len(real.occupations), len(real.isco_groups))
    assert sizes == (13_896, 640, 3_007, 619)
    assert len(real.skill_broader) == 20_656 - 7
    assert len(real.occupation_skills) == 123_855 - 67
    counts = {(d.kind, d.place.rsplit("/", 1)[1].split(":")[0]): d.count for d in real.defects}
    assert counts["label-repeated-as-alternative", "skills_en.csv"] == 12_187
    assert counts["redundant-broader", "broaderRelationsSkillPillar.csv"] == 1_906
    assert counts["blank-skill-type", "skills_en.csv"] == 6
    assert counts["blank-reuse-level", "skills_en.csv"] == 5
    assert counts["dangling-relation", "broaderRelationsSkillPillar.csv"] == 7
    assert counts["dangling-relation", "occupationSkillRelations.csv"] == 67, "all of one occupation"
    assert {name: len(members) for name, members in real.lists.items()} == {
        "green": 570, "digital": 1_201, "transversal": 96, "language": 346, "research": 40, "digcomp": 26,
    }  # fmt: skip


def test_real_groups_have_codes(real: Pillar) -> None:
    codes = sorted(g.code for g in real.skill_groups.values())
    assert len(set(codes)) == 640 and "" not in codes
    assert sum(g.iri.startswith("http://data.europa.eu/esco/isced-f/") for g in real.skill_groups.values()) == 220


def test_real_1_1_0(shared: Path) -> None:
    pillar = read_pillar([shared / "data/esco-1.1.0-en"])
    assert (pillar.version, len(pillar.skills), len(pillar.occupations)) == ("1.1.0", 13_891, 3_008)
    assert len(pillar.occupation_skills) == 123_852
    assert len(pillar.skill_broader) == 20_771
    assert len(defects(pillar, "digital-list-of-earlier-shape")) == 1


def test_inspection_of_real_incomplete_downloads(shared: Path) -> None:
    data = shared / "data"
    found = inspect([data / "esco-1.2.1-en-partial", data / "esco-1.2.1-pl-partial"])
    assert (found.version, found.languages) == ("1.2.1", ("en", "pl"))
    assert found.concepts["occupations"] == 3_039
    (doubled,) = [d for d in found.defects if d.kind == "duplicate-row" and d.place.startswith("esco-1.2.1-en")]
    assert doubled.count == 4
    (problem,) = found.problems
    assert "5 tables are missing" in problem.message and "skills_pl.csv" in problem.message
