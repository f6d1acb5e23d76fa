"""The terms of SKOS and of vocabularies beside it that rules follow, and what follows from each."""

from __future__ import annotations

import re
from collections import defaultdict

from esco_kg.rdf.namespaces import ISO_THES, OWL, RDF, RDFS, SKOS, SKOSXL, XKOS

TYPE = f"<{RDF}type>"
CONCEPT, SCHEME, COLLECTION = (f"<{SKOS}{name}>" for name in ("Concept", "ConceptScheme", "Collection"))
BROADER, RELATED, IN_SCHEME, TOP = (f"<{SKOS}{name}>" for name in ("broader", "related", "inScheme", "topConceptOf"))
EXACT, BROAD, RELATED_MATCH, TRANSITIVE = (
    f"<{SKOS}{name}>" for name in ("exactMatch", "broadMatch", "relatedMatch", "broaderTransitive")
)
# Of no vocabulary: it lies in the graph of what follows, for the rule about labels of a scheme.
ONLY_BELOW = "<urn:esco-kg:/onlyBelow>"
CHAIN = "<urn:esco-kg:/chain>"
DEPRECATED = f'<{OWL}deprecated> "true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
LABEL = f"<{SKOSXL}Label>"
EXCLUSIVE = (CONCEPT, SCHEME, COLLECTION, LABEL)
FORM = f"<{SKOSXL}literalForm>"
DECLARED = {f"<{RDFS}subPropertyOf>", f"<{OWL}inverseOf>", f"<{OWL}equivalentProperty>", f"<{RDFS}subClassOf>"}


def skos(*names: str) -> list[str]:
    return [f"<{SKOS}{name}>" for name in names]


# Property -> (property that follows, whether subject and object change places).
FOLLOWS: dict[str, set[tuple[str, bool]]] = defaultdict(set)
for _name, _other in (
    ("narrower", "broader"), ("narrowMatch", "broader"), ("narrowMatch", "broadMatch"), ("broadMatch", "narrowMatch"),
    ("narrowerTransitive", "broaderTransitive"), ("hasTopConcept", "topConceptOf"), ("hasTopConcept", "inScheme"),
    ("related", "related"), ("relatedMatch", "related"), ("relatedMatch", "relatedMatch"),
    ("exactMatch", "exactMatch"), ("closeMatch", "closeMatch"),
):  # fmt: skip
    FOLLOWS[f"<{SKOS}{_name}>"].add((f"<{SKOS}{_other}>", True))
for _name, _other in (("broadMatch", "broader"), ("relatedMatch", "related"), ("topConceptOf", "inScheme")):
    FOLLOWS[f"<{SKOS}{_name}>"].add((f"<{SKOS}{_other}>", False))
KNOWN_SUBPROPERTIES = {
    **{f"<{ISO_THES}broader{kind}>": BROADER for kind in ("Generic", "Instantial", "Partitive")},
    **{f"<{ISO_THES}narrower{kind}>": f"<{SKOS}narrower>" for kind in ("Generic", "Instantial", "Partitive")},
    **{f"<{XKOS}{name}>": BROADER for name in ("isPartOf", "specializes")},
    **{f"<{XKOS}{name}>": f"<{SKOS}narrower>" for name in ("hasPart", "generalizes")},
    **{
        f"<{XKOS}{name}>": RELATED
        for name in (
            "causal", "causes", "causedBy", "sequential", "precedes", "previous", "succeeds", "next", "temporal",
            "before", "after",
        )
    },
}  # fmt: skip
KNOWN_SUBCLASSES = {
    f"<{SKOS}OrderedCollection>": COLLECTION,
    f"<{XKOS}ClassificationLevel>": COLLECTION,
    f"<{ISO_THES}ThesaurusArray>": COLLECTION,
    f"<{ISO_THES}ConceptGroup>": COLLECTION,
    f"<{ISO_THES}PreferredTerm>": LABEL,
    f"<{ISO_THES}SimpleNonPreferredTerm>": LABEL,
}
RELATIONS = skos(
    "semanticRelation", "broader", "narrower", "related", "broaderTransitive", "narrowerTransitive",
    "mappingRelation", "closeMatch", "exactMatch", "broadMatch", "narrowMatch", "relatedMatch",
)  # fmt: skip
XL_LABELS = {f"<{SKOSXL}{kind}Label>": f"<{SKOS}{kind}Label>" for kind in ("pref", "alt", "hidden")}
DOMAIN = dict.fromkeys(RELATIONS, CONCEPT) | dict.fromkeys(skos("member", "memberList"), COLLECTION)
DOMAIN |= {f"<{SKOS}hasTopConcept>": SCHEME, TOP: CONCEPT, FORM: LABEL, f"<{SKOSXL}labelRelation>": LABEL}
RANGE = dict.fromkeys(RELATIONS, CONCEPT) | {IN_SCHEME: SCHEME, TOP: SCHEME, f"<{SKOS}hasTopConcept>": CONCEPT}
RANGE |= dict.fromkeys(XL_LABELS, LABEL) | {f"<{SKOSXL}labelRelation>": LABEL}


# SKOS Reference, appendix B, and SKOS-XL.
TERMS = set(RELATIONS) | set(
    skos(
        "Collection", "Concept", "ConceptScheme", "OrderedCollection", "altLabel", "changeNote", "definition",
        "editorialNote", "example", "hasTopConcept", "hiddenLabel", "historyNote", "inScheme", "member", "memberList",
        "notation", "note", "prefLabel", "scopeNote", "topConceptOf",
    )
)  # fmt: skip
TERMS |= set(XL_LABELS) | {LABEL, FORM, f"<{SKOSXL}labelRelation>"}
# What has a text: of a property that a file declares below one of these, the same text follows.
TEXTS = {
    FORM,
    *skos("prefLabel", "altLabel", "hiddenLabel", "notation", "note", "definition", "scopeNote", "example"),
}
TEXTS |= set(skos("changeNote", "editorialNote", "historyNote"))
MEMBER, MEMBER_LIST = skos("member", "memberList")
FIRST, REST, NIL = (f"<{RDF}{name}>" for name in ("first", "rest", "nil"))
LIKE_SKOS = re.compile(r"<https?://(?:www\.)?w3\.org/(?:2004/02/skos|2008/05/skos)", re.IGNORECASE)
