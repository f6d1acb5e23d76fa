"""The tables of a CSV download, written from the statements of a dump.

So there is one way from ESCO to the pillar, and what a dump says is checked as what tables say. Withdrawn concepts
are no rows of a table, as in the download; they are handed over apart, with the concepts that replace them.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from esco_kg.esco.dump.statements import Statements, Texts
from esco_kg.esco.tables import COLUMNS, TEXTS
from esco_kg.model.pillar import RetiredConcept
from esco_kg.rdf.namespaces import ESCO, SKOS

_OBSOLETE = "obsolete"
_SKILL_TYPES = {"skill": "skill/competence"}
# Thematic list -> the last part of the IRIs of its schemes; the digital one has no speaking name in ESCO.
_LISTS = {
    "greenSkillsCollection": ("green",),
    "digitalSkillsCollection": ("6c930acd-c104-4ece-acf7-f44fd7333036", "digital"),
    "ictSkillsCollection": ("skill-ict-groups",),
    "transversalSkillsCollection": ("skill-transversal-groups", "transversal"),
    "languageSkillsCollection": ("skill-language-groups", "language"),
    "researchSkillsCollection": ("research", "research-skills"),
    "digCompSkillsCollection": ("digcomp",),
}
_TYPE_NAMES = {"skills": "KnowledgeSkillCompetence", "skillGroups": "SkillGroup", "occupations": "Occupation",
               "ISCOGroups": "ISCOGroup", "conceptSchemes": "ConceptScheme"}  # fmt: skip


class DumpTables:
    """The concepts of a dump by table, and its tables as files.

    ``dropped`` counts the links to withdrawn concepts that were left out of the relation tables, once these are
    written.
    """

    def __init__(self, statements: Statements) -> None:
        self._said = statements
        self._facts = statements.facts
        self.by_table: dict[str, list[str]] = {table: [] for table in TEXTS}
        self._retired: dict[str, str] = {}
        for iri in sorted(statements.types):
            table = self._table_of(iri)
            if not table:
                continue
            if self._first(iri, "status") == _OBSOLETE:
                self._retired[iri] = table
            else:
                self.by_table[table].append(iri)
        self.dropped = 0

    @property
    def withdrawn(self) -> int:
        """The number of withdrawn concepts."""
        return len(self._retired)

    def retired(self, labels: Texts) -> dict[str, RetiredConcept]:
        """Withdrawn concepts, with their labels among ``labels``."""
        found = {}
        for iri, table in self._retired.items():
            pref = labels.get(iri, {}).get("pref", [""])[0] if iri in labels else ""
            found[iri] = RetiredConcept(iri, _TYPE_NAMES[table], pref, tuple(sorted(set(self._all(iri, "replaced")))))
        return found

    def write(self, folder: Path, languages: Sequence[str]) -> Iterator[tuple[str, str, Path]]:
        """Write every table; gives (table, language, file), the language empty where a table has no texts."""
        for language in languages:
            texts = self._said.texts(language)
            for table in TEXTS:
                if self.by_table[table]:
                    path = folder / f"{table}_{language}.csv"
                    _write(path, table, (self._row(table, iri, texts) for iri in self.by_table[table]))
                    yield table, language, path
        for table, rows in (*self._relations(), *self._lists()):
            path = folder / f"{table}.csv"
            if _write(path, table, rows):
                yield table, "", path

    def _table_of(self, iri: str) -> str:
        """The table that a subject belongs to; '' for what is no concept of the pillars, such as a label role."""
        types = self._said.types[iri]
        if f"{ESCO}Skill" in types:
            return "skills"
        if f"{ESCO}Occupation" in types:
            return "occupations"
        if f"{SKOS}ConceptScheme" in types:
            return "conceptSchemes"
        if f"{SKOS}Concept" not in types:
            return ""
        schemes = {scheme.rsplit("/", 1)[-1] for scheme in self._all(iri, "scheme")}
        if "isco" in schemes or "/isco/C" in iri:
            return "ISCOGroups"
        is_group = schemes & {"skills-hierarchy", "isced-f"} or "/isced-f/" in iri or "/skill/" in iri
        return "skillGroups" if is_group else ""

    def _row(self, table: str, iri: str, texts: Texts) -> dict[str, str]:
        said = texts.get(iri, {})
        row = {
            "conceptType": _TYPE_NAMES[table],
            "conceptUri": iri,
            "preferredLabel": _one(said.get("pref")),
            "altLabels": _lines(said.get("alt")),
            "hiddenLabels": _lines(said.get("hidden")),
            "title": _one(said.get("title")),
            "description": _one(said.get("description")),
            "scopeNote": _one(said.get("scope")),
            "definition": _one(said.get("definition")),
            # Some groups state none; what a download holds is released. Schemes may have none there, too.
            "status": self._first(iri, "status") or ("" if table == "conceptSchemes" else "released"),
            "modifiedDate": max(self._all(iri, "modified"), default=""),
            "inScheme": _lines(self._all(iri, "scheme")),
            "code": self._said.notations.get(iri, ""),
        }
        if table == "skills":
            kind = _last(self._first(iri, "type"))
            row |= {"skillType": _SKILL_TYPES.get(kind, kind), "reuseLevel": _last(self._first(iri, "reuse"))}
        elif table == "occupations":
            row |= {
                "iscoGroup": self._unit_group(iri),
                "naceCode": _lines(self._all(iri, "nace")),
                "regulatedProfessionNote": self._first(iri, "regulated"),
            }
        elif table == "ISCOGroups" and not row["code"]:
            row["code"] = iri.rsplit("/C", 1)[-1]
        elif table == "conceptSchemes":
            row |= {"conceptSchemeUri": iri, "hasTopConcept": _lines(self._all(iri, "top"))}
        return row

    def _unit_group(self, iri: str) -> str:
        """The code of the ISCO group above an occupation, through broader occupations too."""
        seen: set[str] = set()
        waiting = [iri]
        while waiting:
            one = waiting.pop(0)
            if "/isco/C" in one:
                return self._said.notations.get(one) or one.rsplit("/C", 1)[-1]
            if one not in seen:
                seen.add(one)
                waiting += sorted(self._all(one, "broader"))
        return ""

    def _relations(self) -> Iterator[tuple[str, Iterator[dict[str, str]]]]:
        tables = self.by_table
        yield "broaderRelationsSkillPillar", self._broader((*tables["skills"], *tables["skillGroups"]))
        yield "broaderRelationsOccPillar", self._broader((*tables["occupations"], *tables["ISCOGroups"]))
        ends = ("occupationUri", "skillUri")
        yield "occupationSkillRelations", self._related(tables["occupations"], *ends)
        yield "skillSkillRelations", self._related(tables["skills"], "originalSkillUri", "relatedSkillUri")

    def _broader(self, iris: Iterable[str]) -> Iterator[dict[str, str]]:
        for iri in iris:
            for parent in dict.fromkeys(self._all(iri, "broader")):
                if parent in self._retired:
                    self.dropped += 1
                else:
                    yield {"conceptUri": iri, "broaderUri": parent}

    def _related(self, iris: Iterable[str], source: str, target: str) -> Iterator[dict[str, str]]:
        for iri in iris:
            for kind in ("essential", "optional"):
                for skill in dict.fromkeys(self._all(iri, kind)):
                    if skill in self._retired:
                        self.dropped += 1
                    else:
                        yield {source: iri, "relationType": kind, target: skill}

    def _lists(self) -> Iterator[tuple[str, Iterator[dict[str, str]]]]:
        for table, names in _LISTS.items():
            yield table, self._members(names)

    def _members(self, names: Collection[str]) -> Iterator[dict[str, str]]:
        for iri in self.by_table["skills"]:
            if any(_last(scheme) in names for scheme in self._all(iri, "scheme")):
                yield {"conceptType": _TYPE_NAMES["skills"], "conceptUri": iri}

    def _all(self, iri: str, short: str) -> list[str]:
        return self._facts.get(iri, {}).get(short, [])

    def _first(self, iri: str, short: str) -> str:
        found = self._all(iri, short)
        return min(found) if found else ""


def _last(iri: str) -> str:
    return iri.rsplit("/", 1)[-1]


def _one(texts: Sequence[str] | None) -> str:
    """A concept has one text of a kind; of several the first in the order of the alphabet, so that order is nothing."""
    return min(texts) if texts else ""


def _lines(texts: Sequence[str] | None) -> str:
    return "\n".join(sorted({" ".join(text.split("\n")) for text in texts or ()}))


def _write(path: Path, table: str, rows: Iterable[dict[str, str]]) -> int:
    """Write a table, with all columns that this version of ESCO's tables could have; gives its rows."""
    columns = dict.fromkeys((*COLUMNS[table], "title", "naceCode", "status"))
    count = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(columns), restval="", extrasaction="ignore")
        writer.writeheader()
        for row in rows:
            writer.writerow(row)
            count += 1
    return count
