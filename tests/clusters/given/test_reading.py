"""Clusters of somebody else: every form is read alike, and every mistake is told with file, sheet, row and value."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from esco_kg.clusters.given import read_given
from esco_kg.clusters.given.iris import with_their_path
from esco_kg.errors import InputError, UsageError
from esco_kg.esco.pillar import read_pillar
from esco_kg.model.given import GivenCluster, GivenClusters
from esco_kg.model.pillar import RetiredConcept
from esco_kg.resources import folder
from tests.support import trades

A, B, C, D = (trades.skill(0, n) for n in range(4))
KEY_OF_C = C.rsplit("/", 1)[1]
MEMBERS = f"""skill,cluster,weight,rank
{A},K1,0.6,
handle bread tool 1,K2,,
{KEY_OF_C},K2,0.5,2
{C},K1,0.9,1
{D},M,,
"""
CLUSTERS = """id,parent,label_en,alt_label_en,definition_pl
K,,Kitchen,,
K1,K,Oven,Stove|Range,O piecach.
K2,K,,,
M,,Metal,,
"""


def given(folder: Path, **files: str) -> GivenClusters:
    """``members="..."`` writes members.csv."""
    paths = []
    for name, text in files.items():
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text(text, encoding="utf-8")
    return read_given(paths, trades.pillar())


def said(found: GivenClusters) -> tuple[object, ...]:
    """What is the same in every form."""
    clusters = {
        c.id: (c.parent, c.labels, c.alt_labels, c.definitions, c.sectors) for c in found.clusters.values()
    }  # fmt: skip
    return clusters, [(m.skill, m.cluster, m.weight, m.rank) for m in found.memberships]


def test_two_tables_are_read(tmp_path: Path) -> None:
    found = given(tmp_path, members=MEMBERS, clusters=CLUSTERS)
    assert [(c.id, c.parent) for c in found.clusters.values()] == [("K", ""), ("K1", "K"), ("K2", "K"), ("M", "")]
    assert found.clusters["K1"].alt_labels == {"en": ("Stove", "Range")}
    assert found.clusters["K1"].definitions == {"pl": "O piecach."}
    assert [(m.skill, m.cluster, m.weight, m.rank) for m in found.memberships] == [
        (A, "K1", 0.6, 0), (B, "K2", 1.0, 0), (C, "K2", 0.5, 2), (C, "K1", 0.9, 1), (D, "M", 1.0, 0),
    ]  # fmt: skip
    assert found.primary()[C].cluster == "K1"
    assert [source.name for source in found.sources] == ["members.csv", "clusters.csv"]


def test_the_primary_cluster_is_told_by_rank_else_weight_else_order(tmp_path: Path) -> None:
    rows = f"{A},X,0.1,1\n{A},Y,0.9,2\n{B},X,0.1,\n{B},Y,0.9,\n{C},Y,,\n{C},X,,\n{D},X,,\n"
    primary = given(tmp_path, members=f"skill,cluster,weight,rank\n{rows}").primary()
    assert [primary[skill].cluster for skill in (A, B, C, D)] == ["X", "Y", "Y", "X"]


def _cells(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.splitlines()]


def _workbook(folder: Path) -> list[Path]:
    book = openpyxl.Workbook()
    for name, text in (("Members", MEMBERS), ("What they are", CLUSTERS)):
        sheet = book.create_sheet(name)
        for row in _cells(text):
            sheet.append([float(cell) if re.fullmatch(r"\d+(\.\d+)?", cell) else cell for cell in row])
    book.save(folder / "own.xlsx")
    return [folder / "own.xlsx"]


def _parquet(folder: Path) -> list[Path]:
    for name, text in (("members", MEMBERS), ("clusters", CLUSTERS)):
        head, *rows = _cells(text)
        pl.DataFrame(rows, schema=head, orient="row").write_parquet(folder / f"{name}.parquet")
    return [folder / "members.parquet", folder / "clusters.parquet"]


def _semicolons(folder: Path) -> list[Path]:
    for name, text in (("members", MEMBERS), ("clusters", CLUSTERS)):
        (folder / f"{name}.csv").write_text("\ufeff" + text.replace(",", ";"), encoding="utf-8")
    return [folder / "members.csv", folder / "clusters.csv"]


@pytest.mark.parametrize("form", [_workbook, _parquet, _semicolons])
def test_every_form_of_a_table_says_the_same(tmp_path: Path, form: Callable[[Path], list[Path]]) -> None:
    wanted = given(tmp_path, members=MEMBERS, clusters=CLUSTERS)
    assert said(read_given(form(tmp_path), trades.pillar())) == said(wanted)


def test_a_data_frame_says_the_same(tmp_path: Path) -> None:
    wanted = given(tmp_path, members=MEMBERS, clusters=CLUSTERS)
    frames = [pl.DataFrame(rows, schema=head, orient="row") for head, *rows in map(_cells, (MEMBERS, CLUSTERS))]
    assert said(read_given(frames, trades.pillar())) == said(wanted)
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frames = [pandas.DataFrame(rows, columns=head) for head, *rows in map(_cells, (MEMBERS, CLUSTERS))]
    assert said(read_given(frames, trades.pillar())) == said(wanted)


ONE = f"{A},K1\n"


@pytest.mark.parametrize(
    ("files", "message", "hint"),
    [
        ({"members": f"skill,cluster\n{ONE}handle braed tool 1,K1\n"},
         "members.csv:3: 'handle braed tool 1' is no skill of ESCO 9.9.9; the nearest labels are: handle bread tool 1",
         "Copy a label"),
        ({"members": f"skill,cluster\n{ONE}{trades.BASE}/skill/gone,K1\n"},
         "members.csv:3: https://example.org/workshop/skill/gone is no skill of ESCO 9.9.9; it may be one of another",
         "conceptUri"),
        ({"members": f"skill,cluster\n{ONE},K1\n"}, "members.csv:3: skill is empty", "Fill the cell"),
        ({"members": f"skill,cluster,weight\n{A},K1,0\n"}, "members.csv:2: weight '0' is no positive number", "0.25"),
        ({"members": f"skill,cluster,weight\n{A},K1,\"0,5\"\n"}, "weight '0,5' is no positive number", "with a point"),
        ({"members": f"skill,cluster,rank\n{A},K1,1.5\n"}, "rank '1.5' is no positive whole number", ""),
        ({"members": f"skill,cluster\n{ONE}bread theory 0,K1\n"},
         "members.csv:3: bread theory 0 in K1 stands at members.csv:2 already", "one of the two"),
        ({"members": f"skill,cluster\n{A},K 1\n"}, "members.csv:2: the id 'K 1' is no segment of an IRI", "letters"),
        ({"members": f"skill,cluster\n{A},K/1\n"}, "members.csv:2: the id 'K/1' is no segment of an IRI", "letters"),
        ({"members": f"skill,cluster\n{A},Küche\n"}, "members.csv:2: the id 'Küche' is no segment", "letters"),
        ({"members": f"skill,cluster\n{ONE}", "clusters": "id\nK2\n"},
         "members.csv:2: the cluster K1 is not in the table of clusters", "Add it there"),
        ({"members": f"skill,cluster\n{ONE}", "clusters": "id\nK1\nK2\n"},
         "clusters.csv:3: the cluster K2 is empty", ""),
        ({"members": f"skill,cluster\n{ONE}", "clusters": "id,parent\nK1,K\n"},
         "clusters.csv:2: the parent K of K1 is not in the table", ""),
        ({"members": f"skill,cluster\n{ONE}", "clusters": "id,parent\nK1,K2\nK2,K3\nK3,K1\n"},
         "clusters.csv:2: K1 is above itself: K1 under K2 under K3 under K1", "Take the parent"),
        ({"members": f"skill,cluster\n{ONE}", "clusters": "id,parent\nK,\nL,\nK1,K\nK1,L\n"},
         "clusters.csv:5: K1 has two parents: K at clusters.csv:4, L", "one row"),
        ({"members": f"skill,cluster\n{ONE}", "clusters": "id,parent\nK1,b\nb,c\nc,d\nd,e\ne,\n"},
         "clusters.csv:2: K1 is at level 5: K1 under b under c under d under e", "4 levels"),
        ({"members": f"skill,cluster\n{A},K\n{B},K1\n", "clusters": "id,parent\nK,\nK1,K\n"},
         f"members.csv:2: {A} is in K, which has clusters below it, such as K1", "one of the clusters below"),
        ({"members": f"skill,cluster\n{A},K1\n{B},K2\n", "clusters": "id,label_en\nK1,Bread\nK2,bread\n"},
         "clusters.csv:3: the label 'bread' (en) of K2 is that of K1, at the same level 1", "its own label"),
        ({"members": f"skill,cluster\n{A},K1\n{B},K2\n", "clusters": "id,notation\nK1,1\nK2,1\n"},
         "clusters.csv:3: the notation '1' of K2 is that of K1", "once in the scheme"),
        ({"members": f"skill,cluster\n{A},K1\n{A},K2\n", "clusters": "id\nK1\nK2\n"},
         "clusters.csv:3: the cluster K2 has further members alone", ""),
        ({"members": f"skill,cluster,level\n{A},K1,1\n"}, "members.csv: unknown column level", "skill and cluster"),
        ({"clusters": "id\nK1\n"}, "clusters.csv: no row says which skill is in which cluster", "skill and"),
        ({"members": ""}, "members.csv: the table is empty", ""),
        ({"members": "skill,cluster\n"}, "members.csv: no row says which skill is in which cluster", "skill and"),
        ({"members": f"skill,cluster,rank\n{A},K1,1\n{A},K2,1\n"},
         f"members.csv:3: rank 1 of {A} is K2, and K1 at members.csv:2", "its own rank"),
        ({"members": f"skill,cluster,rank\n{A},K1,0\n"}, "rank '0' is no positive whole number", "1 for the primary"),
        ({"members": f"skill,cluster\n{ONE}", "clusters": "id,label_en,alt_label_en\nK1,Bread,Loaf|Bread\n"},
         "clusters.csv:2: the label 'Bread' (en) of K1 is an alternative label of it, too", "S13"),
        ({"members": f"skill,cluster\n{ONE}", "clusters": "id,definition_en\nK1,Br\x01ead\n"},
         "clusters.csv:2: definition_en 'Br\\x01ead' holds the character U+0001", "Take the character out"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(tmp_path: Path, files: dict[str, str], message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        given(tmp_path, **files)
    assert message in str(caught.value) and hint in caught.value.hint


def test_a_table_that_a_spreadsheet_saved_in_windows_1252_is_told(tmp_path: Path) -> None:
    (tmp_path / "members.csv").write_bytes(f"skill,cluster\n{A},K1\ncafé,K1\n".encode("cp1252"))
    with pytest.raises(InputError, match=r"members.csv:3: byte 0xE9 is not UTF-8; in Windows-1252, .* it is “é”"):
        read_given([tmp_path / "members.csv"], trades.pillar())


def test_a_withdrawn_skill_is_told_with_its_successors(tmp_path: Path) -> None:
    """As the RDF dump has them; a successor that is withdrawn itself leads on to its own."""
    pillar, gone = trades.pillar(), f"{trades.BASE}/skill/gone"
    for name, label, successors in (("gone", "fire an oven", ("older",)), ("older", "", (A, B)), ("lost", "", ())):
        iri = f"{trades.BASE}/skill/{name}"
        replaced = tuple(s if "/" in s else f"{trades.BASE}/skill/{s}" for s in successors)
        pillar.retired[iri] = RetiredConcept(iri, "KnowledgeSkillCompetence", label, replaced)
    named = f"“{pillar.skills[A].label()}” ({A}) and “{pillar.skills[B].label()}” ({B})"
    path = tmp_path / "members.csv"
    for value in (gone, "gone", "fire an oven"):
        path.write_text(f"skill,cluster\n{ONE}{value},K1\n", encoding="utf-8")
        with pytest.raises(InputError, match=re.escape(f"is withdrawn in ESCO 9.9.9, replaced by {named}")) as caught:
            read_given([path], pillar)
        assert caught.value.hint == "Name the successor."
    path.write_text(f"skill,cluster\n{ONE}lost,K1\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"'lost' is withdrawn in ESCO 9\.9\.9, and ESCO names no successor"):
        read_given([path], pillar)


def test_a_mistake_in_a_workbook_names_the_sheet(tmp_path: Path) -> None:
    path = _workbook(tmp_path)[0]
    book = openpyxl.load_workbook(path)
    book["Members"]["A3"] = "kneading"
    book.save(path)
    with pytest.raises(InputError, match=r"own.xlsx sheet Members:3: 'kneading' is no skill"):
        read_given([path], trades.pillar())


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    rows = "".join(f"unknown thing {n},K1\n" for n in range(14))
    with pytest.raises(InputError) as caught:
        given(tmp_path, members=f"skill,cluster\n{rows}")
    assert "members.csv:2: " in str(caught.value) and "members.csv:11: " in str(caught.value)
    assert "; and 4 more mistakes" in str(caught.value)


# --- SKOS ------------------------------------------------------------------------------------------------------------

HEAD = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix : <https://clusters.example.org/> .
:scheme a skos:ConceptScheme .
:K a skos:Concept ; skos:topConceptOf :scheme ; skos:notation "K" ; skos:prefLabel "Kitchen"@en .
:k1 a skos:Concept ; skos:inScheme :scheme ; skos:broader :K ; skos:notation "K.1" ; skos:altLabel "Stove"@en ;
  xl:prefLabel [ xl:literalForm "Oven"@en ] .
"""


