"""What the body of the notes tells: the first screen, the clusters, how good they are, what to keep in mind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from esco_kg.errors import InputError
from esco_kg.model.clustering import RULED
from esco_kg.model.findings import Finding
from esco_kg.notes.changes import Changes
from esco_kg.notes.contents import Notes, check_tables
from esco_kg.notes.records import Record, integer, number, records, summed
from esco_kg.notes.teller import Teller
from esco_kg.notes.texts import Address, Link, Numeral, Sentence, Table, Text
from esco_kg.pictures.charts import bars
from esco_kg.words import Said, Share

_BRANCHES = ("sector", "digital", "cross-sector", "language", "")
_BAR = 20  # letters of the longest bar in a table
_CLOSE = 0.5  # a margin below it: another cluster fits better


@dataclass(frozen=True, slots=True)
class Card:
    """One figure of the first screen; ``label`` says what it counts and ``note`` what to know about it."""

    figure: object
    label: str
    note: str


class Body:
    """The figures behind the body of the notes, in one language. A number comes from a measure or the manifest."""

    def __init__(self, teller: Teller) -> None:
        self.teller, self.words = teller, teller.words
        self.notes: Notes = teller.notes
        check_tables(self.notes)
        self._clusters = self.notes.clustering.clusters
        self.coverage = records(self.notes.tables["allocation-coverage"])[0]
        self._skills = {str(row["cluster"]): row for row in records(self.notes.tables["clusters"])}
        self.top = sorted((c.id for c in self._clusters.values() if c.depth == 1), key=self._order)

    @property
    def origin(self) -> str:
        """``ours``, ``given`` (by a publisher, or another method) or ``official``."""
        origin = self.notes.clustering.origin
        return "ours" if origin is None else "official" if origin.kind == "official" else "given"

    @property
    def is_unofficial(self) -> bool:
        """Whether this is ESCO, and the European Commission has not published it."""
        config = self.notes.config
        return config.source == "ESCO" and config.is_unofficial and not self.notes.pillar.is_demonstration

    def _order(self, identifier: str) -> tuple[int, int, str]:
        return _BRANCHES.index(self._clusters[identifier].branch), -self.skills(identifier), identifier

    def skills(self, identifier: str) -> int:
        return integer(self._skills[identifier]["skills"])

    def share(self, identifier: str) -> Share:
        """Of the skills with a cluster; from the counts, for the measure's share is rounded already."""
        return Share(self.skills(identifier) / max(integer(self.coverage["allocated"]), 1))

    @property
    def names(self) -> Mapping[str, int]:
        """Who gave the names in the main language: status -> number of clusters."""
        main = self.notes.config.main_language
        return self.notes.clustering.name_counts([main])[main]

    @property
    def close(self) -> int:
        """Skills that fit another cluster better."""
        rows = records(self.notes.tables["allocation-margins"])
        return sum(integer(row["skills"]) for row in rows if number(row["from"]) < _CLOSE)

    @property
    def further(self) -> Mapping[str, int]:
        """Kind of further membership -> skills that have one or more."""
        rows = [row for row in records(self.notes.tables["further-memberships"]) if row["further"]]
        return summed(rows, "kind", "skills")

    def moved(self) -> Sentence | None:
        """The skills that have another primary cluster than before."""
        delta = self.notes.delta
        count = next((c for c in delta.counts if (c.about, c.kind) == ("allocation", "moved")), None) if delta else None
        return Sentence("new_moved", {"n": count.concepts, "share": Share(count.skills_share)}) if count else None

    def skills_changed(self, changes: Changes) -> Sentence | None:
        """The skills that the source has gained and lost."""
        counted = {"added": changes.things("skill", "added"), "removed": changes.things("skill", "removed")}
        return Sentence("new_skills", {"source": self.teller.source, **counted}) if any(counted.values()) else None

    # The first screen.

    def who(self) -> Sentence:
        """Who made what, and who publishes it."""
        config = self.notes.config
        publisher = self.teller.text({config.main_language: config.publisher})
        if self.origin == "official":
            return Sentence("who_official", {"source": self.teller.source, "publisher": publisher})
        if origin := self.notes.clustering.origin:
            return Sentence("who_given", {"by": self.teller.text({"en": origin.by}), "publisher": publisher})
        named = sum(self.names.get(status, 0) for status in ("given", "agreed", "draft"))
        return Sentence("who_made", {"named": named, "all": len(self._clusters), "publisher": publisher})

    def cards(self) -> list[Card]:
        """Three figures, each with its caveat."""
        return [self._placed(), self._fit(), self._named()]

    def _placed(self) -> Card:
        if self.origin == "ours":
            note = self.words("fig_skills_note", n=integer(self.coverage["without_occupation"]))
        elif left := integer(self.coverage["unallocated"]):
            note = self.words("fig_skills_given_note", n=left)
        else:
            note = self.words("fig_skills_all_note")
        allocated = integer(self.coverage["allocated"])
        return Card(allocated, self.words("fig_skills", n=allocated), note)

    def _fit(self) -> Card:
        found = next((b for b in self.notes.beside if (b.metric, b.level) == ("purity-in-sample", 1)), None)
        if found:
            note = "fig_sector_note" if self.origin == "ours" else "fig_sector_given_note"
            label = self.words("fig_sector", theirs=Share(found.theirs))
            return Card(Share(found.ours), label, self.words(note))
        if records(self.notes.tables["allocation-margins"]):
            return Card(self.close, self.words("fig_close", n=self.close), self.words("fig_close_note"))
        if self.origin == "official":
            several = self.further.get("secondary", 0)
            return Card(several, self.words("fig_several", n=several), self.words("fig_several_note"))
        nearest = self.agreement()[0]
        label = self.words("fig_groups", cluster=self.teller.name(str(nearest["cluster"])))
        return Card(Share(number(nearest["largest_share"])), label, self.words("fig_groups_note"))

    def _named(self) -> Card:
        names, made = self.names, self.names.get("made", 0)
        kind = "agreed" if self.origin == "ours" else "given"
        note = self.words(f"fig_{kind}_note", drafts=names.get("draft", 0), made=made)
        figure = self.words("fig_names", part=names.get(kind, 0), all=len(self._clusters))
        label = "official" if self.origin == "official" else kind
        return Card(figure, self.words(f"fig_{label}", source=str(self.teller.source)), note)

    def picture(self) -> str:
        """The clusters of the top level by their skills, the largest first."""
        items = [(self.teller.name(c), float(self.skills(c)), self.words.number(self.skills(c))) for c in self._sized()]
        return bars(items, name="sizes", title=self.words("picture_sizes"))

    def sizes(self) -> Table:
        """The same as a table with bars of letters."""
        most = max((self.skills(c) for c in self.top), default=1)
        rows = [
            (
                self.teller.name(c),
                f"{'█' * max(round(_BAR * self.skills(c) / most), 1)} {self.words.number(self.skills(c))}",
            )
            for c in self._sized()
        ]
        return self.table("picture_sizes", ("col_cluster", "col_skills"), rows)

    def _sized(self) -> list[str]:
        return sorted(self.top, key=lambda c: (-self.skills(c), c))

    # The clusters.

    def top_table(self) -> Table:
        """The clusters of the top level with the sectors that stand out."""
        rows = tuple(
            (self.teller.link(c), self.skills(c), self.share(c), *((self._sectors(c),) if self._has_sectors else ()))
            for c in self.top
        )
        heads = ("col_cluster", "col_skills", "col_share", *(("col_sectors",) if self._has_sectors else ()))
        return self.table("top_sectors_table" if self._has_sectors else "top_table", heads, rows)

    @property
    def _has_sectors(self) -> bool:
        return self.notes.sectors.known

    def _sectors(self, identifier: str) -> object:
        if self._clusters[identifier].branch in RULED:
            return self.words("everywhere")
        profile = self.notes.clustering.profiles.get(identifier)
        leading = profile.leading if profile else ()
        return tuple(self.teller.sector(code) for code in leading) or self.words("no_sector")

    def levels(self) -> Table:
        """Levels and the sizes of their clusters."""
        sizes = {row["depth"]: row for row in records(self.notes.tables["cluster-sizes"])}
        rows = [row | sizes[row["depth"]] for row in records(self.notes.tables["levels"])]
        heads = ("level", "clusters", "mean", "smallest", "median", "largest", "gini")
        cells = tuple(
            (
                self.teller.level(integer(row["depth"])),
                integer(row["clusters"]),
                Numeral(self.words.decimal(number(row["mean"]), 1)),
                integer(row["smallest"]),
                Numeral(self._median(number(row["median"]))),
                integer(row["largest"]),
                number(row["gini"]),
            )
            for row in rows
        )
        return self.table("levels", tuple(f"col_{head}" for head in heads), cells)

    def _median(self, median: float) -> str:
        return self.words.number(int(median)) if median.is_integer() else self.words.decimal(median, 1)

    def agreement(self) -> list[Record]:
        """Clusters by the share that one group of the pillar has in them, the largest first."""
        rows = records(self.notes.tables["pillar-largest-group"])
        return sorted(rows, key=lambda row: (-number(row["largest_share"]), str(row["cluster"])))

    def mind(self) -> Iterator[Sentence]:
        """What to keep in mind, each only where there is something."""
        names, findings = self.names, self.notes.validation.findings
        counts = {
            "drafts": names.get("draft", 0),
            "made": names.get("made", 0),
            "close": self.close,
            "unused": integer(self.coverage["without_occupation"]) if self.origin == "ours" else 0,
            "unallocated": integer(self.coverage["unallocated"]),
            "several": integer(self.coverage["several"]),
        }
        yield from (Sentence(f"mind_{name}", {"n": n}) for name, n in counts.items() if n)
        if self.origin != "ours" and (filled := self._filled()):
            key = "mind_filled_official" if self.origin == "official" else "mind_filled"
            yield Sentence(key, {"n": filled, "source": self.teller.source})
        said = [one for one in self.notes.clustering.statements if isinstance(one, Said)]
        yield from (Sentence(one.key, one.values) for one in said if one.key == "said_official_left")
        if not self.notes.sectors.known:
            yield Sentence("mind_sectors_none", {})
        source = self.teller.source
        if self.notes.pillar.is_extract:
            yield Sentence("mind_extract", {"source": source})
        if self.notes.pillar.retired:
            yield Sentence("mind_retired", {"n": len(self.notes.pillar.retired), "source": source})
        defects = sum(defect.count for defect in (*self.notes.pillar.defects, *self.notes.sectors.defects))
        if defects:
            yield Sentence("mind_defects", {"n": defects})
        counted = {f"{name}s": _of(findings, name) for name in ("violation", "warning")}
        yield Sentence("mind_validation", {"n": self.notes.validation.rules, **counted})

    def _filled(self) -> int:
        """Clusters whose definition in the main language the program wrote."""
        written = ("definition", self.notes.config.main_language)
        clusters = self._clusters.values()
        return sum(written[1] in c.definitions and written not in c.given_texts for c in clusters)

    # How it was made, and where it is.

    def source(self) -> Table:
        """How much the source holds."""
        found = {str(row["kind"]): integer(row["number"]) for row in records(self.notes.tables["pillar-concepts"])}
        kinds = {
            "skill": "skill", "skill_group": "skill group", "occupation": "occupation", "isco_group": "ISCO group",
            "essential": "essential link from an occupation", "optional": "optional link from an occupation",
        }  # fmt: skip
        rows = [(self.words(f"kind_{key}"), found[kind]) for key, kind in kinds.items()]
        return self.table("made_of", ("col_what", "col_number"), rows)

    def how(self) -> Text:
        """How the clusters were made, as their makers say."""
        origin = self.notes.clustering.origin
        return self.teller.text(origin.how if origin else {})

    def files(self) -> Table:
        """What a reader needs, and the file that has it."""
        stem = f"esco-kg-{self.notes.release.version}"
        there = {file.name for file in self.notes.files}
        wanted = (
            ("clusters", f"{stem}-clusters.csv"), ("allocations", f"{stem}-allocations.csv"),
            ("relations", f"{stem}-relations.csv"), ("profiles", f"{stem}-sector-profile.csv"),
            ("statistics", "statistics/"), ("sdmx", "sdmx/"),
            ("sqlite", f"{stem}.sqlite"), ("parquet", "parquet/"), ("changes", f"{stem}-changes.csv.gz"),
            ("bridge", f"{stem}-bridge.csv"), ("series", f"{stem}-series.csv"), ("registry", f"{stem}-registry.csv"),
            ("delta", f"{stem}-esco-delta.csv.gz"),
            ("load", f"{stem}-clusters.nt.gz"), ("load", f"{stem}-pillar.nt.gz"), ("read", f"{stem}-clusters.ttl"),
            ("queries", "queries/"),
        )  # fmt: skip
        places: dict[str, list[Link]] = {}
        for key, name in wanted:
            if any(file.startswith(name) for file in there):
                places.setdefault(key, []).append(Link(Text(name, ""), name))
        rows: list[tuple[object, ...]] = [
            (Sentence(f"use_{key}", {"source": self.teller.source}), tuple(links)) for key, links in places.items()
        ]
        rows.append((Sentence("use_manifest", {}), Link(Text("manifest.json", ""), "manifest.json")))
        return self.table("use_table", ("col_what", "col_where"), rows)

    def file(self, ending: str) -> Address:
        """The name of a data file. Raises InputError where the release has none that ends so."""
        for file in self.notes.files:
            if file.name.endswith(ending):
                return Address(file.name)
        raise InputError("release notes", f"the release has no file that ends in {ending}", "Write the graphs first.")

    def table(self, caption: str, heads: Sequence[str], rows: Sequence[tuple[object, ...]]) -> Table:
        """A table with caption and heads from the word file."""
        return Table(self.words(caption), tuple(self.words(head) for head in heads), tuple(rows))


def _of(findings: Sequence[Finding], severity: str) -> int:
    return sum(finding.severity == severity for finding in findings)
