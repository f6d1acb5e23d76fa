"""Clusters in tables: one of members (``skill``, ``cluster``), and one that names the clusters (``id``)."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from esco_kg.clusters.given.mistakes import Mistakes, checked_id
from esco_kg.clusters.given.sheets import Sheet
from esco_kg.clusters.given.skills import SkillLookup
from esco_kg.errors import InputError
from esco_kg.model.given import GivenCluster, GivenClusters, GivenMembership

_MEMBERS = ("skill", "cluster", "weight", "rank")
_TEXTS = ("label", "alt_label", "definition", "scope_note", "exclusion_note")
_CLUSTERS = ("id", "parent", "notation", "sectors")
_TEXT_COLUMN = re.compile(rf"({'|'.join(_TEXTS)})_([a-z]{{2,3}}(?:-[a-z0-9]{{2,8}})*)")
_HEADS = (
    "A table of members has the columns skill and cluster, and may have weight and rank; a table of clusters has id, "
    "and may have parent, notation, sectors, and label_en, alt_label_en, definition_en, scope_note_en, "
    "exclusion_note_en in any language."
)


def from_tables(sheets: Sequence[Sheet], skills: SkillLookup, mistakes: Mistakes) -> GivenClusters:
    """Read tables of members and of clusters, in any order. Raises InputError where a table is neither."""
    clusters: dict[str, GivenCluster] = {}
    memberships: list[GivenMembership] = []
    notations: dict[str, str] = {}
    described = [sheet for sheet in sheets if "id" in sheet.columns and "skill" not in sheet.columns]
    members = [sheet for sheet in sheets if {"skill", "cluster"} <= set(sheet.columns)]
    for sheet in sheets:
        if sheet not in described and sheet not in members:
            raise InputError(sheet.name, f"has the columns {', '.join(sheet.columns)}", _HEADS)
    if not any(sheet.rows for sheet in members):
        raise InputError(sheets[0].name, "no row says which skill is in which cluster", _HEADS)
    for sheet in described:
        _check_columns(sheet, _CLUSTERS)
        _read_clusters(sheet, clusters, notations, mistakes)
    for sheet in members:
        _check_columns(sheet, _MEMBERS)
        _read_members(sheet, clusters if described else None, memberships, skills, mistakes)
    _check_ranks(memberships, mistakes)
    if not described:
        for membership in memberships:
            clusters.setdefault(membership.cluster, GivenCluster(membership.cluster, place=membership.place))
        for cluster in clusters.values():
            checked_id(cluster.id, cluster.place, mistakes)
    mistakes.stop()  # notations take the place of ids that were all found
    clusters, memberships = _published(clusters, memberships, notations, mistakes)
    return GivenClusters("table", clusters, memberships)


def _check_columns(sheet: Sheet, known: Sequence[str]) -> None:
    texts = known is _CLUSTERS
    strange = [c for c in sheet.columns if c not in known and not (texts and _TEXT_COLUMN.fullmatch(c))]
    if strange:
        raise InputError(sheet.name, f"unknown column {strange[0]}", _HEADS)


def _read_clusters(
    sheet: Sheet, clusters: dict[str, GivenCluster], notations: dict[str, str], mistakes: Mistakes
) -> None:
    columns = [(c, m[1], m[2]) for c in sheet.columns if (m := _TEXT_COLUMN.fullmatch(c))]
    for number, row in sheet.rows:
        place, identifier = sheet.place(number), row.get("id", "")
        if not identifier:
            mistakes.add(place, "id is empty", "Give each cluster an id.")
            continue
        notations[identifier] = row.get("notation", "") or identifier
        checked_id(notations[identifier], place, mistakes)
        cluster = GivenCluster(identifier, row.get("parent", ""), place=place)
        cluster.sectors = tuple(row.get("sectors", "").replace(",", " ").replace(";", " ").split())
        for column, kind, language in columns:
            if text := " ".join(row.get(column, "").split()):
                _add_text(cluster, kind, language, text)
        first = clusters.setdefault(identifier, cluster)
        if first is not cluster:
            if first.parent != cluster.parent:
                parents = f"{first.parent or 'none'} at {first.place}, {cluster.parent or 'none'}"
                problem = f"{identifier} has two parents: {parents}"
            else:
                problem = f"{identifier} stands at {first.place} already"
            mistakes.add(place, problem, "Give each cluster one row.")


def _published(
    clusters: dict[str, GivenCluster],
    memberships: list[GivenMembership],
    notations: dict[str, str],
    mistakes: Mistakes,
) -> tuple[dict[str, GivenCluster], list[GivenMembership]]:
    """Clusters and members under their notations, where the table has other ones than its ids."""
    first: dict[str, str] = {}
    for identifier, notation in notations.items():
        other = first.setdefault(notation, identifier)
        if other != identifier:
            problem = f"the notation {notation!r} of {identifier} is that of {other}"
            mistakes.add(clusters[identifier].place, problem, "A notation stands once in the scheme.")
    mistakes.stop()
    for cluster in clusters.values():
        cluster.id = notations.get(cluster.id, cluster.id)
        cluster.parent = notations.get(cluster.parent, cluster.parent)
    named = {cluster.id: cluster for cluster in clusters.values()}
    return named, [replace(m, cluster=notations.get(m.cluster, m.cluster)) for m in memberships]


def _add_text(cluster: GivenCluster, kind: str, language: str, text: str) -> None:
    if kind == "alt_label":
        cluster.alt_labels[language] = tuple(label.strip() for label in text.split("|") if label.strip())
    else:
        texts = {
            "label": cluster.labels, "definition": cluster.definitions,
            "scope_note": cluster.scope_notes, "exclusion_note": cluster.exclusion_notes,
        }  # fmt: skip
        texts[kind][language] = text


def _read_members(
    sheet: Sheet,
    clusters: dict[str, GivenCluster] | None,
    memberships: list[GivenMembership],
    skills: SkillLookup,
    mistakes: Mistakes,
) -> None:
    """``clusters`` are those that a table names, None where there is no such table."""
    seen: dict[tuple[str, str], str] = {(m.skill, m.cluster): m.place for m in memberships}
    for number, row in sheet.rows:
        place, named, cluster = sheet.place(number), row.get("skill", ""), row.get("cluster", "")
        if not named or not cluster:
            mistakes.add(place, f"{'cluster' if named else 'skill'} is empty", "Fill the cell or take the row out.")
            continue
        weight = _number(row.get("weight", ""), "weight", place, mistakes)
        rank = _number(row.get("rank", ""), "rank", place, mistakes)
        if clusters is not None and cluster not in clusters:
            hint = "Add it there, or correct the id."
            mistakes.add(place, f"the cluster {cluster} is not in the table of clusters", hint)
            continue
        skill = skills.find(named, place)
        if skill is None:
            continue
        first = seen.setdefault((skill, cluster), place)
        if first != place:
            mistakes.add(place, f"{named} in {cluster} stands at {first} already", "Take one of the two rows out.")
        memberships.append(GivenMembership(skill, cluster, weight, int(rank) if row.get("rank") else 0, place))


def _check_ranks(memberships: Sequence[GivenMembership], mistakes: Mistakes) -> None:
    first: dict[tuple[str, int], GivenMembership] = {}
    for one in memberships:
        other = first.setdefault((one.skill, one.rank), one) if one.rank else one
        if other is not one and other.cluster != one.cluster:
            problem = f"rank {one.rank} of {one.skill} is {one.cluster}, and {other.cluster} at {other.place}"
            mistakes.add(one.place, problem, "Give each cluster of a skill its own rank.")


def _number(cell: str, column: str, place: str, mistakes: Mistakes) -> float:
    """The cell as a positive number (a rank is a whole one), 1 where it is empty."""
    if not cell:
        return 1.0
    try:
        number = float(cell)
    except ValueError:
        number = math.nan
    if not (0 < number < math.inf) or (column == "rank" and number != int(number)):
        whole = " whole" if column == "rank" else ""
        hint = "Write 1 for the primary cluster, 2 for the next." if whole else "Write it with a point, such as 0.25."
        mistakes.add(place, f"{column} {cell!r} is no positive{whole} number", hint)
        return 1.0
    return number
