"""Answers to SPARQL queries as text, cut after a number of rows (SPARQL 1.1 results: JSON, XML, CSV, TSV)."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Callable, Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

Row = Sequence[ox.NamedNode | ox.BlankNode | ox.Literal | None]
TABLE_FORMS = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
}
GRAPH_FORMS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/n-quads": ox.RdfFormat.N_QUADS,
}
# How an answer that was cut says so in itself; other forms have no place for it.
_CUT_COMMENTS = {
    "application/sparql-results+xml": "<!-- {} -->\n",
    "application/xml": "<!-- {} -->\n",
    "text/turtle": "# {}\n",
    "application/n-triples": "# {}\n",
    "application/n-quads": "# {}\n",
    "application/rdf+xml": "<!-- {} -->\n",
}
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_RESULTS = '<sparql xmlns="http://www.w3.org/2005/sparql-results#">'


def table(columns: list[str], rows: Iterable[Row], media_type: str, most: int) -> tuple[str, int, bool]:
    """(text, number of rows, whether rows were cut off)."""
    found = list(itertools.islice(rows, most + 1))
    kept = found[:most]
    return _TABLES[TABLE_FORMS[media_type]](columns, kept), len(kept), len(found) > most


def told_as_cut(text: str, count: int, media_type: str) -> str | None:
    """The answer with a word that it was cut after so many rows; None where its form has no place for that."""
    said = f"This answer was cut after {count} rows; ask for the rest with ORDER BY, LIMIT and OFFSET."
    if TABLE_FORMS.get(media_type) == "json":
        return f'{text.removesuffix("}")}, "cut": {json.dumps({"after": count, "note": said})}}}'
    comment = _CUT_COMMENTS.get(media_type)
    return f"{text}{comment.format(said)}" if comment else None


def boolean(value: bool, media_type: str) -> str:
    """The answer to ASK; CSV and TSV have no form for it and get the bare word."""
    form = TABLE_FORMS[media_type]
    if form == "json":
        return json.dumps({"head": {}, "boolean": value})
    word = "true" if value else "false"
    return f'<?xml version="1.0"?>\n{_RESULTS}<head/><boolean>{word}</boolean></sparql>\n' if form == "xml" else word


def graph(triples: Iterable[ox.Triple], media_type: str, most: int, prefixes: dict[str, str]) -> tuple[str, int, bool]:
    """(text, number of triples, whether triples were cut off)."""
    found = list(itertools.islice(triples, most + 1))
    kept = found[:most]
    text = ox.serialize(kept, format=GRAPH_FORMS[media_type], prefixes=prefixes)
    return (text or b"").decode(), len(kept), len(found) > most


def _as_json(columns: list[str], rows: list[Row]) -> str:
    bindings = [
        {name: _json_term(term) for name, term in zip(columns, row, strict=True) if term is not None} for row in rows
    ]
    return json.dumps({"head": {"vars": columns}, "results": {"bindings": bindings}}, ensure_ascii=False)


def _json_term(term: object) -> dict[str, str]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Literal):
        found = {"type": "literal", "value": term.value}
        if term.language:
            found["xml:lang"] = term.language
        elif term.datatype.value != _XSD_STRING:
            found["datatype"] = term.datatype.value
        return found
    raise ValueError(f"a term that results cannot carry: {term}")


def _as_xml(columns: list[str], rows: list[Row]) -> str:
    head = "".join(f"<variable name={quoteattr(name)}/>" for name in columns)
    body = "".join(
        "<result>"
        + "".join(
            f"<binding name={quoteattr(name)}>{_xml_term(term)}</binding>"
            for name, term in zip(columns, row, strict=True)
            if term is not None
        )
        + "</result>\n"
        for row in rows
    )
    return f'<?xml version="1.0"?>\n{_RESULTS}<head>{head}</head><results>\n{body}</results></sparql>\n'


def _xml_term(term: object) -> str:
    said = _json_term(term)
    value = escape(said["value"])
    if said["type"] == "literal":
        lang = f" xml:lang={quoteattr(said['xml:lang'])}" if "xml:lang" in said else ""
        kind = f" datatype={quoteattr(said['datatype'])}" if "datatype" in said else ""
        return f"<literal{lang}{kind}>{value}</literal>"
    return f"<{said['type']}>{value}</{said['type']}>"


def _as_csv(columns: list[str], rows: list[Row]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_plain(term) for term in row] for row in rows)
    return stream.getvalue()


def _plain(term: object) -> str:
    if term is None:
        return ""
    return f"_:{term.value}" if isinstance(term, ox.BlankNode) else _json_term(term)["value"]


def _as_tsv(columns: list[str], rows: list[Row]) -> str:
    lines = ["\t".join(f"?{name}" for name in columns)]
    lines += ["\t".join("" if term is None else str(term) for term in row) for row in rows]
    return "\n".join(lines) + "\n"


_TABLES: dict[str, Callable[[list[str], list[Row]], str]] = {
    "json": _as_json,
    "xml": _as_xml,
    "csv": _as_csv,
    "tsv": _as_tsv,
}
