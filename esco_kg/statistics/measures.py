"""Statistics: each question in ``queries/measures/`` answered over a store of graphs, as a typed table.

A number that cannot be computed stops the release: a query that fails, a column that is missing or of another type, a
blank where the head of the query promises a value, and an empty answer where it promises rows are errors.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Protocol

import pyoxigraph as ox

from esco_kg.errors import InputError, UsageError
from esco_kg.model.findings import Sum, Table, Value
from esco_kg.rdf.graphs import Rows
from esco_kg.rdf.terms import iri, lexical
from esco_kg.resources import files

MEASURED = ("clusters", "pillar")
"""The graphs of a release that the measures are counted over."""

TYPES = ("string", "integer", "decimal", "boolean", "iri", "date")

# Our own terms depend on the base IRI of the release, so a query names them relative to it.
_OWN_TERMS = "PREFIX ekg: <model#>"
_HEAD = re.compile(r"# (Question|Empty|Dimensions|Units|Sums): (.+)")
_COLUMN = re.compile(r"#   (\w+):(\w+)(\??)\s+(\S.*)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Answers(Protocol):
    """Whatever answers a SELECT: the store of a release in the making, or that of a published one."""

    def select(self, query: str) -> Rows:
        """The answer. Raises InputError where the query is wrong."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a measure: ``type`` is one of :data:`TYPES`, ``meaning`` gives the unit or definition."""

    name: str
    type: str
    meaning: str
    may_be_blank: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """One question as published.

    ``sha256`` is that of the file, ``query`` its text with our own terms relative to a base IRI. ``empty_when`` says
    when an answer without rows is right; it is blank where there must be rows. ``dimensions``, ``units`` and ``sums``
    are as in :class:`esco_kg.model.findings.Table`; a measure without units is a list and no data cube.
    """

    name: str
    question: str
    columns: tuple[Column, ...]
    query: str
    sha256: str
    empty_when: str = ""
    dimensions: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    sums: dict[str, Sum] = field(default_factory=dict)

    def for_base(self, base_iri: str) -> str:
        """The query as it can be pasted into any SPARQL console over a release with this base IRI."""
        return self.query.replace(_OWN_TERMS, f"PREFIX ekg: {iri(base_iri + 'model#')}")

    def table(self, rows: list[tuple[Value, ...]]) -> Table:
        """An answer to it."""
        return Table(
            name=self.name,
            question=self.question,
            columns=[column.name for column in self.columns],
            types=[column.type for column in self.columns],
            rows=rows,
            query_sha256=self.sha256,
            meanings=[column.meaning for column in self.columns],
            dimensions=self.dimensions,
            units=self.units,
            sums=self.sums,
        )


def measures() -> list[Measure]:
    """All measures, by name. Raises InputError where the head of a query is not as it must be."""
    return [_read(path) for path in files("queries/measures", ".rq")]


def measure_named(name: str) -> Measure:
    """The measure with this name. Raises UsageError."""
    known = {measure.name: measure for measure in measures()}
    if name not in known:
        near = get_close_matches(name.lower(), known)
        first = f"The nearest: {', '.join(near)}. " if near else ""
        raise UsageError(f"there is no measure {name!r}", f"{first}There are: {', '.join(known)}.")
    return known[name]


def run(
    store: Answers, names: Sequence[str] | None = None, *, base_iri: str | None = None, place: str = "the store"
) -> list[Table]:
    """Answer some measures, or all, in the order of their names.

    ``base_iri`` is found in the store where it is not given; ``place`` is what was loaded into it. Raises UsageError
    for an unknown name, InputError where a measure has no answer.
    """
    wanted = measures() if names is None else [measure_named(name) for name in sorted(set(names))]
    base = base_iri or find_base_iri(store, place)
    return [_answer(store, measure, base) for measure in wanted]


def find_base_iri(store: Answers, place: str) -> str:
    """The base IRI of the release in the store: its scheme, the one that has levels, is ``<base>scheme``.

    Raises InputError where there is no such scheme, or several.
    """
    # The scheme as published in one release has levels too, and says what it is a version of.
    query = """PREFIX xkos: <http://rdf-vocabulary.ddialliance.org/xkos#>
        PREFIX dct: <http://purl.org/dc/terms/>
        SELECT DISTINCT ?scheme WHERE {
          ?scheme xkos:levels ?levels . FILTER(STRENDS(STR(?scheme), "/scheme"))
          MINUS { ?scheme dct:isVersionOf ?lasting }
        } ORDER BY ?scheme"""
    found = [str(row[0]) for row in store.select(query).values()]
    if len(found) != 1:
        listed = ", ".join(found) or "none"
        raise InputError(place, f"one scheme of skill clusters is needed, found {listed}", "Give one release.")
    return found[0].removesuffix("scheme")


