"""Graphs and tables as files: the same content gives the same bytes."""

from esco_kg.dump.csvw import write_csvw
from esco_kg.dump.graph import turtle_text, write_context, write_graph
from esco_kg.dump.tables import write_tables

__all__ = ["turtle_text", "write_context", "write_csvw", "write_graph", "write_tables"]
