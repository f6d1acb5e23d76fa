"""``esco-kg review export``, ``import``, ``revoke`` and ``effect``."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esco_kg.cli.options import (
    LANGUAGE,
    QUIET,
    VERSION,
    Target,
    apart_from_release,
    chosen_release,
    make_folder,
    need_other_file,
    need_there,
    output_format,
    release_argument,
    reviewer_id,
)
from esco_kg.cli.trials import material_of, need_column
from esco_kg.errors import InputError, UsageError
from esco_kg.folder.staging import replacing, replacing_all

if TYPE_CHECKING:
    from esco_kg.folder.material import Material
    from esco_kg.trials.review.agreement import Measured
    from esco_kg.trials.review.intake import Intake
    from esco_kg.trials.review.measured import Agreement, ErrorRate

_LEDGER = click.option(
    "--ledger",
    type=Target(dir_okay=False),
    default=Path("curation/ledger.csv"),
    show_default=True,
    help="The ledger of decisions.",
)
_DATE = click.option("--date", "given", help="Date of the decisions, such as 2026-01-31; else today.")


@click.group()
def review() -> None:
    """Have allocations reviewed: workbooks out, decisions in, the ledger appended to."""


@review.command("export")
@click.option("--reviewers", required=True, help="Ids of reviewers, such as r1,r2: no names, no addresses.")
@click.option("--out", required=True, type=Target(file_okay=False), help="Folder for the files.")
@click.option("--priority", default=200, show_default=True, help="Doubtful and much used skills, shared out.")
@click.option("--random", default=100, show_default=True, help="Skills of the random stratum, shared out.")
@click.option("--overlap", default=30, show_default=True, help="Skills of the random stratum that two judge blind.")
@click.option("--cluster", "clusters", multiple=True, help="Only doubtful skills of this cluster, at any level.")
@click.option("--use", type=click.Path(path_type=Path), help="A table of skill and use; else ESCO's demand.")
@click.option("--seed", default=20260131, show_default=True, help="Another seed draws another random stratum.")
@click.option("--by", type=click.Choice(["reviewer", "cluster"]), default="reviewer", show_default=True, help="Files.")
@click.option("--format", "kind", type=click.Choice(["xlsx", "csv"]), default="xlsx", show_default=True)
@LANGUAGE
@QUIET
@release_argument
def export(
    reviewers: str, out: Path, use: Path | None, by: str, kind: str, release: Path | None, version: str | None,
    language: str | None, quiet: bool, **how: Any,
) -> None:  # fmt: skip
    """Write one file per reviewer, in the reviewer's language; --by cluster one per cluster of the top level too."""
    from esco_kg.trials.review.cases import Order, by_area, cases
    from esco_kg.trials.review.workbook import write_csv, write_workbook

    ids = tuple(reviewer_id(part.strip()) for part in reviewers.split(","))
    need_there(use)
    material = material_of(chosen_release(release, version, quiet=quiet), language)
    found = cases(material, Order(ids, use=_use(use, material) if use else None, **how))
    write = write_workbook if kind == "xlsx" else write_csv
    parts = {
        out / f"review-{material.version}-{reviewer}{area and f'-{area}'}.{kind}": part
        for reviewer, own in found.items()
        for area, part in (by_area(material, own).items() if by == "cluster" else (("", own),))
    }
    for path in parts:
        _need_unfilled(path)
    make_folder(out)
    with replacing_all(list(parts)) as places:
        for place, part in zip(places, parts.values(), strict=True):
            write(material, part, place)
    for path, part in parts.items():
        click.echo(f"{path}: {len(part)} skills")


def _need_unfilled(path: Path) -> None:
    from esco_kg.trials.review.workbook import is_filled_in

    if is_filled_in(path):
        problem = f"{path} holds decisions, and would be written over"
        raise UsageError(problem, "Import it and move it away, or give another place.")


def _use(path: Path, material: Material) -> dict[str, float]:
    from esco_kg.trials import rows

    known, found = material.skills_by_label(), dict.fromkeys(material.skills, 0.0)
    with rows.reading(path) as table:
        need_column(path, "skill", table.columns)
        need_column(path, "use", table.columns)
        for number, row in enumerate(table.rows, 1):
            name = str(row["skill"] or "").strip()
            try:
                use = float(row["use"] or 0)
            except ValueError:
                raise InputError(f"{path}, record {number}", f"use {row['use']!r} is no number") from None
            for skill in known.get(name) or known.get(name.casefold()) or ():
                found[skill] += use
    return found


