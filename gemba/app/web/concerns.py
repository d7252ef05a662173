"""Concerns: what must be dealt with, whose it is and what is overdue; one concern with its history; a new one."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from gemba.app.actions.concerns import change_concern, raise_concern
from gemba.app.actions.maintenance import order_repair
from gemba.app.queries import concerns as queries
from gemba.app.queries import quality, spc
from gemba.app.queries.current import current
from gemba.app.security.permission import may
from gemba.app.store.clock import now
from gemba.app.store.models import MODELS
from gemba.app.store.operations import NotFoundError
from gemba.app.web import sheets
from gemba.app.web.addresses import with_query
from gemba.app.web.given import did, given
from gemba.app.web.shell import Shell, screen
from gemba.app.web.tables import Column, table
from gemba.execute.concerns import KINDS, Standing
from gemba.execute.concerns.rules import GIVEN, NOTED
from gemba.operation import RECORDS

COLUMNS = [
    Column("concern", "Number", order="at"),
    Column("title", "What"),
    Column("kind", "Kind"),
    Column("state", "State"),
    Column("place", "Where"),
    Column("owner", "Owner"),
    Column("at", "Raised"),
    Column("due", "Due"),
]
HEADS = [
    ("concern", "Number"), ("kind", "Kind"), ("title", "What"), ("state", "State"), ("severity", "Severity"),
    ("category", "Category"), ("place", "Place"), ("resource", "Resource"), ("owner", "Owner"), ("order", "Order"),
    ("item", "Item"), ("lot", "Lot"), ("at@", "Raised"), ("due@", "Due"),
]  # fmt: skip
STATES = {"open": "Open", "overdue": "Overdue", "ended": "Ended", "all": "Open and ended"}
#: What is asked for when a concern of a kind is raised, beside what is asked for of every kind.
OF_EVERY = ("title", "description", "place", "resource", "owner", "due", "parent")
OF_KIND = {
    "nonconformance": ("severity", "category", "order", "step", "item", "lot", "quantity"),
    "incident": ("severity", "category", "person"),
    "near miss": ("category", "person"),
    "hazard": ("severity", "category"),
    "call": ("category", "order", "step"),
    "maintenance request": ("severity", "category"),
    "permit": ("category", "person", "order"),
    "complaint": ("severity", "category", "person", "order", "item", "lot", "quantity"),
}
#: Severities of what happens to people, and of everything else.
HARM, GRADES = ("first aid", "medical", "restricted", "lost time", "fatal"), ("minor", "major", "critical")
LABELS = {
    "note": "What was found or done", "person": "Who", "due": "Due", "cost": "Cost", "lost_days": "Days of work lost",
    "order": "Order", "decision": "Decision", "quantity": "Quantity", "owner": "Owner", "title": "What, in a line",
    "description": "The whole story", "parent": "Follows from concern", "category": "Category", "severity": "Severity",
}  # fmt: skip
_KINDS_OF_INPUT = {"moment": "datetime-local", "exact": "number", "number": "number"}


@screen("concerns")
def concerns(request: HttpRequest, shell: Shell) -> HttpResponse:
    name, state = shell.dataset.name, request.GET.get("state", "") or "open"
    filters = {f: request.GET.get(f, "") for f in queries.FILTERS}
    shell.twin = with_query(reverse("api:list_concerns"), operation=name, state=state, **filters)
    rows = queries.concerns(name, request.user, state="" if state == "all" else state, **filters)
    for row in rows:
        row["url"] = shell.to.to("concern", row["concern"])
    found = table(
        request.GET.dict(), rows, COLUMNS, search=("concern", "title", "resource", "order", "item", "category"),
        filters=("state", *queries.FILTERS),
    )  # fmt: skip
    if kind := sheets.wanted(request):
        return sheets.download(kind, "Concerns", HEADS, found.every, shell.zone)
    return shell.page(
        "concerns.html",
        table=found,
        rows=found.rows,
        exports=sheets.links(request),
        new_url=shell.to.to("new_concern", kind=filters["kind"]) if queries.kinds_raised(request.user) else "",
        choices=_choices(shell, filters, state),
    )


def _choices(shell: Shell, filters: dict[str, str], state: str) -> list[dict[str, Any]]:
    kind = filters["kind"]
    states = {**STATES, **{s: s.capitalize() for s in KINDS[kind].states}} if kind in KINDS else STATES
    of = {
        "kind": ("Every kind", {k: k.capitalize() for k in KINDS}),
        "state": ("", states),
        "place": ("Every place", {p: p for p in _names(shell, "places")}),
        "owner": ("Every owner", {o: o for o in queries.owners(shell.dataset.name)}),
    }
    return [
        {
            "name": name,
            "options": [{"value": "", "text": every}] * bool(every)
            + [{"value": v, "text": t, "on": v == (state if name == "state" else filters[name])} for v, t in o.items()],
        }
        for name, (every, o) in of.items()
    ]


@screen("concerns")
def new_concern(request: HttpRequest, shell: Shell) -> HttpResponse:
    form = request.POST if request.method == "POST" else request.GET
    allowed = queries.kinds_raised(request.user)
    kind = form.get("kind", "") if form.get("kind", "") in KINDS else next(iter(allowed), "hazard")
    names = (*OF_EVERY, *OF_KIND.get(kind, ()))
    if request.method == "POST":
        uid = form.get("uid", "")
        made = did(
            request,
            lambda: raise_concern(
                request.user, shell.dataset.name, kind, uid=uid, **given(form, RECORDS["concerns"], names, shell.zone)
            ),
        )
        if made is not None:
            return redirect(shell.to.to("concern", made.concern))
    return shell.page(
        "concern_new.html",
        kind=kind,
        kinds=allowed,
        uid=form.get("uid", "") or uuid4().hex,
        fields=[_field(shell, "concerns", n, form.get(n, ""), n in KINDS[kind].needs, kind) for n in _sorted(names)],
    )


def _sorted(names: tuple[str, ...]) -> list[str]:
    order = [c.name for c in RECORDS["concerns"].columns]
    return sorted(set(names), key=order.index)


@screen("concerns")
def concern(request: HttpRequest, shell: Shell, name: str) -> HttpResponse:
    operation = shell.dataset.name
    found = _find(operation, request.user, name)
    shell.twin = with_query(reverse("api:concern", args=[name]), operation=operation)
    steps = [
        _step(shell, s.state, s.does, s.needs, s.takes, s.decisions)
        for s in queries.steps(found, operation, request.user)
    ]
    if queries.may_note(found, operation, request.user):
        steps.append(_step(shell, found.state, "Note or hand on", (), NOTED, ()))
    children = queries.concerns(operation, request.user, parent=name)
    effect = spc.effect(operation, found) if found.concern.kind == "corrective action" else None
    return shell.page(
        "concern.html",
        effect=effect,
        effect_url=shell.to.to("control_chart", effect["characteristic"]) if effect else "",
        chart_url=_chart(shell, found),
        found=found,
        overdue=found.overdue(now(operation)),
        facts=_facts(found),
        steps=steps,
        uid=uuid4().hex,
        repair_url=_repair_url(shell, found),
        processes=[p.name for p in current(operation).operation.processes if p.kind == "maintenance"],
        order_url=shell.to.to("work_order", found.order) if found.order else "",
        change_url=shell.to.to("change_concern", name),
        children=[{**c, "url": shell.to.to("concern", c["concern"])} for c in children],
        parent_url=shell.to.to("concern", found.concern.parent) if found.concern.parent else "",
        follow_url=shell.to.to("new_concern", kind="corrective action", parent=name, place=found.concern.place),
        all_url=shell.to.to("concerns", kind=found.concern.kind),
    )


def _repair_url(shell: Shell, found: Standing) -> str:
    """Where the order of an accepted maintenance request is made."""
    wanted = found.concern.kind == "maintenance request" and found.state == "accepted"
    return shell.to.to("order_repair", found.concern.concern) if wanted and may(shell.request.user, "maintain") else ""


@screen("concerns")
@require_POST
def repair(request: HttpRequest, shell: Shell, name: str) -> HttpResponse:
    """Make the order of a maintenance request."""
    _find(shell.dataset.name, request.user, name)
    process = request.POST.get("process", "")
    did(request, lambda: order_repair(request.user, shell.dataset.name, name, process=process), "Made: {0}.")
    return redirect(shell.to.to("concern", name))


@screen("concerns")
@require_POST
def change(request: HttpRequest, shell: Shell, name: str) -> HttpResponse:
    operation, form = shell.dataset.name, request.POST
    _find(operation, request.user, name)  # what a person may not see is not found

    def act() -> Standing:
        fields = given(form, RECORDS["concern_changes"], GIVEN, shell.zone)
        return change_concern(request.user, operation, name, form.get("state", ""), uid=form.get("uid", ""), **fields)

    did(request, act, "{0.concern.concern} is {0.state}.")
    return redirect(shell.to.to("concern", name))


def _find(operation: str, user: Any, name: str) -> Standing:
    try:
        return queries.standing(operation, user, name)
    except NotFoundError as error:
        raise Http404(str(error)) from error


def _chart(shell: Shell, found: Standing) -> str:
    """Of a nonconformance of a characteristic: the address of its control chart."""
    names = {c.name for c in quality.characteristics(shell.dataset.name) if c.chart}
    return shell.to.to("control_chart", found.concern.category) if found.concern.category in names else ""


def _step(shell: Shell, state: str, does: str, needs: Any, takes: Any, decisions: Any) -> dict[str, Any]:
    names = [n for n in GIVEN if n in (*needs, *takes)]
    fields = [_field(shell, "concern_changes", n, "", n in needs, "") for n in names]
    for field in fields:
        if field["name"] == "decision" and decisions:
            field["choices"] = decisions
    return {"state": state, "does": does, "fields": fields}


def _field(shell: Shell, of: str, name: str, value: str, needed: bool, kind: str) -> dict[str, Any]:
    """A field of a form, from its declaration."""
    column = next(c for c in RECORDS[of].columns if c.name == name)
    names = {"place": "places", "resource": "resources", "item": "items"}.get(name, "")
    choices: tuple[str, ...] = column.choices
    if name == "severity":
        choices = HARM if kind == "incident" else GRADES
    return {
        "name": name,
        "label": LABELS.get(name, name.replace("_", " ").capitalize()),
        "help": column.doc,
        "type": _KINDS_OF_INPUT.get(column.kind, "text"),
        "long": name in ("note", "description"),
        "choices": choices,
        "list": _names(shell, names) if names else [],
        "value": value,
        "needed": needed,
    }


def _names(shell: Shell, of: str) -> list[str]:
    every = MODELS[of].objects.filter(dataset=shell.dataset)
    return list(every.order_by("name").values_list("name", flat=True)[:2000])


def _facts(found: Standing) -> list[tuple[str, Any]]:
    names = ("severity", "category", "place", "resource", "person", "order", "step", "item", "lot")
    facts = [(n.capitalize(), getattr(found.concern, n)) for n in names if getattr(found.concern, n)]
    facts += [("Quantity", found.quantity)] if found.quantity else []
    facts += [(f"Decided: {way}", amount) for way, amount in found.decided.items()]
    facts += [("Cost", found.cost)] if found.cost else []
    facts += [("Days of work lost", found.lost_days)] if found.lost_days else []
    return [*facts, ("Order made for it", found.order)] if found.order != found.concern.order else facts
