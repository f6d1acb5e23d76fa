"""Documentation that a command can prove: the reference, the start-up time users feel, the words of the README."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from esco_kg.cli import main
from tests.pages import diagrams, readings, validation
from tests.pages.commands import PAGE, commands, text
from tests.support.places import ROOT
from tests.test_tutorials import TUTORIALS


def test_the_command_reference_is_not_stale() -> None:
    assert PAGE.read_text(encoding="utf-8") == text(), "docs/commands.md is stale: run make docs"


def test_every_command_is_shown_in_a_page_for_users() -> None:
    pages = "\n".join(p.read_text(encoding="utf-8") for p in [ROOT / "README.md", *ROOT.glob("docs/*.md")] if p != PAGE)
    assert [name for name in commands() if f"esco-kg {name}" not in pages] == []


def test_the_list_of_rules_is_not_stale() -> None:
    text = validation.PAGE.read_text(encoding="utf-8")
    assert text == validation.page(text), "docs/validation.md is stale: run make docs"


def test_shares_of_wrong_places_are_those_of_the_table() -> None:
    text = readings.PAGE.read_text(encoding="utf-8")
    assert text == readings.page(text), "docs/readings/places.md is stale: run make docs"


def test_drawings_are_not_stale() -> None:
    stale = [path.name for path, text in diagrams.drawings().items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run make docs"


def test_pictures_are_small_and_shown_somewhere_with_words_for_who_cannot_see_them() -> None:
    pages = "\n".join(p.read_text(encoding="utf-8") for p in ROOT.glob("docs/**/*.md"))
    for picture in (ROOT / "docs" / "pictures").iterdir():
        assert picture.stat().st_size < 200_000, picture.name
        assert re.search(rf"!\[[^\]]{{30,}}\]\(pictures/{re.escape(picture.name)}\)", pages), picture.name


def test_what_how_it_works_says_of_quality_is_the_verdict_of_the_study() -> None:
    """``esco-kg evaluate`` writes the verdicts; the page for policy readers says them in a word."""
    verdicts = (ROOT / "docs" / "clusters.md").read_text(encoding="utf-8").partition("## Verdicts")[2]
    study = dict(re.findall(r"^- ([a-z ]+): (better|equal|worse) ", verdicts, re.MULTILINE))
    told = (ROOT / "docs" / "how-it-works.md").read_text(encoding="utf-8")
    assert dict(re.findall(r"\(\*([a-z ]+)\*\) \| (\w+) \|", told)) == study


def test_the_readme_says_what_the_benchmark_of_a_real_release_measured() -> None:
    """``make bench`` writes the page; the README may differ from it by a fifth."""
    steps, _, _ = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8").partition("## Growth")
    seconds = sum(float(wall) for wall in re.findall(r"^\| [^*|]+ \| [\d.]+ \| ([\d.]+) \|", steps, re.MULTILINE))
    (megabytes,) = re.findall(r"\*\*(\d+)\*\* \|$", steps, re.MULTILINE)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    said = re.search(r"with the real ESCO \| about (\d+) seconds, with (\d+) GB of memory", readme)
    assert said, "the README states time and memory"
    assert int(said[1]) == pytest.approx(seconds, rel=0.2)
    assert int(said[2]) * 1000 == pytest.approx(int(megabytes), rel=0.2)


# Page with commands or programs in a block -> the test that does them.
DONE_BY = {
    "README.md": "test_docs.py",
    "docs/analysts.md": "statistics/test_analysts_page.py",
    "docs/evaluation.md": "test_docs.py",
    "docs/library.md": "test_library.py",
    "docs/method.md": "release/test_method.py",
    "docs/offices.md": "statistics/test_offices_page.py",
    "docs/own-clusters.md": "release/test_own_clusters.py",
    "docs/queries.md": "store/test_examples.py",
    "docs/stores.md": "store/test_fuseki.py",
    "docs/testing.md": "test_docs.py",
    "docs/tutorial.md": "test_tutorials.py",
    "docs/tutorial-analysts.md": "test_tutorials.py",
    "docs/validation.md": "test_docs.py",
    "docs/vocabularies.md": "validation/test_recipe.py",
}
# Pages of which not every block is done: calls of make with the real ESCO, servers in the foreground, hours of fuzzing,
# a series of the reader's own.
NOT_YET = {"docs/publish.md", "docs/security.md", "docs/versions.md", "docs/web.md"}


def test_each_page_with_commands_has_a_test_that_does_them() -> None:
    pages = {"README.md": ROOT / "README.md", **{f"docs/{p.name}": p for p in ROOT.glob("docs/*.md")}}
    block = re.compile(r"^```(sh|bash|console|python|r)$", re.MULTILINE | re.IGNORECASE)
    shown = {name for name, page in pages.items() if block.search(page.read_text(encoding="utf-8"))}
    assert sorted(shown - NOT_YET - set(DONE_BY)) == []
    for name, test in DONE_BY.items():
        text = (ROOT / "tests" / test).read_text(encoding="utf-8")
        assert Path(name).name in text or test == "test_docs.py", f"{test} does not read {name}"


def test_the_program_of_the_page_for_testers_runs_in_a_clean_home(demonstration: Path, tmp_path: Path) -> None:
    shutil.copytree(demonstration, tmp_path / "releases" / "demonstration" / "1.0.0")
    page = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    environment = {"HOME": str(tmp_path), "PATH": os.defpath, "LANG": "C.UTF-8"}
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120
    )
    assert found.returncode == 0, found.stderr
    assert "shape: (3, 4)" in found.stdout, "the demonstration has three further skills for a welder"


def test_links_between_pages_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_help_loads_nothing_heavy() -> None:
    """What makes a command slow to start is imports; the time itself is in make bench."""
    code = "import sys; from esco_kg.cli import main; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "rdflib", "pyoxigraph", "sklearn", "scipy", "jinja2", "shacl"} & set(loaded)


def shown_commands() -> list[tuple[str, str, str]]:
    """Page, command and what the page shows of its output, of every command in a ``console`` block that shows any.

    Those of the tutorials follow on each other: tests/test_tutorials.py runs them.
    """
    found = []
    tutorials = {ROOT / "docs" / name for name in TUTORIALS}
    for page in [ROOT / "README.md", *sorted({*ROOT.glob("docs/*.md")} - tutorials)]:
        for block in re.findall(r"^```console\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, output = part.partition("\n")
                if output.strip() and "…" not in command:  # a command cut short is proved elsewhere
                    found.append((page.name, command, output))
    return found


@pytest.mark.parametrize(("page", "command", "output"), shown_commands())
def test_commands_in_pages_print_what_the_pages_show(
    page: str, command: str, output: str, demonstration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run where the demonstration was released; ``...`` on a page stands for anything."""
    shutil.copytree(demonstration.parent.parent, tmp_path / "releases")
    monkeypatch.chdir(tmp_path)
    program, *arguments = shlex.split(command)
    assert program == "esco-kg", page
    found = CliRunner().invoke(main, arguments)
    pattern = ".*".join(re.escape(part) for part in output.split("..."))
    assert re.fullmatch(pattern, found.output, re.DOTALL), f"{page}: {command} prints\n{found.output}"
