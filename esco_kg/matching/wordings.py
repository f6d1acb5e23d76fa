"""What advertisements say and no label does, such as ``team player`` for the skill *work in teams*; by language."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from esco_kg.errors import InputError
from esco_kg.model.pillar import Skill

_FOLDER = Path(__file__).parent


def wordings(language: str, skills: Mapping[str, Skill]) -> list[tuple[str, str]]:
    """(wording, IRI of the skill) for those skills that the release has; they are named by their English label.

    Raises InputError for an invalid line.
    """
    return wordings_by_label(
        language, {texts.pref: iri for iri, skill in skills.items() if (texts := skill.texts.get("en"))}
    )


def wordings_by_label(language: str, targets: Mapping[str, str]) -> list[tuple[str, str]]:
    """The same with targets of any kind, given by the skills' English labels."""
    path = _FOLDER / f"wordings-{language}.csv"
    if not path.is_file():
        return []
    by_label = {label.strip(): target for label, target in targets.items()}
    found = []
    with path.open(encoding="utf-8", newline="") as stream:
        for number, line in enumerate(stream, 1):
            cells = next(csv.reader([line]))
            if line.startswith("#") or cells == ["wording", "skill"]:
                continue
            if len(cells) != 2 or not all(cells):
                raise InputError(f"{path}:{number}", "a line needs a wording and a skill")
            if cells[1] in by_label:
                found.append((cells[0], by_label[cells[1]]))
    return found
