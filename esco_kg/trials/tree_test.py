"""A tree test: people look for skills in the clusters and in the official hierarchy, and what they do is kept.

A person is a random number that nothing else belongs to. Each gets all tasks in an order of their own, every other one
in the other hierarchy. An answer is a line of NDJSON, written to the disk when the task ends. The file is data of a
plan with a task ``people``.
"""

from __future__ import annotations

import json
import secrets
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import NamedTuple

from esco_kg.errors import OutputError, UsageError
from esco_kg.folder.material import Material, read_material
from esco_kg.trials import rows
from esco_kg.trials.groupings import Groupings
from esco_kg.trials.inbox import append_line
from esco_kg.trials.tasks.navigation import Tree, trees

_MOST_PEOPLE = 1000  # at the same time; who came first is forgotten


class Sought(NamedTuple):
    """What a person is asked to find: the words that they read, and the skills that are right."""

    text: str
    skills: tuple[str, ...]


class Option(NamedTuple):
    """A group to open, or a skill to choose."""

    id: str
    label: str
    is_skill: bool


class Step(NamedTuple):
    """What a person sees: ``trail`` leads from the top to where they are."""

    number: int
    text: str
    trail: tuple[Option, ...]
    options: tuple[Option, ...]


@dataclass(slots=True)
class _Person:
    tasks: list[tuple[Sought, str]]
    number: int = 0
    trail: list[str] = field(default_factory=list)
    walked: list[str] = field(default_factory=list)
    began: float = 0.0


class TreeTest:
    """The tasks of one release. What a page needs: :meth:`begin`, :meth:`step`, :meth:`go`, :meth:`answer`."""

    def __init__(self, release: Path, tasks: Path, folder: Path, language: str = "en") -> None:
        self._first = read_material(release, language)
        self._others: dict[str, Material] = {language: self._first}
        self._trees = {name: tree for name, tree, _ in trees(self._first, Groupings(self._first))}
        self._tasks = read_tasks(self._first, tasks)
        self._people: OrderedDict[str, _Person] = OrderedDict()
        self._path = folder / f"tree-test-{self._first.version}.ndjson"
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def version(self) -> str:
        """The release that is tested."""
        return self._first.version

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that labels can be shown in."""
        return self._first.languages

    @property
    def count(self) -> int:
        """How many tasks each person has."""
        return len(self._tasks)

    def begin(self) -> str:
        """A new person."""
        person, chance = secrets.token_hex(8), Random(secrets.randbits(64))
        tasks, names = chance.sample(self._tasks, len(self._tasks)), chance.sample(sorted(self._trees), 2)
        self._people[person] = _Person([(sought, names[n % 2]) for n, sought in enumerate(tasks)])
        while len(self._people) > _MOST_PEOPLE:
            self._people.popitem(last=False)
        return person

    def knows(self, person: str) -> bool:
        """Whether the person began, and since the server did."""
        return person in self._people

    def step(self, person: str, language: str) -> Step | None:
        """What the person sees now; None where all tasks are done. Time begins with the first look at a task."""
        it = self._people[person]
        if it.number >= len(it.tasks):
            return None
        it.began = it.began or time.monotonic()
        (sought, name), material = it.tasks[it.number], self._material(language)
        trail = tuple(Option(node, material.label(node), False) for node in it.trail)
        return Step(it.number + 1, sought.text, trail, _options(self._trees[name], material, it.trail))

    def go(self, person: str, number: int, to: str) -> None:
        """Open a group, or one above ('' is the top). What is not on the page that the person saw changes nothing."""
        it = self._people[person]
        if it.number + 1 != number or it.number >= len(it.tasks):
            return
        below = self._trees[it.tasks[it.number][1]].below.get(it.trail[-1] if it.trail else "", ())
        if to in it.trail or not to:
            it.trail = it.trail[: it.trail.index(to) + 1] if to else []
        elif to in below:
            it.trail.append(to)
        else:
            return
        it.walked.append(to or "top")

    def answer(self, person: str, number: int, skill: str) -> None:
        """End a task with a skill, or '' where the person gives up; the next one follows. What the person has not seen
        yet is not ended. Raises OutputError."""
        it = self._people[person]
        if it.number + 1 != number or it.number >= len(it.tasks) or not it.began:
            return
        sought, name = it.tasks[it.number]
        tree, at = self._trees[name], it.trail[-1] if it.trail else ""
        if skill and skill not in tree.members.get(at, ()):
            return
        is_right = skill in sought.skills
        is_straight = is_right and len(it.walked) == len(it.trail)
        line = {
            "text": sought.text, "skill": sought.skills[0], "person": person, "hierarchy": name,
            "success": int(is_right), "direct": int(is_straight), "seconds": round(time.monotonic() - it.began, 1),
            "steps": len(it.walked), "chosen": skill, "path": " ".join(it.walked),
        }  # fmt: skip
        try:
            append_line(self._path, json.dumps(line, ensure_ascii=False).encode() + b"\n")
        except OSError as error:
            raise OutputError(f"{self._path}: {error.strerror or error}") from error
        it.number, it.trail, it.walked, it.began = it.number + 1, [], [], 0.0

    def _material(self, language: str) -> Material:
        if language not in self._others:
            self._others[language] = read_material(self._first.folder, language)
        return self._others[language]


def read_tasks(material: Material, path: Path) -> list[Sought]:
    """A table with the columns ``text``, what people read, and ``skill``, a label or IRI.

    Raises UsageError where a column is missing, a skill is none of the release, or there are fewer than two rows.
    """
    known, found = material.skills_by_label(), []
    with rows.reading(path) as table:
        for column in ("text", "skill"):
            if column not in table.columns:
                raise UsageError(f"{path} has no column {column!r}", "A tree test needs the columns text and skill.")
        for number, row in enumerate(table.rows, 1):
            text, label = (str(row[column] or "").strip() for column in ("text", "skill"))
            skills = known.get(label) or known.get(label.casefold())
            if not text or not skills:
                problem = f"{label!r} is no skill of the release" if text else "no text"
                raise UsageError(
                    f"{path}, record {number}: {problem}", "Give what people read as text, and a label or IRI as skill."
                )
            found.append(Sought(text, tuple(skills)))
    if len(found) < 2:
        raise UsageError(f"{path} has {len(found)} tasks", "Give two or more: each hierarchy gets some.")
    return found


def _options(tree: Tree, material: Material, trail: Sequence[str]) -> tuple[Option, ...]:
    """Groups by their labels, then skills by theirs."""
    at = trail[-1] if trail else ""
    groups = [Option(node, material.label(node), False) for node in tree.below.get(at, ())]
    skills = [Option(skill, material.label(skill), True) for skill in tree.members.get(at, ())]
    return (*_by_label(groups), *_by_label(skills))


def _by_label(options: list[Option]) -> list[Option]:
    return sorted(options, key=lambda option: (option.label.casefold(), option.id))
