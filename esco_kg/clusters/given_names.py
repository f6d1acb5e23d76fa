"""Which cluster the texts of ``curation/`` belong to: a name belongs to a content, and goes where that is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from esco_kg.clusters.nested import Nested, Node
from esco_kg.model.clustering import NameStatus
from esco_kg.model.expertise import Content, Contents, Expertise, Frame, GivenName
from esco_kg.model.pillar import Language
from esco_kg.model.published import PublishedCluster

_Texts = dict[Node, dict[Language, str]]


@dataclass(frozen=True, slots=True)
class Unused:
    """A line that named nothing. ``why``: ``changed`` where no cluster overlaps enough with its content (``overlap`` is
    the largest there is), ``outdone`` where another line fits the cluster better, ``taken`` where another cluster has
    the label."""

    name: GivenName
    why: Literal["changed", "outdone", "taken"]
    overlap: float


@dataclass(slots=True)
class GivenNames:
    """What people wrote, per cluster and language. ``foreign`` counts lines for an ESCO whose skills are not here."""

    labels: _Texts = field(default_factory=lambda: defaultdict(dict))
    status: dict[Node, dict[Language, NameStatus]] = field(default_factory=lambda: defaultdict(dict))
    alternatives: dict[Node, dict[Language, tuple[str, ...]]] = field(default_factory=lambda: defaultdict(dict))
    definitions: _Texts = field(default_factory=lambda: defaultdict(dict))
    scope: _Texts = field(default_factory=lambda: defaultdict(dict))
    exclusions: _Texts = field(default_factory=lambda: defaultdict(dict))
    unused: list[Unused] = field(default_factory=list)
    foreign: int = 0


def given_names(
    nested: Nested, expertise: Expertise, floor: float, earlier: Mapping[Node, PublishedCluster] | None = None
) -> GivenNames:
    """The texts of ``names/`` go to the cluster of their level that overlaps most with their content, where the Jaccard
    index is at least ``floor``, counted over the skills that both know. Of two contents the one with more overlap
    names the cluster. A label is used once in a language.

    A frame names the one top cluster made from it, and its groups the clusters below, where ``names/`` does not. Where
    none is made from it, the frame's name stays with the cluster that had it in the previous release (``earlier``) if
    that overlaps as much with itself.
    """
    found = GivenNames()
    taken: dict[Language, set[str]] = defaultdict(set)
    claims: dict[tuple[Node, Language], list[tuple[float, str, int, GivenName]]] = defaultdict(list)
    places = {file: content_places(nested, contents) for file, contents in expertise.contents.items()}
    foreign = {file for file, contents in expertise.contents.items() if contents.skills.isdisjoint(nested.row)}
    for name in expertise.names:
        file, _, cluster = name.content.partition("/")
        if file in foreign:
            found.foreign += 1
            continue
        node, overlap = places[file][cluster]
        if node is None or overlap < floor:
            found.unused.append(Unused(name, "changed", overlap))
        else:
            claims[node, name.language].append((-overlap, *_line(name), name))
    for (node, language), claimed in sorted(claims.items(), key=lambda item: item[0]):
        best, *others = sorted(claimed, key=lambda claim: claim[:3])
        found.unused += [Unused(name, "outdone", -overlap) for overlap, _, _, name in others]
        _give(found, taken, node, language, best[3], -best[0])
    _frames(_Frames(nested, expertise.frames, earlier or {}, floor), found, taken)
    found.unused.sort(key=lambda unused: _line(unused.name))
    return found


def content_places(nested: Nested, contents: Contents) -> dict[str, tuple[Node | None, float]]:
    """Per cluster of a file of contents, the cluster here of the same level with the largest Jaccard index, and this:
    over the skills that are in the file and in this ESCO."""
    known = [iri for iri in nested.skills if iri in contents.skills]
    sizes = {
        level.depth: Counter(int(level.of[nested.row[iri]]) for iri in known)
        for level in nested.levels
        if level.depth in {content.depth for content in contents.clusters.values()}
    }
    return {cluster: _place(nested, content, sizes) for cluster, content in contents.clusters.items()}


def _place(nested: Nested, content: Content, sizes: Mapping[int, Counter[int]]) -> tuple[Node | None, float]:
    if content.depth not in sizes:
        return None, 0.0
    level = nested.levels[content.depth - 1]
    shared = Counter(int(level.of[nested.row[iri]]) for iri in content.skills if iri in nested.row)
    total = shared.total()
    overlaps = {n: count / (total + sizes[content.depth][n] - count) for n, count in shared.items()}
    best = min(overlaps, key=lambda n: (-overlaps[n], n), default=None)
    return (None, 0.0) if best is None else ((content.depth, best), round(overlaps[best], 4))


def _line(name: GivenName) -> tuple[str, int]:
    """File and line: ``names/en.csv:23`` stands before ``names/en.csv:164``."""
    file, _, line = name.place.rpartition(":")
    return file, int(line)


def _give(
    found: GivenNames, taken: dict[Language, set[str]], node: Node, language: Language, name: GivenName, overlap: float
) -> None:
    if name.label.casefold() in taken[language]:
        found.unused.append(Unused(name, "taken", overlap))
        return
    if name.label:
        taken[language].add(name.label.casefold())
        found.labels[node][language] = name.label
        found.status[node][language] = "agreed" if name.status == "agreed" else "draft"
        found.alternatives[node][language] = name.alt_labels
    for texts, text in (
        (found.definitions, name.definition),
        (found.scope, name.scope_note),
        (found.exclusions, name.exclusion_note),
    ):
        if text:
            texts[node][language] = text


@dataclass(frozen=True)
class _Frames:
    """The frames beside the clusters that are made from them."""

    nested: Nested
    frames: Iterable[Frame]
    earlier: Mapping[Node, PublishedCluster]
    floor: float

    def nodes(self) -> dict[str, Node]:
        """Key of a frame, or ``health/3`` for its fourth group, -> its cluster. A frame or group that became several
        clusters has none."""
        keys = {1: self.nested.partition.frames, 2: self.nested.partition.groups}
        named = {frame.key: (1, frame.labels) for frame in self.frames}
        for frame in self.frames:
            named |= {f"{frame.key}/{n}": (2, group.labels) for n, group in enumerate(frame.groups)}
        found = {}
        for key, (depth, labels) in named.items():
            numbers = [number for number, other in enumerate(keys[depth]) if other == key]
            node = (depth, numbers[0]) if len(numbers) == 1 else self._before(depth, labels)
            if node is not None:
                found[key] = node
        return found

    def _before(self, depth: int, labels: Mapping[Language, str]) -> Node | None:
        """The cluster that had one of these names in the previous release, if its content is much the same."""
        for node, cluster in sorted(self.earlier.items()):
            if node[0] == depth and cluster.label in labels.values():
                members = {self.nested.skills[row] for row in self.nested.members[node]}
                shared = len(members & cluster.members)
                if shared >= self.floor * len(members | cluster.members):
                    return node
        return None


def _frames(frames: _Frames, found: GivenNames, taken: dict[Language, set[str]]) -> None:
    nodes = frames.nodes()
    for frame in frames.frames:
        named = [(frame.key, frame.labels)]
        named += [(f"{frame.key}/{n}", group.labels) for n, group in enumerate(frame.groups)]
        for node, labels in ((nodes[key], labels) for key, labels in named if key in nodes):
            for language, label in labels.items():
                if label.casefold() not in taken[language] and language not in found.labels[node]:
                    found.labels[node][language] = label
                    found.status[node][language] = "agreed" if frame.status == "agreed" else "draft"
                    taken[language].add(label.casefold())
        if frame.key in nodes:
            found.scope[nodes[frame.key]] = frame.scope | found.scope[nodes[frame.key]]
            found.exclusions[nodes[frame.key]] = frame.exclusions | found.exclusions[nodes[frame.key]]
