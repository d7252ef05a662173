"""What was booked on an order: its account of work in process, added up from movements, events and readings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from gemba.measure.cost.money import ZERO, exact
from gemba.operation import Event, Movement, ReleasedOrder, ReleasedTask
from gemba.operation.records import EVENT_KINDS


class Amount(NamedTuple):
    """A quantity and what it is worth."""

    quantity: Fraction = ZERO
    value: Fraction = ZERO

    def plus(self, quantity: Fraction, value: Fraction) -> Amount:
        return Amount(self.quantity + quantity, self.value + value)


class Work(NamedTuple):
    """Whose time on what: events that agree in this are added up."""

    step: str
    resource: str
    person: str
    setup: bool
    planned: str  # the resources the step was released on


@dataclass(slots=True)
class Facts:
    """An order's account: what went in (``issued`` by item and step, less what came back), what came out, and the work done.

    ``units`` are those worked on by step: good, scrapped and to be reworked. ``energy`` is money by meter.
    The accounts of several orders with the same process can be added up to one: then ``orders`` says how many.
    """

    issued: dict[tuple[str, str], Amount] = field(default_factory=lambda: defaultdict(Amount))
    output: Amount = field(default_factory=Amount)
    by_products: dict[str, Amount] = field(default_factory=lambda: defaultdict(Amount))
    scrapped: Amount = field(default_factory=Amount)
    waste: dict[str, Amount] = field(default_factory=lambda: defaultdict(Amount))
    seconds: dict[Work, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    units: dict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    touched: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # orders that worked on the step
    orders: int = 1
    energy: dict[str, Fraction] = field(default_factory=dict)
    reported: Fraction = ZERO  # good units of the last steps

    @property
    def balance(self) -> Fraction:
        """Value of the items that went into work in process less that of those that came out."""
        out = self.output.value + self.scrapped.value
        out += sum((a.value for a in (*self.by_products.values(), *self.waste.values())), ZERO)
        return sum((a.value for a in self.issued.values()), ZERO) - out


def facts(
    order: ReleasedOrder,
    tasks: Iterable[ReleasedTask],
    events: Iterable[Event],
    movements: Sequence[Movement],
    *,
    last: Sequence[str] = (),
    energy: dict[str, Fraction] | None = None,
) -> Facts:
    """The account of an order from its records; those of other orders are left out.

    Args:
        last: the steps whose good units are the order's; it matters where nothing is put into stock (a service).
        energy: what metered energy cost it, by meter.
    """
    found = Facts(energy=dict(energy or {}))
    planned = {t.step: t.resource for t in tasks if t.order == order.order}
    for event in events:
        if event.order == order.order:
            _work(found, event, planned.get(event.step, ""), last)
    of = {m.uid: m for m in movements}
    for m in movements:
        original = of.get(m.corrects, m)
        sign = 1 if original is m else -1
        for side, name in ((original.from_kind, original.from_name), (original.to_kind, original.to_name)):
            if side == "wip" and name == order.order:
                into = (original.to_kind, original.to_name) == (side, name)
                book(found, order, original, into, exact(m.quantity) * sign, exact(m.value) * sign)
    return found


def _work(found: Facts, event: Event, planned: str, last: Sequence[str]) -> None:
    time = EVENT_KINDS[event.kind]
    if time in ("set-up", "production"):
        work = Work(event.step, event.resource, event.person, time == "set-up", planned)
        found.seconds[work] += Fraction(round(event.seconds * 1000), 1000)  # as the database adds it up
        found.touched[event.step] = 1
    found.units[event.step] += exact(event.good + event.scrap + event.rework)
    if event.step in last:
        found.reported += exact(event.good)


def book(found: Facts, order: ReleasedOrder, m: Any, into: bool, quantity: Fraction, value: Fraction) -> None:
    """One side of a movement, by where it comes from or goes to. A reversal whose original is not here is read alone:
    the item coming back from a store is the order's output taken back where it is the order's item."""
    other = m.from_kind if into else m.to_kind
    if into:
        if m.cause == "correction" and m.item == order.item and other in ("store", "customer"):
            found.output = found.output.plus(-quantity, -value)
        elif other == "scrap":
            found.scrapped = found.scrapped.plus(-quantity, -value)
        elif other == "waste":
            found.waste[m.from_name] = found.waste[m.from_name].plus(-quantity, -value)
        else:
            found.issued[m.item, m.step] = found.issued[m.item, m.step].plus(quantity, value)
    elif other in ("scrap", "adjustment"):
        found.scrapped = found.scrapped.plus(quantity, value)
    elif other == "waste":
        found.waste[m.to_name] = found.waste[m.to_name].plus(quantity, value)
    elif m.cause == "by-product":
        found.by_products[m.item] = found.by_products[m.item].plus(quantity, value)
    elif m.cause == "production" or (other == "customer" and m.cause != "return"):
        found.output = found.output.plus(quantity, value)
    else:  # a return of what was not used; and what another order reworks
        found.issued[m.item, m.step] = found.issued[m.item, m.step].plus(-quantity, -value)
