"""ESCO as read: skills, groups, occupations, relations, thematic lists, and what was wrong with them.

Every IRI is a plain ``str`` without angle brackets. Collections are sorted by IRI, so that a loop over them gives the
same order in every run.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Language = str  # a lower-case BCP 47 tag as in ESCO's file names: "en", "pl"
SkillType = Literal["skill", "knowledge"]
ReuseLevel = Literal["sector-specific", "occupation-specific", "cross-sector", "transversal"]
Necessity = Literal["essential", "optional"]
_NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Texts:
    """What ESCO says of one concept in one language; an absent text is the empty string."""

    pref: str
    alt: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    description: str = ""
    definition: str = ""
    scope_note: str = ""


class LanguageTexts(Mapping[Language, Texts]):
    """The texts of one concept by language, in the order in which they came; the first language is read most.

    All but the first are kept as bytes and become :class:`Texts` when they are asked for: as objects, those of ESCO in
    28 languages take a gigabyte. No text may hold a character that separates files in ASCII; RDF/XML cannot either.
    """

    __slots__ = ("_first", "_others")
    _BETWEEN_TEXTS, _BETWEEN_LABELS = "\x1c", "\x1d"

    def __init__(self, texts: Mapping[Language, Texts] | None = None) -> None:
        self._first: tuple[Language, Texts] | None = None
        self._others: dict[Language, bytes] = {}
        for language, said in (texts or {}).items():
            self.add(language, said)

    def add(self, language: Language, texts: Texts) -> None:
        """Put texts in a further language."""
        if self._first is None or self._first[0] == language:
            self._first = language, texts
            return
        labels = (self._BETWEEN_LABELS.join(label) for label in (texts.alt, texts.hidden))
        parts = (texts.pref, *labels, texts.description, texts.definition, texts.scope_note)
        self._others[language] = self._BETWEEN_TEXTS.join(parts).encode()

    def keep(self, languages: Container[Language]) -> None:
        """Forget the texts in all other languages; those in the first one stay."""
        self._others = {language: said for language, said in self._others.items() if language in languages}

    def __getitem__(self, language: Language) -> Texts:
        if self._first is not None and self._first[0] == language:
            return self._first[1]
        parts = self._others[language].decode().split(self._BETWEEN_TEXTS)
        alt, hidden = (tuple(part.split(self._BETWEEN_LABELS)) if part else () for part in parts[1:3])
        return Texts(parts[0], alt, hidden, *parts[3:])

    def __iter__(self) -> Iterator[Language]:
        if self._first is not None:
            yield self._first[0]
        yield from self._others

    def __len__(self) -> int:
        return len(self._others) + (self._first is not None)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({dict(self)!r})"


@dataclass(frozen=True, slots=True)
class Concept:
    """What every ESCO concept has. ``modified`` is the lexical form read (``2016-12-20T19:37:05Z``) or empty."""

    iri: str
    texts: Mapping[Language, Texts]
    status: str = ""
    modified: str = ""
    in_scheme: tuple[str, ...] = ()

    def label(self, language: Language = "en") -> str:
        """The preferred label in this language, otherwise in English, otherwise in the first language there is,
        otherwise ''."""
        found = self.texts.get(language) or self.texts.get("en") or next(iter(self.texts.values()), None)
        return found.pref if found else ""


@dataclass(frozen=True, slots=True)
class Skill(Concept):
    """A skill, competence or knowledge concept. Blank type or reuse level (both occur) is None."""

    skill_type: SkillType | None = None
    reuse_level: ReuseLevel | None = None


@dataclass(frozen=True, slots=True)
class SkillGroup(Concept):
    """A group of the skills pillar. ``code``: ``S1.2.3``, ``T2``, ``L1``, ``K`` or an ISCED-F code (``0613``)."""

    code: str = ""


@dataclass(frozen=True, slots=True)
class IscoGroup(Concept):
    """An ISCO-08 group; ``code`` has 1 to 4 digits."""

    code: str = ""


@dataclass(frozen=True, slots=True)
class Occupation(Concept):
    """An occupation. ``isco``: the unit group's 4-digit code; ``code``: ``2654.1.7``; ``nace``: IRIs as in naceCode."""

    isco: str = ""
    code: str = ""
    nace: tuple[str, ...] = ()
    regulated: str = ""


@dataclass(frozen=True, slots=True)
class ConceptScheme(Concept):
    """One of ESCO's concept schemes, thematic lists among them."""

    top_concepts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RetiredConcept:
    """A withdrawn concept, which only the RDF dump has. ``kind`` is the type that tables call it by
    (``KnowledgeSkillCompetence``, ``Occupation``), ``label`` one in the first language read, or empty, ``replaced_by``
    the IRIs that stand in its place, as the dump says."""

    iri: str
    kind: str
    label: str
    replaced_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One file that was read: its name (no folder), SHA-256 in hex, size in bytes."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Repair:
    """One corrected cell of the input, or a file's layout (then ``column`` is empty): ``kind`` is that of the
    defect which counts it, ``place`` the ``file:line``."""

    kind: str
    place: str
    column: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Defect:
    """A harmless defect of the download, survived and reported.

    ``kind`` is a stable name (``label-repeated-as-alternative``, ``duplicate-row``, ``dangling-relation``,
    ``blank-skill-type``, ``redundant-broader``, ...), ``place`` the first ``file:line`` where it stands, ``count`` how
    often, ``example`` one value, ``values`` all of them for kinds whose every value is worth a look.
    """

    kind: str
    place: str
    count: int
    example: str
    explanation: str
    values: tuple[str, ...] = ()


