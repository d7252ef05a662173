"""Reporting work: one report is one event, with the movements and the states that follow from it, in one transaction.

A report has a uid of its own, made where it is typed: sent again, it is answered as before and nothing happens twice.
Reports have no audit row each: events are themselves only ever added, and sealed into the audit trail.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from gemba.app.actions.audit import record
from gemba.app.actions.receipts import await_inspection, lot_number
from gemba.app.actions.refused import RefusedError
from gemba.app.actions.release import last_steps, made_order, save, uid
from gemba.app.actions.services import deliver
from gemba.app.actions.stock import open_ledger, post_movements
from gemba.app.queries.current import Current, current
from gemba.app.queries.ledger import costs, pick
from gemba.app.security.scope import require_place
from gemba.app.store import quick, states
from gemba.app.store.clock import now
from gemba.app.store.locks import lock, queue
from gemba.app.store.models import OrderState, TaskState
from gemba.app.store.operations import NotFoundError
from gemba.app.store.quick import remembering
from gemba.app.store.records import append, read, stored
from gemba.execute.ledger.movements import Maker
from gemba.execute.orders.booking import Booking, Pick, Picked, finished_transport, movements
from gemba.execute.orders.progress import OrderProgress, TaskProgress, apply, completed, order_progress
from gemba.execute.orders.queued import queued
from gemba.execute.orders.states import CLOSED_STATES, NotPossibleError
from gemba.operation import Event, Movement, ReleasedOrder, ReleasedTask
from gemba.operation.records import ZERO

#: A report may be this far ahead of the operation's clock: clocks of tablets differ.
AHEAD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody reports on a task (a blank step: on an order without tasks). ``at`` None is now."""

    uid: str
    kind: str
    order: str
    step: str = ""
    at: datetime | None = None
    resource: str = ""
    person: str = ""
    good: Decimal = ZERO
    scrap: Decimal = ZERO
    rework: Decimal = ZERO
    reason: str = ""
    lot: str = ""
    subject: str = ""
    note: str = ""
    used: Mapping[str, Sequence[tuple[str, Decimal]]] = field(default_factory=dict)  # item → (lot, quantity)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a report has come to: the event, and where task and order stand after it."""

    event: Event
    task: TaskProgress
    order: OrderProgress
    again: bool = False  # the same report had been taken before
    rework: str = ""  # number of the order that reworks what was reported for it


def report(user: Any, operation: str, given: Report) -> Outcome:
    """Take a report: once, whole or not at all.

    Raises:
        NotFoundError: where there is no such order or task.
        RefusedError: where the order's or the task's state does not allow it, or a figure cannot be.
        PermissionDenied: where the user may not report work at this place.
    """
    try:
        try:
            with queue(), remembering(), transaction.atomic():
                return _report(user, operation, given)
        except IntegrityError:  # the same report came twice at the same time: the other one was first
            with queue(), remembering(), transaction.atomic():
                return _report(user, operation, given)
    except NotPossibleError as error:
        raise RefusedError(str(error)) from None


def _report(user: Any, operation: str, given: Report) -> Outcome:
    _check(given)
    order_row, rows = _locked(operation, given)
    head = read(operation, "released_orders", order=given.order)[0]
    task_row = next(r for r in rows if r.step == given.step)
    require_place(user, "report_work", operation, head.place)
    earlier = next(iter(read(operation, "events", uid=given.uid)), None)
    if earlier is not None:
        return Outcome(earlier, states.of_task(task_row), states.of_order(order_row), again=True)
    if order_row.state in CLOSED_STATES or order_row.state == "draft":
        raise NotPossibleError(f"Order {given.order} is {order_row.state}: nothing can be reported on it.")
    here = current(operation)
    work = _Work(operation, here, head, read(operation, "released_tasks", order=given.order), user)
    moment = work.moment(given)
    task = states.of_task(task_row)
    ready = None
    if given.kind == "started":
        _may_start(work, given.step, rows)
        ready = work.queued(given.step, [states.of_task(r) for r in rows])
    if given.kind == "finished" and task.state == "paused":  # "done" after a pause: it went on meanwhile
        task = work.write(
            task, replace(given, uid=f"{given.uid}-resumed", kind="resumed", reason=""), moment, task_row
        )[1]
    event, after = work.write(task, given, moment, task_row, ready)
    every = [after if r.step == given.step else states.of_task(r) for r in rows]
    before = states.of_order(order_row)
    order = order_progress(before, every, last_steps(head, work.tasks, here))
    states.update_order(order_row, order)
    work.post(event, task, order.good - before.good, given.used)
    if head.kind == "service" and order.state == "done" and before.state != "done":
        order = deliver(user, operation, head, event, order_row)
    reworked = work.rework(event) if event.rework > 0 else ""
    return Outcome(event, after, order, rework=reworked)


