"""The checks of a release in the making: a violation stops it, and its reports are published with it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from esco_kg import dump, validation
from esco_kg.errors import ValidationError
from esco_kg.rdf.graphs import GraphStore
from esco_kg.statistics import measures
from esco_kg.validation import CheckOutcome


@dataclass(frozen=True, slots=True)
class ReleaseChecks:
    """``absent`` are the classes and properties that the release has none of, as its manifest says."""

    base_iri: str
    version: str
    engine: str
    absent: Sequence[str]

    def check(self, plain: Mapping[str, Path], store: GraphStore | None = None) -> CheckOutcome:
        """Check graphs, given as N-Triples by name. Raises ValidationError, with a report in a folder of its own."""
        # A store handed in is measured afterwards: it must hold what the measures look at, too.
        queries = [m.for_base(self.base_iri) for m in measures.measures()] if store else ()
        outcome = validation.check_release(
            plain, self.base_iri, engine=self.engine, store=store, queries=queries, absent=self.absent
        )
        self.stop_at_violations(outcome)
        return outcome

    def stop_at_violations(self, outcome: CheckOutcome) -> None:
        """Raise ValidationError where there is one."""
        if outcome.conforms:
            return
        report = Path(tempfile.mkdtemp(prefix="esco-kg-validation-")) / "validation.txt"
        report.write_text(outcome.as_text(), encoding="utf-8", newline="\n")
        grave = outcome.at_least("violation")
        first = grave[0]
        raise ValidationError(
            f"{len(grave)} violations, the first: {first.rule} at {first.focus}: {first.message}",
            f"Nothing was published; the whole report is {report}.",
        )

    def write_reports(self, outcome: CheckOutcome, aside: Path) -> None:
        """``validation.txt`` and ``validation.ttl.gz``."""
        (aside / "validation.txt").write_text(outcome.as_text(), encoding="utf-8", newline="\n")
        report_iri = f"{self.base_iri}release/{self.version}/validation"
        dump.write_packed(aside / "validation.ttl.gz", validation.turtle_parts(outcome, report_iri))
