"""Points and limits of control charts: left out, corrected, fixed and taken back; and what is judged by them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from gemba.app import actions
from gemba.app.actions.chart_limits import correct_value, fix_limits, leave_out, withdraw_limits
from gemba.app.actions.quality import Results, record_results
from gemba.app.actions.refused import RefusedError
from gemba.app.actions.release import NEW, create_order
from gemba.app.queries import quality, spc
from gemba.app.store.clock import set_now
from gemba.app.store.operations import NotFoundError
from gemba.operation import ReleasedOrder
from tests.execute.quality.joinery import AT, NAME, joinery

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


def order(user: Any, quantity: int = 40) -> str:
    head = ReleasedOrder(uid="o1", at=AT, order=NEW, item="Leg", place="Mill", quantity=Decimal(quantity),
                         process="Make legs", customer="Outlet")  # fmt: skip
    return create_order(user, NAME, head)


def test_a_point_left_out_for_its_cause_is_not_in_the_limits_until_it_is_put_back(
    plant: str, operator: Any, boss: Any
) -> None:
    number = order(boss)
    values = [430.2 if i % 2 else 429.8 for i in range(20)]
    record_results(operator, plant, "Leg length", Results("p1", values=[*values, 432.9], order=number))
    c = quality.find(plant, "Leg length")
    before = spc.view(plant, c, base="all")
    assert before.control is not None
    assert before.control.limits.centre > 430.1
    assert leave_out(boss, plant, "Leg length", "p1/20", "Fence slipped", uid="c1") == 1
    after_it = spc.view(plant, c, base="all")
    assert after_it.control is not None
    assert after_it.control.limits.centre == pytest.approx(430)
    assert after_it.points[-1].cause == "Fence slipped"
    leave_out(boss, plant, "Leg length", "p1/20", "", uid="c2")
    assert spc.view(plant, c).points[-1].cause == ""
    with pytest.raises(NotFoundError):
        leave_out(boss, plant, "Leg length", "no", "x", uid="c3")


def test_limits_that_are_withdrawn_hold_no_longer(plant: str, operator: Any, boss: Any) -> None:
    number = order(boss)
    record_results(operator, plant, "Leg length", Results("p1", values=[430, 431, 430], order=number))
    fix_limits(boss, plant, "Leg length", uid="l1")
    c = quality.find(plant, "Leg length")
    assert spc.view(plant, c).base == "fixed"
    withdraw_limits(boss, plant, "Leg length", uid="w1")
    withdraw_limits(boss, plant, "Leg length", uid="w1")
    seen = spc.view(plant, c)
    assert (seen.base, seen.control) == ("first", None)
    assert "Limits need 20 points; there are 3" in seen.problem
    with pytest.raises(RefusedError):
        withdraw_limits(boss, plant, "Leg length", uid="w2")


def test_a_value_typed_wrong_is_corrected_and_what_was_raised_for_it_is_decided_on(
    plant: str, operator: Any, boss: Any
) -> None:
    number = order(boss)
    record_results(operator, plant, "Leg length", Results("s1", values=[4301], order=number))
    with pytest.raises(PermissionDenied):
        correct_value(operator, plant, "s1/0", 430.1, "comma", uid="k1")
    with pytest.raises(RefusedError, match="why"):
        correct_value(boss, plant, "s1/0", 430.1, " ", uid="k1")
    with pytest.raises(NotFoundError):
        correct_value(boss, plant, "no", 430.1, "comma", uid="k1")
    correct_value(boss, plant, "s1/0", 430.1, "comma", uid="k1")
    (reading,) = quality.measured(plant, "Leg length")
    assert (reading.value, reading.cause, reading.measurement.uid) == (430.1, "", "s1/0")
    _, result = quality.of_lot(plant, quality.find(plant, "Leg length"), "", number)
    assert result is not None
    assert result.accepted is True
    with pytest.raises(RefusedError, match="correction itself"):
        correct_value(boss, plant, "k1", 431, "again", uid="k2")


def test_values_of_one_subgroup_sent_one_by_one_are_judged_when_the_point_is_there(plant: str, operator: Any) -> None:
    from dataclasses import replace

    plan = joinery()
    length = next(c for c in plan.characteristics if c.name == "Leg length")
    every = (replace(length, chart="xbar_r", subgroup=2),)
    actions.import_operation(operator.__class__.objects.get(username="planner"), joinery(characteristics=every))
    groups = [v for i in range(20) for v in (429.6 + i % 2 / 10, 430.4)]
    record_results(operator, plant, "Leg length", Results("p", values=groups, resource="Saw 1"))
    first = record_results(operator, plant, "Leg length", Results("a", values=[432], subgroup="g", resource="Saw 1"))
    assert first.findings == []
    second = record_results(operator, plant, "Leg length", Results("b", values=[432.1], subgroup="g", resource="Saw 1"))
    assert second.findings[0].text.startswith("beyond limits: point 432")


def test_with_fixed_limits_only_the_latest_values_and_the_lot_s_own_are_read(
    plant: str, operator: Any, boss: Any, monkeypatch: Any
) -> None:
    number = order(boss)
    values = [430.2 if i % 2 else 429.8 for i in range(20)]
    record_results(operator, plant, "Leg length", Results("p1", values=values, order=number))
    fix_limits(boss, plant, "Leg length", uid="l1")
    monkeypatch.setattr(quality, "WINDOW", 16)
    assert len(quality.latest(plant, quality.find(plant, "Leg length"), "", "")) == 16
    assert len(quality.latest(plant, quality.find(plant, "Leg length"), "", number)) == 20
    for i in range(7):
        done = record_results(operator, plant, "Leg length", Results(f"r{i}", values=[430.1], resource="Saw 1"))
    assert "8 on one side" in done.findings[0].text
