"""What modules that write graphs share: the inputs of the clusters, and look-ups made from them once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from esco_kg.config import Config
from esco_kg.model.clustering import Clustering
from esco_kg.model.pillar import Concept, Pillar, SectorLinks
from esco_kg.model.published import ReleaseInfo
from esco_kg.rdf.terms import Term, text
from esco_kg.scheme.iris import Iris, term

_ESCO = "http://data.europa.eu/esco/"


@dataclass(frozen=True)
class Inputs:
    """One release's clusters with everything their RDF speaks of."""

    clustering: Clustering
    pillar: Pillar
    sectors: SectorLinks
    config: Config
    release: ReleaseInfo
    iris: Iris

    @cached_property
    def children(self) -> dict[str, list[str]]:
        """Cluster id -> ids below it."""
        return self.clustering.children()

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Cluster id -> number of primary skills, at any level."""
        return {identifier: len(skills) for identifier, skills in self.clustering.members().items()}

    @cached_property
    def skills_scheme(self) -> Term:
        """The concept scheme of the skills pillar that was read."""
        return term(skills_scheme(self.pillar), "the ESCO tables")


def skills_scheme(pillar: Pillar) -> str:
    """The IRI of the skills pillar's concept scheme: the one named ``skills``, by default ESCO's."""
    return _scheme(pillar, "skills", pillar.skills.values())


def occupations_scheme(pillar: Pillar) -> str:
    """The IRI of the occupations pillar's concept scheme: the one named ``occupations``, by default ESCO's."""
    return _scheme(pillar, "occupations", pillar.occupations.values())


def _scheme(pillar: Pillar, name: str, concepts: Iterable[Concept]) -> str:
    named = {iri for iri in pillar.schemes if iri.endswith(f"/{name}")}
    if not named:
        named = {iri for concept in concepts for iri in concept.in_scheme if iri.endswith(f"/{name}")}
    return min(named, default=f"{_ESCO}concept-scheme/{name}")


def origin_of(sectors: SectorLinks) -> str:
    """Where the occupations' sectors come from, as a sentence."""
    version = f", made for ESCO {sectors.esco_version}" if sectors.esco_version else ""
    origin = "the column naceCode of ESCO's occupations" if sectors.origin == "naceCode" else "a crosswalk"
    return f"The occupations' sectors come from {origin}{version}."


def in_languages(texts: dict[str, str]) -> list[Term]:
    """One literal per language that has a text."""
    return [text(value, language) for language, value in texts.items() if value]
