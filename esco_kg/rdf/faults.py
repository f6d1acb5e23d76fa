"""What is wrong in an RDF file as text: IRIs and language tags that are none, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

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
# BCP 47, section 2.1, as far as Turtle's grammar and the length of subtags go.
_TAG = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*(?:--(?:ltr|rtl))?")
_NO_TAG = "is no language tag: parts of one to eight letters or digits, with - between (BCP 47)"
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
    """Every fault of a file that a parser refused with ``error``: bad IRIs and tags, else what the parser says."""
    found = [fault for fault, _ in _in_text(content)] if form in _TURTLE_LIKE else []
    if not found and form not in _TURTLE_LIKE:
        found = list(_of_terms(content, form, base))
    return sorted(set(found)) or [Fault(0, "", error)]


def without_faults(content: bytes, form: ox.RdfFormat) -> tuple[bytes, list[Fault]]:
    """The text with every bad IRI and tag replaced by one that :func:`sound_terms` knows, and the faults."""
    if form not in _TURTLE_LIKE:
        return content, []
    text = content.decode("utf-8", errors="replace")
    parts, faults, end = [], [], 0
    for fault, (start, stop) in _in_text(content):
        is_iri = fault.value.startswith("<")
        parts += [text[end:start], f"<{_LEFT_OUT}>" if is_iri else f"@{_TAG_LEFT_OUT}"]
        faults.append(fault)
        end = stop
    return "".join([*parts, text[end:]]).encode(), faults


def sound_terms(quad: ox.Quad, content: bytes, known: list[Fault]) -> Fault | None:
    """None where all terms are what they should be; else the fault, with the line where its text stands first."""
    for term in (quad.subject, quad.predicate, quad.object):
        if isinstance(term, ox.NamedNode):
            if term.value == _LEFT_OUT:
                return known[0]
            if _is_bad_iri(term.value, may_be_relative=False):
                return _found(content, term.value, f"<{term.value}>", "is no IRI")
        elif isinstance(term, ox.Literal) and term.language:
            if term.language == _TAG_LEFT_OUT:
                return known[0]
            if not _TAG.fullmatch(term.language):
                return _found(content, term.language, f"@{term.language}", _NO_TAG)
    return None


def _found(content: bytes, text: str, value: str, problem: str) -> Fault:
    place = content.find(text.encode())
    return Fault(content.count(b"\n", 0, place) + 1 if place >= 0 else 0, value, problem)


def _of_terms(content: bytes, form: ox.RdfFormat, base: str) -> Iterator[Fault]:
    parser = ox.parse(content, format=form, base_iri=base, lenient=True)
    try:
        for quad in parser:
            bad = sound_terms(quad, content, [])
            if bad is not None:
                yield bad
    except (SyntaxError, ValueError):
        return


def _in_text(content: bytes) -> Iterator[tuple[Fault, tuple[int, int]]]:
    """Faults of a text like Turtle, in order, with start and end of what is at fault."""
    text = content.decode("utf-8", errors="replace")
    line, counted = 1, 0
    for token in _TOKEN.finditer(text):
        iri, tag = token["iri"], token["tag"]
        if iri is not None and _is_bad_iri(_unescaped(iri), may_be_relative=True):
            start, value, said = token.start(), f"<{iri}>", _why(_unescaped(iri))
        elif tag is not None and not _TAG.fullmatch(tag[1:]):
            start, value, said = token.start("tag"), tag, _NO_TAG
        else:
            continue
        line, counted = line + text.count("\n", counted, start), start
        yield Fault(line, value, said), (start, token.end())


def _is_bad_iri(iri: str, *, may_be_relative: bool) -> bool:
    return bool(_BAD_IN_IRI.search(iri)) or not (may_be_relative or _SCHEME.match(iri))


def _why(iri: str) -> str:
    sign = _BAD_IN_IRI.search(iri)
    return f"is no IRI: it holds {'a space' if sign and sign[0] == ' ' else repr(sign[0] if sign else '')}"


def _unescaped(iri: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), iri)
