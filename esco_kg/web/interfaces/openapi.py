"""What the JSON API says of itself: an OpenAPI 3.1 description."""

from __future__ import annotations

from esco_kg.web.http.parameters import ALTERNATIVES, LONGEST, LONGEST_QUERY, TEXTS
from esco_kg.web.interfaces import classifications_description
from esco_kg.web.interfaces.schemas import (
    ADDRESS,
    COUNT,
    DAY,
    MAYBE_SHARE,
    SHARE,
    TEXT,
    Schema,
    array,
    common_languages,
    extended,
    get,
    obj,
    operation,
    parameter,
    ref,
)
from esco_kg.web.releases.site import Site
from esco_kg.web.search.index import TYPES
from esco_kg.web.search.results import COUNTED

_BRIEF = {
    "id": TEXT,
    "iri": {"type": "string", "format": "uri"},
    "label": TEXT,
    "label_language": TEXT,
    "depth": {"type": "integer", "minimum": 1},
    "skills": COUNT,
    "retired": {"type": "boolean"},
    "page": ADDRESS,
}
_NAMED = {"id": TEXT, "iri": ADDRESS, "label": TEXT, "label_language": TEXT, "page": ADDRESS}
_LABELLED = {
    "version": TEXT, "description": TEXT, "alternative_labels": array(TEXT), "hidden_labels": array(TEXT),
}  # fmt: skip
_PART = {"total": COUNT, "offset": COUNT, "limit": COUNT}  # fmt: skip
_PLACE = {
    "rank": {"enum": ["primary", "used-in", "found-under", "secondary", "rejected"]}, "weight": SHARE,
    "margin": MAYBE_SHARE, "method": TEXT,
    "decision": TEXT,
}  # fmt: skip
_SCHEMAS: dict[str, Schema] = {
    "Problem": obj({"title": TEXT, "status": {"type": "integer"}}),
    "ClusterBrief": obj(_BRIEF),
    "Cluster": extended(
        "ClusterBrief",
        {
            "version": TEXT, "definition": TEXT, "scope": TEXT, "not_here": TEXT,
            "labels": {"type": "object", "additionalProperties": TEXT},
            "parent": {"oneOf": [ref("ClusterBrief"), {"type": "null"}]},
            "children": array(ref("ClusterBrief")),
            "sectors": array(obj({"code": TEXT, "label": TEXT, "share": SHARE, "leading": {"type": "boolean"}})),
            "occupations": array(TEXT), "created": TEXT, "modified": TEXT,
            "replaced_by": array(TEXT), "replaces": array(TEXT),
        },
    ),
    "Named": obj(_NAMED),
    "Member": extended("Named", {"cluster": TEXT, **_PLACE}),
    "Place": extended("ClusterBrief", {**_PLACE, "path": array(ref("ClusterBrief"))}),
    "Related": extended(
        "ClusterBrief", {"basis": TEXT, "weight": {"type": "number", "minimum": 0}, "evidence": TEXT}
    ),
    "Skill": extended(
        "Named",
        {**_LABELLED, "skill_type": TEXT,
         "reuse_level": TEXT, "clusters": array(ref("ClusterBrief")), "essential_for": COUNT,
         "optional_for": COUNT},
    ),
    "NeededCluster": extended(
        "ClusterBrief", {"share": SHARE, "essential": array(ref("Named")), "optional": array(ref("Named"))}
    ),
    "Occupation": extended(
        "Named",
        {**_LABELLED, "code": TEXT, "skills": COUNT,
         **_PART, "clusters": array(ref("NeededCluster"))},
    ),
    "Branch": extended("ClusterBrief", {"children": array(ref("Branch"))}),
    "Hit": obj(
        {"type": {"enum": list(TYPES)}, **_NAMED, "found": TEXT, "language": TEXT,
         "marks": array({"type": "array", "items": COUNT, "minItems": 2, "maxItems": 2}), "where": TEXT,
         "score": SHARE, "how": {"enum": ["code", "exact", "forms", "start", "slip", "part"]}},
        {"type_label": TEXT},
    ),
    "Matched": obj(
        {"text": TEXT, "match": {"oneOf": [ref("Hit"), {"type": "null"}]},
         "clusters": array(extended("ClusterBrief", {"share": SHARE})), "alternatives": array(ref("Hit"))}
    ),
}  # fmt: skip


_ID_PATTERN = "^[A-Za-z0-9_~-][A-Za-z0-9._~-]*$"
_IDENTIFIER = parameter("id", {"type": "string", "pattern": _ID_PATTERN}, "A cluster's id.", where="path")
_KEY = parameter(
    "key",
    {"type": "string", "pattern": "^[A-Za-z0-9_~-][A-Za-z0-9_.~-]*$"},
    "The last segment of the IRI of a skill or an occupation.",
    where="path",
)
_MOST = parameter("limit", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 1000}, "At most so many.")
_FROM = parameter("offset", {"type": "integer", "minimum": 0, "maximum": COUNTED, "default": 0}, "Leave out so many.")
_LIMIT = parameter("limit", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}, "At most so many.")
_SOME = parameter("limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": 10}, "At most so many.")
_OFFSET = parameter("offset", {"type": "integer", "minimum": 0, "maximum": 100_000, "default": 0}, "Leave out so many.")
_DEPTH = parameter("depth", {"type": "integer", "minimum": 1, "maximum": 9, "default": 1}, "1 is the coarsest level.")
_DOWN = parameter("depth", {"type": "integer", "minimum": 1, "maximum": 9, "default": 9}, "Down to this level.")
_ABOVE = parameter(
    "depth",
    {"type": "integer", "minimum": 1, "maximum": 9},
    "By clusters of this level. Default: the one above the finest.",
)
_RANK = parameter(
    "rank",
    {"enum": ["primary", "used-in", "found-under", "secondary"], "default": "primary"},
    "Primary cluster, or a further one: that uses the skills, that they are found under, or that the publisher gives.",
)
_ASKED = {"type": "string", "maxLength": LONGEST_QUERY, "pattern": r"^[^\x00-\x1f]*$"}
_QUERY = parameter("q", _ASKED, "Words in any language.", required=True)
_KINDS = parameter("type", array({"enum": list(TYPES)}), "What to look for; everything where it is missing.")


