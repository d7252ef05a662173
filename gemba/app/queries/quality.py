"""Quality as it stands: characteristics, what was measured, how lots fare, and what is due to be inspected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from gemba.app.queries.current import current
from gemba.app.queries.ledger import lots as stock_lots
from gemba.app.queries.ledger import reversed_uids
from gemba.app.security.scope import Scope, inside, places_of, resource_places
from gemba.app.store import clock
from gemba.app.store.models import OrderState, TaskState
from gemba.app.store.operations import NotFoundError
from gemba.app.store.records import read, read_each, stored
from gemba.execute.quality.history import Lot, LotResult, history, judged, lot_name
from gemba.execute.quality.inspection import Required, applying, required
from gemba.execute.quality.readings import Reading, of_study, readings
from gemba.execute.quality.sampling_switching import State
from gemba.operation import Characteristic, Measurement, Movement, ReleasedOrder

#: Receipts and ended orders that were never inspected stay on the list for so long.
RECENT = timedelta(days=90)
#: So many of the latest values are read where those before cannot matter.
WINDOW = 1000
OPEN = ("released", "started", "paused", "done")


def characteristics(operation: str) -> tuple[Characteristic, ...]:
    """Every characteristic of the operation's current version."""
    return tuple(current(operation).operation.characteristics)


def find(operation: str, name: str) -> Characteristic:
    """The characteristic of this name.

    Raises:
        NotFoundError: where there is none.
    """
    found = next((c for c in characteristics(operation) if c.name == name), None)
    if found is None:
        raise NotFoundError(f"there is no characteristic {name!r}")
    return found


def measured(operation: str, characteristic: str) -> list[Reading]:
    """Everything measured of a characteristic, by time, corrected."""
    return readings(read(operation, "measurements", characteristic=characteristic))


class Places:
    """Where something was measured: at its order's place, else where its lot came in, else at its resource's place."""

    def __init__(self, operation: str) -> None:
        self.operation = operation
        self.resources = resource_places(operation)
        self.known: dict[tuple[str, str, str], str] = {}

    def of(self, m: Measurement) -> str:
        return self.where(m.order, m.item, m.lot, m.resource)

    def where(self, order: str, item: str, lot: str, resource: str) -> str:
        """Blank where nothing says it."""
        key = (order, item, lot)
        if key not in self.known:
            self.known[key] = self._ask(*key)
        return self.known[key] or self.resources.get(resource, "")

    def _ask(self, order: str, item: str, lot: str) -> str:
        if order:
            found = stored(self.operation, "released_orders").filter(order=order).values_list("place", flat=True)
        elif lot:
            into = stored(self.operation, "movements").filter(item=item, lot=lot, to_kind="store")
            found = into.values_list("to_name", flat=True)
        else:
            return ""
        return str(found.first() or "")


def measured_for(user: Any, operation: str, characteristic: str) -> list[Reading]:
    """What was measured of a characteristic at the places that the user may see."""
    scope, where = places_of(user, operation), Places(operation)
    every = measured(operation, characteristic)
    return every if scope is None else [r for r in every if _seen(scope, where.of(r.measurement))]


def may_see(user: Any, operation: str, order: str, item: str, lot: str) -> bool:
    """Whether an order or a lot is at a place that the user may see."""
    return _seen(places_of(user, operation), Places(operation).where(order, item, lot, ""))


def receipts(operation: str, items: Iterable[str], since: datetime | None = None) -> list[Movement]:
    """Receipts of these items with a lot, that were not reversed, by time."""
    more: dict[str, Any] = {} if since is None else {"at__gte": since}
    names = sorted(set(items))
    found = read(operation, "movements", cause="receipt", item__in=names, **more) if names else []
    gone = reversed_uids(operation, found)
    return sorted((m for m in found if m.lot and m.uid not in gone), key=lambda m: m.at)


def lots_of(operation: str, c: Characteristic) -> dict[str, Lot]:
    """What is judged as one lot, by its name: lots received, or orders."""
    if c.when == "receipt":
        found: dict[str, Lot] = {}
        for m in receipts(operation, [c.item]):
            was = found.get(m.lot)
            found[m.lot] = Lot(m.lot, ceil(m.quantity) + (was.size if was else 0), m.from_name)
        return found
    only = {name: value for name, value in (("item", c.item), ("process", c.process)) if value}
    heads = read(operation, "released_orders", **only)
    return {h.order: Lot(h.order, max(1, ceil(h.quantity)), h.process) for h in heads}


