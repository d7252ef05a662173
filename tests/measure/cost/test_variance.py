"""An order's variances: a textbook-like case by hand, and that they always add up to actual less standard cost."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.measure.cost import VARIANCES, Coster, OrderCost, Standards, facts, roll_up
from gemba.measure.cost.facts import Facts
from gemba.operation import (
    Event,
    Item,
    Movement,
    Operation,
    Overhead,
    Process,
    ReleasedOrder,
    ReleasedTask,
    Resource,
    Settings,
    Step,
    StepItem,
    StepResource,
    SupplyOption,
    WasteStream,
)

AT = datetime(2026, 1, 1, tzinfo=UTC)
ORDER = ReleasedOrder(uid="o", at=AT, order="MO-1", item="Jacket", process="Sew", quantity=Decimal(10))


def operation(**more: Any) -> Operation:
    """A jacket: 2 m of cloth at 30, 0.8 h of sewing at 20 with machine hours at 12 of overhead; set-up 1 h for ten."""
    tables: dict[str, Any] = {
        "resources": (
            Resource(name="Sewers", kind="person", cost_per_hour=20),
            Resource(name="Sewer 1", kind="person", group="Sewers", cost_per_hour=22),
            Resource(name="Sewer 2", kind="person", group="Sewers", cost_per_hour=18),
            Resource(name="Machine", cost_per_hour=5),
        ),
        "items": (
            Item(name="Jacket"),
            Item(name="Cloth", cost=30),
            Item(name="Thread", cost=1),
            Item(name="Rag", cost=2),
        ),
        "processes": (Process(name="Sew", item="Jacket", place=""),),
        "steps": (Step(process="Sew", name="Sew", setup_time=3600, time_per_unit=2880),),
        "step_resources": (
            StepResource(process="Sew", step="Sew", resource="Sewers"),
            StepResource(process="Sew", step="Sew", resource="Machine"),
        ),
        "step_items": (StepItem(process="Sew", step="Sew", item="Cloth", quantity=2),),
        "overheads": (Overhead(basis="machine hours", rate=12),),
        "supply_options": (SupplyOption(name="Make", item="Jacket", kind="make", process="Sew", minimum=10),),
        "waste_streams": (WasteStream(name="Dust", cost=0.5),),
    }
    tables.update(more)
    return Operation(settings=Settings(name="Tailor", now=AT), **tables)


def moved(uid: str, item: str, quantity: Any, value: Any, cause: str, **more: Any) -> Movement:
    ends = {
        "issue": ("store", "", "wip", "MO-1"),
        "production": ("wip", "MO-1", "store", ""),
        "by-product": ("wip", "MO-1", "store", ""),
        "return": ("wip", "MO-1", "store", ""),
        "scrap": ("wip", "MO-1", "scrap", "Torn"),
        "waste": ("wip", "MO-1", "waste", "Dust"),
    }[cause]
    fields = dict(zip(("from_kind", "from_name", "to_kind", "to_name"), ends, strict=True))
    exactly = {"quantity": Decimal(str(quantity)), "value": Decimal(str(value))}
    return Movement(uid=uid, at=AT, item=item, cause=cause, order="MO-1", **{**exactly, **fields, **more})


def worked(uid: str, kind: str, hours: float, person: str = "Sewer 1", **more: Any) -> Event:
    return Event(
        uid=uid,
        at=AT,
        kind=kind,
        order="MO-1",
        step="Sew",
        resource="Machine",
        person=person,
        seconds=hours * 3600,
        **more,
    )


def cost(op: Operation, events: list[Event], movements: list[Movement], order: ReleasedOrder = ORDER) -> OrderCost:
    standards = Standards(op.items, roll_up(op, AT).records("1", AT))
    return Coster(op, standards).cost(order, facts(order, [], events, movements, last=("Sew",)), AT)


def in_money(found: OrderCost) -> dict[str, float]:
    return {name: float(amount) for name, amount in found.in_cents().items() if amount}


def test_a_case_worked_out_by_hand() -> None:
    # Standard of a jacket: cloth 2 x 30 = 60; labour (1/10 + 0.8) h x 20 = 18; machine 0.9 x 5 = 4.50; overhead 0.9 x 12
    # = 10.80: 93.30. Eight good ones and two scrapped: output 8 x 93.30 = 746.40.
    events = [
        worked("1", "set_up", 1.5),
        worked("2", "finished", 9, good=Decimal(8), scrap=Decimal(2), reason="Torn"),
    ]
    movements = [
        moved("a", "Cloth", 21, 651, "issue", step="Sew"),  # 21 m at 31
        moved("b", "Jacket", 8, "746.40", "production"),
    ]
    found = cost(operation(), events, movements)
    assert float(found.value) == 746.40
    assert float(found.actual) == 651 + 10.5 * 22 + 10.5 * 5 + 10.5 * 12
    assert in_money(found) == {
        "material price": 21.00,  # (31 - 30) x 21
        "material usage": 30.00,  # (21 - 2 x 10) x 30
        "labour rate": 21.00,  # (22 - 20) x 10.5 h
        "labour efficiency": 30.00,  # set-up (1.5 - 1) x 20 + run (9 - 0.8 x 10) x 20
        "machine efficiency": 7.50,  # 1.5 h x 5
        "overhead efficiency": 18.00,  # 1.5 h x 12
        "scrap and yield": 179.20,  # two units: 2 x (60 + 0.8 x (20 + 5 + 12))
        "lot size": 7.40,  # set-up of 1 h on 8 instead of 10: 0.2 h x (20 + 5 + 12)
    }
    assert float(found.variance) == 314.10


def test_work_to_standard_has_no_variance() -> None:
    events = [worked("1", "set_up", 1, "Sewer 1"), worked("2", "finished", 8, "", good=Decimal(10))]
    movements = [moved("a", "Cloth", 20, 600, "issue"), moved("b", "Jacket", 10, 933, "production")]
    found = cost(operation(), events, movements)
    assert in_money(found) == {"labour rate": 2.00}  # of the set-up; who sewed is not said: at the standard rate


def test_scrap_that_was_moved_out_with_a_value_is_not_closed_a_second_time() -> None:
    events = [worked("1", "finished", 8, good=Decimal(9), scrap=Decimal(1))]
    movements = [
        moved("a", "Cloth", 20, 600, "issue"),
        moved("b", "Jacket", 9, "839.70", "production"),
        moved("c", "Jacket", 1, 60, "scrap"),
    ]
    found = cost(operation(), events, movements)
    assert found.closing == found.variance - 60
    assert found.closing == 600 + 8 * (22 + 5 + 12) - Fraction("839.70") - 60


def test_a_corrected_movement_counts_for_nothing() -> None:
    good = [moved("b", "Jacket", 10, 933, "production")]
    wrong = moved("x", "Jacket", 5, "466.50", "production")
    back = moved(
        "y",
        "Jacket",
        5,
        "466.50",
        "production",
        from_kind="store",
        from_name="",
        to_kind="wip",
        to_name="MO-1",
        corrects="x",
    )
    assert cost(operation(), [], [*good, wrong, back]).value == cost(operation(), [], good).value


def test_a_service_puts_nothing_into_stock_and_is_worth_its_standard() -> None:
    service = ReleasedOrder(uid="o", at=AT, order="MO-1", kind="service", item="Jacket", process="Sew")
    found = cost(operation(), [worked("1", "finished", 8, good=Decimal(10))], [], service)
    assert float(found.value) == 933


def test_who_was_there_besides_costs_and_a_stand_in_takes_the_place() -> None:
    op = operation()
    service = {"good": Decimal(10)}
    stand_in = cost(op, [worked("1", "finished", 8, "Sewer 2", **service)], [])
    two = cost(op, [worked("1", "finished", 8, "Sewer 1, Sewer 2", **service)], [])
    assert two.actual - stand_in.actual == 8 * 22


def test_an_order_of_an_unknown_process_has_one_variance_the_whole_cost() -> None:
    unknown = ReleasedOrder(uid="o", at=AT, order="MO-1", item="Jacket", process="Knit")
    found = cost(operation(), [worked("1", "finished", 2)], [moved("b", "Jacket", 1, "93.30", "production")], unknown)
    assert found.variance == sum(found.variances().values())
    assert found.actual == 2 * (22 + 5 + 12)


QUANTITY = st.decimals(0, 50, places=3)
MONEY = st.decimals(0, 9999, places=2)
NUMBER = st.floats(0, 50).map(lambda x: round(x, 3))


@st.composite
def processes(draw: Any) -> Operation:
    """A process of two steps with everything there is: yields, batches, by-products, overhead."""
    return operation(
        steps=(
            Step(
                process="Sew",
                name="Cut",
                sequence=1,
                setup_time=draw(NUMBER) * 60,
                time_per_unit=draw(NUMBER),
                batch_size=draw(st.sampled_from([0.0, 3.0])),
                yield_rate=draw(st.sampled_from([1.0, 0.97, 0.3])),
            ),
            Step(
                process="Sew",
                name="Sew",
                sequence=2,
                time=draw(NUMBER),
                time_per_unit=draw(NUMBER),
                yield_rate=0.9,
                cost=draw(NUMBER),
            ),
        ),
        step_resources=(
            StepResource(process="Sew", step="Cut", resource="Machine", quantity=2, cost=draw(NUMBER)),
            StepResource(process="Sew", step="Sew", resource="Sewers", quantity=draw(st.sampled_from([1.0, 2.0]))),
        ),
        step_items=(
            StepItem(process="Sew", step="Cut", item="Cloth", quantity=2, fixed_quantity=draw(NUMBER)),
            StepItem(process="Sew", step="Sew", item="Cloth", quantity=0.5),
            StepItem(process="Sew", step="Sew", item="Rag", quantity=0.3, direction="out"),
            *(
                [StepItem(process="Sew", step="Sew", item="Jacket", quantity=3, fixed_quantity=1, direction="out")]
                if draw(st.booleans())
                else []
            ),
        ),
        overheads=tuple(
            Overhead(basis=b, rate=draw(NUMBER))
            for b in ("labour hours", "machine hours", "material value", "labour cost", "units")
        ),
        supply_options=(
            SupplyOption(
                name="Make",
                item="Jacket",
                kind="make",
                process="Sew",
                minimum=7,
                cost=draw(NUMBER),
                order_cost=draw(NUMBER),
            ),
        ),
    )


@st.composite
def reports(draw: Any) -> list[Event]:
    """What was reported of the order's steps, and of one that it does not have."""
    kinds = st.sampled_from(["set_up", "reported", "finished", "worked", "paused", "resumed", "up"])
    names = st.sampled_from(["", "Sewer 1", "Sewer 2", "Sewer 1, Sewer 2", "somebody"])
    return [
        Event(
            uid=str(i),
            at=AT,
            kind=draw(kinds),
            order="MO-1",
            step=draw(st.sampled_from(["Cut", "Sew", "Iron"])),
            resource=draw(st.sampled_from(["", "Machine"])),
            person=draw(names),
            seconds=draw(NUMBER) * 100,
            good=draw(QUANTITY),
            scrap=draw(QUANTITY),
        )
        for i in range(draw(st.integers(0, 6)))
    ]


