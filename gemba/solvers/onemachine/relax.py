"""A lower bound: jobs one after another without pause, each done as often as one likes, at a price that makes it once.

The price of each job (a Lagrangian multiplier) is won by doing it; dynamic programming over time finds the cheapest such
sequence, in which no job follows on itself; its cost less all prices is a bound for any prices (Abdul-Razaq and Potts
1988). Prices follow the subgradient: how often a job is done too much (Held, Wolfe, Crowder 1974).
"""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import kernel, making_kernel

FIRST_STEP = 2.0
_SLOWER = 0.9
_PATIENCE = 10  # prices tried without a better bound before steps shrink


@kernel
def cheapest(work, due, weight, price, value, job, back):  # type: ignore[no-untyped-def]
    """Write for each time the two cheapest sequences that end then, of different last jobs: (T + 1, 2) arrays of value, last
    job, and which of the two it follows."""
    n, last = len(work), len(value) - 1
    value[:], job[:], back[:] = np.inf, -1, 0
    value[0, 0] = 0.0
    for t in range(1, last + 1):
        for j in range(n):
            before = t - work[j]
            if before < 0:
                continue
            which = 1 if job[before, 0] == j else 0
            v = value[before, which] + weight[j] * max(0, t - due[j]) - price[j]
            if v < value[t, 0]:
                value[t, 1], job[t, 1], back[t, 1] = value[t, 0], job[t, 0], back[t, 0]
                value[t, 0], job[t, 0], back[t, 0] = v, j, which
            elif v < value[t, 1]:
                value[t, 1], job[t, 1], back[t, 1] = v, j, which


@kernel
def count_jobs(work, job, back, times):  # type: ignore[no-untyped-def]
    """Write how often the cheapest sequence does each job."""
    times[:] = 0
    t, which = len(job) - 1, 0
    while t > 0:
        j = job[t, which]
        times[j] += 1
        which = back[t, which]
        t -= work[j]


@making_kernel
def tighten(work, due, weight, price, known, target, tries, value, job, back):  # type: ignore[no-untyped-def]
    """Improve the bound ``known[0]`` (``known[1]`` is the step, ``known[2]`` how many prices brought nothing), in place.

    ``target`` is the cost of a schedule; ``value``, ``job``, ``back`` are room to work in. Work is at least 1.
    """
    times = np.zeros(len(work), np.int64)
    for _ in range(tries):
        cheapest(work, due, weight, price, value, job, back)
        count_jobs(work, job, back, times)
        found = value[-1, 0] + price.sum()
        if found > known[0]:
            known[0], known[2] = found, 0
        else:
            known[2] += 1
            if known[2] >= _PATIENCE:
                known[1], known[2] = known[1] * _SLOWER, 0
        excess = times - 1
        norm = (excess * excess).sum()
        if norm == 0:
            return
        price -= known[1] * max(1.0, 1.02 * target - found) / norm * excess
