"""Cuts of the directly-follows graph of a set of traces: how its activities split into parts (Leemans, Fahland and van
der Aalst 2013). Each function gives the parts, or one part where there is no such cut."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

Traces = dict[tuple[str, ...], int]
Part = frozenset[str]


@dataclass(frozen=True, slots=True)
class Graph:
    """Activities in order of their names, the pairs that directly follow, first and last activities."""

    names: tuple[str, ...]
    arcs: frozenset[tuple[str, str]]
    starts: Part
    ends: Part


def graph(traces: Traces) -> Graph:
    names = sorted({a for trace in traces for a in trace})
    arcs = frozenset(pair for trace in traces for pair in pairwise(trace))
    return Graph(tuple(names), arcs, frozenset(t[0] for t in traces), frozenset(t[-1] for t in traces))


def choice(g: Graph) -> list[Part]:
    """Parts between which no trace passes."""
    return _joined(g.names, g.arcs)


def sequence(g: Graph) -> list[Part]:
    """Parts that follow one another and never go back, in that order."""
    reach = _reach(g)
    circle = [(a, b) for a in g.names for b in g.names if (b in reach[a]) == (a in reach[b])]
    parts = _joined(g.names, circle)  # on a circle, or without a way either way
    return sorted(parts, key=lambda part: -max(len(reach[a] - part) for a in part))


def parallel(g: Graph) -> list[Part]:
    """Parts whose activities follow each other in both directions, each with a start and an end of its own."""
    apart = [(a, b) for a in g.names for b in g.names if (a, b) not in g.arcs or (b, a) not in g.arcs]
    parts = _joined(g.names, apart)
    whole = [p for p in parts if p & g.starts and p & g.ends]
    lacking = [p for p in parts if p not in whole]
    if not whole:
        return [frozenset(g.names)]
    return [whole[0].union(*lacking), *whole[1:]]


def loop(g: Graph) -> list[Part]:
    """The body, with all starts and ends, then parts that lead from its ends back to its starts."""
    body = g.starts | g.ends
    rest = [a for a in g.names if a not in body]
    redo = []
    for part in _joined(rest, [(a, b) for a, b in g.arcs if a not in body and b not in body]):
        if _leads_back(g, part, body):
            redo.append(part)
        else:
            body |= part
    return [body, *redo]


def _leads_back(g: Graph, part: Part, body: Part) -> bool:
    """Whether it is entered from every end alone, and left to every start alone."""
    enters = {(a, b) for a, b in g.arcs if a in body and b in part}
    leaves = {(a, b) for a, b in g.arcs if a in part and b in body}
    return enters == {(a, b) for a in g.ends for _, b in enters} and leaves == {
        (a, b) for a, _ in leaves for b in g.starts
    }


def _reach(g: Graph) -> dict[str, set[str]]:
    reach = {a: {b for x, b in g.arcs if x == a} for a in g.names}
    for via in g.names:
        for a in g.names:
            if via in reach[a]:
                reach[a] |= reach[via]
    return reach


def _joined(names: Iterable[str], pairs: Iterable[tuple[str, str]]) -> list[Part]:
    """The connected parts, by their first name."""
    parts = {a: {a} for a in names}
    for a, b in pairs:
        if parts[a] is not parts[b]:
            small, large = sorted((parts[a], parts[b]), key=len)
            large |= small
            for name in small:
                parts[name] = large
    return sorted({frozenset(p) for p in parts.values()}, key=min)


def project(traces: Traces, parts: list[Part]) -> list[Traces]:
    """Each trace on each part: what a sequence or a parallel part does of it, perhaps nothing."""
    return [_counted(traces, lambda t, part=part: [tuple(a for a in t if a in part)]) for part in parts]  # type: ignore[misc]


def separate(traces: Traces, parts: list[Part]) -> list[Traces]:
    """Each trace to the part that its first activity is in."""
    return [{t: n for t, n in traces.items() if t[0] in part} for part in parts]


def rounds(traces: Traces, parts: list[Part]) -> list[Traces]:
    """Each trace cut where it passes from the body to another part or back."""
    place = {a: i for i, part in enumerate(parts) for a in part}

    def pieces(i: int) -> Callable[[tuple[str, ...]], list[tuple[str, ...]]]:
        return lambda trace: [piece for j, piece in _pieces(trace, place) if j == i]

    return [_counted(traces, pieces(i)) for i in range(len(parts))]


def _pieces(trace: tuple[str, ...], place: dict[str, int]) -> list[tuple[int, tuple[str, ...]]]:
    found: list[tuple[int, tuple[str, ...]]] = []
    for a in trace:
        if found and found[-1][0] == place[a]:
            found[-1] = (place[a], (*found[-1][1], a))
        else:
            found.append((place[a], (a,)))
    return found


def _counted(traces: Traces, pieces: Callable[[tuple[str, ...]], list[tuple[str, ...]]]) -> Traces:
    found: Traces = {}
    for trace, count in traces.items():
        for piece in pieces(trace):
            found[piece] = found.get(piece, 0) + count
    return found
