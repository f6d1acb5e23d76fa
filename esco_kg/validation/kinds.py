"""Whether a thing is of two kinds that exclude one another, by all axioms of the vocabularies of a release.

The axioms are the files of ``shapes/axioms/``: SKOS, SKOS-XL, XKOS, Data Cube, DQV and PROV. What kinds a thing is of
follows from its types and from the properties it has or is a value of, wherever they lead; so one thing is closed for
each combination of these, not each of a hundred thousand. Relations among things, which need them all, are closed in
:mod:`esco_kg.validation.entailment`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from esco_kg.model.findings import Finding
from esco_kg.rdf.namespaces import DCT, DQV, PROV, QB, RDF, XKOS
from esco_kg.rdf.reading import triples as parse
from esco_kg.resources import files
from esco_kg.validation.entailment import closed, finding_of
from esco_kg.validation.outcome import in_order

_TYPE = f"<{RDF}type>".encode()
_OTHER_END = "urn:esco-kg:other-end:"
_Sign = tuple[str, bytes]  # "type" and a class, "has" or "is" and a property


def axioms() -> list[ox.Triple]:
    """The axioms of every vocabulary, with ``dct:source`` at those that a contradiction breaks."""
    return [t for path in files("shapes/axioms", ".ttl") for t in parse(path)]


def terms_beside_skos() -> frozenset[str]:
    """The terms of the other vocabularies that an axiom names, as N-Triples."""
    ends = {str(end) for t in axioms() for end in (t.subject, t.object) if isinstance(end, ox.NamedNode)}
    return frozenset(end for end in ends if end.startswith(tuple(f"<{space}" for space in (XKOS, QB, DQV, PROV))))


def check_kinds(nt: Path, graph: str) -> list[Finding]:
    """The things of a graph that are of kinds which exclude one another; of things alike the first one.

    ``nt`` is N-Triples as a release writes it. The rules are named by what they contradict (``owl:S37``).
    """
    known = axioms()
    clauses = {t.subject.value: t.object.value for t in known if t.predicate.value == f"{DCT}source"}  # type: ignore[union-attr]
    logical = [t for t in known if t.predicate.value != f"{DCT}source"]
    named = {str(end).encode() for t in logical for end in (t.subject, t.object) if isinstance(end, ox.NamedNode)}
    examples = [t for number, (thing, signs) in enumerate(_alike(nt, named)) for t in _example(thing, signs, number)]
    found = (finding_of(message, clauses, graph) for message in closed([*logical, *examples]).error_messages)
    return in_order(one for one in found if not one.focus.startswith(f"<{_OTHER_END}"))


def _alike(nt: Path, named: set[bytes]) -> Iterator[tuple[bytes, list[_Sign]]]:
    """The first thing of each combination of types and properties that an axiom names, with the combination."""
    places: dict[_Sign, int] = {}
    signs_of: dict[bytes, int] = {}

    def note(thing: bytes, sign: _Sign) -> None:
        signs_of[thing] = signs_of.get(thing, 0) | 1 << places.setdefault(sign, len(places))

    with nt.open("rb") as stream:
        for line in stream:
            subject, predicate, rest = line.split(b" ", 2)
            value = rest[:-3]
            if predicate == _TYPE:
                if value in named:
                    note(subject, ("type", value))
            elif predicate in named:
                note(subject, ("has", predicate))
                if not value.startswith(b'"'):
                    note(value, ("is", predicate))
    first: dict[int, bytes] = {}
    for thing, signs in signs_of.items():
        first.setdefault(signs, thing)
    for signs, thing in first.items():
        yield thing, [sign for sign, place in places.items() if signs >> place & 1]


def _example(thing: bytes, signs: list[_Sign], number: int) -> Iterator[ox.Triple]:
    about = _node(thing)
    for place, (how, term) in enumerate(signs):
        other = ox.NamedNode(f"{_OTHER_END}{number}:{place}")
        name = ox.NamedNode(term[1:-1].decode())
        if how == "type":
            yield ox.Triple(about, ox.NamedNode(f"{RDF}type"), name)
        else:
            yield ox.Triple(about, name, other) if how == "has" else ox.Triple(other, name, about)


def _node(term: bytes) -> ox.NamedNode | ox.BlankNode:
    text = term.decode()
    return ox.BlankNode(text[2:]) if text.startswith("_:") else ox.NamedNode(text[1:-1])
