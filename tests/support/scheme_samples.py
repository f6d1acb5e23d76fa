"""A tiny hand-made pillar and clustering that has one of everything the RDF can say."""

from __future__ import annotations

from esco_kg.config import Config, read_config
from esco_kg.model.clustering import Allocation, Cluster, Clustering, Level, RegistryEntry, Relation, SectorProfile
from esco_kg.model.pillar import (
    ConceptScheme,
    IscoGroup,
    Occupation,
    Pillar,
    Sector,
    SectorLinks,
    Skill,
    SkillGroup,
    Source,
    Texts,
)
from esco_kg.model.published import GraphSummary, PublishedFile, ReleaseInfo

BASE = "https://w3id.org/esco-kg/"
ESCO = "http://data.europa.eu/esco/"
SKILLS = f"{ESCO}concept-scheme/skills"
WELD, SOLDER, SING, LISTEN = (
    f"{ESCO}skill/{name}" for name in ("0001-weld", "0002-solder", "0003-sing", "0004-listen")
)
WELDER, SINGER = f"{ESCO}occupation/welder", f"{ESCO}occupation/singer"


def pillar() -> Pillar:
    """Four skills, two occupations, groups of both pillars, two languages."""

    def skill(iri: str, en: str, de: str, **more: object) -> Skill:
        texts = {
            "en": Texts(en, alt=(f"{en} well", en), hidden=(f"{en}s",), description=f'To {en}:\n"as one does".'),
            "de": Texts(de, description=f"{de} \\ & <so>."),
        }
        return Skill(iri, texts, "released", "2016-12-20T17:43:43Z", (SKILLS,), **more)  # type: ignore[arg-type]

    group = SkillGroup(
        f"{ESCO}skill/g1", {"en": Texts("crafts", scope_note="By hand.")}, "released", "", (SKILLS,), "S1"
    )
    isco = IscoGroup(f"{ESCO}isco/C7212", {"en": Texts("Welders")}, "released", "", (), "7212")
    occupation_texts = {"en": Texts("welder", definition="Welds.")}
    return Pillar(
        version="1.2.1",
        languages=("en", "de"),
        skills={
            WELD: skill(WELD, "weld", "schweißen", skill_type="skill", reuse_level="sector-specific"),
            SOLDER: skill(SOLDER, "solder", "löten", skill_type="skill", reuse_level="cross-sector"),
            SING: skill(SING, "sing", "singen", skill_type="skill", reuse_level="transversal"),
            LISTEN: skill(LISTEN, "listen", "zuhören", skill_type="knowledge"),
        },
        skill_groups={group.iri: group},
        occupations={
            SINGER: Occupation(SINGER, {"en": Texts("singer")}, "released", "2024-01-25T11:28:50.295Z"),
            WELDER: Occupation(
                WELDER,
                occupation_texts,
                "released",
                isco="7212",
                code="7212.1",
                nace=("http://data.europa.eu/ux2/nace2.1/242",),
                regulated=f"{ESCO}regulated-professions/unregulated",
            ),
        },
        isco_groups={isco.iri: isco},
        schemes={SKILLS: ConceptScheme(SKILLS, {"en": Texts("Skills")}, "released", top_concepts=(group.iri,))},
        skill_broader=[(WELD, group.iri), (SOLDER, group.iri)],
        occupation_broader=[(WELDER, isco.iri)],
        occupation_skills=[(WELDER, WELD, "essential"), (WELDER, SOLDER, "optional"), (SINGER, SING, "essential")],
        skill_skills=[(WELD, SOLDER, "optional")],
        sources=[Source("ESCO dataset - v1.2.1.zip", "ab" * 32, 1234)],
    )


