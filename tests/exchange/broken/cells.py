"""Single cells that cannot be what their column wants."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.exchange.broken.build import Case, case, folder, with_cell, xlsx


def typed(table: str, column: str, value: str) -> Any:
    return folder(with_cell(table, column, value))


def entered(table: str, column: str, value: Any) -> Any:
    return xlsx(with_cell(table, column, value))


CASES: list[Case] = [
    case("text_where_a_number_belongs", typed("demands", "quantity", "ten"),
         "demands, row 2 'D-1', quantity is 'ten'", "a number such as 1234.5"),
    case("a_number_with_its_unit", typed("demands", "quantity", "10 pc"), "quantity is '10 pc'", "without units"),
    case("a_number_that_could_be_read_in_two_ways", typed("items", "cost", "1,234"),
         "items, row 2 'Chair', cost is '1,234'", "write 1234 or 1.234"),
    case("a_number_with_thousands_separators", typed("items", "cost", "1.234.567,50"),
         "cost is '1.234.567,50'", "thousands separators"),
    case("a_number_that_is_infinite", typed("items", "cost", "inf"), "cost is 'inf'", "a number"),
    case("a_number_that_is_not_a_number", typed("items", "cost", "NaN"), "cost is 'NaN'", "a number"),
    case("a_number_so_large_that_it_is_infinite", typed("items", "cost", "1e999"), "cost is '1e999'", "finite"),
    case("a_number_too_large_to_be_meant", typed("demands", "quantity", "1e300"), "quantity is '1e300'", "1e+15"),
    case("a_number_python_would_read_but_nobody_types", typed("items", "cost", "1_000"), "cost is '1_000'", "a number"),
    case("a_truth_value_where_a_number_belongs", entered("demands", "quantity", True), "quantity is True", "a number"),
    case("a_date_where_a_number_belongs", entered("demands", "quantity", datetime(2026, 11, 23)),
         "quantity is 2026-11-23", "a number"),
    case("a_negative_cost", typed("items", "cost", "-3"), "items, row 2 'Chair', cost is -3", "at least 0"),
    case("a_quantity_of_nothing", typed("demands", "quantity", "0"), "quantity is 0", "more than 0"),
    case("half_a_priority", typed("demands", "priority", "1.5"), "priority is '1.5'", "a whole number"),
    case("a_priority_out_of_range", typed("demands", "priority", "1001"), "priority is 1001", "at most 1000"),
    case("a_whole_number_beyond_32_bits", typed("steps", "sequence", "4294967296"),
         "steps, row 2 'Make chair / Cut', sequence is '4294967296'", "2147483647"),
    case("a_choice_that_is_none", typed("items", "kind", "prodct"), "kind is 'prodct'", "did you mean 'product'?"),
    case("a_flag_that_is_neither_yes_nor_no", typed("demands", "whole", "maybe"), "whole is 'maybe'", "yes/no"),
    case("a_negative_time", typed("steps", "time", "-5 min"), "time is -300", "at least 0"),
    case("a_time_in_an_unknown_unit", typed("steps", "time", "3 fortnights"), "time is '3 fortnights'", "45 min"),
    case("a_time_in_months", typed("steps", "time", "P1M"), "time is 'P1M'", "45 min"),
    case("a_time_that_could_be_read_in_two_ways",
         typed("steps", "time", "1,500 h"), "time is '1,500 h'", "write 1500 or 1.500"),
    case("a_time_with_sixty_one_minutes", typed("steps", "time", "1:61"), "time is '1:61'", "1:30 (h:mm)"),
    case("a_time_of_a_thousand_years", typed("steps", "time", "365250 d"), "time is '365250 d'", "hundred years"),
    case("a_date_in_another_format", typed("demands", "due", "30.11.2026"),
         "demands, row 2 'D-1', due is '30.11.2026'", "did you mean '2026-11-30'?"),
    case("a_date_that_does_not_exist", typed("demands", "due", "31.02.2026"), "due is '31.02.2026'", "2026-11-30"),
    case("a_date_that_no_calendar_has", typed("demands", "due", "2026-02-31"), "due is '2026-02-31'", "no such day"),
    case("a_date_that_could_be_two_days", typed("demands", "due", "03/04/2026"), "due is '03/04/2026'", "2026-11-30"),
    case("a_date_in_1948", typed("demands", "due", "1948-05-01"), "due is '1948-05-01'", "between 1950 and 2199"),
    case("a_date_in_the_year_9999", typed("demands", "due", "9999-12-31 23:59"), "due is", "between 1950 and 2199"),
    case("a_date_as_a_plain_number", entered("demands", "due", 46356.5), "due is 46356.5", "format the cell as a date"),
    case("a_truth_value_where_a_date_belongs", entered("demands", "due", True), "due is True", "2026-11-30"),
    case("a_date_where_text_belongs", entered("items", "name", datetime(2026, 3, 1)),
         "name is 2026-03-01", "format the cell as text"),
    case("a_time_of_day_that_is_none",
         typed("calendar_rules", "start_time", "25:00"), "start_time is '25:00'", "06:00"),
    case("a_local_date_with_an_offset", typed("calendar_rules", "start", "2026-11-23T06:00+01:00"),
         "start is '2026-11-23T06:00+01:00'", "without a zone"),
    case("days_that_are_none", typed("calendar_rules", "days", "Mon-Fry"), "days is 'Mon-Fry'", "days such as Mon-Fri"),
    case("a_zone_that_does_not_exist", typed("settings", "zone", "Europe/Berlyn"), "zone is 'Europe/Berlyn'", "IANA"),
    case("control_characters_in_a_name",
         typed("items", "name", "Cha\x07ir"), "name is 'Cha\\x07ir'", "control characters"),
    case("a_required_cell_that_is_blank",
         typed("demands", "item", ""), "demands, row 2 'D-1', item", "given; the cell is blank"),
    case("a_required_cell_with_spaces_only",
         typed("demands", "due", "   "), "demands, row 2 'D-1', due", "the cell is blank"),
]  # fmt: skip
