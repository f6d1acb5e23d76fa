"""Shapes files as one graph: which rules they hold, what they target, and which part of the data they can see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from esco_kg.errors import InputError
from esco_kg.model.findings import Severity
from esco_kg.rdf.namespaces import DCT, RDF, RDFS, SH
from esco_kg.rdf.reading import triples as parse
from esco_kg.validation.rules import Rule

Node = ox.NamedNode | ox.BlankNode | ox.Literal

# Of blank shapes: results name their source shape, and a blank node has no name to find it by again.
_GIVEN_NAME = "urn:esco-kg:property-shape:"
_NIL = ox.NamedNode(f"{RDF}nil")
_TARGETS = {"targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode"}
# With these a shape looks at predicates that it does not name.
_ALL_SEEING = {f"{SH}{name}" for name in ("closed", "sparql", "select", "ask", "rule", "target", "js")}
_REPEATED = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}


@dataclass(frozen=True, slots=True)
class Target:
    """What a shape is applied to: ``kind`` is the local name of a SHACL property, ``iri`` its value."""

    shape: str
    kind: str
    iri: str


class Shapes:
    """A shapes graph. Shapes are known by their IRIs; blank property shapes were given IRIs when they were read."""

    def __init__(self, triples: Sequence[ox.Triple], base_iri: str) -> None:
        self._triples = list(triples)
        self._base_iri = base_iri
        self._by_subject: dict[object, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
        self._parents: dict[str, str] = {}
        self._rules: dict[str, Rule] = {}
        for triple in self._triples:
            self._by_subject[triple.subject][triple.predicate.value].append(triple.object)  # type: ignore[arg-type]
            if triple.predicate.value == f"{SH}property":
                self._parents.setdefault(triple.object.value, triple.subject.value)  # type: ignore[union-attr]

    @classmethod
    def read(cls, files: Sequence[Path], base_iri: str) -> Shapes:
        """Read shapes files; relative IRIs are resolved against ``base_iri``, whatever the file's own place.

        Raises InputError where a file cannot be read or holds no shape.
        """
        triples: list[ox.Triple] = []
        for number, path in enumerate(files, start=1):
            found = list(parse(path, base_iri=base_iri, blank=f"f{number}b"))
            if not any(t.predicate.value.startswith(SH) for t in found):
                raise InputError(str(path), "holds no SHACL shape", "Give a shapes file, and the data as FILE.")
            triples += found
        return cls(_with_names(triples), base_iri)

    def ntriples(self) -> str:
        """The graph for an engine."""
        return "".join(f"{triple} .\n" for triple in self._triples)

    @cached_property
    def targets(self) -> list[Target]:
        """Every declared target, sorted."""
        return sorted(
            (
                Target(t.subject.value, t.predicate.value.removeprefix(SH), t.object.value)  # type: ignore[union-attr]
                for t in self._triples
                if t.predicate.value.startswith(SH) and t.predicate.value.removeprefix(SH) in _TARGETS
            ),
            key=lambda target: (target.shape, target.kind, target.iri),
        )

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """Rule name -> rule, for each shape that has a ``sh:name`` and an IRI of its own."""
        named = (s.value for s, of in self._by_subject.items() if isinstance(s, ox.NamedNode) and of.get(f"{SH}name"))
        found = [self.rule(iri) for iri in sorted(named) if not iri.startswith(_GIVEN_NAME)]
        return {rule.name: rule for rule in found}

    @cached_property
    def predicates(self) -> frozenset[str] | None:
        """Every predicate of the data that these shapes can see, as N-Triples terms; None means all.

        A shape looks at a predicate only where it names it, in a path, a target or a constraint; so the IRIs named
        anywhere in the shapes are enough, with the two that decide on classes.
        """
        if any(of.get(name) for of in self._by_subject.values() for name in _ALL_SEEING):
            return None
        named = {str(t.object) for t in self._triples if isinstance(t.object, ox.NamedNode)}
        return frozenset(named | {f"<{RDF}type>", f"<{RDFS}subClassOf>"})

    def rule(self, shape: str) -> Rule:
        """The rule a result belongs to: the source shape, or the one around it that has an IRI of its own."""
        if shape not in self._rules:
            self._rules[shape] = self._rule(shape)
        return self._rules[shape]

    def _rule(self, shape: str) -> Rule:
        chain = self._chain(shape)
        own = next((iri for iri in chain if not iri.startswith(_GIVEN_NAME)), shape)
        title = self._text(own, f"{SH}name") or self._text(own, f"{RDFS}label")
        said = (self._text(iri, f"{SH}{key}") for key in ("message", "description") for iri in chain)
        return Rule(
            name=self._name(own),
            title=title,
            message=next(filter(None, said), title),
            clause=self._text(own, f"{DCT}source"),
            source=own,
            severity=self.severity(shape),
        )

    def severity(self, shape: str) -> Severity:
        """The severity that the shape itself declares; a violation where it declares none (SHACL, section 2.1.4)."""
        for value in self._of(shape, f"{SH}severity"):
            local = value.value.removeprefix(SH)
            return "warning" if local == "Warning" else "info" if local == "Info" else "violation"
        return "violation"

    def path(self, shape: str) -> str:
        """The shape's path in SPARQL's notation; a single property is an N-Triples term; no path: empty."""
        return next((self._rendered(path) for path in self._of(shape, f"{SH}path")), "")

    def constraints(self, shape: object) -> dict[str, list[Node]]:
        """What SHACL's own properties say of a shape: local name -> values."""
        said = self._by_subject.get(shape, {})
        return {name.removeprefix(SH): values for name, values in said.items() if name.startswith(SH)}

    def messages(self, shape: str, component: str) -> list[ox.Literal]:
        """What the author says of a result: at the shape's constraints in SPARQL, with places for values, or at it."""
        said = list(self._of(shape, f"{SH}message"))
        if component == f"{SH}SPARQLConstraintComponent":
            for node in self._of(shape, f"{SH}sparql"):
                said += self._by_subject[node].get(f"{SH}message", [])
        return [value for value in said if isinstance(value, ox.Literal)]

    def check_paths(self) -> None:
        """Raise InputError for a path that leads into itself: no engine can follow it (SHACL, section 2.3.1)."""
        for triple in self._triples:
            if triple.predicate.value == f"{SH}path" and self._is_circular(triple.object, frozenset()):  # type: ignore[arg-type]
                shape = triple.subject.value  # type: ignore[union-attr]
                owner = self.rule(shape).source if isinstance(triple.subject, ox.NamedNode) else shape
                raise InputError(owner, "the path of this shape is circular", "Correct the path: it names itself.")

    def _is_circular(self, node: Node, above: frozenset[Node]) -> bool:
        if not isinstance(node, ox.BlankNode):
            return False
        parts = [part for values in self._by_subject[node].values() for part in values]
        return node in above or any(self._is_circular(part, above | {node}) for part in parts)

    def narrowed(self, names: Iterable[str]) -> Shapes:
        """The part of the graph that these rules need; the shapes of other rules are gone, not deactivated."""
        wanted = set(names)
        kept: list[ox.Triple] = []
        seen: set[object] = set()
        roots = {ox.NamedNode(target.shape) for target in self.targets}
        todo: list[object] = sorted(
            (root for root in roots if wanted & self._rules_below(root.value)), key=str, reverse=True
        )
        while todo:
            subject = todo.pop()
            if subject in seen:
                continue
            seen.add(subject)
            for predicate, objects in self._by_subject.get(subject, {}).items():
                for value in objects:
                    if predicate == f"{SH}property" and self._is_of_others(value.value, wanted):
                        continue
                    kept.append(ox.Triple(subject, ox.NamedNode(predicate), value))  # type: ignore[arg-type]
                    todo.append(value)
        return Shapes(kept, self._base_iri)

    def _is_of_others(self, shape: str, wanted: set[str]) -> bool:
        below = self._rules_below(shape) & self.rules.keys()
        return bool(below) and not below & wanted

    def _rules_below(self, shape: str) -> set[str]:
        """Names of the rules of a shape and of its property shapes."""
        found = {self.rule(shape).name}
        for below in self._of(shape, f"{SH}property"):
            found |= self._rules_below(below.value)
        return found

    def _chain(self, shape: str) -> list[str]:
        """The shape and those around it, from the inside out."""
        chain = [shape]
        while chain[-1] in self._parents and self._parents[chain[-1]] not in chain:
            chain.append(self._parents[chain[-1]])
        return chain

    def _name(self, iri: str) -> str:
        start = f"{self._base_iri}shapes/"
        return iri.removeprefix(start).replace("#", ":", 1) if iri.startswith(start) else iri

    def _of(self, shape: str, predicate: str) -> list[Node]:
        return self._by_subject[ox.NamedNode(shape)][predicate] if _is_iri(shape) else []

    def _text(self, shape: str, predicate: str) -> str:
        """The value in English, otherwise without a language, otherwise the first in the order of languages."""
        literals = [value for value in self._of(shape, predicate) if isinstance(value, ox.Literal)]
        order = {"en": 0, "": 1}
        literals.sort(key=lambda value: (order.get(value.language or "", 2), value.language or "", value.value))
        return literals[0].value if literals else ""

    def _rendered(self, path: Node) -> str:
        if isinstance(path, ox.NamedNode):
            return str(path)
        parts = self._by_subject[path]
        if f"{RDF}first" in parts:  # whatever else the node says (W3C suite, path-strange-001)
            return "/".join(self._rendered(part) for part in self._list(path))
        for name, sign in _REPEATED.items():
            for inner in parts.get(f"{SH}{name}", []):
                return f"{_as_one(self._rendered(inner))}{sign}"
        for inner in parts.get(f"{SH}inversePath", []):
            return f"^{_as_one(self._rendered(inner))}"
        for choice in parts.get(f"{SH}alternativePath", []):
            return f"({'|'.join(self._rendered(part) for part in self._list(choice))})"
        return "/".join(self._rendered(part) for part in self._list(path))

    def _list(self, cell: Node) -> list[Node]:
        found: list[Node] = []
        seen: set[object] = set()
        while cell != _NIL and cell not in seen:
            seen.add(cell)
            found += self._by_subject[cell].get(f"{RDF}first", [])
            cell = next(iter(self._by_subject[cell].get(f"{RDF}rest", [])), _NIL)
        return found


def _as_one(path: str) -> str:
    """A path as one step: in brackets where it is neither a property nor a choice in brackets."""
    depth = 0
    for place, sign in enumerate(path):
        depth += (sign == "(") - (sign == ")")
        if sign == "(" and place == 0:
            continue
        if depth == 0 and place < len(path) - 1 and path.startswith("("):
            return f"({path})"
    return path if path.startswith("(") or (path.startswith("<") and path.count("<") == 1) else f"({path})"


def _is_iri(text: str) -> bool:
    return ":" in text and not text.startswith("_:")


def _with_names(triples: Sequence[ox.Triple]) -> list[ox.Triple]:
    """Give blank shapes that results can name IRIs, counted in the order in which the files name them."""
    names: dict[object, ox.NamedNode] = {}
    for triple in triples:
        local = triple.predicate.value.removeprefix(SH)
        shape = triple.object if local == "property" else triple.subject if local in _TARGETS else None
        if isinstance(shape, ox.BlankNode):
            names.setdefault(shape, ox.NamedNode(f"{_GIVEN_NAME}{len(names) + 1}"))
    return [ox.Triple(names.get(t.subject, t.subject), t.predicate, names.get(t.object, t.object)) for t in triples]
