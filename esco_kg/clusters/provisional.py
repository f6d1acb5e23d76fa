"""A plain partition, until the measured one takes its place: k-means on texts and occupations, Ward above."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_matrix, hstack
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from esco_kg.config import ClusterSettings
from esco_kg.model.clustering import Branch
from esco_kg.model.expertise import Expertise
from esco_kg.model.partition import Partition
from esco_kg.model.pillar import Pillar, SectorLinks


def make_partition(
    pillar: Pillar,
    sectors: SectorLinks,
    settings: ClusterSettings,
    expertise: Expertise,
    anchor: Mapping[str, str] | None = None,
) -> Partition:
    skills = sorted(pillar.skills)
    row = {iri: n for n, iri in enumerate(skills)}
    column = {iri: n for n, iri in enumerate(sorted(pillar.occupations))}
    links = csr_matrix(
        (
            np.ones(len(pillar.occupation_skills)),
            (
                [row[s] for _, s, _ in pillar.occupation_skills],
                [column[o] for o, _, _ in pillar.occupation_skills],
            ),
        ),
        shape=(len(skills), len(column)),
    )
    texts = TfidfVectorizer(min_df=2).fit_transform(
        f"{pillar.skills[s].label()} {t.description if (t := pillar.skills[s].texts.get('en')) else ''}" for s in skills
    )
    features = hstack([normalize(texts), 1.5 * normalize(links)]).tocsr()
    svd = TruncatedSVD(min(60, features.shape[1] - 1), random_state=settings.seed)
    x = normalize(svd.fit_transform(features))
    branch = np.zeros(len(skills), dtype=int)
    for name, number in (("transversal", 1), ("language", 2)):
        for iri in pillar.lists.get(name, ()):
            if iri in row:
                branch[row[iri]] = number
    finest, parents, branches = _nested(x, branch, settings)
    centres = np.array([x[finest == c].mean(axis=0) for c in range(finest.max() + 1)])
    distance = ((x[:, None, :] - centres[None]) ** 2).sum(axis=2) if len(skills) < 1000 else _distances(x, centres)
    distance[np.arange(len(skills)), finest] = -1
    second = distance.argmin(axis=1) if len(centres) < 2 else np.argsort(distance, axis=1, kind="stable")[:, 1]
    margin = np.round(np.clip(distance[np.arange(len(skills)), second] / 4, 0, 1), 4)
    return Partition(
        skills=skills,
        finest=finest.astype(np.int32),
        parents=parents,
        branches=branches,
        frames=[""] * len(branches),
        secondary=[[(int(c), 0.2)] for c in second],
        weights=np.full(len(skills), 0.8),
        margins=margin,
        runners_up=second.astype(np.int32),
        methods=["data"] * len(skills),
        decisions=[""] * len(skills),
        parameters={"method": "provisional"},
    )


def _distances(x: np.ndarray, centres: np.ndarray) -> np.ndarray:
    return cast(np.ndarray, 2 - 2 * x @ centres.T)


def _nested(
    x: np.ndarray, branch: np.ndarray, settings: ClusterSettings
) -> tuple[np.ndarray, list[np.ndarray], list[Branch]]:
    finest = np.zeros(len(x), dtype=int)
    middle_of: list[int] = []
    top_of: list[int] = []
    branches: list[Branch] = []
    names: list[Branch] = ["sector", "transversal", "language"]
    for number, name in enumerate(names):
        members = np.flatnonzero(branch == number)
        if not len(members):
            continue
        share = len(members) / len(x)
        k1, k2, k3 = (max(1, round(level * share)) for level in settings.levels)
        k3 = max(1, min(k3, len(members) // (settings.smallest + 2)))
        labels = KMeans(k3, n_init=1, random_state=settings.seed).fit_predict(x[members])
        labels = _without_small(x[members], labels, settings.smallest)
        centres = np.array([x[members][labels == c].mean(axis=0) for c in range(labels.max() + 1)])
        if len(centres) > 1:
            tree = linkage(centres, "ward")
            two = fcluster(tree, k2, "maxclust") - 1
            one = fcluster(tree, k1, "maxclust") - 1
        else:
            two = one = np.zeros(1, dtype=int)
        finest[members] = labels + len(middle_of)
        parent = {int(b): int(a) for a, b in zip(one, two, strict=True)}
        middle_of.extend(int(b) + len(top_of) for b in two)
        top_of.extend(parent[b] + len(branches) for b in range(int(two.max()) + 1))
        branches.extend([name] * (int(one.max()) + 1))
    return finest, [np.array(top_of, dtype=np.int32), np.array(middle_of, dtype=np.int32)], branches


def _without_small(x: np.ndarray, labels: np.ndarray, smallest: int) -> np.ndarray:
    while True:
        numbers, sizes = np.unique(labels, return_counts=True)
        if sizes.min() >= smallest or len(numbers) == 1:
            return np.searchsorted(numbers, labels)
        small = numbers[sizes.argmin()]
        rest = numbers[numbers != small]
        centres = np.array([x[labels == c].mean(axis=0) for c in rest])
        labels = labels.copy()
        members = np.flatnonzero(labels == small)
        labels[members] = rest[(x[members] @ centres.T).argmax(axis=1)]
