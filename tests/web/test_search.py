"""Search: what is found, in which order, whatever the accents, endings and language."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from esco_kg.web.releases.model import Cluster
from esco_kg.web.releases.site import Site
from esco_kg.web.search.index import folded, table
from tests.support.web_fixtures import NEW


def labels(site: Site, query: str, language: str, **more: object) -> list[str]:
    return [hit.label for hit in site.latest.search(query, language, **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Schweißen", "schweissen"),
        ("Łódź", "lodz"),
        ("ΑΛΦΆ-βήτα", "αλφα βητα"),
        ("  R&D,  (tools) ", "r&d tools"),
        ("C++/.NET", "c++ .net"),
    ],
)
def test_folding(text: str, plain: str) -> None:
    assert folded(text) == plain


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_the_label_itself_comes_first(site: Site) -> None:
    for language, label in (("en", "weld aluminium"), ("de", "Aluminium schweißen"), ("fr", "souder l'aluminium")):
        hits = site.latest.search(label, language)
        assert hits[0].label == label and hits[0].score == 1.0


def test_accents_and_case_are_forgiven(site: Site) -> None:
    assert labels(site, "SCHWEISSNAHTE prufen", "de")[0] == "Schweißnähte prüfen"
    assert "régler un poste de soudage" in labels(site, "regler un poste", "fr")


def test_word_forms_are_forgiven(site: Site) -> None:
    assert "weld aluminium" in labels(site, "welds aluminium", "en")
    assert "weld steel parts" in labels(site, "welding of steel part"[:7] + " steel part", "en")


def test_typing_finds_more_than_whole_words(site: Site) -> None:
    for typed in ("wel", "weld", "weld a", "weld alum"):
        assert "weld aluminium" in labels(site, typed, "en", limit=40), typed
    assert labels(site, "w", "en")


def test_other_languages_are_found_too(site: Site) -> None:
    hit = site.latest.search("Aluminium schweißen", "fr")[0]
    assert (hit.language, hit.label) == ("de", "Aluminium schweißen")
    assert {hit.language for hit in site.latest.search("Aluminium schweißen", "fr", others=False)} <= {"fr"}


def test_alternative_labels_lead_to_the_thing(site: Site) -> None:
    hit = site.latest.search("préparer un poste à souder", "fr")[0]
    assert hit.kind == "alt"
    concept = site.latest.concept(hit.target, "fr")
    assert concept is not None and concept.label != hit.label


def test_retired_clusters_are_not_offered(site: Site, retired: str) -> None:
    label = site.latest.clusters[retired].label("en")
    found = [hit.target for hit in site.latest.search(label, "en", types=["cluster"], limit=50)]
    assert f"cluster/{retired}" not in found
    assert f"cluster/{retired}" in [hit.target for hit in site.views[0].search(label, "en", types=["cluster"])]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40))
def test_no_query_breaks_the_search(site: Site, query: str) -> None:
    hits = site.latest.search(query, "en", limit=5)
    assert len(hits) <= 5
    assert all(0 < hit.score <= 1 for hit in hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_language_cannot_leave_its_statement() -> None:
    assert table("en'; DROP TABLE labels; --") == "find_en___drop_table_labels____"


def test_the_page_works_without_a_script(client: TestClient, metal: Cluster) -> None:
    text = client.get(f"/en/{NEW}/search.html", params={"q": "weld aluminium"}).text
    assert text.index("weld aluminium") < text.index(metal.label("en"))
    assert '<form class="find" role="search" action="search.html" method="get">' in text
    empty = client.get(f"/de/{NEW}/search.html", params={"q": "xyzzyxyzzy"}).text
    assert "Nichts gefunden" in empty
    weld = client.get(f"/en/{NEW}/search.html", params={"q": "weld", "type": "occupation"}).text
    assert "<mark>" in weld and '<span class="badge skill">' not in weld
    meant = client.get(f"/en/{NEW}/search.html", params={"q": "phisiotherapist"}).text
    assert "Did you mean" in meant and '<a href="?q=physiotherapist">physiotherapist</a>' in meant
    assert "&lt;script&gt;" in client.get(f"/en/{NEW}/search.html", params={"q": "<script>"}).text
