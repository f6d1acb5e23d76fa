"""A comparison of two versions as Markdown and as an HTML page, in which long lists fold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from esco_kg.model.changes import OTHERS_AFTER, Change, Delta
from esco_kg.notes.render import environment


@dataclass(frozen=True, slots=True)
class _Value:
    """A value with the name of what it is, where it is an IRI or an id that has one."""

    text: str
    names: tuple[str, ...]


def as_markdown(delta: Delta, verdict: Sequence[str], remarks: Sequence[str], limit: int) -> str:
    """For a pull request or a page: tables of what there is and of changes, then up to ``limit`` changes of each kind.

    ``verdict`` and ``remarks`` are sentences of :mod:`esco_kg.diff.report`.
    """
    return _rendered("comparison.md.j2", delta, verdict, remarks, limit, html=False)


def as_html(delta: Delta, verdict: Sequence[str], remarks: Sequence[str]) -> str:
    """A page that needs no other file, script or host: every change; lists of more than ten are folded."""
    return _rendered("comparison.html.j2", delta, verdict, remarks, 0, html=True)


def _rendered(
    template: str, delta: Delta, verdict: Sequence[str], remarks: Sequence[str], limit: int, *, html: bool
) -> str:
    groups = groupby(delta.changes, key=lambda change: (change.about, change.kind))
    text = (
        environment(html=html)
        .get_template(template)
        .render(
            delta=delta,
            verdict=verdict,
            remarks=remarks,
            limit=limit,
            groups=[(about, kind, [_told(change, delta) for change in changes]) for (about, kind), changes in groups],
            has_skills=any(count.skills or count.links for count in delta.counts),
        )
    )
    return re.sub(r"\n{3,}", "\n\n", text)


def _told(change: Change, delta: Delta) -> dict[str, object]:
    """What the templates say of a change."""
    others = tuple(other for other in change.others if other != change.new)
    # Of a thing whose IRI changed the values are IRIs, and not what they are called.
    value = _bare if change.kind in ("re-based", "re-identified") else _value
    old, new = change.values
    return {
        "subject": change.subject,
        "label": change.label,
        "is_iri": _is_iri(change.subject),
        "field": change.field,
        "language": change.language,
        "old": value(old, delta),
        "new": value(new, delta),
        "others": [_value(other, delta) for other in others],
        "before_others": OTHERS_AFTER.get(change.kind, ", "),
        "why": ": ".join(text for text in (change.cause, change.reason) if text),
    }


def _value(text: str, delta: Delta) -> _Value:
    parts = text.split()
    known = bool(parts) and all(part in delta.labels for part in parts)
    return _Value(text, tuple(delta.labels[part] for part in parts) if known else ())


def _bare(text: str, delta: Delta) -> _Value:
    return _Value(text, ())


def _is_iri(text: str) -> bool:
    return text.startswith(("http://", "https://"))
