"""Supply options: what recipes make, suppliers deliver and distributions move."""

from __future__ import annotations

from datetime import datetime

from gemba.exchange.frepple.build import Build, Spot, shifted
from gemba.exchange.frepple.calendars import highest
from gemba.exchange.frepple.entities import Entity
from gemba.exchange.frepple.recipes import ROUTING, Choice, Recipe, Recipes
from gemba.exchange.frepple.spots import Spots


class Sourcing:
    """Adds every supply option; buy and move options stay findable for the orders that use them."""

    def __init__(self, build: Build, recipes: Recipes, spots: Spots) -> None:
        self._build, self._model, self._recipes, self._spots = build, build.model, recipes, spots
        self.children: dict[str, list[str]] = {}
        for item in self._model.all("item"):
            if item.text("owner"):
                self.children.setdefault(item.text("owner"), []).append(item.name)
        self.buys: dict[tuple[Spot, str], str] = {}  # (item and place, supplier) -> option
        self.moves: dict[tuple[Spot, str], str] = {}  # (item and place, origin) -> option

    def add_makes(self) -> None:
        """A make option for each thing a recipe yields and each way that leads to it."""
        buffers = [b for b in self._model.all("buffer") if b.text("producing")]
        sole = {self._spots.buffers[b.name]: b.text("producing") for b in buffers}
        for recipe in self._recipes.all():
            for spot in recipe.outs:
                unused = sole.get(spot, recipe.root.name) != recipe.root.name
                for choice in recipe.choices:
                    self._make(recipe, spot, choice, unused)

    def _make(self, recipe: Recipe, spot: Spot, choice: Choice, unused: bool) -> None:
        name = recipe.name if spot == recipe.main else f"{recipe.name} for {spot[0]}"
        priority = _priority(recipe, choice)
        start, end = self._period(recipe, choice)
        share = choice.parts[-1].number("priority", 1.0) if choice.split else 0.0
        self._build.add(
            "supply_options", recipe.leaf, name=self._build.free_name("supply_options", name), item=spot[0],
            place=spot[1], kind="make", process=recipe.name, start=start, end=end, share=share,
            priority=0 if unused else min(priority, 1) if choice.split else priority, **self._sizes(recipe),
        )  # fmt: skip

    def _sizes(self, recipe: Recipe) -> dict[str, float | None]:
        """Minimum (1 unless said), multiple, maximum and batch window of orders; the tightest of a routing's steps."""
        ops = [recipe.leaf] if recipe.leaf.type != ROUTING else [recipe.leaf, *(op for _, op in recipe.steps)]
        minimum = max([op.number("size_minimum", 0.0) for op in ops if op.text("size_minimum")], default=1.0)
        for op in ops:
            calendar = self._model.get("calendar", op.text("size_minimum_calendar"))
            if calendar is not None:
                minimum = max(minimum, highest(self._build, calendar))
                self._model.warn(f"{op}: its minimum size changes over time; the largest, {minimum:g}, is used")
        maximum = min([m for op in ops if (m := op.number("size_maximum", 0.0)) > 0], default=None)
        return {
            "minimum": minimum if maximum is None else min(minimum, maximum), "maximum": maximum,
            "multiple": max(op.number("size_multiple", 0.0) for op in ops),
            "batch_window": max(op.duration("batchwindow", 0.0) for op in ops),
        }  # fmt: skip

    def _period(self, recipe: Recipe, choice: Choice) -> tuple[datetime | None, datetime | None]:
        """When orders may start: frePPLe's periods hold for their end, so they are moved by the time they take."""
        start, end = recipe.root.moment("effective_start"), recipe.root.moment("effective_end")
        for part in choice.parts:
            starts = [m for m in (start, part.moment("effective_start")) if m is not None]
            ends = [m for m in (end, part.moment("effective_end")) if m is not None]
            start, end = max(starts, default=None), min(ends, default=None)
        if start is None and end is None:
            return None, None
        takes = sum(op.duration("duration", 0.0) for _, op in recipe.steps if op.type != ROUTING)
        if any(op.type == "operation_time_per" for _, op in recipe.steps):
            self._model.warn(
                f"process '{recipe.name}': orders that start in its period are allowed, not those that end in it"
            )
            takes = 0.0
        start, end = shifted(start, -takes), shifted(end, -takes)
        if start is not None and end is not None and start >= end:
            self._model.warn(f"process '{recipe.name}' has an empty period and is never used")
            end = shifted(start, 1)
        return start, end

    def add_buys(self) -> None:
        """A buy option for each item (or child of the item), place and supplier."""
        for row in self._model.all("itemsupplier"):
            for item in self._leaves(row.text("item")):
                place = row.text("location")
                for spot in [self._spots.at(item, place)] if place else self._spots.of_item(item):
                    self._buy(row, spot)

    def _buy(self, row: Entity, spot: Spot) -> None:
        supplier = row.text("supplier")
        at = f" @ {spot[1]}" if spot[1] else ""
        name = self._build.free_name("supply_options", f"Purchase {spot[0]}{at} from {supplier}")
        self._bought_or_moved(row, spot, name, kind="buy", supplier=supplier)
        self.buys.setdefault((spot, supplier), name)

    def add_moves(self) -> None:
        """A move option for each item (or child of the item), origin and destination."""
        for row in self._model.all("itemdistribution"):
            for item in self._leaves(row.text("item")):
                origin, place = row.text("origin"), row.text("destination")
                for spot in [self._spots.at(item, place)] if place else self._spots.of_item(item):
                    if spot[1] != origin:
                        self._move(row, spot, origin)

    def _move(self, row: Entity, spot: Spot, origin: str) -> None:
        self._spots.at(spot[0], origin)
        name = self._build.free_name("supply_options", f"Ship {spot[0]} from {origin} to {spot[1]}")
        self._bought_or_moved(row, spot, name, kind="move", origin=origin)
        self.moves.setdefault((spot, origin), name)

    def _bought_or_moved(self, row: Entity, spot: Spot, name: str, **rest: str) -> None:
        lead = row.duration("leadtime", 0.0)
        for extra in ("hard_safety_leadtime", "extra_safety_leadtime"):
            lead += row.duration(extra, 0.0)
        maximum = row.number("size_maximum", 0.0)
        end = shifted(row.moment("effective_end"), 1 - lead)  # an arrival just at the end still counts
        self._build.add(
            "supply_options", row, name=name, item=spot[0], place=spot[1], lead_time=lead,
            minimum=row.number("size_minimum", 1.0), multiple=row.number("size_multiple", 0.0),
            maximum=maximum if maximum > 0 else None, cost=row.number("cost", 0.0),
            priority=max(0, int(row.number("priority", 1.0))), fence=max(0.0, row.duration("fence", 0.0)),
            batch_window=row.duration("batchwindow", 0.0), resource=row.text("resource"),
            resource_quantity=row.number("resource_qty", 1.0), start=shifted(row.moment("effective_start"), -lead),
            end=end, **rest,
        )  # fmt: skip

    def add_deliveries_from_anywhere(self) -> None:
        """Items marked ``global_purchase`` are delivered from any place that has them, moved there in no time."""
        for demand in self._model.all("demand"):
            if is_from_anywhere(demand):
                self._anywhere(demand.text("item"), demand.text("location"))

    def _anywhere(self, item: str, place: str) -> None:
        target = anywhere(place)
        if self._spots.used.get((item, target), 0) is None:
            return
        for spot in [s for s in self._spots.of_item(item) if s[1]]:
            self._build.add(
                "supply_options", name=f"Deliver {item} from {spot[1]} for {place}", item=item, place=target,
                kind="move", origin=spot[1], priority=1 if spot[1] == place else 2,
            )  # fmt: skip
        self._spots.at(item, target)

    def spot(self, plan: Entity) -> Spot:
        """Where an existing purchase or distribution order brings its item."""
        place = plan.text("destination") or plan.text("location")
        return self._spots.at(plan.text("item"), place)

    def _leaves(self, item: str) -> list[str]:
        """The item, where stock is kept of it, and all items below it."""
        found, todo, seen = [], [item], set()
        while todo:
            at = todo.pop()
            if at in seen:
                continue
            seen.add(at)
            found.append(at)
            todo += reversed(self.children.get(at, []))
        return [i for i in found if not self.children.get(i) or self._spots.of_item(i)]


def is_from_anywhere(demand: Entity) -> bool:
    """Whether a demand may be met from any place that has its item."""
    item = demand.model.get("item", demand.text("item"))
    asks = demand.text("location") and not demand.text("operation")
    return bool(asks and item is not None and item.flag("global_purchase", False))


def anywhere(place: str) -> str:
    """The place from which a demand is served that may be met from any place."""
    return f"{place} (from anywhere)"


def _priority(recipe: Recipe, choice: Choice) -> int:
    """The priority of a way: that of its suboperation, else of the operation; 0 anywhere means never by itself."""
    own = int(recipe.root.number("priority", 1.0))
    parts = [int(part.number("priority", 1.0)) for part in choice.parts]
    if own == 0 or 0 in parts:
        return 0
    return max(1, sum(parts) if parts else own)
