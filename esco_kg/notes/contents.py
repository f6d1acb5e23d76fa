"""What the release notes are made of, and what each file of a release is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from esco_kg import words
from esco_kg.config import Config
from esco_kg.errors import InputError
from esco_kg.model.changes import Delta
from esco_kg.model.clustering import Clustering
from esco_kg.model.cube import Beside
from esco_kg.model.findings import Finding, Table
from esco_kg.model.pillar import Pillar, SectorLinks
from esco_kg.model.published import GraphSummary, PublishedFile, ReleaseInfo

FILE_TITLES: dict[str, str] = {
    "-clusters.ttl": "Skill clusters, Turtle: readable",
    "-clusters.jsonld": "Skill clusters, JSON-LD 1.1",
    "-clusters.ndjson.gz": "Skill clusters, JSON-LD with one cluster a line",
    "-clusters.nt.gz": "Skill clusters, N-Triples: the quickest to load",
    "-clusters.rdf.gz": "Skill clusters, RDF/XML",
    "-clusters.csv": "Table of the clusters",
    "-allocations.csv": "Table of skills and the clusters they belong to",
    "-relations.csv": "Table of relations between clusters",
    "-sector-profile.csv": "Table of the clusters' shares of NACE sections and divisions",
    "-registry.csv": "Table of all cluster ids ever given",
    "-pillar.ttl": "ESCO as read, Turtle",
    "-pillar.jsonld": "ESCO as read, JSON-LD 1.1",
    "-pillar.nt.gz": "ESCO as read, N-Triples",
    "-pillar.rdf.gz": "ESCO as read, RDF/XML",
    "-codes.ttl": "Codes for skills and sectors of occupations, Turtle",
    "-codes.jsonld": "Codes for skills and sectors of occupations, JSON-LD 1.1",
    "-codes.nt.gz": "Codes for skills and sectors of occupations, N-Triples",
    "-codes.rdf.gz": "Codes for skills and sectors of occupations, RDF/XML",
    "-statistics.ttl": "Statistics as data cubes (RDF Data Cube), Turtle",
    "-statistics.jsonld": "Statistics as data cubes, JSON-LD 1.1",
    "-statistics.nt.gz": "Statistics as data cubes, N-Triples",
    "-statistics.rdf.gz": "Statistics as data cubes, RDF/XML",
    "-catalogue.ttl": "Description of this release (DCAT, VoID, PROV), Turtle",
    "-catalogue.jsonld": "Description of this release, JSON-LD 1.1",
    "-catalogue.nt.gz": "Description of this release, N-Triples",
    "-catalogue.rdf.gz": "Description of this release, RDF/XML",
    ".xlsx": "Statistics as a workbook, a sheet a table (XLSX)",
    ".sqlite": "The whole release as a database (SQLite)",
    "-datasette.json": "Titles and columns of the database, for datasette",
    "datapackage.json": "Tables, columns and keys of the Parquet and CSV files (Data Package)",
    "csv-metadata.json": "Columns of the tables of clusters (CSVW)",
    "statistics/csv-metadata.json": "Columns of the statistics (CSVW)",
    "sdmx/structures.xml": "Code lists, data structures, subjects and constraints of the statistics (SDMX-ML 2.1)",
    "sdmx/metadata-structure.xml": "Structure of the reference metadata (SDMX-ML 2.1)",
    "sdmx/metadata.xml": "Reference metadata by ESMS 2.0 (SDMX-ML 2.1)",
    "reference-metadata.html": "Reference metadata by ESMS 2.0 (SIMS), for a quality report: web page",
    "reference-metadata.md": "Reference metadata by ESMS 2.0 (SIMS), Markdown",
    "sssom/skill-cluster.sssom.tsv": "Mapping of skills to clusters (SSSOM)",
    "sssom/cluster-nace.sssom.tsv": "Mapping of clusters to NACE sections (SSSOM)",
    "sssom/rejected.sssom.tsv": "Mappings that decisions rejected (SSSOM)",
    "-changes.ttl": "Changes since the previous release and the bridge to it, Turtle",
    "-changes.jsonld": "Changes since the previous release, JSON-LD 1.1",
    "-changes.nt.gz": "Changes since the previous release, N-Triples",
    "-changes.rdf.gz": "Changes since the previous release, RDF/XML",
    "-changes.csv.gz": "Table of the changes of clusters and of what hangs on them since the previous release",
    "-changes.ndjson.gz": "Changes since the previous release, one event a line",
    "-esco-delta.csv.gz": "ESCO's own values that changed, in the columns of ESCO's deltas",
    "-bridge.csv": "Table of the weights that carry a series from the previous release to this one",
    "-series.csv": "Table of how much of each cluster leaves, arrives and is estimated since the previous release",
    "repairs.csv": "Cells of the input that were corrected before it was read",
    "context.jsonld": "Context of the JSON-LD files",
    "validation.ttl.gz": "Validation report, Turtle (SHACL)",
    "validation.txt": "Validation report, text",
    "manifest.json": "Manifest: checksums, versions and parameters",
}
"""End of a file's name -> what the file is; :func:`file_titles` adds the statistics."""


