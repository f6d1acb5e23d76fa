"""What the JSON API says of itself: an OpenAPI 3.1 description."""

from __future__ import annotations

from typing import Any

from esco_kg.web.http.parameters import ALTERNATIVES, LONGEST, LONGEST_QUERY, TEXTS
from esco_kg.web.releases.site import Site
from esco_kg.web.search.index import TYPES
from esco_kg.web.search.results import COUNTED

_Schema = dict[str, Any]
_TEXT: _Schema = {"type": "string"}
_SHARE: _Schema = {"type": "number", "minimum": 0, "maximum": 1}
_MAYBE_SHARE: _Schema = {**_SHARE, "type": ["number", "null"]}
_ADDRESS: _Schema = {"type": "string", "format": "uri"}
_COUNT: _Schema = {"type": "integer", "minimum": 0}


def _object(required: dict[str, _Schema], optional: dict[str, _Schema] | None = None) -> _Schema:
    return {"type": "object", "required": list(required), "properties": {**required, **(optional or {})}}


def _list(items: _Schema) -> _Schema:
    return {"type": "array", "items": items}


def _ref(name: str) -> _Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _extended(name: str, more: dict[str, _Schema]) -> _Schema:
    return {"allOf": [_ref(name), _object(more)]}


def _parameter(name: str, schema: _Schema, text: str, *, where: str = "query", required: bool = False) -> _Schema:
    return {"name": name, "in": where, "required": required or where == "path", "description": text, "schema": schema}


_BRIEF = {
    "id": _TEXT,
    "iri": {"type": "string", "format": "uri"},
    "label": _TEXT,
    "label_language": _TEXT,
    "depth": {"type": "integer", "minimum": 1},
    "skills": _COUNT,
    "retired": {"type": "boolean"},
    "page": _ADDRESS,
}
_NAMED = {"id": _TEXT, "iri": _ADDRESS, "label": _TEXT, "label_language": _TEXT, "page": _ADDRESS}
_LABELLED = {
    "version": _TEXT, "description": _TEXT, "alternative_labels": _list(_TEXT), "hidden_labels": _list(_TEXT),
}  # fmt: skip
_PART = {"total": _COUNT, "offset": _COUNT, "limit": _COUNT}  # fmt: skip
_PLACE = {
    "rank": {"enum": ["primary", "used-in", "found-under", "secondary", "rejected"]}, "weight": _SHARE,
    "margin": _MAYBE_SHARE, "method": _TEXT,
    "decision": _TEXT,
}  # fmt: skip
_SCHEMAS: dict[str, _Schema] = {
    "Problem": _object({"title": _TEXT, "status": {"type": "integer"}}),
    "ClusterBrief": _object(_BRIEF),
    "Cluster": _extended(
        "ClusterBrief",
        {
            "version": _TEXT, "definition": _TEXT, "scope": _TEXT, "not_here": _TEXT,
            "labels": {"type": "object", "additionalProperties": _TEXT},
            "parent": {"oneOf": [_ref("ClusterBrief"), {"type": "null"}]},
            "children": _list(_ref("ClusterBrief")),
            "sectors": _list(_object({"code": _TEXT, "label": _TEXT, "share": _SHARE, "leading": {"type": "boolean"}})),
            "occupations": _list(_TEXT), "created": _TEXT, "modified": _TEXT,
            "replaced_by": _list(_TEXT), "replaces": _list(_TEXT),
        },
    ),
    "Named": _object(_NAMED),
    "Member": _extended("Named", {"cluster": _TEXT, **_PLACE}),
    "Place": _extended("ClusterBrief", {**_PLACE, "path": _list(_ref("ClusterBrief"))}),
    "Related": _extended(
        "ClusterBrief", {"basis": _TEXT, "weight": {"type": "number", "minimum": 0}, "evidence": _TEXT}
    ),
    "Skill": _extended(
        "Named",
        {**_LABELLED, "skill_type": _TEXT,
         "reuse_level": _TEXT, "clusters": _list(_ref("ClusterBrief")), "essential_for": _COUNT,
         "optional_for": _COUNT},
    ),
    "NeededCluster": _extended(
        "ClusterBrief", {"share": _SHARE, "essential": _list(_ref("Named")), "optional": _list(_ref("Named"))}
    ),
    "Occupation": _extended(
        "Named",
        {**_LABELLED, "code": _TEXT, "skills": _COUNT,
         **_PART, "clusters": _list(_ref("NeededCluster"))},
    ),
    "Branch": _extended("ClusterBrief", {"children": _list(_ref("Branch"))}),
    "Hit": _object(
        {"type": {"enum": list(TYPES)}, **_NAMED, "found": _TEXT, "language": _TEXT,
         "marks": _list({"type": "array", "items": _COUNT, "minItems": 2, "maxItems": 2}), "where": _TEXT,
         "score": _SHARE, "how": {"enum": ["code", "exact", "forms", "start", "slip", "part"]}},
        {"type_label": _TEXT},
    ),
    "Matched": _object(
        {"text": _TEXT, "match": {"oneOf": [_ref("Hit"), {"type": "null"}]},
         "clusters": _list(_extended("ClusterBrief", {"share": _SHARE})), "alternatives": _list(_ref("Hit"))}
    ),
}  # fmt: skip


