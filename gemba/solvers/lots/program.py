"""The mixed-integer program of some items, in the facility-location form (Krarup and Bilde 1977).

Columns, in this order: ``y``, a set-up of an item in a period; ``z``, the share of the demand of a period that is made in
another; ``w``, the share of a demand that is never met; ``e``, overtime of a resource in a period; ``v``, capacity that is
not there, at a penalty (only while no plan is known). A set-up that is fixed is a constant, and its shares have no link to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gemba.solvers.lots.problem import Data, Flags, Floats, Ints

Block = tuple[Ints, Ints, Floats]  # row, column, value


class Cells(NamedTuple):
    """Items (their places in a program's list) and periods."""

    item: Ints
    period: Ints


class Shares(NamedTuple):
    """For each share: the item's place, the period in which it is made and in which it is due, and the units of it all."""

    item: Ints
    made: Ints
    due: Ints
    amount: Floats


@dataclass(frozen=True)
class Program:
    """Minimise ``cost`` · x + ``constant`` where ``lower`` <= A x <= ``upper_row`` and 0 <= x <= ``upper``; the first columns
    (``free``: which set-ups) are whole. ``entries`` are those of A; ``must`` are the fixed set-ups, ``never`` the demands with
    a ``w``."""

    items: Ints
    must: Flags
    free: Cells
    shares: Shares
    never: Cells
    cost: Floats
    upper: Floats
    lower_row: Floats
    upper_row: Floats
    entries: Block
    constant: float

    def plan(self, x: Floats) -> tuple[Floats, Flags]:
        """Units made and set-ups (only where something is made), by item of ``items`` and period."""
        s, first = self.shares, len(self.free.item)
        setups = self.must.copy()
        setups[self.free] = x[:first] > 0.5
        share = np.where(setups[s.item, s.made], np.clip(x[first : first + len(s.item)], 0.0, 1.0), 0.0)
        share[share < 1e-7] = 0.0
        made = np.zeros(self.must.shape)
        due = np.zeros(self.must.shape)
        np.add.at(due, (s.item, s.due), share)
        due[self.never] += x[first + len(s.item) :][: len(self.never.item)]
        np.add.at(made, (s.item, s.made), share * s.amount / np.maximum(due, 1e-9)[s.item, s.due])
        return made, setups & (made > 0)

    def hint(self, setups: Flags) -> Floats:
        """The whole columns of a plan."""
        return setups[self.free].astype(np.float64)


def program(
    data: Data, items: Ints, may: Flags, must: Flags, room: Floats, *, penalty: float = 0.0, reach: int = 1 << 30
) -> Program:
    """Plan ``items`` in the capacity ``room`` (K x T) with set-ups where they ``must`` be, and elsewhere where they ``may``.

    Args:
        penalty: for each unit of capacity beyond the room and the overtime; 0: never.
        reach: what is made earlier is made at most so many periods before it is due.
    """
    demand = data.demand[items]
    free = Cells(*np.nonzero(may & ~must))
    shares = _shares(data, items, may | must, demand, reach)
    due = Cells(*np.nonzero(demand > 0))
    never = np.flatnonzero(np.isfinite(data.backlog[items][due.item]))
    periods = room.shape[1]
    z, w = len(free.item), len(free.item) + len(shares.item)
    e = w + len(never)
    row_of = np.zeros(demand.shape, np.int64)
    row_of[due] = np.arange(len(due.item))
    link, links = _links(free, shares, demand.shape, len(due.item), z)
    first = len(due.item) + links
    taken, fixed = _capacity(data, items, free, shares, must, first, z)
    over, over_cost, over_upper = _overtime(data, room, penalty, first, e)
    blocks = [
        (row_of[shares.item, shares.due], z + np.arange(len(shares.item)), np.ones(len(shares.item))),
        (never, w + np.arange(len(never)), np.ones(len(never))),
        *link, *taken, *over,
    ]  # fmt: skip
    wait = (periods - due.period) * data.backlog[items][due.item] * demand[due]
    return Program(
        items, must, free, shares, Cells(due.item[never], due.period[never]),
        cost=np.concatenate((data.setup_cost[items][free.item], _share_cost(data, items, shares), wait[never], over_cost)),
        upper=np.concatenate((np.ones(e), over_upper)),
        lower_row=np.concatenate((np.ones(len(due.item)), np.full(links + room.size, -np.inf))),
        upper_row=np.concatenate((np.ones(len(due.item)), np.zeros(links), (room - fixed).ravel())),
        entries=tuple(np.concatenate(part) for part in zip(*blocks, strict=True)),  # type: ignore[arg-type]
        constant=float((data.setup_cost[items][:, None] * must).sum()),
    )  # fmt: skip


def _shares(data: Data, items: Ints, allowed: Flags, demand: Floats, reach: int) -> Shares:
    """In time, and late where the item may be."""
    wait = np.arange(demand.shape[1])[None, :] - np.arange(demand.shape[1])[:, None]  # made x due
    backlog = np.isfinite(data.backlog[items])
    there = allowed[:, :, None] & (demand > 0)[:, None, :] & (wait <= reach) & ((wait >= 0) | backlog[:, None, None])
    item, made, due = np.nonzero(there)
    return Shares(item, made, due, demand[item, due])


def _share_cost(data: Data, items: Ints, shares: Shares) -> Floats:
    wait = shares.due - shares.made
    late = np.where(np.isfinite(data.backlog), data.backlog, 0.0)[items][shares.item]
    return np.where(wait >= 0, data.holding[items][shares.item] * wait, -late * wait) * shares.amount


def _links(free: Cells, shares: Shares, shape: tuple[int, ...], first: int, z: int) -> tuple[list[Block], int]:
    """A share that is made in a period with a free set-up is at most that set-up."""
    column = np.full(shape, -1, np.int64)
    column[free] = np.arange(len(free.item))
    setup = column[shares.item, shares.made]
    some = np.flatnonzero(setup >= 0)
    row = first + np.arange(len(some))
    ones = np.ones(len(some))
    return [(row, z + some, ones), (row, setup[some], -ones)], len(some)


def _capacity(
    data: Data, items: Ints, free: Cells, shares: Shares, must: Flags, first: int, z: int
) -> tuple[list[Block], Floats]:
    """What the columns take of the capacity rows, which begin at ``first``; and what fixed set-ups take."""
    blocks: list[Block] = []
    fixed = np.zeros_like(data.capacity)
    periods = fixed.shape[1]
    start = data.link_start[items]
    count = data.link_start[items + 1] - start
    fixed_item, fixed_period = np.nonzero(must)
    for j in range(int(count.max(initial=0))):
        own = np.flatnonzero(count[shares.item] > j)
        link = start[shares.item[own]] + j
        blocks.append(
            (first + data.resource[link] * periods + shares.made[own], z + own, data.unit[link] * shares.amount[own])
        )
        own = np.flatnonzero(count[free.item] > j)
        link = start[free.item[own]] + j
        blocks.append((first + data.resource[link] * periods + free.period[own], own, data.setup[link]))
        own = np.flatnonzero(count[fixed_item] > j)
        link = start[fixed_item[own]] + j
        np.add.at(fixed, (data.resource[link], fixed_period[own]), data.setup[link])
    return blocks, fixed


def _overtime(data: Data, room: Floats, penalty: float, first: int, column: int) -> tuple[list[Block], Floats, Floats]:
    """Blocks, costs and upper bounds of overtime, and of capacity that is not there."""
    resource, period = np.nonzero(data.overtime > 0)
    row = first + resource * room.shape[1] + period
    cost, upper = data.overtime_cost[resource], data.overtime[resource, period]
    if penalty > 0:
        row = np.append(row, first + np.arange(room.size))
        cost, upper = np.append(cost, np.full(room.size, penalty)), np.append(upper, np.full(room.size, np.inf))
    return [(row, column + np.arange(len(row)), -np.ones(len(row)))], cost, upper
