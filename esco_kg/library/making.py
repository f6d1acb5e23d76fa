"""Make a release, or look at an ESCO download first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from esco_kg.esco.inspect import Inspection
    from esco_kg.library.checks import Engine
    from esco_kg.library.files import AnyPath
    from esco_kg.release import Outcome


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
    """What ``esco-kg inspect`` tells of an ESCO download: version, languages, counts, defects with file and line.

    No ``paths`` means the demonstration data.
    """
    from esco_kg.config import read_config, settings_beside
    from esco_kg.esco.inspect import inspect as look
    from esco_kg.resources import folder

    given = [Path(path) for path in paths] or [folder("demonstration") / "v1.0.0"]
    return look(
        given,
        version=esco_version,
        languages=list(languages) if languages else None,
        dangling_share=read_config(settings_beside(given)).dangling_share,
        extract=extract,
        repair=repair,
    )
