"""Check any RDF files: against the rules of SKOS, over what they state and what follows, or against shapes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from esco_kg.errors import InputError
from esco_kg.model.findings import Finding, Severity
from esco_kg.rdf.graphs import GraphStore
from esco_kg.rdf.namespaces import PREFIXES
from esco_kg.rdf.reading import Reader
from esco_kg.resources import files
from esco_kg.validation import builtin, entailed, skos_terms
from esco_kg.validation.entailed import Vocabulary
from esco_kg.validation.files import joined, narrow
from esco_kg.validation.kinds import check_kinds
from esco_kg.validation.outcome import CheckOutcome, Timer, in_order, order
from esco_kg.validation.own_shapes import as_told, run_shapes
from esco_kg.validation.queries import Check, checks
from esco_kg.validation.queries import run as run_query
from esco_kg.validation.rules import ANY, read_profile
from esco_kg.validation.run import all_rules, by_shapes, check_graphs, graphs_of_one_release, own_shapes
from esco_kg.validation.shapes import Shapes

# Only to resolve the relative IRIs of shapes and queries: a vocabulary of somebody else has no base IRI of ours.
NO_BASE = "urn:esco-kg:/"
STATED, ENTAILED = f"{NO_BASE}stated", f"{NO_BASE}entailed"
_BY_LANGUAGE = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?tag (COUNT(DISTINCT ?concept) AS ?named) WHERE {
  ?concept a skos:Concept ; skos:prefLabel ?label BIND(LCASE(LANG(?label)) AS ?tag)
} GROUP BY ?tag ORDER BY DESC(?named) ?tag"""
_COUNTED = ("Concept", "ConceptScheme", "Collection")


def check_files(
    files: Sequence[Path],
    *,
    shapes: Sequence[Path] | None = None,
    engine: str = "shacl",
    profile: Path | None = None,
    reader: Reader | None = None,
    background: Sequence[Path] = (),
) -> CheckOutcome:
    """Check any RDF files, taken together, of any kind that their endings tell.

    By default against the rules of SKOS that the profile lists for ``any`` (the name of one of ours, such as ``eu``, or
    a file); graphs of one release, named where they lie, against the rules of a release; with ``shapes`` against these
    shapes alone, each with its own severity. ``background`` are files that shapes may look at and that are not judged
    (a list of themes beside a catalogue). Raises InputError where a file cannot be read, holds no triple, or shapes
    hold no shape; EscoKgError where the engine fails.
    """
    if not shapes and profile is None and len(files) > 1 and (graphs := graphs_of_one_release(files)):
        return check_graphs(graphs, engine)
    outcome = CheckOutcome(engine)
    name = files[0].name if len(files) == 1 else f"{len(files)} files"
    with tempfile.TemporaryDirectory(prefix="esco-kg-check-") as scratch:
        together = Path(scratch) / "all.nt"
        with Timer(outcome, "read"):
            joined(files, together, reader)
        if shapes:
            beside = Path(scratch) / "background.nt" if background else None
            if beside is not None:
                joined(background, beside, reader)
            _by_own_shapes(outcome, Shapes.read(shapes, NO_BASE), together, Path(scratch), name, beside)
            outcome.findings.sort(key=order)
        else:
            _by_rules(outcome, together, Path(scratch), name, profile)
            outcome.findings = in_order(outcome.findings)
    return outcome


def _by_own_shapes(
    outcome: CheckOutcome, chosen: Shapes, together: Path, scratch: Path, name: str, background: Path | None
) -> None:
    """Every result of the engine, with the message and the severity of the constraint that it breaks."""
    chosen.check_paths()
    outcome.by_own_shapes = True
    seen = scratch / "seen.nt"
    with Timer(outcome, "shapes") as timer:
        outcome.triples[name] = narrow(together, {seen: chosen.predicates})
        judged: set[str] | None = None
        if background is not None:
            judged = _judged(together, background)
            with seen.open("ab") as out:
                out.write(background.read_bytes())
        hits = run_shapes(chosen, outcome.engine, seen)
        timer.found += [as_told(chosen, hit, name) for hit in hits if judged is None or hit.focus in judged]
    outcome.rules |= {rule.name: rule for rule in (chosen.rule(target.shape) for target in chosen.targets)}
    outcome.rules |= chosen.rules


