"""The pages of costs and profit: what they show, where every number leads, and who may see them."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from gemba.app.queries import costs as queries
from gemba.app.store.clock import set_now
from gemba.app.store.models import OrderState, PlaceScope
from gemba.app.store.records import append
from gemba.measure.cost import roll_up
from gemba.operation import Delivered, Event, Movement, ReleasedOrder

PAGES = (
    "costs/",
    "costs/orders/",
    "profit/",
    "profit/line/?line=revenue",
    "costs/item/?item=Green%20chair&place=South%20Works",
)


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def links(answer: Any) -> set[str]:
    found = re.findall(r'href="(/operations[^"]*)"', answer.content.decode())
    return {link.replace("&amp;", "&") for link in found if "/costs/" in link or "/profit/" in link}


@pytest.fixture
def booked(dataset: Any, factory: Any) -> Any:
    """Chairs made for 900 of material and sold, cloth received and lost."""
    at, name = factory.now, factory.name
    set_now(name, at + timedelta(days=1))
    order = ReleasedOrder(
        uid="o", at=at, order="MO-1", item="Green chair", place="South Works", process="Finish green chair",
        quantity=Decimal(20), customer=factory.customers[0].name,
    )  # fmt: skip
    work = Event(
        uid="e", at=at, kind="finished", order="MO-1", step="Paint", resource="Paint line", person="Painter late",
        seconds=9000, good=Decimal(20),
    )  # fmt: skip

    def moved(uid: str, item: str, quantity: int, value: int, cause: str, *ends: str, **more: Any) -> Movement:
        names = dict(zip(("from_kind", "from_name", "to_kind", "to_name"), ends, strict=True))
        exactly = {"quantity": Decimal(quantity), "value": Decimal(value)}
        return Movement(uid=uid, at=at, item=item, cause=cause, **exactly, **names, **more)

    of = {"order": "MO-1"}
    movements = [
        moved("a", "Chair parts", 21, 399, "issue", "store", "South Works", "wip", "MO-1", **of),
        moved("b", "Green chair", 20, 660, "production", "wip", "MO-1", "store", "South Works", **of),
        moved("c", "Screw set", 500, 600, "receipt", "supplier", "Wholesaler", "store", "South Works", paid=Decimal(650)),
        moved("d", "Green chair", 1, 33, "scrap", "store", "South Works", "scrap", "Broken"),
        moved("f", "Green paint", 2, 18, "count", "store", "South Works", "adjustment", "count"),
    ]  # fmt: skip
    sold = Delivered(
        uid="s", at=at, demand="SO-1", item="Green chair", place="South Works", customer=factory.customers[0].name,
        quantity=Decimal(10), ordered=Decimal(10), price=Decimal(69), value=Decimal(330),
    )  # fmt: skip
    with transaction.atomic():
        for records in ([order], [work], movements, [sold]):
            append(name, records)
        OrderState.objects.create(operation=name, order="MO-1", state="done", since=at, end=at, good=Decimal(20))
    return name


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_and_only_for_those_who_may_see_costs(
    browse: Any, client: Any, planner: Any, viewer: Any, booked: Any, page: str
) -> None:
    client.force_login(planner)
    base = "/operations/Garden%20furniture/"
    assert client.get(base + page).status_code == 200
    client.force_login(viewer)
    assert client.get(base + page).status_code == 403
    assert "Profit and loss" not in text(client.get(base))


def test_without_any_version_the_page_says_to_roll_up_and_doing_so_shows_costs(
    browse: Any, client: Any, planner: Any, dataset: Any, factory: Any
) -> None:
    rolled = roll_up(factory, factory.now).nodes
    assert "Roll up the first version" in text(browse(planner, "costs/"))
    answer = client.post("/operations/Garden%20furniture/costs/roll-up/", {"version": "2026"}, follow=True)
    assert f"Version 2026 has the standard costs of {len(rolled)} items and places" in text(answer)
    assert f"{float(rolled['Green chair', 'South Works'].cost.total):.4f}" in text(answer)
    again = client.post("/operations/Garden%20furniture/costs/roll-up/", {"version": "2026"}, follow=True)
    assert "exists already" in text(again)


def test_the_tree_of_a_cost_leads_from_part_to_part(browse: Any, client: Any, planner: Any, booked: Any) -> None:
    chair = browse(planner, "costs/item/", item="Green chair", place="South Works")
    assert "Painter" not in text(chair)
    assert "Spray painting" in text(chair)
    (parts,) = [link for link in links(chair) if "Chair+parts" in link]
    assert "Moved from" in text(client.get(parts))
    assert browse(planner, "costs/item/", item="Nothing").status_code == 404


def test_the_orders_page_shows_variances_that_add_up(browse: Any, planner: Any, booked: Any) -> None:
    said = text(browse(planner, "costs/orders/MO-1/"))
    found = queries.order_cost(booked, "MO-1")
    of = found["components"]
    assert of["material"]["actual"] == 399
    assert of["machine"]["actual"] == Decimal("2.5") * 80  # the paint line
    assert of["labour"]["actual"] == Decimal("2.5") * 38  # the late painter
    assert f"{found['variance']:,.2f}" in said
    assert "Material usage" in said
    assert browse(planner, "costs/orders/MO-2/").status_code == 404


def test_the_statement_has_every_line_and_each_leads_to_its_records(
    browse: Any, client: Any, planner: Any, booked: Any
) -> None:
    page = browse(planner, "profit/")
    said = text(page)
    assert "690.00" in said  # revenue
    assert "-330.00" in said
    assert "-50.00" in said  # paid 650 for what is worth 600
    assert "-33.00" in said
    assert "-18.00" in said
    seen, todo = set(), links(page)
    while todo:
        link = todo.pop()
        if link not in seen and len(seen) < 120:
            seen.add(link)
            answer = client.get(link)
            assert answer.status_code == 200, link
            if "/profit/" in link and "by=" not in link:
                todo |= links(answer)
    records = [link for link in seen if "/profit/records/" in link]
    assert len(records) >= 5
    assert all("No record belongs" not in text(client.get(link)) for link in records)


def test_the_export_and_the_twin_say_the_same_as_the_page(browse: Any, client: Any, planner: Any, booked: Any) -> None:
    page = browse(planner, "profit/", by="customer")
    rows = browse(planner, "profit/", by="customer", export="csv").content.decode("utf-8-sig").splitlines()
    result = next(row for row in rows if row.startswith("result")).split(",")
    (twin,) = re.findall(r'href="(/api/[^"]*)"', page.content.decode())
    told = client.get(twin.replace("&amp;", "&")).json()
    last = told["rows"][-1]
    assert [float(x) for x in result[1:]] == [*last["amounts"], last["total"]]


@pytest.mark.parametrize("query", ["from=2026-13", "from=2026-05&to=2026-01", "by=weather", "from=1990-01&to=2026-01"])
def test_an_address_that_makes_no_sense_is_not_found(
    browse: Any, client: Any, planner: Any, booked: Any, query: str
) -> None:
    client.force_login(planner)
    assert client.get(f"/operations/Garden%20furniture/profit/?{query}").status_code == 404


def test_whoever_is_kept_to_a_place_sees_only_its_costs(browse: Any, planner: Any, booked: Any) -> None:
    PlaceScope.objects.create(user=planner, operation=booked, place="North Mill")
    assert "690.00" not in text(browse(planner, "profit/"))
    assert browse(planner, "costs/orders/MO-1/").status_code == 404
    assert browse(planner, "costs/item/", item="Green chair", place="South Works").status_code == 403
    assert (
        browse(planner, "profit/records/", line="revenue", place="South Works", item="Green chair").status_code == 404
    )


def test_the_answers_of_the_api_are_those_of_the_queries(
    client: Any, planner: Any, viewer: Any, booked: Any, factory: Any
) -> None:
    client.force_login(planner)
    count = len(roll_up(factory, factory.now).nodes)
    body = {
        "operation": booked,
        "version": "api",
        "lots": [{"item": "Green chair", "place": "South Works", "quantity": 40}],
    }
    assert client.post("/api/v1/costs", body, content_type="application/json").json() == {
        "version": "api",
        "items": count,
    }
    rows = client.get("/api/v1/costs", {"operation": booked}).json()
    assert len(rows) == count
    order = client.get("/api/v1/costs/orders/MO-1", {"operation": booked}).json()
    assert round(sum(order["variances"].values()), 2) == order["variance"]
    (one,) = client.get("/api/v1/costs/orders", {"operation": booked}).json()
    assert one["variance"] == order["variance"]
    assert client.get("/api/v1/costs/item", {"operation": booked, "item": "Leg"}).status_code == 404
    assert client.get("/api/v1/profit", {"operation": "nothing"}).status_code == 404
    client.force_login(viewer)
    assert client.get("/api/v1/profit", {"operation": booked}).status_code == 403
    assert client.post("/api/v1/costs", body, content_type="application/json").status_code == 403
