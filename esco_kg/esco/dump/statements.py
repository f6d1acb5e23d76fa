"""What a dump says that the tables say too, gathered from its triples in whatever order they come.

Facts of concepts are held in memory. Texts go to a file per language, for a dump of 28 languages has some 400 MB of
them; they are read back one language at a time. Statements of labels, texts and associations that no table has are
passed over, so memory grows with the number of concepts, not of triples.
"""

from __future__ import annotations

import marshal
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from esco_kg.rdf.namespaces import DCT, ESCO, ISO_THES, SKOS

_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_XL = "http://www.w3.org/2008/05/skos-xl#"
_PART = 20_000  # records that are written at once
# en-us repeats en; it is read where it is asked for, or where it is the only English.
_REPEATED = "en-us"
# Subjects that are neither concepts nor schemes, by far the most: nothing is kept of them but texts.
_APART = {f"{_XL}Label", f"{ESCO}NodeLiteral", f"{ESCO}AssociationObject", f"{ESCO}LabelRole"}

LABELS = {f"{SKOS}prefLabel": "pref", f"{SKOS}altLabel": "alt", f"{SKOS}hiddenLabel": "hidden", f"{DCT}title": "title"}
NOTES = {f"{DCT}description": "description", f"{SKOS}scopeNote": "scope", f"{SKOS}definition": "definition"}
FACTS = {
    f"{ISO_THES}status": "status",
    f"{DCT}modified": "modified",
    f"{DCT}isReplacedBy": "replaced",
    f"{SKOS}broader": "broader",
    f"{SKOS}inScheme": "scheme",
    f"{SKOS}hasTopConcept": "top",
    f"{ESCO}skillType": "type",
    f"{ESCO}skillReuseLevel": "reuse",
    f"{ESCO}hasNACECode": "nace",
    f"{ESCO}regulatedProfessionNote": "regulated",
    f"{ESCO}relatedEssentialSkill": "essential",
    f"{ESCO}relatedOptionalSkill": "optional",
}
"""Properties of concepts -> the names they have here. ``broaderTransitive``, ``narrower``, the inverses of the related
skills and the association objects repeat these, some of them only in part, so they are not read."""

Texts = dict[str, dict[str, list[str]]]
"""IRI -> (``pref``, ``alt``, ``hidden``, ``title``, ``description``, ``scope``, ``definition``) -> texts, in one
language."""


