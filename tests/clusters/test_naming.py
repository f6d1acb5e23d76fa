"""Names and texts: one per cluster and language, no two the same, experts' first, and texts that say what is true."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esco_kg.clusters.candidates import is_residual_group
from esco_kg.clusters.evidence import Evidence
from esco_kg.clusters.expert_names import GivenNames, given_names
from esco_kg.clusters.naming import name_clusters
from esco_kg.clusters.nested import Nested
from esco_kg.clusters.phrases import capitalised, has_phrases, inside, listed, phrase, quoted
from esco_kg.clusters.profiles import sector_profiles, typical_occupations
from esco_kg.clusters.texts import NodeTexts, TextWriter
from esco_kg.model.expertise import Expertise, ExpertName, Frame, FrameGroup
from esco_kg.model.pillar import Pillar, SectorLinks, Texts
from tests.support import trades


def nested(made: Pillar | None = None) -> Nested:
    made = made or trades.pillar()
    return Nested(trades.partition(made), made)


def texts(of: Nested, sectors: SectorLinks, given: GivenNames | None = None) -> dict[tuple[int, int], NodeTexts]:
    evidence = Evidence(of)
    given = given or GivenNames()
    naming = name_clusters(evidence, sectors, given)
    typical = {(level.depth, n): o for level in of.levels for n, o in enumerate(typical_occupations(of, level))}
    writer = TextWriter(evidence, naming, given, typical, sector_profiles(of, sectors), sectors)
    return {node: writer.texts(node) for node in of.nodes}


def test_a_cluster_that_is_a_group_has_the_groups_name_in_every_language() -> None:
    naming = name_clusters(Evidence(nested()), trades.sectors())
    assert naming.labels[3, 0] == {"en": "Bread baking", "pl": "Bread baking pl"}
    assert naming.labels[3, 6] == {"en": "Ward nursing", "pl": "Ward nursing pl"}
    assert naming.label((2, 4)) == "Court and ledger work"


def test_without_nace_no_name_is_a_sectors() -> None:
    labels = name_clusters(Evidence(nested()), trades.no_sectors()).labels
    assert not [label for names in labels.values() for label in names.values() if "industry" in label]


def shuffled(seed: int, size: int) -> Nested:
    """Any skills in any of the clusters: names must hold for bad partitions, too."""
    made = trades.pillar()
    partition = trades.partition(made)
    random = np.random.default_rng(seed)
    finest = random.integers(0, 12, len(partition.skills)).astype(np.int32)
    finest[:12] = np.arange(12)
    return Nested(replace(partition, finest=finest, parents=[partition.parents[0] % size, partition.parents[1]]), made)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_labels_are_there_and_unique_in_every_language(seed: int) -> None:
    of = shuffled(seed, 3)
    naming = name_clusters(Evidence(of), trades.sectors())
    assert set(naming.labels) == set(of.nodes)
    for language in ("en", "pl"):
        labels = [naming.labels[node][language] for node in of.nodes]
        assert all(labels) and len({label.casefold() for label in labels}) == len(labels)
        for node in of.nodes:  # SKOS S13
            assert naming.labels[node][language] not in naming.alternatives[node][language]


def test_texts_without_a_single_word_still_get_distinct_names() -> None:
    made = trades.pillar(("en",))
    made.skills = {iri: replace(s, texts={"en": Texts(str(n))}) for n, (iri, s) in enumerate(made.skills.items())}
    made.skill_groups, made.isco_groups, made.skill_broader = {}, {}, []
    labels = name_clusters(Evidence(nested(made)), trades.no_sectors()).labels
    assert len({names["en"] for names in labels.values()}) == 21


def test_the_order_of_clusters_in_the_partition_does_not_change_a_name() -> None:
    made = trades.pillar()
    before = nested(made)
    partition = before.partition
    turned = replace(
        partition, finest=11 - partition.finest, parents=[partition.parents[0], partition.parents[1][::-1].copy()]
    )
    after = Nested(turned, made)
    here, there = (name_clusters(Evidence(of), trades.sectors()).labels for of in (before, after))
    assert [here[3, n] for n in range(12)] == [there[3, 11 - n] for n in range(12)]


# --- experts ---------------------------------------------------------------------------------------------------------


def name(target: str, depth: int, label: str, **more: object) -> ExpertName:
    return ExpertName(target, depth, "en", label, place="names.csv:2", **more)  # type: ignore[arg-type]


def test_an_expert_name_wins_and_its_label_is_taken() -> None:
    of = nested()
    ids = {node: f"c{n:05d}" for n, node in enumerate(of.nodes)}
    expert = Expertise(
        names=[name(trades.skill(0, 3), 3, "Ward nursing", alt_labels=("Bakery",), definition="All of it.")]
    )
    given = given_names(of, ids, expert)
    naming = name_clusters(Evidence(of), trades.sectors(), given)
    assert naming.labels[3, 0] == {"en": "Ward nursing", "pl": "Bread baking pl"}
    assert naming.alternatives[3, 0]["en"][0] == "Bakery"
    assert naming.labels[3, 6]["en"] != "Ward nursing"
    assert texts(of, trades.sectors(), given)[3, 0].definitions["en"] == "All of it."


def test_a_name_given_by_skills_needs_most_of_them_in_one_cluster() -> None:
    of = nested()
    ids = {node: f"c{n:05d}" for n, node in enumerate(of.nodes)}
    half = name(f"{trades.skill(0, 0)} {trades.skill(5, 0)}", 3, "Torn")
    gone = name(f"{trades.BASE}/skill/none", 3, "Gone")
    deep = name(trades.skill(0, 0), 9, "Deep")
    wrong = name(ids[2, 0], 3, "Other level")
    most = name(f"{trades.skill(0, 0)} {trades.skill(0, 1)} {trades.skill(5, 0)}", 3, "Most")
    given = given_names(of, ids, Expertise(names=[half, gone, deep, wrong, most]))
    assert dict(given.labels) == {(3, 0): {"en": "Most"}}
    assert {n.label for n in given.unused} == {"Torn", "Deep", "Other level"}
    assert [n.label for n in given.foreign] == ["Gone"]


def test_a_name_stays_with_its_cluster_when_its_skills_part() -> None:
    of = nested()
    ids = {node: f"c{n:05d}" for n, node in enumerate(of.nodes)}
    torn = name(f"{trades.skill(0, 0)} {trades.skill(5, 0)}", 3, "Torn")
    tight = name(f"{trades.skill(0, 0)} {trades.skill(0, 1)}", 3, "Tight")
    given = given_names(of, ids, Expertise(names=[torn]), {(3, 0): "Torn"})
    assert given.labels[3, 0] == {"en": "Torn"} and not given.unused
    # A name whose skills are there goes before one that only was there.
    given = given_names(of, ids, Expertise(names=[torn, tight]), {(3, 0): "Torn"})
    assert given.labels[3, 0] == {"en": "Tight"} and given.unused == [torn]


def test_names_that_were_not_used_are_told_in_the_order_of_their_lines() -> None:
    of = nested()
    ids = {node: f"c{n:05d}" for n, node in enumerate(of.nodes)}
    deep = [replace(name(trades.skill(0, 0), 9, "Deep"), place=f"names.csv:{n}") for n in (164, 23, 7)]
    given = given_names(of, ids, Expertise(names=deep))
    assert [n.place for n in given.unused] == ["names.csv:7", "names.csv:23", "names.csv:164"]


def test_quoted_labels_lose_their_outer_spaces() -> None:
    assert (
        quoted("en", ["\u00a0procurement legislation", "validation "]) == "“procurement legislation” and “validation”"
    )


def test_of_two_names_for_one_cluster_the_one_that_fits_better_is_used() -> None:
    of = nested()
    ids = {node: f"c{n:05d}" for n, node in enumerate(of.nodes)}
    loose = name(f"{trades.skill(0, 0)} {trades.skill(0, 1)} {trades.skill(5, 0)}", 3, "Loose")
    tight = name(f"{trades.skill(0, 0)} {trades.skill(0, 1)}", 3, "Tight")
    given = given_names(of, ids, Expertise(names=[loose, tight]))
    assert given.labels[3, 0] == {"en": "Tight"} and given.unused == [loose]


def test_a_frame_names_the_one_cluster_made_from_it() -> None:
    made = trades.pillar()
    groups = ["food/0", "food/1", "", "", "", ""]
    of = Nested(replace(trades.partition(made), frames=["food", "x", "x"], groups=groups), made)
    frames = [
        Frame(
            "food",
            "sector",
            {"en": "Food and land"},
            scope={"en": "All that is eaten."},
            exclusions={"en": "Not serving."},
            groups=(FrameGroup({"en": "Eating", "pl": "Jedzenie"}, ("21",)), FrameGroup({"en": "Ground"}, ("22",))),
        ),
        Frame("x", "sector", {"en": "Twice"}),
    ]
    given = given_names(of, {node: str(node) for node in of.nodes}, Expertise(frames=frames))
    labels = name_clusters(Evidence(of), trades.sectors(), given).labels
    assert labels[1, 0]["en"] == "Food and land" and "Twice" not in (labels[1, 1]["en"], labels[1, 2]["en"])
    assert labels[2, 0] == {"en": "Eating", "pl": "Jedzenie"} and labels[2, 1]["en"] == "Ground"
    said = texts(of, trades.sectors(), given)[1, 0]
    assert said.scope_notes["en"].startswith("All that is eaten. Includes: ")
    assert said.exclusion_notes["en"].startswith("Not serving.")


def test_a_name_of_the_previous_release_stays_while_it_fits() -> None:
    of = nested()
    first = name_clusters(Evidence(of), trades.sectors())
    other = first.alternatives[3, 0]["en"]
    assert name_clusters(Evidence(of), trades.sectors(), earlier={(3, 0): "No such name"}).labels == first.labels
    if other:
        kept = name_clusters(Evidence(of), trades.sectors(), earlier={(3, 0): first.labels[3, 0]["en"]})
        assert kept.labels == first.labels


# --- texts -----------------------------------------------------------------------------------------------------------


def test_texts_say_what_is_in_and_what_is_near() -> None:
    said = texts(nested(), trades.sectors())
    fine, field = said[3, 0], said[2, 0]
    assert fine.definitions["en"].startswith(
        "Skills and knowledge that occupations such as bread worker 0, bread worker 1 and cake worker 0 need, for"
    )
    assert fine.definitions["pl"].startswith("Umiejętności i wiedza potrzebne w takich zawodach jak bread worker 0 pl")
    assert "Includes skills such as “" in fine.scope_notes["en"]
    assert "Typical occupations: bread worker 0, bread worker 1" in fine.scope_notes["en"]
    assert fine.scope_notes["en"].endswith("Leading sectors: The food industry.")
    assert fine.exclusion_notes["en"] == "Near but elsewhere: “cake theory 0” and “handle cake tool 1” (Cake making)."
    assert field.scope_notes["en"].startswith("Includes: Bread baking; Cake making.")


def test_nothing_is_near_a_cluster_without_rivals() -> None:
    made = trades.pillar()
    alone = replace(trades.partition(made), runners_up=np.full(120, -1, dtype=np.int32))
    assert all(not said.exclusion_notes for said in texts(Nested(alone, made), trades.no_sectors()).values())


def test_a_language_without_phrases_gets_labels_and_no_words_of_ours() -> None:
    said = texts(nested(trades.pillar(("en", "ga"))), trades.sectors())[3, 0]
    assert said.definitions["ga"] == "“bread theory 3 ga”, “handle bread tool 2 ga”, “handle bread tool 4 ga”."
    assert "ga" not in said.exclusion_notes and "Typical" not in said.scope_notes["ga"]


def test_transversal_clusters_are_not_tied_to_occupations() -> None:
    made = trades.pillar()
    of = Nested(replace(trades.partition(made), branches=["transversal", "sector", "sector"]), made)
    said = texts(of, trades.sectors())
    assert said[3, 0].definitions["en"].startswith("Skills and knowledge that are not tied to one occupation or sector")
    assert "Typical occupations" not in said[3, 0].scope_notes["en"]
    assert "Leading sectors" not in said[3, 0].scope_notes["en"]
    assert said[3, 4].definitions["en"].startswith("Skills and knowledge that occupations such as")
    assert "Typical occupations" in said[3, 4].scope_notes["en"]


# --- words -----------------------------------------------------------------------------------------------------------


def test_phrases_are_whole_in_every_language() -> None:
    names = "people name detail text first last occupations skills clusters sectors elsewhere"
    parts = dict.fromkeys(names.split(), "x")
    for language in ("en", "de", "fr", "pl", "es", "it", "nl", "pt"):
        assert has_phrases(language)
        for wanted in ("people", "qualified", "quoted", "and", "definition", "definition-anywhere", "includes-clusters",
                       "includes-skills", "occupations", "sectors", "excludes"):  # fmt: skip
            assert phrase(language, wanted, **parts)
    assert not has_phrases("ga") and phrase("ga", "excludes", elsewhere="e") == ""


def test_lists_and_capitals() -> None:
    assert listed("en", ["a"]) == "a" and listed("pl", ["a", "b", "c"]) == "a, b i c" and listed("en", []) == ""
    assert quoted("de", ["a", "b"]) == "„a“ und „b“"
    assert [capitalised(x) for x in ("bread", "eCommerce", "", "łąka")] == ["Bread", "eCommerce", "", "Łąka"]
    assert [inside("en", x) for x in ("Bread", "ICT", "")] == ["bread", "ICT", ""] and inside("de", "Brot") == "Brot"


@pytest.mark.parametrize(
    ("code", "residual"),
    [("S1", False), ("S1.0", True), ("S1.10", False), ("S", True), ("0413", False), ("0410", True), ("0419", True),
     ("0488", True), ("041", False), ("049", True), ("04", False), ("00", True), ("9999", True), ("T1.1", False),
     ("", True)],
)  # fmt: skip
def test_residual_groups_lend_no_names(code: str, residual: bool) -> None:
    assert is_residual_group(code) is residual
