"""The study: what is held out stays out, a partition measures the same however it is given, verdicts keep the rule."""

from __future__ import annotations

import csv
import io
import json
import math
import random
from dataclasses import replace
from pathlib import Path

import html5lib
import numpy as np
import pytest
import rdflib
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from esco_kg.cli import main
from esco_kg.errors import InputError
from esco_kg.esco.pillar import read_pillar
from esco_kg.esco.sectors import read_sectors
from esco_kg.evaluation.groups import from_shares
from esco_kg.evaluation.intervals import exact, of_mean, of_share
from esco_kg.evaluation.matching import make_halves, match
from esco_kg.evaluation.metrics import METRICS, metric
from esco_kg.evaluation.quick import quick
from esco_kg.evaluation.report import remaking
from esco_kg.evaluation.report.document import BEGIN, END, into_page
from esco_kg.evaluation.report.reading import read_esco, read_levels, read_release, read_sector_links
from esco_kg.evaluation.robustness import found_again
from esco_kg.evaluation.splits import hidden_skills, strict_splits
from esco_kg.evaluation.study import EvaluationInputs, Figure, Study, run
from esco_kg.evaluation.subjects import Job, Levels, Subject, of_partition, read_table
from esco_kg.evaluation.verdicts import BETTER, EQUAL, WORSE, compare, verdicts
from esco_kg.evaluation.words import Words
from esco_kg.model.clustering import Allocation, Cluster, Clustering
from esco_kg.model.pillar import Pillar
from esco_kg.rdf.namespaces import DQV
from esco_kg.resources import folder
from tests.pages import evaluation
from tests.support import trades

PILLAR, SECTORS = trades.pillar(), trades.sectors()
SKILLS = sorted(PILLAR.skills)
FIELDS = [f"field {int(iri[-5:-3]) // 2}" for iri in SKILLS]
QUICKLY = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def partition(labels: list[str], name: str = "ours") -> Subject:
    """A partition of the workshop's skills, evaluated as given."""
    shares = {skill: {label: 1.0} for skill, label in zip(SKILLS, labels, strict=True)}
    return Subject(name, Levels([from_shares(name, shares)]))


def measured(*subjects: Subject, against: tuple[str, ...] = (), splits: int = 2, seed: int = 0) -> Study:
    return run(EvaluationInputs(PILLAR, SECTORS, splits=splits, seed=seed), subjects, against)


def values(study: Study, name: str) -> dict[tuple[int, str], tuple[float, float, float, int]]:
    return {(f.level, f.metric): (f.value, f.low, f.high, f.count) for f in study.figures if f.partition == name}


