"""The statistics in SDMX: code lists and data structure definitions (SDMX-ML 2.1), one SDMX-CSV 2.0 file per table.

The definitions are made and written by the library sdmx1. Rows of data are written here, with the columns that the
definition has: the library makes an object of each cell, and floats of whole numbers.

Every table has a structure of its own: its dimensions, an indicator for each of its figures, the release and its date
of issue; one observed value per row. So the tables of several releases have no key in common. Unit, status and
confidentiality are attributes of the value.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esco_kg.model.cube import Code, CodeList, Cube, Dimension, Statistics
from esco_kg.rdf.terms import lexical

if TYPE_CHECKING:
    from sdmx.model import common, v21

_UNSAFE = re.compile(r"[^A-Za-z0-9_@$-]")
_TIME, _RELEASE, _INDICATOR, _VALUE = "TIME_PERIOD", "RELEASE", "INDICATOR", "OBS_VALUE"
_CONCEPTS = {
    _TIME: "Date of issue",
    _RELEASE: "Release",
    _INDICATOR: "Indicator",
    _VALUE: "Observed value",
    "UNIT_MEASURE": "Unit of measure",
    "OBS_STATUS": "Observation status",
    "CONF_STATUS": "Confidentiality status",
}
_STATUSES = {
    "OBS_STATUS": ("Observation status", {"A": "Normal value", "Q": "Missing value; suppressed"}),
    "CONF_STATUS": (
        "Confidentiality status",
        {
            "F": "Free (free for publication)",
            "C": "Confidential statistical information due to identification of the respondent, primary",
            "D": "Secondary confidentiality set by the sender, not for publication",
        },
    ),
}
# Attributes of the observation, in the order of their columns -> their code lists.
_ATTRIBUTES = {"UNIT_MEASURE": "unit", "OBS_STATUS": "OBS_STATUS", "CONF_STATUS": "CONF_STATUS"}


def write_sdmx(statistics: Statistics, folder: Path, *, agency: str, version: str, issued: str) -> None:
    """Write ``structures.xml`` and ``<table>.csv`` per cube into ``folder``, which is made.

    ``agency`` names who maintains the artefacts, any text; ``version`` is the release's, of all artefacts; ``issued``
    an ISO date, the period of all observations.
    """
    # The library takes half a second to import, and nothing else needs it.
    import sdmx
    from sdmx import message

    folder.mkdir()
    artefacts = _Artefacts(sdmx_id(agency), version)
    content = message.StructureMessage(
        header=message.Header(id=sdmx_id(f"ESCO_KG_{version}"), prepared=datetime.fromisoformat(issued), test=False)
    )
    content.header.sender = artefacts.agency
    artefacts.add_code_lists(statistics.code_lists)
    for cube in statistics.cubes:
        _write_rows(cube, artefacts.add_cube(cube), (version, issued), folder / f"{cube.table.name}.csv")
    for made in (artefacts.lists, artefacts.structures, artefacts.flows):
        for artefact in made.values():
            content.add(artefact)
    content.add(artefacts.concepts)
    (folder / "structures.xml").write_bytes(sdmx.to_xml(content, pretty_print=True))


def sdmx_id(text: str) -> str:
    """A text as an SDMX identifier: what may not stand in one is an underscore."""
    return _UNSAFE.sub("_", text)


def table_id(cube: Cube) -> str:
    """``isco-major-groups`` -> ``ISCO_MAJOR_GROUPS``, the part that structure and flow of a table share."""
    return cube.table.name.upper().replace("-", "_")


class _Artefacts:
    """Everything one agency maintains, made as it is needed."""

    def __init__(self, agency: str, version: str) -> None:
        from sdmx.model import common

        self._common = common
        self.agency = common.Agency(id=agency)
        # Without these two the writer says "none", which no schema knows.
        self._kept: dict[str, Any] = {
            "maintainer": self.agency,
            "version": version,
            "is_final": True,
            "is_external_reference": False,
        }
        self.concepts = common.ConceptScheme(id="CS_STATISTICS", name={"en": "Concepts"}, **self._kept)
        self.lists: dict[str, common.Codelist] = {}
        self.structures: dict[str, v21.DataStructureDefinition] = {}
        self.flows: dict[str, v21.DataflowDefinition] = {}
        self._known: dict[str, common.Concept] = {}

    def add_code_lists(self, lists: Sequence[CodeList]) -> None:
        """The code lists of the statistics, and those of SDMX that the attributes need."""
        for codes in lists:
            made = self._code_list(codes.name, codes.titles)
            for code in _parents_first(codes):
                made.append(self._common.Code(id=sdmx_id(code.code), name=dict(code.labels)))
            for code in codes.codes:
                if code.parent:
                    made[sdmx_id(code.parent)].append_child(made[sdmx_id(code.code)])
        for name, (title, known) in _STATUSES.items():
            made = self._code_list(name, {"en": title})
            made.extend(self._common.Code(id=code, name={"en": label}) for code, label in known.items())

    def _code_list(self, name: str, titles: dict[str, str]) -> common.Codelist:
        found = self._common.Codelist(id=f"CL_{name.upper().replace('-', '_')}", name=dict(titles), **self._kept)
        self.lists[name] = found
        return found

    def _concept(self, name: str, label: str) -> common.Concept:
        if name not in self._known:
            self._known[name] = self._common.Concept(id=name, name={"en": label})
            self.concepts.append(self._known[name])
        return self._known[name]

    def add_cube(self, cube: Cube) -> v21.DataflowDefinition:
        """The structure of a table and its flow."""
        from sdmx.model import v21

        structure = v21.DataStructureDefinition(
            id=f"DSD_{table_id(cube)}", name={"en": f"Structure of {cube.table.name}"}, **self._kept
        )
        # The identifiers that the schemas of SDMX-ML 2.1 fix for the three lists.
        structure.dimensions.id, structure.measures.id = "DimensionDescriptor", "MeasureDescriptor"
        structure.attributes.id = "AttributeDescriptor"
        for place, (name, label, represented) in enumerate(self._dimensions(cube), start=1):
            structure.dimensions.append(
                self._common.Dimension(
                    id=name,
                    order=place,
                    concept_identity=self._concept(name, label),
                    local_representation=represented,
                )
            )
        self._add_common(structure)
        flow = v21.DataflowDefinition(
            id=table_id(cube), name={"en": cube.table.question}, structure=structure, **self._kept
        )
        self.structures[cube.table.name], self.flows[cube.table.name] = structure, flow
        return flow

    def _add_common(self, structure: v21.DataStructureDefinition) -> None:
        """What every structure has: the period, the observed value, its attributes."""
        from sdmx.model import v21

        structure.dimensions.append(
            v21.TimeDimension(
                id=_TIME,
                order=len(structure.dimensions) + 1,
                concept_identity=self._concept(_TIME, _CONCEPTS[_TIME]),
                local_representation=self._format("observationalTimePeriod"),
            )
        )
        structure.measures.append(
            v21.PrimaryMeasure(
                id=_VALUE,
                concept_identity=self._concept(_VALUE, _CONCEPTS[_VALUE]),
                local_representation=self._format("decimal"),
            )
        )
        for name, codes in _ATTRIBUTES.items():
            structure.attributes.append(
                self._common.DataAttribute(
                    id=name,
                    concept_identity=self._concept(name, _CONCEPTS[name]),
                    local_representation=self._coded(codes),
                    related_to=v21.PrimaryMeasureRelationship(),
                    usage_status=self._common.UsageStatus.mandatory,
                )
            )

    def _dimensions(self, cube: Cube) -> Iterator[tuple[str, str, common.Representation]]:
        """(id, label, representation) of the dimensions of a table, and of those for its figures and the release."""
        for dimension in cube.dimensions:
            yield dimension_id(dimension), dimension.label, self._represented(dimension)
        indicators = self._code_list(f"{cube.table.name}-indicator", {"en": f"Figures of {cube.table.name}"})
        for figure in cube.figures:
            indicators.append(self._common.Code(id=sdmx_id(figure.column), name={"en": figure.meaning}))
        yield _INDICATOR, _CONCEPTS[_INDICATOR], self._common.Representation(enumerated=indicators)
        # Without a code list: one that grows with each release would be another list in each of them.
        yield _RELEASE, _CONCEPTS[_RELEASE], self._format("string")

    def _represented(self, dimension: Dimension) -> common.Representation:
        if dimension.codes:
            return self._coded(dimension.codes.name)
        return self._format(dimension.datatype)

    def _coded(self, name: str) -> common.Representation:
        return self._common.Representation(enumerated=self.lists[name])

    def _format(self, kind: str) -> common.Representation:
        facet = self._common.Facet(value_type=self._common.FacetValueType[kind])
        return self._common.Representation(non_enumerated=[facet])


def _parents_first(codes: CodeList) -> list[Code]:
    """Readers take a code that is named before it is declared for a list of its own."""
    parents = {code.code: code.parent for code in codes.codes}

    def depth(code: str) -> int:
        return 1 + depth(parents[code]) if parents.get(code) else 0

    return sorted(codes.codes, key=lambda code: (depth(code.code), code.code))


def _write_rows(cube: Cube, flow: v21.DataflowDefinition, release: tuple[str, str], path: Path) -> None:
    """The observations of a table, one line per figure; a suppressed one has no value.

    ``release`` is the version and the date of issue.
    """
    import sdmx.urn

    structure = flow.structure
    parts = (*structure.dimensions, *structure.measures, *structure.attributes)
    start = ("dataflow", sdmx.urn.make(flow).partition("=")[2], "I")
    indicators = [(sdmx_id(figure.column), figure.unit.code) for figure in cube.figures]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("STRUCTURE", "STRUCTURE_ID", "ACTION", *(part.id for part in parts)))
        for key, values, confidential in cube.observations():
            codes = [sdmx_code(value) for value in key]
            is_free = confidential == "F"
            for (indicator, unit), value in zip(indicators, values, strict=True):
                said = (lexical(value), unit, "A") if is_free else ("", unit, "Q")
                writer.writerow((*start, *codes, indicator, *release, *said, confidential))


def dimension_id(dimension: Dimension) -> str:
    """``other-cluster`` -> ``OTHER_CLUSTER``."""
    return dimension.name.upper().replace("-", "_")


def sdmx_code(value: str | int | float | bool | None) -> str:
    """A cell of a dimension as the code of its list; a number stays as it is."""
    return lexical(value) if isinstance(value, float) else sdmx_id(lexical(value))
