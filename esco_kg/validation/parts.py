"""Data for an engine in parts of whole subjects, where its shapes look no further than the focus node.

An engine holds all data and all its results in memory. Of ESCO in 28 languages that is five gigabytes; in parts it is
what one part needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from esco_kg.rdf.namespaces import RDFS
from esco_kg.validation.shapes import Shapes

MOST = 64 << 20
"""Bytes of N-Triples in a part: more than ESCO in one language has, so that only larger data come in parts."""

_TARGETS = {"targetClass", "targetSubjectsOf", "targetNode"}
_SAID = {"name", "message", "description", "severity", "order", "group", "deactivated"}
# Constraints that look at the value nodes of one property, or at the focus node, and at nothing behind them.
_OF_VALUES = {"nodeKind", "datatype", "minCount", "maxCount", "uniqueLang", "languageIn", "pattern", "flags",
              "minLength", "maxLength", "disjoint", "equals", "lessThan", "lessThanOrEquals", "in", "hasValue",
              "minInclusive", "maxInclusive", "minExclusive", "maxExclusive", "qualifiedMinCount",
              "qualifiedMaxCount"}  # fmt: skip
_OF_FOCUS = {"class", "nodeKind", "in", "hasValue", "pattern", "flags", "minLength", "maxLength"}
_SUB_CLASS = f" <{RDFS}subClassOf> ".encode()


def is_local(shapes: Shapes) -> bool:
    """Whether each focus node can be judged by the triples of which it is the subject, and the tree of classes."""
    return all(_is_local(shapes, ox.NamedNode(iri)) for iri in {target.shape for target in shapes.targets})


def _is_local(shapes: Shapes, shape: object) -> bool:
    """A node shape: about the focus node itself, or about values of its properties."""
    for name, values in shapes.constraints(shape).items():
        if name == "property":
            if not all(_is_about_values(shapes, value) for value in values):
                return False
        elif name == "not":
            if not all(_is_local(shapes, value) for value in values):
                return False
        elif name not in _TARGETS | _SAID | _OF_FOCUS:
            return False
    return True


def _is_about_values(shapes: Shapes, shape: object) -> bool:
    said = shapes.constraints(shape)
    if any(not isinstance(path, ox.NamedNode) for path in said.get("path", ())):
        return False
    of_each = [value for value in said.get("qualifiedValueShape", ())]
    named = said.keys() - {"path", "qualifiedValueShape"}
    return named <= _OF_VALUES | _SAID and all(
        shapes.constraints(value).keys() <= _OF_VALUES | _SAID for value in of_each
    )


def in_parts(data: Path, most: int = MOST) -> Iterator[Path]:
    """The file itself, or files of about ``most`` bytes beside it, each with all triples of its subjects.

    The tree of classes is in every part. A file whose subjects are not in order stays whole, for the triples of one
    subject may stand apart in it. A part is gone when the next one is asked for.
    """
    if data.stat().st_size <= most or not _is_in_order(data):
        yield data
        return
    with data.open("rb") as stream:
        classes = b"".join(line for line in stream if _SUB_CLASS in line)
    part = data.with_name(f"{data.stem}-part.nt")
    with data.open("rb") as stream:
        line = stream.readline()
        while line:
            with part.open("wb") as out:
                out.write(classes)
                subject = b""
                while line and (out.tell() < most or line.startswith(subject)):
                    subject = line[: line.index(b" ") + 1]
                    out.write(line)
                    line = stream.readline()
            yield part
    part.unlink()


def _is_in_order(data: Path) -> bool:
    before = b""
    with data.open("rb") as stream:
        for line in stream:
            subject = line[: line.index(b" ")]
            if subject < before:
                return False
            before = subject
    return True
