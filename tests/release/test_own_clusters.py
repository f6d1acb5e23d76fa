"""The page for people who bring their own clusters, run as it stands; and what the releases say of them."""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
import rdflib
from click.testing import CliRunner, Result
from rdflib import DCTERMS, PROV, RDF, RDFS, SKOS
from starlette.testclient import TestClient

import esco_kg
from esco_kg.cli import main
from esco_kg.store.cookbook import cookbook
from esco_kg.web.app import make_app
from esco_kg.web.releases.site import open_site
from esco_kg.web.static_site.index import index_files
from tests.support.places import ROOT

PAGE = (ROOT / "docs" / "own-clusters.md").read_text(encoding="utf-8")
BASE = "https://clusters.example.org/"
# What may not stand in a release of clusters that this program did not make.
OURS = (
    "A program grouped", "used in the same occupations and sectors", "clusters were made from occupations",
    "another hierarchy, not a copy", "experts have agreed to",
)  # fmt: skip


def shown_files() -> dict[str, str]:
    """The files that the page tells the reader to save."""
    return dict(re.findall(r"Save it as `([\w.-]+)`:\n\n```(?:csv|toml)\n(.*?)```", PAGE, re.DOTALL))


def shown_commands() -> list[list[str]]:
    """The commands of the page, in order."""
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    return [shlex.split(line) for block in blocks for line in block.splitlines()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which every command of the page but ``serve`` was run."""
    place = tmp_path_factory.mktemp("own")
    for name, text in shown_files().items():
        (place / name).write_text(text, encoding="utf-8")
    here = Path.cwd()
    os.chdir(place)
    try:
        for command, *arguments in shown_commands():
            assert command == "esco-kg"
            if arguments[0] != "serve":
                run = CliRunner().invoke(main, arguments)
                assert run.exit_code == 0, f"{arguments}: {run.output}"
    finally:
        os.chdir(here)
    return place


def graph(release: Path, name: str) -> rdflib.Graph:
    packed = next(release.glob(f"*-{name}.nt.gz"))
    return rdflib.Graph().parse(data=gzip.decompress(packed.read_bytes()), format="nt")


def test_the_page_ends_with_a_page_in_the_browser(folder: Path) -> None:
    (serve,) = [arguments for _, *arguments in shown_commands() if arguments[0] == "serve"]
    (address,) = re.findall(r"<http://127.0.0.1:8080(/\S+?)>", PAGE)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-m", "esco_kg", *serve, "--port", str(port)], cwd=folder)
    try:
        for _ in range(240):
            try:
                text = urllib.request.urlopen(f"http://127.0.0.1:{port}{address}", timeout=30).read().decode()
                break
            except OSError:
                assert server.poll() is None, "the server ended"
                time.sleep(0.5)
        start = urllib.request.urlopen(f"http://127.0.0.1:{port}/en/2.0.0/index.html", timeout=30).read().decode()
    finally:
        server.terminate()
        server.wait(timeout=60)
    assert "<h1>Treating</h1>" in text and "dispense medicines" in text
    assert "The clusters were made by the experts of the Example Office." in text
    assert "Twelve experts sorted the skills in three rounds." in text
    assert "the data alone placed them" not in text
    assert "Clusters of skills, made by the experts of the Example Office." in start
    assert "that people use together at work" not in start, "nobody said so of these"
    assert "made from ESCO" not in start, "these data are not ESCO"


def test_notes_catalogue_and_provenance_name_who_made_the_clusters(folder: Path) -> None:
    release = folder / "releases" / "demonstration" / "1.0.0"
    notes = (release / "RELEASE-NOTES.md").read_text(encoding="utf-8")
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    assert "The clusters were made by: the experts of the Example Office." in notes
    assert "Twelve experts sorted the skills in three rounds." in notes
    for source in manifest["origin"]["files"]:
        assert f"| `{source['name']}` | " in notes and f"`{source['sha256']}`" in notes
    assert [source["name"] for source in manifest["origin"]["files"]] == ["members.csv", "clusters.csv"]
    assert [sentence for sentence in OURS if sentence in notes] == []
    catalogue = graph(release, "catalogue")
    run = rdflib.URIRef(f"{BASE}activity/1.0.0/clustering")
    (maker,) = catalogue.objects(run, PROV.wasAssociatedWith)
    assert str(catalogue.value(maker, RDFS.label)) == "the experts of the Example Office"
    assert str(catalogue.value(run, DCTERMS.description)) == "Twelve experts sorted the skills in three rounds."
    made = {str(o).rpartition("/")[2] for o in catalogue.objects(run, PROV.generated)}
    assert made == {source["sha256"] for source in manifest["origin"]["files"]}
    assert not list(catalogue.objects(run, PROV.used)), "nobody said what their experts used"
    build = rdflib.URIRef(f"{BASE}activity/1.0.0/release")
    assert made <= {str(o).rpartition("/")[2] for o in catalogue.objects(build, PROV.used)}
    assert manifest["curation"] == [], "frames and names that this package ships are of clusters of ours"
    assert list(manifest["settings"]["clusters"]) == ["level_names"] and "identity" not in manifest["settings"]
    assert catalogue.value(run, rdflib.URIRef(f"{BASE}model#seed")) is None, "no setting of a method of ours"


def test_the_rdf_has_their_ids_levels_and_weights(folder: Path) -> None:
    clusters = graph(folder / "releases" / "demonstration" / "1.0.0", "clusters")
    cluster, model = rdflib.Namespace(f"{BASE}cluster/"), rdflib.Namespace(f"{BASE}model#")
    parents = {str(c): {str(p) for p in clusters.objects(c, SKOS.broader)} for c in clusters.subjects(model.skills)}
    assert parents == {
        str(cluster.H): set(), str(cluster.F): set(),
        str(cluster.H1): {str(cluster.H)}, str(cluster.H2): {str(cluster.H)},
    }  # fmt: skip
    assert {str(clusters.value(c, SKOS.notation)) for c in map(rdflib.URIRef, parents)} == {"H", "H1", "H2", "F"}
    weights = sorted(float(w) for a, w in clusters.subject_objects(model.weight) if (a, model.rank, None) in clusters)
    assert weights == [0.3, 0.7, 1.0, 1.0, 1.0, 1.0, 1.0]
    assert not list(clusters.subjects(model.branch)) and not list(clusters.subjects(model.margin))
    xkos = rdflib.Namespace("http://rdf-vocabulary.ddialliance.org/xkos#")
    assert not list(clusters.subjects(xkos.coversExhaustively)), "294 skills are in no cluster"
    assert not list(clusters.subjects(RDF.type, model.ClusterRelation)), "so few skills share no three occupations"


def test_the_next_release_tells_what_was_merged_and_what_is_new(folder: Path) -> None:
    release = folder / "releases" / "demonstration" / "2.0.0"
    changes = json.loads((release / "manifest.json").read_text(encoding="utf-8"))["changes"]
    assert changes["verdict"]["part"] == "major"
    notes = (release / "RELEASE-NOTES.md").read_text(encoding="utf-8")
    assert f"[Looking after]({BASE}cluster/H2) | [Treating and looking after]({BASE}cluster/H1)" in notes
    why = notes.partition("Why skills moved:")[2].partition("<a id")[0]
    assert "the publisher of the clusters" in why and "ESCO" not in why
    events = gzip.decompress((release / "esco-kg-2.0.0-changes.csv.gz").read_bytes()).decode().split("\n")
    told = {tuple(row.split(",")[:3]) for row in events if row.startswith("cluster,")}
    assert {("cluster", "added", "G"), ("cluster", "deprecated", "H2"), ("cluster", "merged", "H1")} <= told
    assert "names and texts that people wrote and that are new in this release" in notes, "H1 has another name"
    assert "esco-kg names" not in notes, "names of curation/ are not used"


def test_an_id_that_is_also_a_sector_code_is_told_apart(folder: Path) -> None:
    """The subjects of changes were sectors of NACE (H1, F), and sections had the names of clusters (F, G)."""
    releases = folder / "releases" / "demonstration"
    changes, model = graph(releases / "2.0.0", "changes"), f"{BASE}model#"
    subjects = {str(iri) for iri in changes.objects(None, rdflib.URIRef(f"{model}subject"))}
    clusters = {f"{BASE}cluster/{identifier}" for identifier in ("F", "G", "H", "H1", "H2")}
    assert {iri for iri in subjects if "/skill/" not in iri} == clusters
    run = CliRunner().invoke(main, ["diff", "--quiet", str(releases / "1.0.0"), str(releases / "2.0.0")])
    assert "Kitchen (F), share: 0.1364 -> nothing, G [" in run.output
    assert "reduce waste" in run.output and "primary: Kitchen (F) -> Green work (G) [" in run.output


def test_commands_take_ids_of_any_kind_and_branches_of_any_depth(folder: Path) -> None:
    releases = folder / "releases" / "demonstration"
    old, new = str(releases / "1.0.0"), str(releases / "2.0.0")
    series = folder / "series.csv"
    series.write_text("cluster,value\nH1,10\nH2,4\nF,8\n", encoding="utf-8")
    run = CliRunner().invoke(main, ["bridge", old, new, str(series)])
    assert run.exit_code == 0 and "H1,14,0\n" in run.output, run.output
    series.write_text("cluster,value\nH1,10\nH9,4\n", encoding="utf-8")
    run = CliRunner().invoke(main, ["bridge", old, new, str(series)])
    assert run.exit_code == 3 and "series.csv:3: 'H9' is no cluster of release 1.0.0" in run.output
    for what, answer in (("skills", "dispense medicines"), ("occupations", "pharmacist")):
        run = CliRunner().invoke(main, ["recommend", what, "--quiet", "dress wounds", old])
        assert run.exit_code == 0 and answer in run.output, run.output
    run = CliRunner().invoke(main, ["names", "--quiet", "fr", old])
    assert run.exit_code == 2 and "the clusters of release 1.0.0 were given, with their names" in run.output


@pytest.mark.parametrize("name", ["level-clusters", "list-share", "reuse-levels", "skill-types"])
def test_saved_queries_about_a_level_have_the_clusters_that_end_above_it(folder: Path, name: str) -> None:
    """list-share left F out at level 2: a variable of its own had the name of one that was bound."""
    release = esco_kg.open(folder / "releases" / "demonstration" / "1.0.0")
    found = release.query(name, level=2)
    assert set(found["id"]) == {"F", "H1", "H2"}


@pytest.mark.parametrize("name", sorted(name for name, query in cookbook().items() if not query.needs))
def test_every_saved_query_answers_about_given_clusters(folder: Path, name: str) -> None:
    """level-clusters said that its column branch was blank: what only our method has is no error where it is not."""
    query = cookbook()[name]
    release = esco_kg.open(folder / "releases" / "demonstration" / "1.0.0")
    for cluster in ("H", "H1", "F"):
        own = {one.name: cluster for one in query.parameters if one.type == "cluster"}
        found = release.query(name, **(query.sample | own))
        assert found.columns == [column.name for column in query.columns], cluster


def test_tables_of_skills_have_the_clusters_that_end_above_the_finest_level(folder: Path) -> None:
    """F ends at level 1, above H1: its skills were in no row of level 2, in no sector, and no card of a review."""
    release = str(folder / "releases" / "demonstration" / "1.0.0")
    table = folder / "skills.csv"
    table.write_text("skill\n" + "dress wounds\ncook dishes\nthatch roofs\n" * 12, encoding="utf-8")
    asked = ["aggregate", "--quiet", "--by", "cluster", "--by", "sector", "--skill", "skill", str(table), release]
    run = CliRunner().invoke(main, asked)
    assert run.exit_code == 0, run.output
    rows = list(csv.DictReader(run.stdout.splitlines()))
    found = [(r["level"], r["code"], r["mentions"]) for r in rows if r["by"] == "cluster"]
    assert found == [
        ("0", "_T", "36.0"), ("1", "F", "12.0"), ("1", "H", "12.0"), ("1", "_U", "12.0"),
        ("2", "F", "12.0"), ("2", "H1", "12.0"), ("2", "_U", "12.0"),
    ]  # fmt: skip
    sectors = {(r["level"], r["code"]): float(r["mentions"]) for r in rows if r["by"] == "sector"}
    assert (sectors["0", "_T"], sectors["1", "_U"]) == (36.0, 12.0)
    assert abs(sum(n for (level, _), n in sectors.items() if level == "1") - 36) < 0.5
    texts = folder / "texts.csv"
    texts.write_text(table.read_text(encoding="utf-8").replace("skill", "text", 1), encoding="utf-8")
    run = CliRunner().invoke(main, ["assign", "--quiet", "--column", "text", str(texts), release])
    assert "cook dishes" in run.output and ",F,Kitchen,F,Kitchen" in run.output
    cards = folder / "cards"
    order = ["--reviewers", "r1", "--priority", "0", "--random", "6", "--overlap", "0", "--format", "csv"]
    run = CliRunner().invoke(main, ["review", "export", *order, "--out", str(cards), release])
    assert run.exit_code == 0 and "F Kitchen" in next(cards.glob("*.csv")).read_text(encoding="utf-8"), run.output


def test_the_official_hierarchy_is_called_what_it_is(folder: Path, tmp_path: Path) -> None:
    settings = tmp_path / "release.toml"
    settings.write_text(shown_files()["release.toml"], encoding="utf-8")
    arguments = ["release", "--quiet", "--clusters", "official:2", "--config", str(settings), "--out", str(tmp_path)]
    run = CliRunner().invoke(main, arguments)
    assert run.exit_code == 0, run.output
    notes = (tmp_path / "demonstration" / "1.0.0" / "RELEASE-NOTES.md").read_text(encoding="utf-8")
    assert notes.count("The groups and their names are those of demonstration data; a program made clusters") == 2
    assert "names of clusters are labels of demonstration data" in notes and "the lowest code among its groups" in notes
    assert "publisher of the clusters" not in notes and "those of their publisher" not in notes
    assert "The clusters are the groups of the skills pillar down to level 2." in notes
    assert [s for s in (*OURS, "Twelve experts", "Beside the official", "European Commission. T") if s in notes] == []
    assert "| level 1 of the skills pillar | 21 |" in notes, "the settings name two levels, the clusters have three"
    # The third level beside a scheme of two was told as "similarity 1, no series broken".
    theirs, of_two = tmp_path / "demonstration" / "1.0.0", folder / "releases" / "demonstration" / "1.0.0"
    delta = esco_kg.open(theirs).diff(of_two).delta
    assert delta.totals["clusters of level 3"][1] == 0
    assert sorted(delta.similarity) == [level.depth for level in delta.levels] == [1, 2]


def test_an_intact_release_says_so_of_itself(folder: Path) -> None:
    for command in ("check", "verify"):
        run = CliRunner().invoke(main, [command, str(folder / "releases" / "demonstration" / "2.0.0")])
        assert run.exit_code == 0, run.output


def made_of(folder: Path, *arguments: str, **files: str) -> Result:
    """A release of tables of the demonstration's skills; ``members="..."`` writes members.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        arguments += ("--clusters", str(folder / f"{name}.csv"))
    return CliRunner().invoke(main, ["release", "--quiet", "--out", str(folder / "out"), *arguments])


def test_in_tables_of_one_level_a_cluster_that_ends_above_it_stands_for_itself(folder: Path) -> None:
    """Skills of such a cluster were missing at the levels below: F has none below it, H has H1 and H2."""
    release = folder / "releases" / "demonstration" / "1.0.0"
    with (release / "statistics" / "levels.csv").open(encoding="utf-8", newline="") as stream:
        levels = [(row["depth"], row["clusters"], row["skills"]) for row in csv.DictReader(stream)]
    assert levels == [("1", "2", "6"), ("2", "3", "6")]
    query = ["query", "skill-level", str(release), "--param", "level=2", "--format", "csv", "--quiet"]
    run = CliRunner().invoke(main, query)
    assert run.exit_code == 0, run.output
    assert {row["cluster"] for row in csv.DictReader(run.stdout.splitlines())} == {"F", "H1", "H2"}
    members = (release / "queries" / "cluster-members.rq").read_text(encoding="utf-8")
    assert f"<{BASE}cluster/H>" in members, "ids of a publisher's own were refused"


def test_a_mistake_ends_with_3_and_writes_nothing(tmp_path: Path) -> None:
    run = made_of(tmp_path, members="skill,cluster\ndispense medicines,K\ndispense medicin,K\n")
    assert run.exit_code == 3 and not (tmp_path / "out").exists()
    assert "members.csv:3: 'dispense medicin' is no skill of ESCO 1.0.0" in run.output
    assert "the nearest labels are: dispense medicines" in run.output


def test_one_small_cluster_has_no_relation_and_no_sector_and_the_manifest_says_so(tmp_path: Path) -> None:
    run = made_of(tmp_path, members="skill,cluster\nreduce waste,K\n")
    assert run.exit_code == 0, run.output
    manifest = json.loads((tmp_path / "out" / "demonstration" / "1.0.0" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["absent"] == ["ClusterRelation", "related", "relatedMatch"]


def test_a_label_may_stand_once_at_each_level(tmp_path: Path) -> None:
    clusters = "id,parent,label_en\nK,,Kitchen\nK1,K,Kitchen\n"
    run = made_of(tmp_path, members="skill,cluster\ncook dishes,K1\n", clusters=clusters)
    assert run.exit_code == 0, run.output


def test_a_release_of_another_publisher_is_published_with_its_names_notes_and_iris(
    folder: Path, tmp_path: Path
) -> None:
    theirs = folder / "releases" / "demonstration" / "1.0.0"
    run = made_of(tmp_path, "--clusters", str(theirs))
    assert run.exit_code == 0, run.output
    release = tmp_path / "out" / "demonstration" / "1.0.0"
    old, new = graph(theirs, "clusters"), graph(release, "clusters")
    of_ours = {str(new.value(c, SKOS.notation)): (c, iri) for c, iri in new.subject_objects(SKOS.exactMatch)}
    assert {key: str(iri) for key, (_, iri) in of_ours.items()} == {
        k: f"{BASE}cluster/{k}" for k in ("H", "H1", "H2", "F")
    }
    for cluster, iri in of_ours.values():
        for text in (SKOS.prefLabel, SKOS.definition, SKOS.narrowMatch):
            assert set(old.objects(iri, text)) <= set(new.objects(cluster, text))
    notes = (release / "RELEASE-NOTES.md").read_text(encoding="utf-8")
    assert "The clusters were made by: the experts of the Example Office." in notes
    assert f"those of release 1.0.0 of “Skill clusters of the Example Office” ({BASE})" in notes
    assert "| `1.0.0/manifest.json` | " in notes
    copy = tmp_path / "altered" / "1.0.0"
    shutil.copytree(theirs, copy)
    table = copy / "esco-kg-1.0.0-allocations.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",F,", ",H1,"), encoding="utf-8")
    run = made_of(tmp_path / "altered", "--clusters", str(copy))
    assert run.exit_code == 3 and "is not as published" in run.output


OWN_IRIS = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix work: <https://clusters.example.org/work/> .
@prefix skill: <https://example.org/esco-kg-demonstration/pillar/skill/> .
work:A a skos:Concept ; skos:inScheme work:all ; skos:notation "A" ; skos:prefLabel "Goods"@en ; skos:narrowMatch
  skill:046d893c-e39b-5b52-a04d-5f1b6f5ee0ab .
work:B a skos:Concept ; skos:inScheme work:all ; skos:notation "B" ; skos:prefLabel "Servers"@en ; skos:narrowMatch
  skill:a2bc845f-e05f-53f6-a8bb-ebefdf12c392 .
"""


def test_iris_of_theirs_under_the_base_iri_stay_theirs(tmp_path: Path) -> None:
    (tmp_path / "scheme.ttl").write_text(OWN_IRIS, encoding="utf-8")
    settings = tmp_path / "release.toml"
    settings.write_text(shown_files()["release.toml"].partition("[clusters.")[0], encoding="utf-8")
    run = made_of(tmp_path, "--clusters", str(tmp_path / "scheme.ttl"), "--config", str(settings))
    assert run.exit_code == 0, run.output
    release = tmp_path / "out" / "demonstration" / "1.0.0"
    clusters = graph(release, "clusters")
    found = {str(c) for c in clusters.subjects(rdflib.URIRef(f"{BASE}model#skills"))}
    assert found == {f"{BASE}work/A", f"{BASE}work/B"} and not list(clusters.triples((None, SKOS.exactMatch, None)))
    assert (release / "queries" / "cluster-members.rq").read_text(encoding="utf-8").count(f"<{BASE}work/") == 1
    for asked in (["verify"], ["query", "cluster-members", "--param", "cluster=A", "--quiet"]):
        run = CliRunner().invoke(main, [*asked, str(release)])
        assert run.exit_code == 0, run.output
    assert "arrange goods for sale" in run.output
    site = open_site(release.parent, tmp_path / "cache")
    with TestClient(make_app(site), base_url="http://localhost", follow_redirects=False) as client:
        for address in ("work/A", "cluster/A", "release/1.0.0/cluster/A"):
            answer = client.get(f"/{address}", headers={"Accept": "text/html"})
            assert (answer.status_code, answer.headers["location"].endswith("en/1.0.0/cluster/A.html")) == (303, True)
        data = client.get("/work/A", headers={"Accept": "text/turtle"}, follow_redirects=True).text
        page = client.get("/en/1.0.0/cluster/A.html").text
        assert "skos:narrowMatch" in data and f"{BASE}work/A" in page and f"{BASE}cluster/" not in page
        assert client.get("/api/v1/clusters/A").json()["iri"] == f"{BASE}work/A"
        files = dict(index_files(site, [], BASE))
    assert "RewriteRule ^work/([^/]+)$ cluster/$1\n" in files[".htaccess"]
    assert "rewrite ^/work/([^/]+)$ /cluster/$1;\n" in files["nginx-server.conf"]
    # Tables have no IRIs; a published one never changes.
    run = made_of(tmp_path, "--config", str(settings), members="skill,cluster\ncook dishes,A\n")
    assert run.exit_code == 2 and 'Write cluster_path = "work/" under [scheme] in release.toml' in run.output


def test_clusters_of_somebody_are_evaluated_as_they_are(folder: Path) -> None:
    release = folder / "releases" / "demonstration" / "1.0.0"
    run = CliRunner().invoke(main, ["evaluate", "--quiet", "--splits", "2", "--against", "official", str(release)])
    assert run.exit_code == 0, run.output
    assert "release 1.0.0 is evaluated as given" in run.output
    assert "release 1.0.0 leaves out 294 skills" in run.output
    assert "made with other expert decisions" not in run.output


# --- the given cases -------------------------------------------------------------------------------------------------


def test_a_scheme_of_somebody_else_is_published_as_it_is(shared: Path, tmp_path: Path) -> None:
    source = shared / "cases" / "clusters" / "scheme.ttl"
    run = CliRunner().invoke(main, ["release", "--quiet", "--clusters", str(source), "--out", str(tmp_path)])
    assert run.exit_code == 0, run.output
    release = tmp_path / "demonstration" / "1.0.0"
    theirs, ours = rdflib.Graph().parse(source), graph(release, "clusters")
    found = {}
    for concept, iri in ours.subject_objects(SKOS.exactMatch):
        labels = {(str(x), x.language) for x in ours.objects(concept, SKOS.prefLabel) if x.language != "fr"}
        found[iri] = (labels, set(ours.objects(concept, SKOS.narrowMatch)), str(ours.value(concept, SKOS.notation)))
    assert found == {
        iri: (
            {(str(label), label.language) for label in theirs.objects(iri, SKOS.prefLabel)},
            set(theirs.objects(iri, SKOS.narrowMatch)),
            str(theirs.value(iri, SKOS.notation)),
        )
        for iri in theirs.subjects(RDF.type, SKOS.Concept)
    }
    notes = (release / "RELEASE-NOTES.md").read_text(encoding="utf-8")
    assert "| `scheme.ttl` | " in notes and [sentence for sentence in OURS if sentence in notes] == []


@pytest.mark.parametrize("files", [["flat.csv"], ["three-levels.csv", "three-levels-clusters.csv"]])
def test_tables_of_somebody_else_come_back_exactly(shared: Path, files: list[str]) -> None:
    import csv

    from esco_kg.clusters.given import read_given
    from esco_kg.clusters.given.partition import given_partition
    from esco_kg.config import read_config
    from esco_kg.esco.pillar import read_pillar
    from esco_kg.model.expertise import Expertise
    from esco_kg.resources import folder as inside

    place = inside("demonstration") / "v1.0.0"
    share = read_config(place / "release.toml").dangling_share
    pillar = read_pillar([place], languages=["en"], is_demonstration=True, dangling_share=share)
    given = read_given([shared / "cases" / "clusters" / name for name in files], pillar)
    found = given_partition(given, pillar, Expertise())
    with (shared / "cases" / "clusters" / files[0]).open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    wanted: dict[str, tuple[float, str]] = {}
    for row in rows:
        weight = float(row.get("weight") or 1)
        if weight > wanted.get(row["skill"], (0.0, ""))[0]:
            wanted[row["skill"]] = (weight, row["cluster"])
    keys = found.keys[-1]
    own = {skill: keys[cluster] for skill, cluster in zip(found.skills, found.finest, strict=True)}
    assert own == {skill: cluster for skill, (_, cluster) in wanted.items()}
