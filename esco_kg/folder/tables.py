"""The tables of a published release, read back: clusters with their members, allocations, the registry of ids."""

from __future__ import annotations

import csv
from collections.abc import Container, Iterator
from pathlib import Path
from typing import cast

from esco_kg.errors import InputError
from esco_kg.folder.reading import TAKE_AGAIN, read_manifest, table_file
from esco_kg.model.clustering import Allocation, Rank, RegistryEntry
from esco_kg.model.published import Published, PublishedCluster


def read_published(folder: Path) -> Published:
    """Read back what the next release needs: clusters with their members, and the registry of ids.

    Raises InputError where a table is missing or holds a row that does not belong there.
    """
    manifest = read_manifest(folder)
    clusters, registry = read_clusters(folder, manifest["version"])
    allocations = read_table(table_file(folder, manifest["version"], "allocations"))
    # Where a decision put a skill elsewhere than the data, the runner-up is where these had it.
    decided = {
        row["skill"]: row["runner_up"]
        for _, row in allocations
        if row["rank"] == "primary" and row["decision"] and row["runner_up"]
    }
    return Published(
        folder=folder,
        version=manifest["version"],
        esco_version=manifest["esco_version"],
        base_iri=manifest["base_iri"],
        issued=manifest["issued"],
        clusters=clusters,
        registry=registry,
        decided=decided,
    )


def read_clusters(folder: Path, version: str) -> tuple[dict[str, PublishedCluster], list[RegistryEntry]]:
    """Clusters and registry from the tables of a release, finished or in the making.

    A cluster's label is the one in the release's main language, which stands in the registry.

    Raises InputError where a table is missing or holds a row that does not belong there.
    """
    rows = list(read_table(table_file(folder, version, "clusters")))
    parents = {row["id"]: row["parent"] or None for _, row in rows}
    members: dict[str, set[str]] = {identifier: set() for identifier in parents}
    allocations = table_file(folder, version, "allocations")
    for line, row in read_table(allocations):
        at: str | None = row["cluster"] if row["rank"] == "primary" else None
        while at is not None:
            if at not in members:
                raise InputError(f"{allocations}:{line}", f"cluster {at} is not in the table of clusters")
            members[at].add(row["skill"])
            at = parents[at]
    registry = registry_of(folder, version)
    labels = {entry.id: entry.label for entry in registry}
    clusters = {
        row["id"]: PublishedCluster(
            id=row["id"],
            depth=int(row["depth"]),
            parent=parents[row["id"]],
            label=labels[row["id"]],
            created=row["created"],
            modified=row["modified"],
            content=row["content"],
            members=frozenset(members[row["id"]]),
        )
        for _, row in rows
    }
    return clusters, registry


def read_allocations(
    folder: Path, version: str, clusters: Container[str], skills: Container[str] | None = None
) -> Iterator[Allocation]:
    """Every membership of a skill in a cluster, as published.

    Raises InputError where the table is missing, a number is none, or a row names none of ``clusters`` or ``skills``.
    """
    path = table_file(folder, version, "allocations")
    for line, row in read_table(path):
        if row["cluster"] not in clusters:
            raise InputError(f"{path}:{line}", f"cluster {row['cluster']} is not in the table of clusters", TAKE_AGAIN)
        if skills is not None and row["skill"] not in skills:
            raise InputError(f"{path}:{line}", f"skill {row['skill']} is not in the pillar graph", TAKE_AGAIN)
        try:
            weight, margin = float(row["weight"]), float(row["margin"]) if row["margin"] else None
        except ValueError as error:
            raise InputError(f"{path}:{line}", f"weight or margin is no number: {error}", TAKE_AGAIN) from None
        runner_up = row["runner_up"] or None
        rank = cast(Rank, row["rank"])
        yield Allocation(row["skill"], row["cluster"], rank, weight, margin, runner_up, row["method"], row["decision"])


def registry_of(folder: Path, version: str) -> list[RegistryEntry]:
    """Every id ever minted, as the release in this folder lists them. Raises InputError where the table is damaged."""
    return [_registry_entry(row) for _, row in read_table(table_file(folder, version, "registry"))]


def _registry_entry(row: dict[str, str]) -> RegistryEntry:
    return RegistryEntry(
        id=row["id"],
        depth=int(row["depth"]),
        minted_in=row["minted_in"],
        retired_in=row["retired_in"],
        replaced_by=tuple(row["replaced_by"].split()),
        label=row["label"],
    )


def read_table(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and row of a table of ours. Raises InputError where it is missing or a row is short or long."""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            for row in reader:
                if None in row or None in row.values():
                    raise InputError(f"{path}:{reader.line_num}", "the row has another number of columns than the head")
                yield reader.line_num, row
    except FileNotFoundError:
        raise InputError(str(path), "the release lacks this table", TAKE_AGAIN) from None
