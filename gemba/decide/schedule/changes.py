"""Change-overs of resources with a set-up matrix, as tables between numbered families."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from gemba.operation import Operation, SetupChange


class Changes:
    """Families by number and tables of seconds and cost, one for each matrix."""

    def __init__(self, operation: Operation, families: Iterable[tuple[str, str]]) -> None:
        """``families``: (matrix, family) that tasks may have; those of the resources now are added."""
        self.rows: dict[str, list[SetupChange]] = defaultdict(list)
        for row in operation.setup_changes:
            self.rows[row.matrix].append(row)
        named = {*families, *((r.setup_matrix, r.setup) for r in operation.resources if r.setup_matrix)}
        self.numbers: dict[str, dict[str, int]] = defaultdict(dict)
        for matrix, family in sorted(named):
            self.numbers[matrix][family] = len(self.numbers[matrix])

    def tables(self, matrix: str) -> tuple[list[list[int]], list[list[float]]]:
        """Seconds, and cost, from each family (row) to each (column); a last row, which is not used, of none yet."""
        names = list(self.numbers[matrix])
        found = [[self._change(matrix, a, b) for b in names] for a in names] + [[(0, 0.0)] * len(names)]
        return [[seconds for seconds, _ in row] for row in found], [[cost for _, cost in row] for row in found]

    def _change(self, matrix: str, before: str, after: str) -> tuple[int, float]:
        """Of the rows that fit, the lowest priority counts, then the fewest wildcards; equal families need a row of their own."""
        fitting = [
            (r.priority, (r.before == "*") + (r.after == "*"), r.time, r.cost)
            for r in self.rows[matrix]
            if r.before in (before, "*") and r.after in (after, "*")
            if before != after or (r.before == before and r.after == after)
        ]
        if not fitting or not after:
            return 0, 0.0
        _, _, seconds, cost = min(fitting)
        return int(seconds), cost
