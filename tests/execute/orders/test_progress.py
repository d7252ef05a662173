"""A task's state follows from its events; each event carries the time it ends."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.execute.orders import NotPossibleError, OrderProgress, TaskProgress, apply, completed, order_progress
from gemba.execute.orders.progress import change_order
from gemba.execute.orders.states import ORDER_CHANGES, ORDER_STATES, TASK_CHANGES, TASK_STATES
from gemba.operation import Event
from tests.execute.orders.facts import NOW, at, event

WAITING = TaskProgress("MO-1", "Cut", NOW)


def worked(start: object, end: object, resource: str) -> float:
    return (end - start).total_seconds()  # type: ignore[operator]


def folded(*events: Event) -> tuple[TaskProgress, list[Event]]:
    task, written = WAITING, []
    for e in events:
        e = completed(task, e, worked)
        task = apply(task, e)
        written.append(e)
    return task, written


def test_a_started_paused_resumed_and_finished_task_has_worked_all_but_its_pause() -> None:
    task, written = folded(
        event("started", 0), event("set_up", 0.25), event("paused", 1, reason="Break"), event("resumed", 1.5),
        event("reported", 2, good=Decimal(4)), event("finished", 3, good=Decimal(5), scrap=Decimal(1)),
    )  # fmt: skip
    assert (task.state, task.good, task.scrap) == ("done", Decimal(9), Decimal(1))
    assert [round(e.seconds / 3600, 2) for e in written] == [0, 0.25, 0.75, 0.5, 0.5, 1]
    assert task.seconds == 2.5 * 3600
    assert (task.start, task.end) == (at(0), at(3))


def test_a_task_that_is_finished_without_having_been_started_invents_no_time() -> None:
    task, written = folded(event("finished", 2, good=Decimal(10)))
    assert (task.state, task.seconds, written[0].start) == ("done", 0.0, None)


@pytest.mark.parametrize("kind", ["paused", "set_up", "reported", "resumed"])
def test_what_has_not_started_cannot_be_paused_or_reported(kind: str) -> None:
    with pytest.raises(NotPossibleError, match=r"is waiting.*Possible now: started"):
        apply(WAITING, event(kind, 1))


def test_a_report_from_before_the_last_one_is_refused() -> None:
    task, _ = folded(event("started", 2))
    with pytest.raises(NotPossibleError, match="before its last report"):
        apply(task, event("paused", 1))


def test_taking_a_report_back_takes_its_quantities_and_time_back() -> None:
    task, written = folded(event("started", 0), event("reported", 1, good=Decimal(4)))
    back = Event(
        uid="v", at=at(2), kind="reported", order="MO-1", step="Cut", good=Decimal(-4), seconds=-written[1].seconds,
        corrects=written[1].uid,
    )  # fmt: skip
    after = apply(task, back)
    assert (after.good, after.seconds, after.state) == (0, 0, "started")


def test_overtime_in_closed_hours_counts_as_it_was_worked() -> None:
    task, _ = folded(event("started", 0))
    assert completed(task, event("paused", 2), lambda a, b, r: 0.0).seconds == 7200


def test_every_change_leads_to_a_state_that_exists() -> None:
    for table, states in ((TASK_CHANGES, TASK_STATES), (ORDER_CHANGES, ORDER_STATES)):
        for allowed, then in table.values():
            assert allowed <= set(states)
            assert then in (*states, "")


@given(st.lists(st.sampled_from(sorted(set(TASK_CHANGES) - {"worked"})), max_size=12))
def test_whatever_is_reported_time_is_never_counted_twice(kinds: list[str]) -> None:
    task, written = WAITING, []
    for hour, kind in enumerate(kinds):
        e = completed(task, event(kind, hour), worked)
        try:
            task = apply(task, e)
        except NotPossibleError:
            continue
        written.append(e)
    spans = [e.seconds for e in written]
    assert all(s >= 0 for s in spans)
    if task.start:
        assert sum(spans) <= (written[-1].at - task.start).total_seconds()
    if task.state in ("done", "skipped"):
        with pytest.raises(NotPossibleError):
            apply(task, event("started", 99))


def test_an_order_yields_what_all_its_last_steps_have_yielded() -> None:
    one = TaskProgress("MO-1", "Left", NOW, "started", good=Decimal(5))
    two = TaskProgress("MO-1", "Right", NOW, "started", good=Decimal(3), scrap=Decimal(1))
    order = order_progress(OrderProgress("MO-1", NOW), [one, two], ["Left", "Right"])
    assert (order.good, order.scrap, order.state) == (3, 1, "started")


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (["waiting", "waiting"], "released"), (["started", "waiting"], "started"), (["paused", "waiting"], "paused"),
        (["done", "waiting"], "started"), (["done", "done"], "done"), (["done", "skipped"], "done"),
    ],
)  # fmt: skip
def test_an_orders_state_follows_from_its_tasks(states: list[str], expected: str) -> None:
    rows = [TaskProgress("MO-1", str(i), NOW, s) for i, s in enumerate(states)]
    assert order_progress(OrderProgress("MO-1", NOW), rows, ["1"]).state == expected


def test_a_closed_order_stays_closed_and_an_open_one_cannot_be_closed() -> None:
    done = OrderProgress("MO-1", NOW, "done")
    closed = change_order(done, Event(uid="c", at=at(1), kind="closed", order="MO-1"))
    assert closed.state == "closed"
    with pytest.raises(NotPossibleError, match="is closed"):
        change_order(closed, Event(uid="x", at=at(2), kind="cancelled", order="MO-1"))
    with pytest.raises(NotPossibleError, match="is released"):
        change_order(OrderProgress("MO-1", NOW), Event(uid="c", at=at(1), kind="closed", order="MO-1"))
