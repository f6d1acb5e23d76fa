"""The release command as its users meet it: what it publishes, what it refuses, what it leaves alone."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from click.testing import CliRunner, Result

from esco_kg.cli import main
from esco_kg.cli.options import existing_paths
from esco_kg.errors import MissingError
from esco_kg.folder.reading import refuse_in_release
from esco_kg.resources import folder
from tests.support.places import ROOT
from tests.support.two_releases import other_settings

DEMONSTRATION = folder("demonstration") / "v1.0.0"
ESCO_KG = [sys.executable, "-m", "esco_kg"]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


def hashes(top: Path) -> dict[str, str]:
    return {
        str(p.relative_to(top)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(top.rglob("*"))
        if p.is_file()
    }


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the demonstration's tables that a test may spoil."""
    return Path(shutil.copytree(DEMONSTRATION, tmp_path / "esco v1.0.0"))


# --- what is published -----------------------------------------------------------------------------------------------


def test_the_demonstration_is_released_in_a_folder_of_its_own(demonstration: Path) -> None:
    assert demonstration.parts[-2:] == ("demonstration", "1.0.0")
    assert sorted(p.name for p in demonstration.parent.iterdir()) == [
        *("1.0.0", "catalogue.ttl", "changes.ndjson"),
        *("feed.de.xml", "feed.es.xml", "feed.fr.xml", "feed.it.xml", "feed.nl.xml", "feed.pl.xml", "feed.xml"),
        *("history.de.html", "history.es.html", "history.fr.html", "history.html", "history.it.html"),
        *("history.nl.html", "history.pl.html"),
    ]


def test_settings_that_lie_beside_the_tables_are_used(data: Path, tmp_path: Path) -> None:
    found = run("release", data, "--out", tmp_path / "releases", "--quiet")
    assert found.exit_code == 0, found.output
    manifest = json.loads((tmp_path / "releases" / "1.0.0" / "manifest.json").read_text())
    assert manifest["base_iri"] == "https://example.org/esco-kg-demonstration/"
    assert run("inspect", data).exit_code == 0


def test_every_file_stands_in_the_manifest_with_its_hash(demonstration: Path) -> None:
    listed = {f["name"]: f["sha256"] for f in json.loads((demonstration / "manifest.json").read_text())["files"]}
    found = hashes(demonstration)
    found.pop("manifest.json")
    assert listed == found


@pytest.mark.parametrize("graph", ["clusters", "pillar", "codes", "catalogue"])
def test_every_serialisation_holds_the_same_triples(demonstration: Path, graph: str) -> None:
    stem = demonstration / f"esco-kg-1.0.0-{graph}"
    lines = gzip.decompress(Path(f"{stem}.nt.gz").read_bytes()).decode().splitlines()
    manifest = json.loads((demonstration / "manifest.json").read_text())
    assert lines == sorted(set(lines)) and len(lines) == manifest["graphs"][graph]["triples"]

    def canonical(form: ox.RdfFormat, content: bytes) -> list[str]:
        return sorted(f"{q} ." for q in {t.triple for t in ox.parse(content, format=form)})

    expected = canonical(ox.RdfFormat.N_TRIPLES, "\n".join(lines).encode())
    for ending, form in (("ttl", ox.RdfFormat.TURTLE), ("jsonld", ox.RdfFormat.JSON_LD)):
        assert canonical(form, Path(f"{stem}.{ending}").read_bytes()) == expected, ending
    assert canonical(ox.RdfFormat.RDF_XML, gzip.decompress(Path(f"{stem}.rdf.gz").read_bytes())) == expected


def test_an_independent_parser_reads_the_same(demonstration: Path) -> None:
    stem = demonstration / "esco-kg-1.0.0-clusters"
    graphs = [rdflib.Graph().parse(f"{stem}.{ending}") for ending in ("ttl", "jsonld")]
    graphs.append(rdflib.Graph().parse(data=gzip.decompress(Path(f"{stem}.rdf.gz").read_bytes()), format="xml"))
    triples = [set(graph) for graph in graphs]
    assert triples[0] == triples[1] == triples[2] and triples[0]


