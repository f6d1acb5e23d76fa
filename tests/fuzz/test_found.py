"""What fuzzing found, each as a case of its own."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from esco_kg.errors import InputError
from esco_kg.esco.pillar import read_pillar
from esco_kg.folder.reading import read_manifest, version_key
from esco_kg.folder.verify import verify
from esco_kg.release import Request, make_release
from tests.support.fuzz import TABLES, VERSION, linked_copy


@pytest.mark.parametrize("table", ["skillGroups", "ISCOGroups"])
def test_two_groups_with_one_code_are_named(tmp_path: Path, table: str) -> None:
    """The code is the key of a group in tables and code lists: it was a ValueError of the writer of SDMX."""
    tables = linked_copy(TABLES, tmp_path / "tables")
    for path in tables.glob(f"{table}_*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
        coded = [row for row in rows if row["code"]]
        coded[1]["code"] = coded[0]["code"]
        path.unlink()
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    with pytest.raises(InputError, match=rf"{table}_en\.csv:\d+: code '.+' is the code of \S+ too"):
        read_pillar((tables,), version=VERSION)


def test_a_few_clusters_need_no_relations(tmp_path: Path) -> None:
    """It was the violation ``ekg:vacuous-shape``, which named no setting."""
    settings = tmp_path / "release.toml"
    usual = (TABLES / "release.toml").read_text(encoding="utf-8")
    few = re.sub(r"(?m)^(largest_share|levels) = .*$", r"\1 = [1, 1, 1]", usual)
    settings.write_text(few, encoding="utf-8")
    tables = linked_copy(TABLES, tmp_path / "tables")
    request = Request((tables,), out=tmp_path / "releases", esco_version=VERSION, config=settings, use_cache=False)
    release = make_release(request).folder
    assert read_manifest(release)["absent"] == ["ClusterRelation", "related", "relatedMatch"]
    assert verify(release, is_thorough=True).deviations == ()


@pytest.mark.parametrize("version", ["1٢.0.0", "१.0.0", "1.0.0000000000", "1.0." + "9" * 5000, "1.0.0\n"])
def test_a_version_number_has_few_digits_of_ascii(version: str) -> None:
    """Digits of other scripts were taken until the catalogue was checked; Python reads no number of 5,000 digits."""
    with pytest.raises(ValueError, match="is no version number"):
        version_key(version)