def _check(given: Report) -> None:
    wrong = []
    if not given.uid or len(given.uid) > 190:
        wrong.append("The report's uid must be 1 to 190 characters.")
    if min(given.good, given.scrap, given.rework) < 0:
        wrong.append("Quantities cannot be negative; take an earlier report back instead.")
    if given.kind not in ("reported", "finished", "worked") and (given.good or given.scrap or given.rework):
        wrong.append(f"Quantities are reported with reported or finished, not with {given.kind}.")
    if (given.scrap or given.rework) and not given.reason:
        wrong.append("Scrap and rework need a reason.")
    if given.kind == "paused" and not given.reason:
        wrong.append("A pause needs a reason.")
    if wrong:
        raise RefusedError(" ".join(wrong))


def _locked(operation: str, given: Report) -> tuple[OrderState, list[TaskState]]:
    own = 'operation = %s AND "order" = %s'
    order = next(iter(quick.rows(OrderState, own, operation, given.order, locked=True)), None)
    if order is None:
        raise NotFoundError(f"there is no released order {given.order}")
    rows = quick.rows(TaskState, own, operation, given.order)
    if not any(r.step == given.step for r in rows):
        known = ", ".join(r.step or "(the order as a whole)" for r in rows)
        raise NotFoundError(f"order {given.order} has no step {given.step!r}; it has {known}")
    return order, rows


def _may_start(work: _Work, step: str, rows: Sequence[TaskState]) -> None:
    """A step starts when those before it have at least begun to yield (or there is no such step left)."""
    shape = work.here.shapes.get(work.head.process)
    waiting = [r.step for r in rows if shape and r.step in shape.before.get(step, ()) and r.state == "waiting"]
    if waiting:
        raise NotPossibleError(f"{step} of {work.head.order} cannot start: {', '.join(waiting)} comes before it.")


@dataclass(frozen=True, slots=True)
class _Work:
    """A released order at hand, within the transaction of a report."""

    operation: str
    here: Current
    head: ReleasedOrder
    tasks: Sequence[ReleasedTask]
    user: Any

    def moment(self, given: Report) -> datetime:
        clock = now(self.operation)
        if given.at is not None and given.at > clock + AHEAD:
            raise RefusedError(f"The report is of {given.at:%Y-%m-%d %H:%M}, but it is only {clock:%Y-%m-%d %H:%M}.")
        return min(given.at, clock) if given.at else clock

    def paused_for(self, step: str) -> str:
        """Why a step pauses: the event that ends the pause says so too, for it carries the time."""
        pauses = read(self.operation, "events", order=self.head.order, step=step, kind="paused")
        return max(pauses, key=lambda e: e.at).reason if pauses else ""

    def queued(self, step: str, tasks: Sequence[TaskProgress]) -> datetime:
        """Since when a step could have begun."""
        wanted = self.here.demands.get(self.head.demand)
        shape = self.here.shapes.get(self.head.process)
        return queued(step, tasks, shape, self.head.at, wanted.earliest if wanted else None)

    def write(
        self, task: TaskProgress, given: Report, at: datetime, row: TaskState, ready: datetime | None = None
    ) -> tuple[Event, TaskProgress]:
        """The event as it is stored, with the time it ends, and the task after it; ``ready``: when its queue began."""
        planned = next((t for t in self.tasks if t.step == given.step), None)
        first = planned.resource.split(",")[0].strip() if planned else ""
        resource = given.resource or task.resource or first
        event = Event(
            uid=given.uid, at=at, kind=given.kind, order=given.order, step=given.step, resource=resource,
            person=given.person or self.user.get_username(), item=self.head.item,
            place=self.here.place_of(resource) or (planned.place if planned else "") or self.head.place,
            lot=given.lot, good=given.good, scrap=given.scrap, rework=given.rework,
            reason=given.reason or (self.paused_for(given.step) if given.kind == "resumed" else ""),
            subject=given.subject, note=given.note,
        )  # fmt: skip
        if ready is not None and ready < at:
            event = replace(event, queued=ready, seconds=(at - ready).total_seconds())
        event = completed(task, event, self.here.worked)
        after = apply(task, event)
        append(self.operation, [event], user=self.user, looked=True)
        states.update_task(row, after)
        return event, after

    def post(
        self, event: Event, before: TaskProgress, yielded: Decimal, used: Mapping[str, Sequence[tuple[str, Decimal]]]
    ) -> None:
        """The movements of the report."""
        if event.good + event.scrap + event.rework <= 0:
            return
        open_ledger(self.operation, user=self.user)
        standard = costs(self.operation)
        lock(self.operation)  # before lots are picked: nobody else picks the same ones
        shape = self.here.shapes.get(self.head.process)
        if shape is not None:
            parts = {item: [Picked(lot, q) for lot, q in rows] for item, rows in used.items()}
            own = {t.step: t for t in self.tasks}
            booking = Booking(self.head, shape, own, costs(self.operation), self._pick(event.at), self._issued())
            made = movements(booking, event, before, yielded, parts)
        elif self.head.kind in ("buy", "move"):
            there = (
                self._pick(event.at)(self.head.item, self.head.origin, event.good) if self.head.kind == "move" else ()
            )
            if self.head.kind == "buy":
                event = replace(event, lot=lot_number(self.operation, self.head.item, event.lot))
            made = finished_transport(self.head, event, standard, there)
        else:
            made = []
        moved = post_movements(self.operation, made, user=self.user)
        if self.head.kind == "buy":
            await_inspection(self.user, self.operation, moved)

    def _issued(self) -> bool:
        given = next((o for o in self.here.operation.orders if o.name == self.head.order), None)
        return given is not None and not given.uses_inputs

    def _pick(self, at: datetime) -> Pick:
        return lambda item, place, quantity: [
            Picked(*part) for part in pick(self.operation, item, place, quantity, at, order=self.head.order)
        ]

    def rework(self, event: Event) -> str:
        """An order of its own for what is to be reworked: this step once more, and all after it."""
        after = _after(self.here, self.head.process, event.step)
        tasks = [replace(t, uid=uid(), at=event.at, quantity=event.rework) for t in self.tasks if t.step in after]
        number = f"{self.head.order}-R{self._reworks() + 1}"
        head = replace(
            self.head, uid=uid(), at=event.at, quantity=event.rework, parent=self.head.order, plan=0, planned_order="",
            note=f"Rework: {event.reason}",
        )  # fmt: skip
        scaled = [replace(t, run=_share(t.run, event.rework, self.head.quantity)) for t in tasks]
        save(self.operation, made_order(self.here, head, scaled, number, event.at), self.here, user=self.user)
        maker = Maker(costs(self.operation), event.at, event.person)
        moved: Movement = maker.rework(
            f"{event.uid}/rework", self.head.item, event.rework, number, origin=self.head.order, step=event.step
        )
        post_movements(self.operation, [moved], user=self.user)
        return number

    def _reworks(self) -> int:
        return int(stored(self.operation, "released_orders").filter(parent=self.head.order).count())


