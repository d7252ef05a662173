"""Cycle counting: which items are counted how often, how right the ledger is, how often stock turns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from gemba.execute.ledger.accounts import Key
from gemba.execute.ledger.balances import Balance
from gemba.operation import Count, Movement
from gemba.operation.records import ZERO

#: Cumulative shares of the yearly usage value up to which items are class A and B; the rest is C. These limits are
#: the usual ones of Pareto analysis (APICS Dictionary, "ABC classification").
LIMITS = (0.80, 0.95)
#: Counts in a year for each class, and by how much (share of the book quantity) a count may differ and still be
#: called right. Usual values of cycle counting; the tolerances are those that APICS recommends for A, B and C items.
COUNTS: Mapping[str, int] = {"A": 12, "B": 4, "C": 1}
TOLERANCES: Mapping[str, Decimal] = {"A": Decimal("0.002"), "B": Decimal("0.01"), "C": Decimal("0.05")}
#: A difference of more than this share of the book quantity is counted again before the ledger is changed.
LARGE = Decimal("0.2")
_YEAR = timedelta(days=365)


def usage_values(movements: Iterable[Movement]) -> dict[str, Decimal]:
    """Value used up by item: what left stores for orders and customers, less what came back (currency)."""
    found: dict[str, Decimal] = {}
    for m in movements:
        sign = (m.from_kind == "store" and m.to_kind in ("wip", "customer")) - (
            m.to_kind == "store" and m.from_kind in ("wip", "customer") and m.cause in ("return", "correction")
        )
        if sign:
            found[m.item] = found.get(m.item, ZERO) + sign * m.value
    return found


def abc_classes(usage: Mapping[str, Decimal], limits: tuple[float, float] = LIMITS) -> dict[str, str]:
    """Class of each item: A while the cumulative share of the value, from the largest on, is below the first limit.

    share(i) = sum(value of the items before i) / sum(value of all); A where share < limits[0], B where < limits[1],
    else C. So the item that passes a limit still belongs to the class before it. What is not used at all is C.
    """
    total, sofar, found = sum(usage.values(), ZERO), ZERO, {}
    for item, value in sorted(usage.items(), key=lambda entry: (-entry[1], entry[0])):
        share = float(sofar / total) if total > 0 and value > 0 else 1.0
        found[item] = "A" if share < limits[0] else "B" if share < limits[1] else "C"
        sofar += value
    return found


@dataclass(frozen=True, slots=True)
class Due:
    """An item to be counted at a place: its class, when it was counted last, and since when it is due."""

    item: str
    place: str
    abc: str
    last: datetime | None
    due: datetime


def due_counts(
    on_hand: Iterable[tuple[str, str]],
    classes: Mapping[str, str],
    counts: Iterable[Count],
    now: datetime,
    yearly: Mapping[str, int] = COUNTS,
) -> list[Due]:
    """What is due to be counted now of the (item, place) on hand, class A first, then the longest due.

    An item is due a year / yearly[class] after its last count; one that was never counted is due at once.
    """
    last: dict[tuple[str, str], datetime] = {}
    for count in counts:
        key = (count.item, count.place)
        last[key] = max(last.get(key, count.at), count.at)
    found = []
    for item, place in sorted(set(on_hand)):
        abc, counted = classes.get(item, "C"), last.get((item, place))
        due = now if counted is None else counted + _YEAR / yearly[abc]
        if due <= now:
            found.append(Due(item, place, abc, counted, due))
    return sorted(found, key=lambda d: (d.abc, d.last is not None, d.due, d.item, d.place))


def is_right(count: Count, abc: str = "A", tolerances: Mapping[str, Decimal] = TOLERANCES) -> bool:
    """Whether what was found is the book quantity, within the tolerance of its class."""
    return abs(count.counted - count.book) <= abs(count.book) * tolerances[abc]


def is_large(counted: Decimal, book: Decimal, large: Decimal = LARGE) -> bool:
    """Whether a difference is so large that it is counted a second time before it is believed."""
    return abs(counted - book) > abs(book) * large


def accuracy(
    counts: Sequence[Count], classes: Mapping[str, str], tolerances: Mapping[str, Decimal] = TOLERANCES
) -> float | None:
    """Inventory record accuracy: records found right within tolerance / records counted (0 to 1); None: no counts.

    IRA = right / counted. Source: APICS Dictionary, "inventory accuracy".
    """
    if not counts:
        return None
    return sum(is_right(c, classes.get(c.item, "C"), tolerances) for c in counts) / len(counts)


def turns(movements: Iterable[Movement], average_value: Decimal, days: float) -> float | None:
    """Inventory turns in a year: cost of what was shipped in the period / average stock value x 365 / days.

    Source: APICS Dictionary, "inventory turnover". None where there was no stock.
    """
    shipped = sum((m.value if m.to_kind == "customer" else -m.value for m in movements if _to_customer(m)), ZERO)
    return None if average_value <= 0 or days <= 0 else float(shipped / average_value) * 365 / days


def _to_customer(m: Movement) -> bool:
    return "customer" in (m.from_kind, m.to_kind)


def total_value(balances: Mapping[Key, Balance]) -> Decimal:
    """Value of these balances (currency)."""
    return sum((b.value for b in balances.values()), ZERO)
