"""The part of a release that compares it with the previous one: the graph ``changes`` and the tables beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from esco_kg import dump, scheme
from esco_kg.config import Config
from esco_kg.diff import report
from esco_kg.diff.compare import as_release
from esco_kg.diff.releases import Release, compare
from esco_kg.errors import ValidationError
from esco_kg.folder.manifest import made_with
from esco_kg.model.changes import Amount, Delta, LevelAmount
from esco_kg.model.pillar import Source
from esco_kg.model.published import GraphSummary, ReleaseInfo


def write_changes(
    aside: Path,
    previous: Path,
    config: Config,
    info: ReleaseInfo,
    sources: Sequence[Source],
    curation: Sequence[Source],
    parameters: Mapping[str, object],
    origin: Mapping[str, object] | None,
    plain: Path,
) -> tuple[Delta, GraphSummary]:
    """Compare the release being made in ``aside`` with the folder ``previous`` and write what changed.

    ``plain`` gets the graph as plain N-Triples. Raises ValidationError where the release would break a rule that every
    release must keep towards the one before it.
    """
    made = made_with(sources, curation, config, parameters, origin)
    new = Release(aside, info.version, info.issued, config.base_iri, made)
    delta, rows = compare(as_release(previous), new)
    if delta.guards:
        raise ValidationError(
            f"release {info.version} breaks {len(delta.guards)} rules of publication, the first: {delta.guards[0]}",
            "Nothing was published; a published IRI keeps its meaning for ever.",
        )
    stem = f"esco-kg-{info.version}"
    for name, text in (("bridge.csv", report.bridge_csv(delta.bridge)), ("series.csv", report.series_csv(delta))):
        (aside / f"{stem}-{name}").write_text(text, encoding="utf-8", newline="\n")
    # Each change stands once: those of ours in the table of changes, ESCO's own, value by value, in the delta.
    dump.write_packed(
        aside / f"{stem}-changes.csv.gz", report.as_csv(change for change in delta.changes if change.is_ours)
    )
    dump.write_packed(aside / f"{stem}-esco-delta.csv.gz", report.as_esco_csv(rows))
    events = "".join(f"{event}\n" for event in report.events(delta, issued=info.issued))
    dump.write_packed(aside / f"{stem}-changes.ndjson.gz", events)
    return delta, _graph(aside, delta, config, info, plain)


def _graph(aside: Path, delta: Delta, config: Config, info: ReleaseInfo, plain: Path) -> GraphSummary:
    iris = scheme.Iris.of(config, info.version)
    return dump.write_graph(
        scheme.change_blocks(delta, config, version=info.version, issued=info.issued),
        aside,
        f"esco-kg-{info.version}-changes",
        name="changes",
        prefixes=iris.prefixes(),
        also_plain=plain,
        sections=iris.reading_order(),
        labels={
            f"{config.base_iri}{config.cluster_path}{name}": label
            for name, label in delta.labels.items()
            if ":" not in name
        }
        | {name: label for name, label in delta.labels.items() if ":" in name},
    )


def summary(delta: Delta | None) -> Mapping[str, Any]:
    """What the manifest says of the changes; nothing in a first release."""
    if delta is None:
        return {}
    return {
        "verdict": {
            "part": delta.verdict.part,
            "reasons": list(delta.verdict.reasons),
            "esco": delta.verdict.esco,
            "esco_reasons": list(delta.verdict.esco_reasons),
        },
        "levels": [_level(delta, level) for level in delta.levels],
        "similarity": {str(depth): round(value, 6) for depth, value in sorted(delta.similarity.items())},
        "counts": [
            {"about": c.about, "kind": c.kind, "things": c.concepts, "skills": c.skills, "links": c.links}
            for c in delta.counts
        ],
    }


def _level(delta: Delta, level: LevelAmount) -> dict[str, Any]:
    """How much of a level changes, and which series are broken, those with most links that leave or arrive first."""
    broken = sorted((a for a in delta.amounts if a.breaks and a.depth == level.depth), key=Amount.by_size)
    return {
        "depth": level.depth,
        "clusters": level.clusters,
        "links": level.links,
        **_shares(level),
        "broken": [{"cluster": a.cluster, "label": delta.label(a.cluster), **_shares(a)} for a in broken],
    }


def _shares(amount: Amount | LevelAmount) -> dict[str, float]:
    return {name: round(getattr(amount, name), 6) for name in ("leaving", "arriving", "estimated")}
