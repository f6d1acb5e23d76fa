"""What several commands share: options, and the reading of paths."""

from __future__ import annotations

import functools
import os
import shlex
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from esco_kg.errors import MissingError, UsageError
from esco_kg.library.files import refuse_in_release
from esco_kg.library.find import RELEASES, find_release, holds_releases, is_demonstration
from esco_kg.library.release import Release

Command = Callable[..., Any]


class Target(click.Path):
    """A file or folder that a command writes: it cannot be, or lie in, a published release."""

    def __init__(self, **limits: Any) -> None:
        super().__init__(path_type=Path, **limits)

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Any:
        path = Path(os.fsdecode(super().convert(value, parameter, context)))
        if str(path) != "-":
            is_option = isinstance(parameter, click.Option)
            refuse_in_release(path, parameter.opts[0] if parameter and is_option else "the folder")
        return path


VERSION = click.option("--version", metavar="V", help="Of a folder of releases: this one. [default: the newest]")
RELEASE = click.argument("release", required=False, type=click.Path(path_type=Path), metavar="[RELEASE]")
LANGUAGE = click.option("--language", metavar="TAG", help="Language of labels and texts. [default: the main language]")
QUIET = click.option("--quiet", is_flag=True, help="No progress on stderr.")


def output_format(*forms: str, about: str = "Form of the answer.") -> Callable[[Command], Command]:
    """``--format`` with these values, the first of them the default, and ``--json``; the command is given ``form``.

    The values stand in one order in every command: table, csv, json, then what only this command writes.
    """

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def with_form(*arguments: Any, form: str, as_json: bool, **options: Any) -> Any:
            return command(*arguments, form="json" if as_json else form, **options)

        short = click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
        choice = click.Choice(forms)
        return click.option("--format", "form", type=choice, default=forms[0], show_default=True, help=about)(
            short(with_form)
        )

    return decorate


def table_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--encoding and --delimiter, which every command has that reads a table."""
    encoding = click.option("--encoding", help="Of a CSV table, such as windows-1252. Default: recognised.")
    delimiter = click.option(
        "--delimiter", metavar="SIGN", help="Between the cells of a CSV table: comma, semicolon, tab, bar or any sign."
    )
    return encoding(delimiter(command))


def release_argument(command: Command) -> Command:
    """[RELEASE] and --version: a release, or a folder of releases; by default the newest in ``releases/``."""
    return RELEASE(VERSION(command))


def chosen_release(
    given: Path | None,
    version: str | None = None,
    *,
    quiet: bool = False,
    demonstration: bool = True,
    listener: Callable[[str], None] = lambda name: None,
) -> Release:
    """The release that a command is about, named on stderr where the user did not name it exactly.

    ``demonstration``: whether the demonstration's release will do where there is no other. Raises InputError.
    """
    folder = find_release(given or RELEASES, version, demonstration=demonstration)
    if not quiet and folder != given:
        what = " of the demonstration data, which are invented" if is_demonstration(folder) else ""
        click.echo(f"Release {folder.name}{what}: {folder}", err=True)
    return Release(folder, listener)


def apart_from_release(arguments: Sequence[str]) -> tuple[list[str], Path | None]:
    """Arguments of any number, and the one among them that names a release or a folder of releases.

    Raises UsageError where two do.
    """
    folders = [argument for argument in arguments if holds_releases(Path(argument))]
    if len(folders) > 1:
        raise UsageError(f"{folders[0]} and {folders[1]} are both folders of releases", "Name one release.")
    return [a for a in arguments if a not in folders], Path(folders[0]) if folders else None


def need_there(*paths: Path | None) -> None:
    """Raise MissingError for the first file that is named and not there; ``-`` is standard input."""
    for path in paths:
        if path is not None and str(path) != "-" and not path.exists():
            raise MissingError(str(path))


def existing_paths(given: Sequence[str]) -> tuple[Path, ...]:
    """The files and folders named. One argument may hold several, as make hands them on: quoted, or with spaces inside.

    Raises MissingError for a name that is no file or folder.
    """
    found: list[Path] = []
    for argument in given:
        found += [Path(argument)] if Path(argument).exists() else _several(argument)
    return tuple(found)


def _several(argument: str) -> list[Path]:
    try:
        words = shlex.split(argument)
    except ValueError:
        words = argument.split()
    found: list[Path] = []
    while words:
        # File names of ESCO hold spaces: take the longest run of words that is the name of something.
        length = next((n for n in range(len(words), 0, -1) if Path(" ".join(words[:n])).exists()), 0)
        if not length:
            raise MissingError(words[0])
        found.append(Path(" ".join(words[:length])))
        del words[:length]
    return found


def clusters_given(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Each word of --clusters: ``official:2``, or files; one may hold several, as make hands them on."""
    return tuple(
        name
        for given in value
        for name in ([given] if given.startswith("official:") else map(str, existing_paths([given])))
    )


def need_other_file(out: Path | None, inputs: Iterable[Path]) -> None:
    """Raise UsageError where a command would write over what it reads, and what it writes does not hold that."""
    for path in inputs:
        if out is not None and path.is_file() and out.exists() and out.samefile(path):
            raise UsageError(f"{out} is an input, and would be written over", "Give another file.")


def languages_given(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if value else None


def remarks(quiet: bool = False) -> Callable[[str], None]:
    """What the library has to say beside its answer, on stderr."""
    return (lambda remark: None) if quiet else lambda remark: click.echo(remark, err=True)
