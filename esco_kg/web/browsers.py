"""For people who run other browsers of vocabularies: a Skosmos configuration and a file for SkoHub, per release.

Both want both directions of every link, ``skos:inScheme`` at every concept, labels in each language, and a scheme that
is no ontology; Skosmos wants a ``void:uriSpace`` that every IRI starts with. The test of this module holds the files to
these rules.
"""

from __future__ import annotations

from esco_kg.dump import turtle_text
from esco_kg.namespaces import DCT, PREFIXES, RDF, RDFS, SKOS, VOID
from esco_kg.scheme import Iris
from esco_kg.terms import RDF_TYPE, Block, Term, in_order, iri, plain, text, typed
from esco_kg.web.edition import Edition
from esco_kg.web.model import Texts

_SKOSMOS = "http://purl.org/net/skosmos#"
_VANN = "http://purl.org/vocab/vann/"
_HERE = "urn:esco-kg:skosmos#"


def _skos(name: str) -> Term:
    return f"<{SKOS}{name}>"


def skohub_file(edition: Edition) -> str:
    """The scheme and its current clusters as one Turtle file."""
    iris = Iris(edition.base, edition.version)
    scheme = (
        Block(iris.scheme())
        .add(RDF_TYPE, _skos("ConceptScheme"))
        .add(f"<{DCT}title>", *_said(edition.titles, edition))
        .add(f"<{DCT}description>", *_said(edition.descriptions, edition))
        .add(f"<{DCT}issued>", typed(edition.issued, "date"))
        .add(f"<{DCT}license>", iri(edition.manifest["settings"]["licence"]["iri"]))
        .add(_skos("hasTopConcept"), *(iris.cluster(cluster.id) for cluster in edition.top))
        .add(f"<{_VANN}preferredNamespaceUri>", plain(edition.base))
    )
    blocks = [scheme]
    for cluster in edition.current():
        block = (
            Block(iris.cluster(cluster.id))
            .add(RDF_TYPE, _skos("Concept"))
            .add(_skos("prefLabel"), *_said(cluster.labels, edition))
            .add(_skos("definition"), *_said(cluster.definitions, edition))
            .add(_skos("notation"), plain(cluster.id))
            .add(_skos("inScheme"), iris.scheme())
            .add(_skos("narrower"), *(iris.cluster(child) for child in cluster.children))
            .add(_skos("related"), *(iris.cluster(other) for other in _related(edition, cluster.id)))
        )
        block.add(
            *(
                (_skos("broader"), iris.cluster(cluster.parent))
                if cluster.parent
                else (_skos("topConceptOf"), iris.scheme())
            )
        )
        blocks.append(block)
    return turtle_text(in_order(sorted(blocks, key=lambda block: block.subject)), {**iris.prefixes(), "vann": _VANN})


def _related(edition: Edition, identifier: str) -> set[str]:
    return {one.other for one in edition.clusters[identifier].related if one.other in edition.clusters}


def _said(texts: Texts, edition: Edition) -> list[Term]:
    """The text in every language of the release that has it."""
    return [text(value, tag) for tag, value in sorted(texts.items()) if value and tag in edition.languages]


def skosmos_configuration(edition: Edition, end_point: str) -> str:
    """A ``config.ttl`` for Skosmos 2 and 3 over a SPARQL end point that holds the release's graph of clusters."""
    iris = Iris(edition.base, edition.version)
    category, vocabulary = iri(f"{_HERE}category"), iri(f"{_HERE}clusters")

    def own(name: str) -> Term:
        return f"<{_SKOSMOS}{name}>"

    configuration = (
        Block(iri(f"{_HERE}config"))
        .add(RDF_TYPE, own("Configuration"))
        .add(own("sparqlEndpoint"), iri(end_point))
        .add(own("sparqlDialect"), plain("Generic"))
        .add(own("languages"), iri(f"{_HERE}languages-0"))
        .add(own("searchLimit"), typed(100, "integer"))
    )
    described = (
        Block(vocabulary)
        .add(RDF_TYPE, own("Vocabulary"), f"<{VOID}Dataset>")
        .add(f"<{DCT}title>", *_said(edition.titles, edition))
        .add(f"<{DCT}subject>", category)
        .add(f"<{VOID}uriSpace>", plain(edition.base))
        .add(f"<{VOID}sparqlEndpoint>", iri(end_point))
        .add(own("sparqlGraph"), iris.graph("clusters"))
        .add(own("mainConceptScheme"), iris.scheme())
        .add(own("shortName"), plain(f"clusters {edition.version}"))
        .add(own("language"), *(plain(tag) for tag in edition.languages))
        .add(own("defaultLanguage"), plain("en" if "en" in edition.languages else edition.languages[0]))
        .add(own("showTopConcepts"), typed(True, "boolean"))
        .add(own("showDeprecated"), typed(True, "boolean"))
        .add(own("fullAlphabeticalIndex"), typed(True, "boolean"))
    )
    named = Block(category).add(RDF_TYPE, _skos("Concept")).add(_skos("prefLabel"), text("Skills", "en"))
    blocks = [configuration, described, named, *_language_list(edition)]
    prefixes = {**PREFIXES, "skosmos": _SKOSMOS, "": _HERE}
    return turtle_text(in_order(sorted(blocks, key=lambda block: block.subject)), prefixes)


def _language_list(edition: Edition) -> list[Block]:
    """Skosmos reads its languages from an RDF list of (label, value) pairs."""
    blocks = []
    for number, tag in enumerate(edition.languages):
        entry = iri(f"{_HERE}language-{tag}")
        last = number == len(edition.languages) - 1
        rest = f"<{RDF}nil>" if last else iri(f"{_HERE}languages-{number + 1}")
        blocks += [
            Block(iri(f"{_HERE}languages-{number}"))
            .add(RDF_TYPE, f"<{RDF}List>")
            .add(f"<{RDF}first>", entry)
            .add(f"<{RDF}rest>", rest),
            Block(entry).add(f"<{RDFS}label>", plain(tag)).add(f"<{RDF}value>", plain(f"{tag}_{tag.upper()}.utf8")),
        ]
    return blocks
