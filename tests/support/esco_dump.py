"""An RDF dump in the shape of the Commission's own, made from tables: what it repeats, mixes and leaves out included.

    write_dump(tables, path, seed=3)        # path ends in .ttl, .nt, .rdf or .jsonld

``tables`` is a folder of CSV files such as the demonstration's. Statements come in an order drawn from the seed, those
of one subject apart from each other too, unless ``grouped``. Beside what the tables say there are: XL labels, en-us,
texts as nodes with both kinds of language, label roles as IRIs and as texts, association objects (one link in nine has
none), inverses, transitive and narrower links, two notations of ISCO groups, withdrawn skills.
"""

from __future__ import annotations

import csv
import hashlib
import json
import random
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

SKOS, XL = "http://www.w3.org/2004/02/skos/core#", "http://www.w3.org/2008/05/skos-xl#"
DCT, ESCO = "http://purl.org/dc/terms/", "http://data.europa.eu/esco/model#"
THES, XSD = "http://purl.org/iso25964/skos-thes#", "http://www.w3.org/2001/XMLSchema#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
KINDS = {"skills": "Skill", "occupations": "Occupation", "skillGroups": "", "ISCOGroups": ""}
LABELS = {"preferredLabel": "prefLabel", "altLabels": "altLabel", "hiddenLabels": "hiddenLabel"}
NOTES = {"description": f"{DCT}description", "scopeNote": f"{SKOS}scopeNote", "definition": f"{SKOS}definition"}
WITHDRAWN = 3
PREFIXES = {"skos": SKOS, "skosxl": XL, "skosXl": XL, "dct": DCT, "esco": ESCO, "iso-thes": THES, "xsd": XSD}

Node = ox.NamedNode | ox.Literal
Statement = tuple[str, str, Node]


def write_dump(tables: Path, path: Path, *, seed: int = 1, grouped: bool = False, late_context: bool = False) -> Path:
    """Write the dump in the syntax that the path's ending tells."""
    found = list(dict.fromkeys(statements(tables)))
    draw = random.Random(seed)
    if grouped:
        subjects = list(dict.fromkeys(s for s, _, _ in found))
        draw.shuffle(subjects)
        rank = {subject: position for position, subject in enumerate(subjects)}
        found.sort(key=lambda statement: rank[statement[0]])
    else:
        draw.shuffle(found)
    if path.suffix == ".jsonld":
        path.write_text(json_ld(found, late_context=late_context), encoding="utf-8", newline="\n")
        return path
    triples = (ox.Triple(ox.NamedNode(s), ox.NamedNode(p), o) for s, p, o in found)
    syntax = {".ttl": ox.RdfFormat.TURTLE, ".nt": ox.RdfFormat.N_TRIPLES, ".rdf": ox.RdfFormat.RDF_XML}[path.suffix]
    prefixes = None if path.suffix == ".nt" else PREFIXES
    path.write_bytes(ox.serialize(triples, format=syntax, prefixes=prefixes))
    return path


def json_ld(found: list[Statement], *, late_context: bool) -> str:
    """One ``@graph`` with the portal's keys; a node may stand in it more than once."""
    context = {"uri": "@id", "preferredLabel": f"{SKOS}prefLabel", "alternativeLabel": f"{SKOS}altLabel", **PREFIXES}
    names = {f"{SKOS}prefLabel": "preferredLabel", f"{SKOS}altLabel": "alternativeLabel"}
    nodes = [{"uri": s, names.get(p, p): _json(o)} for s, p, o in found]
    parts = {"@graph": nodes, "@context": context} if late_context else {"@context": context, "@graph": nodes}
    return json.dumps(parts, ensure_ascii=False)


def _json(term: Node) -> dict[str, str]:
    if isinstance(term, ox.NamedNode):
        return {"uri": term.value}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    plain = term.datatype.value == f"{XSD}string"
    return {"@value": term.value} if plain else {"@value": term.value, "@type": term.datatype.value}


