"""Texts -> ESCO skills -> clusters: with a score, its margin, the runner-up, and "none fits" below a threshold."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from esco_kg.errors import MissingError, UsageError, unreadable
from esco_kg.folder.material import Material
from esco_kg.folder.staging import write_whole
from esco_kg.matching.similarity import TextModel
from esco_kg.toml import read_toml
from esco_kg.trials.advertisements import skill_index, strength
from esco_kg.trials.rows import Row

FITS, NONE_FITS = "fits", "none fits"
# The score from which on a text is a label or a wording itself; what its match is worth comes on top.
NAMED = 1.0
_NAME_WEIGHT = 0.3
_LONGEST = 150  # letters of a text that may be a label
RIGHT = 0.8


@dataclass(frozen=True, slots=True)
class Calibration:
    """P(the best skill is right) = 1 / (1 + exp(-(intercept + slope x score))); none fits below ``threshold``.

    ``threshold`` is a score: the smallest from which on four in five of the texts that fit get the right skill.
    """

    slope: float
    intercept: float
    threshold: float

    def confidence(self, score: float) -> float:
        """Probability that a skill with this score is the right one."""
        return 1 / (1 + math.exp(-(self.intercept + self.slope * score)))


@dataclass(frozen=True, slots=True)
class Assignment:
    """One text's answer. Skills are IRIs, '' where there is none; ``margin`` is the score minus the runner-up's.

    Where none fits, ``skill`` is '' and ``runner_up`` the nearest skill; ``score`` is the nearest's too. A text that is
    a label or a wording has a score above :data:`NAMED`; the text model decides on the others.
    """

    skill: str
    score: float
    margin: float
    confidence: float
    runner_up: str

    @property
    def fits(self) -> bool:
        """Whether any skill fits."""
        return bool(self.skill)


def read_calibration(path: Path | None = None) -> Calibration:
    """The calibration of the default model, or one that ``esco-kg assign --calibrate`` wrote. Raises InputError."""
    place = path or Path(__file__).parent / "calibration.toml"
    try:
        read = read_toml(place)
        return Calibration(float(read["slope"]), float(read["intercept"]), float(read["threshold"]))
    except FileNotFoundError:
        raise MissingError(str(place), "Write one with esco-kg assign --calibrate.") from None
    except Exception as error:  # whatever the parser throws: deep nesting is a RecursionError
        hint = "Write one with esco-kg assign --calibrate."
        raise unreadable(str(place), "a calibration", error, hint) from None


def write_calibration(found: Calibration, path: Path, made_from: str) -> None:
    """Write a calibration as TOML, with a line that says what it was fitted on. Raises OutputError."""
    lines = [f"# What a similarity is worth, fitted by `esco-kg assign --calibrate` on {made_from}."]
    lines += [f"{name} = {getattr(found, name)}" for name in ("slope", "intercept", "threshold")]
    text = "\n".join(lines) + "\n"
    if str(path) == "-":
        sys.stdout.write(text)
    else:
        write_whole(path, text)


class Assigner:
    """Assigns texts with one model; the same texts always give the same rows."""

    def __init__(self, material: Material, model: TextModel, calibration: Calibration) -> None:
        self._model, self._calibration = model, calibration
        self._material, self._index = material, skill_index(material)
        primary = material.primary
        self._cells = {
            iri: cluster_cells(material, primary[iri].cluster if iri in primary else None) for iri in model.iris
        }

    @property
    def columns(self) -> dict[str, type]:
        """The columns that :meth:`rows` adds, with their types."""
        texts = ("skill", "skill_label", "runner_up", "runner_up_label", "status")
        found: dict[str, type] = dict.fromkeys(texts[:2], str)
        found |= dict.fromkeys(("score", "margin", "confidence"), float)
        found |= dict.fromkeys(texts[2:], str)
        for depth in range(1, self._material.depth + 1):
            found |= {f"cluster_{depth}": str, f"cluster_{depth}_label": str}
        return found

    def assign(self, texts: Sequence[str]) -> list[Assignment]:
        """One assignment per text; an empty text fits nothing."""
        unique = {text: number for number, text in enumerate(dict.fromkeys(texts))}
        answers = [self._answer(skills, scores) for skills, scores in self._best(list(unique))] if unique else []
        return [answers[unique[text]] for text in texts]

    def best(self, texts: Sequence[str]) -> list[str]:
        """The best skill of each text, whether it fits or not; '' where the text has nothing in common with any."""
        return [skills[0] for skills, _ in self._best(texts)] if texts else []

    def _best(self, texts: Sequence[str]) -> Iterator[tuple[list[str], list[float]]]:
        """The two best skills of each text, '' for none, with their scores."""
        found = self._model.similar(texts, 2)
        for text, positions, values in zip(texts, found.skills, np.round(found.scores, 4), strict=True):
            skills = ["" if position < 0 else self._model.iris[position] for position in positions]
            scores = [float(value) for value in values]
            named = self._index.whole(text) if len(text) <= _LONGEST else []
            if named and named[0].target in self._cells:
                others = [(s, min(v, NAMED)) for s, v in zip(skills, scores, strict=True) if s != named[0].target]
                skills = [named[0].target, others[0][0]]
                scores = [round(NAMED + _NAME_WEIGHT * strength(named[0]), 4), others[0][1]]
            yield skills, scores

    def rows(self, rows: Iterable[Row], column: str, size: int = 2000) -> Iterator[list[Row]]:
        """The rows with the new columns, in batches of ``size``: memory does not grow with their number."""
        batch: list[Row] = []
        for row in rows:
            batch.append(row)
            if len(batch) == size:
                yield self._extended(batch, column)
                batch = []
        if batch:
            yield self._extended(batch, column)

    def calibrated(self, texts: Sequence[str], labels: Sequence[str]) -> Calibration:
        """A calibration from texts with the labels (or IRIs) of their right skills; an unknown label: none fits.

        Raises UsageError where the sample cannot tell right from wrong.
        """
        known = self._material.skills_by_label()
        best = list(self._best(texts))
        right_ones = [known.get(label.strip().casefold()) or known.get(label.strip()) or [] for label in labels]
        right = [skills[0] in answers for (skills, _), answers in zip(best, right_ones, strict=True)]
        try:
            return calibrate([scores[0] for _, scores in best], right)
        except ValueError as error:
            raise UsageError(str(error), "Label a larger sample, with texts that no skill fits among them.") from None

    def _extended(self, batch: list[Row], column: str) -> list[Row]:
        texts = ["" if row.get(column) is None else str(row[column]) for row in batch]
        return [row | self._row(found) for row, found in zip(batch, self.assign(texts), strict=True)]

    def _row(self, found: Assignment) -> Row:
        label = self._material.label
        return {
            "skill": found.skill,
            "skill_label": label(found.skill),
            "score": found.score,
            "margin": found.margin,
            "confidence": found.confidence,
            "runner_up": found.runner_up,
            "runner_up_label": label(found.runner_up),
            "status": FITS if found.fits else NONE_FITS,
            **(self._cells[found.skill] if found.fits else cluster_cells(self._material, None)),
        }

    def _answer(self, skills: list[str], scores: list[float]) -> Assignment:
        confidence = round(self._calibration.confidence(scores[0]), 4) if skills[0] else 0.0
        if not skills[0] or scores[0] < self._calibration.threshold:
            return Assignment("", scores[0], 0.0, confidence, skills[0])
        return Assignment(skills[0], scores[0], round(scores[0] - scores[1], 4), confidence, skills[1])


def cluster_cells(material: Material, cluster: str | None) -> Row:
    """The ids and labels of a cluster and of those above it, one column a level; empty for no cluster. A cluster that
    ends above a level stands for itself there."""
    found: Row = {}
    for depth in range(1, material.depth + 1):
        identifier = material.at_level(cluster, depth) if cluster else ""
        found |= {f"cluster_{depth}": identifier, f"cluster_{depth}_label": material.label(identifier)}
    return found


def calibrate(scores: Sequence[float], right: Sequence[bool]) -> Calibration:
    """Fit a calibration on a labelled sample.

    ``scores`` are those of the best skills, ``right`` tells whether that skill was the labelled one. Where no threshold
    makes so many right, it is the one that makes most. Raises ValueError where all are right, or none.
    """
    from sklearn.linear_model import LogisticRegression

    if len(set(right)) < 2:
        raise ValueError("a calibration needs right and wrong answers")
    values, are_right = np.asarray(scores, dtype=np.float64), np.asarray(right)
    fitted = LogisticRegression(C=10.0).fit(values[:, None], are_right)
    candidates = np.unique(values)
    shares = np.array([are_right[values >= t].mean() for t in candidates])
    good = np.flatnonzero(shares >= RIGHT)
    threshold = float(candidates[good[0] if len(good) else int(np.argmax(shares))])
    return Calibration(round(float(fitted.coef_[0, 0]), 3), round(float(fitted.intercept_[0]), 3), round(threshold, 3))
