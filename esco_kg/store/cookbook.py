"""The saved queries in ``queries/cookbook/``: questions of users, with typed parameters that are bound as RDF terms.

A query names no graph: it runs over the default graph, which is one whole release, but for those whose head says that
they need several. Its parameters are variables with a dollar sign, ``$cluster``, so that a file is SPARQL as it is and
any client can bind them. Here a value becomes one RDF term in canonical form before it takes the variable's place; it
can never be more than that term.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path

import pyoxigraph as ox

from esco_kg.config import CLUSTER_PATH
from esco_kg.errors import InputError, UsageError
from esco_kg.model.findings import Table, Value
from esco_kg.rdf.graphs import Rows
from esco_kg.rdf.terms import Term, iri
from esco_kg.resources import files
from esco_kg.store.parameters import FORMS, TYPES, Parameter, term

_HEAD = re.compile(r"# (Question|Asked by|Needs|Empty|Sample): (.+)")
_SECTION = re.compile(r"# (Parameters|Columns):")
_PARAMETER = re.compile(r"#   (\w+):(\w+)(?:=(\S+))?\s+(\S.*)")
_COLUMN = re.compile(r"#   (\w+):(string|integer|decimal|boolean|iri|date)(\??)\s+(\S.*)")
VARIABLE = re.compile(r"\$(\w+)")
"""A parameter in the text of a query."""
_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the answer: ``type`` is one of string, integer, decimal, boolean, iri, date."""

    name: str
    type: str
    meaning: str
    may_be_blank: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """One saved query. ``sample`` are the parameters of the sample answer, which is ``answer`` as lines of CSV.

    ``needs`` is what a query wants that looks at several releases beside each other in their own graphs; the others run
    over one release, and it is blank.
    """

    name: str
    question: str
    asked_by: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    text: str
    sample: Mapping[str, str]
    answer: tuple[str, ...]
    empty_when: str = ""
    needs: str = ""

    def bound(self, base_iri: str, given: Mapping[str, str], cluster_path: str = CLUSTER_PATH) -> str:
        """The query with these parameters, ready for any endpoint that holds a release with this base IRI.

        Raises UsageError for a parameter that is unknown, missing, or no value of its type.
        """
        terms = self.terms(base_iri, given, cluster_path)
        body = "\n".join(line for line in self.text.split("\n") if not line.startswith("#"))
        return f"BASE {iri(base_iri)}\n" + VARIABLE.sub(lambda found: terms[found[1]], body)

    def terms(self, base_iri: str, given: Mapping[str, str], cluster_path: str = CLUSTER_PATH) -> dict[str, Term]:
        """Parameter -> the RDF term of its value, given or by default. Raises UsageError as :meth:`bound` does."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                listed = ", ".join(known) or "none"
                raise UsageError(f"the query {self.name} has no parameter {name!r}", f"Its parameters: {listed}.")
        terms = {}
        for parameter in self.parameters:
            value = given.get(parameter.name, parameter.default)
            if value is None:
                hint = f"--param {parameter.name}=VALUE, {FORMS[parameter.type].said}."
                raise UsageError(f"the query {self.name} needs the parameter {parameter.name}", hint)
            terms[parameter.name] = term(parameter, value, base_iri, cluster_path)
        return terms

    def nothing(self, given: Mapping[str, str]) -> str:
        """What to say of an answer without a row: the parameters it is for, and when that may be so."""
        values = [
            f"{one.name}={given[one.name]}" if one.name in given else f"{one.name}={one.default} (by default)"
            for one in self.parameters
        ]
        found = f"no row for {', '.join(values)}" if values else "no row"
        if self.empty_when:
            return f"{found}: that is right where {self.empty_when}"
        return found

    def table(self, rows: Rows) -> Table:
        """The answer as a typed table; decimals are rounded to four places, as stores differ in the rest.

        Raises InputError where a column is missing, blank where it must not be, or of another type.
        """
        names = [column.name for column in self.columns]
        if rows.columns != names:
            raise InputError(f"query {self.name}", f"gives {', '.join(rows.columns)}, its head says {', '.join(names)}")
        found = []
        for number, terms in enumerate(rows.terms, start=1):
            pairs = zip(self.columns, terms, strict=True)
            found.append(tuple(_value(column, one, f"query {self.name}, row {number}") for column, one in pairs))
        return Table(self.name, self.question, names, [column.type for column in self.columns], found)


def cookbook() -> dict[str, Query]:
    """All saved queries by name. Raises InputError where a head is not as it must be."""
    return {path.stem: _read(path) for path in files("queries/cookbook", ".rq")}


def query_named(name: str) -> Query:
    """The query with this name. Raises UsageError."""
    known = cookbook()
    if name not in known:
        near = get_close_matches(name.lower(), known)
        first = f"The nearest: {', '.join(near)}. " if near else ""
        raise UsageError(f"there is no query {name!r}", f"{first}There are: {', '.join(known)}.")
    return known[name]


def _value(column: Column, found: ox.NamedNode | ox.BlankNode | ox.Literal | None, place: str) -> Value:
    if found is None:
        if column.may_be_blank:
            return None
        raise InputError(place, f"column {column.name} is blank")
    if isinstance(found, ox.BlankNode) or (column.type == "iri") != isinstance(found, ox.NamedNode):
        raise InputError(place, f"column {column.name} is {found}, no {column.type}")
    text = found.value
    try:
        if column.type == "integer":
            # A count may come as xsd:decimal or xsd:double; a part of a whole is an error.
            number = Decimal(text)
            if number != int(number):
                raise ValueError
            return int(number)
        if column.type == "decimal":
            return float(Decimal(text).quantize(_PLACES))
    except (ValueError, InvalidOperation):
        raise InputError(place, f"column {column.name} is {text!r}, no {column.type}") from None
    if column.type == "boolean":
        return text in ("true", "1")
    return text


def _read(path: Path) -> Query:
    text = path.read_text(encoding="utf-8")
    place = f"queries/cookbook/{path.name}"
    facts: dict[str, str] = {}
    listed: dict[str, list[str]] = {"Parameters": [], "Columns": [], "Sample": []}
    section = ""
    for line in (line for line in text.split("\n") if line.startswith("#")):
        if found := _HEAD.fullmatch(line):
            facts[found[1]], section = found[2], found[1]
        elif found := _SECTION.fullmatch(line):
            section = found[1]
        elif section in listed and line.startswith("#   "):
            listed[section].append(line)
    for key in ("Question", "Asked by", "Sample"):
        if key not in facts:
            raise InputError(place, f"the head lacks '# {key}:'", "See docs/queries.md.")
    parameters = tuple(_parameter(line, place) for line in listed["Parameters"])
    columns = tuple(_column(line, place) for line in listed["Columns"])
    if not columns or set(VARIABLE.findall(text)) != {parameter.name for parameter in parameters}:
        raise InputError(place, "the parameters of the head and the variables with a $ differ", "See docs/queries.md.")
    values = [] if facts["Sample"] == "no parameters" else facts["Sample"].split()
    if wrong := [value for value in values if "=" not in value]:
        hint = "Write '# Sample: no parameters', or NAME=VALUE for each parameter."
        raise InputError(place, f"'# Sample:' has {wrong[0]!r}", hint)
    sample = dict(value.split("=", 1) for value in values)
    answer = tuple(line[4:] for line in listed["Sample"])
    return Query(
        path.stem,
        facts["Question"],
        facts["Asked by"],
        parameters,
        columns,
        text,
        sample,
        answer,
        facts.get("Empty", ""),
        facts.get("Needs", ""),
    )


def _parameter(line: str, place: str) -> Parameter:
    found = _PARAMETER.fullmatch(line)
    if not found or found[2] not in FORMS:
        raise InputError(place, f"no line of a parameter: {line}", f"Types: {', '.join(TYPES)}.")
    return Parameter(found[1], found[2], found[4], found[3])


def _column(line: str, place: str) -> Column:
    found = _COLUMN.fullmatch(line)
    if not found:
        raise InputError(place, f"no line of a column: {line}", "Write '#   name:type  meaning'.")
    return Column(found[1], found[2], found[4], bool(found[3]))
