"""Which processes frePPLe's operations amount to: alternates and splits are opened up, routings become steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from gemba.exchange.frepple.build import Build
from gemba.exchange.frepple.entities import Entity, Model

#: No model has so many steps in all its operations together.
MOST = 200_000
CHOICES = ("operation_alternate", "operation_split")
ROUTING = "operation_routing"
Above = tuple[Entity, ...]


@dataclass(slots=True)
class Choice:
    """One way to do an operation: the suboperation rows that lead to it say its priority and period."""

    parts: tuple[Entity, ...] = ()  # from the operation down; empty where the operation itself is done
    split: bool = False


@dataclass(slots=True)
class Recipe:
    """What becomes one process: an operation that takes time, or a routing, as a way to do ``root``."""

    name: str
    root: Entity
    leaf: Entity
    above: tuple[Entity, ...]  # alternates and splits between root and leaf, the nearest first
    choices: list[Choice] = field(default_factory=list)
    steps: list[tuple[str, Entity]] = field(default_factory=list)
    place: str = ""
    #: What it yields first of all, set when its materials are known.
    main: tuple[str, str] = ("", "")
    outs: list[tuple[str, str]] = field(default_factory=list)

    @property
    def around(self) -> tuple[Entity, ...]:
        """The operations whose flows and loads hold for the whole of it, besides those of its steps."""
        return ((self.leaf,) if self.leaf.type == ROUTING else ()) + self.above


class Recipes:
    """Every recipe of the model, by the operation that asks for it."""

    def __init__(self, build: Build) -> None:
        self._model = build.model
        for row in build.model.all("suboperation"):
            if not row.text("operation"):
                build.model.wrong(row, "operation", "", "given for every suboperation")
        self.parts = _by(build.model, "suboperation", "owner")
        for owner, rows in self.parts.items():
            whole = (row for row in rows if row.text("operation"))
            self.parts[owner] = sorted(whole, key=lambda row: row.number("priority", 1.0))
        self.flows = _by(build.model, "flow", "operation")
        self.loads = _by(build.model, "load", "operation")
        self.blocks = _by(build.model, "dependency", "operation")
        self._names: set[str] = set()
        self._seen = 0
        self.of: dict[str, list[Recipe]] = {}
        for root in self._roots():
            self.of[root.name] = self._recipes(root)

    def all(self) -> Iterator[Recipe]:
        return (recipe for recipes in self.of.values() for recipe in recipes)

    def _roots(self) -> list[Entity]:
        """Operations asked for by themselves: no part of another, or named by a demand, a buffer or a dependency."""
        owned = {row.text("operation") for row in self._model.all("suboperation")}
        asked = {d.text("operation") for d in self._model.all("demand")}
        asked |= {b.text("producing") for b in self._model.all("buffer")}
        steps = {r.text("operation") for owner, rows in self.parts.items() for r in rows if self._is_routing(owner)}
        asked |= {row.text("blockedby") for row in self._model.all("dependency")} - steps
        return [op for op in self._model.all("operation") if op.name not in owned or op.name in asked]

    def _is_routing(self, name: str) -> bool:
        operation = self._model.get("operation", name)
        return operation is not None and operation.type == ROUTING

    def _recipes(self, root: Entity) -> list[Recipe]:
        found: dict[tuple[str, ...], Recipe] = {}
        for leaf, above, choice in self._ways(root, (), Choice()):
            key = (leaf.name, *(op.name for op in above))
            if key not in found:
                found[key] = self._recipe(root, leaf, above)
            found[key].choices.append(choice)
        return list(found.values())

    def _ways(self, op: Entity, above: Above, choice: Choice) -> Iterator[tuple[Entity, Above, Choice]]:
        """Each operation that does ``op``, what is between them, and the choice that leads to it."""
        if op.type not in CHOICES:
            self._seen += 1
            yield op, above, choice
            return
        if self._endless(op, tuple(other.name for other in above)):
            return
        if not self.parts.get(op.name):
            self._model.warn(f"{op} has no suboperations and cannot be done")
        for part in self.parts.get(op.name, []):
            sub = self._model.find("operation", part.text("operation"))
            split = choice.split or op.type == "operation_split"
            yield from self._ways(sub, (op, *above), Choice((*choice.parts, part), split))

    def _recipe(self, root: Entity, leaf: Entity, above: tuple[Entity, ...]) -> Recipe:
        name = leaf.name if leaf.name not in self._names else f"{leaf.name} ({root.name})"
        self._names.add(name)
        recipe = Recipe(name, root, leaf, above)
        for step in self._steps(leaf, ()) or [leaf]:
            taken = {n for n, _ in recipe.steps}
            unique = step.name if step.name not in taken else f"{step.name} ({len(recipe.steps) + 1})"
            recipe.steps.append((unique, step))
        places = [op.text("location") for op in (leaf, *above, *(s for _, s in recipe.steps))]
        recipe.place = next((place for place in places if place), "")
        return recipe

    def _steps(self, op: Entity, within: tuple[str, ...]) -> list[Entity]:
        """The operations of a routing in their order; any other operation is its own only step."""
        inside = (*within, op.name)
        if self._endless(op, within):
            return []
        if op.type in CHOICES:
            way = next(self._ways(op, (), Choice()), None)
            self._model.warn(f"{op} is a choice inside a routing; its first alternative is always used")
            return self._steps(way[0], inside) if way else []
        if op.type != ROUTING:
            self._seen += 1
            return [op]
        rows = self.parts.get(op.name, [])
        if not rows:
            self._model.warn(f"{op} is a routing without steps; it takes no time")
            return [op]
        return [s for row in rows for s in self._steps(self._model.find("operation", row.text("operation")), inside)]

    def _endless(self, op: Entity, within: tuple[str, ...]) -> bool:
        """Notes a fault where an operation is a part of itself, or parts of parts make too many."""
        if op.name in within:
            self._model.wrong(op, "suboperations", op.name, "free of circles: an operation may not be a part of itself")
            return True
        if self._seen > MOST:
            self._model.wrong(
                op, "suboperations", op.name, f"such that all operations have at most {MOST} steps together"
            )
            return True
        return False


def _by(model: Model, kind: str, name: str) -> dict[str, list[Entity]]:
    found: dict[str, list[Entity]] = {}
    for row in model.all(kind):
        found.setdefault(row.text(name), []).append(row)
    return found
