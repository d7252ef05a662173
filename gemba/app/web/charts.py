"""Geometry of the stock chart: levels over time to an SVG path. Pure numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from gemba.app.web.formats import quantity, when

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 900, 260, 62, 890, 14, 232
DAY = 86400

Points = Sequence[tuple[int, float]]  # (moment, level from then on)


def step_path(points: Sequence[tuple[float, float]], right: float) -> str:
    """A line that stays level until it steps."""
    if not points:
        return ""
    (x, y), *rest = points
    return f"M{x:.1f} {y:.1f}" + "".join(f"H{a:.1f}V{b:.1f}" for a, b in rest) + f"H{right:.1f}"


def nice_steps(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers that span a range."""
    raw = max(high - low, 1e-9) / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [k * step for k in range(first, last + 1)]


def spark(points: Points, t0: int, t1: int, width: int = 120, height: int = 22) -> str:
    """The course of a stock as a small line."""
    if not points or t1 <= t0:
        return ""
    low, high = min(0.0, min(p[1] for p in points)), max(p[1] for p in points) or 1.0
    span = (high - low) or 1.0
    scaled = [((max(t, t0) - t0) / (t1 - t0) * width, height - 2 - (v - low) / span * (height - 4)) for t, v in points]
    return step_path(scaled, width)


def stock_chart(points: Points, t0: int, t1: int, safety: float | None, zone: str) -> dict[str, Any]:
    """Everything the chart's template needs; ``points`` begin with the stock on hand at ``t0``."""
    values = [v for _, v in points] + [0.0, safety or 0.0]
    levels = nice_steps(min(values), max(*values, 1.0))
    low, high = levels[0], levels[-1]

    def y(value: float) -> float:
        return round(BOTTOM - (value - low) / (high - low) * (BOTTOM - TOP), 1)

    def x(at: float) -> float:
        return round(LEFT + (at - t0) / max(1, t1 - t0) * (RIGHT - LEFT), 1)

    line = step_path([(x(max(t, t0)), y(v)) for t, v in points], RIGHT)
    chart = {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": RIGHT,
        "top": TOP,
        "text_x": LEFT - 8,
        "days_y": BOTTOM + 18,
        "levels": [{"y": y(v), "text_y": y(v) + 4, "text": quantity(v)} for v in levels],
        "days": _days(t0, t1, zone, x),
        "line": line,
        "area": f"{line}V{y(0)}H{LEFT}Z" if line else "",
        "gaps": _gaps(points, t0, t1, x),
        "gap_text_y": TOP + 14,
        "safety": safety or None,
        "safety_y": y(safety) if safety else None,
        "safety_text_y": y(safety) - 5 if safety else None,
    }
    lowest = min((v for _, v in points), default=0.0)
    chart["gap_text"] = f"short {quantity(-lowest)}" if lowest < -1e-9 else "out of stock"
    return chart


def _days(t0: int, t1: int, zone: str, x: Any) -> list[dict[str, Any]]:
    count = 8
    marks = [t0 + k * (t1 - t0) // count for k in range(count)]
    pattern = "%d %b %H:%M" if t1 - t0 < 4 * DAY else "%d %b"
    return [{"x": x(t) + (18 if t == t0 else 0), "text": when(t, zone, pattern)} for t in marks]


def _gaps(points: Points, t0: int, t1: int, x: Any) -> list[dict[str, Any]]:
    """Stretches in which more is taken than there is."""
    gaps: list[dict[str, Any]] = []
    for start, end in _short(points, t1):
        if end > t0:
            left, right = x(max(start, t0)), x(end)
            width, text_x = max(1.0, right - left), min(left + 6, RIGHT - 90)
            gaps.append({"x": left, "width": width, "height": BOTTOM - TOP, "text_x": text_x})
    return gaps


def _short(points: Points, t1: int) -> list[tuple[int, int]]:
    """Periods with a negative level, those that touch joined."""
    found: list[tuple[int, int]] = []
    for (start, level), (end, _) in zip(points, [*points[1:], (t1, 0.0)], strict=True):
        if level < -1e-9:
            begin = found.pop()[0] if found and found[-1][1] == start else start
            found.append((begin, end))
    return found
