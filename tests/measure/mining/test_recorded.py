"""The event log of an operation's own records, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

from gemba.measure.mining import MISSING, flow_map, recorded
from gemba.operation import Event
from gemba.operation.moments import seconds
from tests.execute.orders.facts import at
from tests.improve.learn.learn_facts import cut, order


def test_a_step_from_its_start_to_its_end_is_one_row() -> None:
    log = recorded([order(0)], cut(0, 600.0)).log
    assert (log.case.texts(), log.activity.texts(), log.resource.texts()) == (["MO-0"], ["Cut"], ["Saw"])
    assert (log.start.tolist(), log.end.tolist()) == ([seconds(at(0))], [seconds(at(0)) + 1200])
    assert log.column("item").texts() == ["Chair"]


def test_work_under_way_has_no_end_and_work_only_finished_no_start() -> None:
    events = cut(0, 600.0)
    assert recorded([order(0)], events[:1]).log.end.tolist() == [MISSING]
    assert recorded([order(0)], events[2:]).log.start.tolist() == [MISSING]


def test_work_on_a_step_again_is_a_row_of_its_own() -> None:
    again = Event(uid="w", at=at(5), kind="worked", order="MO-0", step="Cut", start=at(4), seconds=3600.0)
    found = flow_map(recorded([order(0)], [*cut(0, 600.0), again]).log)
    assert found.activity("Cut").count == 2
    (arc,) = found.arcs
    assert (arc.before, arc.after, arc.waiting.mean) == ("Cut", "Cut", 4 * 3600 - 1200)


def test_an_order_without_steps_is_its_kind() -> None:
    bought = order(0, kind="buy", process="")
    event = Event(uid="w", at=at(5), kind="worked", order="MO-0", start=at(4), seconds=3600.0)
    assert recorded([bought], [event]).log.activity.texts() == ["buy"]


def test_what_was_taken_back_and_orders_not_asked_for_are_not_in_it() -> None:
    events = cut(0, 600.0)
    back = replace(events[2], uid="x", corrects=events[2].uid)
    assert recorded([order(0)], [*events, back]).log.end.tolist() == [MISSING]
    assert len(recorded([], events).log) == 0


def test_work_that_cannot_be_is_named_and_left_out() -> None:
    wrong = Event(uid="w", at=at(1), kind="worked", order="MO-0", step="Cut", start=at(2), seconds=3600.0)
    found = recorded([order(0), order(5)], [wrong, *cut(5, 60.0)])
    assert found.left_out == (("MO-0", "Cut: it ends before it starts"),)
    assert found.log.case.texts() == ["MO-5"]
