"""The experts' frame in numbers: cells of occupations, each in one frame of the top level and one group below it.

A cell is an ISCO-08 unit group inside a frame. Which cell an occupation belongs to is said by its ISCO code and its
NACE divisions alone, so that no skill informs the frame: it stays what it is when occupations come or go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from esco_kg.model.expertise import Frame
from esco_kg.model.pillar import Pillar, SectorLinks

Matrix = NDArray[np.float64]
_ISCO_SHARE = 0.3
"""What the ISCO seeds say of an occupation's frame, beside its NACE divisions."""
_LEAST = 1.0
"""Occupations that a unit group needs in a frame to have a cell there, unless the frame is its main one."""


@dataclass(slots=True)
class Cells:
    """``codes`` (c) unit groups, or the numbers of group and cluster that experts gave; ``frames`` (c,) positions in
    ``keys``; ``groups`` (c,) numbers over all frames, named in ``group_keys`` (``health/3``, or '' where no expert made
    the group); ``shares`` (m, c) of each occupation, rows add up to 1. ``named`` maps the IRI of a skill that experts
    named to its cell."""

    keys: list[str]
    branches: list[str]
    codes: list[str]
    frames: NDArray[np.int64]
    groups: NDArray[np.int64]
    group_keys: list[str]
    shares: Matrix
    named: dict[str, int]


def make_cells(pillar: Pillar, occupations: Sequence[str], sectors: SectorLinks, frames: Sequence[Frame]) -> Cells:
    """Cells of the sector and digital frames; without any, ISCO sub-major groups stand in for them, unnamed."""
    codes = np.array([pillar.occupations[iri].isco for iri in occupations], dtype=str)
    chosen = [frame for frame in frames if frame.branch in ("sector", "digital")]
    if not chosen:
        majors = sorted({code[:2] for code in codes} or {""})
        chosen = [Frame(key="", branch="sector", labels={}, seeds=(f"isco:{code}",)) for code in majors]
    belongs = _belongs(codes, occupations, sectors, chosen)
    found: dict[_Place, Matrix] = {}
    for code in sorted(set(codes)):
        members = np.flatnonzero(codes == code)
        total = belongs[members].sum(axis=0)
        kept = np.flatnonzero((total >= _LEAST) | (np.arange(len(chosen)) == total.argmax()))
        shares = belongs[np.ix_(members, kept)]
        sums = shares.sum(axis=1, keepdims=True)
        shares = np.where(sums > 0, shares / np.where(sums > 0, sums, 1.0), 1.0 / len(kept))
        for j, frame in enumerate(kept):
            place = _place(int(frame), chosen[frame], str(code))
            column = found.setdefault(place, np.zeros(len(occupations)))
            column[members] += shares[:, j]
    named = _named(chosen)
    for place in named.values():
        found.setdefault(place, np.zeros(len(occupations)))
    if not found:
        found[_Place(0, "", "")] = np.zeros(len(occupations))
    places = {place: number for number, place in enumerate(found)}
    names = [(chosen[place.frame].key, place.group) for place in found]
    numbered = sorted(set(names))
    return Cells(
        keys=[frame.key for frame in chosen],
        branches=[frame.branch for frame in chosen],
        codes=[place.cell for place in found],
        frames=np.array([place.frame for place in found], dtype=np.int64),
        groups=np.array([numbered.index(name) for name in names], dtype=np.int64),
        group_keys=[f"{key}/{name}" if key and name.isdigit() else "" for key, name in numbered],
        shares=np.array(list(found.values())).T,
        named={iri: places[place] for iri, place in named.items()},
    )


class _Place(NamedTuple):
    """A cell: the number of its frame, its group, and the unit group or the number of the experts' cluster."""

    frame: int
    group: str
    cell: str


def _place(number: int, frame: Frame, code: str) -> _Place:
    """Where a unit group stands in a frame: in the group, and there in the cluster, with the longest ISCO code that
    begins its code, otherwise in the one that shares most digits; in its ISCO minor group where experts made no
    groups."""
    if not frame.groups:
        return _Place(number, f"isco {code[:3]}", code)
    at = _best([group.isco for group in frame.groups], code)
    clusters = [cluster.isco for cluster in frame.groups[at].clusters]
    return _Place(number, str(at), f"{at}/{_best(clusters, code)}" if any(clusters) else code)


def _named(frames: Sequence[Frame]) -> dict[str, _Place]:
    """The cell of each skill that a cluster of these frames names."""
    return {
        iri: _Place(number, str(g), f"{g}/{c}")
        for number, frame in enumerate(frames)
        for g, group in enumerate(frame.groups)
        for c, cluster in enumerate(group.clusters)
        for iri in cluster.skills
    }


def _best(lists: Sequence[Sequence[str]], code: str) -> int:
    return max(range(len(lists)), key=lambda i: (bool(lists[i]), *_fit(lists[i], code), -i))


def _fit(own: Sequence[str], code: str) -> tuple[int, int]:
    begins = max((len(seed) for seed in own if code.startswith(seed)), default=0)
    return begins, max((_common(code, seed) for seed in own), default=0)


def _belongs(
    codes: NDArray[np.str_], occupations: Sequence[str], sectors: SectorLinks, frames: Sequence[Frame]
) -> Matrix:
    """(m, frames) shares of each occupation by NACE and ISCO; rows add up to 1."""
    by_nace = np.zeros((len(occupations), len(frames)))
    for i, iri in enumerate(occupations):
        for code, share in [*sectors.divisions.get(iri, {}).items(), *sectors.sections.get(iri, {}).items()]:
            for j, frame in enumerate(frames):
                by_nace[i, j] += share * frame.sectors.get(code, 0.0)
    seeds = [[seed.removeprefix("isco:") for seed in f.seeds if seed.startswith("isco:")] for f in frames]
    known = {code: _nearest(code, seeds, near=False) for code in sorted(set(codes))}
    by_isco = np.array([known[code] for code in codes]).reshape(len(codes), len(frames))
    fallback = {code: _nearest(code, seeds, near=True) for code in sorted(set(codes))}
    nace, isco = _shares(by_nace), _shares(by_isco)
    mixed = (1 - _ISCO_SHARE) * nace + _ISCO_SHARE * isco
    alone = np.array([fallback[code] for code in codes]).reshape(mixed.shape)
    return _shares(np.where(mixed.any(axis=1, keepdims=True), mixed, alone))


def _nearest(code: str, seeds: Sequence[Sequence[str]], *, near: bool) -> Matrix:
    """(frames,) 1 where a frame has the longest seed that begins ``code`` (``near``: that shares most digits with
    it)."""
    best = [max((_common(code, seed) for seed in own if near or code.startswith(seed)), default=-1) for own in seeds]
    longest = max(best, default=-1)
    return np.array([float(b == longest and (longest >= 0 or near)) for b in best])


def _common(first: str, second: str) -> int:
    return next(
        (i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )


def _shares(weights: Matrix) -> Matrix:
    sums = weights.sum(axis=1, keepdims=True)
    return np.asarray(weights / np.where(sums > 0, sums, 1.0))
