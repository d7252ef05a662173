"""The screens: what they show of a plan, where they lead, and what they say when there is nothing."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

SCREENS = ("", "board/", "orders/", "stock/", "capacity/", "problems/", "plans/", "search/?q=chair")


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def links(answer: Any) -> list[str]:
    return [link.replace("&amp;", "&") for link in re.findall(r'(?:href|data-src)="(/[^"]*)"', answer.content.decode())]


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_of_a_plan_opens(browse: Any, planner: Any, version: Any, screen: str) -> None:
    assert browse(planner, screen).status_code == 200


@pytest.mark.parametrize("screen", SCREENS)
def test_whoever_is_not_signed_in_signs_in_first(client: Any, version: Any, screen: str) -> None:
    answer = client.get(f"/operations/Garden%20furniture/{screen}")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_whoever_has_no_role_sees_nothing(browse: Any, version: Any, django_user_model: Any) -> None:
    assert browse(django_user_model.objects.create_user("nobody")).status_code == 403


def test_every_link_of_every_screen_leads_somewhere(browse: Any, client: Any, planner: Any, version: Any) -> None:
    found = {link for screen in SCREENS for link in links(browse(planner, screen)) if not link.startswith("/static/")}
    assert len(found) > 30
    assert {link: client.get(link).status_code for link in found if client.get(link).status_code >= 400} == {}


def test_without_an_operation_the_home_page_says_what_to_do(client: Any, planner: Any) -> None:
    client.force_login(planner)
    said = text(client.get("/"))
    assert "Import from Excel" in said
    assert "Try the factory" in said


def test_the_home_page_leads_to_the_operation_seen_last(browse: Any, client: Any, planner: Any, version: Any) -> None:
    browse(planner, "orders/")
    assert client.get("/")["Location"] == "/operations/Garden%20furniture/"


def test_without_a_plan_a_screen_says_to_make_one(browse: Any, planner: Any, dataset: Any) -> None:
    for screen in ("", "board/", "orders/", "stock/"):
        assert "Make the first plan" in text(browse(planner, screen))


def test_an_unknown_operation_plan_or_demand_is_not_found(browse: Any, client: Any, planner: Any, version: Any) -> None:
    assert browse(planner, "", plan=99).status_code == 404
    assert browse(planner, "orders/SO-0/").status_code == 404
    assert client.get("/operations/Nowhere/").status_code == 404


def test_the_cockpit_counts_what_is_late_and_short(browse: Any, planner: Any, version: Any, factory: Any) -> None:
    said, count = text(browse(planner)), len(factory.demands)
    assert f"Late orders 1 of {count}" in said
    assert f"{count - 2} more short" in said
    assert "Below its safety stock" in said


def test_the_parts_of_a_reason_are_shown_with_their_sum(browse: Any, planner: Any, version: Any, factory: Any) -> None:
    said = text(browse(planner, f"orders/{factory.demands[0].name}/"))
    assert "Waiting for Paint line 2.00 h" in said
    assert "Work itself 3.00 h" in said
    assert "Lateness 5.00 h" in said


def test_a_demand_on_time_says_so(browse: Any, planner: Any, version: Any, factory: Any) -> None:
    assert "there is nothing to explain" in text(browse(planner, f"orders/{factory.demands[1].name}/"))


def test_moments_are_written_in_the_operations_zone(browse: Any, planner: Any, version: Any) -> None:
    said = text(browse(planner))
    assert "Mon 23 Nov 08:00" in said  # 07:00 UTC in Berlin
    assert "Europe/Berlin" in said


def test_the_orders_are_filtered_and_exported_as_the_address_says(browse: Any, planner: Any, version: Any) -> None:
    assert "1 row" in text(browse(planner, "orders/", state="late"))
    file = browse(planner, "orders/", state="late", export="xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file.content)).get_sheet_by_index(0).to_python()
    assert len(rows) == 2
    assert rows[1][rows[0].index("Lateness (h)")] == 5.0


@pytest.mark.parametrize("screen", ["orders/", "stock/", "capacity/", "problems/"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_every_table_is_exported(browse: Any, planner: Any, version: Any, screen: str, kind: str) -> None:
    answer = browse(planner, screen, export=kind)
    assert answer["Content-Disposition"].endswith(f'.{kind}"')
    assert len(answer.content) > 50


def test_a_filter_that_fits_nothing_says_how_to_clear_it(browse: Any, planner: Any, version: Any) -> None:
    assert "Clear the filter" in text(browse(planner, "orders/", q="no such thing"))


def test_the_panel_of_an_order_says_what_it_serves(browse: Any, planner: Any, version: Any, factory: Any) -> None:
    said = text(browse(planner, "board/order/", order="P/1", step="Paint"))
    assert f"Why is {factory.demands[0].name} late?" in said
    assert "behind P/2" in said


def test_the_stock_chart_shows_the_movements_of_an_item(browse: Any, planner: Any, version: Any, factory: Any) -> None:
    demand = factory.demands[0]
    said = text(browse(planner, "stock/", item=demand.item, place=demand.place))
    assert f"delivery to {demand.name}" in said


def test_the_search_finds_orders_items_and_resources(browse: Any, planner: Any, version: Any) -> None:
    assert "Paint line" in text(browse(planner, "search/", q="paint line"))
    assert "Nothing has" in text(browse(planner, "search/", q="unheard of"))


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_asks_the_database_few_questions_however_long_it_is(
    browse: Any, planner: Any, version: Any, screen: str, django_assert_max_num_queries: Any
) -> None:
    browse(planner, screen)  # the plan is read once and kept
    with django_assert_max_num_queries(20):
        browse(planner, screen)
