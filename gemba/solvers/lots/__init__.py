"""Capacitated lot sizing: how much of which item to make in which period, at the least cost of set-ups, stock and overtime.

``solve`` finds prices of capacity and a bound by Lagrangian relaxation with an exact dynamic program for each item, plans of
whole lots by ruin and recreate, and then solves part after part exactly; small problems are also proven.
"""

from gemba.solvers.lots.check import faults, objective
from gemba.solvers.lots.problem import Problem
from gemba.solvers.lots.solve import Result, solve

__all__ = ["Problem", "Result", "faults", "objective", "solve"]
