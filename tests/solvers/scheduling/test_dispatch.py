"""Dispatching by apparent tardiness cost (Vepsalainen and Morton 1987), worked out by hand, and on random problems."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from gemba.solvers.scheduling import Model, Problem, Term, violations
from gemba.solvers.scheduling.decode import decode, flat, room
from gemba.solvers.scheduling.dispatch import dispatched, urgency
from gemba.solvers.scheduling.lists import fits
from gemba.solvers.scheduling.problem import FAR, Schedule
from tests.solvers.scheduling.test_properties import problems


def ranks(p: Problem, look_ahead: float) -> list[int]:
    found = dispatched(flat(p), room(p), urgency(p), look_ahead)
    assert found is not None
    return [int(x) for x in found[0]]


def machine() -> Problem:
    """Work of 4, 2 and 6, due at 6, 8 and 10, on one machine; the mean work is 4."""
    m = Model()
    saw = m.resource()
    for work, due in ((4, 6), (2, 8), (6, 10)):
        m.mode(m.task(due=due, weight=1.0), work, [saw])
    m.minimise(Term.TARDINESS)
    return m.build()


def test_the_index_weighs_short_work_against_slack() -> None:
    """At 0 and k = 1: exp(-2/4)/4 = 0.152, exp(-6/4)/2 = 0.112, exp(-4/4)/6 = 0.061; at 4: exp(-2/4)/2 = 0.303 against 1/6. With
    k = 4 slack counts little: exp(-2/16)/4 = 0.221 against exp(-6/16)/2 = 0.344."""
    assert ranks(machine(), 1.0) == [0, 1, 2]
    assert ranks(machine(), 4.0)[1] == 0


def test_a_task_is_as_urgent_as_what_waits_for_it() -> None:
    """Both are 2 long on one machine; after the second come 5 more, due at 8: it must start by 1, the first by 3."""
    m = Model()
    saw, oven = m.resource(), m.resource()
    m.mode(m.task(due=5, weight=1.0), 2, [saw])
    cut = m.task()
    m.mode(cut, 2, [saw])
    bake = m.task(due=8, weight=1.0)
    m.mode(bake, 5, [oven])
    m.link(cut, bake)
    m.minimise(Term.TARDINESS)
    p = m.build()
    assert urgency(p).latest.tolist() == [3, 1, 3]
    assert ranks(p, 0.5) == [1, 0, 2]


def test_the_quickest_free_machine_is_taken() -> None:
    m = Model()
    slow, quick = m.resource(), m.resource()
    for _ in range(2):
        task = m.task(due=1, weight=1.0)
        m.mode(task, 9, [slow])
        m.mode(task, 3, [quick])
    m.minimise(Term.TARDINESS)
    p = m.build()
    found = dispatched(flat(p), room(p), urgency(p), 1.0)
    assert found is not None
    assert sorted(found[1].tolist()) == [1, 2]  # the first task's quick mode, the second one's slow mode


@given(problems())
def test_a_dispatched_list_is_decoded_to_a_schedule_that_keeps_the_rules(p: Problem) -> None:
    if not fits(p):
        return
    shape, space = flat(p), room(p)
    found = dispatched(shape, space, urgency(p), 1.0)
    if found is None:
        return
    rank, modes = found
    if decode(shape, space, np.argsort(rank), modes) < FAR and (p.deadline >= FAR).all() and (p.fixed < 0).all():
        assert [v for v in violations(p, Schedule(space.times, modes)) if "lag" not in v] == []
