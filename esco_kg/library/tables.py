"""The tables of a release as data frames, each read when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from esco_kg.errors import UsageError
from esco_kg.folder.reading import main_language, read_manifest, table_file

if TYPE_CHECKING:
    import polars as pl

    from esco_kg.folder.material import Material

T = TypeVar("T")


class ReleaseTables:
    """The tables of :class:`esco_kg.Release`."""

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

    def material(self, language: str | None = None) -> Material:
        """ESCO's texts and links with the clusters, in one language, by default the main one: what testers work with.

        Raises UsageError for a language that the release lacks.
        """
        from esco_kg.folder.material import read_material

        chosen = self._known_language(language)
        return self.once(f"material {chosen}", lambda: read_material(self.folder, chosen))

    @cached_property
    def _clusters(self) -> pl.DataFrame:
        return self._read("clusters", {"depth": "integer", "skills": "integer"})

    @cached_property
    def _kept(self) -> dict[str, Any]:
        """What was read or made once, by its name."""
        return {}

    def _table(self, name: str, numbers: dict[str, str]) -> pl.DataFrame:
        return self.once(name, lambda: self._read(name, numbers))

    def _read(self, name: str, numbers: dict[str, str]) -> pl.DataFrame:
        from esco_kg.library.frames import read_csv

        return read_csv(table_file(self.folder, self.version, name), numbers)

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
        return profile_of(self.material(self.main_language), [name])[0]

    def _skill_labels(self, language: str) -> pl.DataFrame:
        import polars as pl

        if language == "en":  # the table of allocations has these
            return pl.DataFrame(schema={"skill": pl.String, "label": pl.String})
        material = self.material(language)
        labels = [(iri, material.label(iri)) for iri in material.skills]
        return pl.DataFrame(labels, schema={"skill": pl.String, "label": pl.String}, orient="row")

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What ``make`` makes, made once under this name and kept."""
        if name not in self._kept:
            self._kept[name] = make()
        return cast(T, self._kept[name])
