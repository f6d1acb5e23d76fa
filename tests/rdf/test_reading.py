"""Files of anyone: packed, with a byte order mark, with faults, with contexts that stand elsewhere."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from esco_kg.cli import main
from esco_kg.errors import InputError
from esco_kg.rdf.faults import Fault
from esco_kg.rdf.reading import triples

PREFIX = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix e: <http://example.org/> .\n"
TWO_LABELS = PREFIX + 'e:a a skos:Concept ; skos:prefLabel "oven"@en , "stove"@en ; skos:note [ skos:note "x" ] .\n'
AT_FAULT = PREFIX + (
    "# <no iri> in a comment\n"
    'e:a skos:note "<no iri> in a text", """and "@no_tag here""" ; skos:prefLabel "a"@en .\n'
    'e:b skos:broader <http://example.org/one two> ; skos:prefLabel "b"@en-toolongapart ; skos:notation "b" .\n'
    "e:c skos:prefLabel '''c\nd'''@zh_TW ; skos:notation \"c\" ; skos:narrower <http://example.org/{x}> , e:d .\n"
)


def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], input=stdin)


def zipped(**files: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("_", "."), text)
    return held.getvalue()


PACKINGS = {
    "plain.ttl": TWO_LABELS.encode(),
    "mark.ttl": b"\xef\xbb\xbf" + TWO_LABELS.encode(),
    "packed.ttl.gz": gzip.compress(TWO_LABELS.encode()),
    "packed.ttl.bz2": bz2.compress(TWO_LABELS.encode()),
    "packed.ttl.BZ2": bz2.compress(b"\xef\xbb\xbf" + TWO_LABELS.encode()),
    "packed.zip": zipped(read_me="nothing of RDF", a_ttl=TWO_LABELS),
    "packed.ttl.zip": zipped(a_ttl=TWO_LABELS),
}


