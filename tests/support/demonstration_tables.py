"""From ``tests/demonstration/*.toml`` to the demonstration data in ``esco_kg/demonstration/v1.0.0``.

    python -m tests.support.demonstration_tables          # writes the tables and the README beside them

The tables have the shape of ESCO 1.2.1, with one package per language, and one of each harmless defect of ESCO's own
(see :mod:`tests.support.demonstration_defects`). The same sources give the same bytes.
"""

from __future__ import annotations

from esco_kg.resources import folder
from tests.support.demonstration_defects import DEFECTS, Package
from tests.support.demonstration_dictionary import dictionary
from tests.support.demonstration_readme import readme
from tests.support.demonstration_sources import (
    BASE,
    LANGUAGES,
    LISTS,
    TYPES,
    Entry,
    Sources,
    group,
    isco,
    modified,
    nace,
    occupation,
    read_sources,
    scheme,
    skill,
)
from tests.support.esco_csv import Table

_CONCEPT = ["conceptType", "conceptUri"]
_BROADER = [*_CONCEPT, "conceptLabel", "broaderType", "broaderUri", "broaderLabel"]


def tables(found: Sources) -> dict[str, Table]:
    """File name -> table, without any defect but those that all of ESCO's tables have."""
    made = {}
    for la in LANGUAGES:
        package = {
            "skills": _skills(found, la),
            "skillGroups": _skill_groups(found, la),
            "occupations": _occupations(found, la),
            "ISCOGroups": _isco_groups(found, la),
            "conceptSchemes": _schemes(found, la),
            "skillsHierarchy": _hierarchy(found, la),
            "researchOccupationsCollection": _research_occupations(found, la),
            **{table: _collection(found, la, name) for name, (table, _) in LISTS.items()},
            "broaderRelationsSkillPillar": _broader_skills(found),
            "broaderRelationsOccPillar": _broader_occupations(found),
            "occupationSkillRelations": _occupation_skills(found),
            "skillSkillRelations": _skill_skills(found),
        }
        made.update({f"{name}_{la}.csv": table for name, table in package.items()})
    made["greenShareOcc_en.csv"] = _green_shares(found)
    made["dictionary_en.csv"] = dictionary(made)
    return made


def _concept(kind: str, iri: str, texts: list[str], separator: str = "\n", **more: str) -> dict[str, str]:
    label, *alternatives, description = texts
    listed = separator.join(part for cell in alternatives for part in cell.split("|"))
    row = {"conceptType": kind, "conceptUri": iri, "preferredLabel": label, "altLabels": listed}
    return {**row, "status": "released", "description": description, **more}


def _by_iri(table: Table) -> Table:
    table.rows.sort(key=lambda row: row["conceptUri"])
    return table


def _skills(found: Sources, la: str) -> Table:
    table = Table([*_CONCEPT, "skillType", "reuseLevel", "preferredLabel", "altLabels", "hiddenLabels", "status",
                   "modifiedDate", "scopeNote", "definition", "inScheme", "description"])  # fmt: skip
    for key, entry in found.skills.items():
        schemes = ["skills", "member-skills", *(LISTS[name][1] for name in entry.get("lists", []))]
        notes = {note: entry[note][la] for note in ("definition", "scopeNote") if note in entry}
        table.rows.append(
            _concept("KnowledgeSkillCompetence", skill(key), entry[la], skillType=TYPES[entry["type"]],
                     reuseLevel=entry["reuse"], modifiedDate=modified(key), inScheme=",\n".join(map(scheme, schemes)),
                     **notes)
        )  # fmt: skip
    return _by_iri(table)


def _skill_groups(found: Sources, la: str) -> Table:
    table = Table([*_CONCEPT, "preferredLabel", "altLabels", "hiddenLabels", "status", "modifiedDate", "scopeNote",
                   "inScheme", "description", "code"])  # fmt: skip
    for code, entry in found.groups.items():
        schemes = ["skills", "skills-hierarchy", *(["isced-f"] if code[0].isdigit() else [])]
        table.rows.append(_concept("SkillGroup", group(code), entry[la], code=code, modifiedDate=modified(code),
                                   inScheme="\n".join(map(scheme, schemes))))  # fmt: skip
    return _by_iri(table)


