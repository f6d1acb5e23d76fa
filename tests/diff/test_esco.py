"""Two downloads of ESCO compared, ours and the real ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from esco_kg.cli import main
from esco_kg.diff.compare import Comparison, compare
from tests.support.esco_csv import Miniature


def versions(tmp_path: Path, change: object, version: str = "1.1.1") -> Comparison:
    """Compare the miniature with a copy of it that ``change`` was done to."""
    old, new = Miniature("1.1.0"), Miniature(version)
    change(new)  # type: ignore[operator]
    return compare(old.write(tmp_path / "old"), new.write(tmp_path / "new"))


def told(found: Comparison) -> list[tuple[str, str]]:
    return [(change.about, change.kind) for change in found.delta.changes]


def test_the_same_tables_are_the_same(tmp_path: Path) -> None:
    found = versions(tmp_path, lambda new: None)
    assert (found.delta.changes, found.rows) == ([], [])
    assert (found.delta.old, found.delta.new) == ("ESCO 1.1.0", "ESCO 1.1.1")


def test_a_new_name_is_a_change_of_text(tmp_path: Path) -> None:
    def rename(new: Miniature) -> None:
        new["skills"].rows[3]["preferredLabel"] = "another name"

    found = versions(tmp_path, rename)
    assert told(found) == [("skill", "renamed")]
    [change] = found.delta.changes
    assert (change.new, change.field, change.language, change.skills) == ("another name", "preferredLabel", "en", 1)
    assert change.links > 0
    assert (found.delta.verdict.part, found.delta.verdict.esco) == ("patch", "minor")
    assert [(row.field, row.action, row.new) for row in found.rows] == [("preferredLabel", "update", "another name")]


def test_a_description_belongs_to_its_concept(tmp_path: Path) -> None:
    """In the pillar it stands in a node of its own."""

    def describe(new: Miniature) -> None:
        new["skills"].rows[3]["description"] = "another text"

    found = versions(tmp_path, describe)
    [change] = found.delta.changes
    assert (change.about, change.kind, change.field, change.new) == (
        "skill",
        "re-described",
        "description",
        "another text",
    )
    assert found.rows[0].uri == change.subject


def test_a_link_that_becomes_optional_is_one_change(tmp_path: Path) -> None:
    def weaken(new: Miniature) -> None:
        row = next(r for r in new["occupationSkillRelations"].rows if r["relationType"] == "essential")
        row["relationType"] = "optional"

    found = versions(tmp_path, weaken)
    [change] = found.delta.changes
    assert (change.about, change.kind, change.old, change.new) == (
        "occupation link",
        "changed",
        "essential",
        "optional",
    )


def test_groups_with_other_iris_are_the_same_groups(tmp_path: Path) -> None:
    """As it was from 1.1.0 to 1.1.1: the links to them do not count as changed."""

    def reidentify(new: Miniature) -> None:
        for table in ("skillGroups", "broaderRelationsSkillPillar"):
            for row in new[table].rows:
                for column in ("conceptUri", "broaderUri"):
                    if "/S1" in row.get(column, "") or "group" in row.get(column, ""):
                        row[column] = row[column] + "-new"

    found = versions(tmp_path, reidentify)
    assert set(told(found)) == {("skill group", "re-identified")}


def test_a_top_concept_of_a_scheme_comes_and_goes(tmp_path: Path) -> None:
    """It was lost without a word."""

    def lower(new: Miniature) -> None:
        row = next(row for row in new["conceptSchemes"].rows if row["hasTopConcept"])
        row["hasTopConcept"] = ""

    found = versions(tmp_path, lower)
    assert {(c.about, c.kind, c.field) for c in found.delta.changes} == {("relation", "removed", "skos:hasTopConcept")}
    assert {(row.field, row.action) for row in found.rows} == {("skos:hasTopConcept", "delete")}
    assert found.delta.verdict.reasons[0].startswith("relation: ")


def test_a_skill_that_joins_a_list_is_told_once(tmp_path: Path) -> None:
    """Lists name their skills as top concepts, too: 1,276 relations stood beside the skills of a real step."""

    def join(new: Miniature) -> None:
        joined, listed = new["skills"].rows[3], new["conceptSchemes"].rows[4]
        joined["inScheme"] += f",\n{listed['conceptSchemeUri']}"
        listed["hasTopConcept"] += f",\n{joined['conceptUri']}"

    assert told(versions(tmp_path, join)) == [("skill", "re-listed")]


def test_released_is_no_news(tmp_path: Path) -> None:
    """The table of schemes says it since 1.1.1 alone, and all that a download holds is."""

    def release(new: Miniature) -> None:
        for row in new["conceptSchemes"].rows:
            row["status"] = "released"

    found = versions(tmp_path, release)
    assert (found.delta.changes, found.rows) == ([], [])


@pytest.fixture(scope="module")
def found(shared: Path) -> Comparison:
    """ESCO 1.1.0 and 1.1.1, compared once."""
    return compare(shared / "data" / "esco-1.1.0-en", shared / "data" / "esco-1.1.1-en")


class TestReal:
    """ESCO 1.1.0 and 1.1.1: the figures are counted on the tables themselves."""

    def test_skills_and_occupations(self, found: Comparison) -> None:
        delta = found.delta
        assert (delta.totals["skill"], delta.totals["occupation"]) == ((13891, 13896), (3008, 3007))
        assert (delta.count("skill", "added"), delta.count("skill", "removed")) == (5, 0)
        assert delta.count("skill", "renamed") == 2
        assert [change.label for change in delta.of("occupation", "removed")] == ["therapeutic radiographer"]

    def test_groups_by_code_and_label(self, found: Comparison) -> None:
        """Of 423 groups that changed their IRI, 410 are found again; five of those gone became skills."""
        delta = found.delta
        assert delta.count("skill group", "re-identified") == 410
        became = [change for change in delta.of("skill group", "removed") if change.reason == "became a skill"]
        assert (delta.count("skill group", "removed"), len(became)) == (13, 5)
        assert delta.totals["skill group"] == (643, 640)

    def test_skills_that_moved_are_not_those_whose_group_changed_its_iri(self, found: Comparison) -> None:
        kinds = ("parent gained", "parent lost", "parent replaced")
        assert 0 < sum(found.delta.count("skill", kind) for kind in kinds) < 1500

    def test_links(self, found: Comparison) -> None:
        delta = found.delta
        assert (delta.count("occupation link", "added"), delta.count("occupation link", "removed")) == (305, 369)


def test_an_incomplete_download_is_refused_as_everywhere(shared: Path) -> None:
    data = shared / "data"
    result = CliRunner().invoke(main, ["diff", str(data / "esco-1.1.1-en"), str(data / "esco-1.2.1-en-partial")])
    assert result.exit_code == 3
    assert "missing" in result.output
