"""Tables of skills, occupations and sectors, and of their links."""

from __future__ import annotations

from esco_kg.model.clustering import RANKS
from esco_kg.model.relational import RelationalColumn as Column
from esco_kg.model.relational import RelationalTable
from esco_kg.statistics.relational.parts import Parts, Row, filled, links, rounded


def skills(parts: Parts) -> RelationalTable:
    """The skills."""
    columns = (
        Column("id", "integer", "its number in this release alone"),
        Column("code", "string", "the end of its IRI"),
        Column("iri", "string", "its IRI"),
        Column("label", "string", "its preferred label"),
        Column("alternative_labels", "string", "its other labels, one a line"),
        Column("description", "string", "its description"),
        Column("type", "string", "skill or knowledge; blank where the source leaves it blank"),
        Column("reuse_level", "string", "how widely it is used; blank where the source leaves it blank"),
        Column("cluster", "string", "id of its primary cluster, of the finest level", "clusters.id"),
    )
    primary = {a.skill: a.cluster for a in parts.clustering.allocations if a.rank == "primary"}

    def row(iri: str) -> Row:
        skill = parts.pillar.skills.get(iri)
        texts = skill.texts.get(parts.language) if skill else None
        return (
            *(parts.number[iri], parts.code[iri], iri, parts.label(skill)),
            *((filled("\n".join(texts.alt)), filled(texts.description)) if texts else (None, None)),
            *((skill.skill_type, skill.reuse_level) if skill else (None, None)),
            primary.get(iri),
        )

    rows = [row(iri) for iri in parts.skill_iris]
    searched = ("label", "alternative_labels", "description")
    return RelationalTable("skills", "The skills", columns, ("id",), searched, rows)


def allocations(parts: Parts) -> RelationalTable:
    """Skills and the clusters they belong to."""
    columns = (
        Column("skill", "integer", "id of the skill", "skills.id"),
        Column("cluster", "string", "id of the cluster", "clusters.id"),
        Column("rank", "string", "primary counts in statistics; used-in, secondary, found-under are further ones"),
        Column("weight", "decimal", "of the rank; compared within one rank alone"),
        Column("margin", "decimal", "lead of a primary cluster that data gave over the next one"),
        Column("runner_up", "string", "id of the next best cluster, where it is close", "clusters.id"),
        Column("method", "string", "what placed the skill"),
        Column("decision", "string", "file and line of an expert's decision"),
    )
    order = sorted(parts.clustering.allocations, key=lambda a: (a.skill, RANKS.index(a.rank), a.cluster))
    rows: list[Row] = [
        (
            *(parts.number[a.skill], a.cluster, a.rank, rounded(a.weight)),
            *(None if a.margin is None else rounded(a.margin), filled(a.runner_up), a.method, filled(a.decision)),
        )
        for a in order
    ]
    title = "Skills and the clusters they belong to"
    return RelationalTable("allocations", title, columns, ("skill", "cluster", "rank"), rows=rows)


def isco_groups(parts: Parts) -> RelationalTable:
    """Groups of ISCO-08."""
    columns = (
        Column("code", "string", "code of the ISCO-08 group"),
        Column("iri", "string", "its IRI"),
        Column("label", "string", "its name"),
        Column("parent", "string", "code of the group above it", "isco_groups.code"),
    )
    known = {group.code: group for group in parts.pillar.isco_groups.values()}
    rows: list[Row] = [
        (code, group.iri, parts.label(group), code[:-1] if code[:-1] in known else None)
        for code, group in sorted(known.items())
    ]
    return RelationalTable("isco_groups", "Groups of ISCO-08", columns, ("code",), rows=rows)


def occupations(parts: Parts) -> RelationalTable:
    """The occupations."""
    columns = (
        Column("id", "integer", "its number in this release alone"),
        Column("code", "string", "the end of its IRI"),
        Column("iri", "string", "its IRI"),
        Column("label", "string", "its preferred label"),
        Column("esco_code", "string", "its own code, such as 2654.1.7"),
        Column("isco_group", "string", "code of its ISCO-08 unit group", "isco_groups.code"),
    )
    known = {group.code for group in parts.pillar.isco_groups.values()}
    rows: list[Row] = [
        (parts.number[iri], parts.code[iri], iri, parts.label(o), filled(o.code), o.isco if o.isco in known else None)
        for iri, o in sorted(parts.pillar.occupations.items())
    ]
    return RelationalTable("occupations", "The occupations", columns, ("id",), ("label",), rows)


def occupation_skills(parts: Parts) -> RelationalTable:
    """Which occupation needs which skill."""
    columns = (
        Column("skill", "integer", "id of the skill", "skills.id"),
        Column("occupation", "integer", "id of the occupation that needs it", "occupations.id"),
        Column("necessity", "string", "essential or optional"),
    )
    rows = ((parts.number[s], parts.number[o], necessity) for o, s, necessity in parts.pillar.occupation_skills)
    return links("occupation_skills", "Which occupation needs which skill", columns, rows)


def sectors(parts: Parts) -> RelationalTable:
    """Sectors of economic activity (NACE 2.1)."""
    columns = (
        Column("code", "string", "code of NACE 2.1: A, 01, 01.1, 01.11"),
        Column("level", "integer", "1 section, 2 division, 3 group, 4 class"),
        Column("parent", "string", "code of the sector above it", "sectors.code"),
        Column("label", "string", "its name"),
    )
    known = parts.sectors.structure
    rows: list[Row] = [
        (
            *(code, s.level, s.parent if s.parent in known else None),
            s.labels.get(parts.language) or s.labels.get("en"),
        )
        for code, s in sorted(known.items())
    ]
    return RelationalTable("sectors", "Sectors of economic activity (NACE 2.1)", columns, ("code",), rows=rows)


def occupation_sectors(parts: Parts) -> RelationalTable:
    """In which sectors each occupation works."""
    columns = (
        Column("occupation", "integer", "id of the occupation", "occupations.id"),
        Column("sector", "string", "division, or the section where no division is known", "sectors.code"),
        Column("share", "decimal", "share of the occupation; they add up to 1", unit="share"),
    )
    rows = (
        (parts.number[occupation], code, rounded(share, 6))
        for occupation, code, share in parts.sectors.shares()
        if occupation in parts.pillar.occupations
    )
    return links("occupation_sectors", "In which sectors each occupation works", columns, rows, 2)


def thematic_lists(parts: Parts) -> RelationalTable:
    """Skills of the thematic lists."""
    columns = (
        Column("list", "string", "green, digital, transversal, language, research or digcomp"),
        Column("skill", "integer", "id of the skill", "skills.id"),
    )
    rows = (
        (name, parts.number[iri])
        for name, iris in parts.pillar.lists.items()
        for iri in iris
        if iri in parts.pillar.skills
    )
    return links("thematic_lists", "Skills of the thematic lists", columns, rows)
