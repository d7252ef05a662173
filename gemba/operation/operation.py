"""The operation: all its nouns together, checked against each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from gemba.operation import references
from gemba.operation.calendar import Calendar, CalendarRule
from gemba.operation.demand import Customer, Demand, Order, OrderTask
from gemba.operation.fault import OperationError
from gemba.operation.item import Item, Stock, StockPolicy
from gemba.operation.maintenance import MaintenancePlan, Meter
from gemba.operation.measure import Kpi, Overhead, Shift
from gemba.operation.noun import TABLES
from gemba.operation.place import Place
from gemba.operation.process import Process, Step, StepItem, StepLink, StepResource
from gemba.operation.quality import Characteristic, ReasonCode
from gemba.operation.resource import Resource, ResourceSkill, SetupChange, SetupMatrix, Skill
from gemba.operation.safety import CallKind, Document, WasteStream
from gemba.operation.settings import Settings
from gemba.operation.supply import Supplier, SupplyOption


@dataclass(frozen=True, slots=True)
class Operation:
    """Everything a plan is made from. One field per table, named like it; immutable.

    Raises:
        OperationError: with every fault found, where references, keys or structures are wrong.
    """

    settings: Settings
    calendars: tuple[Calendar, ...] = ()
    calendar_rules: tuple[CalendarRule, ...] = ()
    places: tuple[Place, ...] = ()
    setup_matrices: tuple[SetupMatrix, ...] = ()
    setup_changes: tuple[SetupChange, ...] = ()
    resources: tuple[Resource, ...] = ()
    skills: tuple[Skill, ...] = ()
    resource_skills: tuple[ResourceSkill, ...] = ()
    items: tuple[Item, ...] = ()
    stocks: tuple[Stock, ...] = ()
    stock_policies: tuple[StockPolicy, ...] = ()
    processes: tuple[Process, ...] = ()
    steps: tuple[Step, ...] = ()
    step_links: tuple[StepLink, ...] = ()
    step_resources: tuple[StepResource, ...] = ()
    step_items: tuple[StepItem, ...] = ()
    suppliers: tuple[Supplier, ...] = ()
    supply_options: tuple[SupplyOption, ...] = ()
    customers: tuple[Customer, ...] = ()
    demands: tuple[Demand, ...] = ()
    orders: tuple[Order, ...] = ()
    order_tasks: tuple[OrderTask, ...] = ()
    shifts: tuple[Shift, ...] = ()
    overheads: tuple[Overhead, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    reason_codes: tuple[ReasonCode, ...] = ()
    characteristics: tuple[Characteristic, ...] = ()
    meters: tuple[Meter, ...] = ()
    maintenance_plans: tuple[MaintenancePlan, ...] = ()
    documents: tuple[Document, ...] = ()
    call_kinds: tuple[CallKind, ...] = ()
    waste_streams: tuple[WasteStream, ...] = ()
    #: True where the caller has just run ``check`` itself (the readers, to add file and row to each fault).
    checked: bool = field(default=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.checked:
            faults = references.check(self.tables())
            if faults:
                raise OperationError(faults)

    def tables(self) -> dict[str, tuple[Any, ...]]:
        """Every table's nouns by table name (settings as a table of one row)."""
        found = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("settings", "checked")}
        return {"settings": (self.settings,), **found}

    @classmethod
    def of(cls, tables: dict[str, Iterable[Any]], *, checked: bool = False) -> Operation:
        """An operation from nouns by table name, as ``tables()`` gives them."""
        rest = {name: tuple(nouns) for name, nouns in tables.items() if name != "settings"}
        (settings,) = tables["settings"]
        return cls(settings=settings, checked=checked, **rest)

    @property
    def name(self) -> str:
        return self.settings.name

    @property
    def now(self) -> datetime:
        return self.settings.now


for _name in ("settings", *(f.name for f in fields(Operation) if f.name not in ("settings", "checked"))):
    TABLES[_name] = TABLES.pop(_name)  # the order of the fields above: references point backwards
