"""What is wrong with clusters that somebody gave: all mistakes are collected, and reported at once."""

from __future__ import annotations

import re

from esco_kg.errors import InputError

TOLD = 10
"""Mistakes that are reported in words."""

# RFC 3986, section 2.3: what stands in a segment of an IRI as it is.
SEGMENT = re.compile(r"[A-Za-z0-9_.~-]+")


class Mistakes:
    """Mistakes in the order they were found."""

    def __init__(self) -> None:
        self._found: list[tuple[str, str, str]] = []

    def add(self, place: str, problem: str, hint: str) -> None:
        """One mistake: where it stands, what it is, what to do."""
        self._found.append((place, problem, hint))

    def __len__(self) -> int:
        return len(self._found)

    def stop(self) -> None:
        """Raise InputError for the first mistake, with the next ones; do nothing where there is none."""
        if not self._found:
            return
        place, problem, hint = self._found[0]
        others = [f"{p}: {what}" for p, what, _ in self._found[1:TOLD]]
        more = len(self._found) - 1 - len(others)
        if others:
            problem += f"; {'; '.join(others)}"
        raise InputError(place, problem + (f"; and {more} more mistakes" if more > 0 else ""), hint)


def checked_id(identifier: str, place: str, mistakes: Mistakes) -> None:
    """An id is one segment of an IRI: letters of ASCII, digits, and - . _ ~. Anything else is refused, not encoded."""
    if not SEGMENT.fullmatch(identifier) or not identifier.strip("."):
        mistakes.add(
            place,
            f"the id {identifier!r} is no segment of an IRI",
            "Write ids with the letters A to Z and a to z, digits and - . _ ~ alone: they become a part of an IRI.",
        )
