"""frePPLe's demands: what is asked, how it may be shipped, and which of them are to be planned."""

from __future__ import annotations

from math import floor

from gemba.exchange.frepple.build import Build, Spot
from gemba.exchange.frepple.entities import Entity
from gemba.exchange.frepple.materials import Materials
from gemba.exchange.frepple.sourcing import anywhere, is_from_anywhere
from gemba.exchange.frepple.spots import Spots

_GROUP = "demand_group"
_STATES = {"": "open", "open": "open", "quote": "open", "inquiry": "closed", "closed": "closed",
           "canceled": "cancelled", "cancelled": "cancelled"}  # fmt: skip


def asked(demand: Entity, spots: Spots, materials: Materials) -> Spot:
    """The item and place a demand asks for."""
    if demand.text("operation"):
        return materials.delivered(demand)
    if is_from_anywhere(demand):
        return demand.text("item"), anywhere(demand.text("location"))
    return spots.demanded(demand)


def add_demands(build: Build, spots: Spots, materials: Materials) -> None:
    """Every demand of more than nothing. Absent priority is the highest; priority 0 is kept but not planned."""
    for demand in build.model.all("demand"):
        if demand.type == _GROUP:
            if demand.text("policy", "independent") != "independent":
                build.model.warn(f"{demand}: its members are delivered independently, not {demand.text('policy')}")
        elif demand.number("quantity", 0.0) <= 0:
            build.model.warn(f"{demand} asks for nothing and is left out")
        else:
            _demand(build, demand, asked(demand, spots, materials))


def _demand(build: Build, demand: Entity, spot: Spot) -> None:
    quantity, due, status = demand.number("quantity", 0.0), demand.moment("due"), _status(demand)
    if due is None or not spot[0]:
        missing = ("due", "a date and time") if due is None else ("item", "given, or a delivery operation")
        build.model.wrong(demand, missing[0], "", missing[1])
        return
    smallest = demand.number("minshipment", float(floor(quantity / 10)))
    build.add(
        "demands", demand, name=demand.name, item=spot[0], place=spot[1], quantity=quantity, due=due,
        priority=min(1000, max(1, int(demand.number("priority", 1.0)))), customer=demand.text("customer"),
        whole=smallest >= quantity, minimum_delivery=min(max(0.0, smallest), quantity),
        maximum_lateness=demand.duration("maxlateness", None), status=status,
    )  # fmt: skip


def _status(demand: Entity) -> str:
    stated = demand.text("status").lower()
    if stated not in _STATES:
        demand.model.wrong(demand, "status", stated, "one of open, quote, inquiry, closed, canceled")
    never = demand.text("priority") != "" and demand.number("priority", 1.0) == 0
    found = _STATES.get(stated, "open")
    return "closed" if never and found == "open" else found
