"""CSV files as tables of CSVW: which RDF each column stands for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column. Without ``property`` (an IRI) it says nothing in RDF.

    ``datatype`` is the local name of an XSD type, ``language`` tags a text; ``value`` is an IRI template (RFC 6570)
    where the cell stands for a thing.
    """

    name: str
    meaning: str
    property: str = ""
    datatype: str = "string"
    language: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One CSV file. ``file`` is its name in its folder, ``about`` the IRI template of a row's subject.

    ``facts`` are (property, IRI template) that hold for every row.
    """

    file: str
    title: str
    about: str
    columns: tuple[SheetColumn, ...]
    facts: tuple[tuple[str, str], ...] = ()
