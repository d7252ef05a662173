"""Switching rules of ISO 2859-1, clause 9."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gemba.execute.quality.sampling import plan
from gemba.execute.quality.sampling_switching import (
    STATES,
    Result,
    Resumed,
    State,
    next_state,
    replay,
    result,
    score,
)

GOOD, BAD = Result(True), Result(False)
EVENTS = st.one_of(
    st.builds(Result, st.booleans(), st.integers(0, 21), st.booleans(), st.booleans()), st.just(Resumed())
)


def severities(*history: Result | Resumed, start: str = "normal") -> list[str]:
    return [state.severity for state in replay(history, State(start))]


def test_2_of_5_lots_rejected_tighten_the_inspection() -> None:
    assert severities(BAD, GOOD, GOOD, GOOD, BAD)[-1] == "tightened"
    assert severities(BAD, GOOD, GOOD, GOOD, GOOD, BAD)[-1] == "normal"
    assert severities(BAD, BAD)[-1] == "tightened"


def test_5_lots_accepted_in_a_row_bring_normal_inspection_back() -> None:
    assert severities(GOOD, GOOD, BAD, GOOD, GOOD, GOOD, GOOD, GOOD, start="tightened") == ["tightened"] * 7 + [
        "normal"
    ]


def test_lots_from_before_do_not_count_after_a_switch() -> None:
    history = [BAD, BAD, GOOD, GOOD, GOOD, GOOD, GOOD, BAD]
    assert severities(*history)[-1] == "normal"


def test_5_lots_rejected_while_tightened_stop_the_inspection_until_the_supplier_has_acted() -> None:
    history = [BAD, GOOD, GOOD, BAD, GOOD, BAD, BAD, GOOD, BAD]
    assert severities(*history, start="tightened") == ["tightened"] * 8 + ["discontinued"]
    assert severities(*history, GOOD, Resumed(), GOOD, start="tightened")[-3:] == [
        "discontinued",
        "tightened",
        "tightened",
    ]


def test_15_lots_accepted_with_ac_0_or_1_reach_a_score_of_30() -> None:
    states = replay([GOOD] * 15)
    assert [state.score for state in states[:3]] == [2, 4, 6]
    assert [state.severity for state in states[13:]] == ["normal", "reduced"]


def test_10_lots_that_would_pass_one_step_tighter_reach_it_with_ac_2_or_more() -> None:
    states = replay([Result(True, 2, tighter=True)] * 10)
    assert [states[8].score, states[8].severity, states[9].severity] == [27, "normal", "reduced"]


def test_a_lot_that_only_just_passes_sets_the_score_back() -> None:
    assert score(27, Result(True, 3, tighter=False)) == 0
    assert score(28, Result(False, 0)) == 0
    assert score(6, Result(True, 1)) == 8


def test_reduced_inspection_waits_for_steady_production_and_consent() -> None:
    irregular = [GOOD] * 14 + [Result(True, steady=False)]
    assert severities(*irregular)[-1] == "normal"
    assert severities(*irregular, GOOD)[-1] == "reduced"
    assert replay([GOOD] * 40, reduced=False)[-1].severity == "normal"


def test_one_lot_rejected_or_irregular_production_ends_reduced_inspection() -> None:
    assert severities(GOOD, BAD, start="reduced") == ["reduced", "normal"]
    assert severities(Result(True, steady=False), start="reduced") == ["normal"]
    assert replay([BAD], State("reduced"))[0] == State(), "with a score of 0"


def test_the_result_of_a_lot_knows_whether_a_tighter_limit_would_have_passed_it() -> None:
    found = plan(1000, 1.0)  # J, 80 items, Ac 2; at 0.65 Ac 1
    assert result(found, 1.0, 1) == Result(True, 2, tighter=True)
    assert result(found, 1.0, 2) == Result(True, 2, tighter=False)
    assert result(found, 1.0, 3) == Result(False, 2, tighter=False)


@given(st.lists(EVENTS, max_size=60), st.booleans())
def test_switching_never_leaves_the_state_table(history: list[Result | Resumed], reduced: bool) -> None:
    allowed = {
        "normal": {"normal", "tightened", "reduced"},
        "tightened": {"tightened", "normal", "discontinued"},
        "reduced": {"reduced", "normal"},
        "discontinued": {"discontinued", "tightened"},
    }
    before = State()
    for state in replay(history, reduced=reduced):
        assert state.severity in STATES
        assert state.severity in allowed[before.severity]
        assert 0 <= state.score < 33
        assert len(state.recent) <= 5
        assert state.row < 5
        assert state.rejected < 5
        assert reduced or state.severity != "reduced"
        before = state


@given(st.lists(EVENTS, max_size=30), st.lists(EVENTS, max_size=30))
def test_a_history_may_be_replayed_in_parts(first: list[Result | Resumed], second: list[Result | Resumed]) -> None:
    start = replay(first)[-1] if first else State()
    assert replay(first) + replay(second, start) == replay(first + second)


@given(st.lists(EVENTS, max_size=30), EVENTS)
def test_a_better_lot_never_leads_to_stricter_inspection(
    history: list[Result | Resumed], event: Result | Resumed
) -> None:
    order = ["reduced", "normal", "tightened", "discontinued"]
    state = replay(history)[-1] if history else State()
    if isinstance(event, Result):
        worse = next_state(state, Result(False, event.accept, False, event.steady))
        better = next_state(state, Result(True, event.accept, True, event.steady))
        assert order.index(better.severity) <= order.index(worse.severity)