def _occupations(found: Sources, la: str) -> Table:
    table = Table([*_CONCEPT, "iscoGroup", "preferredLabel", "altLabels", "hiddenLabels", "status", "modifiedDate",
                   "regulatedProfessionNote", "scopeNote", "definition", "inScheme", "description", "code",
                   "naceCode"])  # fmt: skip
    for key, entry in found.occupations.items():
        note = "regulated" if entry.get("regulated") else "unregulated"
        table.rows.append(
            _concept("Occupation", occupation(key), entry[la], iscoGroup=entry["isco"], modifiedDate=modified(key),
                     code=entry["code"], naceCode=",\n".join(map(nace, entry["nace"])),
                     regulatedProfessionNote=f"{BASE}regulated-professions/{note}",
                     inScheme=",\n".join(map(scheme, _occupation_schemes(entry))))
        )  # fmt: skip
    return _by_iri(table)


def _occupation_schemes(entry: Entry) -> list[str]:
    return ["member-occupations", "occupations", *(["research-occupations"] if entry.get("research") else [])]


def _isco_groups(found: Sources, la: str) -> Table:
    table = Table([*_CONCEPT, "code", "preferredLabel", "status", "altLabels", "inScheme", "description"])
    for code, entry in found.isco.items():
        table.rows.append(_concept("ISCOGroup", isco(code), [entry[la], ""], code=code,
                                   inScheme=f"{scheme('occupations')},\n{scheme('isco')}"))  # fmt: skip
    return _by_iri(table)


def _schemes(found: Sources, la: str) -> Table:
    table = Table(["conceptType", "conceptSchemeUri", "preferredLabel", "title", "status", "description",
                   "hasTopConcept"])  # fmt: skip
    roots = [group(code) for code, entry in found.groups.items() if "parent" not in entry]
    majors = sorted(isco(code) for code in found.isco if len(code) == 1)
    tops = {
        "skills": roots,
        "skills-hierarchy": roots,
        "isced-f": sorted(group(code) for code in found.groups if code.isdigit() and len(code) == 2),
        "member-skills": sorted(map(skill, found.skills)),
        "occupations": majors,
        "isco": majors,
        "member-occupations": sorted(map(occupation, found.occupations)),
        "research-occupations": sorted(occupation(k) for k, e in found.occupations.items() if e.get("research")),
        **{
            ending: sorted(skill(key) for key, entry in found.skills.items() if name in entry.get("lists", []))
            for name, (_, ending) in LISTS.items()
        },
    }
    for key, entry in found.schemes.items():
        label, description = entry[la]
        table.rows.append({"conceptType": "ConceptScheme", "conceptSchemeUri": scheme(key), "preferredLabel": label,
                           "title": label, "status": "released", "description": description,
                           "hasTopConcept": ",\n".join(tops[key])})  # fmt: skip
    table.rows.sort(key=lambda row: row["conceptSchemeUri"])
    return table


def _collection(found: Sources, la: str, name: str) -> Table:
    table = Table([*_CONCEPT, "preferredLabel", "status", "skillType", "reuseLevel", "altLabels", "description",
                   "broaderConceptUri", "broaderConceptPT"])  # fmt: skip
    for key, entry in found.skills.items():
        if name in entry.get("lists", []):
            parents = [found.parent_of(parent) for parent in entry["groups"]]
            labels = [(found.groups.get(parent) or found.skills[parent])[la][0] for parent in entry["groups"]]
            table.rows.append(
                _concept("KnowledgeSkillCompetence", skill(key), entry[la], " | ", skillType=TYPES[entry["type"]],
                         reuseLevel=entry["reuse"], broaderConceptPT=" | ".join(labels),
                         broaderConceptUri=" | ".join(iri for iri, _, _ in parents))
            )  # fmt: skip
    return _by_iri(table)


def _research_occupations(found: Sources, la: str) -> Table:
    table = Table([*_CONCEPT, "preferredLabel", "status", "altLabels", "description", "broaderConceptUri",
                   "broaderConceptPT"])  # fmt: skip
    for key, entry in found.occupations.items():
        if entry.get("research"):
            above = {"broaderConceptUri": isco(entry["isco"]), "broaderConceptPT": found.isco[entry["isco"]][la]}
            table.rows.append(_concept("Occupation", occupation(key), entry[la], " | ", **above))
    return _by_iri(table)


def _hierarchy(found: Sources, la: str) -> Table:
    names = [f"Level {level} {what}" for level in range(4) for what in ("URI", "preferred term")]
    table = Table([*names, "Description", "Scope note", *(f"Level {level} code" for level in range(4))])
    for code in sorted(found.groups):
        path = [code]
        while parent := found.groups[path[0]].get("parent"):
            path.insert(0, parent)
        row = {"Description": found.groups[code][la][-1]}
        for level, step in enumerate(path):
            row[f"Level {level} URI"], row[f"Level {level} code"] = group(step), step
            row[f"Level {level} preferred term"] = found.groups[step][la][0]
        table.rows.append(row)
    return table


