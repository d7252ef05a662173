"""What an explanation says, on plans small enough to know the answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gemba.improve.explain import explain
from gemba.improve.explain.charge import charge
from gemba.improve.explain.words import lasting
from gemba.operation import Demand, Order, OrderTask, Part, Plan, Reason, Resource, StepResource, SupplyOption
from gemba.operation.moments import seconds
from tests.decide.check.serial import serial
from tests.decide.check.shop import DAY, HOUR, at, links, shop
from tests.decide.check.spoil import task


def chair(name: str, quantity: float, due: Any, **more: Any) -> Demand:
    return Demand(name=name, item="Chair", place="Plant", quantity=quantity, due=due, **more)


def why(demand: str = "SO-1", **tables: Any) -> Reason:
    """The reason for a demand in the plain scheduler's plan of the shop."""
    operation = shop(**tables)
    return next(r for r in explain(operation, serial(operation)) if r.demand == demand)


def spent(parts: tuple[Part, ...]) -> dict[str, int]:
    """Seconds by cause."""
    found: dict[str, int] = {}
    for part in parts:
        found[part.cause] = found.get(part.cause, 0) + part.seconds
    return found


def test_nothing_late_needs_no_reason() -> None:
    operation = shop(demands=(chair("SO-1", 5, at(30)),))
    assert explain(operation, serial(operation)) == []


def test_a_demand_wanted_too_soon_is_charged_to_what_it_takes() -> None:
    """3.5 h from the first saw cut to the painted chair, wanted within one: set-ups go before queue, move and work."""
    reason = why(demands=(chair("SO-1", 5, at(23, 7)),))
    assert spent(reason.chain) == {"setup": 1200, "work": 9000, "queue": 600, "move": 1800}
    assert reason.lateness == 9000
    assert spent(reason.parts) == {"setup": 1200, "queue": 600, "move": 1800, "work": 5400}
    assert (reason.chain[0].cause, reason.chain[0].step) == ("work", "Paint")
    assert reason.summary.startswith("1 h work on Paint")


def test_a_queue_names_the_resource_and_the_demands_in_front() -> None:
    early = [chair(f"SO-{i}", 1, at(23, 9)) for i in range(2, 5)]
    paint = [replace(s, time=3 * HOUR) if s.name == "Paint" else s for s in shop().steps]
    reason = why(demands=(*early, chair("SO-1", 1, at(23, 10))), steps=tuple(paint))
    (queue,) = (p for p in reason.parts if p.cause == "resource" and p.step == "Paint")
    assert (queue.subject, queue.behind) == ("Paint", ("SO-2", "SO-3", "SO-4"))
    assert "queue at Paint behind SO-2, SO-3, SO-4" in reason.summary
    assert queue.seconds > 6 * HOUR


def test_a_wait_for_material_names_the_item_and_its_order() -> None:
    reason = why(demands=(chair("SO-1", 20, at(24, 14)),))
    assert reason.parts[0].cause == "material"
    assert (reason.parts[0].subject, len(reason.parts[0].behind)) == ("Wood", 1)
    assert "waiting for Wood (P" in reason.summary
    assert [p.cause for p in reason.chain if p.start < seconds(at(24, 14))] == ["material"]


def test_a_purchase_timed_to_the_end_of_a_queue_did_not_cause_the_wait() -> None:
    """The saw is taken for two days; wood that could be there after one is ordered to arrive when the saw is free."""
    taken = Order(name="MO-7", process="Make chair", item="Chair", place="Plant", quantity=1, start=at(23, 6), end=at(25, 14),
                  uses_inputs=False)  # fmt: skip
    on_saw = OrderTask(order="MO-7", step="Saw", resource="Saw", start=at(23, 6), end=at(25, 14))
    options = tuple(replace(o, lead_time=8 * HOUR) for o in shop().supply_options)
    operation = shop(
        demands=(chair("SO-1", 20, at(24)),), orders=(taken,), order_tasks=(on_saw,), supply_options=options
    )
    plan = serial(operation)
    wood = next(o for o in plan.orders if o.item == "Wood")
    wood.start, wood.end = seconds(at(25, 6)), seconds(at(25, 14))
    next(f for f in plan.flows if f.order == wood.id).at = wood.end
    (reason,) = explain(operation, plan)
    (queue,) = (p for p in reason.chain if p.cause == "resource")
    assert (queue.subject, queue.behind, queue.end) == ("Saw", ("SO-1",), seconds(at(25, 14)))
    assert "other" not in spent(reason.chain)
    assert sum(p.seconds for p in reason.chain if p.order == wood.id) == 8 * HOUR


def test_goods_that_are_bought_or_moved_for_a_demand_have_a_lead_time() -> None:
    wood = Demand(name="SO-1", item="Wood", place="Plant", quantity=40, due=at(23, 12))
    reason = why(demands=(wood,))
    assert spent(reason.chain) == {"lead_time": 32 * HOUR}
    assert reason.summary == "1.1 d lead time of Timber"
    moved = why(demand="SO-2")
    assert moved.chain[0].cause == "lead_time"
    assert {p.order for p in moved.chain[1:4]} != {moved.chain[0].order}


