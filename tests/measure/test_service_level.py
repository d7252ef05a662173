"""Service levels and due dates, by their formulas."""

from __future__ import annotations

import pytest

from gemba.measure.service_level import Contact, due_dates, service_level, service_levels

CALLS = [
    Contact(0, True, 100), Contact(20, True, 300), Contact(21, True, 200),  # served, two of them in time
    Contact(5, False), Contact(90, False),  # gave up, one within the limit
]  # fmt: skip


def test_the_level_counts_against_all_who_came() -> None:
    found = service_level(CALLS, 20)
    assert (found.offered, found.served, found.abandoned, found.within) == (5, 3, 2, 2)
    assert found.level == pytest.approx(2 / 5)
    assert found.level_of_served == pytest.approx(2 / 3)
    assert found.level_without_short == pytest.approx(2 / 4)
    assert found.abandonment == pytest.approx(2 / 5)


def test_means_are_those_of_the_served() -> None:
    found = service_level(CALLS, 20)
    assert found.mean_wait == pytest.approx(41 / 3)
    assert found.mean_service == 200


def test_without_anybody_there_is_no_share() -> None:
    found = service_level([], 20)
    assert (found.offered, found.level, found.mean_wait) == (0, None, None)


def test_each_kind_has_its_own_level() -> None:
    found = service_levels([("day", CALLS[0]), ("night", CALLS[3]), ("day", CALLS[2])], 20)
    assert {kind: level.level for kind, level in found.items()} == {"day": 0.5, "night": 0}


def test_a_due_date_is_kept_at_the_very_moment() -> None:
    found = due_dates([10, 11, None, 5], [10, 10, 10, None])
    assert (found.open, found.closed, found.in_time, found.late, found.share, found.mean_late) == (1, 2, 1, 1, 0.5, 1)
