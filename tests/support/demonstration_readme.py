"""The README of the demonstration data, with its figures as the reader of ESCO counts them."""

from __future__ import annotations

from pathlib import Path

from esco_kg.config import read_config, settings_beside
from esco_kg.esco.inspect import inspect
from tests.support.demonstration_defects import BY_NATURE, DEFECTS

_HEAD = """# The demonstration data are not ESCO

Everything in `v1.0.0/` is invented. It is not ESCO, it is not published by the European Commission, and it says nothing
about any labour market. It lets everyone see what `esco_kg` does before they have downloaded ESCO:

    esco-kg release          # without a path: a release of these data, in releases/demonstration/

- The tables have the shape of ESCO's CSV download as it is in version 1.2.1; version 1.0.0 is that of these data.
- The concepts have IRIs of their own under `https://example.org/esco-kg-demonstration/pillar/`. Sectors have the codes
  and IRIs that ESCO's tables use for NACE 2.1; groups of occupations have the codes of ISCO-08, fields of knowledge
  those of ISCED-F 2013.
- All texts were written for this purpose in English, German and French.
- `v1.0.0/release.toml` has the settings of the demonstration release: titles, publisher, base IRI, sizes of clusters.
  Lying beside the tables it is used without being named with `--config`.

## What it holds
"""

_DEFECTS = """
## What is wrong with it, on purpose

ESCO's own tables have defects that stop nobody. Here is one of each, so that it can be seen how they are reported
(`esco-kg inspect esco_kg/demonstration/v1.0.0`):

| defect | reported as | in |
|---|---|---|
"""

_TAIL = """
Left out, since one CSV download cannot show them: group IRIs that changed between versions, and oddities of ESCO's RDF.

Do not mend these tables by hand: they are written by `python -m tests.support.demonstration_tables` from
`tests/demonstration/*.toml`, and a test compares them.
"""


def readme(tables: Path) -> str:
    """The README for the tables in this folder."""
    found = inspect([tables], dangling_share=read_config(settings_beside([tables])).dangling_share)
    counts = [f"| {what} | {number:,} |" for what, number in found.concepts.items()]
    languages = f"\nLanguages: {', '.join(found.languages)}.\n"
    rows = [f"| {d.what} | {d.kind or '-'} | {', '.join(d.files) or '-'} |" for d in DEFECTS]
    nature = ["", "The sources and the shape bring more of them:", "", *(f"- {said}" for said in BY_NATURE)]
    body = [_HEAD + "\n| | |\n|---|---:|", *counts, languages + _DEFECTS + "\n".join(rows), *nature]
    return "\n".join(body) + "\n" + _TAIL
