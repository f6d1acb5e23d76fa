"""How vocabularies mark what their publisher has withdrawn."""

from __future__ import annotations

from esco_kg.rdf.namespaces import ADMS, ISO_THES, OWL

_EUROPE = "http://publications.europa.eu/ontology/"
_WITHDRAWN = ("deprecated", "withdrawn", "obsolete", "retired")
_STATUS = {f"<{_EUROPE}euvoc#status>", f"<{ADMS}status>", f"<{ISO_THES}status>"}
_MARKS = {f"<{OWL}deprecated>", f"<{_EUROPE}authority/deprecated>"}


def is_withdrawn(predicate: str, term: str) -> bool:
    """Whether a statement marks its subject as withdrawn, by OWL or by one of the marks of the European Union."""
    if predicate in _MARKS:
        return term.startswith(('"true"', '"1"'))
    if predicate not in _STATUS:
        return False
    value = term[1:].split('"')[0] if term.startswith('"') else term.strip("<>").replace("#", "/").rpartition("/")[2]
    return value.casefold() in _WITHDRAWN


def tells_withdrawal(predicate: str) -> bool:
    """Whether a property says if its subject is withdrawn or not, whatever its value."""
    return predicate in _MARKS or predicate in _STATUS
