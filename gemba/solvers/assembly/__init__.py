"""Assembly: jobs of several levels of tasks, on machines that do one at a time, with materials that are bought.

Least weighted tardiness first, then as late as that allows, so that little stock lies about. The jobs are placed one after
another, each task behind those before it on its machine; a search changes the order of the jobs, and in how many parts
each is made (lot streaming: a part goes on while the next is still being made).
"""

from gemba.solvers.assembly.check import faults
from gemba.solvers.assembly.problem import Assembly, assembly
from gemba.solvers.assembly.solve import Solution, solve

__all__ = ["Assembly", "Solution", "assembly", "faults", "solve"]
