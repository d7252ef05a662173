"""Flow shops: every job visits the same stages in the same order. Permutation and hybrid ones, with set-ups between jobs.

``solve`` looks for the least makespan, total flow time or total tardiness; ``bound`` says what no schedule beats, ``check``
whether a schedule keeps the rules.
"""

from gemba.solvers.flowshop.bounds import bound
from gemba.solvers.flowshop.problem import FlowShop, Objective
from gemba.solvers.flowshop.result import Result
from gemba.solvers.flowshop.solve import solve

__all__ = ["FlowShop", "Objective", "Result", "bound", "solve"]
