"""What the modules that write the clusters graph share: the inputs, and look-ups made from them once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from esco_kg.config import Config
from esco_kg.model.clustering import Clustering
from esco_kg.model.pillar import Pillar, SectorLinks
from esco_kg.model.published import ReleaseInfo
from esco_kg.scheme.iris import Iris, term
from esco_kg.terms import Term, text

_SKILLS_OF_ESCO = "http://data.europa.eu/esco/concept-scheme/skills"


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
    named = {iri for iri in pillar.schemes if iri.endswith("/skills")}
    if not named:
        named = {iri for skill in pillar.skills.values() for iri in skill.in_scheme if iri.endswith("/skills")}
    return min(named, default=_SKILLS_OF_ESCO)


def in_languages(texts: dict[str, str]) -> list[Term]:
    """One literal per language that has a text."""
    return [text(value, language) for language, value in texts.items() if value]