def _share(run: float, part: Decimal, whole: Decimal) -> float:
    return run * float(part / whole) if whole else run


def _after(here: Current, process: str, step: str) -> set[str]:
    """A step and those that follow it."""
    shape = here.shapes[process]
    found = {step}
    for s in shape.steps:
        if shape.before[s.name] & found:
            found.add(s.name)
    return found


def void(user: Any, operation: str, event_uid: str, note: str) -> Event:
    """Take a report back: an event with the same figures, negative, and its movements reversed. The state stays.

    Raises:
        NotFoundError: where there is no such event.
        RefusedError: where it cannot be taken back (any more).
    """
    with transaction.atomic():
        found = next(iter(read(operation, "events", uid=event_uid)), None)
        if found is None or not found.order:
            raise NotFoundError(f"there is no report {event_uid}")
        require_place(user, "correct_event", operation, found.place)
        order_row, rows = _locked(operation, Report(uid="-", kind="reported", order=found.order, step=found.step))
        _may_void(operation, found, order_row, note)
        task_row = next(r for r in rows if r.step == found.step)
        event = replace(
            found, uid=f"{event_uid}-void", at=now(operation), start=None, seconds=-found.seconds, good=-found.good,
            scrap=-found.scrap, rework=-found.rework, corrects=event_uid, note=note, person=user.get_username(),
        )  # fmt: skip
        after = apply(states.of_task(task_row), event)
        append(operation, [event], user=user)
        states.update_task(task_row, after)
        head = read(operation, "released_orders", order=found.order)[0]
        tasks = read(operation, "released_tasks", order=found.order)
        every = [after if r.step == found.step else states.of_task(r) for r in rows]
        states.update_order(
            order_row, order_progress(states.of_order(order_row), every, last_steps(head, tasks, current(operation)))
        )
        maker = Maker(costs(operation), event.at, user.get_username())
        moved = read(operation, "movements", uid__startswith=f"{event_uid}/")
        post_movements(operation, [maker.correction(f"{m.uid}-void", m, note) for m in reversed(moved)], user=user)
        record(user, "void report", operation, before={"report": event_uid}, after={"note": note})
    return event


def _may_void(operation: str, found: Event, order: OrderState, note: str) -> None:
    if not note.strip():
        raise RefusedError("Say why the report is taken back.")
    if found.corrects:
        raise RefusedError("This is a correction itself. Report anew what is right.")
    if order.state in CLOSED_STATES:
        raise RefusedError(f"Order {order.order} is {order.state}.")
    if stored(operation, "events").filter(corrects=found.uid).exists():
        raise RefusedError("This report was taken back already.")
