"""What the columns of our CSV files are in RDF: the statistics, and the tables of clusters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from esco_kg.config import Config
from esco_kg.model.clustering import Clustering
from esco_kg.model.cube import Cube
from esco_kg.model.findings import Table
from esco_kg.model.pillar import Pillar
from esco_kg.model.published import ReleaseInfo
from esco_kg.model.sheet import Sheet, SheetColumn
from esco_kg.rdf.namespaces import NACE
from esco_kg.rdf.terms import RDF_TYPE, Term
from esco_kg.scheme import properties as p
from esco_kg.scheme.cubes import REPEATED_TABLES
from esco_kg.scheme.iris import Iris


class _Meaning(NamedTuple):
    """A column: its property, its XSD type, its language, what its cells stand for."""

    meaning: str
    property: Term = ""
    datatype: str = "string"
    language: str = ""
    value: str = ""


def statistics_sheets(tables: Sequence[Table], cubes: Sequence[Cube]) -> list[Sheet]:
    """The files of the folder ``statistics``; a table that is no cube is described and says nothing in RDF."""
    by_name = {cube.table.name: cube for cube in cubes if cube.table.name not in REPEATED_TABLES}
    return [_of_cube(by_name[table.name]) if table.name in by_name else _list(table) for table in tables]


def _of_cube(cube: Cube) -> Sheet:
    meanings = dict(zip(cube.table.columns, cube.table.meanings, strict=True))
    found = {column: SheetColumn(column, meaning) for column, meaning in meanings.items()}
    for d in cube.dimensions:
        value = f"{d.codes.start}{{{d.column}}}" if d.codes else ""
        found[d.column] = SheetColumn(d.column, meanings[d.column], d.iri, d.datatype or "string", value=value)
    for f in cube.figures:
        found[f.column] = SheetColumn(f.column, f.meaning, f.iri, f.datatype)
    key = "".join(f"/{{{d.column}}}" for d in cube.dimensions)
    facts = ((RDF_TYPE[1:-1], p.OBSERVATION[1:-1]), (p.OF_DATA_SET[1:-1], cube.dataset))
    columns = [found[column] for column in cube.table.columns]
    if cube.table.statuses:
        columns.append(SheetColumn("conf_status", "F free, C suppressed"))
    return Sheet(f"{cube.table.name}.csv", cube.table.question, f"{cube.dataset}{key or '/all'}", tuple(columns), facts)


def plain_sheet(file: str, columns: Sequence[str]) -> Sheet:
    """A file whose columns say nothing in RDF, such as the table of changes: its graph says it in another shape."""
    described = tuple(SheetColumn(column, column.replace("_", " ")) for column in columns)
    return Sheet(file, file.removesuffix(".csv"), "", described)


def _list(table: Table) -> Sheet:
    columns = tuple(SheetColumn(c, m) for c, m in zip(table.columns, table.meanings, strict=True))
    return Sheet(f"{table.name}.csv", table.question, "", columns)


def cluster_sheets(clustering: Clustering, pillar: Pillar, config: Config, release: ReleaseInfo) -> list[Sheet]:
    """Clusters, allocations, relations, sector profiles and ids, with the columns of :mod:`esco_kg.dump.tables`."""
    iris = Iris.of(config, release.version)
    others = {language for cluster in clustering.clusters.values() for language in cluster.labels}
    languages = [*pillar.languages, *sorted(others - set(pillar.languages))]
    parts = {
        "clusters": _clusters(iris, languages),
        "allocations": _allocations(iris),
        "relations": _relations(iris),
        "sector-profile": _sector_profile(iris),
        "registry": _registry(iris),
    }
    stem = f"esco-kg-{release.version}"
    return [
        Sheet(
            f"{stem}-{name}.csv",
            title,
            about,
            tuple(
                SheetColumn(column, s.meaning, s.property[1:-1], s.datatype, s.language, s.value)
                for column, s in columns.items()
            ),
            tuple((predicate[1:-1], value[1:-1]) for predicate, value in facts.items()),
        )
        for name, (title, about, columns, facts) in parts.items()
    ]


_Part = tuple[str, str, dict[str, _Meaning], dict[Term, Term]]


def _template(mint: Callable[..., Term], *columns: str) -> str:
    """The IRI template of what ``mint`` makes of these columns' cells."""
    marks = {f"Column{number}": column for number, column in enumerate(columns)}
    found = mint(*marks)[1:-1]
    for mark, column in marks.items():
        found = found.replace(mark, f"{{{column}}}")
    return found


