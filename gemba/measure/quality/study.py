"""A gauge study, read from measurements: the part is the lot, the operator the person, repeats by time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gemba.execute.quality.readings import STUDY, Reading
from gemba.measure.spc.gauge import GaugeStudy, gauge_anova, gauge_ranges
from gemba.operation import Characteristic


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """A study by both methods. ``means``: mean value by (part, operator)."""

    name: str
    parts: tuple[str, ...]
    operators: tuple[str, ...]
    repeats: int
    anova: GaugeStudy
    ranges: GaugeStudy
    means: dict[tuple[str, str], float]


def study_names(readings: Iterable[Reading]) -> list[str]:
    """The studies among these readings, the latest first."""
    found = {r.measurement.subgroup: r.at for r in readings if r.measurement.subgroup.startswith(STUDY)}
    return [name.removeprefix(STUDY) for name, _ in sorted(found.items(), key=lambda e: e[1], reverse=True)]


def study(c: Characteristic, readings: Iterable[Reading], name: str) -> Study:
    """The study of this name.

    Raises:
        ValueError: where not every operator has measured every part equally often (the first that differs is named),
            or there are not at least 2 of each.
    """
    cells: dict[tuple[str, str], list[float]] = {}
    for r in readings:
        if r.measurement.subgroup == STUDY + name:
            cells.setdefault((r.measurement.lot, r.measurement.person), []).append(r.value)
    parts = tuple(dict.fromkeys(part for part, _ in cells))
    operators = tuple(dict.fromkeys(who for _, who in cells))
    repeats = max((len(v) for v in cells.values()), default=0)
    for part in parts:
        for who in operators:
            if (count := len(cells.get((part, who), []))) != repeats:
                raise ValueError(
                    f"Part {part} has {count} values by {who}, others have {repeats}. Measure all equally."
                )
    if min(len(parts), len(operators), repeats) < 2:
        raise ValueError(
            f"A study needs at least 2 parts, 2 operators and 2 repeats; it has {len(parts)}, {len(operators)} and {repeats}."
        )
    values = np.array([[cells[part, who] for who in operators] for part in parts])
    tolerance = c.upper - c.lower if c.upper is not None and c.lower is not None else None
    means = {key: sum(v) / len(v) for key, v in cells.items()}
    return Study(
        name, parts, operators, repeats, gauge_anova(values, tolerance), gauge_ranges(values, tolerance), means
    )
