"""The pages: what a reader sees, in every language, and that no link on them is dead."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from string import Formatter
from urllib.parse import urljoin, urlsplit

import html5lib
import pytest
from starlette.testclient import TestClient

from esco_kg.pictures.treemap import Name, Tile, tree_map
from esco_kg.resources import folder
from esco_kg.web.pages.addresses import find_page, has_page
from esco_kg.web.pages.render import render
from esco_kg.web.pages.words import words
from esco_kg.web.releases.model import Cluster, Concept
from esco_kg.web.releases.site import Site
from esco_kg.web.static_site.build import page_paths
from esco_kg.words import languages, page_words
from tests.support.web_fixtures import NEW, OLD


class _Links(HTMLParser):
    """Addresses of links, sources, forms; ids; whether a style or script stands in the page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.addresses += [str(found[name]) for name in ("href", "src", "action") if found.get(name)]
        self.ids += [str(found["id"])] if "id" in found else []
        if "style" in found or tag == "style" or any(name.startswith("on") for name in found):
            self.inline.append(tag)
        # Data for search engines are no script: nothing runs them.
        if tag == "script" and "src" not in found and found.get("type") != "application/ld+json":
            self.inline.append(tag)


def links(html: str) -> _Links:
    found = _Links()
    found.feed(html)
    return found


def each_page(site: Site) -> Iterator[str]:
    for view in site.views:
        for path in page_paths(view, with_skills=True):
            yield f"/en/{view.version}/{path}"


def test_every_method_has_words_in_every_language() -> None:
    """Pages of clusters that somebody else made said "Placed by: given"."""
    official = {"kind": "official"}
    methods = {"data", "text", "rule", "seed", "forced", "must-link", "given"}
    for language in languages():
        say = words(language)
        told = {say.method(name, "primary", None) for name in methods}
        assert len(told) == len(methods) and not told & methods, language
        assert say.method("given", "primary", official) != say.method("given", "secondary", official)
        assert say.method("given", "primary", official) != say.method("given", "primary", {"kind": "table"})


def test_no_link_is_dead(client: TestClient, site: Site) -> None:
    """Walks from the start; of each kind of address the first few are fetched, each with all its links."""
    seen: set[str] = set()
    fetched: Counter[str] = Counter()
    waiting = [f"/en/{NEW}/index.html", f"/de/{OLD}/index.html"]
    while waiting:
        address = waiting.pop(0)
        kind = "/".join(address.split("/")[1:4]) if address.count("/") > 3 else address
        if fetched[kind] >= 15:
            continue
        fetched[kind] += 1
        answer = client.get(address)
        assert answer.status_code == 200, address
        if not answer.headers["content-type"].startswith("text/html") or "/release/" in address:
            continue
        for link in links(answer.text).addresses:
            parts = urlsplit(urljoin(f"http://test{address}", link))
            if parts.netloc == "test" and parts.path not in seen:
                seen.add(parts.path)
                waiting.append(parts.path)
    assert len(seen) > 800
    assert {"en/2.0.0/cluster", "en/2.0.0/skill", "en/2.0.0/compare", "data/2.0.0/cluster"} <= set(fetched)


def test_pages_are_sound_html_without_inline_code(client: TestClient, site: Site) -> None:
    paths = [path for number, path in enumerate(each_page(site)) if number % 17 == 0]
    paths += [
        f"/fr/{NEW}/search.html?q=souder",
        f"/en/{NEW}/query.html",
        f"/en/{NEW}/compare/{OLD}/cluster/c00001.html",
    ]
    for path in paths:
        text = client.get(path).text
        parser = html5lib.HTMLParser(strict=True)
        parser.parse(text)
        found = links(text)
        assert not found.inline, path
        assert len(found.ids) == len(set(found.ids)), path
        assert len(text.encode()) <= 100_000, path


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_pages_speak_the_readers_language(client: TestClient, metal: Cluster, language: str) -> None:
    say = words(language)
    assert not say.missing
    text = client.get(f"/{language}/{NEW}/cluster/{metal.id}.html").text
    assert f'<html lang="{language}">' in text
    assert metal.label(language) in text
    assert say("downloads") in text and say("sector_profile") in text


