"""The statistics in SDMX: ``structures.xml`` (SDMX-ML 2.1) and, per table, SDMX-CSV 2.0 and SDMX-ML data.

The definitions are made and written by the library sdmx1. Rows of data are written here, with the columns that the
definition has: the library makes an object of each cell, and floats of whole numbers.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import cast

from esco_kg.config import Config
from esco_kg.model.cube import Statistics
from esco_kg.model.published import ReleaseInfo

_STRUCTURE = "{http://www.sdmx.org/resources/sdmxml/schemas/v2_1/structure}"


def write_sdmx(statistics: Statistics, folder: Path, config: Config, info: ReleaseInfo) -> None:
    """Write ``structures.xml``, ``<table>.csv`` and ``<table>.xml.gz`` per cube into ``folder``, which is made.

    The agency is the notation of the scheme, the version of all artefacts that of the release, the period of all
    observations its date of issue.
    """
    # The library takes half a second to import, and nothing else needs it.
    import sdmx
    from sdmx import message

    from esco_kg.statistics.sdmx.catalogue import catalogued
    from esco_kg.statistics.sdmx.data import Rows
    from esco_kg.statistics.sdmx.structures import Artefacts, sdmx_id

    folder.mkdir()
    artefacts = Artefacts(sdmx_id(config.notation), info.version)
    content = message.StructureMessage(
        header=message.Header(
            id=sdmx_id(f"ESCO_KG_{info.version}"), prepared=datetime.fromisoformat(info.issued), test=False
        )
    )
    content.header.sender = artefacts.agency
    artefacts.add_code_lists(statistics.code_lists)
    artefacts.add_hierarchies(statistics.code_lists)
    for cube in statistics.cubes:
        rows = Rows(cube, artefacts.add_cube(cube), info)
        rows.write_csv(folder / f"{cube.table.name}.csv")
        if "sdmx-ml" not in config.left_out:
            rows.write_xml(folder / f"{cube.table.name}.xml.gz")
    for artefact in [*artefacts.made(), *catalogued(statistics, artefacts, config)]:
        content.add(artefact)
    (folder / "structures.xml").write_bytes(_in_order(sdmx.to_xml(content)))


def _in_order(content: bytes) -> bytes:
    """The library writes the hierarchies after the concepts; the schema of SDMX-ML wants them before."""
    from lxml import etree

    root = etree.fromstring(content)
    hierarchies, concepts = (root.find(f".//{_STRUCTURE}{name}") for name in ("HierarchicalCodelists", "Concepts"))
    if hierarchies is not None and concepts is not None:
        concepts.addprevious(hierarchies)
    return cast(bytes, etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))
