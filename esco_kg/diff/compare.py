"""Compare whatever two versions a user names: releases, RDF files of a SKOS scheme, or downloads of ESCO."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from esco_kg.config import Config, read_config
from esco_kg.diff import releases, report, scheme, version_part, walk
from esco_kg.diff.concepts import DeltaRow
from esco_kg.diff.patch import patch as rdf_patch
from esco_kg.diff.releases import Release
from esco_kg.diff.sources import Source, rdf, spooled
from esco_kg.dump import turtle_text
from esco_kg.errors import MissingError, UsageError
from esco_kg.esco.dump.syntax import is_dump
from esco_kg.esco.pillar import read_pillar
from esco_kg.folder.reading import MANIFEST, read_manifest
from esco_kg.model.changes import Delta, OtherStatements
from esco_kg.rdf.reading import Reader, is_rdf
from esco_kg.scheme import Iris, change_blocks, pillar_blocks

Listener = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """``delta`` is what changed; ``rows`` are the values of concepts that did, in the columns of ESCO's own deltas.

    ``base_iri`` is that of the releases compared, '' where other things were.
    """

    delta: Delta
    rows: list[DeltaRow]
    base_iri: str = ""

    def as_text(self, limit: int = 10) -> str:
        """For people, with at most ``limit`` changes of each kind."""
        return report.as_text(self.delta, limit)

    def as_csv(self) -> str:
        """Every change, one a line."""
        return report.as_csv(self.delta.changes, has_skills=self.delta.has_skills)

    def as_json(self) -> str:
        """Everything, for programs."""
        return report.as_json(self.delta)

    def as_markdown(self, limit: int = 10) -> str:
        """For a page, with at most ``limit`` changes of each kind."""
        from esco_kg.notes.comparison import as_markdown

        return as_markdown(self.delta, report.verdict_lines(self.delta), report.remarks(self.delta), limit)

    def as_html(self) -> str:
        """A page in which long lists fold."""
        from esco_kg.notes.comparison import as_html

        return as_html(self.delta, report.verdict_lines(self.delta), report.remarks(self.delta))

    def as_esco_csv(self) -> str:
        """The changed values in the columns of ESCO's own deltas."""
        return report.as_esco_csv(self.rows)

    def as_turtle(self) -> str:
        """The changes as RDF."""
        return turtle(self)

    def by_template(self, template: Path) -> str:
        """The report by a Jinja2 template, which gets ``delta`` and ``verdict``."""
        from esco_kg.notes.own_template import by_template

        return by_template(template, self.delta, report.verdict_lines(self.delta))


def compare(
    old: Path,
    new: Path,
    *,
    languages: Sequence[str] | None = None,
    by_code: bool = False,
    listener: Listener = lambda name: None,
    reader: Reader | None = None,
) -> Comparison:
    """Compare two versions of one kind.

    ``languages`` limits what is read of ESCO downloads, ``by_code`` matches concepts of RDF files whose IRIs changed.
    Raises UsageError where the two are of different kinds, InputError where one cannot be read.
    """
    kind = _kind(old, new)
    if kind == "release":
        listener("compare releases")
        before_and_after = _releases(old, new)
        return Comparison(*releases.compare(*before_and_after), before_and_after[1].base_iri)
    with _opened(old, new, languages, listener, reader or Reader()) as (names, before, after):
        listener("compare")
        found = scheme.compare(before, after, esco=kind == "ESCO", by_code=by_code)
    statements = found.statements
    if kind == "RDF" and not found.changes and not statements:
        statements = _blank_nodes(old, new, reader or Reader())
    delta = Delta(
        *names,
        changes=found.changes,
        counts=found.counts,
        totals=found.totals,
        labels=found.labels,
        verdict=version_part.of_scheme(found.counts, esco=kind == "ESCO"),
        statements=statements,
        based=found.survey.based,
        parents=found.parents,
    )
    return Comparison(delta, found.rows)


