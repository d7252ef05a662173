"""The terminal: a page for a tablet at a work centre, a machine or with a person, which works without a connection."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.views.decorators.cache import never_cache

from gemba.app.queries import work as queries
from gemba.app.queries.current import current
from gemba.app.security.permission import may
from gemba.app.security.scope import places_of
from gemba.app.web.barcodes import bars
from gemba.app.web.shell import Shell, screen

WORKER = Path(__file__).parent / "static" / "web" / "terminal" / "worker.js"
#: Of our pages only this one may use the camera, to scan.
CAMERA = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"


@screen("terminal", may="report_work")
def terminal(request: HttpRequest, shell: Shell) -> HttpResponse:
    """Choose where the terminal stands; then its page, which the browser fills and keeps."""
    chosen = {name: request.GET.get(name, "") for name in ("place", "resource", "person")}
    if not any(chosen.values()):
        return shell.page("terminal_choose.html", groups=_choices(shell, request.user))
    get_token(request)  # the page reads the token from its cookie, also after somebody signed in again
    name = shell.dataset.name
    answer = shell.page(
        "terminal.html", chosen=chosen, title=chosen["resource"] or chosen["place"] or chosen["person"],
        api=reverse("api:reports", args=[name]).removesuffix("reports"), may_call=may(request.user, "report_work"),
        worker=shell.to.to("terminal_worker"), home=shell.to.to("terminal"),
        sign_in=f"{reverse('sign-in')}?next={request.get_full_path()}",
    )  # fmt: skip
    answer.headers["Permissions-Policy"] = CAMERA
    return answer


def _choices(shell: Shell, user: Any) -> list[dict[str, Any]]:
    """Where a terminal can stand: only where work is released or resources are, and the user may see it."""
    operation, scope = current(shell.dataset.name).operation, places_of(user, shell.dataset.name)
    tasks = queries.dispatch(operation.name, user)
    count: dict[tuple[str, str], int] = {}
    for t in tasks:
        for key in (("place", t.task.task.place or t.live.order.place), *(("resource", n) for n in t.names)):
            count[key] = count.get(key, 0) + 1
    seen = [r for r in operation.resources if scope is None or not r.place or r.place in scope]
    centres = [p.name for p in operation.places if scope is None or p.name in scope]
    groups = [
        ("Work centres", "place", [c for c in centres if any(r.place == c for r in seen) or ("place", c) in count]),
        ("Machines and rooms", "resource", [r.name for r in seen if r.kind != "person"]),
        ("People", "person", [r.name for r in seen if r.kind == "person"]),
    ]
    return [
        {"name": words, "choices": [
            {"name": n, "url": shell.to.to("terminal", **{key: n}),
             "count": count.get(("resource" if key == "person" else key, n), 0)} for n in names
        ]}
        for words, key, names in groups if names
    ]  # fmt: skip


@never_cache
def worker(request: HttpRequest, operation: str) -> HttpResponse:
    """The service worker; it comes from here so that its scope is the operation's terminal and nothing else."""
    return HttpResponse(WORKER.read_text(encoding="utf-8"), content_type="text/javascript")


@screen("work_orders")
def label(request: HttpRequest, shell: Shell, order: str) -> HttpResponse:
    """A label of an order to print: its number as a barcode, item, quantity and steps."""
    live = next(iter(queries.seen_orders(shell.dataset.name, request.user, order=order)), None)
    if live is None:
        raise Http404(f"there is no released order {order}")
    try:
        found, width = bars(order)
    except ValueError:
        found, width = [], 0
    return shell.page("terminal_label.html", live=live, bars=found, width=width)
