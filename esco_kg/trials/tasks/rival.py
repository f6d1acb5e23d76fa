"""Another grouping of skills, from a table, to be compared with the clusters."""

from __future__ import annotations

from esco_kg.errors import InputError, UsageError
from esco_kg.trials import rows
from esco_kg.trials.groupings import Grouping, Groupings
from esco_kg.trials.plan import Rival


def read_rival(groupings: Groupings, rival: Rival, most: int | None = None) -> Grouping:
    """A skill with several rows is in several groups, the first ``most`` of them.

    Raises UsageError where a column is missing, InputError where no row names a skill of the release.
    """
    known = groupings.material.skills_by_label()
    found: dict[str, dict[str, None]] = {}
    with rows.reading(rival.path) as table:
        for column in (rival.skill, rival.group):
            if column not in table.columns:
                raise UsageError(f"{rival.path} has no column {column!r}", f"It has {', '.join(table.columns)}.")
        for row in table.rows:
            label, group = (str(row[column] or "").strip() for column in (rival.skill, rival.group))
            for skill in (known.get(label) or known.get(label.casefold()) or [])[: 1 if group else 0]:
                found.setdefault(skill, {})[group] = None
    if not found:
        raise InputError(str(rival.path), "no row names a skill of the release and a group")
    return groupings.given(rival.name, {skill: list(of)[:most] for skill, of in found.items()})