@pytest.mark.parametrize(
    "statement",
    [
        ":k1 skos:narrowMatch <{a}>", "<{a}> skos:broadMatch :k1", ":k1 skos:exactMatch <{a}>",
        "<{a}> skos:exactMatch :k1",
        ":k1 skos:closeMatch <{a}>", "<{a}> skos:closeMatch :k1", ":k1 skos:member <{a}>", ":k1 skos:narrower <{a}>",
    ],
)  # fmt: skip
def test_a_skos_scheme_is_read_by_any_of_its_links(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "scheme.ttl"
    path.write_text(f"{HEAD}{statement.format(a=A)} .\n:k1 skos:relatedMatch <{B}> .\n", encoding="utf-8")
    found = read_given([path], trades.pillar())
    assert [(c.id, c.parent, c.labels, c.alt_labels, c.iri) for c in found.clusters.values()] == [
        ("K", "", {"en": "Kitchen"}, {}, "https://clusters.example.org/K"),
        ("K.1", "K", {"en": "Oven"}, {"en": ("Stove",)}, "https://clusters.example.org/k1"),
    ]
    assert [(m.skill, m.cluster) for m in found.memberships] == [(A, "K.1")]


@pytest.mark.parametrize(
    ("statements", "message"),
    [
        ("", "scheme.ttl: no concept is joined to a skill of ESCO"),
        (":k1 skos:narrowMatch <{a}> ; skos:broader :L . :L a skos:Concept ; skos:inScheme :scheme .",
         "scheme.ttl <https://clusters.example.org/k1>: K.1 has two parents: K, L"),
        (":k1 skos:narrowMatch <{a}> ; skos:inScheme :other .", "scheme.ttl: the clusters are in 2 schemes"),
        (":k1 skos:narrowMatch <{a}> . :k2 a skos:Concept ; skos:inScheme :scheme ; skos:broader :K .",
         "scheme.ttl <https://clusters.example.org/k2>: the cluster k2 is empty"),
        (":k1 skos:narrowMatch <{a}> . :k2 skos:narrowMatch <{b}> ; skos:notation 'K.1' .",
         "scheme.ttl <https://clusters.example.org/k2>: has the notation K.1 of <https://clusters.example.org/k1>"),
        (":k1 skos:narrowMatch <{base}/skill/gone> .", "scheme.ttl <https://clusters.example.org/k1>: https://"),
        (":k1 skos:narrowMatch", "scheme.ttl: cannot be read as RDF"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_skos_file_names_the_concept(tmp_path: Path, statements: str, message: str) -> None:
    path = tmp_path / "scheme.ttl"
    path.write_text(HEAD + statements.format(a=A, b=B, base=trades.BASE), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_given([path], trades.pillar())
    assert message in str(caught.value) and caught.value.hint


@pytest.mark.parametrize(
    ("iris", "path", "told"),
    [
        ({"A": "work/A", "B": "work/B"}, "work/", ""),
        ({"A": "cluster/A"}, "cluster/", ""),
        ({"A": "work/one", "B": "work/two"}, "cluster/", ": 2. They are published as skos:exactMatch."),
        ({"A": "work/A", "B": "play/B"}, "cluster/", ": 2. They are"),
        ({"A": "scheme/A"}, "cluster/", ": 1. They are"),
        ({"A": "A"}, "cluster/", ": 1. They are"),
    ],
)
def test_iris_under_the_base_are_kept_where_they_have_one_path(iris: dict[str, str], path: str, told: str) -> None:
    config = trades.config()
    clusters = {key: GivenCluster(key, iri=config.base_iri + local) for key, local in iris.items()}
    given = GivenClusters("skos", clusters | {"E": GivenCluster("E", iri="https://elsewhere.example/E")}, [])
    found = with_their_path(config, given)
    assert (found.cluster_path, found.as_read["scheme"]["cluster_path"]) == (path, path)
    assert [told in statement for statement in given.statements] == ([True] if told else [])


# --- the official hierarchy, and what holds no clusters ----------------------------------------------------


def test_a_level_of_the_official_hierarchy() -> None:
    found = read_given(["official:1"], trades.pillar())
    assert [c for c in found.clusters][:3] == ["S1", "S1.1", "S1.2"] and found.sources == []
    assert found.clusters["S1.1"].labels["en"] == "bread baking"
    assert {m.cluster for m in found.memberships if m.skill == A} == {"S1.1"}


def test_a_group_that_repeats_its_label_among_the_alternatives_has_it_once() -> None:
    pillar = trades.pillar()
    group = next(group for group in pillar.skill_groups.values() if group.code == "S1.1")
    label = group.texts["en"].pref
    group.texts["en"] = replace(group.texts["en"], alt=(label, "baking"))
    assert read_given(["official:1"], pillar).clusters["S1.1"].alt_labels["en"] == ("baking",)


def test_a_skill_below_two_groups_belongs_to_both_and_first_to_the_lowest_code() -> None:
    pillar = trades.pillar()
    pillar.skill_broader.append((D, f"{trades.BASE}/group/S4.2"))
    found = read_given(["official:1"], pillar)
    assert [(m.cluster, m.weight, m.rank) for m in found.memberships if m.skill == D] == [
        ("S1.1", 0.5, 1),
        ("S4.2", 0.5, 2),
    ]


@pytest.mark.parametrize("named", [["official:4"], ["clusters.docx"], ["official:1", "members.csv"]])
def test_what_no_clusters_can_be_read_from_is_refused(tmp_path: Path, named: list[str]) -> None:
    paths = []
    for name in named:
        if not name.startswith("official:"):
            (tmp_path / name).write_text(f"skill,cluster\n{ONE}", encoding="utf-8")
            name = str(tmp_path / name)
        paths.append(name)
    with pytest.raises(UsageError):
        read_given(paths, trades.pillar())
    with pytest.raises(InputError, match="there is no such file"):
        read_given([tmp_path / "absent.csv"], trades.pillar())


def test_a_release_gives_the_clusters_that_share_a_skill_and_not_those_it_is_only_found_under(
    demonstration: Path,
) -> None:
    """A cosine of meanings is no share: taken for one, it would make statistics of what enters none."""
    pillar = read_pillar([folder("demonstration") / "v1.0.0"], version="1.0.0", dangling_share=0.05)
    with next(demonstration.glob("*-allocations.csv")).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {"primary", "used-in", "found-under"} <= {row["rank"] for row in rows}
    found = read_given([demonstration], pillar).memberships
    assert [(m.skill, m.cluster, m.weight) for m in found] == [
        (row["skill"], row["cluster"], float(row["weight"])) for row in rows if row["rank"] != "found-under"
    ]
