"""What a person should know: shortfalls, overloads, missing data."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse

from gemba.app.web import sheets
from gemba.app.web.shell import Shell, screen
from gemba.app.web.tables import table
from gemba.operation import Problem

KINDS = {
    "short": "Short",
    "late": "Late",
    "overload": "Overload",
    "safety_stock": "Below safety stock",
    "negative_stock": "Negative stock",
    "no_supply": "No supply",
    "data": "Data",
}
HEADS = [
    ("kind_text", "Kind"),
    ("subject", "What"),
    ("message", "Problem"),
    ("quantity", "Quantity"),
    ("start@", "From"),
    ("end@", "Until"),
]


@screen("problems", "Problems")
def problems(request: HttpRequest, shell: Shell) -> HttpResponse:
    shell.json("problems", q=request.GET.get("q"), kind=request.GET.get("kind"))
    every = rows(shell)
    kind = request.GET.get("kind", "")
    chosen = [row for row in every if not kind or row["kind"] == kind]
    found = table(request.GET.dict(), chosen, [], search=("subject", "message", "kind_text"), filters=("kind",))
    if file := sheets.wanted(request):
        return sheets.download(file, "Problems", HEADS, found.every, shell.zone)
    counts = Counter(row["kind"] for row in every)
    kinds = [{"value": value, "text": KINDS.get(value, value), "count": n} for value, n in sorted(counts.items())]
    return shell.page("problems.html", table=found, problems=found.rows, kinds=kinds, exports=sheets.links(request))


def rows(shell: Shell) -> list[dict[str, Any]]:
    """The plan's problems, each with where to look."""
    items = {item for item, _ in shell.seen.stock}
    return [_row(problem, shell, items) for problem in shell.seen.problems]


def _row(problem: Problem, shell: Shell, items: set[str]) -> dict[str, Any]:
    url, subject = "", problem.subject
    if subject in shell.seen.result:
        url = shell.to.demand(subject)
    elif subject in shell.seen.tasks:
        url = shell.to.board(subject)
    elif subject in items:
        url = shell.to.to("stock", q=subject)
    elif problem.kind == "overload":
        url = shell.to.to("capacity")
    tone = "late" if problem.kind in ("short", "late", "negative_stock", "no_supply", "overload") else "thin"
    return {
        "kind": problem.kind,
        "kind_text": KINDS.get(problem.kind, problem.kind),
        "tone": tone,
        "subject": subject,
        "url": url,
        "message": problem.message,
        "quantity": problem.quantity,
        "start": problem.start,
        "end": problem.end,
    }
