"""Scheduling in one model: shops, projects and services with all that binds them, one ``solve`` for every mixture.

``model.Model`` builds a problem by name; ``solve`` finds schedules and bounds with the engine that fits; ``check`` holds a
schedule against the rules and shares no code with the engines.
"""

from gemba.solvers.scheduling.check import values, violations
from gemba.solvers.scheduling.model import Model, ProblemError
from gemba.solvers.scheduling.problem import Problem, Result, Schedule, Term
from gemba.solvers.scheduling.solve import solve

__all__ = ["Model", "Problem", "ProblemError", "Result", "Schedule", "Term", "solve", "values", "violations"]
