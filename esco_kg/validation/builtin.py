"""Rules about any vocabulary that no query can hold in linear time, or that speak of the file's own terms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from difflib import get_close_matches

from esco_kg.model.findings import Finding, Severity
from esco_kg.rdf.namespaces import SKOS, SKOSXL
from esco_kg.validation.entailed import Vocabulary
from esco_kg.validation.kinds import terms_beside_skos
from esco_kg.validation.reach import Hierarchy, circles, components
from esco_kg.validation.rules import Rule
from esco_kg.validation.skos_terms import (
    BROAD,
    BROADER,
    CONCEPT,
    EXACT,
    IN_SCHEME,
    RELATED,
    RELATED_MATCH,
    TERMS,
    TOP,
    TRANSITIVE,
    TYPE,
)

# Terms of earlier drafts of SKOS, which the Recommendation of 2009 does not have.
_RETIRED = {
    f"<{SKOS}{name}>"
    for name in (
        "CollectableProperty", "altSymbol", "isPrimarySubjectOf", "isSubjectOf",
        "prefSymbol", "primarySubject", "privateNote", "publicNote", "subject", "subjectIndicator", "symbol",
        "broaderGeneric", "broaderInstantive", "broaderPartitive", "narrowerGeneric", "narrowerInstantive",
        "narrowerPartitive", "relatedHasPart", "relatedPartOf",
    )
}  # fmt: skip


_HAS_TOP = f"<{SKOS}hasTopConcept>"
KINDS = "skos:kinds"
"""What a release is checked for too. Over single things: what follows among concepts, the rules of SKOS tell."""


def _rule(name: str, title: str, solution: str, clause: str) -> Rule:
    return Rule(name, title, f"{title} {solution}", clause, source="", kind="query")


RULES = {
    rule.name: rule
    for rule in (
        _rule(
            "skos:cycle",
            "A concept stands above itself in the hierarchy.",
            "Remove one hierarchical link of the circle.",
            "SKOS Reference, section 8.6.8; qSKOS, cyclic hierarchical relations",
        ),
        _rule(
            "skos:disconnected",
            "Some concepts are linked with one another, and with no top concept.",
            "Link one of them to the rest, or make it a top concept; the value is their number.",
            "qSKOS, disconnected concept clusters",
        ),
        _rule(
            "skos:top-concepts-omitted",
            "A concept scheme with a hierarchy names no top concept.",
            "State skos:hasTopConcept at the scheme, for the concepts without a broader one.",
            "qSKOS, omitted top concepts",
        ),
        _rule(
            "skos:redundant-broader",
            "A broader link repeats what a longer way up says already.",
            "Remove the short link: the concept stands below the value anyway.",
            "qSKOS, hierarchical redundancy",
        ),
        _rule(
            "skos:broken-link",
            "A link leads to a label, a member, or another resource of this vocabulary that the file says nothing of.",
            "Describe the value, or correct its IRI.",
            "qSKOS, broken links",
        ),
        _rule(
            "skos:term",
            "This is no term of SKOS.",
            "Use the term that SKOS has.",
            "SKOS Reference, section 1.6 and appendix B; qSKOS, undefined SKOS resources",
        ),
        _rule(
            "skos:retired-term",
            "A term of an early draft, which SKOS no longer has.",
            "Use a term of the Recommendation, or one of another vocabulary, such as dct:subject.",
            "SKOS Reference, appendix D; qSKOS, deprecated SKOS resources",
        ),
        _rule(
            KINDS,
            "Something is of two kinds that exclude one another, by what XKOS, Data Cube, DQV or PROV say.",
            "Remove one of the statements that it follows from.",
            "The axioms of these vocabularies beside those of SKOS (shapes/axioms)",
        ),
        _rule(
            "skos:empty",
            "Nothing in the file is SKOS, so it was not checked.",
            "Give a file that describes concepts with http://www.w3.org/2004/02/skos/core#.",
            "SKOS Reference, section 1.6",
        ),
    )
}
# What each rule looks at; it finds nothing to look at where none of these is there. Nothing: all files.
LOOKS_AT = {
    "skos:cycle": (BROADER, TRANSITIVE),
    "skos:disconnected": (BROADER, RELATED),
    "skos:top-concepts-omitted": (IN_SCHEME,),
    "skos:redundant-broader": (BROADER,),
    "skos:S27": (RELATED,),
    "skos:S46": (EXACT,),
    "skos:broken-link": (),
    "skos:term": (),
    "skos:retired-term": (),
    "skos:empty": (),
    KINDS: tuple(sorted(terms_beside_skos())),
}
# Rules that are shapes for a release. Over a chain of 500 concepts an engine takes minutes for S27.
INSTEAD_OF_SHAPES = ("skos:S27", "skos:S46")


def findings(rule: Rule, vocabulary: Vocabulary, severity: Severity, graph: str) -> list[Finding]:
    """The findings of one rule of :data:`RULES`, or of :data:`INSTEAD_OF_SHAPES`."""
    return [
        Finding(severity, rule.name, focus, path, value, message or rule.message, graph)
        for focus, path, value, message in _FOUND[rule.name](vocabulary)
    ]


_Place = tuple[str, str, str, str]


def _cycle(vocabulary: Vocabulary) -> Iterator[_Place]:
    links = vocabulary.links[BROADER] | vocabulary.links[TRANSITIVE]
    for low, high in sorted(circles(links)):
        yield low, BROADER, high, ""


def _s27(vocabulary: Vocabulary) -> Iterator[_Place]:
    hierarchy = Hierarchy(vocabulary.links[BROADER] | vocabulary.links[TRANSITIVE])
    for one, other in sorted(vocabulary.links[RELATED]):
        if hierarchy.is_above(one, other) or hierarchy.is_above(other, one):
            yield one, RELATED, other, ""


def _s46(vocabulary: Vocabulary) -> Iterator[_Place]:
    """S44 and S45 make what is matched exactly one group."""
    matches: dict[str, list[str]] = defaultdict(list)
    for one, other in vocabulary.links[EXACT]:
        matches[one].append(other)
    exact = components(matches)
    for path in (BROAD, RELATED_MATCH):
        for one, other in sorted(vocabulary.links[path]):
            if one in exact and exact[one] == exact.get(other) and (one != other or one in matches):
                yield one, path, other, ""


def _disconnected(vocabulary: Vocabulary) -> Iterator[_Place]:
    """One finding for each group of two or more, where the file has top concepts at all."""
    tops = {concept for concept, _ in vocabulary.links[TOP]}
    if not tops:
        return
    joined: dict[str, str] = {}

    def root(node: str) -> str:
        while joined.setdefault(node, node) != node:
            joined[node] = joined[joined[node]]
            node = joined[node]
        return node

    for one, other in vocabulary.links[BROADER] | vocabulary.links[RELATED]:
        joined[root(one)] = root(other)
    groups: dict[str, list[str]] = defaultdict(list)
    for concept in vocabulary.instances(CONCEPT) & joined.keys():
        groups[root(concept)].append(concept)
    connected = {root(top) for top in tops & joined.keys()}
    for group, members in sorted(groups.items(), key=lambda item: min(item[1])):
        if group not in connected and len(members) > 1:
            yield min(members), "", f'"{len(members)}"', ""


def _tops_omitted(vocabulary: Vocabulary) -> Iterator[_Place]:
    """Schemes that hold both ends of a hierarchical link, and name no top concept."""
    schemes: dict[str, set[str]] = defaultdict(set)
    for concept, scheme in vocabulary.links[IN_SCHEME]:
        schemes[concept].add(scheme)
    with_tops = {scheme for _, scheme in vocabulary.links[TOP]}
    nothing: set[str] = set()
    links = vocabulary.links[BROADER]
    layered = {scheme for low, high in links for scheme in schemes.get(low, nothing) & schemes.get(high, nothing)}
    for scheme in sorted(layered - with_tops):
        yield scheme, _HAS_TOP, "", ""


def _redundant(vocabulary: Vocabulary) -> Iterator[_Place]:
    """Links within a circle repeat nothing: the circle is what is wrong there."""
    hierarchy = Hierarchy(vocabulary.links[BROADER])
    parents: dict[str, set[str]] = defaultdict(set)
    for low, high in vocabulary.links[BROADER]:
        if low != high:
            parents[low].add(high)
    for low, highs in sorted(parents.items()):
        between = [high for high in highs if len(highs) > 1 and not hierarchy.is_above(low, high)]
        for high in sorted(highs):
            if any(other != high and hierarchy.is_above(high, other) for other in between):
                yield low, BROADER, high, ""


def _broken(vocabulary: Vocabulary) -> Iterator[_Place]:
    for subject, predicate, term in vocabulary.broken:
        yield subject, predicate, term, ""


def _term(vocabulary: Vocabulary) -> Iterator[_Place]:
    for term, uses in sorted(vocabulary.used.items()):
        if term not in _RETIRED:
            message = _what_is_wrong(term)
            for subject, predicate in sorted(uses):
                yield subject, predicate, term if predicate == TYPE else "", message


def _retired(vocabulary: Vocabulary) -> Iterator[_Place]:
    for term, uses in sorted(vocabulary.used.items()):
        if term in _RETIRED:
            for subject, predicate in sorted(uses):
                yield subject, predicate, term if predicate == TYPE else "", ""


def _empty(vocabulary: Vocabulary) -> Iterator[_Place]:
    if vocabulary.present & TERMS or vocabulary.links[IN_SCHEME] or vocabulary.links[BROADER] or vocabulary.classes:
        return
    message = RULES["skos:empty"].message
    wrong = sorted({wrong for term in vocabulary.used if (wrong := _namespace_of(term)) not in (SKOS, SKOSXL)})
    if wrong:
        message += f" Its namespace is written {' and '.join(wrong)}{_with_https(wrong)}."
    yield "", "", "", message


def _with_https(namespaces: list[str]) -> str:
    return ", with https" if any(name.startswith("https:") for name in namespaces) else ""


def _namespace_of(term: str) -> str:
    iri = term.strip("<>")
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def _what_is_wrong(term: str) -> str:
    namespace = _namespace_of(term)
    local = term.strip("<>").removeprefix(namespace)
    right = SKOSXL if "2008/05" in namespace else SKOS
    if namespace != right:
        https = ", which begins with http, not https" if namespace.startswith("https:") else ""
        return f"This is no term of SKOS: its namespace is {right}{https}. Correct the namespace."
    known = [name.strip("<>").removeprefix(right) for name in TERMS if name.startswith(f"<{right}")]
    lower = {name.casefold(): name for name in sorted(known)}
    near = get_close_matches(local.casefold(), lower, n=1, cutoff=0.6)
    prefix = "skos" if right == SKOS else "skosxl"
    hint = f" Did you mean {prefix}:{lower[near[0]]}?" if near else " Use a term that SKOS has."
    return f"{prefix}:{local} is no term of SKOS.{hint}"


_FOUND = {
    "skos:cycle": _cycle,
    "skos:disconnected": _disconnected,
    "skos:top-concepts-omitted": _tops_omitted,
    "skos:redundant-broader": _redundant,
    "skos:broken-link": _broken,
    "skos:term": _term,
    "skos:retired-term": _retired,
    "skos:empty": _empty,
    "skos:S27": _s27,
    "skos:S46": _s46,
}
