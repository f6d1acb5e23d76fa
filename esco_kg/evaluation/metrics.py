"""What is measured, by name: meaning, source, direction, range."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Metric:
    """``label`` heads a column, ``source`` is where the definition comes from, ``least`` and ``most`` bound it."""

    label: str
    meaning: str
    source: str
    less_is_better: bool = False
    least: float = 0.0
    most: float = float("inf")


_HELD = "on occupations of ISCO-08 unit groups that the clusters were made without"
_SIMILARITY = "Gates, Wood, Hetrick and Ahn 2019, Scientific Reports 9"
_RAND = "Hubert and Arabie 1985, Journal of Classification 2"
_INFORMATION = "Vinh, Epps and Bailey 2010, Journal of Machine Learning Research 11"
_SOFT = ". Further clusters that use a skill count, too"
_SOUGHT = ". Clusters that use the skill, or that it is found under, count, too"

METRICS: dict[str, Metric] = {
    "u-sec": Metric(
        "U_sec",
        f"how much of the uncertainty about the NACE section a skill's group takes away, adjusted for chance, {_HELD}",
        "Theil 1970, American Journal of Sociology 76; adjusted as in Vinh, Epps and Bailey 2010",
        least=float("-inf"),
        most=1.0,
    ),
    "purity": Metric(
        "purity",
        f"share of the essential relations that fall in their group's largest NACE section, {_HELD}",
        "Manning, Raghavan and Schütze 2008, Introduction to Information Retrieval, 16.3",
        most=1.0,
    ),
    "hit-10": Metric(
        "hit@10",
        f"share of profiles with one or more hidden skills among the first ten recommended, {_HELD}",
        "Deshpande and Karypis 2004, ACM Transactions on Information Systems 22",
        most=1.0,
    ),
    "mrr": Metric(
        "MRR",
        f"mean of 1 / rank of the first hidden skill, {_HELD}",
        "Voorhees 1999, TREC-8",
        most=1.0,
    ),
    "ndcg-10": Metric(
        "NDCG@10",
        f"discounted gain of hidden skills among the first ten, as a share of the greatest possible, {_HELD}",
        "Järvelin and Kekäläinen 2002, ACM Transactions on Information Systems 20",
        most=1.0,
    ),
    "match-10": Metric(
        "match@10",
        "a profile is cut into two halves without a common skill. The figure is the share whose other half is among "
        f"the ten nearest halves, by groups alone, {_HELD}",
        "split-half retrieval; the hit rate of Deshpande and Karypis 2004",
        most=1.0,
    ),
    "ecs-unframed": Metric(
        "ECS without frame",
        "element-centric similarity of clusters made from all and from 90 % of the occupations, from the data alone: "
        "no previous release, no frame of experts",
        _SIMILARITY,
        most=1.0,
    ),
    "ari-unframed": Metric("ARI without frame", "adjusted Rand index of the same two", _RAND, least=-1.0, most=1.0),
    "ecs-scratch": Metric(
        "ECS scratch",
        "the same with the frame of experts, which knows no skill of an occupation; all else is made again",
        _SIMILARITY,
        most=1.0,
    ),
    "ari-scratch": Metric("ARI scratch", "adjusted Rand index of the same two", _RAND, least=-1.0, most=1.0),
    "ecs-versioned": Metric(
        "ECS versioned",
        "the same with the clusters of the release as a versioned frame: each skill goes where it fits best now, "
        "wherever it was",
        _SIMILARITY,
        most=1.0,
    ),
    "ari-versioned": Metric("ARI versioned", "adjusted Rand index of the same two", _RAND, least=-1.0, most=1.0),
    "ecs-anchored": Metric(
        "ECS anchored",
        "element-centric similarity of the release and of clusters that start from it, from 90 % of the occupations: a "
        "skill stays unless another cluster is clearly better",
        _SIMILARITY,
        most=1.0,
    ),
    "ari-anchored": Metric("ARI anchored", "adjusted Rand index of the same two", _RAND, least=-1.0, most=1.0),
    "ecs-remade": Metric(
        "ECS remade",
        "element-centric similarity of the release and of clusters made again from all its data: 1 where the method at "
        "hand is that of the release",
        _SIMILARITY,
        most=1.0,
    ),
    "ecs-previous": Metric(
        "ECS to previous",
        "element-centric similarity to the previous release, on the skills of both",
        _SIMILARITY,
        most=1.0,
    ),
    "ecs-previous-scratch": Metric(
        "ECS to previous, scratch",
        "the same for clusters that do not start from the previous release",
        _SIMILARITY,
        most=1.0,
    ),
    "ecs-drift": Metric(
        "cumulative ECS",
        "element-centric similarity to the first release of the chain",
        _SIMILARITY,
        most=1.0,
    ),
    "first-choice": Metric(
        "first choice",
        "share of alternative labels for which the nearest child is right at every level down to this one",
        "the protocol of this project",
        most=1.0,
    ),
    "terms": Metric(
        "terms",
        "share of labelled terms whose winning group holds the skill that people chose. The ten nearest skills vote, "
        "each for all groups that it is in",
        "k-nearest-neighbour vote, Cover and Hart 1967, IEEE Transactions on Information Theory 13",
        most=1.0,
    ),
    "hidden": Metric(
        "hidden skills",
        "600 skills lose their links to occupations; share that their texts alone lead back to their cluster",
        "the protocol of this project",
        most=1.0,
    ),
    "options": Metric(
        "options scanned",
        "mean number of entries read to reach a skill: (children + 1) / 2 at each level, then (skills + 1) / 2",
        "Knuth 1973, The Art of Computer Programming 3, 6.1",
        less_is_better=True,
    ),
    "options-p90": Metric(
        "options, p90", "the 90th percentile of the same", "Knuth 1973, as above", less_is_better=True
    ),
    "groups": Metric("groups", "number of groups that hold a skill", "a count"),
    "gini": Metric(
        "size Gini",
        "inequality of the groups' sizes, 0 where all are equal",
        "Gini 1912",
        less_is_better=True,
        most=1.0,
    ),
    "groups-per-skill": Metric(
        "groups per skill", "mean number of groups that a skill is in, further memberships included", "a count"
    ),
    "smallest": Metric("smallest", "skills of the smallest group", "a count"),
    "largest": Metric("largest", "skills of the largest group", "a count", less_is_better=True),
    "largest-share": Metric(
        "largest, share", "share of all skills in the largest group", "a share", less_is_better=True, most=1.0
    ),
    "small-share": Metric(
        "under 10", "share of groups with fewer than 10 skills", "a share", less_is_better=True, most=1.0
    ),
    "empty-cells": Metric(
        "empty cells",
        "share of empty cells in the table group x ISCO-08 sub-major group, over essential relations",
        "a share",
        less_is_better=True,
        most=1.0,
    ),
    "coverage": Metric("coverage", "share of all skills that the partition places", "a share", most=1.0),
}
_IN_SAMPLE = "on the occupations that the clusters were made from, which flatters them"
METRICS |= {
    f"{name}-in-sample": Metric(
        f"{METRICS[name].label} in-sample",
        METRICS[name].meaning.replace(_HELD, _IN_SAMPLE),
        METRICS[name].source,
        least=METRICS[name].least,
        most=METRICS[name].most,
    )
    for name in ("u-sec", "purity")
}
METRICS |= {
    f"{name}-soft": Metric(f"{m.label} soft", m.meaning + added, m.source, least=m.least, most=m.most)
    for names, added in ((("hit-10", "mrr", "ndcg-10", "match-10"), _SOFT), (("first-choice", "terms"), _SOUGHT))
    for name, m in METRICS.items()
    if name in names
}
METRICS |= {
    f"ami-official-{level}": Metric(
        f"AMI official {level}",
        f"adjusted mutual information with level {level} of the skills pillar; another hierarchy is far from 1",
        _INFORMATION,
        least=-1.0,
        most=1.0,
    )
    for level in (1, 2, 3)
}


def metric(name: str) -> Metric:
    """The metric of a figure; ``terms tech`` and ``first-choice`` name the set or the embedding after a space."""
    return METRICS.get(name) or METRICS[name.partition(" ")[0]]


def label_of(name: str) -> str:
    """What heads the column of a figure: the metric's label, with the set or the embedding where there is one."""
    of, rest = metric(name), name.partition(" ")[2]
    return f"{of.label} {rest}".strip()
