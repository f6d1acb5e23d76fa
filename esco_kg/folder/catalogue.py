"""What the catalogue of all releases, beside a release's folder, says of the release: the checksum of its manifest.

A manifest has the checksum of every other file; the one of the manifest stands there. Who alters a manifest and writes
a new checksum for it is found out, whatever key it was. Where no catalogue lies beside the folder, as beside a
downloaded copy, nothing is compared.
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from esco_kg.errors import InputError, unreadable
from esco_kg.folder.manifest import sha256_of
from esco_kg.folder.reading import CATALOGUE, MANIFEST
from esco_kg.rdf.namespaces import SPDX

_LARGEST = 64 << 20  # bytes: that of a hundred releases has less than one MB


def contradiction(folder: Path, version: str) -> str:
    """How the manifest of a release differs from what the catalogue beside the folder says; "" where it does not.

    Raises InputError as :func:`_checksum`.
    """
    path = folder.absolute().parent / CATALOGUE
    said = _checksum(path, version) if path.is_file() else ""
    now = sha256_of(folder / MANIFEST)
    return f"SHA-256 {now}, by {CATALOGUE} beside the release {said}" if said not in ("", now) else ""


def _checksum(path: Path, version: str) -> str:
    """The SHA-256 of the manifest of a release by the catalogue of all releases; "" where it does not say.

    Raises InputError where the catalogue cannot be read, or has several.
    """
    hint = "Restore it from a copy. Where none is left, remove it: the next release writes a new one."
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError(f"it has more than {_LARGEST} bytes")
        store = ox.Store()
        store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
    except Exception as error:  # whatever the parser throws
        raise unreadable(str(path), "a catalogue of releases", error, hint) from None
    found = set()
    for quad in store.quads_for_pattern(None, ox.NamedNode(f"{SPDX}checksumValue"), None):
        of = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
        if of.endswith(f"/release/{version}/{MANIFEST}#checksum") and isinstance(quad.object, ox.Literal):
            found.add(quad.object.value.lower())
    if len(found) > 1:
        raise InputError(str(path), f"has several checksums of the manifest of {version}", hint)
    return "".join(found)
