"""What OpenAPI says of the classification: addresses, parameters and tables in three forms."""

from __future__ import annotations

from esco_kg.web.classification import changes, codes, correspondences, files
from esco_kg.web.classification.correspondences import CLASSIFICATION
from esco_kg.web.interfaces.classifications import LONGEST_PATTERN, MOST_LEVELS, SEPARATORS, TARGETS
from esco_kg.web.interfaces.schemas import (
    ADDRESS,
    COUNT,
    DAY,
    MAYBE_DAY,
    MAYBE_SHARE,
    MAYBE_TEXT,
    REFUSALS_OF_FORMS,
    TEXT,
    Schema,
    array,
    common_languages,
    get,
    obj,
    operation,
    parameter,
    ref,
)
from esco_kg.web.releases.site import Site

_TYPES: dict[str, Schema] = {
    "order": {"type": "integer", "minimum": 1}, "code": TEXT, "parentCode": MAYBE_TEXT, "level": TEXT, "name": TEXT,
    "notes": TEXT, "validFrom": DAY, "validTo": MAYBE_DAY, "validFromInRequestedRange": DAY,
    "validToInRequestedRange": MAYBE_DAY, "oldCode": MAYBE_TEXT, "oldName": MAYBE_TEXT, "newCode": MAYBE_TEXT,
    "newName": MAYBE_TEXT, "change": {"enum": list(changes.KINDS)}, "changeOccurred": DAY, "sourceCode": MAYBE_TEXT,
    "sourceName": MAYBE_TEXT, "targetCode": MAYBE_TEXT, "targetName": MAYBE_TEXT, "relation": TEXT,
    "weight": MAYBE_SHARE,
}  # fmt: skip


def _row(columns: tuple[str, ...]) -> Schema:
    return obj({name: _TYPES[name] for name in columns})


_LINKS: Schema = obj({"self": obj({"href": ADDRESS})})
_RESPONSIBLE: dict[str, Schema] = {"owningSection": TEXT, "contactPerson": obj({"name": TEXT})}
_CHANGELOGS = array(obj({"changeOccured": DAY, "description": ADDRESS}))
_DATED: dict[str, Schema] = {
    "version": TEXT, "name": TEXT, "validFrom": DAY, "validTo": MAYBE_DAY, "lastModified": DAY,
    "published": array(TEXT), "_links": _LINKS,
}  # fmt: skip
_TABLE: dict[str, Schema] = {
    "id": TEXT, "name": TEXT, "description": TEXT, "source": TEXT, "sourceId": TEXT, "sourceLevel": MAYBE_TEXT,
    "target": TEXT, "targetId": TEXT, "targetLevel": MAYBE_TEXT, "changeTable": {"type": "boolean"}, "_links": _LINKS,
}  # fmt: skip
_CLASSIFICATION: dict[str, Schema] = {
    "id": TEXT, "name": TEXT, "description": TEXT, "classificationType": TEXT, "primaryLanguage": TEXT,
    "lastModified": DAY, **_RESPONSIBLE, "_links": _LINKS,
}  # fmt: skip
SCHEMAS: dict[str, Schema] = {
    "Classification": obj(_CLASSIFICATION),
    "ClassificationVersion": obj(_DATED),
    "CorrespondenceTable": obj(_TABLE),
    "ClassificationCode": _row(codes.COLUMNS),
    "ClassificationCodeInRange": _row(codes.RANGE_COLUMNS),
    "CodeChange": _row(changes.COLUMNS),
    "CorrespondenceMap": _row(correspondences.COLUMNS),
    "CorrespondenceItem": _row(correspondences.TIMED_COLUMNS),
}

