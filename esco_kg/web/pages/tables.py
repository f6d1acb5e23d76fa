"""A cluster's skills as a table."""

from __future__ import annotations

import csv
import io

from esco_kg.web.releases.view import ReleaseView

_HEAD = ("skill", "label_en", "cluster", "cluster_label_en", "rank", "weight", "margin", "method", "decision")


def members_table(view: ReleaseView, path: str) -> str | None:
    """``cluster/<id>`` -> CSV of its skills, by rank and relevance; None where there is none."""
    kind, _, identifier = path.partition("/")
    if kind != "cluster" or identifier not in view.clusters:
        return None
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_HEAD)
    leaves = view.finest(identifier)
    for rank in ("primary", "used-in", "secondary", "found-under"):
        for one in view.members(leaves, "en", rank):
            label = view.clusters[one.cluster].label("en")
            numbers = (f"{one.weight:.4f}", "" if one.margin is None else f"{one.margin:.4f}")
            writer.writerow(
                [one.skill.iri, one.skill.label, one.cluster, label, rank, *numbers, one.method, one.decision]
            )
    return stream.getvalue()
