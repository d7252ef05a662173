"""What the small shop reported: orders, tasks and events made from times per unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from gemba.operation import Event, ReleasedOrder, ReleasedTask
from tests.execute.orders.facts import at

Records = tuple[list[ReleasedOrder], list[Event], list[ReleasedTask]]


def order(number: int, **more: Any) -> ReleasedOrder:
    given: dict[str, Any] = {
        "uid": f"o{number}", "at": at(number), "order": f"MO-{number}", "item": "Chair", "place": "Shop",
        "quantity": Decimal(10), "process": "Make chair", **more,
    }  # fmt: skip
    return ReleasedOrder(**given)


def cut(
    number: int, seconds: float, *, setup: float | None = 600.0, quantity: int = 10, scrap: int = 0, **more: Any
) -> list[Event]:
    """The cutting of an order: set up, then this many seconds of production."""
    begin = at(number)
    ready = begin + timedelta(seconds=setup or 0.0)
    fields: dict[str, Any] = {"order": f"MO-{number}", "step": "Cut", "resource": "Saw", **more}
    found = [Event(uid=f"{number}-s", at=begin, kind="started", **fields)]
    if setup is not None:
        found.append(Event(uid=f"{number}-u", at=ready, kind="set_up", start=begin, seconds=setup, **fields))
    end = ready + timedelta(seconds=seconds)
    found.append(
        Event(
            uid=f"{number}-f", at=end, kind="finished", start=ready, seconds=seconds, good=Decimal(quantity - scrap),
            scrap=Decimal(scrap), **fields,
        )
    )  # fmt: skip
    return found


def cuts(times: Sequence[float], **more: Any) -> Records:
    """One order of ten chairs for each of these times of a unit."""
    orders = [order(i) for i in range(len(times))]
    return orders, [e for i, t in enumerate(times) for e in cut(i, 10 * t, **more)], []
