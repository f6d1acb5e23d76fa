"""The graph ``codes``: notations for ESCO's skills and concept schemes, and which occupation belongs to which sector.

ESCO gives skills and schemes no code, and occupations a sector only from 1.2.1 on. The links published here are those
that the clusters were made with, whether they come from ``naceCode`` or from a crosswalk, with their codes put right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from esco_kg.config import Config
from esco_kg.model.pillar import Pillar, Sector, SectorLinks
from esco_kg.model.published import ReleaseInfo
from esco_kg.rdf.namespaces import NACE_SCHEME
from esco_kg.rdf.terms import RDF_TYPE, Block, decimal, in_order, lexical, plain, text, typed
from esco_kg.scheme import properties as p
from esco_kg.scheme.inputs import occupations_scheme, origin_of
from esco_kg.scheme.iris import Iris, nace, term
from esco_kg.scheme.vocabulary import TERMS, declared

_NACE = "NACE2.1"
_NAME = "ESCO occupations to NACE 2.1"
# An occupation in 24 divisions (there is one) must still add up to 1.
_PLACES = 6
_DECLARED = ("sourceScheme", "targetScheme", "weight")


def code_blocks(pillar: Pillar, sectors: SectorLinks, config: Config, release: ReleaseInfo) -> Iterator[Block]:
    """The whole graph, one block per subject, in subject order.

    No word of sectors where no occupation is linked to one. Raises InputError where an IRI of the input is none.
    """
    iris = Iris.of(config, release.version)
    blocks = [*_skill_codes(pillar, iris), *_scheme_codes(pillar)]
    if sectors.known:
        blocks += _correspondence(pillar, sectors, release, iris)
        blocks += declared(iris, {name: TERMS[name] for name in _DECLARED})
    return in_order(sorted(blocks, key=lambda block: block.subject))


def _skill_codes(pillar: Pillar, iris: Iris) -> Iterator[Block]:
    """The last segment of a skill's IRI as its notation."""
    for iri in pillar.skills:
        yield Block(term(iri, "the ESCO tables")).add(p.NOTATION, plain(iris.key(iri)[1]))


def _scheme_codes(pillar: Pillar) -> Iterator[Block]:
    """``ESCO-`` and the last segment of a scheme's IRI as its notation: without one, clients cannot name it."""
    for iri in pillar.schemes:
        segment = re.split("[/#]", iri.rstrip("/#"))[-1]
        yield Block(term(iri, "the ESCO tables")).add(p.NOTATION, plain(f"ESCO-{segment.upper()}"))


def _correspondence(pillar: Pillar, sectors: SectorLinks, release: ReleaseInfo, iris: Iris) -> Iterator[Block]:
    """The correspondence, an association per link of an occupation, and the codes that these lead to."""
    shares = list(sectors.shares())
    links = [_association(iris, *share) for share in shares]
    occupations = term(occupations_scheme(pillar), "the ESCO tables")
    yield (
        Block(iris.correspondence(_NACE))
        .add(RDF_TYPE, p.CORRESPONDENCE)
        .add(p.PREF, text(_NAME, "en"))
        .add(p.DESCRIPTION, text(_description(sectors), "en"))
        .add(p.ISSUED, typed(release.issued, "date"))
        .add(p.CREATOR, iris.agent())
        .add(p.COMPARES, occupations, f"<{NACE_SCHEME}>")
        .add(iris.of_model("sourceScheme"), occupations)
        .add(iris.of_model("targetScheme"), f"<{NACE_SCHEME}>")
        .add(p.MADE_OF, *(link.subject for link in links))
    )
    yield from links
    yield from _sector_codes({code for _, code, _ in shares}, sectors.structure)


def _description(sectors: SectorLinks) -> str:
    return (
        "The NACE 2.1 divisions of ESCO's occupations; a section where no division is known. The weight of a link is "
        f"its share of the occupation; an occupation's weights add up to 1. {origin_of(sectors)} "
        "Groups and classes are left out: codes have lost zeros at the end, and are right in their first two digits."
    )


def _association(iris: Iris, occupation: str, code: str, weight: float) -> Block:
    return (
        Block(iris.occupation_sector(occupation, code))
        .add(RDF_TYPE, p.ASSOCIATION)
        .add(p.SOURCE_CONCEPT, term(occupation, "the ESCO tables"))
        .add(p.TARGET_CONCEPT, nace(code))
        .add(iris.of_model("weight"), decimal(weight, _PLACES))
        .add(p.COMMENT, text(f"weight {lexical(round(weight, _PLACES))}", "en"))
    )


def _sector_codes(linked: set[str], structure: Mapping[str, Sector]) -> Iterator[Block]:
    """Notations of the sectors that are linked, and the sections of divisions, so that both can be asked for."""
    for code in sorted(linked | {structure[code].parent for code in linked} - {""}):
        block = Block(nace(code)).add(p.NOTATION, plain(code))
        if parent := structure[code].parent:
            block.add(p.BROADER, nace(parent))
        yield block
