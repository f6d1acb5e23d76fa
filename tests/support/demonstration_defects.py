"""The harmless defects of ESCO's own tables, one of each, put into the demonstration data on purpose.

``DEFECTS`` is the whole list: what each is called in ``esco-kg inspect``, where it stands, and how it gets there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.demonstration_sources import LANGUAGES, LISTS, group, nace, occupation, skill
from tests.support.esco_csv import Table

UNKNOWN_OCCUPATION = occupation("an occupation that was taken out")
UNKNOWN_GROUP = skill("a group that was taken out")


@dataclass(slots=True)
class Package:
    """The tables by file name, and what happens to the bytes of some at the very end."""

    tables: dict[str, Table]
    bytes: dict[str, Callable[[bytes], bytes]] = field(default_factory=dict)

    def row(self, file: str, iri: str) -> dict[str, str]:
        """The first row of a concept."""
        return next(row for row in self.tables[file].rows if row["conceptUri"] == iri)

    def encoded(self) -> dict[str, bytes]:
        """File name -> bytes; rows end as ESCO's do."""
        encoded = {name: table.encoded("\r\n") for name, table in sorted(self.tables.items())}
        return {name: self.bytes.get(name, bytes)(data) for name, data in encoded.items()}


@dataclass(frozen=True, slots=True)
class Planted:
    """One defect: what is wrong, how it gets in, and what ``inspect`` finds (kind, file -> count)."""

    what: str
    inject: Callable[[Package], None]
    kind: str = ""
    files: tuple[str, ...] = ()


def _everywhere(table: str) -> tuple[str, ...]:
    return tuple(f"{table}_{language}.csv" for language in LANGUAGES)


def _label_as_alternative(package: Package) -> None:
    for file in _everywhere("skills"):
        row = package.row(file, skill("weld-steel"))
        row["altLabels"] += "\n" + row["preferredLabel"]


def _label_as_hidden(package: Package) -> None:
    row = package.row("skills_en.csv", skill("use-office-software"))
    row["hiddenLabels"] = row["altLabels"].split("\n")[0] + "\noffice package"


def _label_with_a_space(package: Package) -> None:
    package.row("skills_en.csv", skill("keep-records"))["altLabels"] += " "


def _row_twice_with_another_date(package: Package) -> None:
    for file in _everywhere("occupations"):
        rows = package.tables[file].rows
        first = package.row(file, occupation("welder"))
        earlier = {**first, "modifiedDate": "2021-11-04T08:00:00Z"}
        rows.insert(rows.index(first) + 1, earlier)


def _row_twice(package: Package) -> None:
    for file in _everywhere("skills"):
        rows = package.tables[file].rows
        first = package.row(file, skill("manage-time"))
        rows.insert(rows.index(first) + 1, dict(first))


def _dangling_occupation(package: Package) -> None:
    for file in _everywhere("occupationSkillRelations"):
        rows = package.tables[file].rows
        rows.append({**rows[-1], "occupationUri": UNKNOWN_OCCUPATION, "occupationLabel": ""})


def _dangling_broader(package: Package) -> None:
    for file in _everywhere("broaderRelationsSkillPillar"):
        rows = package.tables[file].rows
        known = next(row for row in rows if row["conceptUri"] == skill("reduce-waste"))
        rows.append({**known, "broaderType": "SkillGroup", "broaderUri": UNKNOWN_GROUP, "broaderLabel": ""})


def _redundant_broader(package: Package) -> None:
    for file in _everywhere("broaderRelationsSkillPillar"):
        rows = package.tables[file].rows
        at = next(n for n, row in enumerate(rows) if row["conceptUri"] == skill("weld-steel"))
        label = next(row["broaderLabel"] for row in rows if row["broaderUri"] == group("S8"))
        link = {"broaderType": "SkillGroup", "broaderUri": group("S8"), "broaderLabel": label}
        rows.insert(at, {**rows[at], **link})


def _blank(column: str, key: str) -> Callable[[Package], None]:
    def inject(package: Package) -> None:
        for file in _everywhere("skills"):
            package.row(file, skill(key))[column] = ""
        for table, _ in LISTS.values():
            for file in _everywhere(table):
                for row in package.tables[file].rows:
                    if row["conceptUri"] == skill(key):
                        row[column] = ""
        for file in _everywhere("occupationSkillRelations"):
            for row in package.tables[file].rows:
                if column in row and row["skillUri"] == skill(key):
                    row[column] = ""

    return inject


