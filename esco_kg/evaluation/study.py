"""The study: every subject and every rival asked the same, on the same splits; figures with 95 % intervals."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from esco_kg.evaluation import robustness
from esco_kg.evaluation.held_out import HeldOutTest
from esco_kg.evaluation.intervals import Estimate, exact, of_mean, of_share
from esco_kg.evaluation.metrics import metric
from esco_kg.evaluation.splits import Split, resamples, strict_splits
from esco_kg.evaluation.structure import likeness, structure
from esco_kg.evaluation.subjects import Job, Levels, Subject, official_levels, random_like
from esco_kg.evaluation.words import Words
from esco_kg.model.pillar import Pillar, SectorLinks

RIVALS = ("official", "random", "popularity", "knn")
_WITHOUT_GROUPS = {"popularity": ("popularity",), "knn": ("skill-kNN", "occupation-kNN"), "random": ("any order",)}
Listener = Callable[[str], None]
_SAME = 0.9995


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. ``level`` 1 is the coarsest, 0 stands for no groups. ``low`` and ``high`` are the 95 %
    interval: equal to the value where nothing was drawn, NaN where one split gives none. ``count`` splits or trials;
    ``basis``: ``splits``, ``resamples``, ``trials`` or ``all`` data; ``note``: which releases were compared.
    """

    partition: str
    level: int
    metric: str
    value: float
    low: float
    high: float
    count: int
    basis: str
    note: str = ""


@dataclass(slots=True)
class Study:
    """``figures`` in the order of subjects, rivals, levels; ``statements`` say what could not be measured and why."""

    subjects: list[str]
    figures: list[Figure] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)

    def find(self, partition: str, level: int, name: str) -> Figure | None:
        """The first figure of this metric; a name without its embedding finds the first embedding."""
        for figure in self.figures:
            named = figure.metric == name or figure.metric.startswith(f"{name} ")
            if named and (figure.partition, figure.level) == (partition, level):
                return figure
        return None

    def levels(self, partition: str) -> list[int]:
        """Its levels, coarsest first; [0] for what has no groups."""
        return sorted({figure.level for figure in self.figures if figure.partition == partition})


@dataclass(slots=True)
class EvaluationInputs:
    """What all are measured on. ``splits`` counts splits and resamples; without ``words`` no text is asked for."""

    pillar: Pillar
    sectors: SectorLinks
    words: Words | None = None
    splits: int = 5
    seed: int = 0

    def everything(self) -> tuple[str, ...]:
        """All occupations."""
        return tuple(sorted(self.pillar.occupations))


def run(
    inputs: EvaluationInputs,
    subjects: Sequence[Subject],
    against: Sequence[str] = RIVALS,
    listener: Listener = lambda name: None,
) -> Study:
    """Measure the subjects, then the rivals. Every figure depends on the inputs and the seed alone."""
    rivals = []
    theirs = official_levels(inputs.pillar)
    if "official" in against:
        rivals.append(theirs)
    if "random" in against and subjects:
        rivals.append(random_like(subjects[0], inputs.seed))
    study = Study([subject.name for subject in subjects])
    splits = strict_splits(inputs.pillar, inputs.splits, seed=inputs.seed)
    samples = resamples(inputs.pillar, inputs.splits, robustness.SHARE, inputs.seed)
    held_out = [HeldOutTest(inputs.pillar, inputs.sectors, split, inputs.seed) for split in splits]
    for subject in [*subjects, *rivals]:
        made = _make(subject, splits, samples, inputs.everything(), listener)
        listener(f"measure {subject.name}")
        study.statements += subject.statements
        study.figures += _of_levels(inputs, subject, theirs)
        study.figures += _held_out(subject, held_out, splits, made)
        study.figures += _stability(subject, samples, inputs.everything(), made)
    for rival in [name for key in against for name in _WITHOUT_GROUPS.get(key, ())]:
        listener(f"measure {rival}")
        taken = [list(test.without_groups(rival)) for test in held_out]
        study.figures += _averaged(rival, taken, "splits")
    study.statements += _not_measured(study, inputs)
    return study


def _make(
    subject: Subject,
    splits: Sequence[Split],
    samples: Sequence[tuple[str, ...]],
    everything: tuple[str, ...],
    listener: Listener,
) -> dict[Job, Levels]:
    """Everything that has to be made again for a subject, all in one go so that it can be done side by side."""
    if subject.remake is None:
        return {}
    wanted = [Job(subject.held_out, split.training) for split in splits]
    wanted += [*robustness.jobs(subject.modes, samples, everything), Job(subject.as_made, everything)]
    wanted += [Job(subject.held_out, everything)] if subject.earlier else []
    wanted += [Job("hidden", everything)] if subject.hidden else []
    unique = list(dict.fromkeys(wanted))
    listener(f"make the clusters of {subject.name} {len(unique)} times without some occupations")
    return dict(zip(unique, subject.remake(unique), strict=True))