def evaluated(*arguments: object, status: int = 0) -> Result:
    result = CliRunner().invoke(main, ["evaluate", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result


# Partitions that are known


def test_groups_that_are_the_sectors_tell_everything_about_the_sector() -> None:
    study = measured(partition(FIELDS), splits=5)
    for name in ("u-sec", "purity"):
        found = study.find("ours", 1, name)
        assert found and (found.value, found.low, found.high) == pytest.approx((1.0, 1.0, 1.0)), name


def test_random_labels_tell_next_to_nothing_about_the_sector() -> None:
    """Unadjusted, 12 groups of 10 skills would seem to tell a lot on so few occupations."""
    found = []
    for seed in range(20):
        draw = random.Random(seed)
        study = measured(partition([str(draw.randrange(12)) for _ in SKILLS]), splits=1, seed=seed)
        figure = study.find("ours", 1, "u-sec")
        assert figure
        found.append(figure.value)
    assert abs(float(np.mean(found))) < 0.05


def test_the_random_rival_keeps_sizes_and_another_draw_is_made_for_each_split() -> None:
    study = measured(partition(FIELDS), against=("random",), splits=5)
    ours, theirs = values(study, "ours"), values(study, "random")
    for name in ("groups", "gini", "largest"):
        assert ours[1, name] == theirs[1, name]
    value, low, high, count = theirs[1, "u-sec"]
    assert low < value < high and count == 5 and value < 0.3


def test_one_group_of_all_skills_scans_all_skills_and_matches_by_chance() -> None:
    study = measured(partition(["all"] * len(SKILLS)))
    assert values(study, "ours")[1, "options"][0] == 1 + (len(SKILLS) + 1) / 2
    for split in strict_splits(PILLAR, 2):
        halves = make_halves(PILLAR, split)
        assert match(halves, partition(["all"] * len(SKILLS)).levels.hard[0]) == pytest.approx(
            min(1.0, 10 / halves.first.shape[0])
        )


def test_halves_of_a_profile_have_no_skill_in_common_and_leave_none_out() -> None:
    for split in strict_splits(PILLAR, 3):
        halves = make_halves(PILLAR, split)
        assert halves.first.shape[0] > 0
        assert halves.first.multiply(halves.second).nnz == 0
        assert set((halves.first + halves.second).sum(axis=1).A1) == {trades.PER_TRADE - 1}


# Invariants


@QUICKLY
@given(st.lists(st.integers(0, 7), min_size=len(SKILLS), max_size=len(SKILLS)), st.randoms(use_true_random=False))
def test_a_partition_and_its_own_table_give_the_same_figures(
    tmp_path: Path, labels: list[int], draw: random.Random
) -> None:
    rows = [
        (PILLAR.skills[skill].label().upper() if draw.random() < 0.3 else skill, f"group {label}")
        for skill, label in zip(SKILLS, labels, strict=True)
    ]
    draw.shuffle(rows)
    path = tmp_path / "mine.csv"
    path.write_text("cluster,skill\n" + "".join(f"{c},{s}\n" for s, c in rows), encoding="utf-8")
    table = read_table(path, PILLAR)
    study = measured(partition([f"group {label}" for label in labels]), table)
    assert values(study, "ours") == values(study, "mine.csv") != {}


@QUICKLY
@given(st.lists(st.integers(0, 5), min_size=len(SKILLS), max_size=len(SKILLS)), st.permutations(range(6)))
def test_names_of_groups_do_not_matter(labels: list[int], names: list[int]) -> None:
    study = measured(partition([str(x) for x in labels]), partition([f"g{names[x]}" for x in labels], "renamed"))
    ours, renamed = values(study, "ours"), values(study, "renamed")
    assert ours.keys() == renamed.keys()
    for key, found in ours.items():
        assert renamed[key] == pytest.approx(found), key


@QUICKLY
@given(st.lists(st.integers(0, 9), min_size=len(SKILLS), max_size=len(SKILLS)), st.integers(0, 99))
def test_figures_lie_in_their_intervals_and_both_in_the_range_of_the_metric(labels: list[int], seed: int) -> None:
    study = measured(partition([str(x) for x in labels]), against=("official", "random", "knn"), splits=3, seed=seed)
    for figure in study.figures:
        of = metric(figure.metric)
        assert figure.low <= figure.value <= figure.high, figure
        assert of.least <= figure.low and figure.high <= max(of.most, figure.value), figure


@given(st.lists(st.floats(-10, 10), min_size=2, max_size=12))
def test_an_interval_of_a_mean_holds_the_mean_and_is_empty_only_for_equal_values(found: list[float]) -> None:
    estimate = of_mean(found)
    assert estimate.low <= estimate.value <= estimate.high and estimate.count == len(found)
    assert estimate.value == pytest.approx(sum(found) / len(found), abs=1e-9)
    if max(found) - min(found) > 1e-6:
        assert estimate.low < estimate.high


@given(st.integers(1, 5000), st.floats(0, 1))
def test_an_interval_of_a_share_is_one_of_shares(trials: int, part: float) -> None:
    share = round(part * trials) / trials
    estimate = of_share(share, trials)
    assert 0 <= estimate.low <= share <= estimate.high <= 1 and estimate.low < estimate.high


def test_intervals_have_the_published_values() -> None:
    found = of_mean([1.0, 2.0, 3.0, 4.0, 5.0])  # t(0.975, 4) = 2.7764
    assert (found.low, found.high) == pytest.approx((3 - 2.7764 * 0.70711, 3 + 2.7764 * 0.70711), abs=1e-3)
    assert of_share(0.0, 10).high == pytest.approx(0.2775, abs=1e-4)  # Wilson 1927
    assert math.isnan(of_mean([0.5]).low) and exact(3.0).low == 3.0


# Held out


def test_clusters_are_made_without_the_held_out_unit_groups_and_their_sectors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[tuple[frozenset[str], frozenset[str], bool]] = []

    def made(pillar: Pillar, sectors, settings, expertise, anchor, parents, *, switching):  # type: ignore[no-untyped-def]
        linked = {occupation for occupation, _, _ in pillar.occupation_skills}
        reached = sectors.sections.keys() | sectors.divisions.keys() | {occupation for occupation, _ in sectors.raw}
        seen.append((frozenset(pillar.occupations), frozenset(linked | reached), bool(anchor)))
        return trades.partition(pillar)

    monkeypatch.setattr(remaking, "make_partition", made)
    remaker = remaking.Remaker(
        PILLAR, SECTORS, trades.config().clusters, remaking.Expertise(), ({}, {}), ({SKILLS[0]: "c00001"}, {})
    )
    subject = Subject(
        "ours", of_partition(trades.partition(PILLAR)), held_out="scratch", as_made="scratch",
        modes=("scratch", "versioned", "anchored"), remake=remaker,
    )  # fmt: skip
    measured(subject, splits=3)
    everything = frozenset(PILLAR.occupations)
    splits = strict_splits(PILLAR, 3)
    for split, (occupations, touched, is_anchored) in zip(splits, seen, strict=False):
        assert not is_anchored, "a start from the release would know the held-out occupations"
        assert occupations == frozenset(split.training) and touched <= occupations
        units = {PILLAR.occupations[iri].isco for iri in split.held_out}
        assert units and not units & {PILLAR.occupations[iri].isco for iri in occupations}
    # Three splits, then the whole and three resamples from scratch, the same in the release's clusters, then three
    # that start from the release.
    whole = [True, False, False, False]
    assert [len(occupations) == len(everything) for occupations, _, _ in seen[3:]] == [*whole, *whole, *[False] * 3]
    assert [is_anchored for _, _, is_anchored in seen[3:]] == [False] * 4 + [True] * 7


def test_hidden_skills_are_new_and_without_links_and_all_others_as_in_the_release(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[tuple[Pillar, dict[str, str]]] = []

    def made(pillar: Pillar, sectors, settings, expertise, anchor, parents):  # type: ignore[no-untyped-def]
        seen.append((pillar, anchor))
        return trades.partition(pillar)

    monkeypatch.setattr(remaking, "make_partition", made)
    own = {skill: "c00001" for skill in SKILLS}
    remaker = remaking.Remaker(PILLAR, SECTORS, trades.config().clusters, remaking.Expertise(), ({}, {}), (own, {}))
    remaker.make(Job("hidden", tuple(sorted(PILLAR.occupations))))
    hidden = hidden_skills(PILLAR)
    (pillar, anchor), *_ = seen
    assert hidden and anchor.keys() == own.keys() - hidden
    assert {skill for _, skill, _ in pillar.occupation_skills} == {
        skill for _, skill, _ in PILLAR.occupation_skills
    } - hidden


def test_hidden_skills_that_stay_are_found_again_and_those_that_move_are_not() -> None:
    levels = of_partition(trades.partition(PILLAR))
    subject = Subject("ours", levels)
    moved = [skill for skill in SKILLS if levels.hard[-1].labels()[SKILLS.index(skill)] == 0][:3]
    away = {
        skill: {str((label + 1) % 12 if skill in moved else label): 1.0}
        for skill, label in zip(SKILLS, levels.hard[-1].labels(), strict=True)
    }
    made = Levels([*levels.hard[:-1], from_shares("finest", away)])
    hidden = frozenset([*moved, *SKILLS[-3:]])
    found = {level: share for level, _, share, count in found_again(subject, made, hidden) if count == 6}
    assert found == {1: 1.0, 2: 1.0, 3: 0.5}


def test_what_does_not_move_is_stable_and_a_chain_of_releases_adds_up() -> None:
    levels = of_partition(trades.partition(PILLAR))
    same = [dict(zip(g.skills, map(str, g.labels()), strict=True)) for g in levels.hard]
    merged = [{skill: "one" for skill in SKILLS} for _ in levels.hard]
    subject = Subject(
        "release 1.2.0", levels, held_out="scratch", modes=("scratch", "versioned", "anchored"),
        remake=lambda jobs: [levels for _ in jobs], earlier=[("1.0.0", same), ("1.1.0", merged)],
    )  # fmt: skip
    study = measured(subject, splits=3)
    for name in ("ecs-scratch", "ari-scratch", "ecs-versioned", "ecs-anchored", "ari-anchored", "ecs-remade"):
        for level in (1, 2, 3):
            found = study.find("release 1.2.0", level, name)
            assert found and found.value == pytest.approx(1.0), name
    steps = {f.note: f.value for f in study.figures if f.metric == "ecs-previous" and f.level == 3}
    # 12 clusters of 10 against one of 120: S = 1 - (10 (1/10 - 1/120) + 110/120) / 2 = 1/12 (Gates and others 2019).
    assert steps == {"1.0.0 to 1.1.0": pytest.approx(1 / 12), "1.1.0 to release 1.2.0": pytest.approx(1 / 12)}
    drift = study.find("release 1.2.0", 3, "ecs-drift")
    assert drift and drift.value == pytest.approx(1.0) and drift.note == "1.0.0 to release 1.2.0, 2 steps"


def test_what_cannot_be_measured_is_said() -> None:
    bare = replace(PILLAR, occupation_skills=[], skill_skills=[])
    words = Words(bare, [])
    study = run(EvaluationInputs(bare, trades.no_sectors(), words, splits=2), [partition(FIELDS)], ("official", "knn"))
    said = " ".join(study.statements)
    for words_said in ("Sector information", "Give the crosswalk", "eight essential skills", "--terms", "First choice"):
        assert words_said in said
    assert not any(math.isnan(figure.value) for figure in study.figures)
    assert {v.verdict for v in verdicts(study) if v.use in ("recommendation", "matching", "term annotation")} == {
        "not measured"
    }


# Verdicts


def figure(name: str, value: float, low: float, high: float, partition: str = "ours", level: int = 1) -> Figure:
    return Figure(partition, level, name, value, low, high, 5, "splits")


@pytest.mark.parametrize(
    ("name", "ours", "theirs", "verdict"),
    [
        ("u-sec", (0.4, 0.38, 0.42), (0.2, 0.18, 0.22), BETTER),
        ("u-sec", (0.2, 0.18, 0.22), (0.4, 0.38, 0.42), WORSE),
        ("u-sec", (0.4, 0.3, 0.5), (0.2, 0.1, 0.3), EQUAL),
        ("options", (47.0, 47.0, 47.0), (67.6, 67.6, 67.6), BETTER),
        ("options", (67.6, 67.6, 67.6), (47.0, 47.0, 47.0), WORSE),
        ("gini", (0.28001, 0.28001, 0.28001), (0.28003, 0.28003, 0.28003), EQUAL),
        ("empty-cells", (0.5, math.nan, math.nan), (0.4, math.nan, math.nan), WORSE),
    ],
)
def test_verdicts_follow_the_rule(
    name: str, ours: tuple[float, float, float], theirs: tuple[float, float, float], verdict: str
) -> None:
    assert compare(figure(name, *ours), figure(name, *theirs, partition="official")).verdict == verdict


def test_each_use_has_a_verdict_against_the_level_of_most_similar_size() -> None:
    study = measured(partition(FIELDS), against=("official",), splits=3)
    found = {verdict.use: verdict for verdict in verdicts(study)}
    assert list(found) == [
        "navigation", "recommendation", "statistical reporting", "matching", "profile building", "term annotation",
    ]  # fmt: skip
    # The workshop's official level 1 has the six fields, too: the same groups.
    reporting = found["statistical reporting"]
    assert {c.theirs.level for c in reporting.comparisons} == {1}
    assert reporting.verdict == EQUAL and {c.verdict for c in reporting.comparisons} == {EQUAL}
    assert reporting.sentence().startswith(
        "statistical reporting: equal to level 1 of the official hierarchy, U_sec 1.000 against 1.000. Equal in"
    )


def test_every_metric_says_what_it_is_and_where_it_comes_from() -> None:
    for name, of in METRICS.items():
        assert of.meaning and of.source and of.label, name
    text = evaluation.PAGE.read_text(encoding="utf-8")
    assert text == evaluation.page(text), "docs/evaluation.md is stale: run make docs"


# Tables of others


def test_a_table_with_weights_is_read_hard_and_soft(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        f"skill,cluster,weight\n{SKILLS[0]},a,1\n{SKILLS[0]},b,3\n{SKILLS[1]},b,2\nno skill,a,1\n", encoding="utf-8"
    )
    found = read_table(path, PILLAR)
    hard, soft = found.levels.hard[0], found.levels.soft[0]
    assert hard.shares[0].nnz == 1 and soft.shares[0].toarray().max() == 0.75
    assert hard.labels()[0] == hard.labels()[1] != hard.labels()[2]
    assert found.coverage == 2 / len(SKILLS)
    said = " ".join(found.statements)
    assert "evaluated as given" in said and "leaves out 118 skills" in said and "1 rows name no skill" in said


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("skill,group\nx,y\n", "mine.csv:1: its columns are group, skill"),
        ("skill,cluster\n,a\n", "mine.csv:2: skill or cluster is empty"),
        (f"skill,cluster,weight\n{SKILLS[0]},a,heavy\n", "mine.csv:2: weight 'heavy' is no number from 0 on"),
        (f"skill,cluster,weight\n{SKILLS[0]},a,-1\n", "mine.csv:2: weight '-1' is no number from 0 on"),
        ("skill,cluster\nnothing,a\n", "mine.csv: none of its rows names a skill of ESCO 9.9.9"),
    ],
)
def test_a_table_that_cannot_be_read_is_told_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_table(path, PILLAR)
    assert caught.value.message.endswith(message)


# A release


def test_the_esco_of_a_release_is_read_back_whole(demonstration: Path) -> None:
    """All that clusters are made from: else they could not be made anew as they were."""
    release = read_release(demonstration)
    found, wanted = read_esco(release), read_pillar([folder("demonstration") / "v1.0.0"], dangling_share=0.05)
    for name in ("skill_broader", "occupation_broader", "occupation_skills", "skill_skills"):
        assert getattr(found, name) == getattr(wanted, name), name
    assert {k: v for k, v in found.lists.items() if v} == {k: v for k, v in wanted.lists.items() if v}
    assert found.skills.keys() == wanted.skills.keys()
    for iri, skill in wanted.skills.items():
        read = found.skills[iri]
        assert (read.skill_type, read.reuse_level) == (skill.skill_type, skill.reuse_level)
        for language, texts in skill.texts.items():
            assert read.texts[language].pref == texts.pref
            assert set(read.texts[language].alt) == set(texts.alt)
            assert read.texts[language].description == texts.description
    assert {iri: o.isco for iri, o in found.occupations.items()} == {
        iri: o.isco for iri, o in wanted.occupations.items()
    }
    assert {g.code for g in found.skill_groups.values()} == {g.code for g in wanted.skill_groups.values()}
    assert read_sector_links(release, found, None).sections == read_sectors(wanted, None).sections
    levels, coverage = read_levels(release, found)
    assert coverage == 1.0 and all((g.shares.sum(axis=1) > 0.9999).all() for g in [*levels.hard, *levels.soft])


@pytest.fixture(scope="module")
def outputs(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, str]]:
    """One study of the demonstration beside its own table of allocations: what is printed, and every file."""
    at = tmp_path_factory.mktemp("study")
    terms = at / "terms"
    terms.mkdir()
    (terms / "trial_set.csv").write_text(
        "sentence,span,sub_span,label\n,welding steel,,weld steel parts\n,none,,LABEL NOT PRESENT\n", encoding="utf-8"
    )
    files = {name: at / f"out.{name}" for name in ("csv", "html", "markdown", "dqv")}
    options = [part for name, path in files.items() for part in (f"--{name}", path)]
    table = demonstration / "esco-kg-1.0.0-allocations.csv"
    result = evaluated(
        demonstration, table, "--splits", 2, "--models", "lsa", "--terms", terms, "--jobs", 1, "--quiet", *options
    )
    return result.stdout, {name: path.read_text(encoding="utf-8") for name, path in files.items()}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_demonstration_made_anew_is_the_demonstration(outputs: tuple[str, dict[str, str]]) -> None:
    found = [row for row in rows(outputs[1]["csv"]) if row["metric"] == "ecs-remade"]
    assert {(row["level"], row["value"]) for row in found} == {(level, "1.000000") for level in "123"}