def resumed(operation: str, characteristic: str) -> list[datetime]:
    """When corrective actions after nonconformances of a characteristic were found effective."""
    about = [c.concern for c in read(operation, "concerns", kind="nonconformance", category=characteristic)]
    actions = [c.concern for c in read(operation, "concerns", parent__in=about)] if about else []
    found = read(operation, "concern_changes", concern__in=actions, decision="effective") if actions else []
    return [c.at for c in found]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the lots of a characteristic fared, by name, and the state that the next one meets, by source."""

    characteristic: Characteristic
    lots: Mapping[str, Lot]
    results: Mapping[str, LotResult]
    states: Mapping[str, State]

    def required(self, lot: Lot) -> Required:
        """The sample of a lot: as it was for one that was begun, else as it is for the next one."""
        if lot.name in self.results:
            return self.results[lot.name].required
        return required(self.characteristic, max(1, lot.size), self.states.get(lot.source))


def standing(operation: str, c: Characteristic, own: list[Reading] | None = None) -> Standing:
    """How inspection of a characteristic stands for each of its sources."""
    lots = lots_of(operation, c)
    taken = measured(operation, c.name) if own is None else own
    again = resumed(operation, c.name) if c.level else []
    results: dict[str, LotResult] = {}
    states: dict[str, State] = {}
    for source in sorted({lot.source for lot in lots.values()}):
        found, states[source] = history(c, taken, lots, source, again)
        results.update((r.lot.name, r) for r in found)
    return Standing(c, lots, results, states)


def due(operation: str, user: Any, *, stage: str = "", place: str = "") -> list[dict[str, Any]]:
    """Inspections that are to be made, the longest waiting first: what, how many, by which plan, and why so many."""
    scope, every = places_of(user, operation), characteristics(operation)
    since = clock.now(operation) - RECENT
    rows: list[dict[str, Any]] = []
    for c in every:
        if stage in ("", c.when):
            at = standing(operation, c)
            each = _received(operation, at, since) if c.when == "receipt" else _ordered(operation, at, since)
            rows += each
    return sorted((r for r in rows if _seen(scope, r["place"]) and place in ("", r["place"])), key=lambda r: r["since"])


def _seen(scope: Scope, place: str) -> bool:
    return not place or inside(scope, place)


def _received(operation: str, at: Standing, since: datetime) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    there = {s.lot for s in stock_lots(operation, [at.characteristic.item]) if s.on_hand > 0}
    for m in receipts(operation, [at.characteristic.item], since):
        row = _row(at, at.lots[m.lot]) if m.lot in there else None
        if row is not None:
            rows[m.lot] = {**row, "item": m.item, "lot": m.lot, "place": m.to_name, "since": m.at}
    return list(rows.values())


def _ordered(operation: str, at: Standing, since: datetime) -> list[dict[str, Any]]:
    c = at.characteristic
    states = {s.order: s for s in OrderState.objects.filter(operation=operation, state__in=OPEN, since__gte=since)}
    names = [n for n in states if n in at.lots]
    heads = {h.order: h for i in range(0, len(names), 500) for h in _heads(operation, names[i : i + 500])}
    begun = {n: s.start for n, s in states.items() if s.start is not None and (c.when == "process" or s.good > 0)}
    if c.step:
        tasks = TaskState.objects.filter(operation=operation, step=c.step, order__in=names, start__isnull=False)
        begun = {t.order: t.start for t in tasks}
    rows = []
    for name in names:
        row = _row(at, at.lots[name]) if name in begun else None
        if row is not None:
            head = heads[name]
            rows.append({**row, "item": head.item, "order": name, "place": head.place, "since": begun[name]})
    return rows


def _heads(operation: str, orders: list[str]) -> list[ReleasedOrder]:
    return read(operation, "released_orders", order__in=orders)


def _row(at: Standing, lot: Lot) -> dict[str, Any] | None:
    """What is to be inspected of a lot; None where nothing is left."""
    needs, was, c = at.required(lot), at.results.get(lot.name), at.characteristic
    left = was.left if was else needs.size
    if left <= 0:
        return None
    return {
        "characteristic": c.name, "kind": c.kind, "when": c.when, "step": c.step, "lot": "", "order": "",
        "source": lot.source, "units": lot.size, "size": needs.size, "left": left, "accept": needs.accept,
        "reject": needs.reject, "letter": needs.letter, "severity": needs.severity, "complete": needs.complete,
        "why": needs.why, "gauge": c.gauge, "method": c.method,
    }  # fmt: skip


def of_lot(
    operation: str, c: Characteristic, lot: str, order: str, taken: Iterable[Reading] | None = None
) -> tuple[Required | None, LotResult | None]:
    """What a lot or order needs by a characteristic, and how it fares; None, None where it is none of its lots.

    ``taken`` are the readings of the lot, where they have been read (with a sampling plan: of every lot).
    """
    name = lot_name(c, lot, order)
    if c.level:
        at = standing(operation, c, None if taken is None else list(taken))
        own = at.lots.get(name)
        return (None, None) if own is None else (at.required(own), at.results.get(name))
    own = _one_lot(operation, c, name)
    if own is None:
        return None, None
    if taken is None:
        key = {"lot": name} if c.when == "receipt" else {"order": name}
        taken = readings(read(operation, "measurements", characteristic=c.name, **key))
    of = [r for r in taken if not of_study(r) and lot_name(c, r.measurement.lot, r.measurement.order) == name]
    return required(c, max(1, own.size)), judged(c, own, of, State()) if of else None


def _one_lot(operation: str, c: Characteristic, name: str) -> Lot | None:
    if c.when == "receipt":
        return lots_of(operation, c).get(name)
    head = next(iter(read(operation, "released_orders", order=name)), None) if name else None
    if head is None or c.item not in ("", head.item) or c.process not in ("", head.process):
        return None
    return Lot(name, max(1, ceil(head.quantity)), head.process)


def latest(operation: str, c: Characteristic, lot: str, order: str) -> list[Reading]:
    """The latest readings of a characteristic and those of a lot or order: enough where limits are fixed and no plan
    asks for the lots before. Runs look back at 15 points at most."""
    of = stored(operation, "measurements").filter(characteristic=c.name)
    found = {m.uid: m for m in reversed(list(read_each(of.order_by("-row")[:WINDOW], "measurements")))}
    own = {"lot": lot} if lot else {"order": order} if order else {}
    before = read(operation, "measurements", characteristic=c.name, **own) if own else []
    older = {m.uid: m for m in before if m.uid not in found}
    return readings([*older.values(), *found.values()])


def made_by(operation: str, item: str, lot: str) -> str:
    """The order that made a lot; blank where none did."""
    found = stored(operation, "movements").filter(item=item, lot=lot, cause="production").order_by("row")
    return str(found.values_list("order", flat=True).first() or "")


def awaited(operation: str, item: str) -> list[Characteristic]:
    """What of an item is inspected on receipt."""
    return applying(characteristics(operation), "receipt", item=item)
