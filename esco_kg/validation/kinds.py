"""Whether a thing is of two kinds that exclude one another, by all axioms of the vocabularies of a release.

The axioms are the files of ``shapes/axioms/``: SKOS, SKOS-XL, XKOS, Data Cube, DQV and PROV. What kinds a thing is of
follows from its types and from the properties it has or is a value of, wherever they lead; so one thing is closed for
each combination of these, not each of a hundred thousand. Relations among things, which need them all, are closed in
:mod:`esco_kg.validation.entailment`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from esco_kg.model.findings import Finding
from esco_kg.rdf.namespaces import DCT, DQV, PROV, QB, RDF, XKOS
from esco_kg.rdf.reading import triples as parse
from esco_kg.resources import files
from esco_kg.validation.entailment import closed, finding_of
from esco_kg.validation.outcome import in_order

_TYPE = f"<{RDF}type>".encode()
_EXAMPLE = "urn:esco-kg:example:"
_Sign = tuple[str, bytes]  # "type" and a class, "has" or "is" and a property
_Case = tuple[bytes, tuple[_Sign, ...]]  # the thing, where an axiom names it, otherwise nothing; and all its signs
_seen: dict[_Case, list[Finding]] = {}


def axioms() -> list[ox.Triple]:
    """The axioms of every vocabulary, with ``dct:source`` at those that a contradiction breaks."""
    return [t for path in files("shapes/axioms", ".ttl") for t in parse(path)]


def terms_beside_skos() -> frozenset[str]:
    """The terms of the other vocabularies that an axiom names, as N-Triples."""
    ends = {str(end) for t in axioms() for end in (t.subject, t.object) if isinstance(end, ox.NamedNode)}
    return frozenset(end for end in ends if end.startswith(tuple(f"<{space}" for space in (XKOS, QB, DQV, PROV))))


def check_kinds(graphs: Mapping[str, Path]) -> list[Finding]:
    """The things of each graph that are of kinds which exclude one another; of things alike the first one.

    ``graphs`` are name -> N-Triples as a release writes it. The rules are named by what they contradict (``owl:S37``).
    """
    found: list[Finding] = []
    first = {name: list(_alike(nt, _terms())) for name, nt in graphs.items()}
    contradictions = _contradictions([_case(*one) for things in first.values() for one in things])
    for name, things in first.items():
        for thing, signs in things:
            told = contradictions[_case(thing, signs)]
            found += [replace(finding, focus=thing.decode(), graph=name) for finding in told]
    return in_order(found)


def _case(thing: bytes, signs: list[_Sign]) -> _Case:
    """What decides about a thing: its signs alone, but where the axioms speak of the thing itself."""
    return thing if thing in _terms() else b"", tuple(sorted(signs))


@cache
def _logical() -> tuple[list[ox.Triple], dict[str, str]]:
    """The axioms, and what each is a statement of."""
    known = axioms()
    clauses = {t.subject.value: t.object.value for t in known if t.predicate.value == f"{DCT}source"}  # type: ignore[union-attr]
    return [t for t in known if t.predicate.value != f"{DCT}source"], clauses


@cache
def _terms() -> frozenset[bytes]:
    ends = (end for t in _logical()[0] for end in (t.subject, t.object))
    return frozenset(str(end).encode() for end in ends if isinstance(end, ox.NamedNode))


def _contradictions(cases: list[_Case]) -> dict[_Case, list[Finding]]:
    """Case -> its contradictions. Cases of before are remembered: most time goes to what follows from the axioms."""
    new = [case for case in dict.fromkeys(cases) if case not in _seen]
    if new:
        logical, clauses = _logical()
        places: dict[str, list[_Case]] = {"": new[:1]}  # what owlrl says without a place is told, too
        for number, case in enumerate(new):
            places.setdefault(_place(case, number), []).append(case)
        examples = [t for number, case in enumerate(new) for t in _example(case, number)]
        found: dict[_Case, list[Finding]] = {case: [] for case in new}
        for message in closed([*logical, *examples]).error_messages:
            finding = finding_of(message, clauses, "")
            for case in places.get(finding.focus, []):
                found[case].append(finding)
        _seen.update(found)  # whole or not at all: what failed half way has no contradictions that anyone knows of
    return _seen


def _alike(nt: Path, named: frozenset[bytes]) -> Iterator[tuple[bytes, list[_Sign]]]:
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


def _place(case: _Case, number: int) -> str:
    return case[0].decode() or f"<{_EXAMPLE}{number}>"


def _example(case: _Case, number: int) -> Iterator[ox.Triple]:
    about = ox.NamedNode(_place(case, number)[1:-1])
    for at, (how, term) in enumerate(case[1]):
        other = ox.NamedNode(f"{_EXAMPLE}{number}:{at}")
        name = ox.NamedNode(term[1:-1].decode())
        if how == "type":
            yield ox.Triple(about, ox.NamedNode(f"{RDF}type"), name)
        else:
            yield ox.Triple(about, name, other) if how == "has" else ox.Triple(other, name, about)
