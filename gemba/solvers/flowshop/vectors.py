"""What a processor's vector units do for LANES places at once, written for them: a compiler's own guess is far slower.

A table has a row for each machine and a column for each lane. ``now`` is when the job leaves the last machine.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

LANES = 32
_INT, _LONG = ir.IntType(32), ir.IntType(64)
_INTS, _LONGS = ir.VectorType(_INT, LANES), ir.VectorType(_LONG, LANES)


class _Table:
    """An array in a kernel under construction."""

    def __init__(self, context: Any, builder: Any, kind: Any, value: Any) -> None:
        self.builder = builder
        array = context.make_array(kind)(context, builder, value)
        self.data = builder.bitcast(array.data, ir.IntType(8).as_pointer())
        self.steps = cgutils.unpack_tuple(builder, array.strides)
        self.shape = cgutils.unpack_tuple(builder, array.shape)

    def at(self, kind: Any, *index: Any) -> Any:
        offset = _LONG(0)
        for number, step in zip(index, self.steps, strict=True):
            offset = self.builder.add(offset, self.builder.mul(number, step))
        return self.builder.bitcast(self.builder.gep(self.data, [offset]), kind.as_pointer())

    def load(self, kind: Any, *index: Any) -> Any:
        whole = kind.element if isinstance(kind, ir.VectorType) else kind
        return self.builder.load(self.at(kind, *index), align=whole.width // 8)

    def store(self, value: Any, *index: Any) -> None:
        self.builder.store(value, self.at(value.type, *index), align=value.type.element.width // 8)


def _all(builder: Any, kind: Any, value: Any) -> Any:
    """The value in every lane."""
    one = builder.insert_element(ir.Constant(kind, ir.Undefined), value, _INT(0))
    zeros = ir.Constant(ir.VectorType(_INT, LANES), [0] * LANES)
    return builder.shuffle_vector(one, ir.Constant(kind, ir.Undefined), zeros)


def _larger(builder: Any, a: Any, b: Any) -> Any:
    return builder.select(builder.icmp_signed(">", a, b), a, b)


def _zero(kind: Any) -> Any:
    return ir.Constant(kind, [0] * LANES)


def _do_job(context: Any, source: Any, first: Any, target: Any, to: Any, work: Any, now: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kinds = signature.args
        fronts = _Table(context, builder, kinds[0], arguments[0])
        after = _Table(context, builder, kinds[2], arguments[2])
        times = _Table(context, builder, kinds[4], arguments[4])
        last = _Table(context, builder, kinds[5], arguments[5])
        ready = cgutils.alloca_once_value(builder, _zero(_INTS))
        with cgutils.for_range(builder, times.shape[0], intp=_LONG) as loop:
            row = fronts.load(_INTS, loop.index, arguments[1])
            start = _larger(builder, row, builder.load(ready))
            done = builder.add(start, _all(builder, _INTS, times.load(_INT, loop.index)))
            after.store(done, loop.index, arguments[3])
            builder.store(done, ready)
        last.store(builder.load(ready), _LONG(0))
        return context.get_dummy_value()

    return types.void(source, types.int64, target, types.int64, work, now), generate


def _add_late(context: Any, now: Any, due: Any, weight: Any, costs: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        last = _Table(context, builder, signature.args[0], arguments[0])
        sums = _Table(context, builder, signature.args[3], arguments[3])
        done = builder.sext(last.load(_INTS, _LONG(0)), _LONGS)
        late = _larger(builder, builder.sub(done, _all(builder, _LONGS, arguments[1])), _zero(_LONGS))
        cost = builder.mul(late, _all(builder, _LONGS, arguments[2]))
        sums.store(builder.add(sums.load(_LONGS, _LONG(0)), cost), _LONG(0))
        return context.get_dummy_value()

    return types.void(now, types.int64, types.int64, costs), generate


#: ``do_job(before, first, after, to, work, now)``: the lanes from column ``first`` of a table on do a job with these times; the
#: table after it is written from column ``to`` on.
do_job: Any = intrinsic(_do_job)
#: ``add_late(now, due, weight, costs)``: the weighted tardiness of a job that is done ``now`` is added to the costs.
add_late: Any = intrinsic(_add_late)
