"""Make, validate and publish skill clusters of ESCO as linked data.

    >>> import esco_kg
    >>> release = esco_kg.demonstration()       # made if it is not there
    >>> release.clusters(level=1).height
    11

The names below come from :mod:`esco_kg.library`, each when it is first used, so that ``import esco_kg`` and
``esco-kg --help`` are quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from esco_kg.errors import EscoKgError, InputError, MissingError, OutputError, ServerError, UsageError, ValidationError

if TYPE_CHECKING:
    from esco_kg.library.checks import check
    from esco_kg.library.evaluation import evaluate
    from esco_kg.library.find import demonstration, open
    from esco_kg.library.making import inspect, make_release
    from esco_kg.library.measures import measure, measures
    from esco_kg.library.queries import queries
    from esco_kg.library.release import Release
    from esco_kg.library.site import write_site
    from esco_kg.library.stores import Store
    from esco_kg.library.versions import bridge, compare

__all__ = [
    "EscoKgError",
    "InputError",
    "MissingError",
    "OutputError",
    "Release",
    "ServerError",
    "Store",
    "UsageError",
    "ValidationError",
    "__version__",
    "bridge",
    "check",
    "compare",
    "demonstration",
    "evaluate",
    "inspect",
    "make_release",
    "measure",
    "measures",
    "open",
    "queries",
    "write_site",
]

_MODULES = {
    "Release": "release",
    "Store": "stores",
    "bridge": "versions",
    "check": "checks",
    "compare": "versions",
    "demonstration": "find",
    "evaluate": "evaluation",
    "inspect": "making",
    "make_release": "making",
    "measure": "measures",
    "measures": "measures",
    "open": "find",
    "queries": "queries",
    "write_site": "site",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib import metadata

        return metadata.version("esco-kg")
    if name in _MODULES:
        return getattr(import_module(f"esco_kg.library.{_MODULES[name]}"), name)
    raise AttributeError(f"module 'esco_kg' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
