"""Work on open hours: the compiled twin of ``gemba.operation.worktime.OpenHours`` (a property test keeps them equal).

``ptr`` and ``table`` are the first two arrays of ``open_hours``, ``c`` a calendar; below 0 it is always open.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gemba.solvers.compiled import kernel

FAR = 1 << 42  # a moment after every plan
OPENS, CLOSES, DONE = range(3)  # columns of ``Opened.table``


class Opened(NamedTuple):
    """Calendars as kernels read them: rows of each, open stretches (opens, closes, open seconds before) in order and apart,
    and the seconds that pass for each open second."""

    ptr: NDArray[np.int64]
    table: NDArray[np.int64]
    stretch: NDArray[np.float64]


def open_hours(hours: Any) -> Opened:
    """Calendars, each as rows of (opens, closes) in order and apart, as kernels read them."""
    ptr = np.zeros(len(hours) + 1, np.int64)
    tables, stretch = [np.zeros((0, 3), np.int64)], np.ones(len(hours))
    for c, spans in enumerate(hours):
        spans = np.asarray(spans, np.int64).reshape(-1, 2)
        length = spans[:, 1] - spans[:, 0]
        tables.append(np.column_stack([spans, np.cumsum(length) - length]))
        ptr[c + 1] = ptr[c] + len(spans)
        if len(spans):
            stretch[c] = (spans[-1, 1] - spans[0, 0]) / length.sum()
    return Opened(ptr, np.ascontiguousarray(np.concatenate(tables)), stretch)


@kernel
def stretch_at(ptr, table, c, moment):  # type: ignore[no-untyped-def]
    """The last open stretch of a calendar that starts at or before a moment; one before its first where there is none."""
    low, high = ptr[c], ptr[c + 1]
    while low < high:
        middle = (low + high) >> 1
        if table[middle, OPENS] <= moment:
            low = middle + 1
        else:
            high = middle
    return low - 1


@kernel
def stretch_of(ptr, table, c, target, low):  # type: ignore[no-untyped-def]
    """The stretch, at or after ``low``, in which the target-th open second is; past the last where there is none."""
    high = ptr[c + 1]
    for i in range(low, min(low + 6, high)):  # work is mostly shorter than a few stretches
        if table[i, DONE] + table[i, CLOSES] - table[i, OPENS] >= target:
            return i
    while low < high:
        middle = (low + high) >> 1
        if table[middle, DONE] + table[middle, CLOSES] - table[middle, OPENS] >= target:
            high = middle
        else:
            low = middle + 1
    return low


@kernel
def forward(ptr, table, c, moment, work):  # type: ignore[no-untyped-def]
    """(start, end) of work that starts as soon as it can from a moment on; FAR where hours run out."""
    if c < 0 or work == 0:
        return moment, moment + work
    i = stretch_at(ptr, table, c, moment)
    if i < ptr[c] or moment >= table[i, CLOSES]:
        i += 1
        if i >= ptr[c + 1]:
            return FAR, FAR
        moment = table[i, OPENS]
    if moment + work <= table[i, CLOSES]:
        return moment, moment + work
    target = table[i, DONE] + moment - table[i, OPENS] + work
    j = stretch_of(ptr, table, c, target, i + 1)
    if j >= ptr[c + 1]:
        return FAR, FAR
    return moment, table[j, OPENS] + target - table[j, DONE]


@kernel
def backward(ptr, table, c, moment, work):  # type: ignore[no-untyped-def]
    """(start, end) of work that ends as late as it can by a moment; -FAR where hours do not reach back."""
    if c < 0 or work == 0:
        return moment - work, moment
    i = stretch_at(ptr, table, c, moment - 1)
    if i < ptr[c]:
        return -FAR, -FAR
    moment = min(moment, table[i, CLOSES])
    if moment - work >= table[i, OPENS]:
        return moment - work, moment
    left = table[i, DONE] + moment - table[i, OPENS] - work
    if left < 0:
        return -FAR, -FAR
    j = stretch_of(ptr, table, c, left + 1, ptr[c])
    return table[j, OPENS] + left - table[j, DONE], moment


@kernel
def start_to_end_by(ptr, table, c, moment, work):  # type: ignore[no-untyped-def]
    """The earliest start of work that does not end before a moment."""
    if c < 0 or work == 0:
        return moment - work
    i = stretch_at(ptr, table, c, moment)
    if i < ptr[c]:
        return -FAR
    if moment > table[i, CLOSES]:  # closed then: it ends in the next stretch, after a second of work at least
        if i + 1 >= ptr[c + 1]:
            return FAR
        moment = table[i + 1, OPENS] + 1
    elif moment == table[i, OPENS]:
        moment += 1
    return backward(ptr, table, c, moment, work)[0]
