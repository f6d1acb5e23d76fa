"""The page of a tree test: a task, the options where the person is, and the way up. Plain forms, no script.

What is asked and where answers go is decided by a test that the caller hands in
(:class:`esco_kg.trials.tree_test.TreeTest`). The address of a person's page has a random number that nobody else knows;
it is all that tells one person from another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from esco_kg.web.http.answers import Problem, redirect
from esco_kg.web.http.hosts import known_hosts
from esco_kg.web.http.negotiation import best_language
from esco_kg.web.http.parameters import form
from esco_kg.web.pages.render import environment
from esco_kg.web.pages.words import words


class TreeTestPage(Protocol):
    """What the page needs of a test."""

    @property
    def version(self) -> str: ...
    @property
    def languages(self) -> tuple[str, ...]: ...
    @property
    def count(self) -> int: ...
    def begin(self) -> str: ...
    def knows(self, person: str) -> bool: ...
    def step(self, person: str, language: str) -> object | None: ...
    def go(self, person: str, number: int, to: str) -> None: ...
    def answer(self, person: str, number: int, skill: str) -> None: ...


def tree_test_routes(test: TreeTestPage, *, hosts: Sequence[str] = (), public_url: str = "") -> Sequence[BaseRoute]:
    """The routes below ``/tree-test``, to come before the application's own.

    As with reviews, a name that was made to lead here (DNS rebinding) is refused.
    """
    page, around = _Page(test), [known_hosts(hosts, public_url)]
    return [
        Route("/tree-test", page.choose, middleware=around),
        Route("/tree-test/{language}", page.welcome, methods=["GET"], middleware=around),
        Route("/tree-test/{language}", page.begin, methods=["POST"], middleware=around),
        Route("/tree-test/{language}/{person}", page.step, methods=["GET"], middleware=around),
        Route("/tree-test/{language}/{person}", page.act, methods=["POST"], middleware=around),
    ]


class _Page:
    def __init__(self, test: TreeTestPage) -> None:
        self._test = test
        # One writer at a time: all answers share a file.
        self._writing = asyncio.Lock()

    async def choose(self, request: Request) -> Response:
        """To the page in the visitor's language."""
        language = best_language(request.headers.get("accept-language"), self._test.languages)
        return redirect(f"tree-test/{language}", 302)

    async def welcome(self, request: Request) -> Response:
        """What the test is, and what is kept."""
        return self._page(self._language(request), "welcome", root="../")

    async def begin(self, request: Request) -> Response:
        """A new person, at the first task."""
        language = self._language(request)
        return redirect(f"{language}/{self._test.begin()}", 303)

    async def step(self, request: Request) -> Response:
        """Where the person is; thanks after the last task."""
        language, person = self._language(request), self._person(request)
        step = self._test.step(person, language)
        return self._page(language, "step" if step else "end", root="../../", step=step)

    async def act(self, request: Request) -> Response:
        """Open a group, choose a skill, or give up; a form of an earlier page (Back, a second tab) changes nothing."""
        person = self._person(request)
        given = {name: values[0] for name, values in (await form(request)).items()}
        try:
            number = int(given.get("number", ""))
        except ValueError:
            raise Problem(400, "The task is missing.") from None
        async with self._writing:
            if "to" in given:
                self._test.go(person, number, given["to"])
            else:
                await asyncio.to_thread(self._test.answer, person, number, given.get("skill", ""))
        return redirect(person, 303)

    def _page(self, language: str, part: str, **values: object) -> Response:
        html = environment().get_template("web/tree-test.html.j2").render(
            w=words(language), part=part, version=self._test.version, count=self._test.count, **values
        )  # fmt: skip
        return HTMLResponse(html, 200, {"Cache-Control": "no-store", "Content-Language": language})

    def _language(self, request: Request) -> str:
        language = str(request.path_params["language"])
        if language not in self._test.languages:
            raise Problem(404, "The release does not have this language.")
        return language

    def _person(self, request: Request) -> str:
        person = str(request.path_params["person"])
        if not self._test.knows(person):
            raise Problem(404, "This test has ended. Begin again at /tree-test.")
        return person
