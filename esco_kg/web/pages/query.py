"""The query page: saved queries to start from, and, where no script runs, the answer as a table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from starlette.requests import Request

from esco_kg.resources import files
from esco_kg.store.cookbook import Query, cookbook
from esco_kg.store.published import published
from esco_kg.web.http.answers import Problem
from esco_kg.web.pages.addresses import Page
from esco_kg.web.pages.words import words
from esco_kg.web.releases.view import ReleaseView
from esco_kg.web.sparql.protocol import ask

_FIRST = "cluster-members"
_SHOWN = 500  # rows of an answer that the page shows; the end point gives all


@dataclass(frozen=True, slots=True)
class Example:
    """A saved query: its file's name, the question it answers, its text with absolute IRIs."""

    name: str
    question: str
    text: str


def examples(view: ReleaseView, language: str) -> list[Example]:
    """The cookbook's queries with parameters that this release has an answer to, then the measures."""
    values = _values(view, language)
    found = [_saved(query, view, values) for query in _cookbook()]
    return [*found, *_measures(view.base)]


def _values(view: ReleaseView, language: str) -> dict[str, str]:
    """A value per type of parameter: the largest cluster, its most typical skill and occupation."""
    cluster = view.top[0]
    skill = next(
        one.skill.iri for one in view.strongest(cluster.id, language, 1) or view.members([cluster.id], language)
    )
    occupation = cluster.occupations[0] if cluster.occupations else ""
    found = {"cluster": cluster.id, "skill": skill, "occupation": occupation, "language": language}
    return {kind: value for kind, value in found.items() if value}


@lru_cache(maxsize=1)
def _cookbook() -> tuple[Query, ...]:
    return tuple(cookbook().values())


def _saved(query: Query, view: ReleaseView, values: dict[str, str]) -> Example:
    given = {
        parameter.name: values.get(parameter.type) or query.sample.get(parameter.name) or parameter.default or ""
        for parameter in query.parameters
    }
    return Example(
        query.name, query.question, published(query, view.base, query.terms(view.base, given, view.cluster_path))
    )


@lru_cache(maxsize=4)
def _measures(base: str) -> tuple[Example, ...]:
    found = []
    for path in files("queries/measures", ".rq"):
        text = path.read_text(encoding="utf-8")
        head = [line.lstrip("# ") for line in text.split("\n") if line.startswith("#")]
        question = next((line.partition(":")[2].strip() for line in head if line.startswith("Question:")), path.stem)
        found.append(Example(f"measure-{path.stem}", question, f"BASE <{base}>\n{text}"))
    return tuple(found)


async def query_page(
    request: Request, view: ReleaseView, language: str, query: str, chosen: str, is_sent: bool
) -> Page:
    """The page with a query in it, and its answer where it was sent."""
    saved = examples(view, language)
    picked = next((one for name in (chosen, _FIRST) for one in saved if one.name == name), None)
    context: dict[str, Any] = {
        "examples": saved,
        "picked": picked.name if picked else "",
        "text": query or (picked.text if picked else ""),
        "columns": [],
        "rows": [],
        "count": 0,
        "is_cut": False,
        "problem": "",
        "has_answer": False,
    }
    if query and is_sent:
        context |= await _answer(request, view, query)
    return Page("query", "query.html", words(language)("query"), context=context, is_listed=False)


async def _answer(request: Request, view: ReleaseView, query: str) -> dict[str, Any]:
    accept = "application/sparql-results+json, text/turtle"
    try:
        head, body = await ask(request, view, query, accept, {})
    except Problem as problem:
        return {"problem": problem.message}
    if head["media_type"] == "text/turtle":
        return {"has_answer": True, "columns": ["Turtle"], "rows": [[{"value": body.decode()}]], "count": head["rows"]}
    found = json.loads(body)
    if "boolean" in found:
        return {"has_answer": True, "columns": ["?"], "rows": [[{"value": str(found["boolean"]).lower()}]], "count": 1}
    columns, bindings = found["head"]["vars"], found["results"]["bindings"]
    rows = [[row.get(name, {"value": ""}) for name in columns] for row in bindings[:_SHOWN]]
    cut = head["cut"] or len(bindings) > _SHOWN
    return {"has_answer": True, "columns": columns, "rows": rows, "count": len(bindings), "is_cut": cut}
