"""Properties and classes of other vocabularies as terms, for the modules that mint triples."""

from __future__ import annotations

from esco_kg.rdf.namespaces import DCAT, DCT, FOAF, OWL, PROV, QB, RDF, RDFS, SKOS, SKOSXL, SPDX, XKOS

CONCEPT, CONCEPT_SCHEME = f"<{SKOS}Concept>", f"<{SKOS}ConceptScheme>"
PREF, ALT = f"<{SKOS}prefLabel>", f"<{SKOS}altLabel>"
XL_PREF, XL_ALT, XL_LABEL = f"<{SKOSXL}prefLabel>", f"<{SKOSXL}altLabel>", f"<{SKOSXL}Label>"
LITERAL_FORM = f"<{SKOSXL}literalForm>"
NOTATION, DEFINITION, SCOPE_NOTE = f"<{SKOS}notation>", f"<{SKOS}definition>", f"<{SKOS}scopeNote>"
HISTORY_NOTE, EXCLUSION_NOTE = f"<{SKOS}historyNote>", f"<{XKOS}exclusionNote>"
IN_SCHEME, TOP_CONCEPT_OF, HAS_TOP = f"<{SKOS}inScheme>", f"<{SKOS}topConceptOf>", f"<{SKOS}hasTopConcept>"
BROADER, NARROWER, RELATED = f"<{SKOS}broader>", f"<{SKOS}narrower>", f"<{SKOS}related>"
EXACT_MATCH = f"<{SKOS}exactMatch>"
NARROW_MATCH, RELATED_MATCH, MEMBER = f"<{SKOS}narrowMatch>", f"<{SKOS}relatedMatch>", f"<{SKOS}member>"

TITLE, DESCRIPTION, IDENTIFIER = f"<{DCT}title>", f"<{DCT}description>", f"<{DCT}identifier>"
ISSUED, CREATED, MODIFIED = f"<{DCT}issued>", f"<{DCT}created>", f"<{DCT}modified>"
LICENSE, CREATOR, PUBLISHER = f"<{DCT}license>", f"<{DCT}creator>", f"<{DCT}publisher>"
LANGUAGE, SOURCE, CONFORMS_TO = f"<{DCT}language>", f"<{DCT}source>", f"<{DCT}conformsTo>"
HAS_VERSION, IS_VERSION_OF = f"<{DCT}hasVersion>", f"<{DCT}isVersionOf>"
REPLACES, IS_REPLACED_BY = f"<{DCT}replaces>", f"<{DCT}isReplacedBy>"
VERSION, VERSION_INFO, DEPRECATED = f"<{DCAT}version>", f"<{OWL}versionInfo>", f"<{OWL}deprecated>"

DEPTH, LEVELS, NUMBER_OF_LEVELS = f"<{XKOS}depth>", f"<{XKOS}levels>", f"<{XKOS}numberOfLevels>"
LEVEL, NOTATION_PATTERN = f"<{XKOS}ClassificationLevel>", f"<{XKOS}notationPattern>"
COVERS, COVERS_ALL = f"<{XKOS}covers>", f"<{XKOS}coversExhaustively>"
COVERS_ONCE = f"<{XKOS}coversMutuallyExclusively>"
ASSOCIATION, CORRESPONDENCE = f"<{XKOS}ConceptAssociation>", f"<{XKOS}Correspondence>"
SOURCE_CONCEPT, TARGET_CONCEPT = f"<{XKOS}sourceConcept>", f"<{XKOS}targetConcept>"
COMPARES, MADE_OF = f"<{XKOS}compares>", f"<{XKOS}madeOf>"

LIST, FIRST, REST, NIL = f"<{RDF}List>", f"<{RDF}first>", f"<{RDF}rest>", f"<{RDF}nil>"
LABEL, COMMENT = f"<{RDFS}label>", f"<{RDFS}comment>"
DOMAIN, RANGE, DEFINED_BY = f"<{RDFS}domain>", f"<{RDFS}range>", f"<{RDFS}isDefinedBy>"
OBSERVATION, DATA_SET, OF_DATA_SET = f"<{QB}Observation>", f"<{QB}DataSet>", f"<{QB}dataSet>"
GENERATED_BY = f"<{PROV}wasGeneratedBy>"
NAME, AGENT, DCT_AGENT = f"<{FOAF}name>", f"<{FOAF}Agent>", f"<{DCT}Agent>"
CHECKSUM = f"<{SPDX}checksum>"
