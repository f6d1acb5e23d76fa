"""Given clusters come back exactly, experts' lines go before them, and their ids are theirs."""

from __future__ import annotations

from pathlib import Path

import pytest

from esco_kg.clusters import cluster
from esco_kg.clusters.given import read_given
from esco_kg.errors import InputError
from esco_kg.model.clustering import Clustering
from esco_kg.model.content import content_sha256
from esco_kg.model.published import Published, PublishedCluster
from tests.support import trades

HEADS = {"forced": "skill,target,reason", "seeds": "skill,target,reason", "must-link": "skills,reason"}
# Two trades a cluster; the last two trades are a cluster of the top level, and one skill is in no cluster.
LEFT_OUT = trades.skill(11, 9)


def tables(folder: Path, trades_of: dict[int, str] | None = None, clusters: str = "") -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    own = {n: f"P{n // 2}" for n in range(12)} | (trades_of or {})
    rows = [
        f"{trades.skill(n, k)},{own[n]}" for n in range(12) for k in range(10) if trades.skill(n, k) != LEFT_OUT
    ] + [f"{trades.skill(0, 0)},P5"]  # fmt: skip
    (folder / "members.csv").write_text("skill,cluster\n" + "\n".join(rows), encoding="utf-8")
    text = (
        clusters
        or "id,parent,label_en\nTop,,Things\n" + "".join(f"P{n},Top,Pair {n}\n" for n in range(5)) + "P5,,Arts\n"
    )
    (folder / "clusters.csv").write_text(text, encoding="utf-8")
    return [folder / "members.csv", folder / "clusters.csv"]


def made(
    folder: Path, paths: list[Path], before: Published | None = None, complete: bool = False, **lines: str
) -> Clustering:
    curation = folder / "curation"
    curation.mkdir(parents=True, exist_ok=True)
    for name, rows in lines.items():
        name = name.replace("_", "-")
        (curation / f"{name}.csv").write_text(f"{HEADS[name]}\n{rows}", encoding="utf-8")
    pillar = trades.pillar(("en",))
    return cluster(
        pillar, trades.sectors(), trades.config(), previous=before, expertise_folder=curation, version="1.0.0",
        issued="2026-01-31", given=read_given(paths, pillar), complete=complete,
    )  # fmt: skip


def published(of: Clustering) -> Published:
    members = of.members()
    clusters = {
        c.id: PublishedCluster(c.id, c.depth, c.parent, c.labels["en"], c.created, c.modified,
                               content_sha256(c, members[c.id]), frozenset(members[c.id]))
        for c in of.clusters.values()
    }  # fmt: skip
    return Published(Path("."), "1.0.0", "9.9.9", "https://example.org/", "2026-01-31", clusters, of.registry)


def primary(of: Clustering) -> dict[str, str]:
    return {a.skill: a.cluster for a in of.allocations if a.rank == "primary"}


def test_members_names_levels_and_weights_come_back_as_they_were_given(tmp_path: Path) -> None:
    found = made(tmp_path, tables(tmp_path))
    own = primary(found)
    assert own == {
        trades.skill(n, k): f"P{n // 2}" for n in range(12) for k in range(10) if trades.skill(n, k) != LEFT_OUT
    }
    assert {c.id: (c.depth, c.parent, c.labels["en"]) for c in found.clusters.values()} == {
        "Top": (1, None, "Things"), "P5": (1, None, "Arts"), **{f"P{n}": (2, "Top", f"Pair {n}") for n in range(5)},
    }  # fmt: skip
    shared = [(a.cluster, a.rank, a.weight) for a in found.allocations if a.skill == trades.skill(0, 0)]
    assert shared == [("P0", "primary", 0.5), ("P5", "secondary", 0.5)]
    assert {(a.method, a.margin) for a in found.allocations} == {("given", None)}


def test_what_is_left_open_is_filled_and_marked(tmp_path: Path) -> None:
    text = "id,parent,label_en,definition_en\nTop,,Things,All things.\n" + "".join(
        f"P{n},Top,{'Pair 0' if n == 0 else ''},\n" for n in range(5)
    )
    found = made(tmp_path, tables(tmp_path, clusters=text + "P5,,Arts,\n"))
    top, named, unnamed = (found.clusters[i] for i in ("Top", "P0", "P1"))
    assert top.definitions == {"en": "All things."} and "definition_en" not in top.filled
    assert named.name_status == {"en": "given"} and "definition_en" in named.filled
    assert unnamed.name_status == {"en": "made"} and unnamed.labels["en"] and unnamed.scope_notes["en"]
    assert found.profiles["P0"].sections and found.clusters["P0"].occupations


