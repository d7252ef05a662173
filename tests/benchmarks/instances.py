"""Small instances of each class in the format of its files, with what a plain rule makes of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

Made = tuple[str, float]  # the file's text, and the rule's objective


def job_shop(rng: random.Random) -> Made:
    """15 jobs on 8 machines; most work remaining first."""
    jobs = [[(m, rng.randint(1, 99)) for m in rng.sample(range(8), 8)] for _ in range(15)]
    text = "15 8\n" + "\n".join(" ".join(f"{m} {d}" for m, d in job) for job in jobs)
    return text, _dispatch([[[step] for step in job] for job in jobs], 8)


def flexible(rng: random.Random) -> Made:
    """12 jobs of 6 operations on 6 machines, 1 to 4 of them for each; most work remaining first, where it ends soonest."""
    jobs = [
        [[(m, rng.randint(5, 40)) for m in rng.sample(range(6), rng.randint(1, 4))] for _ in range(6)]
        for _ in range(12)
    ]
    lines = [
        f"{len(job)} " + " ".join(f"{len(o)} " + " ".join(f"{m + 1} {d}" for m, d in o) for o in job) for job in jobs
    ]
    return "12 6 2.5\n" + "\n".join(lines), _dispatch(jobs, 6)


def _dispatch(jobs: Sequence[Sequence[Sequence[tuple[int, int]]]], machines: int) -> float:
    free, ready, step = [0] * machines, [0] * len(jobs), [0] * len(jobs)
    for _ in range(sum(map(len, jobs))):
        rest = [sum(min(d for _, d in o) for o in job[step[j] :]) for j, job in enumerate(jobs)]
        j = max((j for j in range(len(jobs)) if step[j] < len(jobs[j])), key=lambda j: rest[j] - ready[j])
        end, machine = min((max(free[m], ready[j]) + d, m) for m, d in jobs[j][step[j]])
        free[machine] = ready[j] = end
        step[j] += 1
    return float(max(ready))


def flow_shop(rng: random.Random) -> Made:
    """30 jobs on 8 machines; the longest first."""
    rows = _rows(rng, 30, 8)
    order = sorted(range(30), key=lambda j: -sum(rows[j]))
    return f"30\n8\n{_table(rows)}", float(_ends(order, rows)[-1])


def flow_shop_with_setups(rng: random.Random) -> Made:
    """20 jobs on 5 machines with set-ups of up to half the work; the longest first."""
    rows = _rows(rng, 20, 5)
    setups = [[[0 if i == j else rng.randint(1, 50) for j in range(20)] for i in range(20)] for _ in range(5)]
    order = sorted(range(20), key=lambda j: -sum(rows[j]))
    text = f"20\n5\n{_table(rows)}\n" + "\n".join(_table(matrix) for matrix in setups)
    return text, float(_ends(order, rows, setups)[-1])


def flow_time(rng: random.Random) -> Made:
    """30 jobs on 8 machines, sum of their ends; the shortest first."""
    rows = _rows(rng, 30, 8)
    order = sorted(range(30), key=lambda j: sum(rows[j]))
    return f"30\n8\n{_table(rows)}", float(sum(_ends(order, rows)))


def tardiness(rng: random.Random) -> Made:
    """30 jobs on 8 machines with due dates; the first due first."""
    rows = _rows(rng, 30, 8)
    due = [rng.randint(sum(row), 1800) for row in rows]
    order = sorted(range(30), key=lambda j: due[j])
    late = sum(max(0, end - due[j]) for end, j in zip(_ends(order, rows), order, strict=True))
    return f"30\n8\n{' '.join(map(str, due))}\n{_table(rows)}", float(late)


def _rows(rng: random.Random, jobs: int, machines: int) -> list[list[int]]:
    return [[rng.randint(1, 99) for _ in range(machines)] for _ in range(jobs)]


def _table(rows: Sequence[Sequence[int]]) -> str:
    return "\n".join(" ".join(map(str, row)) for row in rows)


def _ends(
    order: Sequence[int], rows: Sequence[Sequence[int]], setups: Sequence[Sequence[Sequence[int]]] = ()
) -> list[int]:
    free, ends, before = [0] * len(rows[0]), [], -1
    for j in order:
        at = 0
        for m, work in enumerate(rows[j]):
            at = max(at, free[m] + (setups[m][before][j] if setups and before >= 0 else 0)) + work
            free[m] = at
        ends.append(at)
        before = j
    return ends


def hybrid(rng: random.Random) -> Made:
    """20 jobs through 4 stages of 2 or 3 machines; the longest first, each on the machine that is free first."""
    rows, machines = _rows(rng, 20, 4), [rng.randint(2, 3) for _ in range(4)]
    queue = [(0, j) for j in sorted(range(20), key=lambda j: -sum(rows[j]))]
    for stage, count in enumerate(machines):
        free, done = [0] * count, []
        for ready, j in queue:
            k = free.index(min(free))
            free[k] = max(free[k], ready) + rows[j][stage]
            done.append((free[k], j))
        queue = sorted(done)
    return f"20\n4\n{' '.join(map(str, machines))}\n{_table(rows)}", float(queue[-1][0])


def project(rng: random.Random) -> Made:
    """40 activities on 3 resources, each waiting for up to 3 earlier ones; in the order of their numbers."""
    n, capacity = 42, [10, 12, 8]
    work = [0, *(rng.randint(1, 10) for _ in range(n - 2)), 0]
    demand = [[0] * 3, *([rng.randint(0, c // 2) for c in capacity] for _ in range(n - 2)), [0] * 3]
    before: list[set[int]] = [
        set(rng.sample(range(max(1, i - 8), i), min(i - 1, rng.randint(1, 3)))) if i > 1 else {0} for i in range(n)
    ]
    before[0], before[-1] = set(), set(range(n - 1))
    lines = []
    for i in range(n):
        after = [j + 1 for j in range(n) if i in before[j]]
        lines.append(" ".join(map(str, [work[i], *demand[i], len(after), *after])))
    return f"{n} 3\n{' '.join(map(str, capacity))}\n" + "\n".join(lines), float(_serial(work, demand, before, capacity))


def _serial(work: list[int], demand: list[list[int]], before: list[set[int]], capacity: list[int]) -> int:
    used = [[0] * 3 for _ in range(sum(work) + 1)]
    ends: list[int] = []
    for i, length in enumerate(work):
        at = max((ends[j] for j in before[i]), default=0)
        while any(used[t][r] + demand[i][r] > capacity[r] for t in range(at, at + length) for r in range(3)):
            at += 1
        for t in range(at, at + length):
            used[t] = [u + d for u, d in zip(used[t], demand[i], strict=True)]
        ends.append(at + length)
    return ends[-1]


def one_machine(rng: random.Random) -> Made:
    """40 jobs on one machine; the first due first."""
    jobs = [(rng.randint(1, 99), rng.randint(1, 10), rng.randint(100, 1500)) for _ in range(40)]
    at, total = 0, 0
    for work, weight, due in sorted(jobs, key=lambda job: job[2]):
        at += work
        total += weight * max(0, at - due)
    return "40\n" + "\n".join(" ".join(map(str, job)) for job in jobs), float(total)


#: Class -> (file ending, maker, the engine's objective by the rule's, at most).
MAKERS: dict[str, tuple[str, Callable[[random.Random], Made], float]] = {
    "jobshop": ("jsp", job_shop, 0.95),
    "fjsp": ("fjs", flexible, 0.95),
    "pfsp": ("txt", flow_shop, 0.97),
    "pfsp_setup": ("txt", flow_shop_with_setups, 0.95),
    "pfsp_flowtime": ("txt", flow_time, 0.97),
    "pfsp_tardiness": ("txt", tardiness, 0.8),
    "hfsp": ("txt", hybrid, 0.99),
    "rcpsp": ("rcp", project, 0.98),
    "smtwt": ("txt", one_machine, 0.8),
}
