"""Make, validate and publish skill clusters of ESCO as linked data.

    >>> import esco_kg
    >>> release = esco_kg.demonstration()       # made if it is not there
    >>> release.clusters(level=1).height
    16

Everything heavy is imported when it is first needed, so that ``import esco_kg`` and ``esco-kg --help`` are quick.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from esco_kg.errors import EscoKgError, InputError, MissingError, OutputError, ServerError, UsageError, ValidationError

if TYPE_CHECKING:
    from esco_kg.esco.inspect import Inspection
    from esco_kg.library.release import Release
    from esco_kg.rdf.reading import Reader
    from esco_kg.release import Outcome
    from esco_kg.validation import CheckOutcome

__all__ = [
    "EscoKgError",
    "InputError",
    "MissingError",
    "OutputError",
    "Release",
    "ServerError",
    "UsageError",
    "ValidationError",
    "__version__",
    "check",
    "demonstration",
    "inspect",
    "make_release",
    "open",
]

AnyPath = str | PathLike[str]
Engine = Literal["shacl", "pyshacl"]


def open(release: AnyPath = "releases", version: str | None = None) -> Release:
    """A release: its folder, or a folder of releases, of which the newest or the one of ``version`` is taken.

    Raises InputError where there is none. A release of the demonstration data is taken only where it is named.
    """
    from esco_kg.folder.find import find_release
    from esco_kg.library.release import Release

    return Release(find_release(Path(release), version, demonstration=False))


def demonstration(out: AnyPath = "releases") -> Release:
    """The newest release of the demonstration data (invented, not ESCO) below ``out``; made if there is none."""
    from esco_kg.folder.find import find_release
    from esco_kg.library.release import Release

    folder = Path(out) / "demonstration"
    if not any(folder.glob("*/manifest.json")):
        make_release(out=out)
    return Release(find_release(folder))


def make_release(
    *paths: AnyPath,
    nace: AnyPath | None = None,
    version: str | None = None,
    esco_version: str | None = None,
    previous: AnyPath | None = None,
    languages: Sequence[str] | None = None,
    out: AnyPath = "releases",
    issued: str | None = None,
    config: AnyPath | None = None,
    curation: AnyPath | None = None,
    engine: Engine = "shacl",
    use_cache: bool = True,
    clusters: Any = (),
    complete: bool = False,
    extract: bool = False,
    repair: bool = False,
    listener: Callable[[str], None] = lambda name: None,
) -> Outcome:
    """What ``esco-kg release`` does, with the same options; no ``paths`` means the demonstration data.

    ``clusters`` are clusters of your own: a path, ``"official:2"``, a data frame of polars or pandas, or several.
    ``extract`` says that a part of ESCO is meant, ``repair`` has damage of the tables undone and logged.
    ``listener`` hears the name of each step. Returns the release's folder, version and what was said of it. Raises
    EscoKgError.
    """
    from esco_kg.release import Request
    from esco_kg.release import make_release as run

    def path(given: AnyPath | None) -> Path | None:
        return None if given is None else Path(given)

    request = Request(
        paths=tuple(Path(p) for p in paths),
        nace=path(nace),
        version=version,
        esco_version=esco_version,
        previous=path(previous),
        languages=tuple(languages) if languages else None,
        out=Path(out),
        issued=issued,
        config=path(config),
        curation=path(curation),
        engine=engine,
        use_cache=use_cache,
        clusters=tuple(clusters) if isinstance(clusters, (list, tuple)) else (clusters,),
        complete=complete,
        extract=extract,
        repair=repair,
    )
    return run(request, listener)


def inspect(
    *paths: AnyPath,
    esco_version: str | None = None,
    languages: Sequence[str] | None = None,
    extract: bool = False,
    repair: bool = False,
) -> Inspection:
    """What ``esco-kg inspect`` tells of an ESCO download: version, languages, counts, defects with file and line."""
    from esco_kg.config import read_config, settings_beside
    from esco_kg.esco.inspect import inspect as look

    given = [Path(path) for path in paths]
    return look(
        given,
        version=esco_version,
        languages=list(languages) if languages else None,
        dangling_share=read_config(settings_beside(given)).dangling_share,
        extract=extract,
        repair=repair,
    )


def check(
    *files: AnyPath,
    shapes: Sequence[AnyPath] = (),
    engine: Engine = "shacl",
    profile: AnyPath | None = None,
    reader: Reader | None = None,
    background: Sequence[AnyPath] = (),
) -> CheckOutcome:
    """What ``esco-kg check`` finds in RDF files, taken together, or in the folder of one release.

    ``reader`` says how files are read: contexts of JSON-LD, and whether faults are passed over.
    ``background`` are files that ``shapes`` may look at and that are not judged.
    Raises UsageError where a folder is named beside anything else, or with ``shapes``.
    """
    from esco_kg.validation import check_files, check_folder

    given, rules = [Path(path) for path in files], Path(profile) if profile else None
    if any(path.is_dir() for path in given):
        if len(given) > 1 or shapes:
            raise UsageError(
                "the folder of a release is checked alone, by its own rules", "To use other shapes, name its files."
            )
        return check_folder(given[0], engine=engine, profile=rules)
    own = [Path(path) for path in shapes] or None
    beside = [Path(path) for path in background]
    return check_files(given, shapes=own, engine=engine, profile=rules, reader=reader, background=beside)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib import metadata

        return metadata.version("esco-kg")
    if name == "Release":
        from esco_kg.library.release import Release

        return Release
    raise AttributeError(f"module 'esco_kg' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
