"""What kernels' vector instructions are written with: a compiler's own guess at them is far slower."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils

LONG = ir.IntType(64)
INT = ir.IntType(32)


class Table:
    """An array in a kernel under construction."""

    def __init__(self, context: Any, builder: Any, kind: Any, value: Any) -> None:
        self.builder = builder
        array = context.make_array(kind)(context, builder, value)
        self.data = builder.bitcast(array.data, ir.IntType(8).as_pointer())
        self.steps = cgutils.unpack_tuple(builder, array.strides)
        self.shape = cgutils.unpack_tuple(builder, array.shape)

    def at(self, kind: Any, *index: Any) -> Any:
        offset = LONG(0)
        for number, step in zip(index, self.steps, strict=True):
            offset = self.builder.add(offset, self.builder.mul(number, step))
        return self.builder.bitcast(self.builder.gep(self.data, [offset]), kind.as_pointer())

    def load(self, kind: Any, *index: Any) -> Any:
        whole = kind.element if isinstance(kind, ir.VectorType) else kind
        return self.builder.load(self.at(kind, *index), align=whole.width // 8)

    def store(self, value: Any, *index: Any) -> None:
        whole = value.type.element if isinstance(value.type, ir.VectorType) else value.type
        self.builder.store(value, self.at(value.type, *index), align=whole.width // 8)


def spread(builder: Any, kind: Any, value: Any) -> Any:
    """The value in every lane."""
    one = builder.insert_element(ir.Constant(kind, ir.Undefined), value, INT(0))
    zeros = ir.Constant(ir.VectorType(INT, kind.count), [0] * kind.count)
    return builder.shuffle_vector(one, ir.Constant(kind, ir.Undefined), zeros)


def larger(builder: Any, a: Any, b: Any) -> Any:
    return builder.select(builder.icmp_signed(">", a, b), a, b)


def smaller(builder: Any, a: Any, b: Any) -> Any:
    return builder.select(builder.icmp_signed("<", a, b), a, b)


def same(kind: Any, value: int) -> Any:
    """A constant in every lane."""
    return ir.Constant(kind, [value] * kind.count)
