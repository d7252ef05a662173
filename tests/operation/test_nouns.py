"""A wrong noun never exists: it is refused with the thing, the field, the value and what would be allowed."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.operation import (
    TABLES,
    Calendar,
    CalendarRule,
    Column,
    Demand,
    Fault,
    Item,
    OperationError,
    Order,
    OrderTask,
    Process,
    Resource,
    ResourceSkill,
    Settings,
    Step,
    StepItem,
    StepLink,
    StepResource,
    SupplyOption,
    Table,
)

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
LOCAL = datetime(2026, 11, 23, 6)
COLUMNS = [pytest.param(t, c, id=f"{t.name}.{c.name}") for t in TABLES.values() for c in t.columns]


def example(table: Table, **fields: Any) -> Any:
    """The noun that a table's examples describe; lengths of time, which they give as one types them, are an hour."""
    values = {c.name: 3600 if c.kind == "duration" else c.example for c in table.columns if c.example is not None}
    return table.noun(**values | fields)


def fault_of(table: Table, **fields: Any) -> Fault:
    with pytest.raises(OperationError) as refused:
        example(table, **fields)
    return refused.value.faults[0]


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_the_examples_of_every_table_make_a_noun(table: Table) -> None:
    made = example(table)
    assert table.key_of(made) == tuple(getattr(made, k) for k in table.key)
    assert table.doc
    assert all(c.doc for c in table.columns)


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_nonsense_in_any_field_is_refused_and_named(table: Table, column: Column) -> None:
    fault = fault_of(table, **{column.name: object()})
    assert (fault.table, fault.field) == (table.name, column.name)
    assert fault.allowed in str(fault)
    assert f"{table.name} " in str(fault)
    assert f", {column.name} is " in str(fault)


@pytest.mark.parametrize(("table", "column"), [c for c in COLUMNS if c.values[1].required])
def test_an_empty_required_field_is_refused(table: Table, column: Column) -> None:
    assert fault_of(table, **{column.name: None}).allowed == "a value; the field may not be empty"
    if column.kind in ("text", "choice"):
        assert fault_of(table, **{column.name: "  "}).allowed == "a value; the field may not be empty"


NUMBERS = [c for c in COLUMNS if c.values[1].kind in ("number", "duration", "whole")]


@pytest.mark.parametrize(("table", "column"), NUMBERS)
@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, "3"], ids=str)
def test_what_is_no_finite_number_is_refused(table: Table, column: Column, value: Any) -> None:
    allowed = fault_of(table, **{column.name: value}).allowed
    assert "number" in allowed or "whole" in allowed


@pytest.mark.parametrize(("table", "column"), [c for c in NUMBERS if c.values[1].low is not None])
def test_a_number_below_its_limit_is_refused(table: Table, column: Column) -> None:
    assert column.low is not None
    fault = fault_of(table, **{column.name: column.low - 1})
    assert fault.allowed == f"at least {column.low:g}"
    assert fault.value == column.low - 1


@pytest.mark.parametrize(("table", "column"), [c for c in NUMBERS if c.values[1].above is not None])
def test_a_number_that_must_be_above_its_limit_is_refused_at_it(table: Table, column: Column) -> None:
    assert fault_of(table, **{column.name: column.above}).allowed == f"more than {column.above:g}"


@pytest.mark.parametrize(("table", "column"), [c for c in NUMBERS if c.values[1].high is not None])
def test_a_number_above_its_limit_is_refused(table: Table, column: Column) -> None:
    assert column.high is not None
    assert fault_of(table, **{column.name: column.high + 1}).allowed == f"at most {column.high:g}"


@pytest.mark.parametrize(("table", "column"), [c for c in COLUMNS if c.values[1].choices])
def test_a_choice_that_is_none_is_refused_with_the_choices(table: Table, column: Column) -> None:
    allowed = fault_of(table, **{column.name: "purple"}).allowed
    assert allowed == "one of " + ", ".join(c or "(blank)" for c in column.choices)


