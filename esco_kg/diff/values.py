"""What a triple says, for people: the property's name, which kind of change it makes, the value without its quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from esco_kg.diff.blanks import NODE
from esco_kg.diff.sources import Lines
from esco_kg.model.changes import About, Kind
from esco_kg.rdf.namespaces import DCT, ESCO, ISO_THES, PREFIXES, RDF, RDFS, SKOS, SKOSXL, XKOS
from esco_kg.rdf.terms import RDF_TYPE
from esco_kg.rdf.withdrawn import is_withdrawn

PREF = f"<{SKOS}prefLabel>"
BROADER = f"<{SKOS}broader>"
NOTATION = f"<{SKOS}notation>"
REPLACED_BY = f"<{DCT}isReplacedBy>"
STATUS = f"<{ISO_THES}status> "
RELEASED = f'{STATUS}"released"'
NEEDS = {f"<{ESCO}relatedEssentialSkill>": "essential", f"<{ESCO}relatedOptionalSkill>": "optional"}
TOP_CONCEPT = f"<{SKOS}hasTopConcept>"
IN_SCHEME = f"<{SKOS}inScheme>"
_MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
# A top concept is one where its scheme says so, as ESCO's do; other vocabularies are turned to skos:topConceptOf.
RELATIONS = {*(f"<{SKOS}{name}>" for name in ("related", *_MATCHES, "member")), TOP_CONCEPT}
# What these state, others state too: each link is counted once.
REPEATED = {
    f"<{SKOS}narrower>", f"<{SKOS}broaderTransitive>", f"<{DCT}replaces>",
    f"<{ESCO}isEssentialSkillFor>", f"<{ESCO}isOptionalSkillFor>",
}  # fmt: skip
# Where a text may stand in a node of its own: the link to the node, and the node's property with the text.
TEXT_OF_NODE = (f"<{SKOSXL}literalForm> ", f"<{ESCO}nodeLiteral> ", f"<{RDF}value> ")
_LANGUAGE_OF_NODE = f"<{ESCO}language> "

_PROPERTIES: dict[str, tuple[Kind, str]] = {
    PREF: ("renamed", "preferredLabel"),
    f"<{SKOSXL}prefLabel>": ("renamed", "preferredLabel"),
    f"<{SKOS}altLabel>": ("re-described", "altLabels"),
    f"<{SKOSXL}altLabel>": ("re-described", "altLabels"),
    f"<{SKOS}hiddenLabel>": ("re-described", "hiddenLabels"),
    f"<{SKOSXL}hiddenLabel>": ("re-described", "hiddenLabels"),
    f"<{SKOS}definition>": ("re-described", "definition"),
    f"<{SKOS}scopeNote>": ("re-described", "scopeNote"),
    f"<{DCT}description>": ("re-described", "description"),
    NOTATION: ("re-coded", "code"),
    BROADER: ("moved", "broader"),
    f"<{SKOS}topConceptOf>": ("moved", "topConceptOf"),
    IN_SCHEME: ("re-listed", "inScheme"),
    RDF_TYPE: ("re-typed", "conceptType"),
    f"<{ESCO}skillType>": ("re-typed", "skillType"),
    f"<{ESCO}skillReuseLevel>": ("re-typed", "reuseLevel"),
    f"<{ISO_THES}status>": ("altered", "status"),
    f"<{ESCO}hasNACECode>": ("altered", "naceCode"),
    f"<{ESCO}regulatedProfessionNote>": ("altered", "regulatedProfessionNote"),
    f"<{DCT}modified>": ("dated", "modifiedDate"),
    f"<{DCT}issued>": ("dated", "releaseDate"),
    f"<{DCT}created>": ("dated", "createdDate"),
}
_PROPERTIES |= {f"<{XKOS}{name}>": ("re-described", name) for name in ("exclusionNote", "inclusionNote")}
_NOTES = ("note", "example", "changeNote", "editorialNote", "historyNote")
_PROPERTIES |= {f"<{SKOS}{name}>": ("re-described", name) for name in _NOTES}
_PROPERTIES |= {f"<{RDFS}{name}>": ("re-described", f"rdfs:{name}") for name in ("label", "comment")}
NODE_LINKS = tuple(f"{p} " for p, (kind, _) in _PROPERTIES.items() if kind in ("renamed", "re-described"))

_SKILL, _OCCUPATION = f"{RDF_TYPE} <{ESCO}Skill>", f"{RDF_TYPE} <{ESCO}Occupation>"
_COLLECTIONS = {f"{RDF_TYPE} <{SKOS}{name}Collection>" for name in ("", "Ordered")}
_SCHEME, _CONCEPT = f"{RDF_TYPE} <{SKOS}ConceptScheme>", f"{RDF_TYPE} <{SKOS}Concept>"
_ISCO_CODE = "^^<http://data.europa.eu/esco/Notation/ISCO08>"
_STRING = "http://www.w3.org/2001/XMLSchema#string"
_XL_LABEL = f"<{SKOSXL}prefLabel> "
_LABELS = (f"{PREF} ", _XL_LABEL)
_TITLES = (f"<{DCT}title> ", f"<{RDFS}label> ")
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_SINGLE = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


@dataclass(frozen=True, slots=True, order=True)
class Value:
    """One statement about a subject: ``field`` as in ESCO's tables or a compact IRI, ``text`` an IRI or a literal."""

    field: str
    language: str
    text: str
    kind: Kind = "altered"


