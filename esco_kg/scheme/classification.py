"""The concept scheme, its levels, what it covers, and who publishes it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from esco_kg.rdf.terms import RDF_TYPE, Block, plain, text, typed
from esco_kg.scheme import properties as p
from esco_kg.scheme.inputs import Inputs, in_languages
from esco_kg.scheme.iris import term

NOTATION_PATTERN = "^c[0-9]{5}$"
"""Of the notations that this program gives; a publisher's own have none."""


def classification_blocks(inputs: Inputs) -> Iterator[Block]:
    """Scheme, scheme as released, levels, list of levels, domain and publisher; in no order."""
    iris, release = inputs.iris, inputs.release
    yield _scheme(inputs)
    version = inputs.release.version
    titles = {language: f"{title} {version}" for language, title in inputs.config.titles.items()}
    yield (
        _named(inputs, Block(iris.released_scheme()), titles, f"{inputs.config.notation}-{version}")
        .add(p.ISSUED, typed(release.issued, "date"))
        .add(p.IS_VERSION_OF, iris.scheme())
    )
    yield (Block(iris.domain()).add(RDF_TYPE, p.CONCEPT).add(p.PREF, text("skills, competences and knowledge", "en")))
    yield (Block(iris.agent()).add(RDF_TYPE, p.AGENT, p.DCT_AGENT).add(p.NAME, plain(inputs.config.publisher)))
    yield from _levels(inputs)


def _named(inputs: Inputs, block: Block, texts: dict[str, str], notation: str) -> Block:
    """What the scheme and the scheme as released both have; title and notation must differ, to tell them apart."""
    titles = in_languages(texts)
    version = plain(inputs.release.version)
    return (
        block.add(RDF_TYPE, p.CONCEPT_SCHEME)
        .add(p.TITLE, *titles)
        .add(p.PREF, *titles)
        .add(p.NOTATION, plain(notation))
        .add(p.VERSION, version)
        .add(p.VERSION_INFO, version)
    )


def _scheme(inputs: Inputs) -> Block:
    iris, release, config = inputs.iris, inputs.release, inputs.config
    clusters = inputs.clustering.clusters.values()
    date = typed(release.issued, "date")
    block = (
        _named(inputs, Block(iris.scheme()), config.titles, config.notation)
        .add(p.DESCRIPTION, *in_languages(config.descriptions))
        .add(p.IDENTIFIER, plain(iris.scheme()[1:-1]))
        .add(p.ISSUED, date)
        .add(p.MODIFIED, date)
        .add(p.HAS_VERSION, iris.released_scheme())
        .add(p.LICENSE, term(config.licence, "licence.iri"))
        .add(p.CREATOR, iris.agent())
        .add(p.PUBLISHER, iris.agent())
        .add(p.LANGUAGE, *(typed(language, "language") for language in release.languages))
        .add(iris.of_model("mainLanguage"), plain(config.main_language))
        .add(p.SOURCE, inputs.skills_scheme)
        .add(p.HAS_TOP, *(iris.cluster(cluster.id) for cluster in clusters if cluster.depth == 1))
        .add(p.NUMBER_OF_LEVELS, typed(len(inputs.clustering.levels), "integer"))
        .add(p.COVERS, iris.domain())
    )
    if inputs.clustering.levels:
        block.add(p.LEVELS, iris.level_list(min(level.depth for level in inputs.clustering.levels)))
    exhaustive, exclusive = coverage(inputs)
    if exhaustive:
        block.add(p.COVERS_ALL, iris.domain())
    if exclusive:
        block.add(p.COVERS_ONCE, iris.domain())
    return block


def coverage(inputs: Inputs) -> tuple[bool, bool]:
    """Whether every skill has a primary cluster, and whether none has two (of those there are)."""
    primary = Counter(a.skill for a in inputs.clustering.allocations if a.rank == "primary")
    # Of an extract nobody knows whether the skills that it leaves out have a cluster.
    is_whole = bool(inputs.pillar.skills) and not inputs.pillar.is_extract
    exhaustive = is_whole and all(skill in primary for skill in inputs.pillar.skills)
    return exhaustive, bool(primary) and max(primary.values()) == 1


def _levels(inputs: Inputs) -> Iterator[Block]:
    iris = inputs.iris
    levels = sorted(inputs.clustering.levels, key=lambda level: level.depth)
    is_ours = all(re.fullmatch(NOTATION_PATTERN, identifier) for identifier in inputs.clustering.clusters)
    for place, level in enumerate(levels):
        below = iris.level_list(levels[place + 1].depth) if place + 1 < len(levels) else p.NIL
        yield (
            Block(iris.level_list(level.depth))
            .add(RDF_TYPE, p.LIST)
            .add(p.FIRST, iris.level(level.depth))
            .add(p.REST, below)
        )
        members = [c.id for c in inputs.clustering.clusters.values() if c.depth == level.depth]
        yield (
            Block(iris.level(level.depth))
            .add(RDF_TYPE, p.LEVEL)
            .add(p.DEPTH, typed(level.depth, "integer"))
            .add(p.NOTATION, plain(level.notation))
            .add(p.PREF, *in_languages(level.labels))
            .add(p.NOTATION_PATTERN, *([plain(NOTATION_PATTERN)] if is_ours else []))
            .add(p.MEMBER, *(iris.cluster(identifier) for identifier in members))
        )
