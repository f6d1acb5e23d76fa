"""The review loop: workbooks out, three hundred decisions in, the ledger, the next release, and out again."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from esco_kg.cli import main
from esco_kg.clusters import expertise
from esco_kg.errors import OutputError
from esco_kg.folder.material import Material, read_material
from esco_kg.release import Request, make_release
from esco_kg.resources import folder
from esco_kg.trials.review.cases import Order, cases, strata
from esco_kg.trials.review.disagreement import disagreement
from esco_kg.trials.review.ledger import Entry, append, in_force, read_ledger
from esco_kg.trials.review.reading import read_review
from esco_kg.trials.review.sheets import COLUMNS, PROTECTED, edited, row_of, seal
from esco_kg.trials.review.workbook import write_csv, write_workbook

Cells = dict[str, str]


@pytest.fixture(scope="module")
def material(demonstration: Path) -> Material:
    return read_material(demonstration)


def run(*arguments: object, status: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result


def export(out: Path, release: Path, *more: object) -> dict[str, Path]:
    run("review", "export", "--reviewers", "r1,r2", "--out", out, release, *more)
    return {path.stem.rsplit("-", 1)[1]: path for path in sorted(out.iterdir())}


def export_close(out: Path, release: Path, priority: int = 1) -> Path:
    """The first reviewer's workbook, its first case a skill that another cluster would hold nearly as well."""
    placed = read_material(release).primary.values()
    margins = {a.skill: a.margin for a in placed if a.runner_up and a.margin is not None}
    used = out.with_name(f"{out.name}-use.csv")
    used.write_text(f"skill,use\n{min(margins, key=lambda skill: (margins[skill], skill))},1000\n", encoding="utf-8")
    more = ("--priority", priority, "--random", 0, "--overlap", 0, "--use", used)
    return export(out, release, *more)["r1"]


def fill(path: Path, decide: Callable[[str, int, Cells], Cells]) -> int:
    """Fill a workbook in: ``decide`` gets sheet, row and cells and gives the cells to be changed. Returns how many."""
    book, number = load_workbook(path), 0
    for sheet in book.worksheets:
        if sheet.title in ("about", "clusters", "lists", "proposals"):
            continue
        column = {cell.value: cell.column for cell in sheet[1]}
        for row in range(2, sheet.max_row + 1):
            cells = {name: str(sheet.cell(row, at).value or "") for name, at in column.items()}
            given = decide(sheet.title, row, cells)
            number += bool(given)
            for name, value in given.items():
                sheet.cell(row, column[name]).value = value
    book.save(path)
    return number


def first_candidate(sheet: str, row: int, cells: Cells) -> Cells:
    """Agree where the cluster is shown; the same candidate for every reviewer where it is hidden."""
    if not sheet.startswith("random"):
        return {"decision": "agree"}
    candidates = sorted(cells["candidates"].splitlines())
    return {"decision": "belongs to", "cluster": Random(cells["skill"]).choice(candidates)}


def take_in(files: list[Path], ledger: Path, release: Path, *more: object, status: int = 0) -> dict[str, Any]:
    asked = ("review", "import", *files, "--ledger", ledger, release, "--date", "2026-02-01", "--json")
    return dict(json.loads(run(*asked, *more, status=status).stdout))


def test_the_random_stratum_is_drawn_from_every_area_in_proportion(material: Material) -> None:
    found = cases(material, Order(("r1", "r2"), priority=50, random=60, overlap=20))
    drawn = {case.skill for own in found.values() for case in own if case.stratum == "random"}
    for skills in strata(material).values():
        assert abs(len(drawn & set(skills)) - 60 * len(skills) / len(material.skills)) <= 1
    twice = [case.skill for own in found.values() for case in own if case.stratum == "random"]
    assert len(twice) - len(drawn) == 20
    priority = [case.skill for own in found.values() for case in own if case.stratum == "priority"]
    assert len(set(priority)) == 50 and not set(priority) & drawn


