"""The cockpit: how the plan stands, and what needs a decision."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from gemba.app.web import capacity, measured, problems
from gemba.app.web.formats import age, quantity
from gemba.app.web.rows import worst
from gemba.app.web.shell import Shell, screen

SHOWN, DAYS = 8, 7


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The cockpit of the operation seen last, else of the first; without any, what to do first."""
    shell = Shell(request, "cockpit")
    last = request.session.get("operation", "")
    name = last if last in shell.names else next(iter(shell.names), "")
    return redirect("web:cockpit", name) if name else shell.page("home.html")


@screen("cockpit")
def cockpit(request: HttpRequest, shell: Shell) -> HttpResponse:
    if shell.version is None:
        return shell.page("home.html")
    shell.json("plan")
    bad, found = worst(shell.seen, shell.to), problems.rows(shell)
    return shell.page(
        "home.html",
        figures=[*_figures(shell, len(bad), len(found)), *measured.tiles(shell, _busiest(shell)[0])],
        decisions=bad[:SHOWN],
        more={"url": shell.to.to("orders", state="bad"), "count": len(bad)} if len(bad) > SHOWN else None,
        heat=capacity.busiest(shell, SHOWN, DAYS),
        problems=found[:SHOWN],
        problem_count=len(found),
    )


def _figures(shell: Shell, bad: int, problem_count: int) -> list[dict[str, Any]]:
    results, version, to = shell.seen.results, shell.version, shell.to
    total, good = len(results), sum(r.status == "on time" for r in results)
    late, short = sum(r.status == "late" for r in results), sum(r.status == "short" for r in results)
    return [
        _figure(
            "On time in full",
            f"{100 * good / total:.1f}" if total else "–",
            "%",
            f"{good} of {total} orders",
            to.to("orders", state="on time"),
            "late" if bad else "good",
        ),
        _figure(
            "Late orders",
            late,
            f"of {total}",
            f"{short} more short" if short else "none short",
            to.to("orders", state="bad"),
            "late" if bad else "good",
        ),
        _bottleneck(shell),
        _figure(
            "Open problems",
            problem_count,
            "",
            "shortfalls, overloads, data",
            to.to("problems"),
            "thin" if problem_count else "good",
        ),
        _figure("Plan", version.number, version.state, f"made {age(version.created_at)}", to.to("plans"), ""),
        _figure(
            "Gap to the best possible",
            "0" if version.proven else f"{100 * _gap(version):.0f}",
            "%",
            f"objective {quantity(version.value)}, bound {quantity(version.bound)}",
            to.to("plans"),
            "",
        ),
    ]


def _gap(version: Any) -> float:
    return 0.0 if version.value <= version.bound else (version.value - version.bound) / version.value


def _busiest(shell: Shell) -> tuple[str, float]:
    """The resource with the highest load over the next days, and that load."""
    by: dict[str, list[Any]] = {}
    for one in shell.seen.loads["day"]:
        by.setdefault(one.resource, []).append(one)
    shares = {name: capacity.load_of(ones[:DAYS]) for name, ones in by.items()}
    name = max(shares, key=lambda n: shares[n], default="")
    return name, shares.get(name, 0.0)


def _bottleneck(shell: Shell) -> dict[str, Any]:
    name, share = _busiest(shell)
    tone = "late" if share > 1 else "thin" if share >= 0.9 else ""
    return _figure(
        "Bottleneck load",
        f"{100 * share:.0f}",
        "%",
        f"{name}, next {DAYS} days" if name else "no work",
        shell.to.to("capacity"),
        tone,
    )


def _figure(name: str, value: Any, unit: str, note: str, url: str, tone: str) -> dict[str, Any]:
    mark = {"late": "▲ ", "thin": "◆ "}.get(tone, "")
    return {"name": name, "value": value, "unit": unit, "note": f"{mark}{note}", "url": url, "tone": tone}
