"""For people who run other browsers of vocabularies: a Skosmos configuration and a file for SkoHub, per release.

Both want both directions of every link, ``skos:inScheme`` at every concept, labels in each language, and a scheme that
is no ontology; Skosmos wants a ``void:uriSpace`` that every IRI starts with. The test of this module holds the files to
these rules.
"""

from __future__ import annotations

from esco_kg.dump import turtle_text
from esco_kg.rdf.namespaces import DCT, PREFIXES, RDF, RDFS, SKOS, VOID
from esco_kg.rdf.terms import RDF_TYPE, Block, Term, in_order, iri, plain, text, typed
from esco_kg.scheme import Iris
from esco_kg.web.releases.model import Texts
from esco_kg.web.releases.view import ReleaseView

_SKOSMOS = "http://purl.org/net/skosmos#"
_VANN = "http://purl.org/vocab/vann/"
_HERE = "urn:esco-kg:skosmos#"


def _skos(name: str) -> Term:
    return f"<{SKOS}{name}>"


def skohub_file(view: ReleaseView) -> str:
    """The scheme and its current clusters as one Turtle file."""
    iris = Iris(view.base, view.version, view.cluster_path)
    scheme = (
        Block(iris.scheme())
        .add(RDF_TYPE, _skos("ConceptScheme"))
        .add(f"<{DCT}title>", *_said(view.titles, view))
        .add(f"<{DCT}description>", *_said(view.descriptions, view))
        .add(f"<{DCT}issued>", typed(view.issued, "date"))
        .add(f"<{DCT}license>", iri(view.manifest["settings"]["licence"]["iri"]))
        .add(_skos("hasTopConcept"), *(iris.cluster(cluster.id) for cluster in view.top))
        .add(f"<{_VANN}preferredNamespaceUri>", plain(view.base))
    )
    blocks = [scheme]
    for cluster in view.current():
        block = (
            Block(iris.cluster(cluster.id))
            .add(RDF_TYPE, _skos("Concept"))
            .add(_skos("prefLabel"), *_said(cluster.labels, view))
            .add(_skos("definition"), *_said(cluster.definitions, view))
            .add(_skos("notation"), plain(cluster.id))
            .add(_skos("inScheme"), iris.scheme())
            .add(_skos("narrower"), *(iris.cluster(child) for child in cluster.children))
            .add(_skos("related"), *(iris.cluster(other) for other in _related(view, cluster.id)))
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


def _related(view: ReleaseView, identifier: str) -> set[str]:
    return {one.other for one in view.clusters[identifier].related if one.other in view.clusters}


def _said(texts: Texts, view: ReleaseView) -> list[Term]:
    """The text in every language of the release that has it."""
    return [text(value, tag) for tag, value in sorted(texts.items()) if value and tag in view.languages]


def skosmos_configuration(view: ReleaseView, end_point: str) -> str:
    """A ``config.ttl`` for Skosmos 2 and 3 over a SPARQL end point that holds the release's graph of clusters."""
    iris = Iris(view.base, view.version, view.cluster_path)
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
        .add(f"<{DCT}title>", *_said(view.titles, view))
        .add(f"<{DCT}subject>", category)
        .add(f"<{VOID}uriSpace>", plain(view.base))
        .add(f"<{VOID}sparqlEndpoint>", iri(end_point))
        .add(own("sparqlGraph"), iris.graph("clusters"))
        .add(own("mainConceptScheme"), iris.scheme())
        .add(own("shortName"), plain(f"clusters {view.version}"))
        .add(own("language"), *(plain(tag) for tag in view.languages))
        .add(own("defaultLanguage"), plain(view.main_language))
        .add(own("showTopConcepts"), typed(True, "boolean"))
        .add(own("showDeprecated"), typed(True, "boolean"))
        .add(own("fullAlphabeticalIndex"), typed(True, "boolean"))
    )
    named = Block(category).add(RDF_TYPE, _skos("Concept")).add(_skos("prefLabel"), text("Skills", "en"))
    blocks = [configuration, described, named, *_language_list(view)]
    prefixes = {**PREFIXES, "skosmos": _SKOSMOS, "": _HERE}
    return turtle_text(in_order(sorted(blocks, key=lambda block: block.subject)), prefixes)


def _language_list(view: ReleaseView) -> list[Block]:
    """Skosmos reads its languages from an RDF list of (label, value) pairs."""
    blocks = []
    for number, tag in enumerate(view.languages):
        entry = iri(f"{_HERE}language-{tag}")
        last = number == len(view.languages) - 1
        rest = f"<{RDF}nil>" if last else iri(f"{_HERE}languages-{number + 1}")
        blocks += [
            Block(iri(f"{_HERE}languages-{number}"))
            .add(RDF_TYPE, f"<{RDF}List>")
            .add(f"<{RDF}first>", entry)
            .add(f"<{RDF}rest>", rest),
            Block(entry).add(f"<{RDFS}label>", plain(tag)).add(f"<{RDF}value>", plain(f"{tag}_{tag.upper()}.utf8")),
        ]
    return blocks
