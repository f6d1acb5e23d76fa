"""Which skills are in which clusters of a release, from the read-model's table ``allocations``."""

from __future__ import annotations

from collections.abc import Iterable

from esco_kg.web.releases.model import Cluster, Concept, Membership
from esco_kg.web.releases.statements import Statements

CONCEPT = (
    "c.id, c.iri, c.path, c.kind, coalesce(a.label, b.label, (SELECT label FROM labels WHERE concept = c.id"
    " ORDER BY language LIMIT 1), c.code, c.iri), coalesce("
    "CASE WHEN a.label IS NOT NULL THEN :language END, CASE WHEN b.label IS NOT NULL THEN 'en' END,"
    " (SELECT language FROM labels WHERE concept = c.id ORDER BY language LIMIT 1), ''),"
    " c.code, c.skill_type, c.reuse"
)
NAMED = (
    " LEFT JOIN labels a ON a.concept = c.id AND a.language = :language"
    " LEFT JOIN labels b ON b.concept = c.id AND b.language = 'en'"
)


class Memberships(Statements):
    """The places of skills. ``clusters`` are those of the release, by id."""

    clusters: dict[str, Cluster]

    def finest(self, identifier: str) -> list[str]:
        """Ids of the clusters of the finest level that lie in this one (itself, where it is one)."""
        cluster = self.clusters[identifier]
        if not cluster.children:
            return [identifier]
        return [leaf for child in cluster.children for leaf in self.finest(child)]

    def members(
        self, clusters: Iterable[str], language: str, rank: str = "primary", limit: int = -1
    ) -> list[Membership]:
        """Skills of these clusters of the finest level, most relevant first (see ``schema.sql``)."""
        ids = list(clusters)
        marks = ", ".join(f":id{n}" for n in range(len(ids)))
        # The best are chosen before they are named: a cluster of the top level has a thousand skills.
        chosen = f"cluster IN ({marks}) AND rank = :rank"
        best = f"SELECT * FROM allocations WHERE {chosen} ORDER BY relevance DESC, skill LIMIT :most"
        return self._memberships(
            "ORDER BY m.relevance DESC, m.skill",
            language,
            f"({best})",
            rank=rank,
            most=limit,
            **{f"id{n}": identifier for n, identifier in enumerate(ids)},
        )

    def members_in_order(
        self, cluster: str, language: str, rank: str = "primary", limit: int = -1, offset: int = 0
    ) -> list[Membership]:
        """Skills of a cluster at any level in the order of its page: the most typical first, then the most relevant."""
        ids = self.finest(cluster)
        marks = ", ".join(f":id{n}" for n in range(len(ids)))
        best = (
            "(SELECT a.*, coalesce(s.place, 1000000) AS place FROM allocations a LEFT JOIN strongest s"
            f" ON s.cluster = :cluster AND s.skill = a.skill AND a.rank = 'primary' WHERE a.cluster IN ({marks})"
            " AND a.rank = :rank ORDER BY place, a.relevance DESC, a.skill LIMIT :most OFFSET :skipped)"
        )
        chosen = {f"id{n}": identifier for n, identifier in enumerate(ids)}
        order = "ORDER BY m.place, m.relevance DESC, m.skill"
        values = {"cluster": cluster, "rank": rank, "most": limit, "skipped": offset}
        return self._memberships(order, language, best, **values, **chosen)

    def strongest(self, cluster: str, language: str, limit: int) -> list[Membership]:
        """The most typical skills of a cluster that has clusters below it."""
        chosen = (
            "(SELECT a.*, s.place FROM strongest s JOIN allocations a ON a.skill = s.skill AND a.rank = 'primary'"
            " WHERE s.cluster = :cluster AND s.place <= :most)"
        )
        return self._memberships("ORDER BY m.place", language, chosen, cluster=cluster, most=limit)

    def members_from_elsewhere(
        self, cluster: str, language: str, rank: str, limit: int
    ) -> tuple[list[Membership], int]:
        """(the most relevant, the number of all) skills of a further rank whose primary place is outside of a cluster.

        A skill that several parts of the cluster have is given once.
        """
        ids = self.finest(cluster)
        marks = ", ".join(f":id{n}" for n in range(len(ids)))
        values = {"rank": rank} | {f"id{n}": identifier for n, identifier in enumerate(ids)}
        chosen = (
            f"(SELECT a.*, max(a.relevance) FROM allocations a WHERE a.cluster IN ({marks}) AND a.rank = :rank AND NOT"
            " EXISTS (SELECT 1 FROM allocations own WHERE own.skill = a.skill AND own.rank = 'primary' AND own.cluster"
            f" IN ({marks})) GROUP BY a.skill)"
        )
        count = self._connection.execute(f"SELECT count(*) FROM {chosen}", values).fetchone()[0]
        best = f"(SELECT * FROM {chosen} ORDER BY relevance DESC, skill LIMIT :most)"
        order = "ORDER BY m.relevance DESC, m.skill"
        return self._memberships(order, language, best, **values, most=limit) if count else [], int(count)

    def count_members(self, clusters: Iterable[str], rank: str) -> int:
        ids = list(clusters)
        marks = ", ".join("?" for _ in ids)
        query = f"SELECT count(*) FROM allocations WHERE cluster IN ({marks}) AND rank = ?"
        return int(self._connection.execute(query, (*ids, rank)).fetchone()[0])

    def memberships(self, skill: int, language: str) -> list[Membership]:
        """The clusters of a skill: primary first, then used in and found under by weight, rejected ones last."""
        order = (
            "CASE m.rank WHEN 'primary' THEN 0 WHEN 'used-in' THEN 1 WHEN 'secondary' THEN 1 "
            "WHEN 'found-under' THEN 2 ELSE 3 END"
        )
        return self._memberships(
            f"WHERE m.skill = :skill ORDER BY {order}, m.weight DESC, m.cluster", language, skill=skill
        )

    def decided(self, clusters: Iterable[str], language: str) -> list[Membership]:
        """Skills of these clusters that an expert decided about, by label."""
        ids = list(clusters)
        marks = ", ".join(f":id{n}" for n in range(len(ids)))
        return self._memberships(
            f"WHERE m.cluster IN ({marks}) AND m.decision <> '' ORDER BY 5, c.iri, m.rank",
            language,
            **{f"id{n}": identifier for n, identifier in enumerate(ids)},
        )

    def _memberships(self, rest: str, language: str, source: str = "allocations", **values: object) -> list[Membership]:
        columns = "m.cluster, m.rank, m.weight, m.margin, m.runner_up, m.method, m.decision"
        rows = self._connection.execute(
            f"SELECT {CONCEPT}, {columns} FROM {source} m JOIN concepts c ON c.id = m.skill{NAMED} {rest}",
            {"language": language, **values},
        )
        return [Membership(Concept(*row[:9]), *row[9:]) for row in rows]

    def primary_of(self, skills: Iterable[int]) -> dict[int, str]:
        """Skill -> its primary cluster."""
        ids = list(skills)
        marks = ", ".join("?" for _ in ids)
        query = f"SELECT skill, cluster FROM allocations WHERE rank = 'primary' AND skill IN ({marks})"
        return dict(self._connection.execute(query, ids))

    def primary_places(self) -> dict[str, str]:
        """Skill IRI -> its primary cluster, for all skills."""
        query = "SELECT iri, cluster FROM allocations JOIN concepts c ON c.id = skill WHERE rank = 'primary'"
        return dict(self._connection.execute(query))

    def member_iris(self, identifier: str) -> set[str]:
        """IRIs of the primary skills of a cluster at any level."""
        ids = self.finest(identifier)
        marks = ", ".join("?" for _ in ids)
        named = "SELECT iri FROM allocations JOIN concepts c ON c.id = skill"
        rows = self._connection.execute(f"{named} WHERE rank = 'primary' AND cluster IN ({marks})", ids)
        return {iri for (iri,) in rows}
