"""All orders at once: those that surely keep every rule for one order alone need not be read one by one.

What passes here passes the rules themselves (orders, lots, release, times, precedence, set-ups, flows); what does not, for
whatever reason, is read by them, and they alone find the words. So nothing is judged here but that most orders of a
large plan are in order.
"""

from __future__ import annotations

import numpy as np

from gemba.decide.check.book import Book
from gemba.decide.check.columns import Columns, Flags, Floats, Longs, close
from gemba.decide.check.needs import Needs
from gemba.decide.check.orders import sound
from gemba.decide.check.patterns import AT_END, AT_LAST, OF_STEP, Patterns, patterns
from gemba.decide.check.words import SECOND, SHARE
from gemba.operation.worktime import OpenHours

_BEGIN = np.iinfo(np.int64).max


class Screen:
    """Which orders surely keep the rules for one order alone: ``clean``."""

    def __init__(self, book: Book, needs: Needs, columns: Columns) -> None:
        self.book, self.needs, self.columns = book, needs, columns
        supplied = {(o.item, o.place) for o in book.operation.supply_options}
        self.patterns: Patterns = patterns(book, columns, lambda order: sound(book, order, supplied))
        self.slot_first, self.flow_first = np.array(self.patterns.step_first), np.array(self.patterns.flow_first)
        self.clean: Flags = np.array(self.patterns.regular, bool)[columns.way] & columns.proposed & columns.unique
        self._orders()
        self.slot = self._slots()
        self._tasks()
        self._waits()
        self._flows()

    def _orders(self) -> None:
        """Quantity, lots, release and lead time."""
        c, book = self.columns, self.book
        least, most, multiple, fence, low, high = (
            np.array(x, np.float64)[c.way] for x in zip(*self.patterns.limits, strict=True)
        )
        good = (c.quantity > 0) & (c.quantity >= least) & (c.quantity <= most)
        count = c.quantity / np.where(multiple > 0, multiple, 1.0)
        good &= (multiple <= 0) | (np.abs(count - np.round(count)) <= SHARE)
        frozen = book.now + max(0, int(book.operation.settings.frozen))
        good &= (c.start <= c.end) & (c.start >= frozen) & (c.start >= book.now + fence)
        buys = np.diff(self.slot_first)[c.way] == 0
        good &= ~buys | ((c.end - c.start >= low) & (c.end - c.start <= high))
        self.clean &= good

    def _slots(self) -> Longs:
        """Of each task the row of its step in the patterns; -1 where it is of no clean order. Each step has one task."""
        c = self.columns
        of = self.slot_first[c.way[c.task_order]]
        rows = {
            (w, s): at
            for w in range(len(self.patterns.regular))
            for at, s in enumerate(
                self.patterns.step[self.slot_first[w] : self.slot_first[w + 1]], int(self.slot_first[w])
            )
        }
        pairs = c.way[c.task_order] * len(c.steps) + c.task_step
        unique, inverse = np.unique(pairs, return_inverse=True)
        found = np.array([rows.get(divmod(p, len(c.steps)), -1) for p in unique.tolist()], np.int64)[inverse]
        found = np.where((c.task_order >= 0) & (found >= 0), found, -1)
        self._spoil(c.task_order[found < 0])
        wanted = np.diff(self.slot_first)[c.way]
        present = np.bincount(c.task_order[c.task_order >= 0], minlength=len(c.way))
        self.clean &= present == wanted
        rank = c.task_order * (int(wanted.max(initial=0)) + 1) + found - of
        seen, counts = np.unique(rank[found >= 0], return_counts=True)
        self._spoil(seen[counts > 1] // (int(wanted.max(initial=0)) + 1))
        return np.where((found >= 0) & self.clean[c.task_order], found, -1)

    def _spoil(self, orders: Longs) -> None:
        self.clean[orders[orders >= 0]] = False

    def _tasks(self) -> None:
        """Resources, quantity, set-up, length and hours of tasks."""
        c, p = self.columns, self.patterns
        mine = np.flatnonzero(self.slot >= 0)
        combined = self.slot[mine] * len(c.sets) + c.task_set[mine]
        unique, example, inverse = np.unique(combined, return_index=True, return_inverse=True)
        pace, hours, kinds = np.zeros(len(unique)), np.zeros(len(unique), np.int64), list[OpenHours]()
        numbers: dict[int, int] = {}
        for i, task in enumerate(mine[example].tolist()):
            slot = int(self.slot[task])
            pace[i] = self._pace(slot, task)
            opened = self.book.open_hours(p.owner[slot], self.book.plan.tasks[task]) if pace[i] > 0 else OpenHours(None)
            hours[i] = numbers.setdefault(id(opened), len(kinds))
            kinds += [opened] if hours[i] == len(kinds) else []
        good = pace[inverse] > 0
        good &= self._lengths(mine, np.where(good, pace[inverse], 1.0), hours[inverse], kinds)
        self._spoil(c.task_order[mine[~good]])
        first, last = np.full(len(c.way), _BEGIN), np.full(len(c.way), -_BEGIN)
        np.minimum.at(first, c.task_order[mine], c.task_start[mine])
        np.maximum.at(last, c.task_order[mine], c.task_end[mine])
        made = np.diff(self.slot_first)[c.way] > 0
        self.clean &= ~made | ((np.abs(first - c.start) <= SECOND) & (np.abs(last - c.end) <= SECOND))

    def _pace(self, slot: int, task: int) -> float:
        """Standard seconds worked in a second; 0 where that may change, or the resources do not fulfil the step as usual."""
        book, row = self.book, self.book.plan.tasks[task]
        held = [book.resources.get(name) for name, _ in row.resources]
        if any(r is None or r.efficiency_calendar or r.setup_matrix or r.bucket for r in held):
            return 0.0
        fits = self.needs.fits(self.patterns.facts[slot], row)
        return fits[0].speed * book.slowest(row) if len(fits) == 1 else 0.0

    def _lengths(self, mine: Longs, pace: Floats, hours: Longs, kinds: list[OpenHours]) -> Flags:
        """Which tasks are of the right quantity, set-up and length, in open hours."""
        c, steps = self.columns, [f.step for f in self.patterns.facts]
        slot, quantity = self.slot[mine], c.quantity[c.task_order[mine]]
        units = quantity / np.array([f.share for f in self.patterns.facts])[slot]
        batch = np.array([s.batch_size for s in steps])[slot]
        batches = units / np.where(batch > 0, batch, 1.0)
        begun = np.floor(batches) + (batches - np.floor(batches) > 1e-9 * np.maximum(1.0, batches))
        each, fixed = np.array([s.time_per_unit for s in steps])[slot], np.array([s.time for s in steps])[slot]
        run = np.ceil((fixed + each * np.where(batch > 0, begun, units)) / pace - SHARE)
        setup = c.task_setup[mine]
        good = close(c.task_quantity[mine], units, SHARE / 2)
        good &= np.abs(setup - np.array([s.setup_time for s in steps])[slot]) <= SECOND
        pausable = np.array([s.pausable for s in steps], bool)[slot]
        start, end = c.task_start[mine], c.task_end[mine]
        good &= start >= self.book.now + max(0, int(self.book.operation.settings.frozen))
        for k, opened in enumerate(kinds):
            rows = np.flatnonzero(hours == k)
            a, b = start[rows], end[rows]
            worked, opens, closes = _open(opened, a, b)
            fits = (np.abs(worked - setup[rows] - run[rows]) <= SECOND) & (opens <= a + SECOND) & (closes >= b - SECOND)
            good[rows] &= fits & (pausable[rows] | (b - a <= worked + SECOND))
        return good

    def _waits(self) -> None:
        """Steps that wait for others."""
        c, p = self.columns, self.patterns
        if not p.wait:
            return
        mine = np.flatnonzero(self.slot >= 0)
        width = int(np.diff(self.slot_first).max())
        place = self.slot[mine] - self.slot_first[c.way[c.task_order[mine]]]
        starts, ends = (np.zeros((len(c.way), width), np.int64) for _ in range(2))
        starts[c.task_order[mine], place], ends[c.task_order[mine], place] = c.task_start[mine], c.task_end[mine]
        orders, rows = _expand(np.array(p.wait_first), c.way, self.clean)
        before, after, wait = np.array(p.wait, np.int64)[rows].T
        self._spoil(orders[starts[orders, after] + SECOND < ends[orders, before] + wait])

    def _flows(self) -> None:
        """The flows of each order are those that its pattern implies, neither more nor others."""
        c, p = self.columns, self.patterns
        owned = np.flatnonzero(c.flow_order >= 0)
        present = np.bincount(c.flow_order[owned], minlength=len(c.way))
        self.clean &= present == np.diff(self.flow_first)[c.way]
        owned = owned[self.clean[c.flow_order[owned]]]
        owned = owned[np.lexsort((c.flow_key[owned], c.flow_order[owned]))]
        orders, rows = _expand(self.flow_first, c.way, self.clean)
        if not len(rows):
            return
        table = np.array(p.flow, np.float64)[rows]
        want_key, moment = table[:, 0].astype(np.int64), table[:, 3].astype(np.int64)
        quantity = table[:, 1] * c.quantity[orders] + table[:, 2]
        at = self._moments(orders, moment) + table[:, 4].astype(np.int64)
        good = (c.flow_key[owned] == want_key) & (np.abs(c.flow_at[owned] - at) <= SECOND)
        good &= close(c.flow_quantity[owned], quantity, SHARE / 2)
        self._spoil(orders[~good])

    def _moments(self, orders: Longs, moment: Longs) -> Longs:
        """When flows happen that belong to a moment of their order."""
        c = self.columns
        mine = np.flatnonzero(self.slot >= 0)
        width = max(1, int(np.diff(self.slot_first).max()))
        times = np.zeros((len(c.way), width, 2), np.int64)
        place = self.slot[mine] - self.slot_first[c.way[c.task_order[mine]]]
        times[c.task_order[mine], place, 0], times[c.task_order[mine], place, 1] = c.task_start[mine], c.task_end[mine]
        last = np.zeros(len(c.way), np.int64)
        ending = mine[np.array(self.patterns.last, bool)[self.slot[mine]]] if len(mine) else mine
        np.maximum.at(last, c.task_order[ending], c.task_end[ending])
        step = np.maximum(moment - OF_STEP, 0)
        found = times[orders, step // 2, step % 2]
        return np.where(moment == AT_END, c.end[orders], np.where(moment == AT_LAST, last[orders], found))


def _expand(first: Longs, way: Longs, wanted: Flags) -> tuple[Longs, Longs]:
    """(order, row) of each row of the pattern of each wanted order."""
    orders = np.flatnonzero(wanted)
    counts = np.diff(first)[way[orders]]
    base = np.cumsum(counts) - counts
    rows = np.arange(int(counts.sum())) + np.repeat(first[way[orders]] - base, counts)
    return np.repeat(orders, counts), rows


def _open(opened: OpenHours, start: Longs, end: Longs) -> tuple[Longs, Longs, Longs]:
    """Open seconds between moments; the first open moment from each start on, the last up to each end."""
    if opened.always or not opened.starts:
        far = np.iinfo(np.int64).max
        return (
            (end - start, start, end) if opened.always else (end * 0, np.full(len(start), far), np.full(len(end), -far))
        )
    starts, ends, done = np.array(opened.starts), np.array(opened.ends), np.array(opened.done)

    def until(moment: Longs) -> Longs:
        i = np.searchsorted(starts, moment, "right") - 1
        found: Longs = np.where(i < 0, 0, done[i] + np.minimum(moment, ends[i]) - starts[i])
        return found

    i = np.searchsorted(starts, start, "right") - 1
    inside = (i >= 0) & (start < ends[i])
    after = np.where(i + 1 < len(starts), starts[np.minimum(i + 1, len(starts) - 1)], np.iinfo(np.int64).max)
    j = np.searchsorted(starts, end - 1, "right") - 1
    closes = np.where(j < 0, -np.iinfo(np.int64).max, np.minimum(end, ends[j]))
    return until(end) - until(start), np.where(inside, start, after), closes
