"""Values that went and values that came, paired by what they are values of, and the word for each pair."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from esco_kg.diff.values import NEEDS, RELATIONS, REPEATED, REPLACED_BY, Value, compact, datatype, unquoted
from esco_kg.diff.walk import Difference
from esco_kg.model.changes import Kind
from esco_kg.rdf.withdrawn import is_withdrawn

Key = tuple[Kind, str, str]
"""A kind of change, the field, the language."""


def paired(
    d: Difference, value_of: Callable[[str, int], Value], *, esco: bool
) -> dict[Key, tuple[list[str], list[str]]]:
    """The texts that went and came of each field and language, without links, which are changes of their own.

    ``value_of`` reads a line of the old (0) or the new (1) version. The same text with another datatype is *typed*; in
    another node that says something else beside it, *altered*.
    """
    terms: dict[Key, tuple[dict[str, list[str]], dict[str, list[str]]]] = defaultdict(
        lambda: (defaultdict(list), defaultdict(list))
    )
    for side, lines in enumerate((d.removed, d.added)):
        for line in lines:
            predicate, term = line.split(" ", 1)
            if predicate in REPEATED or predicate in NEEDS or predicate in RELATIONS or _is_told(d, side, line):
                continue
            stated = value_of(line, side)
            terms[stated.kind, stated.field, stated.language][side][stated.text].append(term)
    found: dict[Key, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for (kind, field, language), (went, came) in terms.items():
        for side, texts in enumerate((went, came)):
            found[kind, field, language][side].extend(text for text in texts if text not in went or text not in came)
        for text in went.keys() & came.keys():
            key, values = _same_text(kind, field, language, text, (went[text], came[text]))
            # ESCO's nodes have their names from us, those of others are theirs.
            if not esco or key[0] == "typed":
                for side in (0, 1):
                    found[key][side].extend(values[side])
    return {key: values for key, values in found.items() if values[0] or values[1]}


def _same_text(
    kind: Kind, field: str, language: str, text: str, terms: tuple[list[str], list[str]]
) -> tuple[Key, tuple[list[str], list[str]]]:
    types = [[datatype(term) for term in sorted(side)] for side in terms]
    if all(types[0]) and all(types[1]):
        shown = [[_typed(text, name) for name in names] for names in types]
        return ("typed", field, language), (shown[0], shown[1])
    return ("altered", field, language), ([unquoted(t)[0] for t in terms[0]], [unquoted(t)[0] for t in terms[1]])


def _typed(text: str, name: str) -> str:
    return text if name.endswith("XMLSchema#string") else f"{text} as {compact(f'<{name}>')}"


def _is_told(d: Difference, side: int, line: str) -> bool:
    """Whether the words *deprecated*, *replaced*, *split* or *merged* tell the statement already."""
    if side == 0:
        return False
    predicate, term = line.split(" ", 1)
    is_new = d.old is not None and d.new is not None and d.new.is_deprecated and not d.old.is_deprecated
    return predicate == REPLACED_BY or (is_new and is_withdrawn(predicate, term))


def refined(kind: Kind, field: str, old: str | None, new: str | None, label_before: str) -> Kind:
    """The word that says what happened to a name, or to a place in the hierarchy; None: there was or is no value."""
    if kind == "renamed" and (old is None or new is None):
        # A first name at all is no translation.
        return ("translated" if old is None else "translation lost") if label_before else "renamed"
    if kind == "renamed" and old is not None and new is not None:
        if " ".join(old.split()) == " ".join(new.split()):
            return "white space"
        return "case" if old.casefold() == new.casefold() else "renamed"
    if kind == "moved" and field == "broader":
        return "parent replaced" if old and new else "parent gained" if new else "parent lost"
    return kind
