"""``make fuseki``: a real Apache Jena Fuseki on the loopback address, with a persistent TDB2 dataset and label search.

The server comes from ``FUSEKI_HOME`` where that is set, else from Maven Central by the ``mvn`` command: the versions in
``fuseki-pom.xml``, each jar checked against ``fuseki.sha256``.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from esco_kg.errors import EscoKgError, OutputError
from esco_kg.resources import folder

MAIN = "org.apache.jena.fuseki.main.cmds.FusekiMainCmd"


def cache() -> Path:
    """Where downloaded and computed things lie between runs: ``$XDG_CACHE_HOME/esco-kg``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "esco-kg"


def command(data: Path, port: int = 3030, home: str | None = None) -> list[str]:
    """The command line that starts the server on 127.0.0.1 with its dataset ``/esco`` in ``data``.

    Raises EscoKgError where Java, Maven or the jars are missing or are not those expected.
    """
    java = shutil.which("java")
    if java is None:
        raise EscoKgError("there is no java command", "Install a Java 17 runtime, or use make serve, which needs none.")
    class_path = _home_class_path(Path(home)) if home else f"{_jars()}/*"
    data.mkdir(parents=True, exist_ok=True)
    configuration = data / "fuseki.ttl"
    template = (folder("defaults") / "fuseki.ttl").read_text(encoding="utf-8")
    place = data.resolve()
    filled = template.replace("DATA_PATH", str(place)).replace("DATA_IRI", place.as_uri())
    configuration.write_text(filled, encoding="utf-8")
    return [java, "-Xmx2g", "-cp", class_path, MAIN, "--localhost", "--port", str(port), "--ping", "--config", str(configuration)]


def _home_class_path(home: Path) -> str:
    found = sorted(home.glob("fuseki-server.jar")) or sorted((home / "lib").glob("*.jar"))
    if not found:
        raise EscoKgError(f"FUSEKI_HOME {home} holds no fuseki-server.jar", "Unset FUSEKI_HOME to take it from Maven.")
    return os.pathsep.join(map(str, found))


def _jars() -> Path:
    """The folder of the pinned jars, fetched once."""
    wanted = dict(reversed(line.split()) for line in (folder("defaults") / "fuseki.sha256").read_text().splitlines())
    jars = cache() / "fuseki"
    if not all((jars / name).is_file() for name in wanted):
        _fetch(jars)
    for name, sha256 in wanted.items():
        path = jars / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            raise EscoKgError(f"{path}: not the jar that fuseki.sha256 lists", f"Remove the folder {jars} and try again.")
    return jars


def _fetch(jars: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise EscoKgError("there is no mvn command to fetch Fuseki with", "Install Maven, or set FUSEKI_HOME.")
    jars.mkdir(parents=True, exist_ok=True)
    pom = jars / "pom.xml"
    shutil.copyfile(folder("defaults") / "fuseki-pom.xml", pom)
    goal = ["dependency:copy-dependencies", f"-DoutputDirectory={jars}", "-DincludeScope=runtime"]
    done = subprocess.run([maven, "-q", "-B", "-f", str(pom), *goal], capture_output=True, text=True)
    if done.returncode:
        raise OutputError(f"{pom}: Maven could not fetch Fuseki: {done.stdout[-300:]}", "Is Maven Central reachable?")


def main() -> None:
    """Start the server in the foreground; its data stay in ``./fuseki-data``."""
    try:
        line = command(Path("fuseki-data"), home=os.environ.get("FUSEKI_HOME"))
    except EscoKgError as error:
        sys.exit(f"error: {error}\nhint: {error.hint}")
    print("Fuseki on http://127.0.0.1:3030/esco (stop it with Ctrl-C)", file=sys.stderr, flush=True)
    os.execv(line[0], line)


if __name__ == "__main__":
    main()
