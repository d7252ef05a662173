"""A week of a small plant, every figure worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.measure.kpi import Ask, Plain, Records, Slices, catalogue_of, figures
from gemba.measure.kpi.hours import calendar_hours
from gemba.operation import (
    Calendar,
    CalendarRule,
    Characteristic,
    Delivered,
    Event,
    Item,
    Measurement,
    Meter,
    Movement,
    Operation,
    Place,
    Process,
    ReasonCode,
    ReleasedOrder,
    ReleasedTask,
    Resource,
    Settings,
    Shift,
    Step,
)

MON = date(2026, 3, 2)
NOW = datetime(2026, 6, 1, tzinfo=UTC)

OPERATION = Operation(
    settings=Settings(name="Plant", now=NOW, zone=""),
    calendars=(Calendar(name="Day", value=0),),
    calendar_rules=(CalendarRule(calendar="Day", rule=1, start_time=time(6), end_time=time(16), value=1),),
    places=(
        Place(name="Site"),
        Place(name="Area", kind="area", parent="Site"),
        Place(name="Saw", kind="work centre", parent="Area"),
        Place(name="Paint", kind="work centre", parent="Area"),
        Place(name="Store", kind="store", parent="Site"),
    ),
    resources=(
        Resource(name="Saw 1", place="Saw", calendar="Day", cost_per_hour=50),
        Resource(name="Booth", place="Paint", calendar="Day"),
        Resource(name="Ada", kind="person", place="Saw", cost_per_hour=30),
    ),
    items=(Item(name="Leg"), Item(name="Wood")),
    processes=(Process(name="Make leg", item="Leg", place="Site"),),
    steps=(
        Step(process="Make leg", name="Saw", sequence=10, yield_rate=0.95),
        Step(process="Make leg", name="Paint", sequence=20),
    ),
    shifts=(Shift(name="Early", start=time(6), end=time(14)), Shift(name="Night", start=time(22), end=time(6))),
    reason_codes=(ReasonCode(name="Break", kind="pause", planned=True), ReasonCode(name="Broken", kind="down")),
    characteristics=(Characteristic(name="Look", item="Leg", kind="defectives"),),
    meters=(Meter(name="Power", resource="Saw 1", unit="MWh", media="electricity"),),
)


def at(day: int, hour: float) -> datetime:
    """Hours after midnight of a day of that week, 0 being Monday."""
    return datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=day, hours=hour)


def event(uid: str, kind: str, day: int, start: float, end: float, **more: Any) -> Event:
    seconds = (end - start) * 3600
    given = {"order": "MO-1", "step": "Saw", "resource": "Saw 1", "place": "Saw", "item": "Leg", **more}
    return Event(uid=uid, at=at(day, end), kind=kind, start=at(day, start), seconds=seconds, **given)


def moved(uid: str, when: datetime, cause: str, ends: str, quantity: int, value: int, **more: Any) -> Movement:
    (a, b), (c, d) = (e.split(":") for e in ends.split(">"))
    return Movement(
        uid=uid, at=when, item=more.pop("item", "Leg"), quantity=Decimal(quantity), value=Decimal(value), cause=cause,
        from_kind=a, from_name=b, to_kind=c, to_name=d, **more,
    )  # fmt: skip


RECORDS = Records(
    released_orders=(
        ReleasedOrder(uid="o1", at=at(0, 6), order="MO-1", item="Leg", place="Site", process="Make leg", due=at(2, 12)),
        ReleasedOrder(uid="o2", at=at(0, 6), order="WO-1", kind="maintenance", place="Saw"),
        ReleasedOrder(uid="o3", at=at(0, 6), order="WO-2", kind="maintenance", place="Saw", maintenance_plan="Service"),
    ),
    released_tasks=(
        ReleasedTask(uid="t1", at=at(0, 6), order="MO-1", step="Saw", sequence=10, place="Saw", run=36000,
                     quantity=Decimal(100)),
        ReleasedTask(uid="t2", at=at(0, 6), order="MO-1", step="Paint", sequence=20, place="Paint", run=3600,
                     quantity=Decimal(100)),
    ),
    events=(
        # Monday: an hour's wait, an hour's set-up, 4 h work, a break of half an hour, a delay of 1.5 h, 2 h work
        Event(uid="e0", at=at(0, 7), kind="started", order="MO-1", step="Saw", resource="Saw 1", place="Saw", item="Leg",
              queued=at(0, 6), seconds=3600),
        event("e1", "set_up", 0, 7, 8, person="Ada"),
        event("e2", "paused", 0, 8, 12, person="Ada", good=Decimal(38), scrap=Decimal(2)),
        event("e3", "resumed", 0, 12, 12.5, reason="Break"),
        event("e4", "paused", 0, 12.5, 12.5),
        event("e5", "resumed", 0, 12.5, 14, reason="No wood"),
        event("e6", "finished", 0, 14, 16, person="Ada", good=Decimal(18), rework=Decimal(2), scrap=Decimal(0)),
        # a failure of 3 h and a planned stop of 2 h on Tuesday
        Event(uid="d1", at=at(1, 6), kind="down", resource="Saw 1", place="Saw", reason="Broken"),
        event("d2", "up", 1, 6, 9, order="", step="", item="", reason="Broken"),
        event("d3", "up", 1, 9, 11, order="", step="", item="", reason="Break"),
        # painting through the night from Tuesday 23:00 to Wednesday 07:00
        event("n1", "finished", 1, 23, 31, resource="Booth", place="Paint", step="Paint", good=Decimal(56)),
        event("c1", "closed", 2, 8, 8, step="", resource="", place="Paint"),
        event("c2", "cancelled", 2, 9, 9, order="MO-2", step="", resource="", place="Paint"),
        event("m1", "finished", 3, 6, 9, order="WO-1", step="Fix", item=""),
        event("m2", "finished", 3, 9, 10, order="WO-2", step="Service", item=""),
        Event(uid="p1", at=at(0, 16), kind="clocked_out", person="Ada", place="Saw", start=at(0, 6), seconds=36000),
    ),
    movements=(
        moved("s0", at(0, 0), "opening", "adjustment:opening>store:Store", 100, 1000, item="Wood"),
        moved("s1", at(0, 12), "issue", "store:Store>wip:MO-1", 40, 400, item="Wood", order="MO-1", step="Saw"),
        moved("s2", at(2, 8), "production", "wip:MO-1>store:Store", 56, 840, order="MO-1", step="Paint"),
        moved("s3", at(0, 12), "scrap", "wip:MO-1>scrap:Knot", 2, 20, order="MO-1", step="Saw"),
        moved("s4", at(3, 0), "shipment", "store:Store>customer:Office", 50, 750),
        moved("s5", at(4, 0), "count", "store:Store>adjustment:count", 1, 15),
        moved("s6", at(4, 0), "waste", "wip:MO-1>waste:Dust", 3, 0, order="MO-1", step="Saw"),
    ),
    measurements=(
        Measurement(uid="i1", at=at(1, 8), characteristic="Look", value=3, size=50, resource="Saw 1", item="Leg"),
        Measurement(uid="r1", at=at(0, 6), meter="Power", value=10),
        Measurement(uid="r2", at=at(2, 0), meter="Power", value=12),
    ),
    deliveries=(
        Delivered(uid="l1", at=at(3, 0), demand="SO-1", item="Leg", place="Store", quantity=Decimal(30), ordered=Decimal(40),
                  due=at(3, 12), promised=at(4, 12)),
        Delivered(uid="l2", at=at(4, 0), demand="SO-1", item="Leg", place="Store", quantity=Decimal(10), ordered=Decimal(40),
                  due=at(3, 12), promised=at(4, 12)),
        Delivered(uid="l3", at=at(3, 0), demand="SO-2", item="Leg", place="Store", quantity=Decimal(10), ordered=Decimal(10),
                  due=at(3, 12), documents_right=False),
        Delivered(uid="l4", at=at(3, 0), demand="SO-3", item="Leg", place="Store", quantity=Decimal(5), ordered=Decimal(10),
                  due=at(2, 12), condition_right=False),
    ),
)  # fmt: skip
CATALOGUE = catalogue_of()
ALL = {p.name: p.name for p in OPERATION.places}


def ask(by: tuple[str, ...] = (), inside: str = "", days: int = 7, **more: Any) -> Ask:
    places = {inside: inside} if inside else dict.fromkeys(ALL, "Site")
    return Ask(
        MON, MON + timedelta(days=days), places, by, None if inside else "Site", planned=frozenset({"Break"}),
        rates={"Saw 1": 50.0, "Ada": 30.0}, **more,
    )  # fmt: skip


def figure(kpi: str, question: Ask, records: Records = RECORDS) -> dict[Any, float | None]:
    slices = Slices(OPERATION)
    found = figures(CATALOGUE, OPERATION, Plain(OPERATION, records, slices), kpi, question, NOW, slices)
    return {f.key: f.value for f in found}


#: The week at the saw: POT 70 h, PBT 70 - 2 = 68, AUST 1, APT 4 + 2 = 6, ADET 1.5, AQT 1, GQ 56, SQ 2, RQ 2, PQ 60,
#: planned run 360 s a unit: PRI·PQ 6 h; AOET Monday 7:00 to 16:00 = 9 h.
SAW = {
    "worker efficiency": 7 / 10,
    "allocation ratio": 8.5 / 9,
    "throughput rate": 60 / 9,
    "allocation efficiency": 8.5 / 68,
    "utilization efficiency": 6 / 8.5,
    "availability": 6 / 68,
    "effectiveness": 6 / 6,
    "quality ratio": 56 / 60,
    "overall equipment effectiveness": 6 / 68 * 56 / 60,
    "net equipment effectiveness": 7 / 68 * 56 / 60,
    "setup ratio": 1 / 7,
    "technical efficiency": 6 / 7.5,
    "production process ratio": 6 / 9,
    "actual to planned scrap ratio": 2 / 3,
    "first pass yield": 47 / 50,
    "scrap ratio": 2 / 60,
    "rework ratio": 2 / 60,
    "fall off ratio": 2 / 60,
    "comprehensive energy consumption": 2000 / 60,
    "equipment load rate": 6 / 68,
    "finished goods ratio": 56 / 40,
    "integrated goods ratio": 56 / 40,
    "production loss ratio": 2 / 40,
    "other loss ratio": 3 / 40,
    "mean operating time between failures": 7 / 1,
    "mean time to failure": 68 - 3,
    "mean time to repair": 3,
    "corrective maintenance ratio": 3 / 4,
    "mean waiting time": 1,
    "service level, 15 minutes": 0,
    "service level, 1 hour": 1,
    "service level, 1 day": 1,
}


#: The stock of wood: 1000 all week, less 400 from Monday noon (6.5 days); of legs: 840 from Wednesday 8:00 (4 2/3 days),
#: less 750 from Thursday (4 days), less 15 from Friday (3 days): 7000 - 2600 + 3920 - 3000 - 45 = 5275.
SITE = {
    "storage and transportation loss ratio": 1 / 40,
    "inventory turns": 750 / (5275 / 7),
    "inventory days": (5275 / 7) / (750 / 7),
    "average stock": (700 - 260 + 56 * 14 / 3 - 200 - 3) / 7,
    "output per labour hour": 56 / 7,
    "output per paid hour": 56 / 10,
    "output per cost": 56 / (400 + 7 * 30 + (7 + 3 + 1) * 50),
    "cost of a unit": (400 + 7 * 30 + 11 * 50) / 56,
    "value added per labour hour": (840 - 400) / 7,
    "abandonment": 1 / 2,
    "mean throughput time": 50,
    "orders on time": 1,
    "perfect order fulfilment": 1 / 3,
    "delivered in full": 2 / 3,
    "delivered by the committed date": 2 / 3,
    "documentation accuracy": 2 / 3,
    "perfect condition": 2 / 3,
    "on time in full to request": 1 / 3,
    "on time in full to promise": 2 / 3,
}


@pytest.mark.parametrize("kpi", [*SAW, *SITE])
def test_kpi_as_worked_out_by_hand(kpi: str) -> None:
    question, expected = (ask(inside="Saw"), SAW[kpi]) if kpi in SAW else (ask(), SITE[kpi])
    assert figure(kpi, question) == {(): pytest.approx(expected)}


def test_every_kpi_of_the_catalogue_has_a_worked_example() -> None:
    assert set(CATALOGUE.kpis) == set(SAW) | set(SITE)


def test_work_through_the_night_is_shared_out_in_proportion_and_the_shift_counts_to_the_day_it_starts() -> None:
    # Tuesday 23:00 to Wednesday 7:00: 7 h of Tuesday's night shift, 1 h of Wednesday's early shift
    tue, wed = MON + timedelta(days=1), MON + timedelta(days=2)
    assert figure("APT", ask(("day", "shift"), inside="Paint")) == {
        (tue, "Night"): pytest.approx(7), (wed, "Early"): pytest.approx(1),
    }  # fmt: skip
    # its quantity counts once, when it was reported
    assert figure("GQ", ask(("day", "shift"), inside="Paint")) == {(wed, "Early"): 56}


def test_open_hours_are_those_of_the_calendar_by_shift_until_now() -> None:
    by_shift = figure("POT", ask(("shift",), inside="Saw", days=1))
    assert by_shift == {("Early",): pytest.approx(8), ("",): pytest.approx(2)}
    late = Ask(NOW.date(), NOW.date() + timedelta(days=3), {"Saw": "Saw"}, ())
    assert figure("POT", late) == {}


def test_open_hours_have_no_value_by_item() -> None:
    assert figure("availability", ask(("item",), inside="Saw"))["Leg",] is None
    assert figure("quality ratio", ask(("item",), inside="Saw")) == {("Leg",): pytest.approx(56 / 60)}


def test_an_order_in_two_work_centres_takes_from_its_first_start_to_its_last_end() -> None:
    assert figure("AOET", ask()) == {(): pytest.approx(24 + 24)}  # Monday 7:00 to Wednesday 7:00
    assert figure("AOET", ask(inside="Paint")) == {(): pytest.approx(8)}


def test_average_stock_of_each_day_follows_the_movements() -> None:
    days = figure("average_inventory", ask(("day",), days=3))
    assert [days[MON + timedelta(days=i),] for i in range(3)] == pytest.approx([800, 600, 600 + 840 * 16 / 24])


@pytest.mark.parametrize("kpi", ["GQ", "APT", "PQ", "AQT", "material_cost", "lines", "stock_value_days", "E", "POT"])
def test_days_add_up_to_the_week_and_places_to_the_whole(kpi: str) -> None:
    whole = figure(kpi, ask())[()]
    assert sum(v or 0 for v in figure(kpi, ask(("day",))).values()) == pytest.approx(whole)
    each = replace(ask(("place",)), places=ALL)
    assert sum(v or 0 for v in figure(kpi, each).values()) == pytest.approx(whole)


def void(e: Event) -> Event:
    return replace(
        e, uid="x" + e.uid, seconds=-e.seconds, good=-e.good, scrap=-e.scrap, rework=-e.rework, corrects=e.uid
    )


@settings(max_examples=20, deadline=None)
@given(st.sets(st.sampled_from(range(len(RECORDS.events)))))
def test_voided_events_cancel_exactly(chosen: set[int]) -> None:
    events = [e for i, e in enumerate(RECORDS.events) if i not in chosen]
    voided = [*RECORDS.events, *(void(RECORDS.events[i]) for i in sorted(chosen))]
    for kpi in ("overall equipment effectiveness", "allocation ratio", "mean time to repair", "worker efficiency"):
        without = figure(kpi, ask(("place", "day")), RECORDS._replace(events=events))
        assert figure(kpi, ask(("place", "day")), RECORDS._replace(events=voided)) == pytest.approx(without)


def test_a_movement_that_is_reversed_counts_as_if_it_had_not_been() -> None:
    issue = RECORDS.movements[1]
    back = replace(
        issue, uid="back", cause="correction", corrects=issue.uid, from_kind=issue.to_kind, from_name=issue.to_name,
        to_kind=issue.from_kind, to_name=issue.from_name,
    )  # fmt: skip
    records = RECORDS._replace(movements=(*RECORDS.movements, back))
    assert figure("CM", ask(), records) == {}
    assert figure("stock_value_days", ask(), records)[()] == pytest.approx(5275 + 2600)


def test_a_vehicle_is_one_work_unit_however_much_it_carries() -> None:
    truck = Resource(name="Truck", kind="vehicle", place="Store", calendar="Day", capacity=500)
    benches = Resource(name="Benches", place="Store", calendar="Day", capacity=3)
    operation = replace(OPERATION, resources=(truck, benches), checked=True)
    slices = Slices(operation)
    question = Ask(MON, MON + timedelta(days=1), {"Store": "Store"}, by=("resource",))
    assert calendar_hours(operation, question, slices, NOW) == {("Benches",): [30.0], ("Truck",): [10.0]}
