"""``esco-kg recommend skills``, ``occupations`` and ``items``."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esco_kg.cli.options import (
    LANGUAGE,
    QUIET,
    VERSION,
    apart_from_release,
    chosen_release,
    need_there,
    output_format,
    remarks,
    table_options,
)

if TYPE_CHECKING:
    from esco_kg import Release


@click.group()
def recommend() -> None:
    """Recommend skills, occupations or one's own items for a set of skills, with the reasons."""


def _common(command: Callable[..., Any]) -> Callable[..., Any]:
    options = (
        click.argument("skills", nargs=-1, metavar="SKILL... [RELEASE]"),
        click.option("--top", default=10, show_default=True, type=click.IntRange(1), help="How many to give."),
        output_format("table", "json"),
    )
    for option in (*options, LANGUAGE, VERSION, QUIET):
        command = option(command)
    return command


@recommend.command("skills")
@_common
def recommend_skills(
    skills: tuple[str, ...], top: int, form: str, version: str | None, language: str | None, quiet: bool
) -> None:
    """Skills to add to a profile. SKILL is a label or an IRI."""
    release, profile = _prepared(skills, version, quiet)
    _tell(release.recommend_records(profile, "skills", top, language), form)


@recommend.command("occupations")
@_common
def recommend_occupations(
    skills: tuple[str, ...], top: int, form: str, version: str | None, language: str | None, quiet: bool
) -> None:
    """Occupations for a set of skills. SKILL is a label or an IRI."""
    release, profile = _prepared(skills, version, quiet)
    _tell(release.recommend_records(profile, "occupations", top, language), form)


@recommend.command("items")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--text", required=True, help="The column with an item's text or learning outcomes.")
@click.option("--id", "key", help="The column that names an item. Default: its row is its name.")
@table_options
@_common
def recommend_items(
    file: Path, text: str, key: str | None, skills: tuple[str, ...], top: int, form: str, version: str | None,
    language: str | None, quiet: bool, encoding: str | None, delimiter: str | None,
) -> None:  # fmt: skip
    """Rank one's own jobs or courses (a table) for a set of skills. SKILL is a label or an IRI."""
    need_there(file)
    release, profile = _prepared(skills, version, quiet)
    found = release.recommend_items(
        file, profile, text=text, id=key, top=top, language=language, encoding=encoding, delimiter=delimiter,
        remarks=remarks(),
    )  # fmt: skip
    _tell(found, form)


def _prepared(given: Sequence[str], version: str | None, quiet: bool) -> tuple[Release, list[str]]:
    skills, release = apart_from_release(given)
    return chosen_release(release, version, quiet=quiet), skills


def _tell(found: Sequence[dict[str, Any]], form: str) -> None:
    if form == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for one in found:
        click.echo(f"{one['score']:.4f}  {one['label'] or one['key']}")
        for reason in one["reasons"]:
            own = ", ".join(skill["label"] for skill in reason["skills"][:3])
            click.echo(f"        {100 * reason['share']:3.0f} %  {reason['label']}{f' ({own})' if own else ''}")
