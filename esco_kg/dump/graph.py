"""Write a graph's files from one pass over its blocks: N-Triples and RDF/XML packed, Turtle and JSON-LD plain."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from contextlib import ExitStack
from pathlib import Path
from typing import IO
from xml.sax.saxutils import quoteattr

from esco_kg.dump.context import context
from esco_kg.dump.documents import ClusterDocuments
from esco_kg.dump.render import Renderer, Texts
from esco_kg.model.published import GraphSummary
from esco_kg.rdf.namespaces import PREFIXES, RDF
from esco_kg.rdf.terms import RDF_TYPE, Block, in_order

_BATCH = 1 << 20  # characters of N-Triples gathered before they are written
_GZIP_LEVEL = 6


def write_graph(
    blocks: Iterable[Block],
    folder: Path,
    stem: str,
    *,
    name: str,
    prefixes: Mapping[str, str],
    also_plain: Path | None = None,
    with_documents: bool = False,
    sections: Sequence[str] = (),
    labels: Mapping[str, str] | None = None,
) -> GraphSummary:
    """Write ``<stem>.nt.gz``, ``.ttl``, ``.jsonld`` and ``.rdf.gz`` into ``folder`` and say what the graph holds.

    ``blocks`` come in the order of their subjects; they are read once and none is kept. ``also_plain`` gets the same
    N-Triples uncompressed; ``with_documents`` adds ``<stem>.ndjson.gz`` with one document per cluster. Without blank
    nodes the RDFC-1.0 form of a graph is its sorted canonical N-Quads, and in the default graph these are the
    N-Triples written here: the hash is taken on the way (RDF Dataset Canonicalization, section 4.4.3). Raises
    InputError where a serialisation cannot carry a term, ValueError where blocks are out of order.

    Turtle is for readers: it declares the prefixes it uses, shows first the subjects whose IRIs match ``sections``
    (regular expressions, in this order), then all others, and writes ``labels`` (IRI -> text) as comments beside IRIs.
    """
    renderer = Renderer(prefixes, labels)
    tally = _Tally()
    documents = ClusterDocuments(prefixes) if with_documents else None
    with ExitStack() as stack:
        files = _Files(stack, folder, stem, prefixes, also_plain, sections)
        for block in in_order(blocks):
            tally.count(block)
            texts = renderer.render(block)
            files.add(block.subject, texts)
            if documents:
                documents.add(block, texts.json)
        files.close(renderer.used)
    if documents:
        documents.write(folder / f"{stem}.ndjson.gz")
    return tally.summary(name, files.digest.hexdigest())


def turtle_text(blocks: Iterable[Block], prefixes: Mapping[str, str] = PREFIXES) -> str:
    """A small graph as one Turtle text, as :func:`write_graph` would write it."""
    renderer = Renderer(prefixes)
    text = "".join(renderer.render(block).turtle for block in in_order(blocks))
    return _turtle_head(prefixes, renderer.used) + text


def xml_head(prefixes: Mapping[str, str]) -> str:
    """The first lines of an RDF/XML document, with every prefix declared."""
    names = {**prefixes, "rdf": RDF}
    declared = "".join(f"\n  xmlns:{p}={quoteattr(names[p])}" for p in sorted(names))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{declared}>\n'


def _turtle_head(prefixes: Mapping[str, str], used: Set[str]) -> str:
    return "".join(f"@prefix {p}: <{prefixes[p]}> .\n" for p in sorted(set(prefixes) & used)) + "\n"


def write_context(folder: Path, prefixes: Mapping[str, str]) -> str:
    """Write ``context.jsonld``, the context that stands in every JSON-LD file of the release; returns its name."""
    content = json.dumps({"@context": context(prefixes)}, ensure_ascii=False, indent=2)
    (folder / "context.jsonld").write_text(content + "\n", encoding="utf-8", newline="\n")
    return "context.jsonld"


class _Tally:
    """What a graph holds, counted while it is written."""

    def __init__(self) -> None:
        self.subjects = 0
        self.classes: defaultdict[str, int] = defaultdict(int)
        self.predicates: defaultdict[str, int] = defaultdict(int)

    def count(self, block: Block) -> None:
        self.subjects += 1
        predicates = self.predicates
        for predicate, terms in block.objects.items():
            predicates[predicate] += len(terms)
        for term in block.objects.get(RDF_TYPE, ()):
            self.classes[term] += 1

    def summary(self, name: str, digest: str) -> GraphSummary:
        return GraphSummary(
            name=name,
            triples=sum(self.predicates.values()),
            rdfc10_sha256=digest,
            subjects=self.subjects,
            classes={term[1:-1]: self.classes[term] for term in sorted(self.classes)},
            predicates={term[1:-1]: self.predicates[term] for term in sorted(self.predicates)},
        )


class _Files:
    """The files of one graph, written in large parts."""

    def __init__(
        self,
        stack: ExitStack,
        folder: Path,
        stem: str,
        prefixes: Mapping[str, str],
        also_plain: Path | None,
        sections: Sequence[str],
    ) -> None:
        def open_binary(path: Path) -> IO[bytes]:
            return stack.enter_context(path.open("wb"))

        def open_packed(path: Path) -> gzip.GzipFile:
            # No name and no time in the head: the same triples give the same bytes.
            return stack.enter_context(gzip.GzipFile("", "wb", _GZIP_LEVEL, open_binary(path), mtime=0))

        self._gzip = open_packed(folder / f"{stem}.nt.gz")
        self._plain = open_binary(also_plain) if also_plain else None
        self._turtle, self._json = (open_binary(folder / f"{stem}.{end}") for end in ("ttl", "jsonld"))
        self._xml = open_packed(folder / f"{stem}.rdf.gz")
        self._prefixes = prefixes
        # Sections wait on the disk, not in memory, until all blocks were seen; the last holds what no pattern matches.
        self._section = re.compile("|".join(f"({pattern})" for pattern in sections) or r"(?!)")
        self._parts = [stack.enter_context(_scratch(folder)) for _ in [*sections, ""]]
        self.digest = hashlib.sha256()
        self._texts: list[Texts] = []
        self._shown: list[list[str]] = [[] for _ in self._parts]
        self._size = 0
        self._separator = ""
        head = json.dumps(context(prefixes), ensure_ascii=False, indent=2)
        self._json.write(f'{{\n"@context": {head},\n"@graph": [\n'.encode())
        self._xml.write(xml_head(prefixes).encode())

    def add(self, subject: str, texts: Texts) -> None:
        self._texts.append(texts)
        found = self._section.match(subject)
        self._shown[(found.lastindex or 0) - 1 if found else -1].append(texts.turtle)
        self._size += len(texts.nt)
        if self._size >= _BATCH:
            self._flush()

    def close(self, used: Set[str]) -> None:
        self._flush()
        self._turtle.write(_turtle_head(self._prefixes, used).encode())
        for part in self._parts:
            part.seek(0)
            shutil.copyfileobj(part, self._turtle)
        self._json.write(b"\n]\n}\n")
        self._xml.write(b"</rdf:RDF>\n")

    def _flush(self) -> None:
        if not self._texts:
            return
        nt, _, objects, xml = zip(*self._texts, strict=True)
        triples = "".join(nt).encode()
        self.digest.update(triples)
        self._gzip.write(triples)
        if self._plain:
            self._plain.write(triples)
        for part, shown in zip(self._parts, self._shown, strict=True):
            part.write("".join(shown).encode())
            shown.clear()
        self._json.write((self._separator + ",\n".join(objects)).encode())
        self._xml.write("".join(xml).encode())
        self._separator = ",\n"
        self._texts.clear()
        self._size = 0


def _scratch(folder: Path) -> IO[bytes]:
    """A file without a name, on the disk that the release is written to; gone when it is closed."""
    return tempfile.TemporaryFile(dir=folder)
