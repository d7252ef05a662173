"""What a processor's vector units do for LANES places at once, written for them: a compiler's own guess is far slower.

A table has a row for each machine and a column for each lane. ``now`` is when the job leaves the last machine.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from gemba.solvers.compiled.vectors import INT, LONG, Table, larger, same, spread

LANES = 32
_INTS, _LONGS = ir.VectorType(INT, LANES), ir.VectorType(LONG, LANES)


def _do_job(context: Any, source: Any, first: Any, target: Any, to: Any, work: Any, now: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kinds = signature.args
        fronts = Table(context, builder, kinds[0], arguments[0])
        after = Table(context, builder, kinds[2], arguments[2])
        times = Table(context, builder, kinds[4], arguments[4])
        last = Table(context, builder, kinds[5], arguments[5])
        ready = cgutils.alloca_once_value(builder, same(_INTS, 0))
        with cgutils.for_range(builder, times.shape[0], intp=LONG) as loop:
            row = fronts.load(_INTS, loop.index, arguments[1])
            start = larger(builder, row, builder.load(ready))
            done = builder.add(start, spread(builder, _INTS, times.load(INT, loop.index)))
            after.store(done, loop.index, arguments[3])
            builder.store(done, ready)
        last.store(builder.load(ready), LONG(0))
        return context.get_dummy_value()

    return types.void(source, types.int64, target, types.int64, work, now), generate


def _add_late(context: Any, now: Any, due: Any, weight: Any, costs: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        last = Table(context, builder, signature.args[0], arguments[0])
        sums = Table(context, builder, signature.args[3], arguments[3])
        done = builder.sext(last.load(_INTS, LONG(0)), _LONGS)
        late = larger(builder, builder.sub(done, spread(builder, _LONGS, arguments[1])), same(_LONGS, 0))
        cost = builder.mul(late, spread(builder, _LONGS, arguments[2]))
        sums.store(builder.add(sums.load(_LONGS, LONG(0)), cost), LONG(0))
        return context.get_dummy_value()

    return types.void(now, types.int64, types.int64, costs), generate


#: ``do_job(before, first, after, to, work, now)``: the lanes from column ``first`` of a table on do a job with these times; the
#: table after it is written from column ``to`` on.
do_job: Any = intrinsic(_do_job)
#: ``add_late(now, due, weight, costs)``: the weighted tardiness of a job that is done ``now`` is added to the costs.
add_late: Any = intrinsic(_add_late)
