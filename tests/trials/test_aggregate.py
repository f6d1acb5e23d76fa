"""Tables by cluster, sector and ISCO group; and that no small cell can be read or computed from them."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from esco_kg.cli import main
from esco_kg.confidentiality.aggregates import TOTAL, Cell, suppressed
from esco_kg.errors import UsageError
from esco_kg.trials.aggregate import Question, aggregate
from esco_kg.trials.material import Material, read_material
from tests.support.places import ROOT


@pytest.fixture(scope="module")
def material(demonstration: Path) -> Material:
    return read_material(demonstration)


def with_totals(inner: dict[Cell, int]) -> dict[Cell, int]:
    """A table whose counts add up, with its totals."""
    found: dict[Cell, int] = {}
    for (row, column), number in inner.items():
        for cell in {(row, column), (row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)}:
            found[cell] = found.get(cell, 0) + number
    return found


def computable(cells: dict[Cell, int], hidden: set[Cell]) -> set[Cell]:
    """Hidden cells that the equations of the table determine, by linear algebra: the definition, not the shortcut."""
    unknown = sorted(hidden)
    lines = sorted({("row", row) for row, _ in cells} | {("column", column) for _, column in cells})
    equations = []
    for kind, name in lines:
        at = 0 if kind == "row" else 1
        line = [0.0] * len(unknown)
        for number, cell in enumerate(unknown):
            if cell[at] == name:
                line[number] = -1.0 if cell[1 - at] == TOTAL else 1.0
        equations.append(line)
    matrix = np.array(equations)
    rank = np.linalg.matrix_rank(matrix) if unknown else 0
    found = set()
    for number, cell in enumerate(unknown):
        unit = np.zeros((1, len(unknown)))
        unit[0, number] = 1.0
        if np.linalg.matrix_rank(np.vstack([matrix, unit])) == rank:
            found.add(cell)
    return found


TABLES = st.dictionaries(
    st.tuples(st.sampled_from("abcde"), st.sampled_from("wxyz")), st.integers(1, 40), min_size=1, max_size=20
)


@settings(deadline=None)
@given(TABLES, st.integers(2, 12))
def test_no_hidden_cell_of_a_two_way_table_can_be_computed(inner: dict[Cell, int], smallest: int) -> None:
    cells = with_totals(inner)
    hidden = suppressed(cells, smallest)
    assert {cell for cell, n in cells.items() if n < smallest} == {c for c, status in hidden.items() if status == "C"}
    assert computable(cells, set(hidden)) == set()


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 40), min_size=1), st.integers(2, 12))
def test_no_hidden_cell_of_a_one_way_table_can_be_computed(inner: dict[str, int], smallest: int) -> None:
    cells = {(row, TOTAL): n for row, n in inner.items()} | {(TOTAL, TOTAL): sum(inner.values())}
    hidden = suppressed(cells, smallest)
    assert {cell for cell, n in cells.items() if n < smallest} <= set(hidden)
    assert len(hidden) != 1 or set(hidden) == set(cells)


def test_the_cheapest_cell_goes_with_a_small_one() -> None:
    cells = {("a", TOTAL): 3, ("b", TOTAL): 12, ("c", TOTAL): 50, (TOTAL, TOTAL): 65}
    assert suppressed(cells, 5) == {("a", TOTAL): "C", ("b", TOTAL): "D"}
    assert suppressed(cells, 2) == {}


def label(material: Material, text: str) -> str:
    return next(iri for iri, skill in material.skills.items() if skill.label() == text)


def test_a_unit_counts_once_in_a_cluster(material: Material) -> None:
    rows = [{"ad": ad, "skill": skill} for ad in "12" for skill in ("weld steel parts", "weld aluminium")]
    answer = aggregate(material, rows, Question("cluster", "skill", "ad", level=1, smallest=1))
    total = next(row for row in answer.rows if row["cluster"] == "total")
    assert (total["units"], total["mentions"]) == (2, 4.0)
    welding = material.path(material.primary[label(material, "weld steel parts")].cluster)[0]
    cell = next(row for row in answer.rows if row["cluster"] == welding)
    assert cell["units"] == 2 and cell["label"] == material.label(welding)


def test_unknown_skills_are_counted_and_left_out(material: Material) -> None:
    answer = aggregate(material, [{"s": "nonsense"}, {"s": "weld aluminium"}], Question("cluster", "s", smallest=1))
    assert (answer.read, answer.unknown) == (2, 1)
    assert next(r for r in answer.rows if r["cluster"] == "total")["mentions"] == 1.0


def test_sectors_share_a_mention_and_lose_none(material: Material) -> None:
    rows = [{"s": skill.label()} for skill in material.skills.values()]
    answer = aggregate(material, rows, Question("sector", "s", smallest=1))
    assert answer.estimated
    total = next(r for r in answer.rows if r["sector"] == "total")["mentions"]
    assert total == pytest.approx(answer.read - answer.unplaced, abs=1.0)
    assert sum(r["mentions"] for r in answer.rows if r["sector"] != "total") == pytest.approx(total, abs=2.0)


def test_isco_by_the_occupation_of_the_row_or_by_demand(material: Material) -> None:
    occupation = next(o for o in material.occupations.values() if o.isco)
    skill = material.needs[occupation.iri][0][0]
    for name in (occupation.isco, occupation.iri, occupation.label()):
        question = Question("isco", "s", occupation="o", level=2, smallest=1)
        answer = aggregate(material, [{"s": skill, "o": name}], question)
        assert not answer.estimated and answer.rows[-1]["isco"] == occupation.isco[:2]
    estimated = aggregate(material, [{"s": skill}], Question("isco", "s", level=2, smallest=1))
    assert estimated.estimated and occupation.isco[:2] in {row["isco"] for row in estimated.rows}


def test_wrong_questions(material: Material) -> None:
    with pytest.raises(UsageError, match="no cluster level 7"):
        aggregate(material, [], Question("cluster", "s", level=7))
    for by, level in (("sector", 3), ("sector", 0), ("isco", 0), ("isco", 5)):
        with pytest.raises(UsageError, match=f"level {level}"):
            aggregate(material, [], Question(by, "s", level=level))
    for by in ("cluster", "sector"):
        with pytest.raises(UsageError, match=f"a table by {by} takes no column of occupations"):
            aggregate(material, [], Question(by, "s", occupation="o"))
    with pytest.raises(UsageError, match="no column 'ad'"):
        aggregate(material, [{"s": "weld aluminium"}], Question("cluster", "s", "ad"))


def test_a_wrong_column_is_told_and_no_empty_table_made(material: Material) -> None:
    with pytest.raises(UsageError, match=r"column 's' holds a skill of release 1\.0\.0; the last is 'nonsense'"):
        aggregate(material, [{"s": "nonsense"}], Question("cluster", "s"))
    rows = [{"s": "weld aluminium", "o": "north"}]
    with pytest.raises(UsageError, match=r"column 'o' holds an ESCO occupation .*; the last is 'north'") as told:
        aggregate(material, rows, Question("isco", "s", occupation="o", level=2))
    assert "Codes need 2 digits" in told.value.hint


def test_a_release_without_sectors_says_so(material: Material) -> None:
    with pytest.raises(UsageError, match=r"release 1\.0\.0 knows no sectors"):
        aggregate(replace(material, profiles={}), [{"s": "weld aluminium"}], Question("sector", "s"))


def test_sections_and_divisions_have_titles_and_the_same_total(material: Material) -> None:
    """The level was ignored, and the cells had no label."""
    rows = [{"s": skill.label()} for skill in material.skills.values()]
    sections, divisions = (aggregate(material, rows, Question("sector", "s", level=n, smallest=1)).rows for n in (1, 2))
    assert all(row["label"] for row in sections[1:] + divisions[1:])
    assert {row["label"] for row in sections if row["sector"] == "C"} == {"Manufacturing"}
    assert all(len(row["sector"]) == 2 for row in divisions[1:]) and len(divisions) > len(sections)
    assert divisions[0]["mentions"] == pytest.approx(sections[0]["mentions"], rel=0.01)


def run(*arguments: object, status: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result


@pytest.mark.parametrize(
    ("asked", "says", "advice"),
    [
        (("cluster",), "Each skill counts in its primary cluster.", ""),
        (("sector",), "Estimates: each skill is shared over NACE as its primary cluster's sector profile is.", ""),
        (("isco",), "Estimates: each skill is shared over the ISCO groups", "give its column with --occupation"),
        (("isco", "--occupation", "isco"), "ISCO group of the occupation in column 'isco'", ""),
    ],
)
def test_the_command_tells_its_rule(
    demonstration: Path, tmp_path: Path, asked: tuple[str, ...], says: str, advice: str
) -> None:
    table = tmp_path / "skills.csv"
    table.write_text("skill,isco\n" + "weld steel parts,7212\n" * 12)
    told = run("aggregate", table, "--skill", "skill", demonstration, "--by", *asked)
    assert says in told.stderr and (advice in told.stderr) and ("--occupation" in told.stderr) == bool(advice)
    assert ("A unit counts in every cell" in told.stderr) == ("Estimates" in says)
    assert next(csv.DictReader(io.StringIO(told.stdout)))["units"] == "12"


def test_the_command_refuses_a_column_it_would_not_use(demonstration: Path, tmp_path: Path) -> None:
    table = tmp_path / "skills.csv"
    table.write_text("skill,isco\nweld steel parts,7212\n")
    asked = ("--skill", "skill", "--by", "sector", "--occupation", "isco", demonstration)
    assert "hint: Ask for ISCO groups, or leave the column out" in run("aggregate", table, *asked, status=2).stderr


def test_the_command_suppresses_and_says_so(demonstration: Path) -> None:
    table = ROOT / "esco_kg/trials/plans/job-advertisements.csv"
    asked = ("--skill", "label", "--unit", "sentence", "--by", "cluster", "--level", 2, "--smallest", 6)
    result = run("aggregate", table, *asked, demonstration)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert {row["status"] for row in rows} == {"", "C", "D"} or {row["status"] for row in rows} == {"", "C"}
    for row in rows:
        assert (row["units"] == row["mentions"] == "") == bool(row["status"])
        assert not row["units"] or int(row["units"]) >= 6
    assert "158 rows read, 13 of unknown skills left out" in result.stderr
    assert f"{sum(bool(row['status']) for row in rows)} cells suppressed" in result.stderr


def test_two_dimensions_on_the_command_line(demonstration: Path, tmp_path: Path) -> None:
    table = tmp_path / "ads.csv"
    lines = [f"{n},{'north' if n % 3 else 'south'},weld steel parts" for n in range(30)]
    table.write_text("\n".join(["ad,region,skill", *lines]))
    asked = ("--skill", "skill", "--unit", "ad", "--across", "region", "--smallest", 5, "--quiet")
    rows = list(csv.DictReader(io.StringIO(run("aggregate", table, *asked, demonstration).stdout)))
    assert [(r["region"], r["units"]) for r in rows] == [("total", "30"), ("north", "20"), ("south", "10")] * 2
