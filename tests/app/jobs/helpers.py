"""Workers as processes, for tests that kill them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from gemba.app.store.models import Job


@contextmanager
def worker_process(environment: dict[str, str], planner: str, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """``gemba worker``, with a stand-in for the planner."""
    command = [sys.executable, "-c", "import sys; from gemba.app.jobs.__main__ import main; sys.exit(main())", *options]
    worker = subprocess.Popen(
        command, stdin=subprocess.PIPE, env={**environment, "GEMBA_PLANNER": f"tests.app.stub_planner.{planner}"}
    )
    try:
        yield worker
    finally:
        with suppress(ProcessLookupError):
            worker.terminate()
        try:
            worker.wait(10)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
        if worker.stdin:
            worker.stdin.close()


def kill_hard(worker: subprocess.Popen[bytes]) -> None:
    """kill -9: nothing can be put in order first."""
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()


def until(true: Callable[[], Any], seconds: float = 30) -> Any:
    """Wait until something is true; what it was."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = true()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"did not happen within {seconds} seconds")


def state(job: Job) -> str:
    job.refresh_from_db()
    return str(job.state)
