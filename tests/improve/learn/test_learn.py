"""What is learned of a small shop, worked out by hand; and what must always hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.improve.learn import Actual, Proposal, apply, learn, proposals
from gemba.operation import (
    Event,
    Movement,
    Operation,
    OperationError,
    ReleasedTask,
    Resource,
    ResourceSkill,
    Skill,
    Step,
    StepResource,
    Supplier,
    SupplyOption,
)
from tests.execute.orders.facts import at, shop
from tests.improve.learn.learn_facts import Records, cut, cuts, order

CUT = ("Make chair", "Cut")


def of(operation: Operation, records: Records, name: str, key: tuple[str, ...] = CUT, **more: Any) -> Actual:
    orders, events, tasks = records
    found = learn(operation, orders, events, tasks=tasks, **more)
    return next(a for a in found.actuals if a.field == name and a.key == key)


def test_slower_work_is_proposed_as_the_new_time_of_a_unit() -> None:
    # ten tasks at 66 to 84 s a unit, 60 planned; trimmed: 70, 72 ... 80 remain, their mean is 75
    found = of(shop(), cuts([66, 68, 70, 72, 74, 76, 78, 80, 82, 84]), "time_per_unit")
    assert found.estimate is not None
    assert (found.planned, found.estimate.value, found.estimate.n, found.verdict) == (60.0, 75.0, 10, "differs")
    assert "+25.0 %" in found.reason
    (proposal,) = proposals(learn(shop(), *cuts([66, 68, 70, 72, 74, 76, 78, 80, 82, 84])[:2]))
    assert (proposal.table, proposal.key, proposal.field, proposal.proposed) == ("steps", CUT, "time_per_unit", 75.0)


def test_work_as_planned_proposes_nothing() -> None:
    learned = learn(shop(), *cuts([58, 59, 60, 61, 62, 60, 59, 61, 60, 60])[:2])
    assert proposals(learned) == []
    assert {a.verdict for a in learned.actuals} == {"as planned"}


def test_a_sure_difference_that_is_too_small_to_matter_is_not_proposed() -> None:
    assert of(shop(), cuts([61.0, 61.1] * 10), "time_per_unit").verdict == "differs little"
    assert of(shop(), cuts([61.0, 61.1] * 10), "time_per_unit", threshold=0.01).verdict == "differs"


def test_few_pieces_of_work_say_nothing() -> None:
    assert of(shop(), cuts([120] * 7), "time_per_unit").verdict == "too few"
    assert of(shop(), cuts([120] * 7), "time_per_unit", least=7).verdict == "differs"


def test_a_set_up_that_was_not_reported_is_taken_as_planned() -> None:
    # 600 s of set-up are planned: 1350 s for ten units leave 75 s each
    found = of(shop(), cuts([135] * 8, setup=None), "time_per_unit")
    assert found.estimate is not None
    assert found.estimate.value == 75.0


def test_the_set_up_is_that_which_was_reported_without_the_planned_change_over() -> None:
    orders, events, _ = cuts([60] * 8, setup=900.0)
    assert of(shop(), (orders, events, []), "setup_time").estimate.value == 900.0  # type: ignore[union-attr]
    tasks = [ReleasedTask(uid=o.uid, at=o.at, order=o.order, step="Cut", resource="Saw", setup=800.0) for o in orders]
    matrix = shop(resources=(Resource(name="Saw", place="Shop", setup_matrix="Blades"), Resource(name="Bench")),
                  setup_matrices=_matrix())  # fmt: skip
    assert of(matrix, (orders, events, tasks), "setup_time").estimate.value == 700.0  # type: ignore[union-attr]


def _matrix() -> Any:
    from gemba.operation import SetupMatrix

    return (SetupMatrix(name="Blades"),)


def test_the_speed_of_the_resource_is_put_right_before_times_are_compared() -> None:
    # at efficiency 0.8 a unit of 60 s takes 75 s: that is as planned
    slow = shop(resources=(Resource(name="Saw", place="Shop", efficiency=0.8), Resource(name="Bench")))
    found = of(slow, cuts([75] * 8), "time_per_unit")
    assert (found.estimate.value, found.verdict) == (60.0, "as planned")  # type: ignore[union-attr]


def test_the_speed_of_the_row_that_was_used_is_put_right_too() -> None:
    """The saw is twice as fast as its group, and a hand with the skill takes double: 60 s of standard time each."""
    resources = (
        Resource(name="Saws"), Resource(name="Saw", group="Saws"), Resource(name="Old saw", group="Saws"),
        Resource(name="Hand"), Resource(name="Bench"),
    )  # fmt: skip
    needs = (
        StepResource(process="Make chair", step="Cut", resource="Saws", alternative="a"),
        StepResource(process="Make chair", step="Cut", resource="Saw", alternative="a", speed=2.0),
        StepResource(process="Make chair", step="Cut", skill="Sawing", alternative="a", speed=0.5),
        StepResource(process="Make chair", step="Assemble", resource="Bench"),
    )
    operation = shop(
        resources=resources, step_resources=needs, skills=(Skill(name="Sawing"),),
        resource_skills=(ResourceSkill(resource="Hand", skill="Sawing"),),
    )  # fmt: skip
    for name, seconds in (("Saw", 30.0), ("Old saw", 60.0), ("Hand", 120.0)):
        found = of(operation, cuts([seconds] * 8, resource=name), "time_per_unit")
        assert (found.estimate.value, found.verdict) == (60.0, "as planned")  # type: ignore[union-attr]


def test_batches_count_as_one() -> None:
    steps = (Step(process="Make chair", name="Cut", time_per_unit=60.0, batch_size=4.0),)
    operation = shop(
        steps=steps, step_items=(), step_resources=(StepResource(process="Make chair", step="Cut", resource="Saw"),)
    )
    found = of(operation, cuts([30] * 8, setup=0.0), "time_per_unit")  # 300 s for 10 units: 3 batches of 4
    assert found.estimate.value == 100.0  # type: ignore[union-attr]


def test_only_what_the_step_does_not_explain_is_the_resources() -> None:
    """Two saws share the cutting: one takes 60 s, the other 90 s. The step takes their mean, each saw differs from it."""
    saws = (
        Resource(name="Saws"),
        Resource(name="Saw", group="Saws"),
        Resource(name="Saw 2", group="Saws"),
        Resource(name="Bench"),
    )
    needs = (
        StepResource(process="Make chair", step="Cut", resource="Saws"),
        StepResource(process="Make chair", step="Assemble", resource="Bench"),
    )
    operation = shop(resources=saws, step_resources=needs)
    orders = [order(i) for i in range(20)]
    events = [e for i in range(20) for e in cut(i, 600 if i % 2 else 900, resource="Saw" if i % 2 else "Saw 2")]
    learned = learn(operation, orders, events)
    found = {(a.key, a.field): a for a in learned.actuals}
    # sorted: ten of 60 and ten of 90; four left out at either end: six of each stay, so 75
    assert found[CUT, "time_per_unit"].estimate.value == 75.0  # type: ignore[union-attr]
    assert found[("Saw",), "efficiency"].estimate.value == pytest.approx(75 / 60)  # type: ignore[union-attr]
    assert found[("Saw 2",), "efficiency"].estimate.value == pytest.approx(75 / 90)  # type: ignore[union-attr]
    again = learn(apply(operation, proposals(learned)), orders, events)
    assert proposals(again) == []


def test_a_resource_that_alone_does_a_step_has_no_difference_of_its_own() -> None:
    learned = learn(shop(), *cuts([90] * 10)[:2])
    assert [p.table for p in proposals(learned)] == ["steps"]


def test_the_yield_is_good_over_good_and_scrap() -> None:
    found = of(shop(), cuts([60] * 10, scrap=1), "yield_rate")
    assert found.estimate is not None
    assert (found.planned, found.estimate.value, found.verdict) == (1.0, 0.9, "differs")


def test_the_lead_time_runs_from_release_to_the_last_receipt() -> None:
    option = SupplyOption(name="Buy leg", item="Leg", place="Shop", kind="buy", lead_time=86400.0, supplier="Timber")
    operation = shop(supply_options=(option,), suppliers=(Supplier(name="Timber"),))
    orders = [order(i, kind="buy", item="Leg", option="Buy leg", process="", supplier="Timber") for i in range(9)]
    parts = [(o, at(i + hours), 5) for i, o in enumerate(orders) for hours in (20, 36)]
    moves = [
        Movement(uid=f"r{i}", at=when, item="Leg", quantity=Decimal(q), from_kind="supplier", to_kind="store",
                 cause="receipt", order=o.order) for i, (o, when, q) in enumerate(parts)
    ]  # fmt: skip
    learned = learn(operation, orders, [], moves[:-1])  # half of the last order has not come yet
    (found,) = [a for a in learned.actuals if a.field == "lead_time"]
    assert found.estimate is not None
    assert (found.estimate.n, found.estimate.value, found.verdict) == (8, 36 * 3600.0, "differs")


def test_waiting_that_is_longer_than_planned_is_not_the_models() -> None:
    orders, events, _ = cuts([60] * 8)
    for i in range(8):
        begin = at(i) + timedelta(seconds=1200 + 1800)
        events.append(Event(uid=f"{i}-a", at=begin, kind="started", order=f"MO-{i}", step="Assemble", resource="Bench"))
        events.append(
            Event(uid=f"{i}-b", at=begin + timedelta(hours=1), kind="finished", order=f"MO-{i}", step="Assemble",
                  resource="Bench", start=begin, seconds=3600.0, good=Decimal(10))
        )  # fmt: skip
    key = ("Make chair", "Assemble")
    found = of(shop(), (orders, events, []), "waiting", key)
    assert (found.planned, found.estimate.value, found.verdict) == (0.0, 1800.0, "for information")  # type: ignore[union-attr]
    steps = tuple(replace(s, move_time=7200.0) if s.name == "Cut" else s for s in shop().steps)
    shorter = of(shop(steps=steps), (orders, events, []), "move_time")
    assert (shorter.planned, shorter.estimate.value, shorter.verdict) == (7200.0, 1800.0, "differs")  # type: ignore[union-attr]


def test_what_was_taken_back_does_not_count() -> None:
    orders, events, _ = cuts([60] * 8)
    wrong = Event(uid="x", at=at(1), kind="reported", order="MO-1", step="Cut", resource="Saw", seconds=9000.0)
    back = replace(wrong, uid="y", corrects="x", seconds=-9000.0)
    assert of(shop(), (orders, [*events, wrong, back], []), "time_per_unit").estimate.value == 60.0  # type: ignore[union-attr]


def test_what_cannot_be_used_is_named_with_its_reason() -> None:
    orders, events, _ = cuts([60] * 8)
    stray = [replace(e, uid=e.uid + "x", order="MO-99") for e in events[:3]]
    unknown = [replace(e, uid=e.uid + "y", step="Polish") for e in events[:3]]
    empty = [replace(e, uid=e.uid + "z", order="MO-90", good=Decimal(0)) for e in events[:3]]
    few = [replace(e, uid=e.uid + "q", order="MO-91", good=Decimal("0.2")) for e in events[:3]]
    learned = learn(shop(), [*orders, order(90), order(91)], [*events, *stray, *unknown, *empty, *few])
    said = {(one.record, one.why) for one in learned.left_out}
    assert said == {
        ("MO-99", "an event of an order that was never released"),
        ("MO-0", "the model has no step Polish of Make chair"),
        ("MO-90", "Cut: no quantity was reported"),
        ("MO-91", "Cut: only 0.6 of 10 units were processed"),
    }


def test_outliers_are_named_by_their_order() -> None:
    assert of(shop(), cuts([60, 61, 59, 60, 62, 58, 60, 61, 600]), "time_per_unit").outliers == ("MO-8",)


CHANGE = Proposal("steps", CUT, "time_per_unit", 60.0, 75.0, 72.0, 78.0, 10, "")


def test_applying_a_proposal_changes_that_field_and_nothing_else() -> None:
    changed = apply(shop(), [CHANGE])
    steps = [replace(s, time_per_unit=75.0) if s.name == "Cut" else s for s in shop().steps]
    assert list(changed.steps) == steps
    assert replace(changed, steps=shop().steps) == shop()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (replace(CHANGE, now=50.0), "still 50"),
        (replace(CHANGE, key=("Make chair", "Polish")), "one of the steps of the operation"),
        (replace(CHANGE, field="name"), "a field that can learn"),
        (replace(CHANGE, table="demands"), "a table that can learn"),
        (replace(CHANGE, field="yield_rate", now=1.0, proposed=1.5), "at most 1"),
    ],
)
def test_a_proposal_that_does_not_fit_is_refused_with_the_reason(wrong: Proposal, says: str) -> None:
    with pytest.raises(OperationError, match=says):
        apply(shop(), [wrong])


def test_a_proposal_made_twice_is_refused() -> None:
    with pytest.raises(OperationError, match="once"):
        apply(shop(), [CHANGE, CHANGE])


@given(st.lists(st.floats(20, 400), min_size=8, max_size=25), st.floats(0, 1200), st.integers(0, 3))
def test_after_the_proposals_planned_is_actual_and_nothing_more_is_proposed(
    times: list[float], setup: float, scrap: int
) -> None:
    orders, events, _ = cuts(times, setup=setup, scrap=scrap)
    found = proposals(learn(shop(), orders, events))
    changed = apply(shop(), found)
    assert proposals(learn(changed, orders, events)) == []
    step = next(s for s in changed.steps if s.name == "Cut")
    for p in found:
        if p.table == "steps":
            assert getattr(step, p.field) == p.proposed
            assert p.low * 0.999 <= p.proposed <= p.high * 1.001


@given(st.floats(30, 300), st.integers(8, 20))
def test_no_proposal_where_actual_is_planned(time: float, many: int) -> None:
    steps = tuple(replace(s, time_per_unit=time) if s.name == "Cut" else s for s in shop().steps)
    assert proposals(learn(shop(steps=steps), *cuts([time] * many)[:2])) == []
