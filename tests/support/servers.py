"""Real triple stores for tests and benchmarks: each on a free loopback port, started here, ended here by its process.

A store that is not installed makes the test skip with the reason.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from esco_kg.folder.cache import cache_folder
from esco_kg.store.fuseki import command

_PATIENCE = 90.0  # seconds that a server may take to start on a busy machine


@dataclass(frozen=True)
class Server:
    """A running store: its kind, the URL for ``--endpoint``, its process, and the environment with its credentials.

    ``has_union``: its default graph is the union of all others.
    """

    kind: str
    url: str
    process: int
    environment: Mapping[str, str] = field(default_factory=dict)
    has_union: bool = False


def free_port() -> int:
    """A port of the loopback address that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    line: Sequence[str],
    ready: str,
    log: Path,
    cwd: Path | None = None,
    stop: signal.Signals = signal.SIGTERM,
    patience: float = _PATIENCE,
) -> Iterator[int]:
    """The id of a process that serves; entered once the URL ``ready`` answers, and ended by the signal ``stop``."""
    with log.open("wb") as out:
        process = subprocess.Popen(line, stdout=out, stderr=subprocess.STDOUT, cwd=cwd, start_new_session=True)
    try:
        deadline = time.monotonic() + patience
        while not _answers(ready):
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"{line[0]} does not serve:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.1)
        yield process.pid
    finally:
        process.send_signal(stop)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def need_java() -> None:
    """Skip where what Maven brings cannot be had."""
    if not (shutil.which("java") and shutil.which("mvn")):
        pytest.skip("java and mvn are needed, such as Debian's openjdk-17-jre-headless and maven")


@contextmanager
def fuseki(folder: Path) -> Iterator[Server]:
    """The Fuseki of ``make fuseki``, with its dataset below ``folder``."""
    if not os.environ.get("FUSEKI_HOME"):
        need_java()
    port = free_port()
    line = command(port=port, data=folder / "fuseki data", home=os.environ.get("FUSEKI_HOME"))
    with running(line, f"http://127.0.0.1:{port}/$/ping", folder / "fuseki.log") as process:
        yield Server("fuseki", f"http://127.0.0.1:{port}/esco", process)


@contextmanager
def fuseki_union(folder: Path) -> Iterator[Server]:
    """The same Fuseki with the other setting of its default graph: the union of all graphs."""
    need_java()
    port, place = free_port(), folder / "fuseki union"
    line = command(port=port, data=place, home=os.environ.get("FUSEKI_HOME"))
    settings = Path(line[line.index("--config") + 1])
    plain = settings.read_text(encoding="utf-8")
    union = plain.replace("a tdb2:DatasetTDB2", "a tdb2:DatasetTDB2 ; tdb2:unionDefaultGraph true")
    assert union != plain
    settings.write_text(union, encoding="utf-8")
    with running(line, f"http://127.0.0.1:{port}/$/ping", folder / "fuseki-union.log") as process:
        yield Server("fuseki", f"http://127.0.0.1:{port}/esco", process, has_union=True)


_RDF4J = ("org.eclipse.rdf4j:rdf4j-http-server:4.1.3:war", "org.eclipse.jetty:jetty-runner:9.4.57.v20241219:jar")
_REPOSITORY = """@prefix rep: <http://www.openrdf.org/config/repository#> .
@prefix sr: <http://www.openrdf.org/config/repository/sail#> .
@prefix sail: <http://www.openrdf.org/config/sail#> .
@prefix ns: <http://www.openrdf.org/config/sail/native#> .
[] a rep:Repository ; rep:repositoryID "esco" ; rep:repositoryImpl [
  rep:repositoryType "openrdf:SailRepository" ;
  sr:sailImpl [ sail:sailType "openrdf:NativeStore" ; ns:tripleIndexes "spoc,posc,cspo" ] ] .
"""


@contextmanager
def rdf4j(folder: Path) -> Iterator[Server]:
    """RDF4J Server in Jetty, with a repository on disk. Both come from Maven."""
    need_java()
    war, jetty = (_from_maven(each) for each in _RDF4J)
    port = free_port()
    line = ["java", "-Xmx2g", f"-Dorg.eclipse.rdf4j.appdata.basedir={folder / 'rdf4j'}", "-jar", str(jetty)]
    line += ["--host", "127.0.0.1", "--port", str(port), "--path", "/rdf4j-server", str(war)]
    top = f"http://127.0.0.1:{port}/rdf4j-server"
    with running(line, f"{top}/protocol", folder / "rdf4j.log", patience=300) as process:
        url = f"{top}/repositories/esco"
        made = urllib.request.Request(url, _REPOSITORY.encode(), {"Content-Type": "text/turtle"}, method="PUT")
        urllib.request.urlopen(made, timeout=120).close()
        yield Server("rdf4j", url, process, has_union=True)


def _from_maven(artifact: str) -> Path:
    """The file of an artifact ``group:name:version:kind``, fetched once."""
    _, name, version, kind = artifact.split(":")
    found = cache_folder() / "tests" / f"{name}-{version}.{kind}"
    if not found.is_file():
        line = ["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={found.parent}"]
        subprocess.run(line, check=True, capture_output=True, timeout=900)
    return found


@contextmanager
def oxigraph(folder: Path) -> Iterator[Server]:
    """The Oxigraph server that ``pip install oxigraph`` brings."""
    port = free_port()
    server = Path(sys.executable).parent / "oxigraph"
    line = [str(server), "serve", "--location", str(folder / "oxigraph"), "--bind", f"127.0.0.1:{port}"]
    with running(line, f"http://127.0.0.1:{port}/", folder / "oxigraph.log") as process:
        yield Server("oxigraph", f"http://127.0.0.1:{port}", process)


_VIRTUOSO = """[Database]
DatabaseFile = {folder}/v.db
ErrorLogFile = {folder}/v.log
LockFile = {folder}/v.lck
TransactionFile = {folder}/v.trx
xa_persistent_file = {folder}/v.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
[TempDatabase]
DatabaseFile = {folder}/v-temp.db
TransactionFile = {folder}/v-temp.trx
MaxCheckpointRemap = 2000
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
MaxClientConnections = 10
NumberOfBuffers = {buffers}
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
MaxClientConnections = 10
[SPARQL]
ResultSetMaxRows = {rows}
"""


@contextmanager
def virtuoso(folder: Path, *, rows: int = 100_000, buffers: int = 20_000) -> Iterator[Server]:
    """Debian's virtuoso-opensource with a database of its own; ``rows`` is the most it gives in one answer."""
    if not shutil.which("virtuoso-t"):
        pytest.skip("no Virtuoso: Debian's virtuoso-opensource is not installed")
    place = folder / "virtuoso"
    place.mkdir()
    http, sql = free_port(), free_port()
    settings = _VIRTUOSO.format(folder=place, sql=sql, http=http, rows=rows, buffers=buffers)
    (place / "v.ini").write_text(settings, encoding="utf-8")
    line = ["virtuoso-t", "+foreground", "+configfile", str(place / "v.ini")]
    with running(line, f"http://127.0.0.1:{http}/sparql", folder / "virtuoso.log", cwd=place) as process:
        known = {"ESCO_KG_USER": "dba", "ESCO_KG_PASSWORD": "dba", "VIRTUOSO_SQL": f"127.0.0.1:{sql}"}
        yield Server("virtuoso", f"http://127.0.0.1:{http}", process, known, has_union=True)


KINDS = {
    "fuseki": fuseki, "fuseki with a union": fuseki_union, "oxigraph": oxigraph, "rdf4j": rdf4j, "virtuoso": virtuoso,
}  # fmt: skip
