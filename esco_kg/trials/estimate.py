"""Tables by sector and by ISCO group that are estimated from the published table by cluster.

What is computed from published figures alone gives nothing more away. A suppressed cell counts as what the published
totals leave for it: the shares of a total that nothing is known of are equal, and scaled until all totals are met
(iterative proportional fitting, Deming and Stephan, Annals of Mathematical Statistics 11, 1940).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix

from esco_kg.confidentiality.tables import Coordinates
from esco_kg.errors import UsageError
from esco_kg.folder.material import Material
from esco_kg.trials.counting import UNKNOWN, subsets
from esco_kg.trials.groupings import OPTIONAL_WEIGHT

Estimated = Literal["sector", "isco"]
Shares = dict[str, float]
_SWEEPS, _ENOUGH = 500, 1e-9


def estimate(
    material: Material, by: Estimated, shown: Mapping[Coordinates, float], hidden: Collection[Coordinates]
) -> dict[Coordinates, float]:
    """Mentions by sector or ISCO group at all levels, with the totals of all further columns.

    ``shown`` are the published mentions by cluster at all levels and totals, ``hidden`` the suppressed cells. Raises
    UsageError where not even the total is published, or the release knows no sectors.
    """
    if frozenset() not in shown:
        raise UsageError("the total is of too few units: there is nothing to estimate from", "Give more rows.")
    levels = _levels(material, by)
    found: dict[Coordinates, float] = defaultdict(float)
    for place, mentions in sorted(_finest(material, shown, hidden).items(), key=lambda pair: sorted(pair[0])):
        codes = dict(place)
        cluster = codes.pop("cluster")
        for across in subsets(codes):
            rest = {(name, codes[name]) for name in across}
            found[frozenset(rest)] += mentions
            for number, level in enumerate(levels):
                for code, share in level.get(cluster, {UNKNOWN: 1.0}).items():
                    if number == 0 or code != UNKNOWN:  # what is unknown stands once, at the first level
                        found[frozenset({(by, code), *rest})] += mentions * share
    return dict(found)


def _finest(
    material: Material, shown: Mapping[Coordinates, float], hidden: Collection[Coordinates]
) -> dict[Coordinates, float]:
    """The mentions of each finest cluster in each combination of further codes, the suppressed ones estimated."""
    most = max(len(place) for place in (*shown, *hidden))

    def is_finest(place: Coordinates) -> bool:
        return len(place) == most and dict(place).get("cluster", "") in material.finest | {UNKNOWN}

    known = {place: mentions for place, mentions in shown.items() if is_finest(place)}
    asked = {place: number for number, place in enumerate(sorted(filter(is_finest, hidden), key=sorted))}
    entries = []
    totals = [place for place in shown if not is_finest(place)]
    line_of = {place: line for line, place in enumerate(totals)}
    rest = np.array([shown[place] for place in totals])
    for place in (*known, *asked):
        for total in _totals(material, place):
            if total in line_of and place in known:
                rest[line_of[total]] -= known[place]
            elif total in line_of:
                entries.append((line_of[total], asked[place]))
    return known | dict(zip(asked, _fitted(entries, rest, len(asked)).tolist(), strict=True))


def _totals(material: Material, place: Coordinates) -> list[Coordinates]:
    """The cells of all levels and all totals that hold this one."""
    codes = dict(place)
    cluster = codes.pop("cluster")
    path = material.path(cluster) if cluster in material.clusters else [cluster]
    found = []
    for across in subsets(codes):
        rest = {(name, codes[name]) for name in across}
        found += [frozenset(rest), *(frozenset({("cluster", above), *rest}) for above in path)]
    return [total for total in found if total != place]


def _fitted(entries: list[tuple[int, int]], rest: NDArray[np.float64], number: int) -> NDArray[np.float64]:
    """Values that add up to what is left of each total, from equal ones; ``entries`` are (total, cell)."""
    values = np.ones(number)
    if not entries:
        return values
    lines, columns = np.array(entries).T
    cells_of = coo_matrix((np.ones(len(lines)), (lines, columns)), shape=(len(rest), number)).tocsr()
    for _ in range(_SWEEPS):
        before = values.copy()
        for line in np.flatnonzero(np.diff(cells_of.indptr)):
            cells = cells_of.indices[cells_of.indptr[line] : cells_of.indptr[line + 1]]
            values[cells] *= max(rest[line], 0.0) / (values[cells].sum() or 1.0)
        if np.abs(values - before).max() < _ENOUGH * max(1.0, values.max()):
            break
    return values


def _levels(material: Material, by: Estimated) -> list[dict[str, Shares]]:
    """For each level, coarsest first: finest cluster -> its shares over codes, ``_U`` where the release knows none."""
    if by == "isco":
        needs = _needs(material)
        return [_by_digits(needs, digits) for digits in range(1, 5)]
    if not material.profiles:
        hint = "Make the release with --nace, or ask for clusters or ISCO groups."
        raise UsageError(f"release {material.version} knows no sectors", hint)
    profiles = material.profiles.items()
    return [{iri: _whole(p.sections) for iri, p in profiles}, {iri: _whole(p.divisions) for iri, p in profiles}]


def _whole(shares: Shares) -> Shares:
    total = sum(shares.values())
    return {code: share / total for code, share in sorted(shares.items())} if total else {UNKNOWN: 1.0}


def _needs(material: Material) -> dict[str, Shares]:
    """Finest cluster -> unit group -> how many of its occupations need the cluster's skills, optional needs by half."""
    found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for occupation, needs in sorted(material.needs.items()):
        code = material.occupations[occupation].isco
        for skill, necessity in needs if code else ():
            if skill in material.primary:
                weight = 1.0 if necessity == "essential" else OPTIONAL_WEIGHT
                found[material.primary[skill].cluster][code] += weight
    return {cluster: dict(shares) for cluster, shares in found.items()}


def _by_digits(needs: Mapping[str, Shares], digits: int) -> dict[str, Shares]:
    found: dict[str, dict[str, float]] = {}
    for cluster, shares in needs.items():
        of = found.setdefault(cluster, defaultdict(float))
        for code, weight in shares.items():
            of[code[:digits]] += weight
    return {cluster: _whole(dict(shares)) for cluster, shares in found.items()}