def _clusters(iris: Iris, languages: Sequence[str]) -> _Part:
    columns = {
        "id": _Meaning("id of the cluster", p.NOTATION),
        "depth": _Meaning("its level, 1 is the coarsest", iris.of_model("depth"), "integer"),
        "parent": _Meaning("id of the cluster above it", p.BROADER, value=_template(iris.cluster, "parent")),
        "branch": _Meaning("sector, cross-sector, language or digital", iris.of_model("branch")),
    }
    for language in languages:
        columns[f"label_{language}"] = _Meaning("its name", p.PREF, language=language)
    for language in languages:
        columns[f"name_status_{language}"] = _Meaning("who gave the name: given, agreed, draft, concept or made")
    for language in languages:
        columns[f"definition_{language}"] = _Meaning("its definition", p.DEFINITION, language=language)
    columns |= {
        "skills": _Meaning("skills whose primary cluster is this one or below it", iris.of_model("skills"), "integer"),
        "created": _Meaning("date it was made", p.CREATED, "date"),
        "modified": _Meaning("date its content last changed", p.MODIFIED, "date"),
        "content": _Meaning("SHA-256 of its labels, notes and members"),
        "sector_concentration": _Meaning(
            "Herfindahl index of its shares of NACE sections", iris.of_model("sectorConcentration"), "decimal"
        ),
        "sector_unreached": _Meaning(
            "share of its links to occupations without a sector", iris.of_model("sectorUnreached"), "decimal"
        ),
        "leading_sectors": _Meaning("codes of the NACE sections that stand out, a space between"),
    }
    facts = {RDF_TYPE: p.CONCEPT, p.IN_SCHEME: iris.scheme()}
    return "The clusters", _template(iris.cluster, "id"), columns, facts


def _allocations(iris: Iris) -> _Part:
    def allocation(cluster: str, skill: str) -> Term:
        return iris.allocation(cluster, f"urn:skill/{skill}")

    columns = {
        "skill": _Meaning("IRI of the skill", p.SOURCE_CONCEPT, value="{+skill}"),
        "skill_code": _Meaning("the end of its IRI"),
        "skill_label": _Meaning("its preferred label"),
        "cluster": _Meaning("id of the cluster", p.TARGET_CONCEPT, value=_template(iris.cluster, "cluster")),
        "rank": _Meaning("rank of the allocation", iris.of_model("rank"), value=f"{iris.model}{{rank}}"),
        "weight": _Meaning("of the rank; compared within one rank alone", iris.of_model("weight"), "decimal"),
        "margin": _Meaning(
            "lead of a primary cluster that data gave; empty for others", iris.of_model("margin"), "decimal"
        ),
        "runner_up": _Meaning(
            "id of the next best cluster, where it is close",
            iris.of_model("runnerUp"),
            value=_template(iris.cluster, "runner_up"),
        ),
        "method": _Meaning("what placed the skill", iris.of_model("method")),
        "decision": _Meaning("file and line of a decision in curation/", iris.of_model("decision")),
    }
    facts = {RDF_TYPE: p.ASSOCIATION}
    return "Skills and the clusters they belong to", _template(allocation, "cluster", "skill_code"), columns, facts


def _relations(iris: Iris) -> _Part:
    # The smaller id comes first in the table as it does in the IRI.
    about = _template(iris.relation, "source", "target", "basis")
    columns = {
        "source": _Meaning("id of a cluster", iris.of_model("cluster"), value=_template(iris.cluster, "source")),
        "target": _Meaning("id of the other one", iris.of_model("cluster"), value=_template(iris.cluster, "target")),
        "basis": _Meaning("kind of evidence", iris.of_model("basis"), value=_template(iris.basis, "basis")),
        "weight": _Meaning("strength of the relation, 0 to 1", iris.of_model("weight"), "decimal"),
        "evidence": _Meaning("the count behind it", iris.of_model("evidence"), language="en"),
    }
    return "Relations between clusters", about, columns, {RDF_TYPE: iris.of_model("ClusterRelation")}


def _sector_profile(iris: Iris) -> _Part:
    # The sections are one data set, the divisions another; the column "level" tells them apart.
    dataset = _template(iris.sector_profile, "level")
    columns = {
        "cluster": _Meaning("id of the cluster", iris.of_model("refCluster"), value=_template(iris.cluster, "cluster")),
        "level": _Meaning("section or division", p.OF_DATA_SET, value=dataset),
        "nace": _Meaning("code of the NACE section or division", iris.of_model("refSector"), value=f"{NACE}{{nace}}"),
        "share": _Meaning("its share of the cluster's links to occupations", iris.of_model("share"), "decimal"),
    }
    about = _template(iris.sector_profile, "level", "cluster", "nace")
    return "Sector profiles of the clusters", about, columns, {RDF_TYPE: p.OBSERVATION}


def _registry(iris: Iris) -> _Part:
    columns = {
        "id": _Meaning("id of a cluster", p.NOTATION),
        "depth": _Meaning("its level, 1 is the coarsest", iris.of_model("depth"), "integer"),
        "minted_in": _Meaning("release that gave the id"),
        "retired_in": _Meaning("release that retired it"),
        "replaced_by": _Meaning("ids of its successors, a space between"),
        "label": _Meaning("the last name it had"),
    }
    return "All cluster ids ever given", _template(iris.cluster, "id"), columns, {RDF_TYPE: p.CONCEPT}
