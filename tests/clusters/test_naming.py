"""Names and texts: one per cluster, no two the same, given ones first, and texts that say what is true."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esco_kg.clusters.candidates import is_residual_group
from esco_kg.clusters.evidence import Evidence
from esco_kg.clusters.given_names import GivenNames, Unused, given_names
from esco_kg.clusters.names_report import names_report
from esco_kg.clusters.naming import Naming, name_clusters
from esco_kg.clusters.nested import Nested
from esco_kg.clusters.phrases import capitalised, has_phrases, inside, listed, phrase, quoted
from esco_kg.clusters.profiles import sector_profiles, typical_occupations, typical_skills
from esco_kg.clusters.texts import NodeTexts, TextWriter
from esco_kg.model.expertise import Content, Contents, Expertise, Frame, FrameGroup, GivenName
from esco_kg.model.pillar import Pillar, SectorLinks, Texts
from esco_kg.model.published import PublishedCluster
from tests.support import trades


def nested(made: Pillar | None = None) -> Nested:
    made = made or trades.pillar()
    return Nested(trades.partition(made), made)


def texts(of: Nested, sectors: SectorLinks, given: GivenNames | None = None) -> dict[tuple[int, int], NodeTexts]:
    evidence = Evidence(of)
    given = given or GivenNames()
    naming = name_clusters(evidence, sectors, given)
    skills = typical_skills(of, {node: f"c{number:05d}" for number, node in enumerate(of.nodes)})
    writer = TextWriter(evidence, naming, given, skills, typical_occupations(of), sector_profiles(of, sectors), sectors)
    return {node: writer.texts(node) for node in of.nodes}


def test_a_cluster_that_is_a_group_has_the_groups_name_in_every_language() -> None:
    naming = name_clusters(Evidence(nested()), trades.sectors())
    assert naming.labels[3, 0] == {"en": "Bread baking", "pl": "Bread baking pl"}
    assert naming.labels[3, 6] == {"en": "Ward nursing", "pl": "Ward nursing pl"}
    assert naming.status[3, 0] == {"en": "made", "pl": "concept"}
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
def test_labels_are_unique_in_every_language_and_there_in_the_main_one(seed: int) -> None:
    of = shuffled(seed, 3)
    naming = name_clusters(Evidence(of), trades.sectors())
    assert set(naming.labels) == set(of.nodes)
    for language in ("en", "pl"):
        labels = [naming.labels[node][language] for node in of.nodes if language in naming.labels[node]]
        assert all(labels) and len({label.casefold() for label in labels}) == len(labels)
    assert all("en" in labels for labels in naming.labels.values())


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


# --- given names -----------------------------------------------------------------------------------------------------

FLOOR = 0.5


def contents(of: Nested, **clusters: tuple[int, list[str]]) -> dict[str, Contents]:
    """One file of contents over all skills; each cluster as its depth and skills."""
    found = {name: Content(depth, frozenset(skills)) for name, (depth, skills) in clusters.items()}
    return {"1.0.0": Contents(frozenset(of.skills), found)}


def trade(number: int, some: int = trades.PER_TRADE) -> list[str]:
    return [trades.skill(number, n) for n in range(some)]


def name(cluster: str, label: str, line: int = 2, language: str = "en", **more: object) -> GivenName:
    return GivenName(f"1.0.0/{cluster}", language, label, place=f"names/{language}.csv:{line}", **more)  # type: ignore[arg-type]


def test_a_given_name_wins_and_its_label_is_taken() -> None:
    of = nested()
    line = name("a", "Ward nursing", alt_labels=("Bakery",), definition="All of it.", scope_note="Ovens, too.")
    given = given_names(of, Expertise(names=[line], contents=contents(of, a=(3, trade(0)))), FLOOR)
    naming = name_clusters(Evidence(of), trades.sectors(), given)
    assert naming.labels[3, 0]["en"] == "Ward nursing" and naming.status[3, 0]["en"] == "draft"
    assert naming.alternatives[3, 0]["en"] == ("Bakery",)
    assert naming.labels[3, 6]["en"] != "Ward nursing"
    said = texts(of, trades.sectors(), given)[3, 0]
    assert said.definitions["en"] == "All of it." and said.scope_notes["en"].startswith("Ovens, too. Includes")


def test_a_name_does_not_ride_on_with_a_cluster_that_became_another() -> None:
    """It went to whichever cluster held most of six skills, whatever else had come into it: here 7 of 27."""
    of = nested()
    bakers = [*trade(0, 7), *trade(5), *trade(6)]
    line = name("a", "Bakers and their neighbours")
    given = given_names(of, Expertise(names=[line], contents=contents(of, a=(3, bakers))), FLOOR)
    assert not given.labels
    assert given.unused == [Unused(line, "changed", round(10 / 27, 4))]  # trade 5 is the best there is
    assert name_clusters(Evidence(of), trades.sectors(), given).status[3, 5]["en"] == "made"


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 10), st.integers(0, 10))
def test_a_name_is_used_from_the_stated_overlap_on(own: int, others: int) -> None:
    of = nested()
    held = [*trade(0, own), *trade(5, others)]
    line = name("a", "Baking")
    given = given_names(of, Expertise(names=[line], contents=contents(of, a=(3, held))), FLOOR)
    overlaps = {(3, 0): own / (10 + others), (3, 5): others / (10 + own)}
    fitting = {node for node, overlap in overlaps.items() if overlap >= FLOOR}
    # Two clusters can reach the floor of 0.5 where each holds half of the content, and nothing else does.
    assert len(given.labels) == min(len(fitting), 1) and set(given.labels) <= fitting
    assert len(fitting) < 2 or own == others == 10


def test_skills_that_one_side_does_not_know_do_not_count() -> None:
    of = nested()
    known = Contents(frozenset({*trade(0, 4), *trade(5)}), {"a": Content(3, frozenset(trade(0, 4)))})
    gone = [f"{trades.BASE}/skill/gone{n}" for n in range(30)]
    wider = Contents(frozenset({*of.skills, *gone}), {"b": Content(3, frozenset([*trade(5), *gone]))})
    lines = [name("a", "Baking"), replace(name("b", "Turning"), content="0.9.0/b")]
    given = given_names(of, Expertise(names=lines, contents={"1.0.0": known, "0.9.0": wider}), FLOOR)
    assert given.labels == {(3, 0): {"en": "Baking"}, (3, 5): {"en": "Turning"}}


def test_of_two_names_for_one_cluster_the_one_that_fits_better_is_used() -> None:
    of = nested()
    lines = [name("loose", "Loose"), name("tight", "Tight", 3)]
    held = contents(of, loose=(3, trade(0, 7)), tight=(3, trade(0)))
    given = given_names(of, Expertise(names=lines, contents=held), FLOOR)
    assert given.labels[3, 0] == {"en": "Tight"} and given.unused == [Unused(lines[0], "outdone", 0.7)]


def test_lines_that_were_not_used_are_told_with_the_reason_in_the_order_of_their_lines() -> None:
    of = nested()
    held = contents(of, a=(3, trade(0)), b=(3, trade(1)), deep=(9, trade(0)))
    lines = [name("deep", f"Deep {n}", n) for n in (164, 23)] + [name("a", "Baking", 5), name("b", "baking", 6)]
    foreign = replace(name("x", "Elsewhere", 9), content="other/x")
    other = Contents(frozenset({"https://example.org/s"}), {"x": Content(3, frozenset({"https://example.org/s"}))})
    given = given_names(of, Expertise(names=[*lines, foreign], contents=held | {"other": other}), FLOOR)
    assert [(u.name.place, u.why) for u in given.unused] == [
        ("names/en.csv:6", "taken"), ("names/en.csv:23", "changed"), ("names/en.csv:164", "changed"),
    ]  # fmt: skip
    naming = name_clusters(Evidence(of), trades.sectors(), given)
    said, told = names_report(given, naming, {node: str(node) for node in of.nodes}, FLOOR)
    assert any("overlap below 0.5): 2." in line for line in said)
    assert any("overlap below 0.5): names/en.csv:23 (0.00), names/en.csv:164 (0.00)." in line for line in told)
    assert any("another cluster has their label: names/en.csv:6 (1.00)." in line for line in told)
    assert any("whose skills are not in this one: 1." in line for line in told)
    assert "Clusters without a given name in the language “en” (the program made one): 20." in said
    assert any(
        line.startswith("Clusters without a given name in the language “en” ") and "(1, 0), (1, 1)" in line
        for line in told
    )


def test_expert_is_said_of_agreed_lines_alone() -> None:
    of = nested()
    held = contents(of, a=(3, trade(0)), b=(3, trade(1)))
    lines = [name("a", "Baking", status="agreed"), name("b", "Making", 3)]
    given = given_names(of, Expertise(names=lines, contents=held), FLOOR)
    status = name_clusters(Evidence(of), trades.sectors(), given).status
    assert [status[3, n]["en"] for n in range(3)] == ["agreed", "draft", "made"]


# --- other languages -------------------------------------------------------------------------------------------------


def test_in_another_language_a_name_is_given_or_that_of_the_same_concept() -> None:
    """465 of 504 Bulgarian labels were those of some part of their cluster, and named another concept."""
    of = nested()
    held = contents(of, a=(3, trade(0)), b=(3, trade(1)), c=(3, trade(2)))
    lines = [name("a", "Bread and rolls"), name("b", "cake making", 3), name("c", "Wypiek", 2, "pl")]
    given = given_names(of, Expertise(names=lines, contents=held), FLOOR)
    naming = name_clusters(Evidence(of), trades.sectors(), given)
    assert naming.labels[3, 0] == {"en": "Bread and rolls"}
    assert naming.labels[3, 1] == {"en": "cake making", "pl": "Cake making pl"}
    assert naming.status[3, 1] == {"en": "draft", "pl": "concept"}
    assert naming.concepts[3, 1] == {"pl": f"{trades.BASE}/group/S1.2"}
    assert naming.labels[3, 2]["pl"] == "Wypiek" and naming.status[3, 2]["pl"] == "draft"
    # A name of a NACE division, or with a detail, is no concept's label.
    assert all("pl" not in labels for labels in naming.labels.values() if labels["en"] == "The food industry")


def test_a_label_that_two_concepts_share_is_lent_where_they_agree_in_the_language() -> None:
    made = trades.pillar()
    twin = made.skills[trades.skill(5, 3)]
    for label, found in (("Bread baking pl", "Bread baking pl"), ("Piekarz", None)):
        made.skills[twin.iri] = replace(twin, texts={"en": Texts("Bread baking"), "pl": Texts(label)})
        assert name_clusters(Evidence(nested(made)), trades.no_sectors()).labels[3, 0].get("pl") == found


def test_the_main_language_is_the_one_that_is_asked_for() -> None:
    naming = name_clusters(Evidence(nested(), "pl"), trades.sectors())
    assert naming.labels[3, 0] == {"en": "Bread baking", "pl": "Bread baking pl"}
    assert naming.status[3, 0] == {"en": "concept", "pl": "made"}
    assert all(labels["pl"] for labels in naming.labels.values())


def test_texts_hold_labels_of_their_own_language_alone() -> None:
    made = trades.pillar(("en", "ga"))
    for iri in trade(0, 9):
        made.skills[iri] = replace(made.skills[iri], texts={"en": made.skills[iri].texts["en"]})
    said = texts(nested(made), trades.sectors())
    english = {skill.texts["en"].pref for skill in made.skills.values()}
    for node, found in said.items():
        for text in (*(t["ga"] for t in (found.definitions, found.scope_notes, found.exclusion_notes) if "ga" in t),):
            assert not [label for label in english if f"“{label}”" in text], node
    assert said[3, 0].definitions["ga"] == "“bread theory 9 ga”."


# --- alternative labels ----------------------------------------------------------------------------------------------


def test_alternative_labels_name_no_other_concept_no_people_and_no_detail() -> None:
    """Of 1,290 there were 599 that are another concept's preferred label, 342 "Skills of ...", 22 with a colon."""
    of = nested()
    wanted = ("Bakery", "Court Pleading", "Skills of bakers", "Bakery: rolls", "Cake and bread")
    held = contents(of, a=(3, trade(0)), b=(3, trade(1)))
    lines = [name("a", "Bread", alt_labels=wanted), name("b", "Cake and bread", 3)]
    given = given_names(of, Expertise(names=lines, contents=held), FLOOR)
    naming = name_clusters(Evidence(of), trades.sectors(), given)
    assert naming.alternatives[3, 0]["en"] == ("Bakery",)
    assert [label for _, _, label in naming.refused] == list(wanted[1:])
    _, told = names_report(given, naming, {node: f"{node}" for node in of.nodes}, FLOOR)
    assert any(
        "Alternative labels that were not published" in line and "“Court Pleading” ((3, 0), en)" in line
        for line in told
    )
    assert not any(labels for node, found in naming.alternatives.items() for labels in found.values() if node != (3, 0))


