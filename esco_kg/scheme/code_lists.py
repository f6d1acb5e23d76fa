"""Code lists of the statistics: clusters, NACE sectors, ISCO groups, and the short lists of our own.

Codes of others stay theirs: a list of them is a ``skos:Collection`` of their IRIs. Where their IRIs do not follow from
their codes, as ESCO's groups of skills, the codes are concepts of ours with an exact match.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from esco_kg.config import Config
from esco_kg.model.clustering import Clustering
from esco_kg.model.cube import Code, CodeList
from esco_kg.model.findings import Table
from esco_kg.model.pillar import Pillar, SectorLinks
from esco_kg.rdf.namespaces import NACE, SKOS
from esco_kg.rdf.terms import RDF_TYPE, Block, lexical, plain
from esco_kg.scheme import authorities
from esco_kg.scheme import properties as p
from esco_kg.scheme.inputs import in_languages
from esco_kg.scheme.iris import Iris, escaped, nace

EXACT_MATCH = f"<{SKOS}exactMatch>"
_ESCO = "http://data.europa.eu/esco/"

# name -> (title, code -> label). A code that a table has beyond these is its own label.
_SHORT_LISTS: dict[str, tuple[str, dict[str, str]]] = {
    "skill-type": (
        "Types of skills",
        {"knowledge": "knowledge", "none": "not stated", "skill": "skill or competence"},
    ),
    "reuse-level": (
        "Reuse levels of skills",
        {
            "cross-sector": "cross-sector",
            "none": "not stated",
            "occupation-specific": "occupation-specific",
            "sector-specific": "sector-specific",
            "transversal": "transversal",
        },
    ),
    "rank": (
        "Ranks of allocations",
        {"found-under": "found under", "primary": "primary", "secondary": "secondary", "used-in": "used in"},
    ),
    "method": (
        "What placed a skill in its cluster",
        {
            "data": "occupations and texts",
            "forced": "a decision in curation",
            "given": "the clusters' publisher",
            "must-link": "a link in curation to another skill",
            "rule": "a rule of the branch or of sizes",
            "seed": "a seed in curation",
            "text": "its text alone",
        },
    ),
    "basis": (
        "Bases of cluster relations",
        {
            "secondary-memberships": "secondary memberships",
            "shared-occupations": "shared occupations",
            "skill-links": "links between skills",
            "used-in": "skills used in both",
        },
    ),
    "list": (
        "Thematic lists of ESCO",
        {
            "digcomp": "DigComp",
            "digital": "digital skills",
            "green": "green skills",
            "language": "language skills",
            "research": "research skills",
            "transversal": "transversal skills",
        },
    ),
    "labelled": ("What has labels", {"occupation": "occupations", "skill": "skills"}),
    "counted": ("What an ESCO version holds", {}),
    "unit": (
        "Units of measurement",
        {
            "allocations": "number of allocations",
            "clusters": "number of clusters",
            "concepts": "number of concepts",
            "groups": "number of groups",
            "index": "index between 0 and 1",
            "items": "number of concepts or links",
            "labels": "number of labels",
            "links": "number of links",
            "memberships": "number of memberships",
            "occupations": "number of occupations",
            "share": "share between 0 and 1",
            "skills": "number of skills",
        },
    ),
}
# Codes of a short list that are concepts of ESCO: list -> what the concept's IRI begins with.
_SAME = {"skill-type": f"{_ESCO}skill-type/", "reuse-level": f"{_ESCO}skill-reuse-level/"}


def code_lists(
    tables: Sequence[Table],
    clustering: Clustering,
    pillar: Pillar,
    sectors: SectorLinks,
    config: Config,
    iris: Iris,
) -> dict[str, CodeList]:
    """Name -> code list, for every dimension that has one, and for the units."""
    seen = _seen(tables)
    found = {
        name: _short_list(iris, name, title, known | {code: code for code in seen.get(name, ()) if code not in known})
        for name, (title, known) in _SHORT_LISTS.items()
    }
    found["cluster"] = _clusters(clustering, config, iris)
    levels = {str(level.depth): level.labels for level in clustering.levels}
    found["level"] = _own(iris, "level", "Levels of the cluster scheme", [Code(c, "", t) for c, t in levels.items()])
    languages = {tag: authorities.language(tag)[1:-1] for tag in {*pillar.languages, *seen.get("language", ())}}
    found["language"] = _own(
        iris,
        "language",
        "Languages",
        [Code(tag, "", {"en": tag}, same_as=same) for tag, same in languages.items()],
    )
    found["sector"] = _sectors(sectors, iris)
    isco = [Code(g.code, g.iri, _texts(g.texts), g.code[:-1]) for g in pillar.isco_groups.values() if len(g.code) <= 2]
    found["isco"] = _of_others(iris, "isco", "ISCO-08 major and sub-major groups", isco)
    wanted = seen.get("skill-group", set())
    groups = [(g.code or iris.key(g.iri)[1], g) for g in pillar.skill_groups.values()]
    chosen = [Code(code, g.iri, _texts(g.texts)) for code, g in groups if code in wanted]
    found["skill-group"] = _of_others(iris, "skill-group", "Groups of the skills pillar, level 1", chosen)
    return dict(sorted(found.items()))


def _seen(tables: Sequence[Table]) -> dict[str, set[str]]:
    """Dimension -> the codes that tables have for it."""
    found: dict[str, set[str]] = {}
    for table in tables:
        for column, name in table.dimensions.items():
            at = table.columns.index(column)
            found.setdefault(name, set()).update(lexical(row[at]) for row in table.rows)
    return found


def _texts(texts: Mapping[str, object]) -> dict[str, str]:
    return {language: said.pref for language, said in texts.items()}  # type: ignore[attr-defined]


def _own(iris: Iris, name: str, title: str, codes: Sequence[Code]) -> CodeList:
    """A list of concepts of ours; IRIs are minted here."""
    minted = tuple(
        Code(c.code, iris.code_list(name, c.code)[1:-1], c.labels, c.parent, c.same_as or c.iri)
        for c in sorted(codes, key=lambda c: c.code)
    )
    return CodeList(name, iris.code_list(name)[1:-1], {"en": title}, f"{iris.code_list(name)[1:-1]}/", minted)


def _short_list(iris: Iris, name: str, title: str, labels: Mapping[str, str]) -> CodeList:
    start = _SAME.get(name)
    codes = [
        Code(code, "", {"en": label}, same_as=f"{start}{code}" if start and code != "none" else "")
        for code, label in labels.items()
    ]
    return _own(iris, name, title, codes)


def _of_others(iris: Iris, name: str, title: str, codes: Sequence[Code]) -> CodeList:
    """A list of others' concepts, or, where IRI = start + code does not hold, of ours with an exact match."""
    starts = {code.iri.removesuffix(escaped(code.code)) for code in codes}
    if len(starts) != 1 or any(code.iri in starts for code in codes):
        return _own(iris, name, title, codes)
    ordered = tuple(sorted(codes, key=lambda code: code.code))
    return CodeList(name, iris.code_list(name)[1:-1], {"en": title}, starts.pop(), ordered, is_own=False)


