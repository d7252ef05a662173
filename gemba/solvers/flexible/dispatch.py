"""A whole schedule at once: again and again the most urgent job goes to the machine that would finish it soonest.

Urgency is the moment the job could start less its work that is left, weighted; weights and noise by chance, so that many
tries give many schedules.
"""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import kernel, making_kernel
from gemba.solvers.compiled.chance import uniform
from gemba.solvers.flexible.graph import keep_best, load
from gemba.solvers.flexible.state import BEST, MAKESPAN, MODE_MACHINE, MODE_WORK, MODES, MODES_END, RELEASE


@kernel
def soonest(ops, modes, free, op, ready, dislike):  # type: ignore[no-untyped-def]
    """(mode, start) that ends soonest, each unit of work counted 1 + ``dislike`` times."""
    best, start, least = -1, 0, np.inf
    for mode in range(ops[op, MODES], ops[op, MODES_END]):
        moment = max(ready, free[modes[mode, MODE_MACHINE]])
        value = moment + (1.0 + dislike) * modes[mode, MODE_WORK]
        if value < least:
            best, start, least = mode, moment, value
    return best, start


@making_kernel
def dispatch(state, weight, dislike, noise, mode, order):  # type: ignore[no-untyped-def]
    """Write the modes and the sequence of one schedule."""
    ops, modes, random = state.ops, state.modes, state.random
    jobs = len(state.firsts)
    following, ready, urgency = state.firsts.copy(), np.zeros(jobs), np.full(jobs, np.inf)
    chosen, start, free = np.full(jobs, -1), np.zeros(jobs), np.zeros(len(state.lines))
    shake = np.ones(jobs)
    for j in range(jobs):
        ready[j] = ops[following[j], RELEASE]
    for i in range(len(order)):
        best = -1
        for j in range(jobs):
            op = following[j]
            if op > state.lasts[j]:
                continue
            # Machines only become busier: what was soonest still is, unless its machine was taken meanwhile.
            if chosen[j] < 0 or free[modes[chosen[j], MODE_MACHINE]] > start[j]:
                if chosen[j] < 0:
                    shake[j] = 1.0 + noise * (uniform(random) - 0.5)
                chosen[j], start[j] = soonest(ops, modes, free, op, ready[j], dislike)
                urgency[j] = (start[j] - weight * state.rest[op]) * shake[j]
            if best < 0 or urgency[j] < urgency[best]:
                best = j
        order[i], mode[following[best]] = following[best], chosen[best]
        ready[best] = start[best] + modes[chosen[best], MODE_WORK]
        free[modes[chosen[best], MODE_MACHINE]] = ready[best]
        following[best] += 1
        chosen[best] = -1


@kernel
def try_dispatch(state, tries, plain, mode, order):  # type: ignore[no-untyped-def]
    """Keep the best of so many tries; the first with no chance in it where ``plain``."""
    random = state.random
    for i in range(tries):
        weight, dislike, noise = 2.0 * uniform(random), 0.0, 0.2 * uniform(random)
        if uniform(random) < 0.5:
            dislike = 2.0 * uniform(random)
        if plain and i == 0:
            weight, dislike, noise = 1.0, 0.0, 0.0
        dispatch(state, weight, dislike, noise, mode, order)
        load(state, mode, order)
        if state.value[MAKESPAN] < state.value[BEST]:
            keep_best(state)
