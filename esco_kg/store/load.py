"""Put a release into a store so that readers never see half of it.

Each graph goes, in parts, into a graph named after the version. Only when every graph was counted back, property by
property, and agrees with the file that the manifest lists is the release made the current one. Then the whole store is
counted: the current release, and every version that it held before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from esco_kg.errors import ServerError, UsageError
from esco_kg.folder.graphs import as_published
from esco_kg.folder.reading import graph_file, read_manifest
from esco_kg.store.catalogue import Mark, Names, all_stored_releases, dropping, marks, stored_releases, where_current
from esco_kg.store.client import Endpoint
from esco_kg.store.default_graph import has_own_default_graph
from esco_kg.store.remote import texts
from esco_kg.store.switch import switch
from esco_kg.store.upload import PART_BYTES, Progress, Upload, counted

# What the cookbook and the measures cannot do without.
_NEEDED = frozenset({"clusters", "pillar"})


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: triples sent per graph (0 where the store had them), whether the current release changed."""

    version: str
    sent: dict[str, int]
    switched: bool


def load_release(
    folder: Path,
    endpoint: Endpoint,
    *,
    without: Collection[str] = (),
    progress: Progress = lambda name, done, total: None,
    part_bytes: int = PART_BYTES,
) -> Loaded:
    """Load a published release and make it the current one; what the store has already is not sent again.

    ``without`` names graphs to leave out, such as ``codes``; the store loses them where it has them. ``part_bytes`` is
    about the size of a part. After an interruption the same call goes on where the last one stopped. Raises InputError
    where a file does not agree with the manifest, ServerError where the store fails or another version that it held has
    lost triples. Until the switch readers see the release they saw before. Raises UsageError where the store's default
    graph holds something else, for it would be lost.
    """
    manifest = read_manifest(folder)
    names, version = Names(manifest["base_iri"]), str(manifest["version"])
    wanted = _wanted(manifest, without)
    for name in wanted:
        as_published(folder, manifest, name)
    known = marks(endpoint, names, version)
    uploads = [_upload(endpoint, names, version, name, manifest, known, (progress, part_bytes)) for name in wanted]
    graphs = [upload.mark.graph for upload in uploads]
    surplus = sorted(known.keys() - set(graphs))
    bases = {stored.base: stored.current for stored in all_stored_releases(endpoint)}
    if bases.get(names.base) == version and not surplus and all(upload.is_whole() for upload in uploads):
        current = where_current(endpoint, names)
        if _like_one(counted(endpoint, current), [upload.held or Counter() for upload in uploads]):
            for upload in uploads:
                upload.report_all()
            return Loaded(version, dict.fromkeys(wanted, 0), False)
    target = _target(endpoint, names, list(bases))
    for graph in surplus:
        endpoint.update(dropping(names, version, graph), f"dropping <{graph}>")
    sent = {upload.name: upload.run(graph_file(folder, version, upload.name)) for upload in uploads}
    switch(endpoint, names, version, graphs, target, [graph_file(folder, version, name) for name in wanted])
    _check_all(endpoint, names, graphs, target)
    return Loaded(version, sent, True)


def make_current(version: str, endpoint: Endpoint, *, base: str | None = None) -> bool:
    """Make a release that the store holds the current one; False where it is already.

    Raises UsageError where the store does not hold it whole, ServerError where a graph has lost triples since.
    """
    stored = stored_releases(endpoint, base)
    if version not in stored.versions:
        hint = f"It holds {', '.join(stored.versions)}; load others with esco-kg load RELEASE."
        raise UsageError(f"{endpoint.url} does not hold the whole release {version}", hint)
    if version == stored.current:
        return False
    names = Names(stored.base)
    known = marks(endpoint, names, version)
    for mark in known.values():
        _check_count(endpoint, mark, version)
    target = _target(endpoint, names, [stored.base])
    switch(endpoint, names, version, sorted(known), target)
    _check_all(endpoint, names, sorted(known), target)
    return True


def _target(endpoint: Endpoint, names: Names, bases: Sequence[str]) -> str | None:
    """The graph that is to hold the current release; None: the store's own default graph.

    Raises UsageError where that default graph serves something else.
    """
    if not has_own_default_graph(endpoint, names):
        return names.current
    if names.base in bases:
        return None
    hint = "Give an empty dataset: the default graph of a store is the current release and nothing else."
    if bases:
        raise UsageError(f"{endpoint.url} serves the scheme {', '.join(bases)}, this release is of {names.base}", hint)
    if texts(endpoint, "SELECT ?p WHERE { ?s ?p ?o } LIMIT 1", what="looking at the default graph"):
        raise UsageError(f"{endpoint.url}: the default graph holds triples that no release put there", hint)
    return None


def _check_all(endpoint: Endpoint, names: Names, graphs: Sequence[str], target: str | None) -> None:
    """The current release is the union of these graphs, and every version counts as its manifest said. ServerError."""
    found = counted(endpoint, target)
    if not _like_one(found, [counted(endpoint, graph) for graph in graphs]):
        place = f"<{target}>" if target else "the default graph"
        raise ServerError(
            f"{endpoint.url}: {place} holds {found.total()} triples after the switch, other than its graphs together",
            "Load the release again, and see the server's log if it stays so.",
        )
    for stored in all_stored_releases(endpoint):
        for version in stored.versions if stored.base == names.base else ():
            for mark in marks(endpoint, names, version).values():
                _check_count(endpoint, mark, version)


def _check_count(endpoint: Endpoint, mark: Mark, version: str) -> None:
    found = counted(endpoint, mark.graph).total()
    if found != mark.triples:
        raise ServerError(
            f"{endpoint.url}: <{mark.graph}> holds {found} triples, its catalogue says {mark.triples}",
            f"Load release {version} from its folder again.",
        )


def _like_one(merged: Counter[str], graphs: Sequence[Counter[str]]) -> bool:
    """Whether counts by property can be those of the graphs merged: a triple that several graphs hold counts once."""
    together, largest = Counter[str](), Counter[str]()
    for graph in graphs:
        together += graph
        largest |= graph
    return largest <= merged <= together


def _upload(
    endpoint: Endpoint,
    names: Names,
    version: str,
    name: str,
    manifest: Mapping[str, Any],
    known: Mapping[str, Mark],
    options: tuple[Progress, int],
) -> Upload:
    facts = manifest["graphs"][name]
    mark = Mark(names.graph(version, name), int(facts["triples"]), str(facts["rdfc10_sha256"]))
    # Begun: all that the graph holds was sent from this very file.
    held = counted(endpoint, mark.graph) if known.get(mark.graph) == mark else None
    return Upload(endpoint, names, version, name, mark, held, *options)


def _wanted(manifest: Mapping[str, Any], without: Collection[str]) -> list[str]:
    graphs = sorted(manifest["graphs"])
    for name in sorted(without):
        if name not in graphs or name in _NEEDED:
            optional = ", ".join(graph for graph in graphs if graph not in _NEEDED)
            raise UsageError(f"the graph {name!r} cannot be left out", f"These can: {optional}.")
    return [name for name in graphs if name not in without]
