"""What no schedule of an assembly problem can beat."""

from __future__ import annotations

import numpy as np

from gemba.solvers.assembly.problem import Assembly


def lower_bound(problem: Assembly) -> float:
    """Weighted tardiness where no job has to wait for another: released, then made in the finest parts, of stock on hand."""
    t = problem.tables
    return float(np.maximum(0, t.release - t.due) @ t.weight)
