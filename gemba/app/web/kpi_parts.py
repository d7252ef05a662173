"""Figures of KPIs as the pages write and draw them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import isfinite
from typing import Any

from gemba.app.web.charts import nice_steps

#: The tag of each state of a target: a shape besides the colour.
TONES = {
    "on track": "good", "met": "good", "at risk": "thin", "off track": "late", "missed": "late", "no data": "plain",
}  # fmt: skip
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 900, 250, 66, 880, 16, 220
_PATTERNS = {"day": "%d %b", "week": "%d %b", "month": "%b %Y", "quarter": "", "year": "%Y"}
_NO = "–"


def number(value: float | None, unit: str = "") -> str:
    """A figure with the digits that matter; one of unit % times 100."""
    if value is None or not isfinite(value):
        return _NO
    if unit == "%":
        value *= 100
    size = abs(value)
    digits = 0 if size >= 10000 else 1 if size >= 100 or unit == "%" else 2 if size >= 1 else 4
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def unit_of(unit: str, currency: str = "") -> str:
    """A unit in words: the operation's currency, units of the item."""
    return unit.replace("currency", currency or "currency").replace("item unit", "units")


def with_unit(value: float | None, unit: str, currency: str = "") -> str:
    """A figure and its unit, such as 95 % or 3.2 h."""
    text = number(value, unit)
    words = unit_of(unit, currency)
    return text if text == _NO or not words else f"{text} {words}"


def change(value: float | None, unit: str, better: str, currency: str = "") -> dict[str, str]:
    """How much a figure has changed: an arrow for the direction, a colour for better or worse; of % in points."""
    if value is None:
        return {}
    text = number(abs(value), unit)
    if text == "0":
        return {"text": "no change", "tone": ""}
    words = "points" if unit == "%" else unit_of(unit, currency)
    good = (value > 0) == (better == "higher")
    return {
        "text": f"{'▲ +' if value > 0 else '▼ −'}{text} {words}".rstrip(),
        "tone": "good" if good else "late",
        "words": "better" if good else "worse",
    }


def period_name(start: date, period: str) -> str:
    """Such as Nov 2026, Q4 2026 or 23 Nov."""
    if period == "quarter":
        return f"Q{(start.month + 2) // 3} {start.year}"
    return ("week of " if period == "week" else "") + start.strftime(_PATTERNS[period])


def mark(value: float | None, goal: float | None, alert: float | None, better: str) -> dict[str, str]:
    """Where a value stands against a target of its period, as tag: colour, shape and word."""
    if value is None or goal is None:
        return {}
    sign = 1 if better == "higher" else -1
    if sign * value >= sign * goal:
        return {"tone": "good", "text": "reaches the goal"}
    if alert is not None and sign * value >= sign * alert:
        return {"tone": "thin", "text": "short of the goal"}
    return {"tone": "late", "text": "off track"}


def spark(values: Sequence[float | None], width: int = 120, height: int = 22) -> str:
    """A course as a small line; it breaks where there is no value."""
    known = [v for v in values if v is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    size = (high - low) or 1.0
    step = width / max(1, len(values) - 1)
    return _path(
        [None if v is None else (i * step, height - 3 - (v - low) / size * (height - 6)) for i, v in enumerate(values)]
    )


def _path(points: Sequence[tuple[float, float] | None]) -> str:
    parts, pen = [], "M"
    for p in points:
        if p is None:
            pen = "M"
            continue
        parts.append(f"{pen}{p[0]:.1f} {p[1]:.1f}")
        pen = "L"
    return "".join(parts)


def line_chart(
    course: Sequence[dict[str, Any]], period: str, unit: str, goal: float | None = None, alert: float | None = None
) -> dict[str, Any]:
    """Everything the chart's template needs: the course of a KPI, with the goal and alert value of its target."""
    factor = 100.0 if unit == "%" else 1.0
    known = [p["value"] * factor for p in course if p["value"] is not None]
    limits = [v * factor for v in (goal, alert) if v is not None]
    if not known:
        return {}
    low, high = min(known + limits), max(known + limits)
    if low >= 0 and low < 0.5 * high:
        low = 0.0
    ticks = nice_steps(low, high if high > low else low + (abs(low) or 1.0), 5)

    def y(value: float) -> float:
        return round(BOTTOM - (value - ticks[0]) / (ticks[-1] - ticks[0]) * (BOTTOM - TOP), 1)

    step = (RIGHT - LEFT - 60) / max(1, len(course) - 1)
    xs = [round(LEFT + 30 + i * step, 1) for i in range(len(course))]
    dots = [
        {"x": x, "y": y(p["value"] * factor), "title": f"{period_name(p['start'], period)}: {with_unit(p['value'], unit)}",
         "url": p.get("url", "")}
        if p["value"] is not None else None
        for x, p in zip(xs, course, strict=True)
    ]  # fmt: skip
    lines = [("goal", goal), ("alert", alert if alert != goal else None)]
    return {
        "width": WIDTH, "height": HEIGHT, "left": LEFT, "right": RIGHT, "text_x": LEFT - 8, "label_y": BOTTOM + 20,
        "ticks": [{"y": y(t), "text_y": y(t) + 4, "text": number(t)} for t in ticks],
        "labels": [
            {"x": x, "text": period_name(p["start"], period).removeprefix("week of ")}
            for x, p in zip(xs, course, strict=True)
        ],
        "line": _path([None if d is None else (d["x"], d["y"]) for d in dots]),
        "dots": [d for d in dots if d is not None],
        "lines": [
            {"name": name, "y": y(v * factor), "text_y": y(v * factor) - 5, "text": f"{name} {with_unit(v, unit)}"}
            for name, v in lines if v is not None
        ],
    }  # fmt: skip
