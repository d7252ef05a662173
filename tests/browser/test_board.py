"""The schedule board alone, with made-up tasks: it draws, finds, zooms, and stays smooth with ten thousand."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

DAY = 86400
#: A frame lasts 16.7 ms at 60 a second. Test machines are slow and shared, so the limit is lenient.
SLOWEST_MEDIAN_MS = 50


def opened(page: Page, files: str, tasks: int, rows: int) -> Page:
    page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    page.goto(f"{files}/board.html?tasks={tasks}&rows={rows}")
    page.wait_for_function("window.board")
    return page


@pytest.fixture
def board(page: Page, files: str) -> Page:
    return opened(page, files, 400, 12)


def state(page: Page) -> Any:
    return page.evaluate("({t0: board.view.t0, t1: board.view.t1, order: board.scene.selection.order})")


@pytest.mark.parametrize(("rows", "days"), [(60, 2), (60, 30), (12, 400)])
def test_ten_thousand_tasks_pan_smoothly(
    page: Page, files: str, rows: int, days: int, record_property: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    frames = opened(page, files, 10_000, rows).evaluate("span => window.pan(90, span)", days * DAY)
    record_property("frames", frames)
    with capsys.disabled():
        words = "{drawn:.0f} tasks a frame: median {median:.1f}, 95 % {p95:.1f}, worst {worst:.1f} ms".format(**frames)
        print(f"\n  board, {rows} rows, {days} days in view, {words}")
    assert frames["drawn"] > 50
    assert frames["median"] < SLOWEST_MEDIAN_MS


def test_the_whole_plan_is_drawn_as_a_bitmap_where_bars_are_small(page: Page, files: str) -> None:
    drawn = opened(page, files, 10_000, 12).evaluate(
        "board.show(board.data.t0, board.data.t1), board.scene.draw(), board.scene.drawn"
    )
    assert drawn > 9_000


def test_a_click_selects_the_order_and_its_whole_chain(board: Page) -> None:
    at = board.evaluate("""async () => {
        const { boxOf } = await import('/static/web/board/geometry.js');
        board.show(board.data.t0, board.data.t0 + 86400); board.scene.draw();
        const box = boxOf(board.data, board.view, board.scene.layout, 4);
        return [box.x + box.w / 2, box.y + box.h / 2];
    }""")
    board.locator("#board-canvas").click(position={"x": at[0], "y": at[1]})
    assert board.evaluate("[board.scene.selection.order, board.scene.selection.tasks.size]") == [1, 4]
    assert "MO-10001" in board.locator("#board-live").inner_text()


def test_escape_clears_the_selection(board: Page) -> None:
    board.evaluate("board.select(3)")
    board.locator("#board-canvas").press("Escape")
    assert state(board)["order"] == -1


def test_keys_zoom_and_move(board: Page) -> None:
    canvas, before = board.locator("#board-canvas"), state(board)
    canvas.press("+")
    nearer = state(board)
    assert nearer["t1"] - nearer["t0"] < before["t1"] - before["t0"]
    canvas.press("ArrowRight")
    assert state(board)["t0"] > nearer["t0"]
    canvas.press("t")
    now = board.evaluate("board.data.now")
    assert state(board)["t0"] < now < state(board)["t1"]


def test_the_key_n_goes_from_task_to_task_in_time(board: Page) -> None:
    canvas = board.locator("#board-canvas")
    canvas.press("n")
    first = board.evaluate("board.data.start[board.scene.selection.task]")
    canvas.press("n")
    assert board.evaluate("board.data.start[board.scene.selection.task]") >= first


def test_the_wheel_with_ctrl_keeps_the_moment_under_the_pointer(board: Page) -> None:
    board.evaluate("board.show(board.data.now, board.data.now + 4 * 86400)")
    box = board.locator("#board-canvas").bounding_box()
    assert box
    moment, span = board.evaluate("[board.view.t(500), board.view.t1 - board.view.t0]")
    board.mouse.move(box["x"] + 500, box["y"] + 200)
    board.keyboard.down("Control")
    board.mouse.wheel(0, -120)
    board.keyboard.up("Control")
    board.wait_for_function("span => board.view.t1 - board.view.t0 < span", arg=span)
    assert board.evaluate("board.view.t(500)") == pytest.approx(moment, abs=120)


def test_tasks_at_the_same_time_on_a_resource_lie_in_lanes(board: Page) -> None:
    lanes = board.evaluate("""async () => {
        const { laneOf } = await import('/static/web/board/lanes.js');
        const rows = [{ at: Uint32Array.of(0, 1, 2), longest: 10 }];
        const found = laneOf(rows, Float64Array.of(0, 2, 10), Float64Array.of(10, 6, 12), 3);
        return [[...found.lane], found.lanes];
    }""")
    assert lanes == [[0, 1, 0], [2]]


@pytest.mark.parametrize(("zone", "first"), [("Europe/Berlin", "Sun 29 Mar"), ("UTC", "Sun 29 Mar")])
def test_ticks_stand_at_local_midnight_when_clocks_change(board: Page, zone: str, first: str) -> None:
    ticks = board.evaluate(
        """async (zone) => {
        const { ticks, offset } = await import('/static/web/board/ticks.js');
        const t0 = Date.UTC(2026, 2, 28, 12) / 1000, found = ticks(t0, t0 + 4 * 86400, 100 / 86400, zone);
        return found.map((tick) => [tick.text, (tick.t + offset(tick.t, zone)) % 86400]);
    }""",
        zone,
    )
    assert ticks[0][0] == first
    assert {rest for _, rest in ticks} == {0}
