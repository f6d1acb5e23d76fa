"""Statistical tables as RDF data cubes (W3C RDF Data Cube Vocabulary): structures, data sets, observations.

One table is one data set; a row is an observation with all its figures. What is the same for the whole data set, its
release with the date of issue and the status of its observations, stands at the data set. A suppressed row is no
observation: IC-14 asks for every measure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from esco_kg.model.cube import CodeList, Cube, Dimension, Figure
from esco_kg.model.findings import Table
from esco_kg.rdf.namespaces import DCAT, QB, RDF, RDFS, SDMX_ATTRIBUTE, SDMX_CODE, SDMX_DIMENSION, XSD
from esco_kg.rdf.terms import RDF_TYPE, Block, Term, lexical, plain, text, typed
from esco_kg.scheme import properties as p
from esco_kg.scheme.iris import Iris, escaped

PROPERTY, CONCEPT_RANGE = f"<{RDF}Property>", p.CONCEPT
DSD, COMPONENT = f"<{QB}DataStructureDefinition>", f"<{QB}ComponentSpecification>"
STRUCTURE, CODE_LIST, CODED = f"<{QB}structure>", f"<{QB}codeList>", f"<{QB}CodedProperty>"
DIMENSION_PROPERTY, MEASURE_PROPERTY = f"<{QB}DimensionProperty>", f"<{QB}MeasureProperty>"
ATTRIBUTE_PROPERTY, ATTACHMENT = f"<{QB}AttributeProperty>", f"<{QB}componentAttachment>"
REF_PERIOD, REF_RELEASE = f"<{SDMX_DIMENSION}refPeriod>", "refRelease"
OBS_STATUS, UNIT_MEASURE = f"<{SDMX_ATTRIBUTE}obsStatus>", f"<{SDMX_ATTRIBUTE}unitMeasure>"
# What every cube has and a data set says once: the components' names.
_OF_RELEASE = (REF_RELEASE, "refPeriod")
_NORMAL, _STATUSES = f"<{SDMX_CODE}obsStatus-A>", f"<{SDMX_CODE}obsStatus>"

# name -> (property, label, comment, XSD type where it is a number without codes); the list is named like the dimension.
_DIMENSIONS: dict[str, tuple[str, str, str, str]] = {
    "basis": ("refBasis", "basis", "The kind of evidence behind a relation of two clusters.", ""),
    "cluster": ("refCluster", "cluster", "The cluster an observation is about.", ""),
    "counted": ("refCounted", "kind", "The kind of concept or link that is counted.", ""),
    "isco": ("refIsco", "ISCO-08 group", "The ISCO-08 major or sub-major group of the occupations.", ""),
    "labelled": ("refLabelled", "labelled", "The kind of concept whose labels are counted.", ""),
    "language": ("refLanguage", "language", "The language of the labels.", ""),
    "level": ("refLevel", "level", "The level of the cluster scheme.", ""),
    "list": ("refList", "thematic list", "ESCO's thematic list that the skills are of.", ""),
    "margin": ("refMargin", "margin from", "The lower end of a band of margins, a tenth wide.", "decimal"),
    "memberships": ("refMemberships", "further clusters", "The number of further clusters of one rank.", "integer"),
    "method": ("refMethod", "method", "What placed the skills.", ""),
    "other-cluster": ("refOtherCluster", "other cluster", "The second cluster of an observation about two.", ""),
    "parents": ("refParents", "parents", "The number of broader concepts of a skill.", "integer"),
    "rank": ("refRank", "rank", "The rank of the allocations.", ""),
    "reuse-level": ("refReuseLevel", "reuse level", "How widely the skills are used.", ""),
    "sector": ("refSector", "sector", "The NACE 2.1 section or division an observation is about.", ""),
    "skill-group": ("refSkillGroup", "group of skills", "The group of the skills pillar the skills are below.", ""),
    "skill-type": ("refSkillType", "type of skill", "Whether the concepts are skills or knowledge.", ""),
}  # fmt: skip
_LIST_OF = {"other-cluster": "cluster"}

SECTOR_TABLES = {"sector-profiles": "section", "sector-divisions": "division"}
"""Table -> level of NACE: their numbers are observations of the graph ``clusters`` and stand nowhere else in RDF."""
REPEATED_TABLES = {"related-clusters", "sector-concentration"}
"""Tables of numbers that the graph ``clusters`` says of relations and clusters: they are no data sets in RDF."""


def cubes(tables: Sequence[Table], lists: Mapping[str, CodeList], iris: Iris) -> list[Cube]:
    """The tables that have units, as cubes, in their order. Raises KeyError for an unknown dimension or unit."""
    return [_cube(table, lists, iris) for table in tables if table.units]


def _cube(table: Table, lists: Mapping[str, CodeList], iris: Iris) -> Cube:
    meanings = dict(zip(table.columns, table.meanings, strict=True))
    types = dict(zip(table.columns, table.types, strict=True))
    units = {unit.code: unit for unit in lists["unit"].codes}
    level = SECTOR_TABLES.get(table.name)
    return Cube(
        table=table,
        dataset=(iris.sector_profile(level) if level else iris.statistics(table.name))[1:-1],
        structure=iris.structure("sector-profile" if level else table.name)[1:-1],
        dimensions=tuple(_dimension(column, name, lists, iris) for column, name in table.dimensions.items()),
        figures=tuple(
            Figure(
                column,
                (iris.of_model(column) if level else iris.structure(table.name, "measure", column))[1:-1],
                meanings[column],
                types[column],
                units[unit],
            )
            for column, unit in table.units.items()
        ),
    )


def _dimension(column: str, name: str, lists: Mapping[str, CodeList], iris: Iris) -> Dimension:
    local, label, _, datatype = _DIMENSIONS[name]
    codes = None if datatype else lists[_LIST_OF.get(name, name)]
    return Dimension(column, name, iris.of_model(local)[1:-1], label, codes, datatype)


def observation_iri(cube: Cube, key: Sequence[object]) -> Term:
    """The observation with this key: data set, then the codes, percent-encoded."""
    codes = "".join(f"/{escaped(lexical(value))}" for value in key)  # type: ignore[arg-type]
    return f"<{cube.dataset}{codes or '/all'}>"


def observation_blocks(cube: Cube) -> Iterator[Block]:
    """One block per row that is not suppressed, in the table's order."""
    dataset, kind = {f"<{cube.dataset}>"}, {p.OBSERVATION}
    dimensions = [(f"<{d.iri}>", d) for d in cube.dimensions]
    figures = [(f"<{f.iri}>", f.datatype) for f in cube.figures]
    for key, values, status in cube.observations():
        if status != "F":
            continue
        objects = {RDF_TYPE: kind, p.OF_DATA_SET: dataset}
        for (name, dimension), value in zip(dimensions, key, strict=True):
            objects[name] = {_code(dimension, lexical(value))}
        for (name, datatype), value in zip(figures, values, strict=True):
            objects[name] = {typed(lexical(value), datatype)}
        yield Block(observation_iri(cube, key), objects)


