"""Count changes: in concepts, skills, links to occupations, and per cent, each thing once per kind of change."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from esco_kg.model.changes import ABOUT, KINDS, About, Cause, Change, Count, Kind


class Tally:
    """Gathers changes with the skills each concerns.

    ``before`` is the number of things of each kind there were, ``links`` the number of each skill's links to
    occupations: those it had, or where it is new, those it has.
    """

    def __init__(self, before: Mapping[str, int], links: Mapping[str, int], all_links: int) -> None:
        self.changes: set[Change] = set()
        self._before, self._links, self._all_links = before, links, all_links
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
        # A link is known by both of its ends, everything else by itself however many of its fields changed.
        ends = change.others if change.about in ("occupation link", "skill link", "relation", "allocation") else ()
        is_new = (change.subject, *ends) not in self._subjects[key]
        self._subjects[key].add((change.subject, *ends))
        self._skills[key] |= concerned
        if links is not None and is_new:
            self._other_links[key] += links

    def counts(self) -> list[Count]:
        """One row per kind of thing and of change, in the order both are declared."""
        all_skills = self._before.get("skill", 0)
        rows = []
        for key in sorted(self._subjects, key=lambda k: (ABOUT.index(k[0]), KINDS.index(k[1]))):
            skills = self._skills[key]
            links = self._other_links[key] or sum(self._links.get(skill, 0) for skill in skills)
            rows.append(
                Count(
                    *key,
                    concepts=len(self._subjects[key]),
                    of=self._before.get(key[0], 0),
                    skills=len(skills),
                    links=links,
                    skills_share=len(skills) / all_skills if all_skills else 0.0,
                    links_share=links / self._all_links if self._all_links else 0.0,
                )
            )
        return rows