def file_titles(tables: Iterable[Table]) -> dict[str, str]:
    """End of a file's name -> what it is, for every file of a release with these statistics."""
    return FILE_TITLES | {f"statistics/{table.name}.csv": f"Statistics: {table.question}" for table in tables}


def notes_files(main_language: str) -> dict[str, tuple[str, str]]:
    """Language -> name of the notes in Markdown and in HTML; those in the main language have the plain names."""
    plain = words.main_language(main_language)
    return {
        language: (f"RELEASE-NOTES{end}.md", f"RELEASE-NOTES{end}.html")
        for language in words.languages()
        for end in ("" if language == plain else f".{language}",)
    }


def history_files(main_language: str) -> dict[str, tuple[str, str]]:
    """Language -> name of the page of history and of the feed; those in the main language have the plain names."""
    plain = words.main_language(main_language)
    return {
        language: (f"history{end}.html", f"feed{end}.xml")
        for language in words.languages()
        for end in ("" if language == plain else f".{language}",)
    }


def notes_titles(main_language: str) -> dict[str, str]:
    """Name of each file of notes -> what it is."""
    english = words.wording(words.ENGLISH)
    return {
        name: f"Release notes in {english.name_of(language)}, {kind}"
        for language, names in notes_files(main_language).items()
        for name, kind in zip(names, ("Markdown", "web page"), strict=True)
    }


PLAIN_HISTORY = ("history.html", "feed.xml")
"""Page of history and feed in the main language."""

NEEDED_TABLES = (
    "allocation-coverage", "allocation-margins", "allocation-methods", "cluster-names", "cluster-sizes", "clusters",
    "isco-major-groups",
    "label-coverage", "levels", "multi-parent-skills", "pillar-concepts", "pillar-largest-group", "related-clusters",
    "sector-concentration", "sector-profiles", "skill-types", "thematic-lists",
)  # fmt: skip
"""The measures whose numbers the notes print."""

EXAMPLE = "levels"
"""The measure whose query the notes print in full, with its answer beside it."""


@dataclass(frozen=True, slots=True)
class Validation:
    """What validation found. ``rules`` is the number of shapes and queries that were checked."""

    engine: str
    rules: int
    findings: Sequence[Finding]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """Everything the notes are made from; a number in them comes from here and from nowhere else.

    ``beside`` are the figures that stand beside the official hierarchy's.
    ``tables`` maps the name of a measure to its answer and must hold :data:`NEEDED_TABLES`; ``example_query`` is the
    query of :data:`EXAMPLE` with absolute prefixes; ``files`` are the release's data files, the notes themselves and
    what is written after them left out; ``delta`` is None
    in a first release, and ``previous_source`` the version of the source that the previous one was made from.
    """

    release: ReleaseInfo
    config: Config
    pillar: Pillar
    sectors: SectorLinks
    clustering: Clustering
    tables: Mapping[str, Table]
    validation: Validation
    graphs: Sequence[GraphSummary]
    files: Sequence[PublishedFile]
    example_query: str
    delta: Delta | None = None
    previous_source: str = ""
    beside: Sequence[Beside] = ()


def check_tables(notes: Notes) -> None:
    """Raises InputError where a measure is missing that the notes print."""
    for name in NEEDED_TABLES:
        if name not in notes.tables:
            raise InputError("release notes", f"the measure {name} is missing", "Run all measures.")
