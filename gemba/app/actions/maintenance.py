"""Assets: what is down and up again, what their meters say, and orders for the work on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import transaction

from gemba.app.actions.audit import record
from gemba.app.actions.concerns import change_concern, raise_concern
from gemba.app.actions.made import made
from gemba.app.actions.refused import RefusedError
from gemba.app.actions.release import NEW, create_order
from gemba.app.queries import maintenance as queries
from gemba.app.queries.current import Current, current
from gemba.app.security.scope import require_place
from gemba.app.store.clock import now
from gemba.app.store.locks import lock
from gemba.app.store.models import PlanVersion
from gemba.app.store.models.plan import PUBLISHED
from gemba.app.store.operations import NotFoundError
from gemba.app.store.plans import load_plan
from gemba.app.store.records import append, read
from gemba.execute.concerns import fold
from gemba.execute.maintenance import Due, demand_name, open_stops
from gemba.operation import Fault, OperationError, Resource
from gemba.operation.moments import moment
from gemba.operation.records import Concern, Event, Measurement, ReleasedOrder, ReleasedTask


def report_down(
    user: Any, operation: str, resource: str, reason: str, *, uid: str = "", at: datetime | None = None,
    note: str = "", person: str = "", request: str = "", until: datetime | None = None,
) -> Event:  # fmt: skip
    """A resource does not work from now on. With ``request`` (its words) a maintenance request is raised, due by
    ``until``, which the planner takes for the time it is up again.

    Raises:
        NotFoundError: where there is no such resource.
        RefusedError: where it is down already.
    """
    with transaction.atomic():
        asset = _at(user, "report_work", operation, resource)
        if uid and (again := read(operation, "events", uid=uid)):
            return again[0]
        if not reason:
            raise OperationError([Fault("events", resource, "reason", None, "given")])
        given = {"resource": resource, "reason": reason, "note": note, "place": asset.place}
        event = made(Event, operation, uid=uid, at=at, kind="down", person=person or user.get_username(), **given)
        before = read(operation, "events", resource=resource, kind__in=("down", "up"))
        if resource in open_stops(before):
            raise RefusedError(f"{resource} is down already. Report it up first, or say more in its request.")
        last = max((e.at for e in before if not e.corrects), default=event.at)
        if event.at < last:
            words = f"{resource} was last reported at {last:%Y-%m-%d %H:%M} UTC. A stop before that cannot be added any more."
            raise RefusedError(words)
        append(operation, [event], user=user)
        if request:
            raise_concern(
                user, operation, "maintenance request", uid=f"{event.uid}-request"[:200], at=event.at, title=request,
                resource=resource, place=asset.place, category=reason, description=note, due=until,
            )  # fmt: skip
    return event


def report_up(
    user: Any, operation: str, resource: str, *, uid: str = "", at: datetime | None = None, note: str = "",
    person: str = "", reason: str = "",
) -> Event:  # fmt: skip
    """A resource works again. The event carries when the stop began and the seconds of its working hours since.

    Raises:
        NotFoundError: where there is no such resource.
        RefusedError: where it is not down.
    """
    with transaction.atomic():
        asset = _at(user, "report_work", operation, resource)
        if uid and (before := read(operation, "events", uid=uid)):
            return before[0]
        down = open_stops(read(operation, "events", resource=resource, kind__in=("down", "up"))).get(resource)
        if down is None:
            raise RefusedError(f"{resource} is not down.")
        moment_ = at or now(operation)
        if moment_ < down.at:
            raise OperationError(
                [Fault("events", resource, "at", at, f"not before it went down, {down.at:%Y-%m-%d %H:%M} UTC")]
            )
        event = made(
            Event, operation, uid=uid, at=moment_, kind="up", resource=resource, place=asset.place, start=down.at,
            seconds=current(operation).worked(down.at, moment_, resource), reason=reason or down.reason, note=note,
            person=person or user.get_username(),
        )  # fmt: skip
        append(operation, [event], user=user)
    return event


def read_meter(
    user: Any, operation: str, meter: str, value: float, *, uid: str = "", at: datetime | None = None, note: str = "",
    corrects: str = "",
) -> Measurement:  # fmt: skip
    """Write down what a meter shows. A counter that shows less than before needs a note: it was changed.

    Raises:
        NotFoundError: where there is no such meter, or no reading that this one corrects.
    """
    here = current(operation)
    found = next((m for m in here.operation.meters if m.name == meter), None)
    if found is None:
        raise NotFoundError(f"there is no meter {meter!r}")
    with transaction.atomic():
        require_place(user, "inspect", operation, found.place or here.place_of(found.resource))
        lock(operation)
        before = read(operation, "measurements", meter=meter)
        again = [m for m in before if uid and m.uid == uid]
        if again:
            return again[0]
        if corrects and corrects not in {m.uid for m in before}:
            raise NotFoundError(f"meter {meter} has no reading {corrects!r}")
        taken = made(
            Measurement, operation, uid=uid, at=at, meter=meter, value=value, resource=found.resource, note=note,
            corrects=corrects, person=user.get_username(),
        )  # fmt: skip
        earlier = [m for m in before if m.at <= taken.at and m.uid != corrects]
        last = max(earlier, key=lambda m: m.at, default=None)
        if found.kind == "counter" and last and taken.value < last.value and not note:
            allowed = f"at least {last.value:g}, as it showed before, or with a note that the counter was changed"
            raise OperationError([Fault("measurements", meter, "value", value, allowed)])
        if not append(operation, [taken], user=user):
            raise RefusedError(f"The uid {taken.uid} is of another measurement. Give this one its own.")
        if corrects:
            record(user, "correct reading", operation, before={"reading": corrects}, after={"reading": taken.uid})
    return taken


def order_due(user: Any, operation: str, plans: Sequence[str]) -> list[str]:
    """Make the orders of maintenance plans (by name): when and on which resources the published plan says, else as
    soon as they are due. Their numbers.

    Raises:
        NotFoundError: where there is no such maintenance plan.
        RefusedError: where an order for one is open already.
    """
    with transaction.atomic():
        lock(operation)
        here, due = current(operation), {d.plan.name: d for d in queries.due(operation)}
        unknown = [p for p in plans if p not in due]
        if unknown:
            raise NotFoundError(f"there is no maintenance plan {unknown[0]!r}")
        open_ = queries.ordered(operation)
        again = [f"{p} ({open_[p]})" for p in dict.fromkeys(plans) if p in open_]
        if again:
            raise RefusedError(f"There is an open order for {', '.join(again)}.")
        return [_order(user, operation, here, due[p]) for p in dict.fromkeys(plans)]


def order_repair(user: Any, operation: str, number: str, *, process: str = "", note: str = "") -> str:
    """Make the order of an accepted maintenance request, by a process or as one piece of work; its number.

    Raises:
        NotFoundError: where there is no such request or process.
        RefusedError: where the request is not accepted.
    """
    with transaction.atomic():
        lock(operation)
        here = current(operation)
        found: list[Concern] = read(operation, "concerns", concern=number, kind="maintenance request")
        if not found:
            raise NotFoundError(f"there is no maintenance request {number!r}")
        standing = fold(found[0], read(operation, "concern_changes", concern=number))
        if standing.state != "accepted":
            raise RefusedError(f"{number} is {standing.state}. Accept it first; then an order can be made for it.")
        of = next((p for p in here.operation.processes if p.name == process), None)
        if process and of is None:
            raise NotFoundError(f"there is no process {process!r}")
        asset = found[0].resource
        at = now(operation)
        head = ReleasedOrder(
            uid=uuid4().hex, at=at, order=NEW, kind="maintenance", item=of.item if of else "", process=process,
            place=here.place_of(asset), due=standing.due, note=f"{number} {found[0].title}", start=at,
        )  # fmt: skip
        steps = here.shapes[process].steps if of else ()
        tasks = [
            _task(at, asset, here.place_of(asset), s.name, s.sequence, s.setup_time, s.time + s.time_per_unit)
            for s in steps
        ]
        tasks = tasks or [_task(at, asset, here.place_of(asset), "Repair", 10, 0.0, 0.0)]
        order = create_order(user, operation, head, tasks, permission="maintain")
        change_concern(user, operation, number, "ordered", order=order, note=note)
    return order


def _at(user: Any, permission: str, operation: str, resource: str) -> Resource:
    here = current(operation)
    found = here.resources.get(resource)
    if found is None:
        raise NotFoundError(f"there is no resource {resource!r}")
    require_place(user, permission, operation, found.place)
    lock(operation)
    return found


def _order(user: Any, operation: str, here: Current, due: Due) -> str:
    plan = due.plan
    process = next(p for p in here.operation.processes if p.name == plan.process)
    at, place = now(operation), here.place_of(plan.resource)
    number, planned, tasks = _planned(operation, here, plan.name, at)
    head = ReleasedOrder(
        uid=uuid4().hex, at=at, order=NEW, kind="maintenance", item=process.item, place=process.place or place,
        process=process.name, due=due.latest, priority=plan.priority, maintenance_plan=plan.name, plan=number,
        planned_order=planned.id if planned else "", start=moment(planned.start) if planned else due.due,
        end=moment(planned.end) if planned else None, demand=demand_name(plan.name) if planned else "",
    )  # fmt: skip
    if not tasks:
        tasks = [
            _task(at, plan.resource, place, s.name, s.sequence, s.setup_time, s.time + s.time_per_unit, due.due)
            for s in here.shapes[process.name].steps
        ]
    return create_order(user, operation, head, tasks, permission="maintain")


def _planned(operation: str, here: Current, name: str, at: datetime) -> tuple[int, Any, list[ReleasedTask]]:
    """The published plan's number, its order for a maintenance plan and the tasks, as they are to be released."""
    version = PlanVersion.objects.filter(operation=operation, state=PUBLISHED).first()
    plan = load_plan(version.pk) if version else None
    if version is None or plan is None:
        return 0, None, []
    supply = next((p.supply for p in plan.pegs if p.demand == demand_name(name) and p.supply), "")
    planned = next((o for o in plan.orders if o.id == supply), None)
    if planned is None or read(operation, "released_orders", plan=version.number, planned_order=planned.id):
        return 0, None, []
    sequence = {(s.process, s.name): s.sequence for s in here.operation.steps}
    process = next(p.process for p in here.operation.maintenance_plans if p.name == name)
    tasks = [
        ReleasedTask(
            uid=uuid4().hex, at=at, order=NEW, step=t.step, sequence=sequence.get((process, t.step), 0),
            resource=", ".join(r for r, _ in t.resources), place=here.place_of(t.resources[0][0]) if t.resources else "",
            start=moment(t.start), end=moment(t.end), setup=float(t.setup), run=float(max(0, t.end - t.start - t.setup)),
        )
        for t in plan.tasks if t.order == planned.id
    ]  # fmt: skip
    return version.number, planned, tasks


def _task(
    at: datetime, resource: str, place: str, step: str, sequence: int, setup: float, run: float,
    start: datetime | None = None,
) -> ReleasedTask:  # fmt: skip
    return ReleasedTask(
        uid=uuid4().hex, at=at, order=NEW, step=step, sequence=sequence, resource=resource, place=place, setup=setup,
        run=run, start=start, quantity=Decimal(1),
    )  # fmt: skip
