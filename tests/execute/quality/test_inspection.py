"""Which characteristics apply, what a lot needs, and how lots fare one after the other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gemba.execute.quality.history import Lot, history
from gemba.execute.quality.inspection import applying, required, why
from gemba.execute.quality.readings import nonconforming, readings
from gemba.execute.quality.sampling_switching import State
from gemba.operation import Characteristic, Measurement

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
BOARDS = Characteristic(name="Faults", item="Board", when="receipt", kind="defectives", level="II", aql=2.5)
LENGTH = Characteristic(name="Length", item="Leg", process="Cut", step="Saw", lower=429.5, upper=430.5, subgroup=3)


def measured(c: Characteristic, value: float, size: int = 1, lot: str = "", uid: str = "", **more: Any) -> Measurement:
    measured.n += 1  # type: ignore[attr-defined]
    n: int = measured.n  # type: ignore[attr-defined]
    at = AT + timedelta(minutes=n)
    return Measurement(uid=uid or f"m{n}", at=at, characteristic=c.name, value=value, size=size, lot=lot, **more)


measured.n = 0  # type: ignore[attr-defined]


def boards(*rejects: int) -> tuple[list[Measurement], dict[str, Lot]]:
    """Lots of 500 boards of one supplier, each with so many nonconforming in a sample of 50."""
    lots = {f"L{i}": Lot(f"L{i}", 500, "Merchant") for i in range(len(rejects))}
    return [measured(BOARDS, d, 50, f"L{i}") for i, d in enumerate(rejects)], lots


def test_500_boards_at_level_ii_and_aql_2_5_need_50_with_ac_3() -> None:
    needs = required(BOARDS, 500)
    assert (needs.letter, needs.size, needs.accept, needs.reject) == ("H", 50, 3, 4)
    assert required(BOARDS, 500, State("tightened")).accept == 2
    small = required(BOARDS, 4)
    assert (small.size, small.complete) == (4, True)


def test_two_of_five_lots_rejected_tighten_the_inspection() -> None:
    found, after = history(BOARDS, readings((made := boards(1, 4, 0, 5))[0]), made[1], "Merchant")
    assert [r.accepted for r in found] == [True, False, True, False]
    assert after.severity == "tightened"
    assert "tightened, because 2 of 5 lots" in why(after)
    next_lot = required(BOARDS, 500, after)
    assert (next_lot.size, next_lot.accept) == (50, 2)


def test_a_lot_presented_again_does_not_count_for_switching() -> None:
    rows, lots = boards(4)
    rows += [measured(BOARDS, 9, 50, "L0"), measured(BOARDS, 9, 50, "L0")]
    found, after = history(BOARDS, readings(rows), lots, "Merchant")
    assert (found[0].inspected, found[0].nonconforming, after.severity) == (50, 4, "normal")


def test_a_sample_may_come_in_parts_and_the_lot_is_rejected_as_soon_as_ac_is_exceeded() -> None:
    lots = {"L": Lot("L", 500, "Merchant")}
    (first,), _ = history(BOARDS, readings([measured(BOARDS, 1, 20, "L")]), lots, "Merchant")
    assert (first.accepted, first.left) == (None, 30)
    rows = [measured(BOARDS, 1, 20, "L"), measured(BOARDS, 3, 10, "L")]
    (second,), _ = history(BOARDS, readings(rows), lots, "Merchant")
    assert second.accepted is False
    assert second.left == 0


def test_suppliers_switch_each_for_themselves() -> None:
    rows, lots = boards(4, 4, 0)
    lots["L2"] = Lot("L2", 500, "Other")
    assert history(BOARDS, readings(rows), lots, "Merchant")[1].severity == "tightened"
    assert history(BOARDS, readings(rows), lots, "Other")[1].severity == "normal"


def test_only_an_effective_corrective_action_ends_a_discontinuation() -> None:
    rows, lots = boards(4, 4, *[3] * 5, 0)
    found, after = history(BOARDS, readings(rows), lots, "Merchant")
    assert after.severity == "discontinued"
    assert found[-1].accepted is False, "nothing is accepted while inspection is discontinued"
    assert history(BOARDS, readings(rows), lots, "Merchant", [AT + timedelta(days=9)])[1].severity == "tightened"


def test_without_a_level_one_subgroup_is_measured_and_every_value_must_be_inside() -> None:
    lots = {"MO-1": Lot("MO-1", 40, "Cut")}
    needs = required(LENGTH, 40)
    assert (needs.size, needs.accept) == (3, 0)
    good = [measured(LENGTH, v, order="MO-1") for v in (429.5, 430.5, 430)]
    assert history(LENGTH, readings(good), lots, "Cut")[0][0].accepted is True
    bad = [*good[:2], measured(LENGTH, 430.6, order="MO-1")]
    assert history(LENGTH, readings(bad), lots, "Cut")[0][0].accepted is False


def test_counts_without_a_limit_are_not_judged_but_charted() -> None:
    c = Characteristic(name="Runs", item="Chair", kind="defects", when="final", chart="c", subgroup=10)
    needs = required(c, 40)
    assert needs.accept is None
    assert needs.size == 10
    assert needs.verdict(10, 99) is None


def test_characteristics_apply_by_item_process_step_and_time() -> None:
    every = [BOARDS, LENGTH]
    assert applying(every, "receipt", item="Board") == [BOARDS]
    assert applying(every, "receipt", item="Leg") == []
    assert applying(every, "process", item="Leg", process="Cut", step="Saw") == [LENGTH]
    assert applying(every, "process", item="Leg", process="Cut", step="Drill") == []


def test_a_correction_replaces_a_value_and_a_cause_leaves_it_out_without_changing_it() -> None:
    a, b = measured(LENGTH, 530.1, uid="a"), measured(LENGTH, 431, uid="b")
    typed = Measurement(uid="a2", at=AT, characteristic="Length", value=430.1, corrects="a")
    cause = Measurement(uid="b2", at=AT, characteristic="Length", value=431, note="Loose clamp", corrects="b")
    found = readings([a, b, typed, cause])
    assert [(r.value, r.cause) for r in found] == [(430.1, ""), (431, "Loose clamp")]
    assert [nonconforming(LENGTH, r) for r in found] == [0, 1]
    back = Measurement(uid="b3", at=AT, characteristic="Length", value=431, corrects="b2")
    assert readings([b, cause, back])[0].cause == ""


def test_an_aql_that_is_none_of_the_standard_s_is_refused() -> None:
    with pytest.raises(ValueError, match="aql is 2"):
        required(Characteristic(name="x", item="Board", kind="defectives", level="II", aql=2), 500)
