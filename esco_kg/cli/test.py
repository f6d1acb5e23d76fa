"""``esco-kg test``: run a test plan, or lay reports side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from esco_kg.cli.options import (
    LANGUAGE,
    QUIET,
    VERSION,
    Target,
    apart_from_release,
    chosen_release,
    make_folder,
)
from esco_kg.cli.progress import progress
from esco_kg.cli.trials import material_of
from esco_kg.errors import UsageError
from esco_kg.folder.staging import replacing_all

if TYPE_CHECKING:
    from esco_kg.notes.document import Block


@click.command()
@click.argument("arguments", nargs=-1, metavar="PLAN... [RELEASE]")
@click.option("--out", type=Target(file_okay=False), default=Path("."), help="Folder for the report.")
@click.option("--data", "replaced", multiple=True, metavar="NAME=FILE", help="Use this file instead of the plan's.")
@click.option("--model", default="ngrams", show_default=True, help="How texts are compared; others are extras.")
@click.option("--summarise", is_flag=True, help="Lay reports (.json) side by side instead of running a plan.")
@click.option("--list", "listing", is_flag=True, help="List the plans that come with the product.")
@LANGUAGE
@VERSION
@QUIET
def test(
    arguments: tuple[str, ...], out: Path, replaced: tuple[str, ...], model: str, summarise: bool, listing: bool,
    quiet: bool, version: str | None, language: str | None,
) -> None:  # fmt: skip
    """Measure a use case: PLAN is a TOML file, or the name of a plan that comes with the product.

    The same tasks run on the clusters, the official hierarchy and no hierarchy with the same data. Three files are
    written, named after the plan: .json (to be sent in), .md and .html.
    """
    from esco_kg.trials import plan as plans_of
    from esco_kg.trials.report import as_json, read_report, run_plan
    from esco_kg.trials.tasks.shared import TaskInputs
    from esco_kg.trials.written import report_document

    if listing:
        for name, path in plans_of.shipped().items():
            plan = plans_of.read_plan(str(path))
            click.echo(f"{name}: {plan.title} (data: {', '.join(file.name for file in plan.data)})")
        return
    plans, release = apart_from_release(arguments)
    if not plans:
        raise UsageError("no plan is given", "Give a file, or a name that esco-kg test --list tells.")
    if summarise:
        from esco_kg.trials.summary import summary_document

        _write(out, "summary", summary_document([(name, read_report(Path(name))) for name in plans]))
        return
    read = [(name, plans_of.read_plan(name, _replaced(replaced))) for name in plans]
    inputs = TaskInputs(material_of(chosen_release(release, version, quiet=quiet), language), model)
    for name, plan in read:
        with progress(quiet) as listener:
            record = run_plan(plan, inputs, listener)
        _write(out, Path(name).stem, report_document(record), as_json(record))


def _replaced(given: tuple[str, ...]) -> dict[str, Path]:
    found = {}
    for text in given:
        name, sign, path = text.partition("=")
        if not sign:
            raise UsageError(f"--data {text} has no =", "Write it as --data terms=my-terms.csv.")
        found[name] = Path(path)
    return found


def _write(out: Path, stem: str, blocks: list[Block], record: str = "") -> None:
    from esco_kg.notes.document import to_html, to_markdown

    texts = {".md": to_markdown(blocks), ".html": to_html(blocks)} | ({".json": record} if record else {})
    paths = {out / f"{stem}{ending}": text for ending, text in sorted(texts.items())}
    make_folder(out)
    with replacing_all(list(paths)) as places:
        for place, text in zip(places, paths.values(), strict=True):
            place.write_bytes(text.encode())
    for path in paths:
        click.echo(path)
