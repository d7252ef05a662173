"""The process map as the shapes of a picture: boxes, arcs, heads and labels. Pure numbers and words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from gemba.app.web.formats import length
from gemba.app.web.map_layout import END, HEIGHT, START, WIDTH, Pair, layout

THINNEST, THICKEST = 1.0, 7.0
#: Arcs there and back between two activities are drawn this far apart.
APART = 18.0
#: Starts and ends of at least this share of the cases are drawn, and those that a node needs to be connected.
RARE = 0.05
LONGEST_NAME = 24

Point = tuple[float, float]


def picture(found: dict[str, Any], to: Callable[..., str]) -> dict[str, Any]:
    """What the template draws of ``queries.mining.flow``; ``to`` makes the address of the cases behind a shape."""
    names = [a["name"] for a in found["activities"]]
    arcs = {(a["before"], a["after"]): a for a in found["arcs"]}
    edges = {**_edges(found, arcs), **{k: a["count"] for k, a in arcs.items()}}
    placed = layout([START, *names, END], sorted(edges, key=lambda k: (-edges[k], k)))
    most = max(edges.values(), default=1)
    shown = []
    for (a, b), count in edges.items():
        arc = arcs.get((a, b))
        both = a != b and (b, a) in edges
        way = _apart(placed.ways[a, b], both) if a != b else _loop(placed.at[a])
        shown.append(_edge(way, count, most, arc, a, b, to, both))
    shown.sort(key=lambda e: e["worst"])  # the exceptions on top
    return {
        "width": round(placed.width + 40), "height": round(placed.height + 8), "edges": shown,
        "nodes": [_node(a, placed.at[a["name"]], found, to) for a in found["activities"]],
        "terminals": [
            {"x": round(placed.at[n][0], 1), "y": round(placed.at[n][1], 1), "text": text}
            for n, text in ((START, "start"), (END, "end"))
        ],
    }  # fmt: skip


def _edges(found: dict[str, Any], arcs: dict[Pair, Any]) -> dict[Pair, int]:
    """Arcs from the start and to the end: the frequent ones, and those without which a node would not be connected."""
    activities, least = found["activities"], RARE * found["cases"]
    edges: dict[Pair, int] = {}
    for key, terminal, forward in (("starts", START, True), ("ends", END, False)):
        kept = {a["name"] for a in activities if a[key] and a[key] >= least}
        order = sorted((a for a in activities if a[key]), key=lambda a: -a[key])
        for a in order:
            if a["name"] not in _reached(kept, arcs, forward):
                kept.add(a["name"])
        for a in activities:
            if a["name"] in kept:
                edges[(terminal, a["name"]) if forward else (a["name"], terminal)] = a[key]
    return edges


def _reached(roots: set[str], arcs: dict[Pair, Any], forward: bool) -> set[str]:
    found, open_ = set(roots), list(roots)
    while open_:
        node = open_.pop()
        near = [b if forward else a for a, b in arcs if (a if forward else b) == node]
        new = [n for n in near if n not in found]
        found.update(new)
        open_.extend(new)
    return found


def _apart(way: list[Point], both: bool) -> list[Point]:
    """The way moved aside where there is one back beside it: each to its own right."""
    if not both or len(way) < 2:
        return way
    shift = APART if way[-1][1] > way[0][1] else -APART
    return [(x + shift, y) for x, y in way]


def _loop(at: Point) -> list[Point]:
    """From the right side of a node back to it."""
    x, y = at[0] + WIDTH / 2, at[1]
    return [(x, y - 12), (x + 30, y - 12), (x + 30, y + 12), (x, y + 12)]


def _edge(
    way: Sequence[Point],
    count: int,
    most: int,
    arc: dict[str, Any] | None,
    a: str,
    b: str,
    to: Callable[..., str],
    both: bool,
) -> dict[str, Any]:
    wide = THINNEST + (THICKEST - THINNEST) * count / most
    path, head, middle = _loop_path(way) if a == b else _path(way, wide, b == END, a == START)
    worst = bool(arc and arc["worst"])
    wait = f" · {length(arc['waiting_median'])}" if arc and arc["waiting_median"] is not None else ""
    text = f"{'▲ ' if worst else ''}{count}{wait}"
    if both:  # the labels of there and back beside each other
        middle = (middle[0] + (3.4 * len(text) + 4) * (1 if way[-1][1] > way[0][1] else -1), middle[1])
    title = f"{count} case{'s' if count != 1 else ''}" if arc is None else (
        f"{a} → {b}: {count} times in {arc['cases']} cases; waiting: median {length(arc['waiting_median'])}, "
        f"mean {length(arc['waiting_mean'])}, nine of ten up to {length(arc['waiting_p90'])}"
    )  # fmt: skip
    return {
        "path": path, "head": head, "width": round(wide, 1), "worst": worst, "text": text, "title": title,
        "x": round(middle[0], 1), "y": round(middle[1], 1), "plate_x": round(middle[0] - 3.4 * len(text), 1),
        "plate_y": round(middle[1] - 11, 1), "plate_width": round(6.8 * len(text), 1),
        "url": to(before=a, activity=b) if arc else "",
    }  # fmt: skip


def _path(way: Sequence[Point], wide: float, to_end: bool, from_start: bool) -> tuple[str, str, Point]:
    """A smooth way between two nodes: its path, its arrow's head, and where its label goes."""
    down = way[-1][1] > way[0][1]
    sign, size = (1 if down else -1), 5 + wide
    first = (way[0][0], way[0][1] + sign * (12 if from_start else HEIGHT / 2))
    tip = (way[-1][0], way[-1][1] - sign * (12 if to_end else HEIGHT / 2))
    last = (tip[0], tip[1] - sign * size)
    points = [first, *way[1:-1], last]
    path = f"M{first[0]:.1f} {first[1]:.1f}"
    for (x0, y0), (x1, y1) in pairwise(points):
        bend = (y1 - y0) / 2
        path += f"C{x0:.1f} {y0 + bend:.1f} {x1:.1f} {y1 - bend:.1f} {x1:.1f} {y1:.1f}"
    half = size * 0.6
    head = f"{tip[0]:.1f},{tip[1]:.1f} {tip[0] - half:.1f},{last[1]:.1f} {tip[0] + half:.1f},{last[1]:.1f}"
    i = len(points) // 2
    middle = ((points[i - 1][0] + points[i][0]) / 2, (points[i - 1][1] + points[i][1]) / 2 + 4)
    return path, head, middle