def description(site: Site, address: str = "") -> Schema:
    """The description for the releases that are served at an address, without a slash at the end."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Skill clusters",
            "version": "1",
            "description": "Read-only. Answers are JSON; a problem is application/problem+json (RFC 9457). Lists tell"
            " their total; limit and offset ask for a part. Tables of the classification come whole."
            " Answers by GET have an ETag.",
        },
        "servers": [{"url": f"{address}/api/v1"}],
        "paths": {**_paths(site), **classifications_description.paths(site)},
        "components": {"schemas": _SCHEMAS | classifications_description.SCHEMAS},
    }


def _paths(site: Site) -> Schema:
    common = _common(site)
    since = parameter("since", {"enum": list(site.by_version)}, "The older release.", required=True)
    one = {"version": TEXT, "id": TEXT}
    briefs = array(ref("ClusterBrief"))
    removed = array(extended("ClusterBrief", {"replaced_by": array(TEXT)}))
    renamed = array(extended("ClusterBrief", {"before": TEXT}))
    return {
        "/match": _match(site),
        "/versions": get(
            "versions", "All releases, oldest first.", [], obj({"total": COUNT, "versions": array(_version())})
        ),
        "/tree": get(
            "tree", "All clusters, nested.", [_DOWN, *common],
            obj({"version": TEXT, "total": COUNT, "clusters": array(ref("Branch"))}),
        ),
        "/clusters": get(
            "clusters", "The clusters of a level.", [_DEPTH, _MOST, _OFFSET, *common],
            obj({"version": TEXT, **_PART, "clusters": briefs}),
        ),
        "/clusters/{id}": get("cluster", "One cluster.", [_IDENTIFIER, *common], ref("Cluster")),
        "/clusters/{id}/members": get(
            "members", "Its skills in the order of its page.", [_IDENTIFIER, _RANK, _LIMIT, _OFFSET, *common],
            obj({**one, **_PART, "members": array(ref("Member"))}),
        ),
        "/clusters/{id}/related": get(
            "related", "Related clusters with the reason.", [_IDENTIFIER, _MOST, _OFFSET, *common],
            obj({**one, **_PART, "related": array(ref("Related"))}),
        ),
        "/clusters/{id}/path": get(
            "path", "From the top level down to the cluster.", [_IDENTIFIER, *common], obj({**one, "path": briefs})
        ),
        "/skills/{key}": get("skill", "One skill with its clusters.", [_KEY, *common], ref("Skill")),
        "/occupations/{key}": get(
            "occupation", "One occupation with its skills by cluster.", [_KEY, _ABOVE, _MOST, _OFFSET, *common],
            ref("Occupation"),
        ),
        "/skills/{key}/clusters": get(
            "skillClusters", "A skill's clusters: the primary one, further ones, rejected ones.", [_KEY, *common],
            obj({"version": TEXT, "iri": TEXT, "label": TEXT, "total": COUNT,
                     "clusters": array(ref("Place"))}),
        ),
        "/search": get(
            "search", "Search all labels, codes and IRIs.", [_QUERY, _KINDS, _SOME, _FROM, *common],
            obj(
                {"version": TEXT, "meant": TEXT, **_PART,
                 "counts": {"type": "object", "additionalProperties": COUNT}, "results": array(ref("Hit"))}
            ),
        ),
        "/changes": get(
            "changes", "What changed since a release.", [since, *common],
            obj(
                {"since": TEXT, "version": TEXT, "added": briefs, "removed": removed, "renamed": renamed,
                 "skills_moved": COUNT}
            ),
        ),
    }  # fmt: skip


def _match(site: Site) -> Schema:
    languages, versions = _common(site)[1]["schema"], _common(site)[0]["schema"]
    texts = {"type": "array", "maxItems": TEXTS, "items": {"type": "string", "maxLength": LONGEST}}
    types = {"type": "array", "minItems": 1, "items": {"enum": list(TYPES)}, "default": ["skill"]}
    alternatives = {"type": "integer", "minimum": 0, "maximum": ALTERNATIVES, "default": 3}
    body = obj(
        {"texts": texts},
        {"language": languages, "version": versions, "types": types, "alternatives": alternatives},
    ) | {"additionalProperties": False}
    answer = obj({"version": TEXT, "language": TEXT, "total": COUNT, "results": array(ref("Matched"))})
    summary = f"What each of up to {TEXTS} texts or IRIs names, and its cluster at each level."
    found = operation("match", summary, [], {"application/json": {"schema": answer}})
    return {"post": {**found, "requestBody": {"required": True, "content": {"application/json": {"schema": body}}}}}


def _version() -> Schema:
    return obj(
        {
            "version": TEXT,
            "issued": DAY,
            "esco_version": TEXT,
            "languages": array(TEXT),
        }
    )


def _common(site: Site) -> list[Schema]:
    return [
        parameter("version", {"enum": list(site.by_version)}, "The release; the newest where it is missing."),
        parameter("language", {"enum": common_languages(site)}, "The labels' language. Default: Accept-Language."),
    ]
