"""ESCO as read, in ESCO's own terms: the graph ``pillar``.

The properties are those of the Commission's published Turtle and of ``dictionary_en.csv``. Defects of the download are
republished as they are; they are reported where it was read. Blocks are made one at a time, when their turn comes.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from esco_kg.config import Config
from esco_kg.errors import InputError
from esco_kg.model.pillar import Concept, ConceptScheme, IscoGroup, Occupation, Pillar, Skill, SkillGroup, Texts
from esco_kg.rdf.namespaces import DCT, ESCO, ISO_THES, SKOS
from esco_kg.rdf.terms import RDF_TYPE, Block, Term, is_moment, plain, text, typed
from esco_kg.scheme.iris import Iris, escaped, term

PREF, ALT, HIDDEN = f"<{SKOS}prefLabel>", f"<{SKOS}altLabel>", f"<{SKOS}hiddenLabel>"
DEFINITION, SCOPE_NOTE, DESCRIPTION = f"<{SKOS}definition>", f"<{SKOS}scopeNote>", f"<{DCT}description>"
BROADER, NARROWER, IN_SCHEME = f"<{SKOS}broader>", f"<{SKOS}narrower>", f"<{SKOS}inScheme>"
NOTATION, MODIFIED, STATUS = f"<{SKOS}notation>", f"<{DCT}modified>", f"<{ISO_THES}status>"
REPLACED = f"<{DCT}isReplacedBy>"
HAS_TOP = f"<{SKOS}hasTopConcept>"
RELATED = {"essential": f"<{ESCO}relatedEssentialSkill>", "optional": f"<{ESCO}relatedOptionalSkill>"}
SKILL_FOR = {"essential": f"<{ESCO}isEssentialSkillFor>", "optional": f"<{ESCO}isOptionalSkillFor>"}

_CLASSES = {
    Skill: (f"<{ESCO}Skill>", f"<{ESCO}MemberConcept>", f"<{SKOS}Concept>"),
    Occupation: (f"<{ESCO}Occupation>", f"<{ESCO}MemberConcept>", f"<{SKOS}Concept>"),
    SkillGroup: (f"<{SKOS}Concept>",),
    IscoGroup: (f"<{SKOS}Concept>",),
    ConceptScheme: (f"<{SKOS}ConceptScheme>",),
}
_ESCO = "http://data.europa.eu/esco/"
_ISCO_08 = f"<{_ESCO}Notation/ISCO08>"


def pillar_blocks(pillar: Pillar, config: Config) -> Iterator[Block]:
    """Every ESCO concept and concept scheme, and the node literals of their descriptions, in subject order.

    Raises InputError where an IRI or a date of the input is none.
    """
    concepts: dict[Term, Concept] = {term(concept.iri, "the ESCO tables"): concept for concept in _concepts(pillar)}
    iris = Iris.of(config)
    links = _Links(pillar, {concept.iri: name for name, concept in concepts.items()})
    return heapq.merge(
        _concept_blocks(concepts, iris, links),
        _retired_blocks(pillar),
        _node_literals(concepts.values(), iris),
        key=lambda block: block.subject,
    )


def _concepts(pillar: Pillar) -> Iterator[Concept]:
    for table in (pillar.skills, pillar.skill_groups, pillar.occupations, pillar.isco_groups, pillar.schemes):
        yield from table.values()


class _Links:
    """Objects of every concept's links, by property: concept IRI -> terms."""

    def __init__(self, pillar: Pillar, terms: Mapping[str, Term]) -> None:
        self._terms = dict(terms)
        self.by_property: dict[Term, dict[str, list[Term]]] = {}
        broader, narrower = self._table(BROADER), self._table(NARROWER)
        for child, parent in (*pillar.skill_broader, *pillar.occupation_broader):
            broader[child].append(self.term(parent))
            narrower[parent].append(self.term(child))
        related = {necessity: self._table(predicate) for necessity, predicate in RELATED.items()}
        skill_for = {necessity: self._table(predicate) for necessity, predicate in SKILL_FOR.items()}
        for need, skill, necessity in (*pillar.occupation_skills, *pillar.skill_skills):
            related[necessity][need].append(self.term(skill))
            skill_for[necessity][skill].append(self.term(need))

    def _table(self, predicate: Term) -> dict[str, list[Term]]:
        return self.by_property.setdefault(predicate, defaultdict(list))

    def term(self, iri: str) -> Term:
        """One string object per IRI however often it is linked to: less memory, quicker look-ups later."""
        found = self._terms.get(iri)
        if found is None:
            found = self._terms[iri] = term(iri, "the ESCO tables")
        return found


