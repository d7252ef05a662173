"""Checks between nouns: keys are unique, references exist, trees and graphs have no circle."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gemba.operation.fault import Fault
from gemba.operation.noun import TABLES, Column, Table

Tables = Mapping[str, Sequence[Any]]


def check(tables: Tables) -> list[Fault]:
    """Every fault between the nouns of these tables; an empty list where there is none."""
    faults: list[Fault] = []
    if len(tables.get("settings", ())) != 1:
        faults.append(Fault("settings", "", "", len(tables.get("settings", ())), "exactly one row"))
    for name, rows in tables.items():
        faults += _duplicate_keys(TABLES[name], rows)
    names = {name: {getattr(r, TABLES[name].key[0]) for r in rows} for name, rows in tables.items()}
    for name, rows in tables.items():
        for column in TABLES[name].columns:
            if column.refers_to:
                faults += _dangling(TABLES[name], column, rows, names.get(column.refers_to, set()))
    faults += _steps_exist(tables)
    faults += _circles("places", tables, "parent")
    faults += _circles("resources", tables, "group")
    if not faults:
        faults += _step_circles(tables)
        faults += _recipe_circles(tables)
    return faults


def _duplicate_keys(table: Table, rows: Sequence[Any]) -> list[Fault]:
    seen: set[tuple[Any, ...]] = set()
    faults = []
    for i, row in enumerate(rows):
        key = table.key_of(row)
        if key in seen:
            shown = " / ".join(str(k) for k in key if k not in ("", None))
            faults.append(
                Fault(table.name, shown, table.key[0], shown, "used once; this row repeats an earlier key", row=i)
            )
        seen.add(key)
    return faults


def nearest(value: str, names: Iterable[str]) -> str:
    """The closest of the names, or an empty string where none is close."""
    close = difflib.get_close_matches(value, list(names)[:20000], n=1, cutoff=0.6)
    return close[0] if close else ""


class _Suggestions:
    """The nearest names of wrong values, until a budget of comparisons is spent: a wrong column has many thousands."""

    def __init__(self, comparisons: int = 100_000) -> None:
        self.left, self.known = comparisons, dict[tuple[str, int], str]()

    def nearest(self, value: str, names: set[str]) -> str:
        key = (value, id(names))
        if key not in self.known and self.left > 0:
            self.left -= max(len(names), 1)
            self.known[key] = nearest(value, names)
        return self.known.get(key, "")


def _dangling(table: Table, column: Column, rows: Sequence[Any], names: set[str]) -> list[Fault]:
    faults = []
    suggestions = _Suggestions()
    for i, row in enumerate(rows):
        value = getattr(row, column.name)
        if value and value not in names:
            thing = " / ".join(str(k) for k in table.key_of(row) if k not in ("", None))
            allowed = f"the name of one of the {column.refers_to}"
            near = suggestions.nearest(value, names)
            faults.append(Fault(table.name, thing, column.name, value, allowed, near, row=i))
    return faults


_STEPS_NAMED = {
    "step_links": ("before", "after"), "step_resources": ("step",), "step_items": ("step",),
    "characteristics": ("step",), "documents": ("step",),
}  # fmt: skip
_STEPS_OPTIONAL = ("characteristics", "documents")


def _steps_exist(tables: Tables) -> list[Fault]:
    steps: dict[str, set[str]] = {}
    for s in tables.get("steps", ()):
        steps.setdefault(s.process, set()).add(s.name)
    faults = []
    suggestions, nothing = _Suggestions(), set[str]()
    for name, names in _STEPS_NAMED.items():
        for i, row in enumerate(tables.get(name, ())):
            for f in names:
                value, known = getattr(row, f), steps.get(row.process, nothing)
                if name in _STEPS_OPTIONAL and not (value and row.process):
                    continue
                if value not in known:
                    near = suggestions.nearest(value, known)
                    faults.append(Fault(name, row.process, f, value, f"a step of process '{row.process}'", near, row=i))
    for process in tables.get("processes", ()):
        if process.name not in steps:
            faults.append(Fault("processes", process.name, "", None, "given at least one row in steps"))
    return faults


def _circles(name: str, tables: Tables, parent: str) -> list[Fault]:
    graph = {row.name: [getattr(row, parent)] for row in tables.get(name, ()) if getattr(row, parent)}
    return [Fault(name, circle[0], parent, " > ".join(circle), "free of circles") for circle in find_circles(graph)]


def _step_circles(tables: Tables) -> list[Fault]:
    graph: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for link in tables.get("step_links", ()):
        graph.setdefault((link.process, link.before), []).append((link.process, link.after))
    return [
        Fault("step_links", c[0][0], "after", " > ".join(s for _, s in c), "free of circles")
        for c in find_circles(graph)
    ]


def _recipe_circles(tables: Tables) -> list[Fault]:
    """An item may not need itself through processes and moves (a circle in the bill of materials)."""
    graph: dict[tuple[str, str], list[tuple[str, str]]] = {}
    makes = {p.name: p for p in tables.get("processes", ())}
    outputs: dict[str, list[tuple[str, str]]] = {name: [(p.item, p.place)] for name, p in makes.items()}
    for row in tables.get("step_items", ()):
        process = makes[row.process]
        if row.direction == "in":
            for out in outputs[row.process]:
                graph.setdefault(out, []).append((row.item, row.place or process.place))
    return [
        Fault(
            "step_items",
            circle[0][0],
            "item",
            " > ".join(f"{i} @ {p}" if p else i for i, p in circle),
            "free of circles: an item may not be made from itself",
        )
        for circle in find_circles(graph)
    ]


def find_circles(graph: Mapping[Any, Sequence[Any]]) -> list[list[Any]]:
    """One circle for each part of the graph that has any; depth-first, without recursion."""
    state: dict[Any, int] = {}  # 1 on the path, 2 finished
    circles = []
    for root in graph:
        if root in state:
            continue
        path, stack = [root], [iter(graph[root])]
        state[root] = 1
        while stack:
            child = next(stack[-1], None)
            if child is None:
                stack.pop()
                state[path.pop()] = 2
            elif state.get(child) == 1:
                circles.append([*path[path.index(child) :], child])
            elif child not in state:
                state[child] = 1
                path.append(child)
                stack.append(iter(graph.get(child, ())))
    return circles
