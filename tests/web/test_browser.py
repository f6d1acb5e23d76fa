"""Journeys in a real browser, Debian's Chromium through Playwright; and axe's rules on every kind of page."""

from __future__ import annotations

import json
import os
import re
import subprocess
import urllib.request
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from esco_kg.web.pages.words import words
from esco_kg.web.releases.model import Cluster, Concept
from esco_kg.web.releases.site import Site
from tests.support.web_fixtures import NEW, OLD

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
pytestmark = pytest.mark.skipif(
    not Path(CHROMIUM).is_file(), reason=f"no browser: {CHROMIUM} is missing (apt-get install chromium)"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    """A page that may talk to our server alone; a script's error or a refused request fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", base_url=server)
    yield from _watched(context, server)


@pytest.fixture
def plain(browser: Browser, server: str) -> Iterator[Page]:
    """The same without scripts."""
    context = browser.new_context(java_script_enabled=False, locale="en-GB", base_url=server)
    yield from _watched(context, server)


def _watched(context: BrowserContext, server: str) -> Iterator[Page]:
    trouble: list[str] = []
    found = context.new_page()
    found.on("pageerror", lambda error: trouble.append(str(error)))
    found.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    found.on(
        "request", lambda sent: None if sent.url.startswith((server, "data:", "blob:")) else trouble.append(sent.url)
    )
    yield found
    context.close()
    assert trouble == []


def test_an_adviser_walks_to_welding_without_typing(plain: Page, welding: Concept, site: Site) -> None:
    home = site.latest.primary_of([welding.id])[welding.id]
    way = [*site.latest.ancestors(home), site.latest.clusters[home]]
    plain.goto("/")
    plain.locator(f'.whole svg a[href="#in-{way[0].id}"]').click()
    for cluster in way:
        plain.locator("main").get_by_role("link", name=cluster.label("en"), exact=True).first.click()
        expect(plain.locator("h1")).to_have_text(cluster.label("en"))
    plain.get_by_role("link", name="weld aluminium", exact=True).click()
    expect(plain.locator("h1")).to_have_text("weld aluminium")
    theirs = plain.get_by_role("region", name="In the official hierarchy of ESCO")
    parent = site.latest.linked(welding.id, "broader", "en")[0]
    expect(theirs.get_by_role("link", name=parent.label)).to_be_visible()


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_an_adviser_goes_from_an_area_to_two_occupations(plain: Page, site: Site, language: str) -> None:
    """Area, group, cluster, skill, an occupation that needs it, and what it shares with the one most like it."""
    area = site.latest.top[0]
    plain.goto(f"/{language}/{NEW}/index.html")
    plain.locator(f'.whole svg a[href="#in-{area.id}"]').click()
    for cluster in (site.latest.children(area.id)[0], site.latest.children(site.latest.children(area.id)[0].id)[0]):
        plain.locator(f'main a[href$="cluster/{cluster.id}.html"]:visible').first.click()
        expect(plain.locator("h1")).to_have_text(cluster.label(language))
    for kind in ("skill", "occupation", "with"):
        plain.locator(f'main a[href*="{kind}/"]').first.click()
    first, second = plain.locator("h1 a").all_inner_texts()
    expect(plain.get_by_role("heading", name=words(language)("compare_in_common"))).to_be_visible()
    assert first != second and first in plain.locator(".lead").inner_text()


def test_from_a_sector_to_its_clusters(plain: Page, site: Site, metal: Cluster) -> None:
    code = max(metal.sections, key=lambda section: metal.sections[section])
    plain.goto(f"/en/{NEW}/index.html")
    plain.get_by_role("link", name="Sectors", exact=True).click()
    plain.locator(f'h2 a[href="sector/{code}.html"]').click()
    expect(plain.locator("h1")).to_have_text(site.latest.sectors[code].labels["en"])
    plain.locator(f'main a[href="../cluster/{metal.id}.html"]').first.click()
    expect(plain.locator("h1")).to_have_text(metal.label("en"))


def test_searching_by_keyboard_in_two_languages(page: Page) -> None:
    for language, typed, found in (
        ("en", "weld alu", "weld aluminium"),
        ("de", "aluminium schw", "Aluminium schweißen"),
    ):
        page.goto(f"/{language}/{NEW}/index.html")
        page.keyboard.press("/")
        page.keyboard.type(typed)
        offer = page.get_by_role("option", name=found)
        expect(offer).to_be_visible()
        box = page.get_by_role("combobox")
        expect(box).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("ArrowDown")
        expect(offer).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text(found)


def test_searching_without_a_script(plain: Page) -> None:
    plain.goto(f"/fr/{NEW}/index.html")
    plain.get_by_role("searchbox").fill("souder aluminium")
    plain.get_by_role("button", name="Chercher").click()
    plain.get_by_role("link", name="souder l'aluminium", exact=True).click()
    expect(plain.locator("h1")).to_have_text("souder l'aluminium")


def test_changing_language_and_version_keeps_the_page(page: Page, welding: Concept) -> None:
    page.goto(f"/en/{NEW}/{welding.path}.html")
    page.locator("details.menu", has_text="English").locator("summary").click()
    page.get_by_role("link", name="Deutsch").click()
    expect(page.locator("h1")).to_have_text("Aluminium schweißen")
    page.locator("details.menu", has_text=NEW).locator("summary").click()
    page.get_by_role("link", name=OLD).first.click()
    assert page.url.endswith(f"/de/{OLD}/{welding.path}.html")
    page.go_back()
    assert page.url.endswith(f"/de/{NEW}/{welding.path}.html")
    page.locator("details.menu", has_text="Deutsch").locator("summary").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="français")).not_to_be_visible()


def test_a_statistician_compares_versions_and_takes_a_table(page: Page, retired: str, site: Site) -> None:
    page.goto(f"/en/{OLD}/cluster/{retired}.html")
    page.get_by_role("link", name=f"Compare with {NEW}").click()
    label = site.views[0].clusters[retired].label("en")
    expect(page.locator("h1")).to_have_text(f"{label}: {OLD} and {NEW}")
    expect(page.get_by_role("heading", name=f"Only in {OLD}")).to_be_visible()
    page.get_by_role("link", name=label, exact=True).first.click()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Skills as a table (CSV)").click()
    lines = Path(taken.value.path()).read_text(encoding="utf-8").splitlines()
    assert sum(",primary," in line for line in lines) == site.views[0].clusters[retired].skills
    page.goto(f"/en/{NEW}/version.html")
    expect(page.get_by_role("heading", name=f"What changed since {OLD}")).to_be_visible()
    assert label in page.get_by_role("region", name="Retired clusters").inner_text()


def test_a_developer_asks_the_query_page(page: Page) -> None:
    page.goto(f"/en/{NEW}/query.html?example=measure-levels")
    area = page.locator("#query")
    assert "xkos:ClassificationLevel" in area.input_value()
    page.get_by_role("button", name="Run").click()
    cells = page.locator("#answer td")
    expect(cells.first).to_be_visible()
    head = page.locator("#answer th").nth(2)
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    values = [float(text) for text in page.locator("#answer tbody tr td:nth-child(3)").all_inner_texts()]
    assert values == sorted(values)
    page.locator("#example").select_option("skill-types")
    page.wait_for_url("**example=skill-types*")
    page.locator("#query").fill("SELECT * WHERE { ?s ")
    page.locator("#query").press_sequentially("skos:pref")
    expect(page.locator("#completions li").first).to_have_text("skos:prefLabel")
    page.keyboard.press("Tab")
    assert page.locator("#query").input_value().endswith("skos:prefLabel")


def test_a_developer_takes_an_address_to_the_command_line(page: Page, server: str, metal: Cluster) -> None:
    page.goto(f"/en/{NEW}/cluster/{metal.id}.html")
    iri = page.locator("#address").inner_text()
    expect(page.get_by_role("button", name="Copy")).to_be_visible()
    local = iri.removeprefix("https://example.org/esco-kg-demonstration")
    command = ["curl", "-sSL", "-H", "Accept: application/ld+json", server + local]
    document = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=30).stdout)
    node = next(node for node in document["@graph"] if node["@id"] == iri)
    assert node["prefLabel"]["en"] == metal.label("en")


def test_a_developer_copies_the_example_in_javascript(page: Page) -> None:
    page.goto(f"/de/{NEW}/data.html")
    code = page.locator("[data-runs=javascript]").inner_text()
    with page.expect_console_message() as told:
        page.evaluate(f"(async () => {{ {code} }})()")
    title, _, rest = told.value.text.partition(" https://")
    assert json.dumps(title, ensure_ascii=False) in code and re.fullmatch(r"\S+ [\d.]+( c\d{5}){3}", rest)


def test_a_retired_address_tells_where_to_go(plain: Page, retired: str, site: Site) -> None:
    plain.goto(f"/cluster/{retired}")
    expect(plain.get_by_role("note")).to_contain_text("This cluster is retired.")
    successor = site.latest.clusters[retired].replaced_by[0]
    plain.get_by_role("note").get_by_role("link").first.click()
    assert plain.url.endswith(f"/cluster/{successor}.html")


def _each_kind(metal: Cluster, welding: Concept, retired: str, site: Site) -> list[str]:
    occupation, isco = (next(site.latest.of_kind(kind)) for kind in ("occupation", "isco"))
    *_, other = site.latest.of_kind("occupation")
    group = site.latest.linked(welding.id, "broader", "en")[0].path
    return [
        "index.html", f"cluster/{metal.id}.html", f"cluster/{retired}.html", f"{welding.path}.html", f"{group}.html",
        f"{occupation}.html", f"{isco}.html", "sectors.html", "sector/C.html", "hierarchy.html", "version.html",
        f"compare/{OLD}/cluster/{metal.id}.html", "search.html?q=weld", "query.html", "data.html",
        "classification.html",
        f"with/{occupation.partition('/')[2]}/{other.partition('/')[2]}.html", f"index.html#in-{metal.id}",
        "resource/level/1.html",
    ]  # fmt: skip


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 360)])
def test_every_kind_of_page_is_accessible(
    browser: Browser, server: str, scheme: str, width: int, metal: Cluster, welding: Concept, retired: str, site: Site
) -> None:
    """No violation of axe's rules, nothing wider than the window, in light and dark and on a phone."""
    window = {"width": width, "height": 800}
    context = browser.new_context(viewport=window, color_scheme=scheme, base_url=server)  # type: ignore[arg-type]
    shown = context.new_page()
    found: list[str] = []
    for path in _each_kind(metal, welding, retired, site):
        language = "de" if scheme == "dark" else "en"
        assert shown.goto(f"/{language}/{NEW}/{path}").status == 200  # type: ignore[union-attr]
        for violation in Axe().run(shown).response["violations"]:
            found.append(f"{path}: {violation['id']}: {violation['nodes'][0]['html'][:150]}")
        if shown.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{path}: wider than {width}")
    context.close()
    assert found == []


def test_a_cluster_is_printed_on_one_sheet(page: Page, site: Site) -> None:
    for cluster in (*site.latest.top, *(one for one in site.latest.current() if not one.children)):
        page.goto(f"/en/{NEW}/cluster/{cluster.id}.html")
        sheet = page.pdf(prefer_css_page_size=True, print_background=True)
        assert len(re.findall(rb"/Type\s*/Page[^s]", sheet)) == 1, cluster.label("en")


def test_everything_is_reached_by_keyboard(page: Page, site: Site) -> None:
    """Tab finds the way past the header first; tiles, menus and links answer Enter, and what has the focus is seen."""
    page.goto(f"/en/{NEW}/index.html")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    assert (skip.bounding_box() or {})["x"] >= 0
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("combobox")).to_be_focused()
    tile = page.locator(".whole svg.map.broad a").first
    for _ in range(20):
        page.keyboard.press("Tab")
        if tile.evaluate("tile => tile === document.activeElement"):
            break
    expect(tile).to_be_focused()
    assert tile.locator("rect").evaluate("rect => getComputedStyle(rect).strokeWidth") == "2.5px"
    page.keyboard.press("Enter")
    area = page.locator(f"#in-{site.latest.top[0].id}")
    expect(area).to_be_visible()
    expect(page.locator(".whole")).not_to_be_visible()
    area.get_by_role("heading").get_by_role("link").click()
    expect(page.locator("h1")).to_have_text(site.latest.top[0].label("en"))
    menu = page.locator("details.menu", has_text=NEW)
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=OLD).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.locator("summary")).to_be_focused()


