"""Skills, groups, occupations and concept schemes: one row per language -> one concept with all its texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from esco_kg.errors import InputError
from esco_kg.esco.damage import undamaged
from esco_kg.esco.defects import Tally
from esco_kg.esco.download import Download, version_key
from esco_kg.esco.tables import TableFile, clean, iris, labels, read_rows
from esco_kg.model.pillar import (
    Concept,
    ConceptScheme,
    IscoGroup,
    LanguageTexts,
    Occupation,
    ReuseLevel,
    Skill,
    SkillGroup,
    SkillType,
    Texts,
)
from esco_kg.rdf.terms import is_http_iri, is_iri, is_moment, unpublishable

C = TypeVar("C", bound=Concept)
V = TypeVar("V")

_TEXT_COLUMNS = ("preferredLabel", "altLabels", "hiddenLabels", "description", "definition", "scopeNote", "title")
_FACT_COLUMNS = ("conceptUri", "conceptSchemeUri", "conceptType", "status", "modifiedDate", "inScheme", "skillType",
                 "reuseLevel", "code", "iscoGroup", "naceCode", "regulatedProfessionNote", "hasTopConcept")  # fmt: skip
_COLUMNS = (*_TEXT_COLUMNS, *_FACT_COLUMNS)
_AT = {column: position for position, column in enumerate(_COLUMNS)}
# A second row of one concept that differs here is another concept; ESCO's own doubles differ in the date alone.
_DECISIVE = ("preferredLabel", "conceptType", "skillType", "code", "iscoGroup")
_FACTS_OF_ALL_LANGUAGES = ("skillType", "reuseLevel", "code", "iscoGroup")
_LISTS = ("altLabels", "hiddenLabels", "inScheme", "naceCode", "hasTopConcept")

_SKILL_TYPES: dict[str, SkillType | None] = {
    "skill/competence": "skill",
    "skill": "skill",
    "knowledge": "knowledge",
    "": None,
}
_REUSE_LEVELS: dict[str, ReuseLevel | None] = {
    "sector-specific": "sector-specific", "occupation-specific": "occupation-specific",
    "cross-sector": "cross-sector", "transversal": "transversal", "": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Record:
    """One row of a concept table, with the place it stands at."""

    file: TableFile
    line: int
    cells: tuple[str, ...]

    def __getitem__(self, column: str) -> str:
        return self.cells[_AT[column]]

    @property
    def place(self) -> str:
        """``skills_en.csv:118``; of a dump the concept's IRI stands where others have a line."""
        place = self.file.at(self.line)
        return place if self.file.unit else f"{place} {self['conceptUri'] or self['conceptSchemeUri']}"

    def iris(self, column: str) -> tuple[str, ...]:
        try:
            return iris(self[column])
        except ValueError as error:
            raise InputError(self.place, f"{column} holds {str(error)!r}, which is no IRI", _HINT) from None


_HINT = "Take the table as it came in the ESCO download."


def read_skills(download: Download, tally: Tally) -> dict[str, Skill]:
    """Skill IRI -> skill, sorted by IRI. Raises InputError as :func:`_concepts` does, and for an unknown type."""

    def build(iri: str, texts: LanguageTexts, row: _Record) -> Skill:
        for column, kind in (("skillType", "blank-skill-type"), ("reuseLevel", "blank-reuse-level")):
            if not row[column]:
                tally.add(kind, row.file.place, row.line, row["preferredLabel"])
        skill_type = _one_of(_SKILL_TYPES, row, "skillType")
        reuse_level = _one_of(_REUSE_LEVELS, row, "reuseLevel")
        return Skill(iri, texts, row["status"], row["modifiedDate"], row.iris("inScheme"), skill_type, reuse_level)

    return _concepts(download, "skills", "conceptUri", build, tally)


def read_skill_groups(download: Download, tally: Tally) -> dict[str, SkillGroup]:
    """Group IRI -> skill group. ISCED-F groups have no code before 1.2.0; it is the last part of their IRI."""

    def build(iri: str, texts: LanguageTexts, row: _Record) -> SkillGroup:
        code = row["code"] or (iri.rsplit("/", 1)[1] if "/isced-f/" in iri else "")
        return SkillGroup(iri, texts, row["status"], row["modifiedDate"], row.iris("inScheme"), code)

    return _concepts(download, "skillGroups", "conceptUri", build, tally)


def read_occupations(download: Download, tally: Tally) -> dict[str, Occupation]:
    """Occupation IRI -> occupation."""

    def build(iri: str, texts: LanguageTexts, row: _Record) -> Occupation:
        common = (iri, texts, row["status"], row["modifiedDate"], row.iris("inScheme"))
        return Occupation(*common, row["iscoGroup"], row["code"], row.iris("naceCode"), row["regulatedProfessionNote"])

    return _concepts(download, "occupations", "conceptUri", build, tally)


def read_isco_groups(download: Download, tally: Tally) -> dict[str, IscoGroup]:
    """Group IRI -> ISCO-08 group; ESCO gives them no date of modification."""

    def build(iri: str, texts: LanguageTexts, row: _Record) -> IscoGroup:
        return IscoGroup(iri, texts, row["status"], "", row.iris("inScheme"), row["code"])

    return _concepts(download, "ISCOGroups", "conceptUri", build, tally)


def read_schemes(download: Download, tally: Tally) -> dict[str, ConceptScheme]:
    """Scheme IRI -> concept scheme; schemes without a preferred label have a title."""

    def build(iri: str, texts: LanguageTexts, row: _Record) -> ConceptScheme:
        return ConceptScheme(iri, texts, row["status"], "", (), row.iris("hasTopConcept"))

    return _concepts(download, "conceptSchemes", "conceptSchemeUri", build, tally)


