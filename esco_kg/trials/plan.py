"""A test plan: what an organisation wants the clusters for, with what data, and how it is measured; as TOML."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from esco_kg.errors import InputError, UsageError, unreadable
from esco_kg.toml import read_toml

_TEXTS = ("use", "title", "organisation", "use_case", "approach")
_LISTS = ("objectives", "expectations")
_COLUMNS = ("annotator", "outcome", "hierarchy")
_NEEDED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("assign", "find", "navigate", "rank"), ("text",)),
    "outcomes": ("text", "outcome"),
    "people": ("outcome", "hierarchy"),
}
"""Kind of a task -> keys that its data file cannot do without, beside those of all."""
_FOLDER = Path(__file__).parent / "plans"


@dataclass(frozen=True, slots=True)
class DataFile:
    """A table. Columns: ``text`` with terms or sentences, ``skill`` with labels or IRIs, ``unit`` with what a row
    belongs to, such as an advertisement or a person, ``annotator`` with who labelled the row, ``outcome`` with a number
    such as clicks, ``hierarchy`` with the one a person walked; '' where there is none. ``description`` is in words."""

    name: str
    path: Path
    text: str
    skill: str
    unit: str
    description: str = ""
    annotator: str = ""
    outcome: str = ""
    hierarchy: str = ""


@dataclass(frozen=True, slots=True)
class Rival:
    """Another grouping of skills: a table with the columns ``skill`` (label or IRI) and ``group``."""

    name: str
    path: Path
    skill: str
    group: str


@dataclass(frozen=True, slots=True)
class Expected:
    """What a task should reach: ``hierarchy`` such as ``clusters 2``, a metric, and one bound."""

    hierarchy: str
    metric: str
    bound: float
    is_floor: bool


@dataclass(frozen=True, slots=True)
class Task:
    """One measured task; ``kind`` is one of :data:`esco_kg.trials.tasks.KINDS`. ``function`` is a metric of one's own,
    ``FILE.py:NAME``."""

    kind: str
    data: str
    question: str
    expected: tuple[Expected, ...] = ()
    function: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole plan; the texts are the organisation's own words and go into the report."""

    use: str
    title: str
    organisation: str
    use_case: str
    approach: str
    objectives: tuple[str, ...]
    expectations: tuple[str, ...]
    data: tuple[DataFile, ...]
    tasks: tuple[Task, ...]
    rivals: tuple[Rival, ...] = ()


@dataclass(frozen=True, slots=True)
class Labelled:
    """One row: its text, the skills it is labelled with (none: no skill of the release is named), its unit, outcome."""

    text: str
    skills: tuple[str, ...]
    unit: str
    outcome: float = 0.0
    hierarchy: str = ""


@dataclass(slots=True)
class Sample:
    """The rows of a data file, the column that their outcomes are of, and what a report may tell of them."""

    rows: list[Labelled]
    description: dict[str, Any] = field(default_factory=dict)
    outcome: str = ""

    def units(self) -> dict[str, list[Labelled]]:
        """Rows by unit, in the order of the file."""
        found: dict[str, list[Labelled]] = defaultdict(list)
        for row in self.rows:
            found[row.unit].append(row)
        return dict(found)

    def skill_sets(self, least: int) -> list[list[str]]:
        """Per unit with at least so many different skills: these, each by the first skill of its label."""
        sets = [list(dict.fromkeys(row.skills[0] for row in of if row.skills)) for of in self.units().values()]
        return [skills for skills in sets if len(skills) >= least]


def shipped() -> dict[str, Path]:
    """The plans that come with the product, by name."""
    return {path.stem: path for path in sorted(_FOLDER.glob("*.toml"))}


