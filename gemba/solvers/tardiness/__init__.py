"""Job shops with weighted tardiness, up to a hundred thousand operations and more.

``solve`` learns a dispatching rule and offsets by iterated dispatching, then anneals machine sequences; ``Bound`` proves how far
from the best possible the schedule is at most.
"""

from gemba.solvers.tardiness.problem import NEVER, Problem, faults, objective, problem
from gemba.solvers.tardiness.solve import Result, solve

__all__ = ["NEVER", "Problem", "Result", "faults", "objective", "problem", "solve"]
