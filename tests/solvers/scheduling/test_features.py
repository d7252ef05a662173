"""Everything that may bind tasks, one small case each, with the best schedule worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from gemba.solvers.scheduling import Model, Problem, Result, Term, solve, violations
from gemba.solvers.stop import Stop


def best(m: Model) -> tuple[Problem, Result]:
    """Solve to proof, and hold the schedule against the rules."""
    p = m.build()
    r = solve(p, Stop(steps=100), seed=1)
    assert r.schedule is not None
    assert violations(p, r.schedule) == []
    assert r.proven
    return p, r


def task(m: Model, work: int, *resources: int, **more: int) -> int:
    t = m.task(**more)  # type: ignore[arg-type]
    m.mode(t, work, resources)
    return t


def test_a_job_shop_interleaves_its_jobs() -> None:
    m = Model()
    a, b = m.resource(), m.resource()
    m.chain([task(m, 3, a), task(m, 4, b)])
    m.chain([task(m, 2, b), task(m, 5, a)])
    _, r = best(m)
    assert r.objective == 8  # machine a works 3 + 5 without a pause


def test_in_an_open_shop_a_job_is_a_resource_and_its_steps_come_in_any_order() -> None:
    m = Model()
    machines = [m.resource() for _ in range(3)]
    for _ in range(3):
        job = m.resource()
        for machine in machines:
            task(m, 2, machine, job)
    _, r = best(m)
    assert r.objective == 6


def test_the_quicker_machine_is_dearer_and_the_objective_decides() -> None:
    for first, second, expected in ((Term.MAKESPAN, Term.MODE_COST, (4, 9)), (Term.MODE_COST, Term.MAKESPAN, (2, 12))):
        m = Model()
        slow, quick = m.resource(), m.resource()
        for _ in range(2):
            t = m.task()
            m.mode(t, 6, [slow], cost=1)
            m.mode(t, 2, [quick], cost=4.5)
        m.minimise(first)
        m.minimise(second)
        _, r = best(m)
        assert r.values == expected


def test_a_step_needs_its_machine_and_somebody_with_the_skill_at_once() -> None:
    m = Model()
    first, second, anna = m.resource(), m.resource(), m.resource()
    task(m, 3, first, anna)
    task(m, 4, second, anna)
    _, r = best(m)
    assert r.objective == 7


def test_a_crew_of_three_does_a_job_for_two_beside_a_job_for_one() -> None:
    m = Model()
    crew = m.resource(3)
    for work, people in ((4, 2), (4, 1), (2, 3)):
        t = m.task()
        m.mode(t, work, {crew: people})
    _, r = best(m)
    assert r.objective == 6


def test_change_overs_make_families_run_together() -> None:
    m = Model()
    matrix = m.setup_matrix([[0, 5], [5, 0]])
    press = m.resource(matrix=matrix, between=True)
    for family in (0, 1, 0, 1):
        t = m.task()
        m.mode(t, 1, [press], family=family)
    m.minimise(Term.MAKESPAN)
    m.minimise(Term.SETUP_TIME)
    _, r = best(m)
    assert r.values == (9, 5)


def test_a_change_over_that_is_the_tasks_own_work_makes_it_longer() -> None:
    m = Model()
    press = m.resource(matrix=m.setup_matrix([[0, 5], [2, 0], [1, 1]]))
    tasks = [m.task(), m.task()]
    for family, t in enumerate(tasks):
        m.mode(t, 3, [press], family=family)
    _, r = best(m)
    assert r.objective == 9  # 1 + 3 for family 1, then 2 + 3 for family 0
    assert r.schedule is not None
    assert (r.schedule.times[:, 1] - r.schedule.times[:, 0]).tolist() == [5, 4]


def test_set_up_cost_can_be_the_objective_itself() -> None:
    m = Model()
    press = m.resource(matrix=m.setup_matrix([[0, 1], [1, 0]], [[0, 7.5], [2.5, 0]]), between=True)
    for family in (0, 1):
        m.mode(m.task(), 1, [press], family=family)
    m.minimise(Term.SETUP_COST)
    _, r = best(m)
    assert r.values == (2.5,)


def test_work_pauses_while_its_machine_is_closed_unless_it_may_not() -> None:
    for whole, end in ((False, 13), (True, 15)):
        m = Model()
        machine = m.resource(hours=[(0, 4), (8, 20)])
        t = m.task(whole=whole, release=1)
        m.mode(t, 7 if whole else 8, [machine])
        _, r = best(m)
        assert r.objective == end


def test_two_resources_are_used_in_the_hours_they_share() -> None:
    m = Model()
    machine, person = m.resource(hours=[(0, 10), (20, 30)]), m.resource(hours=[(5, 22)])
    task(m, 6, machine, person)
    _, r = best(m)
    assert r.objective == 21


def test_overtime_is_a_dearer_mode_with_longer_hours() -> None:
    for due, cost in ((10, 0.0), (6, 3.0)):
        m = Model()
        machine = m.resource(hours=[(0, 4), (8, 12)])
        t = m.task(due=due)
        m.mode(t, 6, [machine])
        m.mode(t, 6, [machine], hours=[(0, 6), (8, 12)], cost=3.0)
        m.minimise(Term.TARDINESS)
        m.minimise(Term.MODE_COST)
        _, r = best(m)
        assert r.values == (0.0, cost)


def test_a_furnace_runs_batches_of_one_family() -> None:
    m = Model()
    furnace = m.resource(3, batch=True)
    for family in (0, 0, 1, 0, 0):
        t = m.task()
        m.mode(t, 4, [furnace], family=family)
    p, r = best(m)
    assert r.objective == 12  # three and one of family 0, and family 1 by itself
    assert r.schedule is not None
    assert len(np.unique(r.schedule.times[:, 0])) == 3
    assert p.size == 5


def test_a_campaign_runs_at_least_so_many_of_a_family_in_a_row() -> None:
    values = []
    for campaign in (1, 2):
        m = Model()
        line = m.resource(matrix=m.setup_matrix([[0, 0], [0, 0]]), between=True, campaign=campaign)
        for k, family in enumerate((0, 1, 0, 1)):
            t = m.task(due=k + 1)
            m.mode(t, 1, [line], family=family)
        m.minimise(Term.TARDINESS)
        values.append(best(m)[1].objective)
    assert values == [0, 1]  # 0 0 1 1: the second of family 1 waits no longer, the first comes one later


def test_no_wait_is_a_longest_lag_of_nothing() -> None:
    m = Model()
    a, b = m.resource(), m.resource()
    first, second, other = task(m, 2, a), task(m, 3, b), task(m, 4, b)
    m.link(first, second, 0, 0)
    m.minimise((Term.MAKESPAN, 1.0))
    p, r = best(m)
    assert r.schedule is not None
    assert r.objective == 7
    assert r.schedule.times[second, 0] == r.schedule.times[first, 1]
    assert r.schedule.times[other, 0] in (0, 5)
    assert p.size == 3


def test_a_blocked_machine_keeps_its_piece_until_the_next_one_takes_it() -> None:
    m = Model()
    a, b = m.resource(), m.resource()
    ends = []
    for first, second in ((1, 5), (1, 1)):
        one, two = task(m, first, a), task(m, second, b)
        m.chain([one, two])
        m.hold(one, two)
        ends.append(two)
    m.minimise(Term.MAKESPAN)
    _, r = best(m)
    assert r.objective == 7


def test_shelf_life_is_a_longest_lag() -> None:
    m = Model()
    mixer, filler = m.resource(), m.resource(hours=[(10, 20)])
    mix, fill = task(m, 2, mixer), task(m, 3, filler)
    m.link(mix, fill, 1, 4)
    m.minimise(Term.FLOW_TIME)
    _, r = best(m)
    assert r.schedule is not None
    assert r.schedule.times.tolist() == [[4, 6], [10, 13]]


def test_transfer_lots_let_steps_overlap() -> None:
    m = Model()
    a, b = m.resource(), m.resource()
    first, second = task(m, 10, a), task(m, 6, b)
    m.link(first, second, 2, from_start=True)  # the first lot is done after 2
    m.link(first, second, 1, to_end=True)  # the last lot needs 1 more
    _, r = best(m)
    assert r.objective == 11


def test_frozen_work_stays_and_other_work_goes_round_it() -> None:
    m = Model()
    a = m.resource()
    fixed = task(m, 4, a, fixed=3)
    free = task(m, 4, a)
    _, r = best(m)
    assert r.schedule is not None
    assert r.schedule.times[fixed].tolist() == [3, 7]
    assert r.schedule.times[free].tolist() == [7, 11]


def test_maintenance_is_done_within_its_window_when_it_hurts_least() -> None:
    m = Model()
    a = m.resource()
    task(m, 5, a, due=5)
    task(m, 5, a, due=13, release=8)
    overhaul = task(m, 3, a, release=0, deadline=20)
    m.minimise(Term.TARDINESS)
    m.minimise(Term.MAKESPAN)
    _, r = best(m)
    assert r.schedule is not None
    assert r.values == (0, 13)
    assert r.schedule.times[overhaul].tolist() == [5, 8]


def test_a_material_limits_who_may_start() -> None:
    m = Model()
    steel = m.stock(2)
    a, b, delivery = m.resource(), m.resource(), m.task(fixed=6)
    m.mode(delivery, 0)
    m.give(delivery, steel, 2)
    for machine in (a, b):
        t = task(m, 3, machine)
        m.take(t, steel, 2)
    _, r = best(m)
    assert r.objective == 9


def test_a_buffer_with_room_for_one_slows_the_step_before_it() -> None:
    m = Model()
    a, b = m.resource(), m.resource()
    buffer = m.stock(0, highest=1)
    for _ in range(3):
        one, two = task(m, 1, a), task(m, 4, b)
        m.chain([one, two])
        m.give(one, buffer, 1)
        m.take(two, buffer, 1)
    p, r = best(m)
    assert r.objective == 13
    assert r.schedule is not None
    assert p.size == 6


def test_stock_held_is_least_just_in_time() -> None:
    m = Model()
    a = m.resource()
    t = task(m, 4, a, due=20, holding=1)
    m.minimise(Term.TARDINESS)
    m.minimise(Term.EARLINESS)
    _, r = best(m)
    assert r.schedule is not None
    assert r.schedule.times[t].tolist() == [16, 20]


def test_the_published_plan_is_disturbed_as_little_as_the_breakdown_allows() -> None:
    m = Model()
    a, b = m.resource(hours=[(5, 100)]), m.resource()  # a is down until 5
    first = m.task(published=0, published_mode=0)
    m.mode(first, 4, [a])
    second = m.task(published=4, published_mode=0)
    m.mode(second, 4, [a])
    third = task(m, 4, b, published=8)
    m.minimise(Term.DISTURBANCE)
    _, r = best(m)
    assert r.schedule is not None
    assert r.values == (5 + 5,)
    assert r.schedule.times[third, 0] == 8


def test_the_number_of_late_tasks_is_another_aim_than_their_tardiness() -> None:
    m = Model()
    a = m.resource()
    for work, due in ((6, 6), (3, 7), (3, 8)):
        task(m, work, a, due=due)
    m.minimise(Term.LATE)
    _, r = best(m)
    assert r.objective == 1


def test_what_cannot_be_met_has_no_schedule() -> None:
    m = Model()
    a = m.resource()
    task(m, 5, a, deadline=6)
    task(m, 5, a, deadline=6)
    r = solve(m.build(), Stop(steps=20))
    assert r.schedule is None
    assert r.objective == float("inf")


def test_a_given_schedule_that_breaks_a_rule_is_refused_with_the_rule() -> None:
    m = Model()
    a = m.resource()
    task(m, 5, a)
    p = m.build()
    r = solve(p, Stop(steps=5))
    assert r.schedule is not None
    r.schedule.times[0] = (0, 3)
    with pytest.raises(ValueError, match="3 open seconds from 0 to 3, but 5 of work"):
        solve(p, Stop(steps=5), given=r.schedule)
