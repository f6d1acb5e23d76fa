"""Which cluster a name of experts, or of a frame, belongs to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from esco_kg.clusters.nested import Nested, Node
from esco_kg.model.expertise import Expertise, ExpertName
from esco_kg.model.pillar import Language

# A name given by skills holds for the cluster with more than this share of them.
_HOLDS = 0.5


@dataclass(slots=True)
class GivenNames:
    """What experts say of clusters, per cluster and language. ``unused`` are names that found no cluster of their own,
    ``foreign`` those given by skills of which this ESCO has none."""

    labels: dict[Node, dict[Language, str]] = field(default_factory=lambda: defaultdict(dict))
    alternatives: dict[Node, dict[Language, tuple[str, ...]]] = field(default_factory=lambda: defaultdict(dict))
    definitions: dict[Node, dict[Language, str]] = field(default_factory=lambda: defaultdict(dict))
    scope: dict[Node, dict[Language, str]] = field(default_factory=lambda: defaultdict(dict))
    exclusions: dict[Node, dict[Language, str]] = field(default_factory=lambda: defaultdict(dict))
    used: int = 0
    unused: list[ExpertName] = field(default_factory=list)
    foreign: list[ExpertName] = field(default_factory=list)


def given_names(
    nested: Nested, ids: Mapping[Node, str], expertise: Expertise, earlier: Mapping[Node, str] | None = None
) -> GivenNames:
    """A frame names the one top cluster made from it, and its groups the clusters below; the names of ``names.csv`` go
    before those.

    A name given by skills goes to the cluster that holds more than half of them, and where two names claim one cluster,
    the one is used of which it holds the larger share. A cluster that had a name in the previous release (``earlier``)
    keeps it where no cluster holds so many of its skills now, or none is made from its frame. A label is used once.
    """
    found = GivenNames()
    taken: dict[Language, set[str]] = defaultdict(set)
    claims: dict[tuple[Node, Language], list[tuple[float, str, ExpertName]]] = defaultdict(list)
    nodes = {identifier: node for node, identifier in ids.items()}
    before = {(node[0], label): node for node, label in sorted((earlier or {}).items())}
    kept = {(n.depth, n.target): before[n.depth, n.label] for n in expertise.names if (n.depth, n.label) in before}
    for name in expertise.names:
        if "://" in name.target and not nested.row.keys() & set(name.target.split()):
            found.foreign.append(name)
            continue
        node, share = _claimed(nested, nodes, name)
        node = node or kept.get((name.depth, name.target))
        if node is None:
            found.unused.append(name)
        else:
            claims[node, name.language].append((-share, name.place, name))
    for (node, language), claimed in sorted(claims.items(), key=lambda item: item[0]):
        best, *others = sorted(claimed, key=lambda claim: claim[:2])
        found.unused += [name for _, _, name in others]
        _give(found, taken, node, language, best[2])
    _frames(nested, expertise, found, taken, before)
    found.unused.sort(key=_line)
    return found


def _line(name: ExpertName) -> tuple[str, int]:
    """File and line: ``names.csv:23`` stands before ``names.csv:164``."""
    file, _, line = name.place.rpartition(":")
    return file, int(line)


def _claimed(nested: Nested, nodes: Mapping[str, Node], name: ExpertName) -> tuple[Node | None, float]:
    """The cluster, and the share of the named skills that it holds."""
    if name.target in nodes:
        node = nodes[name.target]
        return (node, 2.0) if node[0] == name.depth else (None, 0.0)
    skills = name.target.split()
    if name.depth > len(nested.levels):
        return None, 0.0
    level = nested.levels[name.depth - 1]
    counts = Counter(int(level.of[nested.row[iri]]) for iri in skills if iri in nested.row)
    if not counts:
        return None, 0.0
    number = min(counts, key=lambda n: (-counts[n], n))
    share = counts[number] / len(skills)
    return ((name.depth, number), share) if share > _HOLDS else (None, share)


def _give(found: GivenNames, taken: dict[Language, set[str]], node: Node, language: Language, name: ExpertName) -> None:
    if name.label.casefold() in taken[language]:
        found.unused.append(name)
        return
    taken[language].add(name.label.casefold())
    found.used += 1
    found.labels[node][language] = name.label
    if name.alt_labels:
        found.alternatives[node][language] = name.alt_labels
    if name.definition:
        found.definitions[node][language] = name.definition


def _frames(
    nested: Nested,
    expertise: Expertise,
    found: GivenNames,
    taken: dict[Language, set[str]],
    before: Mapping[tuple[int, str], Node],
) -> None:
    """A frame or group that became several clusters, or none, names none of them."""
    places = {frame.key: (1, frame.labels) for frame in expertise.frames}
    for frame in expertise.frames:
        places |= {f"{frame.key}/{n}": (2, group.labels) for n, group in enumerate(frame.groups)}
    keys = {1: nested.partition.frames, 2: nested.partition.groups}
    nodes: dict[str, Node] = {}
    for key, (depth, labels) in places.items():
        numbers = [number for number, other in enumerate(keys[depth]) if other == key]
        node = (depth, numbers[0]) if len(numbers) == 1 else before.get((depth, labels["en"]))
        if node is None:
            continue
        nodes[key] = node
        for language, label in labels.items():
            if label.casefold() not in taken[language] and language not in found.labels[node]:
                found.labels[node][language] = label
                taken[language].add(label.casefold())
    for frame in expertise.frames:
        if frame.key in nodes:
            found.scope[nodes[frame.key]].update(frame.scope)
            found.exclusions[nodes[frame.key]].update(frame.exclusions)
