"""``esco-kg check`` and ``esco-kg measure`` as their users meet them."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from esco_kg.cli import main

PREFIX = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix e: <http://example.org/> .\n"
SCHEME = PREFIX + 'e:s a skos:ConceptScheme ; skos:prefLabel "s"@en ; skos:hasTopConcept e:a .\n'
SOUND = SCHEME + 'e:a a skos:Concept ; skos:prefLabel "a"@en ; skos:inScheme e:s ; skos:topConceptOf e:s .\n'
TWO_LABELS = SOUND + 'e:a skos:prefLabel "b"@en .\n'


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "anyone.ttl"


def test_a_sound_scheme_of_anyone_conforms(file: Path) -> None:
    file.write_text(SOUND)
    found = run("check", file)
    assert (found.exit_code, "Found: 0 violations" in found.output) == (0, True), found.output


def test_a_finding_names_rule_clause_place_and_value(file: Path) -> None:
    file.write_text(TWO_LABELS)
    found = run("check", file)
    assert found.exit_code == 1
    for said in ("skos:S14", "SKOS Reference S14", "<http://example.org/a>", "skos:prefLabel", "anyone.ttl"):
        assert said in found.output, said


def test_fail_on_decides_the_exit_status_and_json_says_the_same(file: Path) -> None:
    file.write_text(TWO_LABELS)
    assert run("check", file, "--fail-on", "never").exit_code == 0
    found = run("check", file, "--json")
    report = json.loads(found.output)
    assert (found.exit_code, report["conforms"]) == (1, False)
    assert {r["rule"] for r in report["results"] if r["severity"] == "violation"} == {"skos:S14"}


def test_a_report_is_a_validation_report_that_parses(file: Path, tmp_path: Path) -> None:
    import rdflib

    file.write_text(TWO_LABELS)
    assert run("check", file, "--report", tmp_path / "report.ttl").exit_code == 1
    graph = rdflib.Graph().parse(tmp_path / "report.ttl")
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    assert rdflib.URIRef("http://example.org/a") in set(graph.objects(None, sh.focusNode))


def test_shapes_of_ones_own(file: Path, tmp_path: Path) -> None:
    file.write_text(SOUND)
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        PREFIX + "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "e:Noted a sh:NodeShape ; sh:targetClass skos:Concept ; sh:property e:definition .\n"
        'e:definition a sh:PropertyShape ; sh:path skos:definition ; sh:minCount 1 ; sh:message "Define it."@en .\n'
    )
    found = run("check", file, "--shapes", shapes)
    assert (found.exit_code, "Define it." in found.output) == (1, True), found.output


def test_what_is_no_rdf_is_one_line_and_one_hint(file: Path) -> None:
    file.write_text("<html>please log in</html>")
    found = run("check", file)
    error, hint = found.output.strip().splitlines()
    assert found.exit_code == 3 and "anyone.ttl" in error and hint.startswith("hint: ")


def test_a_file_without_a_triple_is_named(file: Path) -> None:
    file.write_text("")
    found = run("check", file)
    assert (found.exit_code, f"{file}: holds no triple" in found.output) == (3, True), found.output


@pytest.mark.parametrize("ending", [".ttl.gz", ".nt.gz", ".jsonld.gz", ".rdf.GZ"])
def test_a_packed_file_is_checked_like_the_file_in_it(file: Path, ending: str) -> None:
    import rdflib

    form = {".ttl": "turtle", ".nt": "nt", ".jsonld": "json-ld", ".rdf": "xml"}[Path(ending).stem]
    packed = file.with_name(f"anyone{ending}")
    packed.write_bytes(gzip.compress(rdflib.Graph().parse(data=TWO_LABELS).serialize(format=form).encode()))
    found = run("check", packed)
    assert (found.exit_code, "skos:S14" in found.output) == (1, True), found.output


def test_the_packed_graph_of_a_release_gives_what_its_turtle_gives(demonstration: Path) -> None:
    stem = "esco-kg-1.0.0-clusters"
    packed, plain = (run("check", demonstration / f"{stem}{ending}") for ending in (".nt.gz", ".ttl"))
    assert packed.exit_code == 0 and packed.output == plain.output.replace(".ttl", ".nt.gz")


def test_a_packed_file_that_is_cut_or_no_gzip_is_named(file: Path) -> None:
    packed = file.with_suffix(".nt.gz")
    line = b"".join(b"<http://e.org/%d> <http://e.org/p> <http://e.org/o> .\n" % n for n in range(1000))
    for content, said in ((gzip.compress(line)[:-100], "cannot be unpacked"), (line, "Not a gzipped file")):
        packed.write_bytes(content)
        found = run("check", packed)
        assert (found.exit_code, f"{packed}: " in found.output, said in found.output) == (3, True, True), found.output
    unknown = file.with_suffix(".xls.gz")
    unknown.write_bytes(gzip.compress(line))
    assert "unknown kind of RDF file: .xls" in run("check", unknown).output


def test_a_release_is_checked_by_its_own_rules(demonstration: Path, tmp_path: Path) -> None:
    assert run("check", demonstration).exit_code == 0
    spoilt = Path(shutil.copytree(demonstration, tmp_path / "1.0.0"))
    packed = spoilt / "esco-kg-1.0.0-clusters.nt.gz"
    lines = gzip.decompress(packed.read_bytes()).decode().splitlines(keepends=True)
    packed.write_bytes(gzip.compress("".join(line for line in lines if "/model#weight>" not in line).encode()))
    found = run("check", spoilt)
    assert (found.exit_code, "allocation:weight" in found.output) == (1, True), found.output


def test_measures_of_a_release_are_the_published_tables(demonstration: Path, tmp_path: Path) -> None:
    assert run("measure", demonstration, "--out", tmp_path / "tables").exit_code == 0
    published = {p.name: p.read_bytes() for p in (demonstration / "statistics").glob("*.csv")}
    assert {p.name: p.read_bytes() for p in (tmp_path / "tables").iterdir()} == published
    assert len(published) >= 15


def test_the_same_number_from_a_file_as_a_table_as_csv_and_as_json(demonstration: Path) -> None:
    files = [demonstration / f"esco-kg-1.0.0-{name}.ttl" for name in ("clusters", "pillar")]
    as_csv = run("measure", *files, "--name", "levels", "--format", "csv")
    rows = list(csv.DictReader(as_csv.output.splitlines()))
    as_json = json.loads(run("measure", demonstration, "--name", "levels", "--format", "json").output)["levels"]
    assert [{k: str(v) for k, v in row.items()} for row in as_json] == rows
    table = run("measure", demonstration, "--name", "levels").output
    assert all(row["clusters"] in table for row in rows)


def test_the_list_of_measures_and_wrong_names(
    demonstration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "cluster-sizes" in run("measure", "--list").output
    monkeypatch.chdir(tmp_path)
    assert run("measure").exit_code == 2  # there is no folder of releases
    wrong = run("measure", demonstration, "--name", "no-such")
    assert (wrong.exit_code, "there is no measure 'no-such'" in wrong.output) == (2, True)


def test_graphs_of_one_release_are_checked_together_by_its_rules(demonstration: Path, tmp_path: Path) -> None:
    """ESCO's own defects, republished as they are, are no violations of a release; in a file of anyone they are."""
    graphs = [demonstration / f"esco-kg-1.0.0-{name}.ttl" for name in ("clusters", "pillar")]
    found = run("check", *graphs)
    assert found.exit_code == 0 and "Conforms: yes" in found.output, found.output
    copies = [shutil.copy(path, tmp_path) for path in graphs]
    assert run("check", *copies).exit_code == 1


def test_the_report_of_a_release_says_a_rule_once(demonstration: Path) -> None:
    """The report of ESCO had 17,708 results that each repeated the sentence of their rule."""
    import rdflib

    report = rdflib.Graph().parse(data=gzip.decompress((demonstration / "validation.ttl.gz").read_bytes()))
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    results = list(report.objects(None, sh.result))
    assert len(results) > len(set(report.objects(None, sh.sourceShape))) > 1
    for result in results:
        own, rule = report.value(result, sh.resultMessage), report.value(result, sh.sourceShape)
        message = report.value(rule, sh.message)
        assert message and own != message
    said = [str(text) for text in report.objects(None, sh.message)]
    assert len(said) == len(set(said))
