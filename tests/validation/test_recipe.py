"""The recipe of docs/vocabularies.md, tried on three vocabularies that have nothing to do with ESCO."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from esco_kg.cli import main
from tests.support.places import ROOT

PREFIX = """@prefix : <https://vocabularies.example.org/{name}/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
"""
# A thesaurus of rocks, a flat code list of street furniture, a classification of musical instruments.
ROCKS = """: a skos:ConceptScheme ; dct:title "Rocks"@en , "Gesteine"@de ; skos:hasTopConcept :rock .
:rock a skos:Concept ; skos:inScheme : ; skos:topConceptOf : ; skos:prefLabel "rock"@en , "Gestein"@de .
:granite a skos:Concept ; skos:inScheme : ; skos:broader :rock ; skos:prefLabel "granite"@en , "Granit"@de .
:basalt a skos:Concept ; skos:inScheme : ; skos:broader :rock ; skos:prefLabel "basalt"@en , "Basalt"@de .
:rock skos:narrower :granite , :basalt .
"""
STREET = """: a skos:ConceptScheme ; skos:prefLabel "Street furniture"@en .
:b a skos:Concept ; skos:inScheme : ; skos:notation "B" ; skos:prefLabel "bench"@en .
:l a skos:Concept ; skos:inScheme : ; skos:notation "L" ; skos:prefLabel "lamp"@en .
"""
MUSIC = """: a skos:ConceptScheme ; skos:prefLabel "Instruments"@en ; skos:hasTopConcept :3 .
:3 a skos:Concept ; skos:inScheme : ; skos:topConceptOf : ; skos:notation "3" ; skos:prefLabel "string"@en .
:31 a skos:Concept ; skos:inScheme : ; skos:broader :3 ; skos:notation "31" ; skos:prefLabel "string"@en .
:3 skos:narrower :31 .
"""
# Name -> (vocabulary, profile, what an editor gets wrong, the rule that tells it, what is rightly added, its word).
VOCABULARIES = {
    "rocks": (
        ROCKS, "skos", ':basalt skos:prefLabel "Basaltgestein"@de .', "skos:S14",
        ':basalt skos:prefLabel "bazalt"@pl .', "concept translated",
    ),
    "street": (
        STREET, "statistical", ':x a skos:Concept ; skos:inScheme : ; skos:notation "B" ; skos:prefLabel "bin"@en .',
        "skos:notation-scheme", ":l owl:deprecated true .", "concept deprecated",
    ),
    "music": (
        MUSIC, "skos", ":31 skos:related :3 .", "skos:S27",
        ':4 a skos:Concept ; skos:inScheme : ; skos:broader :31 ; skos:prefLabel "lute"@en . :31 skos:narrower :4 .',
        "concept added",
    ),
}  # fmt: skip


def commands() -> list[list[str]]:
    """The commands of the recipe, as the page has them."""
    found = re.findall(r"(?:run: |^ +)esco-kg (.*)$", recipe(), re.MULTILINE)
    return [shlex.split(re.split(" [>|] ", line)[0]) for line in found]


def recipe() -> str:
    page = (ROOT / "docs" / "vocabularies.md").read_text(encoding="utf-8")
    return page.partition("```yaml")[2].partition("```")[0]


def test_the_first_commit_does_not_stop_the_build(tmp_path: Path) -> None:
    step = recipe().partition("run: |\n")[2].partition("      - if:")[0]
    (tmp_path / "vocabulary.ttl").write_text(PREFIX.format(name="rocks") + ROCKS, encoding="utf-8")
    who = ["-c", "user.name=n", "-c", "user.email=n@example.org"]
    for arguments in (["init", "-q"], ["add", "."], [*who, "commit", "-qm", "first"]):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True)
    assert "HEAD~1" in step
    subprocess.run(["bash", "-e", "-c", step], cwd=tmp_path, check=True)


def test_what_people_read_and_the_report_are_kept() -> None:
    assert "| tee check.txt" in recipe() and "shell: bash" in recipe()
    kept = recipe().partition("path: |\n")[2].split()
    assert kept == ["check.txt", "report.ttl", "changes.txt"]


@pytest.mark.parametrize("name", VOCABULARIES)
def test_the_recipe_passes_what_is_right_and_stops_what_is_wrong(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, profile, wrong, rule, right, word = VOCABULARIES[name]
    monkeypatch.chdir(tmp_path)
    check, diff = commands()
    check = [profile if argument == "skos" else argument for argument in check]
    for added, status in ((right, 0), (wrong, 1)):
        Path("before.ttl").write_text(PREFIX.format(name=name) + text, encoding="utf-8")
        Path("vocabulary.ttl").write_text(PREFIX.format(name=name) + text + added, encoding="utf-8")
        found = CliRunner().invoke(main, check)
        assert found.exit_code == status, found.output
        assert (f"VIOLATION {rule} " in found.output) == bool(status), found.output
        assert "sh:ValidationReport" in Path("report.ttl").read_text(encoding="utf-8")
        told = CliRunner().invoke(main, diff)
        assert told.exit_code == 0 and (word in told.output or status == 1), told.output
