"""Flow, variants, rework, bottlenecks and times of a log worked out by hand."""

from __future__ import annotations

from dataclasses import astuple
from datetime import date

import pytest

from gemba.measure.mining import (
    activity_bottlenecks,
    arc_bottlenecks,
    arrivals,
    between,
    flow_map,
    rework,
    simplified,
    spread,
    throughput,
    variants,
)
from tests.measure.mining.logs import HOUR, loans, traces


def test_arcs_are_counted_with_their_cases_and_waits() -> None:
    found = {(a.before, a.after): (a.count, a.cases, a.waiting.total / HOUR) for a in flow_map(loans()).arcs}
    assert found == {
        ("Check", "Price"): (2, 2, 3),  # 2 to 5; the other begins before the check is over
        ("Price", "Check"): (1, 1, 0),
        ("Check", "Sign"): (1, 1, 3),
        ("Price", "Sign"): (1, 1, 0),
    }


def test_activities_have_their_work_queue_and_waiting() -> None:
    check, price = (flow_map(loans()).activity(n) for n in ("Check", "Price"))
    assert (check.count, check.cases, check.starts, check.ends, check.resources) == (3, 2, 2, 0, 1)
    assert check.working
    assert (check.working.total / HOUR, check.working.median / HOUR) == (6, 2)
    assert price.queueing
    assert (price.queueing.count, price.queueing.total / HOUR) == (1, 3)
    assert flow_map(loans()).activity("Sign").working is None


def test_the_map_says_how_many_starts_are_known() -> None:
    assert (flow_map(loans()).events, flow_map(loans()).starts_known, flow_map(loans()).cases) == (7, 5, 2)


def test_the_spread_interpolates_between_sorted_values() -> None:
    found = spread([4, 1, 3, 2])
    assert found
    assert astuple(found) == (4, 10, 2.5, 2.5, pytest.approx(3.7), 1, 4)
    assert spread([]) is None


def test_the_throughput_time_goes_from_the_first_start_to_the_last_end() -> None:
    found = throughput(loans())
    assert found.time
    assert found.length
    assert (found.time.low / HOUR, found.time.high / HOUR, found.length.mean) == (4, 10, 3.5)


def test_variants_come_with_the_most_frequent_first() -> None:
    found = variants(traces("AB", "ABC", "AB", "AB"))
    first, second = found.variants
    assert (first.activities, first.count, first.share, first.example) == (("A", "B"), 3, 0.75, "c0")
    assert (second.activities, second.cumulated) == (("A", "B", "C"), 1)
    assert found.of_case.tolist() == [0, 1, 0, 0]


def test_rework_tells_self_loops_from_coming_back() -> None:
    (again,) = rework(traces("ABBAB", "AC"))[:1]
    assert (again.activity, again.cases, again.repeats, again.self_loops, again.most) == ("B", 1, 2, 1, 3)
    (check,) = rework(loans())
    assert (check.activity, check.share, check.work / HOUR) == ("Check", 0.5, 1)


def test_bottlenecks_are_ranked_by_what_they_cost_all_cases() -> None:
    flow = flow_map(loans())
    first = arc_bottlenecks(flow)[0]
    assert (first.before, first.activity, first.total / HOUR, first.per_case / HOUR) == ("Check", "Price", 3, 1.5)
    assert [b.activity for b in activity_bottlenecks(flow)] == ["Price", "Sign", "Check"]
    assert activity_bottlenecks(flow)[1].share == pytest.approx(0.5)


def test_activities_that_are_left_out_are_skipped() -> None:
    flow = simplified(traces("AXB", "AB", "AB"), activities=0.6)
    assert [(a.before, a.after, a.count) for a in flow.arcs] == [("A", "B", 3)]


def test_arcs_that_connect_are_kept() -> None:
    flow = simplified(traces(*["AB"] * 9, "ACB"), arcs=0.3)
    assert {(a.before, a.after) for a in flow.arcs} == {("A", "B"), ("A", "C"), ("C", "B")}


def test_shares_must_be_shares() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        simplified(loans(), arcs=2)


def test_arrivals_count_days_without_any() -> None:
    log = traces("A").of_cases([0])
    two = arrivals(log)
    assert (two.days, two.mean, two.peak_hour) == (((date(1970, 1, 1), 1),), 1, 0)


def test_the_time_between_two_activities_is_that_of_their_first_ones() -> None:
    found = between(traces("ABB", "BA", "A", "ACCB"), "A", "B", limit=2 * HOUR)
    assert (found.cases, found.negative, found.within, found.only_before) == (3, 1, 2, 1)
    assert found.share == pytest.approx(2 / 3)
    assert found.times
    assert found.times.high == 3 * HOUR


def test_an_activity_that_the_log_does_not_know_is_named() -> None:
    with pytest.raises(ValueError, match="no activity 'Z'; it has A, B"):
        between(traces("AB"), "A", "Z")
