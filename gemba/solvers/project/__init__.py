"""Project scheduling: activities in one of their modes on limited resources, all done as soon as possible (RCPSP, MRCPSP)."""

from gemba.solvers.project.check import check, makespan
from gemba.solvers.project.problem import Project, project
from gemba.solvers.project.solve import Result, solve

__all__ = ["Project", "Result", "check", "makespan", "project", "solve"]
