"""Canonical N-Triples read as text: a release's own files need no parser, and no literal is rewritten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from esco_kg.rdf.terms import Block, Term

_ESCAPE = re.compile(r"\\(?:u([0-9A-F]{4})|U([0-9A-F]{8})|(.))")
_CHUNK = 1 << 20  # bytes of lines read at once
_CHARACTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "\\": "\\"}


class Place(NamedTuple):
    """Where a subject's lines stand in a file: offset and length in bytes."""

    offset: int
    length: int


def blocks_of(path: Path) -> Iterator[tuple[Block, Place]]:
    """Every subject of a sorted canonical N-Triples file with its triples and its place in the file."""
    block: Block | None = None
    start = offset = 0
    with path.open("rb") as stream:
        while lines := stream.readlines(_CHUNK):
            # Decoded together, which is quicker; the bytes of each line tell its length.
            for line, text in zip(lines, b"".join(lines).decode().split("\n"), strict=False):
                subject, predicate, term = text[:-2].split(" ", 2)
                if block is None or subject != block.subject:
                    if block is not None:
                        yield block, Place(start, offset - start)
                    block, start = Block(subject), offset
                    objects = block.objects
                if (terms := objects.get(predicate)) is None:
                    objects[predicate] = {term}
                else:
                    terms.add(term)
                offset += len(line)
    if block is not None:
        yield block, Place(start, offset - start)


def parse_block(lines: str) -> Block:
    """One subject's canonical N-Triples lines. Raises ValueError where there are none."""
    block: Block | None = None
    for line in lines.removesuffix("\n").split("\n"):
        if not line:
            continue
        subject, predicate, term = line[:-2].split(" ", 2)
        block = block or Block(subject)
        block.add(predicate, term)
    if block is None:
        raise ValueError("no triple")
    return block


def is_iri(term: Term) -> bool:
    return term[0] == "<"


def lexical(term: Term) -> str:
    """What a term says: the IRI without its brackets, a literal's text without quotes and escapes."""
    if term[0] == "<":
        return term[1:-1]
    text = term[1 : term.rindex('"')]
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def language(term: Term) -> str:
    """A literal's language tag, or ''."""
    rest = term[term.rindex('"') + 1 :] if term[0] == '"' else ""
    return rest[1:] if rest.startswith("@") else ""


def _character(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _CHARACTERS[found[3]]


def first(block: Block, predicate: Term, default: str = "") -> str:
    """The first value (in order) of a property, as text."""
    terms = block.objects.get(predicate)
    return lexical(min(terms)) if terms else default


def iris(block: Block, predicate: Term) -> list[str]:
    """The IRIs that are values of a property, sorted."""
    return sorted(term[1:-1] for term in block.objects.get(predicate, ()) if term[0] == "<")


def texts(block: Block, predicate: Term) -> dict[str, str]:
    """Language -> text of a property with one value a language."""
    return {language(term): lexical(term) for term in sorted(block.objects.get(predicate, ()), reverse=True)}
