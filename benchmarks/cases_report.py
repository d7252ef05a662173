"""Tells how the planning cases went: a line each, a summary, and a page for the documentation."""

from __future__ import annotations

from math import ceil

from benchmarks.cases_compare import Service
from benchmarks.cases_run import Result

#: So many of these 45 cases must be at least as good; the same share of any other set of cases.
GOAL, OF = 40, 45


def line(result: Result) -> str:
    """One case on one line."""
    if not result.read or result.error:
        reason = result.error.strip().splitlines()[-1] if result.error else ""
        return f"{result.case:<24} {'FAILED' if result.read else 'UNREAD':<8} {reason}"
    cells = [f"{result.case:<24} {'ok' if result.ok else 'no':<8}", f"violations {len(result.violations)}"]
    if result.ours and result.theirs:
        cells += [
            f"short {_short(result.ours)} / {_short(result.theirs)}",
            f"late {result.ours.by_parts:.4g} / {result.theirs.by_parts:.4g}",
            f"last {result.ours.at_last:.4g} / {result.theirs.at_last:.4g}",
        ]
    else:
        cells.append("no service to compare")
    return "  ".join([*cells, f"{result.seconds:.1f} s", "; ".join(result.why)]).rstrip()


def _short(service: Service) -> str:
    return f"{service.short:g} ({service.shorts})"


def detail(result: Result, most: int = 12) -> list[str]:
    """What is worth knowing about a case besides its line."""
    found = [f"    warning: {text}" for text in result.warnings]
    found += [f"    violation: {text}" for text in result.violations[:most]]
    if result.error:
        found += [f"    {text}" for text in result.error.strip().splitlines()]
    if result.ours and result.theirs:
        found += _worse(result.ours, result.theirs)
    return found


def _worse(ours: Service, theirs: Service) -> list[str]:
    """The demands that we serve worse, by any measure."""
    found = []
    for name, mine in ours.served.items():
        other = theirs.served[name]
        pairs = [(mine.short, other.short), (mine.by_parts, other.by_parts), (mine.at_last, other.at_last)]
        if any(m > o + 1e-3 for m, o in pairs):
            (s, t), (p, q), (a, b) = pairs
            found.append(f"    demand {name}: short {s:g} / {t:g}, late {p:.4g} / {q:.4g}, last {a:.4g} / {b:.4g}")
    return found


def goal(results: list[Result]) -> int:
    """How many of so many cases must be ok."""
    return ceil(len(results) * GOAL / OF)


def passed(results: list[Result]) -> bool:
    """Every model read, no violation anywhere, and enough cases at least as good."""
    clean = all(r.read and not r.error and not r.violations for r in results)
    return bool(results) and clean and sum(r.ok for r in results) >= goal(results)


def summary(results: list[Result]) -> str:
    """All cases in one line."""
    violating, failed = sum(bool(r.violations) for r in results), sum(bool(r.error) for r in results)
    return (
        f"{len(results)} cases: {sum(r.read for r in results)} read, {violating} with violations, {failed} failed, "
        f"{sum(r.ok for r in results)} ok (goal {goal(results)}), {sum(r.seconds for r in results):.0f} s"
    )


_HEAD = """# Planning cases

Small models of another planner's tests, with the plan it makes under all constraints. Each tries one thing: lead
times, alternates, batch sizes, calendars, change-overs, co-products, work in progress. Gemba reads the same model
(see [from frePPLe](../howto/from-frepple.md)), plans it, has the plan checked by its independent checker, and is at
least as good for the demands where

- no more is short in total, and
- total lateness in days, weighted with 1 / priority, is no more: once by parts (share delivered x days late), once by
  each demand's last delivery. What is short counts as late until the last delivery of either plan.

Columns give Gemba's figure / the other planner's. Run it again with
`python -m benchmarks.check_cases FOLDER --markdown docs/reference/planning-cases.md`.
"""

_NOTES = """

## What the models say that a Gemba model does not

Gemba's plan is not bound by what is listed here, which may flatter it in these cases. Besides, shares of a split and
the longest time a resource may work ahead are wishes to Gemba, and it does not wait for confirmed supply where it can
order.

"""


def markdown(results: list[Result], seconds: float) -> str:
    """The page for the documentation."""
    rows = [
        "| case | result | demands | short | late by parts (d) | last delivery late (d) |",
        "|---|---|---|---|---|---|",
    ]
    for r in sorted(results, key=lambda r: r.case):
        cells = [r.case, "at least as good" if r.ok else "; ".join(r.why) or "failed", str(r.demands)]
        if r.ours and r.theirs:
            cells += [
                f"{r.ours.short:g} / {r.theirs.short:g}",
                f"{r.ours.by_parts:.4g} / {r.theirs.by_parts:.4g}",
                f"{r.ours.at_last:.4g} / {r.theirs.at_last:.4g}",
            ]
        else:
            cells += ["–", "–", "–"]
        rows.append("| " + " | ".join(cells) + " |")
    good = sum(r.ok for r in results)
    said = f"\n{good} of {len(results)} cases at least as good, with at most {seconds:g} s for each.\n\n"
    noted = sorted({(r.case, w) for r in results for w in r.warnings})
    notes = "".join(f"- {case}: {text}\n" for case, text in noted)
    return _HEAD + said + "\n".join(rows) + _NOTES + notes
