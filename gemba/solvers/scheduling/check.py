"""Whether a schedule keeps every rule, and what it is worth: from first principles, sharing no code with the engines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from gemba.solvers.scheduling.problem import FROM_START, MODE_CHANGE, TO_END, Problem, Schedule, Term

FAR = 1 << 42


def violations(p: Problem, s: Schedule) -> list[str]:
    """Every rule that the schedule breaks, as sentences; none where it is feasible."""
    wrong = [
        f"{p.names[i]}: mode {s.modes[i]} is not one of its own"
        for i in range(p.size)
        if s.modes[i] not in p.modes_of(i)
    ]
    if wrong:
        return wrong
    book = _Book(p, s)
    return [
        *_of_tasks(book),
        *_of_hours(book),
        *_of_links(book),
        *_of_capacity(book),
        *_of_batches(book),
        *_of_setups(book),
        *_of_campaigns(book),
        *_of_stocks(book),
    ]


class _Book:
    """A schedule as plain numbers, and who uses which resource in which order."""

    def __init__(self, p: Problem, s: Schedule) -> None:
        self.p = p
        self.start = [int(x) for x in s.times[:, 0]]
        self.end = [int(x) for x in s.times[:, 1]]
        self.mode = [int(x) for x in s.modes]
        self.family = [int(p.family[m]) for m in self.mode]
        holds = [int(x) for x in p.holds]
        self.left = [max(self.end[i], self.start[h]) if h >= 0 else self.end[i] for i, h in enumerate(holds)]
        self.users: dict[int, list[tuple[int, int]]] = defaultdict(list)  # resource -> (task, amount), by start
        for i in sorted(range(p.size), key=lambda i: (self.start[i], self.end[i])):
            for r, amount in p.uses(self.mode[i]):
                if amount:
                    self.users[r].append((i, amount))
        self.changes = [0] * p.size  # seconds of change-over that are a task's own work
        self.setups: list[tuple[int, int, int, int, float]] = []  # resource, task before, task, seconds, cost
        for r in range(len(p.capacity)):
            if p.matrix[r] >= 0:
                self._follow(r)

    def _follow(self, r: int) -> None:
        """Change-overs on a resource, in the order of its tasks; a batch is one set-up."""
        now, before, batch = int(self.p.setup[r]), -1, (-1, -1)
        for i, _ in self.users[r]:
            span = self.start[i], self.end[i]
            if self.family[i] < 0 or (self.p.batch[r] and span == batch):
                before = i
                continue
            seconds, cost = self.p.change(r, now, self.family[i])
            self.setups.append((r, before, i, seconds, cost))
            if not self.p.between[r]:
                self.changes[i] = max(self.changes[i], seconds)
            now, before, batch = self.family[i], i, span


def _of_tasks(b: _Book) -> Iterator[str]:
    p = b.p
    for i, name in enumerate(p.names):
        if b.start[i] < p.release[i]:
            yield f"{name}: starts at {b.start[i]}, before its release {p.release[i]}"
        if b.end[i] > p.deadline[i]:
            yield f"{name}: ends at {b.end[i]}, after its deadline {p.deadline[i]}"
        if p.fixed[i] >= 0 and b.start[i] != p.fixed[i]:
            yield f"{name}: starts at {b.start[i]}, but is fixed at {p.fixed[i]}"


def _of_hours(b: _Book) -> Iterator[str]:
    """Work, with its change-over, is done in open hours, and without a pause where the task is whole."""
    for i, name in enumerate(b.p.names):
        work = int(b.p.work[b.mode[i]]) + b.changes[i]
        calendar = int(b.p.calendar[b.mode[i]])
        span = b.end[i] - b.start[i]
        if calendar < 0 or work == 0:
            opened, broken = span, False
        else:
            rows = b.p.hours.table[b.p.hours.ptr[calendar] : b.p.hours.ptr[calendar + 1]].tolist()
            opened = sum(max(0, min(b.end[i], c) - max(b.start[i], o)) for o, c, _ in rows)
            broken = span != work and bool(b.p.whole[i])
            if not any(o <= b.start[i] < c for o, c, _ in rows) or not any(o < b.end[i] <= c for o, c, _ in rows):
                yield f"{name}: starts or ends in closed hours ({b.start[i]} to {b.end[i]})"
        if opened != work:
            yield f"{name}: {opened} open seconds from {b.start[i]} to {b.end[i]}, but {work} of work"
        if broken:
            yield f"{name}: pauses, but may not"


def _of_links(b: _Book) -> Iterator[str]:
    for before, after, minimum, maximum, kind in b.p.links.tolist():
        first = b.start[before] if kind & FROM_START else b.end[before]
        then = b.end[after] if kind & TO_END else b.start[after]
        if not minimum <= then - first or (maximum < FAR and then - first > maximum):
            yield f"{b.p.names[after]}: {then - first} s after {b.p.names[before]}, not {minimum} to {maximum}"


def _of_capacity(b: _Book) -> Iterator[str]:
    for r, users in b.users.items():
        if b.p.consumable[r]:
            used = sum(amount for _, amount in users)
            if used > b.p.capacity[r]:
                yield f"resource {r}: {used} units used up, of {b.p.capacity[r]}"
            continue
        moves = sorted(
            (t, d) for i, n in users if b.left[i] > b.start[i] for t, d in ((b.start[i], n), (b.left[i], -n))
        )
        level = 0
        for t, d in moves:
            level += d
            if level > b.p.capacity[r]:
                yield f"resource {r}: {level} units taken at {t}, of {b.p.capacity[r]}"
                break


def _of_batches(b: _Book) -> Iterator[str]:
    for r, users in b.users.items():
        if not b.p.batch[r]:
            continue
        for (i, _), (j, _) in pairwise(users):
            same = (b.start[i], b.end[i], b.family[i]) == (b.start[j], b.end[j], b.family[j])
            if not same and b.start[j] < b.left[i]:
                yield f"resource {r}: {b.p.names[i]} and {b.p.names[j]} overlap but are no batch"


def _of_setups(b: _Book) -> Iterator[str]:
    """A change-over that lies between two tasks has its time there."""
    for r, before, i, seconds, _ in b.setups:
        if b.p.between[r] and before >= 0 and b.start[i] < b.left[before] + seconds:
            yield f"resource {r}: {seconds} s of change-over do not fit between {b.p.names[before]} and {b.p.names[i]}"


def _of_campaigns(b: _Book) -> Iterator[str]:
    """As many tasks of a family in a row as a campaign needs, or all that the resource does of it."""
    for r, users in b.users.items():
        least = int(b.p.campaign[r])
        families = [b.family[i] for i, _ in users if b.family[i] >= 0]
        runs: list[list[int]] = []
        for f in families:
            if runs and runs[-1][0] == f:
                runs[-1].append(f)
            else:
                runs.append([f])
        for run in runs:
            if len(run) < min(least, families.count(run[0])):
                yield f"resource {r}: a campaign of family {run[0]} has {len(run)} tasks, not {least}"


def _of_stocks(b: _Book) -> Iterator[str]:
    moves: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for task, stock, amount, at_end in b.p.moves.tolist():
        moves[stock][b.end[task] if at_end else b.start[task]] += amount
    for stock, rows in moves.items():
        level = int(b.p.initial[stock])
        for at in sorted(rows):
            level += rows[at]
            if not b.p.lowest[stock] <= level <= b.p.highest[stock]:
                yield f"stock {stock}: level {level} at {at}, not {b.p.lowest[stock]} to {b.p.highest[stock]}"


def values(p: Problem, s: Schedule) -> tuple[float, ...]:
    """The value of each level of the objective."""
    found = terms(p, s)
    return tuple(sum(weight * found[term] for term, weight in level) for level in p.objective)


def terms(p: Problem, s: Schedule) -> dict[Term, float]:
    """The value of every term."""
    b = _Book(p, s)
    tasks = range(p.size)
    late = [max(0, b.end[i] - int(p.due[i])) for i in tasks]
    early = [max(0, int(p.due[i]) - b.end[i]) if p.due[i] < FAR else 0 for i in tasks]
    moved = [abs(b.start[i] - int(p.published[i])) if p.published[i] >= 0 else 0 for i in tasks]
    changed = [p.published_mode[i] >= 0 and b.mode[i] != p.published_mode[i] for i in tasks]
    return {
        Term.MAKESPAN: float(max(b.end, default=0)),
        Term.TARDINESS: sum(float(p.weight[i]) * late[i] for i in tasks),
        Term.LATE: float(sum(x > 0 for x in late)),
        Term.FLOW_TIME: sum(float(p.weight[i]) * (b.end[i] - int(p.release[i])) for i in tasks),
        Term.EARLINESS: sum(float(p.holding[i]) * early[i] for i in tasks),
        Term.SETUP_TIME: float(sum(seconds for _, _, _, seconds, _ in b.setups)),
        Term.SETUP_COST: sum(cost for _, _, _, _, cost in b.setups),
        Term.MODE_COST: float(p.cost[b.mode].sum()) if p.size else 0.0,
        Term.DISTURBANCE: sum(float(p.stability[i]) * (moved[i] + MODE_CHANGE * changed[i]) for i in tasks),
    }
