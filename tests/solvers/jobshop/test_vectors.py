from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.solvers.compiled import kernel
from gemba.solvers.jobshop import vectors
from gemba.solvers.jobshop.sets import find_edges
from gemba.solvers.jobshop.vectors import BEGIN, BY, DEADLINE, LANES, RELEASE, WORK
from gemba.solvers.jobshop.windows import EARLY, LATEST, OWN, PRED, SUCC

_BASE = 3  # operations of another machine come first


@kernel
def _before(windows, row, base, size, moment):  # type: ignore[no-untyped-def]
    return vectors.before(windows, row, base, size, moment)


@kernel
def _ends_after(windows, row, own, base, size, moment):  # type: ignore[no-untyped-def]
    return vectors.ends_after(windows, row, own, base, size, moment)


@kernel
def _either_lacks(windows, row, other, base, size):  # type: ignore[no-untyped-def]
    return vectors.either_lacks(windows, row, other, base, size)


@kernel
def _mark(windows, row, base, which, bits):  # type: ignore[no-untyped-def]
    vectors.mark(windows, row, base, which, bits)


@kernel
def _after_leaders(windows, own, by, line, base, size):  # type: ignore[no-untyped-def]
    return vectors.after_leaders(windows, SUCC, EARLY, own, by, line, base, size)


@kernel
def _before_followers(windows, own, by, line, base, size):  # type: ignore[no-untyped-def]
    return vectors.before_followers(windows, PRED, LATEST, own, by, line, base, size)


@kernel
def _logarithms(windows):  # type: ignore[no-untyped-def]
    return vectors.sum_of_logarithms(windows, EARLY, LATEST)


