"""Cost and profit: standard costs rolled up, what orders cost, variances by cause, contribution, profit and loss. Pure."""

from gemba.measure.cost.facts import Amount, Facts, Work, facts
from gemba.measure.cost.money import COMPONENTS, Cost, cents, exact, spread
from gemba.measure.cost.rollup import Node, RollUp, Source, roll_up
from gemba.measure.cost.standards import Standards
from gemba.measure.cost.variance import VARIANCES, Coster, LineCost, OrderCost

__all__ = [
    "COMPONENTS", "VARIANCES", "Amount", "Cost", "Coster", "Facts", "LineCost", "Node", "OrderCost", "RollUp", "Source",
    "Standards", "Work", "cents", "exact", "facts", "roll_up", "spread",
]  # fmt: skip
