"""A release that has a previous one: what it says of the changes, in every form, and what stands beside it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import html5lib
import pytest
from click.testing import CliRunner, Result

from esco_kg.cli import main
from esco_kg.config import read_config
from esco_kg.diff.amounts import amounts, level_amounts
from esco_kg.diff.bridge import carry, shares
from esco_kg.diff.compare import Comparison, compare
from esco_kg.errors import InputError, ValidationError
from esco_kg.folder.find import published_releases
from esco_kg.folder.reading import read_manifest
from esco_kg.folder.verify import verify
from esco_kg.model.changes import BridgeRow, Change, Delta
from esco_kg.model.clustering import Cluster
from esco_kg.notes.changes import Changes
from esco_kg.notes.teller import Teller
from esco_kg.rdf.graphs import GraphStore
from esco_kg.release import changes as stage
from esco_kg.release import index
from esco_kg.store.cookbook import cookbook
from esco_kg.words import wording
from tests.notes.sample_notes import sample_notes
from tests.support.two_releases import Pair, make

XKOS = "http://rdf-vocabulary.ddialliance.org/xkos#"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """Two releases, made once."""
    return make(tmp_path_factory.mktemp("pair"))


@pytest.fixture(scope="module")
def found(pair: Pair) -> Comparison:
    """Both compared."""
    return compare(pair.old, pair.new)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


def table(release: Path, name: str) -> list[dict[str, str]]:
    path = next(release.glob(f"*-{name}.csv*"))
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def store_of(*releases: Path) -> GraphStore:
    """Both releases side by side, each graph under the name it has for good."""
    store = GraphStore()
    for release in releases:
        base = read_manifest(release)["base_iri"]
        for graph in ("clusters", "changes"):
            for path in release.glob(f"*-{graph}.nt.gz"):
                plain = path.with_name("plain.nt")
                plain.write_bytes(gzip.decompress(path.read_bytes()))
                store.load(f"{base}release/{release.name}/graph/{graph}", plain)
                plain.unlink()
    return store


# --- what changed, and why -------------------------------------------------------------------------------------------


def test_a_release_compared_with_itself_has_no_change(pair: Pair) -> None:
    delta = compare(pair.new, pair.new).delta
    assert (delta.changes, delta.counts, delta.guards) == ([], [], [])
    assert set(delta.similarity.values()) == {1.0}


def test_changes_of_esco_and_of_the_experts_are_told_apart(found: Comparison, pair: Pair) -> None:
    delta = found.delta
    assert [change.subject for change in delta.of("skill", "removed")] == [pair.gone]
    assert [(c.subject, c.new) for c in delta.of("skill", "renamed")] == [(pair.renamed, "a new name")]
    placed = [c for c in delta.of("allocation", "moved") if c.subject == pair.placed]
    assert [(c.cause, c.new) for c in placed] == [("decision", pair.target)]
    gone = [c for c in delta.of("allocation", "removed") if c.subject == pair.gone and c.field == "primary"]
    assert [(c.cause, c.reason) for c in gone] == [("esco", "no longer in ESCO")]
    assert {c.cause for c in delta.of("cluster")} <= {"esco", "decision"}, "the method is the same"


def test_the_verdict_is_the_number_that_was_given(found: Comparison, pair: Pair) -> None:
    assert found.delta.verdict.part == "minor"
    assert pair.new.name == "1.1.0"
    assert "1 skill is no longer in ESCO" in found.delta.verdict.reasons


def test_amounts_stand_in_manifest_feed_history_and_a_table(found: Comparison, pair: Pair) -> None:
    levels = read_manifest(pair.new)["changes"]["levels"]
    assert [row["depth"] for row in levels] == [level.depth for level in found.delta.levels]
    finest = found.delta.levels[-1]
    assert 0 < finest.leaving < 0.01 and levels[-1]["leaving"] == round(finest.leaving, 6)
    rows = {row["cluster"]: row for row in table(pair.new, "series")}
    assert rows.keys() == {row["id"] for release in (pair.old, pair.new) for row in table(release, "clusters")}
    assert [row["cluster"] for row in rows.values() if row["breaks"] == "true"] == [
        one["cluster"] for level in levels for one in sorted(level["broken"], key=lambda one: one["cluster"])
    ]
    before = {r["skill"]: r["cluster"] for r in table(pair.old, "allocations") if r["rank"] == "primary"}
    assert float(rows[before[pair.placed]]["leaving"]) > 0
    moved = next(c for c in found.delta.counts if (c.about, c.kind) == ("allocation", "moved"))
    assert moved.links == round(finest.leaving * finest.links), "one quantity, counted in two ways"
    assert all(0 <= share <= 1 for c in found.delta.counts for share in (c.share, c.skills_share, c.links_share))
    said = f"Level 3: {wording('en').share(finest.leaving)} of the links"
    for name in (index.FEED, index.HISTORY):
        assert said in (pair.releases_folder / name).read_text(encoding="utf-8")


def test_no_rule_of_publication_is_broken(found: Comparison) -> None:
    assert found.delta.guards == []


def test_counts_are_those_of_the_changes(found: Comparison) -> None:
    delta = found.delta
    for count in delta.counts:
        mine = delta.of(count.about, count.kind)
        assert mine and count.concepts <= len(mine)
        if count.about == "cluster":
            assert count.concepts == len({change.subject for change in mine})
        assert count.skills <= delta.totals["skill"][0] + delta.totals["skill"][1]


# --- what is published -----------------------------------------------------------------------------------------------


def test_the_tables_say_what_the_comparison_says(found: Comparison, pair: Pair) -> None:
    rows = table(pair.new, "changes")
    assert [(r["about"], r["kind"], r["subject"]) for r in rows] == [
        (c.about, c.kind, c.subject) for c in found.delta.changes if c.is_ours
    ]
    assert [r["concept URI"] for r in table(pair.new, "esco-delta")] == [row.uri for row in found.rows]
    assert len(table(pair.new, "bridge")) == len(found.delta.bridge)


def test_the_graph_has_a_change_for_every_event(found: Comparison, pair: Pair) -> None:
    store = store_of(pair.new)
    base = read_manifest(pair.new)["base_iri"]
    number = store.select(f"SELECT (COUNT(*) AS ?n) WHERE {{ ?c a <{base}model#Change> }}").values()[0][0]
    assert number == sum(change.is_event and change.is_ours for change in found.delta.changes)


def test_changes_of_any_two_releases_speak_of_their_own_clusters(pair: Pair) -> None:
    base = read_manifest(pair.new)["base_iri"]
    text = run("diff", pair.old, pair.new, "--format", "ttl", "--quiet").output
    assert f"@prefix cluster: <{base}cluster/>" in text
    assert "w3id.org" not in text


def test_the_bridge_is_a_correspondence_of_the_clusters_as_released(pair: Pair) -> None:
    """Each end of each association is described in its own release, and belongs to one of the two schemes compared."""
    query = f"""
        PREFIX xkos: <{XKOS}> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT (COUNT(DISTINCT ?cluster) AS ?n) WHERE {{
          ?bridge xkos:compares ?scheme ; xkos:madeOf ?association . ?association ?end ?cluster .
          ?cluster skos:inScheme ?scheme ; skos:prefLabel ?label
          FILTER(?end IN (xkos:sourceConcept, xkos:targetConcept))
          FILTER(CONTAINS(STR(?scheme), "/release/")) }}"""
    clusters = sum(len(table(release, "clusters")) for release in (pair.old, pair.new))
    assert store_of(pair.old, pair.new).select(query).values() == [(clusters,)]


def test_a_retired_cluster_keeps_its_page(tmp_path: Path, pair: Pair) -> None:
    """In all later releases: the demonstration is released with fewer clusters, and then once more."""
    settings = tmp_path / "release.toml"
    own = (pair.old.parent.parent / "esco v1.0.0" / "release.toml").read_text(encoding="utf-8")
    wanted = next(line for line in own.splitlines() if line.startswith("levels"))
    fewer = own.replace(wanted, "levels = [8, 16, 30]")
    settings.write_text(fewer, encoding="utf-8")
    out = Path(shutil.copytree(pair.releases_folder, tmp_path / "releases"))
    data = pair.old.parent.parent / "esco v1.0.0"
    for day in ("2025-07-31", "2025-08-31"):
        made = run("release", data, "--config", settings, "--out", out, "--issued", day, "--quiet")
        assert made.exit_code == 0, made.output
        settings.write_text(fewer.replace("Invented data that show", "Data that show"), encoding="utf-8")
    retired = {row["id"] for row in table(out / "2.0.0", "registry") if row["retired_in"] == "2.0.0"}
    assert retired, "no cluster was retired, so this proves nothing"
    last = sorted(path.name for path in out.iterdir() if path.is_dir())[-1]
    assert last != "2.0.0"
    query = """PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?code WHERE {
          ?c owl:deprecated true ; skos:notation ?code ; skos:inScheme ?scheme ; skos:historyNote ?note }"""
    for version in ("2.0.0", last):
        kept = {str(row[0]) for row in store_of(out / version).select(query).values()}
        assert retired <= kept


def test_the_manifest_has_verdict_and_counts(found: Comparison, pair: Pair) -> None:
    told = read_manifest(pair.new)["changes"]
    assert told["verdict"]["part"] == found.delta.verdict.part
    assert [row["things"] for row in told["counts"]] == [count.concepts for count in found.delta.counts]
    assert read_manifest(pair.old)["changes"] == {}


def test_the_release_verifies(pair: Pair) -> None:
    assert verify(pair.new).deviations == ()


def test_the_notes_tell_the_story(pair: Pair) -> None:
    text = (pair.new / "RELEASE-NOTES.md").read_text(encoding="utf-8")
    for heading in ("What changed", "For statisticians", "For implementers of matching", "For translators"):
        assert f"## {heading}\n" in text
    page = (pair.new / "RELEASE-NOTES.html").read_text(encoding="utf-8")
    html5lib.HTMLParser(strict=True).parse(page)
    base = read_manifest(pair.new)["base_iri"]
    for change in compare(pair.old, pair.new).delta.of("cluster", "deprecated")[:20]:
        assert f'href="{base}cluster/{change.subject}"' in page and f"]({base}cluster/{change.subject})" in text


def test_a_broken_rule_stops_the_release(pair: Pair, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(stage, "compare", lambda old, new: (Delta("1.0.0", "1.1.0", guards=["a rule"]), []))
    out = Path(shutil.copytree(pair.releases_folder, tmp_path / "releases"))
    shutil.rmtree(out / pair.new.name)
    made = run("release", pair.old.parent.parent / "esco v1.0.0", "--out", out, "--quiet", "--issued", "2025-06-30")
    assert made.exit_code == ValidationError.exit_status
    assert "breaks 1 rules of publication, the first: a rule" in made.output
    assert sorted(path.name for path in out.iterdir() if path.is_dir()) == ["1.0.0"]


# --- beside the releases ---------------------------------------------------------------------------------------------


def test_the_log_has_every_event_of_every_release(found: Comparison, pair: Pair) -> None:
    events = [json.loads(line) for line in (pair.releases_folder / index.LOG).read_text(encoding="utf-8").splitlines()]
    published = [(e["release"], e["previous"]) for e in events if e["kind"] == "published"]
    assert published == [("1.0.0", ""), (pair.new.name, "1.0.0")]
    said = [(e["about"], e["kind"], e["subject"]) for e in events if e["kind"] != "published"]
    changes = found.delta.changes
    assert said == [
        (c.about, c.kind, c.subject)
        for c in changes
        if c.is_event and (c.is_ours or (c.about, c.kind) in {("skill", "removed"), ("skill", "added")})
    ]
    assert ("skill", "removed", pair.gone) in said


def test_the_log_is_added_to_and_mended_after_an_interruption(pair: Pair, tmp_path: Path) -> None:
    out = Path(shutil.copytree(pair.releases_folder, tmp_path / "releases"))
    config = read_config(pair.old.parent.parent / "esco v1.0.0" / "release.toml")
    whole = (out / index.LOG).read_text(encoding="utf-8")
    first = whole.splitlines(keepends=True)[0]
    (out / index.LOG).write_text(first, encoding="utf-8")
    (out / index.FEED).unlink()
    index.update(out, config)
    assert (out / index.LOG).read_text(encoding="utf-8") == whole
    assert (out / index.FEED).read_bytes() == (pair.releases_folder / index.FEED).read_bytes()
    before = {path: path.stat().st_mtime_ns for path in out.iterdir()}
    index.update(out, config)
    assert {path: path.stat().st_mtime_ns for path in out.iterdir()} == before


def test_a_damaged_log_is_named_with_its_line(pair: Pair, tmp_path: Path) -> None:
    out = Path(shutil.copytree(pair.releases_folder, tmp_path / "releases"))
    with (out / index.LOG).open("a", encoding="utf-8") as log:
        log.write('{"release": "2.0')
    with pytest.raises(InputError, match=r"changes\.ndjson:\d+: not an event"):
        index.update(out, read_config(pair.old.parent.parent / "esco v1.0.0" / "release.toml"))


def test_a_log_that_lost_lines_is_named(pair: Pair, tmp_path: Path) -> None:
    """What is only ever added to is held against the releases it tells of."""
    out = Path(shutil.copytree(pair.releases_folder, tmp_path / "releases"))
    lines = (out / index.LOG).read_bytes().split(b"\n")
    (out / index.LOG).write_bytes(b"\n".join([*lines[:-3], b""]))
    with pytest.raises(InputError, match=rf"changes\.ndjson: its lines of release {re.escape(pair.new.name)} are not"):
        index.update(out, read_config(pair.old.parent.parent / "esco v1.0.0" / "release.toml"))


def test_a_manifest_that_was_edited_is_named_in_older_releases_too(pair: Pair, tmp_path: Path) -> None:
    """The history of all releases is made from their manifests; the one that comes last is verified whole."""
    out = Path(shutil.copytree(pair.releases_folder, tmp_path / "releases"))
    path = out / pair.old.name / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"issued": "2025', '"issued": "2015'), encoding="utf-8")
    made = run("release", pair.old.parent.parent / "esco v1.0.0", "--out", out, "--quiet", "--issued", "2025-12-31")
    assert made.exit_code == InputError.exit_status
    assert f"{path}: is not as published: its own checksum is another" in made.output


def test_history_and_feed_name_every_release(pair: Pair) -> None:
    import xml.etree.ElementTree as ElementTree

    page = (pair.releases_folder / index.HISTORY).read_text(encoding="utf-8")
    html5lib.HTMLParser(strict=True).parse(page)
    feed = ElementTree.fromstring((pair.releases_folder / index.FEED).read_text(encoding="utf-8"))
    atom = "{http://www.w3.org/2005/Atom}"
    base = read_manifest(pair.new)["base_iri"]
    ids = [entry.findtext(f"{atom}id") for entry in feed.findall(f"{atom}entry")]
    assert ids == [f"{base}release/{pair.new.name}", f"{base}release/1.0.0"]
    assert page.count("It holds ") == 2 and "cluster area" in page  # also of a release that was compared with none
    assert feed.findtext(f"{atom}updated") == "2025-06-30T00:00:00Z"
    for release in published_releases(pair.releases_folder, base):
        assert f'href="{release.version}/RELEASE-NOTES.html"' in page
        assert (pair.releases_folder / release.version / "RELEASE-NOTES.html").is_file()


def test_one_skill_through_all_versions(pair: Pair) -> None:
    """The saved query, over both releases under their own graphs."""
    base = read_manifest(pair.new)["base_iri"]
    query = cookbook()["skill-through-versions"]
    rows = store_of(pair.old, pair.new).select(query.bound(base, {"skill": pair.placed, "language": "en"}))
    assert all(row[rows.columns.index("label")] for row in rows.values())
    before, after = ({r["skill"]: r["cluster"] for r in table(release, "allocations") if r["rank"] == "primary"}
                     for release in (pair.old, pair.new))  # fmt: skip
    at = rows.columns.index("version"), rows.columns.index("code")
    assert [(row[at[0]], row[at[1]]) for row in rows.values()] == [
        ("1.0.0", before[pair.placed]),
        (pair.new.name, after[pair.placed]),
    ]


# --- a user's series -------------------------------------------------------------------------------------------------


def series(path: Path, head: str, *rows: str) -> Path:
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_series_is_carried_over(pair: Pair, tmp_path: Path) -> None:
    ids = [row["id"] for row in table(pair.old, "clusters") if row["depth"] == "3"]
    rows = [f"{year},{identifier},{7 * n + year}" for year in (2024, 2025) for n, identifier in enumerate(ids)]
    path = series(tmp_path / "series.csv", "year,cluster,value", *rows)
    result = run("bridge", pair.old, pair.new, path)
    assert result.exit_code == 0, result.output
    carried = list(csv.DictReader(result.stdout.splitlines()))
    assert list(carried[0]) == ["year", "cluster", "value", "estimated"]
    known = {row["id"] for row in table(pair.new, "clusters")}
    assert {row["cluster"] for row in carried} <= known
    for year in (2024, 2025):
        total = sum(7 * n + year for n in range(len(ids)))
        assert sum(int(row["value"]) for row in carried if row["year"] == str(year)) == total
    assert "rests on an estimate" in result.stderr


def test_iris_of_one_release_become_those_of_the_other(pair: Pair, tmp_path: Path) -> None:
    base = read_manifest(pair.old)["base_iri"]
    kept = sorted({r["id"] for r in table(pair.old, "clusters")} & {r["id"] for r in table(pair.new, "clusters")})[0]
    path = series(tmp_path / "series.csv", "cluster,value", f"{base}release/1.0.0/cluster/{kept},5")
    result = run("bridge", pair.old, pair.new, path, "--json")
    assert f"{base}release/{pair.new.name}/cluster/{kept}," in result.stdout
    assert json.loads(result.stderr)["total"] == "5"


@pytest.mark.parametrize(
    ("head", "rows", "said"),
    [
        ("cluster,employment rate", ["{},12.5"], "seem to be rates: the column is called employment rate"),
        ("cluster,value", ["{},0.4", "{},0.6"], "all its values lie between 0 and 1"),
        ("cluster,value", ["{},40.5", "{},59.5"], "its values add up to 100"),
        ("cluster,value", ["{},12 %"], "is a percentage"),
    ],
)
def test_rates_are_refused(pair: Pair, tmp_path: Path, head: str, rows: list[str], said: str) -> None:
    cluster = table(pair.old, "clusters")[0]["id"]
    path = series(tmp_path / "series.csv", head, *(row.format(cluster) for row in rows))
    result = run("bridge", pair.old, pair.new, path, "--value", head.split(",")[1])
    assert result.exit_code == 2 and said in result.output, result.output
    if "%" not in rows[0]:
        assert run("bridge", pair.old, pair.new, path, "--value", head.split(",")[1], "--counts").exit_code == 0


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["c99999,5"], "series.csv:2: 'c99999' is no cluster of release 1.0.0"),
        (["{},five"], "series.csv:2: 'five' is no number"),
        (["{},1", "{},-1"], "series.csv:3: -1 is below zero"),
        (["{},1,2"], "series.csv:2: 3 columns instead of 2"),
        ([], "holds no row"),
    ],
)
def test_a_table_that_cannot_be_read_is_named_with_its_line(
    pair: Pair, tmp_path: Path, rows: list[str], said: str
) -> None:
    cluster = table(pair.old, "clusters")[0]["id"]
    path = series(tmp_path / "series.csv", "cluster,value", *(row.format(cluster) for row in rows))
    result = run("bridge", pair.old, pair.new, path)
    assert result.exit_code == 3 and said in result.output, result.output


def test_a_column_that_cannot_be_told_is_asked_for(pair: Pair, tmp_path: Path) -> None:
    cluster = table(pair.old, "clusters")[0]["id"]
    path = series(tmp_path / "series.csv", "cluster,men,women", f"{cluster},1,2")
    assert "Name the right one with --value" in run("bridge", pair.old, pair.new, path).output
    assert run("bridge", pair.old, pair.new, path, "--value", "women").exit_code == 0


def test_translators_hear_of_what_people_wrote_alone() -> None:
    """484 of 546 clusters were sent to them for sentences that the program writes in every language."""

    def cluster(identifier: str, status: str, **given: str) -> Cluster:
        texts = {(field, "en"): text for field, text in given.items()}
        return Cluster(identifier, 3, None, "sector", {}, name_status={"en": status}, given_texts=texts)  # type: ignore[dict-item]

    def change(kind: str, subject: str, field: str, old: str) -> Change:
        return Change("cluster", kind, subject, field=field, language="en", old=old, new="new")  # type: ignore[arg-type]

    clusters = [
        cluster("c00001", "made"),
        cluster("c00002", "agreed"),
        cluster("c00003", "draft", scopeNote="All of baking.", definition="What bakers do."),
    ]
    delta = Delta("1.0.0", "1.0.1", similarity={3: 1.0})
    delta.changes = [
        change("renamed", "c00001", "preferredLabel", "a"),
        change("renamed", "c00002", "preferredLabel", "a"),
        change("re-described", "c00001", "definition", "Skills and knowledge that occupations such as baker need."),
        change("re-described", "c00002", "exclusionNote", "Not in it: milling."),
        # The sentence of the program behind what people wrote changed, and then what they wrote.
        change("re-described", "c00003", "scopeNote", "All of baking. Includes bread."),
        change("re-described", "c00003", "definition", "What a baker does."),
    ]
    assert _told(delta, {c.id: c for c in clusters}).texts().rows == (("English", 1, 1),)


def _told(delta: Delta, clusters: dict[str, Cluster]) -> Changes:
    notes = sample_notes()
    notes = replace(notes, clustering=replace(notes.clustering, clusters=clusters))
    return Changes(Teller(notes, wording("en")), delta)


def test_the_part_that_the_notes_call_an_estimate_is_the_one_that_the_bridge_estimates() -> None:
    """Beside a cluster whose links part, one of which a skill without a link left: no part of a series follows it."""
    ways = [("c1", "c1", 60), ("c1", "c2", 40), ("c3", "c3", 100), ("c3", "c4", 0)]
    before = {"c1": 100, "c3": 100}
    rows = [BridgeRow(1, old, new, 1, n, n, 0.5, n / before[old], 1.0, 1.0) for old, new, n in ways]
    found = amounts(rows, 0.05)
    delta = Delta("1.0.0", "2.0.0", bridge=rows, similarity={1: 1.0}, totals={"clusters of level 1": (2, 4)})
    delta.amounts, delta.levels = found, level_amounts(rows, found)
    series = [((), old, Decimal(links)) for old, links in before.items()]
    carried = carry(series, shares(rows, by="links"), dict.fromkeys(before, 1), 0)
    told = _told(delta, {})
    assert told.levels().rows[-1][6] == float(carried.share) == 0.2
    assert [amount.cluster for amount in told.broken] == ["c1"]
