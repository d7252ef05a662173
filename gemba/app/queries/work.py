"""Released work as pages and API read it: what can be released, what to do next, and how far it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from gemba.app.queries.concerns import standings
from gemba.app.queries.current import current
from gemba.app.queries.ledger import is_open, lots, with_ledger
from gemba.app.security.scope import inside_of, places_of
from gemba.app.store import states
from gemba.app.store.clock import now
from gemba.app.store.models import OrderState
from gemba.app.store.operations import load
from gemba.app.store.records import read, stored
from gemba.execute.ledger.available import LotStock
from gemba.execute.maintenance.due import due_list, last_done
from gemba.execute.maintenance.planning import with_breakdowns, with_maintenance
from gemba.execute.maintenance.stops import open_stops, stops
from gemba.execute.orders import LiveOrder, LiveTask, carried
from gemba.execute.orders.checks import Check, checks
from gemba.execute.orders.passed import reaching
from gemba.execute.orders.shape import required
from gemba.execute.orders.states import FINAL_TASK_STATES
from gemba.execute.safety.documents import invalid_documents
from gemba.operation import Event, Operation, ReleasedOrder, ReleasedTask
from gemba.operation.records import ZERO

OPEN = ("released", "started", "paused")
ENDED = ("done", "closed", "cancelled")
#: Expected length of a stop of a resource that never stopped before, and the soonest that one may be expected to end.
REPAIR, SOONEST_UP = timedelta(hours=4), timedelta(minutes=30)


def release_checks(operation: str, orders: Iterable[ReleasedOrder], tasks: Sequence[ReleasedTask]) -> list[Check]:
    """What there is to know before releasing these orders; each takes its material from what the ones before it leave."""
    here, at = current(operation), now(operation)
    heads = list(orders)
    down = downs(operation)
    needed = {key[0] for h in heads if (s := here.shapes.get(h.process)) for key in required(h, s, h.start or at)}
    free: dict[tuple[str, str], Decimal] = {}
    for lot in stock(operation, needed, at):
        free[lot.item, lot.place] = free.get((lot.item, lot.place), ZERO) + lot.available
    endless = {(p.item, p.place) for p in here.operation.stock_policies if p.supply == "unlimited"}
    found: list[Check] = []
    for head in heads:
        shape = here.shapes.get(head.process)
        own = [t for t in tasks if t.order == head.order]
        found += checks(
            here.operation, head, own, shape,
            lambda item, place: Decimal(10**12) if (item, place) in endless else free.get((item, place), ZERO),
            down, _documents(here.operation, head, at),
        )  # fmt: skip
        for key, quantity in (required(head, shape, head.start or at) if shape else {}).items():
            free[key] = free.get(key, ZERO) - quantity
    return found


def _documents(operation: Operation, head: ReleasedOrder, at: datetime) -> list[str]:
    """Required documents of the order's work that are not valid in any version."""
    found = invalid_documents(operation, at, process=head.process, item=head.item, place=head.place)
    return [f"{d.name} is not valid now; renew it." for d in found]


def stock(operation: str, items: Iterable[str], at: datetime) -> list[LotStock]:
    """Lots of items; before the ledger is opened, what the data say."""
    wanted = set(items)
    if is_open(operation):
        return lots(operation, wanted, at)
    rows = (s for s in current(operation).operation.stocks if s.item in wanted)
    return [LotStock(s.item, s.place, s.lot, Decimal(str(s.quantity)), expires=s.expires) for s in rows]


def downs(operation: str) -> dict[str, str]:
    """Resources that are down now, with the reason."""
    return {name: e.reason for name, e in open_stops(_stops(operation)).items()}


def _stops(operation: str) -> list[Event]:
    return read(operation, "events", kind__in=("down", "up"))


def expected_up(operation: str, at: datetime) -> dict[str, datetime]:
    """When each resource that is down now is expected up: when its open maintenance request is due, else after its mean
    time to repair; not before some time from now."""
    events = _stops(operation)
    requests = standings(operation, kind="maintenance request") if events else []
    promised = {s.concern.resource: s.due for s in requests if not s.closed and s.due}
    repairs: dict[str, list[float]] = {}
    for stop in stops(events):
        if stop.end is not None:
            repairs.setdefault(stop.resource, []).append(stop.seconds(at))
    found = {}
    for name, down in open_stops(events).items():
        known = repairs.get(name)
        length = timedelta(seconds=sum(known) / len(known)) if known else REPAIR
        found[name] = max(promised.get(name) or down.at + length, at + SOONEST_UP)
    return found


def open_orders(operation: str) -> list[LiveOrder]:
    """Orders that are released and not yet done."""
    return states.live_orders(operation, state__in=OPEN)