def statements(tables: Path) -> Iterator[Statement]:
    """Every statement of the dump, those of one subject together."""
    told = _Tables(tables)
    for table, kind in KINDS.items():
        for iri, by_language in told.concepts(table).items():
            yield from _concept(told, table, kind, iri, by_language)
    for iri, by_language in told.concepts("conceptSchemes").items():
        yield iri, TYPE, _iri(f"{SKOS}ConceptScheme")
        yield from _texts(iri, by_language)
        row = next(iter(by_language.values()))
        if row.get("status"):
            yield iri, f"{THES}status", ox.Literal(row["status"])
        yield from ((iri, f"{SKOS}hasTopConcept", _iri(top)) for top in _iris(row["hasTopConcept"]))
    yield from _links(told)
    for number, iri in enumerate(sorted(told.concepts("skills"))[:WITHDRAWN]):
        gone = f"{iri.rsplit('/', 1)[0]}/{_key('withdrawn', str(number))}"
        yield from ((gone, TYPE, _iri(name)) for name in (f"{ESCO}Skill", f"{SKOS}Concept", f"{ESCO}MemberConcept"))
        yield gone, f"{THES}status", ox.Literal("obsolete")
        yield gone, f"{SKOS}prefLabel", ox.Literal(f"withdrawn skill {number}", language="en")
        yield gone, f"{DCT}isReplacedBy", _iri(iri)
        yield iri, f"{ESCO}relatedOptionalSkill", _iri(gone)


class _Tables:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def rows(self, table: str, language: str) -> list[dict[str, str]]:
        """The rows of a table, or of the one without a language."""
        paths = [self.folder / f"{table}_{language}.csv", self.folder / f"{table}.csv"]
        path = next((path for path in paths if path.exists()), None)
        if path is None:
            return []
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return [{k: (v or "").replace("\r\n", "\n") for k, v in r.items() if k} for r in csv.DictReader(stream)]

    @property
    def languages(self) -> list[str]:
        """English first."""
        found = {path.stem.split("_")[1] for path in self.folder.glob("skills_*.csv")}
        return sorted(found, key=lambda language: (language != "en", language))

    def concepts(self, table: str) -> dict[str, dict[str, dict[str, str]]]:
        """IRI -> language -> row, the latest where a concept has several."""
        key = "conceptSchemeUri" if table == "conceptSchemes" else "conceptUri"
        found: dict[str, dict[str, dict[str, str]]] = {}
        for language in self.languages:
            for row in sorted(self.rows(table, language), key=lambda row: row.get("modifiedDate", "")):
                found.setdefault(row[key], {})[language] = row
        return found


def _concept(
    told: _Tables, table: str, kind: str, iri: str, by_language: dict[str, dict[str, str]]
) -> Iterator[Statement]:
    row = next(iter(by_language.values()))
    types = [f"{SKOS}Concept", *([f"{ESCO}{kind}", f"{ESCO}MemberConcept"] if kind else [])]
    yield from ((iri, TYPE, _iri(name)) for name in types)
    yield iri, f"{THES}status", ox.Literal(row["status"])
    if row.get("modifiedDate"):
        yield iri, f"{DCT}modified", ox.Literal(row["modifiedDate"], datatype=_iri(f"{XSD}dateTime"))
    yield from ((iri, f"{SKOS}inScheme", _iri(scheme)) for scheme in _iris(row["inScheme"]))
    base = iri.rsplit("/", 2)[0]
    if row.get("skillType"):
        yield iri, f"{ESCO}skillType", _iri(f"{base}/skill-type/{row['skillType'].split('/')[0]}")
    if row.get("reuseLevel"):
        yield iri, f"{ESCO}skillReuseLevel", _iri(f"{base}/skill-reuse-level/{row['reuseLevel']}")
    if row.get("code"):
        yield iri, f"{SKOS}notation", ox.Literal(row["code"])
        if table == "ISCOGroups":
            typed = _iri("http://data.europa.eu/esco/Notation/ISCO08")
            yield iri, f"{SKOS}notation", ox.Literal(f"ISCO-{row['code']}", datatype=typed)
    yield from ((iri, f"{ESCO}hasNACECode", _iri(code)) for code in _iris(row.get("naceCode", "")))
    if note := row.get("regulatedProfessionNote"):
        yield iri, f"{ESCO}regulatedProfessionNote", _iri(note) if note.startswith("http") else ox.Literal(note)
    yield from _texts(iri, by_language)


