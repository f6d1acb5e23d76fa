"""A small graph as one text, in the serialisations of a release's files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from esco_kg.dump.context import context
from esco_kg.dump.graph import turtle_text, xml_head
from esco_kg.dump.render import Renderer, Texts
from esco_kg.terms import Block, in_order


def graph_texts(blocks: Iterable[Block], prefixes: Mapping[str, str]) -> dict[str, str]:
    """The graph by file ending: ``nt``, ``ttl``, ``rdf``, ``jsonld``; blocks in the order of their subjects.

    The JSON-LD context holds only the terms that occur. Raises InputError where a form cannot carry a term.
    """
    given = list(in_order(blocks))
    renderer = Renderer(prefixes)
    texts = [renderer.render(block) for block in given]
    return {
        "nt": "".join(text.nt for text in texts),
        "ttl": turtle_text(given, prefixes),
        "rdf": xml_head(prefixes) + "".join(text.xml for text in texts) + "</rdf:RDF>\n",
        "jsonld": _json(texts, prefixes),
    }


def _json(texts: Iterable[Texts], prefixes: Mapping[str, str]) -> str:
    body = ",\n".join(text.json for text in texts)
    head = json.dumps(_context_for(body, prefixes), ensure_ascii=False, indent=2)
    return f'{{\n"@context": {head},\n"@graph": [\n{body}\n]\n}}\n'


def _context_for(body: str, prefixes: Mapping[str, str]) -> dict[str, object]:
    """The context's terms that occur in the text, and the prefixes that these or the text speak in."""
    whole = context(prefixes)
    used = {name for name in whole if name == "@version" or f'"{name}"' in body or f'"{name}:' in body}
    spoken = body + json.dumps({name: whole[name] for name in sorted(used)})
    return {name: value for name, value in whole.items() if name in used or f'"{name}:' in spoken}
