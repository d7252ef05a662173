"""Compile every kernel of this room, or load it from the cache."""

from __future__ import annotations

from gemba.solvers.jobshop.exchange import Exchange
from gemba.solvers.jobshop.graph import graph
from gemba.solvers.jobshop.guided import Guided
from gemba.solvers.jobshop.problem import JobShop, by_start
from gemba.solvers.jobshop.proof import Proof
from gemba.solvers.jobshop.solve import solve
from gemba.solvers.jobshop.tree import tree
from gemba.solvers.stop import Run, Stop

_STEPS = 12  # enough for searches between schedules


def warm() -> None:
    """Search and prove a small shop whose best schedule is longer than the first bound, so that nothing ends too soon."""
    order = [(0, 1, 2, 3, 4), (1, 0, 3, 4, 2), (2, 3, 0, 4, 1), (0, 2, 4, 1, 3), (4, 1, 0, 2, 3), (3, 0, 4, 2, 1)]
    shop = JobShop.of([[(m, 1 + (5 * j + 7 * m + j * m) % 9) for m in row] for j, row in enumerate(order)])
    found = solve(shop, Stop(steps=_STEPS))
    Proof(shop, Run(Stop(seconds=600)), int(found.objective) + 3, workers=1).finish()
    Exchange([tree(shop, int(found.objective)) for _ in range(2)])()
    nodes = graph(shop)
    good = [(int(found.objective), nodes.node[by_start(shop, found.start)])]
    Guided(shop, nodes, Run(Stop(seconds=600)), good, 0, workers=1).search()