_ID_PATTERN = "^[A-Za-z0-9_~-][A-Za-z0-9._~-]*$"
_IDENTIFIER = _parameter("id", {"type": "string", "pattern": _ID_PATTERN}, "A cluster's id.", where="path")
_KEY = _parameter(
    "key",
    {"type": "string", "pattern": "^[A-Za-z0-9_~-][A-Za-z0-9_.~-]*$"},
    "The last segment of the IRI of a skill or an occupation.",
    where="path",
)
_MOST = _parameter("limit", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 1000}, "At most so many.")
_FROM = _parameter("offset", {"type": "integer", "minimum": 0, "maximum": COUNTED, "default": 0}, "Leave out so many.")
_LIMIT = _parameter("limit", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}, "At most so many.")
_SOME = _parameter("limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": 10}, "At most so many.")
_OFFSET = _parameter(
    "offset", {"type": "integer", "minimum": 0, "maximum": 100_000, "default": 0}, "Leave out so many."
)
_DEPTH = _parameter("depth", {"type": "integer", "minimum": 1, "maximum": 9, "default": 1}, "1 is the coarsest level.")
_DOWN = _parameter("depth", {"type": "integer", "minimum": 1, "maximum": 9, "default": 9}, "Down to this level.")
_ABOVE = _parameter(
    "depth",
    {"type": "integer", "minimum": 1, "maximum": 9},
    "By clusters of this level, else the one above the finest.",
)
_RANK = _parameter(
    "rank",
    {"enum": ["primary", "used-in", "found-under", "secondary"], "default": "primary"},
    "Primary cluster, or a further one: that uses the skills, that they are found under, or that the publisher gives.",
)
_ASKED = {"type": "string", "maxLength": LONGEST_QUERY, "pattern": r"^[^\x00-\x1f]*$"}
_QUERY = _parameter("q", _ASKED, "Words in any language.", required=True)
_KINDS = _parameter("type", _list({"enum": list(TYPES)}), "What to look for; everything where it is missing.")


