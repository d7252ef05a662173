"""The whole scheduling problem as a CP-SAT model: one short method for each family of constraints."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import numpy as np
from ortools.sat.python import cp_model

from gemba.solvers.compiled.hours import FAR
from gemba.solvers.scheduling.problem import FROM_START, NONE, START, TO_END, Problem, Schedule

MOST_TASKS = 3000
_MOST_STRETCHES = 60_000  # literals for calendars
_MOST_FOLLOWERS = 40_000  # literals for what follows what on resources with set-ups or batches


def fits(p: Problem) -> bool:
    """Whether a model of the problem is small enough to be of use."""
    users: dict[int, int] = defaultdict(int)
    for m in range(p.modes):
        for r, _ in p.uses(m):
            users[r] += 1
    followers = sum(n * n for r, n in users.items() if p.matrix[r] >= 0 or p.batch[r])
    stretches = sum(int(p.hours.ptr[c + 1] - p.hours.ptr[c]) for c in p.calendar if c >= 0)
    return p.size <= MOST_TASKS and followers <= _MOST_FOLLOWERS and stretches <= _MOST_STRETCHES


class Formulation:
    """Variables: start and end of each task, when it leaves its resources, which mode is chosen, change-overs."""

    def __init__(self, p: Problem, horizon: int) -> None:
        self.p, self.horizon, self.model = p, horizon, cp_model.CpModel()
        self.start = [self._moment(i, START) for i in range(p.size)]
        self.end = [self._moment(i, 1) for i in range(p.size)]
        self.left = [self._left(i) for i in range(p.size)]
        self.chosen = [self._chosen(m) for m in range(p.modes)]
        self.setup_literals: list[tuple[cp_model.IntVar, int, float]] = []  # chosen, seconds, cost
        self.changes: dict[int, list[cp_model.LinearExprT]] = defaultdict(list)  # task -> change-overs in its own work
        self.intervals: dict[int, list[tuple[cp_model.IntervalVar, int]]] = defaultdict(list)
        self.used: dict[int, list[cp_model.LinearExprT]] = defaultdict(list)  # of resources that are used up
        self.users: dict[int, list[tuple[int, cp_model.IntVar]]] = defaultdict(list)  # task, whether it uses it
        self.uses_by_mode: dict[tuple[int, int], list[int]] = defaultdict(list)  # task, resource -> modes
        for i in range(p.size):
            self.model.add_exactly_one(self.chosen[m] for m in p.modes_of(i))
            self._uses(i)
        for r in range(len(p.capacity)):
            self._capacity(r)
            if p.batch[r]:
                self._batches(r)
            if p.matrix[r] >= 0:
                self._sequence(r)
        for i in range(p.size):
            self._work(i)
        self._links()
        self._stocks()

    # --- tasks ---------------------------------------------------------------------------------------------------

    def _moment(self, i: int, which: int) -> cp_model.IntVar:
        p = self.p
        if which == START and p.fixed[i] >= 0:
            return self.model.new_constant(int(p.fixed[i]))
        low = int(p.release[i]) if p.fixed[i] < 0 else int(p.fixed[i])
        return self.model.new_int_var(low, max(low, min(self.horizon, int(p.deadline[i]))), f"{which} of {i}")

    def _left(self, i: int) -> cp_model.IntVar:
        """When it leaves its resources."""
        if self.p.holds[i] < 0:
            return self.end[i]
        left = self.model.new_int_var(0, self.horizon, "")
        self.model.add_max_equality(left, [self.end[i], self.start[int(self.p.holds[i])]])
        return left

    def _chosen(self, mode: int) -> cp_model.IntVar:
        task = int(np.searchsorted(self.p.mode_ptr, mode, side="right")) - 1
        return (
            self.model.new_constant(1) if len(self.p.modes_of(task)) == 1 else self.model.new_bool_var(f"mode {mode}")
        )

    def _uses(self, i: int) -> None:
        """Intervals of a task on the resources of its modes: from its start until it leaves them."""
        p, model = self.p, self.model
        amounts: dict[tuple[int, int], list[int]] = defaultdict(list)
        for m in p.modes_of(i):
            for r, amount in p.uses(m):
                if amount:
                    amounts[r, amount].append(m)
                    self.uses_by_mode[i, r].append(m)
        for (r, amount), modes in amounts.items():
            if p.consumable[r]:
                self.used[r] += [amount * self.chosen[m] for m in modes]
                continue
            literal = self._any_of(i, modes)
            size = model.new_int_var(0, self.horizon, "")
            self.intervals[r].append(
                (model.new_optional_interval_var(self.start[i], size, self.left[i], literal, ""), amount)
            )
        for r in dict.fromkeys(r for r, _ in amounts):
            self.users[r].append((i, self._any_of(i, self.uses_by_mode[i, r])))

    def _any_of(self, i: int, modes: list[int]) -> cp_model.IntVar:
        if len(modes) == len(self.p.modes_of(i)):
            return self.model.new_constant(1)
        if len(modes) == 1:
            return self.chosen[modes[0]]
        literal = self.model.new_bool_var("")
        self.model.add_max_equality(literal, [self.chosen[m] for m in modes])
        return literal

    def _work(self, i: int) -> None:
        """From start to end there are as many open seconds as the chosen mode and its change-over take."""
        change = self._change(i)
        for m in self.p.modes_of(i):
            size = int(self.p.work[m]) + change
            calendar = int(self.p.calendar[m])
            if calendar < 0 or (self.p.work[m] == 0 and not self.changes[i]):
                self.model.add(self.end[i] - self.start[i] == size).only_enforce_if(self.chosen[m])
            else:
                self._open(i, m, calendar, size)

    def _change(self, i: int) -> cp_model.LinearExprT:
        """The longest of the change-overs that are the task's own work."""
        if not self.changes[i]:
            return 0
        if len(self.changes[i]) == 1:
            return self.changes[i][0]
        longest = self.model.new_int_var(0, int(self.p.setup_time.max()), "")
        self.model.add_max_equality(longest, self.changes[i])
        return longest

    def _open(self, i: int, m: int, calendar: int, size: cp_model.LinearExprT) -> None:
        """Start in one open stretch and end in one (the same where the task is whole), ``size`` open seconds apart."""
        model, p = self.model, self.p
        rows = p.hours.table[p.hours.ptr[calendar] : p.hours.ptr[calendar + 1]].tolist()
        last = min(self.horizon, int(p.deadline[i]))
        rows = [row for row in rows if row[1] > p.release[i] and row[0] < last]
        starts = [model.new_bool_var("") for _ in rows]
        ends = starts if p.whole[i] else [model.new_bool_var("") for _ in rows]
        model.add_exactly_one([*starts, self.chosen[m].negated()])
        if ends is not starts:
            model.add_exactly_one([*ends, self.chosen[m].negated()])
        begun, over = model.new_int_var(0, FAR, ""), model.new_int_var(0, FAR, "")  # open seconds before start and end
        for (opens, closes, done), starting, ending in zip(rows, starts, ends, strict=True):
            model.add(self.start[i] >= opens).only_enforce_if(starting)
            model.add(self.start[i] < closes).only_enforce_if(starting)
            model.add(begun == self.start[i] + (done - opens)).only_enforce_if(starting)
            model.add(self.end[i] > opens).only_enforce_if(ending)
            model.add(self.end[i] <= closes).only_enforce_if(ending)
            model.add(over == self.end[i] + (done - opens)).only_enforce_if(ending)
        model.add(over - begun == size).only_enforce_if(self.chosen[m])

    # --- resources -----------------------------------------------------------------------------------------------

    def _capacity(self, r: int) -> None:
        rows, capacity = self.intervals[r], int(self.p.capacity[r])
        self.model.add(sum(self.used[r]) <= capacity)
        if capacity == 1 and not self.p.batch[r]:
            self.model.add_no_overlap(interval for interval, _ in rows)
        elif rows:
            self.model.add_cumulative([interval for interval, _ in rows], [amount for _, amount in rows], capacity)

    def _family(self, i: int, r: int) -> dict[int, list[int]]:
        """Modes by which a task uses a resource, by their family."""
        found: dict[int, list[int]] = defaultdict(list)
        for m in self.uses_by_mode[i, r]:
            found[int(self.p.family[m])].append(m)
        return found

    def _batches(self, r: int) -> None:
        """Two tasks on it are one batch, or one leaves before the other starts."""
        model = self.model
        for (i, uses_i), (j, uses_j) in combinations(self.users[r], 2):
            both = [uses_i, uses_j]
            together, first, second = (model.new_bool_var("") for _ in range(3))
            model.add_bool_or([together, first, second, *(u.negated() for u in both)])
            model.add(self.start[i] == self.start[j]).only_enforce_if(together)
            model.add(self.end[i] == self.end[j]).only_enforce_if(together)
            model.add(self.end[i] <= self.start[j]).only_enforce_if(first)
            model.add(self.end[j] <= self.start[i]).only_enforce_if(second)
            for f, modes in self._family(i, r).items():
                others = [m for g, ms in self._family(j, r).items() if g != f for m in ms]
                for a in modes:
                    for b in others:
                        model.add_bool_or([together.negated(), self.chosen[a].negated(), self.chosen[b].negated()])

    def _sequence(self, r: int) -> None:
        """A circuit over the tasks with a family: who follows whom, with the change-over between them."""
        nodes = [
            (i, f, self._any_of(i, modes))
            for i, _ in self.users[r]
            for f, modes in self._family(i, r).items()
            if f >= 0
        ]
        if not nodes:
            return
        arcs: list[tuple[int, int, cp_model.LiteralT]] = []
        into: dict[int, list[tuple[cp_model.IntVar, int]]] = defaultdict(list)
        after: dict[int, list[tuple[int, cp_model.IntVar]]] = defaultdict(list)
        empty = self.model.new_bool_var("")  # nothing is done on the resource
        for k, (i, f, used) in enumerate(nodes, 1):
            last = self.model.new_bool_var("")
            arcs += [(k, k, used.negated()), (k, 0, last)]
            after[k].append((0, last))
            for h, (j, g, _) in enumerate([(NONE, int(self.p.setup[r]), empty), *nodes]):
                if h != k and j != i:
                    literal = self.model.new_bool_var("")
                    arcs.append((h, k, literal))
                    after[h].append((k, literal))
                    self._follow(r, j, i, self.p.change(r, g, f), literal, into[i])
        arcs.append((0, 0, empty))
        for _, _, used in nodes:
            self.model.add_implication(used, empty.negated())
        self.model.add_circuit(arcs)
        if not self.p.between[r]:
            for i, rows in into.items():
                self.changes[i].append(sum(literal * seconds for literal, seconds in rows))
        if self.p.campaign[r] > 1:
            self._campaigns(r, nodes, after)

    def _follow(
        self,
        r: int,
        j: int,
        i: int,
        change: tuple[int, float],
        literal: cp_model.IntVar,
        into: list[tuple[cp_model.IntVar, int]],
    ) -> None:
        """Task i comes next after task j (none: at the beginning)."""
        seconds, cost = change
        self.setup_literals.append((literal, seconds, cost))
        into.append((literal, seconds))
        if j >= 0:
            gap = seconds if self.p.between[r] else 0
            self.model.add(self.start[i] >= self.left[j] + gap).only_enforce_if(literal)

    def _campaigns(
        self,
        r: int,
        nodes: list[tuple[int, int, cp_model.IntVar]],
        after: dict[int, list[tuple[int, cp_model.IntVar]]],
    ) -> None:
        """A run of one family ends after as many tasks as a campaign needs, or after all that there are of it."""
        model, least = self.model, int(self.p.campaign[r])
        place = [model.new_int_var(1, len(nodes), "") for _ in nodes]  # in its run
        families = {f for _, f, _ in nodes}
        count = {f: sum(used for _, g, used in nodes if g == f) for f in families}
        for h, arcs in after.items():
            for k, literal in arcs:
                if k > 0 and h > 0 and nodes[h - 1][1] == nodes[k - 1][1]:
                    model.add(place[k - 1] == place[h - 1] + 1).only_enforce_if(literal)
                    continue
                if k > 0:
                    model.add(place[k - 1] == 1).only_enforce_if(literal)
                if h > 0:  # the run ends here
                    enough, whole = model.new_bool_var(""), model.new_bool_var("")
                    model.add(place[h - 1] >= least).only_enforce_if(enough)
                    model.add(place[h - 1] >= count[nodes[h - 1][1]]).only_enforce_if(whole)
                    model.add_bool_or([enough, whole, literal.negated()])

    # --- between tasks -------------------------------------------------------------------------------------------

    def _links(self) -> None:
        for before, after, minimum, maximum, kind in self.p.links.tolist():
            first = self.start[before] if kind & FROM_START else self.end[before]
            then = self.end[after] if kind & TO_END else self.start[after]
            self.model.add(then >= first + minimum)
            if maximum < FAR:
                self.model.add(then <= first + maximum)

    def _stocks(self) -> None:
        rows: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for task, stock, amount, at_end in self.p.moves.tolist():
            rows[stock].append((task, amount, at_end))
        for stock, moves in rows.items():
            begins = int(self.p.initial[stock])
            low, high = int(self.p.lowest[stock]) - begins, min(int(self.p.highest[stock]) - begins, 1 << 40)
            times = [self.end[t] if at_end else self.start[t] for t, _, at_end in moves]
            self.model.add_reservoir_constraint(times, [amount for _, amount, _ in moves], low, high)

    # --- schedules -----------------------------------------------------------------------------------------------

    def hint(self, s: Schedule) -> None:
        """Begin from a schedule."""
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        chosen = {int(m) for m in s.modes}
        for i in range(self.p.size):
            if self.p.fixed[i] < 0:
                self.model.add_hint(self.start[i], int(s.times[i, 0]))
            self.model.add_hint(self.end[i], int(s.times[i, 1]))
            if len(self.p.modes_of(i)) > 1:
                for m in self.p.modes_of(i):
                    self.model.add_hint(self.chosen[m], m in chosen)

    def schedule(self, solver: cp_model.CpSolver) -> Schedule:
        """The schedule of a solution."""
        times = np.array(
            [[solver.value(a), solver.value(b)] for a, b in zip(self.start, self.end, strict=True)], np.int64
        )
        modes = [next(m for m in self.p.modes_of(i) if solver.value(self.chosen[m])) for i in range(self.p.size)]
        return Schedule(times.reshape(-1, 2), np.array(modes, np.int64))
