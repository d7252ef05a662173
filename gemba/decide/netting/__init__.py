"""Netting: what has to be made and bought, when and how much, level by level (material requirements planning, MRP).

A problem is pure arrays (``Problem``); ``solve`` gives the planned orders, ``solve_again`` those after a change of the
data; ``pegs`` says which need each serves; ``from_operation`` makes a problem of an operation. Capacity is not looked at:
that is the schedule's concern.
"""

from gemba.decide.netting.build import Netting, from_operation
from gemba.decide.netting.change import solve_again
from gemba.decide.netting.levels import low_level_codes
from gemba.decide.netting.peg import Pegs, pegs
from gemba.decide.netting.problem import CircleError, Problem, scaled
from gemba.decide.netting.solve import Orders, Result, solve
from gemba.solvers.netting import SCALE

__all__ = [
    "SCALE", "CircleError", "Netting", "Orders", "Pegs", "Problem", "Result", "from_operation", "low_level_codes",
    "pegs", "scaled", "solve", "solve_again",
]  # fmt: skip
