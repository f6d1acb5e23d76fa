"""Controlled vocabularies that a catalogue of the EU speaks: languages, media types, file types."""

from __future__ import annotations

from esco_kg.terms import Term, iri

_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_IANA = "https://www.iana.org/assignments/media-types/"
THEME: Term = f"<{_AUTHORITY}data-theme/SOCI>"
THEME_LABEL = "Population and society"

# ISO 639-1 -> the code that the EU's authority table uses (ISO 639-3).
_LANGUAGES = {
    "ar": "ARA", "bg": "BUL", "cs": "CES", "da": "DAN", "de": "DEU", "el": "ELL", "en": "ENG", "es": "SPA", "et": "EST",
    "fi": "FIN", "fr": "FRA", "ga": "GLE", "hr": "HRV", "hu": "HUN", "is": "ISL", "it": "ITA", "lt": "LIT", "lv": "LAV",
    "mt": "MLT", "nl": "NLD", "no": "NOR", "pl": "POL", "pt": "POR", "ro": "RON", "sk": "SLK", "sl": "SLV", "sv": "SWE",
    "uk": "UKR",
}  # fmt: skip
_FILE_TYPES = {
    "application/json": "JSON",
    "application/ld+json": "JSON_LD",
    "application/n-triples": "RDF_N_TRIPLES",
    "application/rdf+xml": "RDF_XML",
    "text/csv": "CSV",
    "text/html": "HTML",
    "text/plain": "TXT",
    "text/turtle": "RDF_TURTLE",
}


def language(tag: str) -> Term:
    """The authority's entry for a language tag; its Library of Congress entry where the EU's table has none."""
    code = _LANGUAGES.get(tag.partition("-")[0].lower())
    return iri(f"{_AUTHORITY}language/{code}" if code else f"http://id.loc.gov/vocabulary/iso639-1/{tag.lower()}")


def media_type(name: str) -> Term:
    """IANA's entry for a media type."""
    return iri(_IANA + name)


def file_type(name: str) -> Term | None:
    """The authority's file type for a media type, None where it has none."""
    return iri(f"{_AUTHORITY}file-type/{_FILE_TYPES[name]}") if name in _FILE_TYPES else None
