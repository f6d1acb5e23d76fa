"""SDMX: what the library sdmx1 wrote is valid to the schemas of SDMX-ML 2.1 and reads back by another one, pysdmx.

Our own data files are read by both. pysdmx knows no hierarchical code list of SDMX-ML 2.1: the schema checks it.
"""

from __future__ import annotations

import csv
import gzip
from dataclasses import replace
from pathlib import Path

import pytest
import sdmx
from lxml import etree
from pysdmx.io import get_datasets, read_sdmx
from pysdmx.model import Codelist, DataStructureDefinition

from esco_kg.model.cube import Statistics
from esco_kg.model.findings import Table
from esco_kg.rdf.terms import lexical
from esco_kg.statistics import measures
from esco_kg.statistics.sdmx import write_sdmx
from tests.scheme.test_cubes import statistics
from tests.support.sample_release import Sample, sample

AGENCY, VERSION, ISSUED = "ESCO-SC", "1.2.0", "2026-01-31"


def write(made: Sample, found: Statistics, folder: Path) -> Path:
    config, info = replace(made.config, notation=AGENCY), replace(made.release, version=VERSION, issued=ISSUED)
    write_sdmx(found, folder, config, info)
    return folder


@pytest.fixture(scope="module")
def made() -> Sample:
    return sample()


@pytest.fixture(scope="module")
def found(made: Sample) -> Statistics:
    return statistics(made)


