"""The clusters as CSV tables: UTF-8, LF, RFC 4180 quoting, sorted.

They are what a spreadsheet opens and what the next release reads back, so ids, parents, members, dates, content hashes
and the registry of ids are whole in them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from esco_kg.model.clustering import RANKS, Allocation, Cluster, Clustering
from esco_kg.model.content import content_sha256
from esco_kg.model.pillar import Pillar, Repair
from esco_kg.rdf.terms import lexical

_Row = Sequence[object]


def write_tables(clustering: Clustering, pillar: Pillar, folder: Path, stem: str) -> list[str]:
    """Write ``<stem>-clusters.csv``, ``-allocations``, ``-relations``, ``-sector-profile`` and ``-registry``.

    Returns the files' names. Lists inside a cell are separated by one space; shares and weights are rounded to four
    decimals, as in the RDF. ``skill_code`` is the end of the skill's IRI, its notation in the graph ``codes``.
    """
    tables = {
        "clusters": _clusters(clustering, pillar),
        "allocations": _allocations(clustering, pillar),
        "relations": _relations(clustering),
        "sector-profile": _sector_profile(clustering),
        "registry": _registry(clustering),
    }
    for name, (head, rows) in tables.items():
        with (folder / f"{stem}-{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(head)
            writer.writerows(rows)
    return [f"{stem}-{name}.csv" for name in tables]


def write_repairs(repairs: Sequence[Repair], folder: Path) -> None:
    """Write ``repairs.csv``, every corrected cell of the input; no file where there is none."""
    if not repairs:
        return
    with (folder / "repairs.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["repair", "place", "column", "was", "is"])
        writer.writerows([r.kind, r.place, r.column, r.was, r.now] for r in repairs)


def _number(value: float) -> str:
    """The digits that the RDF has: 0.5, never 0.5000."""
    return lexical(round(value, 4) + 0.0)


def _clusters(clustering: Clustering, pillar: Pillar) -> tuple[list[str], Iterable[_Row]]:
    others = {language for cluster in clustering.clusters.values() for language in cluster.labels}
    languages = [*pillar.languages, *sorted(others - set(pillar.languages))]
    members = clustering.members()
    head = ["id", "depth", "parent", "branch"]
    head += [f"{name}_{language}" for name in ("label", "name_status", "definition") for language in languages]
    head += ["skills", "created", "modified", "content"]
    head += ["sector_concentration", "sector_unreached", "leading_sectors"]

    def row(cluster: Cluster) -> _Row:
        profile = clustering.profiles.get(cluster.id)
        sectors = (
            (_number(profile.concentration), _number(profile.unreached), " ".join(profile.leading)) if profile else None
        )
        skills = members[cluster.id]
        return [
            *(cluster.id, cluster.depth, cluster.parent or "", cluster.branch),
            *(cluster.labels.get(language, "") for language in languages),
            *(cluster.name_status.get(language, "") for language in languages),
            *(cluster.definitions.get(language, "") for language in languages),
            *(len(skills), cluster.created, cluster.modified, content_sha256(cluster, skills)),
            *(sectors or ("", "", "")),
        ]

    return head, [row(clustering.clusters[identifier]) for identifier in sorted(clustering.clusters)]


def _allocations(clustering: Clustering, pillar: Pillar) -> tuple[list[str], Iterable[_Row]]:
    head = ["skill", "skill_code", "skill_label", "cluster", "rank", "weight", "margin", "runner_up"]
    head += ["method", "decision"]
    rows = (
        [
            a.skill,
            a.skill.replace("#", "/").rsplit("/", 1)[-1],
            pillar.skills[a.skill].label() if a.skill in pillar.skills else "",
            *(a.cluster, a.rank, _number(a.weight), _margin(a), a.runner_up or "", a.method, a.decision),
        ]
        for a in sorted(clustering.allocations, key=lambda a: (a.skill, RANKS.index(a.rank), a.cluster))
    )
    return head, rows


def _margin(allocation: Allocation) -> str:
    return "" if allocation.margin is None else _number(allocation.margin)


def _relations(clustering: Clustering) -> tuple[list[str], Iterable[_Row]]:
    ordered = sorted(clustering.relations, key=lambda r: (r.source, r.target, r.basis))
    return ["source", "target", "basis", "weight", "evidence"], (
        [r.source, r.target, r.basis, _number(r.weight), r.evidence] for r in ordered
    )


def _sector_profile(clustering: Clustering) -> tuple[list[str], Iterable[_Row]]:
    rows = [
        [identifier, level, code, _number(share)]
        for identifier, profile in sorted(clustering.profiles.items())
        for level, shares in (("section", profile.sections), ("division", profile.divisions))
        for code, share in sorted(shares.items())
    ]
    return ["cluster", "level", "nace", "share"], rows


def _registry(clustering: Clustering) -> tuple[list[str], Iterable[_Row]]:
    head = ["id", "depth", "minted_in", "retired_in", "replaced_by", "label"]
    return head, (
        [e.id, e.depth, e.minted_in, e.retired_in, " ".join(e.replaced_by), e.label]
        for e in sorted(clustering.registry, key=lambda e: e.id)
    )
