"""Figures in plain words with how each is computed; what pages of clusters show beside their skills."""

from __future__ import annotations

import re

from starlette.testclient import TestClient

from esco_kg.web.releases.site import Site
from tests.support.web_fixtures import NEW


def test_figures_stand_in_plain_words(client: TestClient, site: Site) -> None:
    """The makers' words, "weight 68 %" and "margin", told nobody anything."""
    view = site.latest
    paths = [view.concept(path).id for path in view.of_kind("skill")]  # type: ignore[union-attr]
    skill = next(one for one in map(lambda i: view.memberships(i, "en"), paths) if len({m.rank for m in one}) > 1)
    shown = client.get(f"/en/{NEW}/{skill[0].skill.path}.html").text
    assert not re.search(r"\b(Weight|Margin|first place)\b", shown)
    assert "How is this computed?" in shown
    for path in (f"cluster/{view.top[0].id}", "index", "sectors", next(view.of_kind("occupation"))):
        assert "How is this computed?" in client.get(f"/en/{NEW}/{path}.html").text, path
        assert "Wie wird das berechnet?" in client.get(f"/de/{NEW}/{path}.html").text, path


def test_skills_used_in_an_area_are_those_of_other_areas(site: Site) -> None:
    for area in site.latest.top:
        inside = site.latest.member_iris(area.id)
        for rank in ("used-in", "found-under"):
            found, count = site.latest.members_from_elsewhere(area.id, "en", rank, 5)
            iris = [one.skill.iri for one in found]
            assert len(iris) == len(set(iris)) == min(5, count) and not inside.intersection(iris)


def test_related_clusters_stand_on_a_small_map(client: TestClient, site: Site) -> None:
    cluster = max(site.latest.clusters.values(), key=lambda one: len({r.other for r in one.related}))
    shown = client.get(f"/en/{NEW}/cluster/{cluster.id}.html").text
    (drawn,) = re.findall(r'<svg class="neighbours".*?</svg>', shown, re.DOTALL)
    ids = {one.other for one in cluster.related}
    linked = re.findall(r'<a href="(\w+)\.html"', drawn)
    assert len(linked) == min(8, len(ids)) == drawn.count("<line") and set(linked) <= ids


def test_the_start_page_shows_what_a_cluster_holds(client: TestClient, site: Site) -> None:
    shown = client.get(f"/en/{NEW}/index.html").text
    (name,) = re.findall(r"For example, the cluster “([^”]+)” holds", shown)
    assert name in {one.label("en") for one in site.latest.current() if not one.children}
