"""A release as an object: its tables as data frames, its graphs, questions to it, texts assigned by it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from esco_kg.errors import InputError, UsageError
from esco_kg.folder.reading import MANIFEST, cluster_path, graph_file
from esco_kg.library.plans import test
from esco_kg.library.recommendations import Recommended, recommend_items, recommend_records
from esco_kg.library.reviews import export, take_in
from esco_kg.library.tables import ReleaseTables
from esco_kg.library.texts import aggregate, assign_table, assigner, calibrate_table, found_rows

if TYPE_CHECKING:
    import polars as pl
    import rdflib

    from esco_kg.diff.compare import Comparison
    from esco_kg.diff.series import CarriedTable
    from esco_kg.folder.verify import Verification
    from esco_kg.library.files import AnyPath
    from esco_kg.model.findings import Table
    from esco_kg.store.local import ReleaseStore
    from esco_kg.trials.recommend import Recommender


class Release(ReleaseTables):
    """A published release. Tables are :class:`polars.DataFrame`; ``to_pandas()`` makes pandas of them.

    Nothing is read before it is asked for, and what was read is kept. Every method raises an error of
    :mod:`esco_kg.errors` where a file is missing or damaged. ``listener`` hears what takes long when it begins.
    """

    def __init__(self, folder: Path, listener: Callable[[str], None] = lambda name: None) -> None:
        super().__init__(folder)
        self._listener = listener

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if not name.startswith("_")]

    def measure(self, name: str) -> pl.DataFrame:
        """A published statistic, such as ``levels``; ``esco-kg measure --list`` lists them.

        Read from the release's own table; asked of its graphs where the release does not publish it.
        """
        from esco_kg.library.frames import read_csv
        from esco_kg.statistics.measures import measure_named, run

        measure = measure_named(name)
        published = self.folder / "statistics" / f"{name}.csv"
        if not published.is_file():
            return run(self._store, [name], base_iri=self.base_iri)[0].to_polars()
        numbers = {c.name: c.type for c in measure.columns if c.type in ("integer", "decimal")}
        return read_csv(published, numbers)

    def query(self, name: str, /, **parameters: str | int | float) -> pl.DataFrame:
        """The answer of a saved query, such as ``cluster-members``, with its parameters by name."""
        return self.answer(name, **parameters).to_polars()

    def answer(self, name: str, /, **parameters: str | int | float) -> Table:
        """The same with its question, and the types of its columns."""
        from esco_kg.library.queries import as_texts, query_named

        saved = query_named(name)
        if saved.needs:
            raise UsageError(f"the query {name} needs {saved.needs}", "Ask a store that holds them.")
        bound = saved.bound(self.base_iri, as_texts(parameters), cluster_path(self.manifest))
        return saved.table(self._store.select(bound))

    def own_answer(self, query: AnyPath) -> Table:
        """The answer of a SELECT in a file, over all graphs of the release together."""
        from esco_kg.store.own_query import over_release

        return over_release(Path(query), self.folder)

    def query_text(self, name: str, /, **parameters: str | int | float) -> str:
        """A saved query with its parameters and the graphs of this release, for any SPARQL client."""
        from esco_kg.library.queries import query_text
        from esco_kg.store.catalogue import Names

        graphs = [Names(self.base_iri).graph(self.version, graph) for graph in sorted(self.manifest["graphs"])]
        return query_text(name, self.base_iri, parameters, graphs, cluster_path(self.manifest))

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

        from esco_kg.folder.graphs import opened

        if name not in self.manifest["graphs"]:
            held = ", ".join(sorted(self.manifest["graphs"]))
            raise InputError(str(self.folder), f"has no graph {name!r}", f"It has: {held}.")
        found = rdflib.Graph()
        # Without this, rdflib would rewrite literals such as "1.50"^^xsd:decimal in the graph handed back.
        normalise, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
        try:
            with opened(graph_file(self.folder, self.version, name)) as stream:
                found.parse(data=stream.read(), format="nt")
        finally:
            rdflib.NORMALIZE_LITERALS = normalise
        return found

    def assign(
        self,
        texts: Sequence[str],
        language: str | None = None,
        *,
        model: str = "ngrams",
        calibration: AnyPath | None = None,
        threshold: float | None = None,
    ) -> pl.DataFrame:
        """One row per text: the ESCO skill that fits it, scores, and its cluster at each level.

        ``model`` compares texts, ``calibration`` is a file of your own, ``threshold`` the score below which none fits.
        """
        import polars as pl

        key = f"assigner {language} {model} {calibration} {threshold}"
        made = self.once(key, lambda: assigner(self.material(language), model, calibration, threshold))
        rows = [row for batch in made.rows(({"text": text} for text in texts), "text") for row in batch]
        schema: dict[str, Any] = {"text": str, **made.columns}
        return pl.DataFrame(rows, schema=schema)

    def skills_in(self, texts: Sequence[str], language: str | None = None, *, threshold: float = 0.0) -> pl.DataFrame:
        """One row per skill in each sentence or advertisement, plain or HTML: its place, score, and clusters.

        A text without any keeps one row whose status says why; ``text`` numbers the texts from 0.
        """
        import polars as pl

        made = self.once(f"found rows {language} {threshold}", lambda: found_rows(self.material(language), threshold))
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

        found = self.recommend_records(skills, what, top, language)
        rows = [(r["key"], r["label"], r["score"], [reason["label"] for reason in r["reasons"]]) for r in found]
        through = pl.List(pl.String)
        schema: dict[str, Any] = {"iri": pl.String, "label": pl.String, "score": pl.Float64, "through": through}
        return pl.DataFrame(rows, schema=schema, orient="row")

    def recommender(self, language: str | None = None) -> Recommender:
        """What recommends, through the clusters of the finest level."""
        from esco_kg.trials.groupings import Groupings
        from esco_kg.trials.recommend import Recommender

        return self.once(f"recommender {language}", lambda: Recommender(Groupings(self.material(language))))

    recommend_records = recommend_records
    recommend_items = recommend_items
    assign_table = assign_table
    calibrate_table = calibrate_table
    aggregate = aggregate
    test = test
    review_export = export
    review_import = take_in

    def diff(self, other: Release | AnyPath) -> Comparison:
        """What changed from this release to another one."""
        from esco_kg.library.versions import compare

        return compare(self.folder, _folder(other), listener=self._listener)

    def bridge(self, other: Release | AnyPath, series: AnyPath, **options: Any) -> CarriedTable:
        """A table of counts by clusters of this release, carried over to another one; options as in
        :func:`esco_kg.bridge`."""
        from esco_kg.library.versions import bridge

        return bridge(self.folder, _folder(other), series, **options)

    def verify(self, key: AnyPath = "", *, is_thorough: bool = True) -> Verification:
        """Compute every hash again and compare it with the manifest; ``key`` is the publisher's public key, a file.

        ``is_thorough`` also parses each form of each graph and compares their triples.
        """
        from esco_kg.folder.verify import verify

        return verify(self.folder, str(key), is_thorough=is_thorough)

    def sign(self, program: Literal["minisign", "gpg"], key: AnyPath = "") -> Path:
        """Sign the manifest with a program that is installed; the file of the signature. :meth:`verify` first."""
        from esco_kg.folder.signature import sign

        return sign(self.folder / MANIFEST, program, str(key))

    def contents(self) -> str:
        """Which skills the clusters hold, as a file of ``curation/contents``."""
        from esco_kg.clusters.naming_sheet import contents_file

        return contents_file(self.folder)

    def names(self, language: str, contents: str = "") -> str:
        """The clusters that nobody gave a name in this language, as a file of ``curation/names`` to fill in."""
        from esco_kg.clusters.naming_sheet import names_sheet

        return names_sheet(self.folder, language, contents)

    @cached_property
    def _store(self) -> ReleaseStore:
        from esco_kg.store.local import open_release

        return open_release(self.folder, listener=self._listener)


def _folder(release: Release | AnyPath) -> Path:
    return release.folder if isinstance(release, Release) else Path(release)