def test_quoted_labels_lose_their_outer_spaces() -> None:
    assert (
        quoted("en", ["\u00a0procurement legislation", "validation "]) == "“procurement legislation” and “validation”"
    )


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
    given = given_names(of, Expertise(frames=frames), FLOOR)
    labels = name_clusters(Evidence(of), trades.sectors(), given).labels
    assert labels[1, 0]["en"] == "Food and land" and "Twice" not in (labels[1, 1]["en"], labels[1, 2]["en"])
    assert labels[2, 0] == {"en": "Eating", "pl": "Jedzenie"} and labels[2, 1] == {"en": "Ground"}
    said = texts(of, trades.sectors(), given)[1, 0]
    assert said.scope_notes["en"].startswith("All that is eaten. Includes: ")
    assert said.exclusion_notes["en"].startswith("Not serving.")


def test_a_name_of_the_previous_release_stays_while_it_fits() -> None:
    of = nested()
    first = name_clusters(Evidence(of), trades.sectors())
    assert name_clusters(Evidence(of), trades.sectors(), earlier={(3, 0): "No such name"}).labels == first.labels
    kept = name_clusters(Evidence(of), trades.sectors(), earlier={(3, 0): first.labels[3, 0]["en"]})
    assert kept.labels == first.labels


def test_a_frame_names_its_cluster_of_before_only_where_that_is_much_the_same() -> None:
    of = nested()
    frame = Frame("food", "sector", {"en": "Food and land"})
    members = {of.skills[row] for row in of.members[1, 0]}
    for kept, named in ((1.0, True), (0.6, True), (0.4, False)):
        held = frozenset(sorted(members)[: int(kept * len(members))])
        before = PublishedCluster("c00001", 1, None, "Food and land", "", "", "", held)
        given = given_names(of, Expertise(frames=[frame]), FLOOR, {(1, 0): before})
        assert bool(given.labels) is named


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
    assert fine.scope_notes["en"].endswith("Sectors that stand out: The food industry.")
    assert fine.exclusion_notes["en"] == "Near but elsewhere: “cake theory 0” and “handle cake tool 1” (Cake making)."
    assert field.scope_notes["en"].startswith("Includes: Bread baking; Cake making.")


