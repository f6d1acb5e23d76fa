"""The bridge: which part of a count by an old cluster belongs to which new one, and the carrying over of a series.

The weight from an old cluster A to a new cluster B of the same level is the share of A's skills that lie in B, of those
skills that both versions have; or the same counted in the skills' links to occupations, where A has any. The way back
has weights of its own: a round trip does not give the old series again. A cluster of which no skill is left passes its
counts on to its successors in equal parts, or where it names none, to no cluster.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from esco_kg.diff.clusters import Overlap
from esco_kg.diff.tables import Clusters
from esco_kg.model.changes import BridgeRow

NOWHERE = ""


def bridge(
    old: Clusters,
    new: Clusters,
    overlaps: Mapping[int, Overlap],
    links_before: Mapping[str, int],
    links_after: Mapping[str, int],
) -> list[BridgeRow]:
    """Every pair of an old and a new cluster with skills in common, by level; and every cluster without a pair."""
    rows: list[BridgeRow] = []
    for depth in sorted(overlaps):
        before, after = old.at(depth), new.at(depth)
        pairs: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
        for skill in before.keys() & after.keys():
            counted = pairs[before[skill], after[skill]]
            for place, number in enumerate((1, links_before.get(skill, 0), links_after.get(skill, 0))):
                counted[place] += number
        rows += _weighted(depth, pairs)
        left = {c.id for c in old.clusters.values() if c.depth == depth} - {a for a, _ in pairs}
        for identifier in sorted(left):
            rows += _without_skills(depth, identifier, old, new)
        come = {c.id for c in new.clusters.values() if c.depth == depth} - {b for _, b in pairs}
        rows += [BridgeRow(depth, NOWHERE, identifier, 0, 0, 0, 0.0, 0.0, 0.0, 0.0) for identifier in sorted(come)]
    return sorted(rows, key=lambda row: (row.depth, row.source == NOWHERE, row.source, row.target))


def _weighted(depth: int, pairs: Mapping[tuple[str, str], Sequence[int]]) -> list[BridgeRow]:
    sums: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for ends, counted in pairs.items():
        for side, end in enumerate(ends):
            for place, number in enumerate(counted):
                sums[side, end][place] += number

    def weights(side: int, end: str, counted: Sequence[int], place: int) -> tuple[float, float]:
        total = sums[side, end]
        by_skills = counted[0] / total[0]
        return by_skills, counted[place] / total[place] if total[place] else by_skills

    return [
        BridgeRow(
            depth, a, b, counted[0], counted[1], counted[2], *weights(0, a, counted, 1), *weights(1, b, counted, 2)
        )
        for (a, b), counted in sorted(pairs.items())
    ]


def _without_skills(depth: int, identifier: str, old: Clusters, new: Clusters) -> list[BridgeRow]:
    """An old cluster of which no skill is left: to those it names as successors, in equal parts."""
    found = successors(new, identifier)
    if not found:
        return [BridgeRow(depth, identifier, NOWHERE, 0, 0, 0, 1.0, 1.0, 0.0, 0.0)]
    part = 1 / len(found)
    return [BridgeRow(depth, identifier, target, 0, 0, 0, part, part, 0.0, 0.0) for target in found]


def successors(new: Clusters, identifier: str) -> tuple[str, ...]:
    """The living clusters that a retired one leads to, through later retirements; itself where it lives."""
    found, todo, seen = set(), [identifier], {identifier}
    while todo:
        here = todo.pop()
        if here in new.clusters:
            found.add(here)
            continue
        entry = new.registry.get(here)
        todo += [other for other in (entry.replaced_by if entry else ()) if other not in seen]
        seen |= set(todo)
    return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class Carried:
    """A series by new clusters. ``values`` are by (other dimensions, cluster), ``estimated`` the part of each that
    comes from old clusters most of which lies elsewhere now; ``share`` is that part of the whole."""

    values: dict[tuple[tuple[str, ...], str], Decimal]
    estimated: dict[tuple[tuple[str, ...], str], Decimal]
    share: float
    nowhere: Decimal


def shares(rows: Iterable[BridgeRow], *, by: str) -> dict[str, list[tuple[str, Fraction]]]:
    """Old cluster -> its new ones with the exact weight of each, ``by`` ``skills`` or ``links``."""
    parts: dict[str, list[BridgeRow]] = defaultdict(list)
    for row in rows:
        if row.source != NOWHERE:
            parts[row.source].append(row)
    found = {}
    for source, mine in parts.items():
        links, skills = sum(row.links_before for row in mine), sum(row.skills for row in mine)
        if by == "links" and links:
            found[source] = [(row.target, Fraction(row.links_before, links)) for row in mine]
        elif skills:
            found[source] = [(row.target, Fraction(row.skills, skills)) for row in mine]
        else:
            found[source] = [(row.target, Fraction(1, len(mine))) for row in mine]
    return found


def carry(
    series: Iterable[tuple[tuple[str, ...], str, Decimal]],
    weights: Mapping[str, Sequence[tuple[str, Fraction]]],
    levels: Mapping[str, int],
    places: int,
) -> Carried:
    """Carry counts by old cluster over to the new ones.

    ``series`` holds (other dimensions, old cluster, count), ``levels`` the depth of every cluster. Parts are added up
    exactly and rounded once, to ``places`` decimals, by largest remainders within each level and set of other
    dimensions: the totals there are what they were, to the last unit.
    """
    mostly = {source: min(parts, key=lambda part: (-part[1], part[0]))[0] for source, parts in weights.items()}
    exact: dict[tuple[tuple[str, ...], int], dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    guessed: dict[tuple[tuple[str, ...], str], Fraction] = defaultdict(Fraction)
    unit = 10**places
    for dimensions, source, count in series:
        for target, weight in weights[source]:
            part = Fraction(count) * unit * weight
            exact[dimensions, levels[source]][target] += part
            if target != mostly[source]:
                guessed[dimensions, target] += part
    values: dict[tuple[tuple[str, ...], str], Decimal] = {}
    for (dimensions, _), parts in exact.items():
        for target, number in rounded(parts).items():
            values[dimensions, target] = values.get((dimensions, target), Decimal(0)) + Decimal(number).scaleb(-places)
    total = sum((sum(parts.values()) for parts in exact.values()), Fraction(0))
    return Carried(
        values=values,
        # Rounded by itself, it could be a unit above the value it is a part of.
        estimated={key: min(Decimal(round(part)).scaleb(-places), values[key]) for key, part in guessed.items()},
        share=float(sum(guessed.values(), Fraction(0)) / total) if total else 0.0,
        nowhere=sum((v for (_, target), v in values.items() if target == NOWHERE), Decimal(0)),
    )


def rounded(parts: Mapping[str, Fraction]) -> dict[str, int]:
    """Whole numbers with the same sum, by largest remainders (Hamilton); of equal remainders the first id's wins.

    Raises ValueError where the sum is no whole number.
    """
    total = sum(parts.values(), Fraction(0))
    if total.denominator != 1:
        raise ValueError(f"the parts add up to {total}")
    down = {target: part.numerator // part.denominator for target, part in parts.items()}
    missing = int(total) - sum(down.values())
    order = sorted(parts, key=lambda target: (down[target] - parts[target], target))
    return {target: number + (target in order[:missing]) for target, number in down.items()}
