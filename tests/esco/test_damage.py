"""What other programs do to tables is named with file, line, value and cause, and undone where there is no doubt."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esco_kg.errors import InputError
from esco_kg.esco.inspect import inspect
from esco_kg.esco.misread_texts import decoded, looks_misread
from esco_kg.esco.pillar import read_pillar
from esco_kg.esco.reference import counts_of, known_versions, references
from tests.support.esco_csv import Miniature

ESCO = "http://data.europa.eu/esco"
Change = Callable[[Miniature], None]


def misread(text: str) -> str:
    return text.encode().decode("cp1252", "replace")


def accented(mini: Miniature) -> None:
    for row in mini["skills"].rows:
        row["description"] = "Prépare du café, sans délai."


def _misread(mini: Miniature) -> None:
    accented(mini)
    for row in mini["skills"].rows:
        row["description"] = misread(row["description"])


def _each(column: str, change: Callable[[str], str]) -> Change:
    def apply(mini: Miniature) -> None:
        for row in mini["skills"].rows:
            row[column] = change(row.get(column, ""))

    return apply


def _cells(row: int, **cells: str) -> Change:
    return lambda mini: mini["skills"].rows[row].update(cells)


def _bytes(change: Callable[[bytes], bytes]) -> Change:
    return lambda mini: mini.bytes.update({"skills_en.csv": change})


def _semicolons(data: bytes) -> bytes:
    import csv
    import io

    out = io.StringIO(newline="")
    rows = csv.reader(io.StringIO(data.decode(), newline=""))
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue().encode()


# What is done to an undamaged table, where it is told, what is said, and whether it can be undone.
DAMAGE: list[tuple[str, Change, str, str]] = [
    ("joined by |", _each("altLabels", lambda cell: cell.replace("\n", " | ")), ":2", "several labels in one line"),
    ("joined by \\n", _each("altLabels", lambda cell: cell.replace("\n", "\\n")), ":2", "several labels in one line"),
    ("NaN", _each("definition", lambda cell: "NaN"), ":2", "'NaN' stands for an empty cell"),
    ("a space in an IRI", _each("conceptUri", lambda cell: cell.replace("mini/", "mini/ ")), ":2", "no IRI has"),
    ("sep=", _bytes(lambda data: b"sep=,\r\n" + data), ":1", "a spreadsheet program wrote it for itself"),
    ("semicolons", _bytes(_semicolons), ":1", "but by semicolons"),
    ("misread", _misread, ":2", "is UTF-8 that was read as Windows-1252 and saved again"),
]


@pytest.mark.parametrize(("change", "place", "said"), [one[1:] for one in DAMAGE], ids=[one[0] for one in DAMAGE])
def test_damage_is_named_and_undone_where_there_is_no_doubt(
    tmp_path: Path, change: Change, place: str, said: str
) -> None:
    whole, damaged = Miniature("1.2.1"), Miniature("1.2.1")
    if change is _misread:
        accented(whole)
    change(damaged)
    path = damaged.write(tmp_path / "damaged", zipped=False)
    with pytest.raises(InputError) as caught:
        read_pillar([path])
    assert caught.value.place == f"skills_en.csv{place}" and said in caught.value.message
    assert "--repair" in caught.value.hint
    mended = read_pillar([path], repair=True)
    assert mended.skills == read_pillar([whole.write(tmp_path / "whole", zipped=False)]).skills
    assert mended.repairs and all(repair.place.startswith("skills_en.csv:") for repair in mended.repairs)
    assert sum(d.count for d in mended.defects if d.kind.startswith("repaired-")) == len(mended.repairs)


def _many(mini: Miniature) -> None:
    """As many skills as a column needs to tell something of itself: 180, in the order of their IRIs."""
    rows = mini["skills"].rows
    for number in range(120):
        said = " ".join(f"{number * step % 97} parts" for step in range(1, 20))
        text = f"{(number * 77 + 13) % 997:03d} of the things that people do at work{'!' * number}"
        row = {**rows[number % 4], "conceptUri": f"https://example.org/mini/skill/x{number:03d}"}
        labels = "\n".join(f"{text} {what}" for what in ("well", "again", "quickly"))
        rows.append({**row, "preferredLabel": text, "altLabels": labels, "description": f"Tools & {said}."})


def _sorted_apart(mini: Miniature) -> None:
    rows = mini["skills"].rows
    for row, label in zip(rows, sorted(row["preferredLabel"] for row in rows), strict=True):
        row["preferredLabel"] = label


def _cut_texts(mini: Miniature) -> None:
    _each("description", lambda cell: (cell + " Whatever it takes, however long it may be.")[:55])(mini)


# Of whole columns: what is done, what is said, and whether it can be undone.
OF_COLUMNS: list[tuple[str, Change, str, bool]] = [
    ("cut", _cut_texts, r"description .* is cut: .* end after 55 characters", False),
    ("HTML", _each("description", lambda cell: cell.replace("&", "&amp;")), "a sign written as in HTML", True),
    ("spaces", _each("preferredLabel", lambda cell: cell.replace(" ", "\u00a0")), "holds no-break spaces", True),
    ("semicolons", _each("altLabels", lambda cell: cell.replace("\n", "; ")), "one line, parted by ';'", False),
    ("nothing between", _each("altLabels", lambda cell: cell.replace("\n", " ")), "with nothing between them", False),
    ("sorted apart", _sorted_apart, "stands beside another concept than it belongs to", False),
]


@pytest.mark.parametrize(
    ("change", "said", "is_mended"), [one[1:] for one in OF_COLUMNS], ids=[one[0] for one in OF_COLUMNS]
)
def test_damage_of_a_whole_column_is_named(tmp_path: Path, change: Change, said: str, is_mended: bool) -> None:
    whole, damaged = Miniature("1.1.1"), Miniature("1.1.1")
    for mini in (whole, damaged):
        _many(mini)
        mini.remove("broaderRelationsSkillPillar")  # the skills that were added have no broader concept
    change(damaged)
    as_it_is = [problem.message for problem in inspect([whole.write(tmp_path / "whole", zipped=False)]).problems]
    path = damaged.write(tmp_path / "damaged", zipped=False)
    problems = inspect([path]).problems
    found = [problem for problem in problems if problem.message not in as_it_is]
    assert len(found) == 1 and re.search(said, found[0].message) and found[0].message.startswith("skills_en.csv:")
    assert ("--repair" in found[0].hint) is is_mended


@pytest.mark.parametrize(
    ("code", "said", "mended"),
    [
        ("2512,0", "has commas where codes of ESCO have points", "2512.0"),
        ("01.02.2512", "is a date: a spreadsheet program took the code for one", ""),
        ("2.51E+03", "is a number with an exponent", ""),
    ],
)
def test_a_code_that_a_spreadsheet_program_changed_is_named(tmp_path: Path, code: str, said: str, mended: str) -> None:
    """A date was once told as a code without its zeros, and mended to another wrong code."""
    mini = Miniature("1.2.1")
    mini["occupations"].rows[0]["code"] = code
    path = mini.write(tmp_path)
    with pytest.raises(InputError, match=re.escape(f"code {code!r} {said}")):
        read_pillar([path])
    if mended:
        (repair,) = read_pillar([path], repair=True).repairs
        assert (repair.was, repair.now) == (code, mended)
    else:
        with pytest.raises(InputError, match=re.escape(said)):
            read_pillar([path], repair=True)


def test_an_error_of_a_spreadsheet_program_is_no_label(tmp_path: Path) -> None:
    mini = Miniature("1.2.1")
    _cells(7, preferredLabel="#NAME?")(mini)
    with pytest.raises(
        InputError, match=r":\d+: preferredLabel '#NAME\?' is an error that a spreadsheet program wrote"
    ):
        read_pillar([mini.write(tmp_path, zipped=False)])


@pytest.mark.parametrize(
    ("change", "how"),
    [
        (lambda iri: f" {iri} ", "spaces"),
        (lambda iri: f"{iri}/", "a slash at the end"),
        (lambda iri: iri.replace("https", "http"), "https in place of http"),
        (str.upper, "letters in another case"),
        (lambda iri: iri.rsplit("/", 1)[-1], "its beginning taken away"),
        (lambda iri: f"<{iri}>", "angle brackets"),
        (lambda iri: iri.replace("example.org", "elsewhere.org"), "another beginning"),
    ],
)
def test_relations_whose_iris_are_written_otherwise_are_told_how(
    tmp_path: Path, change: Callable[[str], str], how: str
) -> None:
    """They were told as relations of tables that are cut, or of another version."""
    mini = Miniature("1.2.1")
    for row in mini["occupationSkillRelations"].rows:
        row["skillUri"] = change(row["skillUri"])
    with pytest.raises(InputError) as caught:
        read_pillar([mini.write(tmp_path, zipped=False)])
    assert f"but for {how}; " in caught.value.message and caught.value.place.endswith("_en.csv:2")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data[: data.rindex(b"mini/skill") + 5], "the last of 60 rows breaks off: the file is cut"),
        (lambda data: data[: data.rindex(b"It has two")], "does not end: the file is cut, or a quotation mark"),
        (lambda data: data.split(b"\r\n", 1)[1], "is a row, not a head"),
        (lambda data: b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "is a pointer of Git LFS"),
        (lambda data: data.replace(b"conceptUri", b"concepturi", 1), "their letters are in another case"),
    ],
)
def test_a_file_that_is_no_whole_table_is_told_what_it_is(
    tmp_path: Path, change: Callable[[bytes], bytes], said: str
) -> None:
    mini = Miniature("1.2.1")
    _bytes(change)(mini)
    with pytest.raises(InputError, match=re.escape(said)):
        read_pillar([mini.write(tmp_path, zipped=False)])


def test_what_gzip_packed_is_read_whatever_its_name(tmp_path: Path) -> None:
    mini, packed = Miniature("1.2.1"), Miniature("1.2.1")
    _bytes(lambda data: gzip.compress(data, mtime=0))(packed)
    whole = read_pillar([mini.write(tmp_path / "whole", zipped=False)])
    read = read_pillar([packed.write(tmp_path / "packed", zipped=False)])
    assert read.skills == whole.skills and not read.defects
    (source,) = [source for source in read.sources if source.name == "skills_en.csv"]
    path = tmp_path / "packed" / "ESCO dataset - v1.2.1" / "skills_en.csv"
    assert (source.sha256, source.bytes) == (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size)


def test_a_download_that_has_not_ended_is_named(tmp_path: Path) -> None:
    mini = Miniature("1.2.1")
    folder = mini.write(tmp_path, zipped=False)
    (folder / "skills_en.csv").rename(folder / "skills_en.csv.crdownload")
    with pytest.raises(InputError, match=r"1 table is missing: skills_en\.csv") as caught:
        read_pillar([folder])
    assert "skills_en.csv.crdownload is a download that has not ended." in caught.value.hint


@pytest.mark.parametrize(
    ("encoding", "place", "said"),
    [
        ("cp1252", ":4", "byte 0xE9 is not UTF-8; in Windows-1252, as spreadsheet programs save, it is “é”"),
        ("utf-16", ":1", "byte 0xFF is not UTF-8: the file is UTF-16"),
    ],
)
def test_a_table_in_another_encoding_is_told_which(tmp_path: Path, encoding: str, place: str, said: str) -> None:
    mini = Miniature("1.2.1")
    accented(mini)
    _bytes(lambda data: data.decode().encode(encoding))(mini)
    with pytest.raises(InputError) as caught:
        read_pillar([mini.write(tmp_path, zipped=False)])
    assert caught.value.message == f"skills_en.csv{place}: {said}"


def test_the_iri_keeps_the_zeros_of_a_code(tmp_path: Path) -> None:
    mini = Miniature("1.2.1")
    for row in mini["skillGroups"].rows:
        row["code"] = row["code"].lstrip("0")
    path = mini.write(tmp_path)
    with pytest.raises(InputError, match=r"code '61' has lost zeros that its IRI 061 keeps"):
        read_pillar([path])
    (repair,) = read_pillar([path], repair=True).repairs
    assert (repair.kind, repair.column, repair.was, repair.now) == ("code", "code", "61", "061")


def test_a_code_that_stands_twice_is_not_mended(tmp_path: Path) -> None:
    """8131.10 becomes 8131.1, which another occupation has: nothing tells which of the two it was."""
    mini = Miniature("1.2.1")
    mini["occupations"].rows[10]["code"] = "2512.1"
    path = mini.write(tmp_path)
    for repair in (False, True):
        with pytest.raises(InputError, match=r"code '2512.1' is the code of .*occupation/001 too"):
            read_pillar([path], repair=repair)


def test_https_in_the_iris_of_esco_is_named(tmp_path: Path) -> None:
    mini = Miniature("1.2.1")
    for row in mini["skills"].rows:
        row["inScheme"] = f"https://data.europa.eu/esco/concept-scheme/skills,\n{ESCO}/concept-scheme/member-skills"
    path = mini.write(tmp_path)
    with pytest.raises(InputError, match="begins with https, but the IRIs of ESCO begin with http"):
        read_pillar([path])
    mended = read_pillar([path], repair=True)
    assert all(repair.now.startswith("http://data") for repair in mended.repairs) and len(mended.repairs) == 60


def test_a_single_misread_text_is_tallied_and_published_as_read(tmp_path: Path) -> None:
    """ESCO 1.1.1 itself has 12 descriptions that were misread before they were published."""
    mini = Miniature("1.2.1")
    accented(mini)
    mini["skills"].rows[5]["description"] = misread("Prépare du café.")
    pillar = read_pillar([mini.write(tmp_path)])
    assert [(d.kind, d.count) for d in pillar.defects] == [("text-wrongly-decoded", 1)] and not pillar.repairs


def test_all_kinds_of_damage_of_a_table_are_told_at_once(tmp_path: Path) -> None:
    mini = Miniature("1.2.1")
    _each("altLabels", lambda cell: cell.replace("\n", " | "))(mini)
    _cells(4, definition="nan")(mini)
    messages = " ".join(problem.message for problem in inspect([mini.write(tmp_path)]).problems)
    assert "several labels in one line" in messages and "'nan' stands for an empty cell" in messages


def test_an_index_column_does_no_harm_and_is_told(tmp_path: Path) -> None:
    mini = Miniature("1.2.1")
    mini["skills"].columns.insert(0, "Unnamed: 0")
    assert [d.kind for d in read_pillar([mini.write(tmp_path)]).defects] == ["index-column"]


@given(st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs", "Cc"]), min_size=1))
def test_what_was_misread_comes_back(text: str) -> None:
    raw = text.encode()
    if any(byte in raw for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)) or text.isascii():
        return
    assert decoded(raw.decode("cp1252")) == text


@pytest.mark.parametrize(
    "text", ["café", "Ünïcödé", "Ça va à l'École", "“qualité” – café…", "Ελληνικά", "Ã ", "български"]
)
def test_what_people_write_is_not_taken_for_misread(text: str) -> None:
    assert not looks_misread(text) and looks_misread(misread("café – ça"))


def esco_of(mini: Miniature) -> Miniature:
    """The same tables under the IRIs of ESCO, which the reference counts are of."""
    for table in mini.tables.values():
        for row in table.rows:
            row.update({column: cell.replace("https://example.org/mini", ESCO) for column, cell in row.items()})
    return mini


def test_a_table_that_is_short_of_its_version_stops_a_run(tmp_path: Path) -> None:
    path = esco_of(Miniature("1.2.1")).write(tmp_path)
    with pytest.raises(InputError, match=r"skills holds 60 rows, ESCO 1\.2\.1 has 13,939: 100% are missing") as caught:
        read_pillar([path])
    assert "--extract" in caught.value.hint
    assert read_pillar([path], extract=True).is_extract


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("broaderRelationsSkillPillar", "of 60 skills have a broader concept"),
        ("occupationSkillRelations", "of 50 occupations have skills"),
    ],
)
def test_relations_that_reach_too_few_concepts_stop_a_run_of_any_version(tmp_path: Path, table: str, said: str) -> None:
    """Cut to half, both tables passed without a word."""
    mini = Miniature("1.2.1")
    rows = mini[table].rows
    mini[table].rows = rows[: len(rows) // 2]
    with pytest.raises(InputError, match=said):
        read_pillar([mini.write(tmp_path)])


def test_reference_counts_have_a_source_and_each_figure_stands_once() -> None:
    assert known_versions() == ["1.1.0", "1.1.1", "1.2.0", "1.2.1"]
    assert all(r.source.startswith(("counted in ", "reported by ")) for r in references())
    assert len({(r.version, r.what) for r in references()}) == len(references())
    assert (counts_of("1.2.0")["occupationSkillRelations"], counts_of("1.2.1")["occupationSkillRelations"]) == (
        129_004,
        126_051,
    )
    dump = counts_of("1.2.0")
    links = dump["relatedEssentialSkill"] + dump["relatedOptionalSkill"]
    assert links == dump["occupationSkillRelations"] + dump["skillSkillRelations"] - dump["relations stated twice"]
