"""Stand-ins for the planner: quick, slow, failing and dying ones. Jobs find them by name."""

from __future__ import annotations

import os
import signal
import time
from types import SimpleNamespace
from typing import Any

from gemba.operation import Objective, Operation, Plan, PlannedOrder, PlannedTask
from gemba.operation.moments import seconds as at


def quick(operation: Operation, *, seed: int = 0, policy: str = "on_time", **_: Any) -> Plan:
    """A plan of one order and one task."""
    now = at(operation.now)
    order = PlannedOrder("P-1", "make", operation.items[0].name, "", 1.0, now, now + 3600)
    task = PlannedTask("P-1", "Step", now, now + 3600, (("Somebody", 1.0),))
    objective = Objective(value=2.0, bound=1.0)
    return Plan(operation.name, now, [order], [task], policy=policy, seed=seed, objective=objective)


def slow(operation: Operation, *, progress: Any, stop: Any, **options: Any) -> Plan:
    """Works for half a minute unless told to stop, and says all the time how far it is."""
    end = time.monotonic() + 30
    while time.monotonic() < end and not stop():
        progress(SimpleNamespace(stage="search", objective=3.0, bound=float("-inf"), elapsed=1.0))
        time.sleep(0.02)
    return quick(operation, **options)


def short(operation: Operation, **options: Any) -> Plan:
    """Takes a moment, so that a worker can be killed in it."""
    time.sleep(0.3)
    return quick(operation, **options)


def failing(operation: Operation, **_: Any) -> Plan:
    raise ValueError("the sky is falling")


def dying(operation: Operation, **_: Any) -> Plan:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")
