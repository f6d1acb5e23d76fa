"""Mappings as SSSOM TSV (Simple Standard for Sharing Ontological Mappings): a head in YAML behind ``#``, then rows."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path

from esco_kg.model.mapping import Mapping, MappingSet
from esco_kg.rdf.namespaces import ESCO, NACE, SKOS
from esco_kg.rdf.terms import lexical

_COLUMNS = (
    "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label",
    "mapping_justification", "confidence", "comment",
)  # fmt: skip
_KNOWN = {
    "nace": NACE,
    "semapv": "https://w3id.org/semapv/vocab/",
    "skill": ESCO.replace("model#", "skill/"),
    "skos": SKOS,
}


def write_sssom(mapping_set: MappingSet, path: Path) -> None:
    """Write one set. IRIs become CURIEs, their prefixes stand in the head; a name for every namespace is made.

    A set without a row has the known prefixes: readers take an empty ``curie_map`` for none at all, and fail.
    """
    curies = _Curies(mapping_set.mappings)
    rows = [_row(mapping, curies) for mapping in mapping_set.mappings]
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(f"#{line}\n" for line in _head(mapping_set, curies.prefixes or _KNOWN))
        writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows(rows)


def _row(mapping: Mapping, curies: _Curies) -> tuple[str, ...]:
    return (
        curies.of(mapping.subject),
        mapping.subject_label,
        curies.of(mapping.predicate),
        "Not" if mapping.is_rejected else "",
        curies.of(mapping.object),
        mapping.object_label,
        curies.of(mapping.justification),
        lexical(mapping.confidence),
        mapping.comment,
    )


def _head(said: MappingSet, prefixes: dict[str, str]) -> list[str]:
    """Lines of YAML; every value is quoted as JSON, which YAML reads."""
    values = {
        "mapping_set_id": said.iri,
        "mapping_set_version": said.version,
        "mapping_set_title": said.title,
        "mapping_set_description": said.description,
        "license": said.licence,
        "mapping_date": said.date,
        "mapping_tool": said.tool,
        "subject_source": said.subject_source,
        "subject_source_version": said.subject_source_version,
        "object_source": said.object_source,
        "object_source_version": said.object_source_version,
    }
    lines = ["curie_map:", *(f"  {name}: {json.dumps(prefixes[name])}" for name in sorted(prefixes))]
    return lines + [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]


class _Curies:
    """Shortens IRIs by their namespaces, which end with the last ``/`` or ``#``."""

    def __init__(self, mappings: Iterable[Mapping]) -> None:
        named = {namespace: prefix for prefix, namespace in _KNOWN.items()}
        found = {self._namespace(iri) for m in mappings for iri in (m.subject, m.predicate, m.object, m.justification)}
        self.prefixes: dict[str, str] = {}
        for namespace in sorted(found):
            name = named.get(namespace) or namespace.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1].lower()
            taken = name in self.prefixes or (name in _KNOWN and namespace != _KNOWN[name])
            self.prefixes[f"{name}{len(self.prefixes)}" if taken else name] = namespace
        self._names = {namespace: prefix for prefix, namespace in self.prefixes.items()}

    @staticmethod
    def _namespace(iri: str) -> str:
        return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]

    def of(self, iri: str) -> str:
        """The CURIE of an IRI that the set has."""
        namespace = self._namespace(iri)
        return f"{self._names[namespace]}:{iri.removeprefix(namespace)}"
