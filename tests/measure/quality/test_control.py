"""Charts, capability, yields and gauge studies read from records, against hand-worked and published figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from gemba.execute.quality.readings import STUDY, Reading
from gemba.measure.quality.capability import histogram, indices
from gemba.measure.quality.control import Limits, control, estimate, first_points
from gemba.measure.quality.points import points
from gemba.measure.quality.study import study, study_names
from gemba.measure.quality.yields import first_pass, pareto, rolled
from gemba.operation import Characteristic, Event, Measurement

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)


def taken(
    values: Sequence[float], size: int = 1, subgroup: int = 0, cause: dict[int, str] | None = None
) -> list[Reading]:
    return [
        Reading(
            Measurement(uid=f"m{i}", at=AT + timedelta(minutes=i), characteristic="c", value=v, size=size,
                        subgroup=f"s{i // subgroup}" if subgroup else ""), (cause or {}).get(i, ""))
        for i, v in enumerate(values)
    ]  # fmt: skip


def chart(drawn: str, **more: object) -> Characteristic:
    return Characteristic(name="c", item="x", chart=drawn, **more)  # type: ignore[arg-type]


#: NIST/SEMATECH e-Handbook 6.3.2.2: mean 50.81, mean moving range 1.8778, limits 45.8159 and 55.8041.
NIST = (49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1)


def test_individuals_have_the_limits_of_the_handbook() -> None:
    c = chart("i_mr")
    found = points(c, taken(NIST))
    limits = estimate(c, found)
    assert limits.centre == pytest.approx(50.81)
    drawn = control(c, found, limits)
    assert drawn.location.lower[0] == pytest.approx(45.8159, abs=1e-4)
    assert drawn.location.upper[0] == pytest.approx(55.8041, abs=1e-4)
    assert drawn.signals == []
    assert drawn.shift == 1
    assert len(drawn.spread.points) == 9


def test_a_point_beyond_the_fixed_limits_is_a_signal_unless_its_cause_is_known() -> None:
    c = chart("i_mr")
    limits = Limits(10, 1)
    assert control(c, points(c, taken([10, 10, 13.5])), limits, "limits").broken(-1) == ["beyond limits"]
    known = points(c, taken([10, 10, 13.5], cause={2: "Wrong tool"}))
    assert control(c, known, limits).signals == []
    assert estimate(c, points(c, taken([9, 10, 11, 99], cause={3: "Typing"}))).centre == 10


def test_eight_points_on_one_side_break_the_fourth_western_electric_rule_at_the_eighth() -> None:
    c = chart("i_mr")
    drawn = control(c, points(c, taken([10.1, 10.2] * 4)), Limits(10, 1))
    assert drawn.signals == [(7, "8 on one side")]
    assert control(c, points(c, taken([10.1, 10.2] * 4)), Limits(10, 1), "nelson").signals == []


def test_subgroups_make_points_and_single_values_of_a_mean_chart_are_left_aside() -> None:
    c = chart("xbar_r", subgroup=3)
    found = points(c, taken([1, 2, 3, 4, 5, 6, 7], subgroup=3))
    assert [p.values for p in found] == [[1, 2, 3], [4, 5, 6]]
    assert control(c, found, estimate(c, found)).location.points.tolist() == [2, 5]


def test_a_share_of_samples_that_vary_in_size_has_limits_of_their_own() -> None:
    c = chart("np", kind="defectives")
    a, b = taken([2, 3], size=50), taken([6], size=100)
    b = [Reading(Measurement(uid="z", at=AT + timedelta(hours=1), value=6, size=100, characteristic="c"))]
    drawn = control(c, points(c, [*a, *b]), Limits(0.05))
    assert drawn.location.kind == "p"
    assert drawn.location.upper.tolist() == pytest.approx([0.1425, 0.1425, 0.1154], abs=1e-4)


def test_fewer_than_twenty_points_give_no_provisional_limits() -> None:
    c = chart("c", kind="defects")
    assert first_points(points(c, taken([1] * 19))) == []
    assert len(first_points(points(c, taken([1] * 30, cause={0: "x"})))) == 20


def test_cusum_and_ewma_are_drawn_by_the_limits_given() -> None:
    shifted = taken([10.0] * 5 + [11.5] * 10)
    for kind in ("cusum", "ewma"):
        c = chart(kind, subgroup=1)
        assert control(c, points(c, shifted), Limits(10, 1)).signals, kind
        assert not control(c, points(c, shifted[:5]), Limits(10, 1)).signals


def test_every_index_has_an_interval_around_it() -> None:
    c = chart("xbar_r", lower=4.0, upper=16.0, subgroup=2)
    found = indices(c, points(c, taken([9, 11, 10, 8, 12, 10, 9, 11, 10, 12], subgroup=2)))
    assert found.of.pp == pytest.approx(12 / (6 * found.of.sigma_overall))
    assert found.cp_interval is not None
    assert found.of.cp is not None
    assert found.cp_interval.low < found.of.cp < found.cp_interval.high
    assert found.cpk_interval.low < found.of.cpk < found.cpk_interval.high
    with pytest.raises(ValueError, match="3 values"):
        indices(c, points(c, taken([9, 11], subgroup=2)))


def test_every_value_is_in_one_bin() -> None:
    bins = histogram(NIST)
    assert sum(b.count for b in bins) == len(NIST)
    assert bins[0].low == 47.6
    assert bins[-1].high == pytest.approx(53.6)
    assert histogram([2, 2])[0].count == 2


def report(order: str, step: str, good: int, scrap: int = 0, rework: int = 0, reason: str = "") -> Event:
    return Event(uid=f"{order}{step}{good}{scrap}", at=AT, kind="finished", order=order, step=step, item="Chair",
                 good=Decimal(good), scrap=Decimal(scrap), rework=Decimal(rework), reason=reason)  # fmt: skip


def test_what_is_reworked_is_not_first_pass_and_what_a_rework_order_makes_neither() -> None:
    events = [report("MO-1", "Saw", 90, 4, 6), report("MO-1", "Paint", 80, 10), report("MO-1-R1", "Paint", 6)]
    found = first_pass(events, {"MO-1-R1"})
    assert [(y.step, y.first_pass) for y in found] == [("Paint", pytest.approx(80 / 90)), ("Saw", pytest.approx(0.9))]
    assert rolled(found) == {"Chair": pytest.approx(0.8)}
    taken_back = report("MO-1", "Saw", -90, -4, -6)
    assert [y.step for y in first_pass([*events, taken_back], {"MO-1-R1"})] == ["Paint"]


def test_a_pareto_adds_up_from_the_largest() -> None:
    bars = pareto({"Knot": 1, "Run": 6, "Crack": 3, "None": 0})
    assert [(b.name, b.until) for b in bars] == [
        ("Run", pytest.approx(0.6)),
        ("Crack", pytest.approx(0.9)),
        ("Knot", pytest.approx(1)),
    ]


def gauged(rows: Sequence[tuple[str, str, float]]) -> list[Reading]:
    return [
        Reading(Measurement(uid=f"g{i}", at=AT + timedelta(minutes=i), characteristic="c", subgroup=f"{STUDY}spring",
                            lot=part, person=who, value=v))
        for i, (part, who, v) in enumerate(rows)
    ]  # fmt: skip


def test_a_gauge_study_is_read_from_parts_people_and_repeats_and_is_on_no_chart() -> None:
    rows = [(p, o, 10 * int(p) + (0.1 if o == "B" else 0) + r / 100) for p in "123" for o in "AB" for r in (0, 1)]
    own = gauged(rows)
    assert study_names(own) == ["spring"]
    assert points(chart("i_mr"), own) == []
    found = study(chart("i_mr", lower=0.0, upper=100.0), own, "spring")
    assert (found.parts, found.operators, found.repeats) == (("1", "2", "3"), ("A", "B"), 2)
    assert found.anova.grr < 10
    assert found.means["1", "B"] == pytest.approx(10.105)
    with pytest.raises(ValueError, match="Part 3 has 1 values by B"):
        study(chart("i_mr"), own[:-1], "spring")


def test_runs_are_no_rule_on_the_chart_of_ranges() -> None:
    c = chart("xbar_r", subgroup=2)
    found = points(c, taken([9.9, 10.1] * 12, subgroup=2))
    drawn = control(c, found, Limits(10, 1))
    assert any(s.rule == "8 on one side" for s in drawn.spread.signals)  # type: ignore[union-attr]
    assert drawn.signals == []
