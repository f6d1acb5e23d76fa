"""What a download holds, complete or not: version, languages, counts, and all that is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from esco_kg.errors import EscoKgError
from esco_kg.esco.completeness import incomplete
from esco_kg.esco.defects import Tally
from esco_kg.esco.download import Download, find_download
from esco_kg.esco.pillar import STEPS, missing_tables
from esco_kg.esco.reading import Reading
from esco_kg.esco.tables import COLUMNS, REQUIRED, read_rows
from esco_kg.esco.texts import texts_by_language
from esco_kg.model.pillar import Defect, Pillar, Source

_ESCO = "http://data.europa.eu/esco/"
_FEW_SOURCES = 6
_LISTED = 50  # values of one defect
_WIDEST = 34  # the name of the longest table, and a gap


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
    namespace: str = ""  # what the IRIs of its concepts start with
    said: tuple[str, ...] = ()  # how version and languages were told where no name does; what a dump holds
    texts: dict[str, dict[str, int]] = field(default_factory=dict)  # language -> which texts -> concepts without them
    framework: tuple[str, ...] = ()  # IRIs of ESCO's framework that it names, and that no table is about

    def as_text(self) -> str:
        """For a terminal: counts right-aligned, a table's languages side by side, problems before harmless defects."""
        lines = [f"ESCO {self.version or '(version unknown)'}, languages: {', '.join(self.languages) or 'none'}"]
        if self.namespace and self.namespace != _ESCO:
            lines += [f"  Not ESCO's own concepts: their IRIs start with {self.namespace}"]
        lines += [f"  {sentence}" for sentence in self.said]
        lines += self._of_sources()
        if self.concepts:
            lines += ["", "Holds", *(f"  {number:>9,}  {what}" for what, number in self.concepts.items())]
        if self.tables:
            lines += ["", *self._of_tables()]
        lines += self._of_texts()
        if self.framework:
            lines += ["", "Named, parts of ESCO's framework that no table is about"]
            lines += [f"  {iri}" for iri in self.framework]
        for problem in self.problems:
            lines += ["", f"Error: {problem.message}", *([f"Hint: {problem.hint}"] if problem.hint else [])]
        if self.defects or not self.problems:
            lines += ["", "Defects, harmless" if self.defects else "No defects found"]
        for kind, found in groupby(self.defects, key=lambda defect: (defect.kind, defect.explanation)):
            lines += ["", f"  {kind[0]}: {kind[1]}"]
            for d in found:
                lines += [f"  {d.count:>9,}  first at {d.place}{': ' + d.example if d.example else ''}"]
                lines += [f"             {value}" for value in d.values[1:_LISTED]]
                if len(d.values) > _LISTED:
                    lines += [f"             and {len(d.values) - _LISTED} more; --json lists them"]
        return "\n".join(lines)

    def _of_sources(self) -> list[str]:
        """Each file where there are few, otherwise their number: ``--json`` names them all."""
        if len(self.sources) <= _FEW_SOURCES:
            return [f"  {source.name}: {source.bytes:,} bytes, SHA-256 {source.sha256}" for source in self.sources]
        return [f"  {len(self.sources)} files, {sum(source.bytes for source in self.sources):,} bytes"]

    def _of_texts(self) -> list[str]:
        """Per language, how many skills and occupations lack a text; only languages and texts with some."""
        found = {language: counts for language, counts in self.texts.items() if any(counts.values())}
        kinds = [kind for kind in next(iter(self.texts.values()), {}) if any(c[kind] for c in found.values())]
        if not kinds:
            return []
        wide = max(map(len, kinds)) + 2
        lines = ["", "Without a text, of skills and occupations", " " * 8 + "".join(kind.rjust(wide) for kind in kinds)]
        return lines + [
            f"  {language:<6}" + "".join(f"{counts[kind]:>{wide},}" for kind in kinds)
            for language, counts in found.items()
        ]

    def _of_tables(self) -> list[str]:
        known = {(count.table, count.language): count.rows for count in self.tables}
        found = {language for _, language in known}
        languages = [la for la in ("", *self.languages) if la in found] + sorted(found - {"", *self.languages})
        lines = ["Tables (rows)".ljust(_WIDEST) + "".join(f"{language or 'all':>9}" for language in languages)]
        for table in sorted({table for table, _ in known}):
            cells = [_cell(known[table, la]) if (table, la) in known else "" for la in languages]
            lines += [f"  {table}".ljust(_WIDEST) + "".join(f"{cell:>9}" for cell in cells).rstrip()]
        return lines


def _cell(rows: int | None) -> str:
    return "unread" if rows is None else f"{rows:,}"


def inspect(
    paths: Sequence[Path],
    *,
    version: str | None = None,
    languages: Sequence[str] | None = None,
    dangling_share: float = 0.001,
    extract: bool = False,
    repair: bool = False,
) -> Inspection:
    """Look at a download as a release would, but go on after a problem, so that one look tells them all."""
    tally = Tally(dangling_share=dangling_share, extract=extract, repair=repair)
    result = Inspection()
    try:
        download = find_download(paths, tally, version=version, languages=languages)
    except EscoKgError as error:
        _note(result, error)
        result.defects = tally.defects()
        return result
    try:
        _look(download, tally, result)
    finally:
        download.scratch.close()
    result.defects = tally.defects()
    return result


def _look(download: Download, tally: Tally, result: Inspection) -> None:
    """Read what can be read of every table."""
    result.version, result.languages, result.sources = download.version, download.languages, download.sources
    result.said = tuple(download.said)
    for unresolved in download.unresolved:
        _note(result, unresolved)
    if download.missing():
        _note(result, missing_tables(download))
    reading = Reading(download, tally, Pillar(download.version, download.languages))
    for step in STEPS:
        try:
            if step.table not in COLUMNS or download.of(step.table):
                step.run(reading)
                for short in incomplete(reading, step.table):
                    _note(result, short)
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
    result.namespace = _namespace(reading.pillar)
    result.framework = tuple(sorted(reading.framework))
    result.texts = texts_by_language(reading.pillar)


def _note(result: Inspection, error: EscoKgError) -> None:
    for one in (error, *getattr(error, "others", ())):
        problem = Problem(one.message, one.hint)
        if problem not in result.problems:  # a broken zip breaks every table in it
            result.problems.append(problem)


def _namespace(pillar: Pillar) -> str:
    """The IRI of any concept without its kind and key."""
    tables = (pillar.skills, pillar.occupations, pillar.skill_groups, pillar.isco_groups, pillar.schemes)
    first = next((iri for table in tables for iri in table), "")
    return f"{first.rsplit('/', 2)[0]}/" if first.count("/") > 3 else ""


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
