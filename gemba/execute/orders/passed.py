"""How much reaches a task: what the steps before it have lost is not there to be worked on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal

from gemba.execute.orders.booking import exactly
from gemba.execute.orders.carried import LiveTask


def reaching(task: LiveTask, before: Collection[str], tasks: Iterable[LiveTask]) -> Decimal:
    """Units that a task has to work on: as it was released, less the share that the steps before it, once they are
    done, have not passed on as good (what they give to be reworked comes with an order of its own)."""
    found = task.task.quantity
    for t in tasks:
        if t.task.step in before and t.progress.state == "done" and t.task.quantity:
            found = min(found, exactly(task.task.quantity * t.progress.good / t.task.quantity))
    return found
