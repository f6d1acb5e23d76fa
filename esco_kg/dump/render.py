"""One subject block as text in N-Triples, Turtle, JSON-LD and RDF/XML, in one walk over its triples.

IRIs, predicates, what follows a literal's text, and properties with one short value are converted once and remembered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from esco_kg.dump.context import ANY, ID, LANGUAGE, TERMS, TYPE, json_prefixes
from esco_kg.dump.literals import json_value, turtle_literals, xml_text
from esco_kg.errors import InputError
from esco_kg.rdf.namespaces import RDF
from esco_kg.rdf.terms import RDF_TYPE, Block, Term

_Property = tuple[tuple[str, str], str, str]  # Turtle with the remark behind it, JSON-LD, RDF/XML
_REMEMBERED = 50_000  # IRIs, and properties with one value; a bound on memory, not on meaning
_SHORT_VALUE = 80  # characters
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_SAFE_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_\-])?")
_QNAME_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*\Z")


class Texts(NamedTuple):
    """A block in the four serialisations; ``json`` is one JSON object, the others are whole lines."""

    nt: str
    turtle: str
    json: str
    xml: str


class _Iri(NamedTuple):
    turtle: str
    json: str
    xml: str
    remark: str  # a comment with the label, for Turtle alone; or ""


@dataclass(frozen=True, slots=True)
class _Suffix:
    """What follows the closing quote of a literal: ``@en``, ``^^<...>`` or nothing."""

    turtle: str
    json: str  # members of the value object beside @value
    xml: str  # attribute with a leading space
    kind: str  # "@language", a datatype IRI, or "" for a plain string
    language: str


@dataclass(frozen=True, slots=True)
class _Predicate:
    turtle: str
    kind: str
    key: str  # the JSON-LD key for values of that kind
    any_key: str  # the JSON-LD key without coercion
    opening: str  # "<skos:broader", with a declaration of its namespace where the file has none
    closing: str


class Renderer:
    """Writes blocks with these prefixes (prefix -> namespace).

    ``labels`` maps IRIs (without angle brackets) to what a reader of Turtle should see beside them, as a comment.
    """

    def __init__(self, prefixes: Mapping[str, str], labels: Mapping[str, str] | None = None) -> None:
        self.used: set[str] = set()  # prefixes that Turtle has needed so far
        self._labels = labels or {}
        self._by_namespace = {namespace: prefix for prefix, namespace in sorted(prefixes.items(), reverse=True)}
        self._json_prefixes = json_prefixes(prefixes)
        self._reserved = set(prefixes) | {name for name, _ in TERMS.values()}
        self._places = {f"<{TYPE}>": 0}
        self._known: dict[str, tuple[str, str]] = {}
        for place, (compact, entry) in enumerate(TERMS.items(), start=1):
            prefix, _, local = compact.partition(":")
            if prefix in prefixes:
                self._known[prefixes[prefix] + local] = entry
                self._places[f"<{prefixes[prefix]}{local}>"] = place
        self._iris: dict[Term, _Iri] = {}
        self._suffixes: dict[str, _Suffix] = {}
        self._predicates: dict[Term, _Predicate] = {}
        self._orders: dict[tuple[Term, ...], tuple[list[Term], list[int]]] = {}
        self._properties: dict[tuple[Term, Term], _Property] = {}

    def render(self, block: Block) -> Texts:
        """The block in all four serialisations. Raises InputError where one of them cannot carry it."""
        subject = block.subject
        objects = block.objects
        predicates, order = self._order(tuple(objects))
        nt: list[str] = []
        properties: list[_Property] = []
        for predicate in predicates:
            values = objects[predicate]
            if len(values) == 1:
                (value,) = values
                nt.append(f"{subject} {predicate} {value} .\n")
                known = self._properties.get((predicate, value))
                properties.append(known or self._single(subject, predicate, value))
            else:
                terms = sorted(values)
                start = f"{subject} {predicate} "
                nt.append(start + f" .\n{start}".join(terms) + " .\n")
                properties.append(self._property(subject, predicate, terms))
        name = self._iris.get(subject) or self._new_iri(subject)  # most subjects are met once: not remembered
        shown = [properties[place] for place in order]
        last = len(shown) - 1
        turtle = "\n    ".join(
            [f"{text} {'.' if place == last else ';'}{remark}" for place, ((text, remark), _, _) in enumerate(shown)]
        )
        json = ",\n  ".join([found[1] for found in shown])
        xml = "".join([found[2] for found in shown])
        return Texts(
            "".join(nt),
            f"{name.turtle}{name.remark}\n    {turtle}\n\n",
            f'{{\n  "@id": {name.json},\n  {json}\n}}',
            f'  <rdf:Description rdf:about="{name.xml}">\n{xml}  </rdf:Description>\n',
        )

    def _single(self, subject: Term, predicate: Term, value: Term) -> _Property:
        """A property with one value, remembered where the value is short: most of these recur."""
        found = self._property(subject, predicate, [value])
        if len(value) < _SHORT_VALUE:
            if len(self._properties) >= _REMEMBERED:
                self._properties.clear()
            self._properties[predicate, value] = found
        return found

    def _property(self, subject: Term, term: Term, terms: list[Term]) -> _Property:
        """One property with all its values, in Turtle, JSON-LD and RDF/XML."""
        predicate = self._predicates.get(term) or self._predicate(term)
        groups: dict[str, list[str]] = {}
        # A quotation mark sorts before "<": literals stand before IRIs.
        iris = terms if terms[0][0] == "<" else self._literals(terms, groups)
        values: list[tuple[str, str]] = []
        xml: list[str] = []
        for suffix in sorted(groups):
            quoted = groups[suffix]
            ending = self._suffix(suffix)
            values += [(text, "") for text in turtle_literals(quoted, ending.kind, ending.turtle)]
            start, end = f"    {predicate.opening}{ending.xml}>", f"{predicate.closing}\n"
            texts = [xml_text(subject, text) for text in quoted]
            xml.append(start + f"{end}{start}".join(texts) + end)
        known = [self._iris.get(iri) or self._iri(iri) for iri in iris]
        if known:
            values += [(iri.turtle, iri.remark) for iri in known]
            start = f'    {predicate.opening} rdf:resource="'
            xml.append(start + f'"/>\n{start}'.join([iri.xml for iri in known]) + '"/>\n')
        turtle = _turtle_property(predicate.turtle, values)
        return turtle, self._json_property(predicate, known, groups), "".join(xml)

    @staticmethod
    def _literals(terms: list[Term], groups: dict[str, list[str]]) -> list[Term]:
        """Sort literals by what follows their text, into ``groups``; the IRIs are returned."""
        for place, term in enumerate(terms):
            if term[0] == "<":
                return terms[place:]
            end = term.rindex('"') + 1
            groups.setdefault(term[end:], []).append(term[:end])
        return []

    def _json_property(self, predicate: _Predicate, iris: list[_Iri], groups: dict[str, list[str]]) -> str:
        """Values of the predicate's kind under its term, all others under a key without coercion."""
        kind = predicate.kind
        if kind == ID and not groups:
            return f"{predicate.key}: {_json_array([iri.json for iri in iris])}"
        fitting: list[str] = []
        others: list[str] = []
        languages: list[str] = []
        for suffix in sorted(groups):
            ending, quoted = self._suffix(suffix), groups[suffix]
            if ending.kind == kind == LANGUAGE:
                languages.append(f'"{ending.language}": {_json_array(quoted)}')
            elif ending.kind == kind != ANY:
                fitting += [json_value(text, kind) for text in quoted]
            else:
                others += [f'{{"@value": {text}, {ending.json}}}' if ending.json else text for text in quoted]
        if kind in (ID, TYPE):
            fitting += [self._compact(iri.json[1:-1]) if kind == TYPE else iri.json for iri in iris]
        else:
            others += [f'{{"@id": {iri.json}}}' for iri in iris]
        members = [f"{predicate.key}: {{{', '.join(languages)}}}"] if languages else []
        if fitting:
            members.append(f"{predicate.key}: {_json_array(fitting)}")
        if others:
            members.append(f"{predicate.any_key}: {_json_array(others)}")
        return ",\n  ".join(members)

    def _order(self, predicates: tuple[Term, ...]) -> tuple[list[Term], list[int]]:
        """The predicates as N-Triples sorts them, and the places of these in the order in which files show them."""
        known = self._orders.get(predicates)
        if known is None:
            last = len(TERMS) + 1
            by_term = sorted(predicates)
            shown = sorted(
                range(len(by_term)), key=lambda place: (self._places.get(by_term[place], last), by_term[place])
            )
            known = self._orders[predicates] = by_term, shown
        return known

    def _iri(self, term: Term) -> _Iri:
        found = self._iris.get(term)
        if found is None:
            if len(self._iris) >= _REMEMBERED:
                self._iris.clear()
            found = self._iris[term] = self._new_iri(term)
        return found

    def _new_iri(self, term: Term) -> _Iri:
        value = term[1:-1]
        scheme = _ABSOLUTE.match(value)
        if scheme is None or scheme[0][:-1] in self._reserved:
            raise InputError(term, "not an IRI that every serialisation can carry", "Give an absolute http(s) IRI.")
        label = self._labels.get(value, "")
        remark = f"  # {' '.join(label.split())}" if label else ""
        return _Iri(self._pname(value) or term, f'"{value}"', escape(value), remark)

    def _pname(self, value: str) -> str:
        """``skos:broader``, or '' where no prefix fits or the rest is no plain local name."""
        cut = max(value.rfind("/"), value.rfind("#")) + 1
        prefix = self._by_namespace.get(value[:cut])
        if prefix is None or not _SAFE_LOCAL.fullmatch(value, cut):
            return ""
        self.used.add(prefix)
        return f"{prefix}:{value[cut:]}"

    def _compact(self, value: str) -> str:
        """A class or datatype as a JSON string: compact where JSON-LD knows the prefix."""
        name = self._pname(value)
        return f'"{name}"' if name and name.partition(":")[0] in self._json_prefixes else f'"{value}"'

    def _suffix(self, suffix: str) -> _Suffix:
        found = self._suffixes.get(suffix)
        if found is None:
            found = self._suffixes[suffix] = self._new_suffix(suffix)
        return found

    def _new_suffix(self, suffix: str) -> _Suffix:
        if suffix.startswith("@"):
            language = suffix[1:]
            return _Suffix(suffix, f'"@language": "{language}"', f' xml:lang="{language}"', LANGUAGE, language)
        if suffix:
            datatype = suffix[2:]
            name = self._iri(datatype)
            json = f'"@type": {self._compact(datatype[1:-1])}'
            return _Suffix(f"^^{name.turtle}", json, f' rdf:datatype="{name.xml}"', datatype[1:-1], "")
        return _Suffix("", "", "", ANY, "")

    def _predicate(self, term: Term) -> _Predicate:
        found = self._predicates.get(term)
        if found is None:
            found = self._predicates[term] = self._new_predicate(term)
        return found

    def _new_predicate(self, term: Term) -> _Predicate:
        value = term[1:-1]
        tag, declaration = self._qname(value)
        any_key = self._compact(value)
        if term == RDF_TYPE:
            return _Predicate("a", TYPE, '"@type"', any_key, f"<{tag}", f"</{tag}>")
        name, kind = self._known.get(value, ("", ANY))
        key = f'"{name}"' if name else any_key
        turtle = self._iri(term).turtle
        return _Predicate(turtle, kind, key, key if kind == ANY else any_key, f"<{tag}{declaration}", f"</{tag}>")

    def _qname(self, value: str) -> tuple[str, str]:
        """An XML element name for a predicate, and a namespace declaration where the file's head has none."""
        cut = max(value.rfind("/"), value.rfind("#"), value.rfind(":")) + 1
        while cut < len(value) and not _QNAME_LOCAL.match(value, cut):
            cut += 1
        namespace, local = value[:cut], value[cut:]
        if not local:
            raise InputError(f"<{value}>", "RDF/XML cannot carry this predicate: it ends in no XML name")
        prefix = "rdf" if namespace == RDF else self._by_namespace.get(namespace)
        if prefix is not None:
            return f"{prefix}:{local}", ""
        return f"ns:{local}", f" xmlns:ns={quoteattr(namespace)}"


def _turtle_property(name: str, values: list[tuple[str, str]]) -> tuple[str, str]:
    """The property without the mark that ends it, and the remark that follows this mark."""
    if len(values) == 1:
        return f"{name} {values[0][0]}", values[0][1]
    *others, (last, remark) = values
    return "\n        ".join([name, *(f"{text} ,{said}" for text, said in others), last]), remark


def _json_array(values: list[str]) -> str:
    return values[0] if len(values) == 1 else f"[{', '.join(values)}]"
