"""A worker: takes one job after another and watches over the process that does it."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import Error, close_old_connections

from gemba.app.actions.seals import EVERY, behind, seal
from gemba.app.jobs import queue
from gemba.app.store.models import Job

log = logging.getLogger("gemba.jobs")

#: Seconds between two looks for work, and between two looks at a calculation.
IDLE, LOOK = 1.0, 0.25


class Worker:
    """Runs jobs until told to end. ``name`` says in the job's row who has it."""

    def __init__(self, ended: Callable[[], bool] = lambda: False) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.told_to_end = False
        self.ended = ended
        self._seal_at, self._behind = 0.0, False

    def end(self, *_: Any) -> None:
        """Stop soon, giving back the job at hand."""
        self.told_to_end = True

    @property
    def ending(self) -> bool:
        return self.told_to_end or self.ended()

    def run(self, *, once: bool = False) -> int:
        """Do jobs until told to end, or (``once``) until none waits; how many were done."""
        done = 0
        while not self.ending:
            self._seal()
            job = self._claim()
            if job is not None:
                self.do(job)
                done += 1
            elif once:
                break
            else:
                time.sleep(IDLE)
        return done

    def _claim(self) -> Job | None:
        close_old_connections()
        try:
            return queue.claim(self.name)
        except Error:
            log.exception("cannot look for jobs; trying again")
            time.sleep(IDLE)
            return None

    def _seal(self) -> None:
        """Once a minute: give what was recorded its place in the audit trail."""
        if time.monotonic() < self._seal_at:
            return
        self._seal_at = time.monotonic() + EVERY.total_seconds()
        try:
            self._behind = behind(seal(at_least=timedelta(0) if self._behind else EVERY / 2))
            if self._behind:
                self._seal_at = time.monotonic() + LOOK
        except Error:
            log.warning("cannot seal the records now; trying again in a minute", exc_info=True)
            close_old_connections()

    def do(self, job: Job) -> None:
        """Have one job done by a child process."""
        with suppress(queue.LostJobError):
            child = start_child(job.pk, job.token)
            try:
                verdict = self._watch(child, job)
            finally:
                kill(child)
            _settle(job, verdict, child.returncode)

    def _watch(self, child: subprocess.Popen[bytes], job: Job) -> str:
        """Wait for the child, renewing the lease; blank where it ended by itself, else why it must."""
        pause = settings.GEMBA_LEASE_SECONDS / 3
        renew_at = time.monotonic() + pause
        while child.poll() is None:
            if self.ending:
                return "give back"
            self._seal()
            try:
                asked = queue.wanted(job.pk, job.token)
                if asked in ("cancel", "lost") and child.poll() is None:
                    return asked
                if time.monotonic() >= renew_at:
                    renew_at = time.monotonic() + pause
                    queue.renew(job.pk, job.token)
            except Error:  # the lease outlives a short outage; the token guards against a long one
                log.warning("job %s: the database does not answer", job.pk, exc_info=True)
                close_old_connections()
            with suppress(subprocess.TimeoutExpired):
                child.wait(LOOK)
        return ""


def _settle(job: Job, verdict: str, code: int | None) -> None:
    """Write down how a job ended that its child did not end itself."""
    if verdict == "cancel":
        queue.cancelled(job.pk, job.token)
    elif verdict == "give back":
        queue.give_back(job.pk, job.token, crashed=False)
    elif verdict == "" and queue.wanted(job.pk, job.token) == "cancel":
        queue.cancelled(job.pk, job.token)
    elif verdict == "" and queue.wanted(job.pk, job.token) != "lost":
        log.error("job %s: its process ended with %s before it was done", job.pk, code)
        queue.give_back(job.pk, job.token, crashed=True)


def start_child(job_id: int, token: int) -> subprocess.Popen[bytes]:
    """The process that does a job: fresh, in a group of its own, so that all it starts can be killed with it."""
    command = [sys.executable, "-m", "gemba.app.jobs.child", str(job_id), str(token)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)


def kill(child: subprocess.Popen[bytes]) -> None:
    """End a child and all it started, now."""
    if child.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    if child.stdin:
        child.stdin.close()