def test_a_release_and_its_own_table_agree_in_all_that_needs_no_making_anew(
    outputs: tuple[str, dict[str, str]],
) -> None:
    """The cluster of a skill is its primary one also where a bound on sizes gave it one of less weight."""
    names = ("gini", "smallest", "largest", "small-share", "empty-cells", "ami-official-2")
    at = {("release 1.0.0", "3"): "release", ("esco-kg-1.0.0-allocations.csv", "1"): "table"}
    found = {
        (at[row["partition"], row["level"]], row["metric"]): row["value"]
        for row in rows(outputs[1]["csv"])
        if (row["partition"], row["level"]) in at
    }
    for name in names:
        assert found["release", name] == found["table", name], name


def test_all_forms_hold_the_same_figures(outputs: tuple[str, dict[str, str]], demonstration: Path) -> None:
    printed, files = outputs
    figures = rows(files["csv"])
    partitions = {row["partition"] for row in figures}
    assert {"release 1.0.0", "official", "random", "popularity", "skill-kNN", "occupation-kNN"} <= partitions
    assert {row["count"] for row in figures if row["basis"] in ("splits", "resamples")} == {"2"}
    for name in partitions:
        assert name in printed and name in files["html"]
    for head in (
        "U_sec",
        "hit@10 soft",
        "match@10",
        "ECS anchored",
        "first choice LSA",
        "terms trial LSA",
        "AMI official 2",
    ):
        assert head in printed and head in files["markdown"].replace("\\", "") and head in files["html"]
    assert "evaluated as given" in printed and "Verdicts" in printed and "navigation: " in printed


