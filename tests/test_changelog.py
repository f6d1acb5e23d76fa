"""CHANGELOG.md: for each version what a user of the one before notices, as Added, Changed and Fixed."""

from __future__ import annotations

import re
from importlib import metadata

import pytest

from tests.support.places import ROOT

TEXT = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
KINDS = ["### Added", "### Changed", "### Fixed"]


def versions() -> dict[str, str]:
    parts = re.split(r"^## (.*)\n", TEXT, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_the_newest_version_is_that_of_the_program() -> None:
    assert next(iter(versions())).split(",")[0] == metadata.version("esco-kg")


@pytest.mark.parametrize("version", versions())
def test_a_version_says_added_changed_and_fixed_as_lists(version: str) -> None:
    """A merge that keeps lines of two sides leaves text that is in no list, or the same heading twice."""
    introduction, *lists = re.split(r"^(?=### )", versions()[version], flags=re.MULTILINE)
    assert "\n- " not in introduction
    assert [text.partition("\n")[0] for text in lists] == KINDS
    for text in lists:
        listed = re.compile(r"$|- |  \S|\*\*[^*]+\*\*$|Nothing")
        lines = [line for line in text.split("\n")[1:] if not listed.match(line)]
        assert lines == [], "write a list, with a bold line above each part"


def test_no_line_stands_twice() -> None:
    lines = [line for line in TEXT.split("\n") if line.startswith("- ")]
    assert len(lines) == len(set(lines))
