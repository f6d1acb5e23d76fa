"""Skills whose alternative labels are mostly those of one other skill: "write Chinese" has those of reading it."""

from __future__ import annotations

from collections import Counter, defaultdict

from esco_kg.esco.reading import Reading
from esco_kg.model.pillar import Language, Skill

_FEWEST = 3  # two labels in common are no sign of a mistake


def report_shared_labels(reading: Reading) -> None:
    """Count and list, per language, skills of which at least three and more than half of the alternative labels are
    labels of one other skill. Case does not count, nor do labels that repeat the preferred one."""
    for language in reading.download.languages:
        file = reading.download.tables.get(("skills", language))
        if file is None or not reading.known("skills"):
            continue
        for said in _shared(reading.pillar.skills, language):
            reading.tally.add("alternatives-of-another-skill", file.place, example=said, is_listed=True)


def _shared(skills: dict[str, Skill], language: Language) -> list[str]:
    labels: dict[str, set[str]] = {}
    owners: dict[str, set[str]] = defaultdict(set)
    for iri, skill in skills.items():
        if texts := skill.texts.get(language):
            own = texts.pref.casefold()
            labels[iri] = {label.casefold() for label in texts.alt} - {own}
            for label in (own, *labels[iri]):
                owners[label].add(iri)
    found = []
    for iri, own_labels in labels.items():
        counts = Counter(other for label in own_labels for other in owners[label] if other != iri)
        other = min(counts, key=lambda one: (-counts[one], one), default="")
        if other and counts[other] >= _FEWEST and 2 * counts[other] > len(own_labels):
            found.append(
                f"{skills[iri].label(language)}: {counts[other]} of {len(own_labels)} alternative labels are labels of "
                f"{skills[other].label(language)}"
            )
    return found
