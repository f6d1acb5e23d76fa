"""Check a release, or any SKOS file of anyone."""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import pyoxigraph as ox

from esco_kg.check.cubes import normalised
from esco_kg.check.engines import validate
from esco_kg.check.entailment import check_consistency
from esco_kg.check.files import joined, narrow
from esco_kg.check.outcome import CheckOutcome, in_order
from esco_kg.check.queries import Check, checks
from esco_kg.check.queries import run as run_query
from esco_kg.check.rules import ANY, VACUOUS, Profile, Rule, read_profile
from esco_kg.check.shapes import Shapes, Target
from esco_kg.graphs import GraphStore
from esco_kg.model.findings import Finding, Severity
from esco_kg.namespaces import RDFS, SH
from esco_kg.published import read_manifest, unpacked
from esco_kg.resources import folder

# Only to resolve the relative IRIs of shapes and queries where no release has a base.
_NO_BASE = "urn:esco-kg:/"
_CUBES = "statistics"  # the graph whose data cubes are spelt out before the queries
# How to find a focus node of a target (SHACL, section 2.1.3); a named node is its own.
_FOCUS = {
    "targetClass": f"SELECT ?named ?focus WHERE {{ ?class <{RDFS}subClassOf>* ?named . ?focus a ?class }} LIMIT 1",
    "targetSubjectsOf": "SELECT ?named ?focus WHERE { ?focus ?named ?value } LIMIT 1",
    "targetObjectsOf": "SELECT ?named ?focus WHERE { ?value ?named ?focus } LIMIT 1",
}


def graph_iri(base_iri: str, name: str) -> str:
    """The IRI under which a graph of a release stands in the store while it is checked and measured."""
    return f"{base_iri}graph/{name}"


def check_release(
    graphs: Mapping[str, Path],
    base_iri: str,
    *,
    engine: str = "shacl",
    store: GraphStore | None = None,
    profile: Path | None = None,
) -> CheckOutcome:
    """Check the graphs of a release (name -> plain N-Triples file, as written by the release itself).

    ``store`` may hold graphs already, each under its :func:`graph_iri`; those it lacks are loaded into it, after the
    shapes were checked, so that an empty store handed in can be queried afterwards. Rules over two graphs
    (``clusters+pillar`` in the profile) hold where both are given; data cubes are normalised before the rules over
    them. A shape without a focus node is a finding.

    Raises InputError where a graph is empty, unreadable or unknown to the profile, EscoKgError where an engine fails.
    """
    rules = _Rules(base_iri, profile)
    outcome = CheckOutcome(engine)
    with tempfile.TemporaryDirectory(prefix="esco-kg-check-") as scratch:
        for name in sorted(graphs):
            severities = rules.profile.for_graph(name)
            shapes = rules.shapes.narrowed(severities)
            with _Clock(outcome, f"{name}: shapes") as clock:
                outcome.triples[name] = narrow(graphs[name], shapes.predicates, Path(scratch) / f"{name}.nt")
                if shapes.targets:
                    clock.found += by_shapes(shapes, engine, Path(scratch) / f"{name}.nt", name, severities)
    store = store or GraphStore()
    with _Clock(outcome, "load"):
        for name in sorted(graphs):
            if not store.select("SELECT * WHERE { ?s ?p ?o } LIMIT 1", graphs=[graph_iri(base_iri, name)]).terms:
                store.load(graph_iri(base_iri, name), graphs[name], is_ours=True)
    for name in [*sorted(graphs), *rules.profile.unions(graphs)]:
        with _Clock(outcome, f"{name}: queries") as clock:
            iris = [graph_iri(base_iri, part) for part in name.split("+")]
            if name == _CUBES:
                iris.append(normalised(store, iris))
            clock.found += rules.by_queries(store, base_iri, iris, name)
            clock.found += rules.vacuous(store, iris, name)
        outcome.rules |= {rule: rules.known[rule] for rule in rules.profile.rows[name]}
    outcome.findings = in_order(outcome.findings)
    return outcome


def check_folder(release: Path, *, engine: str = "shacl", profile: Path | None = None) -> CheckOutcome:
    """Check a published release again, as it was before it was published. Raises as :func:`check_release`."""
    with tempfile.TemporaryDirectory(prefix="esco-kg-check-") as scratch:
        graphs = unpacked(release, Path(scratch))
        base_iri = str(read_manifest(release)["base_iri"])
        outcome = check_release(graphs, base_iri, engine=engine, profile=profile)
        outcome.add("closure", *check_consistency(graphs["clusters"]))
    return outcome


