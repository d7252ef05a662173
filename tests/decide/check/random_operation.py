"""Random small operations for property tests: a few items in levels, with processes, purchases and moves."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from gemba.operation import (
    Calendar,
    CalendarRule,
    Demand,
    Item,
    Operation,
    Order,
    OrderTask,
    Place,
    Process,
    Resource,
    Settings,
    SetupChange,
    SetupMatrix,
    Step,
    StepItem,
    StepLink,
    StepResource,
    Stock,
    Supplier,
    SupplyOption,
)

NOW = datetime(2026, 10, 23, 6, tzinfo=UTC)  # two days before the clocks go back in Berlin
HOUR, DAY = 3600, 86400
CALENDARS = (
    Calendar(name="Days", value=0, zone="Europe/Berlin"),
    Calendar(name="Nights", value=0, zone="Europe/Berlin"),
)
RULES = (
    CalendarRule(calendar="Days", rule=1, days="Mon-Sat", start_time=time(6), end_time=time(14)),
    CalendarRule(
        calendar="Days", rule=2, start=datetime(2026, 10, 27), end=datetime(2026, 10, 28), value=0, priority=-1
    ),
    CalendarRule(calendar="Nights", rule=1, start_time=time(20), end_time=time(8)),
)
some_calendar = st.sampled_from(["", "", "Days", "Nights"])


def moments(draw: Any, days: int = 20) -> datetime:
    return NOW + timedelta(minutes=draw(st.integers(-2, days * 24)) * 60)


def _resources(draw: Any) -> list[Resource]:
    found = [Resource(name="Group", calendar=draw(some_calendar))]
    for i in range(draw(st.integers(2, 5))):
        found.append(
            Resource(
                name=f"R{i}",
                calendar=draw(some_calendar),
                capacity=1 if i == 2 else draw(st.sampled_from([1, 1, 2])),
                efficiency=draw(st.sampled_from([1, 1, 0.8, 1.5])),
                group="Group" if i < 2 else "",
                limited=draw(st.sampled_from(["finite", "finite", "finite", "infinite"])),
                setup_matrix="Changes" if i == 2 else "",
            )
        )
    return found


def _steps(draw: Any, process: str) -> list[Step]:
    return [
        Step(
            process=process,
            name=f"S{i}",
            sequence=draw(st.sampled_from([10, 10 * (i + 1)])),
            setup_time=draw(st.sampled_from([0, 0, 600, 900.5])),
            time=draw(st.sampled_from([0, 1800])),
            time_per_unit=draw(st.sampled_from([0, 60, 333.3, 1800])),
            batch_size=draw(st.sampled_from([0, 0, 4])),
            queue_time=draw(st.sampled_from([0, 0, 3600])),
            move_time=draw(st.sampled_from([0, 0, 1800.25])),
            yield_rate=draw(st.sampled_from([1, 1, 0.9])),
            setup_family=draw(st.sampled_from(["", "red", "blue"])),
            calendar=draw(st.sampled_from(["", "", "", "Days"])),
            fence=draw(st.sampled_from([0, 0, 0, DAY])),
        )
        for i in range(draw(st.integers(1, 3)))
    ]


def _needs(draw: Any, steps: list[Step], names: list[str]) -> list[StepResource]:
    found = []
    for s in steps:
        first = draw(st.sampled_from([*names, "Group", ""]))
        if first:
            label = "A" if first != names[-1] and draw(st.booleans()) else ""
            found.append(
                StepResource(process=s.process, step=s.name, resource=first, alternative=label, quantity=1,
                             speed=draw(st.sampled_from([1, 2, 0.5])))
            )  # fmt: skip
            if label:
                found.append(
                    StepResource(process=s.process, step=s.name, resource=names[-1], alternative=label, priority=2)
                )
    return found


def _materials(draw: Any, steps: list[Step], level: int) -> list[StepItem]:
    found = []
    for lower in range(level + 1, 4):
        if draw(st.booleans()):
            step = draw(st.sampled_from(steps))
            fixed, offset = draw(st.sampled_from([0, 0, 1])), draw(st.sampled_from([0, 0, HOUR]))
            quantity, at = draw(st.sampled_from([1, 2, 0.3])), draw(st.sampled_from(["", "", "end"]))
            found.append(
                StepItem(process=step.process, step=step.name, item=f"I{lower}", quantity=quantity,
                         fixed_quantity=fixed, at=at, offset=offset)
            )  # fmt: skip
    if draw(st.booleans()):
        found.append(
            StepItem(process=steps[0].process, step=steps[0].name, item="Waste", direction="out", quantity=0.1)
        )
    return found


def _existing(draw: Any, needs: list[StepResource], steps: list[Step]) -> tuple[list[Order], list[OrderTask]]:
    orders, tasks = [], []
    for i in range(draw(st.integers(0, 2))):
        start = moments(draw, 5)
        end = start + timedelta(hours=draw(st.integers(0, 30)))
        orders.append(
            Order(name=f"E{i}", process="M0", item="I0", quantity=draw(st.sampled_from([1, 5])), start=start, end=end,
                  state=draw(st.sampled_from(["firm", "started", "done"])), uses_inputs=draw(st.booleans()),
                  uses_capacity=draw(st.booleans()))
        )  # fmt: skip
        first = [n for n in needs if n.process == "M0" and n.resource != "Group" and not n.alternative]
        if first and draw(st.booleans()):
            tasks.append(OrderTask(order=f"E{i}", step=first[0].step, resource=first[0].resource, start=start, end=end))
    return orders, tasks


def _demands(draw: Any) -> list[Demand]:
    found = []
    for i in range(draw(st.integers(1, 6))):
        due = moments(draw, 6)
        longest = draw(st.sampled_from([None, None, None, 2 * DAY]))
        found.append(
            Demand(
                name=f"D{i}",
                item=draw(st.sampled_from(["I0", "I0", "I1", "I2"])),
                place=draw(st.sampled_from(["", "", "Store"])),
                quantity=draw(st.sampled_from([1, 3, 10, 12.5])),
                due=due,
                priority=draw(st.integers(1, 4)),
                earliest=None if longest else draw(st.sampled_from([None, None, NOW + timedelta(days=2)])),
                whole=draw(st.booleans()),
                minimum_delivery=draw(st.sampled_from([0, 0, 2])),
                maximum_lateness=longest,
                status=draw(st.sampled_from(["open", "open", "open", "closed"])),
            )
        )
    return found


@st.composite
def operations(draw: Any) -> Operation:
    """A valid operation with a possible plan (of which parts may be late or short)."""
    resources = _resources(draw)
    names = [r.name for r in resources if r.name != "Group"]
    items = [Item(name=f"I{i}") for i in range(4)] + [Item(name="Waste")]
    processes, steps, needs, materials = [], [], [], []
    links: list[StepLink] = []
    for level in range(draw(st.integers(1, 3))):
        own = _steps(draw, f"M{level}")
        processes.append(Process(name=f"M{level}", item=f"I{level}"))
        steps += own
        needs += _needs(draw, own, names)
        materials += _materials(draw, own, level)
        if len(own) == 3 and draw(st.booleans()):
            lag = draw(st.sampled_from([0, 600]))
            links.append(StepLink(process=f"M{level}", before="S0", after="S2", minimum_lag=lag))
    options = [
        SupplyOption(name=f"Buy {level}", item=f"I{level}", kind="buy", supplier="Supplier",
                     lead_time=draw(st.sampled_from([0, DAY, 3 * DAY])), minimum=draw(st.sampled_from([0, 20])),
                     multiple=draw(st.sampled_from([0, 5])), fence=draw(st.sampled_from([0, 0, DAY])))
        for level in range(len(processes), 4)
    ]  # fmt: skip
    options += [
        SupplyOption(
            name=f"Ship {i}", item=f"I{i}", place="Store", kind="move", lead_time=draw(st.sampled_from([0, 2 * HOUR]))
        )
        for i in range(draw(st.integers(0, 2)))
    ]
    orders, tasks = _existing(draw, needs, steps)
    return Operation(
        settings=Settings(name="Random", now=NOW, zone="Europe/Berlin", horizon=120 * DAY,
                          frozen=draw(st.sampled_from([0, 0, 4 * HOUR]))),
        calendars=CALENDARS, calendar_rules=RULES, places=(Place(name="Store"),),
        setup_matrices=(SetupMatrix(name="Changes"),),
        setup_changes=(SetupChange(matrix="Changes", time=draw(st.sampled_from([0, 600, 1200.5]))),
                       SetupChange(matrix="Changes", before="red", after="blue", time=60)),
        resources=tuple(resources), items=tuple(items), processes=tuple(processes), steps=tuple(steps),
        step_links=tuple(links), step_resources=tuple(needs), step_items=tuple(materials),
        suppliers=(Supplier(name="Supplier", calendar=draw(some_calendar)),), supply_options=tuple(options),
        stocks=tuple(Stock(item=f"I{i}", quantity=draw(st.sampled_from([0, 2, 30]))) for i in range(4)),
        demands=tuple(_demands(draw)), orders=tuple(orders), order_tasks=tuple(tasks),
    )  # fmt: skip