def test_tables_go_between_the_marks_of_a_page() -> None:
    page = f"# Ours\n\n{BEGIN}old\n{END}The rest.\n"
    found = into_page("| new |\n", page)
    assert found == f"# Ours\n\n{BEGIN}\n| new |\n\n{END}The rest.\n" and into_page("| new |\n", found) == found
    assert into_page("| new |\n", "") == "| new |\n"


def test_the_page_stands_alone_and_shows_plots_with_their_figures(outputs: tuple[str, dict[str, str]]) -> None:
    text = outputs[1]["html"]
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    page = parser.parse(text)
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "") and "<script" not in text
    plots = page.findall(".//figure")
    assert len(plots) > 8 and all("(" in "".join(plot.itertext()) for plot in plots)
    identifiers = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(identifiers) == len(set(identifiers))


def test_measurements_beside_the_release_are_those_of_the_release(
    outputs: tuple[str, dict[str, str]], demonstration: Path
) -> None:
    graph = rdflib.Graph().parse(data=outputs[1]["dqv"], format="turtle")
    dqv = rdflib.Namespace(DQV)
    base = json.loads((demonstration / "manifest.json").read_text(encoding="utf-8"))["base_iri"]
    row = next(
        row
        for row in rows(outputs[1]["csv"])
        if (row["partition"], row["level"], row["metric"]) == ("release 1.0.0", "2", "hit-10-soft")
    )
    at = rdflib.URIRef(f"{base}release/1.0.0/quality/hit-10-soft/2")
    assert float(graph.value(at, dqv.value)) == pytest.approx(float(row["value"]), abs=1e-4)
    assert graph.value(at, dqv.isMeasurementOf) == rdflib.URIRef(f"{base}quality/hit-10-soft")
    metrics = set(graph.objects(None, dqv.isMeasurementOf))
    assert metrics == set(graph.subjects(rdflib.RDF.type, dqv.Metric))
    assert (at, dqv.computedOn, rdflib.URIRef(f"{base}code-list/level/2")) in graph