def test_closed_hours_name_their_calendar() -> None:
    steps = tuple(replace(s, time_per_unit=3600) if s.name == "Assemble" else s for s in shop().steps)
    reason = why(demands=(chair("SO-1", 5, at(23, 12)), chair("SO-9", 5, at(23, 20))), steps=steps, demand="SO-9")
    closed = [p for p in reason.chain if p.cause == "closed"]
    assert {p.subject for p in closed} == {"Day shift"}
    assert "closed (Day shift)" in reason.summary


def test_work_that_may_not_pause_waits_for_hours_in_which_it_fits() -> None:
    steps = tuple(replace(s, pausable=False, time_per_unit=5000) if s.name == "Assemble" else s for s in shop().steps)
    reason = why(demands=(chair("SO-1", 5, at(23, 12)),), steps=steps)
    waits = [p for p in reason.chain if p.step == "Assemble" and p.cause == "closed"]
    assert sum(p.seconds for p in waits) == seconds(at(24, 6)) - seconds(at(23, 7)) - 1200
    assert "other" not in spent(reason.chain)


def test_a_fence_a_frozen_time_and_an_earliest_delivery_are_releases() -> None:
    options = tuple(replace(o, fence=DAY) for o in shop().supply_options)
    wood = Demand(name="SO-1", item="Wood", place="Plant", quantity=40, due=at(23, 12))
    fenced = why(demands=(wood,), supply_options=options)
    assert fenced.chain[-1] == replace(fenced.chain[-1], cause="release", subject="fence of Buy wood")
    frozen = why(demands=(chair("SO-1", 5, at(23, 7)),), settings=replace(shop().settings, frozen=2 * HOUR))
    assert (frozen.chain[-1].cause, frozen.chain[-1].subject) == ("release", "frozen time")
    waiting = why(demands=(replace(chair("SO-1", 5, at(23, 10)), earliest=at(24)),))
    assert (waiting.chain[0].cause, waiting.chain[0].subject) == ("release", "earliest delivery")


def test_a_demand_due_before_now_is_charged_for_the_time_before_now() -> None:
    reason = why(demands=(chair("SO-1", 5, at(20)),))
    assert reason.chain[-1].subject == "due before work could begin"
    assert reason.chain[-1].start == seconds(at(20))
    assert sum(p.seconds for p in reason.parts) == reason.lateness == seconds(at(23, 9.5)) - seconds(at(20))


def test_stock_alone_that_is_delivered_late_was_held_back() -> None:
    wood = Demand(name="SO-1", item="Wood", place="Plant", quantity=5, due=at(23, 5))
    operation = shop(demands=(wood,))
    plan = serial(operation)
    plan.deliveries[0].date += HOUR
    (reason,) = explain(operation, plan)
    assert spent(reason.chain) == {"other": HOUR, "release": HOUR}
    assert "held back before delivery" in reason.summary


def test_a_chain_ends_in_an_existing_order_as_it_stands() -> None:
    wood = Order(name="PO-7", option="Buy wood", item="Wood", place="Plant", quantity=100, start=at(20), end=at(25, 12))
    reason = why(demands=(chair("SO-1", 20, at(24)),), orders=(wood,), stocks=())
    material = next(p for p in reason.chain if p.cause == "material")
    assert (material.behind, material.start, material.end) == (("PO-7",), seconds(at(23, 6)), seconds(at(25, 12)))
    assert reason.chain[-1].cause == "lead_time"
    assert reason.chain[-1].start == seconds(at(20))
    made = Order(name="MO-7", process="Make chair", item="Chair", place="Plant", quantity=20, start=at(24), end=at(26),
                 uses_inputs=False)  # fmt: skip
    firm = why(demands=(chair("SO-1", 20, at(24)),), orders=(made,))
    assert (firm.chain[-1].cause, firm.chain[-1].subject) == ("release", "firm order MO-7")


def test_a_transfer_lot_is_followed_from_where_the_lot_was_done() -> None:
    steps = tuple(replace(s, transfer_lot=1, move_time=0) if s.name == "Saw" else s for s in shop().steps)
    operation = shop(demands=(chair("SO-1", 5, at(23, 6)),), steps=steps)
    plan = serial(operation)
    assemble = task(plan, "Assemble")
    assemble.start, assemble.end = assemble.start - 24 * 60, assemble.end - 24 * 60
    reason = explain(operation, plan)[0]
    saw = [p for p in reason.chain if p.step == "Saw"]
    assert saw[0].end == seconds(at(23, 6)) + 600 + 360
    assert sum(p.seconds for p in reason.parts) == reason.lateness


def test_of_parallel_steps_the_one_that_ends_last_is_followed() -> None:
    reason = why(demands=(chair("SO-1", 5, at(23, 6)),), step_links=links(("Saw", "Paint"), ("Assemble", "Paint")))
    assert {p.step for p in reason.chain} == {"Saw", "Paint"}


