"""RDF terms as canonical N-Triples strings, and graphs as streams of subject blocks.

A release of several million triples never stands in memory as objects: a stage yields one *block* per subject, in
the order of the subjects' N-Triples strings, and :mod:`esco_kg.dump` writes every serialisation from that one
stream. A term is the text it has in canonical N-Triples (RDFC-1.0, section 5): ``<iri>``, ``"text"@en``,
``"1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>``. There is no blank node anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

import pyoxigraph as ox

from esco_kg.rdf.namespaces import RDF, XSD

Term = str
RDF_TYPE: Term = f"<{RDF}type>"

_ESCAPES = {i: f"\\u{i:04X}" for i in (*range(0x20), 0x7F)}
_ESCAPES |= {0x08: "\\b", 0x09: "\\t", 0x0A: "\\n", 0x0C: "\\f", 0x0D: "\\r", 0x22: '\\"', 0x5C: "\\\\"}
_UNSAFE_IN_LITERAL = re.compile(r'[\x00-\x1f\x7f"\\]')
_HTTP = re.compile(r"https?://[^/?#]", re.IGNORECASE)
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?")
# Characters that XML 1.0 cannot carry (section 2.2), and so no graph with an RDF/XML form.
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def iri(value: str) -> Term:
    """``http://...`` -> ``<http://...>``. Raises ValueError where the text cannot be an IRI."""
    if not is_iri(value):
        raise ValueError(f"not an IRI: {value!r}")
    return f"<{value}>"


def is_iri(value: str) -> bool:
    """Whether the text is an IRI that may stand in RDF: absolute, and by the whole grammar of RFC 3987."""
    try:
        ox.NamedNode(value)
    except ValueError:
        return False
    return True


def is_http_iri(value: str) -> bool:
    """Whether the text is an IRI of the web: ``http`` or ``https`` with a host."""
    return _HTTP.match(value) is not None and is_iri(value)


def is_language_tag(value: str) -> bool:
    """Whether RDF readers take the text for a language tag (BCP 47, well-formed)."""
    try:
        ox.Literal("", language=value)
    except ValueError:
        return False
    return True


def is_moment(value: str) -> bool:
    """Whether the text is an xsd:dateTime of the calendar, such as ``2016-12-20T19:37:05Z``."""
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return _MOMENT.fullmatch(value) is not None


def unpublishable(value: str) -> str:
    """The first character of a text that not every serialisation can carry, as ``U+0001``; or an empty text."""
    found = _NOT_XML.search(value)
    return f"U+{ord(found[0]):04X}" if found else ""


def _quoted(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"' if _UNSAFE_IN_LITERAL.search(text) else f'"{text}"'


def text(value: str, language: str) -> Term:
    """A language-tagged literal; the tag is lower-cased, as every parser of ours does."""
    return f"{_quoted(value)}@{language.lower()}"


def plain(value: str) -> Term:
    """A literal of type xsd:string."""
    return _quoted(value)


def typed(value: str | int | float | bool, datatype: str) -> Term:
    """A literal of the XSD type with this local name, e.g. ``typed("2026-01-31", "date")``."""
    lexical = str(value).lower() if isinstance(value, bool) else str(value)
    return f"{_quoted(lexical)}^^<{XSD}{datatype}>"


def decimal(value: float, places: int = 4) -> Term:
    """An xsd:decimal in canonical form (no trailing zero, at least one digit after the point)."""
    digits = f"{value:.{places}f}".rstrip("0")
    digits = digits + "0" if digits.endswith(".") else digits
    return typed("0.0" if digits == "-0.0" else digits, "decimal")


def lexical(value: str | int | float | bool | None) -> str:
    """A value of a table as it stands in CSV and in RDF; None is the empty text.

    Never 1e-05: spreadsheets and xsd:decimal disagree on exponents.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{Decimal(repr(value)):f}" if isinstance(value, float) else str(value)


@dataclass(slots=True)
class Block:
    """All triples of one subject: predicate term -> set of object terms."""

    subject: Term
    objects: dict[Term, set[Term]] = field(default_factory=dict)

    def add(self, predicate: Term, *terms: Term) -> Block:
        """Add objects under a predicate; returns the block, so that calls can be chained."""
        if terms:
            self.objects.setdefault(predicate, set()).update(terms)
        return self

    def lines(self) -> list[str]:
        """The block's canonical N-Triples lines, sorted, without line ends."""
        return [
            f"{self.subject} {predicate} {term} ."
            for predicate in sorted(self.objects)
            for term in sorted(self.objects[predicate])
        ]


def in_order(blocks: Iterable[Block]) -> Iterator[Block]:
    """Pass blocks on, or raise ValueError where two are out of order or share a subject."""
    previous = ""
    for block in blocks:
        if block.subject <= previous:
            raise ValueError(f"block {block.subject} follows {previous}")
        previous = block.subject
        yield block