@review.command("import")
@click.argument("arguments", nargs=-1, required=True, metavar="FILE... [RELEASE]")
@_LEDGER
@_DATE
@click.option("--disagreements", type=Target(), help="Write what is in dispute as a workbook.")
@click.option("--adjudicator", default="adjudicator", show_default=True, help="Id of whoever gets that workbook.")
@click.option("--dry-run", is_flag=True, help="Check and measure; leave the ledger as it is.")
@output_format("table", "json")
@LANGUAGE
@VERSION
@QUIET
def import_(
    arguments: tuple[str, ...], ledger: Path, given: str | None, disagreements: Path | None, adjudicator: str,
    dry_run: bool, form: str, version: str | None, language: str | None, quiet: bool,
) -> None:  # fmt: skip
    """Check filled-in files, measure them, append the decisions to the ledger.

    A wrong row is named with file, sheet and row, and left out; skills on which reviewers disagree are held back.
    Importing twice changes nothing, and a decision that was revoked does not come back with an old file: that row is
    wrong. The status is 1 if a row was wrong.
    """
    from esco_kg.trials.review import ledger as book
    from esco_kg.trials.review.intake import adjudication, ledger_lines, take_in
    from esco_kg.trials.review.measured import agreement, error_rate
    from esco_kg.trials.review.workbook import read_review, write_workbook

    names, release = apart_from_release(arguments)
    files = [Path(name) for name in names]
    need_there(*files)
    need_other_file(disagreements, files)
    if disagreements:
        _need_unfilled(disagreements)
    material = material_of(chosen_release(release, version, quiet=quiet), language)
    known = book.Ledger(book.read_ledger(ledger))
    intake = take_in(material, (row for file in files for row in read_review(file)), known)
    lines = ledger_lines(material, intake, known, _date(given))
    rate, agreed = error_rate(material, intake.judgements), agreement(intake.judgements)
    # The ledger comes last: what ends the command before leaves it as it was.
    if disagreements and intake.disagreements:
        with replacing(disagreements) as place:
            write_workbook(material, adjudication(intake, material, reviewer_id(adjudicator)), place)
    new = [] if dry_run else book.append(ledger, lines)
    if new:
        _tell_where(ledger)
    if form == "json":
        click.echo(json.dumps(_record(intake, len(new), rate, agreed), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_told(material, intake, len(new), rate, agreed)))
    if intake.faults:
        sys.exit(1)


def _tell_where(ledger: Path) -> None:
    """A release that reads another folder would leave the decisions out without a word."""
    from esco_kg.resources import folder

    if ledger.resolve().parent != folder("curation").resolve():
        click.echo(f"A release reads this ledger with --curation {ledger.parent}", err=True)


def _date(given: str | None) -> str:
    if given and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", given):
        raise UsageError(f"--date {given} is no date", "Write it as 2026-01-31.")
    return given or datetime.now(UTC).date().isoformat()


def _record(intake: Intake, new: int, rate: ErrorRate | None, agreed: Agreement | None) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "decisions": len(intake.judgements),
        "appended": new,
        "faults": [asdict(fault) for fault in intake.faults],
        "error_rate": asdict(rate) if rate else None,
        "agreement": {
            "krippendorff_alpha": asdict(agreed.alpha),
            "fleiss_kappa": asdict(agreed.fleiss) if agreed.fleiss else None,
            "cohen_kappa": {" ".join(pair): asdict(value) for pair, value in agreed.cohen.items()},
        }
        if agreed
        else None,
        "disagreements": {
            skill: [{"reviewer": j.reviewer, "choice": j.choice, "place": j.place} for j in judged]
            for skill, judged in intake.disagreements.items()
        },
    }


def _told(material: Material, intake: Intake, new: int, rate: ErrorRate | None, agreed: Agreement | None) -> list[str]:
    lines = [f"{fault.place}: {fault.problem}" for fault in intake.faults]
    for skill, judged in intake.disagreements.items():
        chosen = "; ".join(f"{j.reviewer}: {material.label(j.choice) or 'undecided'}" for j in judged)
        lines.append(f"in dispute: {material.label(skill)} ({chosen})")
    lines.append(
        f"{len(intake.judgements)} rows are good, {len(intake.faults)} wrong, {len(intake.disagreements)} skills in"
        f" dispute; {new} lines appended to the ledger"
    )
    if rate:
        i = rate.interval
        lines.append(
            f"error rate {100 * i.value:.1f} % (95 %: {100 * i.low:.1f} to {100 * i.high:.1f} %), from {rate.skills}"
            f" skills of the random stratum; {rate.undecided} undecided; its strata hold"
            f" {100 * rate.covered:.0f} % of all skills"
        )
    if agreed:
        lines.append(f"Krippendorff's alpha {_measured(agreed.alpha)}")
        if agreed.fleiss:
            lines.append(f"Fleiss' kappa {_measured(agreed.fleiss)}")
        lines += [f"Cohen's kappa {' and '.join(pair)} {_measured(value)}" for pair, value in agreed.cohen.items()]
    return lines


def _measured(value: Measured) -> str:
    if value.value is None:
        return f"not defined on {value.items} skills"
    return f"{value.value:.2f} (95 %: {value.low:.2f} to {value.high:.2f}), {value.items} skills"


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
    from esco_kg.trials.review.ledger import moment
    from esco_kg.trials.review.ledger import revoke as append_revocation

    date = _date(given) if given else moment()
    entry = append_revocation(ledger, named, reviewer=reviewer_id(reviewer), date=date, reason=reason)
    click.echo(f"{entry.id} revokes {' '.join(entry.revokes)}")
    _tell_where(ledger)


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
    from esco_kg.folder.material import read_material
    from esco_kg.resources import folder
    from esco_kg.trials.review.effect import LEDGER, decisions_of, effect

    need_there(before, after, ledger)
    ledgers = [ledger] if ledger else [Path("curation") / LEDGER, folder("curation") / LEDGER]
    decisions = decisions_of(after, ledgers)
    found = effect(read_material(before), read_material(after), decisions)
    click.echo(f"{found.decided:,} skills have a decision in force; {found.moved:,} of them are in another cluster now")
    click.echo(f"{found.moved_others:,} of {found.others:,} others are in another cluster now")
    old, new = found.before, found.after
    if old.occupations:
        click.echo(f"hit@10 on the others: {old.hit:.3f} before, {new.hit:.3f} after")
        click.echo(f"MRR on the others: {old.mrr:.3f} before, {new.mrr:.3f} after ({old.occupations:,} occupations)")
