"""How a release came to be (PROV-O): the clustering run, the build of the release, what they used and made."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from esco_kg.config import Config
from esco_kg.model.clustering import Origin
from esco_kg.model.pillar import Source
from esco_kg.model.published import GraphSummary, ReleaseInfo
from esco_kg.rdf.namespaces import PROV
from esco_kg.rdf.terms import RDF_TYPE, Block, plain, text, typed
from esco_kg.scheme import properties as p
from esco_kg.scheme.inputs import in_languages
from esco_kg.scheme.iris import Iris

_ACTIVITY = f"<{PROV}Activity>"
_USED, _ASSOCIATED = f"<{PROV}used>", f"<{PROV}wasAssociatedWith>"


def _names_told(language: str, names: Mapping[str, int]) -> str:
    """Who named the clusters: *expert* is said only of names that one agreed to."""
    return (
        f"Names of clusters in {language}: {names.get('agreed', 0)} agreed by experts, {names.get('draft', 0)} drafts "
        f"that no expert has confirmed, {names.get('made', 0)} made by the program."
    )


def provenance_blocks(
    iris: Iris,
    release: ReleaseInfo,
    config: Config,
    sources: Sequence[Source],
    decisions: Sequence[Source],
    parameters: Mapping[str, object],
    names: Mapping[str, int],
    graphs: Sequence[GraphSummary],
    origin: Origin | None = None,
) -> Iterator[Block]:
    """The two activities and the program, in no order. There is no time in them: a release says when it was issued.

    Where somebody else made the clusters (``origin``), the first activity is theirs: it made the files that the release
    was built from, and this program laid the lines of ``decisions`` over them.
    """
    inputs = [iris.source(source.sha256) for source in sources]
    expertise = [iris.source(source.sha256) for source in decisions]
    program = iris.agent("software")
    yield (
        Block(program)
        .add(RDF_TYPE, f"<{PROV}SoftwareAgent>", f"<{PROV}Agent>")
        .add(p.LABEL, text(release.software, "en"))
    )
    if origin is not None:
        yield from _given(iris, origin, inputs if origin.kind == "method" else [])
        inputs += expertise
    else:
        yield _clustering(iris, config, inputs, expertise, parameters, names)
    yield (
        Block(iris.activity("release"))
        .add(RDF_TYPE, _ACTIVITY)
        .add(p.LABEL, text(f"Build of release {release.version}", "en"))
        .add(_USED, *inputs)
        .add(_ASSOCIATED, iris.agent(), program)
        .add(f"<{PROV}wasInformedBy>", iris.activity("clustering"))
        .add(f"<{PROV}generated>", iris.release(), *(iris.graph(graph.name) for graph in graphs))
    )


def _clustering(
    iris: Iris,
    config: Config,
    inputs: Sequence[str],
    expertise: Sequence[str],
    parameters: Mapping[str, object],
    names: Mapping[str, int],
) -> Block:
    """The clustering run of this program."""
    return (
        Block(iris.activity("clustering"))
        .add(RDF_TYPE, _ACTIVITY)
        .add(p.LABEL, text("Clustering of the skills", "en"))
        .add(p.COMMENT, text(_names_told(config.main_language, names), "en"))
        .add(_USED, *inputs, *expertise)
        .add(_ASSOCIATED, iris.agent("software"))
        .add(iris.of_model("seed"), typed(config.clusters.seed, "integer"))
        .add(iris.of_model("parameters"), plain(json.dumps(parameters, ensure_ascii=False, sort_keys=True)))
    )


def _given(iris: Iris, origin: Origin, inputs: Sequence[str]) -> Iterator[Block]:
    """How clusters that somebody else made came about, as far as they say, and who they are; ``inputs`` is what they
    are known to have used."""
    maker = iris.agent("clusters")
    yield Block(maker).add(RDF_TYPE, f"<{PROV}Agent>").add(p.LABEL, text(origin.by, "en"))
    yield (
        Block(iris.activity("clustering"))
        .add(RDF_TYPE, _ACTIVITY)
        .add(p.LABEL, text(f"Clustering of the skills by {origin.by}", "en"))
        .add(p.DESCRIPTION, *in_languages(origin.how))
        .add(_USED, *inputs)
        .add(_ASSOCIATED, maker)
        .add(f"<{PROV}generated>", *(iris.source(source.sha256) for source in origin.sources))
    )
