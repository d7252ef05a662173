"""Heads and tails of a permutation: how long each machine is busy until a job is done, and from its start to the end.

With both, the makespan of a sequence with a job put in at every place takes one look at each place and machine (Taillard
1990; with set-ups Ruiz and Stützle 2008). ``heads[i, k]`` is when machine i has done the first k jobs, ``tails[i, k]`` how long
it is from the start of the k-th job (from 0) on machine i to the end. Machines are shifted by PAD empty ones.

Each value needs the one before it, so a processor would mostly wait. Four jobs at once, each one machine behind the job before
it, keep it busy.
"""

from __future__ import annotations

from numba import int32

from gemba.solvers.compiled import kernel
from gemba.solvers.flowshop.problem import PAD


@kernel
def fill_heads(line, sequence, length, heads, first):  # type: ignore[no-untyped-def]
    """Heads of the jobs from a place on, those before it being right."""
    k = first
    if line.from_job.shape[0] == 0:
        while k + 4 <= length:
            _four_heads(line.work, sequence, heads, k)
            k += 4
    for place in range(k, length):
        _one_head(line, sequence, heads, place)


@kernel
def fill_tails(line, sequence, length, tails, last):  # type: ignore[no-untyped-def]
    """Tails of the jobs before a place, those from it on being right; ``tails[:, length]`` is set to 0."""
    tails[:, length] = 0
    k = last
    if line.from_job.shape[0] == 0:
        while k >= 4:
            _four_tails(line.work, sequence, tails, k)
            k -= 4
    for place in range(k - 1, -1, -1):
        _one_tail(line, sequence, length, tails, place)


@kernel
def _four_heads(work, sequence, heads, k):  # type: ignore[no-untyped-def]
    one, two = work[sequence[k], PAD:], work[sequence[k + 1], PAD - 1 :]
    three, four = work[sequence[k + 2], PAD - 2 :], work[sequence[k + 3], PAD - 3 :]
    # tables that begin a machine sooner for each job: no index is below 0 then, which would be looked at
    rows_a, rows_b, rows_c, rows_d = heads[PAD:], heads[PAD - 1 :], heads[PAD - 2 :], heads[PAD - 3 :]
    a = b = c = d = 0
    for i in range(rows_a.shape[0]):
        before_d, before_c, before_b = c, b, a
        above = rows_a[i, k]
        a = (a if a > above else above) + one[i]
        b = (b if b > before_b else before_b) + two[i]
        c = (c if c > before_c else before_c) + three[i]
        d = (d if d > before_d else before_d) + four[i]
        rows_a[i, k + 1] = a
        rows_b[i, k + 2] = b
        rows_c[i, k + 3] = c
        rows_d[i, k + 4] = d


@kernel
def _four_tails(work, sequence, tails, k):  # type: ignore[no-untyped-def]
    last = tails.shape[0] - 1 - PAD
    one, two = work[sequence[k - 1], last::-1], work[sequence[k - 2], last + 1 :: -1]
    three, four = work[sequence[k - 3], last + 2 :: -1], work[sequence[k - 4], last + 3 :: -1]
    rows_a, rows_b, rows_c, rows_d = (
        tails[last::-1],
        tails[last + 1 :: -1],
        tails[last + 2 :: -1],
        tails[last + 3 :: -1],
    )
    a = b = c = d = 0
    for i in range(rows_a.shape[0]):
        before_d, before_c, before_b = c, b, a
        above = rows_a[i, k]
        a = (a if a > above else above) + one[i]
        b = (b if b > before_b else before_b) + two[i]
        c = (c if c > before_c else before_c) + three[i]
        d = (d if d > before_d else before_d) + four[i]
        rows_a[i, k - 1] = a
        rows_b[i, k - 2] = b
        rows_c[i, k - 3] = c
        rows_d[i, k - 4] = d


@kernel
def _one_head(line, sequence, heads, k):  # type: ignore[no-untyped-def]
    job = sequence[k]
    changes = line.from_job.shape[0] > 0 and k > 0
    done = 0
    for i in range(PAD, heads.shape[0] - PAD):
        free = heads[i, k]
        if changes:
            free += line.from_job[i - PAD, sequence[k - 1], job]
        done = max(done, free) + line.work[job, i]
        heads[i, k + 1] = done


@kernel
def _one_tail(line, sequence, length, tails, k):  # type: ignore[no-untyped-def]
    job = sequence[k]
    changes = line.from_job.shape[0] > 0 and k + 1 < length
    rest = 0
    for i in range(tails.shape[0] - 1 - PAD, PAD - 1, -1):
        after = tails[i, k + 1]
        if changes:
            after += line.from_job[i - PAD, job, sequence[k + 1]]
        rest = max(rest, after) + line.work[job, i]
        tails[i, k] = rest


@kernel
def makespans(line, sequence, length, heads, tails, job, front, longest):  # type: ignore[no-untyped-def]
    """``longest[k]``: the makespan with the job put in at place k, for 0 <= k <= length; ``front`` is scratch."""
    places = length + 1
    for k in range(places):
        front[k] = 0
        longest[k] = 0
    changes = line.from_job.shape[0] > 0
    for i in range(PAD, heads.shape[0] - PAD):
        if changes:
            _step_with_setups(line, i - PAD, sequence, length, heads[i], tails[i], job, front, longest)
        else:
            _step(heads[i], tails[i], line.work[job, i], places, front, longest)


@kernel
def _step(head, tail, work, places, front, longest):  # type: ignore[no-untyped-def]
    for k in range(places):  # one machine, all places: a processor does many at once
        free, ready, most = head[k], front[k], longest[k]
        done = int32((free if free > ready else ready) + work)
        front[k] = done
        through = int32(done + tail[k])
        longest[k] = most if most > through else through


@kernel
def _step_with_setups(line, machine, sequence, length, head, tail, job, front, longest):  # type: ignore[no-untyped-def]
    work = line.work[job, machine + PAD]
    before, after = line.to_job[machine, job], line.from_job[machine, job]
    for k in range(length + 1):
        free = head[k]
        if k > 0:
            free += before[sequence[k - 1]]
        done = max(free, front[k]) + work
        front[k] = done
        through = done + tail[k]
        if k < length:
            through += after[sequence[k]]
        longest[k] = max(longest[k], through)
