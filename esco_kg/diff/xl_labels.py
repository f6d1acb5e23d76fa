"""Names that stand in XL labels of their own: which things have them, and what they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from esco_kg.diff.sources import Source
from esco_kg.diff.values import in_english, text_of
from esco_kg.diff.walk import Difference, Side


def names_of(nodes: Mapping[str, Iterable[str]], source: Source) -> dict[str, str]:
    """Subject -> name, where ``nodes`` maps subjects to their XL labels. One walk, and none where there are no nodes.

    Of a vocabulary only the names that are asked for are held, never all.
    """
    wanted = {node for found in nodes.values() for node in found}
    texts: dict[str, tuple[str, str]] = {}
    for subject, lines in source() if wanted else ():
        if subject in wanted and (text := text_of(lines)):
            texts[subject] = text
    names = {subject: in_english(texts[node] for node in found if node in texts) for subject, found in nodes.items()}
    return {subject: name for subject, name in names.items() if name}


def with_names(differences: list[Difference], old: Source, new: Source) -> list[Difference]:
    """The differences, with the label on either side where it stands in an XL label."""
    before = names_of({d.was: d.old.label_nodes for d in differences if d.old and d.old.label_nodes}, old)
    after = names_of({d.subject: d.new.label_nodes for d in differences if d.new and d.new.label_nodes}, new)
    return [
        replace(d, old=_named(d.old, before.get(d.was)), new=_named(d.new, after.get(d.subject))) for d in differences
    ]


def _named(side: Side | None, name: str | None) -> Side | None:
    return replace(side, label=name) if side and name else side