@pytest.fixture(scope="module")
def folder(made: Sample, found: Statistics, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(made, found, tmp_path_factory.mktemp("sdmx") / "sdmx")


@pytest.fixture(scope="module")
def lists(folder: Path) -> dict[str, Codelist]:
    """The code lists as the other library reads them; reading checks them against the official schemas."""
    return {codes.id: codes for codes in read_sdmx(folder / "structures.xml", validate=True).get_codelists()}


@pytest.fixture(scope="module")
def structures(folder: Path) -> dict[str, DataStructureDefinition]:
    found = read_sdmx(folder / "structures.xml", validate=True).get_data_structure_definitions()
    return {structure.id: structure for structure in found}


def test_every_table_has_a_structure_and_data(found: Statistics, folder: Path) -> None:
    names = {cube.table.name for cube in found.cubes}
    assert {path.stem for path in folder.glob("*.csv")} == names
    read = read_sdmx(folder / "structures.xml").get_dataflows()
    assert {flow.id for flow in read} == {name.upper().replace("-", "_") for name in names}
    assert {(flow.agency if isinstance(flow.agency, str) else flow.agency.id, flow.version) for flow in read} == {
        (AGENCY, VERSION)
    }


def test_code_lists_read_back_with_their_names(lists: dict[str, Codelist], made: Sample) -> None:
    clusters = {code.id: code.name for code in lists["CL_CLUSTER"].items}
    assert clusters == {c.id: c.labels["en"] for c in made.clustering.clusters.values()}
    assert [code.id for code in lists["CL_SECTOR"].items] == ["A", "C", "J", "Q", "01", "24"]
    assert {code.id for code in lists["CL_CONF_STATUS"].items} == {"F", "C", "D"}
    assert "link_from_an_occupation" not in lists["CL_COUNTED"].items
    assert all(" " not in code.id for codes in lists.values() for code in codes.items)


def test_codes_have_parents_and_names_in_all_languages(folder: Path, made: Sample) -> None:
    read = sdmx.read_sdmx(folder / "structures.xml").codelist
    clusters = made.clustering.clusters
    for code in read["CL_CLUSTER"]:
        # The parent of a top code is its list.
        assert code.parent.id == (clusters[code.id].parent or "CL_CLUSTER")
        assert code.name.localizations == clusters[code.id].labels
    # A code declared after its child would be taken for a list.
    assert all(name.startswith("CL_") for name in read)


def test_structures_read_back(structures: dict[str, DataStructureDefinition]) -> None:
    components = structures["DSD_ISCO_MAJOR_GROUPS"].components
    assert [c.id for c in components.dimensions] == ["ISCO", "CLUSTER", "INDICATOR", "RELEASE", "TIME_PERIOD"]
    assert [c.id for c in components.measures] == ["OBS_VALUE"]
    assert [c.id for c in components.attributes] == [
        "UNIT_MEASURE",
        "UNIT_MULT",
        "DECIMALS",
        "OBS_STATUS",
        "CONF_STATUS",
    ]
    assert len(structures["DSD_SHARED_SKILLS"].components.dimensions) == 5


def test_data_read_back_by_another_library(found: Statistics, folder: Path) -> None:
    for cube in found.cubes:
        data = get_datasets(folder / f"{cube.table.name}.csv", folder / "structures.xml")[0].data
        values = iter(data["OBS_VALUE"])
        assert len(data) == len(cube.table.rows) * len(cube.figures)
        for _, figures, _ in cube.observations():
            assert [float(next(values)) for _ in figures] == [float(figure) for figure in figures]  # type: ignore[arg-type]
        assert set(data["TIME_PERIOD"]) == {ISSUED}
        assert set(data["RELEASE"]) == {VERSION}


def test_every_code_of_the_data_is_in_its_list(
    found: Statistics, folder: Path, lists: dict[str, Codelist], structures: dict[str, DataStructureDefinition]
) -> None:
    for cube in found.cubes:
        identifier = cube.table.name.upper().replace("-", "_")
        with (folder / f"{cube.table.name}.csv").open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert {row["STRUCTURE_ID"] for row in rows} == {f"{AGENCY}:{identifier}({VERSION})"}
        for component in structures[f"DSD_{identifier}"].components:
            codes = component.enumeration
            if codes is not None:
                assert {row[component.id] for row in rows} <= {code.id for code in codes}, component.id


def test_the_writing_library_reads_its_data_by_structure(folder: Path, found: Statistics) -> None:
    flow = sdmx.read_sdmx(folder / "structures.xml").dataflow["ISCO_MAJOR_GROUPS"]
    message = sdmx.read_sdmx(folder / "isco-major-groups.csv", structure=flow)
    table = next(cube.table for cube in found.cubes if cube.table.name == "isco-major-groups")
    assert len(message.data[0].obs) == 3 * len(table.rows)
    first = message.data[0].obs[0]
    assert str(first.key.values["ISCO"].value) == table.rows[0][0]
    assert first.value == lexical(table.rows[0][table.columns.index("essential")])


def test_concepts_and_lists_of_sdmx_stay_sdmx_s(folder: Path) -> None:
    read = sdmx.read_sdmx(folder / "structures.xml")
    lists = {c.urn.partition("=")[2] for c in read.codelist.values() if c.maintainer.id == "SDMX"}
    assert lists == {
        "SDMX:CL_OBS_STATUS(2.2)",
        "SDMX:CL_CONF_STATUS(1.3)",
        "SDMX:CL_UNIT_MULT(1.1)",
        "SDMX:CL_DECIMALS(1.0)",
    }
    assert all(c.is_partial for c in read.codelist.values() if c.maintainer.id == "SDMX")
    structure = read.structure["DSD_ISCO_MAJOR_GROUPS"]
    for part in (*structure.attributes, *structure.measures, structure.dimensions.get("TIME_PERIOD")):
        assert part.concept_identity.get_scheme().id == "CROSS_DOMAIN_CONCEPTS", part.id
    assert structure.dimensions.get("CLUSTER").concept_identity.get_scheme().maintainer.id == AGENCY


def test_figures_of_all_tables_are_one_list(folder: Path, lists: dict[str, Codelist], found: Statistics) -> None:
    """Each table had a list of its own: forty lists that no other agency knows."""
    assert [name for name in lists if "INDICATOR" in name] == ["CL_INDICATOR"]
    meanings = {code.id: code.name for code in lists["CL_INDICATOR"].items}
    expected = {
        f"{cube.table.name.upper().replace('-', '_')}_{figure.column}": figure.meaning
        for cube in found.cubes
        for figure in cube.figures
    }
    assert meanings == expected
    for cube in found.cubes:
        with (folder / f"{cube.table.name}.csv").open(encoding="utf-8", newline="") as stream:
            told = {row["INDICATOR"] for row in csv.DictReader(stream)}
        assert len(told) == len(cube.figures)
        assert all(one.startswith(cube.table.name.upper().replace("-", "_")) for one in told)


def test_agency_subjects_and_codes_of_every_table(folder: Path, found: Statistics, made: Sample) -> None:
    read = sdmx.read_sdmx(folder / "structures.xml")
    assert str(read.organisation_scheme["AGENCIES"][AGENCY].name) == made.config.publisher
    subjects = {made.artefact.id: made.category.id for made in read.categorisation.values()}
    assert set(subjects) == set(read.dataflow)
    assert subjects["SECTOR_PROFILES"] == "SECTORS" and subjects["LABEL_COVERAGE"] == "SOURCE"
    for cube in found.cubes:
        identifier = cube.table.name.upper().replace("-", "_")
        (region,) = read.constraint[f"CR_{identifier}"].data_content_region
        said = {part.id: {value.value for value in chosen.values} for part, chosen in region.member.items()}
        with (folder / f"{cube.table.name}.csv").open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert all({row[name] for row in rows} == codes for name, codes in said.items()), identifier


def test_hierarchies_have_the_parents_of_the_clusters(folder: Path, made: Sample) -> None:
    read = sdmx.read_sdmx(folder / "structures.xml").hierarchical_codelist
    assert set(read) == {"HCL_CLUSTER", "HCL_SECTOR", "HCL_ISCO"}
    (hierarchy,) = read["HCL_CLUSTER"].hierarchy
    waiting = [(code, None) for code in hierarchy.codes.values()]
    parents = {}
    while waiting:
        code, above = waiting.pop()
        parents[code.id] = above
        waiting += [(child, code.id) for child in code.child]
    assert parents == {identifier: cluster.parent for identifier, cluster in made.clustering.clusters.items()}


def test_xml_says_what_csv_says(folder: Path, found: Statistics, tmp_path: Path) -> None:
    for cube in found.cubes:
        name = cube.table.name
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            rows = [{key: cell for key, cell in row.items() if cell} for row in csv.DictReader(stream)]
        (tmp_path / f"{name}.xml").write_bytes(gzip.decompress((folder / f"{name}.xml.gz").read_bytes()))
        said = [dict(row.attrib) for row in etree.parse(tmp_path / f"{name}.xml").iter("Obs")]
        assert said == [{k: row[k] for k in row if k not in ("STRUCTURE", "STRUCTURE_ID", "ACTION")} for row in rows]
    data = get_datasets(tmp_path / "levels.xml", folder / "structures.xml", validate=True)[0].data
    expected = get_datasets(folder / "levels.csv", folder / "structures.xml")[0].data
    assert data.astype(str).equals(expected[data.columns].astype(str))
    structures = sdmx.read_sdmx(folder / "structures.xml")
    read = sdmx.read_sdmx(tmp_path / "levels.xml", structure=structures.structure["DSD_LEVELS"])
    levels = next(cube for cube in found.cubes if cube.table.name == "levels")
    assert len(read.data[0].obs) == len(levels.table.rows) * len(levels.figures)


def test_a_suppressed_row_is_there_without_its_values(made: Sample, tmp_path: Path) -> None:
    tables = measures.run(made.store(), ["clusters"])
    table: Table = tables[0]
    table.statuses = ["C", "D", *["F"] * (len(table.rows) - 2)]
    write(made, statistics(made, tables), tmp_path / "sdmx")
    with (tmp_path / "sdmx" / "clusters.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    said = [(r["OBS_VALUE"], r["OBS_STATUS"], r["CONF_STATUS"]) for r in rows if r["INDICATOR"].endswith("_skills")]
    assert said[:2] == [("", "Q", "C"), ("", "Q", "D")]
    assert said[2][1:] == ("A", "F") and said[2][0]
    data = get_datasets(tmp_path / "sdmx" / "clusters.csv", tmp_path / "sdmx" / "structures.xml")[0].data
    assert len(data) == len(rows)


def test_the_bytes_are_the_same_every_time(made: Sample, found: Statistics, folder: Path, tmp_path: Path) -> None:
    write(made, found, tmp_path / "again")
    for path in folder.iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()
