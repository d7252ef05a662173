"""At no moment is more taken of a finite resource than it has.

Where existing orders alone take more, that is not the plan's fault: only what proposed work adds counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gemba.decide.check.book import Book
from gemba.decide.check.usage import Use
from gemba.decide.check.words import SECOND, more, number
from gemba.operation import Resource
from gemba.operation.worktime import Profile, combine


@dataclass(frozen=True, slots=True)
class Overload:
    """More units are taken than there are, from start until end."""

    start: int
    end: int
    units: float
    capacity: float
    uses: tuple[Use, ...]


def check_capacity(book: Book, uses: dict[str, list[Use]]) -> Iterator[str]:
    """One violation for each stretch of time in which proposed work overloads a resource."""
    for name, taken in uses.items():
        resource = book.resources[name]
        if resource.limited == "finite" and not resource.bucket:
            for over in overloads(taken, capacity(book, resource), blame="proposed"):
                yield _words(book, name, over)


def capacity(book: Book, resource: Resource) -> Profile:
    """Units of the resource over time; in closed hours, when nobody works, its capacity does not matter."""
    units = book.hours.capacity(resource.name)
    if units.is_constant():
        return units
    calendars = book.hours.resource_calendars(resource.name)
    if not calendars:
        return units
    closing = combine([book.hours.profile(c) for c in sorted(calendars)], min)
    return combine([units, closing], lambda values: values[0] if values[1] > 0 else float("inf"))


def overloads(uses: list[Use], limit: Profile, blame: str) -> Iterator[Overload]:
    """Stretches longer than a second in which more is taken than the limit.

    ``blame`` 'proposed' counts what proposed work adds to the fixed work's load; 'fixed' looks at fixed work alone.
    """
    events = sorted([(u.start, 1, i) for i, u in enumerate(uses) if u.end > u.start]
                    + [(u.end, 0, i) for i, u in enumerate(uses) if u.end > u.start]
                    + ([] if limit.is_constant() else [(s, 2, -1) for s in limit.starts]))  # fmt: skip
    load = [0.0, 0.0]  # proposed, fixed
    running: set[int] = set()
    since: int | None = None
    worst: tuple[float, float, tuple[Use, ...]] = (0.0, 0.0, ())
    for k, (at, what, i) in enumerate(events):
        if what < 2:
            load[uses[i].fixed] += uses[i].units if what else -uses[i].units
            (running.add if what else running.discard)(i)
        if not running:
            load = [0.0, 0.0]  # rounding errors do not gather
        if k + 1 < len(events) and events[k + 1][0] == at:
            continue
        top = limit.at(at)
        over = _over(load, top, blame)
        if over and (since is None or load[0] + load[1] > worst[0]):
            worst = (sum(load) if blame == "proposed" else load[1], top, tuple(uses[j] for j in sorted(running)))
            since = at if since is None else since
        elif not over and since is not None:
            if at - since > SECOND:
                yield Overload(since, at, *worst)
            since = None


def _over(load: list[float], limit: float, blame: str) -> bool:
    if blame == "fixed":
        return more(load[1], limit)
    return more(load[0], 0.0) and more(load[0] + load[1], max(limit, load[1]))


def _words(book: Book, name: str, over: Overload) -> str:
    who = ", ".join(f"order '{u.order}'" + (f" step '{u.step}'" if u.step else "") for u in over.uses[:6])
    rest = f" and {len(over.uses) - 6} more" if len(over.uses) > 6 else ""
    has, taken = number(over.capacity), number(over.units)
    span = f"{book.when(over.start)} to {book.when(over.end)}"
    return f"Resource '{name}' has {has}, but {taken} are taken from {span}: {who}{rest}."
