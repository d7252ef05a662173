"""The flexible job shop: which machine does each operation, and in which sequence, so that all is done soonest.

``solve`` searches by tabu search in the integrated neighbourhood of Mastrolilli and Gambardella (2000), from schedules between
those of a small pool (path relinking as in González, Vela, Varela 2015), and bounds by a linear program. Job shops (one mode
per operation) and unrelated parallel machines (one operation per job) are special cases.
"""

from gemba.solvers.flexible.bound import quick_bound, shared_bound
from gemba.solvers.flexible.check import check
from gemba.solvers.flexible.problem import FlexibleJobShop
from gemba.solvers.flexible.solve import Result, solve

__all__ = ["FlexibleJobShop", "Result", "check", "quick_bound", "shared_bound", "solve"]
