"""Links of a vocabulary that lead to something of which its file says nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from esco_kg.validation.skos_terms import FIRST, IN_SCHEME, MEMBER, MEMBER_LIST, NIL, TOP, TYPE, XL_LABELS, skos

Statement = tuple[str, str, str]

_ALWAYS = {*XL_LABELS, MEMBER, MEMBER_LIST}
_TOLD_ELSEWHERE = {
    TYPE,
    IN_SCHEME,
    TOP,
    *skos("broader", "narrower", "related", "hasTopConcept"),
}


def namespace_of(iri: str) -> str:
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


class LinksInside:
    """Links between resources of a file's own namespaces: which lead to something that the file says nothing of.

    Labels as resources and members of collections count wherever they lie: nobody can read them without a description.
    """

    def __init__(self, namespaces: set[str]) -> None:
        self._namespaces = namespaces
        self._subjects: set[str] = set()
        self._targets: dict[str, set[str]] = defaultdict(set)

    def add(self, subject: str, predicate: str, term: str) -> None:
        self._subjects.add(subject)
        if self._counts(predicate, term):
            self._targets[predicate].add(term)

    def _counts(self, predicate: str, term: str) -> bool:
        # Of concepts and schemes that lack a description other rules tell.
        if term[0] != "<" or predicate in _TOLD_ELSEWHERE or term == NIL:
            return term[0] == "_" and predicate in _ALWAYS
        return predicate in _ALWAYS or namespace_of(term) in self._namespaces

    def broken(self, lines: Iterable[Statement], listed: set[tuple[str, str]]) -> list[tuple[str, str, str]]:
        """Each statement that leads nowhere; one more pass over the file finds who makes it, where there is any.

        Of properties that lead to described things elsewhere: others may lead to pages or pictures. ``lines`` are the
        statements of the file, ``listed`` the members in lists.
        """
        lost = {
            predicate: targets - self._subjects
            for predicate, targets in self._targets.items()
            if predicate in _ALWAYS or not self._subjects.isdisjoint(targets)
        }
        members = {what for _, what in listed if what[0] in "<_"} - self._subjects
        found = {(who, MEMBER_LIST, what) for who, what in listed if what in members}
        if any(lost.values()):
            found |= {
                (subject, predicate, term)
                for subject, predicate, term in lines
                if term in lost.get(predicate, ()) and (predicate != FIRST or term not in members)
            }
        return sorted(found)
