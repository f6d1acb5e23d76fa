"""``esco-kg test``: run a test plan, or lay reports side by side."""

from __future__ import annotations

from pathlib import Path

import click

from esco_kg.cli.options import LANGUAGE, QUIET, VERSION, Target, apart_from_release, chosen_release
from esco_kg.cli.progress import progress
from esco_kg.errors import UsageError
from esco_kg.library.files import make_folder, write_files
from esco_kg.library.plans import Report, need_plans, plans
from esco_kg.library.plans import summarise as reports_side_by_side


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
    if listing:
        for name, plan in plans().items():
            click.echo(f"{name}: {plan.title} (data: {', '.join(file.name for file in plan.data)})")
        return
    named, release = apart_from_release(arguments)
    if not named:
        raise UsageError("no plan is given", "Give a file, or a name that esco-kg test --list tells.")
    if summarise:
        _write(out, "summary", reports_side_by_side(named))
        return
    data = _replaced(replaced)
    need_plans(named, data)
    chosen = chosen_release(release, version, quiet=quiet)
    for name in named:
        with progress(quiet) as listener:
            reports = chosen.test([name], data=data, model=model, language=language, listener=listener)
        _write(out, Path(name).stem, reports[name])


def _replaced(given: tuple[str, ...]) -> dict[str, Path]:
    found = {}
    for text in given:
        name, sign, path = text.partition("=")
        if not sign:
            raise UsageError(f"--data {text} has no =", "Write it as --data terms=my-terms.csv.")
        found[name] = Path(path)
    return found


def _write(out: Path, stem: str, report: Report) -> None:
    texts = {out / name: text for name, text in report.files(stem).items()}
    make_folder(out)
    write_files(texts)
    for path in texts:
        click.echo(path)
