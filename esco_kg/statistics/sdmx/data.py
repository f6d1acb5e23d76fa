"""The observations of a table: SDMX-CSV 2.0, and structure-specific data of SDMX-ML 2.1."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from esco_kg import dump
from esco_kg.model.cube import Cube
from esco_kg.model.published import ReleaseInfo
from esco_kg.rdf.terms import lexical
from esco_kg.statistics.sdmx.structures import indicator_id, sdmx_code

if TYPE_CHECKING:
    from sdmx.model import v21

_SCHEMAS = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/"
_DECIMALS = {"integer": "0", "decimal": "4"}


class Rows:
    """The rows of one table, a line for each figure; a suppressed one has no value."""

    def __init__(self, cube: Cube, flow: v21.DataflowDefinition, info: ReleaseInfo) -> None:
        import sdmx.urn

        structure = flow.structure
        self._cube, self._info, self._flow = cube, info, flow
        self._urn = sdmx.urn.make(flow)
        self._names = [part.id for part in (*structure.dimensions, *structure.measures, *structure.attributes)]

    def _rows(self) -> Iterator[tuple[str, ...]]:
        """Cells in the order of the structure: dimensions, value, attributes."""
        cube = self._cube
        figures = [(indicator_id(cube, f), f.unit.code, "0", _DECIMALS[f.datatype]) for f in cube.figures]
        release = (self._info.version, self._info.issued)
        for key, values, confidential in cube.observations():
            codes = [sdmx_code(value) for value in key]
            is_free = confidential == "F"
            for (indicator, *unit), value in zip(figures, values, strict=True):
                said = lexical(value) if is_free else ""
                yield (*codes, indicator, *release, said, *unit, "A" if is_free else "Q", confidential)

    def write_csv(self, path: Path) -> None:
        """SDMX-CSV 2.0."""
        start = ("dataflow", self._urn.partition("=")[2], "I")
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(("STRUCTURE", "STRUCTURE_ID", "ACTION", *self._names))
            writer.writerows((*start, *row) for row in self._rows())

    def write_xml(self, path: Path) -> None:
        """SDMX-ML 2.1, structure-specific, without series: each observation has its whole key. Compressed with gzip."""
        starts = [f"{name}=" for name in self._names]
        lines = [self._head()]
        quoted = cache(quoteattr)  # most cells recur
        for row in self._rows():
            said = " ".join([s + quoted(cell) for s, cell in zip(starts, row, strict=True) if cell])
            lines.append(f"<Obs {said}/>\n")
        lines.append("</mes:DataSet>\n</mes:StructureSpecificData>\n")
        dump.write_packed(path, "".join(lines))

    def _head(self) -> str:
        flow, info = self._flow, self._info
        agency = self._urn.partition("=")[2].partition(":")[0]
        space = f"{self._urn}:ObsLevelDim:AllDimensions"
        reference = f'agencyID="{agency}" id="{flow.id}" version="{flow.version}" class="Dataflow"'
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<mes:StructureSpecificData xmlns:mes="{_SCHEMAS}message" xmlns:com="{_SCHEMAS}common" '
            f'xmlns:ss="{_SCHEMAS}data/structurespecific" xmlns:ns1="{space}" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
            f"<mes:Header><mes:ID>{flow.id}</mes:ID><mes:Test>false</mes:Test>"
            f"<mes:Prepared>{info.issued}T00:00:00</mes:Prepared>"
            f'<mes:Sender id="{agency}"/><mes:Structure structureID="{flow.id}" namespace="{space}" '
            'dimensionAtObservation="AllDimensions">'
            f"<com:StructureUsage><Ref {reference}/></com:StructureUsage></mes:Structure></mes:Header>\n"
            f'<mes:DataSet ss:structureRef="{flow.id}" xsi:type="ns1:DataSetType" '
            'ss:dataScope="DataStructure" action="Information">\n'
        )