def write_csv(table: Table, path: Path) -> None:
    """Write a table as CSV (RFC 4180, but line ends are LF), in its own order. A blank is an empty field.

    Where rows are suppressed their figures are empty, and a last column ``conf_status`` tells why.
    """
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        if not table.statuses:
            writer.writerow(table.columns)
            writer.writerows([lexical(value) for value in row] for row in table.rows)
            return
        writer.writerow([*table.columns, "conf_status"])
        is_figure = [column in table.units for column in table.columns]
        for row, status in zip(table.rows, table.statuses, strict=True):
            cells = zip(row, is_figure, strict=True)
            writer.writerow([*("" if figure and status != "F" else lexical(value) for value, figure in cells), status])


def _read(path: Path) -> Measure:
    text = path.read_text(encoding="utf-8")
    place = f"queries/measures/{path.name}"
    head = [line for line in text.split("\n") if line.startswith("#")]
    facts: dict[str, str] = {}
    for said in filter(None, map(_HEAD.fullmatch, head)):
        # A long list goes on in a second line with the same key.
        facts[said[1]] = f"{facts[said[1]]}, {said[2]}" if said[1] in facts else said[2]
    columns = tuple(
        Column(found[1], found[2], found[4], may_be_blank=bool(found[3]))
        for line in head
        if (found := _COLUMN.match(line))
    )
    if "Question" not in facts or not columns:
        raise InputError(place, "the head lacks '# Question:' or '# Columns:'", "See docs/statistics.md.")
    for column in columns:
        if column.type not in TYPES:
            raise InputError(
                place, f"column {column.name} has the unknown type {column.type}", f"Known: {', '.join(TYPES)}."
            )
    pairs = {key: _pairs(facts.get(key, ""), columns, place) for key in ("Dimensions", "Units", "Sums")}
    return Measure(
        path.stem,
        facts["Question"],
        columns,
        text,
        hashlib.sha256(text.encode()).hexdigest(),
        facts.get("Empty", ""),
        pairs["Dimensions"],
        pairs["Units"],
        {column: _sum(said) for column, said in pairs["Sums"].items()},
    )


def _pairs(text: str, columns: Sequence[Column], place: str) -> dict[str, str]:
    """``a=x, b=y`` -> {a: x, b: y}, where a and b are columns."""
    found = {left: right for left, _, right in (part.partition("=") for part in text.split(", ") if part)}
    for name, said in found.items():
        if name not in {column.name for column in columns} or not said:
            raise InputError(place, f"{name}={said} is said of no column", "Write column=name.")
    return found


def _sum(said: str) -> Sum:
    """``links necessity:essential`` -> what the column counts."""
    statistic, *codes = said.split(" ")
    return Sum(statistic, {name: code for name, _, code in (part.partition(":") for part in codes)})


def _answer(store: Answers, measure: Measure, base_iri: str) -> Table:
    place = f"measure {measure.name}"
    hint = "Measures need the clusters and the pillar of one release; run esco-kg check on the files."
    try:
        rows = store.select(measure.for_base(base_iri))
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:
        raise InputError(place, f"the query failed: {error}", "Mend the query in queries/measures/.") from error
    names = [column.name for column in measure.columns]
    if rows.columns != names:
        raise InputError(place, f"the query gives {', '.join(rows.columns)}, its head promises {', '.join(names)}")
    if not rows.terms and not measure.empty_when:
        raise InputError(place, "the answer is empty", hint)
    return measure.table(_checked(rows, measure, place, hint))


def _checked(rows: Rows, measure: Measure, place: str, hint: str) -> list[tuple[Value, ...]]:
    checked = []
    for number, (terms, values) in enumerate(zip(rows.terms, rows.values(), strict=True), start=1):
        row = []
        for column, term, value in zip(measure.columns, terms, values, strict=True):
            if value is None and not column.may_be_blank:
                raise InputError(f"{place}, row {number}", f"column {column.name} is blank", hint)
            if value is not None and not _fits(column.type, term, value):
                raise InputError(f"{place}, row {number}", f"column {column.name} is {value!r}, no {column.type}", hint)
            row.append(float(value) if column.type == "decimal" and value is not None else value)
        checked.append(tuple(row))
    return checked


def _fits(kind: str, term: object, value: Value) -> bool:
    if kind == "iri":
        return isinstance(term, ox.NamedNode)
    if not isinstance(term, ox.Literal):
        return False
    if kind == "boolean":
        return isinstance(value, bool)
    if kind in ("integer", "decimal"):
        return not isinstance(value, bool) and isinstance(value, int if kind == "integer" else int | float)
    return isinstance(value, str) and (kind == "string" or bool(_DATE.fullmatch(value)))
