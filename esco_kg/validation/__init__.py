"""Graphs against shapes, whole-graph rules and the OWL RL closure: findings, and reports of them."""

from esco_kg.validation.engines import ENGINES
from esco_kg.validation.entailment import check_consistency
from esco_kg.validation.outcome import CheckOutcome
from esco_kg.validation.report import report_json, report_text, report_turtle, turtle_parts
from esco_kg.validation.run import check_folder, check_release, graph_iri
from esco_kg.validation.vocabulary import check_files

__all__ = [
    "ENGINES",
    "CheckOutcome",
    "check_consistency",
    "check_files",
    "check_folder",
    "check_release",
    "graph_iri",
    "report_json",
    "report_text",
    "report_turtle",
    "turtle_parts",
]
