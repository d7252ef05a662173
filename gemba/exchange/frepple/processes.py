"""Recipes become processes with their steps, links, resources and materials."""

from __future__ import annotations

from gemba.exchange.frepple.build import Build
from gemba.exchange.frepple.entities import Entity
from gemba.exchange.frepple.materials import Materials, Row
from gemba.exchange.frepple.recipes import CHOICES, ROUTING, Recipe, Recipes
from gemba.exchange.frepple.resources import add_loads


def add_processes(build: Build, recipes: Recipes, materials: Materials) -> None:
    """One process for each recipe, with everything that belongs to it."""
    for recipe in recipes.all():
        rows = materials.rows(recipe)
        place = _place(recipe, rows)
        item, at = recipe.main
        build.add("processes", recipe.leaf, name=recipe.name, item=item, place=place,
                  description=recipe.leaf.prose("description"))  # fmt: skip
        for i, (name, op) in enumerate(recipe.steps):
            _step(build, recipe, name, op, i, place)
            add_loads(build, recipe, name, _loads(recipes, recipe, op))
        _links(build, recipe, recipes)
        usual = _usual(rows, recipe, item, at, place)
        for row in rows:
            if row is not usual:
                _item(build, recipe, row, place)


def _place(recipe: Recipe, rows: list[Row]) -> str:
    """The process's place; none where it takes from or puts to the place without a name (a blank row means its own)."""
    return "" if any(not row.spot[1] for row in rows) else recipe.place


def _usual(rows: list[Row], recipe: Recipe, item: str, at: str, place: str) -> Row | None:
    """The row that says no more than the process's item does: one unit of it for each unit, there, at the end."""
    mine = [row for row in rows if row.out and row.spot == (item, at)]
    if at != place or len(mine) != 1 or mine[0].step != recipe.steps[-1][0]:
        return None
    row = mine[0]
    plain = (row.quantity, row.fixed, row.at, row.offset, row.start, row.end) == (1.0, 0.0, "", 0.0, None, None)
    return row if plain else None


def _step(build: Build, recipe: Recipe, name: str, op: Entity, i: int, place: str) -> None:
    model = build.model
    fence = op.duration("fence", 0.0) or (recipe.leaf.duration("fence", 0.0) if i == 0 else 0.0)
    if fence < 0:
        model.warn(f"{op} may start {-fence / 86400:g} days before the planning moment; here nothing starts before it")
    for soft in (op, *recipe.around):
        if soft.duration("posttime", 0.0):
            model.warn(f"{soft}: its post-operation time is a wish and not planned")
    per_unit = op.duration("duration_per", 0.0) if op.type == "operation_time_per" else 0.0
    build.add(
        "steps", op, process=recipe.name, name=name, sequence=10 * (i + 1), cost=_cost(op, recipe, i),
        time=max(0.0, op.duration("duration", 0.0)) if op.type not in (ROUTING, *CHOICES) else 0.0,
        time_per_unit=max(0.0, per_unit), fence=max(0.0, fence), calendar=_calendar(build, recipe, op, place),
    )  # fmt: skip


def _cost(op: Entity, recipe: Recipe, i: int) -> float:
    """Cost of a unit; what a routing or alternate costs itself is added to its first step."""
    return op.number("cost", 0.0) + (sum(o.number("cost", 0.0) for o in recipe.around) if i == 0 else 0.0)


def _calendar(build: Build, recipe: Recipe, op: Entity, place: str) -> str:
    """A step's calendar beside its place's: the operation's, or its location's where the process is elsewhere."""
    found = [o.text("available") for o in (op, *recipe.around) if o.text("available")]
    location = build.model.get("location", op.text("location") or recipe.place)
    if location is not None and location.name != place and location.text("available"):
        found.append(location.text("available"))
    distinct = list(dict.fromkeys(found))
    if len(distinct) > 1:
        build.model.warn(f"{op} has several calendars ({', '.join(distinct)}); only '{distinct[0]}' is used")
    return distinct[0] if distinct else ""


def _loads(recipes: Recipes, recipe: Recipe, op: Entity) -> list[Entity]:
    """The loads of a step's operation and of those around it, which hold for all steps."""
    return [load for o in (op, *recipe.around) for load in recipes.loads.get(o.name, [])]


def _links(build: Build, recipe: Recipe, recipes: Recipes) -> None:
    """Dependencies among the steps of a routing replace their order."""
    names = {op.name: name for name, op in recipe.steps}
    for name, op in recipe.steps:
        for row in recipes.blocks.get(op.name, []):
            before = names.get(row.text("blockedby"))
            if before is not None and before != name:
                build.add("step_links", row, process=recipe.name, before=before, after=name,
                          minimum_lag=row.duration("hard_safety_leadtime", 0.0))  # fmt: skip


def _item(build: Build, recipe: Recipe, row: Row, place: str) -> None:
    item, at = row.spot
    build.add(
        "step_items", recipe.leaf, process=recipe.name, step=row.step, item=item, place="" if at == place else at,
        direction="out" if row.out else "in", quantity=row.quantity, fixed_quantity=row.fixed, at=row.at,
        offset=row.offset, alternative=row.alternative, priority=max(0, row.priority), start=row.start, end=row.end,
    )  # fmt: skip