def test_the_clusters_leave_esco_alone(demonstration: Path) -> None:
    """No triple of the cluster graph has a concept of the pillar as its subject, so no skill gets another broader."""
    clusters = gzip.decompress((demonstration / "esco-kg-1.0.0-clusters.nt.gz").read_bytes()).decode()
    pillar = gzip.decompress((demonstration / "esco-kg-1.0.0-pillar.nt.gz").read_bytes()).decode()
    ours = "<https://example.org/esco-kg-demonstration/"
    assert all(line.startswith(ours) for line in clusters.splitlines())
    broader = " <http://www.w3.org/2004/02/skos/core#broader> "
    assert sum(broader in line for line in pillar.splitlines()) > 300
    assert not any(broader in line and not line.startswith(ours) for line in clusters.splitlines())


def test_no_blank_node_anywhere(demonstration: Path) -> None:
    for path in demonstration.glob("*.nt.gz"):
        lines = gzip.decompress(path.read_bytes()).decode().splitlines()
        assert "_:" not in {part[:2] for line in lines for part in line.split(" ", 3)[:3]}


# --- the same bytes --------------------------------------------------------------------------------------------------


def test_another_hash_seed_locale_folder_and_an_empty_cache_give_the_same_bytes(
    demonstration: Path, tmp_path: Path
) -> None:
    for seed, locale in (("1", "C"), ("77", "C.UTF-8")):
        place = tmp_path / seed
        place.mkdir()
        environment = os.environ | {"PYTHONHASHSEED": seed, "LC_ALL": locale, "XDG_CACHE_HOME": str(place / "cache")}
        subprocess.run([*ESCO_KG, "release", "--quiet"], cwd=place, env=environment, check=True, capture_output=True)
        assert hashes(place / "releases" / "demonstration" / "1.0.0") == hashes(demonstration)


def test_a_rerun_says_that_nothing_changed_and_writes_nothing(tmp_path: Path) -> None:
    first = run("release", "--out", tmp_path / "releases")
    assert first.exit_code == 0, first.output
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "releases").rglob("*")}
    again = run("release", "--out", tmp_path / "releases")
    assert (again.exit_code, "Nothing changed since release 1.0.0" in again.output) == (0, True)
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "releases").rglob("*")} == before


# --- versions --------------------------------------------------------------------------------------------------------


@pytest.fixture
def releases_folder(demonstration: Path, tmp_path: Path) -> Path:
    """A folder of releases that a test may add to."""
    return Path(shutil.copytree(demonstration.parent.parent, tmp_path / "releases"))


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("1.0.0", "release 1.0.0 exists, and something changed"),
        ("0.9.0", "version 0.9.0 is not above 1.0.0"),
        ("1.1", "no version number"),
    ],
)
def test_an_existing_or_lower_version_is_refused(
    releases_folder: Path, tmp_path: Path, version: str, message: str
) -> None:
    before = hashes(releases_folder)
    found = run("release", "--out", releases_folder, "--version", version, "--config", other_settings(tmp_path))
    assert (found.exit_code, message in found.output) == (2, True), found.output
    assert hashes(releases_folder) == before


def test_a_new_text_makes_a_patch_and_leaves_the_old_release_alone(releases_folder: Path, tmp_path: Path) -> None:
    before = hashes(releases_folder / "demonstration" / "1.0.0")
    found = run("release", "--out", releases_folder, "--issued", "2030-01-01", "--config", other_settings(tmp_path))
    assert found.exit_code == 0 and "Release 1.0.1" in found.output, found.output
    assert hashes(releases_folder / "demonstration" / "1.0.0") == before
    manifest = json.loads((releases_folder / "demonstration" / "1.0.1" / "manifest.json").read_text())
    assert (manifest["previous"], manifest["issued"]) == ("1.0.0", "2030-01-01")
    catalogue = (releases_folder / "demonstration" / "catalogue.ttl").read_text()
    assert "release/1.0.0" in catalogue and "release/1.0.1" in catalogue


