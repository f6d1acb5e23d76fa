"""The clusters as a classification: days of versions, codes, changes, correspondence tables, in three forms."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from starlette.testclient import TestClient

from esco_kg.web.app import make_app
from esco_kg.web.classification.versions import spans, valid_at, valid_within, versions
from esco_kg.web.releases.site import Site, open_site
from esco_kg.web.server.limits import Limits, QueryLimits
from tests.support.web_fixtures import NEW, OLD

EARLY, LATE = "2020-01-01", "2021-01-01"
CLUSTERS = "/api/v1/classifications/clusters"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def dated(two_releases: Path, web_cache: Path) -> Iterator[Site]:
    """The two releases as if a year lay between them."""
    opened = open_site(two_releases, web_cache)
    for view, issued in zip(opened.views, (EARLY, LATE), strict=True):
        view.issued = issued
    yield opened


@pytest.fixture(scope="module")
def api(dated: Site) -> Iterator[TestClient]:
    app = make_app(dated, limits=Limits(rate=0), query_limits=QueryLimits(seconds=3, rows=10, workers=1), log=None)
    with TestClient(app, base_url="http://test") as found:
        yield found


def issued_on(*days: str) -> Any:
    return SimpleNamespace(views=[SimpleNamespace(version=f"{n}.0.0", issued=day) for n, day in enumerate(days)])


@pytest.mark.parametrize(
    ("issued", "days"),
    [
        (["2020-01-01"], [("2020-01-01", "")]),
        (["2020-01-01", "2021-01-01"], [("2020-01-01", "2021-01-01"), ("2021-01-01", "")]),
        (["2020-01-01", "2020-01-01"], [("2020-01-01", "2020-01-01"), ("2020-01-01", "")]),
        # A correction of an older release is never valid: the higher number holds.
        (["2021-01-01", "2020-01-01"], [("2021-01-01", "2021-01-01"), ("2020-01-01", "")]),
    ],
    ids=["one", "two", "same day", "older number later"],
)
def test_days_of_versions(issued: list[str], days: list[tuple[str, str]]) -> None:
    site = issued_on(*issued)
    assert [(one.valid_from, one.valid_to) for one in versions(site)] == days
    for day in ("2019-12-31", "2020-01-01", "2020-06-01", "2021-01-01", "2022-01-01"):
        valid = [one for one in versions(site) if one.is_valid_at(day)]
        assert len(valid) == (day >= min(issued))
        assert valid_at(site, day) == (valid[0] if valid else None)


def test_a_range_ends_before_its_last_day() -> None:
    site = issued_on(EARLY, LATE)
    assert len(valid_within(site, EARLY, LATE)) == 1
    assert len(valid_within(site, EARLY, "2021-01-02")) == len(valid_within(site, "1999-01-01", "")) == 2
    assert valid_within(site, "2019-01-01", EARLY) == valid_within(site, LATE, EARLY) == []


def test_a_row_stands_once_for_as_long_as_it_stays_the_same() -> None:
    site = issued_on("2020-01-01", "2021-01-01", "2022-01-01")
    rows = {"0.0.0": ["a", "b"], "1.0.0": ["a"], "2.0.0": ["a", "b"]}
    found = spans(versions(site), lambda view: [{"code": code} for code in rows[view.version]], ("code",))
    days = sorted((str(row["code"]), one.valid_from, one.valid_to) for row, one in found)
    assert days == [("a", "2020-01-01", ""), ("b", "2020-01-01", "2021-01-01"), ("b", "2022-01-01", "")]


def test_codes_of_a_day(api: TestClient, dated: Site) -> None:
    for day, view in ((EARLY, dated.views[0]), ("2020-12-31", dated.views[0]), (LATE, dated.views[1])):
        found = api.get(f"{CLUSTERS}/codesAt?date={day}&language=en").json()["codes"]
        assert {row["code"]: row["parentCode"] or "" for row in found} == {c.id: c.parent for c in view.current()}
        assert [row["order"] for row in found] == list(range(1, len(found) + 1))
        place = {row["code"]: row["order"] for row in found}
        assert all(place[row["parentCode"]] < row["order"] for row in found if row["parentCode"])
        assert all(row["level"] == str(view.clusters[row["code"]].depth) for row in found)
        assert all(row["name"] == view.clusters[row["code"]].label("en") and row["notes"] for row in found)
        assert {row["validFrom"] for row in found} == {view.issued}
    refused = api.get(f"{CLUSTERS}/codesAt?date=2019-12-31")
    assert refused.status_code == 404 and EARLY in refused.json()["title"]


def test_codes_of_a_range_tell_their_days(api: TestClient, dated: Site) -> None:
    found = api.get(f"{CLUSTERS}/codes?from=2020-06-01&to=2022-01-01&language=en").json()["codes"]
    old, new = ({(c.id, c.parent, c.label("en")) for c in view.current()} for view in dated.views)
    days = {
        (row["code"], row["parentCode"] or "", row["name"]): (
            row["validFrom"],
            row["validTo"],
            row["validFromInRequestedRange"],
            row["validToInRequestedRange"],
        )
        for row in found
    }
    assert len(days) == len(found) and days.keys() == old | new
    assert {days[one] for one in old & new} == {(EARLY, None, "2020-06-01", "2022-01-01")}
    assert {days[one] for one in old - new} == {(EARLY, LATE, "2020-06-01", LATE)}
    assert {days[one] for one in new - old} == {(LATE, None, LATE, "2022-01-01")}


def test_codes_are_selected_by_level_and_pattern(api: TestClient, dated: Site) -> None:
    one, other = (cluster.id for cluster in dated.latest.current()[:2])
    found = api.get(f"{CLUSTERS}/codesAt?date={LATE}&selectLevel=1").json()["codes"]
    assert {row["code"] for row in found} == {cluster.id for cluster in dated.latest.top}
    for pattern, codes in ((f"{one}, {other}", {one, other}), (f"{one[:-1]}*", None)):
        found = api.get(f"{CLUSTERS}/codesAt?date={LATE}&selectCodes={pattern}").json()["codes"]
        expected = codes or {c.id for c in dated.latest.current() if c.id.startswith(one[:-1])}
        assert {row["code"] for row in found} == expected


def test_changes_lead_from_the_old_codes_to_the_new(api: TestClient, dated: Site, retired: str) -> None:
    found = api.get(f"{CLUSTERS}/changes?from={EARLY}&language=en").json()["codeChanges"]
    old, new = ({cluster.id: cluster for cluster in view.current()} for view in dated.views)
    assert {row["changeOccurred"] for row in found} == {LATE}
    gone = {row["oldCode"] for row in found if row["change"] in ("replaced", "retired")}
    assert gone == old.keys() - new.keys() and retired in gone
    heirs = {row["newCode"] for row in found if row["oldCode"] == retired}
    assert heirs and heirs <= new.keys()
    come = {row["newCode"] for row in found if row["change"] in ("replaced", "new")}
    assert new.keys() - old.keys() <= come <= new.keys()
    renamed = {row["oldCode"] for row in found if row["change"] == "renamed"}
    assert renamed == {one for one in old.keys() & new.keys() if old[one].label("en") != new[one].label("en")}
    moved = {row["oldCode"] for row in found if row["change"] == "moved"}
    assert moved == {one for one in old.keys() & new.keys() if old[one].parent != new[one].parent}


def test_changes_count_from_the_first_day_to_before_the_last(api: TestClient) -> None:
    def number(query: str) -> int:
        return len(api.get(f"{CLUSTERS}/changes?{query}").json()["codeChanges"])

    assert number(f"from={LATE}") == number("from=2020-06-01&to=2021-01-02") > 0
    assert number(f"from=2020-06-01&to={LATE}") == number("from=2021-01-02") == 0


def test_skills_correspond_as_allocated(api: TestClient, dated: Site) -> None:
    view = dated.latest
    found = api.get(f"{CLUSTERS}/correspondsAt?targetClassificationId=skills&date={LATE}&language=en").json()
    rows = found["correspondenceItems"]
    primary = {row["targetCode"]: row["sourceCode"] for row in rows if row["relation"] == "primary"}
    assert primary == {iri.rpartition("/")[2]: cluster for iri, cluster in view.primary_places().items()}
    path = view.release.folder / f"esco-kg-{view.version}-allocations.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        published = {(r["cluster"], r["skill_code"], r["rank"], float(r["weight"])) for r in csv.DictReader(stream)}
    told = {(row["sourceCode"], row["targetCode"], row["relation"], row["weight"]) for row in rows}
    assert told == {one for one in published if one[2] != "rejected"} and all(row["notes"] for row in rows)


def test_sectors_correspond_by_their_shares(api: TestClient, dated: Site) -> None:
    rows = api.get(f"{CLUSTERS}/corresponds?targetClassificationId=nace&from={LATE}").json()["correspondenceItems"]
    told: dict[str, dict[str, float]] = {}
    for row in rows:
        told.setdefault(row["sourceCode"], {})[row["targetCode"]] = row["weight"]
    assert told == {cluster.id: cluster.sections for cluster in dated.latest.current() if cluster.sections}
    leading = {(row["sourceCode"], row["targetCode"]) for row in rows if row["relation"] == "leading"}
    assert leading == {(c.id, code) for c in dated.latest.current() for code in c.leading}


def test_a_correspondence_that_stays_has_one_row(api: TestClient) -> None:
    asked = f"{CLUSTERS}/corresponds?targetClassificationId=nace&from="
    both, old, new = (
        [
            (row["sourceCode"], row["sourceName"], row["targetCode"], row["relation"], row["weight"])
            for row in api.get(asked + days).json()["correspondenceItems"]
        ]
        for days in (EARLY, f"{EARLY}&to={LATE}", LATE)
    )
    assert sorted(both) == sorted({*old, *new}) and len(both) < len(old) + len(new)


def test_a_version_names_its_tables_and_they_answer(api: TestClient) -> None:
    found = api.get(f"/api/v1/versions/{NEW}?language=en").json()
    assert (found["validFrom"], found["validTo"]) == (LATE, None)
    assert [level["levelNumber"] for level in found["levels"]] == [1, 2, 3]
    codes = api.get(f"{CLUSTERS}/codesAt?date={LATE}&language=en").json()["codes"]
    assert found["classificationItems"] == codes
    assert [api.get(one["description"]).status_code for one in found["changelogs"]] == [200]
    tables = found["correspondenceTables"]
    assert [one["id"] for one in tables] == [f"{NEW}-skills", f"{NEW}-nace", f"{OLD}-{NEW}"]
    for one in tables:
        told = api.get(f"{one['_links']['self']['href']}?language=en").json()
        assert told["correspondenceMaps"] and {key: told[key] for key in one} == one
    assert [one["changeTable"] for one in tables] == [False, False, True]


def test_the_bridge_is_a_table_of_changes(api: TestClient, dated: Site) -> None:
    rows = api.get(f"/api/v1/correspondencetables/{OLD}-{NEW}?language=en").json()["correspondenceMaps"]
    forward: dict[str, float] = {}
    for row in rows:
        if row["sourceCode"]:
            assert row["sourceName"] == dated.views[0].clusters[row["sourceCode"]].label("en")
            forward[row["sourceCode"]] = forward.get(row["sourceCode"], 0) + row["weight"]
    assert forward.keys() == {cluster.id for cluster in dated.views[0].current()}
    assert all(total == pytest.approx(1, abs=1e-5) for total in forward.values())
    assert {row["relation"] for row in rows} <= {"exact", "part of", "contains", "overlaps", "new", "retired"}
    assert {row["weight"] for row in rows if row["relation"] in ("exact", "part of")} == {1}


def test_answers_have_what_klass_s_own_package_reads(api: TestClient) -> None:
    """The keys that ssb-klass-python 1.0.8 takes for granted; it was tried by hand, see docs/offices.md."""
    version = api.get(f"/api/v1/versions/{NEW}").json()
    responsible = {"name", "contactPerson", "owningSection", "lastModified", "published", "changelogs"}
    needed = {"validFrom", "introduction", "correspondenceTables", "levels", "classificationItems", "_links"}
    assert responsible | needed <= version.keys()
    assert all({"levelNumber", "levelName"} <= level.keys() for level in version["levels"])
    # Levels of codes are text: the package joins them.
    assert all(isinstance(row["level"], str) for row in version["classificationItems"])
    table = api.get(f"/api/v1/correspondencetables/{NEW}-nace").json()
    sides = {"source", "sourceId", "sourceLevel", "target", "targetId", "targetLevel"}
    assert responsible | sides | {"changeTable", "description", "correspondenceMaps"} <= table.keys()


@pytest.mark.parametrize(
    ("address", "key"),
    [
        (f"{CLUSTERS}/codesAt?date={LATE}", "codes"),
        (f"{CLUSTERS}/codes?from={EARLY}", "codes"),
        (f"{CLUSTERS}/changes?from={EARLY}", "codeChanges"),
        (f"{CLUSTERS}/correspondsAt?targetClassificationId=nace&date={LATE}", "correspondenceItems"),
        (f"/api/v1/correspondencetables/{OLD}-{NEW}?", "correspondenceMaps"),
        (f"/api/v1/versions/{NEW}?", "classificationItems"),
    ],
)
def test_three_forms_say_the_same(api: TestClient, address: str, key: str) -> None:
    rows = api.get(address).json()[key]
    text = api.get(address, headers={"accept": "text/csv"})
    assert (
        text.headers["content-type"] == "text/csv; charset=utf-8"
        and "attachment" in text.headers["content-disposition"]
    )
    book = api.get(f"{address}&format=xlsx")
    assert book.headers["content-type"] == XLSX and api.get(address, headers={"accept": XLSX}).content == book.content
    table, about = openpyxl.load_workbook(io.BytesIO(book.content)).worksheets
    cells = list(table.iter_rows(values_only=True))
    assert list(csv.DictReader(io.StringIO(text.text))) == [
        {name: "" if value is None else str(value) for name, value in row.items()} for row in rows
    ]
    # A workbook knows no empty text and no difference between 1 and 1.0.
    assert [dict(zip(cells[0], row, strict=True)) for row in cells[1:]] == [
        {name: value or None for name, value in row.items()} for row in rows
    ]
    assert NEW in [value for _, value in about.iter_rows(values_only=True)]


def test_what_cannot_be_given_is_refused(api: TestClient) -> None:
    for query, status in (
        ("classifications/none", 404),
        ("classifications/clusters/codesAt", 400),
        ("classifications/clusters/codesAt?date=2021-02-30", 400),
        ("classifications/clusters/codesAt?date=20210101", 400),
        (f"classifications/clusters/codesAt?date={LATE}&format=xml", 400),
        (f"classifications/clusters/codes?from={LATE}&to={EARLY}", 404),
        (f"classifications/clusters/correspondsAt?date={LATE}", 400),
        (f"classifications/clusters/correspondsAt?date={LATE}&targetClassificationId=isco", 400),
        ("versions/9.9.9", 404),
        ("correspondencetables/none", 404),
    ):
        answer = api.get(f"/api/v1/{query}")
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), query
    refused = api.get(f"{CLUSTERS}/codesAt?date={LATE}", headers={"accept": "application/xml"})
    assert refused.status_code == 406 and "text/csv" in refused.json()["title"]


def test_the_page_leads_to_files_with_the_same_rows(api: TestClient, dated: Site) -> None:
    page = api.get(f"/de/{NEW}/classification.html").text
    assert EARLY in page and LATE in page and f"{NEW}-skills.xlsx" in page
    for cluster in dated.latest.current():
        assert f"<td>{cluster.id}</td>" in page
    served = api.get(f"/de/{NEW}/classification/codes.csv")
    told = api.get(f"{CLUSTERS}/codesAt?date={LATE}&language=de&format=csv")
    assert served.text == told.text
    changed = api.get(f"/de/{NEW}/classification/changes.csv").text
    assert changed == api.get(f"{CLUSTERS}/changes?from={LATE}&language=de&format=csv").text
    assert api.get(f"/de/{OLD}/classification/changes.csv").status_code == 404
    for name in ("none.csv", "codes.xml", "codes", ""):
        assert api.get(f"/de/{NEW}/classification/{name}").status_code == 404


def test_the_static_site_has_the_same_files(static_site: Path, site: Site, client: TestClient) -> None:
    for language in ("en", "de"):
        folder = static_site / language / NEW / "classification"
        names = sorted(path.name for path in folder.iterdir())
        stems = ("1.0.0-2.0.0", "2.0.0-nace", "2.0.0-skills", "changes", "codes")
        assert names == sorted(f"{stem}.{ending}" for stem in stems for ending in ("csv", "xlsx"))
        for name in names:
            served = client.get(f"/{language}/{NEW}/classification/{name}").content
            assert (folder / name).read_bytes() == served


def test_releases_of_one_day_are_told_apart_by_version(client: TestClient, site: Site) -> None:
    """Both were issued on one day here: the older one is valid on none, and still has its codes and changes."""
    assert len({view.issued for view in site.views}) == 1
    old = client.get(f"/api/v1/versions/{OLD}").json()
    assert old["validFrom"] == old["validTo"] and len(old["classificationItems"]) == len(site.views[0].current())
    assert client.get(f"{CLUSTERS}/changes?from=1999-01-01").json() == {"codeChanges": []}
    assert len(json.loads(client.get(f"/api/v1/correspondencetables/{OLD}-{NEW}").text)["correspondenceMaps"]) > 1