def _broader_skills(found: Sources) -> Table:
    table = Table(list(_BROADER))
    for code, entry in found.groups.items():
        if "parent" in entry:
            table.rows.append(_link("SkillGroup", group(code), entry["en"][0], *found.parent_of(entry["parent"])))
    for key, entry in found.skills.items():
        for parent in entry["groups"]:
            above = found.parent_of(parent)
            table.rows.append(_link("KnowledgeSkillCompetence", skill(key), entry["en"][0], *above))
    table.rows.sort(key=lambda row: (row["conceptUri"], row["broaderUri"]))
    return table


def _link(kind: str, iri: str, label: str, above: str, above_kind: str, above_label: str) -> dict[str, str]:
    return dict(zip(_BROADER, (kind, iri, label, above_kind, above, above_label), strict=True))


def _broader_occupations(found: Sources) -> Table:
    table = Table(list(_BROADER))
    for code, entry in found.isco.items():
        if len(code) > 1:
            above = isco(code[:-1]), "ISCOGroup", found.isco[code[:-1]]["en"]
            table.rows.append(_link("ISCOGroup", isco(code), entry["en"], *above))
    for key, entry in found.occupations.items():
        above = isco(entry["isco"]), "ISCOGroup", found.isco[entry["isco"]]["en"]
        table.rows.append(_link("Occupation", occupation(key), entry["en"][0], *above))
    return _by_iri(table)


def _occupation_skills(found: Sources) -> Table:
    table = Table(["occupationUri", "occupationLabel", "relationType", "skillType", "skillUri", "skillLabel"])
    for key, entry in found.occupations.items():
        for kind in ("essential", "optional"):
            for needed in entry[kind]:
                of = found.skills[needed]
                cells = occupation(key), entry["en"][0], kind, TYPES[of["type"]], skill(needed), of["en"][0]
                table.rows.append(dict(zip(table.columns, cells, strict=True)))
    table.rows.sort(key=lambda row: (row["occupationUri"], row["relationType"], row["skillUri"]))
    return table


def _skill_skills(found: Sources) -> Table:
    table = Table(["originalSkillUri", "originalSkillType", "relationType", "relatedSkillType", "relatedSkillUri"])
    for key, entry in found.skills.items():
        for kind in ("essential", "optional"):
            for other in entry.get(f"{kind}_for", []):
                types = TYPES[found.skills[other]["type"]], TYPES[entry["type"]]
                cells = skill(other), types[0], kind, types[1], skill(key)
                table.rows.append(dict(zip(table.columns, cells, strict=True)))
    table.rows.sort(key=lambda row: (row["originalSkillUri"], row["relatedSkillUri"]))
    return table


def _green_shares(found: Sources) -> Table:
    """Share of green skills among all skills of an occupation; for an ISCO group the mean of its occupations."""
    table = Table(["conceptType", "conceptUri", "code", "preferredLabel", "greenShare"])
    shares = {}
    for key, entry in found.occupations.items():
        needed = [*entry["essential"], *entry["optional"]]
        shares[key] = sum("green" in found.skills[other].get("lists", []) for other in needed) / len(needed)
    for code, group_entry in found.isco.items():
        below = [shares[key] for key, entry in found.occupations.items() if entry["isco"].startswith(code)]
        if below:
            cells = f"ISCO level {len(code)}", isco(code), code, group_entry["en"], f"{sum(below) / len(below):.6f}"
            table.rows.append(dict(zip(table.columns, cells, strict=True)))
    for key, entry in found.occupations.items():
        cells = "Occupation", occupation(key), entry["code"], entry["en"][0], f"{shares[key]:.6f}"
        table.rows.append(dict(zip(table.columns, cells, strict=True)))
    table.rows.sort(key=lambda row: (row["code"], row["conceptUri"]))
    return table


def contents() -> dict[str, bytes]:
    """File name -> bytes of everything the generator writes into the folder of the tables."""
    package = Package(tables(read_sources()))
    for defect in DEFECTS:
        defect.inject(package)
    return package.encoded()


def main() -> None:
    """Write the committed tables again; tables that are no longer made are removed."""
    top = folder("demonstration")
    target = top / "v1.0.0"
    target.mkdir(exist_ok=True)
    made = contents()
    for stale in sorted(set(target.glob("*.csv")) - {target / name for name in made}):
        stale.unlink()
    for name, data in made.items():
        (target / name).write_bytes(data)
    (top / "README.md").write_text(readme(target), encoding="utf-8")


if __name__ == "__main__":
    main()