def _texts(iri: str, by_language: dict[str, dict[str, str]]) -> Iterator[Statement]:
    for language, row in by_language.items():
        for tag in (language, "en-us") if language == "en" else (language,):
            for column, name in LABELS.items():
                for label in filter(None, row.get(column, "").split("\n")):
                    yield iri, f"{SKOS}{name}", ox.Literal(label, language=tag)
                    xl = f"http://data.europa.eu/esco/label/{_key(iri, tag, name, label)}"
                    yield iri, f"{XL}{name}", _iri(xl)
                    yield xl, TYPE, _iri(f"{XL}Label")
                    yield xl, f"{XL}literalForm", ox.Literal(label, language=tag)
                    yield xl, f"{THES}status", ox.Literal("released")
                    role = "http://data.europa.eu/esco/label-role/female"
                    yield xl, f"{ESCO}hasLabelRole", _iri(role) if tag == "en" else ox.Literal(role)
            for column, predicate in NOTES.items():
                if not row.get(column):
                    continue
                node = f"http://data.europa.eu/esco/node-literal/{_key(iri, tag, column)}"
                typed = _iri(f"{XSD}language") if int(_key(node)[0], 16) % 2 else None
                yield iri, predicate, _iri(node)
                yield node, TYPE, _iri(f"{ESCO}NodeLiteral")
                yield node, f"{ESCO}language", ox.Literal(tag, datatype=typed)
                yield node, f"{ESCO}nodeLiteral", ox.Literal(row[column])


def _links(told: _Tables) -> Iterator[Statement]:
    language = told.languages[0]
    for table in ("broaderRelationsSkillPillar", "broaderRelationsOccPillar"):
        for row in told.rows(table, language):
            child, parent = row["conceptUri"], row["broaderUri"]
            yield child, f"{SKOS}broader", _iri(parent)
            yield child, f"{SKOS}broaderTransitive", _iri(parent)
            yield child, f"{SKOS}broaderTransitive", _iri(f"{parent}/of-its-own")
            yield parent, f"{SKOS}narrower", _iri(child)
    ends = {
        "occupationSkillRelations": ("occupationUri", "skillUri"),
        "skillSkillRelations": ("originalSkillUri", "relatedSkillUri"),
    }
    for table, (source, target) in ends.items():
        for number, row in enumerate(told.rows(table, language)):
            kind = row["relationType"].capitalize()
            yield row[source], f"{ESCO}related{kind}Skill", _iri(row[target])
            yield row[target], f"{ESCO}is{kind}SkillFor", _iri(row[source])
            if number % 9:
                link = f"http://data.europa.eu/esco/relation/{_key(table, str(number))}"
                yield row[source], f"{ESCO}hasAssociation", _iri(link)
                yield link, TYPE, _iri(f"{ESCO}AssociationObject")
                yield link, f"{ESCO}isAssociationFor", _iri(row[source])
                yield link, f"{ESCO}target", _iri(row[target])


def _key(*parts: str) -> str:
    return str(uuid.UUID(hashlib.md5("|".join(parts).encode()).hexdigest()))


def _iri(value: str) -> ox.NamedNode:
    return ox.NamedNode(value)


def _iris(cell: str) -> list[str]:
    return [part for part in re.split(r"[\s,|]+", cell) if part]
