"""Placing all the steps of an order: backwards from when it is needed, or forwards from when it can start."""

from __future__ import annotations

from math import ceil

from gemba.decide.supply.draft import Draft
from gemba.decide.supply.network import ArcNode, ProcessNode, TaskNode
from gemba.decide.supply.picks import batches
from gemba.decide.supply.place import Placer
from gemba.operation.worktime import FAR, OpenHours

_MOST_ROUNDS = 200


class Stepper:
    """Places and reserves every step of a process; on failure nothing stays reserved."""

    def __init__(self, draft: Draft, placer: Placer) -> None:
        self.draft, self.placer = draft, placer

    def forward(
        self, process: ProcessNode, quantity: float, earliest: int, ready: dict[int, int]
    ) -> list[TaskNode] | None:
        """Steps as early as possible; ``ready`` holds the first moment of steps that wait for something else."""
        pushed: dict[int, int] = {}
        mark = self.draft.mark()
        for _ in range(_MOST_ROUNDS):
            tasks = self._forward_once(process, quantity, earliest, ready, pushed)
            if tasks is None:
                self.draft.undo(mark)
                return None
            stretched = _stretched(process, tasks)
            if stretched is None:
                return tasks
            step, start = stretched
            pushed[step] = max(start, pushed.get(step, -FAR) + 1)
            self.draft.undo(mark)
        return None

    def _forward_once(
        self, process: ProcessNode, quantity: float, earliest: int, ready: dict[int, int], pushed: dict[int, int]
    ) -> list[TaskNode] | None:
        tasks: list[TaskNode] = []
        for step in process.steps:
            start = max(earliest, ready.get(step.index, -FAR), pushed.get(step.index, -FAR))
            for arc in step.arcs:
                start = max(start, self._after(arc, tasks[arc.before]))
            task = self.placer.forward(step, quantity, start)
            if task and step.transfers:
                task = self._keep_behind(tasks, task, quantity)
            if task is None or task.end > self.draft.net.horizon:
                return None
            task.ready = start
            self.draft.reserve(task)
            tasks.append(task)
        return tasks

    def _after(self, arc: ArcNode, before: TaskNode) -> int:
        """When the later step of an arc may start: after the whole lot, or after the first transfer lot."""
        if 0 < arc.transfer < before.quantity:
            step = before.step
            return self._part_done(before, step.time + step.per_unit * batches(step, arc.transfer)) + arc.lag
        return before.end + arc.lag

    def _part_done(self, task: TaskNode, standard: float) -> int:
        return self._hours(task).finish(task.start, task.setup + self._seconds(task, standard))

    def _seconds(self, task: TaskNode, standard: float) -> int:
        """Seconds that so much standard time takes at the pace of a task."""
        step = task.step
        whole = step.time + step.per_unit * batches(step, task.quantity)
        if whole <= 0:
            return 0
        work = self._hours(task).between(task.start, task.end) - task.setup
        return ceil(work * standard / whole - 1e-6)

    def _hours(self, task: TaskNode) -> OpenHours:
        calendars = task.step.calendars
        for r, _ in task.resources:
            calendars = calendars | r.calendars
        return self.draft.net.hours.open(calendars)

    def _keep_behind(self, tasks: list[TaskNode], task: TaskNode, quantity: float) -> TaskNode | None:
        """The later step moved so that its last transfer lots are done after the earlier steps' ends."""
        for _ in range(_MOST_ROUNDS):
            late = max((self._tail_end(arc, tasks[arc.before], task) - task.end for arc in task.step.arcs), default=0)
            if late <= 0:
                return task
            moved = self.placer.forward(task.step, quantity, task.start + max(60, late))
            if moved is None:
                return None
            task = moved
        return None

    def _tail_end(self, arc: ArcNode, before: TaskNode, task: TaskNode) -> int:
        """When the later step has done the last transfer lot of an earlier one; -FAR where it waits for all anyhow."""
        if not 0 < arc.transfer < before.quantity:
            return -FAR
        step, hours = task.step, self._hours(task)
        tail = self._seconds(task, step.per_unit * batches(step, min(arc.transfer, task.quantity)))
        return min(hours.finish(hours.next_open(before.end + arc.lag), tail), FAR)

    def backward(self, process: ProcessNode, quantity: float, latest: int, earliest: int) -> list[TaskNode] | None:
        """Steps as late as possible so that the order ends by ``latest``; None where it would start before ``earliest``."""
        mark = self.draft.mark()
        placed: dict[int, TaskNode] = {}
        for step in reversed(process.steps):
            end = min((placed[i].start - arc.lag for i, arc in step.followers), default=latest)
            task = self.placer.backward(step, quantity, end)
            if task is None or task.start < earliest:
                self.draft.undo(mark)
                return None
            placed[step.index] = task
            self.draft.reserve(task)
        tasks = [placed[s.index] for s in process.steps]
        if _stretched(process, tasks) is not None:
            self.draft.undo(mark)
            return None
        return tasks

    def again(self, tasks: list[TaskNode]) -> bool:
        """Reserve the same tasks once more, where they are still free; else nothing is reserved."""
        mark = self.draft.mark()
        for task in tasks:
            if any(not r.buckets.fits(task.start, a) for r, a in task.amounts if r.buckets):
                self.draft.undo(mark)
                return False
            for r, units in task.resources:
                if r.has_matrix or (
                    r.timeline and task.end > task.start and r.timeline.clash(task.start, task.end, units)
                ):
                    self.draft.undo(mark)
                    return False
            self.draft.reserve(task)
        return True


def _stretched(process: ProcessNode, tasks: list[TaskNode]) -> tuple[int, int] | None:
    """A step that ends too long before one that may wait only so long, and when it should start instead."""
    for step in process.steps:
        for arc in step.arcs:
            before, task = tasks[arc.before], tasks[step.index]
            if arc.maximum is not None and task.start > before.end + arc.maximum:
                return arc.before, before.start + task.start - arc.maximum - before.end
    return None
