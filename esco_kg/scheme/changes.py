"""The graph ``changes``: what changed since the previous release, and the bridge between the two releases' clusters."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from esco_kg.config import Config
from esco_kg.model.changes import BridgeRow, Change, Count, Delta
from esco_kg.rdf.namespaces import OWL, RDFS, XKOS, XSD
from esco_kg.rdf.terms import RDF_TYPE, Block, Term, decimal, in_order, plain, text, typed
from esco_kg.scheme import properties as p
from esco_kg.scheme.iris import Iris, nace, term
from esco_kg.scheme.vocabulary import TERMS, Declaration, declared

_CLASS, _LINK, _VALUE = f"{OWL}Class", f"{OWL}ObjectProperty", f"{OWL}DatatypeProperty"
_STRING, _INTEGER, _DECIMAL = f"{XSD}string", f"{XSD}integer", f"{XSD}decimal"
_ASSOCIATION = f"{XKOS}ConceptAssociation"
_TERMS: dict[str, Declaration] = {
    "ChangeSet": ((_CLASS,), "changes", "All changes from one version to the next.", "", ""),
    "Change": ((_CLASS,), "change", "One change of one thing.", "", ""),
    "ChangeCount": ((_CLASS,), "count of changes", "How far one kind of change reaches.", "", ""),
    "change": ((_LINK,), "change", "One of the changes.", ":ChangeSet", ":Change"),
    "count": ((_LINK,), "count", "How far one kind of change reaches.", ":ChangeSet", ":ChangeCount"),
    "from": ((_LINK,), "from", "The release before.", ":ChangeSet", f"{RDFS}Resource"),
    "to": ((_LINK,), "to", "The release after.", ":ChangeSet", f"{RDFS}Resource"),
    "verdict": (
        (_VALUE,), "verdict", "How far the version number must move: major, minor or patch.",
        ":ChangeSet", _STRING,
    ),
    "verdictOfEsco": (
        (_VALUE,), "verdict by a rule like ESCO's",
        "What a rule like that of ESCO for its concepts would call it, major or minor; for comparison.",
        ":ChangeSet", _STRING,
    ),
    "reason": ((_VALUE,), "reason", "What forces the verdict, or where a change comes from.", "", _STRING),
    "about": ((_VALUE,), "about", "What kind of thing changed: cluster, allocation, skill, …", "", _STRING),
    "kind": ((_VALUE,), "kind", "How it changed: added, deprecated, split, moved, renamed, …", "", _STRING),
    "subject": ((_LINK,), "subject", "The thing that changed.", ":Change", f"{RDFS}Resource"),
    "other": (
        (_LINK,), "other",
        "The parts of a split, the sources of a merger, the successors of what is deprecated, the other end of a link.",
        ":Change", f"{RDFS}Resource",
    ),
    "field": ((_VALUE,), "field", "The property that changed, as ESCO's tables name it.", ":Change", _STRING),
    "oldValue": ((_VALUE,), "old value", "The value before.", ":Change", ""),
    "newValue": ((_VALUE,), "new value", "The value after.", ":Change", ""),
    "cause": (
        (_VALUE,), "cause", "Where the change comes from: esco, decision, method or publisher.", ":Change", _STRING,
    ),
    "things": ((_VALUE,), "things", "Number of things that changed in this way.", ":ChangeCount", _INTEGER),
    "affectedSkills": ((_VALUE,), "skills concerned", "Number of skills that a change concerns.", "", _INTEGER),
    "affectedLinks": (
        (_VALUE,), "links concerned",
        "Number of links to occupations that these skills had before; of a new skill, those that it has now.",
        "", _INTEGER,
    ),
    "sharedSkills": ((_VALUE,), "shared skills", "Number of skills in both clusters.", _ASSOCIATION, _INTEGER),
    "linksBefore": ((_VALUE,), "links before", "Links to occupations in the old release.", _ASSOCIATION, _INTEGER),
    "linksAfter": ((_VALUE,), "links after", "Links to occupations in the new release.", _ASSOCIATION, _INTEGER),
    "forwardBySkills": (
        (_VALUE,), "weight forward, by skills", "Share of a count by the old cluster that belongs to the new one.",
        _ASSOCIATION, _DECIMAL,
    ),
    "forwardByLinks": (
        (_VALUE,), "weight forward, by links", "The same, skills weighed by their links to occupations.",
        _ASSOCIATION, _DECIMAL,
    ),
    "backBySkills": (
        (_VALUE,), "weight back, by skills", "Share of a count by the new cluster that belongs to the old one.",
        _ASSOCIATION, _DECIMAL,
    ),
    "backByLinks": (
        (_VALUE,), "weight back, by links", "The same, skills weighed by their links to occupations.",
        _ASSOCIATION, _DECIMAL,
    ),
}  # fmt: skip


def change_blocks(delta: Delta, config: Config, *, version: str = "", issued: str = "") -> Iterator[Block]:
    """The whole graph, one block per subject, in subject order.

    ``version`` and ``issued`` are the release's, '' for two versions of anything else, which have no bridge. Changes of
    weights and dates are counted, not listed; so are ESCO's own in a release, which publishes them value by value in a
    table. Raises InputError where the subject of a change is no IRI.
    """
    iris = Iris.of(config, version)
    told = (change for change in delta.changes if change.is_event and (change.is_ours or not version))
    listed = {_name(iris, change): change for change in told}
    counted = {iris.change("count", count.about, count.kind): count for count in delta.counts}
    blocks = [_set(iris, delta, sorted(listed), sorted(counted))]
    blocks += [_change(iris, name, change, delta.has_skills) for name, change in listed.items()]
    blocks += [_count(name, iris, count, delta.has_skills) for name, count in counted.items()]
    if version:
        blocks += _bridge(iris, delta, issued)
    blocks += declared(iris, _TERMS | {name: TERMS[name] for name in ("sourceScheme", "targetScheme")})
    return in_order(sorted(blocks, key=lambda block: block.subject))


def _name(iris: Iris, change: Change) -> Term:
    return iris.change(hashlib.sha256("\0".join(map(str, change.key())).encode()).hexdigest()[:16])


def _set(iris: Iris, delta: Delta, changes: list[Term], counts: list[Term]) -> Block:
    block = (
        Block(iris.change())
        .add(RDF_TYPE, iris.of_model("ChangeSet"))
        .add(p.LABEL, text(f"Changes from {delta.old} to {delta.new}", "en"))
        .add(iris.of_model("verdict"), plain(delta.verdict.part))
        .add(iris.of_model("reason"), *(plain(reason) for reason in delta.verdict.reasons))
        .add(iris.of_model("change"), *changes)
        .add(iris.of_model("count"), *counts)
    )
    if delta.verdict.esco:
        block.add(iris.of_model("verdictOfEsco"), plain(delta.verdict.esco))
    if iris.version:
        block.add(iris.of_model("from"), iris.release(delta.old)).add(iris.of_model("to"), iris.release(delta.new))
    return block


def _change(iris: Iris, name: Term, change: Change, has_skills: bool) -> Block:
    block = (
        Block(name)
        .add(RDF_TYPE, iris.of_model("Change"))
        .add(iris.of_model("about"), plain(change.about))
        .add(iris.of_model("kind"), plain(change.kind))
        .add(iris.of_model("subject"), _resource(iris, change.subject))
        .add(iris.of_model("other"), *(_other(iris, change, other) for other in change.others))
    )
    _affected(block, iris, change if has_skills else None)
    if change.label:
        block.add(p.LABEL, plain(change.label))
    for name_of, value in (("field", change.field), ("cause", change.cause), ("reason", change.reason)):
        if value:
            block.add(iris.of_model(name_of), plain(value))
    for name_of, value in (("oldValue", change.old), ("newValue", change.new)):
        if value:
            block.add(iris.of_model(name_of), text(value, change.language) if change.language else plain(value))
    return block


def _other(iris: Iris, change: Change, name: str) -> Term:
    """The other end: of a link to a sector a NACE code, which may be the id of a publisher's cluster, too."""
    return nace(name) if change.about == "sector link" else _resource(iris, name)


