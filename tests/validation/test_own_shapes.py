"""Shapes of anyone: every result with its own message, path, severity and count, the same by either engine."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from esco_kg.cli import main
from esco_kg.validation import ENGINES, check_files

HEAD = "@prefix : <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
DATA = HEAD + ":x :p 4 , 5 ; :q 1 , 2 . :y :p 1 ; :q 2 ."
SHAPES = (
    HEAD
    + """:S a sh:NodeShape ; sh:targetNode :x , :y ;
  sh:property [ sh:path :p ; sh:lessThan :q ; sh:message "p comes before q" ] ,
    [ sh:path ( :a :b ) ; sh:minCount 1 ; sh:severity sh:Warning ; sh:message "a way to b" ] ,
    [ sh:path :q ; sh:maxCount 1 ; sh:message "one q" ] ;
  sh:sparql [ sh:message "p is {?value}" ; sh:select
    "SELECT $this ?value WHERE { $this <http://example.org/p> ?value . FILTER(?value > 4) }" ] .
"""
)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "data.ttl").write_text(DATA)
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    return tmp_path / "data.ttl", tmp_path / "shapes.ttl"


@pytest.mark.parametrize("engine", ENGINES)
def test_every_constraint_says_its_own(files: tuple[Path, Path], engine: str) -> None:
    found = check_files([files[0]], shapes=[files[1]], engine=engine).findings
    told = sorted((f.severity, f.focus[-2], f.value.partition("^")[0], f.message) for f in found)
    assert told == [
        ("violation", "x", "", "one q"),
        ("violation", "x", '"4"', "p comes before q"),
        ("violation", "x", '"4"', "p comes before q"),
        ("violation", "x", '"5"', "p comes before q"),
        ("violation", "x", '"5"', "p comes before q"),
        ("violation", "x", '"5"', "p is 5"),
        ("warning", "x", "", "a way to b"),
        ("warning", "y", "", "a way to b"),
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_report_has_result_for_result(files: tuple[Path, Path], engine: str, tmp_path: Path) -> None:
    import rdflib

    report = tmp_path / "report.ttl"
    arguments = ["check", str(files[0]), "--shapes", str(files[1]), "--engine", engine, "--report", str(report)]
    assert CliRunner().invoke(main, arguments).exit_code == 1
    graph, sh = rdflib.Graph().parse(report), rdflib.Namespace("http://www.w3.org/ns/shacl#")
    assert len(set(graph.subjects(rdflib.RDF.type, sh.ValidationResult))) == 8
    paths = {graph.value(result, sh.resultPath) for result in graph.objects(None, sh.result)}
    sequences = [path for path in paths if isinstance(path, rdflib.BNode)]
    assert len(sequences) == 2
    for sequence in sequences:
        assert [str(step) for step in graph.items(sequence)] == ["http://example.org/a", "http://example.org/b"]


PLACES = (
    HEAD
    + """:N a sh:NodeShape ; sh:targetNode :y ; sh:closed true ; sh:ignoredProperties ( :q ) ; sh:severity :Grave .
:M a sh:NodeShape ; sh:targetNode :x ; sh:sparql [ sh:message "q" ; sh:select
    "SELECT $this ?path ?value WHERE { BIND(<http://example.org/q> AS ?path) $this ?path ?value }" ] .
"""
)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_result_has_the_property_and_the_severity_that_the_engine_tells(tmp_path: Path, engine: str) -> None:
    """Both were lost where the shape itself has no path, or a severity of its author's own."""
    import rdflib

    (tmp_path / "data.ttl").write_text(DATA)
    (tmp_path / "shapes.ttl").write_text(PLACES)
    report = tmp_path / "report.ttl"
    arguments = ["check", str(tmp_path / "data.ttl"), "--shapes", str(tmp_path / "shapes.ttl"), "--engine", engine]
    found = CliRunner().invoke(main, [*arguments, "--report", str(report)])
    assert found.exit_code == 1 and "<http://example.org/y>  <http://example.org/p>" in found.output, found.output
    graph, sh = rdflib.Graph().parse(report), rdflib.Namespace("http://www.w3.org/ns/shacl#")
    asked = (sh.focusNode, sh.resultPath, sh.value, sh.resultSeverity)
    told = {
        tuple(str(graph.value(result, term)).replace("#", "/").rpartition("/")[2] for term in asked)
        for result in graph.objects(None, sh.result)
    }
    assert told == {("y", "p", "1", "Grave"), ("x", "q", "1", "Violation"), ("x", "q", "2", "Violation")}


def test_background_without_shapes_is_wrong_use(files: tuple[Path, Path]) -> None:
    found = CliRunner().invoke(main, ["check", str(files[0]), "--background", str(files[1])])
    assert found.exit_code == 2 and "--background is for --shapes alone" in found.output


CONSTRAINTS = (
    HEAD
    + """:S a sh:NodeShape ; sh:targetNode :x , :y ;
  sh:property [ sh:path :label ; sh:minCount 1 ; sh:message "ein Etikett bitte"@de , "one label, please"@en ] ,
    [ sh:path :q ; sh:minCount 3 ] ;
  sh:sparql [ sh:message "p ist {?value}"@de ; sh:select
    "SELECT $this ?value WHERE { $this <http://example.org/p> ?value . FILTER(?value > 4) }" ] .
"""
)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_constraint_has_its_block_and_its_message(tmp_path: Path, engine: str) -> None:
    """One block had the messages of all constraints, then places, and an empty line where the author gave none."""
    import rdflib

    (tmp_path / "data.ttl").write_text(DATA)
    (tmp_path / "shapes.ttl").write_text(CONSTRAINTS)
    report = tmp_path / "report.ttl"
    arguments = ["check", str(tmp_path / "data.ttl"), "--shapes", str(tmp_path / "shapes.ttl"), "--engine", engine]
    blocks = CliRunner().invoke(main, [*arguments, "--report", str(report)]).output.split("\n\n")[1:]
    assert [block.split("\n")[0].partition(", ")[2] for block in blocks] == [
        "1 place [SPARQLConstraintComponent]",
        "2 places [<http://example.org/label> MinCountConstraintComponent]",
        "2 places [<http://example.org/q> MinCountConstraintComponent]",
    ]
    assert "\n  ein Etikett bitte / one label, please\n" in blocks[1]
    assert "MinCountConstraintComponent" in blocks[2].split("\n")[1]
    graph, sh = rdflib.Graph().parse(report), rdflib.Namespace("http://www.w3.org/ns/shacl#")
    said = {(text.language, str(text)) for text in graph.objects(None, sh.resultMessage)}
    assert {("de", "ein Etikett bitte"), ("en", "one label, please"), ("de", "p ist 5")} <= said
    others = {text for language, text in said if not language}
    assert others and all(("Less than 3" in text) == (engine == "pyshacl") for text in others)


def test_a_profile_that_nobody_has_is_named_with_those_there_are(files: tuple[Path, Path]) -> None:
    found = CliRunner().invoke(main, ["check", str(files[0]), "--profile", "skoss"])
    assert found.exit_code == 2 and "there is no profile 'skoss'" in found.output and "skosmos" in found.output
