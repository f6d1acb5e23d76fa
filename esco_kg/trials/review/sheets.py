"""The rows of a review: what a reviewer sees, what may be filled in, and a seal over everything else."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from esco_kg.folder.material import Material
from esco_kg.trials.review.cases import PRIORITY, Case
from esco_kg.trials.review.clusters import choice

FILLED = ("decision", "cluster", "reason")
PROTECTED = (
    "skill", "label", "alternative labels", "definition", "occupations", "present cluster", "runner-up", "margin",
    "candidates", "reviewer", "release", "stratum",
)  # fmt: skip
SEAL, ABOUT = "seal", "about"
SHOWN = (*PROTECTED[:9], *FILLED)
COLUMNS = (*SHOWN, *PROTECTED[9:], SEAL)

AGREE, MOVE, ALSO, SPLIT, UNSURE, BELONGS = (
    "agree", "move to", "also belongs to", "should be split", "unsure", "belongs to",
)  # fmt: skip
# Where the present cluster is shown, and where it is hidden among candidates.
OPEN_DECISIONS = (AGREE, MOVE, ALSO, SPLIT, UNSURE)
BLIND_DECISIONS = (BELONGS, SPLIT, UNSURE)
_OCCUPATIONS, _LABELS = 5, 12


@dataclass(frozen=True, slots=True)
class Filled:
    """A row as it came back; ``place`` is file, sheet and row."""

    place: str
    cells: Mapping[str, str]


def row_of(material: Material, case: Case) -> dict[str, str]:
    """One case as a row, in the language of the material; the three cells to be filled are empty."""
    skill = material.skills[case.skill]
    texts = skill.texts.get(material.language) or skill.texts.get("en") or next(iter(skill.texts.values()))
    is_open = not case.candidates
    row = {
        "skill": case.skill,
        "label": texts.pref,
        "alternative labels": "\n".join([label for label in texts.alt if label != texts.pref][:_LABELS]),
        "definition": texts.definition or texts.description,
        "occupations": "\n".join(
            material.label(occupation) for occupation in material.occupations_of.get(case.skill, [])[:_OCCUPATIONS]
        ),
        "present cluster": choice(material, case.cluster) if is_open else "",
        "runner-up": choice(material, case.runner_up) if is_open and case.runner_up else "",
        "margin": f"{case.margin:.4f}" if is_open and case.margin is not None else "",
        "candidates": "\n".join(choice(material, cluster) for cluster in case.candidates),
        "decision": "",
        "cluster": "",
        "reason": "",
        "reviewer": case.reviewer,
        "release": material.version,
        "stratum": case.stratum,
    }
    return row | {SEAL: seal(row)}


def decisions_for(stratum: str) -> tuple[str, ...]:
    """The decisions that a row of this stratum may carry."""
    return OPEN_DECISIONS if stratum == PRIORITY else BLIND_DECISIONS


def seal(row: Mapping[str, str]) -> str:
    """A CRC-32 per protected cell, so that an edit shows and the cell can be named. It guards against slips, no more.

    Line ends and outer spaces do not count: spreadsheets change them.
    """
    return " ".join(f"{zlib.crc32(_plain(row[column]).encode()):08x}" for column in PROTECTED)


def edited(row: Mapping[str, str]) -> list[str]:
    """The protected cells that are not as they were sealed."""
    sealed = row.get(SEAL, "").split()
    if len(sealed) != len(PROTECTED):
        return [SEAL]
    now = seal(row).split()
    return [column for column, old, new in zip(PROTECTED, sealed, now, strict=True) if old != new]


def _plain(text: str) -> str:
    return " ".join(text.split())


def lengths(rows: Iterable[Mapping[str, str]]) -> dict[str, int]:
    """Column -> the longest line in it, for the width of columns."""
    found: dict[str, int] = {column: len(column) for column in COLUMNS}
    for row in rows:
        for column in COLUMNS:
            found[column] = max([found[column], *(len(line) for line in row[column].split("\n"))])
    return found