def read_plan(given: str, replaced: Mapping[str, Path] | None = None) -> Plan:
    """A plan by file, or by the name of one that comes with the product.

    ``replaced`` maps names of data files to other files with the same columns. Raises InputError where the plan lacks
    something or holds an unknown key, UsageError where there is no such plan or data file.
    """
    path = shipped().get(given, Path(given))
    try:
        read = read_toml(path)
    except FileNotFoundError:
        raise UsageError(f"there is no plan {given}", f"Give a file, or one of {', '.join(shipped())}.") from None
    except Exception as error:  # whatever the parser throws: deep nesting is a RecursionError
        raise unreadable(str(path), "TOML", error, "docs/testing.md describes every key.") from None
    other = dict(replaced or {})
    unknown = sorted(set(other) - set(read.get("data", {})))
    if unknown:
        raise UsageError(f"the plan has no data file {unknown[0]!r}", f"It has {', '.join(read.get('data', {}))}.")
    try:
        return _plan(path, read, other)
    except (KeyError, TypeError, ValueError) as error:
        what = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
        raise InputError(str(path), what, "docs/testing.md describes every key.") from None


def _plan(path: Path, read: dict[str, Any], replaced: Mapping[str, Path]) -> Plan:
    about = read["plan"]
    _only(read, ("plan", "data", "task", "rival"))
    _only(about, (*_TEXTS, *_LISTS))
    data = tuple(_data(path.parent, name, of, replaced) for name, of in sorted(read["data"].items()))
    tasks = tuple(_task(path.parent, of, {file.name: file for file in data}) for of in read["task"])
    rivals = tuple(_rival(path.parent, name, of) for name, of in sorted(read.get("rival", {}).items()))
    texts = [str(about.get(name, "")).strip() for name in _TEXTS]
    if not texts[0] or not texts[1]:
        raise ValueError("a plan needs use and title")
    use, title, organisation, use_case, approach = texts
    objectives, expectations = (tuple(about.get(name, ())) for name in _LISTS)
    return Plan(use, title, organisation, use_case, approach, objectives, expectations, data, tasks, rivals)


def _data(folder: Path, name: str, read: dict[str, str], replaced: Mapping[str, Path]) -> DataFile:
    _only(read, ("file", "text", "skill", "unit", "description", *_COLUMNS))
    if "annotator" in read and "text" not in read:
        raise ValueError(f"the data file {name!r} has annotators and no text")
    # The words of the plan describe its own file, not the one given instead.
    described = read.get("description", "") if name not in replaced else ""
    path = replaced.get(name) or folder / read["file"]
    return DataFile(
        name,
        path,
        read.get("text", ""),
        read["skill"],
        read["unit"],
        described,
        *(read.get(key, "") for key in _COLUMNS),
    )


def _rival(folder: Path, name: str, read: dict[str, str]) -> Rival:
    _only(read, ("file", "skill", "group"))
    return Rival(name, folder / read["file"], read.get("skill", "skill"), read.get("group", "group"))


def _task(folder: Path, read: dict[str, Any], files: Mapping[str, DataFile]) -> Task:
    _only(read, ("kind", "data", "question", "expected", "function"))
    kind, data = read["kind"], read["data"]
    if data not in files:
        raise ValueError(f"a task names the data file {data!r}, which the plan does not have")
    for key in _NEEDED.get(kind, ()):
        if not getattr(files[data], key):
            raise ValueError(f"a task {kind!r} needs the key {key} in the data file {data!r}")
    if (kind == "own") != ("function" in read):
        raise ValueError("a task 'own', and no other, needs a function, such as metric.py:value")
    function = str(folder / read["function"]) if kind == "own" else ""
    return Task(kind, data, read.get("question", ""), tuple(map(_expected, read.get("expected", ()))), function)


def _expected(read: dict[str, Any]) -> Expected:
    _only(read, ("hierarchy", "metric", "at_least", "at_most"))
    if ("at_least" in read) == ("at_most" in read):
        raise ValueError("an expectation needs at_least or at_most")
    is_floor = "at_least" in read
    bound = float(read["at_least"] if is_floor else read["at_most"])
    return Expected(read["hierarchy"], read["metric"], bound, is_floor)


def _only(read: Mapping[str, Any], known: tuple[str, ...]) -> None:
    unknown = sorted(set(read) - set(known))
    if unknown:
        raise ValueError(f"unknown key {unknown[0]!r}; known: {', '.join(known)}")
