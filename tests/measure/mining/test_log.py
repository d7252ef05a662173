"""The event log: sorted by case and beginning, never with a start made up, never with a contradiction."""

from __future__ import annotations

import pytest

from gemba.measure.mining import MISSING, Labels, event_log, fold
from gemba.measure.mining.fold import Transitions
from tests.measure.mining.logs import HOUR, loans, traces


def test_rows_are_sorted_by_case_and_beginning() -> None:
    log = loans()
    assert log.case.texts() == ["two"] * 3 + ["one"] * 4
    assert log.activity.texts() == ["Check", "Price", "Sign", "Check", "Price", "Check", "Sign"]


def test_equal_moments_keep_the_order_of_the_source() -> None:
    log = event_log(["a", "a", "a"], ["Z", "Y", "X"], [5, 5, 5])
    assert log.activity.texts() == ["Z", "Y", "X"]


def test_a_start_is_never_made_up() -> None:
    log = traces("AB")
    assert log.start.tolist() == [MISSING, MISSING]
    assert log.begin.tolist() == [0, HOUR]
    assert not log.worked.any()


def test_a_case_is_over_when_its_latest_row_is() -> None:
    log = event_log(["a", "a", "a"], ["A", "B", "C"], [12, 10, 13], start=[8, 9, 13])
    assert log.reached.tolist() == [12, 12, 13]


@pytest.mark.parametrize(("flaw", "says"), [
    ({"case": ["", "a"]}, "row 0 of the event log must have a case"),
    ({"activity": ["A", ""]}, "row 1 of the event log must have an activity"),
    ({"end": [1, None]}, "row 1 of the event log must have a start or an end"),
    ({"start": [2, 2]}, "row 0 of the event log must end no earlier"),
    ({"queued": [1, 4]}, "row 1 of the event log must be queued no later"),
    ({"end": [1, 2, 3]}, "one value for each row"),
])  # fmt: skip
def test_a_log_that_contradicts_itself_is_refused(flaw: dict, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        event_log(**{"case": ["a", "a"], "activity": ["A", "B"], "end": [1, 2], **flaw})


def test_cases_that_are_left_out_leave_no_name() -> None:
    log = traces("AB", "C", "AC")
    some = log.of_cases([0, 2])
    assert some.case.names == ("c0", "c2")
    assert some.first.tolist() == [0, 2, 4]


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="no column of names 'ward'; it has case, activity, resource, group"):
        loans().column("ward")


def events(*rows: tuple[str, str, int, str]) -> Transitions:
    """(activity, transition, moment, resource) of one case; an instance after a slash: A/1."""
    names = [a.partition("/") for a, *_ in rows]
    n = len(rows)
    return Transitions(
        Labels.of(["c"] * n), Labels.of(a for a, _, _ in names), [r[1] for r in rows],
        event_log(["c"] * n, ["A"] * n, [r[2] for r in rows]).end, Labels.of(r[3] for r in rows), Labels.none(n),
        Labels.of(i for _, _, i in names),
    )  # fmt: skip


def pieces(*rows: tuple[str, str, int, str]) -> list[tuple]:
    log, _ = fold(events(*rows))
    moments = zip(
        *([None if m == MISSING else m for m in c.tolist()] for c in (log.queued, log.start, log.end)), strict=True
    )
    return list(zip(log.activity.texts(), moments, log.resource.texts(), strict=True))


def test_schedule_start_and_complete_become_one_piece_of_work() -> None:
    found = pieces(("A", "SCHEDULE", 1, ""), ("A", "start", 4, "Ann"), ("A", "Complete", 6, "Ann"))
    assert found == [("A", (1, 4, 6), "Ann")]


def test_a_completion_belongs_to_the_same_resource_first() -> None:
    found = pieces(("A", "start", 1, "Ann"), ("A", "start", 2, "Bob"), ("A", "complete", 3, "Bob"),
                   ("A", "complete", 5, "Eve"))  # fmt: skip
    assert found == [("A", (None, 1, 5), "Eve"), ("A", (None, 2, 3), "Bob")]


def test_an_instance_goes_before_the_resource() -> None:
    found = pieces(("A/1", "start", 1, "Ann"), ("A/2", "start", 2, "Bob"), ("A/1", "complete", 3, "Bob"),
                   ("A/2", "complete", 5, "Ann"))  # fmt: skip
    assert [m for _, m, _ in found] == [(None, 1, 3), (None, 2, 5)]


def test_what_has_no_start_or_no_end_keeps_it_empty_and_is_counted() -> None:
    log, folding = fold(events(("A", "complete", 2, ""), ("A", "start", 3, ""), ("B", "schedule", 4, ""),
                               ("B", "suspend", 5, "")))  # fmt: skip
    assert (log.start.tolist(), log.end.tolist()) == ([MISSING, 3], [2, MISSING])
    assert (folding.no_start, folding.no_end, folding.never_started) == (1, 1, 1)
    assert folding.unused == (("suspend", 1),)


def test_events_without_any_known_transition_are_completions() -> None:
    assert pieces(("A", "In Progress", 2, ""), ("B", "Closed", 3, "")) == [
        ("A", (None, None, 2), ""), ("B", (None, None, 3), "")
    ]  # fmt: skip
