"""One machine, total weighted tardiness: in which order to do jobs that are all there, each due at its own time.

``solve`` searches by iterated dynasearch (Congram, Potts, van de Velde 2002, with the moves of Grosso, Della Croce, Tadei
2004) and bounds by a Lagrangian relaxation of the time-indexed problem (Abdul-Razaq and Potts 1988).
"""

from gemba.solvers.onemachine.problem import Problem, faults, objective, problem
from gemba.solvers.onemachine.solve import Result, solve

__all__ = ["Problem", "Result", "faults", "objective", "problem", "solve"]
