"""Whether a scheme contradicts SKOS once everything that follows from it is drawn: an OWL 2 RL closure by owlrl."""

from __future__ import annotations

import re
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from esco_kg.errors import EscoKgError, InputError
from esco_kg.model.findings import Finding
from esco_kg.rdf.namespaces import DCT, OWL, PREFIXES, RDF, RDFS, SKOS, SKOSXL
from esco_kg.rdf.reading import triples as parse
from esco_kg.resources import folder
from esco_kg.validation.engines import as_graph
from esco_kg.validation.files import narrow
from esco_kg.validation.outcome import in_order

_TYPE = f"<{RDF}type>"
_LABELS = {f"<{SKOS}{kind}Label>" for kind in ("pref", "alt", "hidden")} | {f"<{SKOSXL}literalForm>"}
# Which skill is in which cluster: thousands of links that no disjointness of SKOS can touch in a scheme of ours.
_MEMBERSHIP = f"<{SKOS}narrowMatch>"
_PROPERTIES = re.compile(r"Erroneous usage of disjoint properties (\S+) and (\S+) on (\S+) and (.*)", re.DOTALL)
_CLASSES = re.compile(r"Disjoint classes (\S+) and (\S+) have a common individual (\S+)")


def check_consistency(nt: Path, graph: str = "clusters") -> tuple[list[Finding], float]:
    """Close types, hierarchy, relations and labels of a scheme under OWL 2 RL and the axioms of SKOS.

    ``nt`` is N-Triples as a release writes it; what no axiom names is left aside, and so are memberships and
    allocations. Of the labels, those in English take part and, of other languages, those that their subject repeats: a
    text that stands once cannot be a label of two kinds. Returns the contradictions (rule ``owl:S27``) and the seconds
    taken. Raises InputError where the file cannot be read or holds nothing that an axiom names.
    """
    started = time.perf_counter()
    axioms = list(parse(folder("shapes") / "axioms" / "skos-axioms.ttl"))
    clauses = {t.subject.value: t.object.value for t in axioms if t.predicate.value == f"{DCT}source"}  # type: ignore[union-attr]
    logical = [t for t in axioms if t.predicate.value != f"{DCT}source"]
    graph_closed = closed([*logical, *_touched(nt, logical)])
    findings = in_order(finding_of(message, clauses, graph) for message in sorted(graph_closed.error_messages))
    return findings, time.perf_counter() - started


def _touched(nt: Path, axioms: list[ox.Triple]) -> list[ox.Triple]:
    """The triples that an axiom can do something with."""
    named = {str(end) for t in axioms for end in (t.subject, t.object) if isinstance(end, ox.NamedNode)}
    named -= {str(t.subject) for t in axioms if str(t.object) == f"<{SKOS}note>"}  # texts, of which nothing follows
    with tempfile.TemporaryDirectory(prefix="esco-kg-closure-") as scratch:
        seen = Path(scratch) / "seen.nt"
        narrow(nt, {seen: frozenset(named - {_MEMBERSHIP} | _LABELS | {_TYPE})})
        triples = list(parse(seen))
    kept = [t for t in triples if str(t.predicate) not in _LABELS | {_TYPE} or str(t.object) in named]
    if not kept:
        raise InputError(str(nt), "holds nothing that SKOS speaks of", "Give the graph of a concept scheme.")
    labels = [t for t in triples if str(t.predicate) in _LABELS]
    repeated = Counter((t.subject, t.object) for t in labels)
    return kept + [t for t in labels if _language(t) in ("en", "") or repeated[t.subject, t.object] > 1]


def _language(triple: ox.Triple) -> str:
    return (triple.object.language or "") if isinstance(triple.object, ox.Literal) else ""


def closed(triples: list[ox.Triple]) -> Any:
    """owlrl's closure of these triples, with its ``graph`` and ``error_messages``.

    Two things that owlrl does for every triple are left out, because nothing follows from them: that each term equals
    itself (eq-ref), and the search for a rule where none can begin. All its rules begin at a triple with a predicate of
    RDF, RDFS or OWL, and those at a type begin at a class of these, not at a class that an axiom is about.
    """
    try:
        import owlrl
        import rdflib
    except ImportError:
        raise EscoKgError("owlrl is not installed", "Install esco-kg again with its dependencies.") from None
    languages = (RDF, RDFS, OWL)

    class Closure(owlrl.OWLRL_Semantics):  # type: ignore[misc]
        def rules(self, t: Any, cycle_num: int) -> None:
            begins = t[2] if t[1] == rdflib.RDF.type else t[1]
            if str(begins).startswith(languages):
                super().rules(t, cycle_num)

        def store_triple(self, t: Any) -> None:
            if (t[1] != rdflib.OWL.sameAs or t[0] != t[2]) and t not in self.graph:
                self.added_triples.add(t)

    # Without the axioms of RDFS and of datatypes: they type every term and contradict nothing.
    closure = Closure(as_graph(triples, store="SimpleMemory"), False, False, False)
    closure.closure()
    return closure


def finding_of(message: str, clauses: dict[str, str], graph: str) -> Finding:
    """A contradiction in owlrl's words as a finding; ``clauses`` names the statement that is broken."""
    if found := _PROPERTIES.fullmatch(message):
        first, second, focus, value = found.groups()
        said = f"It follows that {_short(first)} and {_short(second)} both hold here, which exclude one another"
        shown = f"<{value}>" if re.fullmatch(r"[a-z][a-z0-9+.-]*:\S+", value) else str(ox.Literal(value))
    elif found := _CLASSES.fullmatch(message):
        first, second, focus = found.groups()
        said = f"It follows that this is both a {_short(first)} and a {_short(second)}, which exclude one another"
        shown = f"<{second}>"
    else:
        return Finding("violation", "owl:consistency", "", "", "", f"The closure is inconsistent: {message}", graph)
    clause = clauses.get(first, "")
    path = f"<{first}>" if found.re is _PROPERTIES else _TYPE
    return Finding(
        severity="violation",
        rule=f"owl:{clause.rsplit(' ', 1)[-1] or 'consistency'}",
        focus=f"<{focus}>",
        path=path,
        value=shown,
        message=f"{said} ({clause}): remove one of the statements it follows from.",
        graph=graph,
    )


def _short(iri: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri
