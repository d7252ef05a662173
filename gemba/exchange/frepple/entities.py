"""A frePPLe model as read, before it is understood: entities with text fields, whatever file they came from.

Named entities (an item, an operation) are found or created by name; the first mention fixes an entity's type, and
later fields replace earlier ones. Rows (a flow, a load, a calendar bucket) have no name of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite
from typing import TypeVar

from gemba.exchange.dates import to_moment
from gemba.exchange.durations import to_duration
from gemba.exchange.wrong import WrongCellError
from gemba.operation.fault import Fault

Default = TypeVar("Default")

NAMED = ("calendar", "location", "item", "buffer", "supplier", "customer", "resource", "skill", "setupmatrix",
         "operation", "demand")  # fmt: skip
ROWS = ("bucket", "flow", "load", "suboperation", "dependency", "itemsupplier", "itemdistribution", "resourceskill",
        "rule", "operationplan", "flowplan", "loadplan")  # fmt: skip
#: Types of entities that are created without one.
DEFAULT_TYPES = {"operation": "operation_fixed_time", "resource": "resource_default", "buffer": "buffer_default",
                 "demand": "demand_default"}  # fmt: skip
#: Fields that name another entity, and its kind ("owner" is of the same kind as the entity that has it).
REFERENCES = {
    "item": "item", "location": "location", "origin": "location", "destination": "location", "supplier": "supplier",
    "customer": "customer", "resource": "resource", "skill": "skill", "setupmatrix": "setupmatrix", "buffer": "buffer",
    "operation": "operation", "producing": "operation", "blockedby": "operation", "calendar": "calendar",
    "available": "calendar", "maximum_calendar": "calendar", "minimum_calendar": "calendar",
    "size_minimum_calendar": "calendar", "efficiency_calendar": "calendar", "demand": "demand",
}  # fmt: skip
#: frePPLe's "for ever": dates from here on mean no end.
FOREVER = 2199


@dataclass(slots=True, eq=False)
class Entity:
    """One entity: its kind (``operation``), name, type (``operation_routing``) and fields as text."""

    kind: str
    name: str
    model: Model = field(repr=False)
    type: str = ""
    fields: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        return self.fields.get(name, "").strip() or default

    def number(self, name: str, default: Default) -> float | Default:
        """The field as a finite number; a fault is noted where it is none."""
        value = self.text(name)
        if not value:
            return default
        try:
            found = float(value)
        except ValueError:
            found = float("nan")
        if isfinite(found):
            return found
        self.model.wrong(self, name, value, "a finite number")
        return default

    def duration(self, name: str, default: Default) -> float | Default:
        """The field in seconds: a bare number counts seconds, text is ISO 8601 or h:mm:ss."""
        value = self.text(name)
        if not value:
            return default
        try:
            return float(value)
        except ValueError:
            pass
        try:
            return to_duration(value)
        except WrongCellError:
            self.model.wrong(self, name, value, "a duration such as P7D or PT1H30M, or a number of seconds")
        return default

    def moment(self, name: str) -> datetime | None:
        """The field as a moment (a date without a zone is read as UTC); None where it is blank or far in the future."""
        value = self.text(name)
        if not value:
            return None
        try:
            found = to_moment(value, "")
        except WrongCellError:
            self.model.wrong(self, name, value, "a date and time such as 2026-11-30T17:00:00")
            return None
        return None if found.year >= FOREVER else found

    def flag(self, name: str, default: bool) -> bool:
        value = self.text(name).lower()
        if value in ("true", "1", "yes", "t"):
            return True
        if value in ("false", "0", "no", "f"):
            return False
        if value:
            self.model.wrong(self, name, value, "true or false")
        return default

    def prose(self, name: str) -> str:
        """The field as one line of text."""
        return " ".join(self.fields.get(name, "").split())

    def __str__(self) -> str:
        return f"{self.kind} '{self.name}'" if self.name else self.kind


@dataclass(slots=True, eq=False)
class Model:
    """Everything read from one file or folder, with what was wrong or could not be used."""

    source: str = ""
    named: dict[str, dict[str, Entity]] = field(default_factory=lambda: {kind: {} for kind in NAMED})
    rows: dict[str, list[Entity]] = field(default_factory=lambda: {kind: [] for kind in ROWS})
    plans: dict[str, Entity] = field(default_factory=dict)  # the operationplan rows by reference
    settings: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def all(self, kind: str) -> Iterator[Entity]:
        return iter(self.named[kind].values() if kind in self.named else self.rows[kind])

    def get(self, kind: str, name: str) -> Entity | None:
        return self.named[kind].get(name)

    def find(self, kind: str, name: str, type_: str = "") -> Entity:
        """The entity of that name, made where there is none yet."""
        known = self.named[kind].get(name)
        if known is None:
            known = Entity(kind, name, self, type_ or DEFAULT_TYPES.get(kind, ""))
            self.named[kind][name] = known
        elif type_ and type_ != known.type:
            self.warn(f"{known} is of type {known.type}, as first mentioned; its later type {type_} is not used")
        return known

    def row(self, kind: str, type_: str = "") -> Entity:
        made = Entity(kind, "", self, type_)
        self.rows[kind].append(made)
        return made

    def plan(self, reference: str) -> Entity:
        """The operation plan (an existing order) of that reference, made where there is none yet."""
        known = self.plans.get(reference)
        if known is None:
            known = self.row("operationplan")
            known.name = reference or f"order {len(self.rows['operationplan'])}"
            self.plans[known.name] = known
        return known

    def warn(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.append(text)

    def wrong(self, entity: Entity, name: str, value: str, allowed: str) -> None:
        thing = entity.name or entity.text("operation") or entity.text("item") or entity.text("calendar")
        self.faults.append(Fault(entity.kind, thing, name, value, allowed, source=self.source))
