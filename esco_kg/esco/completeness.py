"""Whether a download is whole: against the reference counts of its version, and against itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from esco_kg.errors import InputError
from esco_kg.esco.reading import Reading
from esco_kg.esco.reference import ESCO, counts_of

_SHORT = 0.05  # of a table's rows: less is what two downloads of one version differ by
_REACHED = 0.95  # in every version known all skills have a broader concept, and all occupations skills
_FEWEST = 20  # concepts of which a share can be told
_HINT = (
    "Download the table again from the ESCO portal. Where a part of ESCO is meant, say so with --extract: the release "
    "will say it too."
)


def incomplete(reading: Reading, table: str) -> list[InputError]:
    """What a table that was just read is too short of, and the concepts that its relations do not reach.

    Nothing where an extract is meant.
    """
    return [] if reading.tally.extract else [*_short(reading, table), *_unreached(reading, table)]


def _short(reading: Reading, table: str) -> Iterator[InputError]:
    """Whether a table has 5 % fewer rows, or more, than its version. The counts are of ESCO's own concepts."""
    pillar = reading.pillar
    first = next(iter(pillar.skills or pillar.occupations), "")
    expected = counts_of(pillar.version).get(table, 0)
    held = _held(reading).get(table, expected)
    if expected and first.startswith(ESCO) and held <= (1 - _SHORT) * expected:
        place = reading.download.of(table)[0].place
        missing = f"{1 - held / expected:.0%} are missing"
        yield InputError(
            place, f"{table} holds {held:,} rows, ESCO {pillar.version} has {expected:,}: {missing}", _HINT
        )


def _held(reading: Reading) -> dict[str, int]:
    """Table -> distinct rows read, those with dangling ends too."""
    pillar, tally = reading.pillar, reading.tally
    held: dict[str, Collection[object]] = {
        "skills": pillar.skills,
        "skillGroups": pillar.skill_groups,
        "occupations": pillar.occupations,
        "ISCOGroups": pillar.isco_groups,
        "conceptSchemes": pillar.schemes,
        "broaderRelationsSkillPillar": pillar.skill_broader,
        "broaderRelationsOccPillar": pillar.occupation_broader,
        "occupationSkillRelations": pillar.occupation_skills,
        "skillSkillRelations": pillar.skill_skills,
    }
    first = {table: reading.download.of(table)[:1] for table in held}
    return {
        table: len(rows) + sum(tally.count("dangling-relation", file.place) for file in first[table])
        for table, rows in held.items()
    }


def _unreached(reading: Reading, read: str) -> Iterator[InputError]:
    """Relations that leave concepts out: in ESCO every skill has a broader concept, every occupation skills."""
    pillar, known = reading.pillar, reading.known
    has_parent = {child for child, _ in pillar.skill_broader}
    has_group = {child for child, _ in pillar.occupation_broader}
    has_skills = {occupation for occupation, _, _ in pillar.occupation_skills}
    checks = (
        ("broaderRelationsSkillPillar", "skills", pillar.skills, has_parent, "skills have a broader concept"),
        (
            "broaderRelationsOccPillar",
            "occupations",
            pillar.occupations,
            has_group,
            "occupations have a broader concept",
        ),
        ("occupationSkillRelations", "occupations", pillar.occupations, has_skills, "occupations have skills"),
    )
    for table, of, concepts, reached, what in checks:
        if table != read or not known(of) or len(concepts) < _FEWEST:
            continue
        share = len(reached & concepts.keys()) / len(concepts)
        if share < _REACHED:
            place = reading.download.of(table)[0].place
            problem = f"by {table} only {share:.0%} of {len(concepts):,} {what}; in ESCO all have"
            yield InputError(place, problem, _HINT)
