"""Clusters in any SKOS file: a scheme whose concepts are joined to skills of ESCO."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote

from rdflib import RDF, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from esco_kg.clusters.given.mistakes import Mistakes, checked_id
from esco_kg.clusters.given.skills import SkillLookup
from esco_kg.errors import InputError
from esco_kg.model.given import GivenCluster, GivenClusters, GivenMembership

FORMATS = {
    ".ttl": "turtle",
    ".nt": "nt",
    ".rdf": "xml",
    ".owl": "xml",
    ".xml": "xml",
    ".jsonld": "json-ld",
    ".json": "json-ld",
}
XKOS = Namespace("http://rdf-vocabulary.ddialliance.org/xkos#")
XL = Namespace("http://www.w3.org/2008/05/skos-xl#")
# From the cluster to the skill, and from the skill to the cluster. Never by related match: that joins other things.
_DOWN = (SKOS.narrowMatch, SKOS.exactMatch, SKOS.closeMatch, SKOS.member, SKOS.narrower)
_UP = (SKOS.broadMatch, SKOS.exactMatch, SKOS.closeMatch, SKOS.broader)
_HINT = (
    "Join concepts to ESCO's skills by skos:narrowMatch from the cluster, or skos:broadMatch from the skill; "
    "exactMatch, closeMatch, skos:member and skos:narrower are read, too."
)


def from_skos(paths: Sequence[Path], main_language: str, skills: SkillLookup, mistakes: Mistakes) -> GivenClusters:
    """Read one scheme from one or several files. Raises InputError where a file is not RDF, or joins no skill."""
    graph, name = Graph(), ", ".join(path.name for path in paths)
    for path in paths:
        try:
            graph.parse(path, format=FORMATS[path.suffix.lower()])
        except Exception as error:  # rdflib's parsers raise anything
            raise InputError(path.name, f"cannot be read as RDF: {error}", "Check the file's syntax.") from None
    return _Scheme(graph, name, main_language, skills, mistakes).given()


class _Scheme:
    def __init__(self, graph: Graph, name: str, main_language: str, skills: SkillLookup, mistakes: Mistakes) -> None:
        self._graph, self._name, self._main = graph, name, main_language
        self._skills, self._mistakes = skills, mistakes

    def given(self) -> GivenClusters:
        """The clusters, in the order of their ids."""
        joined = sorted(set(self._joined()))
        if not joined:
            raise InputError(self._name, "no concept is joined to a skill of ESCO", _HINT)
        concepts = self._with_above({concept for concept, _ in joined})
        ids = self._ids(concepts)
        self._check_schemes(concepts)
        clusters = {ids[iri]: self._cluster(iri, ids) for iri in sorted(concepts, key=lambda iri: ids[iri])}
        memberships = []
        for concept, skill in joined:
            if found := self._skills.find(str(skill), f"{self._name} <{concept}>"):
                memberships.append(GivenMembership(found, ids[concept], place=f"{self._name} <{concept}>"))
        return GivenClusters("skos", clusters, memberships, by=self._publisher(concepts))

    def _joined(self) -> Iterator[tuple[URIRef, URIRef]]:
        """(concept, skill), by whatever property."""
        for predicate in _DOWN:
            for concept, skill in self._graph.subject_objects(predicate):
                if self._is_pair(concept, skill):
                    yield concept, skill  # type: ignore[misc]
        for predicate in _UP:
            for skill, concept in self._graph.subject_objects(predicate):
                if self._is_pair(concept, skill):
                    yield concept, skill  # type: ignore[misc]

    def _is_pair(self, concept: Node, skill: Node) -> bool:
        iris = isinstance(concept, URIRef) and isinstance(skill, URIRef)
        return iris and self._skills.is_of_esco(str(skill)) and not self._skills.is_of_esco(str(concept))

    def _above(self, iri: URIRef) -> list[URIRef]:
        found = {o for o in self._graph.objects(iri, SKOS.broader)} | {
            s for s in self._graph.subjects(SKOS.narrower, iri)
        }
        found |= set(self._graph.subjects(SKOS.member, iri))
        return sorted(o for o in found if isinstance(o, URIRef) and not self._skills.is_of_esco(str(o)))

    def _with_above(self, concepts: set[URIRef]) -> set[URIRef]:
        """The concepts, those above, and those beside and below them in their schemes: an empty one is a mistake."""
        found, waiting = set(concepts), list(concepts)
        while waiting:
            for above in self._above(waiting.pop()):
                if above not in found:
                    found.add(above)
                    waiting.append(above)
        schemes = {scheme for iri in found for scheme in self._schemes(iri)}
        concepts_of_file = (iri for iri in self._graph.subjects(RDF.type, SKOS.Concept) if isinstance(iri, URIRef))
        return found | {iri for iri in concepts_of_file if schemes & self._schemes(iri)}

    def _schemes(self, iri: Node) -> set[Node]:
        top = set(self._graph.subjects(SKOS.hasTopConcept, iri))
        return {*self._graph.objects(iri, SKOS.inScheme), *self._graph.objects(iri, SKOS.topConceptOf), *top}

    def _check_schemes(self, concepts: set[URIRef]) -> None:
        schemes = sorted({str(scheme) for iri in concepts for scheme in self._schemes(iri)})
        if len(schemes) > 1:
            problem = f"the clusters are in {len(schemes)} schemes: {', '.join(schemes[:3])}"
            self._mistakes.add(self._name, problem, "A release publishes one scheme: give a file with one.")

    def _ids(self, concepts: set[URIRef]) -> dict[URIRef, str]:
        """The notation where there is one, otherwise the last segment of the IRI."""
        found: dict[URIRef, str] = {}
        first: dict[str, URIRef] = {}
        for iri in sorted(concepts):
            notations = sorted({str(o) for o in self._graph.objects(iri, SKOS.notation)})
            found[iri] = notations[0] if len(notations) == 1 else unquote(str(iri).replace("#", "/").rsplit("/", 1)[-1])
            checked_id(found[iri], f"{self._name} <{iri}>", self._mistakes)
            other = first.setdefault(found[iri], iri)
            if other != iri:
                problem = f"has the notation {found[iri]} of <{other}>"
                self._mistakes.add(f"{self._name} <{iri}>", problem, "A notation stands once in the scheme.")
        return found

    def _cluster(self, iri: URIRef, ids: dict[URIRef, str]) -> GivenCluster:
        above = [ids[parent] for parent in self._above(iri) if parent in ids]
        place = f"{self._name} <{iri}>"
        if len(above) > 1:
            problem = f"{ids[iri]} has two parents: {', '.join(above)}"
            self._mistakes.add(place, problem, "Keep one skos:broader.")
        cluster = GivenCluster(ids[iri], above[0] if above else "", iri=str(iri), place=place)
        cluster.labels = self._texts(iri, SKOS.prefLabel) | self._texts(iri, XL.prefLabel)
        alternative: dict[str, list[str]] = {}
        for literal in self._literals(iri, SKOS.altLabel, XL.altLabel):
            alternative.setdefault(self._language(literal), []).append(" ".join(str(literal).split()))
        cluster.alt_labels = {language: tuple(sorted(labels)) for language, labels in sorted(alternative.items())}
        cluster.definitions = self._texts(iri, SKOS.definition)
        cluster.scope_notes = self._texts(iri, SKOS.scopeNote)
        cluster.exclusion_notes = self._texts(iri, XKOS.exclusionNote)
        return cluster

    def _literals(self, iri: URIRef, *predicates: URIRef) -> list[Literal]:
        found: set[Node] = set()
        for predicate in predicates:
            for value in self._graph.objects(iri, predicate):
                found |= {value} if isinstance(value, Literal) else set(self._graph.objects(value, XL.literalForm))
        return sorted(literal for literal in found if isinstance(literal, Literal))

    def _texts(self, iri: URIRef, predicate: URIRef) -> dict[str, str]:
        """One text per language; several are joined."""
        found: dict[str, list[str]] = {}
        for literal in self._literals(iri, predicate):
            found.setdefault(self._language(literal), []).append(" ".join(str(literal).split()))
        if predicate in (SKOS.prefLabel, XL.prefLabel):
            for language, labels in found.items():
                if len(labels) > 1:
                    problem = f"has {len(labels)} preferred labels in {language}: {'; '.join(labels)}"
                    self._mistakes.add(f"{self._name} <{iri}>", problem, "Keep one skos:prefLabel a language.")
        return {language: " ".join(texts) for language, texts in sorted(found.items())}

    def _language(self, literal: Literal) -> str:
        return literal.language.lower() if literal.language else self._main

    def _publisher(self, concepts: set[URIRef]) -> str:
        """Who the file says made or publishes the scheme, if it says so in words."""
        for scheme in sorted({scheme for iri in concepts for scheme in self._schemes(iri)}, key=str):
            for predicate in ("http://purl.org/dc/terms/creator", "http://purl.org/dc/terms/publisher"):
                for value in self._graph.objects(scheme, URIRef(predicate)):
                    if isinstance(value, Literal):
                        return str(value)
        return ""
