"""The four relation tables: read once, checked for ends that nothing knows, for doubles, redundancy and cycles."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import cast
from urllib.parse import unquote

from esco_kg.errors import InputError
from esco_kg.esco.defects import Tally
from esco_kg.esco.download import Download
from esco_kg.esco.tables import TableFile, read_rows
from esco_kg.model.pillar import Necessity, Skill

_AS_IT_CAME = "A program wrote the IRIs otherwise. Take the tables as they came in the ESCO download."
_FEW_DANGLING = 5  # rows, in a table of any size
_KINDS = ("essential", "optional")
_STATED_AS: dict[str | None, tuple[str, ...]] = {
    "skill": ("skill/competence", "skill"),
    "knowledge": ("knowledge",),
    None: (),
}

Links = dict[tuple[str, str, str], int]
"""(from, to, kind) -> the line it stands on; kind is "" for broader links."""


def read_broader(download: Download, table: str, known: Collection[str] | None, tally: Tally) -> list[tuple[str, str]]:
    """(child, parent), sorted. Redundant links are kept and tallied; ``known`` None leaves the ends unchecked.

    Raises InputError: too many dangling links, or a cycle, which would make the hierarchy endless.
    """
    file = download.of(table)[0]
    links = _links(download, table, ("conceptUri", "broaderUri", "", "", ""), known, known, tally, {})
    parents: dict[str, list[str]] = {}
    for child, parent, _ in links:
        parents.setdefault(child, []).append(parent)
    ancestors = _ancestors(file, parents, links)
    for (child, parent, _), line in links.items():
        if any(parent in ancestors[other] for other in parents[child]):
            tally.add("redundant-broader", file.place, line, f"{child} -> {parent}")
    return sorted((child, parent) for child, parent, _ in links)


def _ancestors(file: TableFile, parents: Mapping[str, list[str]], links: Links) -> dict[str, frozenset[str]]:
    """Every concept's ancestors, itself left out."""
    found: dict[str, frozenset[str]] = {}
    try:
        for concept in TopologicalSorter(parents).static_order():
            above = parents.get(concept, [])
            found[concept] = frozenset(above).union(*(found[parent] for parent in above))
    except CycleError as error:
        around = cast(list[str], error.args[1])
        steps = {pair for a, b in pairwise(around) for pair in ((a, b, ""), (b, a, ""))}
        line = min(links[step] for step in steps if step in links)
        problem = f"the broader links run in a circle: {' - '.join(around)}"
        raise InputError(file.at(line), problem, "Delete the wrong link, or download the table again.") from None
    return found


def read_occupation_skills(
    download: Download, occupations: Collection[str] | None, skills: Mapping[str, Skill] | None, tally: Tally
) -> list[tuple[str, str, Necessity]]:
    """(occupation, skill, necessity), sorted; ends are unchecked where None is given instead of what is known.

    Raises InputError: too many dangling relations, or a necessity that is neither essential nor optional.
    """
    columns = ("occupationUri", "skillUri", "relationType", "", "skillType")
    return _necessities(download, "occupationSkillRelations", columns, occupations, skills, tally)


def read_skill_skills(
    download: Download, skills: Mapping[str, Skill] | None, tally: Tally
) -> list[tuple[str, str, Necessity]]:
    """(skill, related skill, necessity), sorted; otherwise as :func:`read_occupation_skills`."""
    columns = ("originalSkillUri", "relatedSkillUri", "relationType", "originalSkillType", "relatedSkillType")
    return _necessities(download, "skillSkillRelations", columns, skills, skills, tally)


def _necessities(
    download: Download,
    table: str,
    columns: tuple[str, ...],
    froms: Collection[str] | None,
    skills: Mapping[str, Skill] | None,
    tally: Tally,
) -> list[tuple[str, str, Necessity]]:
    types = {iri: _STATED_AS[skill.skill_type] for iri, skill in skills.items()} if skills is not None else {}
    links = _links(download, table, columns, froms, skills, tally, types)
    file = download.of(table)[0]
    found: list[tuple[str, str, Necessity]] = []
    for source, target, kind in sorted(links):
        if found and found[-1][:2] == (source, target):  # essential sorts before optional
            tally.add("essential-and-optional", file.place, links[source, target, kind], f"{source} -> {target}")
        else:
            found.append((source, target, cast(Necessity, kind)))
    return found