def _resource(iris: Iris, name: str) -> Term:
    """A cluster id or an IRI as a term."""
    return term(name, "a change") if ":" in name else iris.cluster(name)


def _count(name: Term, iris: Iris, count: Count, has_skills: bool) -> Block:
    block = (
        Block(name)
        .add(RDF_TYPE, iris.of_model("ChangeCount"))
        .add(iris.of_model("about"), plain(count.about))
        .add(iris.of_model("kind"), plain(count.kind))
        .add(iris.of_model("things"), typed(count.concepts, "integer"))
    )
    return _affected(block, iris, count if has_skills else None)


def _affected(block: Block, iris: Iris, of: Change | Count | None) -> Block:
    """Add how many skills and links are concerned; nothing of a scheme that has none."""
    if of is not None:
        block.add(iris.of_model("affectedSkills"), typed(of.skills, "integer"))
        block.add(iris.of_model("affectedLinks"), typed(of.links, "integer"))
    return block


def _bridge(iris: Iris, delta: Delta, issued: str) -> Iterator[Block]:
    """The correspondence between the clusters as released then and now, an association per row of the bridge."""
    before = Iris(iris.base, delta.old, iris.cluster_path)
    names = {row: iris.bridge(row.source or "none", row.target or "none") for row in delta.bridge}
    yield (
        Block(iris.bridge())
        .add(RDF_TYPE, p.CORRESPONDENCE)
        .add(p.PREF, text(f"skill clusters {delta.old} to skill clusters {delta.new}, with weights", "en"))
        .add(p.ISSUED, typed(issued, "date"))
        .add(p.CREATOR, iris.agent())
        .add(p.COMPARES, before.released_scheme(), iris.released_scheme())
        .add(iris.of_model("sourceScheme"), before.released_scheme())
        .add(iris.of_model("targetScheme"), iris.released_scheme())
        .add(p.MADE_OF, *names.values())
    )
    for row, name in names.items():
        yield _association(iris, before, name, row)


def _association(iris: Iris, before: Iris, name: Term, row: BridgeRow) -> Block:
    block = Block(name).add(RDF_TYPE, p.ASSOCIATION)
    if row.source:
        block.add(p.SOURCE_CONCEPT, before.released_cluster(row.source))
    if row.target:
        block.add(p.TARGET_CONCEPT, iris.released_cluster(row.target))
    counts = {"sharedSkills": row.skills, "linksBefore": row.links_before, "linksAfter": row.links_after}
    weights = {
        "forwardBySkills": row.forward_skills,
        "forwardByLinks": row.forward_links,
        "backBySkills": row.back_skills,
        "backByLinks": row.back_links,
    }
    for name_of, number in counts.items():
        block.add(iris.of_model(name_of), typed(number, "integer"))
    for name_of, weight in weights.items():
        block.add(iris.of_model(name_of), decimal(weight, 6))
    return block
