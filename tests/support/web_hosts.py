"""nginx and Apache of our own for tests: on a free port of this machine, ended by the process."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

PACKAGES = {"nginx": "nginx-light", "apache2": "apache2-bin"}
_NGINX = """
daemon off; worker_processes 1; pid {work}/nginx.pid; error_log {work}/error.log; {user}
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {work}/a; proxy_temp_path {work}/b; fastcgi_temp_path {work}/c;
  uwsgi_temp_path {work}/d; scgi_temp_path {work}/e;
  {outside}
  server {{ listen 127.0.0.1:{port}; {inside} }}
}}
"""
_APACHE = """
ServerRoot {work}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile {work}/apache.pid
ErrorLog {work}/error.log
{user}
{modules}
TypesConfig {work}/mime.types
{inside}
"""


@contextmanager
def web_host(
    name: str, work: Path, inside: str, *, outside: str = "", modules: Sequence[str] = (), user: str = "www-data"
) -> Iterator[str]:
    """The address of a running ``nginx`` or ``apache2`` without a slash at the end.

    ``inside`` stands in its server's settings; ``outside`` is for nginx alone, ``modules`` for Apache alone.
    """
    program = shutil.which(name) or f"/usr/sbin/{name}"
    if not Path(program).is_file():
        pytest.skip(f"no {name} here (apt-get install {PACKAGES[name]})")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    is_root = os.geteuid() == 0
    settings = work / "server.conf"
    if name == "nginx":
        who = "user root;" if is_root else ""
        settings.write_text(_NGINX.format(work=work, port=port, user=who, outside=outside, inside=inside))
        command = [program, "-c", str(settings), "-p", str(work)]
    else:
        (work / "mime.types").write_text("text/html html\ntext/css css\nimage/svg+xml svg\napplication/json json\n")
        loaded = "\n".join(f"LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so" for m in modules)
        who = f"User {user}\nGroup {user}" if is_root else ""
        settings.write_text(_APACHE.format(work=work, port=port, user=who, modules=loaded, inside=inside))
        command = [program, "-f", str(settings), "-DFOREGROUND"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_for(port: int, process: subprocess.Popen[str]) -> None:
    for _ in range(200):
        assert process.poll() is None, process.stderr and process.stderr.read()
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server does not answer")
