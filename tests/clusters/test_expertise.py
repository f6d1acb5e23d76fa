"""Expert input: lines keep their place, contradictions name both, what is gone is told, a line does what it says."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esco_kg.clusters import cluster
from esco_kg.clusters.allocations import allocations
from esco_kg.clusters.contradictions import check_decisions
from esco_kg.clusters.expertise import read_expertise, read_ledger
from esco_kg.clusters.nested import Nested
from esco_kg.errors import InputError
from esco_kg.model.clustering import Cluster, Clustering, RegistryEntry, Rejection
from esco_kg.model.expertise import Decision, Expertise
from esco_kg.model.published import Published, PublishedCluster
from esco_kg.resources import folder
from tests.support import trades

A, B, C, D = (trades.skill(0, n) for n in range(4))
FAR = trades.skill(7, 0)
GONE = f"{trades.BASE}/skill/gone"
HEADS = {
    "forced.csv": "skill,target,reason",
    "seeds.csv": "skill,target,reason",
    "must-link.csv": "skills,reason",
    "cannot-link.csv": "skills,reason",
    "contents/1.0.0.csv": "skill,clusters",
    "names/en.csv": "content,label,alt_labels,definition,scope_note,exclusion_note,status",
    "ledger.csv": "id,date,reviewer,release,skill,decision,target,reason,revokes",
}
FRAME = 'branch = "sector"\nstatus = "draft"\nseeds = ["S1"]\n[sectors]\nA = 1\n[label]\nen = "Food"\n'


def write(place: Path, **files: str) -> Path:
    """``forced="<rows>"`` writes forced.csv; ``frame=...`` frames/food.toml; ``names`` names/en.csv, and ``contents``
    contents/1.0.0.csv."""
    place.mkdir(exist_ok=True)
    files = {{"names": "names/en", "contents": "contents/1.0.0"}.get(name, name): rows for name, rows in files.items()}
    for name, rows in files.items():
        if name == "frame":
            (place / "frames").mkdir(exist_ok=True)
            (place / "frames" / "food.toml").write_text(rows, encoding="utf-8")
            continue
        file = name.replace("_", "-") + ".csv"
        (place / file).parent.mkdir(exist_ok=True)
        (place / file).write_text(f"{HEADS[file]}\n{rows}", encoding="utf-8")
    return place


def read(place: Path, previous: Published | None = None, **files: str) -> Expertise:
    return read_expertise(write(place, **files), trades.pillar(), previous)


def previous(*ids: str, retired: tuple[RegistryEntry, ...] = ()) -> Published:
    clusters = {
        i: PublishedCluster(i, 3, None, f"name {i}", "2026-01-01", "2026-01-01", "", frozenset({A})) for i in ids
    }
    registry = [*(RegistryEntry(i, 3, "1.0.0") for i in ids), *retired]
    return Published(Path("."), "1.0.0", "9.9.9", "https://example.org/", "2026-01-01", clusters, registry)


# --- reading ---------------------------------------------------------------------------------------------------------


def test_the_files_of_the_project_are_read_and_decide_nothing_about_invented_skills() -> None:
    found = read_expertise(folder("curation"), trades.pillar())
    assert found.decisions == []


def test_a_folder_without_files_is_no_expertise(tmp_path: Path) -> None:
    assert read_expertise(tmp_path, trades.pillar()) == Expertise()


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    text = (
        f'\ufeff# what this is\nskill,target,reason\n\n# one\n{A},skill:{B},"two\nlines"\n# more\n  {C} , skill:{B} ,\n'
    )
    (tmp_path / "forced.csv").write_text(text, encoding="utf-8")
    found = read_expertise(tmp_path, trades.pillar()).decisions
    assert [(d.place, d.skills, d.target, d.reason) for d in found] == [
        ("forced.csv:5", (A,), f"skill:{B}", "two\nlines"),
        ("forced.csv:8", (C,), f"skill:{B}", ""),
    ]


def test_a_frame_is_read_whole(tmp_path: Path) -> None:
    found = read(tmp_path, frame=FRAME, forced=f"{A},food,\n")
    frame = found.frames[0]
    assert (frame.key, frame.branch, frame.labels, frame.sectors, frame.seeds, frame.place) == (
        "food", "sector", {"en": "Food"}, {"A": 1.0}, ("S1",), "frames/food.toml",
    )  # fmt: skip
    assert found.frames[0].status == "draft" and found.decisions[0].target == "food"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"forced": f"{A},skill:{B}\n"}, "forced.csv:2: the row has 2 cells, the head 3"),
        ({"forced": f",skill:{B},\n"}, "forced.csv:2: skill is empty"),
        ({"forced": f"{A},,\n"}, "forced.csv:2: target is empty"),
        ({"forced": "bread,food,\n"}, "forced.csv:2: 'bread' is no IRI of a skill"),
        ({"forced": f"{A},skill:{A},\n"}, "forced.csv:2: the target is the skill itself"),
        ({"forced": f"{A},fod,\n", "frame": FRAME}, "forced.csv:2: unknown target 'fod'"),
        ({"must_link": f"{A},x\n"}, "must-link.csv:2: skills names one skill only"),
        ({"names": "1.0.0/c1,Bread,,,,,maybe\n", "contents": f"{A},c1\n"}, "names/en.csv:2: status 'maybe' is unknown"),
        ({"names": "1.0.0/c1,Bread,,,,,draft\n1.0.0/c2,bread,,,,,draft\n", "contents": f"{A},c1 c2\n"},
         "names/en.csv:3: the label 'bread' stands at names/en.csv:2 already"),
        ({"names": "1.0.0/c1,Bread,,,,,draft\n1.0.0/c1,Loaf,,,,,draft\n", "contents": f"{A},c1\n"},
         "names/en.csv:3: names/en.csv:2 names the same cluster"),
        ({"names": "1.0.0/c1,,Loaf,,,,draft\n", "contents": f"{A},c1\n"},
         "names/en.csv:2: alternative labels without a label"),
        ({"contents": f"{A},c1\n{A},c2\n"}, "contents/1.0.0.csv:3: the skill stands at contents/1.0.0.csv:2 already"),
        ({"contents": f"{A} {B},c1\n"}, "contents/1.0.0.csv:2: the line names several skills"),
        ({"contents": f"{A},\n"}, "contents/1.0.0.csv:2: clusters is empty"),
        ({"contents": f"{A},c1 c2\n{B},c2\n"}, "contents/1.0.0.csv:3: c2 stands at level 1 here and at level 2 above"),
        ({"frame": FRAME.replace("draft", "done")}, "frames/food.toml: status is 'done'"),
        ({"ledger": f"1,2026,r,1.0.0,{A},move,skill:{B},,\n"}, "ledger.csv:2: date '2026' is no date"),
        ({"ledger": f"1,2026-01-01,r,1.0.0,{A},shove,skill:{B},,\n"}, "ledger.csv:2: decision 'shove' is unknown"),
        ({"ledger": f"1,2026-01-01,r,1.0.0,{A},move,,,\n"}, "ledger.csv:2: target is empty"),
        ({"ledger": f"1,2026-01-01,r,1.0.0,{A},must-link,c00001,,\n"}, "ledger.csv:2: a link to c00001"),
        ({"ledger": "1,2026-01-01,r,1.0.0,,revoke,,,\n"}, "ledger.csv:2: the line revokes nothing"),
        ({"ledger": "1,2026-01-01,r,1.0.0,,revoke,,,7\n"}, "ledger.csv:2: revokes 7, which no line above has"),
        ({"ledger": f"1,2026-01-01,r,1.0.0,{A},unsure,,,\n1,2026-01-01,r,1.0.0,{B},unsure,,,\n"},
         "ledger.csv:3: id 1 stands at ledger.csv:2 already"),
        ({"frame": "branch ="}, "frames/food.toml: cannot be read as a frame"),
        ({"frame": FRAME.replace("sector", "sektor", 1)}, "frames/food.toml: branch is 'sektor'"),
        ({"frame": FRAME.replace("seeds", "seed")}, "frames/food.toml: unknown key seed"),
        ({"frame": FRAME.replace("en =", "de =")}, "frames/food.toml: the frame has no English label"),
    ],
)  # fmt: skip
def test_a_malformed_line_is_named(tmp_path: Path, files: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        read(tmp_path, **files)
    assert caught.value.hint


def test_a_name_without_a_content_is_told_where_contents_stand(tmp_path: Path) -> None:
    for content in ("c00042", "1.0.0/c9", "0.9.0/c1"):
        with pytest.raises(InputError, match=f"names/en.csv:2: content '{content}' is unknown") as caught:
            read(tmp_path, names=f"{content},Bread,,,,,draft\n", contents=f"{A},c1\n")
        assert caught.value.hint.endswith("Files: 1.0.0.")


def test_a_file_of_names_is_called_by_its_language(tmp_path: Path) -> None:
    (tmp_path / "names").mkdir()
    (tmp_path / "names" / "Polish.csv").write_text(f"{HEADS['names/en.csv']}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"names/Polish.csv: 'Polish' is no language tag"):
        read(tmp_path)


def test_a_line_without_a_text_waits_for_one(tmp_path: Path) -> None:
    found = read(
        tmp_path, names="1.0.0/c1,,,,,,draft\n1.0.0/c2,,,Only a definition.,,,draft\n", contents=f"{A},c1 c2\n"
    )
    assert [(name.content, name.definition) for name in found.names] == [("1.0.0/c2", "Only a definition.")]


def test_another_head_is_named(tmp_path: Path) -> None:
    (tmp_path / "forced.csv").write_text("skill;target;reason\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"forced.csv:1: the head is 'skill;target;reason'"):
        read_expertise(tmp_path, trades.pillar())
    (tmp_path / "forced.csv").write_bytes(b"skill,target,reason\n\xff")
    with pytest.raises(InputError, match=r"forced.csv:2: byte 0x.. is not UTF-8"):
        read_expertise(tmp_path, trades.pillar())


# --- contradictions name both lines ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "places"),
    [
        ({"forced": f"{A},skill:{C},\n{A},skill:{D},\n"}, ("forced.csv:2", "forced.csv:3")),
        ({"forced": f"{A},skill:{C},\n", "ledger": f"1,2026-01-01,r,1.0.0,{A},move,skill:{D},,\n"},
         ("forced.csv:2", "ledger.csv:2")),
        ({"must_link": f"{A} {B},\n", "cannot_link": f"{B} {A},\n"}, ("must-link.csv:2", "cannot-link.csv:2")),
        ({"must_link": f"{A} {B},\n{B} {C},\n{C} {D},\n", "cannot_link": f"{D} {A},\n"},
         ("must-link.csv:2", "must-link.csv:3", "must-link.csv:4", "cannot-link.csv:2")),
        ({"must_link": f"{A} {B},\n", "forced": f"{A},skill:{C},\n{B},skill:{D},\n"},
         ("must-link.csv:2", "forced.csv:2", "forced.csv:3")),
        ({"cannot_link": f"{A} {B},\n", "forced": f"{A},skill:{C},\n{B},skill:{C},\n"},
         ("cannot-link.csv:2", "forced.csv:2", "forced.csv:3")),
        ({"cannot_link": f"{A} {B},\n", "forced": f"{A},skill:{B},\n"}, ("cannot-link.csv:2", "forced.csv:2")),
        ({"ledger": f"1,2026-01-01,r,1.0.0,{A},reject,skill:{B},,\n", "forced": f"{A},skill:{B},\n"},
         ("ledger.csv:2", "forced.csv:2")),
        ({"ledger": f"1,2026-01-01,r,1.0.0,{A},also,skill:{B},,\n2,2026-01-01,q,1.0.0,{A},reject,skill:{B},,\n"},
         ("ledger.csv:2", "ledger.csv:3")),
    ],
)  # fmt: skip
def test_a_contradiction_names_every_line_of_it(tmp_path: Path, files: dict[str, str], places: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, **files)
    assert [place for place in places if not re.search(rf"{re.escape(place)}\b", str(caught.value))] == []


@pytest.mark.parametrize(
    "files",
    [
        {"forced": f"{A},skill:{C},\n{A},skill:{C},agreed by two\n"},
        {"must_link": f"{A} {B},\n", "cannot_link": f"{A} {C},\n"},
        {"must_link": f"{A} {B},\n", "forced": f"{A},skill:{C},\n{B},skill:{C},\n"},
        {"cannot_link": f"{A} {B},\n", "forced": f"{A},food,\n{B},food,\n", "frame": FRAME},
    ],
)
def test_what_can_hold_together_is_no_contradiction(tmp_path: Path, files: dict[str, str]) -> None:
    assert read(tmp_path, **files).decisions


SKILLS = [trades.skill(n, 9) for n in range(8)]
pairs = st.lists(st.tuples(st.sampled_from(SKILLS), st.sampled_from(SKILLS)).filter(lambda p: p[0] != p[1]), max_size=9)


@settings(max_examples=150, deadline=None)
@given(pairs, pairs)
def test_links_contradict_exactly_where_a_union_find_says_so(
    must: list[tuple[str, str]], cannot: list[tuple[str, str]]
) -> None:
    parent = {skill: skill for skill in SKILLS}

    def root(skill: str) -> str:
        return skill if parent[skill] == skill else root(parent[skill])

    for a, b in must:
        parent[root(a)] = root(b)
    decisions = [Decision("must-link", pair, "", "", f"must-link.csv:{n}") for n, pair in enumerate(must, 2)]
    decisions += [Decision("cannot-link", pair, "", "", f"cannot-link.csv:{n}") for n, pair in enumerate(cannot, 2)]
    broken = [n for n, (a, b) in enumerate(cannot, 2) if root(a) == root(b)]
    if not broken:
        check_decisions(decisions)
        return
    with pytest.raises(InputError) as caught:
        check_decisions(decisions)
    assert caught.value.place == f"cannot-link.csv:{broken[0]}" and "must-link.csv:" in str(caught.value)


# --- what is gone is told --------------------------------------------------------------------------------------------


def test_a_skill_that_is_gone_is_kept_aside_and_a_link_keeps_the_rest(tmp_path: Path) -> None:
    found = read(
        tmp_path, forced=f"{GONE},skill:{A},\n{B},skill:{GONE},\n", must_link=f"{A} {GONE} {B},\n{A} {GONE},\n"
    )
    assert [(d.place, d.skills) for d in found.decisions] == [("must-link.csv:2", (A, B))]
    assert [d.place for d in found.unknown] == ["forced.csv:2", "forced.csv:3", "must-link.csv:2", "must-link.csv:3"]


def test_a_retired_target_leads_to_its_one_successor(tmp_path: Path) -> None:
    retired = (
        RegistryEntry("c00007", 3, "1.0.0", "1.0.0", ("c00008",)),
        RegistryEntry("c00008", 3, "1.0.0", "1.0.0", ("c00001",)),
        RegistryEntry("c00009", 3, "1.0.0", "1.0.0", ("c00001", "c00002")),
    )
    before = previous("c00001", "c00002", retired=retired)
    found = read(tmp_path, before, forced=f"{A},c00007,\n{B},c00009,\n{C},c00002,\n{D},c12345,\n")
    assert [(d.place, d.target) for d in found.decisions] == [("forced.csv:2", "c00001"), ("forced.csv:4", "c00002")]
    assert [d.place for d in found.unknown] == ["forced.csv:2", "forced.csv:3", "forced.csv:5"]


def test_a_revoked_review_is_out_of_force(tmp_path: Path) -> None:
    ledger = write(
        tmp_path,
        ledger=f"1,2026-01-01,r1,1.0.0,{A},move,skill:{C},,\n2,2026-01-02,r2,1.0.0,{B},agree,skill:{C},,\n"
        f"3,2026-01-03,r1,1.0.0,,revoke,,,1\n4,2026-01-04,r1,1.0.0,{B},unsure,,,2\n5,2026-01-05,r1,1.0.0,{D},also,skill:{C},,\n",
    )
    assert [entry.id for entry in read_ledger(ledger / "ledger.csv")] == ["4", "5"]
    assert [(d.place, d.kind) for d in read_expertise(ledger, trades.pillar()).decisions] == [("ledger.csv:6", "also")]


# --- a line does what it says ----------------------------------------------------------------------------------------


def made(place: Path, before: Published | None = None, **files: str) -> Clustering:
    shutil.rmtree(place, ignore_errors=True)
    return cluster(
        trades.pillar(("en",)), trades.sectors(), trades.config(), previous=before,
        expertise_folder=write(place, **files), version="1.0.0", issued="2026-01-31", use_cache=False,
    )  # fmt: skip


def primary(of: Clustering) -> dict[str, str]:
    return {a.skill: a.cluster for a in of.allocations if a.rank == "primary"}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Clustering:
    return made(tmp_path_factory.mktemp("plain") / "curation")


@pytest.mark.parametrize("kind", ["forced", "seeds"])
def test_a_line_moves_the_skill_it_names_and_no_other(tmp_path: Path, plain: Clustering, kind: str) -> None:
    before = primary(plain)
    assert before[A] != before[FAR]
    changed = made(tmp_path / "c", **{kind: f"{A},skill:{FAR},it belongs there\n"})
    after = primary(changed)
    assert {skill: after[skill] for skill in after if after[skill] != before[skill]} == {A: before[FAR]}
    moved = [a for a in changed.allocations if a.skill == A and a.rank == "primary"]
    assert [(a.method, a.decision) for a in moved] == [({"forced": "forced", "seeds": "seed"}[kind], f"{kind}.csv:2")]
    said = "\n".join([*changed.statements, *changed.details])
    assert "Decisions of experts: 1 line in force. They change the cluster of 1 skill: 1 that a line names" in said
    assert f"{kind}.csv:2 ({kind.removesuffix('s')}) moved “bread theory 0” from " in said
    assert made(tmp_path / "c").allocations == plain.allocations  # and without the line all is as it was


def test_links_join_and_part(tmp_path: Path, plain: Clustering) -> None:
    joined = primary(made(tmp_path / "c", must_link=f"{A} {FAR},\n"))
    assert joined[A] == joined[FAR]
    together = next(s for s in primary(plain) if s != A and primary(plain)[s] == primary(plain)[A])
    parted = primary(made(tmp_path / "c", cannot_link=f"{A} {together},\n"))
    assert parted[A] != parted[together]


def test_a_line_that_changes_nothing_says_so(tmp_path: Path, plain: Clustering) -> None:
    there = next(s for s in primary(plain) if s != A and primary(plain)[s] == primary(plain)[A])
    changed = made(tmp_path / "c", forced=f"{A},skill:{there},\n{GONE},skill:{A},\n")
    assert primary(changed) == primary(plain)
    assert "1 line moved nothing: forced.csv:2 (forced)." in changed.details
    assert any(s.startswith("forced.csv:3 (forced): ESCO 9.9.9") and GONE in s for s in changed.details)
    assert any("lack a skill or a target for: 1 line." in s for s in changed.statements)


def test_lines_that_moved_something_are_told_first_and_one_move_once(tmp_path: Path, plain: Clustering) -> None:
    own = next(s for s in primary(plain) if s != A and primary(plain)[s] == primary(plain)[A])
    about = f"2026-01-01,r,1.0.0,{A}"
    said = made(tmp_path / "c", ledger=f"1,{about},reject,skill:{own},,\n2,{about},move,skill:{FAR},,\n").details
    told = [s for s in said if "ledger.csv" in s]
    assert len(told) == 2 and told[0].startswith("ledger.csv:3 (forced) moved “bread theory 0” from ")
    assert told[1] == "1 line moved nothing: ledger.csv:2 (rejected)."


def test_also_adds_a_second_cluster_and_weights_still_add_up(tmp_path: Path, plain: Clustering) -> None:
    changed = made(tmp_path / "c", ledger=f"1,2026-01-01,r,1.0.0,{A},also,skill:{FAR},,\n")
    assert primary(changed) == primary(plain)
    mine = [a for a in changed.allocations if a.skill == A]
    added = [a for a in mine if a.cluster == primary(plain)[FAR]]
    assert [(a.rank, a.method, a.decision) for a in added] == [("found-under", "forced", "ledger.csv:2")]
    assert sum(a.weight for a in mine if a.rank != "found-under") == pytest.approx(1)
    assert len({a.cluster for a in mine}) == len(mine)


def test_a_rejected_cluster_is_no_further_one_and_its_weight_goes_to_the_primary() -> None:
    pillar = trades.pillar(("en",))
    nested = Nested(trades.partition(pillar), pillar)
    ids = {node: f"c{number:05d}" for number, node in enumerate(nested.nodes, 1)}
    plain = allocations(nested, ids, Expertise())
    skill = nested.skills[0]
    own, other = [a for a in plain if a.skill == skill]
    assert (own.rank, own.weight, other.rank, other.weight) == ("primary", 0.75, "used-in", 0.25)
    changed = allocations(nested, ids, Expertise(), [Rejection(skill, other.cluster, "ledger.csv:2", "")])
    assert [(a.cluster, a.weight) for a in changed if a.skill == skill] == [(own.cluster, 1.0)]
    assert [a for a in changed if a.skill != skill] == [a for a in plain if a.skill != skill]


NAMED = "1.0.0/named"


def held(of: Clustering) -> str:
    """A file of contents: the cluster of the skill A under the id ``named``, below one of each upper level."""
    own = primary(of)[A]
    return "".join(f"{iri},x1 x2 {'named' if at == own else 'x3'}\n" for iri, at in sorted(primary(of).items()))


def test_a_name_renames_its_cluster_alone(tmp_path: Path, plain: Clustering) -> None:
    changed = made(tmp_path / "c", names=f"{NAMED},Loaves,Buns|Rolls,What bakers know.,,,draft\n", contents=held(plain))
    names = {i: c.labels for i, c in changed.clusters.items() if c.labels != plain.clusters[i].labels}
    assert names == {primary(plain)[A]: {"en": "Loaves"}}
    renamed = changed.clusters[primary(plain)[A]]
    assert renamed.alt_labels["en"][:2] == ("Buns", "Rolls") and renamed.definitions["en"] == "What bakers know."
    assert changed.allocations == plain.allocations


def test_without_nace_the_release_says_what_is_missing(tmp_path: Path) -> None:
    found = cluster(
        trades.pillar(("en", "ga")), trades.no_sectors(), trades.config(),
        expertise_folder=tmp_path, version="1.0.0", issued="2026-01-31", use_cache=False,
    )  # fmt: skip
    assert found.profiles == {}
    assert any("no sector profile, no concentration, no leading sectors" in s for s in found.statements)
    assert any("no sentences for the language ga" in s for s in found.statements)


def test_dates_move_with_the_content_alone(tmp_path: Path, plain: Clustering) -> None:
    from esco_kg.model.content import content_sha256

    members = plain.members()
    clusters = {
        i: PublishedCluster(i, c.depth, c.parent, c.labels["en"], c.created, c.modified, content_sha256(c, members[i]),
                            frozenset(members[i]))
        for i, c in plain.clusters.items()
    }  # fmt: skip
    before = Published(tmp_path, "1.0.0", "9.9.9", "https://example.org/", "2026-01-31", clusters, plain.registry)
    later = cluster(
        trades.pillar(("en",)), trades.sectors(), replace(trades.config(), identity_kept=0.5), previous=before,
        expertise_folder=write(tmp_path / "c", names=f"{NAMED},Loaves,,,,,draft\n", contents=held(plain)),
        version="1.0.1", issued="2027-01-31", use_cache=False,
    )  # fmt: skip
    assert set(later.clusters) == set(plain.clusters)
    assert {c.created for c in later.clusters.values()} == {"2026-01-31"}
    touched = {i for i, c in later.clusters.items() if c.modified == "2027-01-31"}
    said_otherwise = {i for i, c in later.clusters.items() if texts_of(c) != texts_of(plain.clusters[i])}
    assert primary(plain)[A] in touched and touched == said_otherwise


def texts_of(of: Cluster) -> tuple[object, ...]:
    return of.labels, of.alt_labels, of.definitions, of.scope_notes, of.exclusion_notes
