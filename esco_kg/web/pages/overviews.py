"""What the pages about a whole release receive: start, sectors, hierarchy, version, data; and any other IRI."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from esco_kg.model.clustering import RULED
from esco_kg.pictures.treemap import FAMILY, Tile, family_of, tree_map
from esco_kg.web.pages.differences import changes
from esco_kg.web.pages.links import named
from esco_kg.web.pages.words import words
from esco_kg.web.releases import triples
from esco_kg.web.releases.model import Cluster, Sector, in_language
from esco_kg.web.releases.site import Site
from esco_kg.web.releases.view import ReleaseView
from esco_kg.words import main_language, retold, wording

_PER_SECTOR = 5
_ROOT = 5  # letters of a name that its forms share
_EXAMPLES = 3  # skills of the cluster that the start page describes
_CANDIDATES = 10  # typical occupations and skills that an example is chosen from
_AREAS, _SHORT = 4, 8
_LONGEST_TRIED = 40  # characters of a query that is proposed


def start(site: Site, view: ReleaseView, language: str, rest: str) -> dict[str, Any]:
    """What a cluster is, a field to search, and two levels as pictures: a tile leads into its area on this page."""
    say = words(language)
    return {
        "title": in_language(view.titles, language, say("clusters")),
        "iri": site.iri("scheme"),
        "document": "scheme",
        "figures": [
            (say("skills"), view.counts.get("skill", 0)),
            (say("clusters"), len(view.current())),
            (say("occupations"), view.counts.get("occupation", 0)),
        ],
        "levels": "; ".join(f"{name} {say.number(number)}" for name, number in _level_counts(view, language)),
        "example": _example(view, language),
        "tried": _tried(view, language),
        **_atlas(view, language),
    }


@lru_cache(maxsize=64)
def _atlas(view: ReleaseView, language: str) -> dict[str, Any]:
    """The areas as a picture, each with a picture of its own; drawn once for each language."""
    say = words(language)
    areas = [_area(view, cluster, language) for cluster in view.top]
    tiles = [
        _tile(
            f"#in-{area['cluster'].id}" if area["below"] else f"cluster/{area['cluster'].id}.html",
            area["cluster"], language, area["family"], area["below"],
        )
        for area in areas
    ]  # fmt: skip
    drawn = {area["family"] for area in areas}
    return {
        "picture": tree_map(tiles, 1120, 560, "broad", say("map_title"), say.spoken),
        "families": [family for family in (*dict.fromkeys(FAMILY.values()), "shared") if family in drawn],
        "areas": areas,
    }


def _tile(href: str, cluster: Cluster, language: str, family: str, below: Sequence[Cluster]) -> Tile:
    note = words(language).skills(cluster.skills)
    inside = tuple(named(one, language) for one in below)
    return Tile(href, named(cluster, language), cluster.skills, family, note, inside)


def _area(view: ReleaseView, cluster: Cluster, language: str) -> dict[str, Any]:
    """A cluster of the top level with a picture of those inside."""
    say, family, below = words(language), family_of(cluster.sections, cluster.branch), view.children(cluster.id)
    tiles = [_tile(f"cluster/{one.id}.html", one, language, family, view.children(one.id)) for one in below]
    label = cluster.label(language)
    return {
        "cluster": cluster,
        "family": family,
        "definition": in_language(cluster.definitions, language),
        "below": below,
        "picture": tree_map(tiles, 1120, 360, "broad", label, say.spoken) if below else "",
    }


@lru_cache(maxsize=64)
def _example(view: ReleaseView, language: str) -> str:
    """One cluster of the largest area with three of its skills, which says more than a definition.

    The largest one whose name stands in most of these skills: it explains itself.
    """
    found: list[tuple[int, int, str, list[str]]] = []
    for name in (name for area in view.top[:1] for name in view.finest(area.id)):
        cluster = view.clusters[name]
        skills = [one.skill.label for one in view.members([name], language, limit=_EXAMPLES)]
        first = cluster.label(language).casefold()[:_ROOT]
        found.append((sum(first in skill.casefold() for skill in skills), cluster.skills, name, skills))
    if not found:
        return ""
    *_, name, skills = max(found)
    return words(language)("cluster_example", cluster=view.clusters[name].label(language), skills=", ".join(skills))


@lru_cache(maxsize=64)
def _tried(view: ReleaseView, language: str) -> list[str]:
    """What a newcomer may search for: an occupation, a skill and a cluster of the largest areas."""
    found = _jobs(view, language)[:2]
    for area in view.top[:2]:
        found += _plainest(one.skill.label for one in view.strongest(area.id, language, _CANDIDATES))
    found += [one.label(language) for one in view.top[2:3]]
    return [text for text in dict.fromkeys(found) if len(text) <= _LONGEST_TRIED]


def _jobs(view: ReleaseView, language: str) -> list[str]:
    """A typical occupation of each of the largest areas that have one."""
    found = []
    for area in view.top[:_AREAS]:
        jobs = [view.concept_of(iri, language) for iri in area.occupations[:_CANDIDATES]]
        found += _plainest(job.label for job in jobs if job)
    return found


def _plainest(labels: Iterable[str]) -> list[str]:
    """The shortest that is not very short: such a word is often a term of the trade (matrose, shunter)."""
    return sorted(labels, key=lambda label: (len(label) < _SHORT, len(label)))[:1]


def sectors(site: Site, view: ReleaseView, language: str, rest: str) -> dict[str, Any]:
    """The sections of NACE with the clusters that lead in each."""
    return {
        "title": words(language)("sectors"),
        "sections": [
            {
                "sector": sector,
                "label": in_language(sector.labels, language),
                "family": FAMILY.get(sector.code, "shared"),
                "clusters": _leading(_clusters_of(view, sector, 1)),
            }
            for sector in view.sectors.values()
            if not sector.parent
        ],
    }


def _leading(found: list[tuple[Cluster, float]]) -> list[tuple[Cluster, float]]:
    """The clusters worth a line in the list of all sectors: the first, and the others from five per cent on."""
    return [*found[:1], *(pair for pair in found[1:_PER_SECTOR] if pair[1] >= 0.05)]


def _clusters_of(view: ReleaseView, sector: Sector, depth: int) -> list[tuple[Cluster, float]]:
    """Clusters of a level with the part of their use that lies in the sector, largest first, from one per cent on.

    Languages and cross-sector skills are left out: few occupations name them, so that their parts mean little.
    """
    found = [
        (cluster, (cluster.divisions if sector.parent else cluster.sections).get(sector.code, 0.0))
        for cluster in view.current()
        if cluster.depth == depth and cluster.branch not in RULED
    ]
    return sorted(((c, s) for c, s in found if s >= 0.01), key=lambda pair: (-pair[1], pair[0].id))


def sector(site: Site, view: ReleaseView, language: str, code: str) -> dict[str, Any] | None:
    """A section or division of NACE: its clusters at each level."""
    found = view.sectors.get(code)
    if found is None:
        return None
    label = in_language(found.labels, language, code)
    above = view.sectors.get(found.parent)
    return {
        "title": label,
        "iri": f"http://data.europa.eu/ux2/nace2.1/{code}",
        "sector": found,
        "label": label,
        "family": FAMILY.get(found.parent or code, "shared"),
        "above": (above.code, in_language(above.labels, language)) if above else None,
        "divisions": [
            (sub.code, in_language(sub.labels, language)) for sub in view.sectors.values() if sub.parent == code
        ],
        "levels": [
            (_level(view, depth, language), _clusters_of(view, found, depth)[:_MOST_IN_SECTOR]) for depth in view.levels
        ],
    }


_MOST_IN_SECTOR = 25


def _level(view: ReleaseView, depth: int, language: str) -> str:
    """What the clusters of a level are called, in the plural."""
    return words(language).level(view.levels[depth], 2)


def _level_counts(view: ReleaseView, language: str) -> list[tuple[str, int]]:
    """How many clusters each level has."""
    return [(_level(view, depth, language), sum(c.depth == depth for c in view.current())) for depth in view.levels]


def hierarchy(site: Site, view: ReleaseView, language: str, rest: str) -> dict[str, Any]:
    """The roots of the skills pillar and of the occupations, each with the groups below it."""

    def below(kind: str) -> list[dict[str, Any]]:
        return [
            {"group": root, "below": sorted(groups, key=lambda group: (group.code, group.label))}
            for root in view.roots(kind, language)
            for groups in ([c for c in view.linked(root.id, "narrower", language) if c.kind == kind],)
        ]

    return {"title": words(language)("hierarchy"), "skills": below("group"), "occupations": below("isco")}


def version(site: Site, view: ReleaseView, language: str, rest: str) -> dict[str, Any]:
    """A release: what it is made of, what changed, its files, the other releases."""
    compared = str(view.manifest.get("previous", ""))
    previous = site.by_version.get(compared)
    return {
        "title": f"{words(language)('release')} {view.version}",
        "iri": site.iri(f"release/{view.version}"),
        "document": f"release/{view.version}",
        "files": view.files,
        "counts": view.counts,
        "previous": compared,
        "changes": changes(previous, view, language) if previous else None,
        "older": previous,
        "reasons": _reasons(view, language),
        "changes_file": next((name for name in view.files if name.endswith("-changes.csv.gz")), ""),
        "level_counts": _level_counts(view, language),
        "others": list(reversed(site.views)),
        "notes_file": notes_file(view, language),
    }


def notes_file(view: ReleaseView, language: str) -> str:
    """The notes of a release in this language, otherwise in its main language; '' where it has none."""
    names = (f"RELEASE-NOTES.{language}.html", "RELEASE-NOTES.html")
    return next((name for name in names if name in view.files), "")


def _reasons(view: ReleaseView, language: str) -> list[tuple[str, str]]:
    """(sentence, its language): which part of the number went up, and why; none where nothing was compared."""
    verdict = view.manifest.get("changes", {}).get("verdict")
    if not verdict or verdict.get("part") not in ("major", "minor", "patch"):
        return []
    told = main_language(language)
    first = wording(told)(f"new_{verdict['part']}", previous=view.manifest.get("previous", ""))
    return [(first, told), *(retold(text, told) for text in verdict["reasons"])]


def data(site: Site, view: ReleaseView, language: str, rest: str) -> dict[str, Any]:
    """For those who build on the data: files, addresses, interfaces."""
    example = view.top[0].id if view.top else ""
    return {
        "title": words(language)("data"),
        "files": [file | {"folder": name.rpartition("/")[0]} for name, file in sorted(view.files.items())],
        "texts": _as_code(_jobs(view, language)[:2]),
        "example": example,
        "example_iri": site.iri(f"cluster/{example}"),
    }


def _as_code(texts: Sequence[str]) -> str:
    """Texts as JSON, Python and JavaScript have them; no apostrophe, which would end a text in a shell."""
    return json.dumps(texts, ensure_ascii=False).replace("'", "\\u0027")


def resource(site: Site, view: ReleaseView, language: str, local: str) -> dict[str, Any] | None:
    """Any IRI of ours that has no page of its own: its properties as the release states them."""
    iri = site.iri(local)
    blocks = [triples.parse_block(lines) for _, lines in view.lines_of(iri)]
    if not blocks:
        return None
    rows = sorted({(p[1:-1], term) for block in blocks for p, terms in block.objects.items() for term in terms})
    values = [
        (predicate, triples.lexical(term), triples.language(term), triples.is_iri(term)) for predicate, term in rows
    ]
    return {"title": local, "iri": iri, "document": local, "rows": values, "is_listed": False}