def test_a_skill_that_is_gone_makes_a_minor_version(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "releases"
    settings = DEMONSTRATION / "release.toml"
    assert run("release", data, "--config", settings, "--out", out).exit_code == 0
    gone = drop_a_skill(data)
    understated = run("release", data, "--config", settings, "--out", out, "--version", "1.0.1")
    assert understated.exit_code == 2 and "1 skill is no longer in ESCO" in understated.output, understated.output
    found = run("release", data, "--config", settings, "--out", out)
    assert found.exit_code == 0 and "Release 1.1.0" in found.output, found.output
    assert gone not in (out / "1.1.0" / "esco-kg-1.1.0-allocations.csv").read_text()


def drop_a_skill(data: Path) -> str:
    """Remove a skill, whose loss moves no other, from every table of a download; returns its IRI."""
    import csv

    with (data / "skills_en.csv").open(encoding="utf-8-sig", newline="") as stream:
        gone = next(
            row["conceptUri"] for row in csv.DictReader(stream) if row["preferredLabel"] == "dispense medicines"
        )
    for path in data.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            head, *rows = list(csv.reader(stream))
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(head)
            writer.writerows(row for row in rows if gone not in row)
    return gone


# --- errors: one line, one hint, the status, and releases/ as it was -------------------------------------------------


def spoil_html(data: Path) -> list[Path]:
    page = data.parent / "ESCO dataset - v1.0.0 - classification - en - csv.zip"
    page.write_text("<!DOCTYPE html><html><body>Please log in</body></html>")
    return [page]


def spoil_truncated(data: Path) -> list[Path]:
    archive = Path(shutil.make_archive(str(data.parent / "ESCO dataset - v1.0.0 - en"), "zip", data))
    archive.write_bytes(archive.read_bytes()[:-2000])
    return [archive]


def spoil_missing(data: Path) -> list[Path]:
    (data / "skills_en.csv").unlink()
    return [data]


def spoil_bytes(data: Path) -> list[Path]:
    path = data / "skills_en.csv"
    path.write_bytes(path.read_bytes() + b"KnowledgeSkillCompetence,\xff\xfe,\n")
    return [data]


def spoil_column(data: Path) -> list[Path]:
    path = data / "occupationSkillRelations_en.csv"
    path.write_text(path.read_text(encoding="utf-8-sig").replace("skillUri", "skillURL", 1), encoding="utf-8")
    return [data]


def spoil_mixed(data: Path) -> list[Path]:
    other = Path(shutil.copytree(data, data.parent / "esco v1.1.0"))
    return [data, other]


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (spoil_html, ".zip"),
        (spoil_truncated, ".zip"),
        (spoil_missing, "skills"),
        (spoil_bytes, "skills_en.csv:"),
        (spoil_column, "skillUri"),
        (spoil_mixed, "1.1.0"),
    ],
)
def test_bad_input_gives_one_line_one_hint_and_touches_nothing(
    data: Path, tmp_path: Path, spoil: object, named: str
) -> None:
    out = tmp_path / "releases"
    paths = spoil(data)  # type: ignore[operator]
    found = run("release", *paths, "--out", out, "--quiet")
    error, hint = found.output.strip().splitlines()
    assert found.exit_code == 3, found.output
    assert error.startswith("error: ") and named in error and hint.startswith("hint: ")
    assert not out.exists()


def test_a_file_that_does_not_exist_is_wrong_use() -> None:
    found = run("release", "no/such/folder")
    assert (found.exit_code, "no/such/folder: there is no such file or folder" in found.output) == (2, True)


