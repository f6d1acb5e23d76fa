"""release.toml: the defaults, what a user's file changes, and what it may not hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from esco_kg.config import read_config, settings_beside
from esco_kg.config_checks import check_sizes
from esco_kg.errors import InputError
from esco_kg.resources import folder


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "release.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_default_says_that_it_is_unofficial() -> None:
    config = read_config()
    assert config.base_iri == "https://w3id.org/esco-kg/"
    assert (
        "unofficial" in config.titles["en"] and "not published by the European Commission" in config.descriptions["en"]
    )
    assert config.acknowledgement == "This service uses the ESCO classification of the European Commission."


def test_the_demonstration_says_that_it_is_not_esco() -> None:
    config = read_config(settings_beside([folder("demonstration") / "v1.0.0"]))
    assert config.base_iri.startswith("https://example.org/")
    assert all(
        word in config.titles[lang] for lang, word in (("en", "not ESCO"), ("de", "nicht ESCO"), ("fr", "pas ESCO"))
    )


def test_settings_beside_the_tables_are_found_and_need_not_be_there(tmp_path: Path) -> None:
    assert settings_beside([]) is None and settings_beside([tmp_path, tmp_path / "skills_en.csv"]) is None
    path = written(tmp_path, "")
    assert settings_beside([tmp_path.parent, tmp_path]) == path


def test_a_file_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    config = read_config(written(tmp_path, '[scheme]\nbase_iri = "https://id.example.org/"\n[clusters]\nseed = 7\n'))
    default = read_config()
    assert (config.base_iri, config.clusters.seed) == ("https://id.example.org/", 7)
    assert (config.titles, config.clusters.levels) == (default.titles, default.clusters.levels)


def test_titles_replace_the_default_ones(tmp_path: Path) -> None:
    config = read_config(written(tmp_path, '[scheme.title]\npl = "Klastry"\nen = "Clusters"\n'))
    assert config.titles == {"pl": "Klastry", "en": "Clusters"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[clusters]\nlevles = [1]\n", "unknown key clusters.levles"),
        ("[cluster]\n", "unknown key cluster"),
        ('[clusters]\nsmallest = "ten"\n', "clusters.smallest = 'ten' is of the wrong type"),
        ("[clusters\n", "cannot be read as TOML: "),
        ('[scheme]\nbase_iri = "https://id.example.org"\n', "is no base IRI"),
        ('[scheme]\nbase_iri = "urn:x:/"\n', "is no base IRI"),
        ('[scheme]\ncluster_path = ""\n', "scheme.cluster_path = '' is no path"),
        ('[scheme]\ncluster_path = "work"\n', "scheme.cluster_path = 'work' is no path"),
        ('[scheme]\ncluster_path = "../"\n', "scheme.cluster_path = '../' is no path"),
        ('[scheme]\ncluster_path = "level/"\n', "scheme.cluster_path = 'level/' is no path, or one that other things"),
        ('[scheme]\ncluster_path = "en/"\n', "scheme.cluster_path = 'en/' is no path, or one that other things"),
        ('[scheme]\nbase_iri = "https://[bad/"\n', "scheme.base_iri = 'https://[bad/' is no base IRI"),
        ('[scheme]\nbase_iri = "https://x/?q=/"\n', "scheme.base_iri = 'https://x/?q=/' is no base IRI"),
        ('[scheme]\nbase_iri = "https://x/#/"\n', "is no base IRI"),
        ('[scheme]\nbase_iri = "https:///"\n', "is no base IRI"),
        ('[scheme]\nbase_iri = "https://x/\U0001fffe/"\n', "is no base IRI"),
        ('[publisher]\nhomepage = "https://[bad/"\n', "publisher.homepage = 'https://[bad/' is no IRI"),
        ('[publisher]\nhomepage = "mailto:a@example.org"\n', "publisher.homepage = 'mailto:a@example.org' is no IRI"),
        ('[publisher]\ncontact = "a@example.org"\n', "publisher.contact = 'a@example.org' is no IRI"),
        ('[licence]\niri = "CC BY"\n', "licence.iri = 'CC BY' is no IRI"),
        ('[scheme.title]\nen = "a\\u0001b"\n', "scheme.title.en = 'a\\x01b' holds the character U+0001"),
        ('[publisher]\nname = "\uffff"\n', "publisher.name = '\\uffff' holds the character U+FFFF"),
        ('[scheme.title]\nen = "q"\nabcdefghij = "q"\n', "scheme.title.abcdefghij is in no language"),
        ("[clusters]\nseed = 4294967296\n", "clusters.seed = 4294967296"),
        ("a = " + "[" * 5000 + "\n", "cannot be read as TOML: it is nested too deeply"),
        ('[scheme]\nnotation = ""\n', "scheme.notation is empty"),
        ('[publisher]\nname = " "\n', "publisher.name is empty"),
        ('[scheme.title]\nde = "Cluster"\n', "scheme.title has no English title"),
        ('[scheme.title]\nen = ""\n', "scheme.title.en = '' is no text"),
        ('[scheme.title]\nen = "q"\nxx_yy = "q"\n', "scheme.title.xx_yy is in no language"),
        ("[scheme.description]\nen = 3\n", "scheme.description.en = 3 is no text"),
        ('[clusters.level_names.en]\nx = "b"\n', "clusters.level_names.en.x names no level"),
        ('[clusters.level_names]\nde = "b"\n', "clusters.level_names.de is no table of names"),
        ("[clusters]\nlevels = []\n", "clusters.levels = [] are no sizes"),
        ("[clusters]\nlevels = [400, 130, 25]\n", "clusters.levels = [400, 130, 25] are no sizes"),
        ('[clusters]\nlevels = ["a", 130, 400]\n', "are no sizes of levels"),
        ("[clusters]\nlevels = [25, 400]\n", "does not fit 2 levels"),
        ("[clusters]\nlargest_share = [0.1, 0.1, 0]\n", "clusters.largest_share = [0.1, 0.1, 0] does not fit 3 levels"),
        ("[clusters]\nsmallest = 0\n", "clusters.smallest = 0"),
        ("[clusters]\nsmallest = 0\n", "clusters.smallest = 0"),
        ("[clusters]\nseed = 0.5\n", "clusters.seed = 0.5"),
        ("[statistics]\nthreshold = -1\n", "statistics.threshold = -1"),
        ("[identity]\nkept = 7\n", "identity.kept = 7"),
        ("[checks]\ndangling_share = nan\n", "checks.dangling_share = nan"),
        ('[formats]\nleft_out = ["excel"]\n', "formats.left_out names 'excel', which is no form of a release"),
        (
            '[reference_metadata]\nWEATHER = "fine"\n',
            "reference_metadata.WEATHER is no concept that a publisher answers",
        ),
        ('[reference_metadata]\nUSER_SAT = ""\n', "reference_metadata.USER_SAT = '' is no text"),
        ("[clusters]\nseed = 0x" + "f" * 5000 + "\n", "clusters.seed is a number of more than 64 bits"),
        ("[clusters.options]\na = [{ b = 2026-01-01 }]\n", "clusters.options.a.b = 2026-01-01 is a date or a time"),
        ("[clusters.options]\na = -inf\n", "clusters.options.a = -inf is no finite number"),
        ("[statistics]\nthreshold = 9000000000000000000\n", "statistics.threshold = 9000000000000000000"),
        ("[clusters]\nsmallest = 9000000000000000000\n", "clusters.smallest = 9000000000000000000"),
        ('[scheme]\nbase_iri = "https://x.example:99999/"\n', "is no base IRI"),
        ('[scheme]\nbase_iri = "https://user:word@x.example/"\n', "is no base IRI"),
        ('[scheme]\nbase_iri = "https://x.example/a/../b/"\n', "is no base IRI"),
        ('[publisher]\ncontact = "mailto:"\n', "publisher.contact = 'mailto:' is no IRI"),
        ('[publisher]\nhomepage = "https://x.example:65536/"\n', "publisher.homepage = "),
        ('[scheme.title]\nen = "a"\nEN = "b"\n', "scheme.title has en twice"),
        ("[formats]\nleft_out = [3]\n", "formats.left_out names 3, which is no form of a release"),
    ],
)
def test_what_is_wrong_is_named_with_the_file(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InputError) as caught:
        read_config(path)
    assert str(caught.value).startswith(f"{path}: ") and message in str(caught.value)


def test_a_mark_of_byte_order_is_no_fault(tmp_path: Path) -> None:
    """Editors of Windows put one in front."""
    assert read_config(written(tmp_path, "\ufeff[clusters]\nseed = 7\n")).clusters.seed == 7


def test_a_contact_may_be_an_address_of_mail(tmp_path: Path) -> None:
    config = read_config(written(tmp_path, '[publisher]\ncontact = "mailto:clusters@example.org"\n'))
    assert config.contact == "mailto:clusters@example.org"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("smallest = 301", "clusters.smallest = 301, and the input has 300 skills"),
        (
            "levels = [1000, 2000, 3000]",
            "clusters.levels = [1000, 2000, 3000]: 3000 clusters of at least 10",
        ),
    ],
)
def test_more_than_the_input_has_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path, f"[clusters]\n{text}\n")
    config = read_config(path)
    with pytest.raises(InputError) as caught:
        check_sizes(config.as_read["clusters"], 300, config.place)
    assert str(caught.value).startswith(f"{path}: {message}")


def test_the_defaults_serve_a_small_input_too() -> None:
    config = read_config()
    check_sizes(config.as_read["clusters"], 60, config.place)


def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: Is a directory") as caught:
        read_config(tmp_path)
    assert caught.value.hint


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        read_config(tmp_path / "none.toml")


def test_files_are_laid_over_each_other_in_turn(tmp_path: Path) -> None:
    """So --config changes one thing of the settings beside the demonstration's tables, and keeps the others."""
    beside, own = tmp_path / "beside.toml", tmp_path / "own.toml"
    beside.write_text('[scheme]\nbase_iri = "https://example.org/beside/"\n[clusters]\nlevels = [8, 16, 30]\n')
    own.write_text("[clusters]\nlevels = [9, 17, 31]\n")
    config = read_config(beside, own)
    assert config.base_iri == "https://example.org/beside/" and list(config.clusters.levels) == [9, 17, 31]