def test_changing_language_or_version_keeps_the_page(client: TestClient, welding: Concept) -> None:
    text = client.get(f"/en/{NEW}/{welding.path}.html").text
    assert f'href="../../../de/{NEW}/{welding.path}.html"' in text
    assert f'href="../../../en/{OLD}/{welding.path}.html"' in text
    search = client.get(f"/en/{NEW}/search.html?q=weld").text
    assert f'href="../../de/{NEW}/search.html?q=weld"' in search


def test_where_the_other_release_lacks_the_page_the_reader_is_told(
    client: TestClient, site: Site, retired: str
) -> None:
    old = site.views[0]
    assert has_page(site, old, f"cluster/{retired}.html") and not has_page(site, old, "cluster/c99999.html")
    comparison = client.get(f"/en/{NEW}/compare/{OLD}/cluster/{retired}.html").text
    assert f'href="../../../../../en/{OLD}/index.html?missing"' in comparison
    told = client.get(f"/en/{OLD}/index.html?missing").text
    assert words("en")("not_here", version=OLD) in told


def test_a_skill_stands_in_both_hierarchies_side_by_side(client: TestClient, site: Site, welding: Concept) -> None:
    view, skill = site.latest, welding
    text = client.get(f"/en/{NEW}/{skill.path}.html").text
    membership = view.memberships(skill.id, "en")[0]
    ours, theirs = text.index(words("en")("in_clusters")), text.index(words("en")("in_hierarchy"))
    assert ours < theirs
    for cluster in (*view.ancestors(membership.cluster), view.clusters[membership.cluster]):
        assert cluster.label("en") in text[ours:theirs]
    for parent in view.linked(skill.id, "broader", "en"):
        assert parent.label in text[theirs:]
    assert words("en").percent(membership.margin) in text[ours:theirs]


def test_a_cluster_shows_what_belongs_to_it(client: TestClient, site: Site) -> None:
    view = site.latest
    leaf = next(c for c in view.current() if not c.children and c.related and c.sections)
    text = client.get(f"/en/{NEW}/cluster/{leaf.id}.html").text
    for member in view.members([leaf.id], "en"):
        assert f'href="../{member.skill.path}.html"' in text
    assert view.clusters[leaf.related[0].other].label("en") in text
    assert leaf.related[0].evidence["en"] in text
    assert f'href="../../../data/{NEW}/cluster/{leaf.id}.csv"' in text
    assert f"https://example.org/esco-kg-demonstration/cluster/{leaf.id}" in text


def test_members_table_holds_every_skill(client: TestClient, site: Site) -> None:
    top = site.latest.top[0]
    lines = client.get(f"/data/{NEW}/cluster/{top.id}.csv").text.splitlines()
    assert lines[0].startswith("skill,label_en,cluster,")
    assert sum(",primary," in line for line in lines) == top.skills == len(site.latest.member_iris(top.id))


def test_compare_shows_what_moved(client: TestClient, site: Site) -> None:
    old, new = site.views
    moved = next(
        identifier
        for identifier in sorted(new.clusters.keys() & old.clusters.keys())
        if old.member_iris(identifier) != new.member_iris(identifier) and new.member_iris(identifier)
    )
    text = client.get(f"/en/{NEW}/compare/{OLD}/cluster/{moved}.html").text
    gone, come = old.member_iris(moved) - new.member_iris(moved), new.member_iris(moved) - old.member_iris(moved)
    counts = [int(n) for n in re.findall(r'Only in [0-9.]+ <span class="count">(\d+)</span>', text)]
    assert counts == [len(gone), len(come)]
    same = client.get(f"/en/{OLD}/compare/{NEW}/cluster/{moved}.html").text
    assert [int(n) for n in re.findall(r'Only in [0-9.]+ <span class="count">(\d+)</span>', same)] == counts
    assert client.get(f"/en/{NEW}/compare/{NEW}/cluster/{moved}.html").status_code == 404


