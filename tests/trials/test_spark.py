"""The assignment as a Spark job in local mode gives the rows that one machine gives."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from esco_kg.cli import main
from esco_kg.errors import UsageError
from esco_kg.folder.material import read_material
from esco_kg.matching.models import text_model
from esco_kg.trials.assign import Assigner, read_calibration
from esco_kg.trials.spark import assign_file
from tests.support.places import ROOT

TERMS = ROOT / "esco_kg/trials/plans/job-advertisements.csv"


def plain(row: dict[str, str]) -> tuple[object, ...]:
    """A row as values; Spark writes small numbers in another way."""
    numbers = ("score", "margin", "confidence")
    return tuple(float(v) if k in numbers else v or "" for k, v in row.items())


def awkward(path: Path) -> Path:
    """The terms, and what a reader of CSV could change: blanks around, quotes, escapes, empty cells."""
    odd = ["  blanks around  ", 'a "quoted" text', "back\\slash", '\\"', "two\nlines", "", "#5", "a,b", "\ttab\t", "''"]
    with TERMS.open(encoding="utf-8") as stream, path.open("w", encoding="utf-8", newline="") as out:
        reader = csv.DictReader(stream)
        writer = csv.DictWriter(out, list(reader.fieldnames or ()))
        writer.writeheader()
        writer.writerows(reader)
        writer.writerows({"span": text, "sentence": text} for text in odd)
    return path


@pytest.mark.filterwarnings("ignore")
def test_a_spark_job_gives_the_same_rows(demonstration: Path, tmp_path: Path) -> None:
    """Eight of 3,003 rows differed by blanks that Spark had trimmed."""
    pytest.importorskip("pyspark", reason="PySpark (extra spark) is not installed")
    if not shutil.which("java"):
        pytest.skip("Spark needs Java, and there is none")
    table = awkward(tmp_path / "terms.csv")
    for out, more in ((tmp_path / "one.csv", ()), (tmp_path / "many", ("--spark", "local[2]"))):
        asked = ("assign", table, "--column", "span", demonstration, "--quiet", "--out", out, *more)
        result = CliRunner().invoke(main, [str(a) for a in asked], catch_exceptions=False)
        assert result.exit_code == 0, result.output
    with (tmp_path / "one.csv").open(encoding="utf-8", newline="") as stream:
        one = sorted(plain(row) for row in csv.DictReader(stream))
    many = []
    for path in (tmp_path / "many").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            many += [plain(row) for row in csv.DictReader(stream)]
    assert sorted(many) == one and len(one) == 168
    again = ("assign", table, "--column", "span", demonstration, "--out", tmp_path / "many")
    result = CliRunner().invoke(main, [*map(str, again), "--spark", "local[1]"])
    assert result.exit_code == 2 and "many exists already" in result.stderr


def test_a_workbook_is_no_input_for_spark(demonstration: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="PySpark (extra spark) is not installed")
    material = read_material(demonstration)
    assigner = Assigner(material, text_model("ngrams", material.skills, "en"), read_calibration())
    with pytest.raises(UsageError, match=r"Spark reads \.csv"):
        assign_file(assigner, tmp_path / "t.xlsx", "text", tmp_path / "out", "local[1]")
