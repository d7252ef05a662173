"""What an item can be made from: the buffers, options, processes and resources that planning it may touch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from gemba.decide.cycle.candidates import Candidates
from gemba.operation import Operation, StepResource, SupplyOption


@dataclass(slots=True)
class Reach:
    """Names; buffers are items at places."""

    buffers: set[tuple[str, str]] = field(default_factory=set)
    options: set[str] = field(default_factory=set)
    processes: set[str] = field(default_factory=set)
    resources: set[str] = field(default_factory=set)


def reach(operation: Operation, buffers: Iterable[tuple[str, str]]) -> Reach:
    """All that supplies these buffers, directly or not."""
    found, rows = Reach(), _Rows(operation)
    todo = list(buffers)
    while todo:
        key = todo.pop()
        if key in found.buffers:
            continue
        found.buffers.add(key)
        for option in rows.options[key]:
            found.options.add(option.name)
            found.resources |= {option.resource} - {""}
            if option.kind == "move":
                todo.append((option.item, option.origin))
        for process in rows.makers[key] | {o.process for o in rows.options[key] if o.process}:
            if process not in found.processes:
                found.processes.add(process)
                todo += rows.inputs[process]
                for need in rows.needs[process]:
                    found.resources |= rows.able(need)
    return found


class _Rows:
    """Rows of the operation by what one looks them up."""

    def __init__(self, operation: Operation) -> None:
        self.options: dict[tuple[str, str], list[SupplyOption]] = defaultdict(list)
        for o in operation.supply_options:
            self.options[o.item, o.place].append(o)
        self.makers: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.inputs: dict[str, list[tuple[str, str]]] = defaultdict(list)
        place = {}
        for p in operation.processes:
            place[p.name] = p.place
            self.makers[p.item, p.place].add(p.name)
        for row in operation.step_items:
            key = (row.item, row.place or place[row.process])
            if row.direction == "out":
                self.makers[key].add(row.process)
            else:
                self.inputs[row.process].append(key)
        self.needs: dict[str, list[StepResource]] = defaultdict(list)
        for need in operation.step_resources:
            self.needs[need.process].append(need)
        self._candidates = Candidates(operation)

    def able(self, need: StepResource) -> frozenset[str]:
        return self._candidates.able(need)
