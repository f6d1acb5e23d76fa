"""What follows from a vocabulary of anyone, as triples beside those that are stated.

Links in the direction and by the property in which the rules read them (SKOS S7, S8, S23, S25, S41 to S45, and the
sub-properties and inverses that XKOS, ISO 25964 and the file itself declare); labels by way of SKOS-XL (S55 to S57);
classes by domain and range, where a resource then is of two classes that exclude one another (S4 to S8, S19, S20, S29,
S31, S47, S58); marks of withdrawn concepts as ``owl:deprecated``. Closures (S24, S45) are left to the rules.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from esco_kg.rdf.namespaces import ISO_THES, OWL, RDF, RDFS, SKOS, SKOSXL, XKOS
from esco_kg.rdf.withdrawn import is_withdrawn

TYPE = f"<{RDF}type>"
CONCEPT, SCHEME, COLLECTION = (f"<{SKOS}{name}>" for name in ("Concept", "ConceptScheme", "Collection"))
BROADER, RELATED, IN_SCHEME, TOP = (f"<{SKOS}{name}>" for name in ("broader", "related", "inScheme", "topConceptOf"))
EXACT, BROAD, RELATED_MATCH, TRANSITIVE = (
    f"<{SKOS}{name}>" for name in ("exactMatch", "broadMatch", "relatedMatch", "broaderTransitive")
)
# Of no vocabulary: it lies in the graph of what follows, for the rule about labels of a scheme.
ONLY_BELOW = "<urn:esco-kg:/onlyBelow>"
DEPRECATED = f'<{OWL}deprecated> "true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
_LABEL = f"<{SKOSXL}Label>"
_EXCLUSIVE = (CONCEPT, SCHEME, COLLECTION, _LABEL)
_FORM = f"<{SKOSXL}literalForm>"
_DECLARED = {f"<{RDFS}subPropertyOf>", f"<{OWL}inverseOf>", f"<{OWL}equivalentProperty>", f"<{RDFS}subClassOf>"}


def _skos(*names: str) -> list[str]:
    return [f"<{SKOS}{name}>" for name in names]


# Property -> (property that follows, whether subject and object change places).
_FOLLOWS: dict[str, set[tuple[str, bool]]] = defaultdict(set)
for _name, _other in (
    ("narrower", "broader"), ("narrowMatch", "broader"), ("narrowMatch", "broadMatch"), ("broadMatch", "narrowMatch"),
    ("narrowerTransitive", "broaderTransitive"), ("hasTopConcept", "topConceptOf"), ("hasTopConcept", "inScheme"),
    ("related", "related"), ("relatedMatch", "related"), ("relatedMatch", "relatedMatch"),
    ("exactMatch", "exactMatch"), ("closeMatch", "closeMatch"),
):  # fmt: skip
    _FOLLOWS[f"<{SKOS}{_name}>"].add((f"<{SKOS}{_other}>", True))
for _name, _other in (("broadMatch", "broader"), ("relatedMatch", "related"), ("topConceptOf", "inScheme")):
    _FOLLOWS[f"<{SKOS}{_name}>"].add((f"<{SKOS}{_other}>", False))
_KNOWN_SUBPROPERTIES = {
    **{f"<{ISO_THES}broader{kind}>": BROADER for kind in ("Generic", "Instantial", "Partitive")},
    **{f"<{ISO_THES}narrower{kind}>": f"<{SKOS}narrower>" for kind in ("Generic", "Instantial", "Partitive")},
    **{f"<{XKOS}{name}>": BROADER for name in ("isPartOf", "specializes")},
    **{f"<{XKOS}{name}>": f"<{SKOS}narrower>" for name in ("hasPart", "generalizes")},
    **{
        f"<{XKOS}{name}>": RELATED
        for name in (
            "causal", "causes", "causedBy", "sequential", "precedes", "previous", "succeeds", "next", "temporal",
            "before", "after",
        )
    },
}  # fmt: skip
_KNOWN_SUBCLASSES = {
    f"<{SKOS}OrderedCollection>": COLLECTION,
    f"<{XKOS}ClassificationLevel>": COLLECTION,
    f"<{ISO_THES}ThesaurusArray>": COLLECTION,
    f"<{ISO_THES}ConceptGroup>": COLLECTION,
    f"<{ISO_THES}PreferredTerm>": _LABEL,
    f"<{ISO_THES}SimpleNonPreferredTerm>": _LABEL,
}
_RELATIONS = _skos(
    "semanticRelation", "broader", "narrower", "related", "broaderTransitive", "narrowerTransitive",
    "mappingRelation", "closeMatch", "exactMatch", "broadMatch", "narrowMatch", "relatedMatch",
)  # fmt: skip
_XL_LABELS = {f"<{SKOSXL}{kind}Label>": f"<{SKOS}{kind}Label>" for kind in ("pref", "alt", "hidden")}
_DOMAIN = dict.fromkeys(_RELATIONS, CONCEPT) | dict.fromkeys(_skos("member", "memberList"), COLLECTION)
_DOMAIN |= {f"<{SKOS}hasTopConcept>": SCHEME, TOP: CONCEPT, _FORM: _LABEL, f"<{SKOSXL}labelRelation>": _LABEL}
_RANGE = dict.fromkeys(_RELATIONS, CONCEPT) | {IN_SCHEME: SCHEME, TOP: SCHEME, f"<{SKOS}hasTopConcept>": CONCEPT}
_RANGE |= dict.fromkeys(_XL_LABELS, _LABEL) | {f"<{SKOSXL}labelRelation>": _LABEL}


# SKOS Reference, appendix B, and SKOS-XL.
TERMS = set(_RELATIONS) | set(
    _skos(
        "Collection", "Concept", "ConceptScheme", "OrderedCollection", "altLabel", "changeNote", "definition",
        "editorialNote", "example", "hasTopConcept", "hiddenLabel", "historyNote", "inScheme", "member", "memberList",
        "notation", "note", "prefLabel", "scopeNote", "topConceptOf",
    )
)  # fmt: skip
TERMS |= set(_XL_LABELS) | {_LABEL, _FORM, f"<{SKOSXL}labelRelation>"}
# What has a text: of a property that a file declares below one of these, the same text follows.
_TEXTS = {
    _FORM,
    *_skos("prefLabel", "altLabel", "hiddenLabel", "notation", "note", "definition", "scopeNote", "example"),
}
_TEXTS |= set(_skos("changeNote", "editorialNote", "historyNote"))
_MEMBER, _MEMBER_LIST = _skos("member", "memberList")
_FIRST, _REST, _NIL = (f"<{RDF}{name}>" for name in ("first", "rest", "nil"))
_LIKE_SKOS = re.compile(r"<https?://(?:www\.)?w3\.org/(?:2004/02/skos|2008/05/skos)", re.IGNORECASE)


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
    gathered = _Gathered(_closed(declared), _classes(declared), _Inside(namespaces))
    for subject, predicate, term in _lines(path):
        gathered.add(subject, predicate, term)
    return gathered.vocabulary(path)


class _Gathered:
    """What the statements seen so far say and entail; ``follows`` and ``classes`` are what the file declares."""

    def __init__(
        self, follows: dict[str, set[tuple[str, bool]]], classes: dict[str, set[str]], links_inside: _Inside
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
        self._cells: dict[str, dict[str, str]] = {_FIRST: {}, _REST: {}}

    def add(self, subject: str, predicate: str, term: str) -> None:
        """Take a statement in."""
        found = self._found
        found.triples += 1
        found.present.add(predicate)
        self._links_inside.add(subject, predicate, term)
        if predicate not in TERMS and _LIKE_SKOS.match(predicate):
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
            if other == _FORM and not turned:
                self._forms[subject].add(text)
            if other in _TEXTS and other != predicate and not turned:
                self._derived.add(f"{subject} {other} {text}")
            if other in _DOMAIN and not turned:
                self._implied[subject].add(_DOMAIN[other])

    def _type(self, subject: str, name: str) -> None:
        found = self._found
        found.present.add(name)
        if name not in TERMS and _LIKE_SKOS.match(name):
            found.used[name].add((subject, TYPE))
        for above in self._classes.get(name, (name,) if name in _EXCLUSIVE else ()):
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
            elif other in _XL_LABELS:
                self._named[ends[1]].add((ends[0], _XL_LABELS[other]))
            elif other == _MEMBER:
                self._members.add(ends)
            elif other == _MEMBER_LIST:
                self._lists.add(ends)
            if other in _DOMAIN:
                self._implied[ends[0]].add(_DOMAIN[other])
            if other in _RANGE:
                self._implied[ends[1]].add(_RANGE[other])

    def _listed(self) -> Iterator[tuple[str, str]]:
        """The members of ordered collections (S36)."""
        for collection, cell in self._lists:
            seen: set[str] = set()
            while cell in self._cells[_FIRST] and cell not in seen:
                seen.add(cell)
                yield collection, self._cells[_FIRST][cell]
                cell = self._cells[_REST].get(cell, "")

    def vocabulary(self, path: Path) -> Vocabulary:
        """All that was found, once every statement of the file was seen."""
        found, derived = self._found, self._derived
        listed = set(self._listed())
        derived |= {f"{collection} {_MEMBER} {member}" for collection, member in listed}
        members = {member for _, member in self._members | listed}
        for label, uses in self._named.items():
            derived |= {f"{who} {how} {form}" for who, how in uses for form in self._forms[label]}
        derived |= {f"{subject} {DEPRECATED}" for subject in found.withdrawn}
        derived |= {f"{low} {ONLY_BELOW} {high}" for low, high in _only_below(found.links[BROADER], found.withdrawn)}
        for subject, names in self._implied.items():
            both = names | found.classes.get(subject, set())
            # A member is a concept or a collection (S32).
            if len(both) > 1 or (subject in members and both & {SCHEME, _LABEL}):
                derived |= {f"{subject} {TYPE} {name}" for name in names}
        found.entailed, found.typed = sorted(derived), sorted(self._typed)
        found.broken = self._links_inside.broken(path, listed)
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


def _declared(path: Path) -> tuple[list[tuple[str, str, str]], set[str]]:
    """What a file declares of properties and classes, and the namespaces of its concepts."""
    declared, namespaces = [], set()
    for line in _lines(path):
        if line[1] == TYPE and line[2] == CONCEPT and line[0].startswith("<"):
            namespaces.add(_namespace(line[0]))
        elif line[1] in _DECLARED:
            declared.append(line)
    return declared, namespaces


def _namespace(iri: str) -> str:
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


class _Inside:
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
        if term[0] != "<" or predicate in _TOLD_ELSEWHERE or term == _NIL:
            return term[0] == "_" and predicate in _ALWAYS
        return predicate in _ALWAYS or _namespace(term) in self._namespaces

    def broken(self, path: Path, listed: set[tuple[str, str]]) -> list[tuple[str, str, str]]:
        """Each statement that leads nowhere; one more pass over the file finds who makes it, where there is any.

        Of properties that lead to described things elsewhere: others may lead to pages or pictures. ``listed`` are the
        members in lists.
        """
        lost = {
            predicate: targets - self._subjects
            for predicate, targets in self._targets.items()
            if predicate in _ALWAYS or not self._subjects.isdisjoint(targets)
        }
        members = {what for _, what in listed if what[0] in "<_"} - self._subjects
        found = {(who, _MEMBER_LIST, what) for who, what in listed if what in members}
        if any(lost.values()):
            found |= {
                (subject, predicate, term)
                for subject, predicate, term in _lines(path)
                if term in lost.get(predicate, ()) and (predicate != _FIRST or term not in members)
            }
        return sorted(found)


_ALWAYS = {*_XL_LABELS, _MEMBER, _MEMBER_LIST}
_TOLD_ELSEWHERE = {
    TYPE,
    IN_SCHEME,
    TOP,
    *_skos("broader", "narrower", "related", "hasTopConcept"),
}
_FOLLOWED = {BROADER, RELATED, IN_SCHEME, TOP, EXACT, BROAD, RELATED_MATCH, TRANSITIVE}


def _lines(path: Path) -> Iterator[tuple[str, str, str]]:
    with path.open(encoding="utf-8", newline="\n") as stream:
        for line in stream:
            subject, predicate, term = line.split(" ", 2)
            yield subject, predicate, term[:-3]


def _closed(declared: Iterable[tuple[str, str, str]]) -> dict[str, set[tuple[str, bool]]]:
    """Property -> what follows from a statement with it, itself included: the closure of all that is declared."""
    steps: dict[str, set[tuple[str, bool]]] = defaultdict(set)
    for name, targets in _FOLLOWS.items():
        steps[name] |= targets
    for name, target in _KNOWN_SUBPROPERTIES.items():
        steps[name].add((target, False))
    for subject, predicate, term in declared:
        if predicate.endswith("subPropertyOf>"):
            steps[subject].add((term, False))
        elif predicate.endswith(("inverseOf>", "equivalentProperty>")):
            turned = predicate.endswith("inverseOf>")
            steps[subject].add((term, turned))
            steps[term].add((subject, turned))
    known = set(_DOMAIN) | set(_RANGE) | _FOLLOWED | set(_XL_LABELS) | _TEXTS
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
        found[name] = {(o, turned) for o, turned in seen if o in known and (o == name or not {name, o} <= _TEXTS)}
    return {name: links for name, links in found.items() if links}


def _classes(declared: Iterable[tuple[str, str, str]]) -> dict[str, set[str]]:
    """Class -> the exclusive classes of SKOS that it lies in."""
    above: dict[str, set[str]] = defaultdict(set)
    for name, parent in _KNOWN_SUBCLASSES.items():
        above[name].add(parent)
    for subject, predicate, term in declared:
        if predicate.endswith("subClassOf>"):
            above[subject].add(term)
    found = {name: {name} for name in _EXCLUSIVE}
    for name in above:
        seen, todo = {name}, [name]
        while todo:
            todo += [other for other in above.get(todo.pop(), ()) if other not in seen and not seen.add(other)]  # type: ignore[func-returns-value]
        if lies_in := seen & set(_EXCLUSIVE):
            found[name] = lies_in
    return found
