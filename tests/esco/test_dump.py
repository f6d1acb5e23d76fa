"""ESCO's RDF dump comes out as the tables of the same version, in every syntax, order and wrapping."""

from __future__ import annotations

import gzip
import zipfile
from dataclasses import fields
from pathlib import Path

import pytest

from esco_kg.errors import InputError
from esco_kg.esco.inspect import inspect
from esco_kg.esco.pillar import read_pillar
from esco_kg.model.pillar import Pillar, RetiredConcept
from esco_kg.resources import folder
from tests.support.esco_dump import WITHDRAWN, write_dump

TABLES = folder("demonstration") / "v1.0.0"
SHARE = 0.05


def read(path: Path, languages: list[str] | None = None) -> Pillar:
    return read_pillar([path], version="1.0.0", languages=languages, dangling_share=SHARE)


@pytest.fixture(scope="module")
def tables() -> Pillar:
    return read(TABLES)


def different(one: Pillar, other: Pillar) -> list[str]:
    return [f.name for f in fields(Pillar) if getattr(one, f.name) != getattr(other, f.name)]


@pytest.mark.parametrize("ending", ["ttl", "nt", "rdf", "jsonld"])
@pytest.mark.parametrize("grouped", [True, False], ids=["by subject", "in no order"])
def test_a_dump_is_the_tables_but_for_withdrawn_concepts_defects_and_sources(
    tmp_path: Path, tables: Pillar, ending: str, grouped: bool
) -> None:
    dump = read(write_dump(TABLES, tmp_path / f"esco.{ending}", seed=5, grouped=grouped))
    assert different(tables, dump) == ["retired", "sources", "defects", "said"]


def test_the_defects_that_a_dump_cannot_have_are_those_of_rows_and_files(tmp_path: Path, tables: Pillar) -> None:
    dump = read(write_dump(TABLES, tmp_path / "esco.ttl"))
    assert {d.kind for d in tables.defects} - {d.kind for d in dump.defects} == {
        "duplicate-row",
        "wrong-skill-type",
    }
    assert {d.kind for d in dump.defects} <= {d.kind for d in tables.defects}
    assert all(":" not in d.place for d in dump.defects), "a dump has no lines"


@pytest.mark.parametrize("wrapping", ["gz", "zip", "zip in a zip", "gz in a zip"])
def test_a_dump_may_be_packed(tmp_path: Path, tables: Pillar, wrapping: str) -> None:
    plain = write_dump(TABLES, tmp_path / "esco.ttl")
    data = plain.read_bytes()
    plain.unlink()
    if wrapping == "gz":
        path = tmp_path / "esco.ttl.gz"
        path.write_bytes(gzip.compress(data))
    else:
        path = tmp_path / "esco.zip"
        name, content = ("esco.ttl.gz", gzip.compress(data)) if wrapping == "gz in a zip" else ("esco.ttl", data)
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr(name, content)
        if wrapping == "zip in a zip":
            inner = path.rename(tmp_path / "inner.zip")
            with zipfile.ZipFile(path, "w") as packed:
                packed.write(inner, "downloads/inner.zip")
            inner.unlink()
    assert different(tables, read(path)) == ["retired", "sources", "defects", "said"]
    assert different(tables, read(tmp_path)) == ["retired", "sources", "defects", "said"]


def test_a_json_ld_context_may_come_last(tmp_path: Path, tables: Pillar) -> None:
    """Jena writes it behind the graph; a parser then held ten times the document in memory."""
    dump = read(write_dump(TABLES, tmp_path / "esco.jsonld", late_context=True))
    assert different(tables, dump) == ["retired", "sources", "defects", "said"]


def test_a_json_ld_context_that_is_an_address_is_not_fetched(tmp_path: Path, tables: Pillar) -> None:
    path = write_dump(TABLES, tmp_path / "esco.jsonld")
    text = path.read_text("utf-8")
    graph = text[text.index('"@graph"') :]
    path.write_text('{"@context": "https://data.example.org/context.jsonld", ' + graph, "utf-8")
    assert different(tables, read(path)) == ["retired", "sources", "defects", "said"]


def test_withdrawn_skills_stand_apart_with_what_replaces_them(tmp_path: Path) -> None:
    dump = read(write_dump(TABLES, tmp_path / "esco.nt"))
    assert len(dump.retired) == WITHDRAWN and not dump.retired.keys() & dump.skills.keys()
    found = [concept for concept in dump.retired.values() if concept.label == "withdrawn skill 0"]
    (first,) = (iri for iri in sorted(dump.skills)[:1])
    assert found == [RetiredConcept(found[0].iri, "KnowledgeSkillCompetence", "withdrawn skill 0", (first,))]


def test_languages_are_chosen(tmp_path: Path) -> None:
    path = write_dump(TABLES, tmp_path / "esco.ttl")
    german = read(path, ["de"])
    assert german.languages == ("de",) and all(set(s.texts) <= {"de"} for s in german.skills.values())
    assert read(path).languages == ("en", "de", "fr"), "en-us repeats en"
    assert read(path, ["en-us"]).languages == ("en-us",)
    with pytest.raises(InputError, match="has no texts in language pl") as caught:
        read(path, ["pl"])
    assert "de, en, en-us, fr" in caught.value.hint


def test_what_the_xl_labels_add_is_counted(tmp_path: Path) -> None:
    said = inspect([write_dump(TABLES, tmp_path / "esco.ttl")], version="1.0.0", dangling_share=SHARE).as_text()
    assert f"Links to withdrawn concepts, left out: {WITHDRAWN}." in said
    assert "withdrawn concepts left apart" in said and "Labels by gender, as the dump's XL labels say: female" in said


def test_damage_is_named_with_its_line(tmp_path: Path) -> None:
    path = write_dump(TABLES, tmp_path / "esco.nt")
    lines = path.read_text("utf-8").split("\n")
    lines[7] = lines[7].replace("<", "", 1)
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(InputError, match=r"^esco\.nt:8: is not readable as RDF"):
        read(path)


def test_a_dump_that_breaks_off_is_refused(tmp_path: Path) -> None:
    path = write_dump(TABLES, tmp_path / "esco.ttl")
    data = path.read_bytes()
    (tmp_path / "esco.ttl.gz").write_bytes(gzip.compress(data)[:-2000])
    path.unlink()
    with pytest.raises(InputError, match=r"^esco\.ttl\.gz: is damaged"):
        read(tmp_path / "esco.ttl.gz")


def test_tables_beside_a_dump_and_two_dumps_are_refused(tmp_path: Path) -> None:
    write_dump(TABLES, tmp_path / "esco.ttl")
    write_dump(TABLES, tmp_path / "esco.nt")
    with pytest.raises(InputError, match="several RDF dumps"):
        read(tmp_path)
    (tmp_path / "esco.nt").unlink()
    (tmp_path / "skills_en.csv").write_bytes((TABLES / "skills_en.csv").read_bytes())
    with pytest.raises(InputError, match=r"tables \(skills_en.csv\) and an RDF dump \(esco.ttl\)"):
        read(tmp_path)


def test_the_published_sample_is_read_as_it_is(shared: Path) -> None:
    found = inspect([shared / "data" / "rdf-sample"], version="1.0.3", extract=True)
    assert (found.concepts["skills"], found.concepts["ISCO groups"]) == (1, 1)
    assert found.concepts["broader links of skills"] == 2, "broaderTransitive names six"
    assert found.languages == ("en", "bg", "de", "el", "es", "fr", "it", "nl", "pl")
    assert any("74 triples" in sentence for sentence in found.said)
