"""Inspection from the receipt to the corrective action: held, judged, raised once, disposed of."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from gemba.app import actions
from gemba.app.actions.chart_limits import fix_limits
from gemba.app.actions.concerns import change_concern, raise_concern
from gemba.app.actions.quality import Recorded, Results, record_results, record_study
from gemba.app.actions.refused import RefusedError
from gemba.app.actions.release import NEW, create_order
from gemba.app.actions.stock_moves import issue, receive
from gemba.app.actions.work import Report, report
from gemba.app.queries import ledger, quality, spc
from gemba.app.queries.concerns import standings
from gemba.app.store.clock import set_now
from gemba.app.store.models import Audit
from gemba.app.store.operations import NotFoundError
from gemba.app.store.records import read
from gemba.operation import OperationError, ReleasedOrder
from tests.execute.quality.joinery import AT, NAME, after, joinery

pytestmark = pytest.mark.django_db


@pytest.fixture
def plant(planner: Any) -> str:
    actions.import_operation(planner, joinery(), "by hand")
    set_now(NAME, AT, stands=True)
    return NAME


@pytest.fixture
def operator(make_user: Any) -> Any:
    return make_user("operator")


@pytest.fixture
def boss(make_user: Any) -> Any:
    return make_user("supervisor")


def boards(user: Any, lot: str, quantity: int = 500) -> None:
    receive(
        user, NAME, f"r-{lot}", item="Board", quantity=Decimal(quantity), place="Mill", supplier="Merchant", lot=lot
    )


def found(user: Any, lot: str, count: int, uid: str = "", size: int = 50) -> Recorded:
    return record_results(user, NAME, "Board faults", Results(uid or f"i-{lot}", count=count, size=size, lot=lot))


def held(item: str, lot: str) -> bool:
    return (item, lot) in ledger.held(NAME, [lot])


def on_hand(item: str, lot: str) -> int:
    return int(sum(b.quantity for k, b in ledger.stock(NAME).items() if (k.item, k.lot) == (item, lot)))


def order(user: Any, quantity: int = 40) -> str:
    head = ReleasedOrder(uid="o1", at=AT, order=NEW, item="Leg", place="Mill", quantity=Decimal(quantity),
                         process="Make legs", customer="Outlet")  # fmt: skip
    return create_order(user, NAME, head)


def test_a_receipt_that_has_to_be_inspected_is_held_until_it_is_accepted(plant: str, operator: Any) -> None:
    boards(operator, "L1")
    assert held("Board", "L1")
    (row,) = quality.due(plant, operator)
    assert (row["lot"], row["units"], row["letter"], row["left"], row["accept"]) == ("L1", 500, "H", 50, 3)
    with pytest.raises(OperationError, match="held"):
        issue(operator, plant, "x", item="Board", quantity=Decimal(1), place="Mill", order="MO-1", lot="L1")
    done = found(operator, "L1", 3)
    assert (done.result.accepted, done.freed, done.concern) == (True, True, "")  # type: ignore[union-attr]
    assert not held("Board", "L1")
    assert quality.due(plant, operator) == []


def test_a_receipt_without_a_number_gets_one_so_that_it_can_be_held(plant: str, operator: Any) -> None:
    for i in range(2):
        receive(operator, plant, f"n{i}", item="Board", quantity=Decimal(20), place="Mill", supplier="Merchant")
    assert sorted(k.lot for k in ledger.stock(plant)) == ["20261123-1", "20261123-2"]
    assert held("Board", "20261123-1")


def test_two_of_five_lots_rejected_tighten_the_next(plant: str, operator: Any) -> None:
    for i, rejects in enumerate((0, 4, 1, 5)):
        set_now(plant, after(i + 1), stands=True)
        boards(operator, f"L{i}")
        assert (found(operator, f"L{i}", rejects).concern != "") == (rejects > 3)
    boards(operator, "L9")
    row = next(r for r in quality.due(plant, operator) if r["lot"] == "L9")
    assert (row["severity"], row["left"], row["accept"]) == ("tightened", 50, 2)
    assert "2 of 5" in row["why"]


def test_a_rejected_lot_stays_held_and_raises_one_nonconformance_however_often_it_is_sent(
    plant: str, operator: Any
) -> None:
    boards(operator, "L1")
    first, again = found(operator, "L1", 4), found(operator, "L1", 4)
    assert (first.concern, again.concern, again.again) == ("NC-1", "NC-1", True)
    assert held("Board", "L1")
    (nc,) = standings(plant)
    assert (nc.state, nc.owner, nc.quantity, nc.concern.category) == ("contained", "supervisor", 500, "Board faults")
    assert "4 nonconforming in 50 inspected, Ac 3, normal inspection" in nc.concern.title
    assert "Orders that used the lot: none." in nc.concern.description
    assert len(read(plant, "measurements")) == 1
    assert Audit.objects.filter(action="record results").count() == 1


def test_a_second_finding_on_a_lot_is_noted_in_the_nonconformance_that_is_open(plant: str, operator: Any) -> None:
    boards(operator, "L1")
    found(operator, "L1", 4)
    fix_and_break = found(operator, "L1", 9, uid="second")
    assert fix_and_break.findings == [], "the lot is rejected already, and without limits no rule is broken"
    assert len(read(plant, "concerns")) == 1


def test_a_broken_rule_holds_the_lot_and_raises_one_nonconformance(plant: str, operator: Any, boss: Any) -> None:
    number = order(boss)
    values = [430.2 if i % 2 else 429.8 for i in range(20)]
    record_results(operator, plant, "Leg length", Results("phase-1", values=values, order=number))
    assert read(plant, "concerns") == []
    with pytest.raises(PermissionDenied):
        fix_limits(operator, plant, "Leg length", uid="l1")
    fixed = fix_limits(boss, plant, "Leg length", uid="l1")
    assert (fixed.points, fixed.centre, fixed.sigma) == (20, pytest.approx(430), pytest.approx(0.4 / 1.128))
    set_now(plant, after(1), stands=True)
    for _ in range(2):  # the second is the same sent again
        done = record_results(operator, plant, "Leg length", Results("s2", values=[431.9], order=number, lot="G7"))
    assert done.concern == "NC-1"
    (nc,) = standings(plant)
    assert nc.concern.title.startswith("Leg length, lot G7: beyond limits: point 431.9, limits 428.9 to 431.1")
    assert (nc.concern.order, nc.concern.step, nc.state) == (number, "Saw", "contained")
    assert "beyond limits (moving range): point 1.7, limits 0 to 1.3" in nc.concern.description
    assert held("Leg", "G7")


def test_without_a_lot_the_order_s_step_is_named_with_its_customer(plant: str, operator: Any, boss: Any) -> None:
    number = order(boss)
    done = record_results(operator, plant, "Leg length", Results("s1", values=[433.5], order=number))
    (nc,) = standings(plant)
    assert nc.concern.concern == done.concern
    assert (nc.concern.order, nc.concern.step, nc.state) == (number, "Saw", "open")
    assert "433.5 mm is outside the limits 427 to 433" in nc.concern.title
    assert f"Order {number}: 40 of Leg, for Outlet." in nc.concern.description
    again = record_results(operator, plant, "Leg length", Results("s2", values=[434], order=number))
    assert again.concern == done.concern, "it is open already: a note is enough"
    assert "434 mm" in standings(plant)[0].changes[-1].note


def decided(user: Any, decision: str, quantity: int, uid: str = "d1") -> Any:
    given = {"decision": decision, "quantity": Decimal(quantity), "person": "supervisor", "uid": uid}
    return change_concern(user, NAME, "NC-1", "disposed", **given)


@pytest.fixture
def rejected(plant: str, operator: Any) -> str:
    boards(operator, "L1")
    found(operator, "L1", 4)
    return plant


def test_use_as_is_frees_the_lot_once_all_of_it_is_decided_on(rejected: str, boss: Any) -> None:
    decided(boss, "use as is", 400)
    assert held("Board", "L1")
    decided(boss, "scrap", 100, "d2")
    assert not held("Board", "L1")
    assert on_hand("Board", "L1") == 400


def test_scrap_and_return_move_the_lot_in_the_same_transaction(rejected: str, boss: Any) -> None:
    decided(boss, "return", 300)
    decided(boss, "scrap", 200, "d2")
    decided(boss, "scrap", 200, "d2")  # the same sent again
    moved = {(m.cause, m.to_kind, m.to_name, int(m.quantity)) for m in read(rejected, "movements")[-2:]}
    assert moved == {("return", "supplier", "Merchant", 300), ("scrap", "scrap", "Board faults", 200)}
    assert on_hand("Board", "L1") == 0


def test_what_cannot_be_done_is_refused_with_its_reason_and_nothing_is_decided(rejected: str, boss: Any) -> None:
    with pytest.raises(RefusedError, match="made by no process"):
        decided(boss, "rework", 500)
    assert standings(rejected)[0].state == "contained"
    from gemba.app.actions.stock_moves import scrap

    scrap(boss, rejected, "s", item="Board", quantity=Decimal(450), place="Mill", reason="Knot", lot="L1")
    with pytest.raises(RefusedError, match="Only 50 of lot L1 of Board are on hand"):
        decided(boss, "return", 500)
    assert on_hand("Board", "L1") == 50


def made_lot(user: Any, quantity: int = 40) -> str:
    boards(user, "ok", 60)
    found(user, "ok", 0, size=20)
    number = order(user, quantity)
    for step in ("Saw", "Plane"):
        report(user, NAME, Report(f"{step}-s", "started", number, step))
        report(user, NAME, Report(f"{step}-f", "finished", number, step, good=Decimal(quantity), lot="G1"))
    return number


def test_rework_of_a_lot_makes_an_order_with_a_parent_that_has_it(plant: str, operator: Any, boss: Any) -> None:
    number = made_lot(boss)
    assert on_hand("Leg", "G1") == 40
    set_now(plant, after(1), stands=True)
    done = record_results(operator, plant, "Leg finish", Results("f1", count=5, size=10, lot="G1"))
    assert done.result is not None
    assert (done.result.lot.name, done.result.accepted) == (number, False)
    after_it = decided(boss, "rework", 15)
    (head,) = [h for h in read(plant, "released_orders") if h.parent]
    assert (after_it.order, head.parent, head.quantity) == (head.order, number, 15)
    assert [t.step for t in read(plant, "released_tasks", order=head.order)] == ["Plane"]
    assert on_hand("Leg", "G1") == 25
    assert held("Leg", "G1"), "the rest is not decided on"


def test_scrap_of_an_order_at_work_is_reported_on_its_step(plant: str, operator: Any, boss: Any) -> None:
    boards(boss, "ok", 60)
    found(boss, "ok", 0, size=20)
    number = order(boss)
    record_results(operator, plant, "Leg length", Results("s1", values=[434], order=number))
    change_concern(boss, plant, "NC-1", "contained", note="set aside")
    with pytest.raises(RefusedError, match="must be started"):
        decided(boss, "scrap", 2)
    report(boss, plant, Report("go", "started", number, "Saw"))
    with pytest.raises(RefusedError, match="only a lot"):
        decided(boss, "return", 2)
    decided(boss, "scrap", 2)
    (event,) = [e for e in read(plant, "events", order=number) if e.scrap]
    assert (event.step, event.scrap, event.reason) == ("Saw", 2, "Leg length")


def test_a_disposition_needs_the_permission(rejected: str, operator: Any) -> None:
    with pytest.raises(PermissionDenied):
        decided(operator, "use as is", 500)
    assert held("Board", "L1")


def test_a_decision_on_what_has_no_lot_is_only_written_down(plant: str, boss: Any) -> None:
    raise_concern(boss, plant, "nonconformance", title="Scratch", quantity=1)
    change_concern(boss, plant, "NC-1", "contained", note="set aside")
    assert decided(boss, "scrap", 1).decided == {"scrap": 1}
    assert read(plant, "movements") == []


def test_results_that_do_not_fit_are_refused_whole(plant: str, operator: Any) -> None:
    boards(operator, "L1")
    for wrong, words in (
        (Results("a", values=[1.0], lot="L1"), "counted"),
        (Results("a", count=60, size=50, lot="L1"), "60 of 50"),
        (Results("a", count=1, size=50), "which lot"),
        (Results("a/b", count=1, size=50, lot="L1"), "slash"),
        (Results("a", count=1, size=50, lot="L1", item="Leg"), "of Board"),
    ):
        with pytest.raises(RefusedError, match=words):
            record_results(operator, plant, "Board faults", wrong)
    with pytest.raises(NotFoundError):
        record_results(operator, plant, "No such", Results("a", count=1, size=1))
    with pytest.raises(OperationError, match="resource"):
        record_results(operator, plant, "Board faults", Results("a", count=1, size=50, lot="L1", resource="No saw"))
    assert read(plant, "measurements") == []


def test_a_viewer_writes_no_results(plant: str, viewer: Any, operator: Any) -> None:
    boards(operator, "L1")
    with pytest.raises(PermissionDenied):
        found(viewer, "L1", 0)


def test_a_corrective_action_shows_the_chart_before_and_after_it_was_done(plant: str, operator: Any, boss: Any) -> None:
    number = order(boss)
    record_results(operator, plant, "Leg length", Results("s1", values=[434, 430], order=number))
    raise_concern(boss, plant, "corrective action", title="New fence", parent="NC-1")
    assert spc.effect(plant, standings(plant, concern="CA-1")[0]) is None
    set_now(plant, after(1), stands=True)
    due = after(9)
    for state, more in (("analysed", {}), ("planned", {"owner": "supervisor", "due": due}), ("done", {})):
        change_concern(boss, plant, "CA-1", state, note="x", **more)
    set_now(plant, after(2), stands=True)
    record_results(operator, plant, "Leg length", Results("s2", values=[430, 430.5], order=number))
    shown = spc.effect(plant, standings(plant, concern="CA-1")[0])
    assert shown is not None
    assert [(r["points"], r["nonconforming"]) for r in shown["rows"]] == [(2, 1), (2, 0)]


def test_a_gauge_study_is_taken_once_and_stays_off_the_chart(plant: str, operator: Any) -> None:
    rows = [(p, o, 430.0 + int(p)) for p in "12" for o in "AB" for _ in range(2)]
    assert record_study(operator, plant, "Leg length", "spring", rows, uid="g1") == 8
    assert record_study(operator, plant, "Leg length", "spring", rows, uid="g1") == 0
    assert spc.view(plant, quality.find(plant, "Leg length")).points == ()
    with pytest.raises(RefusedError):
        record_study(operator, plant, "Board faults", "spring", rows, uid="g2")


def test_who_works_at_some_places_sees_and_writes_only_what_is_measured_there(
    plant: str, planner: Any, operator: Any
) -> None:
    from gemba.app.store.models import PlaceScope

    number = order(planner)
    boards(planner, "L1")
    record_results(planner, plant, "Leg length", Results("s1", values=[430], order=number))
    PlaceScope.objects.create(user=operator, operation=plant, place="Yard")
    assert quality.due(plant, operator) == []
    assert quality.measured_for(operator, plant, "Leg length") == []
    assert not quality.may_see(operator, plant, number, "", "")
    with pytest.raises(PermissionDenied):
        record_results(operator, plant, "Leg length", Results("s2", values=[430], order=number))
    with pytest.raises(PermissionDenied):
        found(operator, "L1", 0)
