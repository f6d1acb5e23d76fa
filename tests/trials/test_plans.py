"""Test plans: all that come with the product run, reports say what was measured and never what the data hold."""

from __future__ import annotations

import json
from pathlib import Path

import html5lib
import numpy as np
import pytest
from click.testing import CliRunner, Result

from esco_kg.cli import main
from esco_kg.errors import InputError, UsageError
from esco_kg.folder.material import Material, read_material
from esco_kg.notes.document import Heading, Paragraph, Table, to_html, to_markdown
from esco_kg.trials.figures import Metric, compare, mean_figure, whole_figure
from esco_kg.trials.plan import DataFile, read_plan, shipped
from esco_kg.trials.report import Record, run_plan
from esco_kg.trials.sample import read_sample
from esco_kg.trials.tasks import KINDS
from esco_kg.trials.tasks.ranking import rank_of
from esco_kg.trials.tasks.shared import TaskInputs
from esco_kg.trials.written import report_document

# docs/clusters.md of the task names these uses.
USES = {
    "navigation", "skill recommendation", "statistical reporting", "job and course recommendation",
    "job matching and career guidance", "profile builders", "labour-market intelligence",
    "annotation of learning outcomes",
}  # fmt: skip


@pytest.fixture(scope="module")
def material(demonstration: Path) -> Material:
    return read_material(demonstration)


@pytest.fixture(scope="module")
def inputs(material: Material) -> TaskInputs:
    return TaskInputs(material)


@pytest.fixture(scope="module")
def records(inputs: TaskInputs) -> dict[str, Record]:
    return {name: run_plan(read_plan(name), inputs) for name in shipped()}


