"""A tree test as people take it: page after page as plain forms, answers on the disk, and a plan that reads them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

from esco_kg.cli import main
from esco_kg.errors import UsageError
from esco_kg.folder.material import read_material
from esco_kg.trials.tree_test import TreeTest, read_tasks
from esco_kg.web.http.answers import Problem, plain_problem
from esco_kg.web.tree_test.page import tree_test_routes

TASKS = (
    "text,skill\njoin plates,weld steel parts\ncheck a seam,inspect welds\nread a blueprint,read technical drawings\n"
)


@pytest.fixture
def test(demonstration: Path, tmp_path: Path) -> TreeTest:
    (tmp_path / "tasks.csv").write_text(TASKS, encoding="utf-8")
    return TreeTest(demonstration, tmp_path / "tasks.csv", tmp_path / "inbox")


@pytest.fixture
def client(test: TreeTest) -> Iterator[TestClient]:
    def told(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return plain_problem(error)

    with TestClient(
        Starlette(routes=tree_test_routes(test), exception_handlers={Problem: told}), "http://127.0.0.1"
    ) as client:
        yield client


def answers(folder: Path) -> list[dict[str, Any]]:
    path = folder / "inbox/tree-test-1.0.0.ndjson"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []


def buttons(page: str, name: str) -> dict[str, str]:
    """Label -> value of the buttons of this name."""
    found = re.findall(rf'<button name="{name}" value="([^"]*)"[^>]*>([^<]+)</button>', page)
    return {unescape(label): unescape(value) for value, label in found}


def walk(client: TestClient, test: TreeTest, at: str, sought: dict[str, tuple[str, ...]], turns: int = 0) -> str:
    """One task as a person does it who knows the way, after opening and leaving the first group ``turns`` times."""
    page = client.get(at).text
    person, number = at.rsplit("/", 1)[1], re.findall(r'name="number" value="(\d+)"', page)[0]
    text = test.step(person, "en").text  # type: ignore[union-attr]
    for _ in range(turns):
        page = client.post(at, data={"number": number, "to": next(iter(buttons(page, "to").values()))}).text
        page = client.post(at, data={"number": number, "to": buttons(page, "to")["Top"]}).text
    name = test._people[person].tasks[int(number) - 1][1]
    for node in test._trees[name].paths[sought[text][0]][0]:
        assert node in buttons(page, "to").values()
        page = client.post(at, data={"number": number, "to": node}).text
    assert sought[text][0] in buttons(page, "skill").values()
    return client.post(at, data={"number": number, "skill": sought[text][0]}).text


def test_a_person_walks_and_what_they_did_is_kept(client: TestClient, test: TreeTest, tmp_path: Path) -> None:
    sought = dict(read_tasks(read_material(test._first.folder), tmp_path / "tasks.csv"))
    start = client.get("/tree-test", headers={"Accept-Language": "de"})
    assert start.url.path == "/tree-test/de" and "Eine Fähigkeit finden" in start.text
    at = client.post("/tree-test/en").url.path
    assert answers(tmp_path) == []
    walk(client, test, at, sought)
    walk(client, test, at, sought, turns=2)
    number = re.findall(r'name="number" value="(\d+)"', client.get(at).text)[0]
    assert "Thank you" in client.post(at, data={"number": number, "skill": ""}).text
    straight, turned, gave_up = answers(tmp_path)
    assert (straight["success"], straight["direct"]) == (1, 1) and straight["steps"] == len(straight["path"].split())
    assert (turned["success"], turned["direct"], turned["steps"]) == (1, 0, straight_steps(test, turned) + 4)
    assert (gave_up["success"], gave_up["direct"], gave_up["chosen"]) == (0, 0, "")
    assert {straight["text"], turned["text"], gave_up["text"]} == set(sought)
    assert straight["hierarchy"] == gave_up["hierarchy"] != turned["hierarchy"], (
        "every other one in the other hierarchy"
    )
    assert all(line["seconds"] >= 0 for line in answers(tmp_path))
    assert set(straight) == {
        "text", "skill", "person", "hierarchy", "success", "direct", "seconds", "steps", "chosen", "path"
    }, "nothing else of a person"  # fmt: skip


def straight_steps(test: TreeTest, line: dict[str, Any]) -> int:
    return len(test._trees[line["hierarchy"]].paths[line["skill"]][0])


def test_what_is_not_on_the_page_changes_nothing(client: TestClient, test: TreeTest, tmp_path: Path) -> None:
    at = client.post("/tree-test/en").url.path
    before = client.get(at).text
    for data in ({"to": "c99999"}, {"to": "<b>"}, {"skill": "http://example.org/x"}):
        assert client.post(at, data={"number": "1", **data}).text == before
    assert client.post(at, data={"number": "2", "skill": ""}).text == before, "a form of another task"
    assert client.post(at, data={"skill": ""}).status_code == 400
    assert client.get("/tree-test", headers={"Host": "rebound.example"}).status_code == 400
    assert client.get("/tree-test/en/0123").status_code == 404 and client.get("/tree-test/xx").status_code == 404
    assert answers(tmp_path) == []


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_the_page_speaks_each_language(language: str, client: TestClient, test: TreeTest) -> None:
    page = client.get(client.post(f"/tree-test/{language}").url.path).text
    assert f'<html lang="{language}"' in page and "tree_" not in page


def test_answers_are_data_of_the_plan(test: TreeTest, client: TestClient, demonstration: Path, tmp_path: Path) -> None:
    sought = dict(read_tasks(read_material(test._first.folder), tmp_path / "tasks.csv"))
    for _ in range(11):
        at = client.post("/tree-test/en").url.path
        for _ in range(2):
            walk(client, test, at, sought)
    assert Counter(line["hierarchy"] for line in answers(tmp_path)) == {"clusters": 11, "official": 11}
    file = tmp_path / "inbox/tree-test-1.0.0.ndjson"
    data = [part for name in ("success", "direct", "seconds") for part in ("--data", f"{name}={file}")]
    result = CliRunner().invoke(
        main,
        ["test", "tree-test", *data, "--out", str(tmp_path / "report"), str(demonstration)],
        catch_exceptions=False,
    )
    assert result.exit_code == 0, result.output
    record = json.loads((tmp_path / "report/tree-test.json").read_text(encoding="utf-8"))
    success, direct, seconds = record["tasks"]
    assert {(f["hierarchy"], f["value"], f["units"]) for f in success["figures"]} == {
        ("clusters", 1.0, 11), ("official", 1.0, 11)
    }  # fmt: skip
    assert success["comparisons"][0]["verdict"] == "no clear difference"
    assert direct["metrics"]["direct"]["less_is_better"] is False and seconds["metrics"]["seconds"]["less_is_better"]


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("text,x\na,b\n", "has no column 'skill'"),
        ("text,skill\na,inspect welds\nb,nothing\n", "record 2: 'nothing' is no skill"),
        ("text,skill\na,inspect welds\n", "has 1 tasks"),
        ("text,skill\n,inspect welds\n", "record 1: no text"),
    ],
)
def test_tasks_that_cannot_be_asked_are_refused(table: str, says: str, demonstration: Path, tmp_path: Path) -> None:
    (tmp_path / "tasks.csv").write_text(table, encoding="utf-8")
    with pytest.raises(UsageError, match=says):
        read_tasks(read_material(demonstration), tmp_path / "tasks.csv")
