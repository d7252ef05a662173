"""What can be wrong with a scheduling problem, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any


def faults(
    tasks: Sequence[Any], resources: Sequence[Any], matrices: Sequence[Any], links: Sequence[tuple[int, ...]],
    moves: Sequence[tuple[int, ...]], stocks: Sequence[tuple[int, int, int]],
) -> list[str]:  # fmt: skip
    """Every fault of a model's parts; none where it can be built."""
    return [
        *_of_matrices(matrices),
        *(said for r in resources for said in _of_resource(r, matrices)),
        *(said for i, t in enumerate(tasks) for said in _of_task(i, t, len(tasks), resources)),
        *(said for link in links for said in _of_link(link, tasks)),
        *(
            f"move {move}: there is no such task or stock"
            for move in moves
            if not _known(move, len(tasks), len(stocks))
        ),
        *(
            f"stock {k}: it begins with {a}, not {low} to {high}"
            for k, (a, low, high) in enumerate(stocks)
            if not low <= a <= high
        ),
        *_circle(links, tasks),
    ]


def _of_matrices(matrices: Sequence[Any]) -> Iterator[str]:
    for k, (rows, costs) in enumerate(matrices):
        n = len(rows) - 1
        if any(len(row) != n for row in (*rows, *costs)) or len(costs) != n + 1:
            yield f"set-up matrix {k}: it needs as many columns as families, and a row for each and one for none yet"
        elif any(x < 0 for row in (*rows, *costs) for x in row):
            yield f"set-up matrix {k}: times and costs must be at least 0"


def _of_resource(r: Any, matrices: Sequence[Any]) -> Iterator[str]:
    if r.capacity < 0:
        yield f"{r.name}: capacity {r.capacity} must be at least 0"
    if not -1 <= r.matrix < len(matrices):
        yield f"{r.name}: there is no set-up matrix {r.matrix}"
    if r.matrix >= 0 and r.capacity != 1 and not r.batch:
        yield f"{r.name}: a resource with set-ups must have capacity 1 (it has {r.capacity})"
    if r.matrix >= 0 and r.batch:
        yield f"{r.name}: it runs batches, so it cannot have set-ups (tasks of different families are never batched)"
    if r.consumable and (r.batch or r.matrix >= 0):
        yield f"{r.name}: it is used up, so it cannot run batches or have set-ups"
    if r.campaign > 1 and r.matrix < 0:
        yield f"{r.name}: campaigns of {r.campaign} need a set-up matrix"
    if r.hours is not None and any(a >= b for a, b in r.hours):
        yield f"{r.name}: hours must open before they close"
    if r.hours is not None and any(b > c for (_, b), (c, _) in pairwise(r.hours)):
        yield f"{r.name}: hours must be in order and apart"


def _of_task(i: int, t: Any, count: int, resources: Sequence[Any]) -> Iterator[str]:
    if not t.modes:
        yield f"{t.name}: it has no mode"
    if t.holds != -1 and (not 0 <= t.holds < count or t.holds == i):
        yield f"{t.name}: it cannot hold its resources until task {t.holds}"
    if t.fixed >= 0 and len(t.modes) > 1:
        yield f"{t.name}: its start is fixed, so it needs exactly one mode (it has {len(t.modes)})"
    if t.release > t.deadline:
        yield f"{t.name}: its release {t.release} is after its deadline {t.deadline}"
    for k, m in enumerate(t.modes):
        if m.work < 0:
            yield f"{t.name}, mode {k}: work {m.work} must be at least 0"
        for r, amount in m.uses.items():
            if not 0 <= r < len(resources):
                yield f"{t.name}, mode {k}: there is no resource {r}"
            elif resources[r].between and m.family < 0:
                yield f"{t.name}, mode {k}: it needs a set-up family, as {resources[r].name} changes over between tasks"
            elif amount < 0 or amount > resources[r].capacity:
                yield f"{t.name}, mode {k}: it takes {amount} of {resources[r].name}, which has {resources[r].capacity}"


def _of_link(link: tuple[int, ...], tasks: Sequence[Any]) -> Iterator[str]:
    before, after, minimum, maximum, _ = link
    if not (0 <= before < len(tasks) and 0 <= after < len(tasks)):
        yield f"link {before} to {after}: there is no such task"
    elif before == after:
        yield f"{tasks[before].name}: it cannot wait for itself"
    elif minimum > maximum:
        yield f"link {tasks[before].name} to {tasks[after].name}: minimum {minimum} is above maximum {maximum}"


def _known(move: tuple[int, ...], tasks: int, stocks: int) -> bool:
    return 0 <= move[0] < tasks and 0 <= move[1] < stocks


def _circle(links: Sequence[tuple[int, ...]], tasks: Sequence[Any]) -> Iterator[str]:
    """Tasks that wait for one another in a circle of links from end to start."""
    after: list[list[int]] = [[] for _ in tasks]
    waits = [0] * len(tasks)
    for b, a, minimum, _, kind in links:
        if kind == 0 and minimum >= 0 and 0 <= b < len(tasks) and 0 <= a < len(tasks) and a != b:
            after[b].append(a)
            waits[a] += 1
    free = [i for i, n in enumerate(waits) if n == 0]
    for i in free:
        for j in after[i]:
            waits[j] -= 1
            if waits[j] == 0:
                free.append(j)
    if len(free) < len(tasks):
        held = [tasks[i].name for i, n in enumerate(waits) if n > 0]
        yield f"tasks wait for one another in a circle: {', '.join(held[:5])}{' ...' if len(held) > 5 else ''}"
