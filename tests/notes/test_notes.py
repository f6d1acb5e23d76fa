"""Release notes: what a reader of the Markdown and of the web page sees."""

from __future__ import annotations

import dataclasses
import gzip
import re
import subprocess
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

import html5lib
import jinja2
import pytest
from markdown_it import MarkdownIt

from esco_kg.errors import InputError
from esco_kg.model.findings import Finding
from esco_kg.model.published import GraphSummary, PublishedFile
from esco_kg.notes import EXAMPLE, FILE_TITLES, NEEDED_TABLES, Notes, Validation, render_html, render_notes
from esco_kg.notes.render import count, environment, escape_markdown, size
from esco_kg.pictures.charts import percent
from esco_kg.statistics import measures
from tests.support.places import ROOT
from tests.support.sample_release import AWKWARD, Sample, sample

# Elements without an end tag, and those of SVG that may close themselves.
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@cache
def _notes(**options: object) -> Notes:
    made = sample(**options)  # type: ignore[arg-type]
    tables = {table.name: table for table in measures.run(made.store())}
    query = next(m for m in measures.measures() if m.name == EXAMPLE).for_base(made.config.base_iri)
    files = [
        PublishedFile(
            f"esco-kg-1.2.0-{graph}.{ending}", 12345, "ef" * 32, "text/plain", FILE_TITLES[f"-{graph}.{ending}"]
        )
        for graph in ("clusters", "pillar")
        for ending in ("nt.gz", "ttl")
    ]
    finding = Finding(
        "warning", "skos:S13", "<urn:x>", "", '"v"', "A preferred label is also an <alternative> one.", "pillar"
    )
    return Notes(
        release=made.release,
        config=made.config,
        pillar=made.pillar,
        sectors=made.sectors,
        clustering=made.clustering,
        tables=tables,
        validation=Validation("shacl", 57, [finding, dataclasses.replace(finding, focus="<urn:y>")]),
        graphs=[GraphSummary("clusters", 4711, "12" * 32)],
        files=files,
        example_query=query,
    )


def _page(notes: Notes) -> html5lib.HTMLParser:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(render_html(notes))


def _said(element: object) -> str:
    return " ".join("".join(element.itertext()).split())  # type: ignore[attr-defined]