def test_a_program_gets_json_and_the_same_bytes_from_two_processes(demonstration: Path) -> None:
    common = (demonstration, "--splits", 1, "--models", "", "--quiet", "--against", "official", "--json")
    one, two = (evaluated(*common, "--jobs", jobs).stdout for jobs in (1, 2))
    assert one == two
    record = json.loads(one)
    assert record["format"] == "esco-kg evaluation 1" and record["splits"] == 1
    held = [f for f in record["figures"] if f["metric"] == "hit-10"]
    assert held and all(f["low"] is None and f["high"] is None for f in held), "one split has no interval"
    assert {v["use"] for v in record["verdicts"]} >= {"navigation", "matching"}


def test_wrong_use_is_told(demonstration: Path, tmp_path: Path) -> None:
    assert "there is no rival 'nobody'" in evaluated(demonstration, "--against", "nobody", status=2).output
    assert "no text model 'oracle'" in evaluated(demonstration, "--models", "oracle", status=2).output
    table = tmp_path / "mine.csv"
    table.write_text("a,b\n", encoding="utf-8")
    assert "mine.csv:1: its columns are a, b" in evaluated(demonstration, table, status=3).output


# With every release


def test_a_release_carries_its_quick_figures_and_says_where_the_official_hierarchy_is_ahead(
    demonstration: Path,
) -> None:
    graph = rdflib.Graph().parse(demonstration / "esco-kg-1.0.0-statistics.ttl")
    base = json.loads((demonstration / "manifest.json").read_text(encoding="utf-8"))["base_iri"]
    dqv = rdflib.Namespace(DQV)
    for name in ("u-sec-in-sample", "purity-in-sample", "options", "empty-cells", "ami-official-2", "largest-share"):
        for level in "123":
            at = rdflib.URIRef(f"{base}release/1.0.0/quality/{name}/{level}")
            assert graph.value(at, dqv.value) is not None, name
    assert "flatters" in str(graph.value(rdflib.URIRef(f"{base}quality/u-sec-in-sample"), rdflib.SKOS.definition))
    notes = (demonstration / "RELEASE-NOTES.md").read_text(encoding="utf-8")
    told = notes.partition("### Beside the official hierarchy")[2].partition("###")[0]
    assert told.count("\n- Level") == int(told.split("ahead in ")[1].split(" ")[0])


