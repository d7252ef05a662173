"""Columns of names as arrays: each name once, and its number on every row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: A moment that is not known.
MISSING = int(np.iinfo(np.int64).min)


@dataclass(frozen=True, eq=False)
class Labels:
    """A column of names. ``ids`` (n) are positions in ``names``, -1 where the row has none."""

    ids: Ints
    names: tuple[str, ...]

    @staticmethod
    def of(values: Iterable[str]) -> Labels:
        """From names, numbered in the order in which they first come; a blank one is none."""
        number: dict[str, int] = {"": -1}
        ids = np.fromiter((number.setdefault(v, len(number) - 1) for v in values), np.int64)
        return Labels(ids, tuple(number)[1:])

    @staticmethod
    def none(rows: int) -> Labels:
        return Labels(np.full(rows, -1, np.int64), ())

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: Ints | Flags) -> Labels:
        return Labels(self.ids[rows], self.names)

    def texts(self) -> list[str]:
        """The name on each row; blank where it has none."""
        names = (*self.names, "")
        return [names[i] for i in self.ids.tolist()]

    def compact(self) -> Labels:
        """Without the names that no row has; the others keep their order."""
        used, ids = np.unique(self.ids[self.ids >= 0], return_inverse=True)
        kept = np.full(len(self.ids), -1, np.int64)
        kept[self.ids >= 0] = ids
        return Labels(kept, tuple(self.names[i] for i in used.tolist()))


def as_labels(values: Labels | Sequence[str] | None, rows: int) -> Labels:
    if values is None:
        return Labels.none(rows)
    return values if isinstance(values, Labels) else Labels.of(values)


def as_moments(values: Ints | Sequence[int | None] | None, rows: int) -> Ints:
    if values is None:
        return np.full(rows, MISSING, np.int64)
    if isinstance(values, np.ndarray):
        return values.astype(np.int64)
    return np.array([MISSING if v is None else v for v in values], np.int64)
