"""Two releases of clusters compared: clusters, what hangs on them, ESCO beneath them, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from esco_kg.config import config_of
from esco_kg.diff import scheme, version_part
from esco_kg.diff.allocations import allocation_changes, relation_changes, sector_changes
from esco_kg.diff.amounts import amounts, level_amounts
from esco_kg.diff.bridge import bridge
from esco_kg.diff.causes import Causes, Inputs
from esco_kg.diff.clusters import cluster_changes, movements, overlaps
from esco_kg.diff.concepts import DeltaRow, Interpreter
from esco_kg.diff.guards import date_guards, page_guards, registry_guards
from esco_kg.diff.sources import Blocks, Lines, Source, published
from esco_kg.diff.survey import Survey
from esco_kg.diff.tables import Clusters, read_release
from esco_kg.diff.tally import Tally
from esco_kg.diff.walk import differences
from esco_kg.folder.reading import cluster_path, graph_file
from esco_kg.model.changes import Change, Delta
from esco_kg.rdf.namespaces import SKOS, XKOS

_TEXTS = (
    f"<{SKOS}prefLabel> ",
    f"<{SKOS}altLabel> ",
    f"<{SKOS}definition> ",
    f"<{SKOS}scopeNote> ",
    f"<{XKOS}exclusionNote> ",
)


_RENAMED = ("translated", "translation lost", "case", "white space")

Pages = list[tuple[str, Lines]]


@dataclass(frozen=True, slots=True)
class Release:
    """A release folder, finished or in the making. ``made_with`` is its manifest or the part of it that is known."""

    folder: Path
    version: str
    issued: str
    base_iri: str
    made_with: Mapping[str, Any]

    def graph(self, name: str, start: str = "") -> Source:
        """One of its graphs, or those of its subjects that start with ``start``."""
        return published(graph_file(self.folder, self.version, name), start)

    def pages(self) -> Pages:
        """The blocks of its clusters in the graph, retired ones included."""
        return list(self.graph("clusters", f"<{self.base_iri}{cluster_path(self.made_with)}")())


def compare(old: Release, new: Release) -> tuple[Delta, list[DeltaRow]]:
    """Everything that changed from one release to the next, and ESCO's own values in the columns of its deltas.

    Raises InputError where a file of either is missing or damaged.
    """
    esco = scheme.compare(old.graph("pillar"), new.graph("pillar"), esco=True)
    before, after = read_release(old.folder, old.version), read_release(new.folder, new.version)
    shared = overlaps(before, after)
    links = [{term[1:-1]: n for term, n in side.links.items()} for side in (esco.survey.old, esco.survey.new)]
    tally = _tally(before, after, links)
    inputs = Inputs.of(old.made_with, new.made_with)
    causes = Causes(before, after, esco.changes, inputs, movements(before, after))
    pages = old.pages(), new.pages()
    for change, skills in [*cluster_changes(before, after, shared), *_text_changes(*pages, before, after)]:
        tally.add(change, skills, why=causes.of(change))
    for found in (allocation_changes, relation_changes, sector_changes):
        for change, skills, number in found(before, after):
            tally.add(change, skills, number, causes.of(change))
    settings = config_of(dict(new.made_with.get("settings", {})), new.version)
    rows = bridge(before, after, shared, *links)
    changed = amounts(rows, settings.series_break)
    levels = level_amounts(rows, changed)
    # A level that one of the two lacks has nothing to be compared with.
    depths = {c.depth for c in before.clusters.values()} & {c.depth for c in after.clusters.values()}
    delta = Delta(
        old.version,
        new.version,
        changes=sorted([*tally.changes, *esco.changes], key=Change.key),
        counts=[*tally.counts(), *esco.counts],
        totals=_totals(before, after) | esco.totals,
        labels=esco.labels | _labels(before, after),
        verdict=version_part.of_clusters(before.clusters, after.clusters, changed, levels, settings.major_share),
        bridge=rows,
        guards=[
            *date_guards(old.issued, new.issued),
            *registry_guards(before, after, new.issued),
            *page_guards(*pages),
        ],
        similarity={depth: overlap.similarity() for depth, overlap in shared.items() if depth in depths},
        amounts=changed,
        levels=[level for level in levels if level.depth in depths],
    )
    return delta, esco.rows


def _tally(before: Clusters, after: Clusters, links: list[dict[str, int]]) -> Tally:
    had, has = links
    known, now = before.primary(), after.primary()
    # A skill of both counts with the links it had, none included; a new one with those it has.
    counted = {skill: had.get(skill, 0) if skill in known else has.get(skill, 0) for skill in known.keys() | now.keys()}
    return Tally(_numbers(before), _numbers(after), counted, len(counted))


def _numbers(side: Clusters) -> dict[str, int]:
    return {
        "cluster": len(side.clusters),
        "allocation": len(side.allocations),
        "cluster relation": len(side.relations),
        "sector link": sum(len(codes) for codes in side.leading.values()) + len(side.sections),
    }


def _totals(before: Clusters, after: Clusters) -> dict[str, tuple[int, int]]:
    found = {
        f"clusters of level {depth}": (before.size(depth), after.size(depth))
        for depth in sorted({*before.depths, *after.depths})
    }
    found["allocations"] = (len(before.allocations), len(after.allocations))
    found["relations between clusters"] = (len(before.relations), len(after.relations))
    return found


def _labels(before: Clusters, after: Clusters) -> dict[str, str]:
    found = dict(before.skill_labels) | after.skill_labels
    for side in (before, after):
        found |= {identifier: entry.label for identifier, entry in side.registry.items()}
        found |= {identifier: cluster.label for identifier, cluster in side.clusters.items()}
    return found


def _text_changes(old: Pages, new: Pages, before: Clusters, after: Clusters) -> Iterator[tuple[Change, set[str]]]:
    """New names and descriptions of clusters that both releases have."""
    interpreter, tally = Interpreter(Survey(), esco=False), Tally({}, {}, {})
    found = differences(_texts_of(old), _texts_of(new))
    interpreter.read(d for d in found if d.old and d.new)
    interpreter.name(tally)
    for change in sorted(tally.changes, key=Change.key):
        identifier = change.subject.rsplit("/", 1)[1]
        if identifier in before.clusters and identifier in after.clusters:
            cluster = after.clusters[identifier]
            # Of a cluster every other name is a new name: which language has one is counted by itself.
            kind = "renamed" if change.kind in _RENAMED else change.kind
            named = change._replace(
                about="cluster", kind=kind, subject=identifier, label=cluster.label, skills=0, links=0
            )
            yield named, set(cluster.members)


def _texts_of(pages: Pages) -> Blocks:
    return ((subject, [line for line in lines if line.startswith(_TEXTS)]) for subject, lines in pages)
