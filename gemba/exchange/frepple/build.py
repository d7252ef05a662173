"""What the parts of the reader share while they turn frePPLe's entities into Gemba's nouns."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from gemba.exchange.frepple.entities import Entity, Model
from gemba.operation.fault import Fault, OperationError
from gemba.operation.noun import TABLES

#: Where an item is kept: (item, place).
Spot = tuple[str, str]


class Build:
    """The tables being filled, and what was wrong or left out."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.tables: dict[str, list[Any]] = {name: [] for name in TABLES}
        self.booked: dict[Spot, float] = {}  # what completed orders add to the stock
        self.groups: set[str] = set()  # resources with members
        self.keys: dict[str, set[Any]] = {name: set() for name in TABLES}

    def add(self, table: str, entity: Entity | None = None, **fields: Any) -> Any | None:
        """A noun added to its table; None, with the faults noted, where its fields are not allowed."""
        try:
            made = TABLES[table].noun(**fields)
        except OperationError as error:
            self.model.faults += [_of(fault, entity, self.model.source) for fault in error.faults]
            return None
        self.tables[table].append(made)
        self.keys[table].add(TABLES[table].key_of(made))
        return made

    def has(self, table: str, *key: Any) -> bool:
        return key in self.keys[table]

    def free_name(self, table: str, name: str) -> str:
        """The name, or the name with a number where it is taken in a table whose key is the name."""
        found, n = name, 1
        while self.has(table, found):
            n += 1
            found = f"{name} ({n})"
        return found


def _of(fault: Fault, entity: Entity | None, source: str) -> Fault:
    """A noun's fault told in the terms of the file it was read from."""
    table, thing = (entity.kind, entity.name or fault.thing) if entity else (fault.table, fault.thing)
    return Fault(table, thing, fault.field, fault.value, fault.allowed, fault.nearest, source=source)


def shifted(at: datetime | None, seconds: float) -> datetime | None:
    """A moment moved by so many seconds; None stays None."""
    return None if at is None else at + timedelta(seconds=seconds)
