"""What follows from any vocabulary, as triples beside those that are stated.

Links in the direction and by the property in which the rules read them (SKOS S7, S8, S23, S25, S41 to S45, and the
sub-properties and inverses that XKOS, ISO 25964 and the file itself declare); labels by way of SKOS-XL (S55 to S57);
classes by domain and range, where a resource then is of two classes that exclude one another (S4 to S8, S19, S20, S29,
S31, S47, S58); marks of withdrawn concepts as ``owl:deprecated``. Closures (S24, S45) are left to the rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from esco_kg.rdf.withdrawn import is_withdrawn
from esco_kg.validation.broken_links import LinksInside, namespace_of
from esco_kg.validation.skos_terms import (
    BROAD,
    BROADER,
    CHAIN,
    CONCEPT,
    DECLARED,
    DEPRECATED,
    DOMAIN,
    EXACT,
    EXCLUSIVE,
    FIRST,
    FOLLOWS,
    FORM,
    IN_SCHEME,
    KNOWN_SUBCLASSES,
    KNOWN_SUBPROPERTIES,
    LABEL,
    LIKE_SKOS,
    MEMBER,
    MEMBER_LIST,
    ONLY_BELOW,
    RANGE,
    RELATED,
    RELATED_MATCH,
    REST,
    SCHEME,
    TERMS,
    TEXTS,
    TOP,
    TRANSITIVE,
    TYPE,
    XL_LABELS,
)


@dataclass(slots=True)
class Vocabulary:
    """What a pass over all triples gathers; terms are those of N-Triples.

    ``entailed`` are lines ``subject predicate object``, ``typed`` those that follow from a class below one of SKOS.
    ``links`` maps a property that rules follow to its pairs, entailed ones included. ``present`` are all predicates,
    and all classes of which there is something. ``withdrawn`` are the resources that some mark calls so. ``used`` are
    the terms that stand in the namespace of SKOS, or in one like it, with who uses them. ``broken`` are statements
    whose object would be described in the same file by its IRI, or is a label or a member, and is not described.
    """

    entailed: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    used: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    broken: list[tuple[str, str, str]] = field(default_factory=list)
    triples: int = 0
    links: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    classes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    present: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)

    def instances(self, name: str) -> set[str]:
        """The resources that are stated to be of a class of SKOS, or of a class below it."""
        return {subject for subject, classes in self.classes.items() if name in classes}


def read(path: Path) -> Vocabulary:
    """Gather what rules over hierarchies need from N-Triples with single spaces between terms, and what follows."""
    declared, namespaces = _declared(path)
    gathered = _Gathered(_closed(declared), _classes(declared), LinksInside(namespaces))
    for subject, predicate, term in _lines(path):
        gathered.add(subject, predicate, term)
    return gathered.vocabulary(path)


class _Gathered:
    """What the statements seen so far say and entail; ``follows`` and ``classes`` are what the file declares."""

    def __init__(
        self, follows: dict[str, set[tuple[str, bool]]], classes: dict[str, set[str]], links_inside: LinksInside
    ) -> None:
        self._follows, self._classes, self._links_inside = follows, classes, links_inside
        self._found = Vocabulary()
        self._derived: set[str] = set()
        self._typed: set[str] = set()
        self._implied: dict[str, set[str]] = defaultdict(set)
        self._named: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self._forms: dict[str, set[str]] = defaultdict(set)
        self._members: set[tuple[str, str]] = set()
        self._lists: set[tuple[str, str]] = set()
        self._cells: dict[str, dict[str, str]] = {FIRST: {}, REST: {}}

    def add(self, subject: str, predicate: str, term: str) -> None:
        """Take a statement in."""
        found = self._found
        found.triples += 1
        found.present.add(predicate)
        self._links_inside.add(subject, predicate, term)
        if predicate not in TERMS and LIKE_SKOS.match(predicate):
            found.used[predicate].add((subject, predicate))
        if predicate == TYPE:
            self._type(subject, term)
            return
        if predicate in self._cells:
            self._cells[predicate][subject] = term
        if is_withdrawn(predicate, term):
            found.withdrawn.add(subject)
        links = self._follows.get(predicate)
        if links is not None and term[0] in "<_":
            self._link(subject, predicate, term, links)
        elif links is not None:
            self._text(subject, predicate, term, links)

    def _text(self, subject: str, predicate: str, text: str, links: set[tuple[str, bool]]) -> None:
        for other, turned in links:
            if other == FORM and not turned:
                self._forms[subject].add(text)
            if other in TEXTS and other != predicate and not turned:
                self._derived.add(f"{subject} {other} {text}")
            if other in DOMAIN and not turned:
                self._implied[subject].add(DOMAIN[other])

    def _type(self, subject: str, name: str) -> None:
        found = self._found
        found.present.add(name)
        if name not in TERMS and LIKE_SKOS.match(name):
            found.used[name].add((subject, TYPE))
        for above in self._classes.get(name, (name,) if name in EXCLUSIVE else ()):
            found.classes[subject].add(above)
            if above != name:
                self._typed.add(f"{subject} {TYPE} {above}")

    def _link(self, subject: str, predicate: str, term: str, links: set[tuple[str, bool]]) -> None:
        for other, turned in links:
            ends = (term, subject) if turned else (subject, term)
            if other != predicate or turned:
                self._derived.add(f"{ends[0]} {other} {ends[1]}")
            if other in _FOLLOWED:
                self._found.links[other].add(ends)
            elif other in XL_LABELS:
                self._named[ends[1]].add((ends[0], XL_LABELS[other]))
            elif other == MEMBER:
                self._members.add(ends)
            elif other == MEMBER_LIST:
                self._lists.add(ends)
            if other in DOMAIN:
                self._implied[ends[0]].add(DOMAIN[other])
            if other in RANGE:
                self._implied[ends[1]].add(RANGE[other])

    def _listed(self) -> Iterator[tuple[str, str]]:
        """The members of ordered collections (S36)."""
        for collection, cell in self._lists:
            seen: set[str] = set()
            while cell in self._cells[FIRST] and cell not in seen:
                seen.add(cell)
                yield collection, self._cells[FIRST][cell]
                cell = self._cells[REST].get(cell, "")

    def vocabulary(self, path: Path) -> Vocabulary:
        """All that was found, once every statement of the file was seen."""
        found, derived = self._found, self._derived
        listed = set(self._listed())
        derived |= {f"{collection} {MEMBER} {member}" for collection, member in listed}
        members = {member for _, member in self._members | listed}
        for label, uses in self._named.items():
            derived |= {f"{who} {how} {form}" for who, how in uses for form in self._forms[label]}
        derived |= {f"{subject} {DEPRECATED}" for subject in found.withdrawn}
        only_below = list(_only_below(found.links[BROADER], found.withdrawn))
        derived |= {f"{low} {ONLY_BELOW} {high}" for low, high in only_below}
        derived |= {f"{concept} {CHAIN} {first}" for concept, first in _chains(only_below).items()}
        for subject, names in self._implied.items():
            both = names | found.classes.get(subject, set())
            # A member is a concept or a collection (S32).
            if len(both) > 1 or (subject in members and both & {SCHEME, LABEL}):
                derived |= {f"{subject} {TYPE} {name}" for name in names}
        found.entailed, found.typed = sorted(derived), sorted(self._typed)
        found.broken = self._links_inside.broken(_lines(path), listed)
        return found


def _only_below(links: Iterable[tuple[str, str]], withdrawn: set[str]) -> Iterator[tuple[str, str]]:
    """The links to a concept from the only one below it, withdrawn ones not counted where others are there."""
    below: dict[str, set[str]] = defaultdict(set)
    for low, high in links:
        if low != high:
            below[high].add(low)
    for high, lows in below.items():
        if len(only := lows - withdrawn or lows) == 1:
            yield next(iter(only)), high


def _chains(links: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Concept -> the first of all that links from an only child to the concept above join it with."""
    joined: dict[str, set[str]] = {}
    for low, high in links:
        few, many = sorted((joined.get(low, {low}), joined.get(high, {high})), key=len)
        many |= few
        joined.update(dict.fromkeys(few | {low, high}, many))
    chains = {id(chain): chain for chain in joined.values()}.values()
    return {concept: first for chain in chains for first in [min(chain)] for concept in chain}


