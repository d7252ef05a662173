"""Where activities and arcs of a process map go: layers from start to end, few crossings, no script. Pure numbers.

The layered method (Sugiyama, Tagawa and Toda 1981): arcs that close a circle are turned round; each activity comes one
layer below the lowest that leads to it; arcs over several layers get a bend in each; the order within layers follows
the mean place of the neighbours, swept down and up; places are then pulled towards the neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

WIDTH, HEIGHT, GAP, BETWEEN = 168.0, 54.0, 34.0, 74.0
BEND = 26.0  # the width that an arc takes where it passes a layer
LOOP = 120.0  # what a node with an arc to itself takes more, for that arc and its label
START, END = "\x00start", "\x00end"
SWEEPS, PULLS = 8, 12

Pair = tuple[str, str]


@dataclass(slots=True)
class Layout:
    """``at``: the middle of each node. ``ways``: the points of each arc from its first to its second node."""

    at: dict[str, tuple[float, float]] = field(default_factory=dict)
    ways: dict[Pair, list[tuple[float, float]]] = field(default_factory=dict)
    width: float = 0.0
    height: float = 0.0


def layout(nodes: Sequence[str], arcs: Sequence[Pair]) -> Layout:
    """The layout of nodes and arcs (most important first); START comes on top, END at the bottom. Arcs from a node to
    itself have no way."""
    plain = [a for a in dict.fromkeys(arcs) if a[0] != a[1]]
    turned = _circles(nodes, plain)
    down = [(b, a) if (a, b) in turned else (a, b) for a, b in plain]
    layer = _layers(nodes, down)
    chains = {pair: _chain(i, pair, layer) for i, pair in enumerate(dict.fromkeys(down))}
    rows = _rows(nodes, layer, chains)
    links = [link for chain in chains.values() for link in pairwise(chain)]
    _untangle(rows, links)
    sizes = {n: BEND if n.startswith("\x00") else WIDTH for row in rows for n in row}
    sizes |= {a: WIDTH + LOOP for a, b in arcs if a == b}
    x = _places(rows, links, sizes)
    return _made(rows, x, sizes, plain, turned, chains)


def _circles(nodes: Sequence[str], arcs: Sequence[Pair]) -> set[Pair]:
    """The arcs that lead back to a node on the way from the start to it, the more important ones followed first."""
    after: dict[str, list[str]] = {n: [] for n in nodes}
    for a, b in arcs:
        after[a].append(b)
    state: dict[str, int] = {}
    back: set[Pair] = set()
    for root in nodes:
        stack = [(root, iter(after[root]))] if root not in state else []
        state.setdefault(root, 1)
        while stack:
            node, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                state[node] = 2
                stack.pop()
            elif state.get(following) == 1:
                back.add((node, following))
            elif following not in state:
                state[following] = 1
                stack.append((following, iter(after[following])))
    return back


def _layers(nodes: Sequence[str], arcs: Sequence[Pair]) -> dict[str, int]:
    """The longest way to each node; the end goes below all others."""
    before: dict[str, list[str]] = {n: [] for n in nodes}
    for a, b in arcs:
        before[b].append(a)
    found: dict[str, int] = {}
    for node in nodes:
        stack = [node]
        while stack:
            top = stack[-1]
            open_ = [b for b in before[top] if b not in found]
            if open_:
                stack.extend(open_)
            else:
                found[top] = max((found[b] + 1 for b in before[top]), default=0)
                stack.pop()
    if END in found:
        found[END] = (
            max(found.values(), default=0) if len(found) == 1 else max(v for k, v in found.items() if k != END) + 1
        )
    return found


def _chain(number: int, pair: Pair, layer: dict[str, int]) -> list[str]:
    bends = range(layer[pair[0]] + 1, layer[pair[1]])
    return [pair[0], *(f"\x00{number}/{level}" for level in bends), pair[1]]


def _rows(nodes: Sequence[str], layer: dict[str, int], chains: dict[Pair, list[str]]) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for node in nodes:
        rows[layer[node]].append(node)
    for (first, _), chain in chains.items():
        for i, bend in enumerate(chain[1:-1], layer[first] + 1):
            rows[i].append(bend)
    return rows


def _neighbours(links: Sequence[Pair]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    above: dict[str, list[str]] = {}
    below: dict[str, list[str]] = {}
    for a, b in links:
        above.setdefault(b, []).append(a)
        below.setdefault(a, []).append(b)
    return above, below


def crossings(rows: Sequence[Sequence[str]], links: Sequence[Pair]) -> int:
    """How often links between neighbouring rows cross."""
    place = {n: i for row in rows for i, n in enumerate(row)}
    level = {n: i for i, row in enumerate(rows) for n in row}
    total = 0
    for i in range(len(rows)):
        ends = sorted((place[a], place[b]) for a, b in links if level[a] == i)
        total += sum(y > w for k, (_, y) in enumerate(ends) for _, w in ends[k + 1 :])
    return total


def _untangle(rows: list[list[str]], links: Sequence[Pair]) -> None:
    """Order each row by the mean place of its neighbours; keep the best order seen."""
    above, below = _neighbours(links)
    best, fewest = [list(r) for r in rows], crossings(rows, links)
    for sweep in range(SWEEPS):
        near, order = (above, rows) if sweep % 2 == 0 else (below, rows[::-1])
        for row in order:
            place = {n: i for r in rows for i, n in enumerate(r)}
            mean = {n: _mean([place[m] for m in near.get(n, ())], place[n]) for n in row}
            row.sort(key=mean.__getitem__)
        many = crossings(rows, links)
        if many < fewest:
            best, fewest = [list(r) for r in rows], many
    rows[:] = best


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _places(rows: Sequence[Sequence[str]], links: Sequence[Pair], sizes: dict[str, float]) -> dict[str, float]:
    """The middle of each node: side by side, then pulled towards its neighbours without overlapping."""
    x: dict[str, float] = {}
    for row in rows:
        wide, at = sum(sizes[n] + GAP for n in row) - GAP, 0.0
        for n in row:
            x[n] = at + sizes[n] / 2 - wide / 2
            at += sizes[n] + GAP
    above, below = _neighbours(links)
    for pull in range(PULLS):
        for row in rows if pull % 2 == 0 else rows[::-1]:
            near = above if pull % 2 == 0 else below
            if pull >= PULLS - 2:
                near = {n: [*above.get(n, ()), *below.get(n, ())] for n in row}
            _spread(row, x, sizes, {n: _mean([x[m] for m in near.get(n, ())], x[n]) for n in row})
    return x


def _spread(row: Sequence[str], x: dict[str, float], sizes: dict[str, float], wanted: dict[str, float]) -> None:
    """Each node where it is wanted, as far as the order and the gaps allow: the mean of pushing from left and right."""
    left: dict[str, float] = {}
    edge = float("-inf")
    for n in row:
        left[n] = max(wanted[n], edge + sizes[n] / 2)
        edge = left[n] + sizes[n] / 2 + GAP
    edge = float("inf")
    right: dict[str, float] = {}
    for n in reversed(row):
        right[n] = min(wanted[n], edge - sizes[n] / 2)
        edge = right[n] - sizes[n] / 2 - GAP
    for n in row:
        x[n] = (left[n] + right[n]) / 2


def _made(
    rows: Sequence[Sequence[str]], x: dict[str, float], sizes: dict[str, float], arcs: Sequence[Pair], turned: set[Pair],
    chains: dict[Pair, list[str]],
) -> Layout:  # fmt: skip
    if not x:
        return Layout()
    low = min(x[n] - sizes[n] / 2 for n in x) - GAP
    place = {n: (x[n] - low, HEIGHT / 2 + 10 + i * (HEIGHT + BETWEEN)) for i, row in enumerate(rows) for n in row}
    found = Layout({n: p for n, p in place.items() if not n.startswith("\x00") or n in (START, END)})
    for a, b in arcs:
        chain = chains[(b, a)][::-1] if (a, b) in turned else chains[a, b]
        found.ways[a, b] = [place[n] for n in chain]
    found.width = max(x[n] + sizes[n] / 2 for n in x) - low + 2 * GAP
    found.height = len(rows) * (HEIGHT + BETWEEN) - BETWEEN + 20
    return found
