"""What is allowed in the data but probably not meant: the warnings of ``gemba check``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from gemba.operation import Operation
from gemba.operation.hours import Hours


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something about several things that a person should look at: what, why it matters, and which."""

    text: str
    things: tuple[str, ...]

    def __str__(self) -> str:
        shown = ", ".join(f"'{t}'" for t in self.things[:3])
        rest = f" and {len(self.things) - 3} more" if len(self.things) > 3 else ""
        return f"{self.text}: {shown}{rest}" if shown else self.text


def doubts(operation: Operation) -> list[Doubt]:
    """Every doubt about the operation's data, an empty list where there is none."""
    found = []
    for text, look in _LOOKS:
        things = tuple(dict.fromkeys(look(operation)))
        if things:
            found.append(Doubt(text, things))
    return [*_whole(operation), *found]


def _whole(operation: Operation) -> Iterator[Doubt]:
    if not any(d.status == "open" for d in operation.demands):
        yield Doubt("There are no open demands: there is nothing to plan for", ())
    if operation.steps and not any(r.kind == "person" for r in operation.resources):
        yield Doubt("There is no resource of kind person: the plan takes no account of people", ())
    if not operation.settings.zone and operation.calendar_rules:
        yield Doubt("The settings name no time zone: days of 23 and 25 hours are not taken into account", ())


def _needless(operation: Operation) -> Iterable[str]:
    needing = {(n.process, n.step) for n in operation.step_resources}
    return (f"{s.process} / {s.name}" for s in operation.steps
            if (s.process, s.name) not in needing and (s.time or s.time_per_unit))  # fmt: skip


def _always_open(operation: Operation) -> Iterable[str]:
    hours = Hours(operation)
    groups = {r.group for r in operation.resources if r.group}
    workers = (r.name for r in operation.resources if r.kind in ("person", "equipment") and r.name not in groups)
    return (name for name in workers if not hours.resource_calendars(name))


def _without_supply(operation: Operation) -> Iterable[str]:
    have = {(s.item, s.place) for s in operation.stocks if s.quantity > 0}
    have |= {(o.item, o.place) for o in operation.supply_options if o.priority}
    have |= {(p.item, p.place) for p in operation.processes} | {(o.item, o.place) for o in operation.orders}
    have |= {(p.item, p.place) for p in operation.stock_policies if p.supply == "unlimited"}
    places = {p.name: p.place for p in operation.processes}
    have |= {(i.item, i.place or places[i.process]) for i in operation.step_items if i.direction == "out"}
    wanted = [(d.item, d.place) for d in operation.demands if d.status == "open"]
    wanted += [(i.item, i.place or places[i.process]) for i in operation.step_items if i.direction == "in"]
    return (f"{item} @ {place}" if place else item for item, place in wanted if (item, place) not in have)


def _never_open(operation: Operation) -> Iterable[str]:
    opened = {r.calendar for r in operation.calendar_rules if r.value > 0}
    used = {r.calendar for r in operation.resources} | {p.calendar for p in operation.places}
    used |= {s.calendar for s in operation.steps} | {s.calendar for s in operation.suppliers}
    return (c.name for c in operation.calendars if c.value == 0 and c.name not in opened and c.name in used)


def _instant(operation: Operation) -> Iterable[str]:
    return (o.name for o in operation.supply_options if o.kind in ("buy", "move") and not o.lead_time)


def _overdue(operation: Operation) -> Iterable[str]:
    return (d.name for d in operation.demands if d.status == "open" and d.due < operation.now)


def _beyond(operation: Operation) -> Iterable[str]:
    horizon = operation.settings.horizon
    late = ((d, (d.due - operation.now).total_seconds()) for d in operation.demands if d.status == "open")
    return (d.name for d, seconds in late if seconds > horizon)


def _timeless(operation: Operation) -> Iterable[str]:
    return (f"{s.process} / {s.name}" for s in operation.steps if not s.time and not s.time_per_unit)


_LOOKS: tuple[tuple[str, Callable[[Operation], Iterable[str]]], ...] = (
    ("Wanted or used, but neither made, bought, moved nor in stock there: it will be short", _without_supply),
    ("Calendars that are never open", _never_open),
    ("Demands that are overdue already", _overdue),
    ("Demands due after the horizon", _beyond),
    ("Steps that need no resource: they take time, but no capacity", _needless),
    ("Steps without any run time", _timeless),
    ("People and equipment without working hours: they count as always open", _always_open),
    ("Bought or moved without a lead time: it is there at once", _instant),
)
