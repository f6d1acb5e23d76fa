"""Rules of publication that a new release must keep towards the one before it.

An IRI once published may not vanish, change its scheme or its level, or be used again; a retired cluster keeps its page
and points to its successors; a date moves only with the content.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from esco_kg.diff.bridge import successors
from esco_kg.diff.sources import Lines
from esco_kg.diff.tables import Clusters
from esco_kg.rdf.namespaces import SKOS
from esco_kg.rdf.terms import RDF_TYPE

_CONCEPT = f"{RDF_TYPE} <{SKOS}Concept>"
_IN_SCHEME = f"<{SKOS}inScheme> "


def registry_guards(old: Clusters, new: Clusters, issued: str) -> Iterator[str]:
    """What the tables show: ids lost, used again or moved to another level, dates that moved without the content.

    ``issued`` is the new release's date.
    """
    for identifier, was in sorted(old.registry.items()):
        now = new.registry.get(identifier)
        if now is None:
            yield f"the id {identifier} is no longer in the registry"
        elif (was.depth, was.minted_in) != (now.depth, now.minted_in):
            yield f"the id {identifier} was used again, or moved to another level"
        elif was.retired_in and (not now.retired_in or identifier in new.clusters):
            yield f"the retired id {identifier} was used again"
    for identifier in sorted(old.clusters.keys() - new.clusters.keys()):
        entry = new.registry.get(identifier)
        if entry and not entry.retired_in:
            yield f"cluster {identifier} is gone without being retired"
        elif entry and entry.replaced_by and not successors(new, identifier):
            yield f"the successors of cluster {identifier} are no clusters"
    for identifier in sorted(old.clusters.keys() & new.clusters.keys()):
        before, after = old.clusters[identifier], new.clusters[identifier]
        if before.created != after.created:
            yield f"cluster {identifier} was created on {before.created}, and now on {after.created}"
        date = before.modified if before.content == after.content else issued
        if after.modified != date:
            yield f"cluster {identifier} is dated {after.modified}, and by its content should be {date}"


def date_guards(before: str, after: str) -> Iterator[str]:
    """The dates of issue of the older and the newer release."""
    if after < before:
        yield f"the release is dated {after}, before the previous one, {before}"


def page_guards(old: Iterable[tuple[str, Lines]], new: Iterable[tuple[str, Lines]]) -> Iterator[str]:
    """What the clusters' blocks in the graphs show: pages that vanished, or are no concept of their scheme any more."""
    after = dict(new)
    for subject, lines in old:
        now = after.get(subject)
        if now is None:
            yield f"{subject[1:-1]} has no page any more"
        elif _CONCEPT not in now or _schemes(lines) != _schemes(now):
            yield f"{subject[1:-1]} is no concept of its scheme any more"


def _schemes(lines: list[str]) -> set[str]:
    return {line for line in lines if line.startswith(_IN_SCHEME)}