def _blank_nodes(old: Path, new: Path, reader: Reader) -> list[OtherStatements]:
    """Where all that is said is the same, blank nodes may still be joined otherwise: the patch knows."""
    signs = Counter(line[0] for line in patch(old, new, reader=reader))
    reason = "blank nodes that say the same are joined otherwise"
    return [OtherStatements("blank nodes", signs["D"], signs["A"], reason)] if signs["D"] or signs["A"] else []


def patch(
    old: Path, new: Path, languages: Sequence[str] | None = None, *, skolem: str = "", reader: Reader | None = None
) -> Iterator[str]:
    """The lines of an RDF Patch from one version to the other; of releases, of their graphs ``clusters``.

    Of RDF files it is made from their own triples; ``skolem`` and the names of blank nodes: :mod:`esco_kg.diff.patch`.
    """
    kind = _kind(old, new)
    if kind == "release":
        before, after = _releases(old, new)
        yield from walk.patch(before.graph("clusters")(), after.graph("clusters")())
    elif kind == "RDF":
        reader = reader or Reader()
        with tempfile.TemporaryDirectory(prefix="esco-kg-diff-") as scratch:
            here, there = (((t.subject, t.predicate, t.object) for t in reader.triples(path)) for path in (old, new))
            yield from rdf_patch(here, there, Path(scratch), skolem)
    else:
        with _opened(old, new, languages, lambda name: None, Reader()) as (_, before_source, after_source):
            yield from walk.patch(before_source(), after_source())


def turtle(found: Comparison) -> str:
    """The changes as RDF, in Turtle; where no release lends its base IRI, under that of the default settings."""
    config = read_config()
    config = replace(config, base_iri=found.base_iri or config.base_iri)
    return turtle_text(change_blocks(found.delta, config), Iris.of(config).prefixes())


def as_release(folder: Path) -> Release:
    """A finished release. Raises InputError where the folder is none."""
    manifest = read_manifest(folder)
    return Release(folder, manifest["version"], manifest["issued"], manifest["base_iri"], manifest)


def _releases(old: Path, new: Path) -> tuple[Release, Release]:
    before, after = as_release(old), as_release(new)
    if before.base_iri != after.base_iri:
        raise UsageError(
            f"{old} has the base IRI {before.base_iri}, {new} has {after.base_iri}",
            "Compare releases of the same scheme.",
        )
    return before, after


def _kind(old: Path, new: Path) -> str:
    kinds = []
    for path in (old, new):
        if not path.exists():
            raise MissingError(str(path), "Check the name, and the folder you are in.")
        kinds.append("RDF" if _is_scheme(path) else "release" if (path / MANIFEST).is_file() else "ESCO")
    if kinds[0] != kinds[1]:
        raise UsageError(
            f"{old} is read as {kinds[0]}, {new} as {kinds[1]}",
            "Compare two releases, two RDF files of a scheme, or two versions of ESCO, as tables or dumps.",
        )
    return kinds[0]


def _is_scheme(path: Path) -> bool:
    """Whether the path is an RDF file of a scheme, and not ESCO's dump."""
    return path.is_file() and is_rdf(path) and not is_dump(path, None, path.name, has_xl_labels=True)


@contextmanager
def _opened(
    old: Path, new: Path, languages: Sequence[str] | None, listener: Listener, reader: Reader
) -> Iterator[tuple[tuple[str, str], Source, Source]]:
    """Names and contents of two RDF files or two downloads of ESCO."""
    with tempfile.TemporaryDirectory(prefix="esco-kg-diff-") as scratch:
        names, sources = [], []
        for number, path in enumerate((old, new)):
            room = Path(scratch) / str(number)
            room.mkdir()
            listener(f"read {path.name}")
            if _is_scheme(path):
                name, source = path.name, rdf(reader.triples(path), path.name, room)
            else:
                name, source = _esco(path, room, languages, read_config())
            names.append(name)
            sources.append(source)
        yield (names[0], names[1]), sources[0], sources[1]


def _esco(path: Path, room: Path, languages: Sequence[str] | None, config: Config) -> tuple[str, Source]:
    pillar = read_pillar([path], languages=list(languages) if languages else None)
    return f"ESCO {pillar.version}", spooled(pillar_blocks(pillar, config), room / "pillar.nt")
