"""What the rules ask of all operations of a machine, several at once on the processor's vector units.

``base`` is the machine's first operation, ``size`` how many it has; tables have ``LANES`` columns more than operations, so that
whole vectors can be read everywhere. Bits of an answer are the operations' numbers on the machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from gemba.solvers.compiled.vectors import LONG, Table, larger, same, smaller, spread

LANES = 8
FAR = 1 << 60  # beyond any time
#: Rows of edge finding's line: of operations the earliest start, latest end, duration and what is found; the ends, ascending.
RELEASE, DEADLINE, WORK, BEGIN, BY = range(5)
_LONGS = ir.VectorType(LONG, LANES)
_REALS = ir.VectorType(ir.DoubleType(), LANES)
_FLAG = ir.IntType(1)
_FLAGS = ir.VectorType(_FLAG, LANES)
_BYTE = ir.IntType(LANES)
_ONE = 1023 << 52  # the real number 1.0 as bits
_FRACTION, _KEPT = 52, 40  # bits of a real number's fraction, and how many of them are summed


def _bits(builder: Any, flags: Any, first: Any) -> Any:
    """Flags as bits from ``first`` on."""
    return builder.shl(builder.zext(builder.bitcast(flags, _BYTE), LONG), first)


def _flags(builder: Any, bits: Any, first: Any) -> Any:
    return builder.bitcast(builder.trunc(builder.lshr(bits, first), _BYTE), _FLAGS)


def _any(builder: Any, flags: Any) -> Any:
    return builder.icmp_unsigned("!=", builder.bitcast(flags, _BYTE), _BYTE(0))


@contextmanager
def _lanes(builder: Any, size: Any) -> Iterator[Any]:
    """The first of each vector of lanes."""
    with cgutils.for_range_slice(builder, LONG(0), size, LONG(LANES), intp=LONG) as (first, _):
        yield first


@contextmanager
def _down(builder: Any, size: Any) -> Iterator[Any]:
    """From the last to the first."""
    with cgutils.for_range(builder, size, intp=LONG) as loop:
        yield builder.sub(builder.sub(size, LONG(1)), loop.index)


@contextmanager
def _up(builder: Any, size: Any) -> Iterator[Any]:
    with cgutils.for_range(builder, size, intp=LONG) as loop:
        yield loop.index


def _which(builder: Any, size: Any, ask: Callable[[Any], Any]) -> Any:
    """Bits of the lanes, below ``size``, of which it is so."""
    found = cgutils.alloca_once_value(builder, LONG(0))
    with _lanes(builder, size) as first:
        builder.store(builder.or_(builder.load(found), _bits(builder, ask(first), first)), found)
    every = builder.sub(builder.shl(LONG(1), size), LONG(1))
    return builder.and_(builder.load(found), every)


def _before(context: Any, windows: Any, row: Any, base: Any, size: Any, moment: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        table = Table(context, builder, signature.args[0], arguments[0])
        limit = spread(builder, _LONGS, arguments[4])

        def ask(first: Any) -> Any:
            return builder.icmp_signed("<", table.load(_LONGS, arguments[1], builder.add(arguments[2], first)), limit)

        return _which(builder, arguments[3], ask)

    return types.int64(windows, types.int64, types.int64, types.int64, types.int64), generate


def _ends_after(context: Any, windows: Any, row: Any, own: Any, base: Any, size: Any, moment: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        table = Table(context, builder, signature.args[0], arguments[0])
        durations = Table(context, builder, signature.args[2], arguments[2])
        limit = spread(builder, _LONGS, arguments[5])

        def ask(first: Any) -> Any:
            place = builder.add(arguments[3], first)
            end = builder.add(table.load(_LONGS, arguments[1], place), durations.load(_LONGS, LONG(0), place))
            return builder.icmp_signed(">", end, limit)

        return _which(builder, arguments[4], ask)

    return types.int64(windows, types.int64, own, types.int64, types.int64, types.int64), generate


def _either_lacks(context: Any, windows: Any, row: Any, other: Any, base: Any, size: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        table = Table(context, builder, signature.args[0], arguments[0])
        every = builder.sub(builder.shl(LONG(1), arguments[4]), LONG(1))
        ones = ir.Constant(_LONGS, [1 << lane for lane in range(LANES)])

        def ask(first: Any) -> Any:
            place = builder.add(arguments[3], first)
            self = builder.shl(ones, spread(builder, _LONGS, first))
            known = builder.or_(*(table.load(_LONGS, arguments[n], place) for n in (1, 2)))
            return builder.icmp_signed("!=", builder.or_(known, self), spread(builder, _LONGS, every))

        return _which(builder, arguments[4], ask)

    return types.int64(windows, types.int64, types.int64, types.int64, types.int64), generate


def _mark(context: Any, windows: Any, row: Any, base: Any, which: Any, bits: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        table = Table(context, builder, signature.args[0], arguments[0])
        last = builder.sub(LONG(64), builder.ctlz(arguments[3], _FLAG(0)))
        marks = spread(builder, _LONGS, arguments[4])
        with _lanes(builder, last) as first:
            place = builder.add(arguments[2], first)
            more = builder.select(_flags(builder, arguments[3], first), marks, same(_LONGS, 0))
            table.store(builder.or_(table.load(_LONGS, arguments[1], place), more), arguments[1], place)
        return context.get_dummy_value()

    return types.void(windows, types.int64, types.int64, types.int64, types.int64), generate


def _one_by_one(forward: bool) -> Any:
    """After (or before) all known to come before (after), one by one. The sequence is ascending."""

    def typed(
        context: Any, windows: Any, know: Any, row: Any, own: Any, by: Any, line: Any, base: Any, size: Any
    ) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            table, durations, sequence, out = (
                Table(context, builder, signature.args[n], arguments[n]) for n in (0, 3, 4, 5)
            )
            know, row, base, size = arguments[1], arguments[2], arguments[6], arguments[7]
            begin = same(_LONGS, -FAR if forward else FAR)

            def ask(first: Any) -> Any:
                now = cgutils.alloca_once(builder, _LONGS)
                builder.store(begin, now)
                with (_up if forward else _down)(builder, size) as at:
                    place = builder.add(base, sequence.load(LONG, builder.add(base, at)))
                    length = spread(builder, _LONGS, durations.load(LONG, LONG(0), place))
                    moment = spread(builder, _LONGS, table.load(LONG, row, place))
                    so_far = builder.load(now)
                    if forward:
                        then = builder.add(larger(builder, so_far, moment), length)
                    else:
                        then = smaller(builder, builder.sub(so_far, length), moment)
                    bound = _flags(builder, table.load(LONG, know, place), first)
                    builder.store(builder.select(bound, then, so_far), now)
                found, lanes = builder.load(now), builder.add(base, first)
                if not forward:
                    found = builder.sub(found, durations.load(_LONGS, LONG(0), lanes))
                out.store(found, first)
                return builder.icmp_signed(">" if forward else "<", found, table.load(_LONGS, row, lanes))

            return _which(builder, size, ask)

        long = types.int64
        return long(windows, long, long, own, by, line, long, long), generate

    return typed


def _sum_of_logarithms(context: Any, windows: Any, early: Any, late: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        table = Table(context, builder, signature.args[0], arguments[0])
        total = cgutils.alloca_once_value(builder, same(_LONGS, 0))
        with _lanes(builder, builder.sub(table.shape[1], LONG(LANES - 1))) as first:
            width = builder.sub(table.load(_LONGS, arguments[2], first), table.load(_LONGS, arguments[1], first))
            real = builder.sitofp(builder.add(width, same(_LONGS, 1)), _REALS)
            above = builder.sub(builder.bitcast(real, _LONGS), same(_LONGS, _ONE))
            builder.store(builder.add(builder.load(total), builder.ashr(above, same(_LONGS, _FRACTION - _KEPT))), total)
        found = LONG(0)
        for lane in range(LANES):
            found = builder.add(found, builder.extract_element(builder.load(total), LONG(lane)))
        return builder.fmul(builder.sitofp(found, ir.DoubleType()), ir.Constant(ir.DoubleType(), 2.0**-_KEPT))

    return types.float64(windows, types.int64, types.int64), generate


def _largest(builder: Any, vector: Any) -> Any:
    found = builder.extract_element(vector, LONG(0))
    for lane in range(1, LANES):
        found = larger(builder, found, builder.extract_element(vector, LONG(lane)))
    return found


class _Edges:
    """Edge finding for LANES ends at once: the sets of all operations with a deadline up to an end, from a release on.

    ``square`` keeps, for the set from each operation on, its work, and when it is done at the soonest.
    """

    def __init__(self, builder: Any, line: Table, square: Table, first: Any) -> None:
        self.builder, self.line, self.square, self.first = builder, line, square, first
        self.end = line.load(_LONGS, LONG(BY), first)
        self.far = same(_LONGS, -FAR)

    def row(self, which: int, i: Any) -> Any:
        return spread(self.builder, _LONGS, self.line.load(LONG, LONG(which), i))

    def variable(self, value: Any) -> Any:
        found = cgutils.alloca_once(self.builder, _LONGS)
        self.builder.store(value, found)
        return found

    def sum_sets(self, size: Any) -> Any:
        """Fill ``square``; returns when the whole sets are done."""
        builder, none = self.builder, same(_LONGS, 0)
        work, done = self.variable(none), self.variable(self.far)
        with _down(builder, size) as i:
            inside = builder.icmp_signed("<=", self.row(DEADLINE, i), self.end)
            sum_up = builder.add(builder.load(work), builder.select(inside, self.row(WORK, i), none))
            so_far = builder.load(done)
            until = larger(builder, so_far, builder.add(self.row(RELEASE, i), sum_up))
            builder.store(sum_up, work)
            builder.store(builder.select(inside, until, so_far), done)
            self.square.store(sum_up, LONG(0), i, self.first)
            self.square.store(builder.load(done), LONG(1), i, self.first)
        return builder.load(done)

    def raise_begins(self, size: Any, all_done: Any) -> None:
        """An operation that does not fit into a set before its end starts when the set is done.

        ``most``: when the sets from an earlier operation on are done, if each only waits for that one's release.
        """
        builder, far = self.builder, self.far
        most = self.variable(far)
        with _up(builder, size) as i:
            outside = builder.icmp_signed(">", self.row(DEADLINE, i), self.end)
            room = builder.sub(self.end, self.row(WORK, i))
            from_here = builder.add(self.row(RELEASE, i), self.square.load(_LONGS, LONG(0), i, self.first))
            before = builder.load(most)
            until = self.square.load(_LONGS, LONG(1), i, self.first)
            those = builder.select(builder.icmp_signed(">", from_here, room), until, far)
            whole = builder.select(builder.icmp_signed(">", before, room), all_done, far)
            begin = builder.select(outside, larger(builder, those, whole), far)
            builder.store(builder.select(outside, before, larger(builder, before, from_here)), most)
            later = builder.icmp_signed(">", begin, self.row(RELEASE, i))
            with builder.if_then(_any(builder, later), likely=False):
                known = self.line.load(LONG, LONG(BEGIN), i)
                self.line.store(larger(builder, known, _largest(builder, begin)), LONG(BEGIN), i)


def _edges(context: Any, line: Any, square: Any, size: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        lines, squares = (Table(context, builder, signature.args[n], arguments[n]) for n in range(2))
        fits = cgutils.alloca_once(builder, _FLAG)
        builder.store(_FLAG(1), fits)
        with _lanes(builder, arguments[2]) as first:
            sets = _Edges(builder, lines, squares, first)
            all_done = sets.sum_sets(arguments[2])
            late = _any(builder, builder.icmp_signed(">", all_done, sets.end))
            with builder.if_else(late, likely=False) as (then, otherwise):
                with then:
                    builder.store(_FLAG(0), fits)
                with otherwise:
                    sets.raise_begins(arguments[2], all_done)
        return builder.load(fits)

    return types.boolean(line, square, types.int64), generate


#: ``before(windows, row, base, size, moment)``: bits of operations whose moment in a row is before another.
before: Any = intrinsic(_before)
#: ``ends_after(windows, row, own, base, size, moment)``: of those that, started then, end after a moment.
ends_after: Any = intrinsic(_ends_after)
#: ``either_lacks(windows, row, other, base, size)``: of those for which two rows of bits together lack another operation.
either_lacks: Any = intrinsic(_either_lacks)
#: ``mark(windows, row, base, which, bits)``: add bits to those of a row of operations.
mark: Any = intrinsic(_mark)
#: ``after_leaders(windows, SUCC, EARLY, own, by, line, base, size)``: bits of those whose early start rises, to that in ``line``.
after_leaders: Any = intrinsic(_one_by_one(True))
#: ``before_followers(windows, PRED, LATEST, own, by, line, base, size)``: of those whose latest start falls.
before_followers: Any = intrinsic(_one_by_one(False))
#: ``sum_of_logarithms(windows, EARLY, LATEST)``: about the sum of binary logarithms of how many starts each window has.
sum_of_logarithms: Any = intrinsic(_sum_of_logarithms)
#: ``edges(line, square, size)``: see ``sets.find_edges``.
edges: Any = intrinsic(_edges)
