"""Quality's pages: what is due, results typed, charts with limits fixed, yields, gauge studies; and their twins."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from tests.execute.quality.joinery import AT, NAME, after, joinery

HOME = f"/operations/{NAME}/quality/"
API = "/api/v1/quality/"
STEADY = [430.2 if i % 2 else 429.8 for i in range(20)]

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def operator(make_user: Any) -> Any:
    return make_user("operator")


@pytest.fixture
def joiner(planner: Any) -> str:
    """A joinery with a receipt of 500 boards and an order of 40 legs that is being sawn; its number."""
    from gemba.app.actions import import_operation
    from gemba.app.actions.release import NEW, create_order
    from gemba.app.actions.stock_moves import receive
    from gemba.app.actions.work import Report, report
    from gemba.app.store.clock import set_now
    from gemba.operation import ReleasedOrder

    import_operation(planner, joinery(), "by hand")
    set_now(NAME, AT, stands=True)
    receive(planner, NAME, "r1", item="Board", quantity=Decimal(500), place="Mill", supplier="Merchant", lot="L1")
    head = ReleasedOrder(uid="o", at=AT, order=NEW, item="Leg", place="Mill", quantity=Decimal(40), process="Make legs")
    number = create_order(planner, NAME, head)
    report(planner, NAME, Report("s", "started", number, "Saw"))
    return number


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


def taken(user: Any, order: str, values: list[float], uid: str = "p1") -> None:
    from gemba.app.actions.quality import Results, record_results

    record_results(user, NAME, "Leg length", Results(uid, values=values, order=order))


def test_what_is_due_says_how_many_and_why(joiner: str, operator: Any, get: Any) -> None:
    page = text(get(operator))
    assert "Board faults" in page
    assert "500 50 3 / 4 normal Level II, AQL 2.5, code letter H; normal, switching score 0 of 30" in page
    assert f"In process Saw {joiner} Leg, Mill, Make legs 40 1 0 / 1 One subgroup of each lot" in page
    assert "Leg length" not in text(get(operator, stage="receipt"))
    assert "Nothing that fits the filter is due" in text(get(operator, q="nothing like it"))


def test_results_are_typed_and_judged(joiner: str, operator: Any, get: Any, send: Any) -> None:
    about = {"characteristic": "Board faults", "lot": "L1", "item": "Board"}
    sheet = get(operator, "inspect/", **about)
    assert "50 units; up to 3 nonconforming is accepted, from 4 on rejected" in text(sheet)
    assert b'data-accept="3"' in sheet.content
    assert "x is not a count" in text(send(operator, "inspect/", **about, count="x", size="50"))
    done = text(send(operator, "inspect/", **about, count="4", size="50", uid="u1"))
    assert "lot rejected: 4 nonconforming in 50 inspected, Ac 3" in done
    assert "See NC-1" in done
    assert "50 inspected, 4 nonconforming. rejected" in done


def test_values_may_have_a_decimal_comma_and_what_is_outside_raises_a_nonconformance(
    joiner: str, operator: Any, get: Any, send: Any
) -> None:
    about = {"characteristic": "Leg length", "order": joiner}
    sheet = get(operator, "inspect/", **about).content.decode()
    assert 'data-lower="427.0" data-upper="433.0"' in sheet
    assert "nothing wrong" in text(send(operator, "inspect/", **about, value=["430,1"], uid="a"))
    done = text(send(operator, "inspect/", **about, value=["433.5", ""], uid="b"))
    assert "433.5 mm is outside the limits 427 to 433" in done


def test_whoever_may_not_inspect_sees_no_grid_and_is_refused(joiner: str, viewer: Any, get: Any, send: Any) -> None:
    about = {"characteristic": "Board faults", "lot": "L1"}
    assert b"data-inspect" not in get(viewer, "inspect/", **about).content
    assert "Your role does not allow this" in text(send(viewer, "inspect/", **about, count="0", size="50"))
    assert get(viewer, "inspect/", characteristic="No such").status_code == 404


def test_a_chart_shows_its_signals_with_a_shape_and_their_rule(joiner: str, planner: Any, get: Any) -> None:
    taken(planner, joiner, [*STEADY, 432.5])
    listed = text(get(planner, "charts/"))
    assert "Leg length" in listed
    assert "signal now beyond limits, beyond limits (moving range) 21" in listed
    page = get(planner, "charts/Leg length/")
    assert page.content.decode().count('class="signal"') == 2, "one on the chart of values, one on that of ranges"
    assert "◆ 21" in text(page)
    assert "First 20 points" in text(page)
    point = text(get(planner, "charts/Leg length/", point="p1/20"))
    assert "Point 21" in point
    assert "Leave it out of the limits" in point


def test_limits_are_fixed_points_left_out_and_both_taken_back(joiner: str, planner: Any, get: Any, send: Any) -> None:
    from gemba.app.store.clock import set_now

    taken(planner, joiner, STEADY)
    act = "charts/Leg length/change/"
    assert "The limits are fixed" in text(send(planner, act, what="fix", uid="f", base="all", rules="nelson"))
    set_now(NAME, after(1), stands=True)
    taken(planner, joiner, [432.5], "p2")
    page = get(planner, "charts/Leg length/")
    assert "from 20 points" in text(page)
    assert "I | II" in text(page)
    assert "Say the cause" in text(send(planner, act, what="leave_out", point="p2/0", uid="c0"))
    out = send(planner, act, what="leave_out", point="p2/0", cause="Fence slipped", uid="c1")
    assert 'class="left-out"' in out.content.decode()
    assert "left-out" not in send(planner, act, what="put_back", point="p2/0", uid="c2").content.decode()
    right = send(planner, act, what="correct", measurement="p2/0", value="430,2", reason="comma", uid="k")
    assert "The value is corrected" in text(right)
    assert "in control" in text(get(planner, "charts/Leg length/"))
    assert "The limits are taken back" in text(send(planner, act, what="withdraw", uid="w"))


def test_capability_has_intervals_and_says_when_it_predicts_nothing(joiner: str, planner: Any, get: Any) -> None:
    taken(planner, joiner, STEADY[:5])
    page = text(get(planner, "charts/Leg length/"))
    assert "Limits need 20 points; there are 5" in page
    assert re.search(r"Ppk [\d.]+ [\d.]+ to [\d.]+ \(95 %\)", page)
    assert "not known to be in control" in page
    assert "Capability" not in text(get(planner, "charts/Board faults/"))


def test_yields_and_defects_drill_down_to_the_reports(joiner: str, planner: Any, get: Any) -> None:
    from gemba.app.actions.work import Report, report

    assert "Nothing was reported" in text(get(planner, "yield/"))
    report(planner, NAME, Report("f", "finished", joiner, "Saw", good=Decimal(36), scrap=Decimal(4), reason="Crack"))
    page = text(get(planner, "yield/"))
    assert "Leg Saw 40 36 4 0 90 %" in page
    assert "Crack 4 100 %" in page
    assert joiner in text(get(planner, "yield/", reason="Crack"))
    assert joiner not in text(get(planner, "yield/", reason="Other")).split("What was wrong")[1]
    taken(planner, joiner, [434])
    assert "Leg length 1 100 %" in text(get(planner, "yield/", by="characteristic"))


def test_a_gauge_study_is_pasted_and_worked_out(joiner: str, operator: Any, get: Any, send: Any) -> None:
    assert "No study of Leg length yet" in text(get(operator, "gauges/"))
    lines = [f"{p};{o};{430 + p + e}" for p in (1, 2, 3) for o in "AB" for e in (0, 0.1)]
    form = {"characteristic": "Leg length", "study": "spring", "uid": "g"}
    assert "Line 2 must be part; person; value" in text(send(operator, "gauges/", **form, rows=f"{lines[0]}\n1;A"))
    done = text(send(operator, "gauges/", **form, rows="\n".join(lines)))
    assert "12 values are written down" in done
    assert re.search(r"Gauge R&amp;R [\d.]+ %", done)
    assert "Distinct categories" in done


def test_pages_are_exported(joiner: str, planner: Any, get: Any) -> None:
    taken(planner, joiner, STEADY)
    for path in ("", "charts/", "charts/Leg length/", "yield/"):
        sheet = get(planner, path, export="csv")
        assert sheet["Content-Type"].startswith("text/csv"), path
    assert "429.8" in get(planner, "charts/Leg length/", export="csv").content.decode()


def test_without_characteristics_the_pages_say_what_to_do(planner: Any, get: Any) -> None:
    from gemba.app.actions import import_operation

    import_operation(planner, joinery(characteristics=()), "by hand")
    assert "Nothing is inspected yet" in text(get(planner))
    assert "No characteristic has a control chart" in text(get(planner, "charts/"))
    assert "No characteristic is measured" in text(get(planner, "gauges/"))


def test_a_corrective_action_s_page_shows_its_effect(joiner: str, planner: Any, client: Any) -> None:
    from gemba.app.actions.concerns import change_concern, raise_concern
    from gemba.app.store.clock import set_now

    taken(planner, joiner, [434, 430])
    raise_concern(planner, NAME, "corrective action", title="New fence", parent="NC-1")
    set_now(NAME, after(1), stands=True)
    for state, more in (("analysed", {}), ("planned", {"owner": "x", "due": after(9)}), ("done", {})):
        change_concern(planner, NAME, "CA-1", state, note="x", **more)
    client.force_login(planner)
    page = text(client.get(f"/operations/{NAME}/concerns/CA-1/"))
    assert "Effect on Leg length" in page
    assert "Before 2 2 1 50 %" in page


def test_the_api_tells_and_takes_the_same(joiner: str, planner: Any, client: Any) -> None:
    client.force_login(planner)

    def ask(path: str, **query: Any) -> Any:
        return client.get(API + path, {"operation": NAME, **query}).json()

    def tell(path: str, **body: Any) -> Any:
        return client.post(API + path, {"operation": NAME, **body}, content_type="application/json")

    assert {r["characteristic"] for r in ask("inspections")} == {"Board faults", "Leg length"}
    told = tell("results", characteristic="Leg length", uid="a", values=[*STEADY, 432.5], order=joiner)
    assert told.status_code == 201, told.content
    assert told.json()["accepted"] is True
    assert "beyond limits" in told.json()["findings"][0]
    assert tell("results", characteristic="Leg length", uid="a", values=[1], order=joiner).json()["again"] is True
    assert tell("results", characteristic="Leg length", uid="b", count=1, size=1, order=joiner).status_code == 409
    assert len(ask("charts/Leg length", start="2026-11-23T05:00", end="2026-11-23T07:00Z")["plotted"]) == 21
    assert ask("charts/Leg length", start="2026-11-24T05:00")["problem"] == "There is no point yet."
    chart = ask("charts/Leg length")
    assert (chart["state"], chart["base"], len(chart["plotted"])) == ("signal", "first", 21)
    assert chart["capability"]["intervals"]["cpk"]["low"] < chart["capability"]["cpk"]
    assert tell("charts/Leg length/limits", uid="l", base="first").json()["base"] == "fixed"
    left = tell("charts/Leg length/causes", uid="c", point="a/20", cause="Fence").json()
    assert left["plotted"][20]["cause"] == "Fence"
    assert [c["characteristic"] for c in ask("charts")] == ["Board faults", "Leg length", "Leg finish"]
    assert ask("yields")["yields"] == []
    right = tell("measurements/a/20/correct", uid="k", value=430.1, reason="comma")
    assert right.json() == {"measurement": "a/20", "value": 430.1, "size": 1}
    values = [{"part": p, "person": o, "value": 430 + int(p)} for p in "12" for o in "AB" for _ in "xy"]
    assert tell("gauges/Leg length", uid="g", study="spring", values=values).json() == {"values": 8}
    assert ask("gauges/Leg length")["study"] == "spring"