def _sectors(sectors: SectorLinks, iris: Iris) -> CodeList:
    codes = [Code(s.code, nace(s.code)[1:-1], s.labels, s.parent) for s in sectors.structure.values() if s.level <= 2]
    ordered = tuple(sorted(codes, key=lambda code: code.code))
    titles = {"en": "NACE 2.1 sections and divisions"}
    return CodeList("sector", iris.code_list("sector")[1:-1], titles, NACE, ordered, is_own=False)


def _clusters(clustering: Clustering, config: Config, iris: Iris) -> CodeList:
    codes = tuple(
        Code(c.id, iris.cluster(c.id)[1:-1], c.labels, c.parent or "")
        for c in sorted(clustering.clusters.values(), key=lambda c: c.id)
    )
    start = iris.cluster("")[1:-1]
    return CodeList("cluster", iris.scheme()[1:-1], config.titles, start, codes, notation=config.notation)


def code_list_blocks(lists: Iterable[CodeList]) -> Iterator[Block]:
    """The lists and their codes, in no order.

    The clusters are repeated here in short, so that the graph is whole without the others.
    """
    for codes in lists:
        block = Block(f"<{codes.iri}>").add(p.NOTATION, plain(codes.notation or codes.name))
        # Clients list every scheme with a label as a classification; the short lists of our own are none.
        is_short_list = codes.is_own and not codes.notation
        block.add(p.TITLE if is_short_list else p.PREF, *in_languages(codes.titles))
        if codes.is_own:
            block.add(RDF_TYPE, p.CONCEPT_SCHEME)
            block.add(p.HAS_TOP, *(f"<{code.iri}>" for code in codes.codes if not code.parent))
        else:
            block.add(RDF_TYPE, f"<{SKOS}Collection>").add(p.MEMBER, *(f"<{code.iri}>" for code in codes.codes))
        yield block
        for code in codes.codes:
            yield _code(codes, code)


def _code(codes: CodeList, code: Code) -> Block:
    block = Block(f"<{code.iri}>").add(RDF_TYPE, p.CONCEPT).add(p.NOTATION, plain(code.code))
    block.add(p.PREF, *in_languages(code.labels))
    if codes.is_own:
        block.add(p.IN_SCHEME, f"<{codes.iri}>")
        if code.parent:
            block.add(p.BROADER, f"<{codes.start}{escaped(code.parent)}>")
        else:
            block.add(p.TOP_CONCEPT_OF, f"<{codes.iri}>")
    if code.same_as:
        block.add(EXACT_MATCH, f"<{code.same_as}>")
    return block
