"""One release, opened for reading: its clusters in memory, everything else in the read-model's tables."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from esco_kg.folder.reading import ReleaseFolder, cluster_path, main_language, source_of
from esco_kg.folder.tables import registry_of
from esco_kg.web.releases.cache import MODEL, MODEL_FILE, STORE, Progress, prepared
from esco_kg.web.releases.memberships import CONCEPT, NAMED, Memberships
from esco_kg.web.releases.model import Cluster, Concept, Sector, Texts
from esco_kg.web.releases.sectors import sector_names
from esco_kg.web.search.index import TYPES, Answer, Hit, search
from esco_kg.web.search.static_index import scripts


class ReleaseView(Memberships):
    """A release for reading. Safe for one thread at a time; each process opens its own."""

    def __init__(self, release: ReleaseFolder, caches: Path, listener: Progress = lambda name: None) -> None:
        self.release = release
        self.version = release.version
        self.manifest: dict[str, Any] = release.manifest
        self.origin: dict[str, Any] | None = release.manifest.get("origin")
        self.base = str(release.manifest["base_iri"])
        self.cluster_path = cluster_path(release.manifest)
        self.languages: list[str] = sorted(release.manifest["languages"])
        self.main_language = main_language(release.manifest)
        self.issued = str(release.manifest["issued"])
        self.source = source_of(release.manifest)
        self.cache = prepared(release, caches, listener)
        self.store = self.cache / STORE
        super().__init__(self.cache, self.cache / MODEL / MODEL_FILE)
        self.clusters = self._read_clusters()
        self.files = {file["name"]: file for file in release.manifest["files"]}

    def _read_clusters(self) -> dict[str, Cluster]:
        rows = self._connection.execute("SELECT id, document FROM clusters ORDER BY id")
        found = {identifier: Cluster.from_json(json.loads(document)) for identifier, document in rows}
        for cluster in found.values():
            cluster.main_language = self.main_language
        return found

    def _fact(self, name: str) -> Any:
        row = self._connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else None

    @cached_property
    def levels(self) -> dict[int, Texts]:
        """Depth -> name of the level per language."""
        return {int(depth): names for depth, names in sorted(self._fact("levels").items())}

    @cached_property
    def bases(self) -> dict[str, dict[str, Texts]]:
        """Basis of a relation -> its label and definition per language."""
        return dict(self._fact("bases"))

    @cached_property
    def titles(self) -> Texts:
        return dict(self._fact("scheme").get("titles", {}))

    @cached_property
    def descriptions(self) -> Texts:
        return dict(self._fact("scheme").get("descriptions", {}))

    @cached_property
    def sectors(self) -> dict[str, Sector]:
        """NACE 2.1 sections and divisions by code: the names the release carries, otherwise those of the program."""
        return sector_names(self.languages, self._fact("sectors"))

    @cached_property
    def registry(self) -> dict[str, Any]:
        """Cluster id -> its entry in the registry of ids."""
        return {entry.id: entry for entry in registry_of(self.release.folder, self.version)}

    @cached_property
    def moment(self) -> datetime:
        """When the release was issued; its content never changes after that."""
        return datetime.fromisoformat(self.issued).replace(tzinfo=UTC)

    @cached_property
    def counts(self) -> dict[str, int]:
        """Number of concepts per kind."""
        return dict(self._connection.execute("SELECT kind, count(*) FROM concepts WHERE kind <> '' GROUP BY kind"))

    @cached_property
    def depth(self) -> int:
        """Depth of the finest level."""
        return max(self.levels, default=1)

    def cluster_iri(self, identifier: str) -> str:
        """The IRI of a cluster."""
        return f"{self.base}{self.cluster_path}{identifier}"

    def cluster_of(self, iri: str) -> str:
        """The id of the cluster with this IRI, in use or retired; '' where it is that of no cluster."""
        start = f"{self.base}{self.cluster_path}"
        identifier = iri.removeprefix(start)
        return identifier if iri.startswith(start) and identifier in self.clusters else ""

    def current(self) -> list[Cluster]:
        """The clusters that are not retired, by id."""
        return [cluster for cluster in self.clusters.values() if not cluster.is_retired]

    @cached_property
    def top(self) -> list[Cluster]:
        """The clusters of the top level, largest first."""
        found = [cluster for cluster in self.current() if cluster.depth == 1]
        return sorted(found, key=lambda cluster: (-cluster.skills, cluster.id))

    def ancestors(self, identifier: str) -> list[Cluster]:
        """The clusters above this one, top level first."""
        above: list[Cluster] = []
        parent = self.clusters[identifier].parent
        while parent:
            above.insert(0, self.clusters[parent])
            parent = self.clusters[parent].parent
        return above

    def children(self, identifier: str) -> list[Cluster]:
        """The clusters one level below, largest first."""
        below = [self.clusters[child] for child in self.clusters[identifier].children]
        return sorted(below, key=lambda cluster: (-cluster.skills, cluster.id))

    def _concepts(self, query: str, language: str, **values: object) -> list[Concept]:
        rows = self._connection.execute(query, {"language": language, **values})
        return [Concept(*row) for row in rows]

    def concept(self, path: str, language: str = "en") -> Concept | None:
        """The concept of the pillar with this path (``skill/0005c151-...``), or None."""
        found = self._concepts(
            f"SELECT {CONCEPT} FROM concepts c{NAMED} WHERE c.path = :path AND c.kind <> ''", language, path=path
        )
        return found[0] if found else None

    def concept_of(self, iri: str, language: str = "en") -> Concept | None:
        """The concept of the pillar with this IRI, or None."""
        found = self._concepts(
            f"SELECT {CONCEPT} FROM concepts c{NAMED} WHERE c.iri = :iri AND c.kind <> ''", language, iri=iri
        )
        return found[0] if found else None

    def linked(self, concept: int, kind: str, language: str) -> list[Concept]:
        """Concepts a concept is linked to (see the kinds in ``schema.sql``), by label."""
        return self._concepts(
            f"SELECT {CONCEPT} FROM links l JOIN concepts c ON c.id = l.object AND c.kind <> ''{NAMED}"
            " WHERE l.subject = :concept AND l.kind = :kind ORDER BY 5, c.iri",
            language,
            concept=concept,
            kind=kind,
        )

    @cached_property
    def needs(self) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
        """(occupation -> its skills, skill -> the occupations that need it)."""
        skills: dict[int, list[int]] = defaultdict(list)
        occupations: dict[int, list[int]] = defaultdict(list)
        query = (
            "SELECT subject, object FROM links JOIN concepts c ON c.id = subject AND c.kind = 'occupation'"
            " WHERE links.kind IN ('essential', 'optional')"
        )
        for occupation, skill in self._connection.execute(query):
            skills[occupation].append(skill)
            occupations[skill].append(occupation)
        return skills, occupations

    def concepts_by_id(self, ids: Sequence[int], language: str) -> list[Concept]:
        """Concepts in the order of their numbers here."""
        marks = ", ".join(f":id{n}" for n in range(len(ids)))
        values = {f"id{n}": one for n, one in enumerate(ids)}
        found = self._concepts(f"SELECT {CONCEPT} FROM concepts c{NAMED} WHERE c.id IN ({marks})", language, **values)
        return sorted(found, key=lambda one: ids.index(one.id))

    def roots(self, kind: str, language: str) -> list[Concept]:
        """Groups (``group``) or ISCO groups (``isco``) without a broader concept, by code."""
        return self._concepts(
            f"SELECT {CONCEPT} FROM concepts c{NAMED} WHERE c.kind = :kind AND NOT EXISTS"
            " (SELECT 1 FROM links WHERE subject = c.id AND kind = 'broader') ORDER BY c.code, c.iri",
            language,
            kind=kind,
        )

    def of_kind(self, kind: str) -> Iterator[str]:
        """Paths of all concepts of a kind, sorted."""
        for (path,) in self._connection.execute("SELECT path FROM concepts WHERE kind = ? ORDER BY path", (kind,)):
            yield path

    def labels(self, concept: int) -> Texts:
        return dict(self._connection.execute("SELECT language, label FROM labels WHERE concept = ?", (concept,)))

    def texts(self, concept: int, language: str) -> dict[str, list[str]]:
        """Kind (alt, hidden, definition, scope, description) -> texts in this language; none where there is none."""
        found: dict[str, list[str]] = {kind: [] for kind in ("alt", "hidden", "definition", "scope", "description")}
        rows = self._connection.execute(
            "SELECT kind, texts FROM texts WHERE concept = ? AND language = ?", (concept, language)
        )
        return found | {kind: json.loads(texts) for kind, texts in rows}

    def sector_codes(self, occupation: int) -> list[str]:
        """NACE sections and divisions that the release links an occupation to."""
        rows = self._connection.execute("SELECT code FROM sectors WHERE occupation = ? ORDER BY code", (occupation,))
        return [code for (code,) in rows]

    def search(
        self, query: str, language: str, *, types: Iterable[str] = TYPES, limit: int = 20, others: bool = True
    ) -> list[Hit]:
        """Hits in ``language`` first, then in the main language, then in the others."""
        return list(self.find(query, language, types=types, limit=limit, others=others).hits)

    def find(
        self, query: str, language: str, *, types: Iterable[str] = TYPES, limit: int = 20, others: bool = True
    ) -> Answer:
        """The same with the query as it was meant (see :mod:`esco_kg.matching.finder`)."""
        known: list[str] = self._search_languages
        order = [tag for tag in (language, *((self.main_language, *known) if others else ())) if tag in known]
        return search(self._connection, query, order, types=types, limit=limit)

    def search_scripts(self, language: str, with_skills: bool, type_names: list[str]) -> Iterator[tuple[str, str]]:
        """The index of a language for the static site; without pages for skills, a skill leads to its cluster."""
        homes = {} if with_skills else self._homes()

        def address(kind: str, target: str) -> str:
            path = target if with_skills or kind != "skill" else homes.get(target, "")
            return f"{quote(path)}.html" if path else ""

        if language in self._search_languages:
            yield from scripts(self._connection, language, address, type_names)

    def _homes(self) -> dict[str, str]:
        """Path of a skill -> path of its primary cluster."""
        rows = self._connection.execute(
            "SELECT path, cluster FROM allocations JOIN concepts c ON c.id = skill WHERE rank = 'primary'"
        )
        return {path: f"cluster/{cluster}" for path, cluster in rows}

    @cached_property
    def _search_languages(self) -> list[str]:
        return list(self._fact("search languages"))
