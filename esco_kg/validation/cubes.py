"""Data cubes spelt out before they are checked: the constraints IC-1 to IC-21 speak of normalised cubes.

The constraints are rules like all others, ``queries/checks/cube-ic-*.rq``.
"""

from __future__ import annotations

from collections.abc import Sequence

from esco_kg.rdf.graphs import GraphStore
from esco_kg.resources import files

_INTO = "urn:esco-kg:normalised"


def normalised(store: GraphStore, graphs: Sequence[str]) -> str:
    """Put what the cubes of ``graphs`` leave unsaid into a graph of its own, and return its IRI.

    The normalisation algorithm of the RDF Data Cube Vocabulary, section 10.1: ``queries/normalise/``, in order, each
    step over the graphs and what the steps before it found.
    """
    for path in files("queries/normalise", ".rq"):
        store.derive(path.read_text(encoding="utf-8"), graphs=[*graphs, _INTO], into=_INTO)
    return _INTO
