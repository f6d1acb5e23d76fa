"""``make docs``: write the command reference from ``--help``; tests/test_docs.py fails while it is stale."""

from __future__ import annotations

import click
from click.testing import CliRunner

from esco_kg.cli import main
from tests.support.places import ROOT

PAGE = ROOT / "docs" / "commands.md"

COMPLETION = """\
## Completion in a shell

Commands and options complete with the Tab key after one line in the start file of the shell:

| shell | file | line |
|---|---|---|
| bash | `~/.bashrc` | `eval "$(_ESCO_KG_COMPLETE=bash_source esco-kg)"` |
| zsh | `~/.zshrc` | `eval "$(_ESCO_KG_COMPLETE=zsh_source esco-kg)"` |
| fish | `~/.config/fish/completions/esco-kg.fish` | `_ESCO_KG_COMPLETE=fish_source esco-kg \\| source` |
"""


def commands() -> list[str]:
    """Names of all commands, groups of commands as ``review export``."""

    def below(group: click.Group, prefix: str) -> list[str]:
        found = []
        for name, command in sorted(group.commands.items()):
            found += below(command, f"{prefix}{name} ") if isinstance(command, click.Group) else [f"{prefix}{name}"]
        return found

    return below(main, "")


def text() -> str:
    """The whole page."""
    parts = ["# Commands\n", "Written by `make docs` from the commands' own help.\n", COMPLETION]
    for name in ["", *commands()]:
        help_text = CliRunner().invoke(main, [*name.split(), "--help"], prog_name="esco-kg", terminal_width=100).output
        parts += [f"## esco-kg {name}".rstrip() + "\n", f"```text\n{help_text.rstrip()}\n```\n"]
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8", newline="\n")
