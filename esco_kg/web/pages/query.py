"""The query page: saved queries with their parameters as fields, terms to complete, the answer as table and chart."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import Markup
from starlette.requests import Request

from esco_kg.errors import UsageError
from esco_kg.pictures.scatter import scatter
from esco_kg.rdf.namespaces import PREFIXES
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
# Terms of other vocabularies that a release uses most, beside all of ours.
_TERMS = (
    "skos:Concept", "skos:ConceptScheme", "skos:prefLabel", "skos:altLabel", "skos:hiddenLabel",
    "skos:definition", "skos:scopeNote", "skos:notation", "skos:broader", "skos:narrower", "skos:related",
    "skos:inScheme", "skos:topConceptOf", "skos:member", "skos:relatedMatch", "xkos:ClassificationLevel",
    "xkos:depth", "xkos:sourceConcept", "xkos:targetConcept", "xkos:compares", "dct:title", "dct:created",
    "dct:modified", "dct:isReplacedBy", "dct:replaces", "esco:Skill", "esco:Occupation",
    "esco:relatedEssentialSkill", "esco:relatedOptionalSkill", "esco:isEssentialSkillFor",
    "esco:isOptionalSkillFor", "esco:skillType", "esco:skillReuseLevel", "owl:deprecated", "rdf:type", "SELECT",
    "DISTINCT", "WHERE", "OPTIONAL", "FILTER", "VALUES", "UNION", "LIMIT", "OFFSET", "HAVING", "COUNT", "BIND",
    "LANG", "STR", "CONTAINS", "CONSTRUCT", "DESCRIBE", "ASK",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """A saved query: its file's name, the question it answers, its text with absolute IRIs."""

    name: str
    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of the query that was picked, with its value and what it means."""

    name: str
    value: str
    meaning: str


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


def _saved(query: Query, view: ReleaseView, values: dict[str, str], given: Mapping[str, str] | None = None) -> Example:
    chosen = _chosen(query, values) | dict(given or {})
    return Example(
        query.name, query.question, published(query, view.base, query.terms(view.base, chosen, view.cluster_path))
    )


def _chosen(query: Query, values: dict[str, str]) -> dict[str, str]:
    """A value of each parameter: one that this release has, otherwise that of the sample, otherwise the default."""
    return {
        parameter.name: values.get(parameter.type) or query.sample.get(parameter.name) or parameter.default or ""
        for parameter in query.parameters
    }


def _with_fields(
    view: ReleaseView, language: str, name: str, given: Mapping[str, str]
) -> tuple[Example | None, list[Field], str]:
    """(the saved query with the values given, its fields, what is wrong with a value)."""
    query = next((one for one in _cookbook() if one.name == name), None)
    if query is None:
        return None, [], ""
    values = _values(view, language)
    known = {key: text for key, text in given.items() if key in {parameter.name for parameter in query.parameters}}
    chosen = _chosen(query, values) | known
    fields = [Field(p.name, chosen[p.name], p.meaning) for p in query.parameters]
    try:
        return _saved(query, view, values, known), fields, ""
    except UsageError as error:
        return _saved(query, view, values), fields, error.message


@lru_cache(maxsize=8)
def _terms(base: str, own: tuple[str, ...]) -> tuple[str, ...]:
    prefixes = tuple(f"PREFIX {prefix}: <{namespace}>" for prefix, namespace in sorted(PREFIXES.items()))
    ours = tuple(f"ekg:{iri.rpartition('#')[2]}" for iri in own if "#" in iri)
    return (*ours, *_TERMS, "ORDER BY", "GROUP BY", f"PREFIX ekg: <{base}model#>", *prefixes)


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
    given = {name[2:]: value[:300] for name, value in request.query_params.items() if name.startswith("p.")}
    filled, fields, wrong = _with_fields(view, language, picked.name if picked else "", given)
    shown = filled or picked
    context: dict[str, Any] = {
        "examples": saved,
        "picked": picked.name if picked else "",
        "fields": fields,
        "terms": _terms(view.base, tuple(view.subjects(f"{view.base}model#"))),
        "text": query or (shown.text if shown else ""),
        "columns": [],
        "rows": [],
        "count": 0,
        "is_cut": False,
        "problem": wrong,
        "has_answer": False,
        "chart": "",
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
        found = {"columns": ["Turtle"], "rows": [[{"type": "literal", "value": body.decode()}]], "count": head["rows"]}
        return {"has_answer": True, **found, "is_cut": head["cut"]}
    read = json.loads(body)
    if "boolean" in read:
        return {
            "has_answer": True,
            "columns": ["?"],
            "rows": [[{"type": "literal", "value": str(read["boolean"]).lower()}]],
            "count": 1,
        }
    columns, bindings = read["head"]["vars"], read["results"]["bindings"]
    rows = [[row.get(name, {"type": "", "value": ""}) for name in columns] for row in bindings[:_SHOWN]]
    return {
        "has_answer": True,
        "columns": columns,
        "rows": rows,
        "count": len(bindings),
        "is_cut": head["cut"] or len(bindings) > _SHOWN,
        "chart": _chart(columns, rows),
    }


def _chart(columns: list[str], rows: list[list[dict[str, str]]]) -> Markup:
    """The first two columns that hold numbers alone, as points; nothing where there are not two."""
    numeric = [n for n in range(len(columns)) if rows and all(_is_number(row[n]["value"]) for row in rows)][:2]
    if len(numeric) < 2:
        return Markup()
    across, up = numeric
    points = [(float(row[across]["value"]), float(row[up]["value"])) for row in rows]
    return scatter(points, columns[across], columns[up])


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
