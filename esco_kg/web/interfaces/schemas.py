"""Parts that descriptions of interfaces are made of: schemas, parameters, operations of OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from esco_kg.web.releases.site import Site

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
MAYBE_SHARE: Schema = {**SHARE, "type": ["number", "null"]}
ADDRESS: Schema = {"type": "string", "format": "uri"}
COUNT: Schema = {"type": "integer", "minimum": 0}
DAY: Schema = {"type": "string", "format": "date"}
MAYBE_DAY: Schema = {"type": ["string", "null"], "format": "date"}
_REFUSALS = {
    "400": "A parameter is not as described.",
    "404": "There is no such thing.",
    "413": "The request is too large.",
    "429": "Too many requests.",
}


def obj(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    return {"type": "object", "required": list(required), "properties": {**required, **(optional or {})}}


def array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def extended(name: str, more: dict[str, Schema]) -> Schema:
    return {"allOf": [ref(name), obj(more)]}


def parameter(name: str, schema: Schema, text: str, *, where: str = "query", required: bool = False) -> Schema:
    return {"name": name, "in": where, "required": required or where == "path", "description": text, "schema": schema}


def common_languages(site: Site) -> list[str]:
    """The languages that every release has."""
    return sorted(set.intersection(*(set(view.languages) for view in site.views)))


def get(operation_id: str, summary: str, parameters: list[Schema], schema: Schema) -> Schema:
    return {"get": operation(operation_id, summary, parameters, {"application/json": {"schema": schema}})}


def operation(
    operation_id: str,
    summary: str,
    parameters: list[Schema],
    content: Schema,
    refusals: Mapping[str, str] = _REFUSALS,
) -> Schema:
    """An operation whose answer has these media types."""
    problem = {"application/problem+json": {"schema": ref("Problem")}}
    responses: Schema = {"200": {"description": "The answer.", "content": content}}
    responses |= {status: {"description": text, "content": problem} for status, text in refusals.items()}
    return {"operationId": operation_id, "summary": summary, "parameters": parameters, "responses": responses}


REFUSALS_OF_FORMS = _REFUSALS | {"406": "No form that the client accepts."}
