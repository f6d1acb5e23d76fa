"""A release from the RDF dump is the release from the tables of the same version."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pytest

from esco_kg.release import Outcome, Request, make_release
from esco_kg.resources import folder
from tests.support.esco_dump import WITHDRAWN, write_dump

TABLES = folder("demonstration") / "v1.0.0"
# What says where the release is from, and the graph of ESCO as read with what counts it.
_OF_THE_SOURCE = (
    "RELEASE-NOTES", "manifest.json", "-catalogue.", "-pillar.", "validation.", "-statistics.",
    "reference-metadata.", "sdmx/metadata.xml",
)  # fmt: skip


def made(source: Path, out: Path) -> Outcome:
    return make_release(
        Request(paths=(source,), out=out, config=TABLES / "release.toml", esco_version="1.0.0", use_cache=False)
    )


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    top = tmp_path_factory.mktemp("forms")
    dump = write_dump(TABLES, top / "esco.ttl", seed=11)
    return made(TABLES, top / "tables").folder, made(dump, top / "dump").folder


def contents(release: Path) -> dict[str, bytes]:
    return {p.relative_to(release).as_posix(): p.read_bytes() for p in sorted(release.rglob("*")) if p.is_file()}


def test_clusters_and_statistics_are_the_same_bytes(both: tuple[Path, Path]) -> None:
    tables, dump = map(contents, both)
    assert tables.keys() == dump.keys()
    differing = [name for name in tables if tables[name] != dump[name]]
    assert [name for name in differing if not any(part in name for part in _OF_THE_SOURCE)] == []
    same = [name for name in tables if name not in differing]
    assert "esco-kg-1.0.0-clusters.ttl" in same and sum(name.startswith("statistics/") for name in same) > 20


def test_the_figures_of_the_cubes_are_the_same_and_their_sources_differ(both: tuple[Path, Path]) -> None:
    one, other = (
        set(gzip.decompress((release / "esco-kg-1.0.0-statistics.nt.gz").read_bytes()).decode().split("\n"))
        for release in both
    )
    told = {line.split(" ")[1].rsplit("/", 1)[-1] for line in one ^ other}
    assert told == {"prov#wasDerivedFrom>", "model#rdfc10>", "void#triples>"} & told and len(one & other) > 10_000


def test_the_graph_of_esco_differs_by_withdrawn_concepts_alone(both: tuple[Path, Path]) -> None:
    graphs = [
        set(gzip.decompress((release / "esco-kg-1.0.0-pillar.nt.gz").read_bytes()).decode().split("\n"))
        for release in both
    ]
    only_in_tables, only_in_dump = graphs[0] - graphs[1], graphs[1] - graphs[0]
    assert only_in_tables == set()
    subjects = {line.split(" ")[0] for line in only_in_dump}
    assert len(subjects) == WITHDRAWN
    assert {line.split(" ")[1].rsplit("/", 1)[-1] for line in only_in_dump} == {
        "22-rdf-syntax-ns#type>", "skos-thes#status>", "core#prefLabel>", "isReplacedBy>",
    }  # fmt: skip


def test_the_notes_tell_of_the_dump_and_of_what_was_withdrawn(both: tuple[Path, Path]) -> None:
    notes = (both[1] / "RELEASE-NOTES.md").read_text("utf-8")
    assert "3 concepts that" in notes and "has withdrawn stand in the graph" in notes
    assert "RDF dump esco.ttl:" in notes


def test_an_extract_and_repairs_are_said(tmp_path: Path) -> None:
    place = tmp_path / "v1.0.0"
    place.mkdir()
    for path in TABLES.iterdir():
        place.joinpath(path.name).write_bytes(path.read_bytes())
    groups = place / "skillGroups_en.csv"
    with groups.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    row = next(row for row in rows if row[1].endswith("/isced-f/01"))
    row[rows[0].index("code")] = "1"
    with groups.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    outcome = make_release(
        Request(paths=(place,), out=tmp_path / "out", use_cache=False, extract=True, repair=True, languages=("en",))
    )
    manifest = json.loads((outcome.folder / "manifest.json").read_text("utf-8"))
    assert (manifest["extract"], manifest["repairs"]) == (True, 1)
    notes = (outcome.folder / "RELEASE-NOTES.md").read_text("utf-8")
    assert "The source is an extract" in notes and "1 place of the input was corrected" in notes
    with (outcome.folder / "repairs.csv").open(encoding="utf-8", newline="") as stream:
        (repair,) = csv.DictReader(stream)
    assert (repair["repair"], repair["column"], repair["is"]) == ("code", "code", "01")