@st.composite
def moves(draw: Any) -> list[Movement]:
    """What went into the order, came out of it and was lost."""
    causes = st.sampled_from(["issue", "production", "by-product", "return", "scrap", "waste"])
    movements = []
    for i in range(draw(st.integers(0, 8))):
        cause = draw(causes)
        item = "Jacket" if cause in ("production", "scrap") else draw(st.sampled_from(["Cloth", "Thread", "Rag"]))
        movements.append(
            moved(f"m{i}", item, draw(QUANTITY) + 1, draw(MONEY), cause, step=draw(st.sampled_from(["", "Cut", "Sew"])))
        )
    return movements


@st.composite
def orders(draw: Any) -> tuple[Operation, list[Event], list[Movement], ReleasedOrder]:
    """Any order of such a process."""
    option = draw(st.sampled_from(["", "Make"]))
    order = ReleasedOrder(
        uid="o",
        at=AT,
        order="MO-1",
        kind=draw(st.sampled_from(["make", "service"])),
        item="Jacket",
        process="Sew",
        option=option,
    )
    return draw(processes()), draw(reports()), draw(moves()), order


@settings(max_examples=60)
@given(orders())
def test_standard_cost_and_variances_add_up_to_actual_cost_to_the_cent(case: Any) -> None:
    found = cost(*case)
    by_name = found.variances()
    assert tuple(by_name) == VARIANCES
    assert found.value + sum(by_name.values()) == found.actual
    in_cents = sum(found.in_cents().values(), Decimal(0))
    assert abs(Fraction(in_cents) - found.variance) <= Fraction(1, 200)


