"""Two releases of the demonstration data: between them ESCO, the experts and nothing else changed."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from esco_kg.folder.material import read_material
from esco_kg.release import Request, make_release
from esco_kg.resources import folder

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """Folders of the two releases, and the IRIs of the skills that were gone, renamed, and placed by an expert."""

    old: Path
    new: Path
    gone: str
    renamed: str
    placed: str
    target: str

    @property
    def releases_folder(self) -> Path:
        """The folder both lie in."""
        return self.new.parent


def make(place: Path) -> Pair:
    """Release the demonstration data, change them, and release them again."""
    data = Path(shutil.copytree(folder("demonstration") / "v1.0.0", place / "esco v1.0.0"))
    experts = Path(shutil.copytree(folder("curation"), place / "curation"))
    request = Request((data,), out=place / "releases", use_cache=False, issued="2025-01-31", curation=experts)
    old = make_release(request).folder
    primary = _primary(old)
    # One occupation needs each, and the loss of the first moves no other skill: then the release is a minor one.
    by_label = read_material(old).skills_by_label()
    gone, placed = (by_label[label][0] for label in ("dispense medicines", "paint walls and woodwork"))
    renamed = sorted(primary)[40]
    target = next(cluster for cluster in sorted(set(primary.values())) if cluster != primary[placed])
    _each_row(data, lambda row: None if gone in row.values() else row)
    _each_row(data, lambda row: _renamed(row, renamed), "en")
    forced = experts / "forced.csv"
    lines = forced.read_text(encoding="utf-8") if forced.exists() else "skill,target,reason\n"
    forced.write_text(f"{lines}{placed},{target},it is used there\n", encoding="utf-8")
    later = Request((data,), out=place / "releases", use_cache=False, issued="2025-06-30", curation=experts)
    return Pair(old, make_release(later).folder, gone, renamed, placed, target)


def other_settings(place: Path, description: str = "Invented data.") -> Path:
    """The demonstration's settings with another text: reason enough for a new release, which a new day is not."""
    own = (folder("demonstration") / "v1.0.0" / "release.toml").read_text(encoding="utf-8")
    said = next(line for line in own.splitlines() if line.startswith('en = "Invented data'))
    path = place / "other-release.toml"
    path.write_text(own.replace(said, f'en = "{description}"'), encoding="utf-8")
    return path


def _primary(release: Path) -> dict[str, str]:
    with next(release.glob("*-allocations.csv")).open(encoding="utf-8", newline="") as stream:
        return {row["skill"]: row["cluster"] for row in csv.DictReader(stream) if row["rank"] == "primary"}


def _renamed(row: Row, skill: str) -> Row:
    is_it = row.get("conceptUri") == skill and "preferredLabel" in row
    return row | {"preferredLabel": "a new name"} if is_it else row


def _each_row(data: Path, change: Callable[[Row], Row | None], language: str = "") -> None:
    """Change or drop rows of all tables, or of those in one language."""
    for path in sorted(data.glob(f"*_{language}*.csv" if language else "*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            head = reader.fieldnames or []
            rows = [change(row) for row in reader]
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, head)
            writer.writeheader()
            writer.writerows(row for row in rows if row is not None)
