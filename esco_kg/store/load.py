"""Put a release into a store so that readers never see half of it.

Each graph goes, in parts, into a graph named after the version. Only when every graph was counted back, property by
property, and agrees with the file that the manifest lists does one update make the release the current one.
"""

from __future__ import annotations

import gzip
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from esco_kg.errors import InputError, ServerError, UsageError
from esco_kg.folder.manifest import sha256_of
from esco_kg.folder.reading import read_manifest
from esco_kg.store.catalogue import Mark, Names, dropping, holdings, marking, marks, switching, the_holding
from esco_kg.store.client import Endpoint
from esco_kg.store.remote import NUMBER, texts

PART_BYTES = 16_000_000
# What the cookbook and the measures cannot do without.
_NEEDED = frozenset({"clusters", "pillar"})
Progress = Callable[[str, int, int], None]
"""Called with a graph's name, triples in the store so far, triples in all."""


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
    where a file does not agree with the manifest, ServerError where the store fails; then readers still see the release
    they saw before. Raises UsageError where the store's default graph holds something else, for it would be lost.
    """
    manifest = read_manifest(folder)
    names, version = Names(manifest["base_iri"]), str(manifest["version"])
    wanted = _wanted(manifest, without)
    for name in wanted:
        _check_file(_file(folder, version, name), manifest)
    current = _check_target(endpoint, names)
    known = marks(endpoint, names, version)
    graphs = [names.graph(version, name) for name in wanted]
    surplus = sorted(known.keys() - set(graphs))
    for graph in surplus:
        endpoint.update(dropping(names, version, graph), f"dropping <{graph}>")
    sent = {}
    for name in wanted:
        facts = manifest["graphs"][name]
        mark = Mark(names.graph(version, name), int(facts["triples"]), str(facts["rdfc10_sha256"]))
        upload = _Upload(endpoint, names, version, name, mark, progress, part_bytes)
        sent[name] = upload.run(_file(folder, version, name), is_begun=known.get(mark.graph) == mark)
    switched = current != version or any(sent.values()) or bool(surplus)
    if switched:
        _switch(endpoint, names, version, graphs)
    return Loaded(version, sent, switched)


def make_current(version: str, endpoint: Endpoint, *, base: str | None = None) -> bool:
    """Make a release that the store holds the current one; False where it is already.

    Raises UsageError where the store does not hold it whole, ServerError where a graph has lost triples since.
    """
    holding = the_holding(endpoint, base)
    if version not in holding.versions:
        hint = f"It holds {', '.join(holding.versions)}; load others with esco-kg load RELEASE."
        raise UsageError(f"{endpoint.url} does not hold the whole release {version}", hint)
    if version == holding.current:
        return False
    names = Names(holding.base)
    known = marks(endpoint, names, version)
    for graph in sorted(known):
        found = sum(_counted(endpoint, graph).values())
        if found != known[graph].triples:
            raise ServerError(
                f"{endpoint.url}: <{graph}> holds {found} triples, its catalogue says {known[graph].triples}",
                f"Load release {version} from its folder again.",
            )
    _switch(endpoint, names, version, sorted(known))
    return True


def parts(path: Path, size: int = PART_BYTES) -> Iterator[list[bytes]]:
    """Runs of whole lines of a packed N-Triples file, of about ``size`` bytes.

    Raises InputError where the file cannot be unpacked.
    """
    try:
        with gzip.open(path) as stream:
            while lines := stream.readlines(size):
                yield lines
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(str(path), f"cannot be unpacked: {error}", "Take the release from its origin again.") from None


@dataclass(frozen=True, slots=True)
class _Upload:
    """One graph on its way into the store."""

    endpoint: Endpoint
    names: Names
    version: str
    name: str
    mark: Mark
    progress: Progress
    part_bytes: int

    def run(self, path: Path, *, is_begun: bool) -> int:
        """Send what the store lacks; returns the number of triples sent.

        ``is_begun``: all that the graph holds was sent from this very file. Parts go in order, each only after the one
        before was answered, so with n triples in the store every part that ends at or before n is whole.
        """
        held = sum(_counted(self.endpoint, self.mark.graph).values()) if is_begun else 0
        if held == self.mark.triples and is_begun:
            self.progress(self.name, held, held)
            return 0
        if not is_begun:
            self.endpoint.update(marking(self.names, self.version, self.mark), f"emptying <{self.mark.graph}>")
        expected: Counter[str] = Counter()
        passed = sent = 0
        for number, lines in enumerate(parts(path, self.part_bytes), start=1):
            passed += len(lines)
            expected.update(line.split(b" ", 2)[1].decode()[1:-1] for line in lines)
            if passed > held:
                self.endpoint.add(self.mark.graph, b"".join(lines), f"graph {self.name}, part {number}")
                sent += len(lines)
            self.progress(self.name, passed, self.mark.triples)
        if expected.total() != self.mark.triples:
            raise InputError(f"graph {self.name}", f"{expected.total()} triples, the manifest says {self.mark.triples}")
        found = _counted(self.endpoint, self.mark.graph)
        if found == expected:
            return sent
        if held:
            # Someone else has changed what was there: start anew.
            return self.run(path, is_begun=False)
        first = min(predicate for predicate in expected | found if found[predicate] != expected[predicate])
        raise ServerError(
            f"{self.endpoint.url}: <{self.mark.graph}> holds {found.total()} triples after loading, the manifest says "
            f"{self.mark.triples}; of {expected[first]} with <{first}> there are {found[first]}",
            "Nothing was switched; load again, and see the server's log if it stays so.",
        )


def _counted(endpoint: Endpoint, graph: str) -> Counter[str]:
    """Predicate IRI -> number of triples in a named graph."""
    query = "SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p"
    rows = texts(endpoint, query, [graph], what=f"counting <{graph}>", forms={"n": NUMBER})
    return Counter({row["p"]: int(row["n"]) for row in rows if "p" in row})


def _wanted(manifest: Mapping[str, Any], without: Collection[str]) -> list[str]:
    graphs = sorted(manifest["graphs"])
    for name in sorted(without):
        if name not in graphs or name in _NEEDED:
            optional = ", ".join(graph for graph in graphs if graph not in _NEEDED)
            raise UsageError(f"the graph {name!r} cannot be left out", f"These can: {optional}.")
    return [name for name in graphs if name not in without]


def _check_target(endpoint: Endpoint, names: Names) -> str:
    """The version that is current now, or nothing. Raises UsageError where the store serves something else."""
    held = {holding.base: holding.current for holding in holdings(endpoint)}
    if not endpoint.dialect.has_default_graph or names.base in held:
        return held.get(names.base, "")
    hint = "Give an empty dataset: the default graph of a store is the current release and nothing else."
    if held:
        raise UsageError(f"{endpoint.url} serves the scheme {', '.join(held)}, this release is of {names.base}", hint)
    if texts(endpoint, "SELECT ?p WHERE { ?s ?p ?o } LIMIT 1", what="looking at the default graph"):
        raise UsageError(f"{endpoint.url}: the default graph holds triples that no release put there", hint)
    return ""


def _switch(endpoint: Endpoint, names: Names, version: str, graphs: list[str]) -> None:
    for update in switching(names, version, graphs, endpoint):
        endpoint.update(update, f"switching to release {version}")


def _file(folder: Path, version: str, name: str) -> Path:
    return folder / f"esco-kg-{version}-{name}.nt.gz"


def _check_file(path: Path, manifest: Mapping[str, Any]) -> None:
    stated = {file["name"]: file["sha256"] for file in manifest["files"]}.get(path.name)
    hint = "Take the release from its origin again."
    if not path.is_file():
        raise InputError(str(path), "there is no such file", hint)
    if sha256_of(path) != stated:
        raise InputError(str(path), "is not the file that the manifest lists", hint)