def about(lines: Lines, esco: bool) -> About:
    """What kind of thing a block describes. ``esco``: a pillar, whose untyped concepts are groups or withdrawn."""
    types = {line for line in lines if line.startswith(RDF_TYPE)}
    if _SKILL in types:
        return "skill"
    if _OCCUPATION in types:
        return "occupation"
    if _SCHEME in types:
        return "concept scheme"
    if _CONCEPT not in types:
        return "collection" if types & _COLLECTIONS else "resource"
    if esco and is_deprecated(lines):
        # ESCO's dump keeps what is withdrawn, without its type.
        return "withdrawn concept"
    if any(line.endswith(_ISCO_CODE) for line in lines):
        return "ISCO group"
    return "skill group" if esco else "concept"


def value(line: str) -> Value:
    """The statement a line makes."""
    predicate, term = line.split(" ", 1)
    kind, field = _PROPERTIES.get(predicate) or ("altered", compact(predicate))
    text, language = unquoted(term)
    return Value(field, language, text, kind)


def compact(predicate: str) -> str:
    """``skos:related`` for a predicate of a vocabulary we know, otherwise its IRI."""
    iri = predicate[1:-1]
    return next((f"{p}:{iri.removeprefix(space)}" for p, space in PREFIXES.items() if iri.startswith(space)), iri)


def unquoted(term: str) -> tuple[str, str]:
    """Text and language of a term in N-Triples; an IRI without its brackets."""
    if not term.startswith('"'):
        return term.strip("<>"), ""
    body, _, rest = term[1:].rpartition('"')
    text = _ESCAPED.sub(_character, body) if "\\" in body else body
    if rest.startswith(f"^^<{NODE}"):
        return text, rest[len(NODE) + 3 :].partition(":")[0]
    return text, rest[1:] if rest.startswith("@") else ""


def datatype(term: str) -> str:
    """The datatype of a literal in N-Triples, a plain one's too; '' of a text with a language, a node, an IRI."""
    rest = term.rpartition('"')[2] if term.startswith('"') else "@"
    if rest.startswith("@") or NODE in rest:
        return ""
    return rest[3:-1] if rest else _STRING


def _character(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _SINGLE.get(found[3], found[3])


def text_of(lines: Lines) -> tuple[str, str] | None:
    """Text and language of a node that holds one, such as an XL label; None where it holds none."""
    for line in lines:
        if line.startswith(TEXT_OF_NODE):
            text, language = unquoted(line.split(" ", 1)[1])
            stated = next(
                (unquoted(o[len(_LANGUAGE_OF_NODE) :])[0] for o in lines if o.startswith(_LANGUAGE_OF_NODE)), ""
            )
            return text, language or stated
    return None


def label(lines: Lines) -> str:
    """The preferred label, in English if there is one; otherwise a title, as schemes have them."""
    for names in (_LABELS, _TITLES):
        terms = [line.split(" ", 1)[1] for line in lines if line.startswith(names)]
        if name := in_english(unquoted(term) for term in terms if term.startswith('"')):
            return name
    return ""


def in_english(texts: Iterable[tuple[str, str]]) -> str:
    """Of texts with their languages the English one, otherwise the first; '' of none."""
    found = list(texts)
    return next((text for text, language in found if language == "en"), found[0][0] if found else "")


def label_nodes(lines: Lines) -> list[str]:
    """The XL labels, by their terms, that hold preferred labels."""
    return [line[len(_XL_LABEL) :] for line in lines if line.startswith(f"{_XL_LABEL}<")]


def is_deprecated(lines: Lines) -> bool:
    """Whether the block marks what it describes as withdrawn: ``owl:deprecated``, or a mark of the European Union."""
    return any(is_withdrawn(*line.split(" ", 1)) for line in lines)


def objects(lines: Lines, predicate: str) -> list[str]:
    """The IRIs under a predicate."""
    return [line.split(" ", 1)[1][1:-1] for line in lines if line.startswith(f"{predicate} <")]
