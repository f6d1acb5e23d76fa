"""A release in all forms that offices use, as the release command writes it."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from csvw import CSVW
from rdflib import DCAT, DCTERMS, QB, RDF, URIRef

from esco_kg.release import Request, make_release
from esco_kg.resources import folder

BASE = "https://example.org/esco-kg-demonstration/"


@pytest.fixture(scope="module")
def careful(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the demonstration data whose counts under 3 are suppressed, and that has no Parquet and no PX."""
    place = tmp_path_factory.mktemp("careful")
    settings = (folder("demonstration") / "v1.0.0" / "release.toml").read_text(encoding="utf-8")
    (place / "release.toml").write_text(
        f'{settings}\n[statistics]\nthreshold = 3\n[formats]\nleft_out = ["parquet", "px"]\n', encoding="utf-8"
    )
    return make_release(Request(out=place / "releases", config=place / "release.toml", use_cache=False)).folder


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def test_every_file_is_in_the_catalogue_with_its_standard(demonstration: Path) -> None:
    catalogue = rdflib.Graph().parse(next(demonstration.glob("*-catalogue.ttl")), format="turtle")
    manifest = json.loads((demonstration / "manifest.json").read_text(encoding="utf-8"))
    files = catalogue.subjects(RDF.type, DCAT.Distribution)
    described = {str(catalogue.value(s, DCTERMS.identifier)): s for s in files}
    names = {file["name"] for file in manifest["files"]}
    assert {name for name in names if name.startswith(("sdmx/", "sssom/", "statistics/"))} <= set(described)
    for name, standard, media in (
        ("sdmx/clusters.csv", "https://sdmx.org/standards-2/", "text/csv"),
        ("sdmx/structures.xml", "https://sdmx.org/standards-2/", "application/xml"),
        ("sssom/rejected.sssom.tsv", "https://mapping-commons.github.io/sssom/", "text/tab-separated-values"),
        ("jsonstat/clusters.json", "https://json-stat.org/format/", "application/json"),
        ("esco-kg-1.0.0.sqlite", "https://www.sqlite.org/fileformat2.html", "application/vnd.sqlite3"),
        ("statistics/csv-metadata.json", "https://www.w3.org/TR/tabular-metadata/", "application/csvm+json"),
        ("esco-kg-1.0.0-statistics.ttl", "https://www.w3.org/TR/vocab-data-cube/", "text/turtle"),
    ):
        assert URIRef(standard) in set(catalogue.objects(described[name], DCTERMS.conformsTo)), name
        assert str(catalogue.value(described[name], DCAT.mediaType)).endswith(media)
        assert (URIRef(standard), RDF.type, DCTERMS.Standard) in catalogue


def test_suppression_is_the_same_in_every_form(careful: Path) -> None:
    graph = rdflib.Graph().parse(next(careful.glob("*-statistics.ttl")), format="turtle")
    table = list(rows(careful / "statistics" / "cluster-skill-types.csv"))
    statuses = {row["cluster"]: row["conf_status"] for row in table}
    assert set(statuses.values()) == {"F", "C"}
    hidden = {cluster for cluster, status in statuses.items() if status != "F"}
    for row in table:
        figures = [row["knowledge"], row["skill"], row["none"], row["knowledge_share"]]
        assert all((figure == "") == (row["cluster"] in hidden) for figure in figures)
        assert row["cluster"] in hidden or not any(0 < int(figure) < 3 for figure in figures[:3])
    with sqlite3.connect(careful / "esco-kg-1.0.0.sqlite") as database:
        kept = database.execute(
            "SELECT cluster, knowledge_share IS NULL FROM statistics_cluster_skill_types"
        ).fetchall()
    assert {cluster for cluster, is_blank in kept if is_blank} == hidden and len(kept) == len(table)
    dataset = URIRef(f"{BASE}release/1.0.0/statistics/cluster-skill-types")
    published = {str(s).rsplit("/", 1)[-1] for s in graph.subjects(QB.dataSet, dataset)}
    assert published == set(statuses) - hidden
    exchanged = list(rows(careful / "sdmx" / "cluster-skill-types.csv"))
    assert {row["CLUSTER"] for row in exchanged if not row["OBS_VALUE"]} == hidden
    assert all(statuses[row["CLUSTER"]] == row["CONF_STATUS"] for row in exchanged)


def test_forms_that_are_left_out_are_not_there(careful: Path, demonstration: Path) -> None:
    names = [{path.name for path in release.iterdir()} for release in (careful, demonstration)]
    assert names[1] - names[0] == {"parquet", "datapackage.json", "px"}


def test_the_threshold_is_part_of_the_fingerprint(careful: Path, demonstration: Path) -> None:
    marks = [json.loads((release / "manifest.json").read_text())["fingerprint"] for release in (careful, demonstration)]
    assert marks[0] != marks[1]


def test_tables_of_changes_are_described_as_well(second_release: Path) -> None:
    group = json.loads((second_release / "csv-metadata.json").read_text(encoding="utf-8"))
    described = {table["url"] for table in group["tables"]}
    assert described == {path.name for path in second_release.glob("*.csv")}
    assert any(name.endswith("series.csv") for name in described)
    assert CSVW(second_release / "csv-metadata.json", validate=True).is_valid
