"""What ``release.toml`` may hold: each rule names the file, the key, the value and what to write instead."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from esco_kg.errors import InputError
from esco_kg.rdf.terms import is_http_iri, is_iri, is_language_tag, unpublishable

FORMATS = ("jsonstat", "parquet", "px", "sdmx-ml", "sqlite", "xlsx")
"""The forms that ``formats.left_out`` can name."""
SAID_BY_PUBLISHER = (
    *("CONTACT_NAME", "INST_MAN_LA_OA", "CONF_POLICY", "REL_POL_US_AC"),
    *("USER_NEEDS", "USER_SAT", "PUNCTUALITY", "COST_BURDEN_TEXT"),
    *("REF_AREA", "FREQ_DISS_RELEASES"),
)
"""Concepts of ESMS that ``reference_metadata`` can answer; of the last two alone the program knows something, too."""
_MAX_SEED = 2**32 - 1  # NumPy's legacy generator takes no larger one
_MOST = 1_000_000  # no count of skills or occupations reaches it, and solvers are exact below it
_PATH = re.compile(r"([A-Za-z0-9_.~-]*[A-Za-z0-9_~-][A-Za-z0-9_.~-]*/)+")
_TAKEN = frozenset({
    "activity", "agent", "allocation", "api", "basis", "catalogue", "change", "code-list", "codes", "compare",
    "correspondence", "data", "dataset", "domain", "health", "label", "level", "level-list", "model",
    "node-literal", "occupation-sector", "quality", "reconcile", "rejected", "relation", "release", "review",
    "scheme", "service", "source", "sparql", "static", "structure", "timemap", "view",
})  # fmt: skip
"""First segments of IRIs and addresses of other things under the base IRI."""
_CONTACT = re.compile(r"https?:|mailto:[^@?]+@[^@?]+", re.IGNORECASE)


def check_settings(merged: dict[str, Any], place: str) -> None:
    """Check settings that have all keys, each of its type. Raises InputError for the first that is out of bounds."""
    _check_characters(merged, place)
    _check_iris(merged, place)
    _check_texts(merged, place)
    _check_numbers(merged, place)
    for name in merged["formats"]["left_out"]:
        if name not in FORMATS:
            hint = f"Known are {', '.join(FORMATS)}."
            raise InputError(place, f"formats.left_out names {name!r}, which is no form of a release", hint)
    for name, text in merged["reference_metadata"].items():
        if name not in SAID_BY_PUBLISHER:
            hint = f"Known are {', '.join(SAID_BY_PUBLISHER)}."
            raise InputError(place, f"reference_metadata.{name} is no concept that a publisher answers", hint)
        _check_filled({name: text}, "reference_metadata", place)


def is_path(path: str) -> bool:
    """Whether clusters may have this path between base IRI and id: no other thing or page has it."""
    first = path.partition("/")[0]
    return bool(_PATH.fullmatch(path)) and first not in _TAKEN and not (len(first) == 2 and is_language_tag(first))


def check_sizes(clusters: dict[str, Any], skills: int, place: str) -> None:
    """Raise InputError where so many clusters of such a size need more skills than there are.

    The defaults are made for ESCO and pass: from fewer skills fewer clusters are made.
    """
    smallest, finest = clusters["smallest"], clusters["levels"][-1]
    if not place or smallest * finest <= skills:
        return
    if smallest > skills:
        problem = f"clusters.smallest = {smallest}, and the input has {skills} skills"
        raise InputError(place, problem, "Write a smaller number.")
    needed = f"{finest} clusters of at least {smallest} skills (clusters.smallest) need {smallest * finest} skills"
    raise InputError(
        place,
        f"clusters.levels = {clusters['levels']}: {needed}, and the input has {skills}",
        f"Ask for at most {skills // smallest} clusters at the finest level, or for smaller ones.",
    )


def _texts(settings: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Every text of the settings with its key, such as ``scheme.title.en``; keys count as texts."""
    for key, value in settings.items():
        name = f"{above}{key}"
        yield name, key
        if isinstance(value, dict):
            yield from _texts(value, f"{name}.")
        elif isinstance(value, str):
            yield name, value


def _check_characters(merged: dict[str, Any], place: str) -> None:
    for name, text in _texts(merged):
        if found := unpublishable(text):
            problem = f"{name} = {text[:60]!r} holds the character {found}, which RDF/XML cannot carry"
            raise InputError(place, problem, "Take the character out.")


