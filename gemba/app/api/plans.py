"""Plans: their figures, lists and derived views."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from ninja import Query, Router, Status

from gemba.app import actions
from gemba.app.api.answers import ERRORS, answer
from gemba.app.api.paging import Listing, LoadPeriod, OfOperation, OrderFilter, ProblemFilter, StockFilter, TaskFilter
from gemba.app.api.schemas import (
    Board,
    DemandResult,
    Id,
    LoadRow,
    OrderRow,
    PlanDetail,
    PlanHead,
    ProblemRow,
    PublishRequest,
    StockLevels,
    TaskRow,
    Text,
    Why,
    page_of,
)
from gemba.app.queries import board as boards
from gemba.app.queries import figures, plans
from gemba.app.queries.loaded import loaded
from gemba.app.security.permission import require
from gemba.app.security.scope import Scope, places_of
from gemba.app.store.plans import find_plan

router = Router(tags=["plans"])


def _scope(request: HttpRequest, plan_id: int) -> Scope:
    return places_of(request.user, find_plan(plan_id).operation)


@router.get("/plans", response={200: list[PlanHead], **ERRORS}, summary="The latest plans")
def list_plans(request: HttpRequest, only: Query[OfOperation]) -> Any:
    require(request.user, "see_operations")
    return plans.plans(only.operation)


@router.get("/plans/{plan_id}", response={200: PlanDetail, **ERRORS}, summary="A plan's figures")
def plan(request: HttpRequest, plan_id: Id) -> Any:
    require(request.user, "see_operations")
    return plans.plan(plan_id)


@router.post("/plans/{plan_id}/publish", response={200: PlanDetail, **ERRORS}, summary="Publish a plan")
def publish(request: HttpRequest, plan_id: Id, how: PublishRequest) -> Any:
    actions.publish_plan(request.user, plan_id, though_older=how.though_older)
    return plans.plan(plan_id)


@router.delete("/plans/{plan_id}", response={204: None, **ERRORS}, summary="Delete a plan")
def delete(request: HttpRequest, plan_id: Id) -> Any:
    actions.delete_plan(request.user, plan_id)
    return Status(204, None)


@router.get("/plans/{plan_id}/orders", response={200: page_of(OrderRow), **ERRORS}, summary="Planned orders")
def orders(request: HttpRequest, plan_id: Id, listing: Query[Listing], only: Query[OrderFilter]) -> Any:
    require(request.user, "see_operations")
    return answer(plans.orders(plan_id, scope=_scope(request, plan_id), filters=only.dict(), **listing.how()))


@router.get("/plans/{plan_id}/tasks", response={200: page_of(TaskRow), **ERRORS}, summary="Planned tasks")
def tasks(request: HttpRequest, plan_id: Id, listing: Query[Listing], only: Query[TaskFilter]) -> Any:
    require(request.user, "see_operations")
    return answer(plans.tasks(plan_id, scope=_scope(request, plan_id), filters=only.dict(), **listing.how()))


@router.get("/plans/{plan_id}/problems", response={200: page_of(ProblemRow), **ERRORS}, summary="Its problems")
def problems(request: HttpRequest, plan_id: Id, listing: Query[Listing], only: Query[ProblemFilter]) -> Any:
    require(request.user, "see_operations")
    return answer(plans.problems(plan_id, scope=_scope(request, plan_id), filters=only.dict(), **listing.how()))


@router.get("/plans/{plan_id}/demands", response={200: list[DemandResult], **ERRORS}, summary="What each demand gets")
def demands(request: HttpRequest, plan_id: Id) -> Any:
    require(request.user, "see_operations")
    return answer(figures.demands(plan_id, _scope(request, plan_id)))


@router.get("/plans/{plan_id}/why/{path:demand}", response={200: Why, **ERRORS}, summary="Why a demand is late")
def why(request: HttpRequest, plan_id: Id, demand: Text) -> Any:
    require(request.user, "see_operations")
    return figures.why(plan_id, demand)


@router.get("/plans/{plan_id}/stock", response={200: list[StockLevels], **ERRORS}, summary="Projected stock")
def stock(request: HttpRequest, plan_id: Id, only: Query[StockFilter]) -> Any:
    require(request.user, "see_operations")
    return answer(figures.stock(plan_id, only.item, only.place, _scope(request, plan_id)))


@router.get("/plans/{plan_id}/load", response={200: list[LoadRow], **ERRORS}, summary="Load of the resources")
def load(request: HttpRequest, plan_id: Id, by: Query[LoadPeriod]) -> Any:
    require(request.user, "see_operations")
    return answer(figures.load(plan_id, by.period, _scope(request, plan_id)))


@router.get("/plans/{plan_id}/board", response={200: Board, **ERRORS}, summary="The schedule board")
def board(request: HttpRequest, plan_id: Id) -> Any:
    require(request.user, "see_operations")
    return answer(boards.board_json(plan_id, _scope(request, plan_id)))


@router.get("/plans/{plan_id}/document", response={200: dict[str, Any], **ERRORS}, summary="The whole plan, as a file")
def document(request: HttpRequest, plan_id: Id) -> Any:
    from gemba.exchange import plan_document

    require(request.user, "see_operations")
    if _scope(request, plan_id) is not None:
        raise PermissionDenied("A plan leaves as a whole, and your role holds at some of its places only.")
    seen = loaded(plan_id)
    return answer(plan_document(seen.operation, seen.plan))
