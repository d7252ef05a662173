"""The web server, with a worker at its side."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from gemba.app.environment import LOOPBACK

STATIC = Path(__file__).parent / "web" / "static"
#: Ports tried after the one asked for.
MORE_PORTS = 50
#: Seconds a browser keeps a static file before it asks again.
STATIC_SECONDS = 300
#: Seconds that a server told to stop may take for what it is doing; then it is ended.
STOPPING = 8
#: More threads than this only wait for one another.
THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)
#: Seconds to wait before a worker that died is started again.
PAUSE = 2.0


def free_port(host: str, port: int) -> int:
    """The port asked for, or where somebody has it the next one that is free.

    Raises:
        OSError: where none is.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, min(port + MORE_PORTS, 65535) + 1):
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                trial.bind((host, candidate))
                return candidate
    raise OSError(f"no port from {port} to {port + MORE_PORTS} can be had on {host}")


def is_loopback(host: str) -> bool:
    return host in LOOPBACK or host.startswith("127.") or host == "::1"


def run(host: str, port: int, processes: int) -> None:
    """Serve until told to stop (Ctrl-C or SIGTERM)."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server: Any = Granian(
        "gemba.app.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=THREADS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=STOPPING,
        log_level=LogLevels.warning,
        static_path_route=["/static"],
        static_path_mount=[STATIC],
        static_path_expires=STATIC_SECONDS,
    )
    with WorkerBeside():
        server.serve()


class WorkerBeside:
    """A worker process for as long as the server runs; one that dies is started again."""

    def __enter__(self) -> WorkerBeside:
        self.over = threading.Event()
        self.process = self._start()
        self.watch = threading.Thread(target=self._keep_alive, daemon=True)
        self.watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        if self.process.stdin:
            self.process.stdin.close()
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        self.process.kill()
        self.watch.join(PAUSE)

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "gemba.app.jobs"], stdin=subprocess.PIPE)

    def _keep_alive(self) -> None:
        while not self.over.wait(PAUSE):
            if self.process.poll() is not None:
                self.process = self._start()
