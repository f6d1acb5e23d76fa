"""The rows of a plan's data file, and what a report may tell of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from esco_kg.errors import InputError, UsageError
from esco_kg.folder.manifest import sha256_of
from esco_kg.folder.material import Material
from esco_kg.trials import rows
from esco_kg.trials.annotators import by_text, described, of_most
from esco_kg.trials.plan import DataFile, Labelled, Sample


def read_sample(material: Material, file: DataFile) -> Sample:
    """Read a data file. Of several annotators what most say of a text counts, as one row for each of its skills.

    Raises UsageError where a column is missing, InputError where the file is none or an outcome is no number.
    """
    known, found, annotators = material.skills_by_label(), [], []
    with rows.reading(file.path) as table:
        named = (file.text, file.skill, file.unit, file.annotator, file.outcome, file.hierarchy)
        wanted = [column for column in named if column]
        for column in wanted:
            if column not in table.columns:
                hint = f"It has {', '.join(table.columns)}; the plan names {', '.join(wanted)}. Rename the columns, or "
                raise UsageError(f"{file.path} has no column {column!r}", hint + "copy the plan and name yours.")
        for number, row in enumerate(table.rows, 1):
            label = str(row[file.skill] or "").strip()
            skills = known.get(label) or known.get(label.casefold()) or []
            outcome = _outcome(row, file, number)
            walked = str(row[file.hierarchy] or "") if file.hierarchy else ""
            found.append(
                Labelled(
                    str(row[file.text] or "") if file.text else "",
                    tuple(skills),
                    str(row[file.unit] or ""),
                    outcome,
                    walked,
                )
            )
            annotators.append(str(row[file.annotator] or "") if file.annotator else "")
    about = {"name": file.name, "file": file.path.name, "sha256": sha256_of(file.path), "description": file.description}
    agreed: dict[str, Any] = {}
    if file.annotator:
        found, agreed = _of_annotators(found, annotators)
    return Sample(found, about | _counts(found) | agreed, file.outcome)


def _outcome(row: Mapping[str, Any], file: DataFile, number: int) -> float:
    if not file.outcome:
        return 0.0
    try:
        return float(row[file.outcome])
    except (TypeError, ValueError):
        problem = f"{file.outcome} {row[file.outcome]!r} is no number"
        raise InputError(f"{file.path}, record {number}", problem) from None


def _of_annotators(found: list[Labelled], names: list[str]) -> tuple[list[Labelled], dict[str, Any]]:
    opinions = by_text([(row.unit, row.text, name, row.skills) for row, name in zip(found, names, strict=True)])
    outcomes = {(row.unit, row.text): row.outcome for row in found}
    agreed = []
    for (unit, text), of in opinions.items():
        chosen = of_most(of)
        if chosen is not None:
            each: list[tuple[str, ...]] = [(skill,) for skill in chosen] or [()]
            agreed += [Labelled(text, skills, unit, outcomes[unit, text]) for skills in each]
    return agreed, {"agreement": described(opinions)}


def _counts(found: list[Labelled]) -> dict[str, Any]:
    return {
        "rows": len(found),
        "units": len({row.unit for row in found}),
        "rows_with_a_skill": sum(1 for row in found if row.skills),
        "different_skills": len({row.skills[0] for row in found if row.skills}),
        "median_characters": sorted(len(row.text) for row in found)[len(found) // 2] if found else 0,
    }
