"""Release notes: what a reader of the Markdown and of the web page sees."""

from __future__ import annotations

import dataclasses
import gzip
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from string import Formatter
from xml.etree.ElementTree import Element

import html5lib
import jinja2
import pytest
from markdown_it import MarkdownIt

from esco_kg import words
from esco_kg.errors import InputError
from esco_kg.model.changes import Amount, BridgeRow, Change
from esco_kg.model.clustering import Origin
from esco_kg.notes import NEEDED_TABLES, Notes, notes_files, render_all
from esco_kg.notes.render import environment
from esco_kg.notes.render import render_notes as render
from esco_kg.notes.teller import Teller
from esco_kg.notes.texts import escape_markdown
from esco_kg.notes.view import Body
from esco_kg.pictures.charts import percent
from esco_kg.words import said, wording
from tests.notes.sample_notes import GOLDEN, changed_notes, golden, sample_notes
from tests.support.places import ROOT
from tests.support.sample_release import AWKWARD, Sample, sample

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl")
# Elements without an end tag, and those of SVG that may close themselves.
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def render_notes(notes: Notes, language: str = "en") -> str:
    return render(notes, language, html=False)


def render_html(notes: Notes, language: str = "en") -> str:
    return render(notes, language, html=True)


def _notes(**options: object) -> Notes:
    return sample_notes(**options)


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
    assert {a.attrib["hreflang"] for a in page.find(".//nav").iter("a")} == set(LANGUAGES) - {"en"}
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
    headings = {_said(heading) for heading in page.iter("h4")}
    assert set(AWKWARD) <= headings
    rendered = MarkdownIt("commonmark").enable("table").render(render_notes(notes))
    markdown = html5lib.parse(rendered, namespaceHTMLElements=False)
    assert set(AWKWARD) <= {_said(heading) for heading in markdown.iter("h4")}
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
        "1.1.1", "60", "12", notes.config.acknowledgement, "57 rules", "31 January 2026",
        "warnings: 2", "ef" * 32, "12" * 32, "ab" * 32, "4,711", "1.2 MB", "skills_en.csv:118", "oxigraph", "fuseki",
        "1.2.1", "manifest.json",
    ):  # fmt: skip
        assert needed in text.replace("\\_", "_"), needed


def test_every_defect_and_statement_is_told() -> None:
    notes = _notes()
    told = _said(_page(notes).find("body"))
    for defect in [*notes.pillar.defects, *notes.sectors.defects]:
        assert defect.explanation in told and defect.example in told
    for statement in notes.clustering.statements:
        assert statement in told


def test_the_demonstration_says_that_it_is_none() -> None:
    notes = _notes()
    demonstration = dataclasses.replace(notes, pillar=dataclasses.replace(notes.pillar, is_demonstration=True))
    for text in (render_notes(demonstration), render_html(demonstration)):
        assert "It is not ESCO" in text and "Unofficial: the" not in text
    for text in (render_notes(notes), render_html(notes)):
        assert "Unofficial: the European Commission did not publish" in text and "demonstration" not in text


def test_what_is_made_from_something_else_says_nothing_of_the_commission() -> None:
    notes = _notes()
    other = dataclasses.replace(notes, config=dataclasses.replace(notes.config, source="Our skills"))
    assert "European Commission did not" not in render_notes(other) and "Our skills" in render_notes(other)


def test_without_sectors_the_notes_say_what_is_missing() -> None:
    for text in (render_notes(_notes(nace=False, relations=False)), render_html(_notes(nace=False, relations=False))):
        assert "there are no sector profiles" in text
        assert "No two clusters of the top level are related" in text
        assert "stands out" not in text and "Sections of NACE" not in text


def test_a_first_release_has_nothing_to_compare_with() -> None:
    assert "This release was compared with no earlier one" in render_html(_notes())
    assert "What changed" not in render_notes(_notes()) and "For statisticians" not in render_notes(_notes())
    assert "Compared with release 1.1.0" in render_html(changed_notes())


