"""Tasks last as long as their work, on open hours, with resources that fulfil the step."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from gemba.decide.check.book import Book
from gemba.decide.check.facts import ProcessFacts, StepFacts
from gemba.decide.check.needs import Fit, Needs
from gemba.decide.check.words import SECOND, SHARE, differs, number, step_of
from gemba.operation import PlannedOrder, PlannedTask, StepResource
from gemba.operation.worktime import OpenHours


def check_times(book: Book, needs: Needs) -> Iterator[str]:
    """Proposed tasks whose resources, hours or length are not what the step asks for."""
    for order in book.suspects:
        facts = book.facts(order)
        for name, task in book.tasks.get(order.id, {}).items() if facts else ():
            step = facts.steps.get(name) if facts else None
            if facts and step:
                yield from _task(book, needs, order, facts, step, task)


def _task(
    book: Book, needs: Needs, order: PlannedOrder, facts: ProcessFacts, step: StepFacts, task: PlannedTask
) -> Iterator[str]:
    units = step.units(order.quantity)
    if differs(task.quantity, units):
        who = step_of(order.id, task.step)
        yield f"{who}: works on {number(task.quantity)} units; with the yields to come it is {number(units)}."
    unknown = [r for r, _ in task.resources if r not in book.resources]
    if unknown:
        yield f"{step_of(order.id, task.step)}: is on resource '{unknown[0]}', which does not exist."
        return
    fits = needs.fits(step, task)
    if not fits:
        yield _unfit(book, needs, step, task)
        return
    hours = book.open_hours(facts, task)
    runs = [run_seconds(book, step, task, units, fit) for fit in fits]
    if min(abs(hours.between(task.start, task.end) - task.setup - run) for run in runs) > SECOND + SHARE * runs[0]:
        yield _length(book, hours, task, runs[0])
    elif task.setup or runs[0] or task.start != task.end:
        yield from _hours(book, hours, step, task)


def run_seconds(book: Book, step: StepFacts, task: PlannedTask, units: float, fit: Fit) -> float:
    """Seconds of run for so many units on the task's resources, rounded up; infinite where they do not work at all."""
    slowest = book.slowest(task)
    if slowest <= 0:
        return float("inf")
    return float(ceil(step.run_time(units) / (fit.speed * slowest) - SHARE))


def _length(book: Book, hours: OpenHours, task: PlannedTask, run: float) -> str:
    who, took = step_of(task.order, task.step), hours.between(task.start, task.end)
    needed = f"set-up {task.setup} s and run {number(run)} s"
    span = f"{book.when(task.start)} to {book.when(task.end)}"
    return f"{who}: lasts from {span}, {took} s of open time, but needs {needed}{_on(task)}."


def _hours(book: Book, hours: OpenHours, step: StepFacts, task: PlannedTask) -> Iterator[str]:
    who = step_of(task.order, task.step)
    if hours.next_open(task.start) > task.start + SECOND:
        yield f"{who}: starts at {book.when(task.start)}, while its hours are closed{_on(task)}."
    if hours.last_open(task.end) < task.end - SECOND:
        yield f"{who}: ends at {book.when(task.end)}, while its hours are closed{_on(task)}."
    if not step.step.pausable and task.end - task.start > hours.between(task.start, task.end) + SECOND:
        span = f"{book.when(task.start)} to {book.when(task.end)}"
        yield f"{who}: may not pause, but is closed for a time from {span}{_on(task)}."


def _on(task: PlannedTask) -> str:
    return " on " + ", ".join(f"'{r}'" for r, _ in task.resources) if task.resources else ""


def _unfit(book: Book, needs: Needs, step: StepFacts, task: PlannedTask) -> str:
    plain, either = needs.rows(step, task.start)
    wanted = "; ".join([*map(_row, plain), *(" or ".join(map(_row, rows)) for rows in either)]) or "nothing"
    given = ", ".join(f"{number(units)} of '{r}'" for r, units in task.resources) or "nothing"
    lacking = _lacking(needs, [*plain, *(r for rows in either for r in rows)], task)
    return f"{step_of(task.order, task.step)}: takes {given} at {book.when(task.start)}, but needs {wanted}{lacking}."


def _row(row: StepResource) -> str:
    skill = f" with skill '{row.skill}' at level {row.level} or higher" if row.skill else ""
    return f"{number(row.quantity)} of {repr(row.resource) if row.resource else 'anybody'}{skill}"


def _lacking(needs: Needs, rows: list[StepResource], task: PlannedTask) -> str:
    """Who of the task's resources lacks a skill that is asked for, where it is that."""
    for row in rows:
        if row.skill and not any(needs.able(name, row, task) for name, _ in task.resources):
            return f" from start to end (none of them has '{row.skill}' so)"
    return ""
