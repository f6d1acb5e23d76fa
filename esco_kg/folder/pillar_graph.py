"""The pillar graph of a release, read line by line into plain Python.

``esco-kg-<version>-pillar.nt.gz`` is canonical N-Triples of our own writing: one triple a line, one space between the
terms, sorted by subject. So a line is split rather than parsed, and a line of no use here costs nothing more.
"""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from esco_kg.errors import InputError
from esco_kg.model.pillar import Language, Texts
from esco_kg.rdf.namespaces import DCT, ESCO, RDF, SKOS

_ESCAPED = re.compile(r'\\(?:u([0-9A-F]{4})|U([0-9A-F]{8})|([tbnrf"\\]))')
_CHARACTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "\\": "\\"}
_LABELS = {f"<{SKOS}{name}>": name for name in ("prefLabel", "altLabel", "hiddenLabel", "definition", "scopeNote")}
_LINKS = {
    f"<{RDF}type>": "type",
    f"<{SKOS}broader>": "broader",
    f"<{ESCO}relatedEssentialSkill>": "essential",
    f"<{ESCO}relatedOptionalSkill>": "optional",
    f"<{ESCO}skillReuseLevel>": "reuse",
    f"<{ESCO}skillType>": "kind",
    f"<{ESCO}hasNACECode>": "nace",
    f"<{SKOS}inScheme>": "scheme",
}
_DESCRIPTION, _NODE_TEXT, _NOTATION = f"<{DCT}description>", f"<{ESCO}nodeLiteral>", f"<{SKOS}notation>"
_ISCO_08 = "^^<http://data.europa.eu/esco/Notation/ISCO08> .\n"


@dataclass(slots=True)
class GraphLines:
    """What the lines say, by IRI. ``links`` has a table per kind of link (see ``_LINKS``)."""

    labels: dict[str, dict[Language, dict[str, list[str]]]] = field(default_factory=dict)
    links: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    notations: dict[str, str] = field(default_factory=dict)
    isco: set[str] = field(default_factory=set)  # IRIs of ISCO-08 groups
    described_by: dict[str, list[str]] = field(default_factory=dict)
    nodes: dict[str, str] = field(default_factory=dict)

    def texts(self, iri: str) -> dict[Language, Texts]:
        """The texts of one concept by language; empty where the graph has none in the languages read."""
        found = {}
        for language, kinds in sorted(self.labels.get(iri, {}).items()):
            node = next((n for n in self.described_by.get(iri, ()) if n.endswith(f"/{language}")), "")
            found[language] = Texts(
                pref=kinds["prefLabel"][0] if kinds["prefLabel"] else "",
                alt=tuple(kinds["altLabel"]),
                hidden=tuple(kinds["hiddenLabel"]),
                description=self.nodes.get(node, ""),
                definition=" ".join(kinds["definition"]),
                scope_note=" ".join(kinds["scopeNote"]),
            )
        return found


def read_graph_lines(path: Path, languages: Collection[Language]) -> GraphLines:
    """Read a gzipped graph; texts in other languages are passed over.

    Raises InputError where the file is missing, cut short or not in the form described above.
    """
    found = GraphLines(links={kind: defaultdict(list) for kind in _LINKS.values()})
    wanted = {language.lower() for language in languages}
    number = 0  # lines read so far
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as stream:
            for line in stream:
                subject, predicate, term = line.split(" ", 2)
                number += 1
                if predicate in _LINKS:
                    found.links[_LINKS[predicate]][subject[1:-1]].append(term[1:-4])
                elif predicate in _LABELS:
                    text, language = _literal(term)
                    if language in wanted:
                        by_language = found.labels.setdefault(subject[1:-1], {})
                        by_language.setdefault(language, defaultdict(list))[_LABELS[predicate]].append(text)
                elif predicate == _NODE_TEXT:
                    if subject[subject.rindex("/") + 1 : -1] in wanted:
                        found.nodes[subject[1:-1]] = _literal(term)[0]
                elif predicate == _DESCRIPTION:
                    found.described_by.setdefault(subject[1:-1], []).append(term[1:-4])
                elif predicate == _NOTATION:
                    found.notations.setdefault(subject[1:-1], _literal(term)[0])
                    if term.endswith(_ISCO_08):
                        found.isco.add(subject[1:-1])
    except FileNotFoundError:
        raise InputError(str(path), "the release lacks this graph", "Take the release from its origin again.") from None
    except (OSError, EOFError, ValueError) as error:
        raise InputError(f"{path}:{number + 1}", f"no N-Triples of a release: {error}") from None
    return found


def _literal(term: str) -> tuple[str, str]:
    """``"text"@en .`` -> (text, en); a plain literal has the language ''."""
    end = term.rindex('"')
    text, tail = term[1:end], term[end + 1 :]
    language = tail[1 : tail.index(" ")] if tail.startswith("@") else ""
    return (_ESCAPED.sub(_character, text) if "\\" in text else text), language


def _character(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _CHARACTERS[found[3]]