def test_the_same_notes_in_another_process_have_the_same_bytes(tmp_path: Path) -> None:
    program = (
        "from tests.notes.sample_notes import golden; import sys;"
        "sys.stdout.buffer.write(''.join(golden().values()).encode())"
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
    with pytest.raises(InputError, match=r"no file that ends in -clusters\.csv"):
        render_notes(dataclasses.replace(_notes(), files=[]))
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "release-notes.j2").write_text("{{ body.nothing }}", encoding="utf-8")
    monkeypatch.setattr("esco_kg.notes.render.folder", lambda name: tmp_path)
    environment.cache_clear()
    with pytest.raises(jinja2.UndefinedError, match="nothing"):
        render_notes(_notes())
    environment.cache_clear()


def test_a_sentence_without_its_value_or_words_is_an_error() -> None:
    with pytest.raises(KeyError, match="share"):
        wording("de")("new_moved", n=2)
    with pytest.raises(KeyError, match="no_such_sentence"):
        wording("de")("no_such_sentence")


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


@pytest.mark.parametrize("render", [render_notes, render_html])
def test_what_a_cluster_leaves_out_is_not_told_as_if_it_were_in_it(render: object) -> None:
    told = render(_notes()).replace("*", "").replace("<strong>", "").replace("</strong>", "")  # type: ignore[operator]
    assert "Not in it: Not: others." in told


def test_a_share_that_is_not_zero_never_shows_as_zero() -> None:
    assert [percent(share) for share in (0, 0.0004, 0.0006, 0.5)] == [
        "0.0\u00a0%",
        "<0.1\u00a0%",
        "0.1\u00a0%",
        "50.0\u00a0%",
    ]


# --- languages -------------------------------------------------------------------------------------------------------


def test_only_what_the_commission_has_not_published_says_so() -> None:
    """A release of the European Commission said that the European Commission had not published it."""
    notes = sample_notes()
    said = [wording(language)("unofficial") for language in LANGUAGES]
    assert all(one in render_notes(notes, language) for one, language in zip(said, LANGUAGES, strict=True))
    for others in ({"is_unofficial": False}, {"source": "Register of skills"}):
        own = dataclasses.replace(notes, config=dataclasses.replace(notes.config, **others))
        assert not any(one in render_notes(own, language) for one, language in zip(said, LANGUAGES, strict=True))


