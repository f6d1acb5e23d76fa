"""``manifest.json``: what a release was made from and what it consists of, with a SHA-256 for each."""

from __future__ import annotations

import hashlib
import json
import platform
import sqlite3
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from esco_kg.config import Config
from esco_kg.model.clustering import PACKAGES
from esco_kg.model.findings import Table
from esco_kg.model.pillar import Source
from esco_kg.model.published import GraphSummary, PublishedFile, ReleaseInfo
from esco_kg.resources import folder

MEDIA_TYPES = {
    ".csv": "text/csv",
    "csv-metadata.json": "application/csvm+json",
    ".gz": "application/gzip",
    ".html": "text/html",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown",
    ".ndjson": "application/x-ndjson",
    ".parquet": "application/vnd.apache.parquet",
    ".sqlite": "application/vnd.sqlite3",
    "datapackage.json": "application/vnd.datapackage+json",
    ".nt": "application/n-triples",
    ".px": "text/plain",
    ".rdf": "application/rdf+xml",
    ".rq": "application/sparql-query",
    ".ttl": "text/turtle",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
}
# The packages whose version can change a release's bytes.
_SOFTWARE = (
    *PACKAGES,
    "jinja2",
    "lxml",
    "owlrl",
    "polars",
    "pyoxigraph",
    "pyshacl",
    "rdflib",
    "sdmx1",
    "shacl",
    "xlsxwriter",
)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file in hex, read in parts."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def software() -> dict[str, str]:
    """Name -> version of everything that shaped the release."""
    found = {"esco-kg": metadata.version("esco-kg"), "python": platform.python_version()}
    found["sqlite"] = sqlite3.sqlite_version
    return found | {name: metadata.version(name) for name in _SOFTWARE}


# Parts that use releases and shape none, and files that are no code.
_ASIDE = {"__pycache__", "cli", "cookbook", "demonstration", "library", "matching", "report", "store", "trials", "web"}


def code_sha256() -> str:
    """One hash over the code, shapes, queries and templates that make a release: another method is another release."""
    package = Path(__file__).resolve().parent.parent
    groups = [("code", package, "**/*.py"), ("code", package, "**/*.csv")]
    return _sha256_below(groups + [(name, folder(name), "**/*") for name in ("shapes", "queries", "templates")])


def method_sha256() -> str:
    """One hash over the code that decides which skill is in which cluster."""
    package = Path(__file__).resolve().parent.parent
    return _sha256_below(
        [(name, package / name, pattern) for name in ("esco", "clusters") for pattern in ("**/*.py", "**/*.csv")]
    )


def _sha256_below(groups: Sequence[tuple[str, Path, str]]) -> str:
    digest = hashlib.sha256()
    for name, top, pattern in groups:
        for path in sorted(top.glob(pattern)):
            if path.is_file() and not _ASIDE & set(path.relative_to(top).parts):
                digest.update(f"{name}/{path.relative_to(top).as_posix()}\0{sha256_of(path)}\n".encode())
    return digest.hexdigest()


def sources_below(folder: Path) -> list[Source]:
    """Every file in a folder, such as the experts' ``curation/``, by its name there."""
    return sources_of(sorted(path for path in folder.rglob("*") if path.is_file()), folder)


def sources_of(files: Sequence[Path], folder: Path) -> list[Source]:
    """These files by their names in the folder."""
    return [Source(p.relative_to(folder).as_posix(), sha256_of(p), p.stat().st_size) for p in files]


