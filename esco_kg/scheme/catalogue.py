"""The graph ``catalogue``: DCAT-AP 3.0.1 entries of a release and its files; with VoID and PROV beside them.

An entry of a release never says what only later releases know: its newer versions stand in the catalogue of all
releases alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from esco_kg.config import Config
from esco_kg.folder.reading import MANIFEST
from esco_kg.model.clustering import Origin
from esco_kg.model.pillar import Source
from esco_kg.model.published import GraphSummary, PublishedFile, ReleaseInfo
from esco_kg.rdf.namespaces import ADMS, DCAT, DCT, FOAF, PROV, VCARD, VOID
from esco_kg.rdf.terms import RDF_TYPE, Block, Term, in_order, plain, text, typed
from esco_kg.scheme import authorities
from esco_kg.scheme import properties as p
from esco_kg.scheme.files import distribution_blocks, manifest_blocks, source_blocks
from esco_kg.scheme.inputs import in_languages
from esco_kg.scheme.iris import Iris, term
from esco_kg.scheme.provenance import provenance_blocks
from esco_kg.scheme.void import void_blocks

_DATASET, _CATALOG = f"<{DCAT}Dataset>", f"<{DCAT}Catalog>"
_SPARQL = ("https://www.w3.org/TR/sparql11-protocol/", "SPARQL 1.1 Protocol")
_KEYWORDS = ("ESCO", "skills", "skill clusters", "classification", "labour market")
_KEYWORD = f"<{DCAT}keyword>"


def catalogue_blocks(
    config: Config,
    release: ReleaseInfo,
    *,
    graphs: Sequence[GraphSummary],
    files: Sequence[PublishedFile],
    sources: Sequence[Source],
    parameters: Mapping[str, object],
    sector_sources: Sequence[Source] = (),
    decisions: Sequence[Source] = (),
    names: Mapping[str, int] | None = None,
    origin: Origin | None = None,
) -> Iterator[Block]:
    """The catalogue entry of one release, one block per subject, in subject order.

    ``graphs`` are the named graphs written so far, ``files`` those that become distributions, ``sources`` the ESCO
    files read, ``sector_sources`` the NACE files, ``decisions`` the files of curation/, ``names`` the
    number of clusters by who gave their name in the main language, ``parameters`` what the
    clusters were made with; ``origin`` who made them, where it was not this program.
    """
    iris = Iris.of(config, release.version)
    read = [*sources, *sector_sources, *(origin.sources if origin else ())]
    blocks = [
        _catalogue(config, iris, release.languages, [release.version], release.issued),
        _abstract(config, iris, release.languages),
        _release(config, iris, release, graphs, files, read, origin),
        _esco(config, iris, release, sources),
        _service(config, iris, [release.version]),
        *_shared(config, iris, release.languages),
        *distribution_blocks(config, iris, release, files),
        *source_blocks(iris, [*read, *decisions]),
        *void_blocks(iris, graphs, files, term(config.licence, "licence.iri")),
        *_provenance_statement(iris, origin),
        *provenance_blocks(iris, release, config, read, decisions, parameters, names or {}, graphs, origin),
    ]
    return in_order(sorted(blocks, key=lambda block: block.subject))


def releases_catalogue_blocks(
    config: Config, releases: Sequence[Mapping[str, Any]], checksums: Mapping[str, str]
) -> Iterator[Block]:
    """The catalogue of all releases (their manifests, oldest first): what the releases themselves cannot say.

    The dataset lists its versions and names the current one. ``checksums`` has the SHA-256 of each version's manifest.
    """
    iris = Iris.of(config)
    versions = [str(manifest["version"]) for manifest in releases]
    languages = sorted({language for manifest in releases for language in manifest["languages"]})
    issued = str(releases[-1]["issued"]) if releases else ""
    abstract = _abstract(config, iris, languages)
    for predicate in (p.HAS_VERSION, f"<{DCAT}hasVersion>"):
        abstract.add(predicate, *(iris.release(version) for version in versions))
    if versions:
        abstract.add(f"<{DCAT}hasCurrentVersion>", iris.release(versions[-1]))
    blocks = [
        _catalogue(config, iris, languages, versions, issued),
        abstract,
        _service(config, iris, versions),
        *_shared(config, iris, languages),
    ]
    manifests: dict[Term, Block] = {}  # classes of types stand once, however many releases name them
    for manifest in releases:
        release = ReleaseInfo(
            version=manifest["version"],
            esco_version=manifest["esco_version"],
            issued=manifest["issued"],
            languages=tuple(manifest["languages"]),
            software="",
            previous=manifest["previous"],
            is_extract=bool(manifest.get("extract")),
        )
        own = Iris.of(config, release.version)
        described = manifest_blocks(config, own, release.issued, checksums[release.version])
        manifests |= {block.subject: block for block in described}
        blocks.append(_version(config, iris, release).add(f"<{DCAT}distribution>", own.download(MANIFEST)))
    blocks += manifests.values()
    return in_order(sorted(blocks, key=lambda block: block.subject))


def _described(config: Config, block: Block, titles: Iterable[Term], descriptions: Iterable[Term]) -> Block:
    publisher = Iris.of(config).agent()
    return block.add(p.TITLE, *titles).add(p.DESCRIPTION, *descriptions).add(p.PUBLISHER, publisher)


def _catalogue(config: Config, iris: Iris, languages: Sequence[str], versions: Sequence[str], issued: str) -> Block:
    block = _described(
        config,
        Block(iris.catalogue()).add(RDF_TYPE, _CATALOG),
        in_languages(config.titles),
        in_languages(config.descriptions),
    )
    if issued:
        block.add(p.MODIFIED, typed(issued, "date"))
    return (
        block.add(f"<{FOAF}homepage>", term(config.homepage, "publisher.homepage"))
        .add(p.LICENSE, term(config.licence, "licence.iri"))
        .add(p.LANGUAGE, *(authorities.language(tag) for tag in languages))
        .add(f"<{DCAT}dataset>", iris.dataset("clusters"), *(iris.release(version) for version in versions))
        .add(f"<{DCAT}service>", iris.service())
    )


def _abstract(config: Config, iris: Iris, languages: Sequence[str]) -> Block:
    """The dataset that all releases are versions of."""
    block = Block(iris.dataset("clusters")).add(RDF_TYPE, _DATASET)
    _described(config, block, in_languages(config.titles), in_languages(config.descriptions))
    return _common(config, iris, block, languages)


def _common(config: Config, iris: Iris, block: Block, languages: Sequence[str]) -> Block:
    return (
        block.add(f"<{DCAT}contactPoint>", iris.agent("contact"))
        .add(p.LANGUAGE, *(authorities.language(tag) for tag in languages))
        .add(f"<{DCAT}theme>", authorities.THEME)
        .add(_KEYWORD, *(text(keyword, "en") for keyword in _KEYWORDS))
        .add(f"<{DCAT}landingPage>", term(config.homepage, "publisher.homepage"))
        .add(p.LICENSE, term(config.licence, "licence.iri"))
    )


def _version(config: Config, iris: Iris, release: ReleaseInfo) -> Block:
    """What the entry of a release says in its own catalogue and in that of all releases."""
    titles = [text(f"{title} {release.version}", language) for language, title in config.titles.items()]
    block = Block(iris.release(release.version)).add(RDF_TYPE, _DATASET)
    _described(config, block, titles, in_languages(config.descriptions))
    _common(config, iris, block, release.languages)
    if release.previous:
        block.add(f"<{DCAT}previousVersion>", iris.release(release.previous))
    return (
        block.add(p.VERSION, plain(release.version))
        .add(p.IDENTIFIER, plain(block.subject[1:-1]))
        .add(p.ISSUED, typed(release.issued, "date"))
        .add(f"<{ADMS}versionNotes>", text(f"Made from {_read(config, release)}.", "en"))
        .add(p.IS_VERSION_OF, iris.dataset("clusters"))
        .add(f"<{DCAT}isVersionOf>", iris.dataset("clusters"))
    )


def _release(
    config: Config,
    iris: Iris,
    release: ReleaseInfo,
    graphs: Sequence[GraphSummary],
    files: Sequence[PublishedFile],
    sources: Sequence[Source],
    origin: Origin | None,
) -> Block:
    block = _version(config, iris, release)
    if origin is not None:
        made = f"The clusters were made by {origin.by}."
        block.add(f"<{DCT}provenance>", iris.named("provenance"))
        block.add(f"<{ADMS}versionNotes>", text(made, "en"))
    if any(iris.of_model("refSector")[1:-1] in graph.predicates for graph in graphs):
        block.add(_KEYWORD, text("NACE", "en"))  # said only where there are sectors
    return (
        block.add(RDF_TYPE, f"<{VOID}Dataset>", f"<{PROV}Entity>")
        .add(p.CREATOR, iris.agent())
        # Not SKOS: the pillar's labels are the source's, and break S13. The files of the clusters claim it.
        .add(p.CONFORMS_TO, *(f"<{standard}>" for standard in authorities.STANDARDS if standard != authorities.SKOS))
        .add(p.SOURCE, iris.dataset(f"esco-{release.esco_version}"))
        .add(f"<{DCT}rights>", iris.named("rights"))
        .add(f"<{PROV}wasDerivedFrom>", *(iris.source(source.sha256) for source in sources))
        .add(p.GENERATED_BY, iris.activity("release"))
        .add(f"<{VOID}subset>", *(iris.graph(graph.name) for graph in graphs))
        .add(f"<{DCAT}distribution>", *(iris.file(file.name) for file in files))
    )


def _provenance_statement(iris: Iris, origin: Origin | None) -> Iterator[Block]:
    if origin is not None:
        how = origin.how or {"en": f"The clusters were made by {origin.by}."}
        yield (
            Block(iris.named("provenance"))
            .add(RDF_TYPE, f"<{DCT}ProvenanceStatement>")
            .add(p.LABEL, *in_languages(how))
        )


def _read(config: Config, release: ReleaseInfo) -> str:
    """What was read, in words: a part of ESCO is never called ESCO."""
    return f"{config.source} {release.esco_version}{' (extract)' if release.is_extract else ''}"


def _esco(config: Config, iris: Iris, release: ReleaseInfo, sources: Sequence[Source]) -> Block:
    """The ESCO version the release was made from, as far as we know it: its files and their hashes."""
    return (
        Block(iris.dataset(f"esco-{release.esco_version}"))
        .add(RDF_TYPE, _DATASET, f"<{PROV}Entity>")
        .add(p.TITLE, text(f"{_read(config, release)}, as read", "en"))
        .add(p.DESCRIPTION, text(config.acknowledgement, "en"))
        .add(p.VERSION, plain(release.esco_version))
        .add(f"<{DCT}hasPart>", *(iris.source(source.sha256) for source in sources))
    )


def _service(config: Config, iris: Iris, versions: Sequence[str]) -> Block:
    block = Block(iris.service()).add(RDF_TYPE, f"<{DCAT}DataService>")
    description = "Where the publisher runs one: the current release, by SPARQL query."
    _described(config, block, [text("SPARQL endpoint", "en")], [text(description, "en")])
    return (
        block.add(f"<{DCAT}endpointURL>", iris.named("sparql"))
        .add(p.CONFORMS_TO, f"<{_SPARQL[0]}>")
        .add(f"<{DCAT}contactPoint>", iris.agent("contact"))
        .add(p.LICENSE, term(config.licence, "licence.iri"))
        .add(f"<{DCAT}servesDataset>", iris.dataset("clusters"), *(iris.release(version) for version in versions[-1:]))
    )


def _shared(config: Config, iris: Iris, languages: Sequence[str]) -> Iterator[Block]:
    """Publisher, contact and the resources whose class DCAT-AP wants to know."""
    yield (
        Block(iris.agent())
        .add(RDF_TYPE, p.AGENT, p.DCT_AGENT, f"<{PROV}Agent>")
        .add(p.NAME, plain(config.publisher))
        .add(f"<{FOAF}homepage>", term(config.homepage, "publisher.homepage"))
    )
    yield (
        Block(iris.agent("contact"))
        .add(RDF_TYPE, f"<{VCARD}Kind>", f"<{VCARD}Organization>")
        .add(f"<{VCARD}fn>", plain(config.publisher))
        .add(f"<{VCARD}hasURL>", term(config.contact, "publisher.contact"))
    )
    yield (
        Block(iris.named("rights"))
        .add(RDF_TYPE, f"<{DCT}RightsStatement>")
        .add(p.LABEL, text(config.acknowledgement, "en"))
    )
    yield Block(term(config.licence, "licence.iri")).add(RDF_TYPE, f"<{DCT}LicenseDocument>")
    yield Block(term(config.homepage, "publisher.homepage")).add(RDF_TYPE, f"<{FOAF}Document>")
    yield Block(iris.named("sparql")).add(RDF_TYPE, "<http://www.w3.org/2000/01/rdf-schema#Resource>")
    yield Block(authorities.THEME).add(RDF_TYPE, p.CONCEPT).add(p.PREF, text(authorities.THEME_LABEL, "en"))
    for standard, title in (*authorities.STANDARDS.items(), _SPARQL):
        yield Block(f"<{standard}>").add(RDF_TYPE, f"<{DCT}Standard>").add(p.TITLE, text(title, "en"))
    for language in sorted({authorities.language(tag) for tag in languages}):
        yield Block(language).add(RDF_TYPE, f"<{DCT}LinguisticSystem>")
