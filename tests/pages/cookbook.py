"""``python -m tests.pages.cookbook``: sample answers into the heads of the saved queries, and their page in docs/.

The samples come from a second release of the demonstration data, in which experts moved three skills.
"""

from __future__ import annotations

import gzip
import re
import shutil
import tempfile
from pathlib import Path

from esco_kg.folder.material import read_material
from esco_kg.folder.reading import MANIFEST, read_manifest
from esco_kg.folder.tables import read_published
from esco_kg.model.findings import Table
from esco_kg.rdf.graphs import GraphStore
from esco_kg.release import Request, make_release
from esco_kg.resources import folder
from esco_kg.store.catalogue import Names
from esco_kg.store.cookbook import Query, cookbook
from esco_kg.store.local import ReleaseStore, open_release
from esco_kg.store.tables import written
from tests.support.places import ROOT

PAGE = ROOT / "docs" / "queries.md"
MARK = "<!-- From here on written by `python -m tests.pages.cookbook` from the heads of the queries. -->\n"
_ROWS = 3
# The day of issue in the samples, so that they do not change from day to day.
ISSUED = "2024-12-24"


def second_release(first: Path, scratch: Path) -> Path:
    """The release after the demonstration's first one, made beside a copy of it: three skills moved by experts."""
    out = scratch / "releases"
    shutil.copytree(first.parent, out / "demonstration")
    curation = scratch / "curation"
    shutil.copytree(folder("curation"), curation)
    clusters = [c for c in read_published(first).clusters.values() if c.depth == 3 and len(c.members) > 8]
    giver, taker = sorted(clusters, key=lambda cluster: (-len(cluster.members), cluster.id))[:2]
    # Few links move: then the release is a minor one.
    users = read_material(first).occupations_of
    moved = sorted(giver.members, key=lambda skill: (len(users.get(skill, ())), skill))[:3]
    with (curation / "forced.csv").open("a", encoding="utf-8") as stream:
        stream.write(f"{' '.join(moved)},{taker.id},They fit better there.\n")
    return make_release(Request(out=out, issued=ISSUED, curation=curation, use_cache=False)).folder


def answer(query: Query, store: ReleaseStore, release: Path) -> Table:
    """The answer to a query with the parameters of its sample; ``release`` lies beside the one before it."""
    text = query.bound(read_manifest(release)["base_iri"], query.sample)
    return query.table(both_releases(release).select(text) if query.needs else store.select(text))


def both_releases(second: Path) -> GraphStore:
    """The clusters of a release and of those beside it, each in a graph of its own as in a triple store."""
    store = GraphStore()
    with tempfile.TemporaryDirectory() as scratch:
        for release in sorted(path.parent for path in second.parent.glob(f"*/{MANIFEST}")):
            plain = Path(scratch, "clusters.nt")
            plain.write_bytes(gzip.decompress(next(release.glob("*-clusters.nt.gz")).read_bytes()))
            base, version = (str(read_manifest(release)[key]) for key in ("base_iri", "version"))
            store.load(Names(base).graph(version, "clusters"), plain)
    return store


def sample_lines(table: Table) -> list[str]:
    """The first rows as CSV, and how many there are."""
    if not table.rows:
        raise SystemExit(f"{table.name}: the sample has no rows; give it other parameters")
    lines = written(table, "csv").decode().splitlines()
    more = len(table.rows) - _ROWS
    return [*lines[: 1 + _ROWS], *([f"… and {more} rows more"] if more > 0 else [])]


def with_sample(text: str, lines: list[str]) -> str:
    """The query's file with these lines as its sample answer."""
    head = re.sub(r"(# Sample: [^\n]*\n)(?:#   [^\n]*\n)*", r"\1", text)
    return re.sub(r"# Sample: [^\n]*\n", lambda found: found[0] + "".join(f"#   {line}\n" for line in lines), head)


def page(text: str) -> str:
    """The page with its list of queries as it must be; what stands before the mark stays as it is."""
    return text.split(MARK)[0] + MARK + "".join(_section(query) for query in cookbook().values())


def _section(query: Query) -> str:
    lines = [f"\n### {query.name}", "", query.question, "", f"Asked by {query.asked_by}.", ""]
    if query.parameters:
        lines += ["| parameter | type | default | what it is |", "| --- | --- | --- | --- |"]
        for parameter in query.parameters:
            default = parameter.default or "must be given"
            lines.append(f"| {parameter.name} | {parameter.type} | {default} | {parameter.meaning} |")
        lines.append("")
    lines += ["| column | type | what it is |", "| --- | --- | --- |"]
    for column in query.columns:
        kind = f"{column.type} or blank" if column.may_be_blank else column.type
        lines.append(f"| {column.name} | {kind} | {column.meaning} |")
    if query.needs:
        lines += ["", f"Needs {query.needs}: `--endpoint`, not `--release`."]
    if query.empty_when:
        lines += ["", f"No rows where {query.empty_when}."]
    given = "".join(f" --param {name}={value}" for name, value in query.sample.items())
    lines += [
        "",
        "On the demonstration data:",
        "",
        "```sh",
        f"esco-kg query {query.name}{given} --format csv",
        "```",
        "",
    ]
    lines += ["```csv", *query.answer, "```"]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the heads, then the page."""
    with tempfile.TemporaryDirectory() as scratch:
        first = make_release(Request(out=Path(scratch, "first"), issued=ISSUED)).folder
        release = second_release(first, Path(scratch))
        store = open_release(release, caches=Path(scratch, "stores"))
        for query in cookbook().values():
            path = folder("queries") / "cookbook" / f"{query.name}.rq"
            lines = sample_lines(answer(query, store, release))
            path.write_text(with_sample(query.text, lines), encoding="utf-8")
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
