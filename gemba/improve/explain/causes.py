"""What a task or an order waited for last: a step before it, a material, or the moment it might start at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from gemba.decide.check.facts import Link, ProcessFacts
from gemba.improve.explain.index import Index, Key
from gemba.operation import Flow, Part, Peg, PlannedOrder, PlannedTask


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that had to be there: ready at a moment.

    ``parts`` is the time right before it that belongs to it (queue, move, release), the latest first. Before that
    comes the task ``before``, or the order ``supply`` that yields ``key``, or nothing.
    """

    ready: int
    parts: tuple[Part, ...] = ()
    before: str = ""
    supply: str = ""
    key: Key = ("", "")


def of_task(index: Index, facts: ProcessFacts | None, order: PlannedOrder, task: PlannedTask) -> list[Cause]:
    """Everything a proposed task had to wait for; at least the moment before which nothing may start."""
    found = [_release(index, facts, order, task)]
    found += _links(index, facts, order, task) if facts else ()
    uses = [u for u in index.uses.get(order.id, ()) if u.step == task.step]
    return found + list(_materials(index, order, uses, task.start))


def of_order(index: Index, order: PlannedOrder) -> list[Cause]:
    """Everything a proposed order without tasks (to buy or to move) had to wait for."""
    uses = index.uses.get(order.id, [])
    return [_order_release(index, order), *_materials(index, order, uses, order.start)]


def _materials(index: Index, order: PlannedOrder, uses: list[Flow], start: int) -> Iterator[Cause]:
    """Each use's last supply; ready when the start could have been, had the supply come just in time for its use."""
    first: dict[Key, int] = {}
    for use in uses:
        key = (use.item, use.place)
        first[key] = min(use.at, first.get(key, use.at))
    arrived: dict[Key, tuple[int, Peg]] = {}
    for peg in index.pegs_of_order.get(order.id, ()):
        key = (peg.item, peg.place)
        if peg.supply and key in first:
            at = index.arrival(peg.supply, key)
            if key not in arrived or at > arrived[key][0]:
                arrived[key] = (at, peg)
    for key, (at, peg) in arrived.items():
        yield Cause(start - max(0, first[key] - at), supply=peg.supply, key=key)


def _links(index: Index, facts: ProcessFacts, order: PlannedOrder, task: PlannedTask) -> Iterator[Cause]:
    tasks = index.book.tasks[order.id]
    for link in facts.links:
        if link.after == task.step and link.before in tasks:
            done, tail = _done(index, facts, order, tasks[link.before], task)
            yield _after(facts, order, link, done)
            if tail is not None:
                yield Cause(tail, before=link.before)


def _after(facts: ProcessFacts, order: PlannedOrder, link: Link, done: int) -> Cause:
    """Ready once what follows the earlier step's end is over: moving (and drying, cooling), then queueing."""
    queue = ceil(facts.steps[link.after].step.queue_time)
    ready = done + ceil(link.wait)
    parts = (
        Part("queue", ready - queue, ready, order.id, link.after, link.after),
        Part("move", done, ready - queue, order.id, link.before, link.before),
    )
    return Cause(ready, tuple(p for p in parts if p.seconds > 0), before=link.before)


def _done(
    index: Index, facts: ProcessFacts, order: PlannedOrder, before: PlannedTask, after: PlannedTask
) -> tuple[int, int | None]:
    """When enough of the earlier task is done for the later to start; and, with a transfer lot, when it would have had
    to start to end as soon as the earlier one's end lets it."""
    step = facts.steps[before.step]
    units, lot = step.units(order.quantity), step.step.transfer_lot
    if not 0 < lot < units:
        return before.end, None
    hours = index.book.open_hours(facts, before)
    run = max(0, hours.between(before.start, before.end) - before.setup)
    share = step.run_time(lot) / step.run_time(units) if step.run_time(units) else 0.0
    done = min(before.end, hours.finish(before.start, before.setup + ceil(run * share)))
    own = facts.steps[after.step]
    worked = max(0, index.book.open_hours(facts, after).between(after.start, after.end) - after.setup)
    total = own.run_time(own.units(order.quantity))
    tail = ceil(worked * own.units_time(min(lot, own.units(order.quantity))) / total) if total else 0
    soonest = index.book.open_hours(facts, after).finish(before.end, tail)
    return done, after.start - max(0, after.end - soonest)


def _release(index: Index, facts: ProcessFacts | None, order: PlannedOrder, task: PlannedTask) -> Cause:
    """Now, or the later end of the frozen time, of the step's fence, or the beginning of the process's validity."""
    book = index.book
    floors = [(book.now, "now"), (book.now + int(book.operation.settings.frozen), "frozen time")]
    if facts and task.step in facts.steps:
        floors.append((book.now + ceil(facts.steps[task.step].step.fence), f"fence of step {task.step}"))
        floors.append((book.process_period(facts).low, f"start of process {facts.process.name}"))
    earliest = index.earliest(order.id)
    if earliest <= task.start:
        floors.append((earliest, f"earliest start of {index.label(order.id)}"))
    return _floor(index, floors, order, task.step)


def _order_release(index: Index, order: PlannedOrder) -> Cause:
    book = index.book
    floors = [(book.now, "now"), (book.now + int(book.operation.settings.frozen), "frozen time")]
    option = book.options.get(order.option)
    if option:
        floors.append((book.now + ceil(option.row.fence), f"fence of {option.row.name}"))
        floors.append((option.low, f"start of {option.row.name}"))
    return _floor(index, floors, order, "")


def _floor(index: Index, floors: list[tuple[int, str]], order: PlannedOrder, step: str) -> Cause:
    at, why = max(floors, key=lambda f: f[0])
    parts = (Part("release", index.book.now, at, order.id, step, why),) if at > index.book.now else ()
    return Cause(at, parts)
