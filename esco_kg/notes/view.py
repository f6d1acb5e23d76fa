"""The release as the notes tell it: tables and clusters brought together, ordered, with labels in place of ids."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from esco_kg.errors import InputError
from esco_kg.model.clustering import RULED, Cluster, IdentityEvent
from esco_kg.model.findings import Finding
from esco_kg.model.pillar import Defect
from esco_kg.notes.changes import ChangesView, changes_view
from esco_kg.notes.contents import EXAMPLE, NEEDED_TABLES, Notes
from esco_kg.notes.pictures import Pictures, Relation, draw
from esco_kg.notes.records import Leaders, Record, in_english, integer, leaders, number, records, summed

_BRANCHES = ("sector", "digital", "cross-sector", "language", "")
_MOST_RELATED = 4
_SEVERITIES = ("violation", "warning", "info")


@dataclass(frozen=True, slots=True)
class TopCluster:
    """One cluster of the top level. ``sectors`` are (code, name, share), largest first.

    ``parts`` are the clusters one level below as (id, label, skills), largest first; ``related`` are (label, evidence).
    """

    id: str
    label: str
    branch: str
    is_everywhere: bool
    definition: str
    scope_note: str
    exclusion_note: str
    skills: int
    share: float
    parts: tuple[tuple[str, str, int], ...]
    sectors: tuple[tuple[str, str, float], ...]
    unreached: float | None
    related: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class EventGroup:
    """Clusters of one level that fared the same way since the previous release, each in one sentence."""

    change: str
    level: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of one rule in one graph; ``message`` is that of the first."""

    severity: str
    rule: str
    graph: str
    count: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the templates read beside :class:`Notes`. Records are rows of the measures."""

    title: str
    description: str
    levels: Sequence[Record]
    concepts: Mapping[str, int]
    coverage: Record
    top: Sequence[TopCluster]
    relations: Sequence[Relation]
    pictures: Pictures
    types: Mapping[str, int]
    several_parents: int
    most_parents: int
    measured_margins: bool
    further: Mapping[str, int]
    close_calls: int
    agreement: Sequence[Record]
    isco: Sequence[Leaders]
    lists: Sequence[Leaders]
    names: Sequence[Record]
    languages: Sequence[Record]
    methods: Sequence[Record]
    events: Sequence[EventGroup]
    defects: Sequence[Defect]
    findings: Sequence[FindingGroup]
    severities: Mapping[str, int]
    settings: Sequence[tuple[str, str]]
    example: Sequence[Sequence[str]]
    changes: ChangesView | None
    clusters_file: str
    pillar_file: str


def view_of(notes: Notes) -> View:
    """Bring the parts together. Raises InputError where a table or a data file that the notes need is missing."""
    _check_tables(notes)
    sizes = {row["depth"]: row for row in records(notes.tables["cluster-sizes"])}
    levels = [row | sizes[row["depth"]] for row in records(notes.tables["levels"])]
    related = _relations(notes)
    top = _top_clusters(notes, related)
    parents = [
        (integer(row["parents"]), integer(row["skills"])) for row in records(notes.tables["multi-parent-skills"])
    ]
    return View(
        title=in_english(notes.config.titles),
        description=in_english(notes.config.descriptions),
        levels=levels,
        concepts={str(row["kind"]): integer(row["number"]) for row in records(notes.tables["pillar-concepts"])},
        coverage=records(notes.tables["allocation-coverage"])[0],
        top=top,
        relations=related,
        pictures=draw(top, related, notes.sectors),
        types=summed(records(notes.tables["skill-types"]), "type", "skills"),
        several_parents=sum(skills for number, skills in parents if number > 1),
        most_parents=max(number for number, _ in parents),
        further=summed(
            [row for row in records(notes.tables["further-memberships"]) if row["further"]], "kind", "skills"
        ),
        close_calls=sum(
            integer(r["skills"]) for r in records(notes.tables["allocation-margins"]) if number(r["from"]) < 0.5
        ),
        measured_margins=bool(records(notes.tables["allocation-margins"])),
        agreement=_by_agreement(records(notes.tables["pillar-largest-group"])),
        isco=leaders(records(notes.tables["isco-major-groups"]), "isco", "group", "share"),
        lists=leaders(records(notes.tables["thematic-lists"]), "list", "list", "skills"),
        names=records(notes.tables["cluster-names"]),
        languages=records(notes.tables["label-coverage"]),
        methods=records(notes.tables["allocation-methods"]),
        events=_events(notes, {integer(row["depth"]): str(row["level"]) for row in levels}),
        defects=sorted([*notes.pillar.defects, *notes.sectors.defects], key=lambda d: (-d.count, d.kind, d.place)),
        findings=_finding_groups(notes.validation.findings),
        severities={name: sum(f.severity == name for f in notes.validation.findings) for name in _SEVERITIES},
        settings=_settings(notes.clustering.parameters),
        example=_example(notes),
        changes=_changes(notes),
        clusters_file=_file(notes, "-clusters.nt.gz"),
        pillar_file=_file(notes, "-pillar.nt.gz"),
    )


def _changes(notes: Notes) -> ChangesView | None:
    if notes.delta is None:
        return None
    return changes_view(
        notes.delta,
        notes.clustering.levels,
        notes.config.base_iri + notes.config.cluster_path,
        notes.config.series_break,
        notes.clustering.clusters,
    )


def _check_tables(notes: Notes) -> None:
    for name in NEEDED_TABLES:
        if name not in notes.tables:
            raise InputError("release notes", f"the measure {name} is missing", "Run all measures.")


def _top_clusters(notes: Notes, related: Sequence[Relation]) -> list[TopCluster]:
    figures = {str(row["cluster"]): row for row in records(notes.tables["clusters"])}
    profiles: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
    for row in records(notes.tables["sector-profiles"]):
        code = str(row["sector"])
        profiles[str(row["cluster"])].append((code, _sector(notes, code), number(row["share"])))
    concentration = {str(row["cluster"]): row for row in records(notes.tables["sector-concentration"])}
    found = [
        _top_cluster(notes, cluster, figures, related, tuple(profiles[cluster.id]), concentration.get(cluster.id))
        for cluster in notes.clustering.clusters.values()
        if cluster.depth == 1
    ]
    return sorted(found, key=lambda c: (_BRANCHES.index(c.branch), -c.skills, c.id))


def _top_cluster(
    notes: Notes,
    cluster: Cluster,
    figures: Mapping[str, Record],
    relations: Sequence[Relation],
    sectors: tuple[tuple[str, str, float], ...],
    concentration: Record | None,
) -> TopCluster:
    below = [
        (part, _label(notes, part), integer(figures[part]["skills"]))
        for part in notes.clustering.children()[cluster.id]
    ]
    related = [r for r in relations if cluster.id in (r.source, r.target)]
    return TopCluster(
        id=cluster.id,
        label=notes.clustering.name(cluster.id),
        branch=cluster.branch,
        is_everywhere=cluster.branch in RULED,
        definition=in_english(cluster.definitions),
        scope_note=in_english(cluster.scope_notes),
        exclusion_note=in_english(cluster.exclusion_notes),
        skills=integer(figures[cluster.id]["skills"]),
        share=number(figures[cluster.id]["share"]),
        parts=tuple(sorted(below, key=lambda part: (-part[2], part[0]))),
        sectors=() if cluster.branch in RULED else sectors,
        unreached=number(concentration["unreached"]) if concentration else None,
        related=tuple(
            (_label(notes, r.target if r.source == cluster.id else r.source), r.evidence)
            for r in related[:_MOST_RELATED]
        ),
    )


def _relations(notes: Notes) -> list[Relation]:
    """Pairs of top-level clusters, strongest first: a pair's greatest weight, and the evidence behind each basis."""
    pairs: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for row in records(notes.tables["related-clusters"]):
        if row["depth"] == 1:
            pairs[str(row["cluster"]), str(row["related"])].append(row)
    found = [
        Relation(
            source=source,
            target=target,
            source_label=_label(notes, source),
            target_label=_label(notes, target),
            weight=max(number(row["weight"]) for row in rows),
            evidence="; ".join(str(row["evidence"]) for row in rows),
        )
        for (source, target), rows in pairs.items()
    ]
    return sorted(found, key=lambda r: (-r.weight, r.source, r.target))


