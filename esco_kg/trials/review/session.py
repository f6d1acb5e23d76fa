"""A reviewer's session: the cards of one release, and the inbox that every decision is written to at once.

An inbox is a file per reviewer, one decision in JSON a line, appended and synced to the disk before the page says
that it was saved. A line that a crash cut short is passed over, since its sender had no answer. Of several decisions
on one card the last counts. Each carries its moment, since one saved after a revocation is a decision given again.
``esco-kg review import`` takes an inbox like any other file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from esco_kg.errors import OutputError
from esco_kg.folder.material import Material, read_material
from esco_kg.trials.inbox import append_line
from esco_kg.trials.review.cases import Case, Order, cases
from esco_kg.trials.review.clusters import ClusterNames, choice, choices, definition, typical_skills
from esco_kg.trials.review.intake import as_meant, problem_of
from esco_kg.trials.review.ledger import moment
from esco_kg.trials.review.reading import read_lines
from esco_kg.trials.review.sheets import decisions_for, row_of
from esco_kg.trials.review.workbook import csv_of

Cells = dict[str, str]
_TYPICAL = 4  # skills that tell what a cluster is


class About(NamedTuple):
    """What a card says of a cluster: its definition, and its most typical skills."""

    definition: str
    skills: tuple[str, ...]


class CardState(NamedTuple):
    """A card in the list of all: ``path`` are the labels of its clusters from the top on, none where hidden."""

    number: int
    label: str
    path: tuple[str, ...]
    decision: str


class ReviewSession:
    """The cards of each reviewer, numbered from 1; texts in any language of the release."""

    def __init__(self, release: Path, order: Order, inbox: Path, language: str = "en") -> None:
        self._release, self._inbox = release, inbox
        self._first = read_material(release, language)
        self._cases = cases(self._first, order)
        self._others: dict[str, Material] = {language: self._first}
        inbox.mkdir(parents=True, exist_ok=True)

    @property
    def version(self) -> str:
        """The release under review."""
        return self._first.version

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that cards can be shown in."""
        return self._first.languages

    def count(self, reviewer: str) -> int:
        """How many cards a reviewer has; 0 for somebody who is none."""
        return len(self._cases.get(reviewer, ()))

    def card(self, reviewer: str, number: int, language: str) -> Cells:
        """A card's cells as in a workbook, the decision filled in where there is one."""
        case = self._cases[reviewer][number - 1]
        row = row_of(self._material(language), case)
        done = self.done(reviewer).get(case.skill, {})
        return row | {name: done.get(name, "") for name in ("decision", "cluster", "reason")}

    def decisions(self, reviewer: str, number: int) -> tuple[str, ...]:
        """The decisions that a card may carry."""
        return decisions_for(self._cases[reviewer][number - 1].stratum)

    def candidates(self, reviewer: str, number: int, language: str) -> list[tuple[str, str]]:
        """(id, label) of a card's candidates where the present cluster is hidden, otherwise of the runner-up alone."""
        case = self._cases[reviewer][number - 1]
        near = case.candidates or ((case.runner_up,) if case.runner_up else ())
        return [(cluster, _label(self._material(language), cluster)) for cluster in near]

    def clusters(self, language: str) -> list[tuple[str, str]]:
        """(id, label) of every cluster of the finest level, by label."""
        material = self._material(language)
        return [(text.split(" ", 1)[0], text.split(" ", 1)[1]) for text in choices(material)]

    def about(self, reviewer: str, number: int, language: str) -> dict[str, About]:
        """Cluster -> what it is, of the clusters that a card names.

        The skill itself is in no list of typical skills, and where a definition names it, none is shown: else the
        hidden place would show.
        """
        case, material = self._cases[reviewer][number - 1], self._material(language)
        named = dict.fromkeys((*case.candidates, *(() if case.candidates else (case.cluster, case.runner_up))))
        label = material.label(case.skill).casefold()
        texts = {c: definition(material, c) for c in named if c}
        is_told = any(label in text.casefold() for text in texts.values())
        return {
            cluster: About(
                "" if is_told else text,
                tuple(material.label(s) for s in self._typical.get(cluster, ()) if s != case.skill)[:_TYPICAL],
            )
            for cluster, text in texts.items()
        }

    def cards(self, reviewer: str, language: str) -> list[CardState]:
        """Every card with its state; where the place is hidden, it stays so."""
        material, done, found = self._material(language), self.done(reviewer), []
        for number, case in enumerate(self._cases[reviewer], 1):
            path = [] if case.candidates else [material.label(one) for one in material.path(case.cluster)]
            decision = done.get(case.skill, {}).get("decision", "")
            found.append(CardState(number, material.label(case.skill), tuple(path), decision))
        return found

    def done(self, reviewer: str) -> dict[str, Cells]:
        """Skill -> the cells last saved for it; none of a decision that was taken back."""
        last = {cells.get("skill", ""): cells for cells in self._lines(reviewer)}
        return {skill: cells for skill, cells in last.items() if cells.get("decision")}

    def saved(self, reviewer: str, day: str = "") -> bytes:
        """The decisions as a CSV that ``esco-kg review import`` takes; those of one day (2026-01-31), otherwise all."""
        return csv_of(cells for cells in self.done(reviewer).values() if cells.get("saved", "").startswith(day))

    def undo(self, reviewer: str) -> int:
        """Take the last decision back, so that the one before it counts; returns its card, 0 where there is none.

        The inbox is only added to: a line that takes back has the moment of the other as ``undoes``.
        """
        stack: list[Cells] = []
        for cells in self._lines(reviewer):
            if not cells.get("undoes"):
                stack.append(cells)
            elif stack:
                stack.pop()
        if not stack:
            return 0
        last = stack.pop()
        numbers = {case.skill: number for number, case in enumerate(self._cases[reviewer], 1)}
        number = numbers.get(last.get("skill", ""), 0)
        if number:
            before = next((cells for cells in reversed(stack) if cells.get("skill") == last["skill"]), {})
            again = {name: before.get(name, "") for name in ("decision", "cluster", "reason")}
            self._write(reviewer, last | again | {"saved": moment(), "undoes": last.get("saved", "") or "?"})
        return number

    def _lines(self, reviewer: str) -> list[Cells]:
        path = self._path(reviewer)
        return [dict(cells) for _, cells in read_lines(path)] if path.is_file() else []

    def open_cards(self, reviewer: str) -> list[int]:
        """Numbers of the cards without a decision."""
        done = self.done(reviewer)
        return [n for n, case in enumerate(self._cases[reviewer], 1) if case.skill not in done]

    def save(self, reviewer: str, number: int, filled: Mapping[str, str]) -> str:
        """Write one decision to the disk; returns what is wrong with it, or '' once it is safe."""
        case: Case = self._cases[reviewer][number - 1]
        cells = row_of(self._first, case) | {name: filled.get(name, "") for name in ("decision", "cluster", "reason")}
        cells = as_meant(cells, self._names)
        problem = problem_of(self._first, cells, self._names)
        if problem:
            return problem
        if cells["cluster"]:
            cells["cluster"] = choice(self._first, cells["cluster"])
        self._write(reviewer, cells | {"saved": moment()})
        return ""

    def _write(self, reviewer: str, cells: Cells) -> None:
        line = json.dumps(cells, ensure_ascii=False, sort_keys=True).encode() + b"\n"
        try:
            append_line(self._path(reviewer), line)
        except OSError as error:
            raise OutputError(f"{self._inbox}: {error.strerror or error}") from error

    @cached_property
    def _typical(self) -> dict[str, list[str]]:
        return typical_skills(self._first)

    @cached_property
    def _names(self) -> ClusterNames:
        return ClusterNames(self._first, self._first.finest)

    def _material(self, language: str) -> Material:
        if language not in self._others:
            self._others[language] = read_material(self._release, language)
        return self._others[language]

    def _path(self, reviewer: str) -> Path:
        return self._inbox / f"review-{self.version}-{reviewer}.ndjson"


def _label(material: Material, cluster: str) -> str:
    return choice(material, cluster).split(" ", 1)[1]
