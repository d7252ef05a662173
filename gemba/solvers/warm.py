"""Compile every kernel once and keep it on disk, so that no plan waits for the compiler: ``python -m gemba.solvers.warm``.

The kernels of every plan come first; those of the special engines follow in a process of their own.
"""

from __future__ import annotations

import os
import sys

import numpy as np

from gemba.solvers import flexible, lots, netting, onemachine, project, tardiness
from gemba.solvers.assembly import assembly
from gemba.solvers.assembly import solve as assemble
from gemba.solvers.cold import compile_aside
from gemba.solvers.compiled.chance import seeded
from gemba.solvers.jobshop import warm as jobshop_warm
from gemba.solvers.scheduling import Model, Term, lists
from gemba.solvers.search.ejection import load, off_home, saved, shake
from gemba.solvers.search.fold import groups, settle_early
from gemba.solvers.search.matchup import Home, match
from gemba.solvers.search.pushing import misfits, settle, total
from gemba.solvers.search.reinsert import recreate, ruin
from gemba.solvers.search.search import Search
from gemba.solvers.search.shift import shift_right
from gemba.solvers.search.shop import shop
from gemba.solvers.stop import Run, Stop


def warm() -> None:
    """Search a tiny shop with everything a shop can have."""
    arcs = [(0, 1, 0, 0), (2, 3, 5, 0)]
    tiny = shop(
        [3, 4, 5, 6], calendar=0, due=[100, 1, 100, 2], weight=1.0, arcs=arcs, slots=[(0, 0), (1, 1), (2, 1), (3, 0)],
        busy=[(0, 2, 4)], hours=[[(0, 10), (20, 400)]],
    )  # fmt: skip
    times = np.column_stack([np.arange(4) * 50, np.arange(4) * 50 + 10])
    settle_early(tiny, times.copy(), np.zeros(4, bool))
    groups(np.array(arcs, np.int64), tiny.slots, 2, np.zeros(4, np.int64))
    search = Search(tiny, times, 0)
    search.try_rules(2)
    search.anneal(0, 20, 20)
    found = search.back_to_best().copy()
    shift_right(tiny, search.state.line, found, np.arange(4), np.full(4, 500))
    _matchup()
    _lists()
    _assembly()
    _netting()
    _lots()


def warm_engines() -> None:
    """Solve a tiny problem of each special engine, so that an operation that is exactly one of them does not wait either."""
    rows = [[(m, 3 + (j * 5 + m * 3) % 7) for m in ((j + k) % 3 for k in range(3))] for j in range(4)]
    stop = Stop(steps=2)
    jobshop_warm.warm()
    flexible.solve(flexible.FlexibleJobShop.of([[[step, (0, 9)] for step in job] for job in rows]), stop)
    project.solve(project.project([3, 4, 2, 5], [[1], [1], [2], [1]], [2], [(0, 2), (1, 3)]), stop)
    onemachine.solve(onemachine.problem([3, 4, 5, 2], [4, 5, 6, 7], [1, 2, 3, 1]), stop)
    tardiness.solve(tardiness.problem(rows, [9, 8, 12, 7], [1, 2, 1, 3]), stop)


def _matchup() -> None:
    """Put a task back whose machine is closed at its published time, and look at what moved again."""
    times = np.array([(0, 4), (4, 8), (8, 12)], np.int64)
    tiny = shop(
        [4, 4, 4], calendar=[0, 1, 0], release=times[:, 0], due=[4, 8, 12], weight=1.0, arcs=[(0, 1, 0, 0)],
        slots=[(0, 0), (1, 1), (2, 0)], machines=2, hours=[[(0, 400)], [(0, 5), (20, 400)]],
    )  # fmt: skip
    ways = np.array([(0, 4, 0), (1, 4, 1), (0, 4, 2), (0, 4, 3)], np.int64)
    more = np.array([(0, 0), (3, 1), (0, 0)], np.int64)
    own, rows = np.zeros(3, np.int64), np.array([0, 1, 0, 0], np.int64)
    home = Home(times, own, np.ones(3), times[:, 0].copy(), more, ways, rows)
    found, choice, nobody = match(tiny, home), np.zeros(3, np.int64), np.zeros(3, bool)
    lost = np.flatnonzero(misfits(tiny, found, home, np.arange(3)))
    settle(tiny, found, home, 0.01, lost[:0])
    ruin(tiny, found, home, 0.01, lost, 0.0)
    recreate(tiny, found, home, 0.01, 4, lost, np.inf, np.inf, choice)
    kept, best, value = saved(tiny, found), saved(tiny, found), np.zeros(2)
    value[:] = total(tiny, found, home, 0.01)
    shake(tiny, found, home, kept, best, value, 0.01, 4, 2, np.inf, 0.1, 4, seeded(0), nobody, choice)
    off_home(tiny, found, home, nobody)
    load(tiny, found, best)


def _lists() -> None:
    """Schedule a task by lists of the general model, and by dispatching."""
    model = Model()
    model.mode(model.task(due=0, weight=1.0), 1, [model.resource()])
    model.minimise(Term.TARDINESS)
    lists.search(model.build(), Run(Stop(steps=40)), seed=0, workers=1, steps=40)


def _assembly() -> None:
    """Place two jobs of two tasks, of which one is late and waits for material."""
    tiny = assembly(
        due=[5, 90], weight=[1.0, 1.0], release=[0, 0], pieces=[4, 4], tasks=[0, 2, 4], machine=[0, 1, 0, 1], fixed=[0.0] * 4,
        unit=[3.0] * 4, follower=[1, -1, 3, -1], needs=[0, 1, 1, 2, 2], material=[0, 0], need=[1.0, 1.0], calendar=[0, 0],
        stock=[5.0], supplied=[60], hours=[[(0, 400)]],
    )  # fmt: skip
    assemble(tiny, Stop(steps=2), workers=1)


def _netting() -> None:
    """Net two items of two periods, of which one goes into the other."""
    zero, one = (np.full(1, value, np.int64) for value in (0, 1))
    first, last = np.array([0, 0, 1], np.int64), np.array([0, 1, 1], np.int64)
    lines = netting.Lines(zero, one, one * netting.SCALE, zero, zero, one * 2, first, zero, last, zero)
    level, none = np.empty(2, np.int64), np.zeros(2, np.int64)
    netting.levels(last, one, np.array([0, 1]), level)
    rule = np.ascontiguousarray(np.array([[1, 0, 0, 0]] * 2, np.int64))
    need = np.array([[0, netting.SCALE], [0, 0]], np.int64)
    receipt, due, release, stock = (np.zeros_like(need) for _ in range(4))
    tables = netting.Tables(need, receipt, due, release, stock, none.copy())
    netting.run(np.array([0, 1]), lines, netting.Items(none, none, rule, np.ones(2, np.bool_)), tables)


def _lots() -> None:
    """Size lots of two items in three periods."""
    lots.solve(
        lots.Problem(
            demand=np.array([[5.0, 4.0, 3.0], [2.0, 6.0, 4.0]]), unit_time=np.ones(2), setup_time=np.ones(2),
            setup_cost=np.full(2, 9.0), holding=np.ones(2), capacity=np.full(3, 14.0), overtime_cost=np.ones(1),
            overtime=np.full(3, np.inf),
        ),
        Stop(steps=1),
    )  # fmt: skip


if __name__ == "__main__":
    if "engines" in sys.argv:
        if hasattr(os, "nice"):
            os.nice(10)
        warm_engines()
    else:
        warm()
        compile_aside("engines")  # they take longer, and few plans need them at once
