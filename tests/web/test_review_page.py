"""The page for reviewers in a real browser: by keyboard, in two languages, through reloads, lost servers and phones."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from esco_kg.cli import main
from esco_kg.errors import InputError
from esco_kg.folder.material import read_material
from esco_kg.trials.review.cases import Order
from esco_kg.trials.review.intake import take_in
from esco_kg.trials.review.ledger import Ledger, in_force, read_ledger
from esco_kg.trials.review.reading import read_lines, read_review
from esco_kg.trials.review.session import ReviewSession
from esco_kg.web.app import make_app
from esco_kg.web.releases.site import open_site
from esco_kg.web.review.page import review_routes
from esco_kg.web.server.limits import Limits

ORDER = Order(("r1", "r2"), priority=6, random=12, overlap=4)


@pytest.fixture
def session(demonstration: Path, tmp_path: Path) -> ReviewSession:
    return ReviewSession(demonstration, ORDER, tmp_path / "inbox")


@pytest.fixture
def client(session: ReviewSession, demonstration: Path, cache: Path) -> Iterator[TestClient]:
    site = open_site(demonstration, cache, lambda name: None)
    app = make_app(site, limits=Limits(rate=0), log=None, more_routes=review_routes(session))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        yield client


def filled(client: TestClient, path: str, **fields: str) -> dict[str, str]:
    """The fields of a form with the token of the session, as the page at ``path`` holds it."""
    token, *_ = re.findall(r'name="token" value="([^"]+)"', client.get(path).text)
    return {"token": token, **fields}


def number_of(session: ReviewSession, *, blind: bool) -> int:
    return next(n for n in range(1, session.count("r1") + 1) if ("belongs to" in session.decisions("r1", n)) == blind)


def test_a_form_alone_is_enough(client: TestClient, session: ReviewSession, tmp_path: Path) -> None:
    start = client.get("/review/r1", headers={"Accept-Language": "de"})
    assert start.url.path == "/review/r1/de/1" and 'lang="de"' in start.text
    number = number_of(session, blind=False)
    skill = session.card("r1", number, "en")["skill"]
    path = f"/review/r1/de/{number}"
    data = filled(client, path, decision="agree", reason="", skill=skill)
    answer = client.post(path, data=data, follow_redirects=False)
    assert answer.status_code == 303 and answer.headers["location"] == str(min(number + 1, session.count("r1")))
    (line,) = (tmp_path / "inbox/review-1.0.0-r1.ndjson").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["decision"] == "agree" and json.loads(line)["skill"] == skill
    assert session.done("r1")[skill]["decision"] == "agree" and number not in session.open_cards("r1")


def test_what_is_wrong_is_said_and_not_saved(client: TestClient, session: ReviewSession) -> None:
    number = number_of(session, blind=False)
    skill = session.card("r1", number, "en")["skill"]
    path = f"/review/r1/en/{number}"
    answer = client.post(path, data=filled(client, path, decision="move to", reason="x <b>", skill=skill))
    assert answer.status_code == 422 and "needs a cluster" in answer.text and "x &lt;b&gt;" in answer.text
    data = filled(client, path, decision="nonsense", skill=skill)
    told = client.post(path, data=data, headers={"Accept": "application/json"})
    assert told.status_code == 422 and "is no decision" in told.json()["problem"]
    assert session.done("r1") == {}


def test_other_sites_and_other_releases_cannot_write(client: TestClient, session: ReviewSession) -> None:
    path, skill = "/review/r1/en/1", session.card("r1", 1, "en")["skill"]
    good = filled(client, path, decision="unsure", skill=skill)
    for origin in ("http://evil.example", "null", "http://127.0.0.1:9999", "http://[bad"):
        foreign = client.post(path, data=good, headers={"Origin": origin})
        assert foreign.status_code == 403 and "--public-url" in foreign.text, origin
    stale = client.post(path, data=good | {"skill": "https://example.org/other"})
    assert stale.status_code == 409 and session.done("r1") == {}
    assert client.post(path, data=good, headers={"Origin": "http://127.0.0.1"}).status_code == 200
    assert session.done("r1")[skill]["decision"] == "unsure"


def test_a_name_that_was_made_to_lead_here_is_refused(client: TestClient, session: ReviewSession) -> None:
    """DNS rebinding: the page of another site has a name that leads to this machine, so its origin is its host."""
    path, skill = "/review/r1/en/1", session.card("r1", 1, "en")["skill"]
    good = filled(client, path, decision="unsure", skill=skill)
    rebound = {"Host": "evil.example:8080", "Origin": "http://evil.example:8080"}
    assert client.get(path, headers=rebound).status_code == 400
    assert client.post(path, data=good, headers=rebound).status_code == 400
    assert client.get(path, headers={"Host": "localhost:8080"}).status_code == 200
    assert client.get(path, headers={"Host": "[::1]:8080"}).status_code == 200
    assert session.done("r1") == {}


def test_only_a_page_of_this_session_can_write(client: TestClient, session: ReviewSession) -> None:
    """Without the token, with a wrong one, or with the token of another browser: shown again with what was typed."""
    path, skill = "/review/r1/en/1", session.card("r1", 1, "en")["skill"]
    good = filled(client, path, decision="unsure", reason="half a thought", skill=skill)
    for token in ("", "guess", "ü"):
        answer = client.post(path, data=good | {"token": token})
        assert answer.status_code == 403 and "Save once more" in answer.text and "half a thought" in answer.text
    client.cookies.clear()
    answer = client.post(path, data=good, headers={"Accept": "application/json"})
    assert answer.status_code == 403 and "Save once more" in answer.json()["title"]
    assert session.done("r1") == {}
    again = client.post(path, data=filled(client, path, decision="unsure", skill=skill), follow_redirects=False)
    assert again.status_code == 303 and session.done("r1")[skill]["decision"] == "unsure"


def test_the_public_address_may_write_and_its_cookie_is_for_tls(
    session: ReviewSession, demonstration: Path, cache: Path
) -> None:
    """What a proxy with its defaults sends: its own name for this server, and the browser's origin."""
    public = "https://Clusters.example/path/"
    routes = review_routes(session, public_url=public, hosts=("inside.example",))
    app = make_app(open_site(demonstration, cache), limits=Limits(rate=0), log=None, more_routes=routes)
    path, skill = "/review/r1/en/1", session.card("r1", 1, "en")["skill"]
    with TestClient(app, base_url="https://127.0.0.1:8080") as web:
        shown = web.get(path)
        cookie = shown.headers["set-cookie"].lower()
        assert "secure" in cookie and "httponly" in cookie and "samesite=strict" in cookie
        data = filled(web, path, decision="unsure", skill=skill)
        for host in ("127.0.0.1:8080", "clusters.example", "inside.example:8443"):
            sent = web.post(
                path, data=data, headers={"Host": host, "Origin": "https://clusters.example"}, follow_redirects=False
            )
            assert sent.status_code == 303, host
        plain = web.post(path, data=data, headers={"Origin": "http://clusters.example"})
        assert plain.status_code == 403, "the same name without TLS is another site"


