"""Releasing: planned orders of the published plan, and orders that somebody makes, become work to be done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import uuid4

from django.db import transaction

from gemba.app.actions.audit import record
from gemba.app.actions.refused import RefusedError
from gemba.app.actions.stock import post_movements
from gemba.app.queries.current import Current, current
from gemba.app.queries.ledger import costs
from gemba.app.security.scope import require_place
from gemba.app.store import states
from gemba.app.store.clock import now
from gemba.app.store.locks import lock
from gemba.app.store.models import OrderState, PlanVersion, TaskState
from gemba.app.store.models.plan import PUBLISHED
from gemba.app.store.operations import NotFoundError
from gemba.app.store.plans import load_plan
from gemba.app.store.records import append, read, stored
from gemba.execute.orders import NotPossibleError, OrderProgress, Released, TaskProgress, adopted, release, unreleased
from gemba.execute.orders.booking import opening_wip
from gemba.execute.orders.checks import Check
from gemba.execute.orders.progress import apply, change_order, order_progress
from gemba.execute.orders.release import PREFIX, serves
from gemba.operation import Event, Plan, PlannedOrder, ReleasedOrder, ReleasedTask

#: In an order's head: it gets the next number of its kind.
NEW = "-"


def uid() -> str:
    """A new unique id of a record."""
    return uuid4().hex


def published(operation: str) -> tuple[PlanVersion, Plan]:
    """The published plan of an operation.

    Raises:
        RefusedError: where none is published.
    """
    version = PlanVersion.objects.filter(operation=operation, state=PUBLISHED).first()
    if version is None:
        raise RefusedError(f"{operation} has no published plan. Publish one first: work is released from it.")
    return version, load_plan(version.pk)


def release_orders(user: Any, operation: str, planned: Sequence[str], *, though: bool = False) -> list[str]:
    """Release planned orders of the published plan, by their ids in it; the new orders' numbers.

    Raises:
        RefusedError: where one is not in the plan or is released already, or where material, a resource, a skill or a
            document is missing (``though`` releases it all the same).
        PermissionDenied: where the user may not release work at the order's place.
    """
    from gemba.app.queries.work import release_checks

    version, plan = published(operation)
    with transaction.atomic():
        lock(operation)
        open_work(operation, user=user)
        free = {
            o.id: o for o in unreleased(plan, version.number, read(operation, "released_orders", plan=version.number))
        }
        chosen = [free[i] for i in dict.fromkeys(planned) if i in free]
        gone = [i for i in planned if i not in free]
        if gone:
            raise RefusedError(f"Not in the published plan, or released already: {', '.join(gone[:10])}.")
        for order in chosen:
            require_place(user, "release_order", operation, order.place)
        here = current(operation)
        made = release(here.operation, plan, version.number, chosen, now(operation), _namer(operation), uid)
        wrong = [] if though else [c for c in release_checks(operation, made.orders, made.tasks) if not c.right]
        if wrong:
            raise RefusedError(_refusal(wrong))
        save(operation, made, here, user=user)
        numbers = [o.order for o in made.orders]
        record(user, "release orders", operation, after={"plan": version.number, "orders": numbers, "though": though})
    return numbers


def _refusal(wrong: Iterable[Check]) -> str:
    lines = [f"{c.order}: {c.message}" for c in wrong]
    more = f" (and {len(lines) - 8} more)" if len(lines) > 8 else ""
    return "Not released. " + " ".join(lines[:8]) + more


def releasable(operation: str) -> list[PlannedOrder]:
    """Planned orders of the published plan that are not released yet, soonest first; none where no plan is published."""
    return [order for order, _ in releasable_for(operation)]


def releasable_for(operation: str) -> list[tuple[PlannedOrder, str]]:
    """The same, each with the demand it is for in the end; blank: for stock."""
    version = PlanVersion.objects.filter(operation=operation, state=PUBLISHED).first()
    if version is None:
        return []
    plan = load_plan(version.pk)
    demands = serves(plan)
    free = unreleased(plan, version.number, read(operation, "released_orders", plan=version.number))
    return [(order, demands.get(order.id, "")) for order in free]


def create_order(
    user: Any, operation: str, head: ReleasedOrder, tasks: Sequence[ReleasedTask] = (), *, draft: bool = False,
    permission: str = "release_order",
) -> str:  # fmt: skip
    """Make an order that no plan has (maintenance, inspection, rework, a rush order); its number.

    ``NEW`` as the head's order gets the next number of its kind. Tasks without an order get this one; without any
    tasks the steps of the process become tasks, on no resource yet.
    """
    require_place(user, permission, operation, head.place)
    with transaction.atomic():
        lock(operation)
        open_work(operation, user=user)
        here = current(operation)
        number = _namer(operation)(PREFIX[head.kind]) if head.order in ("", NEW) else head.order
        made = made_order(here, head, tasks, number, now(operation), draft=draft)
        save(operation, made, here, user=user, draft=draft)
        record(user, "create order", operation, after={"order": number, "kind": head.kind, "item": head.item})
    return number


def made_order(
    here: Current, head: ReleasedOrder, tasks: Sequence[ReleasedTask], number: str, at: Any, *, draft: bool = False
) -> Released:
    """The records of an order that no plan has."""
    from dataclasses import replace

    head = replace(head, order=number, uid=head.uid or uid())
    if not tasks and head.process in here.shapes:
        tasks = [
            ReleasedTask(
                uid=uid(), at=at, order=number, step=s.name, sequence=s.sequence, place=head.place, start=head.start,
                end=head.end, quantity=head.quantity, setup=s.setup_time,
                run=s.time + s.time_per_unit * float(head.quantity),
            )
            for s in here.shapes[head.process].steps
        ]  # fmt: skip
    own = tuple(replace(t, order=number) for t in tasks)
    released = Event(uid=uid(), at=at, kind="released", order=number, item=head.item, place=head.place)
    return Released((head,), own, () if draft else (released,))


def _namer(operation: str) -> Callable[[str], str]:
    """Gives the next free number of each prefix; the operation is locked meanwhile."""
    last: dict[str, int] = {}

    def following(prefix: str) -> str:
        if prefix not in last:
            names = stored(operation, "released_orders").filter(order__startswith=f"{prefix}-")
            found = [n.rsplit("-", 1)[1] for n in names.order_by().values_list("order", flat=True)]
            last[prefix] = max((int(n) for n in found if n.isdigit()), default=1000)
        last[prefix] += 1
        return f"{prefix}-{last[prefix]}"

    return following


def open_work(operation: str, *, user: Any = None) -> bool:
    """Before the first order is released: take over the orders that the data have already. Whether that was now."""
    if OrderState.objects.filter(operation=operation).exists() or stored(operation, "released_orders").exists():
        return False
    here = current(operation)
    made = adopted(here.operation, now(operation), uid)
    if made.orders:
        save(operation, made, here, user=user)
        issued = {o.name for o in here.operation.orders if not o.uses_inputs}
        begun = [o for o in made.orders if o.order in issued and o.process in here.shapes]
        at = here.operation.now
        wip = [m for o in begun for m in opening_wip(o, here.shapes[o.process], costs(operation), at)]
        post_movements(operation, wip, user=user)
    return True


def save(operation: str, made: Released, here: Current, *, user: Any = None, draft: bool = False) -> None:
    """Write released orders, their tasks and events, and where they stand."""
    append(operation, made.orders, user=user)
    append(operation, made.tasks, user=user)
    append(operation, made.events, user=user)
    order_rows, task_rows = [], []
    for head in made.orders:
        tasks = [t for t in made.tasks if t.order == head.order]
        order, progress = standing(head, tasks, [e for e in made.events if e.order == head.order], here)
        order_rows.append(states.order_row(operation, order))
        task_rows += [states.task_row(operation, p) for p in progress]
    OrderState.objects.bulk_create(order_rows)
    TaskState.objects.bulk_create(task_rows)


def standing(
    head: ReleasedOrder, tasks: Sequence[ReleasedTask], events: Iterable[Event], here: Current
) -> tuple[OrderProgress, list[TaskProgress]]:
    """Where an order and its tasks stand after all that has happened to them; without tasks it is one task itself."""
    progress = {t.step: TaskProgress(t.order, t.step, t.at) for t in tasks} or {
        "": TaskProgress(head.order, "", head.at)
    }
    order = OrderProgress(head.order, head.at, "draft")
    for event in events:
        if event.step in progress and event.kind not in ("released", "closed", "cancelled"):
            progress[event.step] = apply(progress[event.step], event)
            order = order_progress(order, list(progress.values()), last_steps(head, tasks, here))
        elif event.kind in ("released", "closed", "cancelled"):
            order = change_order(order, event)
    return order, list(progress.values())


def last_steps(head: ReleasedOrder, tasks: Sequence[ReleasedTask], here: Current) -> tuple[str, ...]:
    """The steps whose yield is the order's."""
    shape = here.shapes.get(head.process)
    own = {t.step for t in tasks}
    ends = tuple(s for s in shape.last if s in own) if shape else ()
    if ends or not tasks:
        return ends or ("",)
    return (max(tasks, key=lambda t: t.sequence).step,)