def _judged(data: Path, background: Path) -> set[str]:
    """The terms that are judged: what the data say something of, and what they name that the background does not say
    anything of."""
    subjects: set[str] = set()
    named: set[str] = set()
    known: set[str] = set()
    for path, found in ((data, subjects), (background, known)):
        with path.open(encoding="utf-8", newline="\n") as stream:
            for line in stream:
                subject, _, term = line.split(" ", 2)
                found.add(subject)
                if path == data:
                    named.add(term[:-3])
    return subjects | (named - known)


def _by_rules(outcome: CheckOutcome, together: Path, scratch: Path, name: str, profile: Path | None) -> None:
    """By shapes, by queries, and by rules that are neither, all over what is stated and what follows from it."""
    known = all_rules(NO_BASE)
    severities = read_profile(profile, known).for_graph(ANY)
    others = {rule: known[rule] for rule in severities if rule in builtin.RULES or rule in builtin.INSTEAD_OF_SHAPES}
    chosen = own_shapes(NO_BASE).narrowed(severities.keys() - others.keys())
    queries = {rule: check for rule, check in vocabulary_checks().items() if rule in severities}
    for unused in sorted(severities.keys() - others.keys() - queries.keys() - chosen.rules.keys()):
        hint = "Put its query into queries/vocabulary/, the folder of queries over any file, or remove the line."
        raise InputError(
            (profile or Path("profile.tsv")).name, f"{unused} is listed for {ANY}, and never run there", hint
        )
    with Timer(outcome, "entailment"):
        vocabulary = entailed.read(together)
    outcome.triples[name] = vocabulary.triples
    with Timer(outcome, "shapes") as timer:
        seen = scratch / "seen.nt"
        narrow(together, {seen: chosen.predicates})
        with seen.open("a", encoding="utf-8", newline="\n") as out:
            out.writelines(f"{line} .\n" for line in (*vocabulary.typed, *vocabulary.entailed))
        timer.found += by_shapes(chosen, outcome.engine, seen, name, severities)
    with Timer(outcome, "load"):
        store = loaded(together, vocabulary, scratch)
    with Timer(outcome, "queries") as timer:
        for rule_name, check in sorted(queries.items()):
            over = [STATED] if check.over_stated else [STATED, ENTAILED]
            timer.found += run_query(check, store, NO_BASE, over, severities[rule_name], name)
    with Timer(outcome, "other rules") as timer:
        for name_of_rule, other in sorted(others.items()):
            if name_of_rule == builtin.KINDS:
                timer.found += _of_two_kinds(together, vocabulary, severities[name_of_rule], outcome, scratch)
                continue
            rule = builtin.RULES.get(name_of_rule, other)
            timer.found += builtin.findings(rule, vocabulary, severities[name_of_rule], name)
    outcome.findings = [_apart(finding, vocabulary) for finding in outcome.findings]
    outcome.rules |= {**chosen.rules, **{rule: check.rule for rule, check in queries.items()}}
    outcome.rules |= {**others, **{rule: builtin.RULES[rule] for rule in others if rule in builtin.RULES}}
    outcome.idle = sorted(_idle(chosen, queries, severities, vocabulary))
    outcome.notes = list(_notes(store, vocabulary))


