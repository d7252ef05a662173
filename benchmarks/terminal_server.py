"""A server with a worker that can be killed and started again, and a database of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def connect(folder: str, database: str) -> Callable[[], None]:
    """Django on a new database; what removes it again."""
    os.environ.update(GEMBA_DATA=folder, DJANGO_SETTINGS_MODULE="gemba.app.settings", GEMBA_LOG="ERROR")
    os.environ.pop("DATABASE_URL", None)
    remove: Callable[[], None] = lambda: None  # noqa: E731
    if database != "sqlite":
        remove = _new_database(database)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return remove


def _new_database(address: str) -> Callable[[], None]:
    import psycopg

    name = f"gemba_terminal_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    os.environ["DATABASE_URL"] = f"{address.rpartition('/')[0]}/{name}"

    def remove() -> None:
        from django.db import connections

        connections.close_all()
        with psycopg.connect(address, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")

    return remove


class Server:
    """``gemba serve`` as a process group."""

    def __init__(self, folder: Path, processes: int) -> None:
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.port = int(one.getsockname()[1])
        self.folder, self.processes = folder, processes
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "gemba", "serve", "--port", str(self.port)]
        command += ["--workers", str(self.processes)]
        self.process = subprocess.Popen(
            command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=(self.folder / "server.log").open("ab")
        )
        for _ in range(600):
            with suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/sign-in/", timeout=5).close()
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError((self.folder / "server.log").read_text()[-2000:])

    def kill(self) -> None:
        """SIGKILL to the server, its worker and every process they started."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(30)
            self.process = None