class Statements:
    """Facts by IRI, in ``facts``; types in ``types``; texts by language, by :meth:`texts`.

    ``languages``: those to read, None for all but ``en-us``. ``scratch``: a folder for the texts. ``triples`` counts
    what was read, ``roles`` the labels of each gender, which only the XL labels state.
    """

    def __init__(self, languages: Collection[str] | None, scratch: Path) -> None:
        self.facts: dict[str, dict[str, list[str]]] = {}
        self.types: dict[str, set[str]] = {}
        self.notations: dict[str, str] = {}
        self.seen: set[str] = set()
        self.roles: Counter[str] = Counter()
        self.triples = 0
        self._wanted = set(languages) if languages else None
        self._texts = _Spool(scratch)
        self._numbers: dict[str, int] = {}
        self._noted: dict[str, tuple[int, str]] = {}  # node of a text -> number of its concept, and which text
        self._language: dict[str, str] = {}  # of nodes whose text is not read yet
        self._waiting: dict[str, str] = {}  # texts of nodes whose language is not read yet
        self._apart = ""

    @property
    def languages(self) -> list[str]:
        """The languages of preferred labels that were read, sorted."""
        return sorted(self._texts.names() & self.seen)

    def read(self, triples: Iterable[ox.Quad]) -> None:
        """Take in every triple of a dump."""
        handlers = self._handlers()
        count = 0
        for subject, predicate, term, _ in triples:
            count += 1
            handle = handlers.get(predicate.value)
            if handle is not None:
                handle(subject.value, term)
        self.triples += count
        self._texts.finish()

    def texts(self, language: str) -> Texts:
        """All texts in a language."""
        iris = list(self._numbers)
        found: Texts = defaultdict(lambda: defaultdict(list))
        for owner, what, text in self._texts.records(language):
            if what == "node":
                noted = self._noted.get(owner)
                if noted:
                    found[iris[noted[0]]][noted[1]].append(text)
            else:
                found[iris[owner]][what].append(text)
        return found

    def _handlers(self) -> dict[str, Callable[[str, Any], None]]:
        handlers: dict[str, Callable[[str, Any], None]] = {
            _RDF_TYPE: self._type,
            f"{SKOS}notation": self._notation,
            f"{ESCO}language": self._node_language,
            f"{ESCO}nodeLiteral": self._node_text,
            f"{ESCO}hasLabelRole": self._role,
        }
        handlers |= {name: self._fact(short) for name, short in FACTS.items()}
        handlers |= {name: self._label(short) for name, short in LABELS.items()}
        handlers |= {name: self._note(short) for name, short in NOTES.items()}
        return handlers

    def _type(self, iri: str, term: Any) -> None:
        name = term.value
        if name in _APART:
            self._apart = iri
            self.facts.pop(iri, None)
        else:
            self.types.setdefault(iri, set()).add(name)

    def _fact(self, short: str) -> Callable[[str, Any], None]:
        facts = self.facts

        def keep(iri: str, term: Any) -> None:
            if iri != self._apart:
                facts.setdefault(iri, {}).setdefault(short, []).append(term.value)

        return keep

    def _notation(self, iri: str, term: Any) -> None:
        """An ISCO group has a plain notation and a typed one; the plain one is its code."""
        is_plain = term.datatype.value.endswith("#string")
        if is_plain or iri not in self.notations:
            self.notations[iri] = term.value

    def _label(self, short: str) -> Callable[[str, Any], None]:
        def keep(iri: str, term: Any) -> None:
            language = getattr(term, "language", None)
            if language and self._is_wanted(language):
                self._texts.add(language, (self._number(iri), short, term.value))

        return keep

    def _note(self, short: str) -> Callable[[str, Any], None]:
        """A text of a concept: a node that holds it, or the text itself."""

        def keep(iri: str, term: Any) -> None:
            if not isinstance(term, ox.Literal):
                self._noted[term.value] = (self._number(iri), short)
            elif term.language and self._is_wanted(term.language):
                self._texts.add(term.language, (self._number(iri), short, term.value))

        return keep

    def _node_language(self, node: str, term: Any) -> None:
        language = term.value.lower()
        text = self._waiting.pop(node, None)
        if text is None:
            self._language[node] = language
        elif self._is_wanted(language):
            self._texts.add(language, (node, "node", text))

    def _node_text(self, node: str, term: Any) -> None:
        language = self._language.pop(node, None) or term.language
        if not language:
            self._waiting[node] = term.value
        elif self._is_wanted(language):
            self._texts.add(language, (node, "node", term.value))

    def _role(self, label: str, term: Any) -> None:
        """The role is an IRI in some languages, and the text of that IRI in others."""
        self.roles[term.value.rsplit("/", 1)[-1]] += 1

    def _is_wanted(self, language: str) -> bool:
        self.seen.add(language)
        return language in self._wanted if self._wanted is not None else language != _REPEATED

    def _number(self, iri: str) -> int:
        return self._numbers.setdefault(iri, len(self._numbers))


class _Spool:
    """Records by language, written in parts to a file each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._here: dict[str, list[tuple[Any, str, str]]] = {}
        self._files: dict[str, Path] = {}

    def names(self) -> set[str]:
        return set(self._files)

    def add(self, language: str, record: tuple[Any, str, str]) -> None:
        part = self._here.get(language)
        if part is None:
            part = self._here[language] = []
            self._files[language] = self._folder / f"texts-{len(self._files)}"
        part.append(record)
        if len(part) >= _PART:
            self._write(language)

    def finish(self) -> None:
        for language in self._here:
            self._write(language)

    def _write(self, language: str) -> None:
        with self._files[language].open("ab") as out:
            marshal.dump(self._here[language], out)
        self._here[language] = []

    def records(self, language: str) -> Iterator[tuple[Any, str, str]]:
        """The records of a language, as they came. The file is our own, written by this process."""
        if language not in self._files:
            return
        with self._files[language].open("rb") as raw:
            end = self._files[language].stat().st_size
            while raw.tell() < end:
                yield from marshal.load(raw)