def check_files(
    files: Sequence[Path],
    *,
    shapes: Sequence[Path] | None = None,
    engine: str = "shacl",
    profile: Path | None = None,
) -> CheckOutcome:
    """Check RDF files of anyone, taken together, of any kind that their endings tell.

    By default against the SKOS rules, shapes and queries, that the profile lists for ``any``; with ``shapes`` against
    these shapes alone, each with its own severity. Raises InputError where a file cannot be read, holds no triple, or
    shapes hold no shape; EscoKgError where the engine fails.
    """
    outcome = CheckOutcome(engine)
    name = files[0].name if len(files) == 1 else f"{len(files)} files"
    with tempfile.TemporaryDirectory(prefix="esco-kg-check-") as scratch:
        together, seen = Path(scratch) / "all.nt", Path(scratch) / "seen.nt"
        with _Clock(outcome, "read"):
            joined(files, together)
        rules = _Rules(_NO_BASE, profile)
        severities = None if shapes else rules.profile.for_graph(ANY)
        chosen = Shapes.read(shapes, _NO_BASE) if shapes else rules.shapes.narrowed(severities or ())
        with _Clock(outcome, "shapes") as clock:
            outcome.triples[name] = narrow(together, chosen.predicates, seen)
            clock.found += by_shapes(chosen, engine, seen, name, severities)
        if severities is None:
            outcome.rules |= {rule.name: rule for rule in (chosen.rule(target.shape) for target in chosen.targets)}
            outcome.rules |= chosen.rules
        else:
            outcome.rules |= {rule: rules.known[rule] for rule in severities}
            store = GraphStore()
            with _Clock(outcome, "load"):
                store.load(graph_iri(_NO_BASE, ANY), together)
            with _Clock(outcome, "queries") as clock:
                clock.found += rules.by_queries(store, _NO_BASE, [graph_iri(_NO_BASE, ANY)], ANY, report_as=name)
    outcome.findings = in_order(outcome.findings)
    return outcome


class _Rules:
    """All rules of ours, shapes and queries, with the profile that chooses among them."""

    def __init__(self, base_iri: str, profile: Path | None) -> None:
        self.shapes = own_shapes(base_iri)
        self.checks: dict[str, Check] = checks()
        self.known: dict[str, Rule] = {
            **self.shapes.rules,
            **{name: check.rule for name, check in self.checks.items()},
            VACUOUS.name: VACUOUS,
        }
        self.profile: Profile = read_profile(profile, self.known)

    def by_queries(
        self, store: GraphStore, base_iri: str, iris: Sequence[str], graph: str, *, report_as: str = ""
    ) -> list[Finding]:
        found: list[Finding] = []
        for rule, severity in sorted(self.profile.for_graph(graph).items()):
            if rule in self.checks:
                found += run_query(self.checks[rule], store, base_iri, iris, severity, report_as or graph)
        return found

    def vacuous(self, store: GraphStore, iris: Sequence[str], graph: str) -> list[Finding]:
        """The targets of the graph's shapes that have no focus node, where the profile wants to know."""
        severities = self.profile.for_graph(graph)
        if VACUOUS.name not in severities:
            return []
        targets: dict[str, list[Target]] = defaultdict(list)
        for target in self.shapes.narrowed(severities).targets:
            targets[target.shape].append(target)
        return [
            Finding(
                severity=severities[VACUOUS.name],
                rule=VACUOUS.name,
                focus=f"<{shape}>",
                path=f"<{SH}{target.kind}>",
                value=f"<{target.iri}>",
                message=VACUOUS.message,
                graph=graph,
            )
            for shape, declared in sorted(targets.items())
            if not any(_has_focus(store, iris, target) for target in declared)
            for target in declared
        ]


def _has_focus(store: GraphStore, iris: Sequence[str], target: Target) -> bool:
    query = _FOCUS.get(target.kind)
    bindings = {"named": ox.NamedNode(target.iri)}
    return query is None or bool(store.select(query, graphs=iris, bindings=bindings).terms)


def own_shapes(base_iri: str) -> Shapes:
    """All shapes of ``shapes/``, for a release with this base IRI."""
    return Shapes.read(sorted(folder("shapes").glob("*.ttl")), base_iri)


def all_rules(base_iri: str) -> dict[str, Rule]:
    """Every rule of ours by name: shapes, queries and the one built in."""
    return _Rules(base_iri, None).known


def by_shapes(
    shapes: Shapes, engine: str, data: Path, graph: str, severities: Mapping[str, Severity] | None
) -> list[Finding]:
    """The results of an engine on an N-Triples file as findings; no ``severities``: as the shapes declare them."""
    found = []
    for hit in validate(engine, shapes.ntriples(), data):
        rule = shapes.rule(hit.shape)
        found.append(
            Finding(
                severity=rule.severity if severities is None else severities[rule.name],
                rule=rule.name,
                focus=hit.focus,
                path=shapes.path(hit.shape),
                value=hit.value,
                message=rule.message,
                graph=graph,
                component=hit.component,
            )
        )
    return found


class _Clock(AbstractContextManager["_Clock"]):
    """Times a part of a check and hands its findings to the outcome when the part is done."""

    def __init__(self, outcome: CheckOutcome, part: str) -> None:
        self.found: list[Finding] = []
        self._outcome, self._part = outcome, part
        self._started = time.perf_counter()

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self._outcome.findings += self.found
            self._outcome.seconds[self._part] = time.perf_counter() - self._started
