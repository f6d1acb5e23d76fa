"""One table from several annotators: what most of them say of each text, and how far they agree."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from esco_kg.trials.review.agreement import krippendorff_alpha, with_interval

Text = tuple[str, str]  # its unit, its words
Opinions = Mapping[Text, Mapping[str, set[str]]]  # text -> annotator -> skills, none where nothing fits


def by_text(rows: Sequence[tuple[str, str, str, Sequence[str]]]) -> dict[Text, dict[str, set[str]]]:
    """Rows of (unit, text, annotator, skills of the label) -> the skills that each annotator gave each text."""
    found: dict[Text, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for unit, text, annotator, skills in rows:
        found[unit, text][annotator].update(skills[:1])
    return {text: dict(of) for text, of in found.items()}


def of_most(of: Mapping[str, set[str]]) -> list[str] | None:
    """The skills that more than half of the annotators gave a text; [] where more than half gave none; otherwise
    None."""
    votes = Counter(skill for skills in of.values() for skill in skills)
    chosen = sorted(skill for skill, number in votes.items() if 2 * number > len(of))
    none = sum(not skills for skills in of.values())
    return chosen if chosen or 2 * none > len(of) else None


def described(opinions: Opinions) -> dict[str, Any]:
    """What a report tells of the annotators: how many, the texts of two or more, Krippendorff's alpha on these.

    Two annotators agree on a text where they gave it the same skills; the interval is a bootstrap over texts.
    """
    several = [of for of in opinions.values() if len(of) > 1]
    choices = [[" ".join(sorted(of[name])) for name in sorted(of)] for of in several]
    alpha = with_interval(krippendorff_alpha, choices)
    return {
        "annotators": len({name for of in opinions.values() for name in of}),
        "texts_of_several": len(several),
        "disputed": sum(of_most(of) is None for of in opinions.values()),
        "alpha": alpha.value,
        "alpha_low": alpha.low,
        "alpha_high": alpha.high,
    }
