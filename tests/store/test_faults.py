"""A faulty network, on real sockets before a real Oxigraph server: what a load says, and that it can be done again."""

from __future__ import annotations

import base64
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from esco_kg.cli import main
from esco_kg.errors import ServerError, UsageError
from esco_kg.store.catalogue import graphs_to_ask, stored_releases
from esco_kg.store.client import Endpoint
from esco_kg.store.load import load_release
from esco_kg.store.remote import select, texts
from tests.support import proxy as faults
from tests.support.proxy import Fault, Proxy, proxied
from tests.support.servers import Server, free_port, oxigraph
from tests.support.small_releases import small_release

PART = 60_000  # bytes: some dozen parts in all
HTML = "<html><head><style>b {x:y}</style></head><body><h1>Sign&nbsp;in</h1> to the network</body></html>"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with oxigraph(tmp_path_factory.mktemp("oxigraph")) as started:
        yield started


@pytest.fixture
def proxy(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Proxy]:
    monkeypatch.setenv("HOME", str(tmp_path))  # no netrc file of the user's
    with Endpoint(server.url) as direct:
        direct.update("DROP ALL", "cleaning up")
    with proxied(server.url) as started:
        yield started


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_release(tmp_path_factory.mktemp("small"))


def loaded(proxy: Proxy, release: Path, *, timeout: float = 60, listener: list[str] | None = None) -> dict[str, int]:
    heard = listener if listener is not None else []
    pauses = (0.01, 0.01, 0.01, 0.01)
    with Endpoint(proxy.url, "oxigraph", timeout=timeout, pauses=pauses, listener=heard.append) as endpoint:
        return load_release(release, endpoint, part_bytes=PART).sent


def in_store(server: Server) -> list[str]:
    """Versions that readers find whole."""
    with Endpoint(server.url) as direct:
        return [
            row["v"]
            for row in texts(
                direct,
                "SELECT ?v WHERE { GRAPH ?g { ?d <http://www.w3.org/ns/dcat#hasCurrentVersion> ?v } }",
                what="a test",
            )
        ]


