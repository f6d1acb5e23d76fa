"""The parameters of saved queries: a value becomes one RDF term in canonical form, and can never be more than that."""

from __future__ import annotations

import re
from dataclasses import dataclass

from esco_kg.config import CLUSTER_PATH
from esco_kg.errors import UsageError
from esco_kg.rdf.namespaces import NACE
from esco_kg.rdf.terms import Term, iri, plain, typed
from esco_kg.scheme.iris import escaped

_FOREIGN = re.compile(r"[\"{}\\\x00-\x1f\x7f]")  # what could end a term in SPARQL


@dataclass(frozen=True, slots=True)
class _Form:
    """How a type's values are written: ``said`` ends the sentence "it is not ...", ``written`` is a line by itself."""

    pattern: str
    said: str
    written: str
    example: str


# The form of each type's value, and what a user hears who gives another.
FORMS = {
    "cluster": _Form(r"[\w.~-]{1,100}", "an id such as c00042", "Letters, digits, and . ~ _ -", "c00042"),
    "code": _Form(
        r"[A-Za-z0-9][A-Za-z0-9.]{0,11}", "a code such as S1.2 or 2512", "Up to 12 letters, digits and dots", "S1.2"
    ),
    "decimal": _Form(
        r"[0-9]{1,6}(\.[0-9]{1,6})?", "a number such as 0.25", "Digits, with a point where needed", "0.25"
    ),
    "division": _Form(r"[0-9][0-9]", "a NACE 2.1 division such as 24", "Two digits", "24"),
    "integer": _Form(r"[0-9]{1,9}", "a whole number", "Digits alone", "2"),
    "language": _Form(
        r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", "a language tag such as en or pt-br", "Two or three letters", "en"
    ),
    "list": _Form(
        "green|digital|transversal|language|research|digcomp",
        "one of green, digital, transversal, language, research, digcomp",
        "A word of these, in small letters",
        "green",
    ),
    "occupation": _Form(
        r"https?://\S+|[0-9a-f-]{36}",
        "the IRI of an ESCO occupation, or the last part of it",
        "An address with http:// or 36 digits, letters a to f and hyphens",
        "00030d09-2b3a-4efd-87cc-c4ea39d27c34",
    ),
    "sector": _Form(
        r"[A-V]|[0-9][0-9]",
        "a NACE 2.1 section such as C, or a division such as 24",
        "One capital letter, A to V, or two digits",
        "C",
    ),
    "skill": _Form(
        r"https?://\S+|[0-9a-f-]{36}",
        "the IRI of an ESCO skill, or the last part of it",
        "An address with http:// or 36 digits, letters a to f and hyphens",
        "0005c151-5b5a-4a66-8aac-60e734beb1ab",
    ),
    "text": _Form(
        r"[^\"\\{}\x00-\x1f\x7f]{1,200}",
        "up to 200 characters without double quote, brace or backslash",
        "Up to 200 characters",
        "welding",
    ),
}
TYPES = tuple(FORMS)


@dataclass(frozen=True, slots=True)
class Parameter:
    """``type`` is one of :data:`TYPES`; without a ``default`` the user must give a value."""

    name: str
    type: str
    meaning: str
    default: str | None = None


def term(parameter: Parameter, value: str, base_iri: str, cluster_path: str = CLUSTER_PATH) -> Term:
    """The RDF term of a parameter's value; ``cluster_path`` stands between base IRI and id of a cluster.

    Raises UsageError where it is no value of the parameter's type.
    """
    form = FORMS[parameter.type]
    if parameter.type == "text":
        value = value.strip()
    if not value:
        raise UsageError(f"parameter {parameter.name}: it is empty", f"Give {form.said}.")
    if not re.fullmatch(form.pattern, value):
        hint = f"{form.written}: --param {parameter.name}={form.example}."
        if _FOREIGN.search(value) or (parameter.type != "text" and "'" in value):
            hint = "Quotes, braces, backslashes and control characters have no place in it."
        raise UsageError(f"parameter {parameter.name}: {value!r} is not {form.said}", hint)
    try:
        return _term(parameter.type, value, base_iri, cluster_path)
    except ValueError as error:
        raise UsageError(f"parameter {parameter.name}: {error}", f"Give {form.said}.") from None


def _term(kind: str, value: str, base_iri: str, cluster_path: str) -> Term:
    if kind == "cluster":
        return iri(f"{base_iri}{cluster_path}{escaped(value)}")
    if kind in ("skill", "occupation"):
        return iri(value if ":" in value else f"http://data.europa.eu/esco/{kind}/{value}")
    if kind in ("sector", "division"):
        return iri(f"{NACE}{value}")
    if kind in ("integer", "decimal"):
        return typed(str(int(value)) if kind == "integer" else value, kind)
    return plain(value.lower() if kind == "language" else value)
