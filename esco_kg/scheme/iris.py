"""The only place where IRIs of our own are minted; the table in ``docs/rdf-model.md`` is their design.

Every method returns the IRI as an N-Triples term (``<https://...>``).
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from urllib.parse import quote

from esco_kg.config import CLUSTER_PATH, Config
from esco_kg.errors import InputError
from esco_kg.rdf.namespaces import NACE, PREFIXES
from esco_kg.rdf.terms import Term, iri

# Namespaces of ESCO's own concepts: prefixes for readers of Turtle.
_ESCO_PREFIXES = {
    "skill": "http://data.europa.eu/esco/skill/",
    "occupation": "http://data.europa.eu/esco/occupation/",
    "isco": "http://data.europa.eu/esco/isco/",
    "isced-f": "http://data.europa.eu/esco/isced-f/",
    "concept-scheme": "http://data.europa.eu/esco/concept-scheme/",
    "nace": NACE,
}
_UNRESERVED = re.compile(r"[A-Za-z0-9_.~\-]+")


@lru_cache(maxsize=1 << 16)
def escaped(segment: str) -> str:
    """One segment of a path, everything but unreserved characters percent-encoded (RFC 3986, section 2.3)."""
    return segment if _UNRESERVED.fullmatch(segment) else quote(segment, safe="")


@lru_cache(maxsize=1 << 16)
def term(value: str, place: str) -> Term:
    """An IRI that was read, as a term. Raises InputError, naming the place, where it is none."""
    try:
        return iri(value)
    except ValueError as error:
        raise InputError(place, str(error), "Correct the IRI in the input.") from None


class Iris:
    """Mints IRIs under ``base`` (ends with ``/``) for the release ``version``.

    A concept of ESCO lends its key, the last segment of its IRI, to IRIs of ours; two concepts of one kind with one key
    raise InputError, because two things would share an IRI.
    """

    def __init__(self, base: str, version: str = "", cluster_path: str = CLUSTER_PATH) -> None:
        self.base = base
        self.version = version
        self.cluster_path = cluster_path
        self.model = f"{base}model#"
        self._keys: dict[str, tuple[str, str]] = {}
        self._concepts: dict[tuple[str, str], str] = {}

    @classmethod
    def of(cls, config: Config, version: str = "") -> Iris:
        """Those of a scheme's settings."""
        return cls(config.base_iri, version, config.cluster_path)

    def prefixes(self) -> dict[str, str]:
        """Prefix -> namespace for every file of a release: the vocabularies, ``ekg:``, ESCO's concepts, ours."""
        ours = {name: f"{self.base}{name}/" for name in ("level", "basis", "correspondence", "agent")}
        ours["cluster"] = f"{self.base}{self.cluster_path}"
        return {**PREFIXES, **_ESCO_PREFIXES, **ours, "ekg": self.model}

    def reading_order(self) -> tuple[str, ...]:
        """What a reader of Turtle wants to see first, as regular expressions over subjects."""
        clusters = re.escape(self.cluster_path)
        ours = ("scheme>", "(?:domain|level-list|level)/", clusters, "(?:catalogue|dataset)", "relation/", "basis/")
        return tuple(re.escape(f"<{self.base}") + part for part in ours)

    def _mint(self, *segments: str) -> Term:
        return f"<{self.base}{'/'.join([escaped(segment) for segment in segments])}>"

    def of_model(self, name: str = "") -> Term:
        """A term of our vocabulary, or the vocabulary itself."""
        return f"<{self.model}{name}>" if name else f"<{self.base}model>"

    def scheme(self) -> Term:
        """The cluster scheme, the same in every release."""
        return self._mint("scheme")

    def released_scheme(self) -> Term:
        """The scheme as published in this release.

        Its last segment is not the scheme's own: by it, clients tell classifications apart.
        """
        return self._mint("release", self.version, f"scheme-{self.version}")

    def cluster(self, identifier: str) -> Term:
        """A cluster, the same in every release."""
        return f"<{self.base}{self.cluster_path}{escaped(identifier)}>"

    def released_cluster(self, identifier: str) -> Term:
        """A cluster as published in this release."""
        return self._mint("release", self.version, "cluster", identifier)

    def level(self, depth: int) -> Term:
        """A classification level."""
        return self._mint("level", str(depth))

    def level_list(self, depth: int) -> Term:
        """The cell of the list of levels that holds the level of this depth."""
        return self._mint("level-list", str(depth))

    def label(self, identifier: str, language: str, kind: str, text: str) -> Term:
        """An XL label of a cluster; ``kind`` is ``pref`` or ``alt``."""
        digest = hashlib.sha256(f"{kind}\0{text}".encode()).hexdigest()[:12]
        return self._mint("label", identifier, language, digest)

    def key(self, concept: str) -> tuple[str, str]:
        """Kind and key of a concept: the last two segments of its IRI."""
        found = self._keys.get(concept)
        if found is None:
            *_, kind, key = ("", *concept.replace("#", "/").rsplit("/", 2))
            if not key:
                raise InputError(concept, "the IRI ends in no key", "Correct the IRI in the input.")
            found = self._keys[concept] = (kind, key)
            other = self._concepts.setdefault(found, concept)
            if other != concept:
                raise InputError(concept, f"shares its last segments with {other}", "Give the concepts different IRIs.")
        return found

    def allocation(self, identifier: str, skill: str) -> Term:
        """The allocation of a skill (its IRI) to a cluster."""
        return self._mint("allocation", identifier, self.key(skill)[1])

    def rejected(self, identifier: str, skill: str) -> Term:
        """What experts rejected: a skill (its IRI) in a cluster."""
        return self._mint("rejected", identifier, self.key(skill)[1])

    def correspondence(self, target: str, rank: str = "primary") -> Term:
        """The correspondence from ESCO to a classification with this notation; of clusters, by rank.

        Its last segment is SOURCE_TARGET, which Eurostat's correspondenceTables cuts at ``_``; so neither half has a
        sign that it would take for another: ``ESCO_ESCOSC``, ``ESCO_ESCOSC.usedIn``.
        """
        code = re.sub(r"[^A-Za-z0-9.]", "", target)
        further = re.sub("-(.)", lambda found: found[1].upper(), rank)
        return self._mint("correspondence", f"ESCO_{code}" if rank == "primary" else f"ESCO_{code}.{further}")

    def occupation_sector(self, occupation: str, nace: str) -> Term:
        """The link of an occupation (its IRI) to a NACE division or section."""
        return self._mint("occupation-sector", self.key(occupation)[1], nace)

    def relation(self, source: str, target: str, basis: str) -> Term:
        """A relation between two clusters; the order of the two does not matter."""
        first, second = sorted((source, target))
        return self._mint("relation", first, second, basis)

    def basis(self, basis: str) -> Term:
        """The kind of evidence behind relations."""
        return self._mint("basis", basis)

    def sector_profile(self, level: str, *names: str) -> Term:
        """This release's sector profiles over a level of NACE, ``section`` or ``division``; or, with a cluster and a
        code, one observation of them."""
        return self._mint("release", self.version, "sector-profile", level, *names)

    def dataset(self, name: str) -> Term:
        """A dataset: ``clusters``, ``esco``."""
        return self._mint("dataset", name)

    def structure(self, *names: str) -> Term:
        """The structure of a data cube, or one component of it."""
        return self._mint("structure", *names)

    def code_list(self, name: str, *code: str) -> Term:
        """A code list of ours, or one code of it."""
        return self._mint("code-list", name, *code)

    def statistics(self, *names: str) -> Term:
        """A data set of this release's statistics, or one observation of it: name, then its key."""
        return self._mint("release", self.version, "statistics", *names)

    def quality(self, *names: str) -> Term:
        """A metric of quality, the same in every release."""
        return self._mint("quality", *names)

    def released_quality(self, *names: str) -> Term:
        """This release's quality measurements, or one of them."""
        return self._mint("release", self.version, "quality", *names)

    def domain(self) -> Term:
        """What the classification covers."""
        return self._mint("domain", "skills")

    def activity(self, name: str) -> Term:
        """An activity behind this release: ``clustering`` or ``release``."""
        return self._mint("activity", self.version, name)

    def agent(self, name: str = "publisher") -> Term:
        """A person, organisation or program."""
        return self._mint("agent", name)

    def node_literal(self, kind: str, key: str, language: str) -> Term:
        """One language's description of an ESCO concept (see :meth:`key`)."""
        return self._mint("node-literal", kind, key, language)

    def catalogue(self) -> Term:
        """The catalogue of all releases."""
        return self._mint("catalogue")

    def service(self) -> Term:
        """The SPARQL service."""
        return self._mint("service", "sparql")

    def release(self, version: str = "") -> Term:
        """The dataset of one release, by default of this one."""
        return self._mint("release", version or self.version)

    def file(self, name: str) -> Term:
        """The description of a file of this release; ``name`` may hold slashes."""
        return self._mint("release", self.version, "file", *name.split("/"))

    def checksum(self, name: str) -> Term:
        """The checksum of a file of this release."""
        return self._mint("release", self.version, "file", *name.split("/"), "checksum")

    def download(self, name: str) -> Term:
        """The file itself, where the publisher serves a release's folder as it is."""
        return self._mint("release", self.version, *name.split("/"))

    def change(self, *parts: str) -> Term:
        """A change, all changes of this release, or a count of one kind; without a version, under the base."""
        return self._mint("release", self.version, "change", *parts) if self.version else self._mint("change", *parts)

    def bridge(self, *parts: str) -> Term:
        """The correspondence from the previous release's clusters to this one's, or one of its associations."""
        return self._mint("release", self.version, "bridge", *parts)

    def graph(self, name: str, *parts: str) -> Term:
        """A named graph of this release, or a part of its description."""
        return self._mint("release", self.version, "graph", name, *parts)

    def compact(self, iri: str) -> str:
        """``skos-Concept`` for an IRI in a known vocabulary, otherwise the IRI: a segment for IRIs of its
        statistics."""
        for prefix, namespace in {**PREFIXES, "ekg": self.model}.items():
            if iri.startswith(namespace):
                return f"{prefix}-{iri.removeprefix(namespace)}"
        return iri

    def source(self, sha256: str, *parts: str) -> Term:
        """An input file, known by its content; or a part of its description."""
        return self._mint("source", sha256, *parts)

    def named(self, *segments: str) -> Term:
        """Any other resource of the catalogue, e.g. ``contact``."""
        return self._mint(*segments)


def nace(code: str) -> Term:
    """NACE 2.1 section, division, group or class: ``24.20`` -> ``.../nace2.1/2420``."""
    return f"<{NACE}{escaped(code.replace('.', ''))}>"
