"""What a report on a task moves: the materials it has used, what it has yielded, what was scrapped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, NamedTuple

from gemba.execute.ledger.costs import Costs
from gemba.execute.ledger.movements import Maker
from gemba.execute.orders.progress import TaskProgress
from gemba.execute.orders.shape import Shape, required
from gemba.operation import Event, Movement, ReleasedOrder, ReleasedTask, Step, StepItem
from gemba.operation.noun import EXACT
from gemba.operation.records import ZERO


class Picked(NamedTuple):
    """Part of a quantity and the lot it is taken from; ``missing`` is what the ledger says is not there."""

    lot: str
    quantity: Decimal
    missing: bool = False


#: (item, place, quantity) → the lots to take it from, soonest to expire first.
Pick = Callable[[str, str, Decimal], Sequence[Picked]]
#: Makes a movement with the uid it is given.
Made = Callable[[str], Movement]


def exactly(value: Decimal) -> Decimal:
    return value.quantize(EXACT, ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Booking:
    """What is needed to turn a report into movements."""

    order: ReleasedOrder
    shape: Shape
    tasks: Mapping[str, ReleasedTask]
    costs: Costs
    pick: Pick
    issued: bool = False  # its materials were issued before the ledger was opened

    def ratio(self, step: str) -> Decimal:
        """Units of the order for each unit that the step works on (below 1 where later steps lose some)."""
        quantity = self.tasks[step].quantity if step in self.tasks else self.order.quantity
        return self.order.quantity / quantity if quantity else Decimal(1)

    def place(self, row: StepItem) -> str:
        return row.place or self.shape.process.place or self.order.place


def movements(
    b: Booking, event: Event, before: TaskProgress, yielded: Decimal, used: Mapping[str, Sequence[Picked]] | None = None
) -> list[Movement]:
    """The movements of a report, in the order in which they happen.

    Args:
        before: the task before the report.
        yielded: how much more the order as a whole has yielded by the report.
        used: materials as they were really used, by item; the others are taken in proportion to the work done.
    """
    maker = Maker(b.costs, event.at, event.person)
    made = [*_inputs(b, maker, event, before, used or {}), *_scrapped(b, maker, event), *_outputs(b, maker, event)]
    if yielded > 0 and not _has_own_output(b):
        made += _produced(b, maker, event, b.order.item, b.order.place, yielded)
    return [make(f"{event.uid}/{i}") for i, make in enumerate(made)]


def _valid(rows: Sequence[StepItem], at: datetime) -> list[StepItem]:
    return [r for r in rows if (r.start is None or r.start <= at) and (r.end is None or at < r.end)]


def needs(b: Booking, step: str, at: datetime, done: Decimal, first: bool) -> dict[tuple[str, str], Decimal]:
    """Inputs (item, place) for so many units of work on a step; of alternatives the preferred one."""
    rows = [r for r in _valid(b.shape.items.get(step, ()), at) if r.direction == "in"]
    chosen = [r for r in rows if not r.alternative]
    for label in sorted({r.alternative for r in rows if r.alternative}):
        chosen.append(min((r for r in rows if r.alternative == label), key=lambda r: r.priority))
    found: dict[tuple[str, str], Decimal] = {}
    for r in chosen:
        fixed = Decimal(str(r.fixed_quantity)) if first else ZERO
        amount = exactly(Decimal(str(r.quantity)) * b.ratio(step) * done + fixed)
        if amount > 0:
            key = (r.item, b.place(r))
            found[key] = found.get(key, ZERO) + amount
    return found


def _inputs(
    b: Booking, maker: Maker, event: Event, before: TaskProgress, used: Mapping[str, Sequence[Picked]]
) -> Iterator[Made]:
    done = event.good + event.scrap + event.rework
    if done <= 0 or (b.issued and not used):
        return
    wanted = needs(b, event.step, event.at, done, before.processed == 0)
    for (item, place), quantity in wanted.items():
        yield from _taken(b, maker, event, item, place, used.get(item, ()) or b.pick(item, place, quantity))
    for item in used.keys() - {i for i, _ in wanted}:
        yield from _taken(b, maker, event, item, b.order.place, used[item])


def _taken(b: Booking, maker: Maker, event: Event, item: str, place: str, parts: Sequence[Picked]) -> Iterator[Made]:
    """Issues of these lots. What the ledger does not have was found all the same: it is adjusted, for all to see."""
    for part in parts:
        more: dict[str, Any] = {"lot": part.lot, "step": event.step}
        if part.missing:
            noted = {**more, "reason": "found at issue", "order": b.order.order}
            yield lambda uid, p=part, m=noted: maker.found(uid, item, p.quantity, place, **m)  # type: ignore[misc]
        yield lambda uid, p=part, m=more: maker.issue(uid, item, p.quantity, place, b.order.order, **m)  # type: ignore[misc]


def _scrapped(b: Booking, maker: Maker, event: Event) -> Iterator[Made]:
    """Scrap leaves work in progress at the standard cost of the materials in it."""
    if event.scrap > 0:
        value = sum((_material(b, s.name, event) for s in _up_to(b, event.step)), ZERO) * event.scrap
        more: dict[str, Any] = {"lot": event.lot, "step": event.step, "value": value.quantize(Decimal("0.01"))}
        yield lambda uid: maker.scrap(
            uid, b.order.item, event.scrap, place=b.order.place, order=b.order.order, reason=event.reason, **more
        )


def _up_to(b: Booking, step: str) -> list[Step]:
    """The step and all that come before it."""
    found, todo = {step}, [step]
    while todo:
        for s in b.shape.before.get(todo.pop(), ()):
            if s not in found:
                found.add(s)
                todo.append(s)
    return [s for s in b.shape.steps if s.name in found]


def _material(b: Booking, step: str, event: Event) -> Decimal:
    """Standard cost of the materials in a unit that the step works on."""
    wanted = needs(b, step, event.at, Decimal(1), False)
    return sum((b.costs.value(item, place, event.at, q) for (item, place), q in wanted.items()), ZERO)


def _has_own_output(b: Booking) -> bool:
    rows = (r for rows in b.shape.items.values() for r in rows)
    return any(r.direction == "out" and r.item == b.order.item for r in rows)


def _outputs(b: Booking, maker: Maker, event: Event) -> Iterator[Made]:
    """By-products, and the item itself where a step says that it yields it."""
    for r in _valid(b.shape.items.get(event.step, ()), event.at):
        if r.direction == "out" and event.good > 0:
            quantity = exactly(Decimal(str(r.quantity)) * b.ratio(event.step) * event.good)
            if quantity > 0:
                yield from _produced(b, maker, event, r.item, b.place(r), quantity)


def _produced(b: Booking, maker: Maker, event: Event, item: str, place: str, quantity: Decimal) -> Iterator[Made]:
    """Into stock, as a lot of the order's number (or numbered units) where the item is tracked."""
    make = maker.production if item == b.order.item else maker.by_product
    known = b.costs.items.get(item)
    tracking = known.tracking if known else "none"
    lot = event.lot or (b.order.order if tracking == "lot" else "")
    parts = [(lot, quantity)]
    if tracking == "serial" and quantity == int(quantity):
        parts = [(f"{event.lot or event.uid}-{n}", Decimal(1)) for n in range(1, int(quantity) + 1)]
    for name, amount in parts:
        yield lambda uid, n=name, q=amount: make(uid, item, q, place, b.order.order, lot=n, step=event.step)  # type: ignore[misc]


def finished_transport(order: ReleasedOrder, event: Event, costs: Costs, parts: Sequence[Picked]) -> list[Movement]:
    """The movements of a purchase that has arrived, or of a move from another place that is done."""
    maker, more = Maker(costs, event.at, event.person), {"order": order.order}
    if order.kind == "buy":
        lot = event.lot
        return [maker.receipt(f"{event.uid}/0", order.item, event.good, order.place, order.supplier, lot=lot, **more)]
    return [
        maker.transfer(f"{event.uid}/{i}", order.item, part.quantity, order.origin, order.place, lot=part.lot, **more)
        for i, part in enumerate(p for p in parts if not p.missing)
    ]


def opening_wip(order: ReleasedOrder, shape: Shape, costs: Costs, at: datetime) -> list[Movement]:
    """What an order had been issued before the ledger was opened: its materials, into its work in progress."""
    maker = Maker(costs, at)
    found = []
    for (item, place), quantity in required(order, shape, at).items():
        issue = maker.issue(f"opening {order.order}/{item}/{place}", item, quantity, place, order.order)
        found.append(replace(issue, cause="opening", from_kind="adjustment", from_name="opening"))
    return found
