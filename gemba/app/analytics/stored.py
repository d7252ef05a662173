"""The same answers from the records themselves: for installations without the extra ``analytics``, and for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Q

from gemba.app.store.records import read, read_each, stored
from gemba.measure.kpi import Element, Plain, Records, Slices
from gemba.measure.kpi.ask import Ask, Key, Sums
from gemba.operation import Operation

_DAYS = timedelta(days=2)
#: Tables that a source is made of. Orders and tasks explain events and movements.
_TABLES: Mapping[str, tuple[str, ...]] = {
    "events": ("released_orders", "released_tasks", "events"),
    "people": ("released_orders", "released_tasks", "events"),
    "spans": ("released_orders", "events"),
    "movements": ("released_tasks", "movements"),
    "stock": ("movements",),
    "inspections": ("released_tasks", "measurements"),
    "meters": ("measurements",),
    "lines": ("deliveries",),
}


class StoredRecords:
    """Sums in plain Python. Of events only those that can touch the days asked for are read (for spans, all)."""

    def __init__(self, operation: Operation) -> None:
        self.operation, self.slices = operation, Slices(operation)
        self._plain: dict[tuple[str, date, date], Plain] = {}

    def sums(self, source: str, elements: Sequence[Element], ask: Ask) -> Sums:
        return self.plain(source, ask).sums(source, elements, ask)

    def stock(
        self, elements: Sequence[Element], ask: Ask
    ) -> Mapping[tuple[Key, date], tuple[list[float], list[float]]]:
        return self.plain("stock", ask).stock(elements, ask)

    def plain(self, source: str, ask: Ask) -> Plain:
        """The records that a source needs to answer."""
        kind = "events" if source == "people" else source
        key = (kind, ask.start, ask.end)
        if key not in self._plain:
            found = {t: self._read(t, source, ask) for t in _TABLES[source]}
            self._plain[key] = Plain(self.operation, Records(**found), self.slices)
        return self._plain[key]

    def _read(self, table: str, source: str, ask: Ask) -> list[Any]:
        name = self.operation.name
        if table != "events" or source == "spans":
            return read(name, table)
        low, high = (datetime.fromtimestamp(self.slices.midnight(d), UTC) for d in (ask.start, ask.end))
        # A shift that passes midnight counts to the day before: a day more on each side covers it.
        touching = Q(at__gte=low) & (Q(at__lt=high + (high - low) + _DAYS) | Q(start__lt=high + _DAYS))
        return list(read_each(stored(name, table).filter(touching), table))
