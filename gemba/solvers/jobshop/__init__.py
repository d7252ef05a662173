"""Job shop: the shortest makespan of jobs of any length on machines that do one operation at a time."""

from gemba.solvers.jobshop.check import check
from gemba.solvers.jobshop.problem import JobShop
from gemba.solvers.jobshop.solve import Result, solve

__all__ = ["JobShop", "Result", "check", "solve"]
