"""Check any RDF files, or a release."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from esco_kg.errors import UsageError
from esco_kg.memory import collecting_rarely

if TYPE_CHECKING:
    from esco_kg.library.files import AnyPath
    from esco_kg.rdf.reading import Reader
    from esco_kg.validation import CheckOutcome

Engine = Literal["shacl", "pyshacl"]
Remarks = Callable[[str], None]
log_remark: Remarks = logging.getLogger("esco_kg").warning


@collecting_rarely()
def check(
    *files: AnyPath,
    shapes: Sequence[AnyPath] = (),
    background: Sequence[AnyPath] = (),
    profile: AnyPath | None = None,
    engine: Engine = "shacl",
    contexts: Mapping[str, AnyPath] | None = None,
    lenient: bool = False,
    remarks: Remarks = log_remark,
) -> CheckOutcome:
    """What ``esco-kg check`` finds in RDF files, taken together, or in a release (of a folder of releases the newest).

    ``background`` are files that ``shapes`` may look at and that are not judged. ``profile`` is the name of one of ours
    (:func:`profiles`) or a file. ``contexts`` maps the IRI of a JSON-LD context to a file; with ``lenient`` statements
    with invalid IRIs or tags are left out, and ``remarks`` hears of each. Raises UsageError where a folder is
    named beside anything else, or with ``shapes``, for ``background`` without ``shapes``, and for an unknown profile.
    """
    from esco_kg.folder.find import find_release
    from esco_kg.validation import check_files, check_folder

    given, rules = [Path(path) for path in files], Path(profile) if profile else None
    if rules and not rules.exists() and str(rules) not in profiles():
        raise UsageError(f"there is no profile {str(rules)!r}", f"There are: {', '.join(profiles())}; or give a file.")
    if background and not shapes:
        raise UsageError("--background is for --shapes alone", "Give the shapes, or the file as one more FILE.")
    if any(path.is_dir() for path in given):
        if len(given) > 1 or shapes:
            raise UsageError(
                "the folder of a release is checked alone, by its own rules", "To use other shapes, name its files."
            )
        return check_folder(find_release(given[0]), engine=engine, profile=rules)
    own = [Path(path) for path in shapes] or None
    beside = [Path(path) for path in background]
    with reader_of(contexts, lenient, remarks) as reader:
        return check_files(given, shapes=own, engine=engine, profile=rules, reader=reader, background=beside)


def profiles() -> list[str]:
    """The names of our profiles: which rules hold for any files, and how severe they are."""
    from esco_kg.validation.rules import profile_names

    return profile_names()


@contextmanager
def reader_of(contexts: Mapping[str, AnyPath] | None, lenient: bool, remarks: Remarks) -> Iterator[Reader]:
    """How any RDF files are read; when all is done ``remarks`` hears of the statements that were left out."""
    from esco_kg.rdf.reading import Reader

    reader = Reader({iri: Path(path) for iri, path in (contexts or {}).items()}, [] if lenient else None)
    yield reader
    for fault in dict.fromkeys(reader.faults or ()):
        remarks(f"left out: {fault.place}: {fault}")
