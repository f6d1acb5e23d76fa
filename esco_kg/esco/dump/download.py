"""A dump as a download: its tables, languages and version."""

from __future__ import annotations

from collections.abc import Sequence

from esco_kg.errors import InputError
from esco_kg.esco import archive
from esco_kg.esco.candidates import Candidate
from esco_kg.esco.download import Download, resolve_by_content
from esco_kg.esco.dump.statements import Statements
from esco_kg.esco.dump.syntax import triples
from esco_kg.esco.dump.tables import DumpTables
from esco_kg.esco.recognition import stated_version
from esco_kg.esco.scratch import Scratch
from esco_kg.esco.tables import TableFile
from esco_kg.esco.version import chosen_version


def of_dump(
    name: str, dump: Candidate, scratch: Scratch, version: str | None, languages: Sequence[str] | None
) -> Download:
    """Read a dump once, and write its tables. Raises InputError: a damaged file, a language that it has not."""
    wanted = [language.strip().lower() for language in languages] if languages else None
    statements = Statements(wanted, scratch.folder())
    with triples(dump.path, dump.member, dump.place) as found:
        statements.read(found)
    there = statements.languages
    for language in wanted or []:
        if language not in there:
            hint = f"There is: {', '.join(sorted(statements.seen)) or 'none'}."
            raise InputError(dump.place, f"has no texts in language {language}", hint)
    tables = DumpTables(statements)
    stated = stated_version(dump.names)
    resolved, _ = chosen_version(name, [TableFile("", "", stated, dump.place, dump.path)], version)
    chosen = tuple(sorted(there, key=lambda language: (language != "en", language)))
    download = Download(name, resolved, chosen, scratch=scratch)
    for table, language, path in tables.write(scratch.folder(), chosen):
        place = f"{dump.place} ({', '.join(part for part in (table, language) if part)})"
        file = TableFile(table, language, resolved, place, path, None, dump.source, "")
        download.tables[table, language] = file
    resolve_by_content(download)
    download.retired = tables.retired(statements.texts(chosen[0]) if chosen else {})
    download.said += _said(dump.place, statements, tables)
    download.sources = [archive.describe(dump.source)]
    return download


def _said(place: str, statements: Statements, tables: DumpTables) -> list[str]:
    said = [f"RDF dump {place}: {statements.triples:,} triples, {tables.withdrawn:,} withdrawn concepts left apart."]
    if tables.dropped:
        said.append(f"Links to withdrawn concepts, left out: {tables.dropped:,}.")
    if statements.roles:
        roles = ", ".join(f"{role} {count:,}" for role, count in sorted(statements.roles.items()))
        said.append(f"Labels by gender, as the dump's XL labels say: {roles}.")
    return said
