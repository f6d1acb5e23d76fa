"""``esco-kg recommend skills``, ``occupations`` and ``items``."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esco_kg.cli.options import LANGUAGE, QUIET, VERSION, apart_from_release, chosen_release, need_there, output_format
from esco_kg.cli.trials import material_of, need_column, opened, table_options
from esco_kg.errors import UsageError

if TYPE_CHECKING:
    from esco_kg.folder.material import Material
    from esco_kg.trials.recommend import Recommendation, Recommender


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
    material, recommender, profile = _prepared(skills, version, language, quiet)
    _tell(material, recommender.skills(profile, top), form)


@recommend.command("occupations")
@_common
def recommend_occupations(
    skills: tuple[str, ...], top: int, form: str, version: str | None, language: str | None, quiet: bool
) -> None:
    """Occupations for a set of skills. SKILL is a label or an IRI."""
    material, recommender, profile = _prepared(skills, version, language, quiet)
    _tell(material, recommender.occupations(profile, top), form)


@recommend.command("items")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--text", required=True, help="The column with an item's text or learning outcomes.")
@click.option("--id", "key", help="The column that names an item; else its row is its name.")
@table_options
@_common
def recommend_items(
    file: Path, text: str, key: str | None, skills: tuple[str, ...], top: int, form: str, version: str | None,
    language: str | None, quiet: bool, encoding: str | None, delimiter: str | None,
) -> None:  # fmt: skip
    """Rank one's own jobs or courses (a table) for a set of skills. SKILL is a label or an IRI."""
    from esco_kg.trials.advertisements import SkillFinder

    need_there(file)
    material, recommender, profile = _prepared(skills, version, language, quiet)
    finder = SkillFinder.of(material)
    with opened(file, encoding, delimiter) as table:
        for column in (text, key) if key else (text,):
            need_column(file, column, table.columns)
        items = {
            str(row[key]) if key else f"row {number}": finder.skills(str(row[text] or ""))
            for number, row in enumerate(table.rows, 2)
        }
    empty = sum(not skills for skills in items.values())
    if empty == len(items):
        hint = f"Is {text!r} the column of texts, in the language {material.language!r}? See esco-kg assign --texts."
        raise UsageError(f"{file}: no text of {len(items)} names a skill of the release", hint)
    if empty:
        click.echo(f"{empty} of {len(items)} texts name no skill of the release", err=True)
    _tell(material, recommender.items(profile, items, top), form)


def _prepared(
    given: Sequence[str], version: str | None, language: str | None, quiet: bool
) -> tuple[Material, Recommender, list[str]]:
    from esco_kg.trials.groupings import Groupings
    from esco_kg.trials.recommend import Recommender, profile_of

    skills, release = apart_from_release(given)
    material = material_of(chosen_release(release, version, quiet=quiet), language)
    return material, Recommender(Groupings(material)), profile_of(material, skills)


def _tell(material: Material, found: Sequence[Recommendation], form: str) -> None:
    if form == "json":
        records = [
            {
                "key": r.key,
                "label": material.label(r.key),
                "score": r.score,
                "reasons": [
                    {
                        "cluster": x.group,
                        "label": material.label(x.group),
                        "share": x.share,
                        "skills": [{"skill": s, "label": material.label(s)} for s in x.skills],
                    }
                    for x in r.reasons
                ],
            }
            for r in found
        ]
        click.echo(json.dumps(records, ensure_ascii=False, indent=2))
        return
    for r in found:
        click.echo(f"{r.score:.4f}  {material.label(r.key) or r.key}")
        for reason in r.reasons:
            own = ", ".join(material.label(skill) for skill in reason.skills[:3])
            click.echo(
                f"        {100 * reason.share:3.0f} %  {material.label(reason.group)}{f' ({own})' if own else ''}"
            )