def _loop_path(way: Sequence[Point]) -> tuple[str, str, Point]:
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = way
    path = f"M{x0:.1f} {y0:.1f}C{x1:.1f} {y1:.1f} {x2:.1f} {y2:.1f} {x3 + 6:.1f} {y3:.1f}"
    head = f"{x3:.1f},{y3:.1f} {x3 + 7:.1f},{y3 - 4:.1f} {x3 + 7:.1f},{y3 + 4:.1f}"
    return path, head, (x1 + 26, (y0 + y3) / 2 + 4)


def _node(a: dict[str, Any], at: Point, found: dict[str, Any], to: Callable[..., str]) -> dict[str, Any]:
    most = max(one["count"] for one in found["activities"])
    x, y = at[0] - WIDTH / 2, at[1] - HEIGHT / 2
    name = a["name"] if len(a["name"]) <= LONGEST_NAME else f"{a['name'][: LONGEST_NAME - 1]}…"
    work = f" · works {length(a['working_median'])}" if a["working_median"] is not None else ""
    return {
        "name": name, "x": round(x, 1), "y": round(y, 1), "width": WIDTH, "height": HEIGHT, "middle": round(at[0], 1),
        "name_y": round(at[1] - 5, 1), "small_y": round(at[1] + 12, 1), "small": f"{a['count']} times{work}",
        "weight_y": round(y + HEIGHT - 5, 1), "weight": round((WIDTH - 4) * a["count"] / most, 1),
        "weight_x": round(x + 2, 1), "url": to(activity=a["name"]),
        "title": f"{a['name']}: {a['count']} times in {a['cases']} cases, by {a['resources']} resources"
        + (f"; work: median {length(a['working_median'])}, mean {length(a['working_mean'])}" if work else ""),
    }  # fmt: skip
