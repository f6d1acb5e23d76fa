"""An invented release, made from a seed: some 60 skills in three levels of clusters, with all that notes speak of."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from random import Random

from esco_kg.config import Config, read_config
from esco_kg.model.clustering import (
    PLACED,
    Allocation,
    Cluster,
    Clustering,
    IdentityEvent,
    Level,
    RegistryEntry,
    Relation,
    SectorProfile,
)
from esco_kg.model.pillar import (
    ConceptScheme,
    Defect,
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
from esco_kg.model.published import ReleaseInfo
from esco_kg.rdf.graphs import GraphStore
from esco_kg.scheme import cluster_blocks, pillar_blocks

ESCO = "http://data.europa.eu/esco/"
SKILLS = f"{ESCO}concept-scheme/skills"
GREEN, DIGITAL = f"{ESCO}concept-scheme/green", f"{ESCO}concept-scheme/6c930acd-c104-4ece-acf7-f44fd7333036"
# Labels that break careless writers of HTML, Markdown, CSV and Turtle.
AWKWARD = (
    'R&D <tools> and "so on"',
    "5 * 3 | pipes_and_more_ [links](x)",
    "back\\slash, comma & `code`",
    "# not a heading",
)
_BRANCHES = ("sector", "sector", "cross-sector", "language")


@dataclass(frozen=True)
class Sample:
    """Everything a release is made of, before it is written."""

    config: Config
    release: ReleaseInfo
    pillar: Pillar
    sectors: SectorLinks
    clustering: Clustering

    def store(self) -> GraphStore:
        """The graphs ``clusters`` and ``pillar`` in a store."""
        store = GraphStore()
        with tempfile.TemporaryDirectory() as scratch:
            for name, lines in self.graphs().items():
                path = Path(scratch) / f"{name}.nt"
                path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
                store.load(f"urn:test:{name}", path)
        return store

    def graphs(self) -> dict[str, list[str]]:
        """N-Triples lines of the graphs ``clusters`` and ``pillar``."""
        clusters = cluster_blocks(self.clustering, self.pillar, self.sectors, self.config, self.release)
        pillar = pillar_blocks(self.pillar, self.config)
        return {
            "clusters": [line for block in clusters for line in block.lines()],
            "pillar": [line for block in pillar for line in block.lines()],
        }


def sample(
    seed: int = 7,
    *,
    skills: int = 60,
    languages: tuple[str, ...] = ("en", "pl"),
    nace: bool = True,
    relations: bool = True,
) -> Sample:
    """The release of this seed; the same arguments give the same release."""
    random = Random(seed)
    pillar = _pillar(random, skills, languages)
    sectors = _sectors(random, pillar) if nace else SectorLinks({}, {}, {}, [], "none")
    clustering = _clustering(random, pillar, sectors, languages, relations)
    release = ReleaseInfo("1.2.0", "1.1.1", "2026-01-31", languages, "esco-kg 0.1.0", "1.1.0")
    main = "en" if "en" in languages else languages[0]
    clustering.main_language = main
    return Sample(replace(read_config(), main_language=main), release, pillar, sectors, clustering)


def _texts(languages: tuple[str, ...], name: str) -> dict[str, Texts]:
    return {lang: Texts(f"{name} {lang}" if lang != "en" else name, alt=(f"{name} ({lang})",)) for lang in languages}


def _pillar(random: Random, number: int, languages: tuple[str, ...]) -> Pillar:
    roots = {
        code: SkillGroup(f"{ESCO}skill/root-{code}", _texts(languages, f"root {code}"), code=code) for code in "SK"
    }
    groups = {
        code: SkillGroup(f"{ESCO}skill/group-{code}", _texts(languages, f"group {code}"), code=code)
        for code in ("S1", "S2", "S3", "K01", "K02")
    }
    skill_broader = {(groups[code].iri, roots[code[0]].iri) for code in groups}
    pillar = Pillar(version="1.1.1", languages=languages)
    for n in range(number):
        name = AWKWARD[n] if n < len(AWKWARD) else f"skill {n}"
        in_scheme = [SKILLS, *([GREEN] if random.random() < 0.3 else []), *([DIGITAL] if random.random() < 0.2 else [])]
        skill = Skill(
            f"{ESCO}skill/{n:04d}-{random.getrandbits(32):08x}",
            _texts(languages, name),
            "released",
            in_scheme=tuple(in_scheme),
            skill_type=random.choice(("skill", "skill", "knowledge", None)),
            reuse_level=random.choice(("sector-specific", "occupation-specific", "cross-sector", "transversal", None)),
        )
        pillar.skills[skill.iri] = skill
        for code in random.sample(sorted(groups), random.choice((1, 1, 2))):
            skill_broader.add((skill.iri, groups[code].iri))
    pillar.skill_groups = {group.iri: group for group in [*roots.values(), *groups.values()]}
    pillar.skill_broader = sorted(skill_broader)
    pillar.schemes = {
        iri: ConceptScheme(iri, {"en": Texts(iri[-8:])})
        for iri in (SKILLS, GREEN, DIGITAL, f"{ESCO}concept-scheme/occupations")
    }
    _occupations(random, pillar, languages)
    pillar.skill_skills = sorted(
        {(a, b, "optional") for a, b in pairwise(sorted(pillar.skills)) if random.random() < 0.1}
    )
    pillar.sources = [Source("esco & more.zip", "ab" * 32, 1234567)]
    pillar.defects = [
        Defect("redundant-broader", "broader.csv:12", 3, "a < b", "A link follows from two others; it was kept."),
        Defect("blank-skill-type", "skills_en.csv:118", 1, AWKWARD[1], "ESCO leaves the type blank; it stays blank."),
    ]
    return pillar


def _occupations(random: Random, pillar: Pillar, languages: tuple[str, ...]) -> None:
    codes = ("2", "25", "251", "2511", "7", "72", "721", "7212", "71", "711", "7115")
    iri = {code: f"{ESCO}isco/C{code}" for code in codes}
    pillar.isco_groups = {iri[c]: IscoGroup(iri[c], _texts(languages, f"ISCO {c}"), code=c) for c in codes}
    broader = {(iri[code], iri[code[:-1]]) for code in codes if len(code) > 1}
    links = set()
    for n in range(12):
        unit = random.choice([code for code in codes if len(code) == 4])
        here = f"{ESCO}occupation/{n:03d}"
        pillar.occupations[here] = Occupation(here, _texts(languages, f"occupation {n}"), isco=unit, code=f"{unit}.{n}")
        # Some occupations stand below another one, as in ESCO.
        broader.add(
            (here, f"{ESCO}occupation/{n - 1:03d}" if n % 5 == 4 and _unit(pillar, n - 1) == unit else iri[unit])
        )
        for skill in random.sample(sorted(pillar.skills), min(9, len(pillar.skills))):
            links.add((here, skill, random.choice(("essential", "optional"))))
    pillar.occupation_broader = sorted(broader)
    pillar.occupation_skills = sorted(links)


def _unit(pillar: Pillar, number: int) -> str:
    return pillar.occupations[f"{ESCO}occupation/{number:03d}"].isco


def _sectors(random: Random, pillar: Pillar) -> SectorLinks:
    names = {
        "A": "Agriculture, forestry & fishing",
        "C": "Manufacturing",
        "J": "Publishing <and> broadcasting",
        "Q": "Education",
    }
    structure = {code: Sector(code, 1, "", {"en": name}) for code, name in names.items()}
    structure |= {"24": Sector("24", 2, "C", {"en": "Basic metals"}), "01": Sector("01", 2, "A", {"en": "Crops"})}
    sections = {iri: {random.choice("ACJ"): 1.0} for iri in pillar.occupations}
    source = [Source("nace.xlsx", "cd" * 32, 4321)]
    defect = [Defect("lost-zero", "nace.xlsx:7", 2, "242", "A code lost its last zero; it was restored.")]
    return SectorLinks(structure, sections, {}, [], "crosswalk", "1.2.1", source, defect)


def _clustering(
    random: Random, pillar: Pillar, sectors: SectorLinks, languages: tuple[str, ...], with_relations: bool
) -> Clustering:
    levels = [
        Level(d, str(d), dict.fromkeys(languages, name)) for d, name in ((1, "area"), (2, "group"), (3, "cluster"))
    ]
    clusters: dict[str, Cluster] = {}
    above: list[str | None] = [None]
    for depth, number in ((1, 4), (2, 7), (3, 15)):
        here = [
            _cluster(random, pillar, len(clusters) + n, depth, above[n % len(above)], clusters, languages)
            for n in range(number)
        ]
        clusters |= {cluster.id: cluster for cluster in here}
        above = [cluster.id for cluster in here]
    finest = [identifier for identifier in above if identifier]
    found = Clustering(levels, clusters, _allocations(random, pillar, finest), [], {}, [])
    if sectors.known:
        found.profiles = {identifier: _profile(random, identifier) for identifier in clusters}
    found.registry = [RegistryEntry(c.id, c.depth, "1.0.0", label=c.labels[languages[0]]) for c in clusters.values()]
    found.registry.append(RegistryEntry("c00099", 3, "1.0.0", "1.2.0", ("c00012",), "old & retired"))
    if with_relations:
        found.relations = _relations(random, clusters)
    found.events = [
        IdentityEvent("kept", "c00002", 1, ("c00002",), 0.9),
        IdentityEvent("new", "c00013", 3),
        IdentityEvent("retired", "c00099", 3, ("c00012",), 0.2),
        IdentityEvent("split", "c00014", 3, ("c00014", "c00015"), 0.4),
    ]
    found.parameters = {"seed": 7, "levels": [4, 7, 15], "method": "a <method>"}
    found.statements = ["forced.csv:12 put “solder” into c00012.", "A name & scope were given by experts."]
    return found


def _cluster(
    random: Random,
    pillar: Pillar,
    number: int,
    depth: int,
    parent: str | None,
    so_far: dict[str, Cluster],
    languages: tuple[str, ...],
) -> Cluster:
    name = AWKWARD[number] if number < len(AWKWARD) else f"cluster {number}"
    occupations = tuple((iri, 0.1) for iri in random.sample(sorted(pillar.occupations), 3))
    return Cluster(
        id=f"c{number + 1:05d}",
        depth=depth,
        parent=parent,
        name_status=dict.fromkeys(languages, "draft"),
        branch=so_far[parent].branch if parent else _BRANCHES[number],  # type: ignore[arg-type]
        labels={lang: name if lang == "en" else f"{name} {lang}" for lang in languages},
        definitions=dict.fromkeys(languages, f"Skills of {name}; it's 3 < 4."),
        exclusion_notes=dict.fromkeys(languages, "Not: others."),
        occupations=occupations,
        created="2025-01-31",
        modified="2026-01-31",
    )


def _allocations(random: Random, pillar: Pillar, finest: list[str]) -> list[Allocation]:
    found = []
    for n, skill in enumerate(sorted(pillar.skills)):
        # Every cluster of the finest level gets a skill as long as there are enough of them.
        primary = finest[n] if n < len(finest) else random.choice(finest)
        others = random.sample([c for c in finest if c != primary], random.choice((0, 1, 2)))
        margin, weight = round(random.random(), 4), 1.0 - 0.2 * len(others)
        method, decision = random.choice((("data", ""), ("text", ""), ("forced", "forced.csv:12")))
        lead, runner_up = margin if method in PLACED else None, random.choice(others) if others else None
        found.append(Allocation(skill, primary, "primary", weight, lead, runner_up, method, decision))
        found += [Allocation(skill, other, "used-in", 0.2, None, None, "data") for other in others]
    return found


def _profile(random: Random, identifier: str) -> SectorProfile:
    shares = [random.random() ** 3 for _ in "ACJ"]
    sections = dict(zip("ACJ", [share / sum(shares) for share in shares], strict=True))
    leading = tuple(code for code, share in sections.items() if share > 0.5)
    return SectorProfile(identifier, sections, {"01": 1.0}, 0.1, sum(s * s for s in sections.values()), leading)


def _relations(random: Random, clusters: dict[str, Cluster]) -> list[Relation]:
    found = []
    for source in sorted(clusters):
        for target in sorted(clusters):
            if source < target and clusters[source].depth == clusters[target].depth and random.random() < 0.5:
                count = random.randrange(1, 40)
                found.append(
                    Relation(
                        source,
                        target,
                        "shared-occupations",
                        round(random.random(), 4),
                        f"{count} occupations need more skills than usual of each",
                    )
                )
    return found
