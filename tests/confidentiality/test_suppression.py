"""Small counts: what is left out cannot be worked out from what is published, proved by linear programming.

The proof is another program than the one that chose: every cell is a variable, every published count a fixed bound, and
each suppressed count is minimised and maximised by itself.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from esco_kg.confidentiality.suppression import Cell, Sum, suppressed
from esco_kg.confidentiality.tables import suppress_small_cells
from esco_kg.statistics import measures
from tests.support.sample_release import Sample, sample

THRESHOLD = 4


def intervals(
    counts: Mapping[Cell, int], sums: Sequence[Sum], status: Mapping[Cell, str]
) -> dict[Cell, tuple[float, float]]:
    """Each primary cell's smallest and largest value that agrees with everything published."""
    cells = list(counts)
    place = {cell: number for number, cell in enumerate(cells)}
    matrix, known = np.zeros((len(sums), len(cells))), np.zeros(len(sums))
    for row, each in enumerate(sums):
        matrix[row, [place[part] for part in each.parts]] = 1
        if each.total is None:
            known[row] = each.value
        else:
            matrix[row, place[each.total]] = -1
    bounds = [(0, None) if cell in status else (counts[cell], counts[cell]) for cell in cells]
    found = {}
    for cell, said in status.items():
        if said == "C":
            ends = []
            for sign in (1, -1):
                costs = np.zeros(len(cells))
                costs[place[cell]] = sign
                solved = linprog(costs, A_eq=matrix, b_eq=known, bounds=bounds, method="highs")
                assert solved.status in (0, 3), solved.message
                ends.append(sign * solved.fun if solved.status == 0 else np.inf)
            found[cell] = (ends[0], ends[1])
    return found


def nested(random: Random, rows: int, children: int, columns: int) -> tuple[dict[Cell, int], list[Sum]]:
    """Counts over a tree of two levels and columns, with all totals of both levels: the shape of clusters by sector."""
    counts: dict[Cell, int] = {}
    sums = []
    for column in range(columns):
        for row in range(rows):
            parts = tuple((f"{row}.{child}", column) for child in range(children))
            counts |= {part: random.choice((0, 0, 1, 2, 3, 5, 8, 20, 60)) for part in parts}
            counts[f"{row}", column] = sum(counts[part] for part in parts)
            sums.append(Sum(parts, (f"{row}", column)))
        tops = tuple((f"{row}", column) for row in range(rows))
        counts["all", column] = sum(counts[top] for top in tops)
        sums.append(Sum(tops, ("all", column)))
    names = sorted({name for name, _ in counts})  # type: ignore[misc]
    for name in names:
        parts = tuple((name, column) for column in range(columns))
        counts[name, "all"] = sum(counts[part] for part in parts)
        sums.append(Sum(parts, (name, "all")))
    return counts, sums


def protected(counts: Mapping[Cell, int], sums: Sequence[Sum], status: Mapping[Cell, str], threshold: int) -> None:
    """Every small count is left out, and spans the threshold, or what leaving out everything would make it span."""
    assert {cell for cell, said in status.items() if said == "C"} == {
        cell for cell, count in counts.items() if 0 < count < threshold
    }
    at_most = intervals(
        counts, sums, dict.fromkeys(counts, "D") | {c: "C" for c, said in status.items() if said == "C"}
    )
    for cell, (low, high) in intervals(counts, sums, status).items():
        assert high - low >= min(threshold, at_most[cell][1] - at_most[cell][0]) - 1e-5, (cell, low, high)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), rows=st.integers(1, 4), children=st.integers(1, 4), columns=st.integers(1, 4))
