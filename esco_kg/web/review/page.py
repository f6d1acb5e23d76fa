"""The page for reviewers: one skill a card, saved before anything is confirmed.

This page and that of tree tests are all that writes in the application.
What a card holds and where decisions go is decided by a session that the caller hands in
(:class:`esco_kg.trials.review.session.ReviewSession`).
Every card works as a plain form; ``static/review.js`` adds the keyboard and keeps what was typed through a
reload or a lost connection.

Who may write: a page that this server gave, in a browser that has the session's cookie, under a name that this server
is known by. Another site lacks the token, and a name that was made to lead here (DNS rebinding) is none of ours.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from esco_kg.web.http.answers import Problem, json_answer, redirect
from esco_kg.web.http.hosts import known_hosts
from esco_kg.web.http.negotiation import best_language
from esco_kg.web.http.parameters import form
from esco_kg.web.pages.render import environment
from esco_kg.web.pages.words import words

_BLIND = "belongs to"
_LONGEST_REASON = 500  # characters
_AHEAD = Path(__file__).parent.parent / "static" / "ahead.js"
_AHEAD_CARDS = 10  # cards that the browser keeps for a lost connection
_ENDED = "This page is from before the server was restarted, or its cookie is gone. Save once more."


class Card(Protocol):
    """A card in the list of all: the labels of its clusters, none where its place is hidden; '' where undecided."""

    @property
    def path(self) -> tuple[str, ...]: ...
    @property
    def decision(self) -> str: ...


class ReviewPage(Protocol):
    """What the page needs of a session; see :class:`esco_kg.trials.review.session.ReviewSession`."""

    @property
    def version(self) -> str: ...
    @property
    def languages(self) -> tuple[str, ...]: ...
    def count(self, reviewer: str) -> int: ...
    def card(self, reviewer: str, number: int, language: str) -> dict[str, str]: ...
    def decisions(self, reviewer: str, number: int) -> tuple[str, ...]: ...
    def candidates(self, reviewer: str, number: int, language: str) -> list[tuple[str, str]]: ...
    def about(self, reviewer: str, number: int, language: str) -> Mapping[str, object]: ...
    def cards(self, reviewer: str, language: str) -> Sequence[Card]: ...
    def saved(self, reviewer: str, day: str = "") -> bytes: ...
    def undo(self, reviewer: str) -> int: ...
    def clusters(self, language: str) -> list[tuple[str, str]]: ...
    def open_cards(self, reviewer: str) -> list[int]: ...
    def save(self, reviewer: str, number: int, filled: Mapping[str, str]) -> str: ...


def review_routes(session: ReviewPage, *, hosts: Sequence[str] = (), public_url: str = "") -> Sequence[BaseRoute]:
    """The routes below ``/review/``, to come before the application's own.

    ``hosts``: the names that the server is known by, beside those of this machine and that of ``public_url``, the
    address that reviewers know.
    """
    page = _ReviewPage(session, public_url)
    public = urlsplit(public_url)
    around = [
        known_hosts(hosts, public_url),
        # The key ends with the server: a page from before gets a new session with its next answer.
        Middleware(
            SessionMiddleware, secret_key=secrets.token_urlsafe(32), session_cookie="esco-kg-review",
            same_site="strict", https_only=public.scheme == "https",
        ),
    ]  # fmt: skip
    return [
        Route("/review/ahead.js", page.ahead, middleware=around),
        Route("/review/{reviewer}", page.start, middleware=around),
        Route("/review/{reviewer}/decisions.csv", page.decisions, middleware=around),
        Route("/review/{reviewer}/{language}", page.start, middleware=around),
        Route("/review/{reviewer}/{language}/cards", page.cards, middleware=around),
        Route("/review/{reviewer}/{language}/undo", page.undo, methods=["POST"], middleware=around),
        Route("/review/{reviewer}/{language}/{number:int}", page.card, methods=["GET"], middleware=around),
        Route("/review/{reviewer}/{language}/{number:int}", page.save, methods=["POST"], middleware=around),
    ]


class _ReviewPage:
    def __init__(self, session: ReviewPage, public_url: str) -> None:
        self._session = session
        public = urlsplit(public_url)
        self._public = f"{public.scheme}://{public.netloc}" if public_url else ""
        # One writer at a time: two tabs of one reviewer share a file.
        self._writing = asyncio.Lock()

    async def start(self, request: Request) -> Response:
        """To the first card without a decision, or to the last card."""
        reviewer = self._reviewer(request)
        given = request.path_params.get("language")
        language = self._language(request) if given else best_language(
            request.headers.get("accept-language"), self._session.languages
        )  # fmt: skip
        left = self._session.open_cards(reviewer)
        number = left[0] if left else self._session.count(reviewer)
        return redirect(f"{reviewer}/{language}/{number}" if not given else f"{language}/{number}", 302)

    async def card(self, request: Request) -> Response:
        """One card."""
        return self._shown(request, "", {}, 200)

    async def ahead(self, request: Request) -> Response:
        """The script that keeps the next cards; it answers for what lies beside it alone, so it lies here."""
        return FileResponse(_AHEAD, media_type="text/javascript", headers={"Cache-Control": "no-cache"})

    async def cards(self, request: Request) -> Response:
        """Every card with its state, by cluster of the top level."""
        reviewer, language = self._reviewer(request), self._language(request)
        found = self._session.cards(reviewer, language)
        ordered = sorted(found, key=lambda one: [name.casefold() for name in one.path])
        groups = [(name, list(own)) for name, own in groupby(ordered, key=lambda one: one.path[0] if one.path else "")]
        today = datetime.now(UTC).date().isoformat()
        return self._page("review-cards", request, reviewer, language, groups=groups, today=today)

    async def decisions(self, request: Request) -> Response:
        """The decisions to take away, of one day or all, as ``esco-kg review import`` takes them."""
        reviewer, day = self._reviewer(request), request.query_params.get("day", "")
        if day and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day):
            raise Problem(400, "A day is such as 2026-01-31.")
        name = f"review-{self._session.version}-{reviewer}{day and f'-{day}'}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(self._session.saved(reviewer, day), media_type="text/csv", headers=headers)

    async def undo(self, request: Request) -> Response:
        """Take the last decision back and show its card."""
        self._refuse_other_sites(request)
        reviewer, language = self._reviewer(request), self._language(request)
        given = {name: values[0] for name, values in (await form(request)).items()}
        if not _has_token(request, given):
            raise Problem(403, _ENDED)
        async with self._writing:
            number = await asyncio.to_thread(self._session.undo, reviewer)
        return redirect(str(number) if number else f"../{language}", 303)

    async def save(self, request: Request) -> Response:
        """Save a decision, then lead to the next card; a program gets JSON."""
        self._refuse_other_sites(request)
        reviewer, language, number = self._place(request)
        given = {name: values[0] for name, values in (await form(request)).items()}
        if given.get("skill", "") != self._session.card(reviewer, number, language)["skill"]:
            raise Problem(409, "This decision belongs to a card of another release.")
        filled = _filled(given)
        wants_json = request.headers.get("accept", "").startswith("application/json")
        if not _has_token(request, given):
            if wants_json:
                raise Problem(403, _ENDED)
            return self._shown(request, _ENDED, filled, 403)
        if len(filled["reason"]) > _LONGEST_REASON:
            problem = f"The reason has {len(filled['reason']):,} characters; {_LONGEST_REASON} are the most."
        else:
            async with self._writing:
                problem = await asyncio.to_thread(self._session.save, reviewer, number, filled)
        if problem and not wants_json:
            return self._shown(request, problem, filled, 422)
        after = [n for n in self._session.open_cards(reviewer) if n > number]
        following = after[0] if after else min(number + 1, self._session.count(reviewer))
        if wants_json:
            return json_answer({"problem": problem, "next": str(following)}, 422 if problem else 200)
        return redirect(str(following), 303)

    def _shown(self, request: Request, problem: str, filled: Mapping[str, str], status: int) -> Response:
        reviewer, language, number = self._place(request)
        session = self._session
        cells = session.card(reviewer, number, language) | dict(filled)
        clusters, chosen = session.clusters(language), cells["cluster"].split(" ", 1)[0]
        written = next((f"{label} [{name}]" for name, label in clusters if name == chosen), cells["cluster"])
        following = [n for n in session.open_cards(reviewer) if n > number][:_AHEAD_CARDS]
        return self._page(
            "review", request, reviewer, language, status, number=number, cells=cells, chosen=chosen, problem=problem,
            decisions=session.decisions(reviewer, number), candidates=session.candidates(reviewer, number, language),
            about=session.about(reviewer, number, language), clusters=clusters, written=written, ahead=following,
            is_blind=_BLIND in session.decisions(reviewer, number), longest_reason=_LONGEST_REASON,
        )  # fmt: skip

    def _page(
        self, name: str, request: Request, reviewer: str, language: str, status: int = 200, **values: object
    ) -> Response:
        """A page of a reviewer with the token of the session."""
        session, token = self._session, request.session.get("token") or secrets.token_urlsafe(16)
        request.session["token"] = token
        count, left = session.count(reviewer), len(session.open_cards(reviewer))
        html = environment().get_template(f"web/{name}.html.j2").render(
            w=words(language), lang=language, languages=session.languages, version=session.version, reviewer=reviewer,
            count=count, left=left, has_decisions=left < count, root="../../../", token=token, **values,
        )  # fmt: skip
        return HTMLResponse(html, status, {"Cache-Control": "no-store", "Content-Language": language})

    def _refuse_other_sites(self, request: Request) -> None:
        """Raise Problem for a form from a page of another site."""
        origin, host = request.headers.get("origin"), request.headers.get("host", "").lower()
        if origin is None or origin.lower() in (f"http://{host}", f"https://{host}", self._public.lower()):
            return
        problem = f"Decisions are taken from pages of this server alone, and this one is of {origin[:200]}."
        raise Problem(403, f"{problem} If that is its public address, start it with --public-url.")

    def _place(self, request: Request) -> tuple[str, str, int]:
        reviewer, language = self._reviewer(request), self._language(request)
        number = request.path_params["number"]
        if not 1 <= number <= self._session.count(reviewer):
            raise Problem(404, "There is no such card.")
        return reviewer, language, number

    def _reviewer(self, request: Request) -> str:
        reviewer = str(request.path_params["reviewer"])
        if not self._session.count(reviewer):
            raise Problem(404, "There is no such reviewer.")
        return reviewer

    def _language(self, request: Request) -> str:
        language = str(request.path_params["language"])
        if language not in self._session.languages:
            raise Problem(404, "The release does not have this language.")
        return language


def _has_token(request: Request, given: Mapping[str, str]) -> bool:
    return secrets.compare_digest(given.get("token", "").encode(), request.session.get("token", "-").encode())


def _filled(given: Mapping[str, str]) -> dict[str, str]:
    """The form's fields as cells. A candidate's radio button carries decision and cluster together."""
    decision, _, cluster = given.get("decision", "").partition("|")
    written = given.get("cluster", "") if decision in (_BLIND, "move to", "also belongs to") else ""
    return {
        "decision": decision,
        "cluster": cluster or written.strip(),
        "reason": given.get("reason", "").strip(),
    }
