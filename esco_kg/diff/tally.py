"""Count changes: in concepts, skills, links to occupations, and per cent, each thing once per kind of change."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from esco_kg.model.changes import ABOUT, KINDS, About, Cause, Change, Count, Kind


class Tally:
    """Gathers changes with the skills each concerns.

    ``before`` and ``after`` are the numbers of things of each kind, ``links`` the number of each skill's links to
    occupations: those it had, or where it is new, those it has. ``skills`` is the number of skills in either version;
    where it is not given, the skills before and those that are reported as added.
    """

    def __init__(
        self,
        before: Mapping[str, int],
        after: Mapping[str, int],
        links: Mapping[str, int],
        skills: int | None = None,
    ) -> None:
        self.changes: set[Change] = set()
        self._before, self._after, self._links, self._all_skills = before, after, links, skills
        self._subjects: dict[tuple[About, Kind], set[tuple[str, ...]]] = defaultdict(set)
        self._skills: dict[tuple[About, Kind], set[str]] = defaultdict(set)
        self._other_links: Counter[tuple[About, Kind]] = Counter()

    def add(
        self, change: Change, skills: Iterable[str] = (), links: int | None = None, why: tuple[Cause, str] = ("", "")
    ) -> None:
        """Take a change that concerns these skills; ``links`` where they are not the skills' own, ``why`` its cause."""
        concerned = set(skills)
        number = sum(self._links.get(skill, 0) for skill in concerned) if links is None else links
        cause, reason = why
        said = f"{change.reason}; {reason}" if change.reason and reason else change.reason or reason
        counted = change._replace(skills=len(concerned), links=number, cause=cause, reason=said)
        if counted in self.changes:
            return
        self.changes.add(counted)
        key = (change.about, change.kind)
        thing = (change.subject, *_rest_of_name(change))
        is_new = thing not in self._subjects[key]
        self._subjects[key].add(thing)
        self._skills[key] |= concerned
        if links is not None and is_new:
            self._other_links[key] += links

    def counts(self) -> list[Count]:
        """One row per kind of thing and of change, in the order both are declared. No share is above 1."""
        all_skills = self._all_skills
        if all_skills is None:
            all_skills = self._before.get("skill", 0) + len(self._subjects.get(("skill", "added"), ()))
        all_links = sum(self._links.values())
        rows = []
        for key in sorted(self._subjects, key=lambda k: (ABOUT.index(k[0]), KINDS.index(k[1]))):
            # What is new is a part of what there is now, everything else of what there was.
            there = self._after if key[1] in ("added", "merged") else self._before
            skills = self._skills[key]
            links = self._other_links[key] or sum(self._links.get(skill, 0) for skill in skills)
            of_links = there.get("occupation link", 0) if self._other_links[key] else all_links
            rows.append(
                Count(
                    *key,
                    concepts=len(self._subjects[key]),
                    of=there.get(key[0], 0),
                    skills=len(skills),
                    links=links,
                    skills_share=len(skills) / all_skills if all_skills else 0.0,
                    links_share=links / of_links if of_links else 0.0,
                )
            )
        return rows


def _rest_of_name(change: Change) -> tuple[str, ...]:
    """What tells a thing apart beside its subject: the other end of a link, and where it has several kinds, its kind.

    Everything else is one thing, however many of its fields changed.
    """
    if change.about in ("cluster relation", "sector link"):
        return (change.field, *change.others)
    return change.others if change.about in ("occupation link", "skill link", "relation", "allocation") else ()
