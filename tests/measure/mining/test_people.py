"""Hand-overs and work of resources and groups."""

from __future__ import annotations

import pytest

from gemba.measure.mining import event_log, hand_overs, overlaps, workload
from tests.measure.mining.logs import HOUR, loans


def test_hand_overs_are_counted_where_both_are_known() -> None:
    found = hand_overs(loans())
    assert [(h.giver, h.taker, h.count) for h in found.pairs] == [
        ("Ann", "Bob", 2),
        ("Bob", "Ann", 1),
        ("Bob", "Bob", 1),
    ]
    assert (found.passes, found.stays, found.per_case, found.alone) == (3, 1, 2, 0)


def test_groups_hand_over_too() -> None:
    assert hand_overs(loans(), "group").pairs[0].taker == "Risk"


def test_a_log_without_names_has_no_hand_overs() -> None:
    found = hand_overs(event_log(["a", "a"], ["A", "B"], [1, 2]))
    assert (found.pairs, found.cases, found.per_case) == ((), 0, 0)


def test_the_work_of_each_is_summed_and_overlaps_count_once_as_busy() -> None:
    ann, bob = workload(loans())
    assert (ann.name, ann.count, ann.cases, ann.work / HOUR, ann.busy / HOUR) == ("Ann", 3, 2, 6, 5)
    assert (bob.work / HOUR, bob.busy / HOUR, bob.activities, bob.last / HOUR) == (3, 3, 2, 6)


def test_work_that_begins_before_the_one_before_is_over_overlaps() -> None:
    assert overlaps(loans()) == 1
    assert overlaps(loans(), "activity") == 1


def test_work_can_be_asked_for_by_any_column_of_names() -> None:
    with pytest.raises(ValueError, match="no column of names 'shift'"):
        workload(loans(), "shift")
