"""A study of releases and of other partitions: read, make again, measure, compare with the official hierarchy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path

import numpy as np

from esco_kg.errors import InputError, UsageError
from esco_kg.evaluation.embedding import Embedding, lsa_embedding
from esco_kg.evaluation.report.reading import (
    Release,
    labels_of,
    read_esco,
    read_levels,
    read_release,
    read_sector_links,
)
from esco_kg.evaluation.report.remaking import remaker_of
from esco_kg.evaluation.splits import hidden_skills
from esco_kg.evaluation.study import RIVALS, EvaluationInputs, Study, run
from esco_kg.evaluation.subjects import Subject, as_given, read_table
from esco_kg.evaluation.terms import Annotation, read_annotations
from esco_kg.evaluation.words import Words
from esco_kg.folder.manifest import sha256_of, sources_below
from esco_kg.matching.models import embedding_of, installed
from esco_kg.model.pillar import Pillar, SectorLinks
from esco_kg.resources import folder

LSA = "lsa"
QUICK = ("wordllama",)
"""Models used without being asked for where they are installed; the others take minutes for ESCO's 110,000 labels."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for. ``paths``: folders of releases and CSV tables; ``models``: None for quick ones."""

    paths: tuple[Path, ...]
    against: tuple[str, ...] = RIVALS
    nace: Path | None = None
    curation: Path | None = None
    terms: Path | None = None
    models: tuple[str, ...] | None = None
    splits: int = 5
    seed: int = 0
    processes: int = 1


@dataclass(slots=True)
class Evaluation:
    """The study, and what it was made with; ``release`` gave ESCO and is subject number ``place``."""

    study: Study
    release: Release
    place: int
    request: Request
    models: tuple[str, ...]
    sources: list[tuple[str, str]] = field(default_factory=list)  # file name, SHA-256

    @property
    def software(self) -> str:
        """What measured."""
        return f"esco-kg {metadata.version('esco-kg')}"

    def as_text(self) -> str:
        """For a terminal."""
        from esco_kg.evaluation.report.document import as_text

        return as_text(self)

    def as_json(self) -> str:
        """Everything, for programs."""
        from esco_kg.evaluation.report.tables import as_json

        return as_json(self)

    def as_csv(self) -> str:
        """All figures, one a line."""
        from esco_kg.evaluation.report.tables import as_csv

        return as_csv(self.study)

    def as_markdown(self, page: str = "") -> str:
        """The tables; between its marks in a page that has them."""
        from esco_kg.evaluation.report.document import as_markdown, into_page

        return into_page(as_markdown(self), page)

    def as_html(self) -> str:
        """A page with plots."""
        from esco_kg.evaluation.report.document import as_html

        return as_html(self)

    def as_turtle(self) -> str:
        """The release's figures as quality measurements."""
        from esco_kg.evaluation.report.quality import as_turtle

        return as_turtle(self)


def evaluate(request: Request, listener: Callable[[str], None] = lambda name: None) -> Evaluation:
    """Run the study. ESCO is that of the first release among ``paths``; everything is measured on it.

    Raises UsageError for an unknown rival or model or without a release, InputError for what cannot be read.
    """
    unknown = sorted(set(request.against) - set(RIVALS))
    if unknown:
        raise UsageError(f"there is no rival {unknown[0]!r}", f"Known: {', '.join(RIVALS)}.")
    folders = [path for path in request.paths if path.is_dir()]
    if not folders:
        raise UsageError(
            "no release is given", "Name the folder of a release: its ESCO is what everything is measured on."
        )
    listener("read releases")
    releases = {path: read_release(path, folders) for path in folders}
    first = releases[folders[0]]
    pillar = read_esco(first)
    sectors = read_sector_links(first, pillar, request.nace)
    subjects = [
        _of_release(releases[path], pillar, sectors, request) if path in releases else read_table(path, pillar)
        for path in request.paths
    ]
    _tell_apart(subjects, request.paths)
    models = _models(request)
    listener("learn the words of ESCO")
    words = Words(pillar, _embeddings(models, pillar, request.seed), _terms(request, pillar), seed=request.seed)
    inputs = EvaluationInputs(pillar, sectors, words, request.splits, request.seed)
    study = run(inputs, subjects, request.against, listener)
    return Evaluation(study, first, request.paths.index(folders[0]), request, models, _sources(request, releases))


