"""What fills a release folder, in order: graphs, findings, tables, notes, catalogue, manifest."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from esco_kg import dump, notes, scheme, validation, words
from esco_kg.config import Config
from esco_kg.errors import ValidationError
from esco_kg.evaluation.quick import Quick
from esco_kg.folder import serialisations
from esco_kg.folder.manifest import describe_files, manifest, write_manifest
from esco_kg.folder.reading import read_manifest
from esco_kg.memory import give_back
from esco_kg.model.changes import Delta
from esco_kg.model.clustering import Clustering
from esco_kg.model.findings import Table
from esco_kg.model.pillar import Pillar, SectorLinks, Source
from esco_kg.model.published import GraphSummary, PublishedFile, ReleaseInfo
from esco_kg.rdf.graphs import GraphStore
from esco_kg.rdf.namespaces import NACE
from esco_kg.release import changes
from esco_kg.release.checks import ReleaseChecks
from esco_kg.release.titles import file_titles
from esco_kg.statistics import measures
from esco_kg.statistics.formats import StatisticalFormats
from esco_kg.store.published import write_queries
from esco_kg.validation import CheckOutcome

# So many clusters of a level always have relations: what fewer share, chance explains, too.
_FEW = 10


@dataclass(slots=True)
class Build:
    """One release in the making. ``mark`` is its fingerprint; ``run(name, step)`` runs a step and times it."""

    config: Config
    info: ReleaseInfo
    pillar: Pillar
    sectors: SectorLinks
    clustering: Clustering
    mark: str
    decisions: Sequence[Source]
    engine: str
    run: Callable[[str, Callable[[], Any]], Any]
    previous: Path | None = None
    quality: Quick | None = None

    @property
    def checks(self) -> ReleaseChecks:
        """Its checks."""
        return ReleaseChecks(self.config.base_iri, self.info.version, self.engine, self._absent)

    def write(self, aside: Path) -> None:
        """Fill the folder. Raises ValidationError, with a report outside of it, where a graph of ours breaks a rule."""
        with tempfile.TemporaryDirectory(prefix="esco-kg-") as scratch:
            plain = {name: Path(scratch) / f"{name}.nt" for name in ("clusters", "pillar", "codes")}
            graphs = self.run("write graphs", lambda: self._graphs(aside, plain))
            # What follows shows concepts in the languages of notes and pages alone.
            self.pillar.keep_texts({self.config.main_language, "en", *words.languages()})
            delta = self._changes(aside, plain, graphs)
            outcome, tables = self._examined(aside, plain, graphs)
            files = self.run("write notes", lambda: self._notes(aside, outcome, tables, graphs, delta))
            last = Path(scratch) / "catalogue.nt"
            graphs.append(self.run("write catalogue", lambda: self._catalogue(aside, graphs, files, last)))
            self.run("check catalogue", lambda: self.checks.check({"catalogue": last}))
            self.run("read back", lambda: self._read_back(aside, graphs))
        content = manifest(
            self.info,
            self.config,
            fingerprint=self.mark,
            absent=self._absent,
            origin=self._origin,
            is_extract=self.pillar.is_extract,
            repairs=len(self.pillar.repairs),
            sources=self._sources,
            curation=self.decisions,
            parameters=self.clustering.parameters,
            names=self.clustering.name_counts(self.info.languages),
            changes=changes.summary(delta),
            graphs=graphs,
            tables=tables,
            validation=outcome.summary(),
            files=self.run("checksums", lambda: self._files(aside, tables)),
        )
        write_manifest(aside, content)

    def _read_back(self, aside: Path, graphs: list[GraphSummary]) -> None:
        """Nothing is published that cannot be read, or that says in one form what it does not say in another."""
        for stem in (*(f"{self._stem}-{graph.name}" for graph in graphs), "validation"):
            for name, problem in serialisations.problems(aside, stem):
                raise ValidationError(f"{name} {problem}", "Nothing was published; please report this as a defect.")

    @property
    def _origin(self) -> dict[str, object] | None:
        origin = self.clustering.origin
        if origin is None:
            return None
        files = [{"name": source.name, "sha256": source.sha256} for source in origin.sources]
        return {"kind": origin.kind, "by": origin.by, "how": origin.how, "files": files}

    @property
    def _absent(self) -> list[str]:
        """What clusters of somebody else have none of, as the manifest says; of ours all is there, but of a few."""
        largest = max(Counter(cluster.depth for cluster in self.clustering.clusters.values()).values())
        if self.clustering.origin is None and largest >= _FEW:
            return []
        sectors = any(profile.leading for profile in self.clustering.profiles.values())
        return [
            *([] if self.clustering.relations else ["ClusterRelation", "related"]),
            *([] if sectors else ["relatedMatch"]),
        ]

    @property
    def _stem(self) -> str:
        return f"esco-kg-{self.info.version}"

    @property
    def _sources(self) -> list[Source]:
        """Everything that was read: ESCO, sectors, clusters that somebody gave."""
        given = self.clustering.origin.sources if self.clustering.origin else ()
        return [*self.pillar.sources, *self.sectors.sources, *given]

    @property
    def _prefixes(self) -> dict[str, str]:
        return scheme.Iris.of(self.config, self.info.version).prefixes()

    @property
    def _reading_order(self) -> tuple[str, ...]:
        return scheme.Iris.of(self.config, self.info.version).reading_order()

    def _labels(self) -> dict[str, str]:
        """IRI -> label of what the clusters point at, for readers of Turtle; of clusters in the main language."""
        labels = {
            f"{self.config.base_iri}{self.config.cluster_path}{i}": self.clustering.name(i)
            for i in self.clustering.clusters
        }
        concepts = (self.pillar.skills, self.pillar.occupations, self.pillar.skill_groups, self.pillar.isco_groups)
        labels |= {f"{NACE}{code}": sector.labels.get("en", code) for code, sector in self.sectors.structure.items()}
        return labels | {iri: concept.label() for part in concepts for iri, concept in part.items()}

    def _graphs(self, aside: Path, plain: dict[str, Path]) -> list[GraphSummary]:
        blocks = {
            "clusters": scheme.cluster_blocks(self.clustering, self.pillar, self.sectors, self.config, self.info),
            "pillar": scheme.pillar_blocks(self.pillar, self.config),
            "codes": scheme.code_blocks(self.pillar, self.sectors, self.config, self.info),
        }
        labels = self._labels()
        dump.write_tables(self.clustering, self.pillar, aside, self._stem)
        dump.write_repairs(self.pillar.repairs, aside)
        dump.write_context(aside, self._prefixes)
        return [
            dump.write_graph(
                blocks[name],
                aside,
                f"{self._stem}-{name}",
                name=name,
                prefixes=self._prefixes,
                also_plain=plain[name],
                with_documents=name == "clusters",
                sections=self._reading_order,
                labels=labels,
            )
            for name in plain
        ]

    def _changes(self, aside: Path, plain: dict[str, Path], graphs: list[GraphSummary]) -> Delta | None:
        """Compare with the previous release, if there is one; its graph is checked with the others."""
        if self.previous is None:
            return None
        previous, nt = self.previous, plain["clusters"].with_name("changes.nt")
        sources = self._sources
        delta, graph = self.run(
            "compare with the previous release",
            lambda: changes.write_changes(
                aside,
                previous,
                self.config,
                self.info,
                sources,
                self.decisions,
                self.clustering.parameters,
                self._origin,
                nt,
            ),
        )
        plain["changes"] = nt
        graphs.append(graph)
        return cast(Delta, delta)

    def _examined(
        self, aside: Path, plain: dict[str, Path], graphs: list[GraphSummary]
    ) -> tuple[CheckOutcome, list[Table]]:
        """Check, measure, and add the graph ``statistics``; leaves the reports in the folder."""
        give_back()
        outcome, tables = self._measured(plain)
        give_back()
        plain["statistics"] = plain["clusters"].with_name("statistics.nt")
        graphs.append(
            self.run("write statistics", lambda: self._statistics(aside, tables, graphs, plain["statistics"]))
        )
        counted = {"statistics": plain["statistics"]}
        outcome.merge(self.run("check statistics", lambda: self.checks.check(counted)))
        give_back()
        self._queries(aside, [*(graph.name for graph in graphs), "catalogue"])
        self.checks.write_reports(outcome, aside)
        self.checks.stop_at_violations(outcome)
        return outcome, tables

    def _queries(self, aside: Path, graphs: Sequence[str]) -> None:
        """The saved queries, with values that this release holds: its largest cluster, and what belongs to that."""
        members = self.clustering.members()
        tops = [cluster for cluster in self.clustering.clusters.values() if cluster.depth == 1]
        largest = min(tops, key=lambda cluster: (-len(members[cluster.id]), cluster.id))
        known = {"cluster": largest.id, "skill": next(iter(members[largest.id]), "")}
        known["occupation"] = next(iter(occupation for occupation, _ in largest.occupations), "")
        write_queries(aside, scheme.Iris.of(self.config, self.info.version), graphs, known)

    def _measured(self, plain: dict[str, Path]) -> tuple[CheckOutcome, list[Table]]:
        """Check and measure in one store, which is gone on return: with that of the cubes it would fill memory.

        The closure comes first, for the same reason.
        """
        findings, seconds = self.run("check closure", lambda: validation.check_consistency(plain["clusters"]))
        store = GraphStore()
        outcome: CheckOutcome = self.run("check graphs", lambda: self.checks.check(plain, store))
        outcome.add("closure", findings, seconds)
        tables: list[Table] = self.run("measure", lambda: measures.run(store, base_iri=self.config.base_iri))
        return outcome, tables

    def _statistics(self, aside: Path, tables: list[Table], graphs: list[GraphSummary], plain: Path) -> GraphSummary:
        counted = [graph for graph in graphs if graph.name in ("clusters", "pillar")]
        offices = StatisticalFormats(self.config, self.info, self.pillar, self.sectors, self.clustering)
        return offices.write(aside, tables, counted, plain, self.quality.measurements if self.quality else ())

    def _notes(
        self,
        aside: Path,
        outcome: CheckOutcome,
        tables: list[Table],
        graphs: list[GraphSummary],
        delta: Delta | None,
    ) -> list[PublishedFile]:
        """Write the notes; returns the data files they list and themselves."""
        queries = {m.name: m.for_base(self.config.base_iri) for m in measures.measures()}
        origin = self.clustering.origin
        quality = None if origin and origin.kind == "official" else self.quality  # it is not ahead of itself
        content = notes.Notes(
            release=self.info,
            config=self.config,
            pillar=self.pillar,
            sectors=self.sectors,
            clustering=self.clustering,
            tables={table.name: table for table in tables},
            validation=notes.Validation(outcome.engine, len(outcome.rules), outcome.findings),
            graphs=graphs,
            files=self._files(aside, tables),
            example_query=queries[notes.EXAMPLE],
            delta=delta,
            previous_source=str(read_manifest(self.previous)["esco_version"]) if self.previous else "",
            beside=quality.beside if quality else (),
        )
        for name, text in notes.render_all(content).items():
            (aside / name).write_text(text, encoding="utf-8", newline="\n")
        return self._files(aside, tables)

    def _catalogue(
        self, aside: Path, graphs: list[GraphSummary], files: list[PublishedFile], plain: Path
    ) -> GraphSummary:
        blocks = scheme.catalogue_blocks(
            self.config,
            self.info,
            graphs=graphs,
            files=files,
            sources=self.pillar.sources,
            parameters=self.clustering.parameters,
            sector_sources=self.sectors.sources,
            decisions=self.decisions,
            names=self.clustering.name_counts([self.config.main_language])[self.config.main_language],
            origin=self.clustering.origin,
        )
        stem = f"{self._stem}-catalogue"
        return dump.write_graph(
            blocks,
            aside,
            stem,
            name="catalogue",
            prefixes=self._prefixes,
            also_plain=plain,
            sections=self._reading_order,
        )

    def _files(self, aside: Path, tables: Sequence[Table]) -> list[PublishedFile]:
        return describe_files(aside, file_titles(aside, tables, self.config.main_language))
