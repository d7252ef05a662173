"""Assets as pages, API and planner read them: what is due, what is down, how reliable each is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gemba.app.queries.current import Current, current
from gemba.app.security.scope import places_of
from gemba.app.store.clock import now
from gemba.app.store.models import OrderState
from gemba.app.store.operations import NotFoundError
from gemba.app.store.records import read, stored
from gemba.execute.maintenance import (
    Due,
    Stop,
    due_list,
    last_done,
    open_stops,
    stops,
)
from gemba.execute.orders.states import CLOSED_STATES
from gemba.measure.assets import AssetRecord, asset_record
from gemba.operation import Operation, Resource
from gemba.operation.records import Event, Measurement

#: Period of the figures of an asset unless another one is asked for.
PERIOD = timedelta(days=365)


def due(operation: str, of: Operation | None = None) -> list[Due]:
    """Every maintenance plan with its next due moment, the soonest first."""
    found = of or current(operation).operation
    if not found.maintenance_plans:
        return []
    orders = read(operation, "released_orders", maintenance_plan__gt="")
    events: list[Event] = []
    numbers = [o.order for o in orders]
    for i in range(0, len(numbers), 500):
        events += read(operation, "events", order__in=numbers[i : i + 500], kind__in=("finished", "worked"))
    meters = {p.meter for p in found.maintenance_plans if p.meter}
    measured = read(operation, "measurements", meter__in=sorted(meters)) if meters else []
    return due_list(found, measured, last_done(orders, events), now(operation))


def ordered(operation: str) -> dict[str, str]:
    """The open order of each maintenance plan that has one."""
    rows = stored(operation, "released_orders").filter(maintenance_plan__gt="").values_list("maintenance_plan", "order")
    ended = OrderState.objects.filter(operation=operation, state__in=[*CLOSED_STATES, "done"])
    over = set(ended.filter(order__in=[o for _, o in rows]).values_list("order", flat=True))
    return {plan: order for plan, order in rows if order not in over}


@dataclass(frozen=True, slots=True)
class Asset:
    """An asset, its record in the period, what is due next, and the stop it is in."""

    resource: Resource
    record: AssetRecord
    stops: tuple[Stop, ...]  # of the period, in the order in which they began
    due: Due | None
    down: Event | None


def is_asset(resource: Resource, groups: Iterable[str]) -> bool:
    """Whether a resource is a thing of its own: neither a person nor a group."""
    return resource.kind != "person" and resource.name not in groups


def assets(
    operation: str, user: Any, *, since: datetime | None = None, place: str = "", resource: str = ""
) -> list[Asset]:
    """The assets that the user may see, as in the data, with their figures since a moment (else for a year)."""
    here, moment, scope = current(operation), now(operation), places_of(user, operation)
    low, groups = since or _begin(operation, moment), {r.group for r in here.operation.resources}
    found = [
        r for r in here.operation.resources
        if is_asset(r, groups) and (scope is None or not r.place or r.place in scope)
        and place in ("", r.place) and resource in ("", r.name)
    ]  # fmt: skip
    only = {"resource": resource} if resource else {}
    events = read(operation, "events", kind__in=("down", "up"), **only)
    listed, downs = due(operation), open_stops(events)
    planned = {r.name: r.planned for r in here.operation.reason_codes}
    own: dict[str, list[Stop]] = {}
    for s in stops(events, planned):
        if (s.end or moment) > low:
            own.setdefault(s.resource, []).append(s)
    return [_asset(here, r, own.get(r.name, []), listed, downs, low, moment) for r in found]


def _asset(
    here: Current, resource: Resource, own: list[Stop], listed: list[Due], downs: dict[str, Event], low: datetime,
    moment: datetime,
) -> Asset:  # fmt: skip
    found = asset_record(own, low, moment, lambda a, b: here.worked(a, b, resource.name))
    nearest = next((d for d in listed if d.plan.resource == resource.name), None)
    return Asset(resource, found, tuple(own), nearest, downs.get(resource.name))


def asset(operation: str, user: Any, name: str) -> Asset:
    """One asset.

    Raises:
        NotFoundError: where there is none that the user may see.
    """
    found = assets(operation, user, resource=name)
    if not found:
        raise NotFoundError(f"there is no asset {name!r}")
    return found[0]


def _begin(operation: str, moment: datetime) -> datetime:
    """A year ago, or the first record of anything where that is later: nothing is known of the time before."""
    first = stored(operation, "events").order_by("at").values_list("at", flat=True).first()
    return max(first, moment - PERIOD) if first and first < moment else moment - PERIOD


def downtime(
    operation: str, user: Any, low: datetime, high: datetime, *, place: str = "", resource: str = "", reason: str = ""
) -> list[tuple[Stop, float]]:
    """Stops that overlap a period, of assets that the user may see, with their seconds of working hours in it."""
    here, scope = current(operation), places_of(user, operation)
    planned = {r.name: r.planned for r in here.operation.reason_codes}
    found = []
    for s in stops(read(operation, "events", kind__in=("down", "up")), planned):
        where = here.place_of(s.resource)
        begin, end = max(s.start, low), min(s.end or high, high)
        seen = scope is None or not where or where in scope
        fits = place in ("", where) and resource in ("", s.resource) and reason in ("", s.reason)
        if seen and fits and begin < end:
            found.append((s, here.worked(begin, end, s.resource)))
    return found


def readings(operation: str, meter: str, most: int = 200) -> list[Measurement]:
    """The latest readings of a meter, the newest first."""
    rows = (
        stored(operation, "measurements")
        .filter(meter=meter)
        .order_by("-at", "-row")
        .values_list("uid", flat=True)[:most]
    )
    found = {m.uid: m for m in read(operation, "measurements", uid__in=list(rows))}
    replaced = {m.corrects for m in found.values()}
    return [found[u] for u in rows if u not in replaced]
