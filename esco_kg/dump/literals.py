"""The text of literals in each serialisation.

The quoted part of a canonical N-Triples literal is, character for character, a valid Turtle string and a valid JSON
string; only XML needs another escaping.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from esco_kg.dump.context import BOOLEAN, DECIMAL, INTEGER
from esco_kg.errors import InputError
from esco_kg.rdf.terms import Term, unpublishable

# Bare numbers in Turtle, only in the form that every parser gives back unchanged: rdflib reads -0 as 0, and gives
# 0.0000001 back as 1E-7.
_SHORT = {
    INTEGER: re.compile(r"-?[1-9][0-9]*|0"),
    DECIMAL: re.compile(r"-?(?:0|[1-9][0-9]{0,9})\.(?:[0-9]{0,5}[1-9]|0)"),
    BOOLEAN: re.compile("true|false"),
}
_JSON_INTEGER = re.compile(r"-?[1-9][0-9]{0,14}|0")
_ESCAPE = re.compile(r'\\(?:u([0-9A-F]{4})|([btnfr"\\]))')
_PLAIN = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}
_XML_SPECIAL = re.compile(r"[&<>\\\x7f-\x9f\ufffe\uffff]")


def turtle_literals(quoted: list[str], kind: str, suffix: str) -> list[str]:
    """Quoted texts of one datatype (``kind``) as Turtle writes them, numbers and booleans bare."""
    short = _SHORT.get(kind)
    if short is None:
        return [text + suffix for text in quoted]
    return [text[1:-1] if short.fullmatch(text[1:-1]) else text + suffix for text in quoted]


def json_value(quoted: str, kind: str) -> str:
    """Integers and booleans as JSON has them where that keeps the lexical form, otherwise the quoted text."""
    text = quoted[1:-1]
    if kind == INTEGER and _JSON_INTEGER.fullmatch(text):
        return text
    return text if kind == BOOLEAN and text in ("true", "false") else quoted


def xml_text(subject: Term, quoted: str) -> str:
    """A quoted text as the content of an XML element.

    Raises InputError, naming the subject, where it holds a character that XML 1.0 cannot carry (section 2.2).
    """
    text = quoted[1:-1]
    if not _XML_SPECIAL.search(text):
        return text
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else _PLAIN[found[2]], text)
    if wrong := unpublishable(text):
        raise InputError(
            subject,
            f"a text holds the character {wrong}, which RDF/XML cannot carry: {text[:60]!r}",
            "Remove the control character from the input.",
        )
    return escape(text).replace("\r", "&#13;")
