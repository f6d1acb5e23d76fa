"""Two SHACL engines behind one function: ``shacl`` for every release, ``pyshacl`` as the reference.

Both say only which shape, which focus node, which value, which constraint component. Names, messages, severities and
paths come from the shapes graph, so that a report does not depend on the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from esco_kg.errors import EscoKgError, UsageError
from esco_kg.rdf.namespaces import SH


@dataclass(frozen=True, slots=True)
class Hit:
    """One validation result: IRIs of shape and component, focus node and value as canonical N-Triples terms.

    ``said`` are the messages that the engine gives, ``severity`` the IRI of the result's own. ``path`` is the property
    that the result is about, where the shape has none of its own: of ``sh:closed``, and of ``?path`` in SPARQL.
    """

    shape: str
    focus: str
    value: str
    component: str
    said: tuple[str, ...] = ()
    severity: str = ""
    path: str = ""


def validate(engine: str, shapes: str, data: Path) -> list[Hit]:
    """Validate an N-Triples file against shapes (N-Triples text) with the engine of this name: every result of it.

    Raises UsageError for an unknown engine, EscoKgError where the engine fails or contradicts itself.
    """
    run = _ENGINES.get(engine)
    if run is None:
        raise UsageError(f"there is no SHACL engine {engine!r}", f"There are: {', '.join(sorted(_ENGINES))}.")
    return run(shapes, data)


def _by_shacl(shapes: str, data: Path) -> list[Hit]:
    try:
        import shacl
    except ImportError:
        raise EscoKgError("the SHACL engine shacl is not installed", "Install it, or take --engine pyshacl.") from None
    try:
        compiled = shacl.Shapes.from_text(shapes, "ntriples")
        if not len(compiled):
            raise ValueError("it found no shape")
        report = compiled.validate_file(str(data))
    except (ValueError, OSError, RuntimeError) as error:
        raise EscoKgError(f"the SHACL engine shacl failed: {error}", "Try --engine pyshacl.") from None
    if not report.conforms and not report.results:
        raise EscoKgError("the SHACL engine shacl found fault but names none", "Try --engine pyshacl.")
    return [
        Hit(
            _bare(r.source_shape or ""),
            _canonical(r.focus_node),
            _canonical(r.value or ""),
            r.component_iri,
            tuple(sorted(r.messages)),
            r.severity_iri,
            _property(r.path or ""),
        )
        for r in report.results
    ]


def _by_pyshacl(shapes: str, data: Path) -> list[Hit]:
    try:
        import pyshacl
        import rdflib
    except ImportError:
        raise EscoKgError("the SHACL engine pyshacl is not installed", "Install it, or take --engine shacl.") from None
    shapes_graph = as_graph(ox.parse(shapes, format=ox.RdfFormat.N_TRIPLES))
    graph = as_graph(ox.parse(path=str(data), format=ox.RdfFormat.N_TRIPLES))
    try:
        conforms, report, text = pyshacl.validate(graph, shacl_graph=shapes_graph, inference="none", advanced=False)
    except Exception as error:  # it raises plain ones too, such as rdflib's for an unknown prefix
        raise EscoKgError(f"the SHACL engine pyshacl failed: {error}", "Try --engine shacl.") from None
    if not isinstance(report, rdflib.Graph):
        raise EscoKgError(f"the SHACL engine pyshacl failed: {text}", "Try --engine shacl.")
    sh = rdflib.Namespace(SH)
    names = ("sourceShape", "focusNode", "value", "sourceConstraintComponent")
    hits = []
    # Not every sh:ValidationResult: those that only explain another one hang on it by sh:detail.
    for result in report.objects(None, sh.result):
        shape, focus, value, component = (report.value(result, sh[name]) for name in names)
        said = tuple(sorted(str(text) for text in report.objects(result, sh.resultMessage)))
        severity = str(report.value(result, sh.resultSeverity))
        path = report.value(result, sh.resultPath)
        named = _of_rdflib(path) if isinstance(path, rdflib.URIRef) else ""
        hits.append(Hit(str(shape), _of_rdflib(focus), _of_rdflib(value), str(component), said, severity, named))
    if not conforms and not hits:
        raise EscoKgError("the SHACL engine pyshacl found fault but names none", "Try --engine shacl.")
    return hits


_ENGINES: dict[str, Callable[[str, Path], list[Hit]]] = {"shacl": _by_shacl, "pyshacl": _by_pyshacl}
ENGINES = tuple(_ENGINES)


def _property(path: str) -> str:
    """A path where it is a single property; others are read from the shape."""
    return path if path.startswith("<") and path.count("<") == 1 and path.endswith(">") else ""


def _bare(term: str) -> str:
    return term.removeprefix("<").removesuffix(">")


def _canonical(term: str) -> str:
    """An N-Triples term with the escapes of the canonical form."""
    if not term.startswith('"') or "\\" not in term:
        return term
    (triple,) = ox.parse(f"<a:a> <a:a> {term} .", format=ox.RdfFormat.N_TRIPLES)
    return str(triple.object)


def as_graph(triples: Iterable[ox.Quad | ox.Triple], store: str = "default") -> Any:
    """An rdflib graph. Its own parser leaves plain strings without a datatype, unequal to those that we make.

    ``store`` is the name of rdflib's store; ``SimpleMemory`` knows no contexts and is the quicker one.
    """
    import rdflib

    graph = rdflib.Graph(store=store)
    for triple in triples:
        graph.add((as_rdflib(triple.subject), as_rdflib(triple.predicate), as_rdflib(triple.object)))
    return graph


def as_rdflib(term: object) -> Any:
    """A pyoxigraph term as rdflib's, with its lexical form as it is."""
    import rdflib

    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    assert isinstance(term, ox.Literal)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)


def _of_rdflib(term: object) -> str:
    import rdflib

    if term is None:
        return ""
    if isinstance(term, rdflib.Literal):
        if term.language:
            return str(ox.Literal(str(term), language=term.language.lower()))
        datatype = ox.NamedNode(str(term.datatype)) if term.datatype else None
        return str(ox.Literal(str(term), datatype=datatype))
    return f"_:{term}" if isinstance(term, rdflib.BNode) else f"<{term}>"