def _code(dimension: Dimension, value: str) -> Term:
    codes = dimension.codes
    return typed(value, dimension.datatype) if codes is None else f"<{codes.start}{escaped(value)}>"


def release_components(iris: Iris, structure: Sequence[str]) -> dict[str, Term]:
    """Name -> IRI of the components for release and date, which every cube has; ``structure`` names the structure."""
    return {name: iris.structure(*structure, name) for name in _OF_RELEASE}


def release_component_blocks(iris: Iris, components: Mapping[str, Term]) -> Iterator[Block]:
    """The dimensions that tell releases apart: with them no two releases of one scheme have an observation in common.

    The date is not enough, because two releases may be issued on one day. Both are attached to the data set.
    """
    for name, component in components.items():
        block = Block(component).add(RDF_TYPE, COMPONENT).add(f"<{QB}dimension>", _of_release(iris, name))
        yield block.add(ATTACHMENT, f"<{QB}DataSet>")


def released(block: Block, iris: Iris, issued: str) -> Block:
    """The data set with its release and date of issue."""
    return block.add(REF_PERIOD, typed(issued, "date")).add(iris.of_model(REF_RELEASE), iris.release())


def _of_release(iris: Iris, name: str) -> Term:
    return REF_PERIOD if name == "refPeriod" else iris.of_model(name)


