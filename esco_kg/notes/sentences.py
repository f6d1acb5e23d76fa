"""Which sentences the notes say: each only where it is true and there is something to say."""

from __future__ import annotations

from collections.abc import Iterator

from esco_kg.clusters.profiles import STANDS_OUT_QUOTIENT, STANDS_OUT_SHARE
from esco_kg.model.clustering import RULED
from esco_kg.notes.annex import Annex
from esco_kg.notes.changes import Changes
from esco_kg.notes.records import integer, number, records
from esco_kg.notes.texts import Address, Sentence, Text
from esco_kg.notes.view import Body
from esco_kg.words import Share


def news(body: Body, changes: Changes | None) -> Iterator[Sentence]:
    """What is new, on the first screen."""
    if changes is None:
        yield Sentence("new_first", {})
        return
    yield Sentence(f"new_{changes.delta.verdict.part}", {"previous": changes.delta.old})
    if moved := body.moved():
        yield moved
    if changes.added or changes.retired:
        yield Sentence("new_clusters", {"added": len(changes.added), "retired": len(changes.retired)})
    old, new = body.notes.previous_source, body.notes.release.esco_version
    if old and old != new:
        source = body.teller.source
        yield Sentence("new_source", {"source": source, "new": new, "old": old, "previous": changes.delta.old})
    if counted := body.skills_changed(changes):
        yield counted


def where(body: Body, history: str, *, has_changes: bool) -> Iterator[Sentence]:
    """Where to click, on the first screen."""
    yield Sentence("where_top", {})
    if has_changes:
        yield Sentence("where_changes", {})
    yield Sentence(
        "where_tables", {"clusters": body.file("-clusters.csv"), "allocations": body.file("-allocations.csv")}
    )
    yield Sentence("where_history", {"history": Address(f"../{history}")})
    yield Sentence("where_home", {"home": Address(body.notes.config.homepage)})


def top(body: Body) -> Iterator[Sentence]:
    """What to know about the clusters of the top level."""
    yield Sentence("top_lead", {"n": len(body.top)})
    has_branches = bool(body.top) and bool(body.notes.clustering.clusters[body.top[0]].branch)
    yield Sentence("top_branches" if has_branches else "top_largest", {})
    if body.notes.sectors.known:
        yield Sentence("top_sectors", {"share": Share(STANDS_OUT_SHARE), "times": STANDS_OUT_QUOTIENT})
        if any(body.notes.clustering.clusters[cluster].branch in RULED for cluster in body.top):
            yield Sentence("top_everywhere", {})
    if not body.coverage["several"]:
        yield Sentence("top_primary", {})
    further = body.further
    secondary = "official" if body.origin == "official" else "given"
    for kind, key in (("used-in", "used"), ("found-under", "found"), ("secondary", secondary)):
        if further.get(kind):
            yield Sentence(f"further_{key}", {"n": further[kind]})


def how(body: Body) -> Iterator[object]:
    """How the clusters were made, and where the sectors come from."""
    notes = body.notes
    origin = notes.clustering.origin
    if origin is None:
        yield Sentence("made_program_sectors" if notes.sectors.known else "made_program", {})
        if decided := _decided(body):
            yield Sentence("made_decisions", {"n": decided})
        yield Sentence("made_same", {})
    else:
        if body.origin == "official":
            yield Sentence("made_official", {"source": body.teller.source})
        else:
            yield Sentence("made_by", {"by": body.teller.text({"en": origin.by})})
        yield body.how() or Sentence("made_unsaid", {})
        if origin.completed:
            yield Sentence("made_completed", {"n": origin.completed})
        if body.origin == "official":
            yield Sentence("made_filled_official", {"source": body.teller.source})
        else:
            yield Sentence("made_filled", {})
    if notes.sectors.origin == "naceCode":
        yield Sentence("sectors_codes", {})
    elif notes.sectors.origin == "crosswalk":
        version = notes.sectors.esco_version
        yield Sentence("sectors_crosswalk_of", {"version": version}) if version else Sentence("sectors_crosswalk", {})


def words(body: Body, changes: Changes | None) -> Iterator[Sentence]:
    """The words that not every reader knows, where the body uses them."""
    used = {
        "primary": True,
        "link": True,
        "margin": body.origin == "ours",
        "series": changes is not None,
        "similarity": changes is not None,
        "gini": True,
        "sector": body.notes.sectors.known,
        "esco": body.notes.config.source == "ESCO",
    }
    yield from (Sentence(f"word_{word}", {}) for word, is_used in used.items() if is_used)


def _decided(body: Body) -> int:
    """Skills whose primary cluster a decision gave or confirmed."""
    rows = records(body.notes.tables["allocation-methods"])
    return sum(integer(row["decided"]) for row in rows if row["rank"] == "primary")


def agreement(body: Body) -> Iterator[Sentence]:
    """Beside the groups of the skills pillar: the cluster closest to one, and the one that draws on most."""
    rows = body.agreement()
    for row, key in ((rows[0], "closest"), (rows[-1], "widest")):
        cluster = body.teller.name(str(row["cluster"]))
        yield Sentence(key, {"cluster": cluster, "share": Share(number(row["largest_share"]))})


def figures(body: Body, annex: Annex) -> Iterator[Sentence]:
    """What the annex of figures says beside its tables."""
    yield Sentence("types", annex.types())
    yield Sentence("parents", annex.parents())
    if body.origin != "official":  # there each cluster is a group
        yield from agreement(body)


def statements(body: Body) -> Iterator[object]:
    """What was missing, and what names and decisions did; a sentence of a publisher stands in its own words."""
    for statement in body.notes.clustering.statements:
        yield statement if hasattr(statement, "key") else Text(statement, "en")
