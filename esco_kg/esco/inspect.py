"""What a download holds, complete or not: version, languages, counts, and all that is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from esco_kg.errors import EscoKgError
from esco_kg.esco.defects import Tally
from esco_kg.esco.download import find_download
from esco_kg.esco.pillar import STEPS, Reading, missing_tables
from esco_kg.esco.tables import COLUMNS, REQUIRED, read_rows
from esco_kg.model.pillar import Defect, Pillar, Source


@dataclass(frozen=True, slots=True)
class Count:
    """One table: its name, language ("" where it has none), place, and rows (None where it could not be read)."""

    table: str
    language: str
    place: str
    rows: int | None


@dataclass(frozen=True, slots=True)
class Problem:
    """What a release of this download would fail at."""

    message: str
    hint: str


@dataclass(slots=True)
class Inspection:
    """``problems`` stop a release; ``defects`` are survived and reported."""

    version: str = ""
    languages: tuple[str, ...] = ()
    concepts: dict[str, int] = field(default_factory=dict)
    tables: list[Count] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)

    def as_text(self) -> str:
        """For a terminal: one fact a line, counts right-aligned, problems first among what is wrong."""
        lines = [f"ESCO {self.version or '(version unknown)'}, languages: {', '.join(self.languages) or 'none'}"]
        if self.concepts:
            lines += ["", "Holds", *(f"  {number:>9,}  {what}" for what, number in self.concepts.items())]
        if self.tables:
            lines += ["", "Tables (rows)"]
            lines += [f"  {'unread' if t.rows is None else format(t.rows, ','):>9}  {t.place}" for t in self.tables]
        for problem in self.problems:
            lines += ["", f"Error: {problem.message}", *([f"Hint: {problem.hint}"] if problem.hint else [])]
        lines += ["", "Defects, harmless" if self.defects else "No defects found"]
        for defect in self.defects:
            lines += [f"  {defect.count:>9,}  {defect.kind}: {defect.explanation}"]
            lines += [f"             first at {defect.place}{': ' + defect.example if defect.example else ''}"]
        lines += ["", "Files (bytes, SHA-256)"] if self.sources else []
        lines += [f"  {source.bytes:>11,}  {source.sha256}  {source.name}" for source in self.sources]
        return "\n".join(lines)


def inspect(paths: Sequence[Path], *, version: str | None = None, languages: Sequence[str] | None = None) -> Inspection:
    """Look at a download as a release would, but go on after a problem, so that one look tells them all."""
    tally = Tally()
    result = Inspection()
    try:
        download = find_download(paths, tally, version=version, languages=languages)
    except EscoKgError as error:
        _note(result, error)
        result.defects = tally.defects()
        return result
    result.version, result.languages, result.sources = download.version, download.languages, download.sources
    if download.missing():
        _note(result, missing_tables(download))
    reading = Reading(download, tally, Pillar(download.version, download.languages))
    for step in STEPS:
        try:
            if step.table not in COLUMNS or download.of(step.table):
                step.run(reading)
        except EscoKgError as error:
            _note(result, error)
    for file in download.tables.values():
        try:
            if file.place not in tally.rows and file.table not in REQUIRED:
                tally.rows[file.place] = sum(1 for _ in read_rows(file, COLUMNS[file.table], tally))
        except EscoKgError as error:
            _note(result, error)
    result.tables = [
        Count(file.table, file.language, file.place, tally.rows.get(file.place))
        for _, file in sorted(download.tables.items())
    ]
    result.concepts = _concepts(reading)
    result.defects = tally.defects()
    return result


def _note(result: Inspection, error: EscoKgError) -> None:
    problem = Problem(str(error), error.hint)
    if problem not in result.problems:  # a broken zip breaks every table in it
        result.problems.append(problem)


def _concepts(reading: Reading) -> dict[str, int]:
    pillar = reading.pillar
    counts = {
        "skills": len(pillar.skills),
        "skill groups": len(pillar.skill_groups),
        "occupations": len(pillar.occupations),
        "ISCO groups": len(pillar.isco_groups),
        "concept schemes": len(pillar.schemes),
        "broader links of skills": len(pillar.skill_broader),
        "broader links of occupations": len(pillar.occupation_broader),
        "relations of occupations to skills": len(pillar.occupation_skills),
        "relations of skills to skills": len(pillar.skill_skills),
        **{f"skills in the {name} list": len(members) for name, members in pillar.lists.items()},
    }
    return {what: number for what, number in counts.items() if number}