def structure_blocks(cube: Cube, iris: Iris) -> Iterator[Block]:
    """The definition of a cube, its components and its measure properties, in no order.

    Every component has an IRI: the name of its column, or of the attribute.
    """
    names = [d.column for d in cube.dimensions] + [f.column for f in cube.figures]
    fixed = [*_OF_RELEASE, "obsStatus", "unitMeasure"]
    parts = {name: f"<{cube.structure}/component/{escaped(name)}>" for name in [*names, *fixed]}
    yield (
        Block(f"<{cube.structure}>")
        .add(RDF_TYPE, DSD)
        .add(p.LABEL, text(f"Structure of {cube.table.name}", "en"))
        .add(f"<{QB}component>", *parts.values())
    )
    ordered = [(d.column, f"<{d.iri}>") for d in cube.dimensions]
    ordered += [(name, _of_release(iris, name)) for name in _OF_RELEASE]
    for place, (name, dimension) in enumerate(ordered, start=1):
        block = Block(parts[name]).add(RDF_TYPE, COMPONENT).add(f"<{QB}dimension>", dimension)
        yield block.add(f"<{QB}order>", typed(place, "integer"))
    for figure in cube.figures:
        yield Block(parts[figure.column]).add(RDF_TYPE, COMPONENT).add(f"<{QB}measure>", f"<{figure.iri}>")
        yield (
            Block(f"<{figure.iri}>")
            .add(RDF_TYPE, PROPERTY, MEASURE_PROPERTY)
            .add(p.LABEL, text(figure.column.replace("_", " "), "en"))
            .add(p.COMMENT, text(figure.meaning, "en"))
            .add(p.RANGE, f"<{XSD}{figure.datatype}>")
            .add(UNIT_MEASURE, f"<{figure.unit.iri}>")
        )
    yield from release_component_blocks(iris, {name: parts[name] for name in _OF_RELEASE})
    yield _attribute(parts["obsStatus"], OBS_STATUS, "DataSet").add(f"<{QB}componentRequired>", typed(True, "boolean"))
    yield _attribute(parts["unitMeasure"], UNIT_MEASURE, "MeasureProperty")


def _attribute(component: Term, attribute: Term, attached: str) -> Block:
    return (
        Block(component)
        .add(RDF_TYPE, COMPONENT)
        .add(f"<{QB}attribute>", attribute)
        .add(ATTACHMENT, f"<{QB}{attached}>")
    )


def dataset_block(cube: Cube, iris: Iris, issued: str) -> Block:
    """The data set with its structure, its release and date, and the status of all its observations."""
    block = (
        Block(f"<{cube.dataset}>")
        .add(RDF_TYPE, p.DATA_SET)
        .add(p.TITLE, text(cube.table.question, "en"))
        .add(p.IDENTIFIER, plain(cube.table.name))
        .add(STRUCTURE, f"<{cube.structure}>")
        .add(OBS_STATUS, _NORMAL)
    )
    return released(block, iris, issued)


def property_blocks(iris: Iris, lists: Mapping[str, CodeList]) -> Iterator[Block]:
    """The dimension properties, and what of SDMX's the structures use, so that the graph explains itself."""
    for name, (local, label, comment, datatype) in _DIMENSIONS.items():
        block = (
            Block(iris.of_model(local))
            .add(RDF_TYPE, PROPERTY, DIMENSION_PROPERTY)
            .add(p.LABEL, text(label, "en"))
            .add(p.COMMENT, text(comment, "en"))
            .add(p.DEFINED_BY, iris.of_model())
        )
        if datatype:
            yield block.add(p.RANGE, f"<{XSD}{datatype}>")
        else:
            codes = lists[_LIST_OF.get(name, name)]
            yield block.add(RDF_TYPE, CODED).add(p.RANGE, CONCEPT_RANGE).add(CODE_LIST, f"<{codes.iri}>")
    yield (
        Block(REF_PERIOD)
        .add(RDF_TYPE, PROPERTY, DIMENSION_PROPERTY)
        .add(p.LABEL, text("date of issue", "en"))
        .add(p.RANGE, f"<{RDFS}Resource>")
    )
    yield (
        Block(iris.of_model(REF_RELEASE))
        .add(RDF_TYPE, PROPERTY, DIMENSION_PROPERTY)
        .add(p.LABEL, text("release", "en"))
        .add(p.COMMENT, text("The release an observation is about.", "en"))
        .add(p.RANGE, f"<{DCAT}Dataset>")
        .add(p.DEFINED_BY, iris.of_model())
    )
    for attribute, label in ((OBS_STATUS, "observation status"), (UNIT_MEASURE, "unit of measure")):
        yield Block(attribute).add(RDF_TYPE, PROPERTY, ATTRIBUTE_PROPERTY).add(p.LABEL, text(label, "en"))
    yield (
        Block(_NORMAL)
        .add(RDF_TYPE, p.CONCEPT)
        .add(p.PREF, text("normal value", "en"))
        .add(p.NOTATION, plain("A"))
        .add(p.IN_SCHEME, _STATUSES)
    )
    yield Block(_STATUSES).add(RDF_TYPE, p.CONCEPT_SCHEME).add(p.TITLE, text("observation status", "en"))
