"""Which form of a document a client wants (RFC 9110, section 12.5): media types and languages by their weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """A form that a description is served in: its file ending, media type and name for people."""

    ending: str
    media_type: str
    name: str


HTML = Form("html", "text/html", "HTML")
RDF_FORMS = (
    Form("ttl", "text/turtle", "Turtle"),
    Form("jsonld", "application/ld+json", "JSON-LD"),
    Form("nt", "application/n-triples", "N-Triples"),
    Form("rdf", "application/rdf+xml", "RDF/XML"),
)
FORMS = (HTML, *RDF_FORMS)
# Programs ask for JSON where they mean its linked-data form.
_ALIASES = {"application/ld+json": ("application/json",)}
_MOST_ITEMS = 60  # of an Accept header; browsers send fewer than ten


def _weighted(header: str) -> list[tuple[str, float]]:
    """The items of an Accept header with their weights; what cannot be read weighs nothing."""
    found = []
    for item in header.split(",")[:_MOST_ITEMS]:
        name, *parameters = (part.strip() for part in item.split(";"))
        weight = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                try:
                    weight = min(max(float(value), 0.0), 1.0)
                except ValueError:
                    weight = 0.0
        if name:
            found.append((name.lower(), weight))
    return found


def _weight_of(media_type: str, accepted: Sequence[tuple[str, float]]) -> float:
    """The weight of the most specific item that covers a media type."""
    main = media_type.partition("/")[0]
    for pattern in (media_type, *_ALIASES.get(media_type, ()), f"{main}/*", "*/*"):
        weights = [weight for name, weight in accepted if name == pattern]
        if weights:
            return max(weights)
    return 0.0


def best_form(accept: str | None, forms: Sequence[Form] = FORMS) -> Form | None:
    """The form with the highest weight, the first of ``forms`` among equals; None where none is acceptable."""
    if not accept or not accept.strip():
        return forms[0]
    accepted = _weighted(accept)
    best = max(forms, key=lambda form: (_weight_of(form.media_type, accepted), -forms.index(form)))
    return best if _weight_of(best.media_type, accepted) > 0 else None


def takes_gzip(accept: str | None) -> bool:
    """Whether the client takes gzip: named, or covered by ``*``, with a weight (RFC 9110, section 12.5.3)."""
    weights = dict(_weighted(accept or ""))
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0))) > 0


def best_language(accept: str | None, languages: Sequence[str]) -> str:
    """The language with the highest weight that there is; otherwise English; otherwise the first. None is taken that
    weighs 0."""
    weighted = sorted(_weighted(accept or ""), key=lambda item: -item[1])
    refused = {name for name, weight in weighted if not weight}
    for name, weight in weighted:
        for candidate in (name, name.partition("-")[0]):
            if weight > 0 and candidate in languages and candidate not in refused:
                return candidate
    languages = [tag for tag in languages if tag not in refused] or languages
    return "en" if "en" in languages else languages[0]
