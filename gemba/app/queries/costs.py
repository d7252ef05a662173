"""Standard costs by version, what orders cost, and profit and loss: what pages and API show of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import DateTimeField, F, Q, QuerySet
from django.db.models.functions import Coalesce

from gemba.app.queries.current import current
from gemba.app.queries.profit import DONE, Books
from gemba.app.security.scope import Scope, inside, inside_of
from gemba.app.store.clock import now
from gemba.app.store.models import OrderState
from gemba.app.store.operations import NotFoundError
from gemba.app.store.records import read, read_each, stored
from gemba.measure.cost import (
    COMPONENTS,
    VARIANCES,
    Cell,
    OrderCost,
    Standards,
    Statement,
    cents,
    facts,
    grouping,
    roll_up,
    statement,
)
from gemba.measure.cost.money import exact, spread
from gemba.measure.periods import next_start, period_start
from gemba.operation import ReleasedOrder
from gemba.operation.moments import from_local, moment, seconds

ORDER_KINDS = ("make", "service", "maintenance", "inspection")


def versions(operation: str) -> list[dict[str, Any]]:
    """The versions of standard costs, latest first, and from when each holds."""
    found = stored(operation, "standard_costs").order_by("-at", "version").values_list("version", "at").distinct()
    return [{"version": version, "at": at} for version, at in found]


def standard_costs(operation: str, version: str = "", other: str = "", scope: Scope = None) -> list[dict[str, Any]]:
    """A row for each item and place of a version (blank: the latest), beside its cost in another version."""
    known = versions(operation)
    chosen = version or (known[0]["version"] if known else "")
    units = {i.name: (i.unit, i.family) for i in current(operation).operation.items}
    beside = {(r.item, r.place): _unit(r) for r in read(operation, "standard_costs", version=other)} if other else {}
    rows = []
    for r in read(operation, "standard_costs", version=chosen):
        if scope is not None and r.place and not inside(scope, r.place):
            continue
        unit, family = units.get(r.item, ("", ""))
        before = beside.get((r.item, r.place))
        rows.append({
            "item": r.item, "place": r.place, "family": family, "unit": unit, "version": r.version, "at": r.at,
            **{name: getattr(r, name) for name in COMPONENTS}, "total": _unit(r), "other": before,
            "change": None if before is None else _unit(r) - before,
        })  # fmt: skip
    return rows


def _unit(r: Any) -> Decimal:
    return sum((getattr(r, name) for name in COMPONENTS), Decimal(0))


def explained(operation: str, item: str, place: str, version: str = "") -> dict[str, Any]:
    """Where an item's standard cost comes from: its sources with their lines, rolled up from the current data as of
    the version's beginning; beside it the cost as it was recorded.

    Raises:
        NotFoundError: where the item cannot be had at this place.
    """
    here, known = current(operation).operation, versions(operation)
    chosen = next((v for v in known if not version or v["version"] == version), None)
    node = roll_up(here, chosen["at"] if chosen else here.now).nodes.get((item, place))
    if node is None:
        raise NotFoundError(f"{item!r} cannot be had at {place!r}")
    recorded = Standards((), read(operation, "standard_costs", item=item, place=place))
    at = chosen["at"] if chosen else here.now
    sources = [
        {
            "how": s.how, "name": s.name, "lot": float(s.lot), "share": float(s.share), "cost": float(s.cost.total),
            "origin": {"item": s.origin[0], "place": s.origin[1]} if s.origin else None,
            "lines": _lines(s.sheet) if s.sheet else [],
        }
        for s in node.sources
    ]  # fmt: skip
    return {
        "item": item, "place": place, "version": chosen["version"] if chosen else "",
        "components": {n: float(c) for n, c in zip(COMPONENTS, node.cost, strict=True)},
        "total": float(node.cost.total), "recorded": float(recorded.unit(item, place, at).total) if chosen else None,
        "sources": sources,
    }  # fmt: skip


def _lines(sheet: Any) -> list[dict[str, Any]]:
    output = sheet.output(sheet.lot) or Fraction(1)
    return [
        {
            "kind": line.kind, "step": line.step, "subject": line.subject, "place": line.place, "setup": line.setup,
            "basis": line.basis, "quantity": float(line.quantity(sheet.lot)), "rate": float(line.rate),
            "lot": float(line.quantity(sheet.lot) * line.rate),
            "unit": float(line.quantity(sheet.lot) * line.rate / output),
        }
        for line in sheet.lines
    ]  # fmt: skip


def done_orders(
    operation: str, low: datetime | None = None, high: datetime | None = None, scope: Scope = None, **only: str
) -> QuerySet[Any]:
    """Orders of work, by when they were done (or last changed), latest first: with ``low`` and ``high`` the done ones.

    ``only`` keeps those of a place, an item, a customer; or a kind, where "work" is every kind but maintenance.
    """
    found = OrderState.objects.filter(operation=operation).annotate(
        when=Coalesce("end", "since", output_field=DateTimeField())
    )
    heads = stored(operation, "released_orders").filter(kind__in=ORDER_KINDS).order_by()
    if scope is not None:
        heads = heads.filter(Q(place__in=[*scope, ""]))
    if kind := only.pop("kind", ""):
        heads = heads.exclude(kind="maintenance") if kind == "work" else heads.filter(kind=kind)
    found = found.filter(order__in=heads.filter(**only).values("order"))
    if low is not None and high is not None:
        found = found.filter(state__in=DONE, when__gte=low, when__lt=high)
    return found.order_by(F("when").desc(), "order")


def order_costs(operation: str, states: Iterable[Any], books: Books | None = None) -> list[tuple[Any, OrderCost]]:
    """What these orders cost, each with its state; records of all are read at once."""
    chosen = list(states)
    books = books or Books(operation)
    names = [s.order for s in chosen]
    heads = {h.order: h for h in _of(operation, "released_orders", Q(order__in=names))}
    tasks = _by_order(_of(operation, "released_tasks", Q(order__in=names)))
    events = _by_order(_of(operation, "events", Q(order__in=names)))
    either = Q(order__in=names) | Q(from_kind="wip", from_name__in=names) | Q(to_kind="wip", to_name__in=names)
    movements = list(_of(operation, "movements", either))
    energy: dict[str, dict[str, Fraction]] = {}
    for e in books.energy:
        if e.order in heads:
            of = energy.setdefault(e.order, {})
            of[e.meter] = of.get(e.meter, Fraction(0)) + e.cost
    by_account: dict[str, list[Any]] = {}
    for m in movements:
        for name in {m.order, m.from_name if m.from_kind == "wip" else "", m.to_name if m.to_kind == "wip" else ""}:
            by_account.setdefault(name, []).append(m)
    found = []
    for state in chosen:
        head = heads.get(state.order)
        if head is not None:
            n = head.order
            booked = facts(head, tasks.get(n, ()), events.get(n, ()), by_account.get(n, ()), energy=energy.get(n))
            booked.reported = exact(state.good)
            found.append((state, books.coster.cost(head, booked, state.end or state.since)))
    return found


def _of(operation: str, table: str, which: Q) -> Iterable[Any]:
    return read_each(stored(operation, table).filter(which), table)


def _by_order(records: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for r in records:
        found.setdefault(r.order, []).append(r)
    return found


def order_cost(operation: str, order: str, scope: Scope = None) -> dict[str, Any]:
    """What an order cost: components, lines and variances, in cents.

    Raises:
        NotFoundError: where there is no such order of work (or not for this user).
    """
    state = done_orders(operation, scope=scope).filter(order=order).first()
    if state is None:
        raise NotFoundError(f"there is no order {order!r} that costs could be collected on")
    ((_, found),) = order_costs(operation, [state])
    return {**order_row(state, found), "lines": [_line(line) for line in found.lines], **_parts(found)}


def order_row(state: Any, found: OrderCost) -> dict[str, Any]:
    """An order with its amounts in whole cents; the variances add up."""
    order: ReleasedOrder = found.order
    return {
        "order": order.order, "kind": order.kind, "item": order.item, "place": order.place,
        "customer": order.customer, "state": state.state, "done": state.state in DONE, "at": state.end or state.since,
        "quantity": float(order.quantity), "output": float(found.output), "standard": cents(found.value),
        "actual": cents(found.variance) + cents(found.value), "variance": cents(found.variance),
        "scrapped": cents(found.facts.scrapped.value), "closing": cents(found.closing),
        "variances": found.in_cents(),
    }  # fmt: skip


def sums(found: Iterable[OrderCost]) -> dict[str, Decimal]:
    """Each variance of orders together, the whole and what is closed to production variances, in whole cents: sums
    of exact amounts, rounded once, so they may differ by cents from what single orders show."""
    totals, closing = dict.fromkeys(VARIANCES, Fraction(0)), Fraction(0)
    for one in found:
        closing += one.closing
        for name, amount in one.variances().items():
            totals[name] += amount
    parts = dict(zip(totals, spread(totals.values()), strict=True))
    return {**parts, "variance": cents(sum(totals.values(), Fraction(0))), "closing": cents(closing)}


def _parts(found: OrderCost) -> dict[str, Any]:
    parts = {n: {"standard": cents(s), "actual": cents(a)} for n, (s, a) in found.components().items()}
    return {"components": parts, "lot": float(found.lot)}


def _line(line: Any) -> dict[str, Any]:
    of = line.line
    return {
        "kind": of.kind, "step": of.step, "subject": of.subject, "basis": of.basis, "setup": of.setup,
        "rate": float(of.rate), "standard_quantity": float(line.absorbed), "allowed_quantity": float(line.allowed),
        "worked_quantity": float(line.worked), "actual_quantity": float(line.actual), "standard": cents(line.standard),
        "actual": cents(line.cost), "difference": cents(line.cost) - cents(line.standard),
    }  # fmt: skip


def profit(
    operation: str, low: datetime, high: datetime, by: str = "month", only: Mapping[str, str] | None = None,
    scope: Scope = None,
) -> tuple[Statement, list[Cell]]:  # fmt: skip
    """The profit and loss of the months from ``low`` until ``high``, and the cells it is made of.

    Args:
        by: month, place, family or customer.
        only: keeps cells of this place (and inside), family or customer; "-" stands for those of none.
        scope: the places the user may see.

    Raises:
        ValueError: where ``by`` is none of these.
    """
    books, chosen = Books(operation), only or {}
    group = grouping(books.operation, by, "" if chosen.get("place") == "-" else chosen.get("place", ""))
    families = {i.name: i.family for i in books.operation.items}
    within = _within(books, chosen.get("place", ""))
    found = []
    for cell in books.cells(low, high):
        wanted = {
            "family": families.get(cell.item, ""),
            "customer": cell.customer,
            "item": cell.item,
            "line": cell.line,
        }
        fits = all(wanted[k] == ("" if v == "-" else v) for k, v in chosen.items() if k in wanted and v)
        if fits and (within is None or cell.place in within) and (scope is None or cell.place in scope):
            found.append(cell)
    return statement(found, group), found


def _within(books: Books, place: str) -> frozenset[str] | None:
    if not place:
        return None
    return frozenset({""}) if place == "-" else inside_of({place}, {p.name: p.parent for p in books.operation.places})


#: Months that a statement shows unless asked for, and at most.
USUAL_MONTHS, MOST_MONTHS = 3, 36


def period(operation: str, first: str = "", last: str = "") -> tuple[str, str, datetime, datetime]:
    """The months of a statement, such as 2026-01, and the moments from and until which they go on local clocks.

    Raises:
        ValueError: where a month is written otherwise, ends before it begins, or there are too many.
    """
    zone = current(operation).operation.settings.zone
    latest = period_start(seconds(now(operation)), "month", zone)
    end = _month(last) if last else max(latest, _month(first)) if first else latest
    start = _month(first) if first else _back(end, USUAL_MONTHS - 1)
    count = (end.year - start.year) * 12 + end.month - start.month + 1
    if not 1 <= count <= MOST_MONTHS:
        raise ValueError(f"the months are {start:%Y-%m} to {end:%Y-%m}; they must be 1 to {MOST_MONTHS} in a row")
    bounds = [moment(from_local(at, zone)) for at in (start, next_start(end, "month"))]
    return f"{start:%Y-%m}", f"{end:%Y-%m}", bounds[0], bounds[1]


def _month(text: str) -> datetime:
    try:
        found = datetime.strptime(text, "%Y-%m")
    except ValueError:
        raise ValueError(f"the month is {text[:20]!r}; it must be written like 2026-01") from None
    if not 1950 <= found.year < 2199:
        raise ValueError(f"the month is {text[:20]!r}; it must be between 1950-01 and 2198-12")
    return found


def _back(month: datetime, count: int) -> datetime:
    index = month.year * 12 + month.month - 1 - count
    return datetime(index // 12, index % 12 + 1, 1)


#: Lines of the statement that come from records of a table; those of orders are on the page of the orders' costs.
RECORDS_OF = {
    "revenue": "deliveries", "variable cost of goods sold": "deliveries", "overhead of goods sold": "deliveries",
    "purchase price variance": "movements", "scrap": "movements", "waste": "movements",
    "stock adjustments": "movements",
}  # fmt: skip


def behind(operation: str, cell: Mapping[str, str], low: datetime, high: datetime) -> QuerySet[Any]:
    """The records that a cell (line, place, item, customer) of a period is made of, in the order of time.

    Raises:
        KeyError: where the line does not come from records of one table (``RECORDS_OF``).
    """
    line, place, item = cell["line"], cell["place"], cell["item"]
    found = stored(operation, RECORDS_OF[line]).filter(at__gte=low, at__lt=high)
    if RECORDS_OF[line] == "deliveries":
        return found.filter(place=place, item=item, customer=cell["customer"]).order_by("at", "row")
    kind = {"purchase price variance": "supplier", "stock adjustments": "adjustment"}.get(line, line)
    orders = stored(operation, "released_orders").filter(place=place, item=item, customer=cell["customer"])
    other, own = ("from", "to"), Q()
    for a, b in (other, other[::-1]):
        at_store = Q(**{f"{b}_kind": "store", f"{b}_name": place, "item": item}) if not cell["customer"] else Q(pk=None)
        of_order = Q(**{f"{b}_kind": "wip", "order__in": orders.order_by().values("order")})
        own |= Q(**{f"{a}_kind": kind}) & (at_store | of_order)
    return found.filter(own).exclude(cause="opening").order_by("at", "row")
