"""What the operation is: the nouns, frozen and checked at birth. Imports nothing else of Gemba."""

from gemba.operation.calendar import Calendar, CalendarRule
from gemba.operation.demand import Customer, Demand, Order, OrderTask
from gemba.operation.fault import Fault, OperationError
from gemba.operation.item import Item, Stock, StockPolicy
from gemba.operation.noun import TABLES, Column, Table
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
from gemba.operation.resource import Resource, ResourceSkill, SetupChange, SetupMatrix, Skill
from gemba.operation.settings import Settings
from gemba.operation.supply import Supplier, SupplyOption

__all__ = [
    "TABLES",
    "Calendar",
    "CalendarRule",
    "Column",
    "Customer",
    "Delivery",
    "Demand",
    "Fault",
    "Flow",
    "Item",
    "Objective",
    "Operation",
    "OperationError",
    "Order",
    "OrderTask",
    "Part",
    "Peg",
    "Place",
    "Plan",
    "PlannedOrder",
    "PlannedTask",
    "Problem",
    "Process",
    "Reason",
    "Resource",
    "ResourceSkill",
    "Settings",
    "SetupChange",
    "SetupMatrix",
    "Skill",
    "Step",
    "StepItem",
    "StepLink",
    "StepResource",
    "Stock",
    "StockPolicy",
    "Supplier",
    "SupplyOption",
    "Table",
]
