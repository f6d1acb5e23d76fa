"""Graphs and tables as files: the same content gives the same bytes."""

from esco_kg.dump.graph import turtle_text, write_context, write_graph
from esco_kg.dump.packed import write_packed
from esco_kg.dump.small import graph_texts
from esco_kg.dump.sssom import write_sssom
from esco_kg.dump.tables import write_repairs, write_tables

__all__ = [
    "graph_texts",
    "turtle_text",
    "write_context",
    "write_graph",
    "write_packed",
    "write_repairs",
    "write_sssom",
    "write_tables",
]