def _concept_blocks(concepts: Mapping[Term, Concept], iris: Iris, links: _Links) -> Iterator[Block]:
    for name in sorted(concepts):
        concept = concepts[name]
        block = Block(name).add(RDF_TYPE, *_CLASSES[type(concept)])
        for language, texts in concept.texts.items():
            _add_texts(block, language, texts)
            if texts.description:
                block.add(DESCRIPTION, iris.node_literal(*iris.key(concept.iri), language))
        if concept.status:
            block.add(STATUS, plain(concept.status))
        if concept.modified:
            block.add(MODIFIED, _moment(concept))
        block.add(IN_SCHEME, *(links.term(scheme) for scheme in concept.in_scheme))
        for predicate, targets in links.by_property.items():
            if concept.iri in targets:
                block.objects[predicate] = set(targets[concept.iri])
        _add_own(block, concept, links)
        yield block


def _retired_blocks(pillar: Pillar) -> Iterator[Block]:
    """Withdrawn concepts, which the dump has, in subject order.

    They are no ``esco:Skill`` or ``esco:Occupation`` here, for these are counted and clustered.
    """
    blocks = []
    for concept in pillar.retired.values():
        block = (
            Block(term(concept.iri, "the RDF dump")).add(RDF_TYPE, f"<{SKOS}Concept>").add(STATUS, plain("obsolete"))
        )
        if concept.label:
            block.add(PREF, text(concept.label, pillar.languages[0]))
        block.add(REPLACED, *(term(successor, "the RDF dump") for successor in concept.replaced_by))
        blocks.append(block)
    return iter(sorted(blocks, key=lambda block: block.subject))


def _add_texts(block: Block, language: str, texts: Texts) -> None:
    if texts.pref:
        block.add(PREF, text(texts.pref, language))
    block.add(ALT, *(text(label, language) for label in texts.alt))
    block.add(HIDDEN, *(text(label, language) for label in texts.hidden))
    if texts.definition:
        block.add(DEFINITION, text(texts.definition, language))
    if texts.scope_note:
        block.add(SCOPE_NOTE, text(texts.scope_note, language))


def _moment(concept: Concept) -> Term:
    if not is_moment(concept.modified):
        raise InputError(
            concept.iri, f"modifiedDate {concept.modified!r} is no date and time", "Write it as 2016-12-20T19:37:05Z."
        )
    return typed(concept.modified, "dateTime")


def _add_own(block: Block, concept: Concept, links: _Links) -> None:
    """What only this class of concept has."""
    if isinstance(concept, Skill):
        if concept.skill_type:
            block.add(f"<{ESCO}skillType>", f"<{_ESCO}skill-type/{concept.skill_type}>")
        if concept.reuse_level:
            block.add(f"<{ESCO}skillReuseLevel>", f"<{_ESCO}skill-reuse-level/{concept.reuse_level}>")
    elif isinstance(concept, Occupation):
        if concept.code:
            block.add(NOTATION, plain(concept.code))
        block.add(f"<{ESCO}hasNACECode>", *(links.term(code) for code in concept.nace))
        if concept.regulated:
            is_iri = concept.regulated.startswith(("http://", "https://"))
            note = links.term(concept.regulated) if is_iri else plain(concept.regulated)
            block.add(f"<{ESCO}regulatedProfessionNote>", note)
    elif isinstance(concept, IscoGroup) and concept.code:
        block.add(NOTATION, plain(concept.code), f"{plain(concept.code)}^^{_ISCO_08}")
    elif isinstance(concept, SkillGroup) and concept.code:
        block.add(NOTATION, plain(concept.code))
    elif isinstance(concept, ConceptScheme):
        block.add(HAS_TOP, *(links.term(top) for top in concept.top_concepts))


def _node_literals(concepts: Iterable[Concept], iris: Iris) -> Iterator[Block]:
    """The descriptions as ESCO gives them: a node per language, in subject order."""
    described = [(*iris.key(c.iri), c) for c in concepts if any(t.description for t in c.texts.values())]
    # The character that ends each part of the IRI takes part in the order.
    described.sort(key=lambda item: f"{escaped(item[0])}/{escaped(item[1])}/")
    for kind, key, concept in described:
        for language in sorted(concept.texts, key=lambda language: f"{escaped(language)}>"):
            description = concept.texts[language].description
            if description:
                yield (
                    Block(iris.node_literal(kind, key, language))
                    .add(RDF_TYPE, f"<{ESCO}NodeLiteral>")
                    .add(f"<{ESCO}language>", plain(language))
                    .add(f"<{ESCO}nodeLiteral>", plain(description))
                )