def _check_iris(merged: dict[str, Any], place: str) -> None:
    base = merged["scheme"]["base_iri"]
    if not _is_address(base) or not base.endswith("/") or "?" in base or "#" in base:
        hint = "Give an http(s) IRI that ends in '/', without '?', '#', a user's name and segments '..'."
        raise InputError(place, f"scheme.base_iri = {base!r} is no base IRI", hint)
    path = merged["scheme"]["cluster_path"]
    if not is_path(path):
        hint = "Give one or several segments of letters, digits and - . _ ~, each with '/' behind it, such as 'work/'."
        raise InputError(place, f"scheme.cluster_path = {path!r} is no path, or one that other things have", hint)
    for table, key in (("publisher", "homepage"), ("licence", "iri")):
        if not _is_address(merged[table][key]):
            raise InputError(place, f"{table}.{key} = {merged[table][key]!r} is no IRI", "Give an http(s) IRI.")
    contact = merged["publisher"]["contact"]
    is_known = is_iri(contact) if contact.lower().startswith("mailto:") else _is_address(contact)
    if not _CONTACT.match(contact) or not is_known:
        hint = "Give an http(s) IRI, or mailto:NAME@HOST."
        raise InputError(place, f"publisher.contact = {contact!r} is no IRI", hint)


def _is_address(value: str) -> bool:
    """Whether a browser asks for the IRI as it stands: a port that exists, no user, no segment to resolve."""
    if not is_http_iri(value):
        return False
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return False
    return parts.username is None and not {".", ".."} & set(parts.path.split("/"))


def _check_texts(merged: dict[str, Any], place: str) -> None:
    """Names and titles are not empty; the keys of titles are language tags, those of names of levels depths as well."""
    for table, key in (
        ("scheme", "notation"),
        ("scheme", "source"),
        ("publisher", "name"),
        ("licence", "acknowledgement"),
    ):
        if not merged[table][key].strip():
            raise InputError(place, f"{table}.{key} is empty", "Fill it, or leave the key out.")
    main = merged["scheme"]["main_language"]
    if main != main.lower() or not is_language_tag(main):
        hint = "Write a language tag in small letters, as in the names of ESCO's files, such as en or pl."
        raise InputError(place, f"scheme.main_language = {main!r} is no language tag", hint)
    if "en" not in merged["scheme"]["title"]:
        raise InputError(place, "scheme.title has no English title", "Add en; XKOS asks for it.")
    tables = {
        "scheme.title": merged["scheme"]["title"],
        "scheme.description": merged["scheme"]["description"],
        "given.how": merged["given"]["how"],
    }
    for language, names in merged["clusters"]["level_names"].items():
        name = f"clusters.level_names.{language}"
        if not isinstance(names, dict) or not is_language_tag(language):
            raise InputError(place, f"{name} is no table of names in a language", "Write [clusters.level_names.en].")
        if wrong := sorted(depth for depth in names if not re.fullmatch("[1-9]", depth)):
            raise InputError(place, f"{name}.{wrong[0]} names no level", "Name the levels by depth: 1, 2, 3.")
        _check_filled(names, name, place)
    for name, texts in tables.items():
        if wrong := sorted(language for language in texts if not is_language_tag(language)):
            raise InputError(
                place, f"{name}.{wrong[0]} is in no language", "Write a language tag, such as en or pt-BR."
            )
        if twice := [language for language, count in Counter(map(str.lower, texts)).items() if count > 1]:
            raise InputError(place, f"{name} has {twice[0]} twice", "A tag is the same in small and capital letters.")
        _check_filled(texts, name, place)


def _check_filled(texts: dict[str, Any], name: str, place: str) -> None:
    for key, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            raise InputError(place, f"{name}.{key} = {text!r} is no text", "Write a text, or leave the key out.")


def _check_numbers(merged: dict[str, Any], place: str) -> None:
    """Every number lies within its bounds, and each level has its size and its largest share."""
    clusters = merged["clusters"]
    levels, shares = clusters["levels"], clusters["largest_share"]
    if not levels or not all(_is_whole(n, 1) for n in levels) or levels != sorted(levels):
        raise InputError(
            place, f"clusters.levels = {levels} are no sizes of levels", "Write whole numbers, coarsest first."
        )
    if len(shares) != len(levels) or not all(_is_share(share) and share > 0 for share in shares):
        hint = "Write one share above 0 and at most 1 for each level, coarsest first."
        raise InputError(place, f"clusters.largest_share = {shares} does not fit {len(levels)} levels", hint)
    whole = (
        ("clusters", "smallest", 1, _MOST),
        ("clusters", "seed", 0, _MAX_SEED),
        ("statistics", "threshold", 0, _MOST),
    )
    for table, key, least, most in whole:
        value = merged[table][key]
        if not _is_whole(value, least):
            raise InputError(place, f"{table}.{key} = {value}", f"Write a whole number of at least {least}.")
        if value > most:
            raise InputError(place, f"{table}.{key} = {value}", f"Write a whole number of at most {most}.")
    of_one = (
        ("identity", "kept"),
        ("names", "overlap"),
        ("checks", "dangling_share"),
        ("versions", "major_share"),
        ("versions", "series_break"),
    )
    for table, key in of_one:
        if not _is_share(merged[table][key]):
            raise InputError(place, f"{table}.{key} = {merged[table][key]}", "Write a share from 0 to 1.")


def _is_whole(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _is_share(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1
