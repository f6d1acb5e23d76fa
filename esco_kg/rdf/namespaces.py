"""The vocabularies a release speaks, as IRI prefixes; nothing else."""

from __future__ import annotations

ADMS = "http://www.w3.org/ns/adms#"
DCAT = "http://www.w3.org/ns/dcat#"
DCT = "http://purl.org/dc/terms/"
DCTYPE = "http://purl.org/dc/dcmitype/"
DQV = "http://www.w3.org/ns/dqv#"
ESCO = "http://data.europa.eu/esco/model#"
FOAF = "http://xmlns.com/foaf/0.1/"
ISO_THES = "http://purl.org/iso25964/skos-thes#"
NACE = "http://data.europa.eu/ux2/nace2.1/"
NACE_SCHEME = f"{NACE}nace2.1"
OWL = "http://www.w3.org/2002/07/owl#"
PROV = "http://www.w3.org/ns/prov#"
QB = "http://purl.org/linked-data/cube#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SDMX_ATTRIBUTE = "http://purl.org/linked-data/sdmx/2009/attribute#"
SDMX_CODE = "http://purl.org/linked-data/sdmx/2009/code#"
SDMX_DIMENSION = "http://purl.org/linked-data/sdmx/2009/dimension#"
SH = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SKOSXL = "http://www.w3.org/2008/05/skos-xl#"
SPDX = "http://spdx.org/rdf/terms#"
VCARD = "http://www.w3.org/2006/vcard/ns#"
VOID = "http://rdfs.org/ns/void#"
XKOS = "http://rdf-vocabulary.ddialliance.org/xkos#"
XSD = "http://www.w3.org/2001/XMLSchema#"

PREFIXES: dict[str, str] = {
    "adms": ADMS, "dcat": DCAT, "dct": DCT, "dctype": DCTYPE, "dqv": DQV, "esco": ESCO, "foaf": FOAF,
    "iso-thes": ISO_THES, "owl": OWL, "prov": PROV, "qb": QB, "rdf": RDF, "rdfs": RDFS,
    "sdmx-attribute": SDMX_ATTRIBUTE, "sdmx-code": SDMX_CODE, "sdmx-dimension": SDMX_DIMENSION, "sh": SH,
    "skos": SKOS, "skosxl": SKOSXL, "spdx": SPDX, "vcard": VCARD, "void": VOID, "xkos": XKOS, "xsd": XSD,
}  # fmt: skip
"""Prefix -> namespace IRI, as used in every Turtle file, JSON-LD context and SPARQL query of the project.

``ekg:`` (our own terms) depends on the configured base IRI and is added by whoever writes: ``<base>model#``.
"""
