"""The tables of a release's page about the classification, to read and to take away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from esco_kg.web.classification import changes, codes, correspondences
from esco_kg.web.classification.about import about
from esco_kg.web.classification.correspondences import Correspondence
from esco_kg.web.classification.files import FILES, file_of
from esco_kg.web.classification.versions import Row, versions
from esco_kg.web.http.negotiation import Form
from esco_kg.web.pages.words import words
from esco_kg.web.releases.site import Site
from esco_kg.web.releases.view import ReleaseView

FOLDER = "classification"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the name of its files, without their endings."""

    name: str
    title: str
    columns: Sequence[str]
    rows: Callable[[], list[Row]]
    correspondence: Correspondence | None = None


def tables(site: Site, view: ReleaseView, language: str) -> list[Table]:
    """Codes; changes, where the release before is here; correspondence tables."""
    say = words(language)
    here = next(one for one in versions(site) if one.view is view)
    found = [Table("codes", say("codes"), codes.COLUMNS, lambda: codes.codes_of(here, language))]
    previous = site.by_version.get(str(view.manifest.get("previous") or ""))
    if previous is not None:
        title = say("code_changes", version=previous.version)
        found.append(
            Table("changes", title, changes.COLUMNS, lambda: changes.changes_between(previous, view, language))
        )
    for one in correspondences.correspondences(site, view, language):
        found.append(Table(one.id, one.name, correspondences.COLUMNS, one.rows, one))
    return found


def file_named(site: Site, view: ReleaseView, language: str, path: str) -> tuple[Form, Callable[[], bytes]] | None:
    """The form of ``classification/codes.csv`` and what writes it; None where there is no such file.

    The rows are read at once; what writes them may run in another thread.
    """
    folder, _, name = path.partition("/")
    stem, _, ending = name.rpartition(".")
    form = next((form for form in FILES if form.ending == ending), None)
    table = next((table for table in tables(site, view, language) if table.name == stem), None)
    if folder != FOLDER or form is None or table is None:
        return None
    return form, writer(view, language, table, form)


def writer(view: ReleaseView, language: str, table: Table, form: Form) -> Callable[[], bytes]:
    """What writes a table in a form."""
    rows, told = table.rows(), about(view, language, table.correspondence)
    return lambda: file_of(form, table.columns, rows, told, view.issued)
