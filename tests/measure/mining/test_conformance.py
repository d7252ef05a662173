"""Conformance to a defined process: each deviation found, and the alignment the best there is."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.measure.mining import conformance, event_log, expected, expected_of, proposed
from gemba.measure.mining.alignment import align
from gemba.operation import Step, StepLink
from tests.measure.facts import shop
from tests.measure.mining.logs import HOUR, logs, traces


def process(*links: str, steps: str = "ABCD", **lags: float):
    """Steps A to D; links as two letters; lags apply to all of them."""
    return expected_of("P", [Step(process="P", name=s) for s in steps],
                       [StepLink(process="P", before=x[0], after=x[1], **lags) for x in links])  # fmt: skip


LINE = process("AB", "BC", "CD")


def found(word: str, of=LINE) -> set[tuple[str, str, str]]:
    return {(f.kind, f.activity, f.other) for f in conformance(traces(word), of).cases[0].findings}


def test_a_case_that_follows_the_process_fits() -> None:
    result = conformance(traces("ABCD"), LINE)
    assert (result.fitness, result.fitting, result.conforming, result.deviations) == (1, 1, 1, ())


def test_every_deviation_is_named() -> None:
    assert found("ABD") == {("missing", "C", "")}
    assert found("ABXCD") == {("undefined", "X", "")}
    assert found("ABBCD") == {("repeated", "B", "")}
    (wrong,) = found("BACD")
    assert (wrong[0], {wrong[1], wrong[2]}) == ("wrong order", {"A", "B"})


def test_only_what_stands_in_the_wrong_place_is_blamed() -> None:
    assert {(k, a) for k, a, _ in found("BCDA")} == {("wrong order", "A")}


def test_steps_side_by_side_may_come_in_any_order() -> None:
    diamond = process("AB", "AC", "BD", "CD")
    assert found("ACBD", diamond) == found("ABCD", diamond) == set()


def test_fitness_is_what_the_best_alignment_saves_of_the_worst() -> None:
    result = conformance(traces("ABCD", "ABX"), LINE)
    assert result.cases[1].cost == 3  # C and D are missing, X is undefined
    assert result.cases[1].fitness == pytest.approx(1 - 3 / 7)
    assert result.fitness == pytest.approx(1 - 3 / 15)
    assert result.mean_fitness == pytest.approx((1 + 4 / 7) / 2)


def test_deviations_are_ranked_by_the_cases_they_touch() -> None:
    first, second = conformance(traces("ABD", "ABD", "ABCDD"), LINE).deviations
    assert (first.kind, first.activity, first.cases, first.example) == ("missing", "C", 2, "c0")
    assert (second.kind, second.count) == ("repeated", 1)


def test_lags_are_too_short_or_too_long() -> None:
    log = event_log(["a", "a", "b", "b"], ["A", "B", "A", "B"], [HOUR, 9 * HOUR, HOUR, 2 * HOUR],
                    start=[0, 8 * HOUR, 0, HOUR + 60])  # fmt: skip
    within = process("AB", steps="AB", minimum_lag=HOUR, maximum_lag=2 * HOUR)
    late, soon = conformance(log, within).cases
    assert [(f.kind, f.activity, f.other, f.seconds) for f in late.findings] == [("too late", "B", "A", 5 * HOUR)]
    assert [(f.kind, f.seconds) for f in soon.findings] == [("too soon", HOUR - 60)]
    assert late.fitness == 1


def test_work_that_begins_before_the_earlier_step_ends_is_too_soon_but_for_transfer_lots() -> None:
    log = event_log(["a", "a"], ["A", "B"], [10, 20], start=[0, 5])
    assert [f.kind for f in conformance(log, process("AB", steps="AB")).cases[0].findings] == ["too soon"]
    steps = [Step(process="P", name="A", transfer_lot=1), Step(process="P", name="B", sequence=20)]
    assert conformance(log, expected_of("P", steps, [])).conforming == 1


def test_without_links_steps_follow_their_sequence_numbers() -> None:
    of = expected(shop(), "Make")
    log = event_log(["a", "a"], ["bake it", "Cut"], [1, 2])
    (finding,) = conformance(log, of, {"bake it": "Bake"}).cases[0].findings
    assert (finding.kind, {finding.activity, finding.other}) == ("wrong order", {"Bake", "Cut"})


def test_a_process_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="no process 'Sell'; it has Make"):
        expected(shop(), "Sell")


def test_a_log_without_cases_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one case"):
        conformance(traces(), LINE)


ORDERS = [LINE, process("AB", "AC", "BD", "CD"), process("AB", "CD"), process(), process("AD", "BD")]


@given(st.lists(st.integers(-1, 3), max_size=8), st.sampled_from(ORDERS))
def test_no_alignment_is_cheaper(case: list[int], of) -> None:
    """Against trying every set of events: paired must be different steps in an allowed order."""
    alignment = align(case, of)
    places = [i for i, s in enumerate(case) if s >= 0]

    def fits(some: tuple[int, ...]) -> bool:
        return all(case[i] != case[j] and not of.precedes(case[j], case[i]) for i, j in combinations(some, 2))

    best = max(n for n in range(len(places) + 1) if any(fits(some) for some in combinations(places, n)))
    assert alignment.cost == len(case) + 4 - 2 * best
    assert fits(alignment.fitting)


@given(st.permutations("ABCDE"))
def test_every_case_conforms_to_the_process_of_its_only_variant(word: list[str]) -> None:
    log = traces("".join(word), "".join(word))
    proposal = proposed(log, "P")
    assert conformance(log, expected_of("P", proposal.steps, proposal.links)).conforming == 2
    assert [s.name for s in proposal.steps] == word


@given(logs(), st.floats(0, 1))
def test_no_case_breaks_the_order_of_the_process_proposed_from_its_log(log, share: float) -> None:
    try:
        proposal = proposed(log, "P", share)
    except ValueError:
        return
    result = conformance(log, expected_of("P", proposal.steps, proposal.links))
    assert [d for d in result.deviations if d.kind == "wrong order"] == []


def test_the_proposed_steps_side_by_side_share_no_link() -> None:
    proposal = proposed(traces("ABCD", "ACBD", "ABCDX"), "P")
    assert {(x.before, x.after) for x in proposal.links} == {("A", "B"), ("A", "C"), ("B", "D"), ("C", "D")}
    assert proposal.left_out == ("X",)
    assert [s.sequence for s in proposal.steps] == [10, 20, 20, 30]


def test_noise_lets_few_cases_break_the_order() -> None:
    log = traces(*["AB"] * 9, "BA")
    assert proposed(log, "P").links == ()
    assert len(proposed(log, "P", noise=0.1).links) == 1
