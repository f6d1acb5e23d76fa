"""Occupations and sectors of economic activity: NACE 2.1 links from the crosswalk workbook or from ``naceCode``.

The links lost the trailing zero of their codes on the way to ESCO (class 24.20 appears as 242, which is a group), so a
code is trusted for its division and section alone: the first two digits say the same with and without the zero.
Structure and titles: Commission Delegated Regulation (EU) 2023/137 (NACE Rev. 2.1).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from esco_kg.errors import InputError
from esco_kg.esco import archive
from esco_kg.esco.crosswalk import Crosswalk, read_crosswalk
from esco_kg.esco.defects import Tally
from esco_kg.model.pillar import Language, Pillar, Sector, SectorLinks
from esco_kg.rdf.namespaces import NACE

_CODE = re.compile(r"([A-V])?([0-9]{2})?[0-9.]*")

Link = tuple[str, str, int]
"""(occupation IRI, code as read, line)."""


def nace_structure(languages: Sequence[Language] = ("en", "de", "fr")) -> dict[str, Sector]:
    """Code -> sector for the 22 sections and 87 divisions of NACE 2.1, in English and in those of these languages there
    are: French has all titles, German most.
    """
    structure = {}
    with (Path(__file__).parent / "nace21.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            labels = {language: row[language] for language in ("en", "de", "fr") if row[language]}
            labels = {language: title for language, title in labels.items() if language in ("en", *languages)}
            structure[row["code"]] = Sector(row["code"], 2 if row["parent"] else 1, row["parent"], labels)
    return structure


def read_sectors(pillar: Pillar, crosswalk: Path | None) -> SectorLinks:
    """Link the pillar's occupations to NACE 2.1.

    From the crosswalk (.xlsx or .csv) where one is given, otherwise from ``naceCode`` (ESCO from 1.2.1), otherwise no
    links and origin ``none``. An occupation's weight of 1 is shared equally over its links. Titles that the crosswalk
    has in the pillar's languages are added to the structure. Raises InputError: something that is not a crosswalk, or
    fits nothing.
    """
    structure = nace_structure(pillar.languages)
    tally = Tally()
    if crosswalk is not None:
        read = read_crosswalk(crosswalk, pillar.languages)
        _add_titles(structure, read)
        place, origin, version, links = read.place, "crosswalk", read.version, read.links
        sources = [archive.describe(crosswalk)]
    else:
        links = [(o.iri, code.removeprefix(NACE), 0) for o in pillar.occupations.values() for code in o.nace]
        place, origin, version, sources = "occupations", "naceCode" if links else "none", pillar.version, []
    known = [link for link in links if _is_known(link, pillar, structure, place, tally)]
    if links and not known:
        hint = "Take the crosswalk of ESCO occupations to NACE 2.1, and the ESCO version it was made for."
        raise InputError(
            f"{place}:{links[0][2]}", f"none of its {len(links)} links fits this ESCO, from {links[0][:2]}", hint
        )
    sections, divisions = _weights(known, structure)
    raw = sorted({(occupation, code) for occupation, code, _ in links})
    return SectorLinks(structure, sections, divisions, raw, origin, version if known else "", sources, tally.defects())


def _is_known(link: Link, pillar: Pillar, structure: dict[str, Sector], place: str, tally: Tally) -> bool:
    occupation, code, line = link
    if occupation not in pillar.occupations:
        tally.add("nace-unknown-occupation", place, line, occupation)
        return False
    section = _section_and_division(code, structure)[0]
    if not section:
        tally.add("nace-unknown-code", place, line, code)
        return False
    if code[0].isalpha() and code[0] != section:
        tally.add("nace-other-section", place, line, code)
    if len(re.sub(r"\D", "", code)) == 3:
        tally.add("nace-ambiguous-code", place, line, code)
    return True


def _section_and_division(code: str, structure: dict[str, Sector]) -> tuple[str, str]:
    """``J59.11``, ``5911``, ``59`` -> (J, 59); ``J`` -> (J, ""); what NACE 2.1 does not have -> ("", "")."""
    match = _CODE.fullmatch(code)
    letter, digits = match.groups() if match else (None, None)
    if digits:
        division = structure.get(digits)
        return (division.parent, digits) if division else ("", "")
    return (letter, "") if letter and code == letter else ("", "")


def _weights(
    links: Iterable[Link], structure: dict[str, Sector]
) -> tuple[dict[str, dict[str, float]], dict[str, dict[str, float]]]:
    codes: dict[str, set[str]] = {}
    for occupation, code, _ in links:
        codes.setdefault(occupation, set()).add(code)
    sections: dict[str, dict[str, float]] = {}
    divisions: dict[str, dict[str, float]] = {}
    for occupation in sorted(codes):
        found = [_section_and_division(code, structure) for code in sorted(codes[occupation])]
        sections[occupation] = _shares([section for section, _ in found], len(found))
        reached = _shares([division for _, division in found if division], len(found))
        if reached:
            divisions[occupation] = reached
    return sections, divisions


def _shares(codes: list[str], total: int) -> dict[str, float]:
    return {code: codes.count(code) / total for code in sorted(set(codes))}


def _add_titles(structure: dict[str, Sector], crosswalk: Crosswalk) -> None:
    for (code, language), title in sorted(crosswalk.titles.items()):
        sector = structure.get(code)
        if sector and language not in sector.labels:
            labels = {**sector.labels, language: title.capitalize() if title.isupper() else title}
            structure[code] = Sector(sector.code, sector.level, sector.parent, dict(sorted(labels.items())))