def test_nothing_is_near_a_cluster_without_rivals() -> None:
    made = trades.pillar()
    alone = replace(trades.partition(made), runners_up=np.full(120, -1, dtype=np.int32))
    assert all(not said.exclusion_notes for said in texts(Nested(alone, made), trades.no_sectors()).values())


def test_a_language_without_phrases_gets_labels_and_no_words_of_ours() -> None:
    said = texts(nested(trades.pillar(("en", "ga"))), trades.sectors())[3, 0]
    assert said.definitions["ga"] == "“bread theory 0 ga”, “handle bread tool 1 ga”, “handle bread tool 2 ga”."
    assert "ga" not in said.exclusion_notes and "Typical" not in said.scope_notes["ga"]


def test_a_cluster_that_no_occupation_needs_says_so() -> None:
    """It was said to be tied to no occupation or sector, which nobody knows."""
    made = trades.pillar(("en",))
    made.occupations, made.occupation_skills = {}, []
    said = texts(Nested(trades.partition(made), made), trades.sectors())[3, 0].definitions["en"]
    assert said.startswith("Skills and knowledge that the source links to no occupation, for example ")


def test_occupations_without_labels_in_a_language_are_passed_over() -> None:
    made = trades.pillar(("en", "de"))
    for occupation in made.occupations.values():
        occupation.texts.pop("de", None)
    said = texts(Nested(trades.partition(made), made), trades.sectors())[3, 0].definitions
    assert said["de"].startswith("Umfasst zum Beispiel ") and said["en"].startswith("Skills and knowledge that occup")