@pytest.mark.parametrize("path", ["/review/r9", "/review/r1/xx/1", "/review/r1/en/0", "/review/r1/en/999"])
def test_what_is_not_there(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_without_review_there_is_no_such_address(demonstration: Path, cache: Path) -> None:
    site = open_site(demonstration, cache, lambda name: None)
    with TestClient(make_app(site, log=None)) as client:
        assert client.get("/review/r1").status_code == 404
        assert client.post("/review/r1/en/1", data={"decision": "agree"}).status_code in (404, 405)


def test_a_blind_card_does_not_tell_the_present_cluster(
    client: TestClient, session: ReviewSession, demonstration: Path
) -> None:
    number = number_of(session, blind=True)
    present = read_material(demonstration).primary[session.card("r1", number, "en")["skill"]].cluster
    html = client.get(f"/review/r1/en/{number}").text
    assert html.count(f'value="belongs to|{present}"') == 1 and " checked" not in html and " selected" not in html


def test_the_last_of_several_decisions_counts_and_a_cut_line_is_passed_over(
    session: ReviewSession, demonstration: Path
) -> None:
    number = number_of(session, blind=False)
    assert session.save("r1", number, {"decision": "unsure"}) == ""
    assert session.save("r1", number, {"decision": "agree"}) == ""
    path = next(session._inbox.iterdir())
    path.write_bytes(path.read_bytes() + path.read_bytes()[:100])  # killed while it wrote
    assert session.save("r1", number_of(session, blind=True), {"decision": "unsure"}) == ""
    assert [row.cells["decision"] for row in read_review(path)] == ["agree", "unsure"]
    material = read_material(demonstration)
    assert take_in(material, read_review(path), Ledger()).faults == []
    path.write_text("something else\n")
    with pytest.raises(InputError, match="ndjson:1: not a decision"):
        list(read_lines(path))


def test_a_click_after_a_revocation_counts_and_an_earlier_one_does_not(
    session: ReviewSession, demonstration: Path, tmp_path: Path
) -> None:
    """The two clicks are alike but for their moment."""
    ledger, number = tmp_path / "ledger.csv", number_of(session, blind=False)
    inbox = tmp_path / "inbox/review-1.0.0-r1.ndjson"

    def run(*arguments: str) -> int:
        return CliRunner().invoke(main, ["review", *arguments, "--ledger", str(ledger)]).exit_code

    import_ = ("import", str(inbox), str(demonstration))
    assert session.save("r1", number, {"decision": "agree"}) == "" and run(*import_) == 0
    (entry,) = read_ledger(ledger)
    assert session.save("r1", number, {"decision": "agree"}) == "", "saved again before anybody revoked it"
    assert run("revoke", entry.id, "--reviewer", "r2", "--reason", "no") == 0
    assert run(*import_) == 1 and in_force(read_ledger(ledger)) == {}
    assert session.save("r1", number, {"decision": "agree"}) == ""
    for _ in range(2):
        assert run(*import_) == 0
        assert [e.skill for e in in_force(read_ledger(ledger)).values()] == [entry.skill]
        assert len(read_ledger(ledger)) == 3


class Server:
    """``esco-kg serve --review`` on a port of its own, which survives being killed."""

    def __init__(self, release: Path, folder: Path, cache: Path) -> None:
        self._command = [sys.executable, "-m", "esco_kg", "serve", str(release), "--review", "r1,r2", "--rate", "0"]
        self._command += ["--inbox", str(folder / "inbox"), "--cache", str(cache), "--no-log", "--quiet"]
        self.inbox = folder / "inbox/review-1.0.0-r1.ndjson"
        self.address = ""
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        port = self.address.rsplit(":", 1)[1].strip("/") if self.address else "0"
        self._process = subprocess.Popen([*self._command, "--port", port], stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line.startswith("Serving on "), line
        self.address = line.split()[2]

    def kill(self) -> None:
        assert self._process
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)
        if self._process.stdout:
            self._process.stdout.close()

    def decisions(self) -> list[dict[str, str]]:
        return [cells for _, cells in read_lines(self.inbox)] if self.inbox.is_file() else []


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a site prepares of a release, made once for all servers of this file."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def server(demonstration: Path, tmp_path: Path, cache: Path) -> Iterator[Server]:
    found = Server(demonstration, tmp_path, cache)
    found.start()
    yield found
    found.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        pytest.skip("no Chromium on this machine")
    with sync.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def wait_for(condition: Any, what: str) -> None:
    for _ in range(150):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError(what)


def test_a_reviewer_works_by_keyboard_alone(server: Server, browser: Any) -> None:
    page = browser.new_page()
    page.goto(f"{server.address}review/r1")
    for count in range(1, 4):
        before = page.url
        page.keyboard.press("1")
        page.keyboard.press("r")
        page.keyboard.type(f"reason {count}")
        page.keyboard.press("Control+Enter")
        page.wait_for_url(lambda url, before=before: url != before)
    assert [d["reason"] for d in server.decisions()] == ["reason 1", "reason 2", "reason 3"]
    assert all(d["decision"] in ("belongs to", "agree") for d in server.decisions())
    here = page.url
    page.locator("h1").click()
    page.keyboard.press("p")
    page.wait_for_url(lambda url: url != here)
    assert page.locator("#reason").input_value() == "reason 3" and page.locator("input:checked").count() == 1
    page.close()


def test_a_draft_survives_a_reload_and_a_language_switch(server: Server, browser: Any) -> None:
    page = browser.new_page()
    page.goto(f"{server.address}review/r1/en/1")
    page.keyboard.press("2")
    page.locator("#reason").fill("half a thought")
    page.reload()
    assert page.locator("#reason").input_value() == "half a thought" and page.locator("#o2").is_checked()
    page.get_by_role("link", name="Deutsch").click()
    assert page.locator("html").get_attribute("lang") == "de"
    assert page.locator("#reason").input_value() == "half a thought" and page.locator("#o2").is_checked()
    assert server.decisions() == []
    page.close()


def test_a_killed_server_loses_no_decision(server: Server, browser: Any) -> None:
    """Decided while the server is dead: it is sent when the server is back."""
    page = browser.new_page()
    page.goto(f"{server.address}review/r1/en/1")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/2")
    server.kill()
    assert len(server.decisions()) == 1
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.get_by_role("alert").filter(has_text="connection is lost").wait_for()
    server.start()
    page.wait_for_url("**/en/3", timeout=20_000)
    wait_for(lambda: len(server.decisions()) == 2, "the decision was not sent")
    page.close()


def test_a_decision_kept_in_the_browser_is_sent_from_another_card(server: Server, browser: Any) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server.address}review/r1/en/1")
    context.set_offline(True)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.get_by_role("alert").filter(has_text="connection is lost").wait_for()
    page.close()
    context.set_offline(False)
    other = context.new_page()
    other.goto(f"{server.address}review/r1/en/5")
    wait_for(lambda: len(server.decisions()) == 1, "the decision was not sent")
    context.close()


