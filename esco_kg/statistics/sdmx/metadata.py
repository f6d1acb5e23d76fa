"""Reference metadata in SDMX-ML 2.1: a metadata structure (``metadata-structure.xml``) and a metadata set of it.

The report is about the category scheme of the statistics, so about all its tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from lxml import etree

from esco_kg.model.published import ReleaseInfo
from esco_kg.statistics.reference_metadata import Entry

_SCHEMAS = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/"
_NS = {
    "mes": f"{_SCHEMAS}message",
    "com": f"{_SCHEMAS}common",
    "str": f"{_SCHEMAS}structure",
    "gen": f"{_SCHEMAS}metadata/generic",
}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_MSD, _REPORT, _TARGET, _OBJECT, _CONCEPTS = "MSD_ESMS", "ESMS", "STATISTICS", "SUBJECTS", "CS_ESMS"


def write_metadata(report: Sequence[Entry], folder: Path, agency: str, info: ReleaseInfo) -> None:
    """Write ``metadata-structure.xml`` and ``metadata.xml`` into the folder ``sdmx``."""
    (folder / "metadata-structure.xml").write_bytes(_bytes(_structure(report, agency, info)))
    (folder / "metadata.xml").write_bytes(_bytes(_metadata(report, agency, info)))


def _bytes(root: etree._Element) -> bytes:
    return cast(bytes, etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    """An element ``prefix:Name``, or without a namespace; ``class_`` stands for ``class``."""
    prefix, _, local = name.rpartition(":")
    tag = f"{{{_NS[prefix]}}}{local}" if prefix else local
    found = etree.SubElement(parent, tag, {key.rstrip("_"): value for key, value in attributes.items()})
    found.text = text or None
    return found


def _name(parent: etree._Element, text: str) -> None:
    _add(parent, "com:Name", text).set(_LANG, "en")


def _message(kind: str, agency: str, info: ReleaseInfo) -> tuple[etree._Element, etree._Element]:
    root = etree.Element(f"{{{_NS['mes']}}}{kind}", nsmap=_NS)
    header = _add(root, "mes:Header")
    _add(header, "mes:ID", "ESMS")
    _add(header, "mes:Test", "false")
    _add(header, "mes:Prepared", f"{info.issued}T00:00:00")
    _add(header, "mes:Sender", id=agency)
    return root, header


def _structure(report: Sequence[Entry], agency: str, info: ReleaseInfo) -> etree._Element:
    root, _ = _message("Structure", agency, info)
    structures = _add(root, "mes:Structures")
    kept = {"agencyID": agency, "version": info.version, "isFinal": "true"}
    scheme = _add(_add(structures, "str:Concepts"), "str:ConceptScheme", id=_CONCEPTS, **kept)
    _name(scheme, "Concepts of reference metadata (ESMS 2.0)")
    for entry in report:
        _name(_add(scheme, "str:Concept", id=entry.id), entry.name)
    structure = _add(_add(structures, "str:MetadataStructures"), "str:MetadataStructure", id=_MSD, **kept)
    _name(structure, "Reference metadata by ESMS 2.0")
    parts = _add(structure, "str:MetadataStructureComponents")
    target = _add(_add(parts, "str:MetadataTarget", id=_TARGET), "str:IdentifiableObjectTarget", id=_OBJECT,
                  objectType="CategoryScheme")  # fmt: skip
    _add(_add(target, "str:LocalRepresentation"), "str:TextFormat", textType="IdentifiableReference")
    reported = _add(parts, "str:ReportStructure", id=_REPORT)
    above = reported
    for entry in report:
        attribute = _add(above if entry.text else reported, "str:MetadataAttribute", id=entry.id)
        if not entry.text:
            attribute.set("isPresentational", "true")
            above = attribute
        identity = _add(attribute, "str:ConceptIdentity")
        _add(
            identity, "Ref", id=entry.id, maintainableParentID=_CONCEPTS, maintainableParentVersion=info.version,
            agencyID=agency, package="conceptscheme", class_="Concept",
        )  # fmt: skip
        if entry.text:
            _add(_add(attribute, "str:LocalRepresentation"), "str:TextFormat", textType="String")
    _add(_add(reported, "str:MetadataTarget"), "Ref", id=_TARGET)
    return root


def _metadata(report: Sequence[Entry], agency: str, info: ReleaseInfo) -> etree._Element:
    root, header = _message("GenericMetadata", agency, info)
    used = _add(_add(header, "mes:Structure", structureID=_MSD), "com:Structure")
    _add(used, "Ref", agencyID=agency, id=_MSD, version=info.version, package="metadatastructure",
         class_="MetadataStructure")  # fmt: skip
    found = _add(root, "mes:MetadataSet", structureRef=_MSD)
    reported = _add(found, "gen:Report", id=_REPORT)
    value = _add(_add(reported, "gen:Target", id=_TARGET), "gen:ReferenceValue", id=_OBJECT)
    _add(_add(value, "gen:ObjectReference"), "Ref", agencyID=agency, id="CAS_STATISTICS", version=info.version,
         package="categoryscheme", class_="CategoryScheme")  # fmt: skip
    top = _add(reported, "gen:AttributeSet")
    below = top
    for entry in report:
        if not entry.text:
            below = _add(_add(top, "gen:ReportedAttribute", id=entry.id), "gen:AttributeSet")
            continue
        said = _add(below, "gen:ReportedAttribute", id=entry.id)
        _add(said, "com:Text", entry.text).set(_LANG, "en")
    return root
