"""What the operation is: the nouns, frozen and checked at birth. Imports nothing else of Gemba."""

from gemba.operation.calendar import Calendar, CalendarRule
from gemba.operation.demand import Customer, Demand, Order, OrderTask
from gemba.operation.fault import Fault, OperationError
from gemba.operation.item import Item, Stock, StockPolicy
from gemba.operation.maintenance import MaintenancePlan, Meter
from gemba.operation.measure import Kpi, Overhead, Shift
from gemba.operation.noun import RECORDS, TABLES, Column, Table
from gemba.operation.operation import Operation
from gemba.operation.place import Place
from gemba.operation.plan import (
    Delivery,
    Flow,
    Objective,
    Part,
    Peg,
    Plan,
    PlannedOrder,
    PlannedTask,
    Problem,
    Reason,
)
from gemba.operation.process import Process, Step, StepItem, StepLink, StepResource
from gemba.operation.quality import Characteristic, ReasonCode
from gemba.operation.records import (
    ChartLimits,
    Concern,
    ConcernChange,
    Count,
    Delivered,
    Event,
    Measurement,
    Movement,
    ReleasedOrder,
    ReleasedTask,
    StandardCost,
    Target,
)
from gemba.operation.resource import Resource, ResourceSkill, SetupChange, SetupMatrix, Skill
from gemba.operation.safety import CallKind, Document, WasteStream
from gemba.operation.settings import Settings
from gemba.operation.supply import Supplier, SupplyOption

__all__ = [
    "RECORDS",
    "TABLES",
    "Calendar",
    "CalendarRule",
    "CallKind",
    "Characteristic",
    "ChartLimits",
    "Column",
    "Concern",
    "ConcernChange",
    "Count",
    "Customer",
    "Delivered",
    "Delivery",
    "Demand",
    "Document",
    "Event",
    "Fault",
    "Flow",
    "Item",
    "Kpi",
    "MaintenancePlan",
    "Measurement",
    "Meter",
    "Movement",
    "Objective",
    "Operation",
    "OperationError",
    "Order",
    "OrderTask",
    "Overhead",
    "Part",
    "Peg",
    "Place",
    "Plan",
    "PlannedOrder",
    "PlannedTask",
    "Problem",
    "Process",
    "Reason",
    "ReasonCode",
    "ReleasedOrder",
    "ReleasedTask",
    "Resource",
    "ResourceSkill",
    "Settings",
    "SetupChange",
    "SetupMatrix",
    "Shift",
    "Skill",
    "StandardCost",
    "Step",
    "StepItem",
    "StepLink",
    "StepResource",
    "Stock",
    "StockPolicy",
    "Supplier",
    "SupplyOption",
    "Table",
    "Target",
    "WasteStream",
]