OPTIONS: list[dict[str, object]] = [
    {},
    {"nace": False, "relations": False},
    {"languages": ("pl",)},
    {"seed": 11, "skills": 16},
    {"languages": ("de", "en", "pl")},
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_the_page_is_valid_and_stands_alone(options: dict[str, object]) -> None:
    text = render_html(_notes(**options))
    page = _page(_notes(**options))
    ids = [element.attrib["id"] for element in page.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    for element in page.iter():
        for name in ("aria-labelledby", "aria-describedby"):
            assert element.attrib.get(name, ids[0]) in ids
        if element.tag == "a" and element.attrib["href"].startswith("#"):
            assert element.attrib["href"][1:] in ids
    # Nothing is fetched from anywhere: no script, no image, no style sheet, no font.
    assert {"script", "link", "img", "iframe", "object"}.isdisjoint(element.tag for element in page.iter())
    assert "@import" not in text and "url(" not in text
    assert not re.search(r"\s(src|srcset|xlink:href)=", text)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_the_page_has_landmarks_headings_and_table_heads(options: dict[str, object]) -> None:
    page = _page(_notes(**options))
    assert [len(list(page.iter(tag))) for tag in ("header", "nav", "main", "footer", "h1")] == [1] * 5
    levels = [int(e.tag[1]) for e in page.iter() if isinstance(e.tag, str) and re.fullmatch(r"h[1-6]", e.tag)]
    assert all(lower - upper <= 1 for upper, lower in pairwise(levels))
    for table in page.iter("table"):
        heads = list(table.find("thead").iter("th"))
        assert table.find("caption") is not None and all(head.attrib["scope"] == "col" for head in heads)
        for row in table.find("tbody").iter("tr"):
            assert len(list(row)) == len(heads)
    for svg in page.iter("{http://www.w3.org/2000/svg}svg"):
        assert svg.find("{http://www.w3.org/2000/svg}title").text


def test_awkward_labels_survive_in_both_layouts() -> None:
    notes = _notes()
    page = _page(notes)
    headings = {_said(heading) for heading in page.iter("h3")}
    assert set(AWKWARD) <= headings
    rendered = MarkdownIt("commonmark").enable("table").render(render_notes(notes))
    markdown = html5lib.parse(rendered, namespaceHTMLElements=False)
    assert set(AWKWARD) <= {_said(heading) for heading in markdown.iter("h3")}
    cells = {_said(cell) for cell in markdown.iter("td")}
    assert set(AWKWARD) <= cells
    assert "A preferred label is also an <alternative> one." in cells


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_tables_in_markdown_are_whole(options: dict[str, object]) -> None:
    rendered = MarkdownIt("commonmark").enable("table").render(render_notes(_notes(**options)))
    page = html5lib.parse(rendered, namespaceHTMLElements=False)
    assert len(list(page.iter("table"))) >= 9
    for table in page.iter("table"):
        heads, rows = list(table.find("thead").iter("th")), list(table.iter("tr"))
        assert len(rows) > 1 and all(_said(head) for head in heads)
        assert {len(list(row)) for row in rows} == {len(heads)}
    assert not any("|" in _said(p) and "---" in _said(p) for p in page.iter("p"))


@pytest.mark.parametrize("render", [render_notes, render_html])
def test_both_layouts_tell_the_numbers_of_the_release(render: object) -> None:
    notes = _notes()
    text = render(notes)  # type: ignore[operator]
    for needed in (
        "1.1.1", "60 skills", "12 occupations", "108 links", "esco-kg 0.1.0", notes.config.acknowledgement, "57 rules",
        "2 warnings", "ef" * 32, "12" * 32, "ab" * 32, "4,711", "1.2 MB", "skills_en.csv:118", "oxigraph", "fuseki",
        "1.2.1", "manifest.json",
    ):  # fmt: skip
        assert needed in text.replace("\\_", "_"), needed


def test_every_defect_statement_and_event_is_told() -> None:
    notes = _notes()
    said = _said(_page(notes).find("body"))
    for defect in [*notes.pillar.defects, *notes.sectors.defects]:
        assert defect.explanation in said and defect.example in said
    for statement in notes.clustering.statements:
        assert statement in said
    assert "1 cluster of the level “cluster” was retired" in said
    assert "old & retired (c00099), followed by cluster 11 (c00012)" in said
    assert "cluster 13 (c00014), split into cluster 13 (c00014), cluster 14 (c00015)" in said


def test_the_demonstration_says_that_it_is_none() -> None:
    notes = _notes()
    demonstration = dataclasses.replace(notes, pillar=dataclasses.replace(notes.pillar, is_demonstration=True))
    for text in (render_notes(demonstration), render_html(demonstration)):
        assert "they are not ESCO" in text and "These clusters are unofficial" not in text
    for text in (render_notes(notes), render_html(notes)):
        assert "These clusters are unofficial" in text and "demonstration" not in text


def test_without_sectors_the_notes_say_what_is_missing() -> None:
    for text in (render_notes(_notes(nace=False, relations=False)), render_html(_notes(nace=False, relations=False))):
        assert "this release has no sector profiles" in text
        assert "No two clusters of the top level are related" in text
        assert "Sectors that stand out" not in text


def test_a_first_release_has_nothing_to_compare_with() -> None:
    notes = _notes()
    first = dataclasses.replace(
        notes,
        release=dataclasses.replace(notes.release, previous=""),
        clustering=dataclasses.replace(notes.clustering, events=[]),
    )
    assert "This release was compared with no earlier one" in render_html(first)
    assert "Compared with release 1.1.0" in render_html(notes)


def test_the_same_notes_in_another_process_have_the_same_bytes(tmp_path: Path) -> None:
    program = (
        "from tests.notes.test_notes import _notes; from esco_kg.notes import render_html, render_notes; import sys;"
        "sys.stdout.buffer.write((render_html(_notes()) + render_notes(_notes())).encode())"
    )
    made = []
    for seed, locale in (("0", "C"), ("4711", "C.UTF-8")):
        environment = {"PYTHONHASHSEED": seed, "LC_ALL": locale, "PATH": ""}
        run = subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            check=True,
            env=environment,
            cwd=ROOT,
        )
        made.append(run.stdout)
    assert made[0] == made[1] and made[0]


@pytest.mark.parametrize("name", NEEDED_TABLES)
def test_a_missing_table_is_an_error(name: str) -> None:
    notes = _notes()
    tables = {key: table for key, table in notes.tables.items() if key != name}
    with pytest.raises(InputError, match=f"the measure {name} is missing"):
        render_notes(dataclasses.replace(notes, tables=tables))


def test_a_missing_file_and_a_missing_value_are_errors(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no file that ends in -clusters\.nt\.gz"):
        render_notes(dataclasses.replace(_notes(), files=[]))
    (tmp_path / "release-notes.md.j2").write_text("{{ view.nothing }}", encoding="utf-8")
    monkeypatch.setattr("esco_kg.notes.render.folder", lambda name: tmp_path)
    environment.cache_clear()
    with pytest.raises(jinja2.UndefinedError, match="nothing"):
        render_notes(_notes())
    environment.cache_clear()


def _code(notes: Notes, kind: str) -> str:
    found = re.search(rf"```{kind}\n(.*?)```", render_notes(notes), re.S)
    assert found
    return found[1]


def test_the_query_of_the_notes_run_as_they_say_gives_the_numbers_printed(tmp_path: Path) -> None:
    made: Sample = sample()
    notes = _notes()
    for name, lines in made.graphs().items():
        with gzip.open(tmp_path / f"esco-kg-1.2.0-{name}.nt.gz", "wt", encoding="utf-8") as stream:
            stream.writelines(f"{line}\n" for line in lines)
    (tmp_path / "query.rq").write_text(_code(notes, "sparql"), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-c", _code(notes, "python")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    answered = [re.findall(r'"([^"]*)"(?:\^\^|\s|$)', line) for line in run.stdout.splitlines()]
    answers = next(t for t in _page(notes).iter("table") if _said(t.find("caption")) == "The answer")
    printed = [[_said(cell) for cell in row] for row in answers.find("tbody").iter("tr")]
    assert [[_figure(value) for value in row] for row in answered] == [
        [_figure(value) for value in row] for row in printed
    ]
    assert len(printed) == 3


def _figure(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a*b", r"a\*b"),
        ("1. one", r"1\. one"),
        ("- x", r"\- x"),
        ("a\nb", "a b"),
        ("&lt;", "&amp;lt;"),
        ("a | b", r"a \| b"),
    ],
)
def test_markdown_shows_text_as_it_is(text: str, escaped: str) -> None:
    assert escape_markdown(text) == escaped
    rendered = MarkdownIt("commonmark").render(escape_markdown(text))
    assert _said(html5lib.parse(rendered, namespaceHTMLElements=False)) == " ".join(text.split())


def test_sizes_and_counts_read_well() -> None:
    assert [size(n) for n in (1, 999, 1000, 999_949, 999_950, 1_234_567, 2_000_000_000)] == [
        "1 byte", "999 bytes", "1.0 kB", "999.9 kB", "1.0 MB", "1.2 MB", "2.0 GB",
    ]  # fmt: skip
    assert [count(1, "skill"), count(12345, "skill"), count(0, "child", "children")] == [
        "1 skill",
        "12,345 skills",
        "0 children",
    ]


@pytest.mark.parametrize("render", [render_notes, render_html])
def test_what_a_cluster_leaves_out_is_not_told_as_if_it_were_in_it(render: object) -> None:
    said = render(_notes()).replace("*", "").replace("</dt><dd>", ": ")  # type: ignore[operator]
    assert "Not in it: Not: others." in said


def test_a_share_that_is_not_zero_never_shows_as_zero() -> None:
    assert [percent(share) for share in (0, 0.0004, 0.0006, 0.5)] == [
        "0.0\u00a0%",
        "<0.1\u00a0%",
        "0.1\u00a0%",
        "50.0\u00a0%",
    ]