@pytest.mark.parametrize(
    ("make", "field", "allowed"),
    [
        (lambda: Settings(name="S", now=NOW, zone="Mars/Base"), "zone", "a time zone of the IANA list"),
        (lambda: Calendar(name="C", zone="Berlin"), "zone", "a time zone of the IANA list"),
        (lambda: CalendarRule(calendar="C", rule=1, days="Monday to Friday"), "days", "days such as Mon-Fri"),
        (lambda: CalendarRule(calendar="C", rule=1, start=LOCAL, end=LOCAL), "end", "later than start"),
        (lambda: Process(name="P", item="I", start=NOW, end=NOW), "end", "later than start"),
        (lambda: ResourceSkill(resource="R", skill="S", start=NOW, end=NOW), "end", "later than start"),
        (lambda: StepLink(process="P", before="A", after="A"), "after", "another step than before"),
        (lambda: StepLink(process="P", before="A", after="B", minimum_lag=9, maximum_lag=3), "maximum_lag",
         "at least minimum_lag"),
        (lambda: StepResource(process="P", step="A"), "resource", "a resource, a group or (with skill) blank"),
        (lambda: StepResource(process="P", step="A", resource="R", start=NOW, end=NOW), "end", "later than start"),
        (lambda: StepItem(process="P", step="A", item="I"), "quantity", "more than 0 (or give fixed_quantity)"),
        (lambda: StepItem(process="P", step="A", item="I", quantity=1, start=NOW, end=NOW), "end", "later than start"),
        (lambda: SupplyOption(name="O", item="I", kind="make"), "process", "given where kind is make"),
        (lambda: SupplyOption(name="O", item="I", kind="move"), "origin", "another place where kind is move"),
        (lambda: SupplyOption(name="O", item="I", kind="buy", minimum=9, maximum=3), "maximum", "at least minimum"),
        (lambda: SupplyOption(name="O", item="I", kind="buy", start=NOW, end=NOW), "end", "later than start"),
        (lambda: Order(name="O", item="I", quantity=1), "end", "given, or start"),
        (lambda: Order(name="O", item="I", quantity=1, start=NOW, end=NOW - timedelta(1)), "end", "not before start"),
        (lambda: OrderTask(order="O", step="A", start=NOW, end=NOW - timedelta(1)), "end", "not before start"),
    ],
)  # fmt: skip
def test_fields_that_contradict_each_other_are_refused(make: Any, field: str, allowed: str) -> None:
    with pytest.raises(OperationError) as refused:
        make()
    (fault,) = refused.value.faults
    assert fault.field == field
    assert fault.allowed.startswith(allowed)


def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(OperationError) as refused:
        Demand(name="SO-1", item="", quantity=-3, due="soon")  # type: ignore[arg-type]
    assert {f.field for f in refused.value.faults} == {"item", "quantity", "due"}
    assert "demands 'SO-1', quantity is -3; must be more than 0" in str(refused.value)


def test_a_fault_says_where_it_stands_and_what_was_meant() -> None:
    fault = Fault(
        "steps", "Make / Cut", "resource", "Sow", "the name of one of the resources", "Saw", source="plant.xlsx", line=7
    )
    where = "plant.xlsx, steps, row 7 'Make / Cut', resource"
    assert str(fault) == f"{where} is 'Sow'; must be the name of one of the resources (did you mean 'Saw'?)"
    assert len(str(Fault("items", "A", "name", "x" * 500, "shorter"))) < 140


def test_an_error_survives_the_way_between_processes() -> None:
    error = OperationError([Fault("items", "A", "unit", 3, "text")])
    assert pickle.loads(pickle.dumps(error)).faults == error.faults


def test_text_is_stripped_and_control_characters_refused() -> None:
    assert Item(name="  Chair ").name == "Chair"
    with pytest.raises(OperationError, match="text without control characters"):
        Item(name="Chair\x00")


@given(st.datetimes(datetime(1951, 1, 1), datetime(2198, 1, 1)), st.integers(-12, 12))
def test_moments_are_kept_in_utc(at: datetime, offset: int) -> None:
    there = at.replace(tzinfo=timezone(timedelta(hours=offset)))
    assert Settings(name="S", now=there).now == there
    assert Settings(name="S", now=there).now.tzinfo is UTC
    assert Settings(name="S", now=at).now == at.replace(tzinfo=UTC)


@pytest.mark.parametrize("at", [datetime(1949, 12, 31), datetime(2200, 1, 1), "2026-01-01", 0])
def test_moments_out_of_range_are_refused(at: Any) -> None:
    with pytest.raises(OperationError, match="a date and time between 1950 and 2199"):
        Settings(name="S", now=at)


def test_wall_clock_times_carry_no_zone() -> None:
    with pytest.raises(OperationError, match="without a zone"):
        CalendarRule(calendar="C", rule=1, start=NOW)
    with pytest.raises(OperationError, match="a time of day"):
        CalendarRule(calendar="C", rule=1, start_time=time(6, tzinfo=UTC))


@pytest.mark.parametrize("sequence", [20.0, 10.0])
def test_whole_numbers_may_be_written_with_a_point_even_the_default(sequence: float) -> None:
    step = Step(process="P", name="A", sequence=sequence)  # type: ignore[arg-type]
    assert step.sequence == sequence
    assert isinstance(step.sequence, int)
    with pytest.raises(OperationError, match="a whole number"):
        Step(process="P", name="A", sequence=2.5)  # type: ignore[arg-type]


def test_nouns_are_frozen() -> None:
    with pytest.raises(AttributeError):
        Resource(name="Saw").capacity = 2  # type: ignore[misc]