def small_files() -> None:
    """Let no file grow beyond 200 kB: the system then refuses a write as it does on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def test_a_disk_that_fills_leaves_nothing(tmp_path: Path) -> None:
    found = subprocess.run(
        [*ESCO_KG, "release", "--quiet", "--no-cache"],
        cwd=tmp_path,
        preexec_fn=small_files,
        capture_output=True,
        text=True,
    )
    assert found.returncode == 3, found.stderr
    assert "File too large" in found.stderr and "hint: " in found.stderr and "Traceback" not in found.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_run_leaves_nothing(tmp_path: Path, number: int) -> None:
    process = subprocess.Popen([*ESCO_KG, "release"], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("write graphs"):
            break
    time.sleep(0.05)
    process.send_signal(number)
    rest = process.stderr.read()
    assert process.wait(60) == 130, rest
    assert "interrupted: nothing was published" in rest and "Traceback" not in rest
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--issued", "2022-13-01", "--issued 2022-13-01 is no date"),
        ("--issued", "20220101", "--issued 20220101 is no date"),
        ("--curation", "no/such/folder", "--curation no/such/folder: there is no such file or folder"),
    ],
)
def test_a_day_or_folder_that_is_none_is_wrong_use(tmp_path: Path, option: str, value: str, message: str) -> None:
    found = run("release", "--out", tmp_path / "releases", option, value)
    assert (found.exit_code, message in found.output) == (2, True), found.output
    assert not (tmp_path / "releases").exists()


@pytest.mark.parametrize(
    "command",
    [
        "release --out {}",
        "release --out {}/below/it",
        "release --out {}/../1.0.0",
        "site {}/site",
        "measure {} --out {}/tables",
        "check {} --report {}/report.ttl",
        "query levels {} --out {}/answer.csv",
        "assign {}/statistics/levels.csv --out {}/found.csv",
        "aggregate {}/statistics/levels.csv --out {}/found.csv",
        "serve {} --cache {}/cache",
        "serve {} --inbox {}/inbox",
        "test --out {}",
        "review export {} --out {}",
    ],
)
def test_nothing_is_written_into_a_release(releases_folder: Path, command: str) -> None:
    """Else the release is another one from then on: ``verify`` names the new files, and nobody serves it any more."""
    release = releases_folder / "demonstration" / "1.0.0"
    before = hashes(releases_folder)
    found = run(*(word.replace("{}", str(release)) for word in command.split(" ")))
    assert (found.exit_code, "a published release" in found.output) == (2, True), found.output
    assert hashes(releases_folder) == before


def test_a_manifest_of_another_program_is_no_release(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"name": "a web application"}')
    folder_beside = tmp_path / "releases"
    refuse_in_release(folder_beside)
    assert run("release", "--out", folder_beside, "--quiet").exit_code == 0 and any(folder_beside.iterdir())


# --- what make hands on ----------------------------------------------------------------------------------------------


def test_one_argument_may_name_several_files_with_spaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("ESCO dataset - v1 - en.zip", "ESCO dataset - v1 -  - csv.zip", "other"):
        Path(name).touch()
    assert existing_paths(["ESCO dataset - v1 - en.zip"]) == (Path("ESCO dataset - v1 - en.zip"),)
    assert existing_paths(["ESCO dataset - v1 - en.zip other"]) == (Path("ESCO dataset - v1 - en.zip"), Path("other"))
    assert existing_paths(["'ESCO dataset - v1 -  - csv.zip' other"]) == (
        Path("ESCO dataset - v1 -  - csv.zip"),
        Path("other"),
    )
    with pytest.raises(MissingError, match="none: there is no such file"):
        existing_paths(["other none"])


def test_every_named_file_is_looked_for_before_esco_is_read(tmp_path: Path) -> None:
    for option in ("--nace", "--config", "--previous", "--curation"):
        found = run("release", DEMONSTRATION, option, tmp_path / "nothing", "--out", tmp_path / "out")
        assert found.exit_code == 2 and f"{option} {tmp_path}/nothing: there is no such file" in found.stderr
        assert "read ESCO" not in found.stderr and not (tmp_path / "out").exists()


def test_a_command_puts_back_the_signal_handler_of_its_caller() -> None:
    before = signal.getsignal(signal.SIGTERM)
    assert run("--help").exit_code == 0 and run("measure", "--list").exit_code == 0
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_variable_of_make_that_does_not_exist_is_refused() -> None:
    done = subprocess.run(["make", "help", "ESOC=x"], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 2 and "unknown variable: ESOC. Known: PYTHON ESCO NACE" in done.stderr
    done = subprocess.run(["make", "help", "ESCO=a b c"], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0 and "make release" in done.stdout


def test_make_knows_every_variable_that_it_hands_on() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    handed_on = re.search(r"^export (.*)$", text, re.MULTILINE)
    known = re.search(r"^KNOWN := (.*)$", text, re.MULTILINE)
    assert handed_on and known and set(handed_on[1].split()) <= set(known[1].split())
    dry = ["make", "--dry-run", "release", "CLUSTERS=members.csv clusters.csv"]
    done = subprocess.run(dry, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0 and "--clusters" in done.stdout
