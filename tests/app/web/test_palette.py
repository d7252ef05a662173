"""The palette: every pair of colours that is read together has the contrast WCAG 2.2 AA asks for, light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gemba.app import web

CSS = (Path(web.__file__).parent / "static" / "web" / "palette.css").read_text(encoding="utf-8")
COLOURS = {m[1]: (m[2], m[3]) for m in re.finditer(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", CSS)}
BARS = ("proposed", "firm", "thin", "late")

TEXTS = [
    *[(ink, ground) for ink in ("text", "muted", "action") for ground in ("bg", "panel", "stripe", "hover")],
    *[(ink, "action-soft") for ink in ("text", "action", "muted")],
    ("on-action", "action"),
    ("panel", "text"),  # tooltips
    *[(tone, ground) for tone in ("late", "thin", "good") for ground in ("panel", "bg", "hover", f"{tone}-soft")],
    *[(f"bar-{bar}-ink", f"bar-{bar}") for bar in BARS],
    ("muted", "chart-fill"),
]
SHAPES = [
    *[(f"bar-{bar}-edge", ground) for bar in BARS for ground in ("panel", "stripe")],
    *[("edge", ground) for ground in ("panel", "bg")],
    ("now", "panel"),
    ("bar-late-edge", "bar-late"),
    ("bar-thin-edge", "bar-thin"),
    ("action", "chart-fill"),
    ("thin", "panel"),
]


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2): 0.2126 R + 0.7152 G + 0.0722 B of the linear components."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """(L1 + 0.05) / (L2 + 0.05), the lighter above the darker."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def too_low(pairs: list[tuple[str, str]], least: float) -> list[str]:
    return [
        f"{a} on {b}, {theme}: {contrast(COLOURS[a][k], COLOURS[b][k]):.2f}"
        for a, b in pairs
        for k, theme in enumerate(("light", "dark"))
        if contrast(COLOURS[a][k], COLOURS[b][k]) < least
    ]


def test_black_on_white_has_contrast_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_every_text_has_at_least_4_5() -> None:
    assert too_low(TEXTS, 4.5) == []


def test_every_shape_that_carries_meaning_has_at_least_3() -> None:
    assert too_low(SHAPES, 3) == []


def test_every_colour_the_pages_use_is_in_the_palette() -> None:
    files = (Path(web.__file__).parent / "static" / "web").rglob("*.css")
    used = {name for file in files for name in re.findall(r"var\(--([\w-]+)\)", file.read_text(encoding="utf-8"))}
    assert used - COLOURS.keys() == {"radius"}
