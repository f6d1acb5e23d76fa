"""Check a release: each graph against its own rules, and graphs together."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from esco_kg.folder.graphs import unpacked
from esco_kg.folder.reading import MANIFEST, read_manifest
from esco_kg.model.findings import Finding, Severity
from esco_kg.rdf.graphs import GraphStore, seen_by
from esco_kg.rdf.language_parts import LARGE
from esco_kg.rdf.namespaces import RDFS, SH
from esco_kg.resources import files
from esco_kg.validation import builtin
from esco_kg.validation.cubes import normalised
from esco_kg.validation.engines import validate
from esco_kg.validation.entailment import check_consistency
from esco_kg.validation.files import joined, narrow
from esco_kg.validation.kinds import check_kinds
from esco_kg.validation.outcome import CheckOutcome, Timer, in_order
from esco_kg.validation.parts import in_parts, is_local
from esco_kg.validation.queries import Check, checks
from esco_kg.validation.queries import run as run_query
from esco_kg.validation.rules import VACUOUS, Profile, Rule, read_profile
from esco_kg.validation.shapes import Shapes, Target

_FOREIGN = "graph:foreign-subject"  # the rule that looks at subjects, whatever is said of them
# Rules about single triples that odd lines alone can break: they need not look at all others.
_OF_ODD_LINES = {"graph:blank-node", _FOREIGN}
_OF_ESCO = "pillar"  # whose contradictions are ESCO's: the rules of the profile tell them
_CUBES = "statistics"  # the graph whose data cubes are spelt out before the queries
# How to find a focus node of a target (SHACL, section 2.1.3); a named node is its own.
_FOCUS = {
    "targetClass": "SELECT ?named ?focus WHERE { ?focus a ?named } LIMIT 1",
    "targetSubjectsOf": "SELECT ?named ?focus WHERE { ?focus ?named ?value } LIMIT 1",
    "targetObjectsOf": "SELECT ?named ?focus WHERE { ?value ?named ?focus } LIMIT 1",
}
_CLASSES = f"SELECT ?named ?class WHERE {{ ?class <{RDFS}subClassOf>* ?named }}"


def graph_iri(base_iri: str, name: str) -> str:
    """The IRI under which a graph of a release stands in the store while it is checked and measured."""
    return f"{base_iri}graph/{name}"


def _odd_iri(base_iri: str, name: str) -> str:
    return f"{graph_iri(base_iri, name)}/odd"


def _odd(seen: Path) -> Path:
    return seen.with_name(f"{seen.stem}-odd.nt")


def _first(seen: Path) -> Path:
    return seen.with_name(f"{seen.stem}-first.nt")


def check_release(
    graphs: Mapping[str, Path],
    base_iri: str,
    *,
    engine: str = "shacl",
    store: GraphStore | None = None,
    queries: Sequence[str] = (),
    profile: Path | None = None,
    absent: Collection[str] = (),
) -> CheckOutcome:
    """Check the graphs of a release (name -> plain N-Triples file, as written by the release itself).

    ``store`` may hold graphs already, each under its :func:`graph_iri`; those it lacks are loaded into it, after the
    shapes were checked: of each graph what the rules and ``queries`` can see, so that an empty store handed in answers
    these afterwards as it would with the whole graphs. Of large graphs it needs the files themselves for that, too.

    Rules over two graphs (``clusters+pillar`` in the profile) hold where both are given; data cubes are normalised
    before the rules over them. A shape without a focus node is a finding, unless ``absent`` has the class or property
    that it looks for, by its local name (``ClusterRelation``): then it is checked that the release has none of it.

    Raises InputError where a graph is empty, unreadable or unknown to the profile, EscoKgError where an engine fails.
    """
    rules = Rules(base_iri, profile)
    outcome = CheckOutcome(engine)
    store = store or GraphStore()
    parts = [*sorted(graphs), *rules.profile.unions(graphs)]
    if sum(path.stat().st_size for path in graphs.values()) >= LARGE:
        store.leave_aside({graph_iri(base_iri, name): path for name, path in graphs.items()})
    with tempfile.TemporaryDirectory(prefix="esco-kg-check-") as scratch:
        seen = {name: Path(scratch) / f"{name}.nt" for name in sorted(graphs)}
        for name in seen:
            asked = [text for part in parts if name in part.split("+") for text in rules.queries(part)]
            asked = [text for text in (*asked, *queries) if not store.has_aside(text)]
            with Timer(outcome, f"{name}: shapes") as timer:
                outcome.triples[name], timer.found = rules.by_shapes(engine, name, graphs[name], seen[name], asked)
        with Timer(outcome, "kinds") as timer:
            timer.found = check_kinds({name: graphs[name] for name in seen if name != _OF_ESCO})
        with Timer(outcome, "load"):
            _load(store, base_iri, seen)
    for name in parts:
        with Timer(outcome, f"{name}: queries") as timer:
            timer.found += rules.of_release(store, name, absent)
        outcome.rules |= {rule: rules.known[rule] for rule in rules.profile.rows[name]}
    outcome.findings = in_order(outcome.findings)
    return outcome


def _load(store: GraphStore, base_iri: str, seen: Mapping[str, Path]) -> None:
    """Load the graphs that the store lacks, and beside each its odd lines."""
    for name, path in seen.items():
        if not store.select("SELECT * WHERE { ?s ?p ?o } LIMIT 1", graphs=[graph_iri(base_iri, name)]).terms:
            store.load(graph_iri(base_iri, name), path, is_ours=True)
            store.load(graph_iri(base_iri, name), _first(path), is_ours=True)
        store.load(_odd_iri(base_iri, name), _odd(path), is_ours=True)


def check_folder(release: Path, *, engine: str = "shacl", profile: Path | None = None) -> CheckOutcome:
    """Check a published release again, as it was before it was published. Raises as :func:`check_release`."""
    with tempfile.TemporaryDirectory(prefix="esco-kg-check-") as scratch:
        graphs = unpacked(release, Path(scratch))
        base_iri = str(read_manifest(release)["base_iri"])
        absent = read_manifest(release).get("absent", ())
        outcome = check_release(graphs, base_iri, engine=engine, profile=profile, absent=absent)
        outcome.add("closure", *check_consistency(graphs["clusters"]))
    return outcome


def graphs_of_one_release(files: Sequence[Path]) -> dict[str, Path]:
    """Graph name -> file, where all files are graphs of the release in whose folder they lie; otherwise nothing."""
    folders = {path.absolute().parent for path in files}
    if len(folders) != 1 or not (next(iter(folders)) / MANIFEST).is_file():
        return {}
    manifest = read_manifest(folders.pop())
    stem = f"esco-kg-{manifest['version']}-"
    found = {path.name.removeprefix(stem).partition(".")[0]: path for path in files if path.name.startswith(stem)}
    return found if len(found) == len(files) and found.keys() <= manifest["graphs"].keys() else {}


def check_graphs(graphs: Mapping[str, Path], engine: str) -> CheckOutcome:
    """Some graphs of one release, in any serialisation, by the rules of a release."""
    base_iri = str(read_manifest(next(iter(graphs.values())).parent)["base_iri"])
    with tempfile.TemporaryDirectory(prefix="esco-kg-check-") as scratch:
        plain = {name: Path(scratch) / f"{name}.nt" for name in graphs}
        for name, path in graphs.items():
            joined([path], plain[name])
        outcome = check_release(plain, base_iri, engine=engine)
        if "clusters" in plain:
            outcome.add("closure", *check_consistency(plain["clusters"]))
    return outcome


class Rules:
    """All rules of ours, shapes and queries, with the profile that chooses among them."""

    def __init__(self, base_iri: str, profile: Path | None) -> None:
        self.base_iri = base_iri
        self.shapes = own_shapes(base_iri)
        self.checks: dict[str, Check] = checks()
        self.known: dict[str, Rule] = {
            **self.shapes.rules,
            **{name: check.rule for name, check in checks(files("queries/vocabulary", ".rq")).items()},
            **builtin.RULES,
            **{name: check.rule for name, check in self.checks.items()},
            VACUOUS.name: VACUOUS,
        }
        self.profile: Profile = read_profile(profile, self.known)

    def queries(self, graph: str) -> list[str]:
        """The texts of the queries that are rules for a graph, or for a union of graphs."""
        return [self.checks[rule].text for rule in sorted(self.profile.for_graph(graph)) if rule in self.checks]

    def by_shapes(
        self, engine: str, graph: str, source: Path, seen: Path, queries: Sequence[str]
    ) -> tuple[int, list[Finding]]:
        """Number of triples and findings of a graph's shapes; leaves in ``seen`` what queries and targets can see.

        Beside it stand the lines that :func:`narrow` finds odd.
        """
        severities = self.profile.for_graph(graph)
        shapes = self.shapes.narrowed(severities)
        named = [seen_by(query, self.base_iri, graph) for query in queries]
        named.append(frozenset({f"<{RDFS}subClassOf>"}))
        by_queries = None if None in named else frozenset().union(*filter(None, named))
        with tempfile.TemporaryDirectory(prefix="esco-kg-shapes-") as scratch:
            data = Path(scratch) / f"{graph}.nt"
            own = self.base_iri if _FOREIGN in severities else None
            targets = {seen: by_queries, _odd(seen): frozenset[str](), data: shapes.predicates}
            # Whether a target has a focus node, one triple tells.
            aimed_at = frozenset(f"<{target.iri}>" for target in shapes.targets)
            triples = narrow(source, targets, own, first=(_first(seen), aimed_at))
            if not shapes.targets:
                return triples, []
            parts = in_parts(data) if is_local(shapes) else [data]
            return triples, [found for part in parts for found in by_shapes(shapes, engine, part, graph, severities)]

    def by_queries(
        self,
        store: GraphStore,
        iris: Sequence[str],
        graph: str,
        *,
        odd: Sequence[str] | None = None,
        report_as: str = "",
    ) -> list[Finding]:
        """The findings of a graph's queries; ``odd`` are the graphs of odd lines, where these are known."""
        found: list[Finding] = []
        for rule, severity in sorted(self.profile.for_graph(graph).items()):
            if rule in self.checks:
                over = iris if odd is None or rule not in _OF_ODD_LINES else odd
                found += run_query(self.checks[rule], store, self.base_iri, over, severity, report_as or graph)
        return found

    def of_release(self, store: GraphStore, name: str, absent: Collection[str] = ()) -> list[Finding]:
        """The findings of all queries in a graph of a release, or in a union of graphs."""
        iris = [graph_iri(self.base_iri, part) for part in name.split("+")]
        odd = [_odd_iri(self.base_iri, part) for part in name.split("+")]
        if name == _CUBES:
            iris.append(normalised(store, iris))
        return self.by_queries(store, iris, name, odd=odd) + self.vacuous(store, iris, name, absent)

    def vacuous(
        self, store: GraphStore, iris: Sequence[str], graph: str, absent: Collection[str] = ()
    ) -> list[Finding]:
        """The targets of the graph's shapes that have no focus node, where the profile wants to know; of those that are
        said to be ``absent`` the ones that have one."""
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
            if any(_has_focus(store, iris, target) for target in declared)
            == all(target.iri.rpartition("#")[2] in absent for target in declared)
            for target in declared
        ]


