"""Change-overs: what a resource needs between two set-up families, where it has a set-up matrix."""

from __future__ import annotations

from bisect import bisect_right

from gemba.decide.supply.network import NeedNode, ResourceNode, StepNode, TaskNode


def lookup(r: ResourceNode, before: str, after: str) -> tuple[int, float]:
    """(seconds, cost) to change the resource from one family to another.

    Of the rows that fit, the lowest priority number counts, then the one with fewer wildcards. Equal families need
    a row that names them both; a family that no row covers is changed to for nothing.
    """
    key = (before, after)
    if key not in r.changes:
        rows = [
            (priority, (b == "*") + (a == "*"), time, cost)
            for b, a, time, cost, priority in r.matrix
            if b in (before, "*") and a in (after, "*") and (before != after or (b == before and a == after))
        ]
        r.changes[key] = min(rows)[2:] if rows and after else (0, 0.0)
    return r.changes[key]


def neighbours(r: ResourceNode, moment: int) -> tuple[TaskNode | None, TaskNode | None]:
    """The last task with a family that starts before or at a moment, and the first that starts after."""
    i = bisect_right(r.sequence, moment, key=lambda task: task.start)
    return r.sequence[i - 1] if i else None, r.sequence[i] if i < len(r.sequence) else None


def upset_follower(r: ResourceNode, moment: int, family: str) -> TaskNode | None:
    """The next task on the resource, where a new one of this family before it would alter its change-over."""
    previous, follower = neighbours(r, moment)
    if not family or follower is None:
        return None
    was, then = previous.family_on(r) if previous else r.setup, follower.family_on(r)
    same = lookup(r, family, then) == lookup(r, was, then)
    return None if same else follower


def change_between(
    step: StepNode, picks: list[tuple[ResourceNode, float, NeedNode]], start: int
) -> tuple[int, dict[int, str]]:
    """The longest change-over of the picked resources for the step at ``start``, and the families it leaves them in."""
    longest, families = 0, {}
    for r, _, need in picks:
        own = need.family or step.family
        if r.has_matrix and own:
            previous = neighbours(r, start)[0]
            longest = max(longest, lookup(r, previous.family_on(r) if previous else r.setup, own)[0])
        if own != step.family:
            families[r.index] = own
    return longest, families


def change_cost(task: TaskNode) -> float:
    """Cost of the change-overs right before a task that is already in its place."""
    cost = 0.0
    for r, _ in task.resources:
        if r.has_matrix and (family := task.family_on(r)):
            i = r.sequence.index(task)
            cost += lookup(r, r.sequence[i - 1].family_on(r) if i else r.setup, family)[1]
    return cost
