"""A reviewer with many cards: what clusters are, a list of cards, decisions taken back and taken away, no network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from esco_kg.cli.serve import _ordered
from esco_kg.errors import UsageError
from esco_kg.folder.material import read_material
from esco_kg.trials.review.intake import take_in
from esco_kg.trials.review.ledger import Ledger
from esco_kg.trials.review.reading import read_review
from esco_kg.trials.review.session import ReviewSession
from tests.web.test_review_page import Server, browser, cache, client, filled, number_of, server, session, wait_for

__all__ = ["browser", "cache", "client", "server", "session"]


def test_a_card_tells_what_its_clusters_are_and_not_where_the_skill_is(
    client: TestClient, session: ReviewSession
) -> None:
    blind, shown = (number_of(session, blind=one) for one in (True, False))
    for number in range(1, session.count("r1") + 1):
        label = session.card("r1", number, "en")["label"]
        about = session.about("r1", number, "en")
        assert about and all(one.skills and label not in one.skills for one in about.values())
        if not session.card("r1", number, "en")["present cluster"]:
            assert not any(label.casefold() in one.definition.casefold() for one in about.values())
    for number, count in ((blind, 5), (shown, 1)):
        assert client.get(f"/review/r1/en/{number}").text.count("Typical skills: ") >= count


def test_a_cluster_can_be_typed(client: TestClient, session: ReviewSession) -> None:
    number = number_of(session, blind=False)
    card = session.card("r1", number, "en")
    present = card["present cluster"].split(" ")[0]
    identifier, label = next(pair for pair in session.clusters("en") if pair[0] != present)
    path = f"/review/r1/en/{number}"
    for typed in (f"{label} [{identifier}]", label.upper(), identifier):
        data = filled(client, path, decision="move to", cluster=typed, skill=card["skill"])
        assert client.post(path, data=data, follow_redirects=False).status_code == 303, typed
        assert session.done("r1")[card["skill"]]["cluster"].startswith(f"{identifier} ")
    data = filled(client, path, decision="move to", cluster="no such thing", skill=card["skill"])
    assert client.post(path, data=data).status_code == 422


def test_decisions_are_taken_back_one_by_one(client: TestClient, session: ReviewSession, demonstration: Path) -> None:
    first, second = 1, 2
    skills = [session.card("r1", number, "en")["skill"] for number in (first, second)]
    for number, decision in ((first, "unsure"), (second, "unsure"), (first, "should be split")):
        assert session.save("r1", number, {"decision": decision, "reason": "because"}) == ""
    left = len(session.open_cards("r1"))

    def undo() -> str:
        answer = client.post("/review/r1/en/undo", data=filled(client, "/review/r1/en/1"), follow_redirects=False)
        assert answer.status_code == 303
        return answer.headers["location"]

    assert undo() == "1" and session.done("r1")[skills[0]]["decision"] == "unsure"
    assert undo() == "2" and skills[1] not in session.done("r1") and len(session.open_cards("r1")) == left + 1
    assert undo() == "1" and session.done("r1") == {}
    assert undo() == "../en"
    assert client.post("/review/r1/en/undo", data={"token": "guess"}).status_code == 403
    inbox = next(session._inbox.iterdir())
    assert list(read_review(inbox)) == [] and take_in(read_material(demonstration), [], Ledger()).faults == []


def test_the_list_has_every_card_with_its_state(client: TestClient, session: ReviewSession) -> None:
    shown, hidden = number_of(session, blind=False), number_of(session, blind=True)
    assert session.save("r1", shown, {"decision": "agree"}) == ""
    page = client.get("/review/r1/en/cards").text
    assert page.count('<span class="badge">') == session.count("r1") and page.count('<li class="done">') == 1
    cards = session.cards("r1", "en")
    assert cards[shown - 1].path and cards[shown - 1].path[0] in page and not cards[hidden - 1].path
    assert "Place hidden" in page and "Verdeckt" not in page


def test_decisions_of_a_day_are_a_file_that_import_takes(
    client: TestClient, session: ReviewSession, demonstration: Path, tmp_path: Path
) -> None:
    number = number_of(session, blind=False)
    assert session.save("r1", number, {"decision": "agree", "reason": "=1+1"}) == ""
    day = session.done("r1")[session.card("r1", number, "en")["skill"]]["saved"][:10]
    for query, count in (("", 1), (f"?day={day}", 1), ("?day=2001-01-01", 0)):
        answer = client.get(f"/review/r1/decisions.csv{query}")
        assert "attachment" in answer.headers["content-disposition"]
        path = tmp_path / "taken.csv"
        path.write_bytes(answer.content)
        intake = take_in(read_material(demonstration), read_review(path), Ledger())
        assert len(intake.judgements) == count and intake.faults == []
    assert client.get("/review/r1/decisions.csv?day=yesterday").status_code == 400


def test_a_lost_connection_stops_nobody(server: Server, browser: Any) -> None:
    """Three cards are decided without the server, one is taken back; the others arrive when it is there again."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server.address}review/r1/en/1")
    kept = "async (n) => Boolean(await caches.match(new URL(n, location.href).href, { ignoreVary: true }))"
    wait_for(lambda: page.evaluate(kept, "4"), "the next cards were not loaded ahead")
    server.kill()
    for number in (1, 2, 3):
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/en/{number + 1}")
    page.keyboard.press("u")
    page.wait_for_url("**/en/3")
    assert server.decisions() == []
    server.start()
    wait_for(lambda: len(server.decisions()) == 2, "what was decided did not arrive")
    own = "Object.keys(localStorage).filter(key => !key.endsWith(document.getElementById('card').dataset.key))"
    wait_for(lambda: page.evaluate(own) == [], "the browser keeps what was saved")
    context.close()


