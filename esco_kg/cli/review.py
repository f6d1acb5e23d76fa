"""``esco-kg review export``, ``import``, ``revoke`` and ``effect``."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from esco_kg.cli.options import (
    LANGUAGE,
    QUIET,
    VERSION,
    Target,
    apart_from_release,
    chosen_release,
    need_other_file,
    need_there,
    output_format,
    release_argument,
)
from esco_kg.library import reviews
from esco_kg.library.reviews import is_read_by_default, need_unfilled, reviewer_id

_LEDGER = click.option(
    "--ledger",
    type=Target(dir_okay=False),
    default=Path("curation/ledger.csv"),
    show_default=True,
    help="The ledger of decisions.",
)
_COUNT = click.IntRange(0)
_DATE = click.option("--date", "given", help="Date of the decisions, such as 2026-01-31. Default: today.")


@click.group()
def review() -> None:
    """Have allocations reviewed: workbooks out, decisions in, the ledger appended to."""


@review.command("export")
@click.option("--reviewers", required=True, help="Ids of reviewers, such as r1,r2: no names, no addresses.")
@click.option("--out", required=True, type=Target(file_okay=False), help="Folder for the files.")
@click.option(
    "--priority", type=_COUNT, default=200, show_default=True, help="Doubtful skills, much used ones first, shared out."
)
@click.option(
    "--rare",
    type=_COUNT,
    default=0,
    show_default=True,
    help="Further doubtful skills that are rarely used, shared out.",
)
@click.option("--random", type=_COUNT, default=100, show_default=True, help="Skills of the random stratum, shared out.")
@click.option(
    "--overlap", type=_COUNT, default=30, show_default=True, help="Skills of the random stratum that two judge blind."
)
@click.option("--cluster", "clusters", multiple=True, help="Only doubtful skills of this cluster, at any level.")
@click.option("--use", type=click.Path(path_type=Path), help="A table of skill and use. Default: ESCO's occupations.")
@click.option(
    "--seed", type=_COUNT, default=20260131, show_default=True, help="Another seed draws another random stratum."
)
@click.option("--by", type=click.Choice(["reviewer", "cluster"]), default="reviewer", show_default=True, help="Files.")
@click.option("--format", type=click.Choice(["xlsx", "csv"]), default="xlsx", show_default=True)
@LANGUAGE
@QUIET
@release_argument
def export(
    reviewers: str, out: Path, release: Path | None, version: str | None, quiet: bool, **how: Any
) -> None:  # fmt: skip
    """Write one file per reviewer, in the reviewer's language; --by cluster one per cluster of the top level too."""
    ids = [reviewer_id(part.strip()) for part in reviewers.split(",")]
    need_there(how["use"])
    for path, number in chosen_release(release, version, quiet=quiet).review_export(ids, out, **how).items():
        click.echo(f"{path}: {number} skills")


@review.command("import")
@click.argument("arguments", nargs=-1, required=True, metavar="FILE... [RELEASE]")
@_LEDGER
@_DATE
@click.option("--disagreements", type=Target(), help="Write what is in dispute as a workbook.")
@click.option("--adjudicator", default="adjudicator", show_default=True, help="Id of whoever gets that workbook.")
@click.option("--dry-run", is_flag=True, help="Check and measure; leave the ledger as it is.")
@click.option("--reasons-read", is_flag=True, help="Reasons that seem to name a person were read: they name nobody.")
@output_format("table", "json")
@LANGUAGE
@VERSION
@QUIET
def import_(
    arguments: tuple[str, ...], ledger: Path, given: str | None, disagreements: Path | None, adjudicator: str,
    dry_run: bool, reasons_read: bool, form: str, version: str | None, language: str | None, quiet: bool,
) -> None:  # fmt: skip
    """Check filled-in files, measure them, append the decisions to the ledger.

    A wrong row is named with file, sheet and row, and left out; skills on which reviewers disagree are held back.
    Importing twice changes nothing, and a decision that was revoked does not come back with an old file: that row is
    wrong. The status is 1 if a row was wrong.
    """
    names, release = apart_from_release(arguments)
    files = [Path(name) for name in names]
    need_there(*files)
    need_other_file(disagreements, files)
    if disagreements:
        need_unfilled(disagreements)
    found = chosen_release(release, version, quiet=quiet).review_import(
        files, ledger=ledger, date=given, disagreements=disagreements, adjudicator=adjudicator, dry_run=dry_run,
        reasons_read=reasons_read, language=language,
    )  # fmt: skip
    if found.appended:
        _tell_where(ledger)
    if form == "json":
        click.echo(json.dumps(found.record(), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(found.lines()))
    if found.intake.faults:
        sys.exit(1)


def _tell_where(ledger: Path) -> None:
    """A release that reads another folder would leave the decisions out without a word."""
    if not is_read_by_default(ledger):
        click.echo(f"A release reads this ledger with --curation {ledger.parent}", err=True)


@review.command("revoke")
@click.argument("named", nargs=-1, required=True, metavar="ID...")
@click.option("--reviewer", required=True, help="Id of whoever takes the decisions out.")
@click.option("--reason", required=True, help="One sentence.")
@_LEDGER
@_DATE
def revoke(named: Sequence[str], reviewer: str, reason: str, ledger: Path, given: str | None) -> None:
    """Take decisions out again: append their revocation to the ledger.

    ID is a decision's id, or the IRI of a skill: all that is decided about it. Without --date the moment is noted, and
    what a reviewer saves later on the same day counts as given again.
    """
    entry = reviews.revoke(named, reviewer=reviewer, reason=reason, ledger=ledger, date=given)
    click.echo(f"{entry.id} revokes {' '.join(entry.revokes)}")
    _tell_where(ledger)


@review.command("proposals")
@_LEDGER
@output_format("table", "json")
@LANGUAGE
@QUIET
@release_argument
def proposals(
    ledger: Path, form: str, language: str | None, release: Path | None, version: str | None, quiet: bool
) -> None:
    """What reviewers propose about clusters: new ones, names, merges. Nothing is applied by itself.

    Each is open until `esco-kg review revoke` closes it by its id, with what became of it as the reason.
    """
    if form == "json":
        click.echo(json.dumps(reviews.proposal_records(ledger), ensure_ascii=False, indent=2))
        return
    found = reviews.proposed(chosen_release(release, version, quiet=quiet), ledger=ledger, language=language)
    click.echo("\n".join(found) if found else "No proposals.")


@review.command("effect")
@click.argument("before", type=click.Path(path_type=Path, file_okay=False))
@click.argument("after", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--ledger", type=click.Path(path_type=Path, dir_okay=False),
    help="The ledger that AFTER was made with. [default: the one in curation/ or in the package that AFTER names]",
)  # fmt: skip
def effect_(before: Path, after: Path, ledger: Path | None) -> None:
    """What review changed between two releases, and the figures on skills that no reviewer touched.

    The same figures as in the notes of AFTER, where BEFORE is the release that it follows.
    """
    need_there(before, after, ledger)
    found = reviews.effect(before, after, ledger)
    click.echo(f"{found.decided:,} skills have a decision in force; {found.moved:,} of them are in another cluster now")
    click.echo(f"{found.moved_others:,} of {found.others:,} others are in another cluster now")
    old, new = found.before, found.after
    if old.occupations:
        click.echo(f"hit@10 on the others: {old.hit:.3f} before, {new.hit:.3f} after")
        click.echo(f"MRR on the others: {old.mrr:.3f} before, {new.mrr:.3f} after ({old.occupations:,} occupations)")
