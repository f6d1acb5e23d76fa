"""Write a graph's files from one pass over its blocks: N-Triples (gz), Turtle, JSON-LD, RDF/XML."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO
from xml.sax.saxutils import quoteattr

from esco_kg.dump.context import context
from esco_kg.dump.documents import ClusterDocuments
from esco_kg.dump.render import Renderer, Texts
from esco_kg.model.published import GraphSummary
from esco_kg.namespaces import PREFIXES, RDF
from esco_kg.terms import RDF_TYPE, Block, in_order

_BATCH = 1 << 20  # characters of N-Triples gathered before they are written
_GZIP_LEVEL = 3


def write_graph(
    blocks: Iterable[Block],
    folder: Path,
    stem: str,
    *,
    name: str,
    prefixes: Mapping[str, str],
    also_plain: Path | None = None,
    with_documents: bool = False,
) -> GraphSummary:
    """Write ``<stem>.nt.gz``, ``.ttl``, ``.jsonld`` and ``.rdf`` into ``folder`` and say what the graph holds.

    ``blocks`` come in the order of their subjects; they are read once and none is kept. ``also_plain`` gets the same
    N-Triples uncompressed; ``with_documents`` adds ``<stem>.ndjson`` with one document per cluster. Without blank nodes the RDFC-1.0 form of a graph is its sorted canonical N-Quads, and in the default graph these are
    the N-Triples written here: the hash is taken on the way (RDF Dataset Canonicalization, section 4.4.3). Raises
    InputError where a serialisation cannot carry a term, ValueError where blocks are out of order.
    """
    renderer = Renderer(prefixes)
    tally = _Tally()
    documents = ClusterDocuments(prefixes) if with_documents else None
    with ExitStack() as stack:
        files = _Files(stack, folder, stem, prefixes, also_plain)
        for block in in_order(blocks):
            tally.count(block)
            texts = renderer.render(block)
            files.add(texts)
            if documents:
                documents.add(block, texts.json)
        files.close()
    if documents:
        documents.write(folder / f"{stem}.ndjson")
    return GraphSummary(
        name=name,
        triples=tally.triples,
        rdfc10_sha256=files.digest.hexdigest(),
        subjects=tally.subjects,
        classes={term[1:-1]: tally.classes[term] for term in sorted(tally.classes)},
        predicates={term[1:-1]: tally.predicates[term] for term in sorted(tally.predicates)},
    )


def turtle_text(blocks: Iterable[Block], prefixes: Mapping[str, str] = PREFIXES) -> str:
    """A small graph as one Turtle text, as :func:`write_graph` would write it."""
    renderer = Renderer(prefixes)
    return _turtle_head(prefixes) + "".join(renderer.render(block).turtle for block in in_order(blocks))


def graph_text(blocks: Iterable[Block], prefixes: Mapping[str, str], ending: str) -> str:
    """A small graph as one text: ``ending`` is ``ttl``, ``jsonld``, ``nt`` or ``rdf``.

    The JSON-LD context holds only the terms that occur. Raises InputError where the form cannot carry a term.
    """
    renderer = Renderer(prefixes)
    texts = [renderer.render(block) for block in in_order(blocks)]
    if ending == "nt":
        return "".join(text.nt for text in texts)
    if ending == "ttl":
        body = "".join(text.turtle for text in texts)
        return _turtle_head({name: iri for name, iri in prefixes.items() if f"{name}:" in body}) + body
    if ending == "rdf":
        return _xml_head(prefixes) + "".join(text.xml for text in texts) + "</rdf:RDF>\n"
    body = ",\n".join(text.json for text in texts)
    used = {name: value for name, value in context(prefixes).items() if _occurs(name, body)}
    # A term's definition may itself speak in prefixes.
    named = json.dumps(used)
    used = {n: v for n, v in context(prefixes).items() if n in used or (f'"{n}:' in named and isinstance(v, str))}
    return f'{{\n"@context": {json.dumps(used, ensure_ascii=False, indent=2)},\n"@graph": [\n{body}\n]\n}}\n'


def _occurs(name: str, body: str) -> bool:
    return name == "@version" or f'"{name}"' in body or f'"{name}:' in body


def _xml_head(prefixes: Mapping[str, str]) -> str:
    names = {**prefixes, "rdf": RDF}
    declared = "".join(f"\n  xmlns:{p}={quoteattr(names[p])}" for p in sorted(names))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{declared}>\n'


def _turtle_head(prefixes: Mapping[str, str]) -> str:
    return "".join(f"@prefix {prefix}: <{prefixes[prefix]}> .\n" for prefix in sorted(prefixes)) + "\n"


def write_context(folder: Path, prefixes: Mapping[str, str]) -> str:
    """Write ``context.jsonld``, the context that stands in every JSON-LD file of the release; returns its name."""
    content = json.dumps({"@context": context(prefixes)}, ensure_ascii=False, indent=2)
    (folder / "context.jsonld").write_text(content + "\n", encoding="utf-8", newline="\n")
    return "context.jsonld"


class _Tally:
    """What a graph holds, counted while it is written."""

    def __init__(self) -> None:
        self.triples = 0
        self.subjects = 0
        self.classes: Counter[str] = Counter()
        self.predicates: Counter[str] = Counter()

    def count(self, block: Block) -> None:
        self.subjects += 1
        for predicate, terms in block.objects.items():
            self.predicates[predicate] += len(terms)
            self.triples += len(terms)
        self.classes.update(block.objects.get(RDF_TYPE, ()))


class _Files:
    """The files of one graph, written in large parts."""

    def __init__(
        self, stack: ExitStack, folder: Path, stem: str, prefixes: Mapping[str, str], also_plain: Path | None
    ) -> None:
        def open_binary(path: Path) -> IO[bytes]:
            return stack.enter_context(path.open("wb"))

        packed = open_binary(folder / f"{stem}.nt.gz")
        # No name and no time in the head: the same triples give the same bytes.
        self._gzip = stack.enter_context(gzip.GzipFile("", "wb", _GZIP_LEVEL, packed, mtime=0))
        self._plain = open_binary(also_plain) if also_plain else None
        self._turtle, self._json, self._xml = (
            open_binary(folder / f"{stem}.{end}") for end in ("ttl", "jsonld", "rdf")
        )
        self.digest = hashlib.sha256()
        self._texts: list[Texts] = []
        self._size = 0
        self._separator = ""
        self._turtle.write(_turtle_head(prefixes).encode())
        head = json.dumps(context(prefixes), ensure_ascii=False, indent=2)
        self._json.write(f'{{\n"@context": {head},\n"@graph": [\n'.encode())
        self._xml.write(_xml_head(prefixes).encode())

    def add(self, texts: Texts) -> None:
        self._texts.append(texts)
        self._size += len(texts.nt)
        if self._size >= _BATCH:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._json.write(b"\n]\n}\n")
        self._xml.write(b"</rdf:RDF>\n")

    def _flush(self) -> None:
        if not self._texts:
            return
        nt, turtle, objects, xml = zip(*self._texts, strict=True)
        triples = "".join(nt).encode()
        self.digest.update(triples)
        self._gzip.write(triples)
        if self._plain:
            self._plain.write(triples)
        self._turtle.write("".join(turtle).encode())
        self._json.write((self._separator + ",\n".join(objects)).encode())
        self._xml.write("".join(xml).encode())
        self._separator = ",\n"
        self._texts.clear()
        self._size = 0