def test_no_barrier_and_no_sideways_scrolling(
    server: Server, browser: Any, demonstration: Path, tmp_path: Path
) -> None:
    """The first card hides the present cluster, the last one shows it."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    last = ReviewSession(demonstration, Order(("r1", "r2")), tmp_path).count("r1")
    for width, scheme, number in product((360, 1280), ("light", "dark"), (1, last)):
        page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        page.goto(f"{server.address}review/r1/en/{number}")
        assert page.locator('input[value="move to"]').count() == int(number == last)
        found = axe.Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        if os.environ.get("ESCO_KG_SCREENSHOTS"):
            name = f"review-{number}-{width}-{scheme}.png"
            page.screenshot(path=f"{os.environ['ESCO_KG_SCREENSHOTS']}/{name}", full_page=True)
        page.close()


def test_without_scripts_the_page_works(server: Server, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server.address}review/r1/fr/1")
    page.locator("#o1").check()
    page.get_by_role("button", name="Enregistrer et continuer").click()
    page.wait_for_url("**/fr/2")
    assert len(server.decisions()) == 1
    context.close()


def test_what_the_server_refuses_stays_in_the_outbox_until_a_person_decides(
    server: Server, browser: Any, demonstration: Path, tmp_path: Path
) -> None:
    """Decided on a card of an older release, while it was offline: 409 when it comes back, and never lost."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server.address}review/r1/en/1")
    page.evaluate("card.elements.skill.value = 'https://example.org/gone'")
    page.keyboard.press("1")
    page.locator("#reason").fill("kept")
    page.keyboard.press("Control+Enter")
    outbox = page.get_by_role("region", name="Not saved yet")
    outbox.get_by_text("another release").wait_for()
    assert "kept" in outbox.inner_text() and server.decisions() == []
    page.goto(f"{server.address}review/r1/de/4")
    outbox = page.get_by_role("region", name="Noch nicht gespeichert")
    outbox.get_by_text("another release").wait_for()
    if os.environ.get("ESCO_KG_SCREENSHOTS"):
        page.screenshot(path=f"{os.environ['ESCO_KG_SCREENSHOTS']}/outbox.png", full_page=True)
    outbox.get_by_role("button", name="Noch einmal senden").click()
    outbox.get_by_text("another release").wait_for()
    outbox.get_by_role("button", name="Verwerfen").click()
    outbox.wait_for(state="hidden")
    page.reload()
    assert not page.get_by_role("region", name="Noch nicht gespeichert").is_visible() and server.decisions() == []
    context.close()


