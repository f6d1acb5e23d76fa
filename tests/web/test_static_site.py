"""The static site: the same pages, whole links, the same bytes again; and the files for other browsers."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from click.testing import CliRunner
from rdflib import Graph, Namespace
from rdflib.namespace import OWL, RDF, SKOS, VOID
from starlette.testclient import TestClient

from esco_kg.cli import main
from esco_kg.errors import InputError
from esco_kg.matching.words import forms
from esco_kg.web.linked_data.vocabulary_browsers import skohub_file, skosmos_configuration
from esco_kg.web.releases.model import Cluster, Concept
from esco_kg.web.releases.site import Site
from esco_kg.web.search.static_index import shard_name
from esco_kg.web.static_site.build import Written, write_site
from tests.support.web_fixtures import NEW


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [str(value) for name, value in attrs if name in ("href", "src", "action") and value]


def test_every_link_leads_to_a_file(static_site: Path) -> None:
    names = set(tree(static_site))
    pages = [name for name in names if name.endswith(".html") and "/RELEASE-NOTES" not in name and name != "404.html"]
    assert len(pages) > 500
    for name in sorted(pages)[::5]:
        parser = _Links()
        parser.feed((static_site / name).read_text(encoding="utf-8"))
        for link in parser.found:
            parts = urlsplit(urljoin(f"http://here/{name}", link))
            if parts.netloc == "here":
                assert unquote(parts.path.lstrip("/")) in names, (name, link)
            else:
                assert link.startswith("http"), (name, link)


def test_a_second_run_writes_nothing_and_removes_only_its_own(site: Site, static_site: Path, tmp_path: Path) -> None:
    before = tree(static_site)
    (static_site / "of-the-user.txt").write_text("mine")
    gone = static_site / "en" / NEW / "gone.html"
    gone.write_text("old page")
    listed = json.loads((static_site / ".site.json").read_text())
    (static_site / ".site.json").write_text(json.dumps([*listed, f"en/{NEW}/gone.html", "../outside.txt"]))
    (static_site.parent / "outside.txt").write_text("not ours")
    written = write_site(site, static_site, with_skills=False, url="https://clusters.example/")
    assert written == Written(len(listed), 0, 1)
    assert not gone.exists() and (static_site.parent / "outside.txt").exists()
    assert tree(static_site) == before | {"of-the-user.txt": b"mine"}
    (static_site / "of-the-user.txt").unlink()


def test_another_machine_writes_the_same_bytes(two_releases: Path, static_site: Path, tmp_path: Path) -> None:
    arguments = ["site", str(tmp_path / "out"), str(two_releases), "--cache", str(tmp_path / "cache"), "--no-skills"]
    found = CliRunner().invoke(main, [*arguments, "--url", "https://clusters.example/", "--quiet"])
    assert found.exit_code == 0, found.output
    assert tree(tmp_path / "out") == tree(static_site)


def test_pages_are_those_of_the_server(static_site: Path, client: TestClient, metal: Cluster) -> None:
    for path in ("sectors.html", "hierarchy.html", f"cluster/{metal.id}.html"):
        served = client.get(f"/de/{NEW}/{path}").text
        written = (static_site / "de" / NEW / path).read_text(encoding="utf-8")
        # The query page alone needs a server.
        served = re.sub(r'<li><a href="[./]*query.html">[^<]*</a></li>\n', "", served).replace(">", " data-static>", 0)
        served = served.replace(f'data-version="{NEW}">', f'data-version="{NEW}" data-static data-main="en">')
        written = written.replace('<script src="../../static/find.js" defer></script>\n', "")
        written = written.replace('<script src="../../../static/find.js" defer></script>\n', "")
        served = re.sub(r'href="\.\./skill/[^"]*"', "", served)
        assert re.sub(r'href="https://example.org/[^"]*/skill/[^"]*"', "", written) == served


def test_shards_find_a_skill_by_any_of_its_words(static_site: Path, site: Site, welding: Concept) -> None:
    home = site.latest.primary_of([welding.id])[welding.id]
    find = static_site / "en" / NEW / "find"
    numbers = set()
    for word in forms(welding.label):
        rows = content(find / f"{shard_name(word[:3])}.js")
        numbers |= {row[0] for row in rows if row[1] == welding.label}
    (number,) = numbers
    assert content(find / f"things-{number // 256}.js")[str(number)] == [welding.label, f"cluster/{home}.html"]
    assert [home, 4, 0] in [row[1:4] for row in content(find / f"code-{shard_name(home[:2])}.js")]
    sizes = [path.stat().st_size for path in find.iterdir()]
    assert max(sizes) < 60_000


def content(script: Path) -> Any:
    """What a script of the index hands over: JSON, so that it is data and nothing else."""
    called = re.fullmatch(r"escoKgIndex\((.*)\)\n", script.read_text(encoding="utf-8"), re.DOTALL)
    assert called
    language, name, found = json.loads(f"[{called[1]}]")
    assert (language, name) == (script.parts[-4], script.stem)
    return found


def test_documents_lie_beside_the_pages(static_site: Path, client: TestClient, metal: Cluster) -> None:
    for ending in ("ttl", "jsonld", "nt", "rdf", "csv"):
        path = f"data/{NEW}/cluster/{metal.id}.{ending}"
        assert (static_site / path).read_text(encoding="utf-8") == client.get(f"/{path}").text


def test_sitemap_and_words_for_models(static_site: Path, site: Site) -> None:
    sitemap = (static_site / "sitemap.xml").read_text(encoding="utf-8")
    addresses = re.findall(r"<loc>https://clusters.example/([^<]+)</loc>", sitemap)
    assert len(addresses) > 200 and all((static_site / address).is_file() for address in addresses)
    assert all(f"/{NEW}/" in address for address in addresses)
    told = (static_site / "llms.txt").read_text(encoding="utf-8")
    assert told.startswith("# ") and all(cluster.label("en") in told for cluster in site.latest.top)


def test_the_rule_for_w3id_leads_to_the_site(static_site: Path) -> None:
    assert "https://clusters.example/$1" in (static_site / "w3id.htaccess").read_text(encoding="utf-8")


def test_a_folder_with_something_else_is_left_alone(site: Site, tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("precious")
    with pytest.raises(InputError, match="something else"):
        write_site(site, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.doc"]


def test_the_file_for_skohub_keeps_its_rules(site: Site) -> None:
    graph = Graph().parse(data=skohub_file(site.latest), format="turtle")
    (scheme,) = graph.subjects(RDF.type, SKOS.ConceptScheme)
    assert (scheme, RDF.type, OWL.Ontology) not in graph
    concepts = set(graph.subjects(RDF.type, SKOS.Concept))
    assert len(concepts) == len(site.latest.current())
    for concept in concepts:
        assert (concept, SKOS.inScheme, scheme) in graph
        languages = {label.language for label in graph.objects(concept, SKOS.prefLabel)}
        assert site.latest.main_language in languages <= set(site.latest.languages)
        is_top = (concept, SKOS.topConceptOf, scheme) in graph
        assert is_top == ((scheme, SKOS.hasTopConcept, concept) in graph)
        assert is_top == ((concept, SKOS.broader, None) not in graph)
    assert set(graph.subject_objects(SKOS.broader)) == {(b, a) for a, b in graph.subject_objects(SKOS.narrower)}
    assert set(graph.subject_objects(SKOS.related)) == {(b, a) for a, b in graph.subject_objects(SKOS.related)}
    assert {end for pair in graph.subject_objects(SKOS.broader) for end in pair} <= concepts


def test_the_configuration_for_skosmos_fits_the_release(site: Site) -> None:
    skosmos = Namespace("http://purl.org/net/skosmos#")
    graph = Graph().parse(data=skosmos_configuration(site.latest, "https://example.org/sparql"), format="turtle")
    (vocabulary,) = graph.subjects(RDF.type, skosmos.Vocabulary)
    (space,) = graph.objects(vocabulary, VOID.uriSpace)
    clusters = Graph().parse(data=skohub_file(site.latest), format="turtle")
    assert all(str(concept).startswith(str(space)) for concept in clusters.subjects(RDF.type, SKOS.Concept))
    (scheme,) = graph.objects(vocabulary, skosmos.mainConceptScheme)
    assert (scheme, RDF.type, SKOS.ConceptScheme) in clusters
    assert {str(tag) for tag in graph.objects(vocabulary, skosmos.language)} == set(site.latest.languages)
    (named,) = graph.objects(vocabulary, skosmos.sparqlGraph)
    assert str(named).endswith(f"release/{NEW}/graph/clusters")
    assert len(list(graph.subjects(RDF.type, skosmos.Configuration))) == 1
