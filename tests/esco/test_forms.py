"""The forms that ESCO's tables have beside CSV, and what stands in for a table."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import pytest

from esco_kg.errors import InputError
from esco_kg.esco.inspect import inspect
from esco_kg.esco.pillar import read_pillar
from esco_kg.model.pillar import Pillar
from tests.support.esco_csv import SKILLS, Miniature
from tests.support.workbook_files import write_ods, write_xlsx


def as_tables(folder: Path) -> dict[str, list[list[str]]]:
    """File name without ending -> rows, of all CSV files in a folder."""
    import csv

    found = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            found[path.stem] = list(csv.reader(stream))
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Miniature("1.2.1").write(tmp_path / "in", zipped=False)


def same(one: Pillar, other: Pillar) -> bool:
    parts = ("skills", "skill_groups", "occupations", "isco_groups", "schemes", "skill_broader", "occupation_skills")
    return all(getattr(one, part) == getattr(other, part) for part in (*parts, "lists", "skill_skills"))


@pytest.mark.parametrize("ending", ["ods", "xlsx"])
def test_workbooks_of_one_sheet_are_the_tables(tmp_path: Path, folder: Path, ending: str) -> None:
    """The portal offers each language as CSV or ODS; an ODS download "held no ESCO table"."""
    place = tmp_path / f"ESCO dataset - v1.2.1 - classification - en - {ending}"
    place.mkdir()
    for name, rows in as_tables(folder).items():
        (write_ods if ending == "ods" else write_xlsx)(place / f"{name}.{ending}", {"Sheet1": rows})
    read = read_pillar([place])
    assert same(read, read_pillar([folder])) and (read.version, read.languages) == ("1.2.1", ("en",))


def test_one_workbook_may_hold_all_tables(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "esco v1.2.1.xlsx"
    write_xlsx(path, {name[:31]: rows for name, rows in as_tables(folder).items()})
    assert same(read_pillar([path]), read_pillar([folder]))


def test_a_row_of_a_sheet_is_named(tmp_path: Path, folder: Path) -> None:
    rows = as_tables(folder)["skills_en"]
    rows[7][rows[0].index("skillType")] = "talent"
    (folder / "skills_en.csv").unlink()
    write_ods(folder / "skills_en.ods", {"skills": rows})
    with pytest.raises(InputError, match=r"^skills_en\.ods row 8: skillType 'talent' is unknown"):
        read_pillar([folder])


def test_a_mixed_folder_is_read(tmp_path: Path, folder: Path) -> None:
    whole = read_pillar([folder])
    tables = as_tables(folder)
    write_xlsx(folder / "skills_en.xlsx", {"skills_en": tables["skills_en"]})
    (folder / "skills_en.csv").unlink()
    packed = folder / "occupations_en.csv"
    (folder / "occupations_en.csv.gz").write_bytes(gzip.compress(packed.read_bytes()))
    packed.unlink()
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        for path in folder.glob("*Relations*.csv"):
            archive.write(path, path.name)
            path.unlink()
    with zipfile.ZipFile(folder / "outer.zip", "w") as archive:
        archive.write(inner, "downloads/inner.zip")
    assert same(read_pillar([folder]), whole)


def test_a_missing_table_is_told_with_the_file_that_may_be_it(folder: Path) -> None:
    text = (folder / "skills_en.csv").read_text("utf-8").replace("skillType", "type", 1)
    (folder / "skills_en.csv").unlink()
    (folder / "my skills_en (1).csv").write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"1 table is missing: skills_en\.csv") as caught:
        read_pillar([folder])
    assert "my skills_en (1).csv may be skills, but its column skillType is missing." in caught.value.hint


def test_tables_of_esco_1_0_are_read_and_en_us_is_their_english(tmp_path: Path) -> None:
    mini = Miniature("1.0.8")
    for table in ("skills", "occupations", "skillGroups", "ISCOGroups"):
        for column in ("hiddenLabels", "status", "modifiedDate", "scopeNote", "definition"):
            if column in mini[table].columns:
                mini[table].drop(column)
    mini["occupations"].drop("code")
    folder = mini.write(tmp_path, zipped=False)
    for path in folder.glob("*_en.csv"):
        path.rename(path.with_name(path.name.replace("_en.", "_en-us.")))
    pillar = read_pillar([folder])
    assert (pillar.version, pillar.languages, len(pillar.skills)) == ("1.0.8", ("en",), SKILLS)
    assert "The tables in en-us are read as en: there is no other English." in pillar.said
    mini["skills"].drop("skillType")
    with pytest.raises(InputError, match="column skillType is missing"):
        read_pillar([mini.write(tmp_path / "again", zipped=False)])


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("skills.csv", "ID,UUIDHISTORY,PREFERREDLABEL,ORIGINURI\n1,2,weld,http://x\n", "Tabiya's open taxonomy"),
        ("skill.json", json.dumps({"className": "Skill", "_links": {"self": {"uri": "x"}}}), "ESCO's REST interface"),
        ("found.csv", "className,uri,title,searchHit\nSkill,http://x,weld,weld\n", "ESCO's REST interface"),
    ],
)
def test_exports_of_others_are_named(tmp_path: Path, name: str, content: str, what: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(InputError) as caught:
        read_pillar([tmp_path])
    assert what in caught.value.message and caught.value.hint.startswith("Take the CSV, ODS or RDF download")


def test_a_folder_around_one_download_is_that_download(tmp_path: Path) -> None:
    import shutil

    from esco_kg.config import settings_beside
    from esco_kg.resources import folder as resource

    shutil.copytree(resource("demonstration") / "v1.0.0", tmp_path / "v1.0.0")
    assert settings_beside([tmp_path]) == tmp_path / "v1.0.0" / "release.toml"
    assert inspect([tmp_path], dangling_share=0.05).version == "1.0.0"


def test_links_to_folders_are_followed_and_what_two_ways_lead_to_is_read_once(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "ESCO dataset - v1.2.1").symlink_to(folder, target_is_directory=True)
    (tmp_path / "all" / "again").symlink_to(folder, target_is_directory=True)
    (tmp_path / "all" / "back").symlink_to(tmp_path / "all", target_is_directory=True)
    found, plain = read_pillar([tmp_path / "all"]), read_pillar([folder])
    assert same(found, plain) and len(found.sources) == len(plain.sources)


def test_texts_that_a_language_lacks_are_counted(tmp_path: Path) -> None:
    mini = Miniature("1.2.1", ("en", "mt", "ar"))
    for row in mini["skills", "ar"].rows:
        row.update(altLabels="", description="")
    for row in mini["skills", "mt"].rows[::10]:
        row["preferredLabel"] = ""
    found = inspect([mini.write(tmp_path)])
    assert found.texts["en"] == {"preferred label": 0, "alternative label": 0, "description": 0}
    assert found.texts["ar"] == {"preferred label": 0, "alternative label": 60, "description": 60}
    assert found.texts["mt"]["preferred label"] == 6
    assert "Without a text, of skills and occupations" in found.as_text()