def _has_focus(store: GraphStore, iris: Sequence[str], target: Target) -> bool:
    query = _FOCUS.get(target.kind)
    if query is None:
        return True
    named: list[Any] = [ox.NamedNode(target.iri)]
    if target.kind == "targetClass":
        named = [row[1] for row in store.select(_CLASSES, graphs=iris, bindings={"named": named[0]}).terms]
    return any(store.select(query, graphs=iris, bindings={"named": term}).terms for term in named)


def own_shapes(base_iri: str) -> Shapes:
    """All shapes of ``shapes/``, for a release with this base IRI."""
    return Shapes.read(files("shapes", ".ttl"), base_iri)


def all_rules(base_iri: str) -> dict[str, Rule]:
    """Every rule of ours by name: shapes, queries and the one built in."""
    return Rules(base_iri, None).known


def by_shapes(
    shapes: Shapes, engine: str, data: Path, graph: str, severities: Mapping[str, Severity] | None
) -> list[Finding]:
    """The results of an engine on an N-Triples file as findings; no ``severities``: as the shapes declare them."""
    found = []
    paths: dict[str, str] = {}
    # Results of one place in many languages share their texts: there may be hundreds of thousands.
    known: dict[str, str] = {}
    hits = {(h.shape, h.focus, h.value, h.component): h for h in validate(engine, shapes.ntriples(), data)}
    for hit in hits.values():
        rule = shapes.rule(hit.shape)
        if hit.shape not in paths:
            paths[hit.shape] = shapes.path(hit.shape)
        found.append(
            Finding(
                severity=rule.severity if severities is None else severities[rule.name],
                rule=rule.name,
                focus=known.setdefault(hit.focus, hit.focus),
                path=paths[hit.shape] or hit.path,
                value=hit.value,
                message=rule.message,
                graph=graph,
                component=known.setdefault(hit.component, hit.component),
            )
        )
    return found
