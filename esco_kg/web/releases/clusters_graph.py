"""The clusters graph's blocks gathered into clusters, levels and facts about the scheme."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping

from esco_kg.rdf.namespaces import DCT, NACE, OWL, QB, SKOS, XKOS
from esco_kg.rdf.terms import RDF_TYPE, Block
from esco_kg.web.releases.model import Cluster, Related
from esco_kg.web.releases.triples import first, iris, language, lexical, texts

_CONCEPT, _PREF = f"<{SKOS}Concept>", f"<{SKOS}prefLabel>"
_LEVEL_DEPTH = f"<{XKOS}depth>"


class ClustersGraphReader:
    """Takes blocks in any order; ``base`` is the base IRI, ``cluster_path`` what follows it in IRIs of clusters."""

    def __init__(self, base: str, cluster_path: str) -> None:
        self._base, self._path = base, cluster_path
        self._depth = f"<{base}model#depth>"
        self._clusters: dict[str, Cluster] = {}
        self._related: dict[str, list[Related]] = defaultdict(list)
        self._shares: dict[str, dict[str, float]] = defaultdict(dict)
        self._facts: dict[str, dict[str, object]] = {"levels": {}, "bases": {}, "sectors": {}, "scheme": {}}

    def take(self, block: Block) -> None:
        """Take a block of the clusters graph; those that say nothing of clusters are passed over."""
        types = block.objects.get(RDF_TYPE, set())
        local = block.subject[1:-1].removeprefix(self._base)
        if _CONCEPT in types and self._depth in block.objects and local.startswith(self._path):
            identifier = local.removeprefix(self._path)
            self._clusters[identifier] = self._cluster(identifier, block)
        elif f"<{self._base}model#ClusterRelation>" in types:
            self._relation(block)
        elif f"<{QB}Observation>" in types and f"<{self._base}model#refCluster>" in block.objects:
            self._share(block)
        elif f"<{XKOS}ClassificationLevel>" in types:
            self._facts["levels"][first(block, _LEVEL_DEPTH)] = texts(block, _PREF)
        elif local.startswith("basis/"):
            self._facts["bases"][local.partition("/")[2]] = {
                "label": texts(block, _PREF),
                "definition": texts(block, f"<{SKOS}definition>"),
            }
        elif local == "scheme":
            self._facts["scheme"] = {
                "titles": texts(block, f"<{DCT}title>"),
                "descriptions": texts(block, f"<{DCT}description>"),
            }

    def sector(self, block: Block) -> None:
        """Take a block that names a NACE section or division."""
        self._facts["sectors"][block.subject[1:-1].removeprefix(NACE)] = texts(block, _PREF)

    def children(self) -> dict[str, list[str]]:
        """Cluster -> those one level down."""
        return {
            identifier: [child for child in cluster.children if child in self._clusters]
            for identifier, cluster in sorted(self._clusters.items())
        }

    def tops(self) -> list[str]:
        """The clusters in use that no other cluster holds."""
        return [i for i, cluster in sorted(self._clusters.items()) if not cluster.parent and not cluster.is_retired]

    def order_occupations(self, needed: Mapping[tuple[str, str], int]) -> None:
        """Put the typical occupations of each cluster in the order of the skills they need of it, most first.

        ``needed`` has that number by (cluster that holds the skills, IRI of the occupation). RDF keeps no order.
        """
        counts: Counter[tuple[str, str]] = Counter()
        for (holder, occupation), number in needed.items():
            at = holder
            while at in self._clusters:
                counts[at, occupation] += number
                at = self._clusters[at].parent
        for identifier, cluster in self._clusters.items():
            cluster.occupations.sort(key=lambda iri, at=identifier: (-counts[at, iri], iri))  # type: ignore[misc]

    def write(self, connection: sqlite3.Connection) -> None:
        """Write clusters and facts."""
        for identifier, cluster in self._clusters.items():
            cluster.related = sorted(self._related[identifier], key=lambda r: (-r.weight, r.other, r.basis))
            shares = self._shares[identifier]
            cluster.sections = {code: shares[code] for code in sorted(shares) if code.isalpha()}
            cluster.divisions = {code: shares[code] for code in sorted(shares) if not code.isalpha()}
        rows = [
            (name, json.dumps(self._clusters[name].as_json(), ensure_ascii=False)) for name in sorted(self._clusters)
        ]
        connection.executemany("INSERT INTO clusters VALUES (?, ?)", rows)
        facts = [(name, json.dumps(value, ensure_ascii=False, sort_keys=True)) for name, value in self._facts.items()]
        connection.executemany("INSERT INTO facts VALUES (?, ?)", facts)

    def _ids(self, block: Block, predicate: str) -> list[str]:
        return [iri.rpartition("/")[2] for iri in iris(block, predicate)]

    def _number(self, block: Block, name: str) -> float:
        return float(first(block, f"<{self._base}model#{name}>", "0"))

    def _cluster(self, identifier: str, block: Block) -> Cluster:
        alternatives: dict[str, list[str]] = defaultdict(list)
        for term in sorted(block.objects.get(f"<{SKOS}altLabel>", ())):
            alternatives[language(term)].append(lexical(term))
        return Cluster(
            id=identifier,
            depth=int(first(block, self._depth)),
            parent=next(iter(self._ids(block, f"<{SKOS}broader>")), ""),
            branch=first(block, f"<{self._base}model#branch>"),
            labels=texts(block, _PREF),
            alt_labels=dict(alternatives),
            definitions=texts(block, f"<{SKOS}definition>"),
            scope_notes=texts(block, f"<{SKOS}scopeNote>"),
            exclusion_notes=texts(block, f"<{XKOS}exclusionNote>"),
            history=texts(block, f"<{SKOS}historyNote>"),
            children=self._ids(block, f"<{SKOS}narrower>"),
            occupations=iris(block, f"<{self._base}model#typicalOccupation>"),
            leading=[iri.removeprefix(NACE) for iri in iris(block, f"<{SKOS}relatedMatch>") if iri.startswith(NACE)],
            concentration=self._number(block, "sectorConcentration"),
            unreached=self._number(block, "sectorUnreached"),
            skills=int(self._number(block, "skills")),
            created=first(block, f"<{DCT}created>"),
            modified=first(block, f"<{DCT}modified>"),
            is_retired=first(block, f"<{OWL}deprecated>") == "true",
            replaced_by=self._ids(block, f"<{DCT}isReplacedBy>"),
            replaces=self._ids(block, f"<{DCT}replaces>"),
        )

    def _relation(self, block: Block) -> None:
        ends = self._ids(block, f"<{self._base}model#cluster>")
        if len(ends) != 2:
            return
        basis = first(block, f"<{self._base}model#basis>").rpartition("/")[2]
        weight, evidence = self._number(block, "weight"), texts(block, f"<{self._base}model#evidence>")
        for end, other in (ends, ends[::-1]):
            self._related[end].append(Related(other, basis, weight, evidence))

    def _share(self, block: Block) -> None:
        cluster = first(block, f"<{self._base}model#refCluster>").rpartition("/")[2]
        sector = first(block, f"<{self._base}model#refSector>").removeprefix(NACE)
        self._shares[cluster][sector] = self._number(block, "share")
