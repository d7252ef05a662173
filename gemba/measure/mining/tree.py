"""A process tree from a log: a model with choices, parallel parts and loops, in which every case fits."""

from __future__ import annotations

from dataclasses import dataclass

from gemba.measure.mining.cuts import Traces, choice, graph, loop, parallel, project, rounds, separate, sequence
from gemba.measure.mining.log import EventLog
from gemba.measure.mining.variants import variants


@dataclass(frozen=True, slots=True)
class Tree:
    """A node: an ``activity`` (``name``), ``nothing``, or what happens to its parts: ``sequence`` one after another,
    ``choice`` one of them, ``parallel`` all in any order, interleaved; ``loop`` the first, then as often as wanted any
    one of the others and the first again. ``cases`` (pieces of cases, within loops) go through it."""

    kind: str
    name: str = ""
    parts: tuple[Tree, ...] = ()
    cases: int = 0

    def __str__(self) -> str:
        return self.name if self.kind == "activity" else f"{self.kind}({', '.join(map(str, self.parts))})"


def process_tree(log: EventLog, share: float = 1.0) -> Tree:
    """The tree of the most frequent variants that together have at least ``share`` of the cases.

    The inductive miner (Leemans, Fahland and van der Aalst 2013) without filtering: the directly-follows graph is cut
    into parts by choice, sequence, parallel or loop, the traces are split accordingly, and so on. Where nothing cuts,
    an activity that is once in every trace is set aside as parallel; else any order of the activities is allowed (a
    loop of nothing and each of them). Every case of these variants fits the tree. There are no blocks for rare paths
    left out; ask for a smaller share where the tree allows too much.

    Raises:
        ValueError: where the log has no cases.
    """
    if not log.case.names:
        raise ValueError("a process tree needs at least one case")
    traces: Traces = {}
    for variant in variants(log).variants:
        traces[variant.activities] = variant.count
        if variant.cumulated >= share:
            break
    return _tree(traces)


def _tree(traces: Traces) -> Tree:
    cases, empty = sum(traces.values()), traces.get((), 0)
    if empty == cases:
        return Tree("nothing", cases=cases)
    if empty:
        some = _tree({t: n for t, n in traces.items() if t})
        return Tree("choice", parts=(Tree("nothing", cases=empty), some), cases=cases)
    g = graph(traces)
    if len(g.names) == 1:
        return _single(g.names[0], traces, cases)
    for kind, cut, split in (
        ("choice", choice, separate), ("sequence", sequence, project), ("parallel", parallel, project),
        ("loop", loop, rounds),
    ):  # fmt: skip
        parts = cut(g)
        if len(parts) > 1:
            return Tree(kind, parts=tuple(_tree(t) for t in split(traces, parts)), cases=cases)
    return _uncut(g.names, traces, cases)


def _single(name: str, traces: Traces, cases: int) -> Tree:
    leaf = Tree("activity", name, cases=sum(len(t) * n for t, n in traces.items()))
    if all(len(t) == 1 for t in traces):
        return leaf
    return Tree("loop", parts=(leaf, Tree("nothing", cases=leaf.cases - cases)), cases=cases)


def _uncut(names: tuple[str, ...], traces: Traces, cases: int) -> Tree:
    for name in names:
        if all(t.count(name) == 1 for t in traces):
            alone, rest = frozenset([name]), frozenset(names) - {name}
            return Tree("parallel", parts=tuple(_tree(t) for t in project(traces, [alone, rest])), cases=cases)
    count = {name: sum(t.count(name) * n for t, n in traces.items()) for name in names}
    leaves = tuple(Tree("activity", name, cases=count[name]) for name in names)
    return Tree("loop", parts=(Tree("nothing", cases=cases), *leaves), cases=cases)