def _of_levels(inputs: EvaluationInputs, subject: Subject, theirs: Subject) -> Iterator[Figure]:
    found = list(structure(subject.levels, inputs.pillar))
    if subject.name != theirs.name:
        found += likeness(subject.levels, theirs.levels.hard)
    for level, groups in enumerate(subject.levels.sought or subject.levels.soft or subject.levels.hard, 1):
        found.append((level, "groups-per-skill", groups.shares.getnnz() / len(groups.skills)))
    found += [(level, "coverage", subject.coverage) for level in range(1, len(subject.levels.hard) + 1)]
    for level, name, value in found:
        yield figure_of(subject.name, level, name, exact(value), "all")
    if inputs.words:
        for level, name, estimate in inputs.words.ask(subject.levels):
            yield figure_of(subject.name, level, name, estimate, "trials")


def _held_out(
    subject: Subject, held_out: Sequence[HeldOutTest], splits: Sequence[Split], made: dict[Job, Levels]
) -> Iterator[Figure]:
    taken = []
    for test, split in zip(held_out, splits, strict=True):
        if subject.drawn:
            levels = subject.drawn(split.number)
        else:
            levels = made[Job(subject.held_out, split.training)] if made else subject.levels
        taken.append(list(test.take(levels)))
    yield from _averaged(subject.name, taken, "splits")


def _averaged(partition: str, taken: Iterable[list[tuple[int, str, float]]], basis: str) -> Iterator[Figure]:
    values: dict[tuple[int, str], list[float]] = defaultdict(list)
    for measured in taken:
        for level, name, value in measured:
            values[level, name].append(value)
    for (level, name), found in values.items():
        known = [value for value in found if not math.isnan(value)]
        if known:
            yield figure_of(partition, level, name, of_mean(known), basis)


def _stability(
    subject: Subject, samples: Sequence[tuple[str, ...]], everything: tuple[str, ...], made: dict[Job, Levels]
) -> Iterator[Figure]:
    if not made:
        return
    for level, name, values in robustness.alike(subject, made, samples, everything):
        yield figure_of(subject.name, level, name, of_mean(values), "resamples")
    for level, name, value in robustness.remade(subject, made[Job(subject.as_made, everything)]):
        yield figure_of(subject.name, level, name, exact(value), "all")
    if subject.hidden:
        again = made[Job("hidden", everything)]
        for level, name, share, count in robustness.found_again(subject, again, subject.hidden):
            yield figure_of(subject.name, level, name, of_share(share, count), "trials")
    scratch = made.get(Job(subject.held_out, everything))
    for level, name, value, note in robustness.drift(subject, scratch):
        yield figure_of(subject.name, level, name, exact(value), "all", note)


def figure_of(partition: str, level: int, name: str, found: Estimate, basis: str, note: str = "") -> Figure:
    """The estimate, its interval cut at the limits of the metric."""
    of = metric(name)
    low, high = max(found.low, min(of.least, found.value)), min(found.high, max(of.most, found.value))
    return Figure(partition, level, name, found.value, low, high, found.count, basis, note)


def _not_measured(study: Study, inputs: EvaluationInputs) -> Iterator[str]:
    measured = {figure.metric.partition(" ")[0] for figure in study.figures}
    for other in dict.fromkeys(f.partition for f in study.figures if f.metric == "ecs-remade" and f.value < _SAME):
        yield f"{other} is not what its data give here (ECS remade below 1): figures on splits are of the method here."
    if "u-sec" not in measured:
        yield (
            "Sector information is not measured: no held-out occupation is linked to a sector. "
            "Give the crosswalk to NACE with --nace."
            if not inputs.sectors.known
            else "Sector information is not measured: no held-out occupation with a sector has essential skills."
        )
    if "hit-10" not in measured:
        yield "Recommendation and matching are not measured: no held-out occupation has eight essential skills."
    if "terms" not in measured:
        yield "Terms of real life are not measured: give a folder of labelled sets with --terms."
    if "first-choice" not in measured and inputs.words:
        yield "First choice is not measured: no skill has an alternative label."
    held = {figure.count for figure in study.figures if figure.basis == "splits"}
    if held and min(held) < inputs.splits:
        yield f"In some of the {inputs.splits} splits there was nothing to measure on; the figures' counts say where."
