"""Problems that a special engine solves best are recognised, and its schedules keep the general rules."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.solvers.scheduling import Model, Problem, Term, solve, violations
from gemba.solvers.scheduling.recognise import recognise
from gemba.solvers.stop import Stop

jobs = st.lists(
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 6)), min_size=1, max_size=3), min_size=1, max_size=3
)


def model(wanted: list[list[tuple[int, int]]], *, also: bool = False) -> Model:
    """A job shop; with ``also`` every operation may be done on the next machine too, more slowly."""
    m = Model()
    machines = [m.resource() for _ in range(3)]
    for job in wanted:
        tasks = []
        for machine, work in job:
            tasks.append(m.task())
            m.mode(tasks[-1], work, [machines[machine]])
            if also:
                m.mode(tasks[-1], work + 1, [machines[(machine + 1) % 3]])
        m.chain(tasks)
    return m


def shop(wanted: list[list[tuple[int, int]]], *, also: bool = False) -> Problem:
    return model(wanted, also=also).build()


def name(p: Problem) -> str:
    found = recognise(p)
    return found[0] if found else ""


def test_each_kind_of_problem_has_its_engine() -> None:
    one = [[(0, 3), (1, 2)], [(1, 4), (0, 1)]]
    assert name(shop(one)) == "job shop"
    assert name(shop(one, also=True)) == "flexible job shop"


def test_a_pool_makes_a_project_of_it() -> None:
    m = Model()
    crew = m.resource(3)
    for _ in range(4):
        m.mode(m.task(), 2, {crew: 2})
        m.mode(m.task(), 2, {crew: 1})
    assert name(m.build()) == "project"


def test_one_machine_and_due_dates() -> None:
    m = Model()
    machine = m.resource()
    for due in (3, 5, 7):
        m.mode(m.task(due=due, weight=2.0), 3, [machine])
    m.minimise(Term.TARDINESS)
    assert name(m.build()) == "one machine"


def test_a_job_shop_with_due_dates() -> None:
    m = Model()
    machines = [m.resource() for _ in range(2)]
    for due in (4, 9):
        tasks = [m.task(), m.task(due=due, weight=1.5)]
        for task, machine in zip(tasks, machines, strict=True):
            m.mode(task, 3, [machine])
        m.chain(tasks)
    m.minimise(Term.TARDINESS)
    p = m.build()
    assert name(p) == "job shop with due dates"
    r = solve(p, Stop(seconds=1))
    assert r.schedule is not None
    assert violations(p, r.schedule) == []
    assert r.objective == 3.0  # the first job ends at 6, two after it is due; the second at 9


@pytest.mark.parametrize("bind", ["hours", "maximum", "deadline", "second level", "no time"])
def test_what_binds_otherwise_is_left_to_the_general_engines(bind: str) -> None:
    m = Model()
    machine = m.resource(hours=[(0, 100)] if bind == "hours" else None)
    first, second = (m.task(deadline=50 if bind == "deadline" else 1 << 42) for _ in range(2))
    m.mode(first, 0 if bind == "no time" else 3, [machine])
    m.mode(second, 2, [machine])
    m.link(first, second, 0, 10 if bind == "maximum" else 1 << 42)
    m.minimise(Term.MAKESPAN)
    if bind == "second level":
        m.minimise(Term.FLOW_TIME)
    found = recognise(m.build())
    assert (found[0] if found else "") == ("project" if bind == "no time" else "")


@given(jobs, st.booleans(), st.booleans())
@settings(max_examples=15, deadline=None)
def test_special_engines_and_constraint_programming_agree(
    wanted: list[list[tuple[int, int]]], also: bool, crewed: bool
) -> None:
    p = shop(wanted, also=also)
    special = solve(p, Stop(seconds=2))
    m = model(wanted, also=also)  # the same with a second level, which only the general engines know
    m.minimise(Term.MAKESPAN)
    m.minimise(Term.MODE_COST)
    general = solve(m.build(), Stop(steps=60))
    assert special.schedule is not None
    assert violations(p, special.schedule) == []
    assert special.bound <= general.objective
    assert general.bound <= special.objective
    if special.proven and general.proven:
        assert special.objective == general.objective


def test_a_budget_is_used_up() -> None:
    m = Model()
    money = m.resource(5, consumable=True)
    worker = m.resource()
    for _ in range(2):
        t = m.task()
        m.mode(t, 2, {money: 4, worker: 1})
        m.mode(t, 6, {money: 1, worker: 1})
    p = m.build()
    assert name(p) == "project"
    r = solve(p, Stop(seconds=3))
    assert r.objective == 8
    assert r.proven
    m.minimise(Term.MAKESPAN)
    m.minimise(Term.FLOW_TIME)
    p = m.build()
    r = solve(p, Stop(steps=100))
    assert r.values == (8, 10)
    assert r.schedule is not None
    assert violations(p, r.schedule) == []