def _of_release(release: Release, pillar: Pillar, sectors: SectorLinks, request: Request) -> Subject:
    levels, coverage = read_levels(release, pillar)
    if release.manifest.get("origin"):
        return as_given(release.name, levels, round(coverage * len(pillar.skills)), len(pillar.skills))
    curation = request.curation or folder("curation")
    remaker = remaker_of(release, pillar, sectors, curation, request.processes)
    unframed = ("unframed",) if remaker.is_framed else ()
    return Subject(
        release.name,
        levels,
        coverage,
        held_out="scratch",
        as_made="release" if release.previous else "scratch",
        modes=(*unframed, "scratch", "versioned", "anchored"),
        remake=remaker,
        earlier=[(earlier.version, labels_of(earlier)) for earlier in release.earlier],
        hidden=hidden_skills(pillar),
        statements=list(_differences(release, pillar, curation)),
    )


def _differences(release: Release, pillar: Pillar, curation: Path) -> list[str]:
    """What keeps the clusters made again from being those of the release."""
    said = []
    if release.published.esco_version != pillar.version:
        said.append(
            f"{release.name} was made from ESCO {release.published.esco_version}; it is measured on {pillar.version}."
        )
    hashes = {source["sha256"] for source in release.manifest.get("curation", ())}
    if "curation" in release.manifest and hashes != {source.sha256 for source in sources_below(curation)}:
        said.append(f"{release.name} was made with other expert decisions than those in {curation.name}/.")
    if release.manifest.get("previous") and release.previous is None:
        said.append(
            f"{release.name} started from release {release.manifest['previous']}, which is not beside it nor given."
        )
    return said


def _tell_apart(subjects: Sequence[Subject], paths: Sequence[Path]) -> None:
    """Two subjects of one name get their paths as names."""
    names = [subject.name for subject in subjects]
    for subject, path in zip(subjects, paths, strict=True):
        if names.count(subject.name) > 1 or subject.name == "official":
            subject.name = f"{subject.name} ({path})"


def _models(request: Request) -> tuple[str, ...]:
    if request.models is not None:
        return request.models
    return (LSA, *(name for name in installed() if name in QUICK))


def _embeddings(models: Sequence[str], pillar: Pillar, seed: int) -> list[Embedding]:
    found = []
    for name in models:
        if name == LSA:
            found.append(replace(lsa_embedding(pillar, seed=seed), name="LSA"))
        else:
            encode = embedding_of(name)
            found.append(Embedding(name, lambda texts, encode=encode: np.asarray(encode(texts), dtype=np.float64)))  # type: ignore[misc]
    return found


def _terms(request: Request, pillar: Pillar) -> dict[str, list[Annotation]]:
    """Every CSV file in the folder is a set, by its name up to the first ``_``."""
    if request.terms is None:
        return {}
    files = sorted(request.terms.glob("*.csv"))
    if not files:
        raise InputError(str(request.terms), "holds no .csv file", "Give the folder with the labelled sets.")
    return {path.stem.partition("_")[0]: read_annotations(path, pillar) for path in files}


def _sources(request: Request, releases: dict[Path, Release]) -> list[tuple[str, str]]:
    files = [path / "manifest.json" if path in releases else path for path in request.paths]
    files += [request.nace] if request.nace else []
    files += sorted(request.terms.glob("*.csv")) if request.terms else []
    return [(path.name, sha256_of(path)) for path in files]
