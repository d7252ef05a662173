"""A shop in the store whose cutting takes 75 s a unit instead of 60, in ten orders."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from gemba.app import actions
from gemba.app.store.clock import set_now
from gemba.app.store.records import append
from tests.execute.orders.facts import at, shop
from tests.improve.learn.learn_facts import cuts

TIMES = [66, 68, 70, 72, 74, 76, 78, 80, 82, 84]
#: What tells the proposal for the time of a unit from every other.
CUT = '["steps", "time_per_unit", "Make chair", "Cut"]'


def slow_shop(user: Any, **tables: Any) -> Any:
    """The shop with its records; its clock stands at a day after them."""
    dataset = actions.import_operation(user, shop(**tables))
    orders, events, _ = cuts(TIMES)
    with transaction.atomic():
        append("Shop", orders, user=user)
        append("Shop", events, user=user)
    set_now("Shop", at(24), stands=True)
    return dataset