def test_quick_figures_of_equal_partitions_are_equal() -> None:
    """The workshop's clusters are its official groups: nobody is ahead."""
    clusters, allocations = {}, []
    for n in range(12):
        field, trade = f"c{n // 2 + 1:05d}", f"c{n + 101:05d}"
        clusters[field] = Cluster(field, 1, None, "sector", {"en": field})
        clusters[trade] = Cluster(trade, 2, field, "sector", {"en": trade})
        allocations += [
            Allocation(skill, trade, "primary", 1.0, 1.0, None, "data") for skill in SKILLS if int(skill[-5:-3]) == n
        ]
    found = quick(Clustering([], clusters, allocations, [], {}, []), PILLAR, SECTORS)
    assert found.ahead == [] and found.compared == 14
    figures = {(m.metric, m.about): m.value for m in found.measurements}
    assert figures["u-sec-in-sample", "1"] == 1.0 and figures["groups", "2"] == 12
    assert figures["ami-official-1", "1"] == 1.0


def test_jobs_of_equal_content_are_made_once() -> None:
    made: list[Job] = []

    def remake(jobs: list[Job]) -> list[Levels]:
        made.extend(jobs)
        return [of_partition(trades.partition(PILLAR)) for _ in jobs]

    subject = Subject(
        "ours", of_partition(trades.partition(PILLAR)), held_out="scratch", as_made="scratch",
        modes=("scratch",), remake=remake,
    )  # fmt: skip
    measured(subject, splits=2)
    assert len(made) == len(set(made)) == 2 + 1 + 2
