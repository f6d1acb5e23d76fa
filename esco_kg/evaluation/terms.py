"""From a term of real life to a group: the nearest skills vote, the same way for every grouping."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from esco_kg.errors import InputError
from esco_kg.evaluation.embedding import Embedding
from esco_kg.evaluation.groups import Groups
from esco_kg.model.pillar import Pillar


@dataclass(frozen=True, slots=True)
class Annotation:
    """A span of a job advertisement and the ESCO skill (IRI) that people chose for it."""

    span: str
    skill: str


@dataclass(frozen=True, slots=True)
class TermAccuracy:
    """``accuracy`` in [0, 1]: share of spans whose winning group holds the skill that people chose."""

    accuracy: float
    spans: int
    embedding: str


def read_annotations(path: Path, pillar: Pillar) -> list[Annotation]:
    """Rows of a CSV with columns ``span, sub_span, label`` whose label is a preferred label of this ESCO, each once.

    Spans that people marked as not in ESCO are left out. Raises InputError where a column is missing or nothing fits.
    """
    known = {skill.label("en").lower(): iri for iri, skill in sorted(pillar.skills.items(), reverse=True)}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        if not {"span", "sub_span", "label"} <= set(reader.fieldnames or []):
            raise InputError(f"{path.name}:1", f"columns are {reader.fieldnames}", "Needed: span, sub_span, label.")
        found = {
            Annotation((row["sub_span"] or row["span"]).strip(), known[row["label"].strip().lower()])
            for row in reader
            if row["label"].strip().lower() in known
        }
    if not found:
        raise InputError(
            path.name, "no label is a preferred label of this ESCO", "Take a set made for ESCO in English."
        )
    return sorted(found, key=lambda a: (a.span, a.skill))


def term_accuracy(
    groups: Groups, annotations: Sequence[Annotation], pillar: Pillar, embedding: Embedding, neighbours: int = 10
) -> TermAccuracy:
    """The ``neighbours`` skills nearest to the span by any label vote with their cosine and their share in each group.

    A fractional grouping is right where the winning group holds any share of the chosen skill: the vote is the same
    for all.
    """
    texts, owner = [], []
    row = {iri: i for i, iri in enumerate(groups.skills)}
    for iri in groups.skills:
        said = pillar.skills[iri].texts.get("en")
        for text in (said.pref, *said.alt) if said else ():
            texts.append(text)
            owner.append(row[iri])
    vectors, owners = embedding.encode(texts), np.array(owner)
    spans = embedding.encode([annotation.span for annotation in annotations])
    right = []
    for annotation, span in zip(annotations, spans, strict=True):
        nearest = np.full(len(groups.skills), -1.0)
        np.maximum.at(nearest, owners, vectors @ span)
        best = np.argsort(-nearest, kind="stable")[:neighbours]
        votes = np.asarray(groups.shares[best].T @ np.maximum(nearest[best], 0.0)).ravel()
        right.append(bool(groups.shares[row[annotation.skill], int(votes.argmax())] > 0))
    return TermAccuracy(float(np.mean(right)), len(right), embedding.name)
