"""The standard costs that hold at a moment, by component."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime

from gemba.measure.cost.money import Cost, exact
from gemba.operation import Item, StandardCost


class Standards:
    """The latest standard cost of item and place, else of the item without a place, else the item's own cost as
    material: the rule by which the ledger values stock (``gemba.execute.ledger.Costs``)."""

    def __init__(self, items: Iterable[Item], costs: Iterable[StandardCost] = ()) -> None:
        self._items = {i.name: exact(i.cost) for i in items}
        self._rolled: dict[tuple[str, str], list[tuple[datetime, Cost]]] = {}
        self.moments: list[datetime] = []
        for c in sorted(costs, key=lambda c: c.at):
            cost = Cost(exact(c.material), exact(c.labour), exact(c.machine), exact(c.overhead))
            self._rolled.setdefault((c.item, c.place), []).append((c.at, cost))
            if not self.moments or self.moments[-1] != c.at:
                self.moments.append(c.at)

    def unit(self, item: str, place: str, at: datetime) -> Cost:
        """Cost of a unit at that moment; nothing where nothing is known of the item."""
        for key in ((item, place), (item, "")):
            found = self._rolled.get(key, ())
            i = bisect_right(found, at, key=lambda entry: entry[0])
            if i:
                return found[i - 1][1]
        return Cost(material=self._items[item]) if item in self._items else Cost()
