"""The layout of process maps: layers, circles, no overlaps."""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gemba.app.web.map_layout import END, GAP, START, WIDTH, crossings, layout
from gemba.app.web.map_picture import picture


def levels(nodes: list[str], arcs: list[tuple[str, str]]) -> dict[str, float]:
    return {n: y for n, (_, y) in layout(nodes, arcs).at.items()}


def test_each_activity_is_below_those_that_lead_to_it() -> None:
    y = levels([START, "A", "B", "C", END], [(START, "A"), ("A", "B"), ("A", "C"), ("B", "C"), ("C", END)])
    assert y[START] < y["A"] < y["B"] < y["C"] < y[END]


def test_a_way_back_does_not_turn_the_map_round() -> None:
    found = layout([START, "A", "B", END], [(START, "A"), ("A", "B"), ("B", END), ("B", "A")])
    assert found.at["A"][1] < found.at["B"][1]
    assert found.ways["B", "A"] == [found.at["B"], found.at["A"]]


def test_an_arc_over_several_layers_bends_round_what_is_between() -> None:
    found = layout(["A", "B", "C"], [("A", "B"), ("B", "C"), ("A", "C")])
    first, bend, last = found.ways["A", "C"]
    assert (first, last) == (found.at["A"], found.at["C"])
    assert abs(bend[0] - found.at["B"][0]) > WIDTH / 2


def test_arcs_that_need_not_cross_do_not() -> None:
    # given in the order in which they would cross: A leads to D, B to C
    arcs = [("A", "D"), ("B", "C")]
    found = layout(["A", "B", "C", "D"], arcs)
    rows = [sorted(r, key=lambda n: found.at[n][0]) for r in (["A", "B"], ["C", "D"])]
    assert crossings(rows, arcs) == 0
    assert crossings([["A", "B"], ["C", "D"]], arcs) == 1


NODES = ["A", "B", "C", "D", "E", "F"]
ARCS = st.lists(st.sampled_from([p for p in product(NODES, NODES) if p[0] != p[1]]), max_size=20, unique=True)


@given(ARCS)
def test_no_two_boxes_overlap_and_every_arc_joins_its_nodes(arcs: list[tuple[str, str]]) -> None:
    found = layout(NODES, arcs)
    assert set(found.at) == set(NODES)
    for y in {y for _, y in found.at.values()}:
        row = sorted(x for x, other in found.at.values() if other == y)
        assert all(b - a >= WIDTH + GAP - 1e-6 for a, b in pairwise(row))
    for (a, b), way in found.ways.items():
        assert (way[0], way[-1]) == (found.at[a], found.at[b])
        assert len({y for _, y in way}) == len(way)  # never along a layer
    assert set(found.ways) == set(arcs)


def flow(arcs: dict[tuple[str, str], int], starts: dict[str, int], ends: dict[str, int], cases: int) -> dict[str, Any]:
    names = sorted({n for pair in arcs for n in pair} | set(starts))
    times = {"waiting_median": 60.0, "waiting_mean": 60.0, "waiting_p90": 60.0}
    return {
        "cases": cases,
        "activities": [
            {"name": n, "count": 9, "cases": 9, "starts": starts.get(n, 0), "ends": ends.get(n, 0), "resources": 1,
             "working_median": None, **times} for n in names
        ],
        "arcs": [
            {"before": a, "after": b, "count": c, "cases": c, "worst": (a, b) == ("A", "B"), **times}
            for (a, b), c in arcs.items()
        ],
    }  # fmt: skip


def test_the_picture_marks_the_worst_arc_by_a_shape_too_and_draws_it_on_top() -> None:
    found = picture(flow({("A", "B"): 5, ("B", "B"): 1}, {"A": 5}, {"B": 5}, 5), lambda **q: f"?{q}")
    worst = found["edges"][-1]
    assert (worst["worst"], worst["text"]) == (True, "▲ 5 · 1 min")
    assert sum(e["worst"] for e in found["edges"]) == 1
    assert [t["text"] for t in found["terminals"]] == ["start", "end"]
    assert len(found["edges"]) == 4  # two arcs, one from the start, one to the end


def test_a_rare_start_is_only_drawn_where_nothing_else_leads_there() -> None:
    starts = {"A": 98, "B": 1, "C": 1}
    found = picture(flow({("A", "B"): 90, ("B", "A"): 3}, starts, {"B": 90, "C": 1, "A": 9}, 100), lambda **q: "?")
    drawn = sorted(int(e["title"].split()[0]) for e in found["edges"] if not e["url"])
    assert drawn == [1, 1, 9, 90, 98]  # of C both, of A both, of B its end alone
