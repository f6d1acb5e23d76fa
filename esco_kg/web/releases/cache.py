"""What makes a release quick to serve, kept outside of it: its N-Triples unpacked, and a read-model.

The SPARQL store comes to them later (see :mod:`esco_kg.web.sparql.store`). A cache belongs to one
manifest. Losing it loses nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from esco_kg.errors import OutputError
from esco_kg.folder.cache import make_once
from esco_kg.folder.graphs import unpacked
from esco_kg.folder.reading import MANIFEST, ReleaseFolder, cluster_path
from esco_kg.folder.verify import refuse_altered
from esco_kg.web.releases.read_model import write_read_model

MODEL_FILE, STORE = "model.sqlite", "store"
_LAYOUT = 3  # of the folder; another layout is another cache
Progress = Callable[[str], None]


def prepared(release: ReleaseFolder, caches: Path, listener: Progress = lambda name: None) -> Path:
    """The cache folder of a release, made now where there is none. A half-made one is never left behind.

    What is published is what its manifest lists: where a cache is made, every file is compared with it. Raises
    InputError where one is damaged or altered, OutputError where the cache cannot be written.
    """
    digest = hashlib.sha256((release.folder / MANIFEST).read_bytes()).hexdigest()
    target = caches / f"{_LAYOUT}-{release.version}-{digest[:16]}"
    try:
        if not target.is_dir():
            listener(f"verify release {release.version}")
            refuse_altered(release.folder)
            listener(f"unpack release {release.version}")
            make_once(target, lambda folder: unpacked(release.folder, folder))
        if not (target / MODEL).is_dir():
            listener(f"index release {release.version}")
            graphs = {name: target / f"{name}.nt" for name in sorted(release.manifest["graphs"])}
            base, clusters_at = release.base_iri, cluster_path(release.manifest)
            make_once(target / MODEL, lambda folder: write_read_model(folder / MODEL_FILE, graphs, base, clusters_at))
    except OSError as error:
        raise OutputError(f"{caches}: {error.strerror}", "Name a folder that can be written with --cache.") from None
    return target


def _code_sha256() -> str:
    """The read-model is made again whenever the code that makes it changes."""
    digest = hashlib.sha256()
    for name in ("clusters_graph.py", "model.py", "read_model.py", "schema.sql", "triples.py", "../search/index.py",
                 "../../matching/names.py", "../../matching/words.py", "../../matching/wordings-en.csv",
                 "../../model/typical.py"):  # fmt: skip
        digest.update((Path(__file__).parent / name).read_bytes())
    return digest.hexdigest()


MODEL = f"model-{_code_sha256()[:16]}"
