"""Values that went and values that came, paired by what they are values of, and the word for each pair."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from esco_kg.diff.values import (
    NEEDS,
    RELATIONS,
    RELEASED,
    REPEATED,
    REPLACED_BY,
    STATUS,
    Value,
    compact,
    datatype,
    unquoted,
)
from esco_kg.diff.walk import Difference
from esco_kg.model.changes import Kind
from esco_kg.rdf.withdrawn import is_withdrawn, tells_withdrawal

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
            if predicate in REPEATED or predicate in NEEDS or predicate in RELATIONS:
                continue
            if _is_told(d, side, line, esco) or (esco and is_unsaid(d, side, line)):
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


def retagged(values: dict[Key, tuple[list[str], list[str]]]) -> list[tuple[str, str, str]]:
    """Take out of ``values`` the texts that only got another language tag: (field, old, new), each with its tag.

    Such a text is neither translated, nor is a translation lost. Where the old language has another text now, or the
    new one had another, these are reported as renamed.
    """
    found = []
    for (kind, field, language), (went, instead) in sorted(values.items()):
        for text in list(went) if not instead else ():
            others = [
                key for key, (had, came) in values.items() if key[:2] == (kind, field) and text in came and not had
            ]
            if len(others) == 1:
                went.remove(text)
                values[others[0]][1].remove(text)
                found.append((field, with_tag(text, language), with_tag(text, others[0][2])))
    for key in [key for key, sides in values.items() if not any(sides)]:
        del values[key]
    return found


def with_tag(text: str, language: str) -> str:
    """``kot@pl``; a text without a language alone."""
    return f"{text}@{language}" if language else text


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


def _is_told(d: Difference, side: int, line: str, esco: bool) -> bool:
    """Whether the words *deprecated*, *reinstated*, *replaced*, *split* or *merged* tell the statement already."""
    predicate, term = line.split(" ", 1)
    if d.old is None or d.new is None or d.old.is_deprecated == d.new.is_deprecated:
        # ESCO's successors have no words of their own: there they stand beside what is deprecated.
        return side == 1 and predicate == REPLACED_BY and term.startswith("<") and not esco
    if predicate == REPLACED_BY:
        return side == 1 and term.startswith("<") and (not esco or d.new.is_deprecated)
    # The mark itself, and the value of the same property that says the opposite on the other side.
    is_marked_side = side == int(d.new.is_deprecated)
    return is_withdrawn(predicate, term) if is_marked_side else tells_withdrawal(predicate)


def is_unsaid(d: Difference, side: int, line: str) -> bool:
    """Whether only one of two of ESCO's downloads says of something that it is released.

    All in a download is: the table of concept schemes has a column for it since 1.1.1 alone.
    """
    both = d.old is not None and d.new is not None
    return both and line == RELEASED and not any(line.startswith(STATUS) for line in (d.added, d.removed)[side])


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
