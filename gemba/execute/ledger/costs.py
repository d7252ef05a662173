"""Standard costs: what a unit of an item is worth at a place and moment."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from gemba.operation import Item
from gemba.operation.noun import EXACT
from gemba.operation.records import ZERO, StandardCost


class Costs:
    """The standard cost of a unit: the latest StandardCost of item and place, else of the item without a place, else
    the item's own cost."""

    def __init__(self, items: Iterable[Item], costs: Iterable[StandardCost] = ()) -> None:
        self.items = {item.name: item for item in items}
        self._rolled: dict[tuple[str, str], list[tuple[datetime, Decimal]]] = {}
        for cost in sorted(costs, key=lambda c: c.at):
            unit = cost.material + cost.labour + cost.machine + cost.overhead
            self._rolled.setdefault((cost.item, cost.place), []).append((cost.at, unit))

    def unit(self, item: str, place: str, at: datetime) -> Decimal:
        """Cost of a unit at that moment, in the operation's currency; 0 where nothing is known of the item."""
        for key in ((item, place), (item, "")):
            found = self._rolled.get(key, [])
            i = bisect_right(found, at, key=lambda entry: entry[0])
            if i:
                return found[i - 1][1]
        known = self.items.get(item)
        return Decimal(str(known.cost)) if known else ZERO

    def value(self, item: str, place: str, at: datetime, quantity: Decimal) -> Decimal:
        """Quantity times unit cost, to the millionth of the currency."""
        return (quantity * self.unit(item, place, at)).quantize(EXACT)