def fingerprint(
    sources: Sequence[Source], config: Config, curation: Sequence[Source], given: Mapping[str, object]
) -> str:
    """One hash over all that decides a release's content: inputs, settings, expert decisions, code, options given.

    File names of the inputs do not count, their bytes do.
    """
    lines = sorted(f"input {source.sha256}" for source in sources)
    lines += [f"curation {source.name} {source.sha256}" for source in curation]
    lines += [f"code {code_sha256()}", json.dumps(config.as_read, sort_keys=True), json.dumps(given, sort_keys=True)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def media_type_of(name: str) -> str:
    """The media type of a file by the longest ending that is known. Raises ValueError for a name with none of them."""
    return MEDIA_TYPES[max((end for end in MEDIA_TYPES if name.endswith(end)), key=len)]


def describe_files(staging: Path, titles: Mapping[str, str]) -> list[PublishedFile]:
    """Every file in the folder, by name. ``titles`` maps the end of a name to what the file is; the longest wins."""
    found = []
    for path in sorted(p for p in staging.rglob("*") if p.is_file()):
        name = path.relative_to(staging).as_posix()
        fitting = [end for end in titles if name.endswith(end)]
        if not fitting:
            raise ValueError(f"nobody said what {name} is")
        media_type = media_type_of(name)
        title = titles[max(fitting, key=len)]
        found.append(PublishedFile(name, path.stat().st_size, sha256_of(path), media_type, title))
    return found


def made_with(
    sources: Sequence[Source],
    curation: Sequence[Source],
    config: Config,
    parameters: Mapping[str, object],
    origin: Mapping[str, object] | None,
) -> dict[str, Any]:
    """What a release is made from and with: the part of its manifest that explains why clusters changed."""
    return {
        "software": software(),
        "method_sha256": method_sha256(),
        "inputs": [{"name": s.name, "sha256": s.sha256, "bytes": s.bytes} for s in (*sources, *curation)],
        "curation": [{"name": s.name, "sha256": s.sha256} for s in curation],
        "settings": config.as_read,
        "parameters": dict(parameters),
        **({"origin": dict(origin)} if origin else {}),
    }


def manifest(
    release: ReleaseInfo,
    config: Config,
    *,
    fingerprint: str,
    sources: Sequence[Source],
    curation: Sequence[Source],
    parameters: Mapping[str, object],
    names: Mapping[str, Mapping[str, int]],
    changes: Mapping[str, object],
    graphs: Sequence[GraphSummary],
    tables: Sequence[Table],
    validation: Mapping[str, object],
    files: Sequence[PublishedFile],
    absent: Sequence[str] = (),
    origin: Mapping[str, object] | None = None,
    is_extract: bool = False,
    repairs: int = 0,
) -> dict[str, Any]:
    """The manifest, ready for JSON. It lists every file but itself, and in ``absent`` the classes that this publisher
    has nothing of; ``is_extract`` says that a part of ESCO was meant, ``repairs`` counts the corrected cells of the
    input; ``origin`` says who made the clusters, and how, where it was not this program; ``names`` counts the
    clusters of each language by who gave their name."""
    return {
        "format": "esco-kg manifest 1",
        "version": release.version,
        "previous": release.previous,
        "base_iri": config.base_iri,
        "esco_version": release.esco_version,
        "languages": list(release.languages),
        "issued": release.issued,
        "fingerprint": fingerprint,
        **made_with(sources, curation, config, parameters, origin),
        "names": {language: dict(counts) for language, counts in names.items()},
        "changes": dict(changes),
        **({"absent": list(absent)} if absent else {}),
        **({"extract": True} if is_extract else {}),
        **({"repairs": repairs} if repairs else {}),
        "graphs": {g.name: {"triples": g.triples, "rdfc10_sha256": g.rdfc10_sha256} for g in graphs},
        "measures": {
            t.name: {"file": f"statistics/{t.name}.csv", "rows": len(t.rows), "query_sha256": t.query_sha256}
            for t in tables
        },
        "validation": dict(validation),
        "files": [
            {"name": f.name, "bytes": f.bytes, "sha256": f.sha256, "media_type": f.media_type, "title": f.title}
            for f in files
        ],
    }


def own_sha256(content: Mapping[str, Any]) -> str:
    """The SHA-256 of a manifest's other keys, as JSON without blanks and with sorted keys."""
    others = {key: value for key, value in content.items() if key != "own_sha256"}
    return hashlib.sha256(json.dumps(others, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def write_manifest(staging: Path, content: Mapping[str, Any]) -> None:
    """Write ``manifest.json`` with its own checksum: sorted keys, two spaces, a line end."""
    text = json.dumps({**content, "own_sha256": own_sha256(content)}, ensure_ascii=False, indent=2, sort_keys=True)
    (staging / "manifest.json").write_text(text + "\n", encoding="utf-8", newline="\n")
