"""What a recipe takes and yields: frePPLe's flows, dependencies and implied output as rows of step_items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gemba.exchange.frepple.build import Spot, shifted
from gemba.exchange.frepple.entities import Entity, Model
from gemba.exchange.frepple.recipes import Recipe, Recipes
from gemba.exchange.frepple.spots import Spots

#: Types of flows and the moment they mean; others follow the sign (used at the start, yielded at the end).
_AT = {"flow_start": "start", "flow_fixed_start": "start", "flow_end": "end", "flow_fixed_end": "end"}


@dataclass(slots=True)
class Row:
    """A row of step_items in the making; quantities are positive, ``out`` says the direction."""

    step: str
    spot: Spot
    out: bool
    quantity: float
    fixed: float = 0.0
    at: str = ""
    offset: float = 0.0
    alternative: str = ""
    priority: int = 1
    start: datetime | None = None
    end: datetime | None = None

    def key(self) -> tuple[str, Spot, bool, datetime | None]:
        """What must be unique among the rows of a process."""
        return self.step, self.spot, self.out, self.start


class Materials:
    """Works out the material rows of recipes, and with them what each recipe yields."""

    def __init__(self, model: Model, recipes: Recipes, spots: Spots) -> None:
        self._model, self._recipes, self._spots = model, recipes, spots
        self._blockers = {row.text("blockedby") for row in model.all("dependency")}
        self._asked: dict[str, set[str]] = {}
        for demand in model.all("demand"):
            self._asked.setdefault(demand.text("operation"), set()).add(demand.text("item"))
        self._producing: dict[str, list[Spot]] = {}
        for buffer in model.all("buffer"):
            if buffer.text("producing"):
                self._producing.setdefault(buffer.text("producing"), []).append(spots.buffers[buffer.name])
        self._tokens: dict[str, Spot] = {}

    def rows(self, recipe: Recipe) -> list[Row]:
        """The rows of a recipe; sets its main item and all it yields."""
        first, last = recipe.steps[0][0], recipe.steps[-1][0]
        rows = [self._row(recipe, f, name, op) for name, op in recipe.steps for f in self._flows(op)]
        for op in recipe.around:
            rows += [self._row(recipe, f, *recipe.steps[0 if _moment(f) == "start" else -1]) for f in self._flows(op)]
        found = [row for row in rows if row.quantity or row.fixed]
        found += self._blocked(recipe, first)
        found = self._implied(recipe, last, found)
        return _merged(self._model, recipe, found)

    def _flows(self, op: Entity) -> list[Entity]:
        return self._recipes.flows.get(op.name, [])

    def _row(self, recipe: Recipe, flow: Entity, step: str, op: Entity) -> Row:
        """A flow at a step; ``op`` is the step's operation."""
        quantity, fixed = flow.number("quantity", 0.0), flow.number("quantity_fixed", 0.0)
        out = quantity > 0 or (quantity == 0 and fixed > 0)
        moment, usual = _moment(flow), "end" if out else "start"
        if "transfer" in flow.type:
            self._model.warn(f"{op}: a flow in transfer batches is read as one at the {usual}")
        if flow.duration("offset", 0.0) and self._has_hours(recipe, op):
            self._model.warn(f"{op}: the offset of '{flow.text('item')}' counts every hour, not only open ones")
        place = op.text("location") if flow in self._flows(op) else ""
        start, end = self._period(flow, op, moment)
        return Row(
            step, self._spots.of_flow(flow, place or recipe.place), out, abs(quantity), abs(fixed),
            moment if moment != usual else "", flow.duration("offset", 0.0), flow.text("name"),
            int(flow.number("priority", 1.0)), start, end,
        )  # fmt: skip

    def _has_hours(self, recipe: Recipe, op: Entity) -> bool:
        location = self._model.get("location", op.text("location") or recipe.place)
        return bool(op.text("available") or (location is not None and location.text("available")))

    def _period(self, flow: Entity, op: Entity, moment: str) -> tuple[datetime | None, datetime | None]:
        """When tasks may start that have the flow: frePPLe's period holds for the moment of the flow itself."""
        start, end = flow.moment("effective_start"), flow.moment("effective_end")
        later = flow.duration("offset", 0.0) + (op.duration("duration", 0.0) if moment == "end" else 0.0)
        if (start or end) and moment == "end" and op.type == "operation_time_per":
            self._model.warn(f"{op}: a flow holds for tasks that start in its period, not for those that end in it")
            later = 0.0
        return shifted(start, -later), shifted(end, -later)

    def _blocked(self, recipe: Recipe, first: str) -> list[Row]:
        """An operation that waits for another takes a token that the other yields, one for each unit."""
        inside = {op.name for _, op in recipe.steps}
        found = []
        for name, op in [*recipe.steps, *((first, around) for around in recipe.around)]:
            for row in self._recipes.blocks.get(op.name, []):
                if row.text("blockedby") not in inside:
                    found.append(Row(name, self.token(row.text("blockedby")), False, row.number("quantity", 1.0)))
        return found

    def token(self, operation: str) -> Spot:
        """The item that stands for an operation being done: a delivery, or a task that others wait for."""
        if operation not in self._tokens:
            item = operation if operation not in self._model.named["item"] else f"{operation} (done)"
            places = [recipe.place for recipe in self._recipes.of.get(operation, [])]
            self._tokens[operation] = item, next((place for place in places if place), "")
        return self._tokens[operation]

    def tokens(self) -> set[str]:
        """The items that stand for operations being done."""
        return {item for item, _ in self._tokens.values()}

    def delivered(self, demand: Entity) -> Spot:
        """What a demand asks for: its item where its delivery operation makes it, else the operation being done."""
        operation = demand.text("operation")
        made = [spot for recipe in self._recipes.of.get(operation, []) for spot in recipe.outs]
        return next((spot for spot in made if spot[0] == demand.text("item")), self.token(operation))

    def _implied(self, recipe: Recipe, last: str, rows: list[Row]) -> list[Row]:
        """Adds what is yielded without a flow saying so, and sets what the recipe makes."""
        spots = list(dict.fromkeys(row.spot for row in rows if row.out))
        for spot in self._producing.get(recipe.root.name, []):
            if spot not in spots:
                rows.append(Row(last, spot, True, 1.0))
                spots.append(spot)
        item = next((op.text("item") for op in (recipe.leaf, *recipe.above) if op.text("item")), "")
        made = [spot for spot in spots if spot[0] == item]
        if item and not made:
            made = [self._spots.at(item, recipe.place)]
            rows.append(Row(last, made[0], True, 1.0))
            spots.insert(0, made[0])
        asked = self._asked.get(recipe.root.name, set()) - {spot[0] for spot in spots}
        if not spots or asked or recipe.root.name in self._blockers:
            spots.append(self.token(recipe.root.name))
            rows.append(Row(last, spots[-1], True, 1.0))
        recipe.main, recipe.outs = made[0] if made else spots[0], spots
        return rows


def _moment(flow: Entity) -> str:
    usual = "start" if flow.number("quantity", 0.0) < 0 or flow.number("quantity_fixed", 0.0) < 0 else "end"
    return _AT.get(flow.type, usual)


def _merged(model: Model, recipe: Recipe, rows: list[Row]) -> list[Row]:
    """One row for each step, item, place, direction and beginning: quantities that meet are added up."""
    found: dict[tuple[str, Spot, bool, datetime | None], Row] = {}
    for row in rows:
        same = found.setdefault(row.key(), row)
        if same is row:
            continue
        if (same.at, same.offset, same.alternative, same.end) != (row.at, row.offset, row.alternative, row.end):
            model.warn(f"process '{recipe.name}': several flows of '{row.spot[0]}' at '{row.step}' are read as one")
        same.quantity += row.quantity
        same.fixed += row.fixed
    return list(found.values())
