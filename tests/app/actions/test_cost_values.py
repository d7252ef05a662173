"""New standard costs and the stock they value."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from gemba.app import actions
from gemba.app.actions.costs import roll_up_costs
from gemba.app.actions.stock import open_ledger
from gemba.app.queries.ledger import stock
from gemba.app.store.clock import now, set_now
from gemba.operation import Supplier, SupplyOption
from tests.execute.orders.facts import at, shop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shop(planner: Any) -> None:
    set_now("Shop", at(0), stands=True)
    make, buy = (
        shop().supply_options[0],
        SupplyOption(name="Buy", item="Leg", place="Shop", kind="buy", supplier="Turner", cost=4.0),
    )
    actions.import_operation(planner, shop(suppliers=(Supplier(name="Turner"),), supply_options=(make, buy)))
    with transaction.atomic():
        open_ledger("Shop")


def test_stock_gets_its_value_at_the_new_costs(planner: Any) -> None:
    (legs,) = stock("Shop").values()
    assert (legs.quantity, legs.value) == (400, 1400)
    roll_up_costs(planner, "Shop", "2026")
    (legs,) = stock("Shop").values()
    assert legs.value == 1600


def test_costs_that_hold_later_change_no_value_now(planner: Any) -> None:
    roll_up_costs(planner, "Shop", "2027", at=now("Shop") + timedelta(days=40))
    (legs,) = stock("Shop").values()
    assert legs.value == 1400
