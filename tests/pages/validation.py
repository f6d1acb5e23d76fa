"""The rules in ``docs/validation.md``, from shapes, queries and profile: ``python -m tests.pages.validation``."""

from __future__ import annotations

from pathlib import Path

from esco_kg.validation.rules import ANY, Rule, profile_names, read_profile
from esco_kg.validation.run import all_rules
from tests.support.places import ROOT

PAGE = ROOT / "docs" / "validation.md"
MARK = "<!-- From here on written by `make docs` from the shapes, the queries and queries/profile.tsv. -->\n"
SUBJECTS = {
    "skos": "SKOS, for any scheme",
    "xkos": "XKOS: levels, correspondences",
    "cluster": "Clusters",
    "allocation": "Allocations of skills",
    "catalogue": "Catalogue",
    "pillar": "The pillar",
    "codes": "Codes",
    "statistics": "Statistics",
    "cube": "Data cubes: the integrity constraints of RDF Data Cube",
    "change": "Changes since the previous release",
    "graph": "Whole graphs",
    "ekg": "Built in",
}


def page(text: str) -> str:
    """The page with its list of rules as it must be; what stands before the mark stays as it is."""
    rules = all_rules("https://w3id.org/esco-kg/")
    rows = {**read_profile(None, rules).rows}
    for profile in profile_names()[1:]:
        only_here = read_profile(Path(profile), rules).for_graph(ANY).items() - rows[ANY].items()
        rows[f"profile {profile}"] = dict(only_here)
    unknown = sorted({name.partition(":")[0] for name in rules} - set(SUBJECTS))
    assert not unknown, f"say what the rules of {unknown} are about"
    return text.split(MARK)[0] + MARK + "".join(_section(subject, rules, rows) for subject in SUBJECTS)


def _section(subject: str, rules: dict[str, Rule], rows: object) -> str:
    lines = [f"\n## {SUBJECTS[subject]}\n"]
    for name, rule in sorted(rules.items()):
        if name.partition(":")[0] == subject:
            where = [f"{'any file' if g == ANY else g} ({s[name]})" for g, s in sorted(rows.items()) if name in s]  # type: ignore[attr-defined]
            clause = f" *{rule.clause}.*" if rule.clause else ""
            # The title of a query is the first sentence of its message already.
            said = f" {rule.title[:1].upper()}{rule.title[1:]}." if rule.kind != "query" else ""
            head = f"**`{name}`**{said}"
            lines += [f"- {head}{clause} {' '.join(rule.message.split())}", f"  Holds for: {', '.join(where)}."]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