def test_nothing_can_be_worked_out_from_totals_of_all_levels(seed: int, rows: int, children: int, columns: int) -> None:
    counts, sums = nested(Random(seed), rows, children, columns)
    protected(counts, sums, suppressed(counts, sums, THRESHOLD), THRESHOLD)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6), small=st.integers(1, 3), rows=st.integers(2, 5), columns=st.integers(2, 5),
    threshold=st.integers(2, 9),
)  # fmt: skip
def test_no_more_is_left_out_than_a_rectangle_for_each_small_count(
    seed: int, small: int, rows: int, columns: int, threshold: int
) -> None:
    """Where the other counts are large, the other corners of any rectangle with a small count protect it."""
    random = Random(seed)
    counts: dict[Cell, int] = {(r, c): random.randint(20, 90) for r, c in product(range(rows), range(columns))}
    for cell in random.sample(sorted(counts), small):  # type: ignore[type-var]
        counts[cell] = random.randint(1, threshold - 1)
    sums = with_margins(counts, rows, columns)
    status = suppressed(counts, sums, threshold)
    protected(counts, sums, status, threshold)
    assert list(status.values()).count("D") <= 3 * small
    assert all(high - low >= threshold - 1e-5 for low, high in intervals(counts, sums, status).values())


def with_margins(counts: dict[Cell, int], rows: int, columns: int) -> list[Sum]:
    """Adds the totals of rows and columns to the counts; returns the sums."""
    sums = []
    for r in range(rows):
        parts: tuple[Cell, ...] = tuple((r, c) for c in range(columns))
        counts[r, "all"] = sum(counts[part] for part in parts)
        sums.append(Sum(parts, (r, "all")))
    for c in range(columns):
        parts = tuple((r, c) for r in range(rows))
        counts["all", c] = sum(counts[part] for part in parts)
        sums.append(Sum(parts, ("all", c)))
    return sums


def test_what_no_suppression_could_hide_costs_nothing() -> None:
    """The grand total and the other row are known: nothing hides the count of 1, so nothing else is left out for it."""
    counts: dict[Cell, int] = {"small": 1, "a": 20, "b": 30}
    sums = [Sum(("a", "b"), None, 50), Sum(("small", "a", "b"), None, 51)]
    assert suppressed(counts, sums, THRESHOLD) == {"small": "C"}


def test_the_proof_finds_a_cell_that_a_subtraction_gives_away() -> None:
    counts: dict[Cell, int] = {"a": 2, "b": 10, "c": 30, "all": 42}
    sums = [Sum(("a", "b", "c"), "all")]
    assert intervals(counts, sums, {"a": "C"}) == {"a": (2, 2)}
    status = suppressed(counts, sums, THRESHOLD)
    assert status == {"a": "C", "b": "D"}
    assert intervals(counts, sums, status) == {"a": (0, 12)}


def test_two_small_cells_do_not_protect_each_other() -> None:
    """1 + 1 of a known 2 would tell that both are small: a third one joins them."""
    counts: dict[Cell, int] = {"a": 1, "b": 1, "c": 9, "d": 30, "all": 41}
    assert suppressed(counts, [Sum(("a", "b", "c", "d"), "all")], THRESHOLD) == {"a": "C", "b": "C", "c": "D"}


def test_a_rectangle_in_two_dimensions() -> None:
    """One small cell in a table with all margins: three more must go, at the corners of a rectangle."""
    counts: dict[Cell, int] = {(r, c): 20 + 3 * r + c for r, c in product(range(3), range(3))}
    counts[1, 1] = 2
    sums = with_margins(counts, 3, 3)
    status = suppressed(counts, sums, THRESHOLD)
    assert status[1, 1] == "C" and list(status.values()).count("D") == 3
    assert not any("all" in cell for cell in status)
    protected(counts, sums, status, THRESHOLD)


def test_cells_of_one_row_go_together() -> None:
    counts: dict[Cell, int] = {"a": 2, "a2": 50, "b": 10, "b2": 60, "all": 12, "all2": 110}
    sums = [Sum(("a", "b"), "all"), Sum(("a2", "b2"), "all2")]
    status = suppressed(counts, sums, THRESHOLD, [("a", "a2"), ("b", "b2")])
    assert status == {"a": "C", "a2": "D", "b": "D", "b2": "D"}


def test_nothing_small_means_nothing_left_out() -> None:
    assert suppressed({"a": 0, "b": 10, "all": 10}, [Sum(("a", "b"), "all")], THRESHOLD) == {}


def test_sums_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="do not add up to 3"):
        suppressed({"a": 1, "all": 3}, [Sum(("a",), "all")], THRESHOLD)


# --- the tables of a release


