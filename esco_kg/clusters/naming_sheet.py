"""What somebody needs who names the clusters of a release: their contents, and a sheet of those that want a name."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from esco_kg.clusters.contents import CONTENTS, NAMES
from esco_kg.errors import UsageError
from esco_kg.folder.reading import main_language, read_manifest, table_file
from esco_kg.folder.tables import read_clusters, read_table

_GIVEN = ("agreed", "draft")


def contents_file(release: Path) -> str:
    """``contents/<name>.csv`` for names of this release's clusters.

    Raises InputError where the folder is no release or a table of it is damaged, UsageError where somebody gave the
    clusters.
    """
    _refuse_given(release)
    clusters, _ = read_clusters(release, read_manifest(release)["version"])
    skills = {skill: i for i in sorted(clusters, key=lambda i: clusters[i].depth) for skill in clusters[i].members}
    rows: list[tuple[str, ...]] = []
    for skill, cluster in sorted(skills.items()):
        path = [cluster]
        while above := clusters[path[0]].parent:
            path.insert(0, above)
        rows.append((skill, " ".join(path)))
    return _table(CONTENTS, rows)


def names_sheet(release: Path, language: str, contents: str = "") -> str:
    """``names/<language>.csv`` with an empty line for each cluster that nobody gave a name in this language, under a
    comment with its name and definition in the main language.

    ``contents`` is the name of the file that :func:`contents_file` is kept in, by default the release's version. Raises
    as :func:`contents_file`.
    """
    _refuse_given(release)
    manifest = read_manifest(release)
    main, version = main_language(manifest), manifest["version"]
    text = _table(NAMES, [])
    for _, row in read_table(table_file(release, version, "clusters")):
        if row.get(f"name_status_{language}", "") not in _GIVEN:
            said = " ".join(f"{row[f'label_{main}']}. {row.get(f'definition_{main}', '')}".split())
            text += f"# {row['id']}, level {row['depth']}: {said}\n"
            text += _row((f"{contents or version}/{row['id']}", "", "", "", "", "", "draft"))
    return text


def _refuse_given(release: Path) -> None:
    """Names of ``curation/`` are not used for clusters that somebody gave."""
    manifest = read_manifest(release)
    if (manifest.get("origin") or {}).get("kind", "method") != "method":
        raise UsageError(
            f"the clusters of release {manifest['version']} were given, with their names",
            "Write names into the table of the clusters, and give it to esco-kg release --clusters.",
        )


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    return _row(head) + "".join(_row(row) for row in rows)


def _row(cells: tuple[str, ...]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerow(cells)
    return stream.getvalue()
