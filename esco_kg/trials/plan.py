"""A test plan: what an organisation wants the clusters for, with what data, and how it is measured; as TOML."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from esco_kg.errors import InputError, UsageError, unreadable
from esco_kg.folder.manifest import sha256_of
from esco_kg.folder.material import Material
from esco_kg.toml import read_toml
from esco_kg.trials import rows

_TEXTS = ("use", "title", "organisation", "use_case", "approach")
_LISTS = ("objectives", "expectations")
_FOLDER = Path(__file__).parent / "plans"


@dataclass(frozen=True, slots=True)
class DataFile:
    """A table: ``text`` the column with terms or sentences, ``skill`` that with labels or IRIs, ``unit`` that with the
    advertisement, person or course a row belongs to, ``description`` in words what it is."""

    name: str
    path: Path
    text: str
    skill: str
    unit: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a task should reach: ``hierarchy`` such as ``clusters 2``, a metric, and one bound."""

    hierarchy: str
    metric: str
    bound: float
    is_floor: bool


@dataclass(frozen=True, slots=True)
class Task:
    """One measured task; ``kind`` is one of :data:`esco_kg.trials.tasks.KINDS`."""

    kind: str
    data: str
    question: str
    expected: tuple[Expected, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Labelled:
    """One row: its text, the skills it is labelled with (none: no skill of the release is named), its unit."""

    text: str
    skills: tuple[str, ...]
    unit: str


@dataclass(slots=True)
class Sample:
    """The rows of a data file, and what a report may tell of them."""

    rows: list[Labelled]
    description: dict[str, Any] = field(default_factory=dict)

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
    _only(read, ("plan", "data", "task"))
    _only(about, (*_TEXTS, *_LISTS))
    data = tuple(_data(path.parent, name, of, replaced) for name, of in sorted(read["data"].items()))
    tasks = tuple(_task(of, {file.name for file in data}) for of in read["task"])
    texts = [str(about.get(name, "")).strip() for name in _TEXTS]
    if not texts[0] or not texts[1]:
        raise ValueError("a plan needs use and title")
    use, title, organisation, use_case, approach = texts
    objectives, expectations = (tuple(about.get(name, ())) for name in _LISTS)
    return Plan(use, title, organisation, use_case, approach, objectives, expectations, data, tasks)


def _data(folder: Path, name: str, read: dict[str, str], replaced: Mapping[str, Path]) -> DataFile:
    _only(read, ("file", "text", "skill", "unit", "description"))
    # The words of the plan describe its own file, not the one given instead.
    described = read.get("description", "") if name not in replaced else ""
    path = replaced.get(name) or folder / read["file"]
    return DataFile(name, path, read["text"], read["skill"], read["unit"], described)


def _task(read: dict[str, Any], files: set[str]) -> Task:
    _only(read, ("kind", "data", "question", "expected"))
    if read["data"] not in files:
        raise ValueError(f"a task names the data file {read['data']!r}, which the plan does not have")
    return Task(read["kind"], read["data"], read.get("question", ""), tuple(map(_expected, read.get("expected", ()))))


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


def read_sample(material: Material, file: DataFile) -> Sample:
    """Read a data file. Raises UsageError where a column is missing, InputError where the file is none."""
    known, found = material.skills_by_label(), []
    with rows.reading(file.path) as table:
        for column in (file.text, file.skill, file.unit):
            if column not in table.columns:
                raise UsageError(f"{file.path} has no column {column!r}", f"It has {', '.join(table.columns)}.")
        for row in table.rows:
            label = str(row[file.skill] or "").strip()
            skills = known.get(label) or known.get(label.casefold()) or []
            found.append(Labelled(str(row[file.text] or ""), tuple(skills), str(row[file.unit] or "")))
    described = {
        "name": file.name,
        "file": file.path.name,
        "sha256": sha256_of(file.path),
        "description": file.description,
        "rows": len(found),
        "units": len({row.unit for row in found}),
        "rows_with_a_skill": sum(1 for row in found if row.skills),
        "different_skills": len({row.skills[0] for row in found if row.skills}),
        "median_characters": sorted(len(row.text) for row in found)[len(found) // 2] if found else 0,
    }
    return Sample(found, described)
