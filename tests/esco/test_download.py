"""Finding ESCO's tables in what users really have, and telling them what is wrong with it."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from pathlib import Path

import pytest

from esco_kg.errors import InputError
from esco_kg.esco import archive
from esco_kg.esco.defects import Tally
from esco_kg.esco.download import Download, find_download
from esco_kg.esco.pillar import read_pillar
from tests.support.esco_csv import Miniature


def found(*paths: Path, version: str | None = None, languages: list[str] | None = None) -> Download:
    return find_download(paths, Tally(), version=version, languages=languages)


def refused(*paths: Path, version: str | None = None, languages: list[str] | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        read_pillar(paths, version=version, languages=languages)
    assert caught.value.hint, "every error says what to do"
    assert "\n" not in caught.value.message
    return caught.value


@pytest.mark.parametrize("version", ["1.1.0", "1.1.1", "1.2.0", "1.2.1"])
@pytest.mark.parametrize("zipped", [True, False])
def test_version_and_languages_come_from_the_names(tmp_path: Path, version: str, zipped: bool) -> None:
    folder = Miniature(version, ("en", "pl", "de")).write(tmp_path, zipped=zipped)
    download = found(folder)
    assert (download.version, download.languages) == (version, ("en", "de", "pl"))
    assert download.missing() == []


def test_zips_may_be_given_one_by_one(tmp_path: Path) -> None:
    folder = Miniature("1.1.1").write(tmp_path)
    zips = sorted(folder.glob("*.zip"))
    assert len(zips) == 2
    assert read_pillar(zips) == read_pillar([folder])


def test_zips_and_csvs_may_be_mixed(tmp_path: Path) -> None:
    mini = Miniature("1.1.1")
    whole = read_pillar([mini.write(tmp_path / "a")])
    folder = mini.write(tmp_path / "b")
    with zipfile.ZipFile(folder / mini.zip_name("")) as packed:
        packed.extractall(folder)
    (folder / mini.zip_name("")).unlink()
    mixed = read_pillar([folder])
    assert mixed.occupation_skills == whole.occupation_skills
    assert len(mixed.sources) == 5


def test_sources_are_the_files_as_they_lie_on_the_disk(tmp_path: Path) -> None:
    folder = Miniature("1.2.1").write(tmp_path)
    (path,) = folder.glob("*.zip")
    (source,) = found(folder).sources
    data = path.read_bytes()
    assert (source.name, source.bytes) == (path.name, len(data))
    assert source.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("name", ["skills_en (1).csv", "ESCO_skills_en.CSV", "my copy.csv", "Skills_EN.csv"])
def test_a_renamed_table_is_known_by_its_columns(tmp_path: Path, name: str) -> None:
    folder = Miniature("1.2.1").write(tmp_path, zipped=False)
    (folder / "skills_en.csv").rename(folder / name)
    assert len(read_pillar([folder], languages=["en"]).skills) == 60


def test_renamed_broader_tables_are_told_apart_by_their_rows(tmp_path: Path) -> None:
    folder = Miniature("1.2.1").write(tmp_path, zipped=False)
    (folder / "broaderRelationsSkillPillar_en.csv").rename(folder / "x.csv")
    (folder / "broaderRelationsOccPillar_en.csv").rename(folder / "y.csv")
    assert found(folder).missing() == []


@pytest.mark.parametrize("name", ["v1.2.1", "ESCO_1_2_1", "esco-v1.2.1-en-2024", "ESCO dataset - V1.2.1 - final"])
def test_the_version_may_stand_in_a_folder_of_any_name(tmp_path: Path, name: str) -> None:
    folder = Miniature("1.2.1").write(tmp_path, zipped=False)
    folder = folder.rename(tmp_path / name)
    assert found(folder).version == "1.2.1"
    assert found(*folder.glob("*.csv")).version == "1.2.1"


@pytest.mark.parametrize("name", ["esco", "download 2024-05-08", "esco 13.09.22", "v1.2"])
def test_an_unknown_version_is_asked_for(tmp_path: Path, name: str) -> None:
    folder = Miniature("1.2.1").write(tmp_path, zipped=False).rename(tmp_path / name)
    error = refused(folder)
    assert "--esco-version" in error.hint and "ESCO 1.2" in error.hint
    assert read_pillar([folder], version="v1.2.1").version == "1.2.1"


def test_mixed_versions_are_refused_and_one_can_be_chosen(tmp_path: Path) -> None:
    Miniature("1.1.0").write(tmp_path)
    Miniature("1.1.1").write(tmp_path)
    error = refused(tmp_path)
    assert "1.1.0" in str(error) and "1.1.1" in str(error) and "--esco-version" in error.hint
    assert read_pillar([tmp_path], version="1.1.0").version == "1.1.0"
    assert "not 1.2.1" in str(refused(tmp_path, version="1.2.1"))
    assert "no version" in str(refused(tmp_path, version="newest"))


def test_languages_select(tmp_path: Path) -> None:
    folder = Miniature("1.2.1", ("en", "pl", "de")).write(tmp_path)
    assert read_pillar([folder], languages=["pl", "EN"]).languages == ("en", "pl")
    only = read_pillar([folder], languages=["pl"])
    assert only.languages == ("pl",) and all(set(s.texts) == {"pl"} for s in only.skills.values())
    error = refused(folder, languages=["fr"])
    assert "fr" in str(error) and "de, en, pl" in error.hint


def test_a_language_that_no_name_tells_is_told_by_the_texts(tmp_path: Path) -> None:
    folder = Miniature("1.2.1").write(tmp_path, zipped=False)
    (folder / "skills_en.csv").rename(folder / "skills.csv")
    download = found(folder)
    assert download.languages == ("en",)
    assert download.said == ["Language of skills.csv: en, by the words of its texts."]


def test_a_language_that_nothing_tells_is_asked_for(tmp_path: Path) -> None:
    mini = Miniature("1.2.1", ("en", "pl"))
    for row in mini["skills"].rows:
        row.update(preferredLabel=row["conceptUri"], description="")
    folder = mini.write(tmp_path, zipped=False)
    (folder / "skills_en.csv").rename(folder / "skills.csv")
    error = refused(folder)
    assert error.place == "skills.csv" and "--languages" in error.hint
    assert read_pillar([folder], languages=["en"]).languages == ("en",)


def test_all_missing_tables_are_named_at_once(tmp_path: Path) -> None:
    mini = Miniature("1.2.1")
    mini.remove("skills", "occupationSkillRelations", "broaderRelationsSkillPillar")
    error = refused(mini.write(tmp_path))
    names = "broaderRelationsSkillPillar_en.csv, occupationSkillRelations_en.csv, skills_en.csv"
    assert error.message == f"ESCO dataset - v1.2.1: 3 tables are missing: {names}"


def test_without_the_second_zip_of_1_1_the_hint_says_so(tmp_path: Path) -> None:
    mini = Miniature("1.1.1")
    folder = mini.write(tmp_path)
    (folder / mini.zip_name("")).unlink()
    error = refused(folder)
    assert "4 tables are missing: broaderRelationsOccPillar.csv" in str(error) and "second zip" in error.hint


def test_a_language_that_lacks_a_table_can_be_left_out(tmp_path: Path) -> None:
    mini = Miniature("1.2.1", ("en", "pl"))
    del mini.tables["skills_pl.csv"]
    folder = mini.write(tmp_path)
    error = refused(folder)
    assert "1 table is missing: skills_pl.csv" in str(error) and "--languages en" in error.hint
    assert read_pillar([folder], languages=["en"]).languages == ("en",)


def test_the_same_table_twice_is_read_once_or_refused(tmp_path: Path) -> None:
    mini = Miniature("1.2.1")
    folder = mini.write(tmp_path)
    mini.write(tmp_path / "again", zipped=False)
    shutil.copytree(tmp_path / "again" / "ESCO dataset - v1.2.1", folder / "unpacked")
    kinds = {defect.kind for defect in read_pillar([folder]).defects}
    assert "file-repeated" in kinds
    other = folder / "unpacked" / "skills_en.csv"
    other.write_bytes(other.read_bytes().replace(b"do task 1,", b"do job 1,", 1))
    assert "another skills" in str(refused(folder))


def test_what_is_not_esco_is_reported_and_left_alone(tmp_path: Path) -> None:
    folder = Miniature("1.2.1").write(tmp_path)
    (folder / "notes.csv").write_text("a,b\n1,2\n", "utf-8")
    (folder / "soft skills survey.csv").write_text("name,skills\nx,y\n", "utf-8")
    (folder / "readme.txt").write_text("hello", "utf-8")
    (folder / ".hidden.zip").write_text("no zip", "utf-8")
    ignored = [d.place for d in read_pillar([folder]).defects if d.kind == "file-ignored"]
    assert ignored == ["notes.csv", "soft skills survey.csv"]


def test_nothing_there(tmp_path: Path) -> None:
    assert "does not exist" in str(refused(tmp_path / "nowhere"))
    assert "holds no ESCO table" in str(refused(tmp_path))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"<!DOCTYPE html><html><body>Please log in</body></html>", "is a web page"),
        (b"\xef\xbb\xbf\n <html>", "is a web page"),
        (b"", "is empty"),
        (b"%PDF-1.7 something", "is not a zip"),
    ],
)
def test_what_is_no_zip(tmp_path: Path, content: bytes, problem: str) -> None:
    mini = Miniature("1.1.1")
    folder = mini.write(tmp_path)
    (folder / mini.zip_name("")).write_bytes(content)
    error = refused(folder)
    assert error.place.endswith(mini.zip_name("")) and problem in str(error) and "again" in error.hint


@pytest.mark.parametrize("kept", [0.2, 0.9, 0.999])
def test_a_truncated_zip(tmp_path: Path, kept: float) -> None:
    mini = Miniature("1.2.1")
    path = mini.write(tmp_path) / mini.zip_name("en")
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    assert "truncated" in str(refused(path))


def test_a_damaged_member(tmp_path: Path) -> None:
    mini = Miniature("1.2.1")
    path = mini.write(tmp_path) / mini.zip_name("en")
    with zipfile.ZipFile(path) as packed:
        info = packed.getinfo("skills_en.csv")
    data = bytearray(path.read_bytes())
    middle = info.header_offset + info.compress_size // 2
    data[middle : middle + 40] = bytes(40)
    path.write_bytes(data)
    error = refused(path)
    assert "skills_en.csv" in str(error) and "damaged" in str(error)


def test_an_encrypted_member(tmp_path: Path) -> None:
    mini = Miniature("1.2.1")
    path = mini.write(tmp_path) / mini.zip_name("en")
    data = bytearray(path.read_bytes())
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:  # the flag of every entry of the central directory
        data[at + 8] |= 1
        at += 4
    path.write_bytes(data)
    assert "encrypted" in str(refused(path))


def test_a_zip_bomb_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ESCO dataset - v1.2.1 - classification - en - csv.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("skills_en.csv", b"0" * (32 << 20))
    monkeypatch.setattr(zipfile.ZipFile, "open", None)  # so that any attempt to read it fails the test
    with (
        pytest.raises(InputError, match=r"would unpack from .* to 33554432 bytes"),
        archive.stream(path, "skills_en.csv", "x.zip/skills_en.csv"),
    ):
        pass


def test_names_inside_a_zip_never_reach_the_disk(tmp_path: Path) -> None:
    mini = Miniature("1.2.1")
    path = tmp_path / "in" / mini.zip_name("en")
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in mini.contents().items():
            packed.writestr(f"../../../{name}", data)
    before = sorted(tmp_path.rglob("*"))
    assert len(read_pillar([path]).skills) == 60
    assert sorted(tmp_path.rglob("*")) == before


def test_too_many_members(tmp_path: Path) -> None:
    path = tmp_path / "v1.2.1.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for number in range(10_001):
            packed.writestr(f"{number}.csv", b"")
    assert "holds 10001 files" in str(refused(path))


def test_real_downloads(shared: Path) -> None:
    data = shared / "data"
    assert found(data / "esco-1.1.1-en").version == "1.1.1"
    assert found(data / "esco-1.1.0-en").languages == ("en",)
    assert "1.1.0" in str(refused(data / "esco-1.1.0-en", data / "esco-1.1.1-en"))
    error = refused(data / "esco-1.2.1-en-partial")
    names = "broaderRelationsSkillPillar_en.csv, occupationSkillRelations_en.csv, skills_en.csv"
    assert error.message == f"esco-1.2.1-en-partial: 3 tables are missing: {names}"
    both = found(data / "esco-1.2.1-en-partial", data / "esco-1.2.1-pl-partial")
    assert both.languages == ("en", "pl") and len(both.missing()) == 5
