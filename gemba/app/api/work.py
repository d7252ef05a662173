"""Work: what to do next, orders and where they stand, reports from terminals, and releasing what is planned."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Body, Field, Query, Router, Schema, Status

from gemba.app.actions.release import releasable, release_orders
from gemba.app.actions.taken import KINDS, Answer, take
from gemba.app.actions.work import Report
from gemba.app.api.answers import ERRORS, answer
from gemba.app.api.schemas import Text
from gemba.app.queries import work as queries
from gemba.app.queries.current import current
from gemba.app.queries.terminal import iso, next_row, task_row, terminal
from gemba.app.security.permission import require
from gemba.app.security.scope import inside, places_of
from gemba.app.store.operations import NotFoundError
from gemba.execute.orders import LiveOrder
from gemba.operation.moments import moment

router = Router(tags=["work"])

#: Reports in one request: a terminal that was offline for a shift sends several lists.
MOST = 200
Amount = Annotated[float, Field(ge=0, le=10**9)]
Uid = Annotated[Text, Field(min_length=1, max_length=190)]
Note = Annotated[Text, Field(max_length=5000)]


class LotUsed(Schema):
    lot: Text = ""
    quantity: Annotated[float, Field(gt=0, le=10**9)]


class NewReport(Schema):
    """What somebody reports. ``uid`` is made where it is typed: the same one is taken once, however often it is sent."""

    uid: Uid
    kind: Literal[KINDS]  # type: ignore[valid-type]
    order: Text = ""
    step: Text = ""
    at: datetime | None = Field(None, description="When it happened, by the operation's clock; blank is now")
    resource: Text = ""
    person: Text = ""
    good: Amount = 0
    scrap: Amount = 0
    rework: Amount = 0
    reason: Text = ""
    lot: Text = ""
    subject: Text = ""
    note: Note = ""
    used: dict[Text, list[LotUsed]] = Field({}, description="Materials as they were really used: lots by item")

    def given(self) -> Report:
        own = self.dict(exclude={"good", "scrap", "rework", "used", "at"})
        return Report(
            **own, at=self.at.replace(tzinfo=UTC) if self.at and self.at.tzinfo is None else self.at,
            good=_exact(self.good), scrap=_exact(self.scrap), rework=_exact(self.rework),
            used={item: [(u.lot, _exact(u.quantity)) for u in lots] for item, lots in self.used.items()},
        )  # fmt: skip


class Reported(Schema):
    """What became of a report. One that is refused was not taken: its maker has to decide what to do about it."""

    uid: str
    answer: Literal["taken", "again", "refused"]
    reason: str = ""
    task_state: str = ""
    order_state: str = ""
    good: float = 0
    scrap: float = 0
    rework_order: str = ""


class How(Schema):
    call: bool = Field(False, description="Tell the supervisor, by a call for help, of a report that is refused")


class TaskAt(Schema):
    """A task of a released order: as it was planned, and where it stands."""

    order: str
    step: str
    sequence: int
    item: str
    kind: str
    place: str
    resources: list[str]
    quantity: float
    left: float
    good: float
    scrap: float
    rework: float
    state: str
    since: str
    planned_start: str | None
    planned_end: str | None
    start: str | None
    end: str | None
    seconds: float


class Next(TaskAt):
    """A task in the dispatch list."""

    waits_for: list[str]
    late: bool
    due: str | None
    priority: int
    demand: str
    customer: str


class OrderAt(Schema):
    """A released order and where it stands."""

    order: str
    kind: str
    item: str
    place: str
    quantity: float
    good: float
    scrap: float
    state: str
    demand: str
    customer: str
    process: str
    parent: str
    priority: int
    start: str | None
    end: str | None
    due: str | None
    tasks: list[TaskAt]


class OfPlace(Schema):
    place: Text = ""
    resource: Text = ""


class OfTerminal(OfPlace):
    person: Text = ""


class Planned(Schema):
    """An order of the published plan that can be released."""

    id: str
    kind: str
    item: str
    place: str
    quantity: float
    start: str
    end: str


class Release(Schema):
    """Planned orders by their ids. ``though`` releases what lacks material, a skill or a document all the same."""

    orders: list[Text] = Field(min_length=1, max_length=1000)
    though: bool = False


@router.post(
    "/operations/{operation}/reports", response={200: list[Reported], **ERRORS}, summary="Report work, each report once"
)
def reports(
    request: HttpRequest, operation: Text, how: Query[How],
    given: Annotated[list[NewReport], Body(min_length=1, max_length=MOST)],
) -> Any:  # fmt: skip
    require(request.user, "report_work")
    name = current(operation).operation.name
    return answer([_answered(a) for a in take(request.user, name, [g.given() for g in given], call=how.call)])


@router.get("/operations/{operation}/dispatch", response={200: list[Next], **ERRORS}, summary="What is to be done next")
def dispatch(request: HttpRequest, operation: Text, only: Query[OfPlace]) -> Any:
    require(request.user, "see_operations")
    name = current(operation).operation.name
    return [next_row(d) for d in queries.dispatch(name, request.user, place=only.place, resource=only.resource)]


@router.get(
    "/operations/{operation}/terminal", response={200: dict[str, Any], **ERRORS}, summary="All that a terminal needs"
)
def at_terminal(request: HttpRequest, operation: Text, of: Query[OfTerminal]) -> Any:
    require(request.user, "see_operations")
    return answer(terminal(current(operation).operation.name, request.user, **of.dict()))


@router.get("/operations/{operation}/orders/{order}", response={200: OrderAt, **ERRORS}, summary="A released order")
def order(request: HttpRequest, operation: Text, order: Text) -> Any:
    require(request.user, "see_operations")
    name = current(operation).operation.name
    found = next(iter(queries.seen_orders(name, request.user, order=order)), None)
    if found is None:
        raise NotFoundError(f"there is no released order {order!r}")
    return _order(found)


@router.get(
    "/operations/{operation}/releasable", response={200: list[Planned], **ERRORS}, summary="What can be released"
)
def can_be_released(request: HttpRequest, operation: Text) -> Any:
    require(request.user, "see_operations")
    name = current(operation).operation.name
    scope = places_of(request.user, name)
    return [
        {
            "id": o.id, "kind": o.kind, "item": o.item, "place": o.place, "quantity": o.quantity,
            "start": iso(moment(o.start)), "end": iso(moment(o.end)),
        }
        for o in releasable(name) if not o.place or inside(scope, o.place)
    ]  # fmt: skip


@router.post("/operations/{operation}/releases", response={201: list[str], **ERRORS}, summary="Release planned orders")
def release(request: HttpRequest, operation: Text, wanted: Release) -> Any:
    require(request.user, "release_order")
    name = current(operation).operation.name
    return Status(201, release_orders(request.user, name, wanted.orders, though=wanted.though))


def _answered(a: Answer) -> dict[str, Any]:
    told: dict[str, Any] = {"uid": a.uid, "answer": a.answer, "reason": a.reason}
    if a.outcome is not None:
        told |= {
            "task_state": a.outcome.task.state, "order_state": a.outcome.order.state, "rework_order": a.outcome.rework,
            "good": float(a.outcome.task.good), "scrap": float(a.outcome.task.scrap),
        }  # fmt: skip
    return told


def _order(live: LiveOrder) -> dict[str, Any]:
    head, at = live.order, live.progress
    same = ("order", "kind", "item", "place", "demand", "customer", "process", "parent", "priority")
    return {
        **{name: getattr(head, name) for name in same}, "quantity": float(head.quantity), "good": float(at.good),
        "scrap": float(at.scrap), "state": at.state, "start": iso(at.start or head.start),
        "end": iso(at.end or head.end), "due": iso(head.due), "tasks": [task_row(live, t) for t in live.tasks],
    }  # fmt: skip


def _exact(value: float) -> Decimal:
    return Decimal(str(value))
