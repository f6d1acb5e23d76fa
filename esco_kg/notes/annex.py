"""The annexes of the notes: what one looks up."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from esco_kg.model.clustering import RULED
from esco_kg.notes.contents import EXAMPLE, Notes
from esco_kg.notes.pictures import sector_map
from esco_kg.notes.records import integer, leaders, number, records, summed
from esco_kg.notes.related import RelatedClusters
from esco_kg.notes.teller import Teller
from esco_kg.notes.texts import Code, Link, Numeral, Sentence, Table, Text
from esco_kg.words import ENGLISH, Share

_SEVERITIES = ("violation", "warning", "info")
_MOST_SECTORS = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """One cluster of the top level. ``parts`` are (depth below it, link, skills), in the order of the tree."""

    id: str
    name: Text
    skills: int
    definition: Text
    scope_note: Text
    exclusion_note: Text
    parts: tuple[tuple[int, Link, int], ...]
    sectors: tuple[object, ...]
    related: tuple[object, ...]


class Annex:
    """Tables and lists in one language; ``top`` are the ids of the clusters of the top level, in the order of the
    notes."""

    def __init__(self, teller: Teller, top: Sequence[str]) -> None:
        self.teller, self.words, self._top = teller, teller.words, top
        self.notes: Notes = teller.notes
        self._clusters = self.notes.clustering.clusters
        self._children = self.notes.clustering.children()
        self._skills = {str(row["cluster"]): integer(row["skills"]) for row in records(self.notes.tables["clusters"])}
        self.related = RelatedClusters(teller, top, self._skills)

    # All clusters.

    def entries(self) -> list[Entry]:
        """Every cluster of the top level with its texts and everything below it."""
        return [self._entry(identifier) for identifier in self._top]

    def _entry(self, identifier: str) -> Entry:
        cluster, told = self._clusters[identifier], self.teller.text
        return Entry(
            identifier,
            self.teller.name(identifier),
            self._skills[identifier],
            told(cluster.definitions),
            told(cluster.scope_notes),
            told(cluster.exclusion_notes),
            tuple(self._below(identifier, 0)),
            self._profile(identifier),
            self.related.names_beside(identifier),
        )

    def _below(self, identifier: str, depth: int) -> list[tuple[int, Link, int]]:
        found = []
        for child in sorted(self._children[identifier], key=lambda c: (-self._skills[c], c)):
            found += [(depth, self.teller.link(child), self._skills[child]), *self._below(child, depth + 1)]
        return found

    def _profile(self, identifier: str) -> tuple[object, ...]:
        if self._clusters[identifier].branch in RULED:
            return (self.words("everywhere"),)
        profile = self.notes.clustering.profiles.get(identifier)
        if not profile or not profile.sections:
            return ()
        largest = sorted(profile.sections.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST_SECTORS]
        told: list[object] = [Link(self.teller.sector(code), "", Share(share)) for code, share in largest]
        if profile.unreached:
            told.append(Sentence("unreached", {"share": Share(profile.unreached)}))
        return tuple(told)

    # Further figures.

    def types(self) -> dict[str, int]:
        """Skills by type."""
        return summed(records(self.notes.tables["skill-types"]), "type", "skills")

    def parents(self) -> dict[str, object]:
        """Skills with several parents in the skills pillar, their share, and the most parents of one."""
        rows = [
            (integer(r["parents"]), integer(r["skills"])) for r in records(self.notes.tables["multi-parent-skills"])
        ]
        several = sum(skills for parents, skills in rows if parents > 1)
        every = sum(skills for _, skills in rows)
        return {"n": several, "share": Share(several / every), "most": max(parents for parents, _ in rows)}

    def sector_map(self) -> str:
        """The clusters of the top level by the sections of NACE, '' where there is nothing to draw."""
        profiles = self.notes.clustering.profiles
        rows = [c for c in self._top if c in profiles and self._clusters[c].branch not in RULED]
        return sector_map(
            [(self.teller.name(c), profiles[c].sections) for c in rows if profiles[c].sections],
            {code: self.teller.sector(code) for code in self._sections()},
            title=self.words("sector_map"),
            shown=self.words.share,
            legend=self.words.pattern("sector_map_from"),
        )

    def letters(self) -> Table:
        """What the letters of the sections stand for."""
        rows = [(code, self.teller.sector(code)) for code in self._sections()]
        return self.table("sector_letters", ("letter", "section"), rows)

    def _sections(self) -> list[str]:
        return sorted(code for code, sector in self.notes.sectors.structure.items() if sector.level == 1)

    def isco(self) -> Table:
        """For each ISCO-08 major group the clusters of the top level with most of its links."""
        groups = {group.code: group for group in self.notes.pillar.isco_groups.values()}
        rows = []
        for found in leaders(records(self.notes.tables["isco-major-groups"]), "isco", "group", "share"):
            label = self.teller.concept(groups.get(found.code), found.label)
            names = [Link(self.teller.name(c), "", Share(share)) for c, share in found.clusters]
            rows.append((Text(f"{found.code} {label}", label.language), *names, *[None] * (3 - len(names))))
        return self.table("isco", ("group", "first", "second", "third"), rows)

    def lists(self) -> Table:
        """For each thematic list the clusters of the top level with most of its skills."""
        rows = []
        for found in leaders(records(self.notes.tables["thematic-lists"]), "list", "list", "skills"):
            key = f"list_{found.code}"
            label = self.words(key) if key in self.words.texts else found.label
            names = [Link(self.teller.name(c), "", int(skills)) for c, skills in found.clusters]
            rows.append((label, *names, *[None] * (3 - len(names))))
        return self.table("lists", ("list", "first", "second", "third"), rows)

    # Names and decisions.

    def names(self) -> Table:
        """Who gave the names, by language."""
        columns = ("given", "agreed", "drafts", "lent", "made", "unnamed", "alternatives")
        rows = [
            (self.words.name_of(str(row["language"])), *(integer(row[column]) for column in columns))
            for row in records(self.notes.tables["cluster-names"])
        ]
        return self.table("names_table", ("language", *columns), rows)

    def wanted(self) -> Table:
        """Languages of the source in which clusters want a name of people: a release has names in no other."""
        counts = self.notes.clustering.name_counts(self.notes.release.languages)
        wanted = {language: found.get("made", 0) + found.get("none", 0) for language, found in counts.items()}
        rows = [(self.words.name_of(language), n) for language, n in wanted.items() if n]
        return self.table("names_wanted", ("language", "wanted"), rows)

    def labels(self) -> Table:
        """How many concepts the source labels, by language."""
        rows = [
            (
                self.words(f"about_{row['kind']}"),
                self.words.name_of(str(row["language"])),
                integer(row["labelled"]),
                Share(number(row["share"])),
                integer(row["alternatives"]),
            )
            for row in records(self.notes.tables["label-coverage"])
        ]
        return self.table("labels_table", ("what", "language", "labelled", "share", "alternatives"), rows)

    def methods(self) -> Table:
        """What decided on the clusters of the skills."""
        found = records(self.notes.tables["allocation-methods"])
        of_rank = summed(found, "rank", "allocations")
        rows = [
            (
                self._known("rank", str(row["rank"])),
                self._method(str(row["method"]), str(row["rank"])),
                integer(row["allocations"]),
                Share(integer(row["allocations"]) / of_rank[str(row["rank"])]),
                integer(row["decided"]),
            )
            for row in found
        ]
        return self.table("methods_table", ("rank", "method", "allocations", "share", "decided"), rows)

    def _method(self, method: str, rank: str) -> str:
        origin = self.notes.clustering.origin
        if method == "given" and origin is not None and origin.kind == "official":
            return self.words("method_official" if rank == "primary" else "method_official_further")
        return self._known("method", method)

    def _known(self, kind: str, name: str) -> str:
        key = f"{kind}_{name}"
        return self.words(key) if key in self.words.texts else name

    # Quality of the data.

    def defects(self) -> Table:
        """Defects of the source, one row a kind; what a kind means is said in English alone."""
        by_kind = defaultdict(list)
        for defect in (*self.notes.pillar.defects, *self.notes.sectors.defects):
            by_kind[defect.kind].append(defect)
        rows = []
        for found in sorted(by_kind.values(), key=lambda f: (-sum(d.count for d in f), f[0].kind)):
            first = found[0]
            meaning = (Text(first.explanation, ENGLISH),) if self._is_english else ()
            kind = Text(first.kind.replace("-", " "), ENGLISH) if self._is_english else Code(first.kind)
            count = sum(defect.count for defect in found)
            rows.append((kind, count, *meaning, Code(first.place), Text(first.example, "")))
        meaning_head = ("meaning",) if self._is_english else ()
        return self.table("data_defects", ("defect", "times", *meaning_head, "place", "example"), rows)

    def findings(self) -> Table:
        """Findings of the checks, one row a rule and graph; the rule's message is said in English alone."""
        found = self.notes.validation.findings
        counted = Counter((f.severity, f.rule, f.graph) for f in found)
        first = {(f.severity, f.rule, f.graph): f.message for f in sorted(found, reverse=True)}
        rows = []
        for group in sorted(counted, key=lambda g: (_SEVERITIES.index(g[0]), *g[1:])):
            severity, rule, graph = group
            message = (Text(first[group], ENGLISH),) if self._is_english else ()
            rows.append((self.words(f"severity_{severity}"), Code(rule), graph, counted[group], *message))
        meaning_head = ("meaning",) if self._is_english else ()
        return self.table("data_findings", ("severity", "rule", "graph", "times", *meaning_head), rows)

    @property
    def _is_english(self) -> bool:
        return self.words.language == ENGLISH

    # Files, inputs, settings.

    def files(self) -> Table:
        """Every data file with its size and checksum."""
        rows = [
            (Link(Text(file.name, ""), file.name), *((Text(file.title, ""),) if self._is_english else ()),
             Numeral(self.words.size(file.bytes)), Code(file.sha256))
            for file in self.notes.files
        ]  # fmt: skip
        return self.table("files_table", ("file", *(("what",) if self._is_english else ()), "size", "checksum"), rows)

    def graphs(self) -> Table:
        """The graphs with the checksums of their canonical form."""
        rows = [(graph.name, graph.triples, Code(graph.rdfc10_sha256)) for graph in self.notes.graphs]
        return self.table("graphs_table", ("graph", "triples", "canonical"), rows)

    def inputs(self) -> Table:
        """Everything that was read."""
        origin = self.notes.clustering.origin
        sources = (*self.notes.pillar.sources, *self.notes.sectors.sources, *(origin.sources if origin else ()))
        rows = [(Code(s.name), Numeral(self.words.size(s.bytes)), Code(s.sha256)) for s in sources]
        return self.table("inputs_table", ("file", "size", "checksum"), rows)

    def settings(self) -> Table:
        """What the clusters were made with."""
        rows = [
            (
                Code(key),
                Code(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)),
            )
            for key, value in sorted(self.notes.clustering.parameters.items())
        ]
        return self.table("settings_table", ("setting", "value"), rows)

    def answer(self) -> Table:
        """The answer to the first query, as a store gives it."""
        table = self.notes.tables[EXAMPLE]
        rows = tuple(tuple(Text(str(value), "") for value in row) for row in table.rows)
        return Table(self.words("load_answer"), tuple(table.columns), rows)

    def table(self, caption: str, heads: Sequence[str], rows: Sequence[tuple[object, ...]]) -> Table:
        """A table with caption and heads from the word file."""
        return Table(self.words(caption), tuple(self.words(f"col_{head}") for head in heads), tuple(rows))
