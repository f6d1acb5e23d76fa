"""A reviewer's session: the cards of one release, and the inbox that every decision is written to at once.

An inbox is a file per reviewer, one decision in JSON a line, appended and synced to the disk before anybody is told
that it was saved. A line that a crash cut short is passed over, since its sender was never told. Of several decisions
on one card the last counts. Each carries its moment, since one saved after a revocation is a decision given again.
``esco-kg review import`` takes an inbox like any other file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from esco_kg.errors import OutputError
from esco_kg.folder.material import Material, read_material
from esco_kg.trials.review.cases import Case, Order, cases
from esco_kg.trials.review.intake import problem_of
from esco_kg.trials.review.ledger import moment
from esco_kg.trials.review.sheets import choice, choices, decisions_for, row_of
from esco_kg.trials.review.workbook import read_lines

Cells = dict[str, str]


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
        """(id, label) of a card's candidates where the present cluster is hidden, else of the runner-up alone."""
        case = self._cases[reviewer][number - 1]
        near = case.candidates or ((case.runner_up,) if case.runner_up else ())
        return [(cluster, _label(self._material(language), cluster)) for cluster in near]

    def clusters(self, language: str) -> list[tuple[str, str]]:
        """(id, label) of every cluster of the finest level, by label."""
        material = self._material(language)
        return [(text.split(" ", 1)[0], text.split(" ", 1)[1]) for text in choices(material)]

    def done(self, reviewer: str) -> dict[str, Cells]:
        """Skill -> the cells last saved for it."""
        path = self._path(reviewer)
        return {cells.get("skill", ""): dict(cells) for _, cells in read_lines(path)} if path.is_file() else {}

    def open_cards(self, reviewer: str) -> list[int]:
        """Numbers of the cards without a decision."""
        done = self.done(reviewer)
        return [n for n, case in enumerate(self._cases[reviewer], 1) if case.skill not in done]

    def save(self, reviewer: str, number: int, filled: Mapping[str, str]) -> str:
        """Write one decision to the disk; returns what is wrong with it, or '' once it is safe."""
        case: Case = self._cases[reviewer][number - 1]
        cells = row_of(self._first, case) | {name: filled.get(name, "") for name in ("decision", "cluster", "reason")}
        problem = problem_of(self._first, cells)
        if problem:
            return problem
        if cells["cluster"]:
            cells["cluster"] = choice(self._first, cells["cluster"].split(" ", 1)[0])
        line = json.dumps(cells | {"saved": moment()}, ensure_ascii=False, sort_keys=True).encode() + b"\n"
        try:
            _append(self._path(reviewer), line)
        except OSError as error:
            raise OutputError(f"{self._inbox}: {error.strerror or error}") from error
        return ""

    def _material(self, language: str) -> Material:
        if language not in self._others:
            self._others[language] = read_material(self._release, language)
        return self._others[language]

    def _path(self, reviewer: str) -> Path:
        return self._inbox / f"review-{self.version}-{reviewer}.ndjson"


def _label(material: Material, cluster: str) -> str:
    return choice(material, cluster).split(" ", 1)[1]


def _append(path: Path, line: bytes) -> None:
    """Append and sync; a line that was cut short before is closed first, and stays a line of its own."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            line = b"\n" + line
        os.write(descriptor, line)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
