"""The rules and the cost of a lot-sizing plan from first principles, period by period."""

from __future__ import annotations

import numpy as np

from gemba.solvers.lots.problem import Flags, Floats, Problem

_SLACK = 1e-6  # of the largest number that a rule compares


def objective(problem: Problem, made: Floats, setups: Flags) -> float:
    """Cost of set-ups, stock, backlog and overtime; infinite where a rule is broken."""
    if faults(problem, made, setups):
        return float("inf")
    p = problem
    level = np.array(p.stock)
    total = float((p.setup_cost[:, None] * setups).sum())
    for t in range(p.demand.shape[1]):
        level = level + made[:, t] - p.demand[:, t]
        total += float((p.holding * np.maximum(level, 0.0)).sum())
        owed = np.maximum(-level, 0.0)
        total += float((np.where(np.isfinite(p.backlog), p.backlog, 0.0) * owed).sum())
        used = made[:, t] @ p.unit_time + setups[:, t] @ p.setup_time
        total += float((p.overtime_cost * np.maximum(used - p.capacity[:, t], 0.0)).sum())
    return total


def faults(problem: Problem, made: Floats, setups: Flags) -> int:
    """How many rules a plan breaks: makes less than nothing or without a set-up, owes what must be in time, too much
    overtime."""
    p = problem
    if made.shape != p.demand.shape or setups.shape != p.demand.shape or not np.isfinite(made).all():
        return 1
    largest = np.maximum(1.0, p.demand.sum(axis=1) + p.stock)[:, None]
    wrong = int((made < -_SLACK * largest).sum()) + int(((made > _SLACK * largest) & ~setups).sum())
    level = p.stock[:, None] + np.cumsum(made - p.demand, axis=1)
    wrong += int(((level < -_SLACK * largest) & np.isinf(p.backlog)[:, None]).sum())
    used = p.unit_time.T @ made + p.setup_time.T @ setups
    return wrong + int((used > (p.capacity + p.overtime) * (1 + _SLACK) + _SLACK).sum())
