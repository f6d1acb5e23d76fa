"""``dictionary_en.csv``: which RDF property each column of each table becomes."""

from __future__ import annotations

from collections.abc import Mapping

from esco_kg.rdf.namespaces import DCT, ESCO, ISO_THES, SKOS
from tests.support.esco_csv import Table

# Column -> property and meaning; columns whose names end alike mean alike.
_COLUMNS = {
    "preferredLabel": (f"{SKOS}prefLabel", "The name of the concept."),
    "preferred term": (f"{SKOS}prefLabel", "The name of the concept."),
    "Label": (f"{SKOS}prefLabel", "The name of the concept that stands beside it, in English."),
    "broaderConceptPT": (f"{SKOS}prefLabel", "The names of the broader concepts."),
    "altLabels": (f"{SKOS}altLabel", "Other names of the concept."),
    "hiddenLabels": (f"{SKOS}hiddenLabel", "Names for searching, not for showing."),
    "status": (f"{ISO_THES}status", "Whether the concept is in use."),
    "modifiedDate": (f"{DCT}modified", "When the concept was last changed."),
    "regulatedProfessionNote": (f"{ESCO}regulatedProfessionNote", "Whether the profession is regulated."),
    "scopeNote": (f"{SKOS}scopeNote", "What the concept covers and what it does not."),
    "Scope note": (f"{SKOS}scopeNote", "What the concept covers and what it does not."),
    "definition": (f"{SKOS}definition", "The meaning of the concept."),
    "description": (f"{DCT}description", "What the concept is about."),
    "Description": (f"{DCT}description", "What the concept is about."),
    "title": (f"{DCT}title", "The title of the scheme."),
    "inScheme": (f"{SKOS}inScheme", "The concept schemes that hold the concept."),
    "hasTopConcept": (f"{SKOS}hasTopConcept", "The concepts at the top of the scheme."),
    "code": (f"{SKOS}notation", "The code of the concept."),
    "iscoGroup": (f"{SKOS}notation", "The code of the occupation's ISCO-08 group."),
    "naceCode": (f"{ESCO}hasNACECode", "The sectors of economic activity of the occupation."),
    "skillType": (f"{ESCO}skillType", "Skill or knowledge."),
    "SkillType": (f"{ESCO}skillType", "Skill or knowledge."),
    "reuseLevel": (f"{ESCO}skillReuseLevel", "How widely the skill can be used."),
    "relationType": (f"{ESCO}relatedEssentialSkill | {ESCO}relatedOptionalSkill", "Essential or optional."),
}


def dictionary(tables: Mapping[str, Table]) -> Table:
    """One row per table and column; columns that name a concept or a class have no property."""
    made = Table(["filename", "data header", "property", "description"])
    english = {name.removesuffix("_en.csv"): table for name, table in tables.items() if name.endswith("_en.csv")}
    for name, table in sorted(english.items()):
        for column in table.columns:
            iri_of_address = next((said for ending, said in _COLUMNS.items() if column.endswith(ending)), None)
            iri, text = iri_of_address or ("", "Names a concept, a class or a figure; it is no property of its own.")
            made.rows.append({"filename": name, "data header": column, "property": iri, "description": text})
    return made
