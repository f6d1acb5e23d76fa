"""The SHACL test suite of the W3C, which the source package of pySHACL brings: every case with either engine."""

from __future__ import annotations

import logging
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from rdflib import RDF, Namespace

from esco_kg.errors import EscoKgError
from esco_kg.store.local import cache_folder
from esco_kg.validation import check_files
from esco_kg.validation.standard_report import standard_report

SH = Namespace("http://www.w3.org/ns/shacl#")
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
VERSION, CASES = "0.40.1", 121
# What each engine gets wrong itself. docs/vocabularies.md lists them.
FAULTS = {
    "shacl": {"sparql/pre-binding/unsupported-sparql-004"},
    "pyshacl": {
        "core/property/uniqueLang-002",
        "sparql/node/prefixes-001",
        "sparql/pre-binding/pre-binding-005",
        "sparql/pre-binding/shapesGraph-001",
    },
}


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the suite, fetched once."""
    kept = cache_folder() / "tests" / f"pyshacl-{VERSION}.tar.gz"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        options = ["--no-deps", "--no-binary", "pyshacl", "--dest", str(kept.parent)]
        line = [sys.executable, "-m", "pip", "download", "--quiet", *options, f"pyshacl=={VERSION}"]
        if subprocess.run(line, capture_output=True, timeout=300, check=False).returncode:
            pytest.skip(f"the source package of pySHACL {VERSION} cannot be had from the package registry")
    place = tmp_path_factory.mktemp("suite")
    with tarfile.open(kept) as packed:
        packed.extractall(place, filter="data")
    return place / f"pyshacl-{VERSION}" / "test" / "resources" / "sht_tests"


def cases(suite: Path) -> Iterator[tuple[str, Path, Path, rdflib.Graph, rdflib.term.Node]]:
    """Name, data, shapes, and the graph with the node of the report that must come out."""
    for path in sorted(suite.rglob("*.ttl")):
        graph = rdflib.Graph().parse(path, publicID=path.as_uri())
        for case in graph.subjects(RDF.type, SHT.Validate):
            action = graph.value(case, MF.action)
            data, shapes = (
                Path(str(graph.value(action, given)).removeprefix("file://"))
                for given in (SHT.dataGraph, SHT.shapesGraph)
            )
            expected = graph.value(case, MF.result)
            assert expected is not None
            yield path.relative_to(suite).with_suffix("").as_posix(), data, shapes, graph, expected


def results(graph: rdflib.Graph, report: rdflib.term.Node | None) -> Counter[tuple[str, ...]]:
    """How often each result stands in a report; blank nodes by what they say."""
    asked = (SH.focusNode, SH.resultPath, SH.value, SH.sourceConstraintComponent, SH.resultSeverity)
    return Counter(
        tuple(shown(graph, graph.value(result, term)) for term in asked) for result in graph.objects(report, SH.result)
    )


def shown(graph: rdflib.Graph, node: object) -> str:
    if isinstance(node, rdflib.BNode):
        return str(
            sorted((str(p), shown(graph, o)) for p, o in graph.predicate_objects(node) if p.startswith((SH, RDF)))
        )
    return "" if node is None else node.n3()  # type: ignore[attr-defined,no-any-return]


def is_right(engine: str, data: Path, shapes: Path, graph: rdflib.Graph, expected: rdflib.term.Node) -> bool:
    try:
        outcome = check_files([data], shapes=[shapes], engine=engine)
    except EscoKgError:
        return expected == SHT.Failure
    if expected == SHT.Failure:
        return False
    ours = rdflib.Graph().parse(data=standard_report(outcome), publicID=data.as_uri())
    return results(ours, ours.value(None, RDF.type, SH.ValidationReport)) == results(graph, expected)


@pytest.mark.parametrize("engine", FAULTS)
def test_every_case_comes_out_but_for_the_faults_of_the_engine(suite: Path, engine: str) -> None:
    """Ten results of the suite lacked their path or their severity, and another error of pySHACL's was a traceback."""
    logging.disable(logging.CRITICAL)  # rdflib tells of each literal that is none, of which the suite has many
    try:
        found = {name: is_right(engine, *case) for name, *case in cases(suite)}
    finally:
        logging.disable(logging.NOTSET)
    assert len(found) == CASES
    assert {name for name, right in found.items() if not right} == FAULTS[engine]
