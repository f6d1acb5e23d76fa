"""Where a change of ours comes from: a change in ESCO, a decision in curation/, the method, or who gave the clusters.

The nearest cause is named first. A skill that is new, gone, or described, placed or used otherwise in ESCO moved
because of that. One with another expert decision than before moved because of the decision. What is left moved because
its surroundings did: with the method where the method is another one, otherwise with ESCO where its files are others,
otherwise with decisions about other skills.
Where nothing of these is another, the method is the cause: it starts from the release before. Of clusters that
their publisher gave otherwise than before, the publisher is the cause of all that no expert decided here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from esco_kg.diff.tables import Clusters
from esco_kg.model.changes import Cause, Change
from esco_kg.model.clustering import PACKAGES

_ORDER: tuple[Cause, ...] = ("esco", "decision", "method", "publisher", "")
_NEW, _GONE = "new in ESCO", "no longer in ESCO"


@dataclass(frozen=True, slots=True)
class Inputs:
    """How two releases were made, side by side: whether ESCO's files, decisions and the method are others; and
    whether the clusters of the later one are ``given`` by their publisher, in other files than before."""

    esco: bool
    decisions: bool
    method: bool
    given: bool = False

    @classmethod
    def of(cls, old: Mapping[str, Any], new: Mapping[str, Any]) -> Inputs:
        """Compare two manifests."""

        def hashes(manifest: Mapping[str, Any], key: str) -> set[str]:
            return {entry["sha256"] for entry in manifest.get(key, ())}

        def method(manifest: Mapping[str, Any]) -> tuple[object, ...]:
            settings, software = manifest.get("settings", {}), manifest.get("software", {})
            parts = [settings.get("clusters"), settings.get("identity"), manifest.get("method_sha256")]
            return (*parts, *(software.get(name) for name in (*PACKAGES, "esco-kg")))

        decisions = [hashes(manifest, "curation") for manifest in (old, new)]
        origins = [manifest.get("origin", {}) for manifest in (old, new)]
        theirs = [hashes(origin, "files") for origin in origins]
        esco = [
            hashes(manifest, "inputs") - decided - own
            for manifest, decided, own in zip((old, new), decisions, theirs, strict=True)
        ]
        # The level of the official hierarchy stands in words alone: it has no file.
        kinds = [(o.get("kind"), o.get("how") if o.get("kind") == "official" else None) for o in origins]
        given = bool(origins[1]) and (theirs[0] != theirs[1] or kinds[0] != kinds[1])
        is_other_esco = esco[0] != esco[1]
        return cls(is_other_esco, decisions[0] != decisions[1], method(old) != method(new), given)


class Causes:
    """Knows why a skill may have moved, and from that why a cluster changed.

    ``moved`` are the skills that came to or left each cluster.
    """

    def __init__(
        self, old: Clusters, new: Clusters, esco: Iterable[Change], inputs: Inputs, moved: Mapping[str, Set[str]]
    ) -> None:
        self._inputs = inputs
        self._esco: dict[str, set[str]] = defaultdict(set)
        for change in esco:
            for skill, reason in _touched(change):
                self._esco[skill].add(reason)
        self._decisions = [_decisions(side) for side in (old, new)]
        skills = sorted(set().union(*moved.values())) if moved else []
        causes = {skill: self.of_skill(skill)[0] for skill in skills}
        self._counted = {cluster: Counter(causes[skill] for skill in came) for cluster, came in moved.items()}

    def of_skill(self, skill: str) -> tuple[Cause, str]:
        """Cause and reason for a change of this skill's allocations."""
        was, now = (decisions.get(skill) for decisions in self._decisions)
        if was != now:
            return "decision", f"line {now[1]}" if now else f"line {was[1]} is no longer in force" if was else ""
        if self._inputs.given:
            return "publisher", "the clusters were given so"
        found = self._esco.get(skill, set())
        if found:
            return "esco", "; ".join(sorted(found & {_NEW, _GONE} or found))
        if self._inputs.method:
            return "method", "the clusters were made in another way"
        if self._inputs.esco:
            return "esco", "other skills changed"
        if self._inputs.decisions:
            return "decision", "decisions about other skills"
        return "method", "made again from the same inputs"

    def of_clusters(self, *clusters: str) -> tuple[Cause, str]:
        """The most frequent cause among the skills that came or left; where none did, what the inputs leave."""
        counted = sum((self._counted.get(cluster, Counter()) for cluster in clusters), Counter[Cause]())
        if not counted:
            inputs = self._inputs
            if inputs.given:
                return "publisher", ""
            return "decision" if inputs.decisions else "esco" if inputs.esco and not inputs.method else "method", ""
        cause = min(counted, key=lambda c: (-counted[c], _ORDER.index(c)))
        return cause, f"the cause for {counted[cause]:,} of {counted.total():,} skills that came or left"

    def of(self, change: Change) -> tuple[Cause, str]:
        """Cause and reason of any change of ours."""
        if change.about == "allocation":
            return self.of_skill(change.subject)
        return self.of_clusters(change.subject, *(change.others if change.about == "cluster relation" else ()))


def _touched(change: Change) -> Iterable[tuple[str, str]]:
    if change.about == "skill" and change.kind not in ("dated", "re-listed"):
        yield (
            change.subject,
            {"added": "new in ESCO", "removed": "no longer in ESCO"}.get(change.kind, f"{change.kind} in ESCO"),
        )
    elif change.about == "occupation link":
        yield change.others[0], "other occupations need it"
    elif change.about == "skill link":
        for skill in (change.subject, *change.others):
            yield skill, "linked to other skills"


def _decisions(side: Clusters) -> dict[str, tuple[str, str]]:
    """Skill -> (method and file, decision as written) of its primary allocation, where a decision stands behind it."""
    return {
        skill: (f"{row.method} {row.decision.rsplit(':', 1)[0]}", row.decision)
        for (skill, _), row in side.allocations.items()
        if row.rank == "primary" and row.decision
    }
