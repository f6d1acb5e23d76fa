"""Names of clusters in ``curation/``: the texts of ``names/`` and the contents they were written for."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from esco_kg.clusters.curated import Row, rows
from esco_kg.errors import InputError
from esco_kg.model.expertise import Content, Contents, GivenName

CONTENTS = ("skill", "clusters")
NAMES = ("content", "label", "alt_labels", "definition", "scope_note", "exclusion_note", "status")
_TEXTS = NAMES[1:-1]
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]+)*")


def read_contents(folder: Path) -> dict[str, Contents]:
    """Every ``contents/<name>.csv``, by its name: which skills the clusters held that names were written for.

    Raises InputError where a line is malformed, a skill stands twice, or a cluster stands at two levels.
    """
    return {path.stem: _contents(path) for path in sorted(folder.glob("*.csv"))}


def _contents(path: Path) -> Contents:
    if not _FILE.fullmatch(path.stem):
        raise InputError(f"contents/{path.name}", "no name for a file of contents", "Use letters, digits, . _ and -.")
    seen: dict[str, str] = {}
    depths: dict[str, int] = {}
    members: dict[str, set[str]] = defaultdict(set)
    for row in rows(path, CONTENTS, f"contents/{path.name}"):
        (skill,) = row.skills("skill") if " " not in row["skill"] else ("",)
        if not skill or skill in seen:
            said = f"the skill stands at {seen[skill]} already" if skill else "the line names several skills"
            raise InputError(row.place, said, "Write one line for each skill.")
        seen[skill] = row.place
        for depth, cluster in enumerate(row.needed("clusters").split(), start=1):
            if depths.setdefault(cluster, depth) != depth:
                said = f"{cluster} stands at level {depth} here and at level {depths[cluster]} above"
                raise InputError(row.place, said, "Write the clusters of a skill from the top level down.")
            members[cluster].add(skill)
    return Contents(
        frozenset(seen), {cluster: Content(depths[cluster], frozenset(skills)) for cluster, skills in members.items()}
    )


def read_names(folder: Path, contents: dict[str, Contents]) -> list[GivenName]:
    """Every line of ``names/<language>.csv`` that says something; a line without a text waits for one.

    Raises InputError where a line is malformed or names a content that no file holds, where two lines name one
    content, and where one label names two clusters of one file of contents.
    """
    found: list[GivenName] = []
    for path in sorted(folder.glob("*.csv")):
        if not _LANGUAGE.fullmatch(path.stem):
            hint = "Name the file by the language of its names, such as names/pl.csv."
            raise InputError(f"names/{path.name}", f"{path.stem!r} is no language tag in small letters", hint)
        names = [_name(row, path.stem, contents) for row in rows(path, NAMES, f"names/{path.name}")]
        _check(names)
        found += [name for name in names if name.label or name.definition or name.scope_note or name.exclusion_note]
    return found


def _name(row: Row, language: str, contents: dict[str, Contents]) -> GivenName:
    file, _, cluster = row.needed("content").partition("/")
    if file not in contents or cluster not in contents[file].clusters:
        known = ", ".join(sorted(contents)) or "there is none"
        hint = f"Write FILE/CLUSTER, a cluster that stands in contents/FILE.csv. Files: {known}."
        raise InputError(row.place, f"content {row['content']!r} is unknown", hint)
    texts = {column: " ".join(row[column].split()) for column in _TEXTS}
    if texts["alt_labels"] and not texts["label"]:
        raise InputError(row.place, "alternative labels without a label", "Fill the column label, too.")
    alternatives = (label.strip() for label in texts.pop("alt_labels").split("|"))
    return GivenName(
        content=row["content"],
        language=language,
        alt_labels=tuple(dict.fromkeys(label for label in alternatives if label)),
        status=row.one_of("status", ("draft", "agreed")),
        place=row.place,
        **texts,
    )


def _check(names: list[GivenName]) -> None:
    """One line per content, and no label twice among the clusters of one file of contents."""
    by_content: dict[str, GivenName] = {}
    by_label: dict[tuple[str, str], GivenName] = {}
    for name in names:
        first = by_content.setdefault(name.content, name)
        if first is not name:
            raise InputError(name.place, f"{first.place} names the same cluster", "Keep one of the two lines.")
        if not name.label:
            continue
        first = by_label.setdefault((name.content.partition("/")[0], name.label.casefold()), name)
        if first is not name:
            said = f"the label {name.label!r} stands at {first.place} already"
            raise InputError(name.place, said, "Give each cluster its own label.")