def _links(
    download: Download,
    table: str,
    columns: tuple[str, ...],
    froms: Collection[str] | None,
    tos: Collection[str] | None,
    tally: Tally,
    types: Mapping[str, tuple[str, ...]],
) -> Links:
    """The links of a table's first file; other languages' files are compared with it.

    ``columns``: from, to, kind, and the skill type that the row states for each end ("" for a column there is not).
    ``types``: skill -> how its type may be stated.
    """
    first, *others = download.of(table)
    kinds = _KINDS if columns[2] else ("",)
    links: Links = {}
    dangling: dict[int, str] = {}
    for line, (source, target, kind, source_type, target_type) in read_rows(first, columns, tally):
        if froms is not None and source not in froms:
            dangling[line] = source
            continue
        if tos is not None and target not in tos:
            dangling[line] = target
            continue
        if kind not in kinds:
            raise InputError(first.at(line), f"relationType {kind!r} is unknown", f"ESCO has: {', '.join(_KINDS)}.")
        if links.setdefault((source, target, kind), line) != line:
            tally.add("duplicate-row", first.place, line, f"{source} -> {target}")
        if source_type and source_type not in types.get(source, source_type):
            tally.add("wrong-skill-type", first.place, line, f"{source}: {source_type}")
        if target_type and target_type not in types.get(target, target_type):
            tally.add("wrong-skill-type", first.place, line, f"{target}: {target_type}")
    _judge_dangling(first, dangling, {*(froms or ()), *(tos or ())} if dangling else (), tally)
    for file in others:
        if file.language in download.languages:
            _compare(file, columns, links, dangling, tally)
    return links


def _judge_dangling(file: TableFile, dangling: dict[int, str], known: Collection[str], tally: Tally) -> None:
    """Above a share of the table, dangling ends are no slip of ESCO's but tables that do not belong together."""
    rows = tally.rows[file.place]
    if not tally.extract and len(dangling) > max(rows * tally.dangling_share, _FEW_DANGLING):
        line, iri = next(iter(dangling.items()))
        if otherwise := _written_otherwise(dangling.values(), known):
            written, meant, how, count = otherwise
            line = next(line for line, iri in dangling.items() if iri == written)
            problem = f"{written!r} is {meant} but for {how}; {count:,} of {rows:,} relations have such an end"
            raise InputError(file.at(line), problem, _AS_IT_CAME)
        share = f"{100 * tally.dangling_share:g} % and than {_FEW_DANGLING}"
        problem = f"{iri} is unknown; so are the ends of {len(dangling)} of {rows} relations, more than {share}"
        hint = (
            "A table of concepts is cut, or the tables are of two versions: take all of them from one download. Where "
            "a part of ESCO is meant, say so with --extract."
        )
        raise InputError(file.at(line), problem, hint)
    for line, iri in dangling.items():
        tally.add("dangling-relation", file.place, line, iri)


def _written_otherwise(iris: Iterable[str], known: Collection[str]) -> tuple[str, str, str, int] | None:
    """(IRI as read, IRI as known, what differs, how many) of unknown IRIs that are known IRIs written otherwise."""
    ends = {end: iri for iri in known for end in _ends(iri)}
    found = [(iri, ends[end]) for iri in iris for end in _ends(iri)[:1] if end in ends]
    if not found:
        return None
    written, meant = found[0]
    return written, meant, _difference(written, meant), len(found)


def _ends(iri: str) -> list[str]:
    """The last two parts of an IRI, and the last alone, without what programs add to them or change."""
    parts = unquote(iri).strip(" \t\u00a0<>").rstrip("/").lower().split("/")
    return ["/".join(parts[-2:]), parts[-1]]


def _difference(written: str, meant: str) -> str:
    kinds = (
        ("spaces", lambda iri: iri.strip(" \t\u00a0")),
        ("https in place of http", lambda iri: iri.replace("https://", "http://", 1)),
        ("angle brackets", lambda iri: iri.strip("<>")),
        ("a slash at the end", lambda iri: iri.rstrip("/")),
        ("signs encoded by %", unquote),
    )
    for what, undone in kinds:
        if undone(written) == meant or undone(meant) == written:
            return what
    if written.lower() == meant.lower():
        return "letters in another case"
    return "another beginning" if "/" in written else "its beginning taken away"


def _compare(file: TableFile, columns: tuple[str, ...], links: Links, dangling: dict[int, str], tally: Tally) -> None:
    """Tally what another language's file has more or less than the one that was read."""
    seen = set()
    for line, (source, target, kind, *_) in read_rows(file, columns, tally):
        link = (source, target, kind)
        seen.add(link)
        if link not in links and line not in dangling:
            tally.add("relations-differ-between-languages", file.place, line, f"only here: {source} -> {target}")
    for source, target, _ in sorted(set(links) - seen):
        tally.add("relations-differ-between-languages", file.place, 0, f"not here: {source} -> {target}")
