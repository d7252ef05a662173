"""The ledger's pages: stock at any moment, movements, lots and their recall, counting, and the forms."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.execute.ledger.plant import AT, plant
from tests.execute.ledger.test_ledger_lots import chain

HOME = "/operations/Bakery/ledger/"


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def operator(make_user: Any) -> Any:
    return make_user("operator")


@pytest.fixture
def bakery(planner: Any) -> str:
    """The bakery with two lots of bread made of one lot of flour, one of them shipped."""
    from gemba.app.actions import import_operation
    from gemba.app.actions.stock import post
    from gemba.app.store.clock import set_now

    import_operation(planner, plant(), "by hand")
    set_now("Bakery", AT)
    post(planner, "Bakery", chain())
    return "Bakery"


@pytest.fixture
def get(client: Any) -> Any:
    def page(user: Any, path: str = "", **query: Any) -> Any:
        client.force_login(user)
        return client.get(HOME + path, query)

    return page


@pytest.fixture
def send(client: Any) -> Any:
    def post(user: Any, path: str, **form: Any) -> Any:
        client.force_login(user)
        return client.post(HOME + path, form, follow=True)

    return post


def test_stock_is_shown_by_place_lot_or_item_and_as_of_a_moment(bakery: str, planner: Any, get: Any) -> None:
    assert "Bread Quarantine 3 pc" in text(get(planner))
    assert "Bread Shop B2 8 pc" in text(get(planner, by="lot"))
    assert "Bread 11 pc" in text(get(planner, by="item"))
    before = (AT - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    assert "Nothing fits the filter at that moment" in text(get(planner, at=before, item="Bread"))


def test_values_are_only_for_who_may_see_costs(bakery: str, planner: Any, operator: Any, get: Any) -> None:
    assert "value 3" in text(get(planner))
    assert "value" not in text(get(operator)).lower()
    assert "22" not in text(get(operator, by="item", item="Bread", export="csv"))


@pytest.mark.parametrize("path", ["", "movements/", "counts/", "lots/Flour/F1/"])
def test_every_list_is_exported(bakery: str, planner: Any, get: Any, path: str) -> None:
    for kind in ("xlsx", "csv"):
        assert get(planner, path, export=kind)["Content-Disposition"].endswith(f'.{kind}"')


@pytest.mark.parametrize("path", ["", "movements/", "counts/", "lots/Flour/F1/", "lots/Bread/B2/", "move/ship/"])
def test_every_link_of_the_ledger_leads_somewhere(bakery: str, planner: Any, get: Any, client: Any, path: str) -> None:
    found = re.findall(r'href="(/[^"]*)"', get(planner, path, by="lot").content.decode())
    for link in {f.replace("&amp;", "&") for f in found if not f.startswith("/static/") and "/work/MO" not in f}:
        assert client.get(link).status_code < 400, link


def test_the_recall_list_names_customers_and_places(bakery: str, planner: Any, get: Any) -> None:
    said = text(get(planner, "lots/Flour/F1/"))
    assert "customer School Bread B1 5" in said
    assert "store Shop Bread B2 8" in said
    assert "2 Bread B2 MO-2" in said
    assert "2 Milk M1" in text(get(planner, "lots/Bread/B1/"))
    assert get(planner, "lots/Flour/F9/").status_code == 404


def test_a_lot_is_held_and_freed_on_its_page(bakery: str, planner: Any, send: Any) -> None:
    assert "Nobody may use it" in text(send(planner, "lots/Bread/B2/hold/", uid="h", how="hold", reason="mould"))
    said = text(send(planner, "lots/Bread/B2/hold/", uid="f", how="free", reason="no mould"))
    assert "may be used again" in said
    assert "Hold the lot" in said


def test_a_movement_is_reversed_with_a_reason(bakery: str, planner: Any, operator: Any, get: Any, send: Any) -> None:
    assert "Reverse it" not in get(operator, "movements/").content.decode()
    said = text(send(planner, "movements/reverse/", uid="x", movement="9", reason="wrong lot", item="Bread"))
    assert "at most 5" not in said
    assert "The movement is reversed" in said
    assert "reversed" in text(get(planner, "movements/", lot="B1", cause="shipment"))


def test_goods_are_received_and_shipped_by_form(bakery: str, operator: Any, get: Any, send: Any) -> None:
    from gemba.app.store.records import read

    form = {"item": "Bread", "quantity": "12", "place": "Store", "lot": "B3", "supplier": "Farm"}
    said = send(operator, "move/receive/", uid="r", **form, expires="2026-12-01T06:00")
    assert "Receive: 12 of Bread is written down" in text(said)
    assert "SO-1 Bread School Store 10" in text(get(operator, "move/ship/"))
    send(operator, "move/ship/", uid="s", demand="SO-1", quantity="4", documents_right="on")
    (given,) = read(bakery, "deliveries")
    assert (given.quantity, given.documents_right, given.condition_right) == (4, True, False)
    assert "SO-1 Bread School Store 6" in text(get(operator, "move/ship/"))


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"item": "Bread", "quantity": "many", "place": "Store"}, "many is not a quantity"),
        ({"item": "Bread", "quantity": "1", "place": "Store"}, "Lot must be the lot number"),
        ({"item": "Bred", "quantity": "1", "place": "Store"}, "There is no item"),
        ({"item": "Bread", "quantity": "0", "place": "Store", "lot": "x"}, "more than 0"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_kept_in_the_form(
    bakery: str, operator: Any, send: Any, form: dict[str, str], said: str
) -> None:
    answer = send(operator, "move/receive/", uid="r", **form)
    assert said in text(answer)
    assert f'value="{form["item"]}"' in answer.content.decode()


def test_counts_are_entered_in_a_table_and_told_apart(bakery: str, operator: Any, get: Any, send: Any) -> None:
    page = get(operator, "counts/")
    assert "C Bread Quarantine B1 never" in text(page)
    assert "100" not in text(page)  # the ledger's quantity is not given away
    said = text(send(
        operator, "counts/new/", uid=["a", "b", "c", "d"], item=["Bag", "Bread", "Bread", "Milk"],
        place=["Store", "Shop", "Quarantine", "Store"], lot=["", "B2", "B1", "M1"], counted=["100", "7", "1", ""],
    ))  # fmt: skip
    assert "Right: Bag." in said
    assert "Adjusted: Bread B2." in said
    assert "Count it again: Bread B1." in said
    assert "33.3 %" in said
    from gemba.app.queries.ledger import stock

    assert {k.lot: b.quantity for k, b in stock(bakery, None, ["Bread"]).items()} == {
        "B1": Decimal(3),
        "B2": Decimal(7),
    }


def test_a_viewer_sees_stock_and_moves_nothing(bakery: str, viewer: Any, get: Any, send: Any) -> None:
    assert "Receive" not in text(get(viewer))
    assert get(viewer, "move/receive/").status_code == 403
    assert "does not allow" in text(send(viewer, "lots/Bread/B2/hold/", how="hold", reason="x"))


def test_whoever_has_one_place_sees_its_stock_only(bakery: str, operator: Any, get: Any) -> None:
    from gemba.app.actions.accounts import give_place

    give_place("operator", bakery, "Shop")
    said = text(get(operator, by="lot"))
    assert "Shop B2" in said
    assert "Quarantine B1" not in said


def test_an_empty_ledger_says_what_to_do(planner: Any, get: Any) -> None:
    from gemba.app.actions import import_operation

    import_operation(planner, plant(), "by hand")
    assert "The ledger is not open yet" in text(get(planner))
    assert "Nothing has moved yet" in text(get(planner, "movements/"))
    assert "Nothing is due to be counted" in text(get(planner, "counts/"))


def test_a_page_of_stock_asks_few_questions(
    bakery: str, planner: Any, get: Any, django_assert_max_num_queries: Any
) -> None:
    for path in ("", "movements/", "counts/"):
        with django_assert_max_num_queries(45):
            get(planner, path)
