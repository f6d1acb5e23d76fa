"""What each named graph holds, in the Vocabulary of Interlinked Datasets (VoID)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from esco_kg.model.published import GraphSummary, PublishedFile
from esco_kg.rdf.namespaces import NACE, SKOS, VOID
from esco_kg.rdf.terms import RDF_TYPE, Block, Term, plain, text, typed
from esco_kg.scheme import properties as p
from esco_kg.scheme.iris import Iris

_DATASET = f"<{VOID}Dataset>"
_DUMPS = ("nt.gz", "ttl", "jsonld", "rdf.gz")
_TITLES = {
    "clusters": "Skill clusters: scheme, levels, allocations, relations, sector profiles",
    "pillar": "ESCO as read, in ESCO's own terms",
    "codes": "A notation for every skill; the links of occupations to sectors, where these are known",
    "statistics": "Statistics as data cubes, and measurements of quality",
    "changes": "Changes since the previous release, and the bridge to it",
    "catalogue": "The description of this release",
}


def void_blocks(
    iris: Iris, graphs: Sequence[GraphSummary], files: Sequence[PublishedFile], licence: Term
) -> Iterator[Block]:
    """Each graph with its numbers of triples, subjects, classes, properties, and links to others; in no order."""
    for graph in graphs:
        dumps = [file for file in files if file.name.endswith(tuple(f"-{graph.name}.{ending}" for ending in _DUMPS))]
        block = (
            Block(iris.graph(graph.name))
            .add(RDF_TYPE, _DATASET)
            .add(p.TITLE, text(_TITLES.get(graph.name, graph.name), "en"))
            .add(p.LICENSE, licence)
            .add(f"<{VOID}triples>", _count(graph.triples))
            .add(f"<{VOID}distinctSubjects>", _count(graph.subjects))
            .add(f"<{VOID}entities>", _count(graph.subjects))
            .add(f"<{VOID}dataDump>", *(iris.download(file.name) for file in dumps))
            .add(iris.of_model("rdfc10"), plain(graph.rdfc10_sha256))
        )
        yield from _partitions(iris, graph, block)
        yield block
    names = {graph.name for graph in graphs}
    for graph in graphs:
        if graph.name == "clusters":
            yield from _linksets(iris, graph, names)


def _count(number: int) -> Term:
    return typed(number, "integer")


def _partitions(iris: Iris, graph: GraphSummary, block: Block) -> Iterator[Block]:
    """A partition per class and per property, linked from the graph's block."""
    kinds = (("class", "entities", graph.classes), ("property", "triples", graph.predicates))
    for kind, measure, counts in kinds:
        for iri, number in counts.items():
            part = iris.graph(graph.name, kind, iris.compact(iri))
            block.add(f"<{VOID}{kind}Partition>", part)
            yield (
                Block(part)
                .add(RDF_TYPE, _DATASET)
                .add(f"<{VOID}{kind}>", f"<{iri}>")
                .add(f"<{VOID}{measure}>", _count(number))
            )


def _linksets(iris: Iris, graph: GraphSummary, names: set[str]) -> Iterator[Block]:
    """Links from clusters to skills (their primary allocations) and to NACE sections."""
    nace = iris.dataset("nace-2.1")
    ends = {
        "narrowMatch": iris.graph("pillar") if "pillar" in names else iris.dataset("skills-pillar"),
        "relatedMatch": nace,
    }
    for name, target in ends.items():
        number = graph.predicates.get(f"{SKOS}{name}", 0)
        if not number:
            continue
        yield (
            Block(iris.graph(graph.name, "links", name))
            .add(RDF_TYPE, f"<{VOID}Linkset>", _DATASET)
            .add(f"<{VOID}target>", iris.graph(graph.name), target)
            .add(f"<{VOID}subjectsTarget>", iris.graph(graph.name))
            .add(f"<{VOID}objectsTarget>", target)
            .add(f"<{VOID}linkPredicate>", f"<{SKOS}{name}>")
            .add(f"<{VOID}triples>", _count(number))
        )
        if target == nace:
            yield (
                Block(nace)
                .add(RDF_TYPE, _DATASET)
                .add(p.TITLE, text("NACE 2.1", "en"))
                .add(f"<{VOID}uriSpace>", plain(NACE))
            )
