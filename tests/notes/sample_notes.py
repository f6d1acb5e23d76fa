"""Notes of the invented release, and the changes since an invented one before it.

``python -m tests.notes.sample_notes`` writes the golden files anew: read the difference before you commit it.
"""

from __future__ import annotations

import dataclasses
from functools import cache

from esco_kg.model.changes import Amount, BridgeRow, Change, Count, Delta, LevelAmount, Verdict
from esco_kg.model.cube import Beside
from esco_kg.model.findings import Finding
from esco_kg.model.published import GraphSummary, PublishedFile
from esco_kg.notes import EXAMPLE, FILE_TITLES, Notes, Validation, render_all
from esco_kg.statistics import measures
from esco_kg.words import Share, said
from tests.support.places import TESTS
from tests.support.sample_release import sample

GOLDEN = TESTS / "golden" / "notes"
_TABLES = ("clusters", "allocations", "registry", "bridge", "series", "changes", "esco-delta")
_PACKED = ("changes", "esco-delta")


@cache
def sample_notes(**options: object) -> Notes:
    """The notes of the sample of these options, a first release."""
    made = sample(**options)  # type: ignore[arg-type]
    tables = {table.name: table for table in measures.run(made.store())}
    query = next(m for m in measures.measures() if m.name == EXAMPLE).for_base(made.config.base_iri)
    endings = [f"-{graph}.{ending}" for graph in ("clusters", "pillar") for ending in ("nt.gz", "ttl")]
    endings += [f"-{name}.csv.gz" if name in _PACKED else f"-{name}.csv" for name in _TABLES]
    files = [PublishedFile(f"esco-kg-1.2.0{end}", 12345, "ef" * 32, "text/plain", FILE_TITLES[end]) for end in endings]
    finding = Finding(
        "warning", "skos:S13", "<urn:x>", "", '"v"', "A preferred label is also an <alternative> one.", "pillar"
    )
    clustering = dataclasses.replace(
        made.clustering,
        statements=[
            *made.clustering.statements,
            said("said_wanted", language="en", n=3),
            said("said_decisions", n=1, moved=said("n_skills", n=1), named=1, others=0),
        ],
    )
    return Notes(
        release=dataclasses.replace(made.release, previous=""),
        config=made.config,
        pillar=made.pillar,
        sectors=made.sectors,
        clustering=clustering,
        tables=tables,
        validation=Validation("shacl", 57, [finding, dataclasses.replace(finding, focus="<urn:y>")]),
        graphs=[GraphSummary("clusters", 4711, "12" * 32)],
        files=files,
        example_query=query,
        beside=(
            Beside("purity-in-sample", 1, 1, 0.5, 0.4, "clusters", False),
            Beside("gini", 1, 1, 0.25, 0.125, "official", True),
            Beside("gini", 2, 1, 0.25, 0.25, "equal", True),
        ),
    )


def changed_notes() -> Notes:
    """The same release after another one: a series that breaks, moved skills, a retired and a new cluster."""
    notes = sample_notes()
    return dataclasses.replace(
        notes, release=dataclasses.replace(notes.release, previous="1.1.0"), delta=_delta(), previous_source="1.1.0"
    )


def _delta() -> Delta:
    moved = Change(
        "allocation", "moved", "urn:skill", field="primary", old="c00001", new="c00002", skills=1, links=4, cause="esco"
    )
    return Delta(
        "1.1.0",
        "1.2.0",
        changes=[
            Change("cluster", "added", "c00013", skills=3, cause="esco"),
            Change("cluster", "deprecated", "c00099", "old & retired", others=("c00012",), cause="esco"),
            moved,
            Change("allocation", "added", "urn:skill", field="used-in", new="c00003", cause="esco"),
            Change("allocation", "removed", "urn:skill", field="found-under", old="c00004", cause="esco"),
            Change("cluster", "renamed", "c00002", language="en", old="old", new="new", cause="method"),
        ],
        counts=[
            Count("cluster", "added", 1, 20, 3, 12, 0.05, 0.1),
            Count("cluster", "deprecated", 1, 20, 3, 12, 0.05, 0.1),
            Count("allocation", "moved", 2, 60, 2, 8, 0.0333, 0.0741),
            Count("skill", "added", 5, 60, 5, 9, 0.0833, 0.0833),
            Count("skill link", "removed", 1, 60, 1, 0, 0.0167, 0.0),
            Count("occupation link", "added", 12, 120, 9, 12, 0.15, 0.1),
            Count("occupation link", "removed", 3, 108, 2, 3, 0.0333, 0.0278),
        ],
        totals={"clusters of level 1": (4, 4), "clusters of level 2": (8, 8), "clusters of level 3": (16, 16)},
        labels={"c00099": "old & retired"},
        verdict=Verdict(
            "major",
            (
                said("reason_retired", n=1),
                said("reason_links", share=Share(0.0741), depth=3, limit=Share(0.01)),
            ),
            "major",
            (said("reason_retired", n=1), said("reason_come", n=5)),
        ),
        bridge=[
            BridgeRow(1, "c00001", "c00001", 10, 30, 30, 0.8, 0.9, 1.0, 1.0),
            BridgeRow(1, "c00001", "c00002", 2, 4, 4, 0.2, 0.1, 0.1, 0.1),
            BridgeRow(1, "c00002", "c00002", 14, 40, 40, 1.0, 1.0, 0.9, 0.9),
        ],
        similarity={1: 0.9712, 2: 0.9999, 3: 1.0},
        amounts=[
            Amount(1, "c00001", 34, 30, 0.1176, 0.0, 0.1176, True),
            Amount(1, "c00002", 40, 44, 0.0, 0.0909, 0.0, True),
            Amount(1, "c00003", 20, 30, 0.0, 0.0, 0.0, False),
        ],
        levels=[
            LevelAmount(1, 4, 2, 108, 0.037, 0.037, 0.037),
            LevelAmount(2, 8, 0, 108, 0.0, 0.0, 0.0),
            LevelAmount(3, 16, 0, 108, 0.0001, 0.0, 0.0),
        ],
    )


@cache
def golden() -> dict[str, str]:
    """File name -> the notes of the release with changes: Markdown in every language, pages in two of them."""
    return {
        name: text
        for name, text in render_all(changed_notes()).items()
        if name.endswith(".md") or name in ("RELEASE-NOTES.html", "RELEASE-NOTES.de.html")
    }


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, text in golden().items():
        (GOLDEN / name).write_text(text, encoding="utf-8", newline="\n")
