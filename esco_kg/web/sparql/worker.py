"""A process that answers SPARQL queries over read-only stores; it is killed when it takes too long.

``python -m esco_kg.web.sparql.worker`` reads one JSON object a line and writes a JSON object a line,
then as many bytes as it announces.
It can make no socket, cannot use more memory than its limit, and yields to everything else on the machine.
"""

from __future__ import annotations

import json
import sys
from typing import Any, BinaryIO

import pyoxigraph as ox

from esco_kg.rdf.namespaces import PREFIXES
from esco_kg.web.sparql import results
from esco_kg.web.sparql.confine import end_with_parent, forbid_sockets, limit


def answer(store: ox.Store, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Head and body for one request. An invalid query, or an answer in no acceptable form, is named in the head."""
    default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [
        ox.NamedNode(iri) for iri in request["default_graphs"]
    ]
    named: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(iri) for iri in request["named_graphs"]]
    try:
        found = store.query(
            request["query"],
            base_iri=request["base"],
            prefixes=PREFIXES | {"ekg": f"{request['base']}model#"},
            default_graph=default or None,
            named_graphs=named or None,
        )
        return _said(found, request)
    except SyntaxError as error:
        return {"status": 400, "message": f"This is no SPARQL query: {error}"}, b""
    except (OSError, ValueError, RuntimeError) as error:
        return {"status": 400, "message": f"The query could not be answered: {error}"}, b""


def _said(found: object, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    most = request["rows"]
    is_graph = isinstance(found, ox.QueryTriples)
    form = request["graph_form"] if is_graph else request["table_form"]
    if form is None:
        kind = "a graph" if is_graph else "a table"
        return {"status": 406, "message": f"The answer is {kind}; no form of it was asked for."}, b""
    count, cut = 1, False
    if isinstance(found, ox.QuerySolutions):
        columns = [variable.value for variable in found.variables]
        text, count, cut = results.table(columns, (tuple(row) for row in found), form, most)
    elif isinstance(found, ox.QueryTriples):
        text, count, cut = results.graph(found, form, most, PREFIXES)
    else:
        text = results.boolean(bool(found), form)
    if cut:
        told = results.told_as_cut(text, count, form)
        if told is None:
            message = (
                f"The answer has more than {count:,} rows; ask for them in parts, with ORDER BY, LIMIT and OFFSET."
            )
            return {"status": 413, "message": message}, b""
        text = told
    body = text.encode()
    if len(body) > request["bytes"]:
        return {"status": 413, "message": "The answer is too large; ask for less, or take the files."}, b""
    return {"status": 200, "media_type": form, "rows": count, "cut": cut}, body


def serve(stores: dict[str, ox.Store], source: BinaryIO, sink: BinaryIO) -> None:
    """Answer until the other end closes."""
    while line := source.readline():
        request = json.loads(line)
        head, body = answer(stores[request["store"]], request)
        sink.write(json.dumps({**head, "bytes": len(body)}).encode() + b"\n" + body)
        sink.flush()


def main() -> None:
    """Arguments: bytes of memory, then the folders of the stores."""
    memory, *folders = sys.argv[1:]
    end_with_parent()
    forbid_sockets()
    stores = {folder: ox.Store.read_only(folder) for folder in folders}
    limit(int(memory))
    sys.stdout.buffer.write(b"ready\n")
    sys.stdout.buffer.flush()
    serve(stores, sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
