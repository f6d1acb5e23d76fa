"""What helps to find SDMX artefacts: who maintains them, subjects of the tables, and the codes that each table has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from esco_kg.config import Config
from esco_kg.model.cube import Cube, Statistics
from esco_kg.statistics.sdmx.structures import INDICATOR, Artefacts, dimension_id, indicator_id, sdmx_code, table_id

# Subject -> its name, and the dimension by which a table belongs to it; the first that fits.
_SUBJECTS = {
    "SECTORS": ("Clusters and sectors of economic activity", "sector"),
    "OCCUPATIONS": ("Clusters and groups of occupations", "isco"),
    "CLUSTERS": ("Clusters and their skills", "cluster"),
    "SOURCE": ("What was read, and how skills were placed", ""),
}


def catalogued(statistics: Statistics, artefacts: Artefacts, config: Config) -> Iterator[Any]:
    """Agency scheme, category scheme, categorisations and content constraints."""
    yield _agencies(artefacts, config)
    from sdmx.model import common

    subjects = common.CategoryScheme(id="CAS_STATISTICS", name={"en": "Subjects of the statistics"}, **artefacts.kept)
    for identifier, (name, _) in _SUBJECTS.items():
        subjects.append(common.Category(id=identifier, name={"en": name}))
    yield subjects
    for cube in statistics.cubes:
        flow = artefacts.flows[cube.table.name]
        yield common.Categorisation(
            id=f"CAT_{table_id(cube)}",
            name={"en": f"Subject of {cube.table.name}"},
            artefact=flow,
            category=subjects[_subject(cube)],
            **artefacts.kept,
        )
    for cube in statistics.cubes:
        yield _constraint(cube, artefacts)


def _agencies(artefacts: Artefacts, config: Config) -> Any:
    from sdmx.model import common

    # SDMX itself maintains the scheme of agencies at the top; it is never final.
    scheme = common.AgencyScheme(
        id="AGENCIES",
        name={"en": "Agencies"},
        maintainer=common.Agency(id="SDMX"),
        version="1.0",
        is_final=False,
        is_external_reference=False,
    )
    contact = common.Contact(name={"en": config.publisher}, uri=[config.contact])
    scheme.append(common.Agency(id=artefacts.agency.id, name={"en": config.publisher}, contact=[contact]))
    return scheme


def _subject(cube: Cube) -> str:
    names = {dimension.name for dimension in cube.dimensions}
    return next(identifier for identifier, (_, name) in _SUBJECTS.items() if not name or name in names)


def _constraint(cube: Cube, artefacts: Artefacts) -> Any:
    """The codes that the rows of a table have, per coded dimension."""
    from sdmx.model import common, v21

    flow = artefacts.flows[cube.table.name]
    dimensions = {part.id: part for part in flow.structure.dimensions}
    keys = [key for key, _, _ in cube.observations()]
    found = {
        dimension_id(d): sorted({sdmx_code(key[at]) for key in keys}) for at, d in enumerate(cube.dimensions) if d.codes
    }
    found[INDICATOR] = [indicator_id(cube, figure) for figure in cube.figures]
    region = common.CubeRegion(included=True)
    for name, codes in found.items():
        region.member[dimensions[name]] = v21.MemberSelection(
            included=True, values_for=dimensions[name], values=[v21.MemberValue(value=code) for code in codes]
        )
    return v21.ContentConstraint(
        id=f"CR_{table_id(cube)}",
        name={"en": f"Codes of {cube.table.name}"},
        role=common.ConstraintRole(role=common.ConstraintRoleType.actual),
        content={flow},
        data_content_region=[region],
        **artefacts.kept,
    )
