"""Each key of a manifest, altered with the manifest's own checksum made anew: the catalogue of all releases tells it.

Ten keys had no second witness: ``changes``, ``fingerprint``, ``languages``, ``names``, ``parameters``, ``settings``,
``software``, ``validation`` and the like.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from esco_kg.errors import InputError
from esco_kg.folder.find import published_releases
from esco_kg.folder.manifest import sha256_of, write_manifest
from esco_kg.folder.reading import read_manifest
from esco_kg.folder.verify import HARMLESS, refuse_altered, refuse_edited, verify
from esco_kg.release import Request, make_release
from tests.support.fuzz import linked_copy, replace

KEPT = ("own_sha256",)  # written anew by whoever alters another key


def _others(value: Any) -> list[Any]:
    """Other values of the same kind, such as one who knows the manifest would write."""
    if isinstance(value, str):
        return [f"{value}9", value[:-1]]
    if isinstance(value, bool | int):
        return [not value, 7]
    return [type(value)(), {**value, "more": 1} if isinstance(value, dict) else [*value, *value[:1]]]


def _deeper(value: Any) -> Any:
    """The same, with its innermost first value another one."""
    if isinstance(value, dict) and value:
        first = min(value)
        return value | {first: _deeper(value[first])}
    if isinstance(value, list) and value:
        return [_deeper(value[0]), *value[1:]]
    return f"{value}9" if isinstance(value, str) else [value]


def _alter(folder: Path, content: dict[str, Any]) -> None:
    replace(folder / "manifest.json", b"")  # a file of its own, no link
    write_manifest(folder, content)


@pytest.fixture
def releases(second_release: Path, tmp_path: Path) -> Path:
    return linked_copy(second_release.parent, tmp_path / "releases")


def test_each_key_has_a_second_witness(releases: Path, second_release: Path) -> None:
    version = second_release.name
    release, whole = releases / version, read_manifest(second_release)
    assert verify(release).deviations == ()
    for key in sorted(set(whole) - set(KEPT)):
        for value in (*_others(whole[key]), _deeper(whole[key])):
            if value == whole[key]:
                continue
            _alter(release, {**whole, key: value})
            try:
                told = verify(release).deviations
            except InputError as error:
                assert "manifest" in error.message, (key, error)
                continue
            assert any(one.kind not in HARMLESS for one in told), (key, value)
            with pytest.raises(InputError, match="is not as published"):
                refuse_altered(release)
        replace(release / "manifest.json", (second_release / "manifest.json").read_bytes())
    assert verify(release).deviations == ()


def test_no_release_follows_where_an_older_manifest_was_edited(releases: Path, second_release: Path) -> None:
    """History and catalogue are made of all manifests: an edited one would be told for ever."""
    older = min(path for path in releases.iterdir() if path.is_dir())
    _alter(older, read_manifest(older) | {"names": {"en": {"agreed": 1}}})
    base = read_manifest(second_release)["base_iri"]
    with pytest.raises(InputError, match=r"manifest\.json: is not as published: SHA-256 \w+, by catalogue\.ttl"):
        refuse_edited(published_releases(releases, base))


def test_the_catalogue_has_the_checksum_of_each_manifest(demonstration: Path) -> None:
    said = (demonstration.parent / "catalogue.ttl").read_text(encoding="utf-8")
    assert f'"{sha256_of(demonstration / "manifest.json")}"^^xsd:hexBinary' in said


def test_a_catalogue_that_cannot_be_read_is_named_and_removed_is_written_anew(
    demonstration: Path, tmp_path: Path
) -> None:
    place = linked_copy(demonstration.parent, tmp_path / "releases" / "demonstration")
    replace(place / "catalogue.ttl", b"<http://x.example/a> <")
    (told,) = verify(place / "1.0.0").deviations
    assert (told.kind, told.name) == ("catalogue", "../catalogue.ttl")
    again = Request(out=tmp_path / "releases", use_cache=False)
    with pytest.raises(InputError, match=r"catalogue\.ttl: cannot be read as a catalogue of releases") as refused:
        make_release(again)
    assert "remove it" in refused.value.hint
    (place / "catalogue.ttl").unlink()
    assert not make_release(again).is_new
    assert (place / "catalogue.ttl").read_bytes() == (demonstration.parent / "catalogue.ttl").read_bytes()


def test_a_copy_without_a_catalogue_beside_it_is_held_against_itself_alone(demonstration: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(demonstration, tmp_path / "1.0.0"))
    content = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    write_manifest(copy, content | {"software": {}})
    assert verify(copy).deviations == ()
