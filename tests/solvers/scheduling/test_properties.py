"""What holds for any problem: feasible schedules, bounds below them, brute force never better, steps that repeat."""

from __future__ import annotations

from itertools import permutations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.solvers.scheduling import Model, Problem, Term, solve, violations
from gemba.solvers.scheduling.bounds import lower_bounds
from gemba.solvers.stop import Stop


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Up to five tasks with modes, a pool, set-ups, calendars, links and a stock."""
    m = Model()
    matrix = m.setup_matrix(draw(st.lists(st.lists(st.integers(0, 3), min_size=2, max_size=2), min_size=3, max_size=3)))
    hours = draw(st.sampled_from([None, [(0, 6), (8, 200)], [(2, 5), (6, 9), (12, 200)]]))
    resources = [m.resource(hours=hours), m.resource(matrix=matrix, between=draw(st.booleans())), m.resource(2)]
    stock = m.stock(draw(st.integers(0, 2)), highest=7)
    tasks = []
    for _ in range(draw(st.integers(1, 5))):
        t = m.task(
            release=draw(st.integers(0, 4)), due=draw(st.integers(1, 12)), weight=draw(st.integers(1, 3)),
            holding=draw(st.integers(0, 1)), whole=draw(st.booleans()), published=draw(st.integers(-1, 6)),
        )  # fmt: skip
        for _ in range(draw(st.integers(1, 2))):
            uses = draw(st.dictionaries(st.sampled_from(resources), st.just(1), max_size=2))
            m.mode(t, draw(st.integers(0, 4)), uses, cost=draw(st.integers(0, 5)), family=draw(st.integers(0, 1)))
        if draw(st.integers(0, 3)) == 0:
            m.give(t, stock, 1)
        tasks.append(t)
    for k in range(1, len(tasks)):
        if draw(st.booleans()):
            m.link(tasks[k - 1], tasks[k], draw(st.integers(0, 2)), draw(st.sampled_from([30, 1 << 42])))
    m.minimise((draw(st.sampled_from(list(Term))), 1.0), (draw(st.sampled_from(list(Term))), 2.0))
    if draw(st.booleans()):
        m.minimise(draw(st.sampled_from(list(Term))))
    return m.build()


@given(problems())
@settings(max_examples=30, deadline=None)
def test_every_schedule_keeps_the_rules_and_no_bound_is_above_it(p: Problem) -> None:
    r = solve(p, Stop(steps=30), seed=3)
    assert r.schedule is not None
    assert violations(p, r.schedule) == []
    assert all(b <= v + 1e-6 for b, v in zip(r.bounds, r.values, strict=True))
    assert lower_bounds(p)[0] <= r.values[0] + 1e-6


@given(problems())
@settings(max_examples=10, deadline=None)
def test_the_same_seed_and_steps_give_the_same_schedule_with_one_worker_or_two(p: Problem) -> None:
    one, two = (solve(p, Stop(steps=30), seed=5, workers=w) for w in (1, 2))
    assert one.values == two.values
    assert one.schedule is not None
    assert two.schedule is not None
    assert np.array_equal(one.schedule.times, two.schedule.times)


@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(1, 5), st.integers(0, 12), st.integers(1, 3)), min_size=1, max_size=6
    )
)
@settings(max_examples=30, deadline=None)
def test_one_machine_is_solved_as_well_as_by_trying_every_sequence(jobs: list[tuple[int, int, int, int]]) -> None:
    m = Model()
    machine = m.resource()
    for release, work, due, weight in jobs:
        m.mode(m.task(release=release, due=due, weight=weight), work, [machine])
    m.minimise(Term.TARDINESS)
    r = solve(m.build(), Stop(steps=60))
    assert r.bound <= r.objective + 1e-9
    assert r.objective == min(_tardiness(order) for order in permutations(jobs))


def _tardiness(order: tuple[tuple[int, int, int, int], ...]) -> int:
    at, total = 0, 0
    for release, work, due, weight in order:
        at = max(at, release) + work
        total += weight * max(0, at - due)
    return total
