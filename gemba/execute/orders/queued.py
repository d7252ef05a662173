"""Since when a task could have begun: what it waits from there until it starts is its queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from gemba.execute.orders.progress import TaskProgress
from gemba.execute.orders.shape import Shape


def queued(
    step: str, tasks: Sequence[TaskProgress], shape: Shape | None, released: datetime, earliest: datetime | None = None
) -> datetime:
    """When a task began to wait: when the last of the steps before it had ended and its move time (drying, transport)
    was over; of a first step when the order was released, or when it may begin (``earliest``: a patient's arrival)."""
    before = shape.before.get(step, frozenset()) if shape else frozenset()
    moves = {s.name: timedelta(seconds=s.move_time) for s in shape.steps} if shape else {}
    ends = [t.end + moves.get(t.step, timedelta(0)) for t in tasks if t.step in before and t.end is not None]
    return max(ends) if ends else max(released, earliest or released)
