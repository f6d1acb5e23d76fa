"""The thematic lists: green, digital, transversal, language, research and DigComp skills."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from esco_kg.esco.defects import Tally
from esco_kg.esco.download import Download
from esco_kg.esco.tables import TableFile, read_rows

_THEMATIC = {
    "green": "greenSkillsCollection",
    "digital": "digitalSkillsCollection",
    "transversal": "transversalSkillsCollection",
    "language": "languageSkillsCollection",
    "research": "researchSkillsCollection",
    "digcomp": "digCompSkillsCollection",
}


def read_lists(download: Download, known: Collection[str] | None, tally: Tally) -> dict[str, frozenset[str]]:
    """Thematic list -> IRIs of its members among ``known`` (None: any). What is absent or dangles is tallied."""
    lists = {}
    for name, table in _THEMATIC.items():
        files = download.of(table)
        if not files and name == "digital" and download.of("ictSkillsCollection"):
            files = download.of("ictSkillsCollection")
            tally.add("digital-list-of-earlier-shape", files[0].place)
        if files:
            lists[name] = frozenset(_members(files[0], known, tally))
        else:
            tally.add(
                "missing-list", f"{table}_{download.languages[0]}.csv" if download.languages else table, example=name
            )
    return lists


def _members(file: TableFile, known: Collection[str] | None, tally: Tally) -> Iterator[str]:
    for line, (iri, _) in read_rows(file, ("conceptUri", "preferredLabel"), tally):
        if known is None or iri in known:
            yield iri
        else:
            tally.add("dangling-list-member", file.place, line, iri)
