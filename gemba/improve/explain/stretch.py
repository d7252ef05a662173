"""Cutting a stretch of time into parts by what it was spent on."""

from __future__ import annotations

from collections.abc import Iterator

from gemba.decide.check.book import Book
from gemba.decide.check.facts import ProcessFacts
from gemba.improve.explain.busy import Busy, Span
from gemba.improve.explain.index import Index
from gemba.operation import Part, PlannedTask
from gemba.operation.worktime import OpenHours


class Cutter:
    """Cuts the time of tasks and the time before them. Every list of parts is contiguous, the latest first."""

    def __init__(self, index: Index) -> None:
        self.index, self.book, self.busy = index, index.book, Busy(index.book)

    def body(self, facts: ProcessFacts | None, task: PlannedTask) -> list[Part]:
        """A task from its end to its start: work and set-up in open hours, closed hours between."""
        hours = self._hours(facts, task)
        ready = hours.finish(task.start, task.setup)  # the end of the set-up
        parts = []
        for start, end, is_open in _openings(hours, task.start, task.end):
            if not is_open:
                parts.append(self._closed(facts, task, start, end))
                continue
            cut = min(max(start, ready), end)
            for cause, a, b in (("setup", start, cut), ("work", cut, end)):
                if a < b:
                    parts.append(Part(cause, a, b, task.order, task.step, _first(task)))
        return parts[::-1]

    def wait(self, facts: ProcessFacts | None, task: PlannedTask, start: int, end: int) -> list[Part]:
        """Time before a task that had everything but its resources: full resources, closed hours, or held back."""
        hours = self._hours(facts, task)
        parts, at = list[Part](), start
        for a, b, resource in self._full(task, start, end):
            parts += self._idle(facts, task, hours, at, a)
            behind = self.index.labels(self.busy.holders(resource, a, b))
            parts.append(Part("resource", a, b, task.order, task.step, resource, behind))
            at = b
        return [*parts, *self._idle(facts, task, hours, at, end)][::-1]

    def _hours(self, facts: ProcessFacts | None, task: PlannedTask) -> OpenHours:
        return self.book.open_hours(facts, task) if facts and task.step in facts.steps else OpenHours(None)

    def _full(self, task: PlannedTask, start: int, end: int) -> list[tuple[int, int, str]]:
        """When which resource of the task was full; where several were, the one that was full for longest counts."""
        spans = [(name, self.busy.full(task, name, units, start, end)) for name, units in task.resources]
        spans.sort(key=lambda s: -sum(b - a for a, b in s[1]))
        found: list[tuple[int, int, str]] = []
        for name, full in spans:
            taken = [(a, b) for a, b, _ in found]
            found = sorted([*found, *((a, b, name) for a, b in _minus(full, taken))])
        return found

    def _idle(
        self, facts: ProcessFacts | None, task: PlannedTask, hours: OpenHours, start: int, end: int
    ) -> Iterator[Part]:
        """Free resources: closed hours, open time too short for work that may not pause, or simply not used."""
        step = facts.steps.get(task.step) if facts else None
        whole = task.end - task.start if step and not step.step.pausable else 0
        for a, b, is_open in _openings(hours, start, end):
            if not is_open:
                yield self._closed(facts, task, a, b)
            elif b < end and b - a < whole:  # it may not pause, and would not have fitted in
                yield self._closed(facts, task, a, b, closing=b)
            else:
                yield Part("other", a, b, task.order, task.step)

    def _closed(
        self, facts: ProcessFacts | None, task: PlannedTask, start: int, end: int, closing: int | None = None
    ) -> Part:
        calendar = _closing(self.book, facts, task, start if closing is None else closing)
        return Part("closed", start, end, task.order, task.step, calendar)


def _first(task: PlannedTask) -> str:
    return task.resources[0][0] if task.resources else ""


def _closing(book: Book, facts: ProcessFacts | None, task: PlannedTask, at: int) -> str:
    """The calendar that is closed at a moment, of those a task depends on."""
    if facts is None or task.step not in facts.steps:
        return ""
    known = [r for r, _ in task.resources if r in book.resources]
    calendars = book.hours.task_calendars(facts.process.place, facts.steps[task.step].step.calendar, known)
    return next((c for c in sorted(calendars) if book.hours.profile(c).at(at) <= 0), "")


def _openings(hours: OpenHours, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Open and closed stretches in turn, from start to end."""
    at = start
    while at < end:
        opens = min(hours.next_open(at), end)
        if opens > at:
            yield at, opens, False
            at = opens
            continue
        closes = min(hours.closes(at), end)
        yield at, closes, True
        at = closes


def _minus(spans: list[Span], taken: list[Span]) -> Iterator[Span]:
    """What of the spans is not taken; both in time order and without overlap."""
    i = 0
    for start, end in spans:
        at = start
        while i < len(taken) and taken[i][1] <= at:
            i += 1
        k = i
        while k < len(taken) and taken[k][0] < end:
            if taken[k][0] > at:
                yield at, taken[k][0]
            at = max(at, taken[k][1])
            k += 1
        if at < end:
            yield at, end