@dataclass(slots=True)
class Pillar:
    """One ESCO version with all languages read.

    ``skill_broader`` holds (child, parent) among skills and skill groups, ``occupation_broader`` the same among
    occupations and ISCO groups. ``occupation_skills`` holds (occupation, skill, necessity), ``skill_skills`` (skill,
    related skill, necessity). All four are sorted and free of dangling ends. ``lists`` maps a thematic list (``green``,
    ``digital``, ``transversal``, ``language``, ``research``, ``digcomp``) to its members' IRIs. ``retired`` are
    withdrawn concepts, which the RDF dump alone has. ``said`` tells what was read and how, where a name did not tell
    it. ``is_extract``: the user said that a part of ESCO is meant.
    """

    version: str
    languages: tuple[Language, ...]
    skills: dict[str, Skill] = field(default_factory=dict)
    skill_groups: dict[str, SkillGroup] = field(default_factory=dict)
    occupations: dict[str, Occupation] = field(default_factory=dict)
    isco_groups: dict[str, IscoGroup] = field(default_factory=dict)
    schemes: dict[str, ConceptScheme] = field(default_factory=dict)
    skill_broader: list[tuple[str, str]] = field(default_factory=list)
    occupation_broader: list[tuple[str, str]] = field(default_factory=list)
    occupation_skills: list[tuple[str, str, Necessity]] = field(default_factory=list)
    skill_skills: list[tuple[str, str, Necessity]] = field(default_factory=list)
    lists: dict[str, frozenset[str]] = field(default_factory=dict)
    retired: dict[str, RetiredConcept] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    is_demonstration: bool = False
    is_extract: bool = False

    def keep_texts(self, languages: Container[Language]) -> None:
        """Forget what skills and occupations say in all other languages, to have the memory; groups keep their texts,
        for code lists show them."""
        for concept in (*self.skills.values(), *self.occupations.values()):
            if isinstance(concept.texts, LanguageTexts):
                concept.texts.keep(languages)


@dataclass(frozen=True, slots=True)
class Sector:
    """A NACE 2.1 section (``C``), division (``24``), group (``24.2``) or class (``24.20``)."""

    code: str
    level: int  # 1 section, 2 division, 3 group, 4 class
    parent: str  # code, "" for a section
    labels: dict[Language, str]


@dataclass(slots=True)
class SectorLinks:
    """Occupation -> NACE 2.1, from ``naceCode`` or the crosswalk.

    ``sections`` and ``divisions`` map an occupation IRI to {code: weight}; an occupation's weights add up to 1 (shared
    equally over its links, then aggregated), except that a link to a bare section letter reaches no division.
    ``raw`` keeps every link as read, as (occupation, code); ``repaired`` counts codes whose lost zero was restored.
    """

    structure: dict[str, Sector]
    sections: dict[str, dict[str, float]]
    divisions: dict[str, dict[str, float]]
    raw: list[tuple[str, str]]
    origin: str  # "naceCode", "crosswalk", or "none"
    esco_version: str = ""
    sources: list[Source] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)

    @property
    def known(self) -> bool:
        """Whether any occupation is linked to a sector at all."""
        return bool(self.sections)

    def shares(self) -> Iterator[tuple[str, str, float]]:
        """(occupation IRI, division, weight) in order; a section stands where it was linked by its bare letter.

        The weights of an occupation add up to 1.
        """
        for occupation in sorted(self.sections):
            divisions = self.divisions.get(occupation, {})
            bare = dict(self.sections[occupation])
            for division, weight in divisions.items():
                bare[self.structure[division].parent] -= weight
            # What is below this comes of floating-point numbers, not of a link.
            found = divisions | {section: weight for section, weight in bare.items() if weight > _NOTHING}
            for code, weight in sorted(found.items()):
                yield occupation, code, weight


def groups_above(pillar: Pillar) -> dict[str, frozenset[str]]:
    """Skill -> codes of the groups above it, through broader skills too. A cycle ends where it closes."""
    parents: dict[str, list[str]] = {}
    for child, parent in pillar.skill_broader:
        parents.setdefault(child, []).append(parent)
    found: dict[str, frozenset[str]] = {}
    for skill in sorted(pillar.skills):
        seen: set[str] = set()
        waiting = [skill]
        while waiting:
            for parent in parents.get(waiting.pop(), []):
                if parent not in seen:
                    seen.add(parent)
                    waiting.append(parent)
        found[skill] = frozenset(pillar.skill_groups[iri].code for iri in seen & pillar.skill_groups.keys())
    return found
