"""Our own terms, declared in the graph that uses them, so that a file explains itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from esco_kg.rdf.namespaces import DCAT, OWL, PROV, QB, RDFS, SKOS, SKOSXL, VOID, XKOS, XSD
from esco_kg.rdf.terms import RDF_TYPE, Block, text
from esco_kg.scheme import properties as p
from esco_kg.scheme.iris import Iris

_CLASS, _LINK, _VALUE = f"{OWL}Class", f"{OWL}ObjectProperty", f"{OWL}DatatypeProperty"
_CONCEPT = f"{SKOS}Concept"
_OBSERVATION = f"{QB}Observation"
_DECIMAL, _INTEGER, _STRING = f"{XSD}decimal", f"{XSD}integer", f"{XSD}string"
_ASSOCIATION = f"{XKOS}ConceptAssociation"
_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"

# name: (classes, label, comment, domain, range); a domain or range that starts with ":" is a term of ours.
Declaration = tuple[tuple[str, ...], str, str, str, str]
TERMS: dict[str, Declaration] = {
    "ClusterRelation": (
        (_CLASS,), "cluster relation", "How two clusters of one level relate; symmetric, stated once.", "", "",
    ),
    "Rank": ((_CLASS,), "rank", "Whether an allocation is the skill's primary one or a further one.", "", ""),
    "primary": (
        (":Rank",), "primary", "The one cluster a skill counts in: exactly one allocation of each skill has this rank.",
        "", "",
    ),
    "used-in": (
        (":Rank",), "used in", "A further cluster of a skill: occupations that have this cluster as their own need it.",
        "", "",
    ),
    "found-under": (
        (":Rank",), "found under",
        "A further cluster of a skill: people may look for the skill there, because it is near in meaning, or because "
        "this cluster fits next best (its runner-up). It changes no cluster's size or shares.",
        "", "",
    ),
    "secondary": (
        (":Rank",), "secondary", "A further cluster of a skill, as the publisher of the clusters says.", "", "",
    ),
    "rank": ((_LINK,), "rank", "The rank of an allocation.", _ASSOCIATION, ":Rank"),
    "weight": (
        (_VALUE,), "weight",
        "Of an allocation used in a cluster: the share of the occupations that need the skill whose own cluster this "
        "is; of a secondary one the share that the publisher gives it; the primary one has the rest, so that these add "
        "up to 1. "
        "Of one found under a cluster: the cosine of the skill's meaning with the mean meaning of the cluster's "
        "skills, or 1 where a decision says so. "
        "Of a cluster relation: its strength between 0 and 1. "
        "Of an occupation's link to a sector: its share of the occupation, an occupation's weights add up to 1.",
        "", _DECIMAL,
    ),
    "margin": (
        (_VALUE,), "margin",
        "The lead of a primary cluster that data gave over the next best one on the placing score, between 0 and 1: "
        "for a lead of a it is a / (a + 0.5).",
        _ASSOCIATION, _DECIMAL,
    ),
    "runnerUp": (
        (_LINK,), "runner-up",
        "The next best cluster of the skill, where it is close, or where a decision put the skill elsewhere; one of "
        "the skill's further clusters, or one that a decision rejected.",
        _ASSOCIATION, _CONCEPT,
    ),
    "method": (
        (_VALUE,), "method",
        "What placed the skill: given (by the publisher), data or text (by the placing score), rule, seed, forced or "
        "must-link.",
        _ASSOCIATION, _STRING,
    ),
    "filled": (
        (_VALUE,), "filled",
        "A text of a cluster that its publisher left open and the program wrote: kind and language (definition_en).",
        _CONCEPT, _STRING,
    ),
    "decision": ((_VALUE,), "decision", "The decision behind an allocation, as file and line.", "", _STRING),
    "RejectedAllocation": (
        (_CLASS,), "rejected allocation", "A decision that a skill does not belong to a cluster.", "", "",
    ),
    "rejectedSkill": ((_LINK,), "rejected skill", "The skill that was rejected.", ":RejectedAllocation", _CONCEPT),
    "rejectedCluster": (
        (_LINK,), "rejected cluster", "The cluster the skill does not belong to.", ":RejectedAllocation", _CONCEPT,
    ),
    "sourceScheme": ((_LINK,), "source scheme", "The scheme a correspondence starts from.", "", f"{SKOS}ConceptScheme"),
    "targetScheme": ((_LINK,), "target scheme", "The scheme a correspondence leads to.", "", f"{SKOS}ConceptScheme"),
    "mainLanguage": (
        (_VALUE,), "main language", "The language in which every cluster has a name.", f"{SKOS}ConceptScheme", _STRING,
    ),
    "nameStatus": (
        (_VALUE,), "status of a name",
        "Who gave a cluster its name: given (the publisher of the clusters), agreed or draft (somebody; an expert has "
        "confirmed it or not yet), concept (it is the label of the ESCO concept whose label in the main language is "
        "the cluster's name there) or made (the program).",
        f"{SKOSXL}Label", _STRING,
    ),
    "branch": (
        (_VALUE,), "branch", "The part of the hierarchy a cluster lies in: sector, cross-sector, language or digital.",
        _CONCEPT, _STRING,
    ),
    "depth": (
        (_VALUE,), "depth",
        "Depth of a cluster in the hierarchy, 1 at the top. Levels have xkos:depth; on a concept it would say that the "
        "concept is a collection.",
        _CONCEPT, _INTEGER,
    ),
    "skills": (
        (_VALUE,), "skills", "Number of skills whose primary cluster is this one or lies below it.", _CONCEPT, _INTEGER,
    ),
    "typicalOccupation": (
        (_LINK,), "typical occupation",
        "An occupation that needs skills of the cluster, one of at most ten that stand for all: groups of occupations "
        "take turns, each with the one that needs most of the skills.",
        _CONCEPT, _CONCEPT,
    ),
    "sectorConcentration": (
        (_VALUE,), "sector concentration", "Herfindahl index of the cluster's shares over NACE 2.1 sections.",
        _CONCEPT, _DECIMAL,
    ),
    "sectorUnreached": (
        (_VALUE,), "share without a sector", "Share of the cluster's links to occupations that have no NACE code.",
        _CONCEPT, _DECIMAL,
    ),
    "cluster": ((_LINK,), "cluster", "One of the two clusters that relate.", ":ClusterRelation", _CONCEPT),
    "basis": ((_LINK,), "basis", "The kind of evidence behind a relation.", ":ClusterRelation", _CONCEPT),
    "evidence": (
        (_VALUE,), "evidence", "The evidence in words, a count with its unit.", ":ClusterRelation", _LANG_STRING,
    ),
    "refCluster": (
        (_LINK, f"{QB}DimensionProperty"), "cluster", "The cluster an observation is about.", _OBSERVATION, _CONCEPT,
    ),
    "refSector": (
        (_LINK, f"{QB}DimensionProperty"), "sector", "The NACE 2.1 section or division an observation is about.",
        _OBSERVATION, f"{RDFS}Resource",
    ),
    "refRelease": (
        (_LINK, f"{QB}DimensionProperty"), "release", "The release an observation is about.", "", f"{DCAT}Dataset",
    ),
    "share": (
        (_VALUE, f"{QB}MeasureProperty"), "share", "The sector's share of the cluster's links to occupations.",
        _OBSERVATION, _DECIMAL,
    ),
    "parameters": ((_VALUE,), "parameters", "What a run was made with, as a JSON object.", f"{PROV}Activity", _STRING),
    "seed": ((_VALUE,), "seed", "The seed of a run's random numbers.", f"{PROV}Activity", _INTEGER),
    "rdfc10": (
        (_VALUE,), "canonical hash",
        "SHA-256, in hexadecimal digits, of a graph's canonical N-Quads (RDF Dataset Canonicalization 1.0).",
        f"{VOID}Dataset", _STRING,
    ),
}  # fmt: skip


def vocabulary_blocks(iris: Iris) -> Iterator[Block]:
    """The vocabulary and its terms with label, comment, domain and range; in no order."""
    model = iris.of_model()
    yield (
        Block(model)
        .add(RDF_TYPE, f"<{OWL}Ontology>")
        .add(p.LABEL, text("esco_kg model", "en"))
        .add(p.COMMENT, text("Terms for skill clusters, their allocations, relations and sector profiles.", "en"))
    )
    yield from declared(iris, TERMS)


def declared(iris: Iris, terms: Mapping[str, Declaration]) -> Iterator[Block]:
    """Terms of ours, each with label, comment, domain and range."""
    for name, (classes, label, comment, domain, rng) in terms.items():
        block = (
            Block(iris.of_model(name))
            .add(RDF_TYPE, *(_resolved(iris, kind) for kind in classes))
            .add(p.LABEL, text(label, "en"))
            .add(p.COMMENT, text(comment, "en"))
            .add(p.DEFINED_BY, iris.of_model())
        )
        for predicate, target in ((p.DOMAIN, domain), (p.RANGE, rng)):
            if target:
                block.add(predicate, _resolved(iris, target))
        if name == "refCluster":
            block.add(f"<{QB}codeList>", iris.scheme())
        yield block


def _resolved(iris: Iris, name: str) -> str:
    return iris.of_model(name[1:]) if name.startswith(":") else f"<{name}>"
