"""Sets of places as bits of 64-bit words: the next member is found without looking at each place."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from gemba.solvers.compiled import kernel


def _trailing_zeros(context: Any, word: Any) -> Any:
    def generate(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), generate


def _leading_zeros(context: Any, word: Any) -> Any:
    def generate(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        return builder.ctlz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), generate


#: In kernels: how many bits are below the lowest bit that is set (above the highest one) of a word that is not 0.
trailing_zeros: Any = intrinsic(_trailing_zeros)
leading_zeros: Any = intrinsic(_leading_zeros)


@kernel
def add(words, place):  # type: ignore[no-untyped-def]
    words[place >> 6] |= np.uint64(1) << np.uint64(place & 63)
