"""Queries over large graphs, some languages at a time.

A query whose head says ``# Parts: language`` joins no texts of two languages, and looks at classes that it names alone.
So its answer over a graph is that over what has no language, with the texts of some languages, and then of the next.
ESCO in 28 languages has four million labels; a store of all of them needs four gigabytes.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from esco_kg.errors import InputError
from esco_kg.rdf.namespaces import RDF

LARGE = 400 << 20
"""Bytes of N-Triples from which on graphs are asked in parts: ESCO in six languages has fewer."""
TEXTS_OF_A_PART = 150_000

_PARTED = re.compile(r"^# Parts: language$", re.MULTILINE)
_TAG = re.compile(rb'"@([A-Za-z0-9-]+) \.\n?$')
_TYPE = f"<{RDF}type>".encode()


def is_parted(query: str) -> bool:
    """Whether the query says that it may be asked of some languages at a time."""
    return _PARTED.search(query) is not None


def parts(
    graphs: Mapping[str, Path], seen: frozenset[str], most: int = TEXTS_OF_A_PART
) -> Iterator[list[tuple[str, Path]]]:
    """For each part its (graph's IRI, N-Triples file) pairs: of ``graphs`` the lines with a predicate, or for types a
    class, that is among ``seen``. The files of texts are gone when the next part is asked for.

    Raises InputError for a line that is no triple.
    """
    with tempfile.TemporaryDirectory(prefix="esco-kg-languages-") as scratch:
        common: list[tuple[str, Path]] = []
        texts: dict[str, list[tuple[str, Path]]] = {}
        sizes: dict[str, int] = {}
        for number, (iri, source) in enumerate(graphs.items()):
            split = _split(source, seen, Path(scratch) / str(number))
            for language, (path, lines) in split.items():
                if language:
                    texts.setdefault(language, []).append((iri, path))
                    sizes[language] = sizes.get(language, 0) + lines
                else:
                    common.append((iri, path))
        for languages in _grouped(sizes, most):
            chosen = [pair for language in languages for pair in texts[language]]
            yield [*common, *chosen]
            for _, path in chosen:
                path.unlink()


def _grouped(sizes: Mapping[str, int], most: int) -> list[list[str]]:
    """Languages side by side until their texts are too many; at least one group."""
    groups: list[list[str]] = [[]]
    number = 0
    for language in sorted(sizes):
        if groups[-1] and number + sizes[language] > most:
            groups.append([])
            number = 0
        groups[-1].append(language)
        number += sizes[language]
    return groups


def _split(source: Path, seen: frozenset[str], folder: Path) -> dict[str, tuple[Path, int]]:
    """Language, or "" for what is no text of one -> file, and how many lines it has."""
    folder.mkdir()
    wanted = frozenset(term.encode() for term in seen)
    files: dict[bytes, tuple[Path, int]] = {}
    with ExitStack() as stack, source.open("rb") as stream:
        outputs: dict[bytes, IO[bytes]] = {}
        counts: dict[bytes, int] = {}
        for number, line in enumerate(stream, start=1):
            try:
                _, predicate, value = line.split(b" ", 2)
            except ValueError:
                raise InputError(f"{source}:{number}", "no triple", "Write the graph again.") from None
            if (value.removesuffix(b" .\n") if predicate == _TYPE else predicate) not in wanted:
                continue
            language = _language(value)
            if language not in outputs:
                path = folder / f"{len(outputs)}.nt"
                outputs[language] = stack.enter_context(path.open("wb"))
                files[language] = path, 0
            outputs[language].write(line)
            counts[language] = counts.get(language, 0) + 1
    return {language.decode(): (path, counts[language]) for language, (path, _) in files.items()}


def _language(value: bytes) -> bytes:
    """The tag of an object in N-Triples, or nothing."""
    found = _TAG.search(value)
    return found[1].lower() if found else b""
