"""The flexible job shop: what is found is a schedule, no bound is above it, and it is found again."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gemba.solvers.flexible import FlexibleJobShop, check, quick_bound, shared_bound, solve
from gemba.solvers.stop import Stop

_MODE = st.tuples(st.integers(0, 2), st.integers(0, 6))
_OPERATION = st.lists(_MODE, min_size=1, max_size=3)
_JOBS = st.lists(st.lists(_OPERATION, max_size=3), max_size=3)
_RELEASE = st.lists(st.integers(0, 5), min_size=3, max_size=3)


def _shop(jobs: list[list[list[tuple[int, int]]]], release: list[int]) -> FlexibleJobShop:
    return FlexibleJobShop.of(jobs, release[: len(jobs)])


def _sequences(problem: FlexibleJobShop, following: tuple[int, ...]) -> list[list[int]]:
    """Every order in which the operations can be dispatched."""
    ready = [j for j in range(problem.jobs) if following[j] < problem.job_ptr[j + 1]]
    if not ready:
        return [[]]
    found = []
    for j in ready:
        rest = tuple(f + (k == j) for k, f in enumerate(following))
        found += [[following[j], *more] for more in _sequences(problem, rest)]
    return found


def _shortest(problem: FlexibleJobShop) -> int:
    """The shortest makespan, by trying everything."""
    sequences = _sequences(problem, tuple(int(first) for first in problem.job_ptr[:-1]))
    choices = [range(a, b) for a, b in zip(problem.mode_ptr, problem.mode_ptr[1:], strict=False)]
    return min(_makespan(problem, sequence, modes) for sequence in sequences for modes in product(*choices))


def _makespan(problem: FlexibleJobShop, sequence: list[int], modes: tuple[int, ...]) -> int:
    free = [0] * problem.machines
    ready = [int(r) for r in problem.release]
    for operation in sequence:
        job, mode = int(problem.operation_job[operation]), modes[operation]
        machine = int(problem.mode_machine[mode])
        ready[job] = free[machine] = max(ready[job], free[machine]) + int(problem.mode_duration[mode])
    return max((r for r, n in zip(ready, np.diff(problem.job_ptr), strict=True) if n), default=0)


def _random_shop(seed: int, jobs: int = 8, steps: int = 6, machines: int = 5) -> FlexibleJobShop:
    random = np.random.default_rng(seed)
    return FlexibleJobShop.of(
        [
            [
                [(int(m), int(random.integers(1, 100))) for m in random.choice(machines, random.integers(1, 4), False)]
                for _ in range(steps)
            ]
            for _ in range(jobs)
        ],
        random.integers(0, 50, jobs).tolist(),
    )


@settings(max_examples=60)
@given(_JOBS, _RELEASE)
@example([[], [[(0, 0)]]], [1, 0, 0])
def test_what_is_found_is_a_schedule_between_the_bound_and_proof(
    jobs: list[list[list[tuple[int, int]]]], release: list[int]
) -> None:
    if sum(len(job) for job in jobs) > 6:
        jobs = jobs[:2]
    problem = _shop(jobs, release)
    best = _shortest(problem)
    found = solve(problem, Stop(steps=2), workers=1)
    assert check(problem, found.start.tolist(), found.mode.tolist()) == found.objective
    assert quick_bound(problem) <= best
    assert shared_bound(problem) <= best
    assert found.bound <= best <= found.objective
    assert found.proven
    assert found.objective == best


def test_the_same_seed_and_steps_give_the_same_schedule_with_any_number_of_workers() -> None:
    problem = _random_shop(1, jobs=12, steps=12)
    one, two = (solve(problem, Stop(steps=4), seed=3, workers=workers) for workers in (1, 2))
    assert one.start.tolist() == two.start.tolist()
    assert one.mode.tolist() == two.mode.tolist()
    assert (one.objective, one.bound, one.steps) == (two.objective, two.bound, two.steps)


def test_more_steps_are_never_worse() -> None:
    problem = _random_shop(2, jobs=12, steps=12)
    found = [solve(problem, Stop(steps=steps)).objective for steps in (0, 1, 4)]
    assert found == sorted(found, reverse=True)
    assert found[-1] < found[0]


@pytest.mark.parametrize("seed", range(4))
def test_search_and_bound_meet_near_each_other(seed: int) -> None:
    problem = _random_shop(seed)
    found = solve(problem, Stop(steps=10), seed=seed)
    assert check(problem, found.start.tolist(), found.mode.tolist()) == found.objective
    assert found.bound <= found.objective <= 1.1 * found.bound


def test_a_given_schedule_is_never_made_worse() -> None:
    problem = _random_shop(5, jobs=12, steps=12)
    good = solve(problem, Stop(steps=5))
    again = solve(problem, Stop(steps=0), given=(good.start.tolist(), good.mode.tolist()))
    assert again.objective == good.objective


def test_a_given_schedule_that_breaks_a_rule_is_refused() -> None:
    problem = FlexibleJobShop.of([[[(0, 3)]], [[(0, 4)]]])
    with pytest.raises(ValueError, match="at once"):
        solve(problem, Stop(steps=1), given=([0, 1], [0, 1]))


def test_parallel_machines_share_the_work() -> None:
    problem = FlexibleJobShop.of([[[(0, 4), (1, 4)]], [[(0, 4), (1, 4)]], [[(0, 3), (1, 8)]], [[(0, 9), (1, 3)]]])
    found = solve(problem, Stop(steps=2))
    assert (found.objective, found.bound, found.proven) == (7, 7, True)


def test_a_job_is_not_begun_before_its_release() -> None:
    found = solve(FlexibleJobShop.of([[[(0, 4)]], [[(0, 2)]]], [5, 0]), Stop(steps=1))
    assert (found.start.tolist(), found.objective, found.proven) == ([5, 0], 9, True)


def test_nothing_to_do_takes_no_time() -> None:
    for jobs in ([], [[]]):
        found = solve(FlexibleJobShop.of(jobs), Stop(steps=1))
        assert (found.objective, found.proven, len(found.start)) == (0, True, 0)


def test_a_search_that_is_stopped_has_a_schedule() -> None:
    problem = _random_shop(6)
    found = solve(problem, Stop(asked=lambda: True))
    assert check(problem, found.start.tolist(), found.mode.tolist()) == found.objective


def test_progress_is_told_and_only_gets_better() -> None:
    told: list[tuple[float, float]] = []
    found = solve(_random_shop(7, jobs=12, steps=12), Stop(steps=5), report=lambda o, b: told.append((o, b)))
    assert told[-1] == (found.objective, found.bound)
    assert [o for o, _ in told] == sorted((o for o, _ in told), reverse=True)
    assert [b for _, b in told] == sorted(b for _, b in told)


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        (([0, 2], [0, 1], [0], [1]), "job_ptr"),
        (([0, 1], [0, 0], [], []), "mode_ptr"),
        (([0, 1], [0, 1], [0], [-1]), "0 or more"),
        (([0, 1], [0, 1], [0], [1, 2]), "one duration"),
        (([0, 1], [0, 1], [0], [1 << 31]), "coarser"),
    ],
)
def test_arrays_that_do_not_fit_together_are_refused(arrays: tuple[list[int], ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        FlexibleJobShop(*arrays)


@pytest.mark.parametrize(
    ("start", "mode", "said"),
    [
        ([0, 2], [0, 2], "before its job is ready"),
        ([0, 3], [2, 2], "not one of its own"),
        ([-1, 3], [0, 2], "before its job is ready"),
        ([0], [0], "one start and one mode"),
    ],
)
def test_the_check_names_the_rule_that_is_broken(start: list[int], mode: list[int], said: str) -> None:
    problem = FlexibleJobShop.of([[[(0, 3), (1, 5)], [(0, 2)]]])
    with pytest.raises(ValueError, match=said):
        check(problem, start, mode)