def description(site: Site, address: str = "") -> _Schema:
    """The description for the releases that are served at an address, without a slash at the end."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Skill clusters",
            "version": "1",
            "description": "Read-only. Answers are JSON; a problem is application/problem+json (RFC 9457). Lists tell"
            " their total; limit and offset ask for a part. Answers by GET have an ETag.",
        },
        "servers": [{"url": f"{address}/api/v1"}],
        "paths": _paths(site),
        "components": {"schemas": _SCHEMAS},
    }


def _paths(site: Site) -> _Schema:
    common = _common(site)
    since = _parameter("since", {"enum": list(site.by_version)}, "The older release.", required=True)
    one = {"version": _TEXT, "id": _TEXT}
    briefs = _list(_ref("ClusterBrief"))
    removed = _list(_extended("ClusterBrief", {"replaced_by": _list(_TEXT)}))
    renamed = _list(_extended("ClusterBrief", {"before": _TEXT}))
    return {
        "/match": _match(site),
        "/versions": _get(
            "versions", "All releases, oldest first.", [], _object({"total": _COUNT, "versions": _list(_version())})
        ),
        "/tree": _get(
            "tree", "All clusters, nested.", [_DOWN, *common],
            _object({"version": _TEXT, "total": _COUNT, "clusters": _list(_ref("Branch"))}),
        ),
        "/clusters": _get(
            "clusters", "The clusters of a level.", [_DEPTH, _MOST, _OFFSET, *common],
            _object({"version": _TEXT, **_PART, "clusters": briefs}),
        ),
        "/clusters/{id}": _get("cluster", "One cluster.", [_IDENTIFIER, *common], _ref("Cluster")),
        "/clusters/{id}/members": _get(
            "members", "Its skills in the order of its page.", [_IDENTIFIER, _RANK, _LIMIT, _OFFSET, *common],
            _object({**one, **_PART, "members": _list(_ref("Member"))}),
        ),
        "/clusters/{id}/related": _get(
            "related", "Related clusters with the reason.", [_IDENTIFIER, _MOST, _OFFSET, *common],
            _object({**one, **_PART, "related": _list(_ref("Related"))}),
        ),
        "/clusters/{id}/path": _get(
            "path", "From the top level down to the cluster.", [_IDENTIFIER, *common], _object({**one, "path": briefs})
        ),
        "/skills/{key}": _get("skill", "One skill with its clusters.", [_KEY, *common], _ref("Skill")),
        "/occupations/{key}": _get(
            "occupation", "One occupation with its skills by cluster.", [_KEY, _ABOVE, _MOST, _OFFSET, *common],
            _ref("Occupation"),
        ),
        "/skills/{key}/clusters": _get(
            "skillClusters", "A skill's clusters: the primary one, further ones, rejected ones.", [_KEY, *common],
            _object({"version": _TEXT, "iri": _TEXT, "label": _TEXT, "total": _COUNT,
                     "clusters": _list(_ref("Place"))}),
        ),
        "/search": _get(
            "search", "Search all labels, codes and IRIs.", [_QUERY, _KINDS, _SOME, _FROM, *common],
            _object(
                {"version": _TEXT, "meant": _TEXT, **_PART,
                 "counts": {"type": "object", "additionalProperties": _COUNT}, "results": _list(_ref("Hit"))}
            ),
        ),
        "/changes": _get(
            "changes", "What changed since a release.", [since, *common],
            _object(
                {"since": _TEXT, "version": _TEXT, "added": briefs, "removed": removed, "renamed": renamed,
                 "skills_moved": _COUNT}
            ),
        ),
    }  # fmt: skip


def _match(site: Site) -> _Schema:
    languages, versions = _common(site)[1]["schema"], _common(site)[0]["schema"]
    texts = {"type": "array", "maxItems": TEXTS, "items": {"type": "string", "maxLength": LONGEST}}
    types = {"type": "array", "minItems": 1, "items": {"enum": list(TYPES)}, "default": ["skill"]}
    alternatives = {"type": "integer", "minimum": 0, "maximum": ALTERNATIVES, "default": 3}
    body = _object(
        {"texts": texts},
        {"language": languages, "version": versions, "types": types, "alternatives": alternatives},
    ) | {"additionalProperties": False}
    answer = _object({"version": _TEXT, "language": _TEXT, "total": _COUNT, "results": _list(_ref("Matched"))})
    summary = f"What each of up to {TEXTS} texts or IRIs names, and its cluster at each level."
    found = _operation("match", summary, [], answer)
    return {"post": {**found, "requestBody": {"required": True, "content": {"application/json": {"schema": body}}}}}


def _version() -> _Schema:
    return _object(
        {
            "version": _TEXT,
            "issued": {"type": "string", "format": "date"},
            "esco_version": _TEXT,
            "languages": _list(_TEXT),
        }
    )


def _common(site: Site) -> list[_Schema]:
    languages = sorted(set.intersection(*(set(view.languages) for view in site.views)))
    return [
        _parameter("version", {"enum": list(site.by_version)}, "The release; the newest where it is missing."),
        _parameter("language", {"enum": languages}, "The labels' language; else that of Accept-Language."),
    ]


def _get(operation: str, summary: str, parameters: list[_Schema], schema: _Schema) -> _Schema:
    return {"get": _operation(operation, summary, parameters, schema)}


def _operation(operation: str, summary: str, parameters: list[_Schema], schema: _Schema) -> _Schema:
    problem = {"application/problem+json": {"schema": _ref("Problem")}}
    refusals = {
        "400": "A parameter is not as described.",
        "404": "There is no such thing.",
        "413": "The request is too large.",
        "429": "Too many requests.",
    }
    responses = {"200": {"description": "The answer.", "content": {"application/json": {"schema": schema}}}}
    responses |= {status: {"description": text, "content": problem} for status, text in refusals.items()}
    return {"operationId": operation, "summary": summary, "parameters": parameters, "responses": responses}
