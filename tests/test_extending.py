"""A shape, check, measure, saved query, language and form of output are added by one file and at most one line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.places import ROOT

SHAPE = """\
@prefix dct: <http://purl.org/dc/terms/> .
@prefix rule: <shapes/house#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

rule:short-label a sh:NodeShape ;
    sh:name "labels are short"@en ;
    sh:message "A label is longer than twelve characters: shorten it."@en ;
    sh:severity sh:Warning ;
    dct:source "our house style" ;
    sh:targetSubjectsOf skos:prefLabel ;
    sh:property [ sh:path skos:prefLabel ; sh:maxLength 12 ] .
"""
CHECK = """\
# Problem: A concept has a notation and no label.
# Solution: Give it a label.
# Source: our house style
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?entity (skos:notation AS ?property) (?code AS ?value) WHERE {
  ?entity skos:notation ?code . FILTER NOT EXISTS { ?entity skos:prefLabel ?label }
}
"""
MEASURE = """\
# Question: Is there a cluster c00001?
# Columns:
#   notations:integer  1 where there is one
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT (COUNT(DISTINCT ?code) AS ?notations) WHERE { ?concept skos:notation ?code FILTER(STR(?code) = "c00001") }
"""
QUERY = """\
# Question: Which notations are there?
# Asked by: a reader of this test
# Columns:
#   code:string  the notation
# Sample: no parameters
#   code
#   c00001
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?code WHERE { ?concept skos:notation ?code } ORDER BY ?code
"""
FORM = '''\
"""Tables as lines of words."""


def words(tables):
    return "".join(f"{table.name} has {len(table.rows)} rows\\n" for table in tables)
'''
DATA = """\
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix : <https://example.org/> .
:scheme a skos:ConceptScheme ; skos:prefLabel "Colours"@en ; skos:hasTopConcept :red , :none .
:red a skos:Concept ; skos:prefLabel "a red of great warmth"@en ; skos:topConceptOf :scheme ; skos:inScheme :scheme .
:none a skos:Concept ; skos:notation "0" ; skos:topConceptOf :scheme ; skos:inScheme :scheme .
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A scratch copy of what the program is made of."""
    for name in ("esco_kg", "shapes", "queries", "templates", "curation"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "data.ttl").write_text(DATA, encoding="utf-8")
    return tmp_path


def esco_kg(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(copy), "COLUMNS": "120"}
    command = [sys.executable, "-P", "-m", "esco_kg", *arguments]
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, timeout=120)


def list_rule(copy: Path, rule: str) -> None:
    """The one line that a rule needs beside its file."""
    with (copy / "queries" / "profile.tsv").open("a", encoding="utf-8") as stream:
        stream.write(f"{rule}\tany\twarning\n")


def test_a_shape_is_one_file_and_one_line(copy: Path) -> None:
    (copy / "shapes" / "house.ttl").write_text(SHAPE, encoding="utf-8")
    list_rule(copy, "house:short-label")
    done = esco_kg(copy, "check", "data.ttl")
    assert "A label is longer than twelve characters: shorten it." in done.stdout, done.stdout + done.stderr


def test_a_check_is_one_file_and_one_line(copy: Path) -> None:
    (copy / "queries" / "vocabulary" / "house-label.rq").write_text(CHECK, encoding="utf-8")
    list_rule(copy, "house:label")
    done = esco_kg(copy, "check", "data.ttl")
    assert "A concept has a notation and no label. Give it a label." in done.stdout, done.stdout + done.stderr


def test_a_measure_is_one_file(copy: Path, demonstration: Path) -> None:
    (copy / "queries" / "measures" / "notations.rq").write_text(MEASURE, encoding="utf-8")
    done = esco_kg(copy, "measure", str(demonstration), "--name", "notations", "--format", "csv")
    assert done.stdout == "notations\n1\n", done.stderr


def test_a_saved_query_is_one_file(copy: Path) -> None:
    (copy / "queries" / "cookbook" / "notations.rq").write_text(QUERY, encoding="utf-8")
    done = esco_kg(copy, "query")
    assert "notations                  Which notations are there?" in done.stdout.split("\n"), done.stderr


def test_a_language_of_the_pages_is_one_file(copy: Path) -> None:
    words = copy / "templates" / "words"
    english = (words / "en.toml").read_text(encoding="utf-8")
    translated = english.replace('n_skills = { one = "', 'n_skills = { one = "en ', 1)
    assert translated != english
    (words / "lb.toml").write_text(translated, encoding="utf-8")
    code = "from esco_kg.web.pages.words import words; print(words('lb').skills(1), words('lb').skills(2), sep='|')"
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "en 1 skill|2 skills\n", done.stderr


def test_a_form_of_output_is_one_file_and_one_line(copy: Path, demonstration: Path) -> None:
    (copy / "esco_kg" / "cli" / "words.py").write_text(FORM, encoding="utf-8")
    registry = copy / "esco_kg" / "cli" / "tables.py"
    line = "from esco_kg.cli.words import words\n\nFORMS['words'] = words\n"
    registry.write_text(registry.read_text(encoding="utf-8") + line, encoding="utf-8")
    (copy / "queries" / "measures" / "notations.rq").write_text(MEASURE, encoding="utf-8")
    done = esco_kg(copy, "measure", str(demonstration), "--name", "notations", "--format", "words")
    assert done.stdout == "notations has 1 rows\n", done.stderr


def test_a_check_of_releases_is_none_of_files_of_anyone(copy: Path) -> None:
    (copy / "queries" / "checks" / "house-label.rq").write_text(CHECK, encoding="utf-8")
    list_rule(copy, "house:label")
    done = esco_kg(copy, "check", "data.ttl")
    assert "error: profile.tsv: house:label is listed for any, and never run there\n" in done.stderr
    assert done.returncode == 3


@pytest.mark.parametrize(
    ("file", "text", "said", "arguments"),
    [
        (
            "shapes/house.ttl",
            SHAPE,
            "error: profile.tsv: the rule house:short-label is listed for no graph, so that nothing is checked\n"
            "hint: Add a line to queries/profile.tsv: house:short-label, a graph such as clusters, "
            "a severity, tabs between.",
            ("check", "data.ttl"),
        ),
        (
            "queries/checks/house-label.rq",
            CHECK,
            "error: profile.tsv: the rule house:label is listed for no graph, so that nothing is checked\n"
            "hint: Add a line to queries/profile.tsv: house:label, a graph such as clusters, "
            "a severity, tabs between.",
            ("check", "data.ttl"),
        ),
        (
            "queries/checks/house-label.sparql",
            CHECK,
            "error: queries/checks/house-label.sparql: this file is used by nothing\nhint: Its name must end in .rq.",
            ("check", "data.ttl"),
        ),
        (
            "queries/notations.rq",
            QUERY,
            "error: queries/notations.rq: this file is used by nothing\nhint: Move it to queries/cookbook or the like.",
            ("query",),
        ),
        (
            "shapes/house.shacl",
            SHAPE,
            "error: shapes/house.shacl: this file is used by nothing\nhint: Its name must end in .ttl.",
            ("check", "data.ttl"),
        ),
        *(
            (
                f"{name}/house.txt",
                "",
                f"error: {name}/house.txt: this file is used by nothing\nhint: Its name must end in {ending}.",
                ("check", "data.ttl"),
            )
            for name, ending in (("queries/vocabulary", ".rq"), ("queries/profiles", ".tsv"))
        ),
    ],
)
def test_a_file_that_nothing_uses_is_an_error(
    file: str, text: str, said: str, arguments: tuple[str, ...], copy: Path
) -> None:
    (copy / file).write_text(text, encoding="utf-8")
    done = esco_kg(copy, *arguments)
    assert (done.stderr.strip(), done.returncode) == (said, 3)