@pytest.mark.parametrize("name", PACKINGS)
def test_however_it_is_packed_the_same_is_found(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(PACKINGS[name])
    assert len(list(triples(tmp_path / name))) == 5
    found = run("check", tmp_path / name)
    assert (found.exit_code, "skos:S14" in found.output) == (1, True), found.output


@pytest.mark.parametrize("content", [TWO_LABELS.encode(), gzip.compress(TWO_LABELS.encode())])
def test_standard_input_is_a_file(content: bytes) -> None:
    found = run("check", "-", stdin=content)
    assert (found.exit_code, "skos:S14" in found.output, "Checked: stdin" in found.output) == (1, True, True)


def test_standard_input_may_be_xml_or_json() -> None:
    import rdflib

    graph = rdflib.Graph().parse(data=TWO_LABELS)
    for form in ("xml", "json-ld", "nt"):
        found = run("check", "-", stdin=graph.serialize(format=form).encode())
        assert (found.exit_code, "skos:S14" in found.output) == (1, True), (form, found.output)


def test_files_of_an_archive_are_one_graph_and_blank_nodes_stay_apart(tmp_path: Path) -> None:
    one, other = (PREFIX + f'_:x skos:note "{text}" .' for text in ("one", "other"))
    (tmp_path / "two.zip").write_bytes(zipped(a_ttl=one, b_ttl=other))
    found = list(triples(tmp_path / "two.zip"))
    assert len({t.subject for t in found}) == len(found) == 2


def test_an_archive_without_rdf_is_named(tmp_path: Path) -> None:
    (tmp_path / "none.zip").write_bytes(zipped(read_me="nothing"))
    found = run("check", tmp_path / "none.zip")
    assert (found.exit_code, "none.zip: holds no file with a known ending" in found.output) == (3, True), found.output


def test_every_fault_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "faults.ttl"
    path.write_text(AT_FAULT)
    with pytest.raises(InputError) as error:
        list(triples(path))
    said = error.value.message
    assert "4 faults" in said
    for part in ("line 4: <http://example.org/one two>", "line 4: @en-toolongapart", "line 6: @zh_TW", "line 6: <http"):
        assert part in said, said
    assert "comment" not in said and "@no_tag" not in said


def test_lenient_leaves_out_these_statements_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "faults.ttl"
    path.write_text(AT_FAULT)
    faults: list[Fault] = []
    left = {str(t.object) for t in triples(path, faults=faults)}
    assert left == {
        '"<no iri> in a text"', '"and \\"@no_tag here"', '"a"@en', '"b"', '"c"', "<http://example.org/d>",
    }  # fmt: skip
    assert [fault.line for fault in faults] == [4, 4, 6, 6]
    found = run("check", path, "--lenient")
    assert found.exit_code in (0, 1) and found.output.count("left out:") == 4, found.output


HARDLY_SEEN = (
    "<http://example.org/%zz>", "<http://example.org:port/>", "<http://[bad/>", "<http://example.org/a[1]>",
    "<http://example.org/a#a#b>", "<1abc:foo>", '"x"@en-x', '"x"@de-de-de', '"x"@en-GB-oed-xyz',
)  # fmt: skip


def test_what_the_parser_refuses_is_named_and_left_out(tmp_path: Path) -> None:
    """These passed ``--lenient``, and a tag among them ended ``check`` with a failure that nobody foresaw."""
    path = tmp_path / "hardly-seen.ttl"
    path.write_text("".join(f"<urn:e:s{n}> <urn:e:p> {term} .\n" for n, term in enumerate(("<urn:e:o>", *HARDLY_SEEN))))
    with pytest.raises(InputError) as error:
        list(triples(path))
    faults: list[Fault] = []
    assert [str(t.object) for t in triples(path, faults=faults)] == ["<urn:e:o>"]
    for line, term in enumerate(HARDLY_SEEN, start=2):
        shown = term.removeprefix('"x"')
        assert f"line {line}: {shown} is no " in error.value.message, term
    assert [fault.line for fault in faults] == list(range(2, 2 + len(HARDLY_SEEN)))
    found = run("check", path, "--lenient")
    assert found.exit_code in (0, 1) and found.output.count("left out:") == len(HARDLY_SEEN), found.output


def test_both_faults_of_a_statement_are_named(tmp_path: Path) -> None:
    path = tmp_path / "two.rdf"
    path.write_text(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://example.org/">'
        '<rdf:Description rdf:about="http://example.org/one two"><e:p xml:lang="zh_TW">x</e:p></rdf:Description>'
        "</rdf:RDF>"
    )
    with pytest.raises(InputError) as error:
        list(triples(path))
    assert "one two" in error.value.message and "zh_tw" in error.value.message.lower()


def test_an_archive_of_a_mac_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mac.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("words/a.ttl", "<urn:e:s> <urn:e:p> <urn:e:o> .")
        archive.writestr("__MACOSX/words/._a.ttl", b"\x00\x05\x16\x07")
    assert len(list(triples(path))) == 1


def test_a_text_beyond_all_bounds_is_named(tmp_path: Path) -> None:
    path = tmp_path / "long.nt"
    path.write_text(f'<urn:e:s> <urn:e:p> "{"x" * 17_000_000}" .\n')
    with pytest.raises(InputError, match="more than 16 MiB"):
        list(triples(path))


def test_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "latin.ttl"
    path.write_bytes('<urn:e:s> <urn:e:p> "caf\u00e9" , "tea" .\n'.encode("latin-1"))
    faults: list[Fault] = []
    assert [str(t.object) for t in triples(path, faults=faults)] == ['"tea"'], "no text is told that nobody wrote"
    assert str(faults[0].at("")).startswith("line 1: byte 0xE9 is not UTF-8")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "faults.rdf",
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://example.org/">\n'
            '<rdf:Description rdf:about="http://example.org/a"><e:p>good</e:p>\n'
            '<e:p rdf:resource="http://example.org/one two"/>\n</rdf:Description></rdf:RDF>',
        ),
        ("faults.nt", '<http://example.org/a> <e:p> "good" .\n\n<e:a> <e:p> <http://example.org/one two> .\n'),
    ],
)
def test_faults_of_other_serialisations(name: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(InputError, match=r"line 3: <http://example.org/one two> is no IRI"):
        list(triples(path))
    faults: list[Fault] = []
    assert [str(t.object) for t in triples(path, faults=faults)] == ['"good"']
    assert [(fault.line, fault.value) for fault in faults] == [(3, "<http://example.org/one two>")]


DOCUMENT = {"@context": "https://context.example.org/c.json", "id": "http://example.org/a", "label": {"en": "oven"}}
CONTEXT = {
    "@context": {
        "id": "@id",
        "label": {"@id": "http://www.w3.org/2004/02/skos/core#prefLabel", "@container": "@language"},
    }
}


def test_a_context_on_the_web_is_given_from_a_file(tmp_path: Path) -> None:
    path, context = tmp_path / "a.jsonld", tmp_path / "c.json"
    path.write_text(json.dumps(DOCUMENT))
    context.write_text(json.dumps(CONTEXT))
    found = run("check", path)
    assert found.exit_code == 3 and "--context https://context.example.org/c.json=FILE" in found.output
    assert [str(t.object) for t in triples(path, contexts={DOCUMENT["@context"]: context})] == ['"oven"@en']  # type: ignore[dict-item]
    given = run("check", path, "--context", f"https://context.example.org/c.json={context}", "--json")
    assert given.exit_code != 3, given.output
    assert run("check", path, "--context", "https://context.example.org/c.json").exit_code == 2


def test_contexts_may_be_listed_and_name_one_another(tmp_path: Path) -> None:
    path, context, other = tmp_path / "a.jsonld", tmp_path / "c.json", tmp_path / "d.json"
    path.write_text(json.dumps({**DOCUMENT, "@context": [{"x": "http://example.org/"}, DOCUMENT["@context"]]}))
    context.write_text(json.dumps({"@context": ["https://context.example.org/d.json"]}))
    other.write_text(json.dumps(CONTEXT))
    contexts = {"https://context.example.org/c.json": context, "https://context.example.org/d.json": other}
    assert len(list(triples(path, contexts=contexts))) == 1
    context.write_text(json.dumps({"@context": "https://context.example.org/c.json"}))
    with pytest.raises(InputError, match="without end"):
        list(triples(path, contexts=contexts))


def test_a_context_of_the_package_is_at_hand(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    document = {"@context": "https://gbv.github.io/jskos/context.json", "uri": "http://example.org/a"}
    path.write_text(json.dumps({**document, "prefLabel": {"de": "Ofen"}, "inScheme": ["http://example.org/s"]}))
    assert sorted(str(t.object) for t in triples(path)) == ['"Ofen"@de', "<http://example.org/s>"]
