"""What an import of review files came to, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from esco_kg.folder.material import Material
from esco_kg.trials.review.agreement import Measured
from esco_kg.trials.review.intake import Intake
from esco_kg.trials.review.measured import Agreement, ErrorRate
from esco_kg.trials.review.proposals import Proposal


def as_record(
    intake: Intake, new: int, rate: ErrorRate | None, agreed: Agreement | None, open_proposals: Sequence[Proposal]
) -> dict[str, Any]:
    """For programs; ``new`` counts the lines that the ledger got."""
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
        "open_proposals": [each.record() for each in open_proposals],
    }


def as_lines(
    material: Material, intake: Intake, new: int, rate: ErrorRate | None, agreed: Agreement | None,
    open_proposals: Sequence[Proposal],
) -> list[str]:  # fmt: skip
    """For people."""
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
    lines += [f"proposal {each.line(material)}" for each in open_proposals]
    return lines


def _measured(value: Measured) -> str:
    if value.value is None:
        return f"not defined on {value.items} skills"
    return f"{value.value:.2f} (95 %: {value.low:.2f} to {value.high:.2f}), {value.items} skills"
