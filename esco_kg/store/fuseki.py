"""A real Apache Jena Fuseki on the loopback address, with a persistent TDB2 dataset and text search over labels.

The server comes from ``FUSEKI_HOME`` where that is set, otherwise once from Maven: the versions in ``fuseki-pom.xml``,
each jar checked against ``fuseki.sha256`` before every start.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from esco_kg.errors import EscoKgError, OutputError
from esco_kg.folder.cache import cache_folder
from esco_kg.folder.manifest import sha256_of
from esco_kg.resources import folder

_JAVA = 17
_HOW_TO_GET_JAVA = (
    "Debian and Ubuntu: apt install openjdk-17-jre-headless maven. macOS: brew install openjdk maven. Windows: winget "
    "install EclipseAdoptium.Temurin.17.JRE. Or use make serve, which needs no Java."
)
_MAIN = "org.apache.jena.fuseki.main.cmds.FusekiMainCmd"


def command(*, port: int = 3030, data: Path | None = None, home: str | None = None) -> list[str]:
    """The command line that starts the server on 127.0.0.1 with its dataset ``/esco`` in ``data``.

    ``home`` is an unpacked Fuseki of the user's own. Raises EscoKgError where Java, Maven or the jars are missing or
    are not those expected or the port is taken, OutputError where ``data`` cannot be written.
    """
    java = _java()
    class_path = _home_class_path(Path(home)) if home else f"{jars()}{os.sep}*"
    place = (data or _data_folder()).resolve()
    configuration = place / "fuseki.ttl"
    try:
        place.mkdir(parents=True, exist_ok=True)
        configuration.write_text(_configuration(place), encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{place}: {error.strerror}", "Name a folder that can be written with --data.") from None
    _refuse_if_taken(port)
    options = ["--localhost", "--port", str(port), "--ping", "--config", str(configuration)]
    return [java, "-Xmx2g", "-cp", class_path, _MAIN, *options]


def _java() -> str:
    """The command ``java``. Raises EscoKgError where there is none that Fuseki runs on."""
    needed = f"Fuseki needs Java {_JAVA} or newer"
    java = shutil.which("java")
    if java is None:
        raise EscoKgError(f"{needed}, and there is no java command", _HOW_TO_GET_JAVA)
    said = subprocess.run([java, "-version"], capture_output=True, text=True, errors="replace")
    # Such as: openjdk version "17.0.15" 2025-04-15; up to Java 8 it began with "1.".
    found = re.search(r'version "(?:1\.)?([0-9]+)', said.stderr + said.stdout)
    if found is None:
        # macOS has a command of this name that only says where to get Java.
        raise EscoKgError(f"{needed}, and {java} tells no version", _HOW_TO_GET_JAVA)
    if int(found[1]) < _JAVA:
        raise EscoKgError(f"{needed}, and {java} is version {found[1]}", _HOW_TO_GET_JAVA)
    return java


def _refuse_if_taken(port: int) -> None:
    """Fuseki itself would end in a stack trace."""
    with socket.socket() as probe:
        # As servers do: an address that was in use a moment ago is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            hint = "Stop what listens there, or give another port with --port."
            raise EscoKgError(f"port {port} of 127.0.0.1 cannot be had: {error.strerror}", hint) from None


def _configuration(place: Path) -> str:
    """The server's description; places are IRIs there, so that a folder's name may hold any character."""
    template = (folder("defaults") / "fuseki.ttl").read_text(encoding="utf-8")
    return template.replace("DATA_IRI", place.as_uri())


def _data_folder() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "esco-kg" / "fuseki"


def _home_class_path(home: Path) -> str:
    server = home / "fuseki-server.jar"
    found = [server] if server.is_file() else sorted((home / "lib").glob("*.jar"))
    if not found:
        raise EscoKgError(f"FUSEKI_HOME {home} holds no fuseki-server.jar", "Unset FUSEKI_HOME to take it from Maven.")
    return os.pathsep.join(map(str, found))


def jars() -> Path:
    """The folder of the pinned jars, fetched once. Raises EscoKgError, OutputError."""
    listing = (folder("defaults") / "fuseki.sha256").read_text(encoding="utf-8")
    wanted = {name: sha256 for sha256, name in (line.split() for line in listing.split("\n") if line)}
    found = cache_folder() / "fuseki" / "5.6.0"
    if not found.is_dir():
        _fetch(found)
    for name, sha256 in wanted.items():
        path = found / name
        if not path.is_file() or sha256_of(path) != sha256:
            raise EscoKgError(f"{path}: not the jar that fuseki.sha256 lists", f"Remove {found} and try again.")
    for path in sorted(found.glob("*.jar")):
        if path.name not in wanted:
            raise EscoKgError(f"{path}: fuseki.sha256 does not list it", f"Remove {found} and try again.")
    return found


def _fetch(target: Path) -> None:
    """Fetch aside, then rename: an interrupted download is never taken for the whole."""
    maven = shutil.which("mvn")
    if maven is None:
        raise EscoKgError("there is no mvn command to fetch Fuseki with", "Install Maven, or set FUSEKI_HOME.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetching-", dir=target.parent) as aside:
        pom, jars = Path(aside, "pom.xml"), Path(aside, "jars")
        shutil.copyfile(folder("defaults") / "fuseki-pom.xml", pom)
        goal = ["dependency:copy-dependencies", f"-DoutputDirectory={jars}", "-DincludeScope=runtime"]
        done = subprocess.run([maven, "-q", "-B", "-f", str(pom), *goal], capture_output=True, text=True)
        if done.returncode:
            raise OutputError(f"Maven could not fetch Fuseki: {done.stdout.strip()[:300]}", "Is Maven set up here?")
        jars.rename(target)