class _Machine:
    """A machine with random windows and known orders, after the operations of another one."""

    def __init__(self, size: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.size, columns = size, _BASE + size + LANES
        self.here = slice(_BASE, _BASE + size)
        self.own = np.zeros((6, columns), np.int64)
        self.own[OWN, : _BASE + size] = rng.integers(1, 20, _BASE + size)
        self.windows = rng.integers(0, 1 << size, (5, columns))
        self.windows[EARLY] = rng.integers(0, 90, columns)
        self.windows[LATEST] = self.windows[EARLY] + rng.integers(0, 40, columns)
        self.early, self.late = self.windows[EARLY, self.here], self.windows[LATEST, self.here]
        self.duration = self.own[OWN, self.here]

    def sequence(self, key: np.ndarray) -> np.ndarray:
        return np.concatenate([np.zeros(_BASE, np.int64), np.argsort(key, kind="stable")])


machines = st.builds(_Machine, st.integers(1, 30), st.integers(0, 10_000))


def _bits(flags: np.ndarray) -> int:
    return sum(1 << n for n, flag in enumerate(flags) if flag)


@settings(max_examples=60, deadline=None)
@given(machines, st.integers(0, 130))
def test_bits_tell_which_operations_are_before_a_moment_or_end_after_it(machine: _Machine, moment: int) -> None:
    windows, size = machine.windows, machine.size
    assert _before(windows, LATEST, _BASE, size, moment) == _bits(machine.late < moment)
    ends = machine.early + machine.duration
    assert _ends_after(windows, EARLY, machine.own, _BASE, size, moment) == _bits(ends > moment)


@settings(max_examples=60, deadline=None)
@given(machines)
def test_an_operation_lacks_another_that_neither_row_knows(machine: _Machine) -> None:
    known = machine.windows[PRED, machine.here] | machine.windows[SUCC, machine.here]
    lacks = [int(bits) | 1 << n != (1 << machine.size) - 1 for n, bits in enumerate(known)]
    assert _either_lacks(machine.windows, PRED, SUCC, _BASE, machine.size) == _bits(np.array(lacks))


@settings(max_examples=60, deadline=None)
@given(machines, st.data())
def test_marks_are_added_to_the_operations_meant_and_to_no_other(machine: _Machine, data: st.DataObject) -> None:
    which, bits = (data.draw(st.integers(0, (1 << machine.size) - 1)) for _ in range(2))
    expected = machine.windows.copy()
    for n in range(machine.size):
        expected[PRED, _BASE + n] |= bits if which >> n & 1 else 0
    _mark(machine.windows, PRED, _BASE, which, bits)
    assert (machine.windows == expected).all()


@settings(max_examples=60, deadline=None)
@given(machines)
def test_operations_wait_for_all_known_to_come_before_them_one_by_one(machine: _Machine) -> None:
    found, by = np.zeros(machine.size + LANES, np.int64), machine.sequence(machine.early)
    rises = _after_leaders(machine.windows, machine.own, by, found, _BASE, machine.size)
    for n in range(machine.size):
        end = -vectors.FAR
        for k in by[_BASE:]:
            if machine.windows[SUCC, _BASE + k] >> n & 1:
                end = max(end, machine.early[k]) + machine.duration[k]
        assert found[n] == end
        assert bool(rises >> n & 1) == bool(end > machine.early[n])


@settings(max_examples=60, deadline=None)
@given(machines)
def test_operations_end_before_all_known_to_come_after_them_one_by_one(machine: _Machine) -> None:
    found, by = np.zeros(machine.size + LANES, np.int64), machine.sequence(machine.late + machine.duration)
    falls = _before_followers(machine.windows, machine.own, by, found, _BASE, machine.size)
    for n in range(machine.size):
        start = vectors.FAR
        for k in reversed(by[_BASE:]):
            if machine.windows[PRED, _BASE + k] >> n & 1:
                start = min(start - machine.duration[k], machine.late[k])
        assert found[n] == start - machine.duration[n]
        assert bool(falls >> n & 1) == bool(start - machine.duration[n] < machine.late[n])


def test_logarithms_are_exact_for_powers_of_two_and_straight_between_them() -> None:
    windows = np.zeros((5, 3 + LANES), np.int64)
    windows[LATEST, :3] = [7, 0, 2]  # 8, 1 and 3 moments
    assert _logarithms(windows) == 3 + 0 + 1.5


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 8), st.integers(0, 25)), min_size=1, max_size=7))
def test_edge_finding_lets_every_sequence_that_keeps_the_windows_stay(jobs: list[tuple[int, int, int]]) -> None:
    jobs = sorted((early, own, early + own + slack) for early, own, slack in jobs)
    line = np.zeros((7, len(jobs) + LANES), np.int64)
    for n, (early, own, late) in enumerate(jobs):
        line[[RELEASE, WORK, DEADLINE, BEGIN], n] = early, own, late, early
    line[BY, : len(jobs)] = sorted(late for _, _, late in jobs)
    fits = find_edges(line, np.zeros((2, len(jobs), len(jobs) + LANES), np.int64), len(jobs))
    soonest = _soonest_starts(jobs)
    if soonest is None:
        return
    assert fits
    assert (line[BEGIN, : len(jobs)] <= soonest).all()


def _soonest_starts(jobs: list[tuple[int, int, int]]) -> np.ndarray | None:
    """Of each operation over all sequences that keep the windows; None where there is none."""
    soonest = np.full(len(jobs), 1 << 40)

    def put(left: frozenset[int], now: int, starts: dict[int, int]) -> None:
        for n in left:
            early, own, late = jobs[n]
            start = max(now, early)
            if start + own <= late:
                put(left - {n}, start + own, {**starts, n: start})
        if not left:
            for n, start in starts.items():
                soonest[n] = min(soonest[n], start)

    put(frozenset(range(len(jobs))), 0, {})
    return None if soonest.max() == 1 << 40 else soonest


def test_an_operation_that_would_hold_up_a_set_starts_after_it() -> None:
    line = np.zeros((7, 3 + LANES), np.int64)
    line[[RELEASE, WORK, DEADLINE, BEGIN], 0] = 0, 4, 30, 0
    line[[RELEASE, WORK, DEADLINE, BEGIN], 1] = 1, 5, 12, 1
    line[[RELEASE, WORK, DEADLINE, BEGIN], 2] = 2, 5, 12, 2
    line[BY, :3] = 12, 12, 30
    assert find_edges(line, np.zeros((2, 3, 3 + LANES), np.int64), 3)
    assert line[BEGIN, :3].tolist() == [11, 1, 2]
