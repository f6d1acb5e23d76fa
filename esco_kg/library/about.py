"""What program this is, and which data it knows."""

from __future__ import annotations

import csv
import subprocess
from importlib import metadata
from pathlib import Path

from esco_kg.resources import folder

_PACKAGE = Path(__file__).resolve().parent.parent


def about() -> str:
    """Version and commit of the program, and the versions of all data that it brings or knows, a line for each."""
    commit = _commit()
    return "\n".join(
        [
            f"esco-kg, version {metadata.version('esco-kg')}" + (f", commit {commit}" if commit else ""),
            f"ESCO: 1.0.3 to {_counted()[-1]} can be read; counts are known of {', '.join(_counted())}",
            f"Names of clusters: for {', '.join(_named()).replace('esco-', 'ESCO ')}",
            f"Demonstration data (not ESCO): {', '.join(_invented())}",
            f"Text model: wordllama {metadata.version('wordllama')}",
        ]
    )


def _commit() -> str:
    """As the package was built, or as the checkout stands; nothing where neither is known."""
    built = _PACKAGE / "commit.txt"
    if built.is_file():
        return built.read_text(encoding="utf-8").strip()
    if not (_PACKAGE.parent / ".git").exists():
        return ""
    try:
        asked = ["git", "-C", str(_PACKAGE.parent), "rev-parse", "--short=12", "HEAD"]
        run = subprocess.run(asked, capture_output=True, text=True, timeout=5)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return run.stdout.strip() if run.returncode == 0 else ""


def _counted() -> list[str]:
    """The versions of ESCO whose counts a download is compared with."""
    with (_PACKAGE / "esco" / "reference-counts.csv").open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(line for line in stream if not line.startswith("#"))
        return sorted({row["version"] for row in rows})


def _named() -> list[str]:
    return sorted(path.stem for path in (folder("curation") / "contents").glob("*.csv"))


def _invented() -> list[str]:
    return sorted(path.name.removeprefix("v") for path in folder("demonstration").glob("v*"))
