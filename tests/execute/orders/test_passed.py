"""What a step has lost does not reach the next."""

from __future__ import annotations

from decimal import Decimal

from gemba.execute.orders import LiveTask, TaskProgress
from gemba.execute.orders.passed import reaching
from tests.execute.orders.facts import at, tasks

CUT, ASSEMBLE = tasks()  # ten of each


def after(state: str, good: int, scrap: int) -> list[LiveTask]:
    progress = TaskProgress("MO-1", "Cut", at(1), state, good=Decimal(good), scrap=Decimal(scrap))
    return [LiveTask(CUT, progress), LiveTask(ASSEMBLE, TaskProgress("MO-1", "Assemble", at(0)))]


def test_scrap_of_a_step_that_is_done_does_not_reach_the_next() -> None:
    live = after("done", 9, 1)
    assert reaching(live[1], {"Cut"}, live) == 9


def test_while_a_step_goes_on_all_of_it_may_still_come() -> None:
    live = after("started", 4, 1)
    assert reaching(live[1], {"Cut"}, live) == 10


def test_a_first_step_has_what_was_released() -> None:
    live = after("done", 9, 1)
    assert reaching(live[0], set(), live) == 10