def rebuild_states(operation: str) -> int:
    """Derive where every released order stands from its events once more; how many orders there are."""
    here = current(operation)
    tasks: dict[str, list[ReleasedTask]] = {}
    for t in read(operation, "released_tasks"):
        tasks.setdefault(t.order, []).append(t)
    events: dict[str, list[Event]] = {}
    for e in read(operation, "events", order__gt=""):
        events.setdefault(e.order, []).append(e)
    with transaction.atomic():
        lock(operation)
        OrderState.objects.filter(operation=operation).delete()
        TaskState.objects.filter(operation=operation).delete()
        order_rows, task_rows = [], []
        for head in read(operation, "released_orders"):
            found = standing(head, tasks.get(head.order, ()), events.get(head.order, ()), here)
            order_rows.append(states.order_row(operation, found[0]))
            task_rows += [states.task_row(operation, p) for p in found[1]]
        OrderState.objects.bulk_create(order_rows, batch_size=1000)
        TaskState.objects.bulk_create(task_rows, batch_size=1000)
    return len(order_rows)


def change_state(user: Any, operation: str, order: str, kind: str, *, note: str = "") -> OrderProgress:
    """Release a draft, close a finished order or cancel one.

    Raises:
        NotFoundError: where there is no such order.
        RefusedError: where its state does not allow that.
    """
    with transaction.atomic():
        row = OrderState.objects.select_for_update().filter(operation=operation, order=order).first()
        head = next(iter(read(operation, "released_orders", order=order)), None)
        if row is None or head is None:
            raise NotFoundError(f"there is no order {order}")
        require_place(user, "release_order", operation, head.place)
        event = Event(
            uid=uid(), at=now(operation), kind=kind, order=order, item=head.item, place=head.place, note=note,
            person=user.get_username(),
        )  # fmt: skip
        was = states.of_order(row)
        try:
            found = change_order(was, event)
        except NotPossibleError as error:
            raise RefusedError(str(error)) from None
        append(operation, [event], user=user)
        states.update_order(row, found)
        after = {"order": order, "state": found.state, "note": note}
        record(user, f"{kind} order", operation, before={"state": was.state}, after=after)
    return found