def order(operation: str, name: str) -> LiveOrder | None:
    """A released order with its tasks, or None."""
    return next(iter(states.live_orders(operation, order=name)), None)


def events_of(operation: str, name: str) -> list[Event]:
    """What happened to an order, in the order in which it was taken."""
    return read(operation, "events", order=name)


def as_it_stands(dataset: int, operation: str) -> tuple[Operation, bool]:
    """A version of an operation as the next plan must see it, and whether that is another than the version itself.

    That is: stock as the ledger has it, released work as its orders, deliveries off its demands, what is down closed,
    and maintenance that is due as work to be placed.
    """
    given = load(dataset)
    begun = stored(operation, "released_orders").exists() or is_open(operation)
    at = max(now(operation), given.settings.now) if begun else given.settings.now
    down = expected_up(operation, at)
    found = with_breakdowns(given, down, at)
    if begun:
        found = with_ledger(carried(found, states.live_orders(operation), read(operation, "deliveries"), now=at))
    if given.maintenance_plans:
        found = _maintained(found, operation, at)
    return found, begun or bool(down) or bool(given.maintenance_plans)


def _maintained(found: Operation, operation: str, at: datetime) -> Operation:
    orders = [o for o in read(operation, "released_orders", kind="maintenance") if o.maintenance_plan]
    open_ = {o.order for o in OrderState.objects.filter(operation=operation).exclude(state__in=ENDED)}
    done = last_done(orders, read(operation, "events", order__in=[o.order for o in orders]))
    due = due_list(found, read(operation, "measurements", meter__gt=""), done, at)
    return with_maintenance(found, due, [o.maintenance_plan for o in orders if o.order in open_])


@dataclass(frozen=True, slots=True)
class Dispatched:
    """A task in a dispatch list: what is to be done next, and whether it can be."""

    live: LiveOrder
    task: LiveTask
    waits_for: tuple[str, ...]  # steps before it that have not begun
    late: bool  # it should have begun, or be done, by now
    reaching: Decimal  # how much the steps before it have left to work on

    @property
    def quantity(self) -> Decimal:
        """What is left to work on."""
        return max(self.reaching - self.task.progress.processed, ZERO)

    @property
    def names(self) -> tuple[str, ...]:
        """The resources it is planned on, and is done on."""
        planned = [n.strip() for n in self.task.task.resource.split(",") if n.strip()]
        return tuple(dict.fromkeys([*planned, *([self.task.progress.resource] if self.task.progress.resource else [])]))


def dispatch(operation: str, user: Any, *, place: str = "", resource: str = "") -> list[Dispatched]:
    """What is to be done next, where the user may see it: work under way first, then as it is planned.

    ``place`` and ``resource`` choose a work centre (and what is inside it), or one machine or person.
    """
    here, at, scope = current(operation), now(operation), places_of(user, operation)
    within = inside_of({place}, {p.name: p.parent for p in here.operation.places}) if place else None
    found = []
    for live in open_orders(operation):
        shape = here.shapes.get(live.order.process)
        waiting = {t.task.step for t in live.tasks if t.progress.state == "waiting"}
        for task in live.tasks:
            centre = task.task.place or live.order.place
            if task.progress.state in FINAL_TASK_STATES or not (scope is None or not centre or centre in scope):
                continue
            before = shape.before.get(task.task.step, frozenset()) if shape else frozenset()
            waits = tuple(sorted(before & waiting))
            row = Dispatched(live, task, waits, _is_late(task, at), reaching(task, before, live.tasks))
            if (within is None or centre in within) and (not resource or resource in row.names):
                found.append(row)
    return sorted(found, key=_urgency)


def _is_late(task: LiveTask, at: datetime) -> bool:
    begun = task.progress.state != "waiting"
    wanted = task.task.end if begun else task.task.start
    return wanted is not None and wanted < at


def _urgency(row: Dispatched) -> Any:
    task, order = row.task, row.live.order
    under_way = {"started": 0, "paused": 1}.get(task.progress.state, 2)
    return under_way, task.task.start or order.at, order.priority, order.order, task.task.sequence


def seen_orders(operation: str, user: Any, *, parent: str = "", **filters: Any) -> list[LiveOrder]:
    """Released orders that the user may see; ``filters`` are those of ``states.live_orders``."""
    if parent:
        names = stored(operation, "released_orders").filter(parent=parent).order_by().values_list("order", flat=True)
        filters = {**filters, "order__in": list(names)}
    scope = places_of(user, operation)
    return [
        live
        for live in states.live_orders(operation, **filters)
        if scope is None or not live.order.place or live.order.place in scope
    ]