def test_notes_are_in_seven_languages_and_the_main_one_has_the_plain_names() -> None:
    assert set(words.languages()) == set(LANGUAGES)
    assert notes_files("en")["en"] == ("RELEASE-NOTES.md", "RELEASE-NOTES.html")
    assert notes_files("en")["de"] == ("RELEASE-NOTES.de.md", "RELEASE-NOTES.de.html")
    assert notes_files("de")["de"][0] == "RELEASE-NOTES.md" and notes_files("de")["en"][0] == "RELEASE-NOTES.en.md"
    # Nobody has words in Swedish: the plain names are those of the English notes.
    assert notes_files("sv")["en"][0] == "RELEASE-NOTES.md"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_file_has_every_sentence_of_the_notes(language: str) -> None:
    english, own = wording("en"), wording(language)
    assert set(own.texts) == set(english.texts)
    forms = {"pl": {"one", "few", "many", "other"}}.get(language, {"one", "other"})
    for key, text in own.texts.items():
        assert isinstance(text, str) == isinstance(english.texts[key], str), key
        assert isinstance(text, str) or set(text) == forms, key
        wanted = _fields(english.pattern(key, 2))
        for form in [text] if isinstance(text, str) else text.values():
            assert _fields(form) == wanted, (key, form)


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize(
    "name", [*(names[0] for names in notes_files("en").values()), "RELEASE-NOTES.html", "RELEASE-NOTES.de.html"]
)
def test_the_notes_are_the_golden_files(name: str) -> None:
    """After a change write them anew with `python -m tests.notes.sample_notes`, and read the difference."""
    assert golden()[name] == (GOLDEN / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_no_english_sentence_stands_in_the_notes_of_another_language(language: str) -> None:
    """What is said in English is a publisher's own text, and tagged so."""
    page = html5lib.parse(render_html(changed_notes(), language), namespaceHTMLElements=False)
    assert page.attrib["lang"] == language
    shown = _untagged(page.find("body"))
    own, english = wording(language), wording("en")
    for key in english.texts:
        for n in (1, 2, 5):
            sentence = english.pattern(key, n)
            # Names such as Code or Manifest are the same word in several languages; a sentence is not.
            longest = max(re.split(r"\{\w+\}", sentence), key=len).strip(" .,:;()`*")
            if len(longest.split()) > 2 and longest not in own.pattern(key, n):
                assert longest not in shown, (key, longest)
    for word in (" the ", " of the ", " and their ", " which "):
        assert word not in shown, word


def _untagged(element: Element) -> str:
    """The text of an element without what is marked as being in another language, and without code."""
    if element.attrib.get("lang") or element.tag in ("code", "pre", "nav"):
        return " "
    parts = [element.text or ""]
    for child in element:
        parts += [_untagged(child) if isinstance(child.tag, str) else "", child.tail or ""]
    return " ".join(parts)


def test_what_the_publisher_wrote_is_tagged_with_its_language() -> None:
    notes = _notes()
    page = html5lib.parse(render_html(notes, "de"), namespaceHTMLElements=False)
    tagged = {_said(element) for element in page.iter() if element.attrib.get("lang") == "en"}
    assert set(AWKWARD) <= tagged
    assert not [e for e in _page(notes).iter("span") if e.attrib.get("lang") == "en"]


def test_numbers_dates_lists_and_plurals_have_the_form_of_the_language() -> None:
    polish, french, german = wording("pl"), wording("fr"), wording("de")
    assert [polish("n_skills", n=n) for n in (1, 2, 5, 22)] == [
        "1 umiejętność", "2 umiejętności", "5 umiejętności", "22 umiejętności",
    ]  # fmt: skip
    assert [polish("implementers_new", n=n) for n in (1, 3, 12)] == [
        "1 klaster jest nowy.", "3 klastry są nowe.", "12 klastrów jest nowych.",
    ]  # fmt: skip
    assert french("n_skills", n=0) == "0 compétence" and french("n_skills", n=2) == "2 compétences"
    assert german("n_skills", n=13896) == "13.896 Kompetenzen" and german.share(0.1234) == "12,3\u00a0%"
    assert german.date("2026-11-30") == "30. November 2026" and wording("en").date("2026-11-30") == "30 November 2026"
    assert wording("es").list(["a", "b", "c"]) == "a, b y c"
    assert [wording("en").size(n) for n in (1, 999, 1000, 999_949, 1_234_567, 2_000_000_000)] == [
        "1 byte", "999 bytes", "1.0 kB", "999.9 kB", "1.2 MB", "2.0 GB",
    ]  # fmt: skip


def test_a_sentence_of_the_program_is_said_in_every_language() -> None:
    sentence = said("said_wanted", language="en", n=3)
    assert sentence == "Clusters without a given name in the language “en” (the program made one): 3."
    for language in LANGUAGES:
        page = html5lib.parse(render_html(_notes(), language), namespaceHTMLElements=False)
        assert " ".join(wording(language).said(sentence).split()) in _said(page)


# --- what stands where -----------------------------------------------------------------------------------------------


def _words(text: str) -> int:
    return len(re.findall(r"\w+", re.sub(r"\]\([^)]*\)|<[^>]*>", "]", text)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_body_has_at_most_three_thousand_words(language: str) -> None:
    body, mark, _ = render_notes(changed_notes(), language).partition('<a id="annexes"></a>')
    assert mark and _words(body) <= 3000


def test_annexes_are_folded_and_the_body_is_not() -> None:
    page = _page(changed_notes())
    # A browser opens a fold for a link to what is inside of it, not for one to the fold.
    folded = {element.find("div").attrib["id"] for element in page.iter("details")}  # type: ignore[union-attr]
    assert {"all", "tables", "names", "all-changes", "data", "files", "inputs", "load"} == folded
    assert all("open" not in element.attrib for element in page.iter("details"))


def test_what_the_official_hierarchy_does_better_stands_in_the_same_table() -> None:
    table = next(t for t in _page(_notes()).iter("table") if "official hierarchy" in _said(t.find("caption")))
    rows = [[_said(cell) for cell in row] for row in table.find("tbody")]
    assert rows == [
        ["essential links in the group's largest sector, in-sample", "50.0% : 40.0%", "", "clusters at 1 level"],
        [
            "inequality of sizes (Gini) (less is better)", "0.250 : 0.125", "0.250 : 0.250",
            "official hierarchy at 1 level · nobody at 1 level",
        ],
    ]  # fmt: skip
    assert "clusters are ahead in 1 of them, the official hierarchy in 1; equal: 1." in render_notes(_notes())


def test_given_clusters_name_who_made_them_and_have_no_drafts() -> None:
    notes = _notes()
    origin = Origin("table", "An institute", {"de": "Von Hand."})
    given = dataclasses.replace(notes, clustering=dataclasses.replace(notes.clustering, origin=origin))
    text = render_notes(given)
    assert "Made by: An institute." in text and "Von Hand." in text
    assert "A program grouped the skills" not in text and "agreed by experts" not in text
    assert '<span lang="de">Von Hand.</span>' in render_html(given)


def test_a_publisher_overrides_one_block() -> None:
    notes = _notes()
    blocks = "{% block brand %}<p>Office of <b>Statistics</b></p>{% endblock %}"
    own = dataclasses.replace(notes, config=dataclasses.replace(notes.config, notes_blocks=blocks))
    for name, text in render_all(own).items():
        assert ("<p>Office of <b>Statistics</b></p>" in text) == name.endswith(".html")
    broken = dataclasses.replace(notes, config=dataclasses.replace(notes.config, notes_blocks="{% block brand %}"))
    with pytest.raises(InputError, match=r"notes\.blocks fails"):
        render_html(broken)


def test_a_series_told_by_skills_says_so() -> None:
    """A cluster without a link to an occupation had "0 links, of which 42.9% arrive"."""
    notes = changed_notes()
    said = wording("en")("series_skills")
    assert notes.delta and said not in render_notes(notes)
    amounts = [dataclasses.replace(a, links_before=0) if a.breaks else a for a in notes.delta.amounts]
    without = dataclasses.replace(notes, delta=dataclasses.replace(notes.delta, amounts=amounts))
    assert said in render_notes(without)


def test_a_cluster_that_is_only_described_anew_has_no_cause() -> None:
    """Of 274 clusters that "changed for ESCO", no skill had come to or left 142."""
    notes = changed_notes()
    assert notes.delta
    anew = [Change("cluster", kind, f"c{n:05d}", cause="esco") for n, kind in enumerate(("renamed", "re-described"), 1)]
    more = dataclasses.replace(notes, delta=dataclasses.replace(notes.delta, changes=[*notes.delta.changes, *anew]))
    row = r"\| a change in ESCO \| 2 \| "
    assert re.search(row, render_notes(notes)) and re.search(row, render_notes(more))


def test_who_made_it_counts_the_names_of_people() -> None:
    notes = sample_notes()
    clusters = {
        key: dataclasses.replace(c, name_status=c.name_status | {"en": "made"}) if key == "c00002" else c
        for key, c in notes.clustering.clusters.items()
    }
    fewer = dataclasses.replace(notes, clustering=dataclasses.replace(notes.clustering, clusters=clusters))
    assert f"wrote {len(clusters) - 1} of the {len(clusters)} names" in render_notes(fewer)


@pytest.mark.parametrize(("kind", "said_of"), [("table", "not the publisher"), ("official", "not ESCO")])
def test_definitions_that_the_program_wrote_are_counted(kind: str, said_of: str) -> None:
    notes = sample_notes()
    given = {
        key: dataclasses.replace(c, given_texts={("definition", "en"): "theirs"}) if key != "c00003" else c
        for key, c in notes.clustering.clusters.items()
    }
    origin = Origin(kind, "An institute", {"en": "By hand."})
    theirs = dataclasses.replace(notes.clustering, clusters=given, origin=origin)
    assert f"1 cluster has a definition that the program wrote, {said_of}." in render_notes(
        dataclasses.replace(notes, clustering=theirs)
    )


def test_groups_that_the_official_hierarchy_loses_are_told_in_the_body() -> None:
    notes = sample_notes()
    left = [*notes.clustering.statements, said("said_official_left", n=2)]
    origin = Origin("official", "the European Commission", {"en": "Groups of the pillar."})
    text = render_notes(
        dataclasses.replace(notes, clustering=dataclasses.replace(notes.clustering, statements=left, origin=origin))
    )
    body = text.split("## Annexes")[0]
    assert "Groups of the skills pillar that are no skill's primary cluster, left out: 2." in body


def test_a_share_is_rounded_once() -> None:
    """521 of 13,896 are 3.7 %; the measure has 0.0375, which would round to 3.8 %."""
    body = Body(Teller(sample_notes(), wording("en")))
    body.coverage["allocated"] = 13_896
    body._skills["c00001"]["skills"], body._skills["c00001"]["share"] = 521, 0.0375
    assert wording("en").plain(body.share("c00001")) == "3.7%"


def test_a_weight_that_is_not_zero_never_shows_as_zero() -> None:
    notes = sample_notes()
    table = notes.tables["related-clusters"]
    at = table.columns.index("weight")
    rows = [(*row[:at], 0.0012, *row[at + 1 :]) for row in table.rows]
    small = dataclasses.replace(notes, tables={**notes.tables, table.name: dataclasses.replace(table, rows=rows)})
    assert "| <0.01 |" in render_notes(small).replace("\\<", "<")


def test_links_that_the_source_added_and_removed_are_told_beside_the_breaks() -> None:
    """One of the three clusters has half as many links more, and no skill that moved."""
    text = render_notes(changed_notes())
    assert "ESCO itself added 12 links and removed 3." in text
    assert "In 1 more cluster the number of links changed by more than 5.0% for that reason" in text
    notes = changed_notes()
    assert notes.delta
    # 106 links and 4.9 % of them from other clusters: the source did not do that.
    amounts = [*notes.delta.amounts, Amount(1, "c00004", 100, 106, 0.0, 0.049, 0.0, False)]
    assert "In 1 more cluster" in render_notes(
        dataclasses.replace(notes, delta=dataclasses.replace(notes.delta, amounts=amounts))
    )
    counts = [count for count in notes.delta.counts if count.about != "occupation link"]
    silent = render_notes(dataclasses.replace(notes, delta=dataclasses.replace(notes.delta, counts=counts)))
    assert "ESCO itself added" not in silent


def test_memberships_beside_the_primary_one_are_counted_apart() -> None:
    text = render_notes(changed_notes())
    assert "Memberships beside the primary one: 1 new, 1 gone." in text
    assert "1 cluster has another name" in text


def test_decisions_are_named_only_where_one_reached_a_skill() -> None:
    """A release without a decision said that people wrote single decisions."""
    notes = _notes()
    assert "Decisions of people placed or kept" in render_notes(notes)
    table = notes.tables["allocation-methods"]
    at = table.columns.index("decided")
    rows = [tuple(0 if n == at else cell for n, cell in enumerate(row)) for row in table.rows]
    none = {**notes.tables, "allocation-methods": dataclasses.replace(table, rows=rows)}
    assert "ecision of people" not in render_notes(dataclasses.replace(notes, tables=none))


def test_names_are_wanted_in_the_languages_of_the_source_alone() -> None:
    """A release has names in no other language, so a name given in one would change nothing."""
    notes = _notes()
    assert "Fehlende Namen" not in render_notes(notes, "de")
    release = dataclasses.replace(notes.release, languages=(*notes.release.languages, "de"))
    in_german = dataclasses.replace(notes, release=release)
    rows = render_notes(in_german, "de").partition("Fehlende Namen")[2].partition("## ")[0]
    assert "| Deutsch | 26 |" in rows and "Polnisch" not in rows, "the sample has names in Polish"


def test_a_movement_that_is_not_drawn_is_counted() -> None:
    notes = changed_notes()
    assert notes.delta
    assert "largest movements" not in render_html(notes)
    rows = [BridgeRow(1, f"c{n:05}", f"c{m:05}", 2, 4, 4, 0.1, 0.1, 0.1, 0.1) for n in range(1, 9) for m in range(1, 5)]
    many = dataclasses.replace(notes.delta, bridge=rows)
    moved = sum(row.source != row.target for row in rows)
    assert moved == 28
    more = [dataclasses.replace(row, source="c00009", target=f"c{n:05}", skills=1) for n, row in enumerate(rows[:5], 1)]
    text = render_html(dataclasses.replace(notes, delta=dataclasses.replace(many, bridge=[*rows, *more])))
    assert "The largest movements are drawn; 3 skills moved on ways that are not." in text
