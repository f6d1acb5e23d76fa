"""Damaged tables: each is read or refused by place; what is published from one is read by every reader.

The long run: 2,000 damaged tables, and every noncharacter and separator in every column; 150 of those that were read go
on to a release, which riot, rdflib and pyoxigraph read, ``serve`` and ``site`` show, and a third release follows.
"""

from __future__ import annotations

import gzip
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from random import Random

import pyoxigraph as ox
import pytest
import rdflib
from starlette.testclient import TestClient

from esco_kg.errors import EscoKgError
from esco_kg.esco.pillar import read_pillar
from esco_kg.folder.cache import cache_folder
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
    damaged_table,
    every_character,
    linked_copy,
    number,
    put_character,
)

_DRAWN = number(1, 150)  # survivors that are released


def test_a_damaged_table_is_read_or_refused_and_what_is_published_is_read(tmp_path: Path) -> None:
    random, survivors, refused = Random(SEED), [], 0
    characters = every_character(TABLES)
    plans = [None] * number(24, 2000) + random.sample(characters, number(16, len(characters)))
    for at, case in enumerate(plans):
        tables = linked_copy(TABLES, tmp_path / str(at))
        done = put_character(tables, case, random) if case else damaged_table(tables, random)
        if _is_read(tables, done):
            survivors.append((tables, done))
        else:
            refused += 1
            shutil.rmtree(tables)
    assert survivors and refused
    print(f"{len(plans)} damaged tables: {refused} refused, {len(survivors)} read")
    published = 0
    for tables, done in random.sample(survivors, min(_DRAWN, len(survivors))):
        published += _is_published(tables, done, tmp_path / "out")
    print(f"{published} releases of {min(_DRAWN, len(survivors))} survivors")


def _is_read(tables: Path, done: str) -> bool:
    try:
        read_pillar((tables,), version=VERSION, dangling_share=0.01)
    except EscoKgError as error:
        assert ".csv" in error.message or tables.name in error.message, f"{done}: names no file: {error}"
        return False
    except Exception as error:
        raise AssertionError(f"{done}: {type(error).__name__}: {error}") from error
    return True


def _is_published(tables: Path, done: str, out: Path) -> bool:
    """Release, readers, and in the long run pages and two more releases. False where the release was refused."""
    shutil.rmtree(out, ignore_errors=True)
    request = Request((tables,), out=out, esco_version=VERSION, config=tables / "release.toml", use_cache=False)
    try:
        release = make_release(request).folder
    except EscoKgError as error:
        assert not list(out.glob("[!.]*")), f"{done}: refused, and something was published: {error}"
        return False
    except Exception as error:
        raise AssertionError(f"{done}: {type(error).__name__}: {error}") from error
    _read_by_all(release, done)
    if IS_LONG:
        _shown_and_followed(request, release, done)
    return True


def _read_by_all(release: Path, done: str) -> None:
    for packed in sorted(release.glob("*.nt.gz")):
        content = gzip.decompress(packed.read_bytes())
        strict = {str(triple) for triple in ox.parse(content, format=ox.RdfFormat.N_TRIPLES)}
        assert strict, done
        if IS_LONG or packed.name.endswith("clusters.nt.gz"):
            assert len(rdflib.Graph().parse(data=content, format="nt")) == len(strict), f"{done}: {packed.name}"
    for other in sorted(release.glob("*.ttl")):
        assert sum(1 for _ in ox.parse(path=str(other), format=ox.RdfFormat.TURTLE)), f"{done}: {other.name}"
    if IS_LONG:
        jars = cache_folder() / "fuseki"
        if not list(jars.rglob("jena-cmds-*.jar")) or not shutil.which("java"):
            pytest.skip("riot is not here: esco-kg fuseki brings it")
        (home,) = {path.parent for path in jars.rglob("jena-cmds-*.jar")}
        files = [str(path) for kind in ("*.ttl", "*.nt.gz", "*.rdf.gz", "*.jsonld.gz") for path in release.glob(kind)]
        command = ["java", "-cp", f"{home}/*", "riotcmd.riot", "--validate", "--sink", *files]
        read = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
        assert read.returncode == 0 and "ERROR" not in read.stderr, f"{done}: riot: {read.stderr[:500]}"


def _shown_and_followed(request: Request, release: Path, done: str) -> None:
    out, cache = request.out, request.out / ".cache"
    site = open_site(out, cache)
    write_site(site, out.parent / "site")
    with TestClient(make_app(site, limits=Limits(rate=0), log=None), base_url="http://127.0.0.1") as web:
        pages = [f"/en/1.0.0/cluster/{one.id}.html" for one in site.latest.top] + ["/", "/en/1.0.0/sectors.html"]
        statuses = {page: web.get(page).status_code for page in pages}
        assert set(statuses.values()) == {200}, f"{done}: {statuses}"
    shutil.rmtree(out.parent / "site")
    for version in ("2.0.0", "3.0.0"):
        make_release(replace(request, version=version))
        assert verify(out / version).deviations == (), done
