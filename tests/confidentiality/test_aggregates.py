"""No suppressed cell of any table of a run, or of several, can be worked out: proved on 100 random sets of data.

Whoever attacks has the published rows and nothing else, and knows what everybody knows: the hierarchies, that mentions
add up, that each unit in a cell has a mention there, that a listed cell is not empty, and what units are. Each hidden
figure is minimised and maximised by linear programming.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

from esco_kg.errors import UsageError
from esco_kg.folder.material import Material, read_material
from esco_kg.trials.aggregate import Answer, Question, aggregate
from esco_kg.trials.earlier import FIGURES, Published
from esco_kg.trials.rows import Row

SMALLEST, MOST = 5, 10_000  # MOST: what nobody takes a figure to exceed
Place = tuple[tuple[str, str], ...]


@pytest.fixture(scope="module")
def material(demonstration: Path) -> Material:
    return read_material(demonstration)


class Intruder:
    """Everything that published rows say, as linear constraints on the units and mentions of each cell."""

    def __init__(self, material: Material, tables: Sequence[Answer], *, has_units: bool, of_one: set[str]) -> None:
        self.rows: dict[Place, Row] = {}
        for table in tables:
            across = table.columns[4:-3]
            for row in table.rows:
                codes = {row["by"]: row["code"]} | {name: row[name] for name in across}
                place = tuple(sorted((name, code) for name, code in codes.items() if code != "_T"))
                said = self.rows.setdefault(place, row)
                assert [said[name] for name in FIGURES] == [row[name] for name in FIGURES]
        self.places = {place: number for number, place in enumerate(self.rows)}
        self.has_units, self.of_one = has_units, of_one
        self.parents = {c.id: c.parent or "" for c in material.clusters.values()}
        self.parents |= {code: code[:-1] for code in material.isco}
        self.equal: list[dict[int, float]] = []
        self.at_most: list[dict[int, float]] = []  # sum of coefficients x figures <= 0
        self._learn()

    def mentions(self, place: Place) -> int:
        return self.places[place]

    def units(self, place: Place) -> int:
        return self.places[place] + (len(self.places) if self.has_units else 0)

    def _learn(self) -> None:
        below: dict[tuple[str, Place], list[Place]] = defaultdict(list)
        for place in self.places:
            for name, code in place:
                above = self.parents.get(code, "")
                rest = [pair for pair in place if pair[0] != name] + ([(name, above)] if above else [])
                below[name, tuple(sorted(rest))].append(place)
            if self.has_units:
                self.at_most.append({self.units(place): 1, self.mentions(place): -1})
        for (name, total), parts in below.items():
            if total not in self.rows:
                continue
            self.equal.append({self.mentions(total): -1} | {self.mentions(part): 1 for part in parts})
            if not self.has_units:
                continue
            if name in self.of_one or len(parts) == 1:
                self.equal.append({self.units(total): -1} | {self.units(part): 1 for part in parts})
                continue
            self.at_most.append({self.units(total): 1} | {self.units(part): -1 for part in parts})
            self.at_most += [{self.units(part): 1, self.units(total): -1} for part in parts]

    def spans(self, least: float, wanted: float) -> list[tuple[Row, float, float]]:
        """Each hidden row with a small and a large value that each of its figures can have.

        They are the smallest and the largest there are, unless others already span what is wanted.
        """
        number = len(self.places) * (2 if self.has_units else 1)
        bounds = [(least, MOST)] * number
        of: dict[int, Row] = {}
        for place, row in self.rows.items():
            for figure in (self.units(place), self.mentions(place)) if row["status"] else ():
                of[figure] = row
            if not row["status"]:
                bounds[self.units(place)] = (row["units"], row["units"])
                bounds[self.mentions(place)] = (row["mentions"], row["mentions"])
        low, high = np.full(number, np.inf), np.full(number, -np.inf)
        random = np.random.default_rng(0)
        for round_ in range(12 + 2 * number):
            left = [figure for figure in of if not high[figure] - low[figure] >= wanted]
            costs = np.zeros(number)
            if round_ < 12:
                costs[left] = random.choice((-1, 1), len(left)) * random.random(len(left))
            else:
                figure, sign = divmod(round_ - 12, 2)
                if figure not in left:
                    continue
                costs[figure] = 1 - 2 * sign
            found = self._solved(costs, bounds)
            low, high = np.minimum(low, found), np.maximum(high, found)
        return [(row, float(low[figure]), float(high[figure])) for figure, row in of.items()]

    def _solved(self, costs: NDArray[np.float64], bounds: list[tuple[float, float]]) -> NDArray[np.float64]:
        """Figures that fit everything published, with the least costs."""
        found = linprog(
            costs,
            A_eq=_matrix(self.equal, len(costs)), b_eq=np.zeros(len(self.equal)),
            A_ub=_matrix(self.at_most, len(costs)) if self.at_most else None,
            b_ub=np.zeros(len(self.at_most)) if self.at_most else None, bounds=bounds, method="highs",
        )  # fmt: skip
        assert found.status == 0, found.message
        return np.asarray(found.x)


def _matrix(lines: list[dict[int, float]], number: int) -> object:
    entries = [(row, column, value) for row, line in enumerate(lines) for column, value in line.items()]
    rows, columns, values = zip(*entries, strict=True)
    return coo_matrix((values, (rows, columns)), shape=(len(lines), number)).tocsr()


def people(random: Random, material: Material, *, weights: bool) -> list[Row]:
    """Persons with a few skills of a few clusters; persons have one sex, but may be in several regions."""
    names = random.sample([skill.label() for skill in material.skills.values()], random.randint(3, 8))
    shares = [random.random() ** 2 for _ in names]
    found: list[Row] = []
    for person in range(random.randint(20, 90)):
        sex, weight = random.choice("mf"), random.choice((1, 2, 2.5, 4)) if weights else 1
        for skill in random.choices(names, shares, k=random.randint(1, 4)):
            region = random.choice(("north", "north", "south", ""))
            occupation = random.choice(("7212", "2512", "2513", "5223"))
            row = {"person": str(person), "weight": weight, "skill": skill, "sex": sex, "region": region}
            found.append(row | {"occupation": occupation})
    return found


def as_published(answer: Answer) -> Published:
    """The table as its reader finds it."""
    across = tuple(answer.columns[4:-3])
    found = Published(Path("earlier.csv"), across)
    for line, row in enumerate(answer.rows, 2):
        codes = {row["by"]: row["code"]} | {name: row[name] for name in across}
        place = frozenset((name, code) for name, code in codes.items() if code != "_T")
        found.lines[place] = line
        if row["status"]:
            found.hidden.add(place)
        else:
            found.shown[place] = row["units"], row["mentions"]
    return found


@pytest.mark.parametrize("tens", range(10))
def test_no_suppressed_cell_is_known_within_the_threshold(material: Material, tens: int) -> None:
    hidden = refused = 0
    for seed in range(10 * tens, 10 * tens + 10):
        random = Random(seed)
        has_units, has_weights, has_earlier = seed % 5 != 0, seed % 5 == 1, seed % 3 == 0
        rows = people(random, material, weights=has_weights)
        by = ("cluster", "isco") if seed % 4 == 1 else ("cluster",)
        question = Question(
            by, "skill", "person" if has_units else None, "weight" if has_weights else None,  # type: ignore[arg-type]
            random.choice(((), ("region",), ("sex",), ("region", "sex"))), "occupation" if "isco" in by else None,
            SMALLEST,
        )  # fmt: skip
        tables = [aggregate(material, rows, question)]
        if has_earlier:
            across = random.choice(((), ("region",), ("sex",)))
            later = Question(question.by, *(getattr(question, n) for n in ("skill", "unit", "weight")), across,
                             question.occupation, SMALLEST)  # fmt: skip
            try:
                tables.append(aggregate(material, rows, later, [as_published(tables[0])]))
            except UsageError as error:
                assert "could be worked out" in str(error)
                refused += 1
        weights = {row["person"]: row["weight"] for row in rows}
        mean, least = sum(weights.values()) / len(weights), min(weights.values())
        intruder = Intruder(material, tables, has_units=has_units, of_one={"sex"})
        wanted = SMALLEST * mean - 1e-4 * mean
        for row, low, high in intruder.spans(least, wanted):
            assert high - low >= wanted, (seed, row, low, high)
            hidden += 1
    assert hidden > 50 and refused < 3


def test_the_attacker_finds_what_a_subtraction_gives_away(material: Material) -> None:
    """Total 14, shown 12: each of two hidden rows has at least 1, so both have 1 exactly."""
    clusters = sorted(c for c, found in material.clusters.items() if found.depth == 1)[:3]
    rows = [{"by": "cluster", "level": 0, "code": "_T", "units": 14, "mentions": 14, "status": ""}]
    for code, units in zip(clusters, (12, None, None), strict=True):
        status = "" if units else "C"
        rows.append({"by": "cluster", "level": 1, "code": code, "units": units, "mentions": units, "status": status})
    columns = ["by", "level", "code", "label", "units", "mentions", "status"]
    answer = Answer(columns, rows, None, [])  # type: ignore[arg-type]
    found = list(Intruder(material, [answer], has_units=False, of_one=set()).spans(1, 5))
    assert [(low, high) for _, low, high in found] == [(1, 1), (1, 1)]


def test_two_rows_of_one_are_no_cover_for_each_other(material: Material) -> None:
    """The case of the issue that began this: such rows were published as suppressed."""
    names = {material.path(a.cluster)[0]: material.skills[s].label() for s, a in material.primary.items()}
    common, *rare = sorted(names.values())[:3]
    rows = [{"s": common}] * 12 + [{"s": name} for name in rare]
    answer = aggregate(material, rows, Question(("cluster",), "s"))
    assert all(row["status"] == "C" for row in answer.rows if row["level"] == 1)
    spans = Intruder(material, [answer], has_units=False, of_one=set()).spans(1, 10 - 1e-4)
    assert all(high - low >= 10 - 1e-4 for _, low, high in spans)


def test_published_tables_that_give_a_cell_away_are_told(material: Material) -> None:
    """The earlier table shows all clusters; only three of twelve persons of one are women."""
    names = {material.path(a.cluster)[0]: material.skills[s].label() for s, a in material.primary.items()}
    first, second = sorted(names.values())[:2]
    rows = [{"p": str(n), "s": first, "sex": "f" if n < 3 else "m"} for n in range(12)]
    rows += [{"p": str(n), "s": second, "sex": "m"} for n in range(12, 30)]
    earlier = as_published(aggregate(material, rows, Question(("cluster",), "s", "p", smallest=2)))
    later = Question(("cluster",), "s", "p", across=("sex",), smallest=5)
    found = aggregate(material, rows, later, [earlier])
    spans = Intruder(material, [found], has_units=True, of_one={"sex"}).spans(1, 5 - 1e-4)
    assert all(high - low >= 5 - 1e-4 for _, low, high in spans)
