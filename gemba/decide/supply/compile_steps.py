"""From a process's rows to linked steps: precedence, needs and materials."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable
from math import ceil
from typing import Any

from gemba.decide.supply.network import (
    ArcNode,
    BufferNode,
    MaterialNode,
    NeedNode,
    Network,
    ProcessNode,
    ResourceNode,
    StepNode,
)
from gemba.operation import Process, Step, StepItem, StepLink, StepResource
from gemba.operation.moments import seconds
from gemba.operation.worktime import FAR

Rows = dict[str, list[Any]]
Find = Callable[[str, str], BufferNode]


def compile_process(
    p: Process, rows: Rows, net: Network, members: dict[str, list[ResourceNode]], find: Find
) -> ProcessNode:
    """The process with its steps in an order in which predecessors come first."""
    links = rows["step_links"] or implied_links(rows["steps"])
    ordered = _in_order(rows["steps"], links)
    scale = _scales(ordered, links)
    place = net.hours.place_calendars(p.place)
    steps = []
    for i, s in enumerate(ordered):
        calendars = place | frozenset({s.calendar} - {""})
        steps.append(
            StepNode(
                i,
                s.name,
                int(s.setup_time),
                s.time,
                s.time_per_unit,
                s.batch_size,
                scale[s.name],
                s.pausable,
                calendars,
                s.setup_family,
                max(net.frozen, net.now + int(s.fence)),
                s.cost,
            )
        )
    by_name = {s.name: n for s, n in zip(ordered, steps, strict=True)}
    _link(ordered, links, by_name)
    _add_needs(rows["step_resources"], by_name, net, members)
    _add_materials(p, rows["step_items"], by_name, find)
    for node in steps:
        _mark_plain(node, net)
    simple = len(steps) == 1 and (steps[0].plain is not None or steps[0].idle) and not steps[0].input_choices
    simple = simple and all(m.start == -FAR and m.end == FAR for m in steps[0].inputs) and steps[0].pausable
    start = seconds(p.start) if p.start else -FAR
    return ProcessNode(p.name, p.kind, p.place, p.item, steps, start, seconds(p.end) if p.end else FAR, simple)


def implied_links(steps: list[Step]) -> list[StepLink]:
    """Each step waits for all those of the next lower sequence number."""
    levels = sorted({s.sequence for s in steps})
    by = {n: [s for s in steps if s.sequence == n] for n in levels}
    return [
        StepLink(process=b.process, before=a.name, after=b.name)
        for low, high in itertools.pairwise(levels)
        for a in by[low]
        for b in by[high]
    ]


def _in_order(steps: list[Step], links: list[StepLink]) -> list[Step]:
    waits = {s.name: {link.before for link in links if link.after == s.name} for s in steps}
    left, ordered = sorted(steps, key=lambda s: s.sequence), []
    done: set[str] = set()
    while left:
        ready = next(s for s in left if waits[s.name] <= done)
        left.remove(ready)
        done.add(ready.name)
        ordered.append(ready)
    return ordered


def _scales(ordered: list[Step], links: list[StepLink]) -> dict[str, float]:
    """1 / (yield of the step x yields of all steps that follow it)."""
    follows: dict[str, set[str]] = {s.name: set() for s in ordered}
    for s in reversed(ordered):
        for link in links:
            if link.before == s.name:
                follows[s.name] |= {link.after} | follows[link.after]
    yields = {s.name: s.yield_rate for s in ordered}
    scale = {}
    for s in ordered:
        product = s.yield_rate
        for f in sorted(follows[s.name]):
            product *= yields[f]
        scale[s.name] = 1.0 / product
    return scale


def _link(ordered: list[Step], links: list[StepLink], by_name: dict[str, StepNode]) -> None:
    data = {s.name: s for s in ordered}
    for link in links:
        before, after = data[link.before], data[link.after]
        lag = int(before.move_time + link.minimum_lag + after.queue_time)
        transfer = before.transfer_lot
        maximum = int(link.maximum_lag) if link.maximum_lag is not None else None
        arc = ArcNode(by_name[link.before].index, lag, maximum, transfer)
        by_name[link.after].arcs.append(arc)
        by_name[link.before].followers.append((by_name[link.after].index, arc))
        if transfer > 0:
            by_name[link.after].transfers = by_name[link.before].transfers = True


def _add_needs(
    rows: list[StepResource], by_name: dict[str, StepNode], net: Network, members: dict[str, list[ResourceNode]]
) -> None:
    labelled: dict[tuple[str, str], list[NeedNode]] = defaultdict(list)
    for row in rows:
        need = _need(row, net, members)
        if row.alternative:
            labelled[row.step, row.alternative].append(need)
        else:
            by_name[row.step].needs.append(need)
    for (step, _), needs in labelled.items():
        by_name[step].choices.append(sorted(needs, key=lambda n: n.priority))


def _need(row: StepResource, net: Network, members: dict[str, list[ResourceNode]]) -> NeedNode:
    pooled = not row.resource or row.resource in members
    if not row.resource:
        found = [r for r in net.resources.values() if row.skill in r.skills]
    else:
        found = members.get(row.resource) or [net.resources[row.resource]]
    if row.skill:
        found = [r for r in found if row.skill in r.skills]
        found.sort(key=lambda r: min(p for _, _, _, p in r.skills[row.skill]))
    start = seconds(row.start) if row.start else -FAR
    return NeedNode(
        found,
        ceil(row.quantity - 1e-9) if pooled else 1,
        1.0 if pooled else row.quantity,
        pooled,
        row.skill,
        row.level,
        row.speed,
        row.cost,
        row.setup_family,
        row.priority,
        start,
        seconds(row.end) if row.end else FAR,
        row.fixed_quantity,
    )


def _add_materials(p: Process, rows: list[StepItem], by_name: dict[str, StepNode], find: Find) -> None:
    labelled: dict[tuple[str, str], list[MaterialNode]] = defaultdict(list)
    main = False
    for row in rows:
        at_end = row.at == "end" or (row.at == "" and row.direction == "out")
        node = MaterialNode(
            find(row.item, row.place or p.place),
            row.quantity,
            row.fixed_quantity,
            at_end,
            int(row.offset),
            row.priority,
            seconds(row.start) if row.start else -FAR,
            seconds(row.end) if row.end else FAR,
        )
        step = by_name[row.step]
        if row.direction == "out":
            step.outputs.append(node)
            main = main or row.item == p.item
        elif row.alternative:
            labelled[row.step, row.alternative].append(node)
        else:
            step.inputs.append(node)
    for (name, _), nodes in labelled.items():
        by_name[name].input_choices.append(sorted(nodes, key=lambda n: n.priority))
    if not main:
        last = max(by_name.values(), key=lambda s: s.index)
        last.outputs.append(MaterialNode(find(p.item, p.place), 1.0, 0.0, True, 0, 1, -FAR, FAR, at_order_end=True))


def _mark_plain(s: StepNode, net: Network) -> None:
    """Notice the common case of a single ordinary resource, which needs no search among candidates."""
    s.idle = not s.needs and not s.choices
    if len(s.needs) == 1 and not s.choices:
        need = s.needs[0]
        only = need.candidates[0] if len(need.candidates) == 1 else None
        always = need.start == -FAR and need.end == FAR and not need.skill and not need.cost
        if (
            only
            and always
            and not need.pooled
            and only.timeline
            and not only.buckets
            and not only.has_matrix
            and not only.efficiency_profile
        ):
            s.plain = only
    s.hours = net.hours.open(s.calendars | (s.plain.calendars if s.plain else frozenset()))
