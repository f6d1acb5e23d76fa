"""What review changed between two releases, by the definition of the notes of a release."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

from esco_kg.errors import UsageError
from esco_kg.evaluation.reviewed import Effect, review_effect
from esco_kg.folder.material import Material
from esco_kg.folder.reading import read_manifest
from esco_kg.trials.review.ledger import Entry, in_force, read_ledger

LEDGER = "ledger.csv"


def effect(before: Material, after: Material, decisions: Iterable[Entry]) -> Effect:
    """Compare two releases of one scheme. Raises UsageError where they have no skill in common."""
    old, new = ({s: a.cluster for s, a in material.primary.items()} for material in (before, after))
    if not old.keys() & new.keys():
        raise UsageError("the releases have no skill in common", "Give two releases of one scheme.")
    essential = {
        occupation: sorted({skill for skill, necessity in needs if necessity == "essential"})
        for occupation, needs in after.needs.items()
    }
    return review_effect(essential, after.skills, old, new, {entry.skill for entry in decisions if entry.skill})


def decisions_of(release: Path, ledgers: Sequence[Path]) -> list[Entry]:
    """The decisions in force in a release: from the first of these ledgers that its manifest names by its hash.

    A ledger is only ever appended to, so one that begins with the release's is its ledger, too: later lines are left
    out. Raises UsageError where none is.
    """
    manifest = read_manifest(release)
    named = next((each["sha256"] for each in manifest.get("curation", ()) if each["name"] == LEDGER), "")
    if not named:
        raise UsageError(f"release {manifest['version']} names no ledger", "Give a release that was made with one.")
    for path in ledgers:
        size = _length(path, named) if path.is_file() else None
        if size is not None:
            return list(in_force(read_ledger(path, size)).values())
    looked = ", ".join(map(str, ledgers))
    problem = f"release {manifest['version']} was made with another ledger than {looked}"
    raise UsageError(problem, "Give the ledger that it was made with: --ledger FILE.")


def _length(path: Path, wanted: str) -> int | None:
    """How many bytes from the start have the hash; None where no line ends there."""
    found, size = sha256(), 0
    if found.hexdigest() == wanted:
        return 0
    for line in io.BytesIO(path.read_bytes()):
        found.update(line)
        size += len(line)
        if found.hexdigest() == wanted:
            return size
    return None