def test_the_error_page_is_accessible(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server)
    shown = context.new_page()
    answer = shown.goto(f"/en/{NEW}/no-such-page.html")
    assert answer is not None and answer.status == 404
    assert Axe().run(shown).response["violations"] == []
    context.close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


def test_the_static_site_in_the_browser(
    browser: Browser, static_site: Path, site: Site, welding: Concept, metal: Cluster
) -> None:
    """Served by a plain file server below a path: search by script, links, language."""
    handler = partial(_Quiet, directory=str(static_site.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as files:
        thread = Thread(target=files.serve_forever)
        thread.start()
        root = f"http://127.0.0.1:{files.server_port}/{static_site.name}"
        context = browser.new_context(locale="en-GB")
        try:
            shown = context.new_page()
            shown.goto(f"{root}/index.html")
            shown.wait_for_url(f"**/en/{NEW}/index.html")
            shown.get_by_role("combobox").fill("alumin weld")
            shown.get_by_role("option", name="weld aluminium").click()
            home = site.latest.clusters[site.latest.primary_of([welding.id])[welding.id]]
            expect(shown.locator("h1")).to_have_text(home.label("en"))
            shown.locator("details.menu").first.locator("summary").click()
            shown.get_by_role("link", name="Deutsch").click()
            expect(shown.locator("h1")).to_have_text(home.label("de"))
            shown.goto(f"{root}/de/{NEW}/search.html?q=schweissen")
            expect(shown.locator("ol.hits a").first).to_be_visible()
        finally:
            context.close()
            files.shutdown()
            thread.join()


def is_of_the_page(failed: Request) -> bool:
    """Not one of axe's own, and not one that ended because the reader went on."""
    return failed.resource_type != "xhr" and failed.failure != "net::ERR_ABORTED"


def test_the_static_site_from_a_disk(browser: Browser, static_site: Path) -> None:
    """Without any server: the start in the reader's language, search with a slip, every click inside the folder."""
    context = browser.new_context(locale="de-AT", viewport={"width": 390, "height": 800})
    shown = context.new_page()
    trouble: list[str] = []
    shown.on("pageerror", lambda error: trouble.append(str(error)))
    shown.goto((static_site / "index.html").as_uri())
    shown.wait_for_url(f"**/de/{NEW}/index.html")
    shown.on("requestfailed", lambda sent: trouble.append(sent.url) if is_of_the_page(sent) else None)
    shown.goto((static_site / "en" / NEW / "search.html").as_uri() + "?q=phisiotherapist")
    expect(shown.locator("ol.hits .badge").first).to_have_text("Occupation")
    expect(shown.locator("ol.hits a").first).to_contain_text("physiotherapist")
    shown.goto((static_site / "en" / NEW / "search.html").as_uri() + "?q=qqqqqqqq")
    expect(shown.locator("#results")).to_contain_text("Nothing was found")
    for violation in Axe().run(shown).response["violations"]:
        trouble.append(violation["id"])
    context.close()
    assert trouble == []


def test_the_page_loads_nothing_from_elsewhere(server: str) -> None:
    with urllib.request.urlopen(f"{server}/en/{NEW}/query.html", timeout=20) as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "connect-src 'self'" in policy and "script-src 'self'" in policy
