"""Compile every kernel of this room, or load it from the cache."""

from __future__ import annotations

from gemba.solvers.jobshop.problem import JobShop
from gemba.solvers.jobshop.proof import Proof
from gemba.solvers.jobshop.solve import solve
from gemba.solvers.stop import Run, Stop


def warm() -> None:
    """Search and prove a tiny shop."""
    tiny = JobShop.of([[(0, 3), (1, 2), (2, 2)], [(1, 2), (0, 4), (2, 1)], [(2, 3), (1, 2), (0, 2)]])
    found = solve(tiny, Stop(steps=40))
    Proof(tiny, Run(Stop(seconds=600)), int(found.objective) + 3, workers=1).finish()
