"""The saved queries as a release publishes them: each runs as it is pasted, over a store with any number of releases.

IRIs are absolute, ``FROM`` names the graphs of the release, and the values of parameters stand in ``VALUES`` blocks,
where a reader puts others: on top, and in a subquery those that it uses, as it sees no variable around it. What only an
``OPTIONAL`` or ``EXISTS`` uses stands there as it is: in its filter Virtuoso (of an ``OPTIONAL``) and RDF4J (of an
``EXISTS``) do not see a variable of ``VALUES``, and every label was missing.
``esco-kg query`` itself binds parameters as terms and names graphs by the protocol.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from esco_kg.errors import InputError
from esco_kg.rdf.terms import Term, iri
from esco_kg.scheme import Iris
from esco_kg.store.cookbook import VARIABLE, Query, cookbook

FOLDER = "queries"
"""Where they lie in the folder of a release."""

_WHERE, _INNER = re.compile(r"\s*\bWHERE\s*\{"), re.compile(r"\b(OPTIONAL|EXISTS)\s*\{")
_RELATIVE = re.compile(r"<(?![a-z]+:)([^<>\s]*)>")
_SHOWN = ("Sample",)  # parts of the head that are about the demonstration data


def titles() -> dict[str, str]:
    """File of each query in a release -> its question."""
    return {f"{FOLDER}/{name}.rq": query.question for name, query in cookbook().items()}


def write_queries(folder: Path, names_of: Iris, graphs: Iterable[str], known: Mapping[str, str]) -> None:
    """Write every saved query into ``queries/`` of a release's folder.

    ``known`` gives a value that this release holds for a type of parameter (``cluster``, ``skill``, ``occupation``);
    the others have their default, or the value of the sample answer.
    """
    (folder / FOLDER).mkdir()
    names, base_iri = [names_of.graph(name)[1:-1] for name in sorted(graphs)], names_of.base
    for name, query in cookbook().items():
        given = {p.name: known.get(p.type) or p.default or query.sample.get(p.name, "") for p in query.parameters}
        text = published(query, base_iri, query.terms(base_iri, given, names_of.cluster_path), names)
        (folder / FOLDER / f"{name}.rq").write_text(text, encoding="utf-8", newline="\n")


def published(query: Query, base_iri: str, values: Mapping[str, Term], graphs: Sequence[str] = ()) -> str:
    """The query with these values of its parameters, over the union of these graphs (none: the default graph).

    A query that looks at several releases beside each other names their graphs itself. Raises InputError where the text
    has no WHERE.
    """
    lines = query.text.split("\n")
    body = "\n".join(line for line in lines if not line.startswith("#")).strip()
    body = _RELATIVE.sub(lambda found: iri(base_iri + found[1]), body)
    if not (first := _WHERE.search(body)):
        raise InputError(f"queries/cookbook/{query.name}.rq", "has no WHERE", "Write WHERE before its first brace.")
    selects = _blocks(_WHERE, body)
    used_in, below = _places(body, selects, values)
    of_graphs = [f"FROM {iri(graph)}" for graph in graphs if not query.needs]
    own = [*_below(below), *_values(query, used_in[selects[0]])]
    text = "\n".join([body[: first.start()], *of_graphs, "WHERE {", *own])
    for block, after in zip(selects, [*selects[1:], None], strict=True):
        if block is not selects[0]:
            text += "".join(f"\n    {line}" for line in _values(query, used_in[block]))
        text += body[block.start : after.start if after else None]
    text = VARIABLE.sub(lambda found: below.get(found[1], f"?{_variable(query, found[1])}"), text)
    return "\n".join([*_head(lines), text]) + "\n"


def _places(
    body: str, selects: Sequence[range], values: Mapping[str, Term]
) -> tuple[dict[range, dict[str, Term]], dict[str, Term]]:
    """Which parameters each WHERE has in VALUES, and those that stand below themselves."""
    inner = _blocks(_INNER, body)
    uses = [(found[1], found.start()) for found in VARIABLE.finditer(body)]
    in_values = {name for name, place in uses if not any(place in block for block in inner)}
    used_in: dict[range, dict[str, Term]] = {block: {} for block in selects}
    for name in (name for name in values if name in in_values):
        for place in (place for used, place in uses if used == name):
            used_in[_innermost(selects, place)][name] = values[name]
    return used_in, {name: values[name] for name in values if name not in in_values}


def _blocks(opening: re.Pattern[str], body: str) -> list[range]:
    """What the braces after each such word hold, as places in the text."""
    return [range(found.end(), _closed(body, found.end())) for found in opening.finditer(body)]


def _closed(body: str, start: int) -> int:
    """The place of the brace that closes the one before ``start``."""
    depth = 1
    for found in re.finditer("[{}]", body[start:]):
        depth += 1 if found[0] == "{" else -1
        if not depth:
            return start + found.start()
    return len(body)


def _innermost(blocks: Sequence[range], place: int) -> range:
    """The last that holds the place: inner blocks begin later. What stands before all of them is the query's own."""
    return next((block for block in reversed(blocks) if place in block), blocks[0])


def _head(lines: Sequence[str]) -> Iterable[str]:
    """The head without what is about the demonstration data."""
    is_shown = True
    for line in lines:
        if not line.startswith("#"):
            continue
        if not line.startswith("#   "):
            is_shown = not line.startswith(tuple(f"# {part}:" for part in _SHOWN))
        if is_shown:
            yield line


def _values(query: Query, values: Mapping[str, Term]) -> list[str]:
    if not values:
        return []
    names = " ".join(f"?{_variable(query, name)}" for name in values)
    return ["  # The parameters: put others in their place.", f"  VALUES ({names}) {{ ({' '.join(values.values())}) }}"]


def _below(values: Mapping[str, Term]) -> list[str]:
    said = "below: put another in its place."
    return [f"  # The parameter {name} is the {value} {said}" for name, value in values.items()]


def _variable(query: Query, name: str) -> str:
    """The variable of a parameter; one that the query has already gets another name."""
    return f"asked_{name}" if re.search(rf"\?{name}\b", query.text) else name
