"""A report by a template that its reader wrote."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from esco_kg.errors import InputError, MissingError
from esco_kg.model.changes import Delta


def by_template(path: Path, delta: Delta, verdict: Sequence[str]) -> str:
    """A comparison in the words of a Jinja2 template, which gets ``delta`` (:class:`Delta`) and ``verdict``, its lines.

    In a template whose name ends in ``.html`` or ``.html.j2`` values are escaped. Raises InputError with the line where
    the template cannot be read, or names something that is not there.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise MissingError(str(path)) from None
    is_html = path.name.removesuffix(".j2").endswith((".html", ".htm"))
    environment = SandboxedEnvironment(autoescape=is_html, undefined=StrictUndefined, keep_trailing_newline=True)
    try:
        return environment.from_string(text).render(delta=delta, verdict=list(verdict))
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        place = f"{path}:{line}" if line else str(path)
        raise InputError(
            place, f"the template fails: {error}", "It gets delta and verdict: docs/vocabularies.md."
        ) from None
