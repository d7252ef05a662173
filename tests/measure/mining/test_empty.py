"""A log of which nothing could be read gives nothing, and no error."""

from __future__ import annotations

import pytest

from gemba.measure import mining
from tests.measure.mining.logs import traces


@pytest.mark.parametrize("by", ["resource", "group", "activity"])
def test_an_empty_log_has_no_work_and_no_hand_overs(by: str) -> None:
    assert mining.workload(traces(), by) == ()
    assert mining.hand_overs(traces(), by).pairs == ()
    assert mining.overlaps(traces(), by) == 0


def test_an_empty_log_has_an_empty_map() -> None:
    flow = mining.simplified(traces(), 0.5, 0.5)
    assert (flow.cases, flow.activities, flow.arcs) == (0, (), ())
    assert mining.arc_bottlenecks(flow) == mining.activity_bottlenecks(flow) == ()
    assert mining.variants(traces()).variants == mining.rework(traces()) == ()
    found = mining.throughput(traces())
    assert (found.time, found.first) == (None, None)


def test_what_needs_a_case_says_so() -> None:
    with pytest.raises(ValueError, match="at least one moment"):
        mining.arrivals(traces())
    with pytest.raises(ValueError, match="ask for a smaller share"):
        mining.proposed(traces(), "P")
