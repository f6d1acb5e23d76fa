"""Write a release's read-model: one SQLite file made from its N-Triples in one pass, with the search index in it."""

from __future__ import annotations

import json
import math
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from esco_kg.model.typical import typical, use_within
from esco_kg.rdf.namespaces import DCT, ESCO, NACE, SKOS, XKOS
from esco_kg.rdf.terms import RDF_TYPE, Block
from esco_kg.web.releases import clusters_graph
from esco_kg.web.releases.triples import blocks_of, first, iris, is_iri, language, lexical
from esco_kg.web.search.index import write_index

_PREF, _NOTATION, _DESCRIPTION = f"<{SKOS}prefLabel>", f"<{SKOS}notation>", f"<{DCT}description>"
_TEXTS = {
    "alt": f"<{SKOS}altLabel>",
    "hidden": f"<{SKOS}hiddenLabel>",
    "definition": f"<{SKOS}definition>",
    "scope": f"<{SKOS}scopeNote>",
}
_LINKS = {
    "broader": f"<{SKOS}broader>",
    "narrower": f"<{SKOS}narrower>",
    "scheme": f"<{SKOS}inScheme>",
    "essential": f"<{ESCO}relatedEssentialSkill>",
    "optional": f"<{ESCO}relatedOptionalSkill>",
    "essential-for": f"<{ESCO}isEssentialSkillFor>",
    "optional-for": f"<{ESCO}isOptionalSkillFor>",
}
_NODE_LITERAL, _NODE_TEXT = f"<{ESCO}NodeLiteral>", f"<{ESCO}nodeLiteral>"
_BATCH = 2000
_CACHE = 64_000  # KiB of pages that SQLite keeps while it writes; with its own 2 MB, rows in no order cost many writes
_MOST_TYPICAL = 60  # skills kept of a cluster that has clusters below it
_NEEDS = """
SELECT c.iri, s.iri FROM links JOIN concepts c ON c.id = links.object AND c.kind = 'occupation'
JOIN concepts s ON s.id = links.subject WHERE links.kind IN ('essential-for', 'optional-for')
"""
_PLACE = "UPDATE allocations SET relevance = ? WHERE cluster = ? AND skill = ? AND rank = 'primary'"
_PRIMARY = "SELECT c.iri, a.cluster FROM allocations a JOIN concepts c ON c.id = a.skill WHERE a.rank = 'primary'"


def write_read_model(path: Path, graphs: Mapping[str, Path], base: str, cluster_path: str) -> None:
    """Write the file. ``graphs`` maps a graph's name to its plain, sorted N-Triples; ``base`` is the base IRI,
    ``cluster_path`` what follows it in IRIs of clusters."""
    connection = sqlite3.connect(path)
    try:
        # The file is made aside and renamed whole: nothing is lost where the machine stops half-way.
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 8192;")
        connection.execute(f"PRAGMA cache_size = -{_CACHE}")
        connection.executescript((Path(__file__).parent / "schema.sql").read_text(encoding="utf-8"))
        writer = _Writer(connection, base, cluster_path)
        for name in sorted(graphs, key=lambda name: (name != "pillar", name)):
            writer.read(name, graphs[name])
        writer.finish()
        write_index(connection)
        connection.execute("ANALYZE")
        connection.commit()
    finally:
        connection.close()


