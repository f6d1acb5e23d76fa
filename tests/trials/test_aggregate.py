"""Tables by cluster, sector and ISCO group: what is counted, left out, estimated and told."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from esco_kg.cli import main
from esco_kg.errors import UsageError
from esco_kg.folder.material import Material, read_material
from esco_kg.trials.aggregate import Question, aggregate
from esco_kg.trials.estimate import estimate
from esco_kg.trials.rows import Row
from tests.support.places import ROOT


@pytest.fixture(scope="module")
def material(demonstration: Path) -> Material:
    return read_material(demonstration)


def at(rows: Iterable[Row], code: str, **across: str) -> Row:
    return next(row for row in rows if row["code"] == code and all(row[name] == v for name, v in across.items()))


def label(material: Material, text: str) -> str:
    return next(iri for iri, skill in material.skills.items() if skill.label() == text)


def test_a_unit_counts_once_in_a_cluster_of_each_level(material: Material) -> None:
    rows = [{"ad": ad, "skill": skill} for ad in "12" for skill in ("weld steel parts", "weld aluminium")]
    answer = aggregate(material, rows, Question(("cluster",), "skill", "ad", smallest=1))
    total = at(answer.rows, "_T")
    assert (total["level"], total["units"], total["mentions"]) == (0, 2, 4.0)
    for level, cluster in enumerate(material.path(material.primary[label(material, "weld steel parts")].cluster), 1):
        cell = at(answer.rows, cluster)
        assert (cell["level"], cell["units"], cell["label"]) == (level, 2, material.label(cluster))


def test_what_is_left_out_is_counted_and_told_apart(material: Material) -> None:
    rows = [("1", "nonsense"), ("1", "weld aluminium"), ("", "weld aluminium"), ("2", " "), ("2", None)]
    table = [{"ad": ad, "s": skill} for ad, skill in rows]
    answer = aggregate(material, table, Question(("cluster",), "s", "ad", smallest=1))
    counts = answer.counts
    assert (counts.read, counts.unknown, counts.no_unit, counts.no_skill) == (5, 1, 1, 2)
    assert at(answer.rows, "_T")["mentions"] == 1.0


def test_blank_and_total_are_categories_of_their_own(material: Material) -> None:
    """A blank region was added to the total, and a region named "total" stood in its rows."""
    rows = [{"s": "weld aluminium", "region": region} for region in ("", None, "total", "north", "north")]
    answer = aggregate(material, rows, Question(("cluster",), "s", across=("region",), smallest=1))
    found = {row["region"]: row["units"] for row in answer.rows if row["code"] == "_T"}
    assert found == {"_T": 5, "_U": 2, "total": 1, "north": 2}
    with pytest.raises(UsageError, match="row 1: region is '_T'"):
        aggregate(material, [{"s": "weld aluminium", "region": "_T"}], Question(("cluster",), "s", across=("region",)))


def test_weights_are_of_units_and_the_threshold_is_not_weighted(material: Material) -> None:
    rows = [{"p": str(n), "w": "250.5", "s": "weld aluminium"} for n in range(9)]
    rows += [{"p": str(n), "w": "250.5", "s": "weld steel parts"} for n in range(9)]
    question = Question(("cluster",), "s", "p", "w", smallest=9)
    total = at(aggregate(material, rows, question).rows, "_T")
    assert (total["units"], total["mentions"]) == (2254.5, 4509.0)
    assert at(aggregate(material, rows, replace(question, smallest=10)).rows, "_T")["status"] == "C"


@pytest.mark.parametrize("given", ["0", "-1", "", "many", "nan", "inf"])
def test_a_weight_is_a_number_above_0(material: Material, given: str) -> None:
    with pytest.raises(UsageError, match=r"row 2: w is .*no number above 0"):
        rows = [{"s": "weld aluminium", "w": w} for w in ("1", given)]
        aggregate(material, rows, Question(("cluster",), "s", weight="w"))


def test_a_unit_has_one_weight(material: Material) -> None:
    rows = [{"p": "a", "s": "weld aluminium", "w": w} for w in (1, 2)]
    with pytest.raises(UsageError, match="row 2: w is 2 for 'a', which had 1"):
        aggregate(material, rows, Question(("cluster",), "s", "p", "w"))


def test_sectors_share_a_mention_and_lose_none(material: Material) -> None:
    rows = [{"s": skill.label()} for skill in material.skills.values()]
    answer = aggregate(material, rows, Question(("sector",), "s", smallest=1))
    sectors = [row for row in answer.rows if row["by"] == "sector"]
    assert {row["status"] for row in sectors} == {"E"} and {row["units"] for row in sectors} == {None}
    total = at(sectors, "_T")["mentions"]
    assert total == answer.counts.read == at(answer.rows, "_T")["units"]
    sections, divisions = ([row for row in sectors if row["level"] == level] for level in (1, 2))
    assert sum(row["mentions"] for row in sections) == pytest.approx(total, abs=2.0)
    assert math.fsum(row["mentions"] for row in divisions) <= total + 1e-9 and len(divisions) > len(sections)
    assert all(row["label"] for row in sections + divisions if row["code"] != "_U")
    assert at(sections, "C")["label"] == "Manufacturing"


def test_estimates_are_made_from_what_is_published_alone(material: Material) -> None:
    """Whoever has the table by cluster can compute the table by sector, suppressed cells and all."""
    names = [skill.label() for skill in material.skills.values()]
    rows = [{"s": name, "region": "north" if n % 3 else "south"} for n, name in enumerate(names)]
    answer = aggregate(material, rows, Question(("sector",), "s", across=("region",)))
    assert any(row["status"] == "C" for row in answer.rows)
    shown, hidden = {}, set()
    for row in answer.rows:
        pairs = {(row["by"], row["code"]), ("region", row["region"])}
        place = frozenset(pair for pair in pairs if pair[1] != "_T")
        if row["by"] == "cluster" and row["status"]:
            hidden.add(place)
        elif row["by"] == "cluster":
            shown[place] = row["mentions"]
    again = estimate(material, "sector", shown, hidden)
    for row in answer.rows:
        if row["by"] == "sector":
            pairs = {("sector", row["code"]), ("region", row["region"])}
            assert row["mentions"] == round(again[frozenset(p for p in pairs if p[1] != "_T")], 1)


def test_isco_by_the_occupation_of_the_row_or_by_the_needs_of_clusters(material: Material) -> None:
    occupation = next(o for o in material.occupations.values() if o.isco)
    skill = material.needs[occupation.iri][0][0]
    for name in (occupation.isco, occupation.iri, occupation.label()):
        rows = aggregate(material, [{"s": skill, "o": name}], Question(("isco",), "s", occupation="o", smallest=1)).rows
        assert [row["code"] for row in rows] == ["_T", *(occupation.isco[:digits] for digits in (1, 2, 3, 4))]
        assert {row["status"] for row in rows} == {""}
    estimated = aggregate(material, [{"s": skill}], Question(("isco",), "s", smallest=1))
    assert at(estimated.rows, occupation.isco[:2])["status"] == "E"


def test_an_unknown_occupation_is_a_category_of_its_own(material: Material) -> None:
    rows = [{"s": "weld aluminium", "o": o} for o in ("7212", "72", "", "welding")]
    answer = aggregate(material, rows, Question(("isco",), "s", occupation="o", smallest=1))
    assert answer.counts.no_occupation == 2
    found = {row["code"]: row["units"] for row in answer.rows}
    assert found == {"_T": 4, "7": 2, "_U": 2, "72": 2, "721": 1, "7212": 1}


def test_wrong_questions(material: Material) -> None:
    for by in ("cluster", "sector"):
        with pytest.raises(UsageError, match=f"a table by {by} takes no column of occupations"):
            aggregate(material, [], Question((by,), "s", occupation="o"))  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="no column 'ad'"):
        aggregate(material, [{"s": "weld aluminium"}], Question(("cluster",), "s", "ad"))
    with pytest.raises(UsageError, match="a column named 'level'"):
        aggregate(material, [{"s": "weld aluminium"}], Question(("cluster",), "s", across=("level",)))
    with pytest.raises(UsageError, match=r"no row of column 's' holds a skill of release 1\.0\.0; the last is 'x'"):
        aggregate(material, [{"s": "x"}], Question(("cluster",), "s"))
    with pytest.raises(UsageError, match="no row of column 'o' holds an ESCO occupation"):
        aggregate(material, [{"s": "weld aluminium", "o": "north"}], Question(("isco",), "s", occupation="o"))
    with pytest.raises(UsageError, match=r"release 1\.0\.0 knows no sectors"):
        aggregate(replace(material, profiles={}), [{"s": "weld aluminium"}], Question(("sector",), "s", smallest=1))
    with pytest.raises(UsageError, match="the total is of too few units"):
        aggregate(material, [{"s": "weld aluminium"}], Question(("sector",), "s"))


def run(*arguments: object, status: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("cluster",), "Each skill counts in its primary cluster."),
        (("sector",), "Sectors are estimates: the mentions of each cluster are shared as its sector profile is."),
        (("isco",), "ISCO groups are estimates: the mentions of each cluster are shared"),
        (("isco", "--occupation", "isco"), "ISCO group of the occupation in column 'isco'"),
    ],
)
def test_the_command_tells_its_rule(demonstration: Path, tmp_path: Path, asked: tuple[str, ...], says: str) -> None:
    table = tmp_path / "skills.csv"
    table.write_text("skill,isco\n" + "weld steel parts,7212\n" * 12)
    told = run("aggregate", table, "--skill", "skill", demonstration, "--by", *asked)
    assert says in told.stderr
    assert next(csv.DictReader(io.StringIO(told.stdout)))["units"] == "12"


def test_the_command_refuses_a_column_it_would_not_use(demonstration: Path, tmp_path: Path) -> None:
    table = tmp_path / "skills.csv"
    table.write_text("skill,isco\nweld steel parts,7212\n")
    asked = ("--skill", "skill", "--by", "sector", "--occupation", "isco", demonstration)
    assert "hint: Ask for ISCO groups, or leave the column out" in run("aggregate", table, *asked, status=2).stderr


def test_the_command_suppresses_and_says_so(demonstration: Path) -> None:
    table = ROOT / "esco_kg/trials/plans/job-advertisements.csv"
    asked = ("--skill", "label", "--unit", "sentence", "--smallest", 6)
    result = run("aggregate", table, *asked, demonstration)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert {row["status"] for row in rows} == {"", "C"}
    for row in rows:
        assert (row["units"] == row["mentions"] == "") == bool(row["status"])
        assert not row["units"] or int(row["units"]) >= 6
    assert "158 rows read, 13 of unknown skills left out" in result.stderr
    assert f"{sum(bool(row['status']) for row in rows)} of {len(rows)} cells suppressed" in result.stderr


def regions(path: Path) -> Path:
    lines = [f"{n},{'north' if n % 3 else 'south'},{'mf'[n % 2]},weld steel parts" for n in range(30)]
    lines += [f"{n},north,m,weld aluminium" for n in range(30, 33)]
    path.write_text("\n".join(["ad,region,sex,skill", *lines]))
    return path


def test_dimensions_on_the_command_line(demonstration: Path, tmp_path: Path) -> None:
    asked = ("--skill", "skill", "--unit", "ad", "--across", "region", "--smallest", 5, "--quiet")
    told = run("aggregate", regions(tmp_path / "ads.csv"), *asked, demonstration).stdout
    rows = list(csv.DictReader(io.StringIO(told)))
    assert [(r["region"], r["units"]) for r in rows[:3]] == [("_T", "33"), ("north", "23"), ("south", "10")]


def test_a_table_beside_earlier_ones(demonstration: Path, tmp_path: Path) -> None:
    data, first, second = regions(tmp_path / "ads.csv"), tmp_path / "first.csv", tmp_path / "second.csv"
    asked = ("aggregate", data, "--skill", "skill", "--unit", "ad", "--smallest", 5, demonstration)
    run(*asked, "--across", "region", "--out", first)
    told = run(*asked, "--across", "sex", "--published", first, "--out", second).stderr
    assert f"Safe to publish beside {first}. Give a further table of these data --published {second}." in told
    both = [list(csv.DictReader(path.open(newline=""))) for path in (first, second)]
    of = [{r["code"]: r for r in rows if r[name] == "_T"} for rows, name in zip(both, ("region", "sex"), strict=True)]
    assert {c: (r["units"], r["status"]) for c, r in of[0].items()} == {
        c: (r["units"], r["status"]) for c, r in of[1].items()
    }


def test_an_earlier_table_of_other_data_is_refused(demonstration: Path, tmp_path: Path) -> None:
    """Tables of data that differ by three rows would give these rows away."""
    data, first = regions(tmp_path / "ads.csv"), tmp_path / "first.csv"
    asked = ("aggregate", data, "--skill", "skill", "--unit", "ad", "--smallest", 5, demonstration)
    run(*asked, "--across", "region", "--out", first)
    lines = data.read_text().splitlines()
    data.write_text("\n".join(lines[:-3]))
    told = run(*asked, "--published", first, status=2).stderr
    assert "first.csv:2: 33 units and 33 mentions; these data have 30.0 and 30.0" in told
    data.write_text("\n".join(["ad,skill", *(f"{n},weld steel parts" for n in range(30))]))
    assert "is by 'region'; the data have no such column" in run(*asked, "--published", first, status=2).stderr
    data.write_text("\n".join(lines))
    assert "ads.csv:1: the columns are ad, region, sex, skill" in run(*asked, "--published", data, status=3).stderr
    smaller = (*asked[:7], 12, *asked[8:])
    assert "of 10 units, fewer than 12" in run(*smaller, "--published", first, status=2).stderr
