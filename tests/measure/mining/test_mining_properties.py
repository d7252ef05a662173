"""What holds of every log."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gemba.measure.mining import (
    EventLog,
    event_log,
    flow_map,
    hand_overs,
    rework,
    simplified,
    throughput_times,
    variants,
    workload,
)
from gemba.measure.mining.flow import waiting
from gemba.measure.mining.people import busy
from tests.measure.mining.logs import logs


@given(logs())
def test_what_goes_into_an_activity_and_out_of_it_is_what_it_occurs(log: EventLog) -> None:
    flow = flow_map(log)
    for a in flow.activities:
        assert a.count == a.starts + sum(x.count for x in flow.arcs if x.after == a.name)
        assert a.count == a.ends + sum(x.count for x in flow.arcs if x.before == a.name)
        waits = sum(x.waiting.total for x in flow.arcs if x.after == a.name)
        assert waits == (a.waiting.total if a.waiting else 0)


@given(logs(), st.randoms(use_true_random=False))
def test_the_order_of_the_cases_changes_nothing(log: EventLog, random) -> None:
    order = list(range(len(log.case.names)))
    random.shuffle(order)
    rows = np.concatenate([np.arange(log.first[c], log.first[c + 1]) for c in order])
    other = event_log(
        [log.case.texts()[r] for r in rows], [log.activity.texts()[r] for r in rows], log.end[rows],
        start=log.start[rows], resource=[log.resource.texts()[r] for r in rows],
    )  # fmt: skip
    assert flow_map(other) == flow_map(log)
    assert rework(other) == rework(log)
    assert workload(other) == workload(log)
    assert set(hand_overs(other).pairs) == set(hand_overs(log).pairs)
    shapes = [{(v.activities, v.count, v.throughput) for v in variants(x).variants} for x in (log, other)]
    assert shapes[0] == shapes[1]


@given(logs())
def test_throughput_time_is_waiting_and_the_time_covered_by_work(log: EventLog) -> None:
    """Waits and stretches of work of a case leave no gap and count nothing twice."""
    waits = np.zeros(len(log.case.names), np.int64)
    np.add.at(waits, log.case.ids[log.later], waiting(log)[log.later])
    covered = busy(log.case.ids, log.begin, log.done, len(log.case.names))
    assert (waits + covered).tolist() == throughput_times(log).tolist()


@given(logs())
def test_variants_add_up_to_all_cases(log: EventLog) -> None:
    found = variants(log)
    assert sum(v.count for v in found.variants) == len(log.case.names)
    assert abs(found.variants[-1].cumulated - 1) < 1e-9
    assert [v.count for v in found.variants] == sorted((v.count for v in found.variants), reverse=True)


@given(logs(), st.floats(0, 1), st.floats(0, 1))
def test_a_simplified_map_leads_from_the_starts_to_everything_and_on_to_the_ends(
    log: EventLog, activities: float, arcs: float
) -> None:
    flow = simplified(log, activities, arcs)
    ways = [(a.before, a.after) for a in flow.arcs]
    assert _reached({a.name for a in flow.activities if a.starts}, ways) == {a.name for a in flow.activities}
    backward = [(b, a) for a, b in ways]
    assert _reached({a.name for a in flow.activities if a.ends}, backward) == {a.name for a in flow.activities}


def _reached(names: set[str], ways: list[tuple[str, str]]) -> set[str]:
    while new := {b for a, b in ways if a in names} - names:
        names = names | new
    return names


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30), st.integers(0, 9)), max_size=20))
def test_busy_time_is_what_is_covered_second_by_second(rows: list[tuple[int, int, int]]) -> None:
    keys, start, length = np.array(rows, np.int64).reshape(-1, 3).T
    covered = [len({s for k, a, n in rows if k == key for s in range(a, a + n)}) for key in range(4)]
    assert busy(keys, start, start + length, 4).tolist() == covered