def test_much_used_skills_come_first_each_kind_by_disagreement(material: Material) -> None:
    use = {skill: float(n % 10) for n, skill in enumerate(sorted(material.skills))}
    (own,) = cases(material, Order(("r1",), priority=40, random=0, overlap=0, use=use, rare=5)).values()
    assert None not in {case.margin for case in own}, "a rule or a decision is not reviewed as doubtful"
    doubts = disagreement(material)
    frequent = [doubts[case.skill] for case in own if use[case.skill] == 9]
    rare = [doubts[case.skill] for case in own if use[case.skill] < 9]
    assert [use[case.skill] == 9 for case in own] == [True] * len(frequent) + [False] * len(rare)
    assert len(own) == 45 and len(frequent) >= 20
    assert frequent == sorted(frequent, reverse=True) and rare == sorted(rare, reverse=True)


def test_rarely_used_skills_have_a_queue_of_their_own(material: Material) -> None:
    (own,) = cases(material, Order(("r1",), priority=5, random=0, overlap=0, rare=7)).values()
    used = [len(material.occupations_of.get(case.skill, [])) for case in own]
    assert len(own) == 12 and min(used[:5]) > max(used[5:])


def test_a_skill_in_a_strange_cluster_disagrees_with_all_evidence(material: Material) -> None:
    before = disagreement(material)
    assert all(0 <= value <= 1 for value in before.values())
    sectors = [a for a in material.allocations if a.rank == "primary" and a.margin is not None]
    at = min(sectors, key=lambda a: (before[a.skill], a.skill))
    area = material.path(at.cluster)[0]
    strange = next(a.cluster for a in sectors if material.path(a.cluster)[0] != area)
    moved = [replace(a, cluster=strange) if a is at else a for a in material.allocations]
    after = disagreement(replace(material, allocations=moved))
    assert after[at.skill] > before[at.skill] + 0.4
    assert after[at.skill] >= sorted(after.values())[-len(after) // 10]


def test_one_cluster_alone_can_be_reviewed(material: Material) -> None:
    area = next(iter(strata(material)))
    (own,) = cases(material, Order(("r1",), random=0, overlap=0, clusters=(area,))).values()
    assert {case.skill for case in own} == set(strata(material)[area])


def test_a_blind_row_does_not_tell_the_present_cluster(material: Material) -> None:
    positions = []
    for case in cases(material, Order(("r1",), priority=0, random=120, overlap=0))["r1"]:
        row = row_of(material, case)
        assert row["present cluster"] == row["runner-up"] == row["margin"] == ""
        assert case.cluster in case.candidates and len(case.candidates) == len(set(case.candidates)) == 5
        positions.append(case.candidates.index(case.cluster))
    assert all(10 <= positions.count(n) <= 40 for n in range(5)), "the position of the present cluster tells it"


def test_a_seal_names_the_cell_that_was_edited(material: Material) -> None:
    row = row_of(material, cases(material, Order(("r1",), 1, 0, 0))["r1"][0])
    assert edited(row) == []
    assert edited(row | {"alternative labels": row["alternative labels"].replace("\n", "\r\n") + " "}) == []
    for column in PROTECTED:
        assert edited(row | {column: row[column] + "x"}) == [column]


@pytest.mark.parametrize("write", [write_csv, write_workbook])
def test_labels_that_a_spreadsheet_would_compute_come_back_as_they_were(
    material: Material, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[..., None]
) -> None:
    (case,) = cases(material, Order(("r1",), 1, 0, 0))["r1"]
    row = row_of(material, case) | {"label": "=cmd|' /C calc'!A0", "definition": "'-x", "occupations": "@a\n+b"}
    row |= {"decision": "unsure", "reason": "-1"}
    row["seal"] = seal(row)
    monkeypatch.setattr("esco_kg.trials.review.workbook.row_of", lambda material, case: row)
    path = tmp_path / ("r.csv" if write is write_csv else "r.xlsx")
    write(material, [case], path)
    if write is write_csv:
        assert "'=cmd|" in path.read_text("utf-8-sig") and ",=cmd" not in path.read_text("utf-8-sig")
    (filled,) = read_review(path)
    assert {name: filled.cells[name] for name in row} == row and edited(filled.cells) == []


def test_workbooks_guide_and_protect(demonstration: Path, tmp_path: Path) -> None:
    files = export(tmp_path, demonstration, "--priority", 30, "--random", 30, "--overlap", 10, "--language", "de")
    assert [path.name for path in files.values()] == ["review-1.0.0-r1.xlsx", "review-1.0.0-r2.xlsx"]
    book = load_workbook(files["r1"])
    assert book.sheetnames == ["about", "lists", "clusters", "random 1.0.0", "priority 1.0.0", "proposals"]
    assert book["lists"].sheet_state == "hidden"
    columns = [*COLUMNS[:10], "area", *COLUMNS[10:]]
    for name in ("random 1.0.0", "priority 1.0.0"):
        sheet = book[name]
        assert [cell.value for cell in sheet[1]] == columns and sheet.protection.sheet
        locked = {columns[cell.column - 1]: cell.protection.locked for cell in sheet[2]}
        assert {column for column, is_open in locked.items() if not is_open} == {
            "decision",
            "area",
            "cluster",
            "reason",
        }
        lists = {rule.formula1 for rule in sheet.data_validations.dataValidation}
        assert any(formula.startswith("lists!$C$1:$C$") for formula in lists)
        assert any(formula.startswith('IF($K2="",lists!$B$1:$B$') and len(formula) < 256 for formula in lists)
    decisions = {rule.formula1 for rule in book["priority 1.0.0"].data_validations.dataValidation}
    assert '"agree,move to,also belongs to,should be split,unsure"' in decisions
    german = read_material(demonstration, "de")
    shown = {row[1].value for row in book["priority 1.0.0"].iter_rows(min_row=2)}
    assert shown <= {skill.label("de") for skill in german.skills.values()}


def test_the_same_order_gives_the_same_rows(demonstration: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        export(tmp_path / name, demonstration, "--format", "csv", "--seed", 5)
    one, other = ((tmp_path / name / "review-1.0.0-r1.csv").read_bytes() for name in "ab")
    assert one == other


def test_a_file_per_cluster_leaves_the_random_stratum_together(demonstration: Path, tmp_path: Path) -> None:
    asked = ("--reviewers", "r1", "--overlap", 0, "--by", "cluster", "--format", "csv", demonstration)
    run("review", "export", "--out", tmp_path, *asked)
    seen = {}
    for path in sorted(tmp_path.iterdir()):
        rows = list(csv.DictReader(path.open(encoding="utf-8-sig")))
        seen[path.stem] = {row["stratum"] for row in rows}
    assert seen.pop("review-1.0.0-r1") == {"random"}
    assert len(seen) > 2 and set(map(frozenset, seen.values())) == {frozenset({"priority"})}


def test_a_file_with_decisions_is_not_written_over(demonstration: Path, tmp_path: Path) -> None:
    """The second export took the place of what a reviewer had filled in."""
    asked = ("--format", "csv", "--priority", 10, "--random", 0, "--overlap", 0)
    path = export(tmp_path, demonstration, *asked)["r1"]
    again = ("review", "export", "--reviewers", "r1,r2", "--out", path.parent, demonstration, *asked)
    run(*again)  # nobody has decided yet
    rows = list(csv.DictReader(path.open(encoding="utf-8-sig")))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(row | {"decision": "agree"} for row in rows)
    filled = path.read_bytes()
    assert f"{path} holds decisions, and would be written over" in run(*again, status=2).stderr
    into = ("review", "import", path, "--ledger", tmp_path / "ledger.csv", demonstration)
    assert "is an input, and would be written over" in run(*into, "--disagreements", path, status=2).stderr
    assert path.read_bytes() == filled and not (tmp_path / "ledger.csv").exists()


def test_a_csv_saved_with_semicolons_is_read(demonstration: Path, tmp_path: Path) -> None:
    path = export(tmp_path, demonstration, "--format", "csv", "--priority", 10, "--random", 0, "--overlap", 0)["r1"]
    rows = list(csv.DictReader(path.open(encoding="utf-8-sig")))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, delimiter=";")
        writer.writeheader()
        writer.writerows(row | {"decision": "agree"} for row in rows)
    assert take_in([path], tmp_path / "ledger.csv", demonstration)["decisions"] == 5


def test_three_hundred_decisions_good_and_bad(demonstration: Path, material: Material, tmp_path: Path) -> None:
    """Two reviewers; some rows contradict one another, the release, the sheet; the ledger gets the rest, once."""
    order = ("--priority", 180, "--random", 100, "--overlap", 30)
    files = export(tmp_path / "out", demonstration, *order)
    bad = {"priority 1.0.0": {
        3: {"decision": "perhaps"},
        4: {"decision": "move to"},
        5: {"decision": "agree", "definition": "edited"},
        6: {"decision": "agree", "release": "0.9.0"},
        7: {"decision": "agree", "skill": "https://example.org/none"},
        8: {"decision": "agree", "cluster": "c00001 a top level"},
        9: {"decision": "also belongs to", "cluster": "PRESENT"},
    }}  # fmt: skip

    def decide(sheet: str, row: int, cells: Cells) -> Cells:
        wrong = bad.get(sheet, {}).get(row) if cells["reviewer"] == "r1" else None
        if wrong:
            return {k: cells["present cluster"] if v == "PRESENT" else v for k, v in wrong.items()}
        given = first_candidate(sheet, row, cells)
        if cells["reviewer"] == "r2" and sheet.startswith("random") and row % 8 == 0:
            given["cluster"] = next(c for c in cells["candidates"].splitlines() if c != given["cluster"])
        if sheet.startswith("priority") and cells["runner-up"]:
            given = {"decision": "move to", "cluster": cells["runner-up"], "reason": "closer"}
        return given

    assert sum(fill(path, decide) for path in files.values()) >= 300
    ledger = tmp_path / "ledger.csv"
    shutil.copy(folder("curation") / "ledger.csv", ledger)
    head = ledger.read_text(encoding="utf-8")
    found = take_in(list(files.values()), ledger, demonstration, "--disagreements", tmp_path / "d.xlsx", status=1)
    places = {fault["place"].split(", row ")[1]: fault["problem"] for fault in found["faults"]}
    assert sorted(places) == ["3", "4", "5", "6", "7", "8", "9"]
    assert all("sheet 'priority 1.0.0'" in fault["place"] and "r1.xlsx" in fault["place"] for fault in found["faults"])
    for row, words in {
        "3": "'perhaps' is no decision", "4": "needs a cluster", "5": "'definition' was edited", "6": "it is stale",
        "7": "no skill 'https://example.org/none'", "8": "no cluster of the finest level", "9": "contradiction",
    }.items():  # fmt: skip
        assert words in places[row]
    assert found["disagreements"] and found["appended"] > 250
    entries = read_ledger(ledger)
    assert ledger.read_text(encoding="utf-8").startswith(head) and len(entries) == found["appended"]
    assert not {entry.skill for entry in entries} & set(found["disagreements"])
    assert {(e.reviewer, e.date, e.release) for e in entries} == {(r, "2026-02-01", "1.0.0") for r in ("r1", "r2")}
    moves = [e for e in entries if e.decision == "move" and e.reason == "closer"]
    assert moves and all(
        any(
            x.decision == "reject" and x.skill == e.skill and x.target == material.primary[e.skill].cluster
            for x in entries
        )
        for e in moves
    )
    alpha = found["agreement"]["krippendorff_alpha"]
    assert alpha["low"] < alpha["value"] < 1 and set(found["agreement"]["cohen_kappa"]) == {"r1 r2"}
    assert 0 < found["error_rate"]["interval"]["low"] < found["error_rate"]["interval"]["value"] < 1
    before = ledger.read_bytes()
    assert take_in(list(files.values()), ledger, demonstration, status=1)["appended"] == 0
    assert ledger.read_bytes() == before
    adjudicate(tmp_path / "d.xlsx", ledger, demonstration, set(found["disagreements"]))
    assert take_in(list(files.values()), ledger, demonstration, status=1)["appended"] == 0


def adjudicate(path: Path, ledger: Path, release: Path, disputed: set[str]) -> None:
    """The adjudicator's workbook holds exactly what is in dispute, and settles it."""
    seen = set()

    def decide(sheet: str, row: int, cells: Cells) -> Cells:
        seen.add(cells["skill"])
        assert cells["present cluster"] == "" and "r1" not in cells["candidates"]
        return {"decision": "belongs to", "cluster": cells["candidates"].splitlines()[0]}

    fill(path, decide)
    found = take_in([path], ledger, release)
    assert seen == disputed and found["disagreements"] == {}
    assert disputed <= {entry.skill for entry in in_force(read_ledger(ledger)).values()}


def test_error_rates_come_from_the_random_stratum_alone(
    demonstration: Path, material: Material, tmp_path: Path
) -> None:
    """Reviewers who find every doubtful skill wrong and every random one right measure no error."""
    files = export(tmp_path, demonstration, "--priority", 60, "--random", 60, "--overlap", 20)

    def decide(sheet: str, row: int, cells: Cells) -> Cells:
        if sheet.startswith("random"):
            present = material.primary[cells["skill"]].cluster
            return {
                "decision": "belongs to",
                "cluster": next(c for c in cells["candidates"].splitlines() if present in c),
            }
        return {"decision": "move to", "cluster": cells["runner-up"]} if cells["runner-up"] else {}

    for path in files.values():
        fill(path, decide)
    found = take_in(list(files.values()), tmp_path / "ledger.csv", demonstration)
    rate = found["error_rate"]
    assert rate["interval"]["value"] == 0 and rate["interval"]["high"] < 0.1 and rate["covered"] == 1.0
    assert found["agreement"]["krippendorff_alpha"]["value"] == 1.0


def test_a_reviewer_who_decides_twice_is_told_both_places(demonstration: Path, tmp_path: Path) -> None:
    first = export(tmp_path / "a", demonstration, "--priority", 10, "--random", 0, "--overlap", 0)["r1"]
    second = tmp_path / "again.xlsx"
    shutil.copy(first, second)
    fill(first, lambda sheet, row, cells: {"decision": "agree"})
    fill(second, lambda sheet, row, cells: {"decision": "unsure"} if row == 2 else {"decision": "agree"})
    ledger = tmp_path / "ledger.csv"
    found = take_in([first, second], ledger, demonstration, status=1)
    (fault,) = found["faults"]
    assert "again.xlsx" in fault["place"] and "review-1.0.0-r1.xlsx, sheet 'priority 1.0.0', row 2" in fault["problem"]
    assert len(read_ledger(ledger)) == found["appended"] == 4


def test_a_change_of_mind_needs_a_revocation_first(demonstration: Path, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.csv"
    mind = iter(("agree", "move to", "move to"))
    for status in (0, 1, 0):
        word = next(mind)
        path = export_close(tmp_path / f"{status}{word}", demonstration)
        fill(
            path,
            lambda sheet, row, cells, word=word: (
                {"decision": word} | ({"cluster": cells["runner-up"]} if word != "agree" else {})
            ),  # type: ignore[misc]
        )
        found = take_in([path], ledger, demonstration, status=status)
        if status:
            assert "revoke that first" in found["faults"][0]["problem"]
            first = read_ledger(ledger)[0]
            run("review", "revoke", first.id, "--reviewer", "r1", "--reason", "changed", "--ledger", ledger)
        shutil.rmtree(path.parent)
    current = list(in_force(read_ledger(ledger)).values())
    assert [entry.decision for entry in current] == ["move", "reject"]


def moved(path: Path, reason: str, target: str = "runner-up") -> Path:
    """The file with a move in its first row."""

    def decide(sheet: str, row: int, cells: Cells) -> Cells:
        return {"decision": "move to", "cluster": cells.get(target, target), "reason": reason} if row == 2 else {}

    fill(path, decide)
    return path


def test_what_was_revoked_does_not_come_back_with_an_old_file(demonstration: Path, tmp_path: Path) -> None:
    """Once taken for the old decision without a word; given again, with another reason, it was lost as well."""
    path = export_close(tmp_path / "out", demonstration)
    ledger = tmp_path / "ledger.csv"
    assert take_in([moved(path, "closer")], ledger, demonstration)["appended"] == 2
    move = read_ledger(ledger)[0]
    about = ("--reviewer", "r2", "--ledger", ledger)
    run("review", "revoke", move.id, "--reason", "misread", "--date", "2026-02-03", *about)
    before = ledger.read_bytes()
    found = take_in([path], ledger, demonstration, status=1)
    (fault,) = found["faults"]
    assert "was taken out on 2026-02-03 by d" in fault["problem"] and "(misread)" in fault["problem"]
    assert "give another reason" in fault["problem"] and found["decisions"] == 0 and ledger.read_bytes() == before
    moved(path, "closer, and taught together")
    assert take_in([path], ledger, demonstration)["appended"] == 2
    assert take_in([path], ledger, demonstration)["appended"] == 0
    assert take_in([moved(path, "closer")], ledger, demonstration)["appended"] == 0, "it is in force"
    assert ledger.read_bytes().startswith(before)
    again = list(in_force(read_ledger(ledger)).values())
    assert [entry.decision for entry in again] == ["move", "reject"] and again[0].target == move.target
    assert len(expertise.read_ledger(ledger)) == 2, "the next release reads them"
    run("review", "revoke", move.skill, "--reason", "no", *about)
    for reason in ("closer", "closer,  and taught together"):
        assert take_in([moved(path, reason)], ledger, demonstration, status=1)["appended"] == 0
    assert in_force(read_ledger(ledger)) == {} and expertise.read_ledger(ledger) == []


def test_another_move_after_a_revocation_rejects_the_present_cluster_too(
    demonstration: Path, material: Material, tmp_path: Path
) -> None:
    """The rejection is the one that was revoked with the first move."""
    path = export_close(tmp_path / "out", demonstration)
    ledger = tmp_path / "ledger.csv"
    take_in([moved(path, "")], ledger, demonstration)
    first = read_ledger(ledger)[0]
    run("review", "revoke", first.id, "--reviewer", "r1", "--reason", "no", "--ledger", ledger)
    taken = (first.target, material.primary[first.skill].cluster)
    other = next(c.id for c in material.clusters.values() if c.depth == material.depth and c.id not in taken)
    assert take_in([moved(path, "", other)], ledger, demonstration)["appended"] == 2
    current = in_force(read_ledger(ledger)).values()
    assert [(e.decision, e.target) for e in current] == [("move", other), ("reject", taken[1])]


def test_what_an_adjudicator_overruled_is_told_once_the_adjudication_is_revoked(
    demonstration: Path, tmp_path: Path
) -> None:
    path = export_close(tmp_path / "out", demonstration)
    ledger = tmp_path / "ledger.csv"
    take_in([moved(path, "")], ledger, demonstration)
    move, reject = read_ledger(ledger)
    overruled = Entry("2026-02-02", "a", "1.0.0", move.skill, "move", move.target, "", (move.id, reject.id))
    append(ledger, [overruled])
    assert take_in([path], ledger, demonstration) == take_in([path], ledger, demonstration)
    assert len(read_ledger(ledger)) == 3, "the adjudicator said the same: nothing to tell, nothing to add"
    run("review", "revoke", overruled.id, "--reviewer", "a", "--reason", "no", "--ledger", ledger)
    (fault,) = take_in([path], ledger, demonstration, status=1)["faults"]
    assert f"taken out on 2026-02-02 by {overruled.id};" in fault["problem"]


@pytest.mark.parametrize(("earlier", "now"), [("reject", "also belongs to"), ("also", "move to")])
def test_what_the_ledger_rejects_is_not_added_before_that_is_revoked(
    demonstration: Path, tmp_path: Path, earlier: str, now: str
) -> None:
    """No release could follow both lines."""
    path = export_close(tmp_path / "out", demonstration)
    ledger = tmp_path / "ledger.csv"

    def decide(sheet: str, row: int, cells: Cells) -> Cells:
        place = cells["runner-up" if earlier == "reject" else "present cluster"].split()[0]
        append(ledger, [Entry("2026-01-31", "r9", "1.0.0", cells["skill"], earlier, place)])
        return {"decision": now, "cluster": cells["runner-up"]}

    fill(path, decide)
    (fault,) = take_in([path], ledger, demonstration, status=1)["faults"]
    (line,) = read_ledger(ledger)
    assert f"({line.id}); revoke that first" in fault["problem"]
    run("review", "revoke", line.id, "--reviewer", "r9", "--reason", "agreed", "--ledger", ledger)
    assert take_in([path], ledger, demonstration)["appended"] == {"also belongs to": 1, "move to": 2}[now]


def test_use_that_is_no_number_is_named(demonstration: Path, tmp_path: Path) -> None:
    table = tmp_path / "use.csv"
    table.write_text("skill,use\nweld,3\nweld,much\n", encoding="utf-8")
    asked = ("review", "export", "--reviewers", "r1", "--overlap", 0, "--out", tmp_path, demonstration)
    assert "use.csv, record 2: use 'much' is no number" in run(*asked, "--use", table, status=3).stderr


def test_ids_of_reviewers_are_no_names(demonstration: Path, tmp_path: Path) -> None:
    for name in ("Ann Other", "ann@example.org"):
        asked = ("review", "export", "--reviewers", name, "--out", tmp_path, demonstration)
        assert "is no reviewer's id" in run(*asked, status=2).stderr
    asked = ("review", "export", "--reviewers", "r1", "--out", tmp_path, demonstration)
    assert "an overlap needs two reviewers" in run(*asked, status=2).stderr


def test_the_ledger_only_grows(tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    entry = Entry("2026-01-01", "r1", "1.0.0", "http://x/a", "agree", "c00001", 'a "reason",\nof two lines')
    assert append(path, [entry, entry]) and append(path, [entry]) == []
    path.write_bytes(path.read_bytes().rstrip(b"\n"))  # an editor that drops the last line end
    append(path, [Entry("2026-01-02", "r2", "1.0.0", "http://x/b", "unsure")])
    assert [e.skill for e in read_ledger(path)] == ["http://x/a", "http://x/b"]
    run(
        "review", "revoke", "http://x/a", "--reviewer", "r1", "--reason", "no", "--ledger", path, "--date", "2026-01-03"
    )
    assert [e.skill for e in in_force(read_ledger(path)).values()] == ["http://x/b"]
    assert len(read_ledger(path)) == 3
    asked = ("review", "revoke", "http://x/a", "--reviewer", "r1", "--reason", "no", "--ledger", path)
    assert "is in force" in run(*asked, status=2).stderr


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_ledger_that_cannot_be_written_on_is_as_it_was(
    error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(descriptor: int) -> None:
        raise error

    path = tmp_path / "ledger.csv"
    entries = [Entry("2026-01-01", "r1", "1.0.0", f"http://x/{name}", "agree", "c00001") for name in "ab"]
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", fails)
        with pytest.raises((OutputError, KeyboardInterrupt)):
            append(path, entries[:1])
    assert not path.exists()
    append(path, entries[:1])
    before = path.read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", fails)
        with pytest.raises((OutputError, KeyboardInterrupt)):
            append(path, entries)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.txt", "", "no review file"),
        ("a.csv", "x,y\n1,2\n", "the column 'skill' is missing"),
        ("a.xlsx", "nothing", "cannot be read as a file of reviews"),
        ("a.ndjson", "[1]\n", "a.ndjson:1: not a decision in JSON"),
    ],
)
def test_files_that_are_no_review(name: str, content: str, says: str, demonstration: Path, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content)
    asked = ("review", "import", tmp_path / name, demonstration, "--ledger", tmp_path / "ledger.csv")
    assert says in run(*asked, status=3).stderr


def primary(release: Path, skill: str) -> Cells:
    version = release.name
    table = csv.DictReader((release / f"esco-kg-{version}-allocations.csv").open(encoding="utf-8"))
    return next(row for row in table if row["skill"] == skill and row["rank"] == "primary")


def effect_says_what_the_notes_say(before: Path, after: Path, ledger: Path, notes: str) -> None:
    """Notes and command had figures of two definitions, and without the ledger the command counted no decision."""
    told = run("review", "effect", before, after, "--ledger", ledger).stdout
    assert told.startswith("6 skills have a decision in force; 1 of them")
    figures = re.search(r"hit@10 was ([\d.]+) and is ([\d.]+), MRR was ([\d.]+) and is ([\d.]+) \((\d+) occ", notes)
    assert figures
    assert f"hit@10 on the others: {figures[1]} before, {figures[2]} after" in told
    assert f"MRR on the others: {figures[3]} before, {figures[4]} after ({figures[5]} occupations)" in told
    refused = run("review", "effect", before, after, status=2).stderr
    assert f"release {after.name} was made with another ledger than curation" in refused
    grown = ledger.with_name("grown.csv")
    grown.write_bytes(ledger.read_bytes() + b"dffffffffffff,2026-03-01,r9,1.0.0,x,agree,,,\n")
    assert run("review", "effect", before, after, "--ledger", grown).stdout == told


def test_the_next_release_has_the_decisions_and_loses_them_again(demonstration: Path, tmp_path: Path) -> None:
    curation, out = tmp_path / "curation", tmp_path / "releases"
    shutil.copytree(folder("curation"), curation)
    shutil.copytree(demonstration, out / "demonstration/1.0.0")
    path = export_close(tmp_path / "out", demonstration, 12)

    def decide(sheet: str, row: int, cells: Cells) -> Cells:
        if row == 2:
            return {"decision": "move to", "cluster": cells["runner-up"], "reason": "closer"}
        return {"decision": "agree"}

    fill(path, decide)
    assert take_in([path], curation / "ledger.csv", demonstration)["appended"] == 7
    moved = next(entry for entry in read_ledger(curation / "ledger.csv") if entry.decision == "move")
    reviewed = make_release(Request(out=out, curation=curation, use_cache=False)).folder
    assert primary(reviewed, moved.skill)["cluster"] == moved.target
    assert primary(reviewed, moved.skill)["decision"].startswith("ledger.csv:")
    notes = (reviewed / "RELEASE-NOTES.md").read_text(encoding="utf-8")
    others = len(read_material(reviewed).skills) - 6
    assert f"in force: 6; in another cluster than in release 1.0.0: 1 of them, and 0 of {others} others." in notes
    figures = re.search(r"no reviewer touched, hit@10 was (0\.\d{3}) and is (0\.\d{3})", notes)
    # One skill that goes to another cluster changes the ranks of its old and new neighbours: two of 49 cases here.
    assert figures and abs(float(figures[1]) - float(figures[2])) < 0.1
    effect_says_what_the_notes_say(demonstration, reviewed, curation / "ledger.csv", notes)
    asked = ("review", "revoke", moved.id, "--reviewer", "r2", "--reason", "no", "--ledger", curation / "ledger.csv")
    assert f"--curation {curation}" in run(*asked, "--date", "2026-03-01").stderr
    again = make_release(Request(out=out, curation=curation, use_cache=False)).folder
    back, before = primary(again, moved.skill), primary(demonstration, moved.skill)
    assert (back["cluster"], back["decision"]) == (before["cluster"], "")
