"""Other resources and another order of change-overs, where they make the plan better; checked by the independent checker."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.decide.check import check
from gemba.decide.schedule import revise
from gemba.decide.schedule.draft import Drafting
from gemba.decide.schedule.result import figures
from gemba.operation import Operation, Plan
from gemba.solvers.scheduling import violations
from tests.decide.schedule.shop import HOUR, first_plan, machining, painting

RED_BLUE = [("red", 1, 30), ("blue", 1, 31), ("red", 1, 32), ("blue", 1, 33), ("red", 1, 34), ("blue", 1, 35)]


def revised(operation: Operation, plan: Plan, steps: int = 200) -> Plan | None:
    return revise(operation, plan, stop=lambda: False, seed=1, steps=steps)


def tardiness(operation: Operation, plan: Plan) -> float:
    return figures(Drafting(operation, plan).p.facts, plan, "on_time").weighted_tardiness


def test_change_overs_are_grouped_where_that_costs_nobody_time() -> None:
    operation = painting(RED_BLUE)
    plan = first_plan(operation)
    better = revised(operation, plan)
    least = min(sum(t.setup for t in p.tasks) for p in (plan, better or plan))
    assert least == 4 * HOUR  # to the first colour, and to the other one
    if better:
        assert check(operation, better) == []


def test_grouping_gives_way_to_what_is_due() -> None:
    operation = painting([("red", 2, 4), ("blue", 2, 8), ("red", 2, 12)])
    plan = first_plan(operation)
    best = revised(operation, plan) or plan
    assert check(operation, best) == []
    assert tardiness(operation, best) == 0
    assert sum(t.setup for t in best.tasks) == 6 * HOUR


def test_work_goes_to_the_machine_on_which_it_is_late_least() -> None:
    operation = machining([("", 4, 4), ("", 4, 4), ("", 2, 2)], {"slow": 0.5, "quick": 1.0, "quicker": 2.0})
    plan = first_plan(operation)
    best = revised(operation, plan) or plan
    assert check(operation, best) == []
    # quicker: 2 h of work until 1 o'clock, then one of 4 h until 3; quick: the other one until 4
    assert tardiness(operation, best) == 0


def test_the_cost_of_the_plan_follows_its_resources_and_change_overs() -> None:
    operation = painting([("red", 1, 3), ("blue", 1, 50), ("red", 1, 51), ("blue", 1, 52), ("red", 1, 53)])
    plan = first_plan(operation)
    hours = sum(t.end - t.start for t in plan.tasks) / HOUR
    changes = sum(t.setup for t in plan.tasks) / (2 * HOUR)
    plan.objective.cost = 10.0 * hours + 7.0 * changes
    best = revised(operation, plan) or plan
    hours = sum(t.end - t.start for t in best.tasks) / HOUR
    changes = sum(t.setup for t in best.tasks) / (2 * HOUR)
    assert abs(best.objective.cost - (10.0 * hours + 7.0 * changes)) < 1e-6
    assert changes == 2


jobs = st.lists(
    st.tuples(st.sampled_from(["red", "blue", "green"]), st.integers(1, 5), st.integers(1, 30)), min_size=1, max_size=7
)


@given(jobs, st.booleans())
@settings(max_examples=25, deadline=None)
def test_a_revised_plan_is_clean_and_never_worse_and_the_plan_fits_the_model(
    wanted: list[tuple[str, float, float]], coloured: bool
) -> None:
    operation = painting(wanted) if coloured else machining(wanted, {"a": 1.0, "b": 0.8, "c": 1.0})
    plan = first_plan(operation)
    draft = Drafting(operation, plan).draft()
    assert violations(draft.problem, draft.given) == []
    better = revised(operation, plan, 40)
    if better is not None:
        assert check(operation, better) == []
        assert tardiness(operation, better) <= tardiness(operation, plan) + 1e-9
