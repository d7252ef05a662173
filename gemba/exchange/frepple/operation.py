"""Puts everything together: frePPLe's entities become one operation."""

from __future__ import annotations

from datetime import datetime

from gemba.exchange.frepple.build import Build, Spot
from gemba.exchange.frepple.calendars import add_calendars
from gemba.exchange.frepple.demands import add_demands, asked
from gemba.exchange.frepple.entities import Entity, Model
from gemba.exchange.frepple.materials import Materials
from gemba.exchange.frepple.orders import add_orders
from gemba.exchange.frepple.processes import add_processes
from gemba.exchange.frepple.recipes import Recipes
from gemba.exchange.frepple.resources import add_resources, add_setups
from gemba.exchange.frepple.sourcing import Sourcing
from gemba.exchange.frepple.spots import Spots
from gemba.operation import references
from gemba.operation.fault import OperationError
from gemba.operation.operation import Operation

_HORIZON = 3650 * 86400.0
_AFTER_LAST = 366 * 86400.0


def to_operation(model: Model) -> Operation:
    """The operation a frePPLe model describes; what could not be represented is noted in ``model.warnings``.

    Raises:
        OperationError: with every fault found.
    """
    build = Build(model)
    _settings(build)
    if build.tables["settings"]:
        _fill(build)
    faults = model.faults or references.check(build.tables)
    if faults:
        raise OperationError(dict.fromkeys(faults))
    return Operation.of({**build.tables}, checked=True)


def _fill(build: Build) -> None:
    model = build.model
    spots, recipes = Spots(build), Recipes(build)
    materials = Materials(model, recipes, spots)
    add_calendars(build)
    add_setups(build)
    add_resources(build)
    add_processes(build, recipes, materials)
    for demand in model.all("demand"):
        asked(demand, spots, materials)  # a demand, too, is a place where its item is kept
    sourcing = Sourcing(build, recipes, spots)
    sourcing.add_makes()
    sourcing.add_moves()
    sourcing.add_deliveries_from_anywhere()
    sourcing.add_buys()
    _partners(build)
    add_demands(build, spots, materials)
    _stock_policies(build, spots)
    _items_and_places(build, spots, materials)
    add_orders(build, recipes, sourcing)
    _stocks(build, spots)
    searches = {e.text("search", "PRIORITY") for kind in ("operation", "load", "flow") for e in model.all(kind)}
    if searches != {"PRIORITY"}:
        model.warn("search modes by cost or penalty are not used: alternatives are preferred by priority")


def _settings(build: Build) -> None:
    model = build.model
    now = Entity("plan", "", model, fields={"now": model.settings.get("current", "")})
    at = now.moment("now")
    if at is None:
        model.wrong(now, "current", now.text("now"), "the planning moment, such as 2026-11-30T00:00:00")
        return
    last = max((m for m in _dates(model)), default=at)
    build.add("settings", name=model.settings.get("name") or model.source or "frePPLe", now=at,
              horizon=max(_HORIZON, (last - at).total_seconds() + _AFTER_LAST),
              description=" ".join(model.settings.get("description", "").split()))  # fmt: skip


def _dates(model: Model) -> list[datetime]:
    """Dates of demands and orders."""
    rows = [(d, "due") for d in model.all("demand")]
    rows += [(p, f) for p in model.all("operationplan") for f in ("start", "end")]
    return [m for m in (entity.moment(name) for entity, name in rows) if m is not None]


def _partners(build: Build) -> None:
    for supplier in build.model.all("supplier"):
        build.add("suppliers", supplier, name=supplier.name, calendar=supplier.text("available"))
    for customer in build.model.all("customer"):
        build.add("customers", customer, name=customer.name)


def _items_and_places(build: Build, spots: Spots, materials: Materials) -> None:
    """Items and places: those frePPLe names, and those the mapping needs besides."""
    model = build.model
    for item in model.all("item"):
        build.add("items", item, name=item.name, unit="unit", cost=max(0.0, item.number("cost", 0.0)),
                  family=item.text("owner"), description=item.prose("description"))  # fmt: skip
    for location in model.all("location"):
        build.add("places", location, name=location.name, parent=_parent(build, location),
                  calendar=location.text("available"), description=location.prose("description"))  # fmt: skip
    loose = {b.name: b.text("item") for b in model.all("buffer")}
    done = materials.tokens()
    for item_name, place in _needed(build, spots):
        if item_name and not build.has("items", item_name):
            kind = "service" if item_name in done else "product"
            build.add("items", name=item_name, unit="unit", kind=kind, family=loose.get(item_name, ""))
        if place and not build.has("places", place):
            build.add("places", name=place, kind="store")


def _needed(build: Build, spots: Spots) -> list[Spot]:
    named = ("step_items", "processes", "demands", "supply_options")
    return [*spots.used, *((row.item, row.place) for name in named for row in build.tables[name])]


def _parent(build: Build, location: Entity) -> str:
    """A location's owner; not where that has working hours, as frePPLe's locations do not inherit them."""
    owner = build.model.get("location", location.text("owner"))
    seen = {location.name}
    at = owner
    while at is not None and at.name not in seen:
        if at.text("available"):
            build.model.warn(f"{location} is not put below '{location.text('owner')}', which has its own hours")
            return ""
        seen.add(at.name)
        at = build.model.get("location", at.text("owner"))
    return owner.name if owner else ""


def _stock_policies(build: Build, spots: Spots) -> None:
    for buffer in build.model.all("buffer"):
        item, place = spots.buffers[buffer.name]
        if build.has("stock_policies", item, place):
            build.model.warn(f"{buffer}: another buffer already keeps '{item}' at '{place}'")
            continue
        unlimited = buffer.type == "buffer_infinite"
        maximum = buffer.number("maximum", None)
        kept = buffer.number("minimum", 0.0) or buffer.text("minimum_calendar")
        if not (unlimited or maximum or kept):
            continue
        build.add(
            "stock_policies", buffer, item=item, place=place, safety_stock=max(0.0, buffer.number("minimum", 0.0)),
            safety_calendar=buffer.text("minimum_calendar"), maximum=maximum if maximum else None,
            supply="unlimited" if unlimited else "planned",
        )  # fmt: skip


def _stocks(build: Build, spots: Spots) -> None:
    """What is on hand, with what completed orders left to be booked."""
    found = dict(build.booked)
    for buffer in build.model.all("buffer"):
        spot = spots.buffers[buffer.name]
        found[spot] = found.get(spot, 0.0) + buffer.number("onhand", 0.0)
    for (item, place), quantity in found.items():
        if quantity < 0:
            build.model.warn(f"the stock of '{item}' at '{place}' is {quantity:g}, read as 0")
        if quantity > 0:
            build.add("stocks", item=item, place=place, quantity=quantity)
