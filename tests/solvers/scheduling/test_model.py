"""A model says all that is wrong with it, each fault by name."""

from __future__ import annotations

import pytest

from gemba.solvers.scheduling import Model, ProblemError


def test_every_fault_is_named_at_once() -> None:
    m = Model()
    saw = m.resource(2, name="saw", matrix=4)
    m.task(name="bare")
    cut = m.task(name="cut", release=9, deadline=5)
    m.mode(cut, -1, {saw: 3, 7: 1})
    m.link(cut, cut)
    m.stock(5, highest=3)
    with pytest.raises(ProblemError) as caught:
        m.build()
    said = "\n".join(caught.value.faults)
    for expected in (
        "saw: there is no set-up matrix 4",
        "bare: it has no mode",
        "cut: its release 9 is after its deadline 5",
        "cut, mode 0: work -1 must be at least 0",
        "cut, mode 0: it takes 3 of saw, which has 2",
        "cut, mode 0: there is no resource 7",
        "cut: it cannot wait for itself",
        "stock 0: it begins with 5, not 0 to 3",
    ):
        assert expected in said


def test_a_circle_is_named() -> None:
    m = Model()
    names = ["a", "b", "c"]
    tasks = [m.task(name=n) for n in names]
    for t in tasks:
        m.mode(t, 1)
    for before, after in ((0, 1), (1, 2), (2, 0)):
        m.link(tasks[before], tasks[after])
    with pytest.raises(ProblemError, match="wait for one another in a circle: a, b, c"):
        m.build()


def test_a_fixed_task_has_one_mode() -> None:
    m = Model()
    t = m.task(name="t", fixed=3)
    m.mode(t, 1)
    m.mode(t, 2)
    with pytest.raises(ProblemError, match="t: its start is fixed, so it needs exactly one mode"):
        m.build()
