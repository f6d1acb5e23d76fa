"""What makes a release quick to serve, kept outside of it: its N-Triples unpacked, a read-model, a SPARQL store.

A cache belongs to one manifest. Losing it loses nothing.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox

from esco_kg.errors import InputError, OutputError
from esco_kg.folder.reading import MANIFEST, ReleaseFolder, cluster_path
from esco_kg.folder.staging import aside
from esco_kg.folder.verify import refuse_altered
from esco_kg.web.releases.read_model import write_read_model

MODEL_FILE, STORE = "model.sqlite", "store"
_BLOCK = 1 << 20
_LAYOUT = 3  # of the folder; another layout is another cache
Progress = Callable[[str], None]


def cache_folder(given: Path | None = None) -> Path:
    """Where caches lie: ``given``, else ``$XDG_CACHE_HOME/esco-kg``, else ``~/.cache/esco-kg``."""
    if given:
        return given
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "esco-kg"


def graph_files(release: ReleaseFolder) -> dict[str, Path]:
    """Graph name -> its packed N-Triples, in the manifest's order. Raises InputError where a file is missing."""
    found = {}
    for name in sorted(release.manifest["graphs"]):
        path = release.folder / f"esco-kg-{release.version}-{name}.nt.gz"
        if not path.is_file():
            raise InputError(str(path), "the release lacks this graph", "Take the release from its origin again.")
        found[name] = path
    return found


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
            _made(target, lambda folder: _unpack(release, folder))
        if not (target / MODEL).is_dir():
            listener(f"index release {release.version}")
            base, clusters_at = str(release.manifest["base_iri"]), cluster_path(release.manifest)
            graphs = {name: target / f"{name}.nt" for name in graph_files(release)}
            _made(target / MODEL, lambda folder: write_read_model(folder / MODEL_FILE, graphs, base, clusters_at))
    except OSError as error:
        raise OutputError(f"{caches}: {error.strerror}", "Name a folder that can be written with --cache.") from None
    return target


def _made(target: Path, fill: Callable[[Path], None]) -> None:
    """Fill a folder aside and rename it whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with aside(target.parent, ".making-") as folder:
        fill(folder)
        # Another process may have made the same cache meanwhile: then its folder serves as well.
        with suppress(OSError):
            folder.rename(target)


def _code_sha256() -> str:
    """The read-model is made again whenever the code that makes it changes."""
    digest = hashlib.sha256()
    for name in ("clusters_graph.py", "model.py", "read_model.py", "schema.sql", "triples.py", "../search/index.py",
                 "../../matching/names.py", "../../matching/words.py", "../../matching/wordings-en.csv",
                 "../../model/typical.py"):  # fmt: skip
        digest.update((Path(__file__).parent / name).read_bytes())
    return digest.hexdigest()


MODEL = f"model-{_code_sha256()[:16]}"


def _unpack(release: ReleaseFolder, into: Path) -> None:
    """The graphs as plain N-Triples, and a store with each graph by its name and all of them as the default graph.

    Oxigraph's union of graphs gives a statement as often as it stands in them, and the statistics repeat some of the
    clusters': counts over the union would be wrong. In the default graph a statement stands once.
    """
    base = str(release.manifest["base_iri"])
    store = ox.Store(str(into / STORE))
    try:
        for name, packed in graph_files(release).items():
            plain = into / f"{name}.nt"
            graph = ox.NamedNode(f"{base}release/{release.version}/graph/{name}")
            try:
                with gzip.open(packed, "rb") as source, plain.open("wb") as target:
                    shutil.copyfileobj(source, target, _BLOCK)
                for place in (graph, ox.DefaultGraph()):
                    store.bulk_load(path=str(plain), format=ox.RdfFormat.N_TRIPLES, to_graph=place)
            except (gzip.BadGzipFile, zlib.error, EOFError, SyntaxError) as error:
                hint = "Take the release from its origin again."
                raise InputError(str(packed), f"cannot be read: {error}", hint) from None
        store.optimize()
    finally:
        # Closes it. An open store writes in the background, and a folder that is written to cannot be taken away.
        del store