def hierarchies(made: Sample) -> dict[str, dict[str, str]]:
    clusters = made.clustering.clusters.values()
    isco = [group.code for group in made.pillar.isco_groups.values()]
    return {
        "cluster": {cluster.id: cluster.parent for cluster in clusters if cluster.parent},
        "isco": {code: code[:-1] for code in isco if len(code) > 1},
    }


def test_tables_of_a_release_are_safe_together() -> None:
    """Every count of every table is a cell; the sums are found here by comparing all of them, not by their names."""
    made = sample(7)
    tables = suppress_small_cells(measures.run(made.store()), hierarchies(made), THRESHOLD)
    counts: dict[Cell, int] = {}
    status: dict[Cell, str] = {}
    for table in tables:
        assert bool(table.statuses) == bool(table.sums)
        for row, said in zip(table.rows, table.statuses, strict=False):
            for column in table.sums:
                key = [f"{name}={row[table.columns.index(c)]}" for c, name in table.dimensions.items()]
                key += [f"{name}={code}" for name, code in table.sums[column].codes.items()]
                cell = (table.sums[column].statistic, *sorted(key))
                counts[cell] = int(row[table.columns.index(column)])  # type: ignore[arg-type]
                if said != "F":
                    status[cell] = "C" if 0 < counts[cell] < THRESHOLD else "D"
    for cell, count in counts.items():
        assert not 0 < count < THRESHOLD or cell in status
    sums = _all_sums(counts, hierarchies(made))
    assert len(sums) > 50
    spans = intervals(counts, sums, status)
    at_most = intervals(
        counts, sums, dict.fromkeys(counts, "D") | {c: "C" for c, said in status.items() if said == "C"}
    )
    for cell, (low, high) in spans.items():
        assert high - low >= min(THRESHOLD, at_most[cell][1] - at_most[cell][0]) - 1e-5, (cell, low, high)
    assert sum(high - low >= THRESHOLD - 1e-5 for low, high in spans.values()) > 0.9 * len(spans)


def _all_sums(counts: Mapping[Cell, int], parents: Mapping[str, Mapping[str, str]]) -> list[Sum]:
    found = []
    below = {name: {p: {c for c, q in tree.items() if q == p} for p in tree.values()} for name, tree in parents.items()}
    for total in counts:
        statistic, *key = total  # type: ignore[misc]
        for part in key:
            name, _, code = part.partition("=")
            children = below.get(name, {}).get(code, set())
            cells = [(statistic, *sorted({*key, f"{name}={c}"} - {part})) for c in sorted(children)]
            cells = [cell for cell in cells if cell in counts]
            if cells and sum(counts[cell] for cell in cells) == counts[total]:
                found.append(Sum(tuple(cells), total))
        for name in ("skill-type", "reuse-level", "margin"):
            cells = [
                cell
                for cell in counts
                if cell[0] == statistic
                and set(key) < set(cell[1:])
                and len(cell) == len(key) + 2  # type: ignore[index,arg-type]
                and any(part.startswith(f"{name}=") for part in set(cell[1:]) - set(key))  # type: ignore[index]
            ]
            if cells and sum(counts[cell] for cell in cells) == counts[total]:
                found.append(Sum(tuple(cells), total))
    return found


def test_a_suppressed_row_keeps_its_key_and_loses_its_figures(tmp_path: Path) -> None:
    made = sample(7)
    found = {t.name: t for t in suppress_small_cells(measures.run(made.store()), hierarchies(made), THRESHOLD)}
    table = found["clusters"]
    path = tmp_path / "t.csv"
    measures.write_csv(table, path)
    with path.open(encoding="utf-8", newline="") as stream:
        head, *lines = csv.reader(stream)
    assert head[-1] == "conf_status" and {line[-1] for line in lines} >= {"F", "C"}
    for line, row, said in zip(lines, table.rows, table.statuses, strict=True):
        cells = dict(zip(head, line, strict=True))
        assert cells["cluster"] == row[0] and cells["label"] == row[2]
        assert all((cells[column] == "") == (said != "F") for column in table.units)


def test_without_a_request_tables_are_as_they_were(tmp_path: Path) -> None:
    table = measures.run(sample(7).store(), ["clusters"])[0]
    assert table.statuses == []
    measures.write_csv(table, tmp_path / "t.csv")
    assert "conf_status" not in (tmp_path / "t.csv").read_text(encoding="utf-8")
