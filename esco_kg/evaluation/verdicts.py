"""Better, equal or worse than the official hierarchy, for each use of the clusters.

The rule: two figures are equal where their 95 % intervals overlap; figures over all data have no interval and differ as
soon as their first four digits do. Each level is compared with the official level whose number of groups is nearest (by
ratio). Where we have figures with further memberships, they stand for us: the official hierarchy shares skills, too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from esco_kg.evaluation.metrics import label_of, metric
from esco_kg.evaluation.study import Figure, Study

BETTER, EQUAL, WORSE, UNKNOWN = "better", "equal", "worse", "not measured"
USES: dict[str, tuple[str, ...]] = {
    "navigation": ("options", "first-choice"),
    "recommendation": ("hit-10", "mrr"),
    "statistical reporting": ("u-sec", "purity", "empty-cells", "gini"),
    "matching": ("match-10",),
    "profile building": ("ndcg-10",),
    "term annotation": ("terms",),
}
"""Use -> its metrics; the first decides, the others are given beside it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Our figure beside theirs. ``verdict``: better, equal or worse."""

    verdict: str
    ours: Figure
    theirs: Figure


@dataclass(frozen=True, slots=True)
class Verdict:
    """One use of one partition: the word, and what it rests on, the deciding comparison first."""

    partition: str
    use: str
    verdict: str
    comparisons: tuple[Comparison, ...]

    def sentence(self) -> str:
        """In plain words, with the figures."""
        if not self.comparisons:
            return f"{self.use}: {UNKNOWN}."
        first, *others = self.comparisons
        words = "equal to" if self.verdict == EQUAL else f"{self.verdict} than"
        said = f"{self.use}: {words} level {first.theirs.level} of the official hierarchy, {_told(first)}."
        return said + "".join(f" {c.verdict.capitalize()} in {_told(c)}." for c in others)


def verdicts(study: Study) -> list[Verdict]:
    """One per subject and use, at the subject's middle level (a hierarchy of three is used most at its second).

    Navigation goes down to the finest level. Empty without the official hierarchy.
    """
    if not study.levels("official"):
        return []
    return [_verdict(study, subject, use) for subject in study.subjects for use in USES]


def comparisons(study: Study, subject: str, level: int) -> list[Comparison]:
    """Every metric of every use at one level of a subject."""
    rival = nearest_official(study, subject, level)
    return [c for names in USES.values() for name in names for c in _compared(study, subject, level, rival, name)]


def nearest_official(study: Study, subject: str, level: int) -> int:
    """The official level whose number of groups is nearest, by ratio."""
    own = study.find(subject, level, "groups")
    count = own.value if own else 1.0

    def distance(rival: int) -> float:
        found = study.find("official", rival, "groups")
        return abs(math.log((found.value if found else 1.0) / count))

    return min(study.levels("official"), key=distance)


def compare(ours: Figure, theirs: Figure) -> Comparison:
    """By the rule above."""
    (low, high), (their_low, their_high) = _limits(ours), _limits(theirs)
    if low <= their_high and their_low <= high:
        return Comparison(EQUAL, ours, theirs)
    more = low > their_high
    return Comparison(BETTER if more != metric(ours.metric).less_is_better else WORSE, ours, theirs)


def _limits(figure: Figure) -> tuple[float, float]:
    low, high = (figure.value if math.isnan(limit) else limit for limit in (figure.low, figure.high))
    return round(low, 4), round(high, 4)


def _verdict(study: Study, subject: str, use: str) -> Verdict:
    levels = study.levels(subject)
    level = levels[-1] if use == "navigation" else levels[len(levels) // 2]
    rival = nearest_official(study, subject, level)
    found = tuple(c for name in USES[use] for c in _compared(study, subject, level, rival, name))
    return Verdict(subject, use, found[0].verdict if found else UNKNOWN, found)


def _compared(study: Study, subject: str, level: int, rival: int, name: str) -> list[Comparison]:
    """All figures of a metric, one for each embedding and labelled set."""
    theirs = {f.metric: f for f in study.figures if (f.partition, f.level) == ("official", rival)}
    ours = {f.metric: f for f in study.figures if (f.partition, f.level) == (subject, level)}
    found = [full for full in theirs if full == name or full.startswith(f"{name} ")]
    return [compare(ours.get(_with_further(full), ours[full]), theirs[full]) for full in found if full in ours]


def _with_further(full: str) -> str:
    """``hit-10-soft`` of ``hit-10``, ``terms-soft tech LSA`` of ``terms tech LSA``."""
    name, space, rest = full.partition(" ")
    return f"{name}-soft{space}{rest}"


def _told(found: Comparison) -> str:
    less = " (less is better)" if metric(found.ours.metric).less_is_better else ""
    return f"{label_of(found.ours.metric)} {shown(found.ours)} against {shown(found.theirs)}{less}"


def shown(figure: Figure) -> str:
    """``.412 [.398, .426]``; without the interval where there is none."""
    value = digits(figure.value)
    if math.isnan(figure.low) or figure.low == figure.high:
        return value
    return f"{value} [{digits(figure.low)}, {digits(figure.high)}]"


def digits(value: float) -> str:
    """Three places for shares, one for larger numbers, none for whole ones."""
    return f"{value:,.1f}".removesuffix(".0") if abs(value) >= 1.5 else f"{value:.3f}"
