"""NDJSON-LD: one self-contained document per cluster, one a line, for those who read JSON and no RDF."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Set
from pathlib import Path

from esco_kg.dump.context import REVERSE, TERMS, context, json_prefixes, reverse_definitions
from esco_kg.dump.packed import packed
from esco_kg.rdf.namespaces import SKOS
from esco_kg.rdf.terms import RDF_TYPE, Block, Term

_CONCEPT = f"<{SKOS}Concept>"


class ClusterDocuments:
    """Gathers the clusters graph's nodes by cluster while they are written; then one JSON-LD document per cluster.

    A document holds its context, one cluster, and as inverse properties its allocations, its relations and its sector
    profile. Retired clusters have one too.
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes
        self._depth = f"<{_expanded('ekg:depth', prefixes)}>"
        self._inverse = {f"<{_expanded(compact, prefixes)}>": name for name, compact in REVERSE.items()}
        self._clusters: dict[Term, str] = {}
        self._attached: dict[Term, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._used: set[Term] = set()

    def add(self, block: Block, text: str) -> None:
        """Take a block and the JSON object written for it."""
        links = [name for name in self._inverse if name in block.objects]
        is_cluster = self._depth in block.objects and _CONCEPT in block.objects.get(RDF_TYPE, ())
        if not links and not is_cluster:
            return
        document = text.replace(",\n  ", ", ").replace("\n  ", "").replace("\n", "")
        self._used.update(block.objects)
        if is_cluster:
            self._clusters[block.subject] = document
        for predicate in links:
            for cluster in block.objects[predicate]:
                self._attached[cluster][self._inverse[predicate]].append(document)

    def write(self, path: Path) -> None:
        """Write the documents, one a line, sorted by the cluster's IRI, packed."""
        head = json.dumps({"@context": _small_context(self._prefixes, self._used)}, ensure_ascii=False)[:-1]
        with packed(path) as stream:
            for cluster in sorted(self._clusters):
                attached = sorted(self._attached[cluster].items())
                parts = [f'"{name}": [{", ".join(found)}]' for name, found in attached]
                stream.write((", ".join([f"{head}, {self._clusters[cluster][1:-1]}", *parts]) + "}\n").encode())


def _expanded(compact: str, prefixes: Mapping[str, str]) -> str:
    prefix, _, local = compact.partition(":")
    return prefixes[prefix] + local


def _small_context(prefixes: Mapping[str, str], predicates: Set[Term]) -> dict[str, object]:
    """The context with the terms of these predicates alone, and the inverse names."""
    known = {
        f"<{_expanded(compact, prefixes)}>": name for compact, (name, _) in TERMS.items() if _has(compact, prefixes)
    }
    needed = {known[predicate] for predicate in predicates if predicate in known} | {
        "@version",
        *json_prefixes(prefixes),
    }
    small = {name: value for name, value in context(prefixes).items() if name in needed}
    return small | reverse_definitions()


def _has(compact: str, prefixes: Mapping[str, str]) -> bool:
    return compact.partition(":")[0] in prefixes