def run(*arguments: object, status: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result


def test_there_is_a_plan_for_every_use(records: dict[str, Record]) -> None:
    assert {record["plan"]["use"] for record in records.values()} == USES


def test_every_kind_of_task_is_in_a_plan(records: dict[str, Record]) -> None:
    assert {task["kind"] for record in records.values() for task in record["tasks"]} == set(KINDS) - {"outcomes", "own"}


def test_every_task_measures_all_three_with_the_same_data(records: dict[str, Record]) -> None:
    for record in records.values():
        for task in record["tasks"]:
            families = {f["hierarchy"].split()[0] for f in task["figures"]}
            without = {"none"} if task["kind"] == "people" else set()  # nobody walks down no hierarchy
            assert families == {"clusters", "official", "none"} - without
            for metric in task["metrics"]:
                assert len({f["units"] for f in task["figures"] if f["metric"] == metric}) == 1
            for figure in task["figures"]:
                assert figure["low"] <= figure["value"] <= figure["high"]
            assert task["comparisons"]


def test_a_report_describes_the_data_and_never_holds_them(records: dict[str, Record]) -> None:
    for name, record in records.items():
        text = json.dumps(record)
        for row in read_sample_rows(name):
            assert row.text not in text or len(row.text) < 12
        assert all(len(data["sha256"]) == 64 and data["rows"] > 50 for data in record["data"])


def read_sample_rows(name: str) -> list:  # type: ignore[type-arg]
    from esco_kg.folder.material import Material as Empty

    plan = read_plan(name)
    nothing = Empty(Path(), "1.0.0", "", "", "en", ("en",))
    return [row for file in plan.data for row in read_sample(nothing, file).rows]


def test_the_command_writes_three_forms_and_the_same_bytes_twice(demonstration: Path, tmp_path: Path) -> None:
    for out in ("a", "b"):
        run("test", "learning-outcomes", demonstration, "--out", tmp_path / out, "--quiet")
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == [f"learning-outcomes.{ending}" for ending in ("html", "json", "md")]
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    html = (tmp_path / "a/learning-outcomes.html").read_text(encoding="utf-8")
    html5lib.HTMLParser(strict=True).parse(html)
    assert "<svg" in html and "<script" not in html and "http://" not in html.replace("http://www.w3.org/2000/svg", "")
    markdown = (tmp_path / "a/learning-outcomes.md").read_text(encoding="utf-8")
    record = json.loads((tmp_path / "a/learning-outcomes.json").read_text(encoding="utf-8"))
    figure = record["tasks"][0]["figures"][0]
    assert f"{figure['value']:.3f} | {figure['low']:.3f} to {figure['high']:.3f}" in markdown
    assert "## Where clusters help, and where not" in markdown


def test_two_tasks_of_one_kind_are_told_apart(demonstration: Path, tmp_path: Path) -> None:
    """The second one once took the first one's place in the summary."""
    plan = "job-and-course-recommendation"
    run("test", plan, demonstration, "--out", tmp_path, "--quiet")
    run("test", "--summarise", tmp_path / f"{plan}.json", "--out", tmp_path)
    record = json.loads((tmp_path / f"{plan}.json").read_text(encoding="utf-8"))
    text = (tmp_path / "summary.md").read_text(encoding="utf-8")
    for task in record["tasks"]:
        (c,) = (
            c for c in task["comparisons"]
            if (c["metric"], c["ours"], c["theirs"]) == ("mrr", "clusters 2", "official 2")
        )  # fmt: skip
        row = f"| rank ({task['data']}) | mrr | clusters 2 | official 2 |"
        assert f"{c['difference']:+.3f}" in next(line for line in text.splitlines() if row in line)
    assert "rank (ads), mrr: clusters 2" in (tmp_path / f"{plan}.md").read_text(encoding="utf-8")


def test_the_shipped_plans_are_listed() -> None:
    assert run("test", "--list").stdout.count("\n") == len(shipped())


@pytest.mark.parametrize("name", sorted(shipped().keys() - {"tree-test"}))
def test_every_plan_runs_on_the_benchmark(name: str, inputs: TaskInputs, shared: Path, tmp_path: Path) -> None:
    """The benchmark's terms with labels of the demonstration, so that the release at hand knows them."""
    source = (shared / "data/benchmark/tech_validation_annotations.csv").read_text(encoding="utf-8").splitlines()
    labels = sorted({skill.label() for skill in inputs.material.skills.values()})
    lines = [f"{line.rsplit(',', 1)[0]},{labels[n % len(labels)]}" for n, line in enumerate(source[1:])]
    table = tmp_path / "terms.csv"
    table.write_text("\n".join([source[0], *lines]), encoding="utf-8")
    plan = read_plan(name, {file.name: table for file in read_plan(name).data})
    record = run_plan(plan, inputs)
    assert record["data"][0]["rows"] == len(lines) and record["data"][0]["description"] == ""


PLAN = """
[plan]
use = "own use"
title = "A title"
[data.terms]
file = "terms.csv"
text = "term"
skill = "skill"
unit = "ad"
[[task]]
kind = "{kind}"
data = "{data}"
{more}
"""


def own_plan(folder: Path, kind: str = "assign", data: str = "terms", more: str = "") -> Path:
    (folder / "plan.toml").write_text(PLAN.format(kind=kind, data=data, more=more), encoding="utf-8")
    rows = ["term,skill,ad", "welding of steel,weld steel parts,1", "welding,welding processes,1", "free fruit,none,2"]
    (folder / "terms.csv").write_text("\n".join(rows), encoding="utf-8")
    return folder / "plan.toml"


def test_a_plan_of_ones_own_tells_what_was_met(demonstration: Path, tmp_path: Path) -> None:
    more = 'expected = [{ hierarchy = "clusters 1", metric = "accuracy", at_least = 0.9 }]'
    run("test", own_plan(tmp_path, more=more), demonstration, "--out", tmp_path, "--quiet")
    record = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert record["tasks"][0]["expected"][0] == {
        "hierarchy": "clusters 1", "metric": "accuracy", "at_least": 0.9, "value": 1.0, "met": True,
    }  # fmt: skip
    assert record["data"][0]["rows_with_a_skill"] == 2


@pytest.mark.parametrize(
    ("change", "says", "status"),
    [
        ({"kind": "guess"}, "no task 'guess'", 2),
        ({"data": "others"}, "names the data file 'others'", 3),
        ({"more": 'expected = [{ hierarchy = "clusters 9", metric = "accuracy", at_least = 1 }]'}, "not measured", 2),
        ({"more": 'expected = [{ hierarchy = "clusters 1", metric = "accuracy" }]'}, "at_least or at_most", 3),
        ({"more": "colour = 1"}, "unknown key 'colour'", 3),
        ({"kind": "complete"}, "too few to measure", 2),
        ({"more": "["}, "cannot be read as TOML", 3),
    ],
)
def test_a_plan_at_fault(change: dict[str, str], says: str, status: int, demonstration: Path, tmp_path: Path) -> None:
    plan = own_plan(tmp_path, **change)
    assert says in run("test", plan, demonstration, "--out", tmp_path, status=status).stderr


def test_plans_and_data_that_are_not_there(demonstration: Path, tmp_path: Path) -> None:
    assert "no plan is given" in run("test", status=2).stderr
    assert "there is no plan absent" in run("test", "absent", demonstration, status=2).stderr
    asked = ("test", "navigation", demonstration, "--out", tmp_path)
    assert "no data file 'terms'" in run(*asked, "--data", "terms=x.csv", status=2).stderr
    assert "has no =" in run(*asked, "--data", "x.csv", status=2).stderr
    assert "there is no such file" in run(*asked, "--data", "ads=x.csv", status=2).stderr


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text('[plan]\nuse = "u"\ntitle = "t"\n')
    with pytest.raises(InputError, match=r"p\.toml: 'data' is missing"):
        read_plan(str(path))


def test_a_column_that_is_not_there(material: Material, tmp_path: Path) -> None:
    own_plan(tmp_path)
    with pytest.raises(UsageError, match="no column 'unit'"):
        read_sample(material, DataFile("d", tmp_path / "terms.csv", "term", "skill", "unit"))


def test_a_difference_is_paired() -> None:
    """Two hierarchies that differ by the same little on every unit: far inside each other's interval, clearly apart."""
    metric = Metric("m", "")
    values = np.linspace(0, 0.9, 40)
    ours, theirs = mean_figure("clusters 1", metric, values + 0.01, 5), mean_figure("official 1", metric, values, 5)
    assert ours.limits[0] < theirs.value
    (found,) = compare([ours, theirs])
    assert found.verdict == "better" and found.low == pytest.approx(0.01) == found.high
    (baseline,) = compare([ours, mean_figure("none", metric, values, 5)])
    assert baseline.verdict == "baseline"
    few = [mean_figure(f"{name} 1", metric, values[:3] + more, 5) for name, more in (("clusters", 1), ("official", 0))]
    assert [found.verdict for found in compare(few)] == ["too few units"]
    less = Metric("m", "", less_is_better=True)
    (found,) = compare([mean_figure("clusters 1", less, values + 0.01, 5), mean_figure("official 1", less, values, 5)])
    assert found.verdict == "worse"


def test_both_hierarchies_are_held_to_the_same_rule(inputs: TaskInputs) -> None:
    """Official groups were right in any of a skill's groups, clusters in the primary one alone."""
    for level in inputs.levels:
        for pair, several in ((inputs.groupings.one_each(level), False), (inputs.groupings.equally_many(level), True)):
            groups = [np.diff(grouping.memberships.indptr) for grouping in pair]
            both = (groups[0] > 0) & (groups[1] > 0)
            assert [grouping.name for grouping in pair] == [f"clusters {level}", f"official {level}"]
            assert (groups[0][both] == groups[1][both]).all() and both.sum() > 200
            assert several or groups[0].max() == 1
        primary = inputs.groupings.clusters(level).memberships
        assert (inputs.groupings.one_each(level)[0].memberships != primary).nnz == 0


def test_a_jackknife_of_a_mean_is_the_usual_interval() -> None:
    values = np.random.default_rng(3).normal(5, 1, 400)
    metric = Metric("m", "", most=10)
    found = whole_figure("none", metric, lambda units: float(values[units].mean()), len(values), 1)
    usual = mean_figure("none", metric, values, 1)
    assert found.value == pytest.approx(usual.value)
    assert found.limits == (pytest.approx(usual.limits[0], abs=0.05), pytest.approx(usual.limits[1], abs=0.05))


def test_ties_share_their_rank() -> None:
    scores = np.array([0.5, 0.9, 0.5, 0.1])
    assert [rank_of(scores, n) for n in range(4)] == [2.5, 1.0, 2.5, 4.0]


def test_documents_show_awkward_words_as_they_are() -> None:
    awkward = 'a | b <c> & "d" *e*'
    blocks = [Heading(awkward, 1), Paragraph(awkward), Table(awkward, ("x", awkward), [(awkward, "1")])]
    tree = html5lib.HTMLParser(strict=True).parse(to_html(blocks))
    assert [text for text in tree.itertext() if awkward in text][1:] == [awkward] * 5
    assert r"a \| b \<c\> &amp;" in to_markdown(blocks)


def study(folder: Path, tasks: str, rows: str, data: str = "", more: str = "") -> dict[str, str]:
    """A plan on a table of the columns text, skill, unit, who, clicks: where it is."""
    (folder / "rows.csv").write_text("text,skill,unit,who,clicks\n" + rows, encoding="utf-8")
    about = '[plan]\nuse = "navigation"\ntitle = "Own"\n'
    table = f'[data.d]\nfile = "rows.csv"\ntext = "text"\nskill = "skill"\nunit = "unit"\n{data}\n'
    (folder / "plan.toml").write_text(f"{about}{table}{more}\n{tasks}", encoding="utf-8")
    return {"plan": str(folder / "plan.toml")}


def rows_of(material: Material, number: int = 24) -> str:
    labels = sorted(material.label(skill) for skill in material.primary if "," not in material.label(skill))[:number]
    return "".join(f"{label},{label},u{n // 2},r1,{n % 2}\n" for n, label in enumerate(labels))


def test_what_most_annotators_say_counts_and_their_agreement_is_told(inputs: TaskInputs, tmp_path: Path) -> None:
    a, b = sorted(inputs.material.label(skill) for skill in inputs.material.primary)[:2]
    rows = [("x", "r1", a), ("x", "r2", a), ("x", "r3", b), ("y", "r1", b), ("y", "r2", b), ("y", "r3", b)]
    rows += [("z", "r1", a), ("z", "r2", b), ("n", "r1", ""), ("n", "r2", ""), ("n", "r3", a)]
    text = "".join(f'{text},"{label}",u-{text},{who},0\n' for text, who, label in rows)
    plan = study(tmp_path, '[[task]]\nkind = "assign"\ndata = "d"\n', text, 'annotator = "who"')
    record = run_plan(read_plan(plan["plan"]), inputs)
    (data,) = record["data"]
    assert (data["rows"], data["rows_with_a_skill"]) == (3, 2), "x and y have a skill, n none, z is disputed"
    assert data["agreement"]["annotators"] == 3 and data["agreement"]["disputed"] == 1
    assert -1 <= data["agreement"]["alpha_low"] <= data["agreement"]["alpha"] <= 1
    assert "Krippendorff's alpha on the skills given" in to_markdown(report_document(record))


def test_another_grouping_is_a_rival_at_the_level_of_its_size(inputs: TaskInputs, tmp_path: Path) -> None:
    material = inputs.material
    own = "".join(f"{skill},{a.cluster}\n{skill},further\n" for skill, a in sorted(material.primary.items()))
    (tmp_path / "rival.csv").write_text("skill,group\n" + own, encoding="utf-8")
    plan = study(
        tmp_path,
        '[[task]]\nkind = "assign"\ndata = "d"\n',
        rows_of(material),
        more='[rival.same]\nfile = "rival.csv"\n',
    )
    record = run_plan(read_plan(plan["plan"]), inputs)
    against = [c for c in record["tasks"][0]["comparisons"] if c["theirs"] == "rival same"]
    assert {c["ours"] for c in against} == {f"clusters {material.depth}"}
    assert all(c["difference"] == 0 for c in against), "our own clusters as a rival are as good"
    assert {c["metric"] for c in against} == {"accuracy"}, "a rival's several groups are not cut to the official number"
    assert not inputs.rivals, "a plan's rivals are no other plan's"


def test_outcomes_and_functions_are_metrics(inputs: TaskInputs, tmp_path: Path) -> None:
    (tmp_path / "metric.py").write_text(
        'def width(grouping, rows):\n    """Groups of the grouping a row."""\n'
        "    return len(grouping.groups) / len(rows)\n\n\nwidth.less_is_better = True\n",
        encoding="utf-8",
    )
    label = sorted(inputs.material.label(skill) for skill in inputs.material.primary)[0]
    rows = "".join(f'"{text}","{label}",u{n},r,{click}\n' for n in range(12) for text, click in ((label, 3), ("x", 1)))
    tasks = (
        '[[task]]\nkind = "outcomes"\ndata = "d"\n[[task]]\nkind = "own"\ndata = "d"\nfunction = "metric.py:width"\n'
    )
    plan = study(tmp_path, tasks, rows, 'outcome = "clicks"')
    record = run_plan(read_plan(plan["plan"]), inputs)
    ordered, own = record["tasks"]
    assert {f["value"] for f in ordered["figures"]} == {1.0}, "the text that names the skill is ranked first"
    assert own["metrics"]["width"] == {"meaning": "Groups of the grouping a row.", "less_is_better": True}
    assert next(f["value"] for f in own["figures"] if f["hierarchy"] == "none") == len(inputs.material.skills) / 2


@pytest.mark.parametrize(
    ("task", "says"),
    [
        ('kind = "outcomes"\ndata = "d"', "needs the key outcome"),
        ('kind = "own"\ndata = "d"', "needs a function"),
        ('kind = "own"\ndata = "d"\nfunction = "nope.py:f"', "there is no file"),
        ('kind = "own"\ndata = "d"\nfunction = "bad.py:f"', "ZeroDivisionError"),
    ],
)
def test_metrics_at_fault(task: str, says: str, inputs: TaskInputs, tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("def f(grouping, rows):\n    return 1 / 0\n", encoding="utf-8")
    plan = study(tmp_path, f"[[task]]\n{task}\n", rows_of(inputs.material))
    with pytest.raises((InputError, UsageError), match=says):
        run_plan(read_plan(plan["plan"]), inputs)


def test_a_table_without_texts_is_enough_where_none_is_read(inputs: TaskInputs, tmp_path: Path) -> None:
    """A statistical office has skills of persons; the plan wanted a column of texts that it did not read."""
    table = tmp_path / "survey.csv"
    lines = [f"{n},{skill}" for n in range(12) for skill in ("weld steel parts", "inspect welds")]
    table.write_text("\n".join(["sentence,label", *lines]), encoding="utf-8")
    record = run_plan(read_plan("statistical-reporting", {"ads": table}), inputs)
    assert record["data"][0]["rows"] == 24 and record["tasks"][0]["figures"]
    said = run(
        "test", "navigation", "--data", f"ads={table}", "--out", tmp_path / "r", inputs.material.folder, status=2
    )
    assert "has no column 'span'" in said.stderr and "the plan names span, label, sentence" in said.stderr
    with pytest.raises(InputError, match="a task 'assign' needs the key text in the data file 'terms'"):
        read_plan(str(without_text(own_plan(tmp_path))))


def without_text(plan: Path) -> Path:
    plan.write_text(plan.read_text(encoding="utf-8").replace('text = "term"\n', ""), encoding="utf-8")
    return plan
