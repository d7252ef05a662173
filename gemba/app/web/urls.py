"""Addresses of the pages."""

from __future__ import annotations

from django.urls import include, path

from gemba.app.web import (
    account,
    addresses,
    audit,
    board,
    capacity,
    cockpit,
    concerns,
    costs,
    importing,
    orders,
    plans,
    problems,
    profit,
    search,
    stock,
    why,
    work,
)

app_name = "web"

_operation = [
    path("", cockpit.cockpit, name="cockpit"),
    path("board/", board.board, name="board"),
    path("board/order/", board.panel, name="panel"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<name:name>/", why.demand, name="demand"),
    path("stock/", stock.stock, name="stock"),
    path("capacity/", capacity.capacity, name="capacity"),
    path("problems/", problems.problems, name="problems"),
    path("search/", search.search, name="search"),
    path("plans/", plans.plans, name="plans"),
    path("plans/run/", plans.run, name="run"),
    path("plans/<int:number>/publish/", plans.publish, name="publish"),
    path("dispatch/", work.dispatch, name="dispatch"),
    path("work/", work.work_orders, name="work_orders"),
    path("work/release/", work.release, name="release"),
    path("work/<name:order>/", work.work_order, name="work_order"),
    path("work/<name:order>/change/", work.change_order, name="change_order"),
    path("work/<name:order>/void/", work.void_report, name="void_report"),
    path("jobs/<int:number>/", plans.job, name="job"),
    path("jobs/<int:number>/<str:how>/", plans.end, name="end"),
    path("concerns/", concerns.concerns, name="concerns"),
    path("concerns/new/", concerns.new_concern, name="new_concern"),
    path("concerns/<name:name>/", concerns.concern, name="concern"),
    path("concerns/<name:name>/change/", concerns.change, name="change_concern"),
    path("costs/", costs.costs, name="costs"),
    path("costs/roll-up/", costs.roll, name="roll_up"),
    path("costs/item/", costs.cost_item, name="cost_item"),
    path("costs/orders/", costs.cost_orders, name="cost_orders"),
    path("costs/orders/<name:order>/", costs.cost_order, name="cost_order"),
    path("profit/", profit.profit, name="profit"),
    path("profit/line/", profit.line, name="profit_line"),
    path("profit/records/", profit.records, name="profit_records"),
]

urlpatterns = [
    path("", cockpit.home, name="home"),
    path("import/", importing.upload, name="import"),
    path("import/template.xlsx", importing.template, name="template"),
    path("import/demonstration/", importing.demonstration, name="demonstration"),
    path("import/<int:draft>/", importing.preview, name="preview"),
    path("import/<int:draft>/confirm/", importing.confirm, name="confirm"),
    path("import/<int:draft>/discard/", importing.discard, name="discard"),
    path("audit/", audit.audit, name="audit"),
    path("audit/verify/", audit.verify, name="audit-verify"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="password"),
    path("account/tokens/", account.create_token, name="token"),
    path("account/tokens/<int:number>/revoke/", account.revoke_token, name="revoke"),
    path("operations/<name:operation>/", include(_operation)),
]

__all__ = ["addresses", "app_name", "urlpatterns"]
