"""Sets of mappings between concepts, as the exchange format SSSOM has them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mapping:
    """One mapping. Subject, predicate, object and justification are IRIs; ``confidence`` lies in [0, 1]."""

    subject: str
    subject_label: str
    predicate: str
    object: str
    object_label: str
    justification: str
    confidence: float | None = None
    comment: str = ""
    is_rejected: bool = False


@dataclass(frozen=True, slots=True)
class MappingSet:
    """Mappings with what is said of all of them. ``name`` is the file's, ``iri`` the set's; versions are texts."""

    name: str
    iri: str
    title: str
    description: str
    version: str
    date: str
    licence: str
    tool: str
    subject_source: str
    subject_source_version: str
    object_source: str
    object_source_version: str
    mappings: tuple[Mapping, ...]
