"""CSVW metadata: an independent processor in minimal mode makes of the CSV files the RDF that the release publishes.

The processor is the package csvw, which answers in JSON; languages and types are compared with the metadata itself.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import rdflib
from csvw import CSVW
from rdflib import QB, RDF, Literal, URIRef

from esco_kg.rdf.namespaces import DCT, PREFIXES

Fact = tuple[str, str, str | float]
NAMESPACES = {**PREFIXES, "dc": DCT}


def expanded(name: str) -> str:
    prefix, _, local = name.partition(":")
    return NAMESPACES[prefix] + local if prefix in NAMESPACES else name


def facts(rows: list[dict[str, Any]]) -> set[Fact]:
    """The processor's answer as (subject, property, value)."""
    found = set()
    for row in rows:
        for name, value in row.items():
            if name != "@id":
                for one in value if isinstance(value, list) else [value]:
                    is_type = name == "rdf:type"
                    plain = expanded(one) if is_type else one
                    found.add((row["@id"], expanded(name), float(plain) if isinstance(plain, int | float) else plain))
    return found


def of_graph(graph: rdflib.Graph) -> set[Fact]:
    found = set()
    for s, p, o in graph:
        number = isinstance(o, Literal) and o.datatype and o.datatype.endswith(("#integer", "#decimal"))
        found.add((str(s), str(p), float(o) if number else str(o)))
    return found


def graph_of(release: Path, name: str) -> rdflib.Graph:
    return rdflib.Graph().parse(next(release.glob(f"*-{name}.ttl")), format="turtle")


@pytest.fixture(scope="module")
def tables(demonstration: Path) -> dict[str, dict[str, Any]]:
    """File, from the release's folder -> its table description."""
    found = {}
    for folder in ("", "statistics/"):
        group = json.loads((demonstration / folder / "csv-metadata.json").read_text(encoding="utf-8"))
        found |= {folder + table["url"]: table for table in group["tables"]}
    return found


def test_every_csv_file_is_described(demonstration: Path, tables: dict[str, dict[str, Any]]) -> None:
    paths = {path.relative_to(demonstration).as_posix() for path in demonstration.rglob("*.csv")}
    assert set(tables) == {path for path in paths if not path.startswith("sdmx/")}
    for name, table in tables.items():
        with (demonstration / name).open(encoding="utf-8", newline="") as stream:
            head = next(csv.reader(stream))
        columns = [column for column in table["tableSchema"]["columns"] if not column.get("virtual")]
        assert [column["titles"] for column in columns] == head
        assert all(column["dc:description"] for column in columns)


@pytest.mark.parametrize("folder", ["", "statistics"])
def test_the_metadata_are_valid(demonstration: Path, folder: str) -> None:
    found = CSVW(demonstration / folder / "csv-metadata.json", validate=True)
    assert found.is_valid and not found.warnings


def test_statistics_become_exactly_the_observations(demonstration: Path) -> None:
    """Those of the sector profiles stand in the graph of the clusters."""
    graph = graph_of(demonstration, "statistics") + graph_of(demonstration, "clusters")
    release = str(
        next(graph.subjects(QB.structure, URIRef("https://example.org/esco-kg-demonstration/structure/clusters")))
    )
    start = (release.removesuffix("clusters"), release.removesuffix("statistics/clusters") + "sector-profile/")
    observations = {s for s in graph.subjects(RDF.type, QB.Observation) if str(s).startswith(start)}
    ours = {fact for fact in of_graph(graph) if URIRef(fact[0]) in observations}
    assert len(observations) > 100
    assert facts(CSVW(demonstration / "statistics" / "csv-metadata.json").to_json(minimal=True)) == ours


def test_tables_of_clusters_become_statements_of_the_clusters_graph(demonstration: Path) -> None:
    ours = of_graph(graph_of(demonstration, "clusters"))
    theirs = facts(CSVW(demonstration / "csv-metadata.json").to_json(minimal=True))
    assert theirs - ours == set()
    # What a table says of one kind of thing it says of all of them.
    kinds: dict[str, set[str]] = defaultdict(set)
    for subject, predicate, value in theirs:
        if predicate == str(RDF.type):
            kinds[str(value)].add(subject)
    assert {kind.rsplit("#", 1)[-1] for kind in kinds} == {
        "Concept", "ConceptAssociation", "ClusterRelation", "Observation",
    }  # fmt: skip
    for subjects in kinds.values():
        said = {predicate for subject, predicate, _ in theirs if subject in subjects}
        assert {f for f in ours if f[0] in subjects and f[1] in said} <= theirs


def test_types_and_languages_are_those_of_the_graph(demonstration: Path, tables: dict[str, dict[str, Any]]) -> None:
    """JSON has neither: the metadata's datatype and language are held against a literal of the graph."""
    graphs = {"": graph_of(demonstration, "clusters"), "statistics": graph_of(demonstration, "statistics")}
    for name, table in tables.items():
        graph = graphs["statistics" if "/" in name else ""]
        for column in table["tableSchema"]["columns"]:
            if "propertyUrl" not in column or "valueUrl" in column:
                continue
            literals = set(graph.objects(None, URIRef(expanded(column["propertyUrl"]))))
            if "lang" in column:
                assert column["lang"] in {literal.language for literal in literals}
            else:
                kinds = {(literal.datatype or rdflib.XSD.string).rsplit("#", 1)[-1] for literal in literals}
                assert not literals or kinds == {column["datatype"]}, column
