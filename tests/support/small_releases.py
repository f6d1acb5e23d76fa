"""Small release folders for tests of stores: the graphs of an invented release and a manifest, made in a moment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from esco_kg import scheme
from esco_kg.dump import write_graph
from esco_kg.folder.manifest import sha256_of, write_manifest
from esco_kg.rdf.terms import RDF_TYPE, Block, iri, plain, text
from tests.support.sample_release import sample

SCRIPTS = 'Zażółć gęślą jaźń, Ελληνικά, 𝄞, "quoted" \\ and\nbroken'


def small_release(top: Path, version: str = "1.0.0", *, seed: int = 7, base: str = "") -> Path:
    """A release folder with the graphs clusters, pillar, codes and extra; another seed makes another content.

    ``extra`` holds a text in many scripts and lies about as many bytes as it takes several parts to send.
    """
    made = sample(seed)
    config = replace(made.config, base_iri=base) if base else made.config
    info = replace(made.release, version=version)
    iris = scheme.Iris(config.base_iri, version)
    folder = top / version
    folder.mkdir(parents=True)
    graphs = {
        "clusters": scheme.cluster_blocks(made.clustering, made.pillar, made.sectors, config, info),
        "pillar": scheme.pillar_blocks(made.pillar, config),
        "codes": scheme.code_blocks(made.pillar, made.sectors, config, info),
        "extra": _extra(config.base_iri, seed),
    }
    summaries = [
        write_graph(blocks, folder, f"esco-kg-{version}-{name}", name=name, prefixes=iris.prefixes())
        for name, blocks in graphs.items()
    ]
    files = [{"name": path.name, "sha256": sha256_of(path)} for path in sorted(folder.iterdir())]
    content = {
        "version": version, "base_iri": config.base_iri, "esco_version": "1.1.1", "issued": "2026-01-31",
        "fingerprint": f"{seed}", "files": files,
        "graphs": {g.name: {"triples": g.triples, "rdfc10_sha256": g.rdfc10_sha256} for g in summaries},
    }  # fmt: skip
    write_manifest(folder, content)
    return folder


def _extra(base: str, seed: int) -> list[Block]:
    kind, note, seen = iri(f"{base}model#Extra"), iri(f"{base}model#note"), iri(f"{base}model#seed")
    return [
        Block(iri(f"{base}extra/{number:05d}"))
        .add(RDF_TYPE, kind)
        .add(note, text(f"{SCRIPTS} {number}", "pl"))
        .add(seen, plain(str(seed)))
        for number in range(2000)
    ]
