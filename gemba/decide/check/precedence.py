"""Steps wait for those before them: move, lag and queue time, longest lag, transfer lots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from gemba.decide.check.book import Book
from gemba.decide.check.facts import Link, ProcessFacts, StepFacts
from gemba.decide.check.needs import Needs
from gemba.decide.check.words import SECOND, SHARE, number, step_of
from gemba.operation import PlannedOrder, PlannedTask


@dataclass(frozen=True, slots=True)
class Wait:
    """A task that waits for another of its order."""

    order: PlannedOrder
    facts: ProcessFacts
    link: Link
    before: PlannedTask
    after: PlannedTask

    @property
    def lot(self) -> float:
        """Units after which the later may start; 0 where it waits for all."""
        step = self.facts.steps[self.link.before]
        return step.step.transfer_lot if step.step.transfer_lot < step.units(self.order.quantity) else 0.0


def check_precedence(book: Book, needs: Needs) -> Iterator[str]:
    """Proposed tasks that start too soon or too late after the ones they wait for."""
    for order in book.suspects:
        facts, tasks = book.facts(order), book.tasks.get(order.id, {})
        for link in facts.links if facts else ():
            before, after = tasks.get(link.before), tasks.get(link.after)
            if facts and before and after:
                yield from _wait(book, needs, Wait(order, facts, link, before, after))


def _wait(book: Book, needs: Needs, wait: Wait) -> Iterator[str]:
    link, before, after = wait.link, wait.before, wait.after
    who, soonest, why = step_of(wait.order.id, link.after), before.end, f"step '{link.before}' ends"
    if wait.lot:
        soonest, why = (
            _lot_done(book, needs, wait, SECOND),
            f"{number(wait.lot)} units of step '{link.before}' are done",
        )
        yield from _tail(book, needs, wait)
    if after.start + SECOND < soonest + int(link.wait):
        ready = _lot_done(book, needs, wait, 0) if wait.lot else soonest
        and_then = f" and it waits {number(link.wait)} s" if link.wait else ""
        yield f"{who}: starts at {book.when(after.start)}, but {why} at {book.when(ready)}{and_then}."
    if link.longest is not None and after.start > before.end + link.longest + SECOND:
        ended = f"step '{link.before}' ended at {book.when(before.end)}"
        yield f"{who}: starts at {book.when(after.start)}, later than {number(link.longest)} s after {ended}."


def _lot_done(book: Book, needs: Needs, wait: Wait, slack: int) -> int:
    """When the first units of the earlier task are done, if they took ``slack`` seconds less."""
    step, task = wait.facts.steps[wait.link.before], wait.before
    work = task.setup + _scaled(book, needs, step, task, step.run_time(wait.lot))
    return min(task.end, book.open_hours(wait.facts, task).finish(task.start, max(0, work - slack)))


def _tail(book: Book, needs: Needs, wait: Wait) -> Iterator[str]:
    """The later task still has its last units to do when the earlier one ends."""
    step, before, after = wait.facts.steps[wait.link.after], wait.before, wait.after
    units = min(wait.lot, step.units(wait.order.quantity))
    work = _scaled(book, needs, step, after, step.units_time(units))
    soonest = book.open_hours(wait.facts, after).finish(before.end, max(0, work - SECOND))
    if after.end + SECOND < soonest:
        yield (
            f"{step_of(wait.order.id, after.step)}: ends at {book.when(after.end)}, but step '{before.step}' ends at "
            f"{book.when(before.end)} and the last {number(wait.lot)} units take until {book.when(soonest)}."
        )


def _scaled(book: Book, needs: Needs, step: StepFacts, task: PlannedTask, standard: float) -> int:
    """Standard seconds on the task's resources, at the best speed that they may have."""
    if any(r not in book.resources for r, _ in task.resources):
        return 0
    speed = max((fit.speed for fit in needs.fits(step, task)), default=1.0)
    slowest = book.slowest(task)
    return ceil(standard / (speed * slowest) - SHARE) if slowest > 0 else 0
