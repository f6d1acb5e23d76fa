"""The pillar that a release republishes, read back from its graph, line by line.

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
from typing import cast

from esco_kg.errors import InputError
from esco_kg.folder.reading import TAKE_AGAIN
from esco_kg.model.pillar import (
    IscoGroup,
    Language,
    Necessity,
    Occupation,
    Pillar,
    ReuseLevel,
    Skill,
    SkillGroup,
    SkillType,
    Texts,
)
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
# The thematic lists that put skills into branches of their own, by the end of the IRI that ESCO gives them.
_LISTS = {
    "green": "green",
    "digital": "digital",
    "6c930acd-c104-4ece-acf7-f44fd7333036": "digital",
    "skill-transversal-groups": "transversal",
    "skill-language-groups": "language",
    "research": "research",
    "digcomp": "digcomp",
}


def read_pillar(path: Path, version: str, languages: tuple[Language, ...]) -> Pillar:
    """ESCO ``version`` as a release republishes it, with all that clusters are made from.

    ``path`` is the packed graph ``pillar``. Texts are read in ``languages`` and in English, which labels fall back to.
    Raises InputError where the file is missing, cut short or not in the form described above.
    """
    lines = _read_lines(path, {*languages, "en"})
    found = Pillar(version, languages)
    _add_concepts(found, lines)
    known = found.skills.keys() | found.skill_groups.keys()
    for child, parents in lines.links["broader"].items():
        (found.skill_broader if child in known else found.occupation_broader).extend((child, p) for p in parents)
    necessities: tuple[Necessity, ...] = ("essential", "optional")
    for necessity in necessities:
        for owner, skills in lines.links[necessity].items():
            links = found.occupation_skills if owner in found.occupations else found.skill_skills
            links.extend((owner, skill, necessity) for skill in skills)
    for links_read in (found.skill_broader, found.occupation_broader, found.occupation_skills, found.skill_skills):
        links_read.sort()
    found.lists = _lists(found, lines)
    return found


@dataclass(slots=True)
class _GraphLines:
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


def _add_concepts(found: Pillar, lines: _GraphLines) -> None:
    links = lines.links
    parents = {iri: sorted(above) for iri, above in links["broader"].items()}
    for iri in sorted(links["type"]):
        kinds = links["type"][iri]
        texts, code = lines.texts(iri), lines.notations.get(iri, "")
        if f"{ESCO}Skill" in kinds:
            kind, reuse = (_last(links[name].get(iri)) for name in ("kind", "reuse"))
            found.skills[iri] = Skill(
                iri, texts, skill_type=cast(SkillType | None, kind), reuse_level=cast(ReuseLevel | None, reuse)
            )
        elif f"{ESCO}Occupation" in kinds:
            unit = _unit_group(iri, parents, lines)
            found.occupations[iri] = Occupation(
                iri, texts, isco=unit, code=code, nace=tuple(links["nace"].get(iri, ()))
            )
        elif iri in lines.isco:
            found.isco_groups[iri] = IscoGroup(iri, texts, code=code)
        elif texts and not any(kind.endswith("#ConceptScheme") for kind in kinds):
            found.skill_groups[iri] = SkillGroup(iri, texts, code=code)


def _last(iris: list[str] | None) -> str | None:
    return iris[0].rpartition("/")[2] if iris else None


def _lists(found: Pillar, lines: _GraphLines) -> dict[str, frozenset[str]]:
    members: dict[str, set[str]] = {}
    for skill in found.skills:
        for scheme in lines.links["scheme"].get(skill, ()):
            name = _LISTS.get(scheme.rpartition("/")[2])
            if name:
                members.setdefault(name, set()).add(skill)
    return {name: frozenset(skills) for name, skills in sorted(members.items())}


def _unit_group(occupation: str, parents: dict[str, list[str]], lines: _GraphLines) -> str:
    """The 4-digit code of the unit group above; an occupation may stand below another one."""
    above = list(parents.get(occupation, ()))
    while above:
        here = above.pop(0)
        if here in lines.isco:
            return lines.notations[here]
        above += parents.get(here, ())
    return ""


def _read_lines(path: Path, languages: Collection[Language]) -> _GraphLines:
    """Read a gzipped graph; texts in other languages are passed over.

    Raises InputError where the file is missing, cut short or not in the form described above.
    """
    found = _GraphLines(links={kind: defaultdict(list) for kind in _LINKS.values()})
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
        raise InputError(str(path), "the release lacks this graph", TAKE_AGAIN) from None
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