def _wrong_original_type(package: Package) -> None:
    for file in _everywhere("skillSkillRelations"):
        row = package.tables[file].rows[0]
        row["originalSkillType"] = "knowledge" if row["originalSkillType"] != "knowledge" else "skill/competence"


def _section_letter(package: Package) -> None:
    for file in _everywhere("occupations"):
        for row in package.tables[file].rows:
            if row["conceptUri"] == occupation("welder"):
                row["naceCode"] += ",\n" + nace("C")


def _list_in_another_separator(package: Package) -> None:
    row = package.row("skills_de.csv", skill("save-energy-at-work"))
    row["inScheme"] = row["inScheme"].replace(",\n", "\n")


def _short_rows(package: Package) -> None:
    """As in ESCO, a group of an upper level ends where its codes end."""
    for file in _everywhere("skillsHierarchy"):
        package.bytes[file] = lambda data: re.sub(rb",+\r\n", b"\r\n", data)


def _byte_order_mark(package: Package) -> None:
    package.bytes["skills_fr.csv"] = lambda data: b"\xef\xbb\xbf" + data


def _mixed_line_ends(package: Package) -> None:
    package.bytes["ISCOGroups_en.csv"] = lambda data: data.replace(b"\r\n", b"\n", data.count(b"\r\n") // 2)


DEFECTS = (
    Planted("The preferred label stands among the alternative labels.", _label_as_alternative,
            "label-repeated-as-alternative", _everywhere("skills")),
    Planted("An alternative label stands among the hidden labels.", _label_as_hidden,
            "label-repeated-as-hidden", ("skills_en.csv",)),
    Planted("A label ends with a space.", _label_with_a_space, "label-with-outer-spaces", ("skills_en.csv",)),
    Planted("An occupation stands twice, with another date of modification.", _row_twice_with_another_date,
            "duplicate-row", _everywhere("occupations")),
    Planted("A skill stands twice, in equal rows.", _row_twice, "duplicate-row", _everywhere("skills")),
    Planted("An occupation that is not there needs a skill.", _dangling_occupation,
            "dangling-relation", ("occupationSkillRelations_en.csv",)),
    Planted("A skill has a broader group that is not there.", _dangling_broader,
            "dangling-relation", ("broaderRelationsSkillPillar_en.csv",)),
    Planted("A broader link goes past a level to a group that longer paths reach already.", _redundant_broader,
            "redundant-broader", ("broaderRelationsSkillPillar_en.csv",)),
    Planted("A skill is neither called skill nor knowledge.", _blank("skillType", "think-critically"),
            "blank-skill-type", _everywhere("skills")[:1]),
    Planted("A skill has no reuse level.", _blank("reuseLevel", "first-aid"),
            "blank-reuse-level", _everywhere("skills")[:1]),
    Planted("A relation between skills states the wrong type for its original skill.", _wrong_original_type,
            "wrong-skill-type", ("skillSkillRelations_en.csv",)),
    Planted("Rows of the hierarchy end where their codes end.", _short_rows,
            "short-row", _everywhere("skillsHierarchy")),
    Planted("A file starts with a byte order mark (skills_fr.csv).", _byte_order_mark),
    Planted("A file mixes line ends (ISCOGroups_en.csv).", _mixed_line_ends),
    Planted("Lists are separated in three ways: by a line end, by a comma and a line end, by a bar.",
            _list_in_another_separator),
    Planted("An occupation is linked to a section of NACE by its bare letter.", _section_letter),
)  # fmt: skip
"""In the order in which they are put in."""

BY_NATURE = (
    "NACE codes lost their trailing zero: class 24.20 stands as 242, which is a group (nace-ambiguous-code).",
    "Skills have up to four broader concepts, though the hierarchy is said to be one of single parents.",
    "Some skills belong to no occupation.",
    "Relation tables of the German and French packages carry English labels.",
    "Definitions and scope notes are mostly empty.",
)
"""Defects that the sources and the shape bring along without an injection."""
