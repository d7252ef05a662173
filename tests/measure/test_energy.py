"""What a meter counts is charged to the work that ran meanwhile, to the last digit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gemba.measure.energy import charges
from gemba.operation import Operation
from gemba.operation.maintenance import Meter
from gemba.operation.place import Place
from gemba.operation.records import Event, Measurement
from gemba.operation.resource import Resource
from gemba.operation.settings import Settings

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
PLANT = Operation(
    settings=Settings(name="x", now=AT),
    places=(Place(name="Works"), Place(name="Mill", parent="Works")),
    resources=(Resource(name="Saw", place="Mill"), Resource(name="Oven", place="Works")),
)
METER = Meter(name="Power", resource="Saw", unit="kWh", media="electricity", cost=0.3, emissions=0.4)


def at(hours: float) -> datetime:
    return AT + timedelta(hours=hours)


def reading(hours: float, value: float) -> Measurement:
    return Measurement(uid=str(hours), at=at(hours), meter="Power", value=value)


def worked(order: str, start: float, end: float, resource: str = "Saw", share: float = 1) -> Event:
    seconds = (end - start) * 3600 * share
    return Event(
        uid=f"{order}{start}", at=at(end), kind="worked", order=order, step="Cut", resource=resource, start=at(start),
        seconds=seconds,
    )  # fmt: skip


def test_consumption_is_shared_by_machine_time_within_the_interval() -> None:
    # 100 kWh between 8 and 12 h; A ran 3 h of it (from 7 to 11, an hour of it before), B 1 h
    events = [worked("A", 7, 11), worked("B", 11, 12), worked("C", 8, 12, "Oven")]
    found = charges(PLANT, [reading(8, 500), reading(12, 600)], events, [METER])
    assert [(c.order, c.amount, c.cost, c.emissions) for c in found] == [
        ("A", Decimal(75), Decimal("22.5"), Decimal(30)),
        ("B", Decimal(25), Decimal("7.5"), Decimal(10)),
    ]


def test_a_meter_of_a_place_counts_for_all_inside() -> None:
    meter = Meter(name="Power", place="Works")
    events = [worked("A", 8, 10), worked("C", 8, 10, "Oven")]
    assert [c.amount for c in charges(PLANT, [reading(8, 0), reading(12, 8)], events, [meter])] == [4, 4]


def test_what_no_work_used_is_charged_to_no_order() -> None:
    (found,) = charges(PLANT, [reading(8, 0), reading(12, 8)], [], [METER])
    assert found.order == ""
    assert found.amount == 8


def test_a_voided_report_is_charged_nothing() -> None:
    wrong = worked("A", 8, 10)
    void = Event(uid="v", at=at(11), kind="worked", order="A", step="Cut", resource="Saw", corrects=wrong.uid)
    (found,) = charges(PLANT, [reading(8, 0), reading(12, 8)], [wrong, void], [METER])
    assert found.order == ""


@given(
    st.lists(st.floats(0, 1e6), min_size=2, max_size=5),
    st.lists(st.tuples(st.sampled_from("ABC"), st.floats(0, 40), st.floats(0.01, 20), st.floats(0.01, 1)), max_size=8),
)
def test_the_charges_of_a_meter_add_up_to_what_it_counted(
    used: list[float], work: list[tuple[str, float, float, float]]
) -> None:
    values = [sum(used[: i + 1]) for i in range(len(used))]
    events = [worked(order, start, start + length, share=share) for order, start, length, share in work]
    found = charges(PLANT, [reading(10.0 * i, v) for i, v in enumerate(values)], events, [METER])
    for i, (before, after) in enumerate(pairwise(values)):
        own = [c.amount for c in found if c.start == at(10.0 * i)]
        assert sum(own) == Decimal(str(after - before)).quantize(Decimal("0.000001"))
        assert min(own) >= -Decimal("0.00001")
