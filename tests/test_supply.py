"""What is installed: pinned by hash, built by what is pinned, listed with the program, free of strong copyleft."""

from __future__ import annotations

import json
import re
import tomllib
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.places import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-build.lock", "requirements-supply.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# Licences that ask no more of others than the Mozilla Public License does.
FREE = re.compile(
    r"MIT|BSD|Apache|Python Software|PSF|ISC|MPL|Mozilla|W3C|Zlib|Unlicense|CC0|HPND|Artistic-2.0", re.IGNORECASE
)
COPYLEFT = re.compile(r"\b[AL]?GPL|GNU|EUPL|CC-BY-SA|SSPL", re.IGNORECASE)


def pinned(name: str) -> dict[str, list[str]]:
    """Package -> its requirement with the hashes, as a lock file has it."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.split() for line in text.split("\n") if line.strip() and not line.startswith("#")]
    return {str(canonicalize_name(Requirement(words[0]).name)): words for words in lines}


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_by_hash(name: str) -> None:
    for package, words in pinned(name).items():
        assert "==" in words[0], package
        assert any(word.startswith("--hash=sha256:") for word in words), package


def test_the_locks_hold_what_the_project_asks_for_and_agree() -> None:
    runtime, development, build, supply = (pinned(name) for name in LOCKS)
    extras = PROJECT["project"]["optional-dependencies"]
    asked = {
        "requirements.lock": PROJECT["project"]["dependencies"],
        "requirements-dev.lock": [*extras["test"], *extras["lint"]],
        "requirements-build.lock": PROJECT["build-system"]["requires"],
        "requirements-supply.lock": PROJECT["dependency-groups"]["supply"],
    }
    for name, requirements in asked.items():
        for text in requirements:
            requirement = Requirement(text)
            (pin, *_) = pinned(name)[canonicalize_name(requirement.name)]
            assert requirement.specifier.contains(pin.partition("==")[2]), f"{name}: {pin} is not {text}; run make lock"
    for package, words in runtime.items():
        assert development[package] == words, package
        for other in (build, supply):  # they come into the same environment
            assert package not in other or other[package][0] == words[0], package
    assert all("==" in text for text in PROJECT["build-system"]["requires"])


def test_make_installs_from_the_locks_alone() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    ready = makefile[makefile.index("$(VENV)/ready:") : makefile.index("\nrelease:")]
    for line in ready.split("\n"):
        if line.startswith("\t$(PIP)"):
            assert "--require-hashes" in line or ("--no-deps" in line and "--no-build-isolation" in line), line


def test_the_bill_of_materials_is_of_this_version() -> None:
    bill = json.loads((ROOT / "sbom.cdx.json").read_text(encoding="utf-8"))
    assert bill["metadata"]["component"]["version"] == PROJECT["project"]["version"]
    listed = {f"{canonicalize_name(one['name'])}=={one['version']}" for one in bill["components"]}
    locked = {f"{name}=={words[0].partition('==')[2]}" for name, words in pinned("requirements.lock").items()}
    assert listed == locked, "run make lock"


def test_the_reference_to_cite_is_of_this_version() -> None:
    cited = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {PROJECT['project']['version']}\n" in cited


def test_no_licence_at_run_time_is_stronger_than_mpl() -> None:
    for package in pinned("requirements.lock"):
        try:
            about = metadata.metadata(package)
        except metadata.PackageNotFoundError:
            continue  # of another platform or another Python
        named = [c for c in about.get_all("Classifier") or [] if c.startswith("License ::")]
        said = " ".join([about.get("License-Expression") or "", (about.get("License") or "")[:200], *named])
        assert FREE.search(said), f"{package}: {said!r}"
        assert not COPYLEFT.search(said), f"{package}: {said!r}"
