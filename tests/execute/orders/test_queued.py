"""When a task began to wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from gemba.execute.orders import TaskProgress
from gemba.execute.orders.queued import queued
from gemba.execute.orders.shape import shapes
from tests.execute.orders.facts import NOW, at, shop

SHAPE = shapes(shop())["Make chair"]


def done(step: str, end: float) -> TaskProgress:
    return TaskProgress("MO-1", step, at(end), "done", start=at(0), end=at(end))


def test_a_first_step_waits_from_its_release() -> None:
    assert queued("Cut", [], SHAPE, NOW) == NOW


def test_a_first_step_waits_from_the_arrival_that_comes_after_the_release() -> None:
    assert queued("Cut", [], SHAPE, NOW, at(1)) == at(1)
    assert queued("Cut", [], SHAPE, NOW, at(-1)) == NOW


def test_a_later_step_waits_from_the_end_of_the_one_before_it() -> None:
    assert queued("Assemble", [done("Cut", 2)], SHAPE, NOW, at(5)) == at(2)


def test_drying_is_not_waiting() -> None:
    cut, assemble = shop().steps
    slow = shapes(shop(steps=(replace(cut, move_time=timedelta(hours=12).total_seconds()), assemble)))["Make chair"]
    assert queued("Assemble", [done("Cut", 2)], slow, NOW) == at(14)
