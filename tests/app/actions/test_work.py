"""From the published plan to work that is released, reported and done; and back into the next plan."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

import gemba
from gemba.app import actions
from gemba.app.actions.refused import RefusedError
from gemba.app.actions.release import change_state, rebuild_states, releasable, release_orders
from gemba.app.actions.work import Outcome, Report, report, void
from gemba.app.queries import ledger, work
from gemba.app.store.clock import set_now
from gemba.app.store.models import OrderState, TaskState
from gemba.app.store.plans import save_plan
from gemba.app.store.records import read
from gemba.operation import Document, Operation, Order, OrderTask, Place
from gemba.operation.records import ZERO
from tests.execute.orders.facts import at, shop

pytestmark = pytest.mark.django_db

NAME = "Shop"


@pytest.fixture
def clerk(make_user: Any) -> Any:
    return make_user("operator")


def published(user: Any, operation: Operation) -> None:
    dataset = actions.import_operation(user, operation)
    version = save_plan(dataset, gemba.plan(operation, seconds=None, steps=5), user=user)
    actions.publish_plan(user, version.pk)
    set_now(NAME, at(0), stands=True)


@pytest.fixture
def released(planner: Any) -> str:
    published(planner, shop(places=(Place(name="Shop"), Place(name="Yard"))))
    (order,) = release_orders(planner, NAME, [o.id for o in releasable(NAME)])
    return order


def say(user: Any, kind: str, step: str, hours: float, **more: Any) -> Outcome:
    set_now(NAME, at(hours), stands=True)
    given = Report(uid=f"{kind}-{step}-{hours}", kind=kind, order="MO-1001", step=step, at=at(hours), **more)
    return report(user, NAME, given)


def on_hand(item: str) -> Decimal:
    return sum((b.quantity for k, b in ledger.stock(NAME).items() if k.item == item), ZERO)


def test_a_planned_order_is_released_once_with_a_number_of_its_own(planner: Any, released: str) -> None:
    assert released == "MO-1001"
    (head,) = read(NAME, "released_orders")
    assert (head.demand, head.customer, head.quantity, head.due) == ("SO-1", "Outlet", 10, at(48))
    assert [t.step for t in read(NAME, "released_tasks")] == ["Cut", "Assemble"]
    assert releasable(NAME) == []
    with pytest.raises(RefusedError, match="released already"):
        release_orders(planner, NAME, [head.planned_order])


def test_an_order_without_its_material_is_not_released_unless_somebody_says_so(planner: Any) -> None:
    published(planner, shop())
    actions.import_operation(planner, shop(stocks=()))
    planned = [o.id for o in releasable(NAME)]
    with pytest.raises(RefusedError, match="Leg at Shop: 40 needed, 0 available"):
        release_orders(planner, NAME, planned)
    assert release_orders(planner, NAME, planned, though=True) == ["MO-1001"]


def test_a_required_document_that_has_expired_keeps_an_order_from_release(planner: Any) -> None:
    published(planner, shop(documents=(Document(name="Saw permit", process="Make chair", required=True, end=at(-1)),)))
    with pytest.raises(RefusedError, match="Saw permit is not valid now; renew it"):
        release_orders(planner, NAME, [o.id for o in releasable(NAME)])


def test_only_who_may_release_releases(planner: Any, clerk: Any) -> None:
    published(planner, shop())
    with pytest.raises(PermissionDenied):
        release_orders(clerk, NAME, [o.id for o in releasable(NAME)])


def test_a_report_moves_the_material_it_used_and_the_chairs_it_made(clerk: Any, released: str) -> None:
    say(clerk, "started", "Cut", 0)
    outcome = say(clerk, "finished", "Cut", 0.5, good=Decimal(9), scrap=Decimal(1), reason="Crack")
    assert (outcome.task.state, outcome.task.seconds) == ("done", 1800)
    assert on_hand("Leg") == 360
    say(clerk, "started", "Assemble", 0.5)
    done = say(clerk, "finished", "Assemble", 2, good=Decimal(9))
    assert (done.order.state, done.order.good, done.order.scrap) == ("done", 9, 1)
    assert on_hand("Chair") == 9
    causes = [(m.cause, m.item, m.quantity, m.value) for m in read(NAME, "movements") if m.cause != "opening"]
    assert causes == [
        ("issue", "Leg", 40, 140), ("scrap", "Chair", 1, 14), ("production", "Chair", 9, 360),
    ]  # fmt: skip


def test_the_same_report_sent_twice_is_taken_once(clerk: Any, released: str) -> None:
    say(clerk, "started", "Cut", 0)
    first = say(clerk, "finished", "Cut", 0.5, good=Decimal(10))
    again = say(clerk, "finished", "Cut", 0.5, good=Decimal(10))
    assert (first.again, again.again) == (False, True)
    assert again.task == first.task
    assert on_hand("Leg") == 360


def test_a_step_does_not_start_before_the_one_before_it(clerk: Any, released: str) -> None:
    with pytest.raises(RefusedError, match="Cut comes before it"):
        say(clerk, "started", "Assemble", 0)


def test_material_that_the_ledger_does_not_have_is_found_and_seen(clerk: Any, planner: Any, released: str) -> None:
    say(clerk, "started", "Cut", 0)
    from gemba.app.actions.stock import post
    from gemba.app.store.clock import now
    from gemba.execute.ledger.movements import Maker

    post(planner, NAME, [Maker(ledger.costs(NAME), now(NAME)).transfer("t", "Leg", Decimal(390), "Shop", "Yard")])
    say(clerk, "finished", "Cut", 0.5, good=Decimal(10))
    found = read(NAME, "movements", cause="count")
    assert [(m.quantity, m.reason) for m in found] == [(30, "found at issue")]
    assert sum(b.quantity for k, b in ledger.stock(NAME).items() if (k.item, k.place) == ("Leg", "Shop")) == 0


def test_what_was_really_used_replaces_what_should_have_been(clerk: Any, released: str) -> None:
    say(clerk, "started", "Cut", 0)
    say(clerk, "finished", "Cut", 0.5, good=Decimal(10), used={"Leg": [("", Decimal(43))]})
    assert on_hand("Leg") == 357


def test_a_pause_needs_a_reason_and_scrap_too(clerk: Any, released: str) -> None:
    say(clerk, "started", "Cut", 0)
    with pytest.raises(RefusedError, match="pause needs a reason"):
        say(clerk, "paused", "Cut", 0.2)
    with pytest.raises(RefusedError, match="need a reason"):
        say(clerk, "finished", "Cut", 0.5, scrap=Decimal(1))
    assert TaskState.objects.get(step="Cut").state == "started"


def test_done_after_a_pause_counts_the_pause_as_one(clerk: Any, released: str) -> None:
    say(clerk, "started", "Cut", 0)
    say(clerk, "paused", "Cut", 0.5, reason="Break")
    outcome = say(clerk, "finished", "Cut", 1, good=Decimal(10))
    assert (outcome.task.state, outcome.task.seconds) == ("done", 1800)
    assert [(e.kind, e.seconds) for e in read(NAME, "events") if e.step] == [
        ("started", 0), ("paused", 1800), ("resumed", 1800), ("finished", 0),
    ]  # fmt: skip


def test_the_time_of_a_pause_has_the_reason_of_the_pause(clerk: Any, released: str) -> None:
    say(clerk, "started", "Cut", 0)
    say(clerk, "paused", "Cut", 0.5, reason="Break")
    say(clerk, "resumed", "Cut", 0.75)
    say(clerk, "paused", "Cut", 1, reason="Waiting for material")
    say(clerk, "finished", "Cut", 2, good=Decimal(10))
    pauses = read(NAME, "events", kind="resumed")
    assert [(e.reason, e.seconds) for e in pauses] == [("Break", 900), ("Waiting for material", 3600)]


def test_what_is_to_be_reworked_becomes_an_order_of_its_own(clerk: Any, released: str) -> None:
    say(clerk, "started", "Cut", 0)
    outcome = say(clerk, "finished", "Cut", 0.5, good=Decimal(8), rework=Decimal(2), reason="Too long")
    assert outcome.rework == "MO-1001-R1"
    order = work.order(NAME, "MO-1001-R1")
    assert order is not None
    assert (order.order.quantity, order.order.parent, [t.task.step for t in order.tasks]) == (
        2, "MO-1001", ["Cut", "Assemble"],
    )  # fmt: skip


def test_a_report_taken_back_takes_its_movements_back(clerk: Any, make_user: Any, released: str) -> None:
    say(clerk, "started", "Cut", 0)
    say(clerk, "reported", "Cut", 0.5, good=Decimal(5))
    assert on_hand("Leg") == 380
    with pytest.raises(PermissionDenied):
        void(clerk, NAME, "reported-Cut-0.5", "wrong order")
    chief = make_user("supervisor")
    void(chief, NAME, "reported-Cut-0.5", "wrong order")
    assert on_hand("Leg") == 400
    assert TaskState.objects.get(step="Cut").good == 0
    with pytest.raises(RefusedError, match="already"):
        void(chief, NAME, "reported-Cut-0.5", "again")


def test_nothing_is_reported_on_an_order_that_is_cancelled(planner: Any, clerk: Any, released: str) -> None:
    change_state(planner, NAME, released, "cancelled", note="customer withdrew")
    with pytest.raises(RefusedError, match="is cancelled"):
        say(clerk, "started", "Cut", 0)


def test_a_report_from_the_future_is_refused(clerk: Any, released: str) -> None:
    with pytest.raises(RefusedError, match="but it is only"):
        report(clerk, NAME, Report(uid="x", kind="started", order=released, step="Cut", at=at(5)))


def test_where_everything_stands_can_be_derived_from_the_events_again(clerk: Any, released: str) -> None:
    say(clerk, "started", "Cut", 0)
    say(clerk, "finished", "Cut", 0.5, good=Decimal(9), scrap=Decimal(1), reason="Crack")
    say(clerk, "started", "Assemble", 0.5)

    def rows() -> tuple[list[Any], list[Any]]:
        without = ("id",)
        both = []
        for model in (TaskState, OrderState):
            names = [f.name for f in model._meta.fields if f.name not in without]
            both.append(
                list(model.objects.order_by("order", *(["step"] if model is TaskState else [])).values_list(*names))
            )
        return both[0], both[1]

    before = rows()
    assert rebuild_states(NAME) == 1
    assert rows() == before


def test_the_next_plan_begins_where_the_work_stands(planner: Any, clerk: Any, released: str) -> None:
    say(clerk, "started", "Cut", 0)
    say(clerk, "finished", "Cut", 0.5, good=Decimal(10))
    say(clerk, "started", "Assemble", 0.5)
    say(clerk, "reported", "Assemble", 1.5, good=Decimal(4))
    stands, begun = work.as_it_stands(actions.import_operation(planner, shop()).pk, NAME)
    assert begun
    assert stands.settings.now == at(1.5)
    assert {(s.item, s.quantity) for s in stands.stocks} == {("Leg", 360), ("Chair", 4)}
    plan = gemba.plan(stands, seconds=None, steps=5)
    assert plan.violations == []
    assert [(o.id, o.quantity, o.state) for o in plan.orders] == [("MO-1001", 6, "started")]


def test_the_work_stands_nowhere_else_before_anything_is_released(planner: Any) -> None:
    dataset = actions.import_operation(planner, shop())
    assert work.as_it_stands(dataset.pk, NAME) == (shop(), False)


def test_an_order_that_was_under_way_before_takes_its_material_no_second_time(planner: Any, clerk: Any) -> None:
    begun = Order(
        name="MO-7", process="Make chair", item="Chair", place="Shop", quantity=5.0, start=at(-2), end=at(3),
        state="started", uses_inputs=False,
    )  # fmt: skip
    cut = OrderTask(order="MO-7", step="Cut", resource="Saw", start=at(-1), end=at(0.5), state="started")
    assemble = OrderTask(order="MO-7", step="Assemble", resource="Bench", start=at(1), end=at(1.5))
    published(planner, shop(orders=(begun,), order_tasks=(cut, assemble)))
    release_orders(planner, NAME, [o.id for o in releasable(NAME)][:1])
    set_now(NAME, at(0.5), stands=True)
    outcome = report(clerk, NAME, Report(uid="x", kind="finished", order="MO-7", step="Cut", good=Decimal(5)))
    assert outcome.event.seconds == 5400
    assert on_hand("Leg") == 400
    assert [(m.from_kind, m.to_name, m.quantity) for m in read(NAME, "movements", item="Leg", order="MO-7")] == [
        ("adjustment", "MO-7", 20)
    ]
