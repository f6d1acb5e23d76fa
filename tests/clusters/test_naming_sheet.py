"""Sheets to name clusters with: what is printed can be put into curation/ as it is, and names what it says it names."""

from __future__ import annotations

import csv
from pathlib import Path

from click.testing import CliRunner

from esco_kg.cli import main
from esco_kg.clusters.contents import read_contents, read_names
from esco_kg.folder.tables import read_published


def printed(*arguments: str) -> str:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    return done.output


def test_contents_and_names_of_a_release_are_files_of_curation(demonstration: Path, tmp_path: Path) -> None:
    (tmp_path / "contents").mkdir()
    (tmp_path / "names").mkdir()
    (tmp_path / "contents" / "1.0.0.csv").write_text(printed("contents", str(demonstration)), encoding="utf-8")
    contents = read_contents(tmp_path / "contents")
    published = read_published(demonstration).clusters
    assert {i: (c.depth, c.skills) for i, c in contents["1.0.0"].clusters.items()} == {
        i: (cluster.depth, cluster.members) for i, cluster in published.items()
    }
    sheet = printed("names", "fr", str(demonstration))
    (tmp_path / "names" / "fr.csv").write_text(sheet, encoding="utf-8")
    assert read_names(tmp_path / "names", contents) == []  # nothing is filled in
    with (demonstration / "esco-kg-1.0.0-clusters.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["id"]: row for row in csv.DictReader(stream)}
    wanting = [i for i, row in rows.items() if row["name_status_fr"] in ("", "concept")]
    assert [line.split(",")[0] for line in sheet.splitlines()[1:] if line[0] != "#"] == [f"1.0.0/{i}" for i in wanting]
    assert f"# {wanting[0]}, level {rows[wanting[0]]['depth']}: {rows[wanting[0]]['label_en']}. " in sheet
    filled = sheet.replace(f"1.0.0/{wanting[0]},", f"1.0.0/{wanting[0]},Un nom", 1)
    (tmp_path / "names" / "fr.csv").write_text(filled, encoding="utf-8")
    found = read_names(tmp_path / "names", contents)
    assert [(name.content, name.label, name.status) for name in found] == [(f"1.0.0/{wanting[0]}", "Un nom", "draft")]
    assert printed("names", "fr", str(demonstration), "--contents", "first").count("\nfirst/") == len(wanting)


def test_every_cluster_wants_a_name_in_a_language_without_any(demonstration: Path) -> None:
    assert printed("names", "ga", str(demonstration)).count("\n1.0.0/") == len(read_published(demonstration).clusters)


def test_a_folder_in_the_place_of_the_language_is_told(demonstration: Path) -> None:
    done = CliRunner().invoke(main, ["names", str(demonstration)])
    assert done.exit_code == 2 and "is no language tag" in done.output and "c00" not in done.stdout
