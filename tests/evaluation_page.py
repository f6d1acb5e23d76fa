"""The list of measures in ``docs/evaluation.md``, from the metrics themselves: ``python -m tests.evaluation_page``."""

from __future__ import annotations

from pathlib import Path

from esco_kg.evaluation.metrics import METRICS, metric

PAGE = Path(__file__).resolve().parent.parent / "docs" / "evaluation.md"
MARK = "<!-- From here on written by `python -m tests.evaluation_page` from the metrics. -->\n"


def page(text: str) -> str:
    """The page with its list of measures as it must be; what stands before the mark stays as it is."""
    return text.split(MARK)[0] + MARK + "\n" + "\n".join(map(_line, (*METRICS, "terms"))) + "\n"


def _line(name: str) -> str:
    of = metric(name)
    less = ", less is better" if of.less_is_better else ""
    return f"- **{of.label}** (`{name}`{less}): {of.meaning}. *Source: {of.source}.*"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