def test_who_made_the_clusters_is_said_and_who_is_in_none(tmp_path: Path) -> None:
    found = made(tmp_path, tables(tmp_path))
    assert found.origin is not None
    assert (found.origin.kind, found.origin.unallocated) == ("table", (LEFT_OUT,))
    assert [source.name for source in found.origin.sources] == ["members.csv", "clusters.csv"]
    assert any(LEFT_OUT in detail for detail in found.details)
    full = made(tmp_path / "full", tables(tmp_path / "full"), complete=True)
    placed = [a for a in full.allocations if a.skill == LEFT_OUT]
    assert [(a.cluster, a.method) for a in placed] == [("P5", "text")], (
        "no occupation needs it; its words are those of P5"
    )
    assert full.origin is not None and (full.origin.unallocated, full.origin.completed) == ((), 1)
    assert {s: c for s, c in primary(full).items() if s != LEFT_OUT} == primary(found)


def test_forced_lines_and_links_go_before_the_tables_and_the_tables_before_seeds(tmp_path: Path) -> None:
    a, b, c, far = trades.skill(0, 1), trades.skill(0, 2), trades.skill(0, 3), trades.skill(8, 1)
    found = made(
        tmp_path, tables(tmp_path), forced=f"{a},P4,\n{LEFT_OUT},P0,\n", must_link=f"{b} {far},\n",
        seeds=f"{c},P4,\n",
    )  # fmt: skip
    own = primary(found)
    assert (own[a], own[LEFT_OUT], own[b] == own[far], own[c]) == ("P4", "P0", True, "P0")
    said = "\n".join(found.details)
    assert "forced.csv:2 (forced) moved “handle bread tool 1” from Pair 0 to Pair 4." in said
    assert f"seeds.csv:2 (seed) gave way to members.csv:5: {c}." in said


def test_more_skills_apart_than_clusters_cannot_be_had(tmp_path: Path) -> None:
    skills = " ".join(trades.skill(n, 1) for n in range(7))
    (tmp_path / "curation").mkdir()
    (tmp_path / "curation" / "cannot-link.csv").write_text(f"skills,reason\n{skills},\n", encoding="utf-8")
    with pytest.raises(
        InputError, match=r"cannot-link.csv:2: parts more skills than there are clusters: 1 clusters more"
    ):
        made(tmp_path, tables(tmp_path))


def test_the_same_id_is_the_same_cluster_and_a_retired_one_never_comes_back(tmp_path: Path) -> None:
    first = made(tmp_path / "1", tables(tmp_path / "1"))
    before = published(first)
    text = "id,parent,label_en\nTop,,Things\n" + "".join(f"P{n},Top,Pair {n}\n" for n in (0, 2, 3, 4))
    text += "P5,,Arts\nN,,New\n"
    merged = tables(tmp_path / "2", {2: "P0", 3: "P0", 9: "N"}, text)
    second = made(tmp_path / "2", merged, before)
    assert [(e.change, e.id, e.others) for e in second.events] == [
        ("kept", "Top", ()), ("new", "N", ("Top",)), ("retired", "P1", ("P0",)), ("kept", "P0", ()), ("kept", "P4", ()),
    ]  # fmt: skip
    retired = {e.id: (e.retired_in, e.replaced_by) for e in second.registry if e.retired_in}
    assert retired == {"P1": ("1.0.0", ("P0",))}
    with pytest.raises(InputError, match=r"clusters.csv:4: the id P1 was retired in release 1.0.0"):
        made(tmp_path / "3", tables(tmp_path / "3"), published(second))


def test_a_line_that_names_no_cluster_of_theirs_is_told(tmp_path: Path) -> None:
    """An id of the form that the program gives was taken for one of an earlier release, and the line dropped."""
    with pytest.raises(InputError, match=r"forced.csv:2: unknown target 'c00042'") as caught:
        made(tmp_path, tables(tmp_path), forced=f"{trades.skill(0, 1)},c00042,\n")
    assert "Name a cluster (P0)" in caught.value.hint
