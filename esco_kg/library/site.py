"""The pages as files, for any web host."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from esco_kg.library.find import RELEASES

if TYPE_CHECKING:
    from esco_kg.library.files import AnyPath
    from esco_kg.web.static_site.build import Written


def write_site(
    out: AnyPath,
    releases: AnyPath = RELEASES,
    *,
    cache: AnyPath | None = None,
    skills: bool = True,
    url: str = "",
    listener: Callable[[str], None] = lambda name: None,
) -> Written:
    """What ``esco-kg site`` writes into ``out``, with the same options: how many files, and how many were changed.

    ``skills`` asks for a page per skill, ``url`` is where the site will lie. Raises UsageError where ``out`` lies in a
    published release, InputError where there is no release or it is not as published.
    """
    from esco_kg.folder.reading import refuse_in_release
    from esco_kg.web.releases.site import open_site
    from esco_kg.web.static_site.build import write_site as write

    refuse_in_release(Path(out), "out")
    site = open_site(Path(releases), Path(cache) if cache else None, listener)
    return write(site, Path(out), with_skills=skills, url=url, listener=listener)
