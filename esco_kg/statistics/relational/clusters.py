"""Tables of a release, its clusters and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator

from esco_kg.model.relational import RelationalColumn as Column
from esco_kg.model.relational import RelationalTable
from esco_kg.statistics.relational.parts import Parts, Row, filled, links, rounded


def release(parts: Parts) -> RelationalTable:
    """The release."""
    config, info = parts.config, parts.info
    facts = {
        "version": ("version of the release", info.version),
        "issued": ("date of issue", info.issued),
        "previous": ("version of the release before", info.previous),
        "esco_version": (f"version of {config.source} that it was made from", info.esco_version),
        "title": ("title of the scheme", config.titles["en"]),
        "base_iri": ("what all its IRIs begin with", config.base_iri),
        "publisher": ("who publishes it", config.publisher),
        "licence": ("licence of the data", config.licence),
        "acknowledgement": ("what users of the data have to say", config.acknowledgement),
        "language": ("language of labels and descriptions", parts.language),
    }
    columns = tuple(Column(name, "date" if name == "issued" else "string", said) for name, (said, _) in facts.items())
    rows: list[Row] = [tuple(filled(value) for _, value in facts.values())]
    return RelationalTable("release", "The release", columns, ("version",), rows=rows)


def levels(parts: Parts) -> RelationalTable:
    """The levels of the clusters."""
    columns = (
        Column("depth", "integer", "1 is the coarsest"),
        Column("notation", "string", "short name of the level"),
        Column("label", "string", "its name"),
    )
    found: list[Row] = [
        (level.depth, level.notation, level.labels.get(parts.language) or next(iter(level.labels.values()), None))
        for level in sorted(parts.clustering.levels, key=lambda level: level.depth)
    ]
    return RelationalTable("levels", "The levels of the clusters", columns, ("depth",), rows=found)


def clusters(parts: Parts) -> RelationalTable:
    """The clusters."""
    columns = (
        Column("id", "string", "id of the cluster, the same in all releases"),
        Column("iri", "string", "its IRI"),
        Column("depth", "integer", "its level, 1 is the coarsest", "levels.depth"),
        Column("parent", "string", "id of the cluster above it", "clusters.id"),
        Column("branch", "string", "sector, cross-sector, language or digital"),
        Column("label", "string", "its name"),
        Column("definition", "string", "its definition"),
        Column("scope_note", "string", "what it covers"),
        Column("skills", "integer", "skills whose primary cluster is this one or below it", unit="skills"),
        Column("sector_concentration", "decimal", "Herfindahl index of its shares of NACE sections", unit="index"),
        Column("sector_unreached", "decimal", "share of its links to occupations without a sector", unit="share"),
        Column("created", "date", "date it was made"),
        Column("modified", "date", "date its content last changed"),
    )
    members, language = parts.clustering.members(), parts.language

    def row(identifier: str) -> Row:
        cluster, profile = parts.clustering.clusters[identifier], parts.clustering.profiles.get(identifier)
        return (
            *(identifier, parts.iris.cluster(identifier)[1:-1], cluster.depth, cluster.parent),
            *(filled(cluster.branch), parts.clustering.name(identifier)),
            *(filled(cluster.definitions.get(language)), filled(cluster.scope_notes.get(language))),
            len(members[identifier]),
            *((rounded(profile.concentration), rounded(profile.unreached)) if profile else (None, None)),
            *(filled(cluster.created), filled(cluster.modified)),
        )

    rows = [row(identifier) for identifier in sorted(parts.clustering.clusters)]
    searched = ("label", "definition", "scope_note")
    return RelationalTable("clusters", "The clusters", columns, ("id",), searched, rows)


def cluster_names(parts: Parts) -> RelationalTable:
    """Names of the clusters in all languages."""
    columns = (
        Column("cluster", "string", "id of the cluster", "clusters.id"),
        Column("language", "string", "BCP 47 tag of the language"),
        Column("label", "string", "its name in this language"),
        Column("status", "string", "who gave the name: given, agreed, draft, concept or made"),
    )
    rows: list[Row] = [
        (identifier, language, label, filled(cluster.name_status.get(language)))
        for identifier, cluster in sorted(parts.clustering.clusters.items())
        for language, label in sorted(cluster.labels.items())
    ]
    title = "Names of the clusters in all languages"
    return RelationalTable("cluster_names", title, columns, ("cluster", "language"), rows=rows)


def cluster_sectors(parts: Parts) -> RelationalTable:
    """Sector profiles of the clusters."""
    columns = (
        Column("cluster", "string", "id of the cluster", "clusters.id"),
        Column("sector", "string", "NACE section or division", "sectors.code"),
        Column("share", "decimal", "its share of the cluster's links to occupations", unit="share"),
    )
    rows = (
        (identifier, code, rounded(share))
        for identifier, profile in parts.clustering.profiles.items()
        for shares in (profile.sections, profile.divisions)
        for code, share in shares.items()
    )
    return links("cluster_sectors", "Sector profiles of the clusters", columns, rows, 2)


def cluster_relations(parts: Parts) -> RelationalTable:
    """Relations between clusters."""
    columns = (
        Column("cluster", "string", "id of a cluster", "clusters.id"),
        Column("related", "string", "id of a related one of the same level; each pair stands once", "clusters.id"),
        Column("basis", "string", "kind of evidence"),
        Column("weight", "decimal", "strength of the relation, 0 to 1", unit="index"),
        Column("evidence", "string", "the count behind it"),
    )
    rows = ((r.source, r.target, r.basis, rounded(r.weight), r.evidence) for r in parts.clustering.relations)
    return links("cluster_relations", "Relations between clusters", columns, rows)


def registry(parts: Parts) -> RelationalTable:
    """All cluster ids ever given."""
    columns = (
        Column("id", "string", "id of a cluster"),
        Column("depth", "integer", "its level, 1 is the coarsest"),
        Column("minted_in", "string", "release that gave the id"),
        Column("retired_in", "string", "release that retired it"),
        Column("replaced_by", "string", "ids of its successors, a space between"),
        Column("label", "string", "the last name it had"),
    )
    rows: Iterator[Row] = (
        (
            *(e.id, e.depth, filled(e.minted_in), filled(e.retired_in)),
            *(filled(" ".join(e.replaced_by)), filled(e.label)),
        )
        for e in parts.clustering.registry
    )
    return links("registry", "All cluster ids ever given", columns, rows, 1)
