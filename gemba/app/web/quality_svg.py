"""Geometry of control charts and histograms: numbers in, coordinates and words out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gemba.app.web.charts import nice_steps
from gemba.app.web.formats import quantity
from gemba.measure.quality.capability import Bin
from gemba.measure.spc.chart import Chart

#: What the charts are called.
TITLES = {
    "p": "Share nonconforming (p)", "np": "Nonconforming units (np)", "c": "Nonconformities (c)",
    "u": "Nonconformities per unit (u)", "ewma": "EWMA", "cusum high": "CUSUM, above the target",
    "cusum low": "CUSUM, below the target",
}  # fmt: skip
WIDTH, LEFT, RIGHT, TOP = 900, 62, 790, 14
TALL, LOW = 260, 150


def panel(
    chart: Chart,
    words: Sequence[dict[str, Any]],
    *,
    first: int = 0,
    zones: bool = True,
    height: int = TALL,
    divide: int = -1,
) -> dict[str, Any]:
    """A chart's coordinates. ``words`` has, for each point drawn (from point ``first`` on): url, title, broken, cause,
    chosen. ``divide``: phase II begins at this one of them."""
    shown = range(first, first + len(words))
    values, lower, upper = ([float(a[i]) for i in shown] for a in (chart.points, chart.lower, chart.upper))
    centre, sigma = ([float(a[i]) for i in shown] for a in (chart.centre, chart.sigma))
    levels = nice_steps(min([*values, *lower]), max([*values, *upper]), 5)
    low, high, bottom = levels[0], levels[-1], height - 26

    def y(value: float) -> float:
        return round(bottom - (value - low) / ((high - low) or 1) * (bottom - TOP), 1)

    def x(i: float) -> float:
        return round(LEFT + 12 + i * (RIGHT - LEFT - 24) / max(1, len(words) - 1), 1)

    def line(row: Sequence[float]) -> str:
        """Level at each point, stepping half way between two."""
        path = f"M{LEFT} {y(row[0])}"
        for i in range(1, len(row)):
            if row[i] != row[i - 1]:
                path += f"H{x(i - 0.5)}V{y(row[i])}"
        return f"{path}H{RIGHT}"

    rows = [[c + k * s for c, s in zip(centre, sigma, strict=True)] for k in (-2, -1, 1, 2)] if zones else []
    marks = [{**word, "x": x(i), "y": y(values[i]), "value": quantity(values[i])} for i, word in enumerate(words)]
    ends = (("upper limit", upper[-1]), ("centre", centre[-1]), ("lower limit", lower[-1]))
    return {
        "kind": TITLES.get(chart.kind, chart.kind.capitalize()), 
        "width": WIDTH, "height": height, "left": LEFT, "right": RIGHT, "top": TOP, "bottom": bottom,
        "text_x": LEFT - 8, "label_x": RIGHT + 6, "axis_y": height - 8,
        "levels": [{"y": y(v), "text_y": y(v) + 4, "text": quantity(v)} for v in levels],
        "centre": line(centre), "upper": line(upper), "lower": line(lower),
        "zones": [line(r) for r in rows if min(r) > low and max(r) < high],
        "labels": [{"y": y(v) + 4, "text": f"{name} {v:.4g}"} for name, v in ends],
        "line": "M" + "L".join(f"{m['x']} {m['y']}" for m in marks), "marks": marks,
        "divide": x(divide - 0.5) if 0 < divide < len(words) else None,
        "words": f"{len(words)} points, {sum(1 for m in marks if m['broken'])} of them signals",
    }  # fmt: skip


def histogram(bins: Sequence[Bin], lines: Sequence[tuple[str, float | None]]) -> dict[str, Any]:
    """Bars of the bins, with lines (name, value) such as the specification limits."""
    known = [(name, v) for name, v in lines if v is not None]
    ends = [bins[0].low, bins[-1].high, *(v for _, v in known)]
    pad = (max(ends) - min(ends)) * 0.05 or 1.0
    low, high, most, bottom = min(ends) - pad, max(ends) + pad, max(b.count for b in bins), TALL - 30

    def x(value: float) -> float:
        return round(LEFT + (value - low) / (high - low) * (RIGHT - LEFT), 1)

    steps = nice_steps(0, most, 4)
    top = steps[-1] or 1

    def y(count: float) -> float:
        return round(bottom - count / top * (bottom - TOP - 14), 1)

    return {
        "width": WIDTH, "height": TALL, "left": LEFT, "right": RIGHT, "bottom": bottom, "top": TOP, "text_x": LEFT - 8,
        "axis_y": TALL - 10, "levels": [{"y": y(v), "text_y": y(v) + 4, "text": quantity(v)} for v in steps],
        "ticks": [{"x": x(v), "text": f"{v:.4g}"} for v in nice_steps(low, high, 8) if low <= v <= high],
        "bars": [
            {"x": x(b.low), "y": y(b.count), "width": max(2.0, x(b.high) - x(b.low) - 1), "height": bottom - y(b.count),
             "title": f"{b.low:.4g} to {b.high:.4g}: {b.count}"}
            for b in bins
        ],
        "lines": [
            {"x": x(v), "text": f"{name} {v:.4g}", "text_y": TOP + (24 if name == "mean" else 10),
             "css": "spec" if name in ("LSL", "USL") else "middle"}
            for name, v in known
        ],
    }  # fmt: skip
