"""A cluster's skills as a table."""

from __future__ import annotations

import csv
import io

from esco_kg.web.edition import Edition

_HEAD = ("skill", "label_en", "cluster", "cluster_label_en", "rank", "weight", "margin", "method", "decision")


def members_table(edition: Edition, path: str) -> str | None:
    """``cluster/<id>`` -> CSV of its primary and secondary skills, by relevance; None where there is none."""
    kind, _, identifier = path.partition("/")
    if kind != "cluster" or identifier not in edition.clusters:
        return None
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_HEAD)
    leaves = edition.finest(identifier)
    for rank in ("primary", "secondary"):
        for one in edition.members(leaves, "en", rank):
            label = edition.clusters[one.cluster].label("en")
            numbers = (f"{one.weight:.4f}", f"{one.margin:.4f}")
            writer.writerow(
                [one.skill.iri, one.skill.label, one.cluster, label, rank, *numbers, one.method, one.decision]
            )
    return stream.getvalue()
