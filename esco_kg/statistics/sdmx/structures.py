"""Code lists, concepts and data structure definitions in SDMX, made by the library sdmx1.

Every table has a structure of its own: its dimensions, an indicator for each of its figures, the release and its date
of issue; one observed value per row. So the tables of several releases have no key in common. The indicators of all
tables are one list, of which a constraint names those of a table. Unit, status and confidentiality are attributes of
the value. Concepts and code lists that SDMX maintains itself stay SDMX's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from esco_kg.model.cube import Code, CodeList, Cube, Dimension, Figure
from esco_kg.rdf.terms import lexical

if TYPE_CHECKING:
    from sdmx.model import common, v21

_UNSAFE = re.compile(r"[^A-Za-z0-9_@$-]")
_TIME, _RELEASE, INDICATOR, _VALUE = "TIME_PERIOD", "RELEASE", "INDICATOR", "OBS_VALUE"
_OWN_CONCEPTS = {_RELEASE: "Release", INDICATOR: "Indicator"}
# SDMX's own concepts and code lists, as its registry has them. The file holds the codes that are used (a partial list),
# for readers that look nothing up.
_CROSS_DOMAIN = (
    "CROSS_DOMAIN_CONCEPTS",
    "2.0",
    {
        "TIME_PERIOD": "Time period",
        "OBS_VALUE": "Observation value",
        "UNIT_MEASURE": "Unit of measure",
        "UNIT_MULT": "Unit multiplier",
        "DECIMALS": "Decimals",
        "OBS_STATUS": "Observation status",
        "CONF_STATUS": "Confidentiality - status",
    },
)
_STANDARD_LISTS = {
    "OBS_STATUS": ("CL_OBS_STATUS", "2.2", {"A": "Normal value", "Q": "Missing value; suppressed"}),
    "CONF_STATUS": (
        "CL_CONF_STATUS",
        "1.3",
        {
            "F": "Free (free for publication)",
            "C": "Confidential statistical information due to identification of the respondent, primary",
            "D": "Secondary confidentiality set by the sender, not for publication",
        },
    ),
    "UNIT_MULT": ("CL_UNIT_MULT", "1.1", {"0": "Units"}),
    "DECIMALS": ("CL_DECIMALS", "1.0", {"0": "Zero", "4": "Four"}),
}
ATTRIBUTES = ("UNIT_MEASURE", "UNIT_MULT", "DECIMALS", "OBS_STATUS", "CONF_STATUS")
"""Attributes of the observation, in the order of their columns. The unit is a list of ours; SDMX has none of units."""


def sdmx_id(text: str) -> str:
    """A text as an SDMX identifier: what may not stand in one is an underscore."""
    return _UNSAFE.sub("_", text)


def table_id(cube: Cube) -> str:
    """``isco-major-groups`` -> ``ISCO_MAJOR_GROUPS``, the part that structure and flow of a table share."""
    return cube.table.name.upper().replace("-", "_")


def indicator_id(cube: Cube, figure: Figure) -> str:
    """``ISCO_MAJOR_GROUPS_share``: what a share is of differs from table to table."""
    return f"{table_id(cube)}_{sdmx_id(figure.column)}"


class Artefacts:
    """Everything one agency maintains, made as it is needed."""

    def __init__(self, agency: str, version: str) -> None:
        from sdmx.model import common

        self._common = common
        self.agency = common.Agency(id=agency)
        # Without these two the writer says "none", which no schema knows.
        self.kept: dict[str, Any] = {
            "maintainer": self.agency,
            "version": version,
            "is_final": True,
            "is_external_reference": False,
        }
        self.concepts = common.ConceptScheme(id="CS_STATISTICS", name={"en": "Concepts"}, **self.kept)
        self.lists: dict[str, common.Codelist] = {}
        self._indicators = self._code_list(INDICATOR.lower(), {"en": "Figures of the tables"})
        self.structures: dict[str, v21.DataStructureDefinition] = {}
        self.flows: dict[str, v21.DataflowDefinition] = {}
        self.hierarchies: dict[str, v21.HierarchicalCodelist] = {}
        self._known: dict[str, common.Concept] = {}
        theirs = self.kept | {"maintainer": common.Agency(id="SDMX"), "is_partial": True}
        name, number, concepts = _CROSS_DOMAIN
        title = {"en": "SDMX Cross-Domain Concepts"}
        self._cross_domain = common.ConceptScheme(id=name, name=title, **theirs | {"version": number})
        self._cross_domain.extend(common.Concept(id=concept, name={"en": said}) for concept, said in concepts.items())
        self._standard: dict[str, common.Codelist] = {}
        for attribute, (identifier, number, codes) in _STANDARD_LISTS.items():
            listed = common.Codelist(id=identifier, name={"en": concepts[attribute]}, **theirs | {"version": number})
            listed.extend(common.Code(id=code, name={"en": said}) for code, said in codes.items())
            self._standard[attribute] = listed

    def made(self) -> Iterator[Any]:
        """All artefacts, in the order of the file."""
        for found in (self._standard, self.lists, self.hierarchies, self.structures, self.flows):
            yield from found.values()
        yield from (self._cross_domain, self.concepts)

    def add_code_lists(self, lists: Sequence[CodeList]) -> None:
        """The code lists of the statistics."""
        for codes in lists:
            made = self._code_list(codes.name, codes.titles)
            for code in _parents_first(codes):
                made.append(self._common.Code(id=sdmx_id(code.code), name=dict(code.labels)))
            for code in codes.codes:
                if code.parent:
                    made[sdmx_id(code.parent)].append_child(made[sdmx_id(code.code)])

    def add_hierarchies(self, lists: Sequence[CodeList]) -> None:
        """A hierarchical code list for each list whose codes have parents: clusters, NACE, ISCO."""
        from sdmx.model import v21

        for codes in lists:
            if not any(code.parent for code in codes.codes):
                continue
            listed, known = self.lists[codes.name], {}
            for code in _parents_first(codes):
                identifier = sdmx_id(code.code)
                known[code.code] = self._common.HierarchicalCode(id=identifier, code=listed[identifier])
                if code.parent:
                    known[code.parent].child.append(known[code.code])
            tops = {sdmx_id(code.code): known[code.code] for code in codes.codes if not code.parent}
            name = codes.name.upper().replace("-", "_")
            titles = dict(codes.titles)
            self.hierarchies[codes.name] = v21.HierarchicalCodelist(
                id=f"HCL_{name}", name=titles, hierarchy=[v21.Hierarchy(id=name, name=titles, codes=tops)], **self.kept
            )

    def _code_list(self, name: str, titles: dict[str, str]) -> common.Codelist:
        found = self._common.Codelist(id=f"CL_{name.upper().replace('-', '_')}", name=dict(titles), **self.kept)
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
            id=f"DSD_{table_id(cube)}", name={"en": f"Structure of {cube.table.name}"}, **self.kept
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
            id=table_id(cube), name={"en": cube.table.question}, structure=structure, **self.kept
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
                concept_identity=self._cross_domain[_TIME],
                local_representation=self._format("observationalTimePeriod"),
            )
        )
        structure.measures.append(
            v21.PrimaryMeasure(
                id=_VALUE,
                concept_identity=self._cross_domain[_VALUE],
                local_representation=self._format("decimal"),
            )
        )
        for name in ATTRIBUTES:
            structure.attributes.append(
                self._common.DataAttribute(
                    id=name,
                    concept_identity=self._cross_domain[name],
                    local_representation=self._of_attribute(name),
                    related_to=v21.PrimaryMeasureRelationship(),
                    usage_status=self._common.UsageStatus.mandatory,
                )
            )

    def _dimensions(self, cube: Cube) -> Iterator[tuple[str, str, common.Representation]]:
        """(id, label, representation) of the dimensions of a table, and of those for its figures and the release."""
        for dimension in cube.dimensions:
            yield dimension_id(dimension), dimension.label, self._represented(dimension)
        for figure in cube.figures:
            name, question = {"en": figure.meaning}, {"en": cube.table.question}
            self._indicators.append(self._common.Code(id=indicator_id(cube, figure), name=name, description=question))
        yield INDICATOR, _OWN_CONCEPTS[INDICATOR], self._common.Representation(enumerated=self._indicators)
        # Without a code list: one that grows with each release would be another list in each of them.
        yield _RELEASE, _OWN_CONCEPTS[_RELEASE], self._format("string")

    def _of_attribute(self, name: str) -> common.Representation:
        return self._common.Representation(enumerated=self._standard.get(name) or self.lists["unit"])

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


def dimension_id(dimension: Dimension) -> str:
    """``other-cluster`` -> ``OTHER_CLUSTER``."""
    return dimension.name.upper().replace("-", "_")


def sdmx_code(value: str | int | float | bool | None) -> str:
    """A cell of a dimension as the code of its list; a number stays as it is."""
    return lexical(value) if isinstance(value, float) else sdmx_id(lexical(value))