def test_addresses_that_lead_on(client: TestClient) -> None:
    german = {"accept-language": "de"}
    assert client.get("/", headers=german).url.path == f"/de/{NEW}/index.html"
    assert client.get("/en").url.path == f"/en/{NEW}/index.html"
    assert client.get(f"/en/{NEW}").url.path == f"/en/{NEW}/index.html"
    assert client.get("/fr/current/cluster/c00001.html").url.path == f"/fr/{NEW}/cluster/c00001.html"
    found = client.get("/en/current/search.html?q=weld")
    assert found.url.path == f"/en/{NEW}/search.html" and found.url.query == b"q=weld"
    for path in ("/en/9.9.9/index.html", f"/en/{NEW}/cluster/nothing.html", f"/pl/{NEW}/index.html", f"/en/{NEW}/x"):
        assert client.get(path).status_code == 404, path


def test_an_error_page_leads_back(client: TestClient) -> None:
    for path in ("/nothing", "/en/2.0.0/cluster/nothing.html", "/a/b/c/d"):
        answer = client.get(path, headers={"accept": "text/html"})
        assert answer.status_code == 404
        found = [link for link in links(answer.text).addresses if "#" not in link and "://" not in link]
        assert {"index.html", "sectors.html", "search.html", "style.css"} <= {link.rpartition("/")[2] for link in found}
        for link in found:
            assert client.get(urljoin(f"http://test{path}", link)).status_code == 200, link


def test_the_picture_holds_every_top_cluster_in_proportion(site: Site) -> None:
    page = find_page(site, site.latest, "en", "index.html")
    assert page is not None
    for cluster in site.latest.top:
        assert page.context["picture"].count(f'href="#in-{cluster.id}"') == 1
    for area in page.context["areas"]:
        assert all(f'href="cluster/{one.id}.html"' in area["picture"] for one in area["below"])
    tiles = [Tile(f"{n}.html", Name(f"name {n}"), size, "land", "") for n, size in enumerate((60, 30, 10))]
    drawn = tree_map(tiles, 100, 100, "x", "t")
    areas = [float(w) * float(h) for w, h in re.findall(r'width="([\d.]+)" height="([\d.]+)" rx', drawn)]
    assert areas == sorted(areas, reverse=True) and 0.5 < areas[0] / sum(areas) < 0.7


def test_two_occupations_share_the_clusters_that_both_need(site: Site) -> None:
    """A cluster of which each needs other skills is one that both need, not one that either needs alone."""
    view = site.latest
    jobs = list(view.of_kind("occupation"))[:12]
    keys = [path.partition("/")[2] for path in jobs]
    for first, second in itertools.combinations(keys, 2):
        page = find_page(site, view, "en", f"with/{first}/{second}.html")
        assert page is not None
        apart = [{cluster.id for cluster, _ in found} for _, found in page.context["apart"]]
        assert apart[0].isdisjoint(apart[1])


def test_a_retired_cluster_keeps_its_name_in_each_language(client: TestClient, site: Site, retired: str) -> None:
    title = site.views[0].clusters[retired].labels["de"]
    assert f"<h1>{title}</h1>" in client.get(f"/de/{NEW}/cluster/{retired}.html").text


def test_levels_and_sectors_speak_to_people(client: TestClient, site: Site) -> None:
    sector = client.get(f"/de/{NEW}/sector/C.html").text
    assert "Clusterbereiche" in sector and "cluster area" not in sector
    languages = next(cluster for cluster in site.latest.top if cluster.branch == "language")
    assert languages.sections and languages.label("en") not in client.get(f"/en/{NEW}/sectors.html").text


def test_files_in_folders_are_folded_away(client: TestClient, site: Site) -> None:
    page = client.get(f"/en/{NEW}/data.html").text
    assert "<summary>sdmx/" in page and all(f"/release/{NEW}/{name}" in page for name in site.latest.files)


