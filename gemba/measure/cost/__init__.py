"""Cost and profit: standard costs rolled up, what orders cost, variances by cause, contribution, profit and loss. Pure."""

from gemba.measure.cost.facts import Amount, Facts, Work, facts
from gemba.measure.cost.money import COMPONENTS, Cost, cents, exact, spread
from gemba.measure.cost.profit import (
    GROUPS,
    LINES,
    Cell,
    Energy,
    Posting,
    Row,
    Statement,
    cells,
    energy,
    grouping,
    statement,
    unabsorbed,
)
from gemba.measure.cost.rollup import Node, RollUp, Source, roll_up
from gemba.measure.cost.standards import Standards
from gemba.measure.cost.variance import VARIANCES, Coster, LineCost, OrderCost

__all__ = [
    "COMPONENTS", "GROUPS", "LINES", "VARIANCES", "Amount", "Cell", "Cost", "Coster", "Energy", "Facts", "LineCost",
    "Node", "OrderCost", "Posting", "RollUp", "Row", "Source", "Standards", "Statement", "Work", "cells", "cents",
    "energy", "exact", "facts", "grouping", "roll_up", "spread", "statement", "unabsorbed",
]  # fmt: skip
