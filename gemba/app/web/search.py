"""Search over what has a name: orders, items, resources."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from gemba.app.web.shell import Shell, screen

MOST = 12


@screen("search")
def search(request: HttpRequest, shell: Shell) -> HttpResponse:
    q = request.GET.get("q", "").strip()
    hits = _hits(shell, q) if q and shell.version else []
    partial = request.headers.get("HX-Request") == "true"
    return shell.page("parts/found.html" if partial else "search.html", q=q, hits=hits)


def _hits(shell: Shell, q: str) -> list[dict[str, Any]]:
    """Names that contain every word, those that begin with the text first."""
    view, to, words = shell.seen, shell.to, q.lower().split()
    named = [
        *((r.demand, f"order, {r.status}", to.demand(r.demand), f"{r.customer} {r.item}") for r in view.results),
        *((o.id, f"{o.kind} order", to.board(o.id), o.item) for o in view.plan.orders if o.id in view.tasks),
        *((i.name, "item", to.to("stock", q=i.name), i.description) for i in view.operation.items),
        *((r.name, r.kind, to.to("capacity", q=r.name), "") for r in view.operation.resources),
    ]
    fits = [n for n in named if all(w in f"{n[0]} {n[3]}".lower() for w in words)]
    fits.sort(key=lambda n: (not n[0].lower().startswith(q.lower()), len(n[0])))
    return [{"name": name, "kind": kind, "url": url} for name, kind, url, _ in fits[:MOST]]