def _of_two_kinds(
    together: Path, vocabulary: Vocabulary, severity: Severity, outcome: CheckOutcome, scratch: Path
) -> list[Finding]:
    """What contradicts the axioms of other vocabularies, but for what the rules of SKOS report already."""
    if vocabulary.present.isdisjoint(builtin.LOOKS_AT[builtin.KINDS]):
        return []
    path = scratch / "kinds.nt"
    with path.open("w", encoding="utf-8", newline="\n") as out, together.open(encoding="utf-8", newline="\n") as stated:
        out.writelines(stated)
        out.writelines(f"{line} .\n" for line in (*vocabulary.typed, *vocabulary.entailed))
    name = next(iter(outcome.triples))
    told = {(f.rule.rpartition(":")[2], f.focus) for f in outcome.findings}
    return [
        replace(f, severity=severity, rule=builtin.KINDS)
        for f in check_kinds({name: path})
        if (f.rule.rpartition(":")[2], f.focus) not in told
    ]


def vocabulary_checks() -> dict[str, Check]:
    """Rule name -> query over any vocabulary: ``queries/vocabulary``."""
    return checks(files("queries/vocabulary", ".rq"))


def loaded(together: Path, vocabulary: Vocabulary, scratch: Path) -> GraphStore:
    """What is stated and what follows from it, each as a graph of its own."""
    store = GraphStore()
    store.load(STATED, together, is_ours=True)
    for graph, lines in ((STATED, vocabulary.typed), (ENTAILED, vocabulary.entailed)):
        path = scratch / "entailed.nt"
        path.write_text("".join(f"{line} .\n" for line in lines), encoding="utf-8", newline="\n")
        store.load(graph, path, is_ours=True)
    return store


def _apart(finding: Finding, vocabulary: Vocabulary) -> Finding:
    """Findings about withdrawn concepts are listed apart, and no graver than an info where SKOS is not contradicted."""
    if finding.focus not in vocabulary.withdrawn:
        return finding
    severity: Severity = "info" if finding.severity == "warning" else finding.severity
    return replace(finding, severity=severity, withdrawn=True)


def _idle(
    chosen: Shapes, queries: Mapping[str, Check], severities: Mapping[str, Severity], vocabulary: Vocabulary
) -> Iterable[str]:
    """The rules that found nothing to look at: they prove nothing of these files."""
    present = vocabulary.present | {line.split(" ", 2)[1] for line in vocabulary.entailed}
    present |= {name for classes in vocabulary.classes.values() for name in classes}
    targets: dict[str, list[str]] = {}
    for target in chosen.targets:
        targets.setdefault(chosen.rule(target.shape).name, []).append(f"<{target.iri}>")
    looks_at = {**targets, **{rule: check.looks_at for rule, check in queries.items()}, **builtin.LOOKS_AT}
    for rule in severities:
        if (terms := looks_at.get(rule)) and present.isdisjoint(terms):
            yield rule


def _notes(store: GraphStore, vocabulary: Vocabulary) -> Iterable[str]:
    """What a reader of the report should know of the files, and what is no finding."""
    skos = PREFIXES["skos"]
    counts = {name: len(vocabulary.instances(f"<{skos}{name}>")) for name in _COUNTED}
    number, schemes, collections = counts.values()
    yield f"Described: {number:,} concepts, {schemes:,} schemes, {collections:,} collections."
    concepts = vocabulary.instances(skos_terms.CONCEPT)
    in_scheme = {concept for concept, _ in vocabulary.links[skos_terms.IN_SCHEME]}
    if outside := len(concepts - in_scheme):
        yield f"In no scheme: {outside:,} of {len(concepts):,} concepts; rules about schemes do not see them."
    rows = store.select(_BY_LANGUAGE, graphs=[STATED, ENTAILED]).values()
    if rows:
        named = ", ".join(f"{tag or 'no language'} {number:,}" for tag, number in rows)
        yield f"Concepts with a preferred label, by language: {named} of {len(concepts):,}."
    if withdrawn := len(vocabulary.withdrawn & concepts):
        yield f"Withdrawn: {withdrawn:,} of {len(concepts):,} concepts; findings about them stand apart."
