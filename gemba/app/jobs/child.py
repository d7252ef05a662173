"""One calculation, in a process of its own: it can be killed at any moment, and takes nothing down with it.

Started by ``worker`` as ``python -m gemba.app.jobs.child JOB TOKEN``; its standard input is a pipe that closes when
the worker dies, and then it dies too.
"""

from __future__ import annotations

import logging
import math
import os
import signal
import sys
import threading
import time
from typing import Any

log = logging.getLogger("gemba.jobs")

#: Seconds between two progress rows, and between two looks at whether to stop.
PAUSE = 0.5


def main(arguments: list[str]) -> int:
    job_id, token = int(arguments[0]), int(arguments[1])
    threading.Thread(target=_die_with_parent, daemon=True).start()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gemba.app.settings")
    import django

    django.setup()
    from gemba.app.jobs.queue import LostJobError, fail

    try:
        work(job_id, token)
    except LostJobError as lost:
        log.warning("%s", lost)
    except Exception as error:
        log.exception("job %s failed", job_id)
        fail(job_id, token, explained(error))
    return 0


def _die_with_parent() -> None:
    """Wait for the end of standard input, which only the parent's death brings; then end with all we started."""
    os.read(0, 1)
    if os.getpgid(0) == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)


def work(job_id: int, token: int) -> None:
    """Load the operation, plan it, save the plan and end the job; or compute the effect of proposals, and keep that."""
    from django.conf import settings
    from django.utils.module_loading import import_string

    from gemba.app.jobs.effects import compute
    from gemba.app.jobs.queue import conclude, finish
    from gemba.app.queries.learning import LEARN
    from gemba.app.queries.work import as_it_stands
    from gemba.app.store.models import Job

    job = Job.objects.select_related("dataset").get(pk=job_id)
    operation, begun = as_it_stands(job.dataset_id, job.dataset.name)
    watch = Watch(job_id, token)
    make_plan = import_string(settings.GEMBA_PLANNER)
    if job.kind == LEARN:
        conclude(job_id, token, compute(operation, job.options, make_plan, watch.progress, watch.stop))
        return
    plan = make_plan(operation, **job.options, progress=watch.progress, stop=watch.stop)
    finish(job_id, token, plan, operation if begun else None)


def explained(error: Exception) -> str:
    """What to tell the person who asked for the plan."""
    from gemba.operation import OperationError

    if isinstance(error, OperationError):
        return "\n".join(str(fault) for fault in error.faults[:20])
    if isinstance(error, MemoryError):
        return "The calculation ran out of memory."
    return f"The calculation failed: {type(error).__name__}: {error}. See the server's log."


class Watch:
    """Between the engine, which reports and asks often, and the database, which is told and asked now and then."""

    def __init__(self, job_id: int, token: int) -> None:
        self.job_id, self.token = job_id, token
        self.last_report = self.last_look = -math.inf
        self.stopping = False

    def progress(self, progress: Any) -> None:
        """Write down how far the calculation is, at most twice a second."""
        from django.db import OperationalError

        from gemba.app.jobs.queue import report

        now = time.monotonic()
        if now - self.last_report < PAUSE:
            return
        self.last_report = now
        try:
            report(self.job_id, self.token, progress_row(progress))
        except OperationalError:
            log.warning("job %s: progress not written", self.job_id, exc_info=True)

    def stop(self) -> bool:
        """Whether to end with the best so far; asks the database at most twice a second."""
        from django.db import OperationalError

        from gemba.app.jobs.queue import wanted

        now = time.monotonic()
        if not self.stopping and now - self.last_look >= PAUSE:
            self.last_look = now
            try:
                self.stopping = wanted(self.job_id, self.token) != ""
            except OperationalError:
                log.warning("job %s: could not look whether to stop", self.job_id, exc_info=True)
        return self.stopping


def progress_row(progress: Any) -> dict[str, Any]:
    """The engine's progress as JSON, which knows no infinity."""
    numbers = {name: float(getattr(progress, name)) for name in ("objective", "bound", "elapsed")}
    return {"stage": str(progress.stage), **{n: v if math.isfinite(v) else None for n, v in numbers.items()}}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
