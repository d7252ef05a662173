"""What every order of one way of supply has in common: its steps, the waits between them, and the flows that it implies.

A way is the option, process, item, place, kind, supplier and origin of an order. Its pattern is found once and laid down
in flat arrays. Ways for which anything depends on the moment, or is out of the common, have none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import ceil, floor

from gemba.decide.check.book import Book
from gemba.decide.check.columns import Columns
from gemba.decide.check.facts import Dated, ProcessFacts, StepFacts
from gemba.decide.check.words import SECOND
from gemba.operation import PlannedOrder, StepItem, SupplyOption

#: Least, most and multiple of the quantity, fence, and of a purchase the shortest and the longest time it takes.
Limits = tuple[float, float, float, int, int, int]
_NONE: Limits = (0.0, 0.0, 0.0, 0, 0, 0)


@dataclass(slots=True)
class Patterns:
    """Rows of steps, waits and flows; ``*_first[w]`` is where those of way w begin."""

    step_first: list[int] = field(default_factory=lambda: [0])
    step: list[int] = field(default_factory=list)  # number of its name
    facts: list[StepFacts] = field(default_factory=list)
    owner: list[ProcessFacts] = field(default_factory=list)
    last: list[bool] = field(default_factory=list)  # no step waits for it
    wait_first: list[int] = field(default_factory=lambda: [0])
    wait: list[tuple[int, int, int]] = field(default_factory=list)  # steps (counted within the way), seconds
    flow_first: list[int] = field(default_factory=lambda: [0])
    flow: list[tuple[int, float, float, int, int]] = field(default_factory=list)  # key, each, fixed, moment, offset
    regular: list[bool] = field(default_factory=list)  # whether there is a pattern
    limits: list[Limits] = field(default_factory=list)


#: Moments of flows other than a step's: the order's end, that of the last step, and from here on of step k the start and the end.
AT_END, AT_LAST, OF_STEP = 0, 1, 2


def patterns(book: Book, columns: Columns, sound: Callable[[PlannedOrder], bool]) -> Patterns:
    """The patterns of all ways in the plan.

    Args:
        sound: whether nothing is wrong with an order as such (its option, process, item and supplier).
    """
    found = Patterns()
    first: dict[int, PlannedOrder] = {}
    for way, order in zip(columns.way.tolist(), book.plan.orders, strict=True):
        first.setdefault(way, order)
    for order in first.values():
        limits = _add(book, columns, found, order) if sound(order) else None
        found.regular.append(limits is not None)
        found.limits.append(limits or _NONE)
        for rows, starts in (
            (found.step, found.step_first),
            (found.wait, found.wait_first),
            (found.flow, found.flow_first),
        ):
            starts.append(len(rows))
    return found


def _add(book: Book, columns: Columns, found: Patterns, order: PlannedOrder) -> Limits | None:
    """Lay down the pattern of an order's way; None where it has none."""
    dated = book.options.get(order.option)
    option, facts, lead = (dated.row if dated else None), book.facts(order), (0, 0)
    if dated and not dated.always:
        return None
    if facts:
        steps = _steps(columns, facts) if order.kind == facts.process.kind and _made(option) else None
        flows = sorted(_flows(columns, facts)) if steps else []
        if not steps or not book.process_period(facts).always or (order.item, order.place) not in facts.yields:
            return None
        if len({key for key, *_ in flows}) < len(flows):
            return None
        found.step += steps
        found.facts += facts.steps.values()
        found.owner += [facts] * len(steps)
        found.last += [name in facts.last for name in facts.steps]
        names = list(facts.steps)
        found.wait += [(names.index(k.before), names.index(k.after), int(k.wait)) for k in facts.links]
        found.flow += flows
    elif option and option.kind == order.kind == "buy" and not book.shipping.get(option.supplier):
        lead = (floor(option.lead_time) - SECOND, ceil(option.lead_time) + SECOND)
        found.flow.append((columns.keys.setdefault((order.item, order.place), len(columns.keys)), 1.0, 0.0, AT_END, 0))
    else:
        return None
    if option is None:
        return 0.0, float("inf"), 0.0, 0, *lead
    most = float("inf") if option.maximum is None else option.maximum
    return option.minimum, most, option.multiple, ceil(option.fence), *lead


def _made(option: SupplyOption | None) -> bool:
    return option is None or option.kind == "make"


def _steps(columns: Columns, facts: ProcessFacts) -> list[int] | None:
    """Numbers of the steps' names; None where a step or a link is out of the common."""
    for s in facts.steps.values():
        steady = all(r.always for r in s.needs) and all(r.always for r in (*s.inputs, *s.outputs))
        if s.either_need or s.either_input or s.step.fence or s.step.transfer_lot or not steady:
            return None
        if any(r.row.skill for r in s.needs):
            return None
    if any(link.longest is not None for link in facts.links):
        return None
    return [columns.steps.setdefault(name, len(columns.steps)) for name in facts.steps]


def _flows(columns: Columns, facts: ProcessFacts) -> Iterator[tuple[int, float, float, int, int]]:
    """Each flow that an order of the process implies: what, for each unit, for each order, and when."""
    main = False
    for k, step in enumerate(facts.steps.values()):
        for row in [*step.inputs, *step.outputs]:
            main = main or (row.row.direction == "out" and row.row.item == facts.process.item)
            yield _flow(columns, facts, row, k)
    if not main:
        key = (facts.process.item, facts.process.place)
        yield columns.keys.setdefault(key, len(columns.keys)), 1.0, 0.0, AT_LAST, 0


def _flow(columns: Columns, facts: ProcessFacts, row: Dated[StepItem], k: int) -> tuple[int, float, float, int, int]:
    item = row.row
    out = item.direction == "out"
    at_end = item.at == "end" or (out and not item.at)
    key, sign = (item.item, item.place or facts.process.place), 1.0 if out else -1.0
    number = columns.keys.setdefault(key, len(columns.keys))
    return number, sign * item.quantity, sign * item.fixed_quantity, OF_STEP + 2 * k + at_end, int(item.offset)
