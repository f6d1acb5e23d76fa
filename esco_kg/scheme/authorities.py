"""Controlled vocabularies that a catalogue of the EU speaks: languages, media types, file types."""

from __future__ import annotations

from esco_kg.rdf.terms import Term, iri

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
    "application/csvm+json": "JSON",
    "application/json": "JSON",
    "application/ld+json": "JSON_LD",
    "application/n-triples": "RDF_N_TRIPLES",
    "application/rdf+xml": "RDF_XML",
    "application/xml": "XML",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "text/csv": "CSV",
    "text/html": "HTML",
    "text/plain": "TXT",
    "text/tab-separated-values": "TSV",
    "text/turtle": "RDF_TURTLE",
}

SKOS = "https://www.w3.org/TR/skos-reference/"
STANDARDS = {
    SKOS: "SKOS Simple Knowledge Organization System Reference",
    "https://rdf-vocabulary.ddialliance.org/xkos.html": "XKOS, an extension of SKOS for statistical classifications",
    "https://www.w3.org/TR/vocab-data-cube/": "The RDF Data Cube Vocabulary",
    "https://www.w3.org/TR/vocab-dqv/": "Data on the Web Best Practices: Data Quality Vocabulary",
    "https://www.w3.org/TR/tabular-metadata/": "Metadata Vocabulary for Tabular Data (CSVW)",
    "https://sdmx.org/standards-2/": "Statistical Data and Metadata Exchange (SDMX)",
    "https://json-stat.org/format/": "JSON-stat",
    "https://www.scb.se/en/services/statistical-programs-for-px-files/px-file-format/": "PX-file format (PC-Axis)",
    "https://www.iso.org/standard/71691.html": "ISO/IEC 29500-1, Office Open XML File Formats",
    "https://datapackage.org/standard/data-package/": "Data Package",
    "https://parquet.apache.org/docs/file-format/": "Apache Parquet",
    "https://www.sqlite.org/fileformat2.html": "SQLite database file format",
    "https://mapping-commons.github.io/sssom/": "Simple Standard for Sharing Ontological Mappings (SSSOM)",
}
"""IRI -> title of every standard that a release follows."""
# How the name of a file begins or ends -> the standards it follows.
_BY_START: dict[str, tuple[str, ...]] = {
    "jsonstat/": ("https://json-stat.org/format/",),
    "px/": ("https://www.scb.se/en/services/statistical-programs-for-px-files/px-file-format/",),
    "parquet/": ("https://parquet.apache.org/docs/file-format/",),
    "sdmx/": ("https://sdmx.org/standards-2/",),
    "sssom/": ("https://mapping-commons.github.io/sssom/",),
}
_BY_PART = {
    ".xlsx": ("https://www.iso.org/standard/71691.html",),
    ".sqlite": ("https://www.sqlite.org/fileformat2.html",),
    "datapackage.json": ("https://datapackage.org/standard/data-package/",),
    "-clusters.": (SKOS, "https://rdf-vocabulary.ddialliance.org/xkos.html"),
    "-statistics.": ("https://www.w3.org/TR/vocab-data-cube/", "https://www.w3.org/TR/vocab-dqv/"),
    "csv-metadata.json": ("https://www.w3.org/TR/tabular-metadata/",),
}


def standards(file: str) -> list[Term]:
    """The standards that a file of a release follows, by its name."""
    found = [iris for start, iris in _BY_START.items() if file.startswith(start)]
    if ("/" not in file and not file.removesuffix(".gz").endswith(".csv")) or file.endswith(".json"):
        found += [iris for part, iris in _BY_PART.items() if part in file]
    return [f"<{standard}>" for iris in found for standard in iris]


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