def _events(notes: Notes, level_names: Mapping[int, str]) -> list[EventGroup]:
    groups: dict[tuple[str, int], list[IdentityEvent]] = defaultdict(list)
    for event in notes.clustering.events:
        groups[event.change, event.depth].append(event)
    order = ("new", "split", "merged", "retired", "kept")
    return [
        EventGroup(
            change=change,
            level=level_names[depth],
            sentences=tuple(_sentence(notes, event) for event in sorted(events, key=lambda e: e.id)),
        )
        for (change, depth), events in sorted(groups.items(), key=lambda g: (order.index(g[0][0]), g[0][1]))
    ]


def _sentence(notes: Notes, event: IdentityEvent) -> str:
    words = {
        "split": "split into",
        "merged": "made of",
        "retired": "followed by",
        "new": "taken from",
        "kept": "as before with",
    }
    others = ", ".join(f"{_label(notes, other)} ({other})" for other in event.others)
    return f"{_label(notes, event.id)} ({event.id})" + (f", {words[event.change]} {others}" if others else "")


def _finding_groups(findings: Sequence[Finding]) -> list[FindingGroup]:
    counted = Counter((f.severity, f.rule, f.graph) for f in findings)
    first = {(f.severity, f.rule, f.graph): f.message for f in sorted(findings, reverse=True)}
    ordered = sorted(counted, key=lambda group: (_SEVERITIES.index(group[0]), *group[1:]))
    return [FindingGroup(*group, count=counted[group], message=first[group]) for group in ordered]


def _by_agreement(rows: Sequence[Record]) -> list[Record]:
    """Clusters by the share that one group of the pillar has in them, the largest first."""
    return sorted(rows, key=lambda row: (-number(row["largest_share"]), str(row["cluster"])))


def _settings(parameters: Mapping[str, object]) -> list[tuple[str, str]]:
    return [
        (key, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True))
        for key, value in sorted(parameters.items())
    ]


def _example(notes: Notes) -> list[list[str]]:
    table = notes.tables[EXAMPLE]
    return [table.columns, *([str(value) for value in row] for row in table.rows)]


def _file(notes: Notes, ending: str) -> str:
    for file in notes.files:
        if file.name.endswith(ending):
            return file.name
    raise InputError("release notes", f"the release has no file that ends in {ending}", "Write the graphs first.")


def _label(notes: Notes, identifier: str) -> str:
    if identifier in notes.clustering.clusters:
        return notes.clustering.name(identifier)
    return next((entry.label for entry in notes.clustering.registry if entry.id == identifier), identifier)


def _sector(notes: Notes, code: str) -> str:
    return in_english(notes.sectors.structure[code].labels)
