"""Review of allocations: files for reviewers, their decisions into the ledger, what they changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from esco_kg.errors import InputError, UsageError
from esco_kg.library.files import make_folder
from esco_kg.library.texts import need_columns, opened

if TYPE_CHECKING:
    from esco_kg.evaluation.reviewed import Effect
    from esco_kg.folder.material import Material
    from esco_kg.library.files import AnyPath
    from esco_kg.library.release import Release
    from esco_kg.trials.review.intake import Intake
    from esco_kg.trials.review.ledger import Entry
    from esco_kg.trials.review.measured import Agreement, ErrorRate
    from esco_kg.trials.review.proposals import Proposal

LEDGER = Path("curation/ledger.csv")
# An id stands for a person only where the organisation keeps the key; it cannot be a name with a space or an address.
_REVIEWER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")


@dataclass(frozen=True, slots=True)
class Imported:
    """What came back: ``intake`` has the good rows, the faults and the disagreements; ``appended`` counts the lines
    that are new in the ledger; ``proposals`` are those that are open."""

    material: Material
    intake: Intake
    appended: int
    error_rate: ErrorRate | None
    agreement: Agreement | None
    proposals: list[Proposal]

    def record(self) -> dict[str, Any]:
        """The report for programs."""
        from esco_kg.trials.review.report import as_record

        return as_record(self.intake, self.appended, self.error_rate, self.agreement, self.proposals)

    def lines(self) -> list[str]:
        """The report for people."""
        from esco_kg.trials.review.report import as_lines

        return as_lines(self.material, self.intake, self.appended, self.error_rate, self.agreement, self.proposals)


def export(
    release: Release,
    reviewers: Sequence[str],
    out: AnyPath,
    *,
    priority: int = 200,
    random: int = 100,
    overlap: int = 30,
    rare: int = 0,
    clusters: Sequence[str] = (),
    use: AnyPath | None = None,
    seed: int = 20260131,
    by: Literal["reviewer", "cluster"] = "reviewer",
    format: Literal["xlsx", "csv"] = "xlsx",
    language: str | None = None,
) -> dict[Path, int]:
    """What ``esco-kg review export`` writes, with the same options: file -> number of its skills.

    Raises UsageError where a file is there that holds decisions, and for an id that could be a person's name.
    """
    from esco_kg.folder.staging import replacing_all
    from esco_kg.trials.review.cases import Order, by_area, cases
    from esco_kg.trials.review.workbook import write_csv, write_workbook

    ids = tuple(reviewer_id(one) for one in reviewers)
    material = release.material(language)
    counted = _use(Path(use), material) if use else None
    found = cases(material, Order(ids, priority, random, overlap, seed, tuple(clusters), counted, rare))
    parts = {
        Path(out) / f"review-{material.version}-{reviewer}{area and f'-{area}'}.{format}": part
        for reviewer, own in found.items()
        for area, part in (by_area(material, own).items() if by == "cluster" else (("", own),))
    }
    for path in parts:
        need_unfilled(path)
    make_folder(Path(out))
    write: Callable[..., None] = write_workbook if format == "xlsx" else write_csv
    with replacing_all(list(parts)) as places:
        for place, part in zip(places, parts.values(), strict=True):
            write(material, part, place)
    return {path: len(part) for path, part in parts.items()}


def take_in(
    release: Release,
    files: Sequence[AnyPath],
    *,
    ledger: AnyPath = LEDGER,
    date: str | None = None,
    disagreements: AnyPath | None = None,
    adjudicator: str = "adjudicator",
    dry_run: bool = False,
    reasons_read: bool = False,
    language: str | None = None,
) -> Imported:
    """What ``esco-kg review import`` does, with the same options: filled-in files checked, measured, appended."""
    from esco_kg.folder.staging import replacing
    from esco_kg.trials.review import ledger as book
    from esco_kg.trials.review.intake import adjudication, ledger_lines
    from esco_kg.trials.review.intake import take_in as judge
    from esco_kg.trials.review.measured import agreement, error_rate
    from esco_kg.trials.review.proposals import proposals
    from esco_kg.trials.review.reading import read_review
    from esco_kg.trials.review.workbook import write_workbook

    material = release.material(language)
    known = book.Ledger(book.read_ledger(Path(ledger)))
    intake = judge(
        material, (row for file in files for row in read_review(Path(file))), known,
        are_reasons_read=reasons_read,
    )  # fmt: skip
    lines = ledger_lines(material, intake, known, _date(date))
    rate, agreed = error_rate(material, intake.judgements), agreement(intake.judgements)
    # The ledger comes last: what ends the command before leaves it as it was.
    if disagreements and intake.disagreements:
        with replacing(Path(disagreements)) as place:
            write_workbook(material, adjudication(intake, material, reviewer_id(adjudicator)), place)
    new = [] if dry_run else book.append(Path(ledger), lines)
    held = known.with_lines(lines if dry_run else new)
    return Imported(material, intake, len(new), rate, agreed, [p for p in proposals(held) if p.status == "open"])


def proposed(release: Release, *, ledger: AnyPath = LEDGER, language: str | None = None) -> list[str]:
    """What reviewers have proposed about clusters, open and closed: the lines of ``esco-kg review proposals``."""
    return [each.line(release.material(language)) for each in _proposals(ledger)]


def proposal_records(ledger: AnyPath = LEDGER) -> list[dict[str, str]]:
    """The same for programs."""
    return [each.record() for each in _proposals(ledger)]


def _proposals(ledger: AnyPath) -> list[Proposal]:
    from esco_kg.trials.review.ledger import Ledger, read_ledger
    from esco_kg.trials.review.proposals import proposals

    return proposals(Ledger(read_ledger(Path(ledger))))


def revoke(
    named: Sequence[str], *, reviewer: str, reason: str, ledger: AnyPath = LEDGER, date: str | None = None
) -> Entry:
    """Take decisions out again, by their ids or the IRIs of skills. Without ``date`` the moment is noted."""
    from esco_kg.trials.review.ledger import moment
    from esco_kg.trials.review.ledger import revoke as append_revocation

    when = _date(date) if date else moment()
    return append_revocation(Path(ledger), named, reviewer=reviewer_id(reviewer), date=when, reason=reason)


def effect(before: AnyPath, after: AnyPath, ledger: AnyPath | None = None) -> Effect:
    """What review changed between two releases, and the figures on skills that no reviewer touched.

    ``ledger`` is the one that ``after`` was made with, by default that of ``curation/`` or of the package.
    """
    from esco_kg.folder.material import read_material
    from esco_kg.resources import folder
    from esco_kg.trials.review.effect import LEDGER as NAME
    from esco_kg.trials.review.effect import decisions_of
    from esco_kg.trials.review.effect import effect as compare

    ledgers = [Path(ledger)] if ledger else [Path("curation") / NAME, folder("curation") / NAME]
    decisions = decisions_of(Path(after), ledgers)
    return compare(read_material(Path(before)), read_material(Path(after)), decisions)


def is_read_by_default(ledger: AnyPath) -> bool:
    """Whether a release reads this ledger by default."""
    from esco_kg.resources import folder

    return Path(ledger).resolve().parent == folder("curation").resolve()


def need_unfilled(path: Path) -> None:
    """Raise UsageError where a file for reviewers holds decisions already."""
    from esco_kg.trials.review.reading import is_filled_in

    if is_filled_in(path):
        problem = f"{path} holds decisions, and would be written over"
        raise UsageError(problem, "Import it and move it away, or give another place.")


def reviewer_id(given: str) -> str:
    """The id, or a UsageError where it could be a person's name or address."""
    if not _REVIEWER.fullmatch(given):
        raise UsageError(f"{given!r} is no reviewer's id", "Use letters, digits, - and _, such as r1.")
    return given


def _date(given: str | None) -> str:
    if given and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given):
        raise UsageError(f"--date {given} is no date", "Write it as 2026-01-31.")
    return given or datetime.now(UTC).date().isoformat()


def _use(path: Path, material: Material) -> dict[str, float]:
    known, found = material.skills_by_label(), dict.fromkeys(material.skills, 0.0)
    with opened(path) as table:
        need_columns(path, table, "skill", "use")
        for number, row in enumerate(table.rows, 1):
            name = str(row["skill"] or "").strip()
            try:
                use = float(row["use"] or 0)
            except ValueError:
                raise InputError(f"{path}, record {number}", f"use {row['use']!r} is no number") from None
            for skill in known.get(name) or known.get(name.casefold()) or ():
                found[skill] += use
    return found
