"""What is wrong in an RDF file as text: invalid IRIs and language tags, each with its line.

Whether one is valid is asked of the parser that reads files strictly, so that nothing passes here which it refuses
there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import pyoxigraph as ox

_TURTLE_LIKE = (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG, ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS, ox.RdfFormat.N3)
# A text of either length, a comment, what stands in angle brackets: in that order, so that none is seen in another.
_TOKEN = re.compile(
    r'(?P<text>"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\')'
    r"(?P<tag>@[^\s.,;\])}]*)?|(?P<comment>#[^\n]*)|<(?P<iri>[^<>\n\"]*)>",
    re.DOTALL,
)
_BAD_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_TAG = re.compile(r"[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--(?:ltr|rtl))?")  # Turtle's grammar; BCP 47 is asked of the parser
_NO_TAG = "is no language tag: parts of one to eight letters or digits, with - between (BCP 47)"
_WHERE = re.compile(r"^Parser error at line 1 .*?: | \(line 1\)$")
_KEPT = 1 << 16  # distinct terms that are remembered
_NO_UTF_8 = "is not UTF-8: save the file in UTF-8"
_UNREADABLE = "\ufffd"  # what stands for bytes that are not UTF-8
_LEFT_OUT = "urn:esco-kg:left-out"
_TAG_LEFT_OUT = "x-left-out"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault: ``line`` (0 where it is not known), ``value`` as it stands in the file ('' where it is no single
    term), what is wrong with it, and the ``place``: the file."""

    line: int
    value: str
    problem: str
    place: str = ""

    def at(self, place: str) -> Fault:
        """The same fault of this file."""
        return replace(self, place=place)

    def __str__(self) -> str:
        if not self.value:
            return self.problem
        return f"line {self.line}: {self.value} {self.problem}" if self.line else f"{self.value} {self.problem}"


def faults_of(content: bytes, form: ox.RdfFormat, base: str, error: str) -> list[Fault]:
    """Every fault of a file that a parser refused with ``error``: bad IRIs and tags, otherwise what the parser says."""
    found = [fault for fault, _ in _in_text(content)] if form in _TURTLE_LIKE else []
    if not found and form not in _TURTLE_LIKE:
        found = list(_of_terms(content, form, base))
    return sorted(set(found)) or [Fault(0, "", error)]


def without_faults(content: bytes, form: ox.RdfFormat) -> tuple[bytes, list[Fault]]:
    """The text with every bad IRI and tag replaced by one that :func:`faults_in` knows, and the faults."""
    if form not in _TURTLE_LIKE:
        return content, []
    text = content.decode("utf-8", errors="replace")
    parts, faults, end = [], list(_not_utf_8(content)), 0
    for fault, (start, stop) in _in_text(content):
        is_iri = fault.value.startswith("<")
        parts += [text[end:start], f"<{_LEFT_OUT}>" if is_iri else f"@{_TAG_LEFT_OUT}"]
        faults.append(fault)
        end = stop
    return "".join([*parts, text[end:]]).encode(), faults


def _not_utf_8(content: bytes) -> Iterator[Fault]:
    """The first byte that is not UTF-8; the statements of all such bytes are left out."""
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        yield Fault(line, f"byte 0x{content[error.start]:02X}", _NO_UTF_8)


def faults_in(quad: ox.Quad, content: bytes, known: list[Fault]) -> list[Fault]:
    """The faults of a statement's terms, each with the line where its text stands first; none where all are sound."""
    found = []
    for term in (quad.subject, quad.predicate, quad.object):
        if isinstance(term, ox.NamedNode):
            if term.value == _LEFT_OUT:
                found.append(known[0])
            elif why := _why_no_iri(term.value) if _SCHEME.match(term.value) else "is no IRI":
                found.append(_found(content, term.value, f"<{term.value}>", why))
        elif isinstance(term, ox.Literal) and _UNREADABLE in term.value and known[:1] and known[0].problem == _NO_UTF_8:
            found.append(known[0])
        elif isinstance(term, ox.Literal) and term.language:
            if term.language == _TAG_LEFT_OUT:
                found.append(known[0])
            elif why := _why_no_tag(term.language):
                found.append(_found(content, term.language, f"@{term.language}", why))
    return found


def _found(content: bytes, text: str, value: str, problem: str) -> Fault:
    place = content.find(text.encode())
    return Fault(content.count(b"\n", 0, place) + 1 if place >= 0 else 0, value, problem)


def _of_terms(content: bytes, form: ox.RdfFormat, base: str) -> Iterator[Fault]:
    parser = ox.parse(content, format=form, base_iri=base, lenient=True)
    try:
        for quad in parser:
            yield from faults_in(quad, content, [])
    except (SyntaxError, ValueError):
        return


def _in_text(content: bytes) -> Iterator[tuple[Fault, tuple[int, int]]]:
    """Faults of a text like Turtle, in order, with start and end of what is invalid."""
    text = content.decode("utf-8", errors="replace")
    line, counted = 1, 0
    for token in _TOKEN.finditer(text):
        iri, tag = token["iri"], token["tag"]
        if iri is not None and (said := _why_no_iri(_unescaped(iri))):
            start, value = token.start(), f"<{iri}>"
        elif tag is not None and (said := _why_no_tag(tag[1:])):
            start, value = token.start("tag"), tag
        else:
            continue
        line, counted = line + text.count("\n", counted, start), start
        yield Fault(line, value, said), (start, token.end())


@lru_cache(maxsize=_KEPT)
def _why_no_iri(iri: str) -> str:
    """Why this is no IRI, relative ones included; '' where it is one."""
    if sign := _BAD_IN_IRI.search(iri):
        return f"is no IRI: it holds {'a space' if sign[0] == ' ' else repr(sign[0])}"
    refused = _refused(f"<{iri}>")
    return f"is no IRI: {refused}" if refused else ""


@lru_cache(maxsize=_KEPT)
def _why_no_tag(tag: str) -> str:
    """Why this is no language tag; '' where it is one."""
    if not _TAG.fullmatch(tag):
        return _NO_TAG
    refused = _refused(f'"x"@{tag}')
    return f"is no language tag (BCP 47): {refused[0].lower()}{refused[1:]}" if refused else ""


def _refused(term: str) -> str:
    """What the parser says against a term of Turtle; '' where it takes it."""
    line = f"<urn:a:b> <urn:a:b> {term} ."
    try:
        for _ in ox.parse(line, format=ox.RdfFormat.TURTLE, base_iri="http://example.org/"):
            pass
    except (SyntaxError, ValueError) as error:
        return _WHERE.sub("", str(error)).replace("Invalid", "invalid")
    return ""


def _unescaped(iri: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), iri)
