"""From an ESCO download to the pillar: the list of tables to read, in the order they need one another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from esco_kg.errors import InputError
from esco_kg.esco import concepts, lists, relations
from esco_kg.esco.closing import close_columns
from esco_kg.esco.completeness import incomplete
from esco_kg.esco.defects import Tally
from esco_kg.esco.download import Download, find_download
from esco_kg.esco.reading import Reading
from esco_kg.esco.shared_labels import report_shared_labels
from esco_kg.esco.tables import RELATIONS
from esco_kg.model.pillar import Pillar


def read_pillar(
    paths: Sequence[Path],
    *,
    version: str | None = None,
    languages: Sequence[str] | None = None,
    is_demonstration: bool = False,
    dangling_share: float = 0.001,
    extract: bool = False,
    repair: bool = False,
) -> Pillar:
    """Read ESCO (tables of any form, of 1.0.3 to 1.2.1, or its RDF dump) into one multilingual pillar.

    Languages of one version are merged by IRI. Harmless defects are counted in ``defects``, with file and line. Raises
    InputError, with place, value and a hint, for everything else: all missing tables at once, mixed versions, broken
    files, a lost column, one concept with two labels or types, more relations to unknown concepts than
    ``dangling_share`` of a table, a circle of broader links, a table that is shorter than its version's (not with
    ``extract``, which says that a part of ESCO is meant), damage by other programs. ``repair`` undoes damage where
    there is no doubt, and lists each change among the defects.
    """
    tally = Tally(dangling_share=dangling_share, extract=extract, repair=repair)
    download = find_download(paths, tally, version=version, languages=languages)
    try:
        if download.unresolved:
            raise download.unresolved[0]
        if download.missing():
            raise missing_tables(download)
        pillar = Pillar(download.version, download.languages, is_demonstration=is_demonstration, is_extract=extract)
        reading = Reading(download, tally, pillar)
        for step in STEPS:
            step.run(reading)
            for error in incomplete(reading, step.table):
                raise error
    finally:
        download.scratch.close()
    pillar.retired, pillar.said = download.retired, download.said
    pillar.sources, pillar.defects, pillar.repairs = download.sources, tally.defects(), tally.repairs
    return pillar


def missing_tables(download: Download) -> InputError:
    """One error that names every table the download lacks."""
    missing = download.missing()
    number = "1 table is" if len(missing) == 1 else f"{len(missing)} tables are"
    hint = "Add the missing files from the same download of the ESCO portal."
    if any(name.removesuffix(".csv") in RELATIONS for name in missing):
        hint = "Add them; in ESCO 1.1 the relation tables come in a second zip, whose name has no language."
    if len(download.languages) > 1:
        hint += f" Or read fewer languages, such as --languages {download.languages[0]}."
    if maybe := download.maybe(missing):
        hint = f"{' '.join(maybe)} {hint}"
    return InputError(download.name, f"{number} missing: {', '.join(missing)}", hint)


@dataclass(frozen=True, slots=True)
class Step:
    """One table (or the thematic lists) and how it is read."""

    table: str
    read: Callable[[Reading], None]

    def run(self, reading: Reading) -> None:
        """Read the table into the pillar. Raises InputError."""
        self.read(reading)
        reading.read.add(self.table)


def _skills(r: Reading) -> None:
    r.pillar.skills = concepts.read_skills(r.download, r.tally)


def _skill_groups(r: Reading) -> None:
    r.pillar.skill_groups = concepts.read_skill_groups(r.download, r.tally)
    _refuse_shared_iris(r, "skillGroups", r.pillar.skill_groups.keys() & r.pillar.skills.keys(), "skills")


def _occupations(r: Reading) -> None:
    r.pillar.occupations = concepts.read_occupations(r.download, r.tally)


def _isco_groups(r: Reading) -> None:
    r.pillar.isco_groups = concepts.read_isco_groups(r.download, r.tally)
    _refuse_shared_iris(r, "ISCOGroups", r.pillar.isco_groups.keys() & r.pillar.occupations.keys(), "occupations")


def _refuse_shared_iris(r: Reading, table: str, shared: set[str], other: str) -> None:
    if shared:
        place = r.download.of(table)[0].place
        raise InputError(place, f"{min(shared)} stands in {other} too", "One concept stands in one table only.")


def _schemes(r: Reading) -> None:
    r.pillar.schemes = concepts.read_schemes(r.download, r.tally)


def _skill_broader(r: Reading) -> None:
    known = {**dict.fromkeys(r.pillar.skills), **dict.fromkeys(r.pillar.skill_groups)}
    checked = known if r.known("skills", "skillGroups") else None
    r.pillar.skill_broader = relations.read_broader(r.download, "broaderRelationsSkillPillar", checked, r.tally)


def _occupation_broader(r: Reading) -> None:
    known = {**dict.fromkeys(r.pillar.occupations), **dict.fromkeys(r.pillar.isco_groups)}
    checked = known if r.known("occupations", "ISCOGroups") else None
    r.pillar.occupation_broader = relations.read_broader(r.download, "broaderRelationsOccPillar", checked, r.tally)


def _occupation_skills(r: Reading) -> None:
    occupations = r.pillar.occupations if r.known("occupations") else None
    skills = r.pillar.skills if r.known("skills") else None
    r.pillar.occupation_skills = relations.read_occupation_skills(r.download, occupations, skills, r.tally)


def _skill_skills(r: Reading) -> None:
    skills = r.pillar.skills if r.known("skills") else None
    r.pillar.skill_skills = relations.read_skill_skills(r.download, skills, r.tally)


def _lists(r: Reading) -> None:
    r.pillar.lists = lists.read_lists(r.download, r.pillar.skills if r.known("skills") else None, r.tally)


STEPS = (
    Step("skills", _skills),
    Step("skillGroups", _skill_groups),
    Step("occupations", _occupations),
    Step("ISCOGroups", _isco_groups),
    Step("conceptSchemes", _schemes),
    Step("broaderRelationsSkillPillar", _skill_broader),
    Step("broaderRelationsOccPillar", _occupation_broader),
    Step("occupationSkillRelations", _occupation_skills),
    Step("skillSkillRelations", _skill_skills),
    Step("thematic lists", _lists),
    Step("links between tables", close_columns),
    Step("alternative labels", report_shared_labels),
)
