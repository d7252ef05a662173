"""A stored plan with one demand late, one on time and the others short, made by hand; and people's browsers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gemba.operation import Delivery, Flow, Objective, Part, Peg, Plan, PlannedOrder, PlannedTask, Problem, Reason
from gemba.operation.moments import seconds

HOUR = 3600
LATE = 5 * HOUR


def made_by_hand(operation: Any) -> Plan:
    """The first demand is made too late, the second comes from stock; nothing else is delivered."""
    first, second = operation.demands[:2]
    now, due = seconds(operation.now), seconds(first.due)
    end = due + LATE
    order = PlannedOrder("P/1", "make", first.item, first.place, first.quantity, due, end, process="Make it")
    task = PlannedTask("P/1", "Paint", due, end, (("Paint line", 1.0),), setup=HOUR)
    parts = (
        Part("resource", due, due + 2 * HOUR, "P/1", "Paint", "Paint line", ("P/2",)),
        Part("work", due + 2 * HOUR, end, "P/1", "Paint", "Paint line"),
    )
    return Plan(
        operation.name,
        now,
        [order],
        [task],
        flows=[Flow("P/1", "Paint", first.item, first.place, first.quantity, end)],
        pegs=[Peg(first.item, first.place, first.quantity, "P/1", demand=first.name)],
        deliveries=[
            Delivery(first.name, first.quantity, end),
            Delivery(second.name, second.quantity, seconds(second.due)),
        ],
        problems=[Problem("safety_stock", first.item, "Below its safety stock", 3.0, now)],
        reasons=[Reason(first.name, LATE, 0.0, parts, tuple(reversed(parts)), "2 h waiting, 3 h work")],
        objective=Objective(value=4.0, bound=1.0, on_time=1, late=1, short=len(operation.demands) - 2),
    )


@pytest.fixture
def dataset(factory: Any, planner: Any) -> Any:
    from gemba.app.actions import import_operation

    return import_operation(planner, factory, "by hand")


@pytest.fixture
def version(dataset: Any, factory: Any, planner: Any) -> Any:
    from gemba.app.store.plans import save_plan

    return save_plan(dataset, made_by_hand(factory), user=planner)


@pytest.fixture
def browse(client: Any) -> Callable[..., Any]:
    """Gets a page of the factory, as somebody."""

    def get(user: Any, path: str = "", **query: Any) -> Any:
        client.force_login(user)
        return client.get(f"/operations/Garden%20furniture/{path}", query)

    return get
