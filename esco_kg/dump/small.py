"""A small graph as one text, in the serialisations of a release's files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping

from esco_kg.dump.context import context
from esco_kg.dump.graph import turtle_text, xml_head
from esco_kg.dump.render import Renderer, Texts
from esco_kg.rdf.terms import Block, in_order

ENDINGS = ("nt", "ttl", "rdf", "jsonld")
# What stands after a quotation mark up to the next one or to a colon: a key, or the prefix of a compact IRI.
_NAME = re.compile(r'"([^":\s]+)(?=[":])')
_PREFIX = re.compile(r'"([^":\s]+)(?=:)')


def graph_texts(
    blocks: Iterable[Block], prefixes: Mapping[str, str], endings: Iterable[str] = ENDINGS
) -> dict[str, str]:
    """The graph by file ending, in the ``endings`` asked for; blocks in the order of their subjects.

    The JSON-LD context holds only the terms that occur. Raises InputError where a form cannot carry a term.
    """
    given = list(in_order(blocks))
    wanted = [ending for ending in ENDINGS if ending in set(endings)]
    renderer = Renderer(prefixes)
    texts = [renderer.render(block) for block in given] if {"rdf", "jsonld"} & set(wanted) else []
    made: dict[str, Callable[[], str]] = {
        "nt": lambda: "".join(f"{line}\n" for block in given for line in block.lines()),
        "ttl": lambda: turtle_text(given, prefixes),
        "rdf": lambda: xml_head(prefixes) + "".join(text.xml for text in texts) + "</rdf:RDF>\n",
        "jsonld": lambda: _json(texts, prefixes),
    }
    return {ending: made[ending]() for ending in wanted}


def _json(texts: Iterable[Texts], prefixes: Mapping[str, str]) -> str:
    body = ",\n".join(text.json for text in texts)
    head = json.dumps(_context_for(body, prefixes), ensure_ascii=False, indent=2)
    return f'{{\n"@context": {head},\n"@graph": [\n{body}\n]\n}}\n'


def _context_for(body: str, prefixes: Mapping[str, str]) -> dict[str, object]:
    """The context's terms that occur in the text, and the prefixes that these or the text speak in."""
    whole = context(prefixes)
    names = set(_NAME.findall(body))
    used = {name for name in whole if name == "@version" or name in names}
    spoken = names | set(_PREFIX.findall(json.dumps({name: whole[name] for name in sorted(used)})))
    return {name: value for name, value in whole.items() if name in used or name in spoken}
