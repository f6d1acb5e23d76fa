"""Properties as JSON-LD terms: their short names, what their values are, and the order in which files show them.

One table serves every serialisation. Its order is the order of properties under a subject in Turtle, JSON-LD and
RDF/XML; properties it lacks follow by IRI. The JSON-LD context is made from it and stands inside every file, so that no
parser must fetch anything. A value that does not have the kind given here is written under the property's compact IRI,
which carries no coercion: the meaning stays exact whatever the values are.
"""

from __future__ import annotations

from collections.abc import Mapping

from esco_kg.rdf.namespaces import RDF, XSD

ID = "@id"
LANGUAGE = "@language"
ANY = ""
DATE, DECIMAL, INTEGER, BOOLEAN = f"{XSD}date", f"{XSD}decimal", f"{XSD}integer", f"{XSD}boolean"
TYPE = f"{RDF}type"

# kind of value -> properties; a name of its own follows "=" where the local name would clash with another's.
_TABLE: tuple[tuple[str, str], ...] = (
    (LANGUAGE, "skos:prefLabel dct:title rdfs:label"),
    (ID, "skosxl:prefLabel=xlPrefLabel"),
    (LANGUAGE, "skos:altLabel"),
    (ID, "skosxl:altLabel=xlAltLabel"),
    (LANGUAGE, "skos:hiddenLabel skosxl:literalForm"),
    (ANY, "foaf:name skos:notation dct:identifier"),
    (LANGUAGE, "skos:definition dct:description rdfs:comment skos:scopeNote xkos:exclusionNote skos:historyNote"),
    (LANGUAGE, "adms:versionNotes dct:rights=rightsNote"),
    (DATE, "dct:issued dct:created dct:modified"),
    (ANY, "dcat:version owl:versionInfo iso-thes:status"),
    (BOOLEAN, "owl:deprecated"),
    (ID, "dct:isReplacedBy dct:replaces dct:isVersionOf dct:hasVersion dcat:isVersionOf=dcatIsVersionOf"),
    (ID, "dcat:hasVersion=dcatHasVersion dcat:hasCurrentVersion dcat:previousVersion"),
    (ID, "dct:license dct:creator dct:publisher dcat:contactPoint foaf:homepage vcard:hasURL"),
    (f"{XSD}language", "dct:language"),
    (ID, "dct:source dct:conformsTo dcat:landingPage"),
    (ID, "skos:inScheme skos:topConceptOf"),
    (INTEGER, "ekg:depth xkos:depth=levelDepth xkos:numberOfLevels ekg:skills ekg:seed"),
    (ANY, "ekg:branch xkos:notationPattern"),
    (ID, "xkos:levels xkos:covers xkos:coversExhaustively xkos:coversMutuallyExclusively rdf:first rdf:rest"),
    (ID, "skos:broader skos:narrower skos:related skos:hasTopConcept skos:member"),
    (ID, "esco:skillType esco:skillReuseLevel esco:hasNACECode esco:regulatedProfessionNote"),
    (ID, "esco:relatedEssentialSkill esco:relatedOptionalSkill esco:isEssentialSkillFor esco:isOptionalSkillFor"),
    (ANY, "esco:language=nodeLanguage esco:nodeLiteral"),
    (ID, "skos:relatedMatch skos:narrowMatch ekg:typicalOccupation"),
    (ID, "xkos:sourceConcept xkos:targetConcept xkos:compares ekg:sourceScheme ekg:targetScheme ekg:rank"),
    (DECIMAL, "ekg:weight ekg:margin"),
    (ID, "ekg:runnerUp"),
    (ID, "ekg:rejectedSkill ekg:rejectedCluster"),
    (ANY, "ekg:method ekg:decision"),
    (ID, "ekg:cluster ekg:basis"),
    (LANGUAGE, "ekg:evidence"),
    (ID, "qb:dataSet qb:structure qb:component qb:dimension qb:measure qb:codeList ekg:refCluster ekg:refSector"),
    (DECIMAL, "ekg:share ekg:sectorConcentration ekg:sectorUnreached"),
    (ID, "rdfs:subClassOf rdfs:subPropertyOf rdfs:domain rdfs:range rdfs:isDefinedBy"),
    (ID, "prov:wasGeneratedBy prov:wasDerivedFrom prov:wasAssociatedWith prov:used prov:generated"),
    (ANY, "ekg:parameters ekg:rdfc10"),
    (ID, "dcat:dataset dcat:service dcat:servesDataset dcat:endpointURL dcat:accessURL dcat:downloadURL"),
    (ID, "dcat:mediaType dcat:compressFormat dct:format spdx:checksum spdx:algorithm"),
    (f"{XSD}nonNegativeInteger", "dcat:byteSize"),
    (f"{XSD}hexBinary", "spdx:checksumValue"),
    (ID, "void:class void:property void:classPartition void:propertyPartition void:subset void:target"),
    (ID, "void:subjectsTarget void:objectsTarget void:linkPredicate void:dataDump"),
    (INTEGER, "void:triples void:entities void:distinctSubjects"),
    (ANY, "void:uriSpace"),
    (ID, "dcat:distribution xkos:madeOf"),
)

# compact IRI -> (JSON-LD term, kind of value)
TERMS: dict[str, tuple[str, str]] = {
    compact: (name or compact.partition(":")[2], kind)
    for kind, entries in _TABLE
    for compact, _, name in (entry.partition("=") for entry in entries.split())
}
# Inverse names that only documents of one cluster use: term -> property read backwards.
REVERSE: dict[str, str] = {
    "allocations": "xkos:targetConcept",
    "relations": "ekg:cluster",
    "sectorProfile": "ekg:refCluster",
}


def context(prefixes: Mapping[str, str]) -> dict[str, object]:
    """The JSON-LD 1.1 context for these prefixes: prefixes first, then the terms whose prefix is among them.

    A prefix with the name of a term is left out; JSON-LD files spell such IRIs out.
    """
    found: dict[str, object] = {"@version": 1.1}
    found |= json_prefixes(prefixes)
    for compact, (name, kind) in TERMS.items():
        if compact.partition(":")[0] in prefixes:
            found[name] = _definition(compact, kind)
    return found


def json_prefixes(prefixes: Mapping[str, str]) -> dict[str, str]:
    """The prefixes that JSON-LD files use, sorted by name."""
    names = {name for name, _ in TERMS.values()} | set(REVERSE)
    return {prefix: prefixes[prefix] for prefix in sorted(prefixes) if prefix not in names}


def reverse_definitions() -> dict[str, object]:
    """Context entries for the inverse names of cluster documents."""
    return {name: {"@reverse": compact} for name, compact in REVERSE.items()}


def _definition(compact: str, kind: str) -> dict[str, str]:
    if kind == LANGUAGE:
        return {"@id": compact, "@container": "@language"}
    if kind == ANY:
        return {"@id": compact}
    return {"@id": compact, "@type": kind.replace(XSD, "xsd:")}
