"""Meets one need after another: from stock and open orders where they suffice, else by new orders, down every level."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from gemba.decide.supply.draft import EPS, Draft
from gemba.decide.supply.lots import lot_sizes
from gemba.decide.supply.network import BufferNode, Lot, Network, OptionNode
from gemba.decide.supply.ordering import Ordering, Taken
from gemba.operation.worktime import FAR

_MOST_ROUNDS = 8


@dataclass(slots=True)
class Style:
    """How a plan is built: the knobs that the improvement turns."""

    late_start: bool = True  # work as late as the need allows; else as soon as possible
    split: bool = False  # look for the part of a quantity that can be on time
    parts: int = 1  # ask for a demand's quantity in this many parts, one after another
    lots: int = 1  # make orders this many times smaller, side by side
    depth: int = 60  # most levels of supply


class Builder:
    """Builds supply on a draft. ``ask`` is the one way to obtain material; it returns what it took and when it is there."""

    def __init__(self, net: Network, draft: Draft, style: Style) -> None:
        self.net, self.draft, self.style = net, draft, style
        self.ordering = Ordering(draft, self.ask)
        self.demand = ""  # whose need is being met
        self.stop: Callable[[], bool] = lambda: False  # ends a build that will not be used
        self._asking: set[int] = set()  # buffers that are being supplied: none of them supplies itself

    # --- asking -------------------------------------------------------------------------------------------------

    def ask(self, at: BufferNode, quantity: float, need: int, release: int = -FAR) -> tuple[Taken, int] | None:
        """Take ``quantity`` by ``need`` where possible, else as soon as possible.

        Returns what was taken from which lots and when the last of it is there; None where it cannot be had at all.
        """
        if at.unlimited:
            return [(self._endless(at, quantity), quantity)], self.net.now
        mark = self.draft.mark()
        for _ in range(_MOST_ROUNDS):
            taken = self._once(at, quantity, need, release)
            if taken is None:
                break
            there = max((lot.at for lot, _ in taken), default=self.net.now)
            if all(lot.expires > max(there, need) for lot, _ in taken):
                return taken, there
            self.draft.undo(mark)
            need = max(there, need + 1)  # what expires before the last of it is there is of no use
        self.draft.undo(mark)
        return None

    def _once(self, at: BufferNode, quantity: float, need: int, release: int) -> Taken | None:
        """From stock that is there by the need, the rest by orders; None where the whole is not reached."""
        taken = self.from_lots(at, quantity, need, -FAR)
        left = quantity - sum(q for _, q in taken)
        if left <= EPS * max(1.0, quantity):
            return taken
        if id(at) in self._asking or len(self._asking) > self.style.depth:
            return None
        self._asking.add(id(at))
        more = self._by_orders(at, left, need, release)
        self._asking.discard(id(at))
        return None if more is None else taken + more

    def _endless(self, at: BufferNode, quantity: float) -> Lot:
        lot = Lot(self.net.now, quantity, quantity, None, "unlimited")
        lot.left = 0.0
        return lot

    def from_lots(self, at: BufferNode, quantity: float, latest: int, after: int) -> Taken:
        """Take what lots there are between two moments: those kept for the demand, those that expire first, the latest there."""
        taken: Taken = []
        i = bisect_right(at.lots, latest, key=lambda x: x.at)
        usable = [x for x in at.lots[:i] if x.at > after and x.expires > latest and x.reserved in ("", self.demand)]
        usable.sort(key=lambda x: (not x.reserved, x.expires, -x.at))
        left = quantity
        for lot in usable:
            if left <= EPS:
                break
            q = min(left, lot.left)
            self.draft.use(at, lot, q)
            taken.append((lot, q))
            left -= q
        return taken

    def _by_orders(self, at: BufferNode, quantity: float, need: int, release: int) -> Taken | None:
        """By new orders on time; else by whatever is there first of later lots and new orders."""
        options = [o for o in at.options if o.priority > 0]
        if any(o.share > 0 for o in options):
            return self._shared(at, [o for o in options if o.share > 0], quantity, need, release)
        best: tuple[int, OptionNode] | None = None
        later = [x for x in at.lots if x.at > need and x.reserved in ("", self.demand)]
        for option in options:
            mark = self.draft.mark()
            found = self.order(option, quantity, need, release)
            if found is None:
                continue
            there = max(lot.at for lot, _ in found)
            if there <= need or (len(options) == 1 and not (later and later[0].at < there)):
                return found
            if best is None or there < best[0]:
                best = (there, option)
            self.draft.undo(mark)
        if self.style.split and len(options) > 1:
            parts = self._in_parts(at, options, quantity, need, release)
            if parts is not None:
                return parts
        return self._late(at, best, quantity, need, release)

    def _late(
        self, at: BufferNode, best: tuple[int, OptionNode] | None, quantity: float, need: int, release: int
    ) -> Taken | None:
        taken = self._from_lots_after(at, quantity, need, best[0] if best else FAR)
        left = quantity - sum(q for _, q in taken)
        if left <= EPS * max(1.0, quantity):
            return taken
        if best is None:
            return None
        found = self.order(best[1], left, need, release)
        return None if found is None else taken + found

    def _from_lots_after(self, at: BufferNode, quantity: float, need: int, before: int) -> Taken:
        """Take the earliest lots that come after the need, as long as they come before new orders would."""
        taken: Taken = []
        left = quantity
        for lot in [x for x in at.lots if need < x.at < before and x.reserved in ("", self.demand)]:
            if left <= EPS:
                break
            q = min(left, lot.left)
            self.draft.use(at, lot, q)
            taken.append((lot, q))
            left -= q
        return taken

    def _shared(
        self, at: BufferNode, options: list[OptionNode], quantity: float, need: int, release: int
    ) -> Taken | None:
        """Split over the options by their shares; the last one makes up for what rounding left."""
        valid = [o for o in options if o.start <= need < o.end] or options
        total = sum(o.share for o in valid)
        taken: Taken = []
        left = quantity
        valid.sort(key=lambda o: -o.share)
        for option in valid:
            part = min(left, quantity * option.share / total if option is not valid[-1] else left)
            if part <= EPS:
                continue
            found = self.order(option, part, need, release)
            if found is not None:
                taken += found
                left -= sum(q for _, q in found)
        for option in valid:
            if left > EPS * max(1.0, quantity):
                found = self.order(option, left, need, release)
                if found is not None:
                    taken += found
                    left -= sum(q for _, q in found)
        return taken if left <= EPS * max(1.0, quantity) else None

    def _in_parts(
        self, at: BufferNode, options: list[OptionNode], quantity: float, need: int, release: int
    ) -> Taken | None:
        """What each option can have there in time, the preferred first; None where the whole is not reached."""
        mark = self.draft.mark()
        taken: Taken = []
        left = quantity
        for option in options:
            if left <= EPS * max(1.0, quantity):
                break
            part = self.most(left, lambda q, o=option: self._on_time(o, q, need, release), at.pieces)  # type: ignore[misc]
            if part > EPS:
                found = self.order(option, part, need, release)
                assert found is not None
                taken += found
                left -= sum(q for _, q in found)
        if left <= EPS * max(1.0, quantity):
            return taken
        self.draft.undo(mark)
        return None

    def _on_time(self, option: OptionNode, quantity: float, need: int, release: int) -> bool:
        found = self.order(option, quantity, need, release)
        return found is not None and max(lot.at for lot, _ in found) <= need

    def most(self, quantity: float, works: Callable[[float], bool], pieces: bool) -> float:
        """The largest quantity up to a limit for which a try works (each try is undone); 0 where none does.

        Looked for in whole units first, then, unless only pieces count, in 64ths of one.
        """
        low = 0.0
        for grid in (1.0, 1 / 64) if not pieces or quantity != int(quantity) else (1.0,):
            low = self._most_on(grid, low, min(quantity, low + 1.0) if grid < 1 else quantity, works)
        return low

    def _most_on(self, grid: float, low: float, high: float, works: Callable[[float], bool]) -> float:
        """Bisection between a quantity that works and one that may not, on multiples of a grid (and the limit itself)."""
        best, bad = low, None
        while (bad is None or bad - best > grid + EPS) and not self.stop():
            middle = high if bad is None else best + max(1, int((bad - best) / 2 / grid)) * grid
            if middle <= best + EPS:
                break
            mark = self.draft.mark()
            fits = works(middle)
            self.draft.undo(mark)
            if fits:
                best = middle
                if bad is None:
                    break
            else:
                bad = middle
        return best

    # --- ordering -----------------------------------------------------------------------------------------------

    def order(self, option: OptionNode, quantity: float, need: int, release: int) -> Taken | None:
        """New orders on one option for a quantity, that do not expire before the need; what is left of them stays in stock."""
        mark = self.draft.mark()
        fresh = -FAR
        for _ in range(_MOST_ROUNDS):
            taken = self._order(option, quantity, need, release, fresh)
            stale = [lot for lot, _ in taken or () if lot.expires <= need]
            if not stale:
                return taken
            self.draft.undo(mark)
            fresh = max(fresh, max((lot.order.start if lot.order else need) + need - lot.expires + 1 for lot in stale))
        return None

    def _order(self, option: OptionNode, quantity: float, need: int, release: int, fresh: int) -> Taken | None:
        mark = self.draft.mark()
        taken: Taken = []
        left = quantity
        self.ordering.late_start = self.style.late_start
        sizes = lot_sizes(option, quantity, self.style.lots if option.kind == "make" else 1)
        for size in sizes or ():
            order = self.ordering.place(option, size, need, release, fresh)
            lots = [x for x in order.lots if x in option.buffer.lots] if order else []
            if not lots:
                self.draft.undo(mark)
                return None
            for lot in lots:
                q = min(left, lot.left)
                if q > EPS:
                    self.draft.use(option.buffer, lot, q)
                    taken.append((lot, q))
                    left -= q
        if left > EPS * max(1.0, quantity):
            self.draft.undo(mark)
            return None
        return taken

    def give_back(self, at: BufferNode, taken: Taken) -> None:
        """Put what was taken back into its lots, as free stock."""
        for lot, quantity in taken:
            self.draft.use(at, lot, -quantity)
