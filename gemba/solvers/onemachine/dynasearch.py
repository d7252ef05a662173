"""Dynasearch: the best set of moves that do not overlap, made at once (Congram, Potts, van de Velde 2002).

A move changes a stretch of the sequence from place ``i`` to place ``j``: its ends change places, or one end goes to the
other (Grosso, Della Croce, Tadei 2004). As all jobs of a stretch stay in it, other stretches keep their times, gains add up,
and dynamic programming over the places finds the best set.
"""

from __future__ import annotations

from gemba.solvers.compiled import kernel, making_kernel

SWAP, SOONER, LATER = range(3)  # the ends change places; the last goes first; the first goes last


@kernel
def cost(due, weight, job, end):  # type: ignore[no-untyped-def]
    return weight[job] * max(0, end - due[job])


@kernel
def ends(work, sequence, end):  # type: ignore[no-untyped-def]
    """Write when the job at each place ends."""
    now = 0
    for place in range(len(sequence)):
        now += work[sequence[place]]
        end[place] = now


@kernel
def total(due, weight, sequence, end):  # type: ignore[no-untyped-def]
    """The cost of a sequence with its times."""
    found = 0
    for place in range(len(sequence)):
        found += cost(due, weight, sequence[place], end[place])
    return found


@kernel
def inserts(work, due, weight, sequence, end, reach, change, kind):  # type: ignore[no-untyped-def]
    """Write the change of cost of the better insertion for each stretch of up to ``reach`` + 1 places; (n, n) arrays."""
    n = len(sequence)
    for j in range(1, n):  # the last goes first: those before it are pushed back by its work
        job, pushed = sequence[j], 0
        before = cost(due, weight, job, end[j])
        for i in range(j - 1, max(-1, j - reach - 1), -1):
            other, start = sequence[i], end[i] - work[sequence[i]]
            pushed += cost(due, weight, other, end[i] + work[job]) - cost(due, weight, other, end[i])
            change[i, j] = pushed + cost(due, weight, job, start + work[job]) - before
            kind[i, j] = SOONER
    for i in range(n - 1):  # the first goes last: those after it move up by its work
        job, won = sequence[i], 0
        before = cost(due, weight, job, end[i])
        for j in range(i + 1, min(n, i + reach + 1)):
            other = sequence[j]
            won += cost(due, weight, other, end[j] - work[job]) - cost(due, weight, other, end[j])
            found = won + cost(due, weight, job, end[j]) - before
            if found < change[i, j]:
                change[i, j], kind[i, j] = found, LATER


@making_kernel
def swaps(work, due, weight, sequence, end, reach, change, kind):  # type: ignore[no-untyped-def]
    """Improve ``change`` and ``kind`` where the ends of a stretch better change places."""
    n = len(sequence)
    dues, weights = due[sequence], weight[sequence]
    for i in range(n - 2):
        first, start = sequence[i], end[i] - work[sequence[i]]
        for j in range(i + 2, min(n, i + reach + 1)):
            last = sequence[j]
            shift = work[last] - work[first]
            found = cost(due, weight, last, start + work[last]) - cost(due, weight, last, end[j])
            found += cost(due, weight, first, end[j]) - cost(due, weight, first, end[i])
            if shift > 0 and found >= change[i, j]:
                continue  # those between can only lose
            for k in range(i + 1, j) if shift != 0 else range(0):
                late = end[k] - dues[k]
                found += weights[k] * (max(0, late + shift) - max(0, late))
            if found < change[i, j]:
                change[i, j], kind[i, j] = found, SWAP


@kernel
def choose(n, reach, change, best, first):  # type: ignore[no-untyped-def]
    """Write the least change of the first places, and where the stretch that ends there begins; returns the whole change."""
    best[0] = 0
    for j in range(n):
        best[j + 1], first[j] = best[j], j
        for i in range(max(0, j - reach), j):
            if best[i] + change[i, j] < best[j + 1]:
                best[j + 1], first[j] = best[i] + change[i, j], i
    return best[n]


@kernel
def move(sequence, i, j, kind):  # type: ignore[no-untyped-def]
    """Make one move of the stretch from place i to place j."""
    first, last = sequence[i], sequence[j]
    if kind == SWAP:
        sequence[i], sequence[j] = last, first
    elif kind == SOONER:
        for k in range(j, i, -1):
            sequence[k] = sequence[k - 1]
        sequence[i] = last
    else:
        for k in range(i, j):
            sequence[k] = sequence[k + 1]
        sequence[j] = first


@kernel
def descend(work, due, weight, sequence, end, reach, change, kind, best, first):  # type: ignore[no-untyped-def]
    """Move until no set of moves is better; ``sequence`` and ``end`` are written. Returns the cost."""
    n = len(sequence)
    ends(work, sequence, end)
    while True:
        inserts(work, due, weight, sequence, end, reach, change, kind)
        swaps(work, due, weight, sequence, end, reach, change, kind)
        if choose(n, reach, change, best, first) >= 0:
            return total(due, weight, sequence, end)
        j = n - 1
        while j > 0:
            i = first[j]
            if i < j:
                move(sequence, i, j, kind[i, j])
            j = i - 1
        ends(work, sequence, end)