def test_the_last_decision_is_taken_back_by_key(server: Server, browser: Any) -> None:
    page = browser.new_page()
    page.goto(f"{server.address}review/r1/en/1")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/2")
    page.keyboard.press("u")
    page.wait_for_url("**/en/1")
    assert [one["decision"] for one in server.decisions()][-1] == "" and page.locator("input:checked").count() == 0
    page.keyboard.press("l")
    page.wait_for_url("**/en/cards")
    page.close()


def test_on_a_phone_the_question_is_seen_at_once(server: Server, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 664})  # a phone with the bars of its browser
    for number in range(1, 6):
        page.goto(f"{server.address}review/r1/en/{number}")
        box = page.locator("legend").bounding_box()
        assert box["y"] + box["height"] < 664 * 0.6, number
    page.close()


def test_a_decision_that_names_no_cluster_asks_for_one(server: Server, browser: Any) -> None:
    """The browser says it, in the reader's language, and leads to the field; nothing is sent."""
    page = browser.new_page()
    page.goto(f"{server.address}review/r1/en/1")
    page.locator('input[value="belongs to"], input[value="move to"]').first.check()
    page.keyboard.press("Control+Enter")
    assert page.evaluate("document.activeElement.id") == "cluster"
    assert page.evaluate("document.activeElement.validity.valueMissing") and server.decisions() == []
    page.locator("#o1").check()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/en/2")
    page.close()


def test_cards_are_as_many_as_are_asked_for(demonstration: Path, tmp_path: Path) -> None:
    for reviewers, priority, random in (("r1", 20, 20), ("r1,r2", 20, 20), ("r1,r2", 0, 40), ("r1", 10, 0)):
        order = _ordered(reviewers, priority, random)
        held = ReviewSession(demonstration, order, tmp_path / "inbox")
        shown = sum(held.count(reviewer) for reviewer in order.reviewers)
        # A skill may be doubtful and of the random stratum.
        assert 0.9 * (priority + random) <= shown <= 2 * (priority + random)
        assert (order.overlap == 0) == (reviewers == "r1")
    with pytest.raises(UsageError, match="no cards"):
        _ordered("r1", 0, 0)