def test_a_shared_pool_waits_only_while_it_is_full() -> None:
    rows = (*shop().step_resources, StepResource(process="Make chair", step="Paint", resource="Crane", quantity=1))
    resources = (
        *(replace(r, capacity=9, setup_matrix="") for r in shop().resources),
        Resource(name="Crane", capacity=2),
    )
    steps = tuple(replace(s, time=3 * HOUR) if s.name == "Paint" else s for s in shop().steps)
    demands = tuple(chair(f"SO-{i}", 1, at(23, 7)) for i in range(1, 4))
    reason = why("SO-3", demands=demands, step_resources=rows, resources=resources, steps=steps)
    (queue,) = (p for p in reason.chain if p.cause == "resource" and p.step == "Paint")
    assert (queue.subject, queue.behind) == ("Crane", ("SO-1", "SO-2"))


def test_a_bucket_waits_while_its_period_is_full() -> None:
    resources = tuple(replace(r, bucket="day", capacity=0.1) if r.name == "Saw" else r for r in shop().resources)
    operation = shop(demands=(chair("SO-1", 5, at(23, 7)), chair("SO-2", 5, at(23, 8))), resources=resources,
                     stocks=(replace(shop().stocks[0], quantity=100),))  # fmt: skip
    plan = serial(shop(demands=operation.demands, stocks=operation.stocks))
    second = {t.step: t for t in plan.tasks if t.order == plan.orders[1].id}
    for t in second.values():
        t.start, t.end = t.start + DAY, t.end + DAY
    for group in (plan.flows, plan.deliveries):
        for row in group[-3:]:
            if "SO-2" in str(row) or plan.orders[1].id in str(row):
                setattr(row, "at" if hasattr(row, "at") else "date", getattr(row, "at", getattr(row, "date", 0)) + DAY)
    reason = next(r for r in explain(operation, plan) if r.demand == "SO-2")
    assert ("resource", "Saw") in {(p.cause, p.subject) for p in reason.chain}


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({"supply_options": (), "stocks": ()}, "there is no supply option and no process for 'Wood' at 'Plant'"),
        ({"supply_options": tuple(replace(o, priority=0) for o in shop().supply_options), "stocks": ()},
         "there is no supply option that may be used for 'Wood' at 'Plant'"),
        ({"resources": tuple(replace(r, capacity=0) for r in shop().resources)}, "resource 'Saw' has no capacity"),
        ({"calendar_rules": ()}, "resource 'Saw' has no open hours"),
        ({"processes": tuple(replace(p, end=at(23)) for p in shop().processes)},
         "process 'Make chair' is no longer valid"),
        ({}, "cannot be there before the horizon ends at 2027-01-22T06:00:00"),
        ({"demands": (chair("SO-1", 5, at(23, 7), maximum_lateness=2 * HOUR),)},
         "cannot be there within 2 h after due"),
    ],
)  # fmt: skip
def test_a_shortage_says_what_stands_in_the_way(tables: dict[str, Any], words: str) -> None:
    operation = shop(**{"demands": (chair("SO-1", 5, at(23, 7)),), **tables})
    (reason,) = explain(operation, Plan("Shop", seconds(at(23, 6))))
    assert (reason.lateness, reason.short, reason.parts, reason.chain) == (0, 5, (), ())
    assert reason.summary.startswith("5 of 5 not delivered: ")
    assert words in reason.summary


def test_a_shortage_is_found_behind_moves_and_options_to_make() -> None:
    options = (
        SupplyOption(name="Make", item="Chair", place="Plant", kind="make", process="Make chair"),
        SupplyOption(name="Ship", item="Chair", place="Store", kind="move", origin="Plant"),
    )
    operation = shop(supply_options=options, stocks=(), demands=(replace(shop().demands[1]),))
    (reason,) = explain(operation, Plan("Shop", seconds(at(23, 6))))
    assert "there is no supply option and no process for 'Wood' at 'Plant'" in reason.summary


def test_late_and_short_says_both() -> None:
    operation = shop(demands=(chair("SO-1", 5, at(23, 7)),))
    plan = serial(operation)
    operation = shop(demands=(chair("SO-1", 6, at(23, 7)),))
    (reason,) = explain(operation, plan)
    assert (reason.lateness, reason.short) == (9000, 1)
    assert "; 1 of 6 not delivered: " in reason.summary


def test_lateness_is_charged_to_avoidable_causes_first_and_the_latest_of_them_first() -> None:
    chain = [
        Part("work", 90, 100),
        Part("resource", 60, 90),
        Part("closed", 50, 60),
        Part("resource", 20, 50),
        Part("work", 0, 20),
    ]
    assert charge(chain, 40) == (Part("resource", 60, 90), Part("resource", 40, 50))
    assert [p.cause for p in charge(chain, 75)] == ["resource", "resource", "closed", "work"]
    assert charge(chain, 100) != ()


@pytest.mark.parametrize(
    ("length", "words"), [(40, "40 s"), (720, "12 min"), (12600, "3.5 h"), (164160, "1.9 d"), (86400, "1 d")]
)
def test_lengths_of_time_are_said_as_people_say_them(length: int, words: str) -> None:
    assert lasting(length) == words
