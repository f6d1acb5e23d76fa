"""The pillar graph republishes what was read, defects included, in subject order and without holding it all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esco_kg.config import Config, read_config
from esco_kg.errors import InputError
from esco_kg.model.pillar import Pillar, Skill, SkillGroup, Texts
from esco_kg.rdf.namespaces import DCT, ESCO, ISO_THES, SKOS
from esco_kg.rdf.terms import RDF_TYPE, Block, in_order
from esco_kg.scheme import pillar_blocks
from tests.support import scheme_samples as sample

CONFIG: Config = read_config()


def blocks(pillar: Pillar) -> dict[str, Block]:
    return {block.subject[1:-1]: block for block in in_order(pillar_blocks(pillar, CONFIG))}


def said(block: Block, predicate: str) -> set[str]:
    return block.objects.get(f"<{predicate}>", set())


def test_a_skill_is_written_as_esco_writes_it() -> None:
    skill = blocks(sample.pillar())[sample.WELD]
    kinds = {f"<{ESCO}Skill>", f"<{ESCO}MemberConcept>", f"<{SKOS}Concept>"}
    assert skill.objects[RDF_TYPE] == kinds
    assert said(skill, f"{ESCO}skillType") == {"<http://data.europa.eu/esco/skill-type/skill>"}
    assert said(skill, f"{ESCO}skillReuseLevel") == {"<http://data.europa.eu/esco/skill-reuse-level/sector-specific>"}
    assert said(skill, f"{SKOS}prefLabel") == {'"weld"@en', '"schweißen"@de'}
    assert said(skill, f"{ISO_THES}status") == {'"released"'}
    assert said(skill, f"{ESCO}isEssentialSkillFor") == {f"<{sample.WELDER}>"}
    assert said(skill, f"{ESCO}relatedOptionalSkill") == {f"<{sample.SOLDER}>"}
    assert said(skill, f"{DCT}modified") == {'"2016-12-20T17:43:43Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>'}


def test_a_label_repeated_as_alternative_is_republished() -> None:
    """A defect of ESCO's that breaks SKOS S13; it is reported elsewhere, not mended here."""
    assert '"weld"@en' in said(blocks(sample.pillar())[sample.WELD], f"{SKOS}altLabel")


def test_blank_type_and_reuse_level_are_left_out() -> None:
    skill = replace(sample.pillar().skills[sample.LISTEN], skill_type=None, reuse_level=None)
    found = blocks(Pillar("1", ("en",), skills={skill.iri: skill}))[skill.iri]
    assert not said(found, f"{ESCO}skillType") and not said(found, f"{ESCO}skillReuseLevel")


def test_descriptions_are_node_literals_per_language() -> None:
    found = blocks(sample.pillar())
    nodes = said(found[sample.WELD], f"{DCT}description")
    assert nodes == {f"<{sample.BASE}node-literal/skill/0001-weld/{language}>" for language in ("en", "de")}
    german = found[f"{sample.BASE}node-literal/skill/0001-weld/de"]
    assert said(german, f"{ESCO}language") == {'"de"'}
    assert said(german, f"{ESCO}nodeLiteral") == {'"schweißen \\\\ & <so>."'}


def test_hierarchies_have_both_directions_and_isco_codes_are_typed() -> None:
    found = blocks(sample.pillar())
    group, isco = found["http://data.europa.eu/esco/skill/g1"], found["http://data.europa.eu/esco/isco/C7212"]
    assert said(group, f"{SKOS}narrower") == {f"<{sample.WELD}>", f"<{sample.SOLDER}>"}
    assert said(found[sample.WELD], f"{SKOS}broader") == {f"<{group.subject[1:-1]}>"}
    assert said(isco, f"{SKOS}notation") == {'"7212"', '"7212"^^<http://data.europa.eu/esco/Notation/ISCO08>'}
    occupation = found[sample.WELDER]
    assert said(occupation, f"{SKOS}notation") == {'"7212.1"'}
    assert said(occupation, f"{ESCO}hasNACECode") == {"<http://data.europa.eu/ux2/nace2.1/242>"}
    assert said(occupation, f"{ESCO}regulatedProfessionNote") == {
        "<http://data.europa.eu/esco/regulated-professions/unregulated>"
    }


@pytest.mark.parametrize("date", ["2016-12-20", "20 Dec 2016", "2016-13-20T00:00:00Z", "2016-12-20T20:40:12Zx"])
def test_a_wrong_date_is_an_error_that_names_the_concept(date: str) -> None:
    skill = Skill("http://data.europa.eu/esco/skill/x", {"en": Texts("x")}, modified=date)
    with pytest.raises(InputError, match="esco/skill/x: modifiedDate '"):
        blocks(Pillar("1", ("en",), skills={skill.iri: skill}))


def test_a_wrong_iri_is_an_error() -> None:
    skill = Skill("no iri", {"en": Texts("x")})
    with pytest.raises(InputError, match="not an IRI: 'no iri'"):
        blocks(Pillar("1", ("en",), skills={skill.iri: skill}))


def test_two_concepts_with_one_key_are_an_error() -> None:
    skills = [Skill(f"http://{host}.example/skill/x", {"en": Texts("x", description="d")}) for host in "ab"]
    with pytest.raises(InputError, match="shares its last segments"):
        blocks(Pillar("1", ("en",), skills={skill.iri: skill for skill in skills}))


def test_a_concept_without_any_text_or_link_is_still_there() -> None:
    group = SkillGroup("http://data.europa.eu/esco/isced-f/00", {})
    assert blocks(Pillar("1", ("en",), skill_groups={group.iri: group}))[group.iri].objects == {
        RDF_TYPE: {f"<{SKOS}Concept>"}
    }


KEYS = st.text("ab0-./~#é", min_size=1, max_size=4).filter(lambda key: key[-1] not in "/#" and key.count("#") < 2)


@given(
    st.sets(st.tuples(st.sampled_from(["a", "a-b", "isced-f"]), KEYS), max_size=8),
    st.sets(st.sampled_from(["en", "en-us", "de"])),
)
def test_blocks_come_in_order_whatever_the_keys(names: set[tuple[str, str]], languages: set[str]) -> None:
    """``in_order`` inside ``blocks`` raises otherwise; every description becomes one node."""
    iris = sorted({f"http://x.example/{kind}/{key}" for kind, key in names})
    skills = {iri: Skill(iri, {tag: Texts("x", description="d") for tag in sorted(languages)}) for iri in iris}
    try:
        found = blocks(Pillar("1", ("en",), skills=skills))
    except InputError as error:
        assert "last segments" in str(error)
        return
    assert len(found) == len(skills) * (1 + len(languages))
