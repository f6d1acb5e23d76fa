"""A build hook of Hatchling: a package says which commit it was built from. ``esco-kg --version`` reads it."""

import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def commit_of(root: str) -> str:
    """The commit checked out there, or nothing if this folder is no checkout; ``+`` says that files differ from it."""

    def git(*arguments: str) -> str:
        run = subprocess.run(["git", "-C", root, *arguments], capture_output=True, text=True)
        return run.stdout.strip() if run.returncode == 0 else ""

    try:
        top = git("rev-parse", "--show-toplevel")
        if not top or Path(top).resolve() != Path(root).resolve():
            return ""
        return git("rev-parse", "--short=12", "HEAD") + ("+" if git("status", "--porcelain", "-uno") else "")
    except FileNotFoundError:  # no git on this machine
        return ""


class CommitHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        commit = "" if version == "editable" else commit_of(self.root)
        if commit:  # a package built from an archive of sources keeps the file that it brings
            self.folder = tempfile.TemporaryDirectory()
            file = Path(self.folder.name) / "commit.txt"
            file.write_text(f"{commit}\n", encoding="utf-8")
            build_data["force_include"][str(file)] = "esco_kg/commit.txt"