def test_transversal_clusters_are_not_tied_to_occupations() -> None:
    made = trades.pillar()
    of = Nested(replace(trades.partition(made), branches=["cross-sector", "sector", "sector"]), made)
    said = texts(of, trades.sectors())
    assert said[3, 0].definitions["en"].startswith("Skills and knowledge that are not tied to one occupation or sector")
    assert "Typical occupations" not in said[3, 0].scope_notes["en"]
    assert "Sectors that stand out" not in said[3, 0].scope_notes["en"]
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
        # A comma without quotes cut the Polish one, and gave it in part to Spanish, and so on.
        assert phrase(language, "sectors", **parts).endswith("x.")
    assert len({phrase(one, "sectors", **parts) for one in ("en", "de", "fr", "pl", "es", "it", "nl", "pt")}) == 8
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


def test_lines_for_another_esco_are_told_in_the_annex_alone() -> None:
    """Whoever tries the demonstration has done nothing wrong: names of the whole ESCO cannot fit it."""
    said, details = names_report(GivenNames(foreign=3), Naming("en"), {}, 0.5)
    assert said == []
    assert details == ["Lines of curation/names for another ESCO, whose skills are not in this one: 3."]


def test_one_stray_link_makes_no_occupation_typical() -> None:
    """A cluster for library users listed a freight dispatcher, who needs one of its skills."""
    made = trades.pillar()
    stray = next(iri for iri, of in made.occupations.items() if "tooth" in of.label("en"))
    made.occupation_skills = sorted([*made.occupation_skills, (stray, trades.skill(0, 5), "essential")])
    of = nested(made)
    assert stray in {o for o, s, _ in made.occupation_skills if s == trades.skill(0, 5)}
    assert [iri for iri, _ in typical_occupations(of)[3, 0]]
    assert stray not in {iri for iri, _ in typical_occupations(of)[3, 0]}
