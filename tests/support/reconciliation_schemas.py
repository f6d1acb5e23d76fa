"""The shapes of the Reconciliation Service API 0.2 (W3C Community Group draft), in our words, as JSON Schemas.

Each says what its section of the specification demands; objects are closed, so that a misspelt key is found.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
TEMPLATE: Schema = {"type": "string", "pattern": r"\{\{id\}\}"}


def closed(required: dict[str, Schema], **optional: Schema) -> Schema:
    return {
        "type": "object",
        "required": sorted(required),
        "properties": {**required, **optional},
        "additionalProperties": False,
    }


def many(items: Schema) -> Schema:
    return {"type": "array", "items": items}


TYPE = closed({"id": TEXT, "name": TEXT})
_PLACE = closed({}, service_url=TEXT, service_path=TEXT, flyout_service_url=TEXT,
                flyout_service_path={"type": "string", "pattern": r"\$\{id\}"})  # fmt: skip
# Section 3.2, service manifest
MANIFEST = closed(
    {
        "versions": {"type": "array", "items": TEXT, "contains": {"const": "0.2"}},
        "name": TEXT,
        "identifierSpace": {"type": "string", "format": "uri"},
        "schemaSpace": {"type": "string", "format": "uri"},
    },
    documentation=TEXT,
    view=closed({"url": TEMPLATE}),
    defaultTypes={**many(TYPE), "uniqueItems": True},
    preview=closed({"url": TEMPLATE, "width": {"type": "integer"}, "height": {"type": "integer"}}),
    suggest=closed({}, entity=_PLACE, type=_PLACE, property=_PLACE),
    extend=closed(
        {}, propose_properties=closed({"service_url": TEXT, "service_path": TEXT}), property_settings=many({})
    ),
)
# Section 4.4, reconciliation results
CANDIDATE = closed(
    {"id": TEXT, "name": TEXT, "score": {"type": "number"}},
    description=TEXT, match={"type": "boolean"}, type=many(TYPE),
)  # fmt: skip
RESULTS: Schema = {"type": "object", "additionalProperties": closed({"result": many(CANDIDATE)})}
# Section 5, suggest services
SUGGESTED_ENTITIES = closed({"result": many(closed({"id": TEXT, "name": TEXT}, description=TEXT, notable=many(TYPE)))})
SUGGESTED = closed({"result": many(closed({"id": TEXT, "name": TEXT}, description=TEXT))})
# Section 7, data extension
_VALUE: Schema = {
    "oneOf": [
        closed({"id": TEXT, "name": TEXT}, description=TEXT),
        closed({"str": TEXT}),
        closed({"float": {"type": "number"}}),
        closed({"int": {"type": "integer"}}),
    ]
}
EXTENSION = closed(
    {
        "meta": many(closed({"id": TEXT, "name": TEXT}, type=TYPE)),
        "rows": {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": many(_VALUE)}},
    }
)
PROPOSED = closed({"type": TEXT, "properties": many(closed({"id": TEXT, "name": TEXT}))})
