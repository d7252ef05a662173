"""Resources, skills and change-overs, and the loads by which operations need them."""

from __future__ import annotations

import re
from datetime import datetime

from gemba.exchange.frepple.build import Build
from gemba.exchange.frepple.calendars import percent_calendar
from gemba.exchange.frepple.entities import Entity
from gemba.exchange.frepple.recipes import Recipe

BUCKETS = "resource_buckets"
_PERIODS = ("day", "week", "month")
_ANY = ("", ".*", "*")


def add_resources(build: Build) -> None:
    """Every resource with its group, capacity, calendar, efficiency and set-up; skills and who has them."""
    for resource in build.model.all("resource"):
        build.groups.add(resource.text("owner"))
        _resource(build, resource)
    for skill in build.model.all("skill"):
        build.add("skills", skill, name=skill.name)
    for row in build.model.all("resourceskill"):
        build.add(
            "resource_skills", row, resource=row.text("resource"), skill=row.text("skill"),
            priority=max(0, int(row.number("priority", 1.0))), start=row.moment("effective_start"),
            end=row.moment("effective_end"),
        )  # fmt: skip


def _resource(build: Build, resource: Entity) -> None:
    free = resource.type == "resource_infinite" or not resource.flag("constrained", True)
    if resource.flag("tool", False) or resource.flag("toolperpiece", False):
        build.model.warn(f"{resource} is a tool that stays with an order; here each step takes its own")
    efficiency = build.model.get("calendar", resource.text("efficiency_calendar"))
    build.add(
        "resources", resource, name=resource.name, place=resource.text("location"), group=resource.text("owner"),
        kind="tool" if resource.flag("tool", False) or resource.flag("toolperpiece", False) else "equipment",
        capacity=resource.number("maximum", 1.0), capacity_calendar=resource.text("maximum_calendar"),
        calendar=resource.text("available"), efficiency=resource.number("efficiency", 100.0) / 100,
        efficiency_calendar=percent_calendar(build, efficiency) if efficiency else "",
        cost_per_hour=resource.number("cost", 0.0), setup_matrix=resource.text("setupmatrix"),
        setup=resource.text("setup"), limited="infinite" if free else "finite", bucket=_bucket(build, resource),
        maximum_early=resource.duration("maxearly", None),
    )  # fmt: skip


def _bucket(build: Build, resource: Entity) -> str:
    if not resource.type.startswith(BUCKETS):
        return ""
    period = resource.type.removeprefix(BUCKETS).strip("_")
    if period in _PERIODS:
        return period
    if not resource.text("maximum_calendar"):
        build.model.warn(f"{resource} has buckets but no calendar of them; its capacity is taken at every moment")
        return ""
    return "calendar"


def add_loads(build: Build, recipe: Recipe, step: str, loads: list[Entity]) -> None:
    """The rows of step_resources of a step; loads of one name are alternatives."""
    found: dict[tuple[str, str, datetime | None], dict[str, object]] = {}
    for load in loads:
        if not load.text("resource") and not load.text("skill"):
            build.model.wrong(load, "resource", "", "given, or a skill")
            continue
        row = _load(build, recipe, step, load)
        same = found.setdefault((load.text("resource"), load.text("skill"), load.moment("effective_start")), row)
        if same is not row:
            same["quantity"] = float(str(same["quantity"])) + float(str(row["quantity"]))
            build.model.warn(f"process '{recipe.name}': several loads of '{load.text('resource')}' are read as one")
    for row in found.values():
        build.add("step_resources", recipe.leaf, **row)


def _load(build: Build, recipe: Recipe, step: str, load: Entity) -> dict[str, object]:
    quantity = load.number("quantity", 1.0)
    resource = build.model.get("resource", load.text("resource")) or Entity("resource", "", build.model)
    members = bool(resource.name) and resource.name in build.groups
    distinct = build.model.settings.get("individualPoolResources", "").lower() in ("true", "1")
    if members and quantity != 1 and not distinct:
        build.model.warn(f"{resource}: {quantity:g} units of one member of the pool are read as {quantity:g} members")
    if members and quantity < 1:
        quantity = 1.0
    if load.type.startswith("load_bucketized") and load.text("offset", "0") not in ("0", "0.0", "PT0S"):
        build.model.warn(f"process '{recipe.name}' takes its capacity of '{resource.name}' at its start, not later")
    if load.text("effective_start") or load.text("effective_end"):
        build.model.warn(
            f"process '{recipe.name}': its dated load of '{resource.name}' holds for whole tasks begun then"
        )
    row: dict[str, object] = {
        "process": recipe.name, "step": step, "resource": resource.name, "skill": load.text("skill"),
        "quantity": abs(quantity), "alternative": load.text("name"), "setup_family": load.text("setup"),
        "priority": max(0, int(load.number("priority", 1.0))), "start": load.moment("effective_start"),
        "end": load.moment("effective_end"),
    }  # fmt: skip
    fixed = load.number("quantity_fixed", 0.0)
    if fixed and resource.type.startswith(BUCKETS):
        row["fixed_quantity"] = fixed
    elif fixed:
        build.model.warn(f"process '{recipe.name}': the fixed load on '{resource.name}' is not used: it has no buckets")
    return row


def add_setups(build: Build) -> None:
    """Set-up matrices; a rule without a name on one side, or with ``.*``, holds for any family."""
    families = {entity.text("setup") for kind in ("load", "resource") for entity in build.model.all(kind)}
    for matrix in build.model.all("setupmatrix"):
        build.add("setup_matrices", matrix, name=matrix.name)
    for rule in sorted(build.model.all("rule"), key=lambda rule: rule.number("priority", 0.0)):
        for before in _families(rule, "fromsetup", families - {""}):
            for after in _families(rule, "tosetup", families - {""}):
                _change(build, rule, before, after)


def _families(rule: Entity, name: str, families: set[str]) -> list[str]:
    """The families a pattern stands for: * for any, itself where it is a plain name."""
    pattern = rule.text(name)
    if pattern in _ANY:
        return ["*"]
    if pattern in families or re.escape(pattern) == pattern:
        return [pattern]
    parts = pattern.split(".*")
    if len(parts) < 2 or any(re.escape(part) != part for part in parts):
        rule.model.wrong(rule, name, pattern, "a set-up name, in which .* stands for any text")
        return []
    return sorted(f for f in families if re.fullmatch(pattern, f))


def _change(build: Build, rule: Entity, before: str, after: str) -> None:
    matrix = rule.text("setupmatrix")
    if build.has("setup_changes", matrix, before, after):
        return  # a rule of a lower priority number says more
    build.add(
        "setup_changes", rule, matrix=matrix, before=before, after=after, time=rule.duration("duration", 0.0),
        cost=rule.number("cost", 0.0), priority=int(rule.number("priority", 0.0)),
    )  # fmt: skip