def test_a_cluster_that_is_missing_is_asked_for_on_the_card(
    server: Server, browser: Any, demonstration: Path, tmp_path: Path
) -> None:
    number = number_of(ReviewSession(demonstration, Order(("r1", "r2")), tmp_path / "other"), blind=False)
    page = browser.new_page()
    page.goto(f"{server.address}review/r1/en/{number}")
    page.locator('input[value="move to"]').check()
    page.keyboard.press("Control+Enter")
    page.locator('[name="cluster"]:invalid').wait_for()
    assert page.url.endswith(f"/{number}") and not server.decisions(), "the browser asks for the cluster first"
    page.locator('input[value="agree"]').check()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: not url.endswith(f"/{number}") or bool(server.decisions()))
    wait_for(lambda: [d["decision"] for d in server.decisions()] == ["agree"], "the mended decision was not saved")
    wait_for(lambda: not page.get_by_role("region", name="Not saved yet").is_visible(), "the outbox is not empty")
    page.close()


def test_a_reason_that_is_too_long_is_told_and_not_cut(client: TestClient, session: ReviewSession) -> None:
    number = number_of(session, blind=False)
    skill = session.card("r1", number, "en")["skill"]
    path = f"/review/r1/en/{number}"
    answer = client.post(path, data=filled(client, path, decision="agree", reason="x" * 501, skill=skill))
    assert answer.status_code == 422 and "501 characters; 500 are the most" in answer.text
    assert session.done("r1") == {}
