"""Set-up of each proposed task: the step's own, plus the longest change-over of its resources."""

from __future__ import annotations

from collections.abc import Iterator

from gemba.decide.check.book import Book, names
from gemba.decide.check.needs import Needs
from gemba.decide.check.words import SECOND, number, step_of
from gemba.operation import OrderTask, PlannedTask, Resource, SetupChange
from gemba.operation.moments import seconds

#: start, end, family, task (None for existing work).
Turn = tuple[int, int, str, PlannedTask | None]


def check_setups(book: Book, needs: Needs) -> Iterator[str]:
    """Proposed tasks whose set-up is not what their step and the work before them ask for."""
    changes = _changes(book, needs)
    for order in book.proposed:
        facts = book.facts(order)
        for name, task in book.tasks.get(order.id, {}).items() if facts else ():
            step = facts.steps.get(name) if facts else None
            if step:
                change, why = changes.get(id(task), (0.0, ""))
                wanted = step.step.setup_time + change
                if abs(task.setup - wanted) > SECOND + 1:  # both parts may be rounded to whole seconds
                    has = f"has {task.setup} s of set-up at {book.when(task.start)}"
                    yield f"{step_of(order.id, name)}: {has}, but needs {number(wanted)} s{why}."


def _changes(book: Book, needs: Needs) -> dict[int, tuple[float, str]]:
    """The longest change-over before each task (by its id), and where it comes from."""
    longest: dict[int, tuple[float, str]] = {}
    matrices: dict[str, list[SetupChange]] = {}
    for row in book.operation.setup_changes:
        matrices.setdefault(row.matrix, []).append(row)
    for name, turns in _turns(book, needs).items():
        resource = book.resources[name]
        before, known = resource.setup, dict[tuple[str, str], float]()
        for _, _, family, task in sorted(turns, key=lambda t: t[:2]):
            if not family:
                continue
            if (before, family) not in known:
                known[before, family] = change_time(matrices.get(resource.setup_matrix, []), before, family)
            time = known[before, family]
            if task is not None and time > longest.get(id(task), (0.0, ""))[0]:
                longest[id(task)] = (time, f" to change '{name}' from '{before}' to '{family}'")
            before = family
    return longest


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
