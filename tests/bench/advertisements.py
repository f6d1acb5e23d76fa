"""``make bench-assign``: how well skills are found in sentences, and how fast; writes a page of docs/benchmarks/.

python -m tests.bench.advertisements ../shared
"""

from __future__ import annotations

import csv
import platform
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from esco_kg.folder.material import Material
from esco_kg.matching.models import text_model
from esco_kg.trials.advertisements import SkillFinder
from esco_kg.trials.assign import Assigner, read_calibration
from tests.support.labelled_texts import KEPT, TUNED_ON, Labelled, kept, measured, published, real_material
from tests.support.places import ROOT

PAGE = ROOT / "docs" / "benchmarks" / "advertisements.md"
_ROUNDS = 5


def sentences(finder: SkillFinder, sets: dict[str, Labelled]) -> Iterator[str]:
    """Rows of the table of sentences."""
    yield "| set | tuned on it | sentences | labelled places | skills found | precision | recall |"
    yield "|---|---|---:|---:|---:|---:|---:|"
    for name, labelled in sets.items():
        of = measured(finder, labelled)
        tuned = "yes" if name in TUNED_ON else "no"
        yield (
            f"| {name} | {tuned} | {of.sentences} | {of.places} | {of.found} | {of.precision:.3f} | {of.recall:.3f} |"
        )


def spans(material: Material, shared: Path) -> Iterator[str]:
    """Rows of the table of spans: what `esco-kg assign` says of them without --texts."""
    assigner = Assigner(material, text_model("ngrams", material.skills, "en"), read_calibration())
    known = material.skills_by_label()
    yield "| set | tuned on it | spans | with a skill | fits | of these right | of those with a skill right |"
    yield "|---|---|---:|---:|---:|---:|---:|"
    for name in (*TUNED_ON, "kept"):
        path = KEPT if name == "kept" else shared / "data" / "benchmark" / f"{name}_validation_annotations.csv"
        with path.open(encoding="utf-8") as stream:
            rows = [row for row in csv.DictReader(stream) if row["span"]]
        texts = [row.get("sub_span") or row["span"] for row in rows]
        labels = [(row.get("skills") or row["label"]).split("|") for row in rows]
        gold = [{skill for one in of for skill in known.get(one.strip().casefold(), ())} for of in labels]
        answers = assigner.assign(texts)
        fits = sum(answer.fits for answer in answers)
        right = sum(answer.skill in skills for answer, skills in zip(answers, gold, strict=True))
        labelled = sum(map(bool, gold))
        tuned = "yes" if name in TUNED_ON else "no"
        yield f"| {name} | {tuned} | {len(rows)} | {labelled} | {fits} | {right / fits:.3f} | {right / labelled:.3f} |"


def speed(finder: SkillFinder, sets: dict[str, Labelled]) -> float:
    """Sentences read in a CPU second, by one process."""
    texts = [sentence for labelled in sets.values() for sentence in labelled]
    started = time.process_time()
    for _ in range(_ROUNDS):
        for text in texts:
            finder.read(text)
    return _ROUNDS * len(texts) / (time.process_time() - started)


def main() -> None:
    shared = Path(sys.argv[1])
    material = real_material(shared)
    finder = SkillFinder.of(material)
    sets = {name: published(material, shared, name) for name in TUNED_ON} | {"kept": kept(material)}
    lines = [
        "# Skills in advertisements, measured",
        "",
        f"Written by `make bench-assign`: ESCO {material.esco_version}, English, Python {platform.python_version()}.",
        "",
        "*house* and *tech* are the validation sets of Decorte et al. (2022): sentences of advertisements, each skill"
        " labelled with one ESCO skill. Rules, wordings and calibration were made with an eye on both, so their figures"
        " are in-sample. *kept* was written for this test before anything was measured"
        " (`tests/trials/advertisements/`), and nothing was changed for it since. It flatters all the same: its"
        " sentences are short, a place may have several right skills, and whoever wrote it wrote the wordings too.",
        "",
        "## Sentences, `esco-kg assign --texts`",
        "",
        "Over all sentences, those without a labelled skill too. Only the labelled skill itself is right.",
        "",
        *sentences(finder, sets),
        "",
        f"One process reads {speed(finder, sets):,.0f} sentences in a CPU second.",
        "",
        "## Spans that people cut out, `esco-kg assign`",
        "",
        *spans(material, shared),
        "",
    ]
    PAGE.write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
