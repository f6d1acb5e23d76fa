"""The saved queries as a release publishes them: each runs as it is pasted, over a store with any number of releases.

IRIs are absolute, ``FROM`` names the graphs of the release, and the values of parameters stand in a ``VALUES`` block on
top, where a reader puts others. ``esco-kg query`` itself binds parameters as terms and names graphs by the protocol.
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

_OWN_TERMS, _WHERE = "PREFIX ekg: <model#>", re.compile(r"\s*\bWHERE\s*\{")
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
    found = _WHERE.search(body)
    if found is None:
        raise InputError(f"queries/cookbook/{query.name}.rq", "has no WHERE", "Write WHERE before its first brace.")
    chosen, rest = body[: found.start()], body[found.end() :]
    of_graphs = [] if query.needs else [f"FROM {iri(graph)}" for graph in graphs]
    opened = "\n".join([chosen, *of_graphs, "WHERE {", *_values(query, values)])
    return "\n".join([*_head(lines), VARIABLE.sub(lambda v: f"?{_variable(query, v[1])}", opened + rest)]) + "\n"


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


def _variable(query: Query, name: str) -> str:
    """The variable of a parameter; one that the query has already gets another name."""
    return f"asked_{name}" if re.search(rf"\?{name}\b", query.text) else name
