"""Purchases netted afresh once all needs are known: first come first served, needs of one period in one order.

Demands are met one after another, so a purchase made for an early one leaves a rest that an earlier need, found later, cannot
use. With every need known the rests are used up: supply that was there in time for each need by itself is there in time
when the needs are served in the order of their moments, so nothing gets later.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from gemba.decide.supply.draft import EPS, Draft
from gemba.decide.supply.lots import lot_sizes
from gemba.decide.supply.network import BufferNode, Lot, OptionNode, OrderNode, PegNode
from gemba.operation.worktime import FAR


@dataclass(slots=True)
class Need:
    """A peg and the list that holds it, which gets what replaces it."""

    peg: PegNode
    holder: list[PegNode]


@dataclass(slots=True)
class Netted:
    """A buffer's supply as netted afresh."""

    lots: list[Lot]
    orders: list[OrderNode] = field(default_factory=list)
    pegs: list[tuple[Need, list[PegNode]]] = field(default_factory=list)


def consolidate(draft: Draft) -> None:
    """Replace the proposed purchases of every item by what its needs ask for in the order of their moments."""
    needs, bought = _needs(draft), _bought(draft)
    dropped: set[int] = set()
    for key, orders in bought.items():
        option = orders[0].option
        assert option is not None
        if not _plain(option, orders, needs[key]):
            continue
        netted = _net(draft, option, orders, needs[key])
        if netted is None or sum(o.quantity for o in netted.orders) > sum(o.quantity for o in orders) + EPS:
            continue
        dropped |= {id(o) for o in orders}
        _replace(draft, option.buffer, netted)
    draft.orders[:] = [o for o in draft.orders if id(o) not in dropped]


def _needs(draft: Draft) -> dict[int, list[Need]]:
    found: dict[int, list[Need]] = defaultdict(list)
    holders = [o.pegs for o in draft.orders] + [pegs for _, _, _, pegs in draft.deliveries]
    for holder in holders:
        for peg in holder:
            found[id(peg.buffer)].append(Need(peg, holder))
    return found


def _bought(draft: Draft) -> dict[int, list[OrderNode]]:
    """Proposed purchases by buffer; a buffer that is also made or moved to is left out."""
    found: dict[int, list[OrderNode]] = defaultdict(list)
    for o in draft.orders:
        if o.data is None and o.option is not None:
            found[id(o.option.buffer)].append(o)
    return {key: orders for key, orders in found.items() if all(o.kind == "buy" for o in orders)}


def _plain(option: OptionNode, orders: list[OrderNode], needs: list[Need]) -> bool:
    same = all(o.option is option for o in orders)
    always = option.start == -FAR and option.end == FAR and option.resource is None
    keeps = option.buffer.shelf_life == FAR and not option.buffer.unlimited
    return same and always and keeps and all(n.peg.lot.expires == FAR and not n.peg.lot.reserved for n in needs)


def _net(draft: Draft, option: OptionNode, orders: list[OrderNode], needs: list[Need]) -> Netted | None:
    """Serve the needs by their moments; None where that would need something sooner than it can be had."""
    old = {id(lot) for o in orders for lot in o.lots}
    free = [lot for lot in option.buffer.lots if lot.expires == FAR and not lot.reserved]
    kept = {id(lot): lot for lot in free if id(lot) not in old}
    kept |= {id(n.peg.lot): n.peg.lot for n in needs if id(n.peg.lot) not in old}
    netted = Netted(
        [Lot(x.at, x.quantity, x.quantity, x.order, x.lot) for x in sorted(kept.values(), key=lambda x: x.at)]
    )
    needs = sorted(needs, key=lambda n: n.peg.at)
    window = max(option.buffer.period, option.batch_window)
    for i, need in enumerate(needs):
        pegs, left = _serve(netted, need.peg)
        if left > EPS:
            soon = sum(n.peg.quantity for n in needs[i + 1 :] if n.peg.at < need.peg.at + window) if window else 0.0
            if not _order(draft, option, netted, left + soon, need.peg.at):
                return None
            more, left = _serve(netted, need.peg, left)
            if left > EPS * max(1.0, need.peg.quantity):
                return None
            pegs += more
        netted.pegs.append((need, pegs))
    return netted


def _serve(netted: Netted, peg: PegNode, quantity: float | None = None) -> tuple[list[PegNode], float]:
    """Take what lots are there by the peg's moment, the earliest first; what is left to find."""
    left = peg.quantity if quantity is None else quantity
    pegs = []
    while netted.lots and left > EPS and netted.lots[0].at <= peg.at:
        lot = netted.lots[0]
        q = min(left, lot.left)
        if q > 0:
            pegs.append(PegNode(peg.buffer, lot, q, peg.at, peg.order, peg.step, peg.demand))
            lot.left -= q
            left -= q
        if lot.left <= EPS:
            netted.lots.pop(0)
    return pegs, left


def _order(draft: Draft, option: OptionNode, netted: Netted, quantity: float, by: int) -> bool:
    start = option.hours.next_open(max(option.hours.begin(by, option.lead_time), option.earliest))
    end = option.hours.finish(start, option.lead_time)
    if end > by:
        return False
    for size in lot_sizes(option, quantity):
        order = OrderNode(option, None, "buy", size, start, end)
        lot = Lot(end, size, size, order)
        order.lots.append(lot)
        order.flows.append(("", option.buffer, size, end))
        netted.orders.append(order)
        netted.lots.append(lot)
    netted.lots.sort(key=lambda x: x.at)
    return True


def _replace(draft: Draft, at: BufferNode, netted: Netted) -> None:
    used = [lot for _, pegs in netted.pegs for peg in pegs for lot in [peg.lot]]
    at.lots[:] = sorted({id(x): x for x in [*netted.lots, *used] if x.left > EPS}.values(), key=lambda x: x.at)
    drop = {id(need.peg) for need, _ in netted.pegs}
    for holder in {id(n.holder): n.holder for n, _ in netted.pegs}.values():
        holder[:] = [p for p in holder if id(p) not in drop]
    for need, pegs in netted.pegs:
        need.holder += pegs
    draft.orders += netted.orders
