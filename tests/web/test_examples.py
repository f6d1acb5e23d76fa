"""What the data page gives to copy runs as it stands there: in a shell and in Python; JavaScript in a browser."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from urllib.request import urlopen

import pytest
from starlette.testclient import TestClient

from esco_kg.web.pages.overviews import _as_code
from tests.support.web_fixtures import NEW


def example(page: str, kind: str) -> str:
    """A piece of code of the data page, as a reader copies it."""
    found = re.search(rf'<code data-runs="{kind}">(.*?)</code>', page, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_the_examples_run(server: str, language: str) -> None:
    with urlopen(f"{server}/{language}/{NEW}/data.html") as answer:
        page = answer.read().decode()
    command = ["sh", "-c", example(page, "curl")]
    told = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)
    texts = [one["text"] for one in told["results"]]
    assert len(texts) == 2 and all(one["match"]["label"] == one["text"] for one in told["results"])
    assert all([cluster["depth"] for cluster in one["clusters"]] == [1, 2, 3] for one in told["results"])
    run = [sys.executable, "-c", example(page, "python")]
    lines = subprocess.run(run, capture_output=True, check=True, timeout=60, encoding="utf-8").stdout.splitlines()
    expected = [
        f"{one['text']} {one['match']['iri']} {one['match']['score']} {[c['id'] for c in one['clusters']]}"
        for one in told["results"]
    ]
    assert lines == expected


def test_no_text_of_an_example_ends_the_quotes_of_a_shell() -> None:
    texts = ["chargé d'études", 'say "hi" $HOME `id` \\']
    written = _as_code(texts)
    assert "'" not in written and json.loads(written) == texts
    shell = subprocess.run(["sh", "-c", f"printf %s '{written}'"], capture_output=True, check=True, encoding="utf-8")
    assert json.loads(shell.stdout) == texts


def test_the_index_of_the_interface_leads_to_the_examples(client: TestClient) -> None:
    address = client.get("/api/v1").json()["examples"]
    page, _, place = address.partition("#")
    shown = client.get(page).text
    assert f'id="{place}"' in shown and f"{client.base_url}/api/v1/match" in shown
