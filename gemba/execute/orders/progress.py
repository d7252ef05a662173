"""How far tasks and orders are, folded from their events. Also what the server adds to an event: the time it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from gemba.execute.orders.states import FINAL_TASK_STATES, ORDER_CHANGES, TASK_CHANGES, NotPossibleError, after
from gemba.operation import Event
from gemba.operation.records import EVENT_KINDS, ZERO

#: Seconds of work between two moments on a resource (its open hours).
Worked = Callable[[datetime, datetime, str], float]


@dataclass(frozen=True, slots=True)
class TaskProgress:
    """Where a task stands. ``since``: from when the time runs that its next event will end; seconds of work so far."""

    order: str
    step: str
    since: datetime
    state: str = "waiting"
    start: datetime | None = None
    end: datetime | None = None
    seconds: float = 0.0
    good: Decimal = ZERO
    scrap: Decimal = ZERO
    rework: Decimal = ZERO
    resource: str = ""
    person: str = ""

    @property
    def processed(self) -> Decimal:
        return self.good + self.scrap + self.rework


@dataclass(frozen=True, slots=True)
class OrderProgress:
    """Where an order stands; ``good`` is what its last steps have all yielded."""

    order: str
    since: datetime
    state: str = "released"
    start: datetime | None = None
    end: datetime | None = None
    good: Decimal = ZERO
    scrap: Decimal = ZERO


def completed(task: TaskProgress, event: Event, worked: Worked) -> Event:
    """The event with the time it ends filled in: from when, and how many seconds of work.

    Time in which the resource is closed does not count, unless all of it is closed (overtime).
    """
    if event.corrects or event.start is not None or not EVENT_KINDS[event.kind] or task.state == "waiting":
        return event
    seconds = worked(task.since, event.at, event.resource or task.resource)
    return replace(event, start=task.since, seconds=seconds or (event.at - task.since).total_seconds())


def apply(task: TaskProgress, event: Event) -> TaskProgress:
    """The task after an event.

    Raises:
        NotPossibleError: where its state does not allow the event, or the event is before the last one.
    """
    if event.corrects:
        return _amounts(task, event)
    what = f"Task {event.step or event.order} of {event.order}" if event.step else f"Order {event.order}"
    state = after(TASK_CHANGES, event.kind, task.state, what)
    if event.at < task.since and task.state != "waiting":
        raise NotPossibleError(
            f"{what}: {event.at:%Y-%m-%d %H:%M:%S} is before its last report, {task.since:%H:%M:%S}."
        )
    if event.kind == "checked":
        return task
    begun = event.start if event.kind == "worked" else event.at
    return replace(
        _amounts(task, event),
        state=state,
        since=event.at,
        start=task.start or (begun if state != "skipped" else None),
        end=event.at if state in FINAL_TASK_STATES else None,
        resource=event.resource or task.resource,
        person=event.person or task.person,
    )


def _amounts(task: TaskProgress, event: Event) -> TaskProgress:
    working = EVENT_KINDS[event.kind] in ("set-up", "production")
    return replace(
        task,
        seconds=task.seconds + (event.seconds if working else 0.0),
        good=task.good + event.good,
        scrap=task.scrap + event.scrap,
        rework=task.rework + event.rework,
    )


def order_progress(order: OrderProgress, tasks: Sequence[TaskProgress], last: Iterable[str]) -> OrderProgress:
    """The order after its tasks have changed; ``last`` names the steps that nothing follows."""
    ends = set(last)
    yields = [t.good for t in tasks if t.step in ends and t.state != "skipped"]
    found = replace(
        order, good=min(yields, default=ZERO), scrap=sum((t.scrap for t in tasks), ZERO), state=_state(order, tasks)
    )
    starts = [t.start for t in tasks if t.start]
    done = [t.end for t in tasks if t.end]
    return replace(
        found,
        start=min(starts, default=None),
        end=max(done, default=None) if found.state in ("done", "closed") else None,
        since=order.since if found.state == order.state else max([t.since for t in tasks], default=order.since),
    )


def _state(order: OrderProgress, tasks: Sequence[TaskProgress]) -> str:
    if order.state in ("draft", "closed", "cancelled"):
        return order.state
    states = {t.state for t in tasks}
    if tasks and states <= FINAL_TASK_STATES:
        return "done"
    if "started" in states:
        return "started"
    if "paused" in states:
        return "paused"
    return "started" if states & FINAL_TASK_STATES else "released"


def change_order(order: OrderProgress, event: Event) -> OrderProgress:
    """The order after an event of its own: released, closed, cancelled.

    Raises:
        NotPossibleError: where its state does not allow that.
    """
    state = after(ORDER_CHANGES, event.kind, order.state, f"Order {event.order}")
    return replace(order, state=state, since=event.at)
