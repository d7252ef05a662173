"""The capacitated lot-sizing problem as arrays: which items to set up for in which periods, and how much to make."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Problem:
    """Make n items over T periods on K resources at the least cost of set-ups, stock, backlog and overtime.

    Args:
        demand: n x T, units to deliver in each period.
        unit_time: n x K (n where there is one resource), capacity that a unit takes.
        setup_time: n x K (n), capacity that a set-up takes.
        setup_cost: n, of each period in which the item is made.
        holding: n, of a unit in stock at the end of a period.
        capacity: K x T (T), of each period, in the unit of the times.
        stock: n, units there before the first period.
        backlog: n, cost of a unit still owed at the end of a period (also of the last one: some demand may never be met);
            infinite where demand must be met in time.
        overtime_cost: K, of a unit of capacity beyond ``capacity``.
        overtime: K x T (T), the most of it; infinite: any amount.

    Raises:
        ValueError: where shapes do not fit or a value is negative.
    """

    demand: Floats
    unit_time: Floats
    setup_time: Floats
    setup_cost: Floats
    holding: Floats
    capacity: Floats
    stock: Floats = field(default_factory=lambda: np.zeros(0))
    backlog: Floats = field(default_factory=lambda: np.zeros(0))
    overtime_cost: Floats = field(default_factory=lambda: np.zeros(0))
    overtime: Floats = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        demand, capacity = _table(self.demand), np.atleast_2d(np.asarray(self.capacity, np.float64))
        n, periods, resources = len(demand), demand.shape[1], len(capacity)
        self._set("demand", demand, (n, periods))
        self._set("capacity", capacity, (resources, periods))
        for name in ("unit_time", "setup_time"):
            given = np.asarray(getattr(self, name), np.float64)
            self._set(name, given[:, None] if given.ndim == 1 else given, (n, resources))
        for name, shape, default in (
            ("setup_cost", (n,), 0.0), ("holding", (n,), 0.0), ("stock", (n,), 0.0), ("backlog", (n,), np.inf),
            ("overtime_cost", (resources,), 0.0), ("overtime", (resources, periods), 0.0),
        ):  # fmt: skip
            given = np.asarray(getattr(self, name), np.float64)
            if given.size == 0:
                given = np.full(shape, default)
            self._set(name, np.atleast_2d(given) if len(shape) == 2 else given, shape)

    def _set(self, name: str, value: Floats, shape: tuple[int, ...]) -> None:
        if value.shape != shape:
            raise ValueError(f"{name} must be of shape {shape}, not {value.shape}")
        if np.isnan(value).any() or (value < 0).any():
            raise ValueError(f"{name} must not be negative")
        if name not in ("backlog", "overtime") and not np.isfinite(value).all():
            raise ValueError(f"{name} must be finite")
        object.__setattr__(self, name, np.ascontiguousarray(value, np.float64))


def _table(value: ArrayLike) -> Floats:
    found = np.asarray(value, np.float64)
    if found.ndim != 2 or found.shape[1] == 0:
        raise ValueError("demand must be items x periods")
    return found


class Data(NamedTuple):
    """What kernels and models are given: demand net of the first stock, and the resources that each item uses.

    ``link_start[i] : link_start[i + 1]`` are item i's entries of ``resource``, ``unit`` (time) and ``setup`` (time).
    """

    demand: Floats
    setup_cost: Floats
    holding: Floats
    backlog: Floats
    capacity: Floats
    overtime_cost: Floats
    overtime: Floats
    link_start: Ints
    resource: Ints
    unit: Floats
    setup: Floats


def data_of(problem: Problem) -> tuple[Data, float]:
    """The problem without its first stock, which serves the earliest demand; and the cost of holding that until then."""
    p = problem
    needed = np.cumsum(p.demand, axis=1)
    net = np.diff(np.maximum(needed - p.stock[:, None], 0.0), axis=1, prepend=0.0)
    held = float((p.holding[:, None] * np.maximum(p.stock[:, None] - needed, 0.0)).sum())
    used = (p.unit_time > 0) | (p.setup_time > 0)
    item, resource = np.nonzero(used)
    start = np.zeros(len(p.demand) + 1, np.int64)
    np.cumsum(used.sum(axis=1), out=start[1:])
    return Data(
        np.ascontiguousarray(net), p.setup_cost, p.holding, p.backlog, p.capacity, p.overtime_cost, p.overtime, start,
        resource.astype(np.int64), p.unit_time[item, resource], p.setup_time[item, resource],
    ), held  # fmt: skip


def loads(data: Data, made: Floats, setups: Flags | Floats) -> Floats:
    """The capacity that a plan takes, K x T."""
    found = np.zeros_like(data.capacity)
    counts = np.diff(data.link_start)
    item = np.repeat(np.arange(len(counts)), counts)
    np.add.at(found, data.resource, data.unit[:, None] * made[item] + data.setup[:, None] * setups[item])
    return found
