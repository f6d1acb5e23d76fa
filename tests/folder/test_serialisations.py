"""Every form of a graph is read back by parsers that did not write it, and all forms must say the same."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from esco_kg.dump import write_graph
from esco_kg.folder.serialisations import FORMATS, problems
from esco_kg.rdf.terms import Block, iri, plain, text

Change = Callable[[bytes], bytes]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A graph of 300 triples in its four forms."""
    predicates = [iri(f"http://x.example/p{n}") for n in range(3)]
    blocks = [
        Block(iri(f"http://x.example/s{n:03d}"))
        .add(predicates[0], text(f"label {n} & <more>", "en"))
        .add(predicates[1], plain(f"a\u2028b\n{n}"))
        .add(predicates[2], iri(f"http://x.example/o{n}"))
        for n in range(100)
    ]
    write_graph(blocks, tmp_path, "x", name="x", prefixes={"x": "http://x.example/"})
    return tmp_path


def found(folder: Path) -> dict[str, str]:
    return dict(problems(folder, "x"))


def test_all_forms_of_a_graph_say_the_same(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {f"x.{end}" for end in FORMATS}
    assert found(folder) == {}


def repacked(data: bytes, old: bytes, new: bytes) -> bytes:
    return gzip.compress(gzip.decompress(data).replace(old, new))


@pytest.mark.parametrize("end", FORMATS)
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda data: data.replace(b"label 42 ", b"label 43 "), "a triple"),
        (lambda data: data.replace(b"/o42", b"/o43"), "a triple"),
        (lambda data: data.replace(b"/s042", b"/s943"), "a triple"),
    ],
    ids=["text", "object", "subject"],
)
def test_another_triple_is_named(folder: Path, end: str, change: Change, told: str) -> None:
    path = folder / f"x.{end}"
    data = gzip.decompress(path.read_bytes()) if end.endswith(".gz") else path.read_bytes()
    changed = change(data)
    if changed == data:  # Turtle has prefixes
        changed = change(data.replace(b" x:", b" x:/").replace(b"\nx:", b"\nx:/")).replace(b"x:/", b"x:")
    assert changed != data
    path.write_bytes(gzip.compress(changed) if end.endswith(".gz") else changed)
    named = found(folder)
    assert named and all(told in problem for problem in named.values())
    assert set(named) == ({f"x.{other}" for other in FORMATS if other != "nt.gz"} if end == "nt.gz" else {f"x.{end}"})


@pytest.mark.parametrize(
    ("end", "change"),
    [
        ("nt.gz", lambda data: data[: len(data) // 2]),
        ("nt.gz", lambda data: repacked(data, b"/o42", b"/o\\u0020")),
        ("ttl", lambda data: data + b"<http://x.example/\xf0\x9f\xbf\xbe> a <http://x.example/c> ."),
        ("ttl", lambda data: data.replace(b'"@en', b'"@en_US', 1)),
        ("jsonld", lambda data: data.replace(b"]\n}", b",]\n}")),
        ("rdf.gz", lambda data: repacked(data, b"</rdf:RDF>", b"")),
        ("rdf.gz", lambda data: repacked(data, b"label 42", b"label \x01")),
        ("rdf.gz", lambda data: repacked(data, b"label 42", b"label &#1;")),
        ("rdf.gz", lambda data: repacked(data, b"label 42", b"label &amp")),
    ],
)
def test_what_a_strict_reader_refuses_is_named(folder: Path, end: str, change: Change) -> None:
    """A noncharacter in an IRI was published; pyoxigraph alone takes RDF/XML that is cut or has control characters."""
    path = folder / f"x.{end}"
    path.write_bytes(change(path.read_bytes()))
    assert found(folder)[path.name].startswith("cannot be read: ")


def test_a_triple_twice_is_named(folder: Path) -> None:
    path = folder / "x.nt.gz"
    lines = gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(lines + lines[: lines.index(b"\n") + 1]))
    assert "twice" in found(folder)["x.ttl"]
