"""Trees of one question that learn from each other: each begins with another way, and all know what any of them has refuted."""

from __future__ import annotations

from gemba.solvers.compiled import kernel
from gemba.solvers.jobshop.nogoods import LENGTH, START, add
from gemba.solvers.jobshop.refute import restart, settle_all
from gemba.solvers.jobshop.tree import OTHERWISE, REFUTED, STATUS, Tree
from gemba.solvers.jobshop.windows import EARLY, LATEST, PRED, SUCC


@kernel
def adopt(goods, others, begin, end):  # type: ignore[no-untyped-def]
    """Add another tree's nogoods from ``begin`` to ``end``."""
    for clause in range(begin, end):
        start = others.clause[clause, START]
        add(goods, others.literals[start : start + others.clause[clause, LENGTH]])


@kernel
def intersect(root, other):  # type: ignore[no-untyped-def]
    """Narrow the windows of a root by those of another root of the same question."""
    for i in range(root.shape[1]):
        root[EARLY, i] = max(root[EARLY, i], other[EARLY, i])
        root[LATEST, i] = min(root[LATEST, i], other[LATEST, i])
        root[PRED, i] |= other[PRED, i]
        root[SUCC, i] |= other[SUCC, i]


class Exchange:
    """Trees that are searched side by side."""

    def __init__(self, trees: list[Tree]) -> None:
        """All pairs were tried at their roots."""
        self.trees = trees
        self._known = [0] * len(trees)  # nogoods of each that all know
        for number, tree in enumerate(trees):
            tree.state[OTHERWISE] = number

    def __call__(self) -> None:
        """Begin all trees anew with what each has learnt."""
        for tree in self.trees:
            _go_on(tree, restart(tree))
        fresh = [int(tree.goods.used[0]) for tree in self.trees]
        rating = sum(tree.rating for tree in self.trees) / len(self.trees)
        for tree in self.trees:
            for other, known, until in zip(self.trees, self._known, fresh, strict=True):
                if other is not tree:
                    adopt(tree.goods, other.goods, known, until)
                    intersect(tree.windows[0], other.windows[0])
            tree.rating[:] = rating
            _go_on(tree, settle_all(tree))
        self._known = [int(tree.goods.used[0]) for tree in self.trees]


def _go_on(tree: Tree, fits: bool) -> None:
    if not fits:
        tree.state[STATUS] = REFUTED
