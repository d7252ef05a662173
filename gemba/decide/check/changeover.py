"""Set-up of each proposed task: the step's own, plus the longest change-over of its resources."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from gemba.decide.check.book import Book, names
from gemba.decide.check.needs import Needs
from gemba.decide.check.words import SECOND, number, step_of
from gemba.operation import OrderTask, PlannedTask, Resource, SetupChange
from gemba.operation.moments import seconds

#: start, end, family, task (None for existing work).
Turn = tuple[int, int, str, PlannedTask | None]
#: Seconds of change-over at least and at most, and where the longest comes from.
Change = tuple[float, float, str]


def check_setups(book: Book, needs: Needs) -> Iterator[str]:
    """Proposed tasks whose set-up is not what their step and the work before them ask for."""
    changes = _changes(book, needs)
    for order in book.proposed if len(book.cleared) < len(book.orders) else ():
        facts = book.facts(order) if order.id not in book.cleared else None
        for name, task in book.tasks.get(order.id, {}).items() if facts else ():
            step = facts.steps.get(name) if facts else None
            if step:
                least, most, why = changes.get(id(task), (0.0, 0.0, ""))
                extra = task.setup - step.step.setup_time
                if not least - SECOND - 1 <= extra <= most + SECOND + 1:  # both parts may be rounded to whole seconds
                    has = f"has {task.setup} s of set-up at {book.when(task.start)}"
                    wanted = number(step.step.setup_time + most)
                    yield f"{step_of(order.id, name)}: {has}, but needs {wanted} s{why}."


def _changes(book: Book, needs: Needs) -> dict[int, Change]:
    """The longest change-over before each task (by its id)."""
    longest: dict[int, Change] = {}
    matrices: dict[str, list[SetupChange]] = {}
    for row in book.operation.setup_changes:
        matrices.setdefault(row.matrix, []).append(row)
    for name, turns in _turns(book, needs).items():
        rows = matrices.get(book.resources[name].setup_matrix, [])
        for task, befores, family in _sequence(book.resources[name], turns):
            times = {change_time(rows, b, family): b for b in sorted(befores)}
            least, most, _ = longest.get(id(task), (0.0, 0.0, ""))
            if max(times) > most:
                why = f" to change '{name}' from '{times[max(times)]}' to '{family}'"
                longest[id(task)] = (max(least, min(times)), max(times), why)
    return longest


def _sequence(resource: Resource, turns: list[Turn]) -> Iterator[tuple[PlannedTask, set[str], str]]:
    """Each proposed task with a family, and the families it may come after.

    That is one, that of the task before; but tasks that start together may come in any order, and on a resource that
    is not limited at every moment tasks overlap, so that any earlier one may be the one before.
    """
    overlapping = resource.limited != "finite" or bool(resource.bucket)
    before = {resource.setup}
    for _, group in groupby(sorted((t for t in turns if t[2]), key=lambda t: t[:2]), key=lambda t: t[0]):
        together = list(group)
        for i, (_, _, family, task) in enumerate(together):
            if task is not None:
                yield task, before | {t[2] for k, t in enumerate(together) if k != i}, family
        families = {t[2] for t in together}
        before = before | families if overlapping else families


def change_time(rows: list[SetupChange], before: str, after: str) -> float:
    """Seconds to change: of the rows that fit the lowest priority, then the fewest wildcards, then the shortest."""
    fitting = [r for r in rows if r.before in (before, "*") and r.after in (after, "*")]
    if before == after:
        fitting = [r for r in fitting if r.before == before and r.after == after]
    ranks = [(r.priority, (r.before == "*") + (r.after == "*"), r.time) for r in fitting]
    return min(ranks)[2] if ranks else 0.0


def _turns(book: Book, needs: Needs) -> dict[str, list[Turn]]:
    """Each changing resource's work, proposed and existing."""
    changing = {r.name for r in book.operation.resources if _changes_over(book, r)}
    turns: dict[str, list[Turn]] = {name: [] for name in changing}
    if not changing:
        return {}
    for order in book.proposed:
        facts = book.facts(order)
        for name, task in book.tasks.get(order.id, {}).items() if facts else ():
            step = facts.steps.get(name) if facts else None
            own = [r for r, _ in task.resources if r in changing]
            fits = needs.fits(step, task) if step and own else []
            for resource in own if fits else ():
                family = fits[0].families.get(resource, "")
                turns[resource].append((task.start, task.end, family, task))
    for tasks in book.fixed_tasks.values():
        for fixed in tasks:
            for resource in names(fixed.resource):
                if resource in changing and fixed.state != "done":
                    family = _fixed_family(book, needs, fixed, resource)
                    turns[resource].append((seconds(fixed.start), seconds(fixed.end), family, None))
    return turns


def _changes_over(book: Book, resource: Resource) -> bool:
    """Only a resource that does one thing at a time has an order of work to change over in."""
    return bool(resource.setup_matrix) and max(book.hours.capacity(resource.name).values) == 1


def _fixed_family(book: Book, needs: Needs, task: OrderTask, resource: str) -> str:
    facts = book.facts(book.existing[task.order])
    step = facts.steps.get(task.step) if facts else None
    for rows in [step.needs, *step.either_need.values()] if step else ():
        for row in rows:
            own = resource in needs.members.get(row.row.resource, {row.row.resource})
            if own and row.row.setup_family:
                return row.row.setup_family
    return step.step.setup_family if step else ""
