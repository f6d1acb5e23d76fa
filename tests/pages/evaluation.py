"""The list of measures in ``docs/evaluation.md``, from the metrics themselves: ``python -m tests.pages.evaluation``."""

from __future__ import annotations

from esco_kg.evaluation.metrics import METRICS, metric
from tests.support.places import ROOT

PAGE = ROOT / "docs" / "evaluation.md"
MARK = "<!-- From here on written by `python -m tests.pages.evaluation` from the metrics. -->\n"


def page(text: str) -> str:
    """The page with its list of measures as it must be; what stands before the mark stays as it is."""
    return text.split(MARK)[0] + MARK + "\n" + "\n".join(map(_line, (*METRICS, "terms"))) + "\n"


def _line(name: str) -> str:
    of = metric(name)
    less = ", less is better" if of.less_is_better else ""
    return f"- **{of.label}** (`{name}`{less}): {of.meaning}. *Source: {of.source}.*"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
