"""A release as an object: its tables as data frames, its graphs, questions to it, texts assigned by it."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from esco_kg.errors import InputError, UsageError
from esco_kg.folder.reading import cluster_path, main_language, read_manifest

if TYPE_CHECKING:
    import polars as pl
    import rdflib

    from esco_kg.diff.compare import Comparison
    from esco_kg.folder.material import Material
    from esco_kg.folder.verify import Verification
    from esco_kg.store.local import ReleaseStore
    from esco_kg.trials.assign import Assigner
    from esco_kg.trials.recommend import Recommender

T = TypeVar("T")
AnyPath = str | PathLike[str]
Recommended = Literal["skills", "occupations"]


class Release:
    """A published release. Tables are :class:`polars.DataFrame`; ``to_pandas()`` makes pandas of them.

    Nothing is read before it is asked for, and what was read is kept. Every method raises an error of
    :mod:`esco_kg.errors` where a file is missing or damaged.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest: dict[str, Any] = read_manifest(folder)
        self.version: str = self.manifest["version"]
        self.languages: tuple[str, ...] = tuple(self.manifest.get("languages", ()))
        self.base_iri: str = self.manifest["base_iri"]
        self.main_language: str = main_language(self.manifest)

    def __repr__(self) -> str:
        clusters, skills = self._clusters.height, self.allocations().select("skill").n_unique()
        languages = ", ".join(self.languages)
        return f"<Release {self.version}: {clusters:,} clusters of {skills:,} skills; languages {languages}>"

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if not name.startswith("_")]

    def clusters(self, level: int | None = None, language: str | None = None) -> pl.DataFrame:
        """One row per cluster: id, level, parent, label, definition, number of skills, leading sectors.

        ``level`` 1 is the coarsest. Labels are in ``language``, by default the main language, and in the main language
        where a cluster has none. Raises UsageError for a level or language that the release lacks.
        """
        import polars as pl

        language = self._known_language(language)
        found = self._clusters.select(
            "id",
            pl.col("depth").alias("level"),
            "parent",
            self._text("label", language).alias("label"),
            self._text("definition", language).alias("definition"),
            "skills",
            "leading_sectors",
        )
        if level is None:
            return found
        levels = found["level"].unique().sort().to_list()
        if level not in levels:
            raise UsageError(f"release {self.version} has no level {level}", f"It has levels {levels}.")
        return found.filter(pl.col("level") == level)

    def clusters_of(self, skill: str, language: str | None = None) -> pl.DataFrame:
        """The clusters of one skill (IRI or label): rank, weight, margin, and the cluster's id, level and label.

        Raises UsageError where no skill is called so.
        """
        import polars as pl

        iri = self._skill(skill)
        names = self.clusters(language=language).select("id", "level", "label")
        found = self.allocations().filter(pl.col("skill") == iri).drop("skill", "skill_code", "skill_label")
        return found.join(names, left_on="cluster", right_on="id", how="left", maintain_order="left")

    def skills(self, cluster: str | None = None, language: str | None = None) -> pl.DataFrame:
        """One row per skill with its primary cluster: skill, label, cluster, weight, margin.

        With ``cluster`` the skills whose primary cluster it is or lies below it. Raises UsageError for an unknown one.
        """
        import polars as pl

        language = self._known_language(language)
        found = self.allocations().filter(pl.col("rank") == "primary")
        if cluster is not None:
            found = found.filter(pl.col("cluster").is_in(self._below(cluster)))
        label = self._skill_labels(language)
        found = found.join(label, on="skill", how="left", maintain_order="left")
        return found.select("skill", pl.coalesce("label", "skill_label").alias("label"), "cluster", "weight", "margin")

    def allocations(self) -> pl.DataFrame:
        """Every membership of a skill in a cluster, primary and further ones, as published."""
        return self._table("allocations", {"weight": "decimal", "margin": "decimal"})

    def relations(self) -> pl.DataFrame:
        """How clusters relate: source, target, basis, weight and the evidence in words."""
        return self._table("relations", {"weight": "decimal"})

    def sectors(self, cluster: str | None = None) -> pl.DataFrame:
        """Each cluster's shares of NACE 2.1 sections and divisions: cluster, level of NACE, code, share."""
        import polars as pl

        found = self._table("sector-profile", {"share": "decimal"})
        return found if cluster is None else found.filter(pl.col("cluster") == self._known_cluster(cluster))

    def measure(self, name: str) -> pl.DataFrame:
        """A published statistic, such as ``levels``; ``esco-kg measure --list`` lists them.

        Read from the release's own table; asked of its graphs where the release does not publish it.
        """
        from esco_kg.library.frames import frame_of, read_csv
        from esco_kg.statistics.measures import measure_named, run

        measure = measure_named(name)
        published = self.folder / "statistics" / f"{name}.csv"
        if not published.is_file():
            return frame_of(run(self._store, [name], base_iri=self.base_iri)[0])
        numbers = {c.name: c.type for c in measure.columns if c.type in ("integer", "decimal")}
        return read_csv(published, numbers)

    def query(self, name: str, **parameters: str | int | float) -> pl.DataFrame:
        """The answer of a saved query, such as ``cluster-members``, with its parameters by name."""
        from esco_kg.library.frames import frame_of
        from esco_kg.store.cookbook import query_named

        saved = query_named(name)
        given = {key: str(value) for key, value in parameters.items()}
        return frame_of(saved.table(self._store.select(saved.bound(self.base_iri, given, cluster_path(self.manifest)))))

    def sparql(self, query: str) -> pl.DataFrame:
        """The answer of a SELECT over all graphs of the release; each column is a string, numbers as written."""
        import polars as pl

        rows = self._store.select(query)
        values = [[None if term is None else term.value for term in row] for row in rows.terms]
        return pl.DataFrame(values, schema=dict.fromkeys(rows.columns, pl.String), orient="row")

    def graph(self, name: str) -> rdflib.Graph:
        """One graph (``clusters``, ``pillar``, ``codes``, ``catalogue``, ...) for rdflib, literals as published.

        Takes about a minute and 1.6 GB per million triples: to ask questions of the pillar, use :meth:`sparql`.
        """
        import rdflib

        if name not in self.manifest["graphs"]:
            held = ", ".join(sorted(self.manifest["graphs"]))
            raise InputError(str(self.folder), f"has no graph {name!r}", f"It has: {held}.")
        found = rdflib.Graph()
        # Without this, rdflib would rewrite literals such as "1.50"^^xsd:decimal in the graph handed back.
        normalise, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
        try:
            packed = self.folder / f"esco-kg-{self.version}-{name}.nt.gz"
            found.parse(data=gzip.decompress(packed.read_bytes()), format="nt")
        finally:
            rdflib.NORMALIZE_LITERALS = normalise
        return found

    def assign(self, texts: Sequence[str], language: str | None = None) -> pl.DataFrame:
        """One row per text: the ESCO skill that fits it, scores, and its cluster at each level."""
        import polars as pl

        assigner = self._assigner(self._known_language(language))
        rows = [row for batch in assigner.rows(({"text": text} for text in texts), "text") for row in batch]
        schema: dict[str, Any] = {"text": str, **assigner.columns}
        return pl.DataFrame(rows, schema=schema)

    def skills_in(self, texts: Sequence[str], language: str | None = None) -> pl.DataFrame:
        """One row per skill in each sentence or advertisement, plain or HTML: its place, score, and clusters.

        A text without any keeps one row whose status says why; ``text`` numbers the texts from 0.
        """
        import polars as pl

        from esco_kg.trials.advertisements import SkillFinder
        from esco_kg.trials.found_rows import FoundRows

        language = self._known_language(language)
        material = self._material(language)
        made = self._once(f"found rows {language}", lambda: FoundRows(material, SkillFinder.of(material)))
        rows = [row for number, text in enumerate(texts) for row in made.of_text({"text": number, "": text}, "")]
        schema: dict[str, Any] = {"text": int, **made.columns}
        return pl.DataFrame([{name: row[name] for name in schema} for row in rows], schema=schema)

    def recommend(
        self, skills: Sequence[str], what: Recommended = "skills", top: int = 10, language: str | None = None
    ) -> pl.DataFrame:
        """Skills to add to a profile, or occupations for it: IRI, label, score, the clusters that it came through.

        ``skills`` are labels or IRIs. Raises UsageError for a name that no skill has.
        """
        import polars as pl

        from esco_kg.trials.recommend import profile_of

        language = self._known_language(language)
        material, recommender = self._material(language), self._recommender(language)
        ask = recommender.skills if what == "skills" else recommender.occupations
        rows = [
            (found.key, material.label(found.key), found.score, [material.label(r.group) for r in found.reasons])
            for found in ask(profile_of(material, skills), top)
        ]
        schema: dict[str, Any] = {
            "iri": pl.String,
            "label": pl.String,
            "score": pl.Float64,
            "through": pl.List(pl.String),
        }
        return pl.DataFrame(rows, schema=schema, orient="row")

    def diff(self, other: Release | AnyPath) -> Comparison:
        """What changed from this release to another one."""
        from esco_kg.diff.compare import compare

        return compare(self.folder, other.folder if isinstance(other, Release) else Path(other))

    def verify(self, key: str = "") -> Verification:
        """Compute every hash again and compare it with the manifest; ``key`` is the publisher's public key, a file."""
        from esco_kg.folder.verify import verify

        return verify(self.folder, key)

    @cached_property
    def _clusters(self) -> pl.DataFrame:
        return self._read("clusters", {"depth": "integer", "skills": "integer"})

    @cached_property
    def _store(self) -> ReleaseStore:
        from esco_kg.store.local import open_release

        return open_release(self.folder)

    @cached_property
    def _kept(self) -> dict[str, Any]:
        """What was read or made once, by its name."""
        return {}

    def _table(self, name: str, numbers: dict[str, str]) -> pl.DataFrame:
        return self._once(name, lambda: self._read(name, numbers))

    def _read(self, name: str, numbers: dict[str, str]) -> pl.DataFrame:
        from esco_kg.library.frames import read_csv

        return read_csv(self.folder / f"esco-kg-{self.version}-{name}.csv", numbers)

    def _known_language(self, language: str | None) -> str:
        if language is None:
            return self.main_language
        if language not in self.languages:
            hint = f"It has {', '.join(self.languages)}; give one of them."
            raise UsageError(f"release {self.version} has no texts in {language!r}", hint)
        return language

    def _known_cluster(self, cluster: str) -> str:
        if cluster not in self._clusters["id"]:
            hint = "release.clusters() lists them."
            raise UsageError(f"release {self.version} has no cluster {cluster!r}", hint)
        return cluster

    def _below(self, cluster: str) -> list[str]:
        """The cluster and all that lie below it."""
        parents = dict(zip(self._clusters["id"], self._clusters["parent"], strict=True))
        found = {self._known_cluster(cluster)}
        for identifier in self._clusters.sort("depth")["id"]:
            if parents[identifier] in found:
                found.add(identifier)
        return sorted(found)

    def _text(self, kind: str, language: str) -> pl.Expr:
        import polars as pl

        columns = [f"{kind}_{tag}" for tag in (language, self.main_language)]
        return pl.coalesce(*(pl.col(c) for c in columns if c in self._clusters.columns), pl.lit(None, pl.String))

    def _skill(self, name: str) -> str:
        from esco_kg.trials.recommend import profile_of

        if name in self.allocations()["skill"]:
            return name
        return profile_of(self._material(self.main_language), [name])[0]

    def _skill_labels(self, language: str) -> pl.DataFrame:
        import polars as pl

        if language == "en":  # the table of allocations has these
            return pl.DataFrame(schema={"skill": pl.String, "label": pl.String})
        material = self._material(language)
        labels = [(iri, material.label(iri)) for iri in material.skills]
        return pl.DataFrame(labels, schema={"skill": pl.String, "label": pl.String}, orient="row")

    def _material(self, language: str) -> Material:
        from esco_kg.folder.material import read_material

        return self._once(f"material {language}", lambda: read_material(self.folder, language))

    def _recommender(self, language: str) -> Recommender:
        from esco_kg.trials.groupings import Groupings
        from esco_kg.trials.recommend import Recommender

        return self._once(f"recommender {language}", lambda: Recommender(Groupings(self._material(language))))

    def _assigner(self, language: str) -> Assigner:
        from esco_kg.matching.models import text_model
        from esco_kg.trials.assign import Assigner, read_calibration

        material = self._material(language)
        return self._once(
            f"assigner {language}",
            lambda: Assigner(material, text_model("ngrams", material.skills, language), read_calibration()),
        )

    def _once(self, name: str, make: Callable[[], T]) -> T:
        if name not in self._kept:
            self._kept[name] = make()
        return cast(T, self._kept[name])