def size(server: Server) -> int:
    with Endpoint(server.url) as direct:
        return int(texts(direct, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", what="a test")[0]["n"])


@pytest.fixture(scope="module")
def whole(server: Server, release: Path) -> int:
    """Triples of the default graph after a load that nothing disturbs."""
    with Endpoint(server.url) as direct:
        direct.update("DROP ALL", "cleaning up")
        load_release(release, direct)
    return size(server)


PASSING = {
    "reset in the middle of an upload": [None, faults.reset, None, faults.reset, faults.reset],
    "answer lost on its way back": [faults.lost_answer, None, faults.lost_answer],
    "503 twice, then fine": [faults.answering(503, "busy"), faults.answering(503, "busy", Retry_After="0")],
    "502 of a proxy": [faults.answering(502, "<h1>Bad Gateway</h1>", "text/html")],
}


@pytest.mark.parametrize("name", PASSING)
def test_what_passes_by_is_tried_again(name: str, proxy: Proxy, server: Server, release: Path, whole: int) -> None:
    proxy.faults += PASSING[name]
    heard: list[str] = []
    loaded(proxy, release, listener=heard)
    assert proxy.faults == [] and len(heard) == sum(fault is not None for fault in PASSING[name])
    assert all("trying again in" in message and "graph " in message for message in heard)
    assert size(server) == whole and len(in_store(server)) == 1


def refused(
    fault: Fault, proxy: Proxy, server: Server, release: Path, *, after: int = 3, times: int = 5
) -> ServerError:
    """The error of a load whose writes go wrong for good after some parts; readers see nothing of it."""
    proxy.faults += [None] * after + [fault] * times
    with pytest.raises(ServerError) as caught:
        loaded(proxy, release)
    assert in_store(server) == [] and size(server) == 0
    return caught.value


def test_a_full_disk_is_told_in_the_server_s_words_and_the_load_goes_on_later(
    proxy: Proxy, server: Server, release: Path, whole: int
) -> None:
    error = refused(faults.answering(507, "IO error: No space left on device"), proxy, server, release)
    assert "graph extra, part" in error.message or "graph clusters, part" in error.message
    assert "answered 507" in error.message and "No space left on device" in error.message
    assert "disk is full" in error.hint and "\n" not in error.message
    proxy.faults.clear()
    with Endpoint(server.url) as direct:
        there = sum(
            int(r["n"])
            for r in texts(direct, "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g", what="a test")
        )
    sent = loaded(proxy, release)
    assert sum(sent.values()) < whole and there > 0, "what was loaded is not sent again"
    assert size(server) == whole


def test_503_without_end_is_an_error_after_five_tries(proxy: Proxy, server: Server, release: Path) -> None:
    error = refused(faults.answering(503, "Down for <b>maintenance</b>", "text/html"), proxy, server, release)
    assert error.message.endswith("graph clusters, part 4: answered 503 Service Unavailable: Down for maintenance")
    assert len([path for method, path, _ in proxy.seen if "/store" in path]) == 3 + 5


def test_a_first_switch_that_is_broken_off_claims_nothing_and_is_finished_later(
    proxy: Proxy, server: Server, release: Path, whole: int
) -> None:
    """Oxigraph is sent a first release once more for its default graph, which is cheaper than a copy in the store."""
    proxy.spoil = lambda method, path: method == "POST" and "/store" in path and "default" in path
    proxy.faults += [None] + [faults.answering(507, "No space left on device")] * 5
    with pytest.raises(ServerError, match=r"switching to release 1\.0\.0: answered 507"):
        loaded(proxy, release)
    assert proxy.faults == [] and 0 < size(server) < whole
    with Endpoint(server.url) as direct:
        with pytest.raises(UsageError, match="no release is the current one, a switch was broken off"):
            graphs_to_ask(direct, stored_releases(direct), None)
        assert graphs_to_ask(direct, stored_releases(direct), "1.0.0"), "the version itself is whole"
    assert sum(loaded(proxy, release).values()) == 0, "nothing is sent again"
    assert size(server) == whole and len(in_store(server)) == 1


def test_a_4xx_is_not_tried_again(proxy: Proxy, server: Server, release: Path) -> None:
    error = refused(faults.answering(413, "Payload too large"), proxy, server, release, times=1)
    assert "answered 413" in error.message and "Payload too large" in error.message
    assert len([path for method, path, _ in proxy.seen if "/store" in path]) == 4


def test_a_proxy_s_page_with_status_200_is_no_success(proxy: Proxy, server: Server, release: Path) -> None:
    error = refused(faults.answering(200, HTML, "text/html"), proxy, server, release, times=1)
    assert "answered with a web page" in error.message and "Sign in to the network" in error.message
    assert "style" not in error.message and "<" not in error.message.rsplit("there: ", 1)[1]


def test_a_proxy_s_page_is_no_answer_to_a_query(proxy: Proxy, server: Server, release: Path) -> None:
    loaded(proxy, release)
    proxy.spoil = lambda method, path: "/query" in path
    proxy.faults += [faults.answering(200, HTML, "text/html")] * 2
    with Endpoint(proxy.url, "oxigraph", pauses=()) as endpoint:
        with pytest.raises(ServerError, match="something other than query results: Sign in"):
            texts(endpoint, "SELECT ?s WHERE { ?s ?p ?o } LIMIT 1", what="a test")
        with pytest.raises(ServerError, match="something other than query results: Sign in"):
            select(endpoint, "SELECT * WHERE { ?s ?p ?o } LIMIT 1")


def test_damaged_results_are_told(proxy: Proxy) -> None:
    proxy.spoil = lambda method, path: "/query" in path
    proxy.faults += [faults.answering(200, '{"head": {', "application/sparql-results+json")] * 2
    with Endpoint(proxy.url, "oxigraph", pauses=()) as endpoint:
        for ask in (lambda query: texts(endpoint, query, what="a test"), lambda query: select(endpoint, query)):
            with pytest.raises(ServerError, match="damaged query results"):
                ask("SELECT ?s WHERE { ?s ?p ?o } LIMIT 1")


def test_a_part_that_gets_lost_without_a_word_is_noticed(proxy: Proxy, server: Server, release: Path) -> None:
    error = refused(faults.answering(204, ""), proxy, server, release, times=1)
    assert "triples after loading, the manifest says" in error.message and "Nothing was switched" in error.hint


def test_a_redirect_is_told_and_not_followed(proxy: Proxy, server: Server, release: Path) -> None:
    error = refused(
        faults.answering(301, "", Location="https://elsewhere.example/store"), proxy, server, release, times=1
    )
    assert "sends us on to https://elsewhere.example/store (301); give that URL" in error.message


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_a_refused_connection_ends_with_status_3_and_two_lines(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("esco_kg.store.client._PAUSES", (0.01,))
    monkeypatch.setattr(Endpoint.__init__, "__kwdefaults__", {**Endpoint.__init__.__kwdefaults__, "pauses": (0.01,)})  # type: ignore[dict-item]
    url = f"http://127.0.0.1:{free_port()}/esco"
    for done in (
        run("load", release, "--endpoint", url, "--quiet"),
        run("query", "level-clusters", "--endpoint", url),
    ):
        assert done.exit_code == 3 and f"error: {url}" in done.stderr and "refused" in done.stderr
        assert done.stderr.count("\n") == 2 and "Is the server running" in done.stderr


def test_a_store_that_wants_credentials_is_told_from_one_that_refuses_them(
    proxy: Proxy, release: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("ESCO_KG_USER", "ESCO_KG_PASSWORD", "ESCO_KG_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "none"))
    proxy.spoil = lambda method, path: method == "POST"
    proxy.faults += [faults.answering(401, "Who are you?")]
    done = run("load", release, "--endpoint", proxy.url, "--store", "oxigraph")
    assert done.exit_code == 3 and "No credentials were sent" in done.stderr


def test_a_forgotten_version_is_told(proxy: Proxy) -> None:
    done = run("load", "--current", "--endpoint", proxy.url)
    assert done.exit_code == 2 and "--current --endpoint is no version" in done.stderr


def test_wrong_credentials_are_told_without_a_second_try(
    proxy: Proxy, release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESCO_KG_USER", "loader")
    monkeypatch.setenv("ESCO_KG_PASSWORD", "s3cret")
    proxy.spoil = lambda method, path: method == "POST"
    proxy.faults += [faults.answering(401, "Unknown user or wrong password")]
    done = run("load", release, "--endpoint", proxy.url, "--store", "oxigraph")
    assert done.exit_code == 3 and "answered 401 Unauthorized: Unknown user or wrong password" in done.stderr
    assert "ESCO_KG_PASSWORD" in done.stderr and "s3cret" not in done.output
    assert "It refused the credentials that were sent" in done.stderr
    assert len(proxy.seen) == 1


def authorisations(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What is sent with a write, a read for loading, and a saved query."""
    with Endpoint(proxy.url, "oxigraph") as endpoint:
        endpoint.update("INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> <urn:c> } }", "a test")
        texts(endpoint, "SELECT ?s WHERE { ?s ?p ?o } LIMIT 1", what="a test")
        select(endpoint, "SELECT * WHERE { ?s ?p ?o } LIMIT 1")
    return {headers.get("Authorization", "") for _, _, headers in proxy.seen}


def test_basic_and_bearer_come_from_the_environment(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESCO_KG_USER", "loader")
    monkeypatch.setenv("ESCO_KG_PASSWORD", "pässword:x")
    expected = "Basic " + base64.b64encode("loader:pässword:x".encode()).decode()
    assert authorisations(proxy, monkeypatch) == {expected}
    proxy.seen.clear()
    monkeypatch.setenv("ESCO_KG_TOKEN", "abc.def")
    assert authorisations(proxy, monkeypatch) == {"Bearer abc.def"}


def test_a_netrc_file_is_read(proxy: Proxy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "my netrc"
    file.write_text("machine 127.0.0.1 login loader password s3cret\nmachine elsewhere login a password b\n")
    file.chmod(0o600)
    monkeypatch.setenv("NETRC", str(file))
    assert authorisations(proxy, monkeypatch) == {"Basic " + base64.b64encode(b"loader:s3cret").decode()}


def test_without_credentials_none_are_sent(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    assert authorisations(proxy, monkeypatch) == {""}


def test_a_damaged_netrc_file_is_told_without_its_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "netrc"
    file.write_text("machine x\nlogin a\npassword b\nhunter2 c\n")
    file.chmod(0o600)
    monkeypatch.setenv("NETRC", str(file))
    done = run("load", "--current", "1.0.0", "--endpoint", "http://127.0.0.1:1/esco")
    assert done.exit_code == 3 and f"{file}:4: not readable as a netrc file" in done.stderr
    assert "hunter2" not in done.output


@pytest.mark.parametrize("url", ["http://user:s3cret@127.0.0.1:3030/esco", "https://token@example.org/esco"])
def test_credentials_in_a_url_are_refused_and_not_repeated(url: str) -> None:
    done = run("load", "--current", "1.0.0", "--endpoint", url)
    assert done.exit_code == 2 and "holds a user name or a password" in done.stderr
    assert "s3cret" not in done.output and "token@" not in done.output


@pytest.mark.parametrize("url", ["127.0.0.1:3030/esco", "ftp://x/y", "http://", "http://x/y?z"])
def test_what_is_no_url_is_told(url: str) -> None:
    done = run("load", "--current", "1.0.0", "--endpoint", url)
    assert done.exit_code == 2 and "is no URL of an endpoint" in done.stderr


def test_a_certificate_of_nobody_is_not_accepted(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1", "-days", "2",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    with proxied("http://127.0.0.1:1") as bare:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        with socket.create_server(("127.0.0.1", 0)) as listening:
            import threading

            def serve() -> None:
                for _ in range(2):
                    connection, _ = listening.accept()
                    try:
                        context.wrap_socket(connection, server_side=True)
                    except OSError:  # the client hangs up, as it should
                        connection.close()

            thread = threading.Thread(target=serve, daemon=True)
            thread.start()
            url = f"https://127.0.0.1:{listening.getsockname()[1]}/esco"
            with pytest.raises(ServerError, match="certificate"):
                Endpoint(url, pauses=())
            endpoint = Endpoint(url, "fuseki", pauses=())
            with pytest.raises(ServerError, match="certificate"):
                select(endpoint, "SELECT * WHERE { ?s ?p ?o }")
            thread.join(5)
        assert bare.seen == []


def test_a_load_that_is_killed_is_finished_by_the_next(proxy: Proxy, server: Server, release: Path, whole: int) -> None:
    """The process is gone without a chance to tidy up."""
    proxy.faults += [None, None, faults.slow(30)]
    code = (
        "import sys; from pathlib import Path; from esco_kg.store.client import Endpoint;"
        "from esco_kg.store.load import load_release;"
        f"load_release(Path(sys.argv[1]), Endpoint(sys.argv[2], 'oxigraph'), part_bytes={PART})"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(release), proxy.url])
    deadline = time.monotonic() + 60
    while proxy.faults and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert proxy.faults == [] and in_store(server) == [] and size(server) == 0
    sent = loaded(proxy, release)
    assert 0 < sum(sent.values()) < whole and size(server) == whole
    with Endpoint(server.url) as direct:
        assert stored_releases(direct).current == "1.0.0"