def clustering() -> Clustering:
    """Two areas, three clusters below them, one retired one; a skill that another cluster uses; one relation."""

    def cluster(identifier: str, depth: int, parent: str | None, en: str, de: str, **more: object) -> Cluster:
        dates = {"created": "2025-01-31", "modified": "2026-01-31"}
        return Cluster(identifier, depth, parent, "sector", {"en": en, "de": de}, **dates, **more)  # type: ignore[arg-type]

    return Clustering(
        levels=[Level(1, "1", {"en": "area", "de": "Bereich"}), Level(2, "2", {"en": "cluster", "de": "Cluster"})],
        clusters={
            "c00001": cluster("c00001", 1, None, "metal work", "Metallarbeit"),
            "c00002": cluster("c00002", 1, None, "music", "Musik"),
            "c00003": cluster(
                "c00003",
                2,
                "c00001",
                'welding of "heavy" metal',
                "Schweißen",
                alt_labels={"en": ("metal welding", "arc welding")},
                definitions={"en": "Joining metal by heat.\nMostly steel."},
                scope_notes={"en": "Includes soldering."},
                exclusion_notes={"en": "Not here: singing, see c00004."},
                occupations=((WELDER, 0.75),),
            ),
            "c00004": cluster("c00004", 2, "c00002", "singing", "Gesang"),
            "c00005": cluster("c00005", 2, "c00002", "hearing", "Gehör"),
        },
        allocations=[
            Allocation(WELD, "c00003", "primary", 1.0, None, None, "forced", "forced.csv:12"),
            Allocation(SOLDER, "c00003", "primary", 0.75, 0.25, "c00005", "data"),
            Allocation(SOLDER, "c00005", "used-in", 0.25, None, None, "data"),
            Allocation(SING, "c00004", "primary", 1.0, 0.125, None, "text"),
            Allocation(LISTEN, "c00005", "primary", 1.0, 0.0625, None, "data"),
        ],
        relations=[
            Relation(
                "c00003", "c00004", "shared-occupations", 0.3125, "31 occupations need more skills than usual of each"
            )
        ],
        profiles={"c00003": SectorProfile("c00003", {"C": 0.75, "F": 0.25}, {"24": 1.0}, 0.04, 0.625, ("C",))},
        registry=[
            RegistryEntry("c00001", 1, "1.0.0", label="metal work"),
            RegistryEntry("c00002", 1, "1.0.0", label="music"),
            RegistryEntry("c00003", 2, "1.0.0", label='welding of "heavy" metal'),
            RegistryEntry("c00004", 2, "1.1.0", label="singing"),
            RegistryEntry("c00005", 2, "1.1.0", label="hearing"),
            RegistryEntry("c00006", 2, "1.0.0", "1.1.0", ("c00004", "c00005"), "music making"),
        ],
        parameters={"levels": [2, 3], "seed": 20260131},
    )


def sectors() -> SectorLinks:
    """One occupation in one section."""
    structure = {"C": Sector("C", 1, "", {"en": "Manufacturing"}), "24": Sector("24", 2, "C", {"en": "Basic metals"})}
    return SectorLinks(structure, {WELDER: {"C": 1.0}}, {WELDER: {"24": 1.0}}, [(WELDER, "24.2")], "crosswalk", "1.2.1")


def release() -> ReleaseInfo:
    """Release 1.1.0 after 1.0.0."""
    return ReleaseInfo("1.1.0", "1.2.1", "2026-01-31", ("en", "de"), "esco-kg 0.1.0", "1.0.0")


def config() -> Config:
    """The default settings."""
    return read_config()


def files() -> list[PublishedFile]:
    """Files of several kinds, one in a folder."""
    return [
        PublishedFile("esco-kg-1.1.0-clusters.nt.gz", 10, "cd" * 32, "application/gzip", "Clusters as N-Triples"),
        PublishedFile("esco-kg-1.1.0-clusters.ttl", 20, "ef" * 32, "text/turtle", "Clusters as Turtle"),
        PublishedFile("statistics/sizes.csv", 30, "12" * 32, "text/csv", "Sizes"),
        PublishedFile("RELEASE-NOTES.md", 40, "34" * 32, "text/markdown", "Notes"),
    ]


def graphs() -> list[GraphSummary]:
    """Two graphs as they might have been written."""
    concept, match = "http://www.w3.org/2004/02/skos/core#Concept", "http://www.w3.org/2004/02/skos/core#narrowMatch"
    related = "http://www.w3.org/2004/02/skos/core#relatedMatch"
    return [
        GraphSummary("clusters", 100, "56" * 32, 30, {concept: 12, f"{BASE}model#Rank": 2}, {match: 4, related: 1}),
        GraphSummary("pillar", 200, "78" * 32, 40, {concept: 9, "http://elsewhere.example/T": 1}, {}),
    ]