class _Writer:
    """Sorts the blocks of all graphs into tables."""

    def __init__(self, connection: sqlite3.Connection, base: str, cluster_path: str) -> None:
        self._connection = connection
        self._base = base
        self._ids: dict[str, int] = {}
        self._rows: dict[str, list[tuple[object, ...]]] = {}
        self._clusters = clusters_graph.ClustersGraphReader(base, cluster_path)

    def read(self, name: str, path: Path) -> None:
        """Take in one graph."""
        for block, place in blocks_of(path):
            self._put("INSERT INTO subjects VALUES (?, ?, ?, ?)", block.subject[1:-1], name, *place)
            if name == "pillar":
                self._pillar(block)
            elif name == "clusters":
                self._allocation(block)
                self._clusters.take(block)
            elif name == "codes":
                self._sector(block)
            if block.subject.startswith(f"<{NACE}") and _PREF in block.objects:
                self._clusters.sector(block)

    def finish(self) -> None:
        """Write what is still waiting, and the clusters."""
        for statement in sorted(self._rows):
            self._flush(statement)
        rows = [(number, iri, path_of(iri)) for iri, number in self._ids.items()]
        self._connection.executemany("INSERT OR IGNORE INTO concepts (id, iri, path, kind) VALUES (?, ?, ?, '')", rows)
        self._connection.execute("CREATE INDEX concepts_by_path ON concepts (path)")
        self._connection.execute("CREATE INDEX concepts_by_kind ON concepts (kind)")
        self._connection.execute(
            "INSERT INTO texts SELECT id, language, 'description', texts FROM descriptions JOIN concepts USING (path)"
        )
        self._connection.execute("DROP TABLE descriptions")
        self._connection.execute("CREATE INDEX texts_of_concepts ON texts (concept, language)")
        self._weigh()
        self._clusters.write(self._connection)

    def _weigh(self) -> None:
        """Primary members stand in the order of :mod:`esco_kg.model.typical`, as in the texts of the clusters.

        Secondary ones go by their weight and the number of occupations that need them.
        """
        self._connection.create_function("log2", 1, math.log2, deterministic=True)
        self._connection.execute(
            "UPDATE allocations SET relevance = weight * log2(2 + (SELECT count(*) FROM links JOIN concepts c"
            " ON c.id = object WHERE subject = skill AND links.kind IN ('essential-for', 'optional-for')"
            " AND c.kind = 'occupation'))"
        )
        cluster_of = dict(self._connection.execute(_PRIMARY))
        own: dict[str, list[str]] = defaultdict(list)
        for skill, cluster in cluster_of.items():
            own[cluster].append(skill)
        needs = self._connection.execute(_NEEDS).fetchall()
        use = use_within(needs, cluster_of)
        self._clusters.order_occupations(Counter((cluster_of[s], o) for o, s in needs if s in cluster_of))
        children = self._clusters.children()
        for top in self._clusters.tops():
            for cluster, skills in typical(top, children, own, use).items():
                if children.get(cluster):
                    rows = [(cluster, n, self._ids[skill]) for n, skill in enumerate(skills[:_MOST_TYPICAL], start=1)]
                    self._connection.executemany("INSERT INTO strongest VALUES (?, ?, ?)", rows)
                else:
                    places = [(-n, cluster, self._ids[skill]) for n, skill in enumerate(skills)]
                    self._connection.executemany(_PLACE, places)

    def _put(self, statement: str, *values: object) -> None:
        rows = self._rows.setdefault(statement, [])
        rows.append(values)
        if len(rows) >= _BATCH:
            self._flush(statement)

    def _flush(self, statement: str) -> None:
        self._connection.executemany(statement, self._rows.pop(statement, []))

    def _id(self, iri: str) -> int:
        return self._ids.setdefault(iri, len(self._ids) + 1)

    def _pillar(self, block: Block) -> None:
        types = block.objects.get(RDF_TYPE, set())
        if _NODE_LITERAL in types:
            self._description(block)
            return
        kind = _kind(types, block)
        if not kind:
            return
        iri = block.subject[1:-1]
        number = self._id(iri)
        self._put(
            "INSERT INTO concepts VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(number, iri, path_of(iri), kind, first(block, _NOTATION)),
            *(_last(block, f"<{ESCO}skillType>"), _last(block, f"<{ESCO}skillReuseLevel>")),
        )
        for tag, label in _by_language(block, _PREF):
            self._put("INSERT OR IGNORE INTO labels VALUES (?, ?, ?)", number, tag, label)
        for name, predicate in _TEXTS.items():
            texts: dict[str, list[str]] = {}
            for tag, text in _by_language(block, predicate):
                texts.setdefault(tag, []).append(text)
            for tag, found in texts.items():
                self._put("INSERT INTO texts VALUES (?, ?, ?, ?)", number, tag, name, _json(found))
        for name, predicate in _LINKS.items():
            for target in iris(block, predicate):
                self._put("INSERT INTO links VALUES (?, ?, ?)", number, name, self._id(target))

    def _sector(self, block: Block) -> None:
        occupation, code = first(block, f"<{XKOS}sourceConcept>"), first(block, f"<{XKOS}targetConcept>")
        if occupation:
            self._put("INSERT INTO sectors VALUES (?, ?)", self._id(occupation), code.removeprefix(NACE))

    def _description(self, block: Block) -> None:
        # Its IRI was made from the concept's last two segments (docs/rdf-model.md).
        kind, key, tag = block.subject[1:-1].rsplit("/", 3)[1:]
        self._put("INSERT INTO descriptions VALUES (?, ?, ?)", f"{kind}/{key}", tag, _json([first(block, _NODE_TEXT)]))

    def _allocation(self, block: Block) -> None:
        skill = first(block, f"<{XKOS}sourceConcept>")
        if not skill:
            return
        of = self._base + "model#"
        rank = first(block, f"<{of}rank>").rpartition("#")[2] or "rejected"
        cluster = first(block, f"<{XKOS}targetConcept>").rpartition("/")[2]
        runner_up = first(block, f"<{of}runnerUp>").rpartition("/")[2]
        self._put(
            "INSERT OR IGNORE INTO allocations VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",
            *(self._id(skill), cluster, rank),
            float(first(block, f"<{of}weight>", "0")),
            float(margin) if (margin := first(block, f"<{of}margin>")) else None,
            *(runner_up, first(block, f"<{of}method>"), first(block, f"<{of}decision>")),
        )


def path_of(iri: str) -> str:
    """The last two segments of a concept's IRI: ``skill/0005c151-...``; a page's address ends with them."""
    return "/".join(iri.replace("#", "/").rsplit("/", 2)[-2:])


def _kind(types: set[str], block: Block) -> str:
    if f"<{ESCO}Skill>" in types:
        return "skill"
    if f"<{ESCO}Occupation>" in types:
        return "occupation"
    if f"<{SKOS}ConceptScheme>" in types:
        return "scheme"
    if f"<{SKOS}Concept>" not in types:
        return ""
    is_isco = any("Notation/ISCO08" in term for term in block.objects.get(_NOTATION, ()))
    return "isco" if is_isco else "group"


def _last(block: Block, predicate: str) -> str:
    return first(block, predicate).rpartition("/")[2]


def _json(texts: list[str]) -> str:
    return json.dumps(texts, ensure_ascii=False, separators=(",", ":"))


def _by_language(block: Block, predicate: str) -> Iterator[tuple[str, str]]:
    for term in sorted(block.objects.get(predicate, ())):
        if not is_iri(term):
            yield language(term) or "en", lexical(term)
