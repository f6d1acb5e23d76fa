"""A miniature ESCO download for tests: 50 occupations, 60 skills, groups of all four roots, in any shape from 1.1.0.

    mini = Miniature("1.2.1", languages=("en", "pl"))
    mini["skills"].rows[3]["skillType"] = ""          # a defect; mini["skills", "pl"] is the Polish table
    mini["occupations"].drop("description")           # a lost column
    mini.bytes["skills_en.csv"] = lambda data: data.replace(b"a", b"\\xff", 1)
    folder = mini.write(tmp_path)                     # zips named as ESCO names them; zipped=False for plain CSVs

Rows are dictionaries; what a test changes is what the reader meets. Nothing in it is ESCO's.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

BASE = "https://example.org/mini"
SCHEME = f"{BASE}/concept-scheme"
OCCUPATIONS, SKILLS, SKILLS_PER_OCCUPATION = 50, 60, 24
NACE_CODES = ("242", "2825", "62", "A", "0111", "8559")


@dataclass(slots=True)
class Table:
    """Columns in their order and rows as dictionaries."""

    columns: list[str]
    rows: list[dict[str, str]] = field(default_factory=list)

    def drop(self, column: str) -> None:
        """Lose a column, header and cells."""
        self.columns.remove(column)

    def encoded(self, newline: str) -> bytes:
        """The table as UTF-8 CSV."""
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator=newline)
        writer.writerow(self.columns)
        writer.writerows([row.get(column, "") for column in self.columns] for row in self.rows)
        return out.getvalue().encode()


def skill(number: int) -> str:
    """The IRI of a skill."""
    return f"{BASE}/skill/{number:03d}"


def occupation(number: int) -> str:
    """The IRI of an occupation."""
    return f"{BASE}/occupation/{number:03d}"


def group(code: str) -> str:
    """The IRI of a skill group; codes: S K T L S1 S1.1 061 T1 L1."""
    return f"{BASE}/isced-f/{code}" if code[0].isdigit() else f"{BASE}/skill/{code}"


def isco(code: str) -> str:
    """The IRI of an ISCO group; codes: 2 25 251 2512."""
    return f"{BASE}/isco/C{code}"


class Miniature:
    """The tables of a download, to be changed and then written."""

    def __init__(self, version: str = "1.2.1", languages: tuple[str, ...] = ("en",)) -> None:
        self.version, self.languages = version, languages
        self.number = tuple(int(part) for part in version.split("."))
        self.tables: dict[str, Table] = {}
        self.bytes: dict[str, Callable[[bytes], bytes]] = {}
        for language in languages:
            for name, table in {**_texts(language, self.number), **_lists(language, self.number)}.items():
                self.tables[f"{name}_{language}.csv"] = table
            for name, table in _relations(self.number).items():
                self.tables[self.file(name, language)] = table

    def file(self, table: str, language: str = "") -> str:
        """The name of a table's file; relation tables of 1.1 have no language."""
        is_relation = "Relations" in table
        language = language or self.languages[0]
        return f"{table}.csv" if is_relation and self.number < (1, 2) else f"{table}_{language}.csv"

    def __getitem__(self, key: str | tuple[str, str]) -> Table:
        table, language = key if isinstance(key, tuple) else (key, "")
        return self.tables[self.file(table, language)]

    def remove(self, *tables: str) -> None:
        """Leave tables out, in every language."""
        for table in tables:
            for language in self.languages:
                self.tables.pop(self.file(table, language), None)

    def contents(self, newline: str = "\r\n") -> dict[str, bytes]:
        """File name -> bytes, with what ``bytes`` does to them."""
        encoded = {name: table.encoded(newline) for name, table in sorted(self.tables.items())}
        return {name: self.bytes.get(name, bytes)(data) for name, data in encoded.items()}

    def write(self, folder: Path, *, zipped: bool = True, newline: str = "\r\n") -> Path:
        """Write zips as ESCO names them, or CSVs in a folder whose name tells the version; returns the folder."""
        folder = folder / f"ESCO dataset - v{self.version}"
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in self.contents(newline).items():
            if not zipped:
                (folder / name).write_bytes(data)
                continue
            language = name.removesuffix(".csv").split("_")[1] if "_" in name else ""
            with zipfile.ZipFile(folder / self.zip_name(language), "a", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
        return folder

    def zip_name(self, language: str) -> str:
        """As ESCO calls it."""
        return f"ESCO dataset - v{self.version} - classification - {language} - csv.zip"


def _said(language: str, text: str) -> str:
    return text if language == "en" else f"{text} ({language})"


def _concept(language: str, kind: str, iri: str, label: str, **more: str) -> dict[str, str]:
    label = _said(language, label)
    return {
        "conceptType": kind,
        "conceptUri": iri,
        "preferredLabel": label,
        "altLabels": f"{label} well\n{label}, again",
        "hiddenLabels": "",
        "status": "released",
        "modifiedDate": "2024-01-23T10:09:32.099Z",
        "description": f"What it is to {label}.\nIt has two lines.",
        **more,
    }


def _texts(language: str, number: tuple[int, ...]) -> dict[str, Table]:
    skills = Table(["conceptType", "conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels",
                    "hiddenLabels", "status", "modifiedDate", "scopeNote", "definition", "inScheme",
                    "description"])  # fmt: skip
    levels = ("sector-specific", "occupation-specific", "cross-sector", "transversal")
    for n in range(SKILLS):
        skills.rows.append(
            _concept(language, "KnowledgeSkillCompetence", skill(n), f"do task {n}",
                     skillType="knowledge" if n % 4 == 0 else "skill/competence", reuseLevel=levels[n % 4],
                     inScheme=f"{SCHEME}/skills,\n{SCHEME}/member-skills")
        )  # fmt: skip
    groups = Table(["conceptType", "conceptUri", "preferredLabel", "altLabels", "hiddenLabels", "status",
                    "modifiedDate", "scopeNote", "inScheme", "description", "code"])  # fmt: skip
    for code in ("S", "K", "T", "L", "S1", "S1.1", "061", "T1", "L1"):
        shown = "" if code == "061" and number < (1, 2) else code
        groups.rows.append(_concept(language, "SkillGroup", group(code), f"group {code}", code=shown,
                                    inScheme=f"{SCHEME}/skills\n{SCHEME}/skills-hierarchy"))  # fmt: skip
    isco_groups = Table(["conceptType", "conceptUri", "code", "preferredLabel", "status", "altLabels", "inScheme",
                         "description"])  # fmt: skip
    for code in ("2", "25", "251", "2512"):
        isco_groups.rows.append(_concept(language, "ISCOGroup", isco(code), f"isco {code}", code=code,
                                         inScheme=f"{SCHEME}/isco,\n{SCHEME}/occupations"))  # fmt: skip
    texts = {"skills": skills, "skillGroups": groups, "ISCOGroups": isco_groups}
    return {**texts, "occupations": _occupations(language, number), "conceptSchemes": _schemes(language, number)}


def _occupations(language: str, number: tuple[int, ...]) -> Table:
    columns = ["conceptType", "conceptUri", "iscoGroup", "preferredLabel", "altLabels", "hiddenLabels", "status",
               "modifiedDate", "regulatedProfessionNote", "scopeNote", "definition", "inScheme", "description",
               "code"]  # fmt: skip
    table = Table([*columns, "naceCode"] if number >= (1, 2, 1) else columns)
    for n in range(OCCUPATIONS):
        code = f"http://data.europa.eu/ux2/nace2.1/{NACE_CODES[n % len(NACE_CODES)]}"
        more = f",\nhttp://data.europa.eu/ux2/nace2.1/{NACE_CODES[1]}" if n % 10 == 0 else ""
        table.rows.append(_concept(language, "Occupation", occupation(n), f"worker {n}", iscoGroup="2512",
                                   code=f"2512.{n}", inScheme=f"{SCHEME}/occupations", naceCode=code + more,
                                   regulatedProfessionNote=f"{BASE}/regulated-professions/unregulated"))  # fmt: skip
    return table


def _schemes(language: str, number: tuple[int, ...]) -> Table:
    columns = ["conceptType", "conceptSchemeUri", "preferredLabel", "title", "status", "description", "hasTopConcept"]
    table = Table([column for column in columns if column != "status" or number >= (1, 1, 1)])
    above = (("skills", "SKTL"), ("occupations", ""), ("member-skills", "S"), ("skills-hierarchy", "S"), ("isco", ""))
    for name, tops in above:
        below = [group(code) for code in tops] or [isco("2")]
        table.rows.append({"conceptType": "ConceptScheme", "conceptSchemeUri": f"{SCHEME}/{name}",
                           "preferredLabel": _said(language, name), "hasTopConcept": ",\n".join(below)})  # fmt: skip
    return table


def _lists(language: str, number: tuple[int, ...]) -> dict[str, Table]:
    columns = ["conceptType", "conceptUri", "preferredLabel", "status", "skillType", "reuseLevel", "altLabels",
               "description", "broaderConceptUri", "broaderConceptPT"]  # fmt: skip
    tables = {}
    digital = "ictSkillsCollection" if number == (1, 1, 0) else "digitalSkillsCollection"
    names = ("greenSkillsCollection", digital, "transversalSkillsCollection", "languageSkillsCollection",
             "researchSkillsCollection", "digCompSkillsCollection")  # fmt: skip
    for position, name in enumerate(names):
        tables[name] = Table(list(columns))
        for n in range(position, SKILLS, 6):
            both = f"{group('S1.1')} | {group('T1')}"
            tables[name].rows.append(_concept(language, "KnowledgeSkillCompetence", skill(n), f"do task {n}",
                                              altLabels="one | two", broaderConceptUri=both))  # fmt: skip
    hierarchy = Table([f"Level {level} {what}" for level in range(4) for what in ("URI", "preferred term")]
                      + ["Description", "Scope note"] + [f"Level {level} code" for level in range(4)])  # fmt: skip
    hierarchy.rows.append({"Level 0 URI": group("S"), "Level 0 code": "S"})
    return {**tables, "skillsHierarchy": hierarchy}


def _relations(number: tuple[int, ...]) -> dict[str, Table]:
    labelled = number >= (1, 2, 1)
    columns = ["conceptType", "conceptUri", "conceptLabel", "broaderType", "broaderUri", "broaderLabel"]
    broader = [column for column in columns if labelled or not column.endswith("Label")]
    skills = Table(list(broader))
    for n in range(SKILLS):
        parent = ("S1.1", "061", "T1", "L1")[n % 4]
        skills.rows.append(
            {"conceptType": "KnowledgeSkillCompetence", "conceptUri": skill(n), "broaderUri": group(parent)}
        )
    for child, parent in (("S1", "S"), ("S1.1", "S1"), ("061", "K"), ("T1", "T"), ("L1", "L")):
        skills.rows.append({"conceptType": "SkillGroup", "conceptUri": group(child), "broaderUri": group(parent)})
    occupations = Table(list(broader))
    for child, parent in (("25", "2"), ("251", "25"), ("2512", "251")):
        occupations.rows.append({"conceptType": "ISCOGroup", "conceptUri": isco(child), "broaderUri": isco(parent)})
    for n in range(OCCUPATIONS):
        occupations.rows.append({"conceptType": "Occupation", "conceptUri": occupation(n), "broaderUri": isco("2512")})
    needs = Table(["occupationUri", "relationType", "skillType", "skillUri"])
    for n in range(OCCUPATIONS):
        for step in range(SKILLS_PER_OCCUPATION):
            kind = "essential" if step % 2 == 0 else "optional"
            needs.rows.append(
                {"occupationUri": occupation(n), "relationType": kind, "skillUri": skill((n + step) % SKILLS)}
            )
    among = Table(["originalSkillUri", "originalSkillType", "relationType", "relatedSkillType", "relatedSkillUri"])
    among.rows.append({"originalSkillUri": skill(1), "originalSkillType": "skill/competence",
                       "relationType": "optional", "relatedSkillType": "knowledge",
                       "relatedSkillUri": skill(0)})  # fmt: skip
    return {"broaderRelationsSkillPillar": skills, "broaderRelationsOccPillar": occupations,
            "occupationSkillRelations": needs, "skillSkillRelations": among}  # fmt: skip
