"""JSON-LD with contexts that stand elsewhere: each is taken from a file that the user or this package has."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from esco_kg.errors import InputError, MissingError

# Contexts that many vocabularies name, by their IRIs, written again from what their publishers document.
_OURS = Path(__file__).with_name("contexts.json")
# A context that is an IRI, or a list in which one may be: only then the text is read here.
_NAMED = re.compile(rb'"@context"\s*:\s*["\[]')
_DEPTH = 10  # contexts that name contexts


def with_contexts(content: bytes, place: str, given: Mapping[str, Path]) -> bytes:
    """The document with every context that is named by its IRI put in place of the IRI.

    Raises InputError where the text is no JSON, and for a context that neither the user gave nor this package has.
    """
    if not _NAMED.search(content):
        return content
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return content  # the parser of RDF says where and why
    return json.dumps(_filled(document, place, given, 0), ensure_ascii=False).encode()


def _filled(node: Any, place: str, given: Mapping[str, Path], depth: int) -> Any:
    if isinstance(node, list):
        return [_filled(part, place, given, depth) for part in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _context(value, place, given, depth) if key == "@context" else _filled(value, place, given, depth)
        for key, value in node.items()
    }


def _context(context: Any, place: str, given: Mapping[str, Path], depth: int) -> Any:
    if isinstance(context, list):
        found = [_context(part, place, given, depth) for part in context]
        return [part for many in found for part in (many if isinstance(many, list) else [many])]
    if isinstance(context, str):
        if depth >= _DEPTH:
            raise InputError(place, f"its context {context} names contexts without end", "Correct the context.")
        return _context(_read(context, place, given), place, given, depth + 1)
    return context


def _read(iri: str, place: str, given: Mapping[str, Path]) -> Any:
    path = given.get(iri)
    if path is None:
        ours = json.loads(_OURS.read_text(encoding="utf-8"))
        if iri in ours:
            return ours[iri]
        raise InputError(
            place,
            f"its context {iri} is not read from the web",
            f"Save the context as a file, and give it: --context {iri}=FILE.",
        )
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise MissingError(str(path)) from None
    except ValueError as error:
        raise InputError(str(path), f"is no JSON: {error}", "Save the context again.") from None
    return found.get("@context", {}) if isinstance(found, dict) else found