@settings(max_examples=60)
@given(orders())
def test_the_account_of_work_in_process_closes_to_zero(case: Any) -> None:
    movements = case[2]
    found = cost(*case)
    booked: Facts = found.facts
    issued = sum((a.value for a in booked.issued.values()), Fraction(0))
    credits = sum((a.value for a in booked.by_products.values()), Fraction(0))
    conversion = found.actual - issued + credits  # labour, machines, overhead, disposal
    assert booked.balance + conversion - (found.value - booked.output.value) == found.closing
    ledger = sum(m.value if m.to_kind == "wip" else -m.value for m in movements)
    assert booked.balance == Fraction(ledger)


@given(orders(), st.integers(1, 6))
@settings(max_examples=40)
def test_what_orders_cost_together_is_the_sum_of_what_each_cost(case: Any, cut: int) -> None:
    op, events, movements, order = case
    parts = [(events[:cut], movements[:cut]), (events[cut:], movements[cut:])]
    work = [
        sum((line.cost for line in cost(op, e, m, order).lines if line.line.kind != "machine"), Fraction(0))
        for e, m in parts
    ]
    whole = sum(
        (line.cost for line in cost(op, events, movements, order).lines if line.line.kind != "machine"), Fraction(0)
    )
    assert sum(work) == whole


def test_the_tasks_planned_crew_works_where_nobody_is_named() -> None:
    tasks = [ReleasedTask(uid="t", at=AT, order="MO-1", step="Sew", resource="Machine, Sewer 2")]
    op = operation()
    booked = facts(ORDER, tasks, [worked("1", "finished", 8, "")], [])
    found = Coster(op, Standards(op.items)).cost(ORDER, booked, AT)
    assert found.actual == 8 * (18 + 5 + 12)
