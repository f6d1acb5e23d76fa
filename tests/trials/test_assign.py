"""Texts to skills to clusters: right answers, calibration, streamed tables of every kind, what goes wrong."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from esco_kg.cli import main
from esco_kg.errors import InputError, UsageError
from esco_kg.folder.material import Material, read_material
from esco_kg.matching.models import text_model
from esco_kg.matching.similarity import normalised
from esco_kg.trials import rows
from esco_kg.trials.assign import FITS, NONE_FITS, RIGHT, Assigner, Calibration, calibrate, read_calibration
from tests.support.places import ROOT
from tests.support.sample_release import AWKWARD


@pytest.fixture(scope="module")
def material(demonstration: Path) -> Material:
    return read_material(demonstration)


@pytest.fixture(scope="module")
def assigner(material: Material) -> Assigner:
    return Assigner(material, text_model("ngrams", material.skills, "en"), read_calibration())


def run(*arguments: object, status: int = 0, given: str | None = None) -> Result:
    result = CliRunner().invoke(main, [str(a) for a in arguments], input=given, catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result


def test_material_says_what_the_release_says(material: Material, demonstration: Path) -> None:
    allocations = list(csv.DictReader((demonstration / "esco-kg-1.0.0-allocations.csv").open(encoding="utf-8")))
    assert len(material.allocations) == len(allocations)
    assert set(material.primary) == {row["skill"] for row in allocations}
    assert all(material.label(row["skill"]) == row["skill_label"] for row in allocations)
    welding = next(s for s in material.skills.values() if s.label() == "weld steel parts")
    assert welding.texts["en"].description and "de" not in welding.texts
    assert [material.clusters[c].depth for c in material.path(material.primary[welding.iri].cluster)] == [1, 2, 3]
    isco = {o.isco for o in material.occupations.values()}
    assert isco <= set(material.isco) and all(len(code) == 4 for code in isco)


def test_material_in_another_language(demonstration: Path) -> None:
    german = read_material(demonstration, "de")
    labels = {skill.label("de") for skill in german.skills.values()}
    assert "Stahlteile schweißen" in labels
    with pytest.raises(UsageError, match="no texts in 'pl'"):
        read_material(demonstration, "pl")


def test_a_damaged_graph_is_told_with_its_line(demonstration: Path, tmp_path: Path) -> None:
    copy = tmp_path / "1.0.0"
    shutil.copytree(demonstration, copy)
    graph = copy / "esco-kg-1.0.0-pillar.nt.gz"
    graph.write_bytes(graph.read_bytes()[:5000])
    with pytest.raises(InputError, match=r"pillar\.nt\.gz:\d+"):
        read_material(copy)
    graph.unlink()
    with pytest.raises(InputError, match="lacks this graph"):
        read_material(copy)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("C++ / C#", "c++ c#"),
        ("Node.js developer.", "node.js developer"),
        ("  \uff21\uff22\uff23\tDe\u00df ", "abc dess"),
        ("...", ""),
    ],
)
def test_texts_are_normalised_without_losing_names(text: str, clean: str) -> None:
    assert normalised(text) == clean


def test_labels_alternative_labels_and_word_forms_find_their_skill(assigner: Assigner, material: Material) -> None:
    texts = ["weld steel parts", "Weld Steel-Parts!", "debug code", "debug the codes"]
    found = [material.label(a.skill) for a in assigner.assign(texts)]
    assert found == ["weld steel parts"] * 2 + ["find and mend errors in programs"] * 2


def test_every_preferred_label_finds_a_skill_with_that_label(assigner: Assigner, material: Material) -> None:
    labels = sorted({skill.label() for skill in material.skills.values()})
    assert [material.label(a.skill) for a in assigner.assign(labels)] == labels


def test_nothing_fits_an_empty_or_foreign_text(assigner: Assigner) -> None:
    empty, foreign = assigner.assign(["", "xyzzy plugh quux"])
    assert not empty.fits and empty.runner_up == "" and empty.score == 0
    assert not foreign.fits


def test_where_none_fits_the_nearest_stands_in_the_runner_up(material: Material) -> None:
    strict = Assigner(material, text_model("ngrams", material.skills, "en"), Calibration(1.0, 0.0, 99.0))
    (found,) = strict.assign(["weld steel parts"])
    assert (found.skill, material.label(found.runner_up)) == ("", "weld steel parts")
    assert next(iter(strict.rows([{"text": "weld steel parts"}], "text")))[0]["status"] == NONE_FITS


def test_rows_do_not_depend_on_batches_or_repetition(assigner: Assigner) -> None:
    texts = [{"t": text} for text in ["weld steel", "cook meals", "", "weld steel", "nursing", "GIT"] * 3]
    whole = [row for batch in assigner.rows(texts, "t", size=100) for row in batch]
    parts = [row for batch in assigner.rows(texts, "t", size=4) for row in batch]
    assert whole == parts and len(whole) == len(texts)
    assert {row["status"] for row in whole} <= {FITS, NONE_FITS}
    for row in whole:
        assert (row["status"] == FITS) == bool(row["skill"]) == bool(row["cluster_3"])


def test_margin_and_confidence_are_what_they_say(assigner: Assigner) -> None:
    calibration = read_calibration()
    (found,) = assigner.assign(["assembling machines"])
    assert found.fits and 0 <= found.margin <= found.score
    assert found.confidence == pytest.approx(calibration.confidence(found.score), abs=1e-4)
    assert calibration.confidence(0.3) < calibration.confidence(0.9)


def test_a_calibration_separates_what_can_be_separated() -> None:
    found = calibrate([0.1, 0.2, 0.3, 0.8, 0.9, 1.0], [False] * 3 + [True] * 3)
    assert found.threshold == 0.8 and found.slope > 0
    with pytest.raises(ValueError, match="right and wrong"):
        calibrate([0.1, 0.2], [True, True])


def test_four_in_five_of_the_texts_that_fit_are_right() -> None:
    scores = [n / 100 for n in range(100)]
    right = [n % 3 == 0 if n < 50 else n % 10 != 0 for n in range(100)]
    found = calibrate(scores, right)
    shares = [sum(right[n:]) / (100 - n) for n in range(100)]
    assert shares[round(found.threshold * 100)] >= RIGHT > max(shares[: round(found.threshold * 100)])


def test_a_calibration_of_ones_own_is_written_and_used(demonstration: Path, tmp_path: Path) -> None:
    table = ROOT / "esco_kg/trials/plans/job-advertisements.csv"
    out = tmp_path / "mine.toml"
    run("assign", table, "--column", "span", "--calibrate", "label", demonstration, "--out", out)
    mine = read_calibration(out)
    assert mine.slope > 0 and 0 < mine.threshold < 1.4
    result = run(
        *("assign", table, "--column", "span", demonstration, "--calibration", out, "--threshold", 9),
        "--quiet",
    )
    assert all(row["status"] == NONE_FITS for row in csv.DictReader(io.StringIO(result.stdout)))
    for broken in ("slope = 'steep'\n", f"slope = {'[' * 5000}", "slope = [1]\nintercept = 1\nthreshold = 1\n", "\x00"):
        out.write_text(broken)
        with pytest.raises(InputError, match=r"mine\.toml: cannot be read as a calibration"):
            read_calibration(out)


RECORDS = [
    {"id": str(n), "text": text} for n, text in enumerate(["weld steel parts", "", *AWKWARD, "=1+1", "cook\ndishes"])
]


def write_table(path: Path) -> None:
    rows.write(path, {"id": str, "text": str}, [[dict(record) for record in RECORDS]])


def read_table(path: Path) -> list[dict[str, str]]:
    with rows.reading(path) as table:
        return [{k: "" if v is None else str(v) for k, v in row.items()} for row in table.rows]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "ndjson", "parquet"])
def test_every_kind_of_table_gives_the_same_rows(ending: str, demonstration: Path, tmp_path: Path) -> None:
    source, out, plain = tmp_path / f"in.{ending}", tmp_path / f"out.{ending}", tmp_path / "plain.csv"
    write_table(source)
    assert read_table(source) == RECORDS
    run("assign", source, "--column", "text", demonstration, "--out", out, "--quiet")
    write_table(tmp_path / "in.csv")
    run("assign", tmp_path / "in.csv", "--column", "text", demonstration, "--out", plain, "--quiet")
    told, expected = read_table(out), read_table(plain)
    assert [r["skill"] for r in told] == [r["skill"] for r in expected]
    assert [float(r["score"]) for r in told] == [float(r["score"]) for r in expected]
    assert list(told[0]) == list(expected[0])


def test_a_text_that_looks_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    write_table(tmp_path / "t.xlsx")
    sheet = load_workbook(tmp_path / "t.xlsx").worksheets[0]
    cell = next(row[1] for row in sheet.iter_rows() if row[1].value == "=1+1")
    assert cell.data_type == "s"


def test_parquet_keeps_the_types_of_its_columns(demonstration: Path, tmp_path: Path) -> None:
    source, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    pl.DataFrame({"id": [1, 2], "text": ["weld steel parts", None], "seen": [True, False]}).write_parquet(source)
    run("assign", source, "--column", "text", demonstration, "--out", out, "--quiet")
    found = pl.read_parquet(out)
    assert found.schema["id"] == pl.Int64 and found.schema["seen"] == pl.Boolean and found.schema["score"] == pl.Float64
    assert found["skill_label"].to_list() == ["weld steel parts", ""]


def test_csv_from_stdin_to_stdout_in_german(demonstration: Path) -> None:
    result = run(
        *("assign", "-", "--column", "t", "--language", "de", demonstration, "--quiet"),
        given="t\nStahlteile schweißen\n",
    )
    (row,) = csv.DictReader(io.StringIO(result.stdout))
    assert row["skill_label"] == "Stahlteile schweißen"


def test_progress_goes_to_stderr_and_quiet_silences_it(demonstration: Path, tmp_path: Path) -> None:
    write_table(tmp_path / "t.csv")
    loud = run("assign", tmp_path / "t.csv", "--column", "text", demonstration)
    assert f"{len(RECORDS)} texts assigned" in loud.stderr and "assigned" not in loud.stdout.splitlines()[-1]
    assert run("assign", tmp_path / "t.csv", "--column", "text", demonstration, "--quiet").stderr == ""


@pytest.mark.parametrize(
    ("name", "content", "says", "status"),
    [
        ("t.csv", "a,b\n1,2\n", "no column 'text'", 2),
        ("t.csv", "text,b\n1\n", "t.csv:2: 1 cells in a table of 2 columns", 3),
        ("t.csv", "", "t.csv:1: the file is empty", 3),
        ("t.csv", "text,text\n", "names a column twice", 3),
        ("t.csv", "text,skill\na,b\n", "already has columns of the result: skill", 2),
        ("t.ndjson", '{"text": "a"}\n[1]\n', "t.ndjson:2: cannot be read as NDJSON", 3),
        ("t.ndjson", "{\n", "t.ndjson:1: cannot be read as NDJSON", 3),
        ("t.xlsx", "no workbook", "t.xlsx: no workbook", 3),
        ("t.parquet", "no parquet", "t.parquet: no Parquet file", 3),
        ("t.txt", "text\n", "unknown kind of file", 2),
    ],
)
def test_a_table_at_fault_is_told_in_one_line(
    name: str, content: str, says: str, status: int, demonstration: Path, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(content)
    out = tmp_path / "out.csv"
    result = run(*("assign", tmp_path / name, "--column", "text", demonstration, "--out", out), status=status)
    assert says in result.stderr and "Traceback" not in result.output


def test_a_table_of_another_encoding_is_read_and_that_is_said(demonstration: Path, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes("text;n\nStahlteile schwei\u00dfen;1\n".encode("latin-1"))
    out = tmp_path / "out.csv"
    asked = ("assign", tmp_path / "t.csv", "--column", "text", "--language", "de", demonstration)
    assert "read as Windows-1252, cells are parted by semicolon" in run(*asked, "--out", out).stderr
    assert [row["skill_label"] for row in read_table(out)] == ["Stahlteile schweißen"]
    assert run(*asked, "--out", out, "--quiet").stderr == ""


def test_there_is_no_release_to_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.csv").write_text("text\na\n")
    assert "releases: there is no such file or folder" in run("assign", "t.csv", "--column", "text", status=2).stderr


def test_the_newest_release_is_used(demonstration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(demonstration, tmp_path / "releases/demonstration/1.0.0")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.ndjson").write_text('{"text": "weld steel parts", "n": 1}\n')
    run("assign", "t.ndjson", "--column", "text", "--out", "o.ndjson", "--quiet")
    record = json.loads((tmp_path / "o.ndjson").read_text(encoding="utf-8"))
    assert record["n"] == 1 and record["skill_label"] == "weld steel parts"


def test_unknown_models_are_named(material: Material) -> None:
    with pytest.raises(UsageError, match="no text model 'oracle'"):
        text_model("oracle", material.skills, "en")


def test_real_terms_on_the_benchmark_through_the_default_model(shared: Path, demonstration: Path) -> None:
    """Job-ad spans of two domains against the demonstration's skills: most of them name none of these."""
    found = []
    for path in sorted((shared / "data/benchmark").glob("*.csv")):
        result = run("assign", path, "--column", "span", demonstration, "--quiet")
        found += list(csv.DictReader(io.StringIO(result.stdout)))
    assert len(found) == 524
    assert sum(row["status"] == NONE_FITS for row in found) > len(found) / 2