def test_a_full_list_of_hits_leads_to_the_next_part(client: TestClient) -> None:
    first = client.get(f"/en/{NEW}/search.html?q=m").text
    assert 'rel="next" href="?q=m&amp;from=30"' in first and first.count('<span class="badge') == 30
    second = client.get(f"/en/{NEW}/search.html?q=m&from=30").text
    assert '<ol class="hits" start="31">' in second and 'rel="prev" href="?q=m"' in second
    assert re.search(r"\d+ found for", client.get(f"/en/{NEW}/search.html?q=weld").text)


def test_every_translation_says_what_the_english_words_say() -> None:
    english = words("en")
    for path in sorted((folder("templates") / "words").glob("*.toml")):
        own = page_words(path.stem)
        assert set(own) <= set(page_words("en")), path.name
        assert not words(path.stem).missing, path.name
        for key, text in own.items():
            wanted = _open(english(key))
            for form in [text] if isinstance(text, str) else text.values():
                assert _open(form) == wanted, (path.name, key)


def _open(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


@pytest.mark.parametrize(
    ("language", "one", "few", "many"),
    [
        ("en", "1 row", "22 rows", "25 rows"), ("de", "1 Zeile", "22 Zeilen", "25 Zeilen"),
        ("pl", "1 wiersz", "22 wiersze", "25 wierszy"), ("mt", "1 row", "22 rows", "25 rows"),
    ],
)  # fmt: skip
def test_numbers_choose_the_form_of_their_language(language: str, one: str, few: str, many: str) -> None:
    assert [words(language)("rows", n=n) for n in (1, 22, 25)] == [one, few, many]


def test_reasons_of_related_clusters_speak_the_language_of_the_page(client: TestClient, site: Site) -> None:
    path = f"cluster/{next(one.id for one in site.latest.clusters.values() if one.related)}.html"
    english = client.get(f"/en/{NEW}/{path}").text
    told = re.findall(r"(\d+) (?:occupations need more skills than usual of each|skills belong to both)", english)
    french = client.get(f"/fr/{NEW}/{path}").text
    said = re.findall(
        r"(\d+) (?:professions demandent plus de compétences que d’habitude|compétences appartiennent)", french
    )
    assert told and said == told
    assert "of each" not in french and "to both" not in french


def test_a_language_without_words_says_so(site: Site) -> None:
    page = find_page(site, site.latest, "mt", "sectors.html")
    assert page is not None
    shown = render(site, site.latest, "mt", page)
    # The page's own words are English, so it is; names in Maltese say that they are.
    assert '<html lang="en">' in shown and "not translated into Malti yet" in shown and "Sectors" in shown
    assert "not translated" not in render(site, site.latest, "pl", page)


def test_the_history_of_all_releases_is_a_click_away(client: TestClient) -> None:
    shown = client.get(f"/en/{NEW}/version.html").text
    for name, media_type in (("history.html", "text/html"), ("feed.xml", "application/atom+xml")):
        assert f'href="../../release/{name}"' in shown
        answer = client.get(f"/release/{name}")
        assert answer.status_code == 200 and answer.headers["content-type"].startswith(media_type)
    assert f'href="{OLD}/RELEASE-NOTES.html"' in client.get("/release/history.html").text
    assert client.get(f"/release/{OLD}/RELEASE-NOTES.html").status_code == 200


def test_a_release_says_what_it_was_compared_with(client: TestClient, site: Site) -> None:
    """A release served alone, compared with one that is not here, called itself the first release."""
    assert "What changed since 1.0.0" in client.get(f"/en/{NEW}/version.html").text
    assert "This release was compared with no earlier one." in client.get(f"/en/{OLD}/version.html").text
    alone = Site([site.latest])
    page = find_page(alone, site.latest, "en", "version.html")
    assert page is not None
    assert "It was compared with release 1.0.0, which is not here." in render(alone, site.latest, "en", page)
