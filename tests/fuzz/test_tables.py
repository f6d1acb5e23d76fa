"""Damaged tables: each is read or refused by place; what is published from one is read by every reader.

The long run: 2,000 damaged tables, every noncharacter, every separator and every column among them. 150 of those that
were read become the second of three releases, between sound ones; riot, rdflib and pyoxigraph read it, ``serve`` and
``site`` show it.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from random import Random

from starlette.testclient import TestClient

from esco_kg.errors import EscoKgError
from esco_kg.esco.pillar import read_pillar
from esco_kg.folder.verify import verify
from esco_kg.release import Request, make_release
from esco_kg.web.app import make_app
from esco_kg.web.releases.site import open_site
from esco_kg.web.server.limits import Limits
from esco_kg.web.static_site.build import write_site
from tests.support.fuzz import (
    IS_LONG,
    SEED,
    TABLES,
    VERSION,
    Failures,
    character_case,
    damaged_table,
    drawn,
    linked_copy,
    number,
    part,
    put_character,
)
from tests.support.readers import read_by_all, read_by_riot

_RELEASED = number(1, 150)
_TABLES = number(40, 2000)


def test_a_damaged_table_is_read_or_refused_and_what_is_published_is_read(demonstration: Path, tmp_path: Path) -> None:
    failures, survivors = Failures(), []
    for at in part(_TABLES):
        tables, random = linked_copy(TABLES, tmp_path / str(at)), drawn("table", at)
        if at % 2:
            done = put_character(tables, character_case(TABLES, at // 2), random)
        else:
            done = damaged_table(tables, random)
        with failures.of(f"{at}: {done}"):
            if _is_read(tables):
                survivors.append((tables, f"{at}: {done}"))
                continue
        shutil.rmtree(tables)
    ran = len(part(_TABLES))
    assert 0 < len(survivors) < ran
    print(f"{ran} damaged tables: {len(survivors)} read, the others refused", flush=True)
    published, wanted = 0, len(part(_RELEASED))
    kept = tmp_path / "kept"
    for tables, done in Random(SEED).sample(survivors, len(survivors)):
        if published == wanted:
            break
        with failures.of(done):
            is_published = _is_published(tables, demonstration, tmp_path / "out")
            published += is_published
            if is_published and IS_LONG:
                linked_copy(tmp_path / "out" / "releases" / "2.0.0", kept / str(published))
            print(f"{published} released; {done}", flush=True)
    if IS_LONG:
        with failures.of(f"the {published} releases in {kept}, by their numbers"):
            read_by_riot(kept)
    failures.none()
    assert published == wanted


def _is_read(tables: Path) -> bool:
    try:
        read_pillar((tables,), version=VERSION, dangling_share=0.01)
    except EscoKgError as error:
        assert _names_a_file(error), f"names no file: {error}"
        return False
    return True


def _names_a_file(error: EscoKgError) -> bool:
    return any(end in error.message for end in (".csv", ".toml"))


def _is_published(tables: Path, first: Path, out: Path) -> bool:
    """Follow the first release by one of the tables, read it, and follow it by a third; False where it was refused."""
    shutil.rmtree(out, ignore_errors=True)
    place = linked_copy(first.parent, out / "releases")
    before = set(place.iterdir())
    request = Request((tables,), out=place, esco_version=VERSION, config=tables / "release.toml", use_cache=False)
    request = replace(request, version="2.0.0", issued="2026-02-28")
    try:
        release = make_release(request).folder
    except EscoKgError as error:
        assert set(place.iterdir()) == before, f"refused, and published: {error}"
        assert _names_a_file(error), f"names no file: {error}"
        return False
    assert verify(release, is_thorough=IS_LONG).deviations == ()
    read_by_all(release)
    if IS_LONG:
        _is_shown(place)
        sound = linked_copy(TABLES, out / "sound")  # TABLES' own name tells another version
        third = make_release(replace(request, paths=(sound,), version="3.0.0", issued="2026-03-31")).folder
        assert verify(third).deviations == ()
    return True


def _is_shown(place: Path) -> None:
    site = open_site(place, place.parent.parent / "cache")  # where the first release is known from the run before
    write_site(site, place.parent / "site")
    with TestClient(make_app(site, limits=Limits(rate=0), log=None), base_url="http://127.0.0.1") as web:
        pages = [f"/en/2.0.0/cluster/{one.id}.html" for one in site.latest.top] + ["/", "/en/2.0.0/sectors.html"]
        statuses = {page: web.get(page).status_code for page in pages}
        assert set(statuses.values()) == {200}, statuses
