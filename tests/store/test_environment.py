"""A URL, a proxy, certificates or credentials that are none: one line that names them, and no secret in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from esco_kg.cli import main

HERE = "http://127.0.0.1:9/"


def said(url: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["query", "level-clusters", "--endpoint", url, "--timeout", "1"])
    return done.exit_code, done.stderr


@pytest.mark.parametrize(
    "url",
    [
        "http://[bad/", "http://127.0.0.1:99999/", "http://127.0.0.1:abc/", "http://xn--/", "http://a..b/", "http:///x",
        f"http://{'a' * 64}.example/", "http://127.0.0.1:9/a\nb", "http://\uff11.0.0.1:9/", "http://127.0.0.1:\uff19/",
    ],
)  # fmt: skip
def test_a_url_that_is_none_is_named(url: str) -> None:
    """Five of these ended in a traceback."""
    status, error = said(url)
    assert status == 2 and "is no URL of an endpoint" in error, error


@pytest.mark.parametrize("proxy", ["http://[bad/", "ftp://127.0.0.1:9", "socks5://u:s3cret@h:9", "http://h:99999"])
def test_a_proxy_that_is_none_is_named_without_its_password(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", proxy)
    monkeypatch.setenv("no_proxy", "")
    status, error = said("http://192.0.2.1:9/")
    assert status == 2 and "http_proxy is no URL of an HTTP proxy" in error and "s3cret" not in error, error


@pytest.mark.parametrize("content", [None, b"no certificate"])
def test_certificates_that_are_none_are_named(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content:
        (tmp_path / "roots.pem").write_bytes(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "roots.pem"))
    status, error = said(HERE)
    assert status == 3 and f"SSL_CERT_FILE={tmp_path / 'roots.pem'}" in error, error


@pytest.mark.parametrize("name", ["ESCO_KG_TOKEN", "ESCO_KG_USER"])
def test_what_no_header_can_hold_is_told_without_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "s3cret\nX: y")
    status, error = said(HERE)
    assert status == 2 and f"{name} holds a character" in error and "s3cret" not in error, error


def test_a_netrc_file_in_no_encoding_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ESCO_KG_USER", raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    (tmp_path / "netrc").write_bytes(b"\xff\xfe machine s3cret")
    status, error = said(HERE)
    assert status == 3 and "not readable as a netrc file" in error and "s3cret" not in error, error