_WHICH = parameter("classification", {"enum": [CLASSIFICATION]}, "The classification.", where="path")
_DATE = parameter("date", DAY, "The day, as 2026-11-30.", required=True)
_FROM = parameter("from", DAY, "The first day.", required=True)
_TO = parameter("to", DAY, "The day after the last one; no end where it is missing.")
_TARGET = parameter(
    "targetClassificationId", {"enum": list(TARGETS)}, "What the clusters correspond to.", required=True
)
_LEVEL = parameter("selectLevel", {"type": "integer", "minimum": 1, "maximum": MOST_LEVELS}, "Codes of this level.")
_PATTERN = {"type": "string", "maxLength": LONGEST_PATTERN, "pattern": r"^[^\x00-\x1f]*$"}
_CODES = parameter("selectCodes", _PATTERN, "These codes, with commas between; * stands for any signs.")
_FORMS = (
    parameter(
        "format", {"enum": [form.ending for form in files.FORMS]}, "The form. Default: the one that Accept asks for."
    ),
    parameter("csvSeparator", {"enum": list(SEPARATORS), "default": SEPARATORS[0]}, "What stands between columns."),
)


def paths(site: Site) -> Schema:
    """The addresses below ``/api/v1``."""
    language = parameter("language", {"enum": common_languages(site)}, "The names' language. Default: Accept-Language.")
    version = parameter("version", {"enum": list(site.by_version)}, "The release.", where="path")
    ids = [one.id for view in site.views for one in correspondences.correspondences(site, view, "en")]
    table = parameter("id", {"enum": ids}, "The id of a correspondence table.", where="path")
    one, selected = f"/classifications/{{{_WHICH['name']}}}", [_LEVEL, _CODES]
    content = obj({"total": COUNT, "classifications": array(ref("Classification"))})
    return {
        "/classifications": get("classifications", "The classifications.", [language], content),
        one: get(
            "classification", "The classification with its versions.", [_WHICH, language],
            obj({**_CLASSIFICATION, "languages": array(TEXT), "targets": array(TEXT),
                 "versions": array(ref("ClassificationVersion"))}),
        ),
        f"{one}/codesAt": _table_of(
            "codesAt", "The codes that are valid on a day.", [_WHICH, _DATE, *selected, language],
            obj({"codes": array(ref("ClassificationCode"))}),
        ),
        f"{one}/codes": _table_of(
            "codes", "The codes that are valid in a range of days.", [_WHICH, _FROM, _TO, *selected, language],
            obj({"codes": array(ref("ClassificationCodeInRange"))}),
        ),
        f"{one}/changes": _table_of(
            "codeChanges", "What became of codes in a range of days.", [_WHICH, _FROM, _TO, language],
            obj({"codeChanges": array(ref("CodeChange"))}),
        ),
        f"{one}/correspondsAt": _table_of(
            "correspondsAt", "What the clusters correspond to on a day.", [_WHICH, _TARGET, _DATE, language],
            obj({"correspondenceItems": array(ref("CorrespondenceItem"))}),
        ),
        f"{one}/corresponds": _table_of(
            "corresponds", "What the clusters correspond to in a range of days.",
            [_WHICH, _TARGET, _FROM, _TO, language], obj({"correspondenceItems": array(ref("CorrespondenceItem"))}),
        ),
        "/versions/{version}": _table_of(
            "version", "A version with levels, correspondence tables and codes.", [version, *selected, language],
            obj({**_DATED, "introduction": TEXT, "derivedFrom": TEXT, **_RESPONSIBLE, "changelogs": _CHANGELOGS,
                 "levels": array(obj({"levelNumber": COUNT, "levelName": TEXT})),
                 "correspondenceTables": array(ref("CorrespondenceTable")),
                 "classificationItems": array(ref("ClassificationCode"))}),
        ),
        "/correspondencetables/{id}": _table_of(
            "correspondenceTable", "A correspondence table of a release.", [table, language],
            obj({**_TABLE, "lastModified": DAY, "published": array(TEXT), **_RESPONSIBLE,
                 "changelogs": _CHANGELOGS, "correspondenceMaps": array(ref("CorrespondenceMap"))}),
        ),
    }  # fmt: skip


def _table_of(operation_id: str, summary: str, parameters: list[Schema], schema: Schema) -> Schema:
    """An address that gives a table in three forms."""
    content = {files.JSON.media_type: {"schema": schema}, files.CSV.media_type: {"schema": TEXT}}
    content[files.XLSX.media_type] = {"schema": {"type": "string", "format": "binary"}}
    return {"get": operation(operation_id, summary, [*parameters, *_FORMS], content, REFUSALS_OF_FORMS)}