def _declared(path: Path) -> tuple[list[tuple[str, str, str]], set[str]]:
    """What a file declares of properties and classes, and the namespaces of its concepts."""
    declared, namespaces = [], set()
    for line in _lines(path):
        if line[1] == TYPE and line[2] == CONCEPT and line[0].startswith("<"):
            namespaces.add(namespace_of(line[0]))
        elif line[1] in DECLARED:
            declared.append(line)
    return declared, namespaces


_FOLLOWED = {BROADER, RELATED, IN_SCHEME, TOP, EXACT, BROAD, RELATED_MATCH, TRANSITIVE}


def _lines(path: Path) -> Iterator[tuple[str, str, str]]:
    with path.open(encoding="utf-8", newline="\n") as stream:
        for line in stream:
            subject, predicate, term = line.split(" ", 2)
            yield subject, predicate, term[:-3]


def _closed(declared: Iterable[tuple[str, str, str]]) -> dict[str, set[tuple[str, bool]]]:
    """Property -> what follows from a statement with it, itself included: the closure of all that is declared."""
    steps: dict[str, set[tuple[str, bool]]] = defaultdict(set)
    for name, targets in FOLLOWS.items():
        steps[name] |= targets
    for name, target in KNOWN_SUBPROPERTIES.items():
        steps[name].add((target, False))
    for subject, predicate, term in declared:
        if predicate.endswith("subPropertyOf>"):
            steps[subject].add((term, False))
        elif predicate.endswith(("inverseOf>", "equivalentProperty>")):
            turned = predicate.endswith("inverseOf>")
            steps[subject].add((term, turned))
            steps[term].add((subject, turned))
    known = set(DOMAIN) | set(RANGE) | _FOLLOWED | set(XL_LABELS) | TEXTS
    found: dict[str, set[tuple[str, bool]]] = {}
    for name in [*steps, *known]:
        seen, todo = {(name, False)}, [(name, False)]
        while todo:
            here, turned = todo.pop()
            for other, turns in steps.get(here, ()):
                if (other, turned != turns) not in seen:
                    seen.add((other, turned != turns))
                    todo.append((other, turned != turns))
        # Only what SKOS has a say in: other properties that a file declares are its own.
        # That a definition is a note too, where the file repeats it from SKOS, would be told twice of each text.
        found[name] = {(o, turned) for o, turned in seen if o in known and (o == name or not {name, o} <= TEXTS)}
    return {name: links for name, links in found.items() if links}


def _classes(declared: Iterable[tuple[str, str, str]]) -> dict[str, set[str]]:
    """Class -> the exclusive classes of SKOS that it lies in."""
    above: dict[str, set[str]] = defaultdict(set)
    for name, parent in KNOWN_SUBCLASSES.items():
        above[name].add(parent)
    for subject, predicate, term in declared:
        if predicate.endswith("subClassOf>"):
            above[subject].add(term)
    found = {name: {name} for name in EXCLUSIVE}
    for name in above:
        seen, todo = {name}, [name]
        while todo:
            todo += [other for other in above.get(todo.pop(), ()) if other not in seen and not seen.add(other)]  # type: ignore[func-returns-value]
        if lies_in := seen & set(EXCLUSIVE):
            found[name] = lies_in
    return found
