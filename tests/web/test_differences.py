"""What pages say of changes between releases: skills that moved, marked texts, the reasons for a number."""

from __future__ import annotations

import re

from starlette.testclient import TestClient

from esco_kg.web.pages.differences import changes, marked
from esco_kg.web.releases.site import Site
from esco_kg.words import retold, said
from tests.support.web_fixtures import NEW, OLD


def test_what_differs_in_two_texts_is_marked() -> None:
    before, after = marked("Joining <metal> by heat.", "Joining <metal> and glass by heat.")
    assert before == "Joining &lt;metal&gt; by heat."
    assert after == "Joining &lt;metal&gt; <ins>and glass </ins>by heat."
    assert marked("", "All of it is new.") == ("", "All of it is new.")


def test_skills_that_moved_are_named_with_both_clusters(client: TestClient, site: Site) -> None:
    old, new = site.views
    found = changes(old, new, "en")
    assert found["moves"] and sum(move.count for move in found["moves"]) == found["moved"]
    move = found["moves"][0]
    assert old.primary_places()[move.skills[0].iri] == move.old.id
    assert new.primary_places()[move.skills[0].iri] == move.new.id
    shown = client.get(f"/en/{NEW}/version.html").text
    way = shown[shown.index(f'<a href="cluster/{move.old.id}.html">{move.old.label("en")}</a> →') :]
    assert way.startswith(
        f'<a href="cluster/{move.old.id}.html">{move.old.label("en")}</a> → <a href="cluster/{move.new.id}'
    )
    assert f'<a href="{move.skills[0].path}.html">{move.skills[0].label}</a>' in way


def test_a_skill_of_a_comparison_leads_to_the_release_that_has_it(client: TestClient, site: Site) -> None:
    move = changes(*site.views, "en")["moves"][0]
    shown = client.get(f"/en/{NEW}/compare/{OLD}/cluster/{move.old.id}.html").text
    (link,) = re.findall(rf'<a href="(\S+)">{re.escape(move.skills[0].label)}</a><span class="soft">now in', shown)
    assert link == f"../../../../../en/{OLD}/{move.skills[0].path}.html"
    assert client.get(f"/en/{NEW}/compare/{OLD}/cluster/{link}").status_code == 200


def test_why_a_release_has_its_number_is_told_in_the_language_of_the_page(client: TestClient, site: Site) -> None:
    reasons = site.latest.manifest["changes"]["verdict"]["reasons"]
    english = client.get(f"/en/{NEW}/version.html").text
    assert f"Why this is number {NEW}" in english and all(f"<li>{reason}</li>" in english for reason in reasons)
    german = client.get(f"/de/{NEW}/version.html").text
    assert f"Warum dies Nummer {NEW} ist" in german and not any(reason in german for reason in reasons)


def test_a_reason_is_told_again_in_another_language() -> None:
    moved = said("reason_moved", n=1234, share="<0.1%")
    assert retold(str(moved), "fr")[0].startswith("1\u202f234 compétences") and "<0,1" in retold(str(moved), "fr")[0]
    assert retold("5 skills are new", "pl")[1] == "pl"
    assert retold("nobody ever said this", "de") == ("nobody ever said this", "en")