def _concepts(
    download: Download,
    table: str,
    key: str,
    build: Callable[[str, LanguageTexts, _Record], C],
    tally: Tally,
) -> dict[str, C]:
    """Merge a table's languages by IRI; facts come from the first language that has the concept.

    Raises InputError: a table without a row, an empty or broken IRI, an unknown value, an IRI with two labels or types.
    """
    firsts: dict[str, _Record] = {}
    texts: dict[str, LanguageTexts] = defaultdict(LanguageTexts)
    for language in download.languages:
        file = download.tables.get((table, language))
        if file is None:
            continue
        records = _records(download, file, key, tally)
        if not records:
            raise InputError(file.place, "has a head and no row", _HINT)
        for iri in sorted(records):
            row = records[iri]
            if found := _texts(row, tally):
                texts[iri].add(language, found)
            _compare_facts(firsts.setdefault(iri, row), row, tally)
    return {iri: build(iri, texts[iri], firsts[iri]) for iri in sorted(firsts)}


def _records(download: Download, file: TableFile, key: str, tally: Tally) -> dict[str, _Record]:
    records: dict[str, _Record] = {}
    has_nace = file.table == "occupations" and version_key(download.version) >= (1, 2, 1)
    rows = list(read_rows(file, _COLUMNS, tally, ("naceCode",) if has_nace else ()))
    for line, cells in undamaged(file, _COLUMNS, rows, tally):
        row = _Record(file, line, cells)
        iri = row[key]
        _check_row(row, key)
        other = records.get(iri)
        records[iri] = row if other is None else _latest(other, row, key, tally)
    return records


def _check_row(row: _Record, key: str) -> None:
    """Raise InputError where something in the row cannot be published as it stands."""
    iri, moment, regulated = row[key], row["modifiedDate"], row["regulatedProfessionNote"]
    if not iri:
        raise InputError(row.place, f"{key} is empty", _HINT)
    if not is_http_iri(iri):
        raise InputError(row.place, f"{key} {iri!r} is no IRI", _HINT)
    if unpublishable("".join(row.cells)):
        column, found = next((c, sign) for c in _COLUMNS if (sign := unpublishable(row[c])))
        problem = f"{column} {row[column][:60]!r} holds the character {found}, which RDF/XML cannot carry"
        raise InputError(row.place, problem, "Take the character out.")
    if moment and not is_moment(moment):
        hint = f"ESCO writes it as 2016-12-20T19:37:05Z; spreadsheet programs change dates. {_HINT}"
        raise InputError(row.place, f"modifiedDate {moment!r} is no date and time", hint)
    if regulated.startswith(("http://", "https://")) and not is_iri(regulated):
        raise InputError(row.place, f"regulatedProfessionNote {regulated!r} is no IRI", _HINT)


def _latest(one: _Record, other: _Record, key: str, tally: Tally) -> _Record:
    """The later of two rows of one concept; ISO dates compare as text."""
    differing = [column for column in _COLUMNS if _comparable(one, column) != _comparable(other, column)]
    decisive = [column for column in _DECISIVE if column in differing]
    if decisive:
        column = decisive[0]
        where = f"in {one.file.unit} {one.line}" if one.file.unit else "again"
        raise InputError(
            other.place,
            f"{other[key]} stands here with {column} {other[column]!r} and {where} with {one[column]!r}",
            "One concept has one row. Take the table as it came in the ESCO download, or delete the wrong row.",
        )
    details = [column for column in differing if column != "modifiedDate"]
    if details:
        tally.add("duplicate-row-differs", other.file.place, other.line, f"{other[key]}: {', '.join(details)}")
    else:
        tally.add("duplicate-row", other.file.place, other.line, other[key])
    return max(one, other, key=lambda row: row["modifiedDate"])


def _comparable(row: _Record, column: str) -> str | list[str]:
    """The cell, or for lists its members in any order: ESCO does not write them in a fixed one."""
    return sorted(row[column].replace(",\n", "\n").split()) if column in _LISTS else row[column]


def _texts(row: _Record, tally: Tally) -> Texts | None:
    pref = clean(row["preferredLabel"] or row["title"])
    place = row.file.place
    if not pref.strip():
        tally.add("blank-label", place, row.line, row["conceptUri"] or row["conceptSchemeUri"])
        return None
    alt, hidden = labels(row["altLabels"]), labels(row["hiddenLabels"])
    if pref in alt:
        tally.add("label-repeated-as-alternative", place, row.line, pref)
    if hidden and not {pref, *alt}.isdisjoint(hidden):
        tally.add("label-repeated-as-hidden", place, row.line, sorted({pref, *alt}.intersection(hidden))[0])
    if pref != pref.strip() or any(label != label.strip() for label in alt):
        tally.add("label-with-outer-spaces", place, row.line, pref)
    return Texts(pref, alt, hidden, clean(row["description"]), clean(row["definition"]), clean(row["scopeNote"]))


def _compare_facts(first: _Record, row: _Record, tally: Tally) -> None:
    for column in _FACTS_OF_ALL_LANGUAGES:
        if row[column] != first[column]:
            example = f"{row['conceptUri']}: {column} {row[column]!r}, but {first[column]!r} in {first.file.place}"
            tally.add("facts-differ-between-languages", row.file.place, row.line, example)


def _one_of(known: dict[str, V], row: _Record, column: str) -> V:
    try:
        return known[row[column]]
    except KeyError:
        there = ", ".join(value for value in known if value)
        raise InputError(row.place, f"{column} {row[column]!r} is unknown", f"ESCO has: {there}.") from None
