"""frePPLe's operation plans that exist already: confirmed, approved and completed orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gemba.exchange.frepple.build import Build, Spot
from gemba.exchange.frepple.entities import Entity
from gemba.exchange.frepple.recipes import Recipe, Recipes
from gemba.exchange.frepple.sourcing import Sourcing
from gemba.exchange.frepple.tasks import Timing
from gemba.operation.fault import OperationError

#: States that are planned around; proposed ones are left out, as the planner makes its own.
_STATES = {"confirmed": "firm", "approved": "proposed", "completed": "done"}


@dataclass(slots=True)
class Shared:
    """What orders are read with: recipes by operation, options by item and supplier, and the parts of routings."""

    build: Build
    recipes: Recipes
    sourcing: Sourcing
    parts: dict[str, list[Entity]]  # operation plans by the plan that owns them


def add_orders(build: Build, recipes: Recipes, sourcing: Sourcing) -> None:
    """Every existing order. What a completed one yielded and used is put on the stock."""
    parts: dict[str, list[Entity]] = {}
    for plan in build.model.all("operationplan"):
        if plan.text("owner"):
            parts.setdefault(plan.text("owner"), []).append(plan)
    shared = Shared(build, recipes, sourcing, parts)
    timing = _timing(build)
    for plan in build.model.all("operationplan"):
        if not plan.text("owner"):
            _order(shared, plan, timing)


def _timing(build: Build) -> Timing | None:
    """Working hours of the operation read so far; None where its data are wrong (the faults come out at the end)."""
    try:
        return Timing(build)
    except OperationError:
        return None


def _order(shared: Shared, plan: Entity, timing: Timing | None) -> None:
    model = shared.build.model
    status = plan.text("status", "proposed").lower()
    if status not in _STATES or plan.number("quantity", 0.0) <= 0:
        if status in ("proposed", ""):
            model.warn("proposed orders are left out: the planner makes its own")
        elif status not in (*_STATES, "closed"):
            model.wrong(plan, "status", status, "one of proposed, approved, confirmed, completed, closed")
        return
    if status == "approved":
        model.warn("approved orders are read as proposals: what they make is planned anew where it is needed")
    kind = plan.text("ordertype", "MO" if plan.text("operation") else "PO")
    if kind == "MO":
        _make(shared, plan, status, timing)
    elif kind in ("PO", "DO"):
        _bring(shared, plan, status, kind)
    else:
        model.warn(f"order '{plan.name}' of type {kind} is left out")


def _bring(shared: Shared, plan: Entity, status: str, kind: str) -> None:
    """A purchase or distribution order."""
    spot = shared.sourcing.spot(plan)
    if kind == "PO":
        options, key, lead = shared.sourcing.buys, plan.text("supplier"), "supplier"
    else:
        options, key, lead = shared.sourcing.moves, plan.text("origin"), "origin"
    option = options.get((spot, key)) or next((o for (s, _), o in options.items() if s == spot and not key), "")
    if status == "completed":
        _book(shared.build, spot, plan.number("quantity", 0.0))
        return
    if not option:
        shared.build.model.warn(f"order '{plan.name}': no {lead} '{key}' is known for '{spot[0]}'; it just arrives")
    start, end = plan.moment("start"), plan.moment("end")
    _add(shared.build, plan, status, spot, option=option, start=start, end=end)


def _make(shared: Shared, plan: Entity, status: str, timing: Timing | None) -> None:
    """A manufacturing order, with its tasks where it uses resources or is a routing."""
    children = shared.parts.get(plan.name, [])
    recipe = _recipe(shared.recipes, plan, children)
    if recipe is None:
        part = plan.text("operation")
        shared.build.model.warn(f"order '{plan.name}' of operation '{part}' is left out: it is no whole process")
        return
    if status == "completed":
        _complete(shared.build, recipe, plan.number("quantity", 0.0))
        return
    if not plan.flag("produce_material", True):
        shared.build.model.warn(f"order '{plan.name}' yields nothing and is left out")
        return
    if timing is None:
        return
    tasks = timing.tasks(recipe, plan, children)
    if not tasks:
        return
    if any(p.fields.get("flowplan") for p in (plan, *children)):
        shared.build.model.warn(f"order '{plan.name}': its own material quantities are not used, only its operation's")
    start, end = min(t.start for t in tasks), max(t.end for t in tasks)
    made = _add(shared.build, plan, status, recipe.main, process=recipe.name, start=start, end=end)
    for task in tasks if made and status == "confirmed" else ():
        shared.build.add(
            "order_tasks", plan, order=plan.name, step=task.step, resource=", ".join(task.resources),
            start=task.start, end=task.end, state=task.state,
        )  # fmt: skip


def _recipe(recipes: Recipes, plan: Entity, children: list[Entity]) -> Recipe | None:
    """The recipe of an order: of its operation, or of the alternate that its part says was chosen."""
    operation = plan.text("operation")
    chosen = {child.text("operation") for child in children}
    known = recipes.of.get(operation, [])
    for recipe in known:
        if recipe.leaf.name in chosen:
            return recipe
    if known:
        return known[0]
    return next((r for r in recipes.all() if r.leaf.name == operation), None)


def _add(build: Build, plan: Entity, status: str, spot: Spot, *, start: datetime | None, end: datetime | None,
         option: str = "", process: str = "") -> bool:  # fmt: skip
    state = _STATES[status]
    now = build.tables["settings"][0].now
    if state == "firm" and start is not None and start < now:
        state = "started"
    demand = plan.text("demand")
    made = build.add(
        "orders", plan, name=plan.name, option=option, process=process, item=spot[0], place=spot[1],
        quantity=plan.number("quantity", 0.0), start=start, end=end, state=state,
        demand=demand if build.has("demands", demand) else "", uses_inputs=plan.flag("consume_material", True),
        uses_capacity=plan.flag("consume_capacity", True),
    )  # fmt: skip
    return made is not None


def _complete(build: Build, recipe: Recipe, quantity: float) -> None:
    """A finished order that is not booked yet: its yield joins the stock, its inputs leave it."""
    rows = [r for r in build.tables["step_items"] if r.process == recipe.name and not r.alternative]
    process = next(p for p in build.tables["processes"] if p.name == recipe.name)
    if not any(r.direction == "out" and (r.item, r.place or process.place) == recipe.main for r in rows):
        _book(build, recipe.main, quantity)
    for row in rows:
        amount = row.quantity * quantity + row.fixed_quantity
        _book(build, (row.item, row.place or process.place), amount if row.direction == "out" else -amount)


def _book(build: Build, spot: Spot, quantity: float) -> None:
    build.booked[spot] = build.booked.get(spot, 0.0) + quantity
