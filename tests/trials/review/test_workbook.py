"""A reviewer's workbook: clusters as a tree, names as people type them, proposals, reasons that name somebody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from esco_kg.cli import main
from esco_kg.clusters import expertise
from esco_kg.folder.material import Material, read_material
from esco_kg.trials.review.cases import Order, cases
from esco_kg.trials.review.clusters import ClusterNames, choice
from esco_kg.trials.review.ledger import read_ledger
from esco_kg.trials.review.personal import PersonalData


@pytest.fixture(scope="module")
def material(demonstration: Path) -> Material:
    return read_material(demonstration)


@pytest.fixture
def workbook(demonstration: Path, tmp_path: Path) -> Path:
    run("review", "export", "--reviewers", "r1", "--overlap", 0, "--priority", 5, "--out", tmp_path, demonstration)
    return tmp_path / "review-1.0.0-r1.xlsx"


def run(*arguments: object, status: int = 0) -> str:
    result = CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result.stdout


def write(path: Path, sheet: str, *rows: dict[str, str]) -> None:
    """Write these cells into the first rows of a sheet."""
    book = load_workbook(path)
    of = next(each for each in book.worksheets if each.title.startswith(sheet))
    column = {cell.value: cell.column for cell in of[1]}
    for number, row in enumerate(rows, 2):
        for name, value in row.items():
            of.cell(number, column[name]).value = value
    book.save(path)


def take_in(path: Path, release: Path, *more: object, status: int = 0) -> dict[str, Any]:
    ledger = path.with_name("ledger.csv")
    return dict(json.loads(run("review", "import", path, "--ledger", ledger, release, "--json", *more, status=status)))


def test_clusters_stand_as_a_tree_with_what_they_are(workbook: Path, material: Material) -> None:
    head, *lines = load_workbook(workbook)["clusters"].iter_rows(values_only=True)
    assert head == ("level 1", "level 2", "level 3", "definition", "typical skills")
    assert len(lines) == len(material.clusters)
    assert sum(bool(line[4]) for line in lines) > 0.8 * len(material.finest), "all but those of hidden skills alone"
    above: list[str] = []
    for line in lines:
        (cluster,) = [cell for cell in line[:3] if cell]
        depth = line.index(cluster)
        above = [*above[:depth], str(cluster).split(" ", 1)[0]]
        assert material.path(above[-1]) == above, "each below the one that holds it"


def test_the_tree_does_not_tell_a_hidden_place(workbook: Path, material: Material) -> None:
    told = {line[0]: (line[3] or "", line[4] or "") for line in _by_cluster(workbook)}
    hidden = [case for case in cases(material, Order(("r1",), 5, 100, 0))["r1"] if case.candidates]
    assert len(hidden) > 50
    for case in hidden:
        label = material.label(case.skill)
        for cluster in case.candidates:
            definition, typical = told[cluster]
            assert label not in typical.split("; ") and label.casefold() not in definition.casefold()


def _by_cluster(workbook: Path) -> list[tuple[str, str, str, str, str]]:
    lines = load_workbook(workbook)["clusters"].iter_rows(min_row=2, values_only=True)
    return [(next(c for c in line[:3] if c).split(" ", 1)[0], *line[1:]) for line in lines]  # type: ignore[misc, union-attr]


def test_the_list_of_an_area_is_that_of_its_clusters(workbook: Path, material: Material) -> None:
    lists = load_workbook(workbook)["lists"]
    rows = [(area, cluster) for area, cluster in lists.iter_rows(max_col=2, values_only=True) if cluster]
    assert len(rows) == len(material.finest)
    areas = [area for area, _ in rows]
    assert areas == sorted(areas, key=areas.index), "OFFSET and COUNTIF need each area in one piece"
    for area, cluster in rows:
        assert area == choice(material, material.path(str(cluster).split(" ", 1)[0])[0])


def test_a_cluster_is_known_however_its_name_is_written(material: Material) -> None:
    names = ClusterNames(material, material.finest)
    for cluster in material.finest:
        text = choice(material, cluster)
        german = material.clusters[cluster].labels.get("de", text)
        for written in (cluster.upper(), f"  {text.upper()} ", text.replace(" ", "\u00a0 "), f"{cluster} old name"):
            assert names.find(written) == [cluster]
        assert cluster in names.find(material.label(cluster).swapcase()) and cluster in names.find(german)
    assert names.find("nothing") == names.find("") == []


def test_decisions_and_clusters_come_in_as_they_were_typed(
    workbook: Path, material: Material, demonstration: Path
) -> None:
    first, second = [case for case in cases(material, Order(("r1",), 5, 100, 0))["r1"] if not case.candidates][:2]
    target = next(c for c in sorted(material.finest) if c not in (first.cluster, second.cluster))
    write(
        workbook, "priority",
        {"decision": " Move  To", "cluster": f" {material.label(target).upper()} \u00a0", "reason": "closer"},
        {"decision": "AGREE"},
    )  # fmt: skip
    assert take_in(workbook, demonstration)["appended"] == 3
    move, reject, agree = read_ledger(workbook.with_name("ledger.csv"))
    assert (move.decision, move.target, reject.target) == ("move", target, first.cluster)
    assert (agree.decision, agree.target) == ("agree", second.cluster)


def test_proposals_are_kept_told_and_closed_and_change_nothing(
    workbook: Path, material: Material, demonstration: Path, tmp_path: Path
) -> None:
    one, other = sorted(material.finest)[:2]
    write(
        workbook, "proposals",
        {"proposal": "new cluster", "name": "Repair of drones", "reason": "a field of its own"},
        {"proposal": "New Name", "cluster": choice(material, one), "name": "Another name"},
        {"proposal": "merge", "cluster": one, "other cluster": material.label(other)},
        {"proposal": "merge", "cluster": one},
        {"proposal": "new name", "cluster": one, "name": material.label(other).upper()},
        {"proposal": "merge", "cluster": one, "other cluster": material.path(one)[0]},
    )  # fmt: skip
    found = take_in(workbook, demonstration, status=1)
    assert [fault["problem"] for fault in found["faults"]] == [
        "'merge' needs two clusters",
        f"'{material.label(other).upper()}' is the name of {other} already",
        "'merge' names clusters of two levels",
    ]
    assert [each["target"] for each in found["open_proposals"]] == [
        "Repair of drones", f"{one}: Another name", f"{one} {other}"
    ]  # fmt: skip
    assert take_in(workbook, demonstration, status=1)["appended"] == 0, "once"
    ledger = tmp_path / "ledger.csv"
    named, listed = ("--ledger", ledger), ("review", "proposals", "--ledger", ledger, demonstration)
    lines = run(*listed).splitlines()
    assert f"open: r1 proposes a merge: {choice(material, one)} and {choice(material, other)}" in lines[2]
    closed = lines[0].split(" ", 1)[0]
    run("review", "revoke", closed, "--reviewer", "editor", "--reason", "made in 1.1.0", *named)
    assert " closed: r1 proposes a new cluster: Repair of drones" in run(*listed)
    assert ": made in 1.1.0" in run(*listed)
    again = take_in(workbook, demonstration, status=1)
    assert again["appended"] == 0 and len(again["open_proposals"]) == 2, "an old file does not open it again"
    kept = expertise.read_ledger(ledger)
    assert len(kept) == 2 and list(expertise.ledger_decisions(kept)) == [], "a release applies none"


@pytest.mark.parametrize(
    ("reason", "what"),
    [
        ("ask ann.other@example.org", "an e-mail address"),
        ("my number is +49 (0)30 1234-567", "a telephone number"),
        ("Dr. Quirrel said so", "a person's name"),
        ("as Annabel Quirrel told me", "a person's name"),
        ("Annabel Quirrel knows", "a person's name"),
        ("laut Frau Quirrel", "a person's name"),
        ("d'après M. Quirrel", "a person's name"),
    ],
)
def test_a_reason_that_names_somebody_is_told_and_not_taken_in(
    reason: str, what: str, material: Material, workbook: Path, demonstration: Path
) -> None:
    assert PersonalData(material).found(reason).startswith(what)
    write(workbook, "priority", {"decision": "unsure", "reason": reason})
    (fault,) = take_in(workbook, demonstration, status=1)["faults"]
    assert f"the reason seems to hold {what}" in fault["problem"] and "--reasons-read" in fault["problem"]
    assert not workbook.with_name("ledger.csv").exists()
    assert take_in(workbook, demonstration, "--reasons-read")["appended"] == 1


@pytest.mark.parametrize(
    "reason",
    [
        "closer to welding than to soldering",
        "Used in ICT and in HR, not here.",
        "See c00042, decided on 2026-02-01 and 1.3.2026",
        "http://data.europa.eu/esco/skill/00114606-0042-4512-3344-112233445566 is the same",
        "ISCO 2512, 2513 and 7212; NACE 25.62",
    ],
)
def test_a_reason_about_work_is_not_taken_for_a_name(reason: str, material: Material) -> None:
    assert PersonalData(material).found(reason) == ""
