"""Flow shops solved: two searches side by side, bounds, and for small shops a proof."""

from __future__ import annotations

from functools import partial

import numpy as np

from gemba.solvers.flowshop import check, exact
from gemba.solvers.flowshop.bounds import bound
from gemba.solvers.flowshop.problem import FlowShop, Longs
from gemba.solvers.flowshop.result import Result, in_sequence
from gemba.solvers.flowshop.searches import HybridSearch, Search, searches
from gemba.solvers.stop import Report, Run, Stop, quiet

_SLICES = 5  # of about 0.1 s in a step
_EXCHANGES = (0.16, 0.4, 0.6, 0.75, 0.9)  # shares of the search after which both go on from the better one
_PROOF_SHARE = 0.5  # of the time, for shops that fit


def solve(
    shop: FlowShop,
    stop: Stop,
    *,
    seed: int = 0,
    workers: int = 2,
    report: Report = quiet,
    given: Longs | None = None,
) -> Result:
    """The best schedule found until the search ends.

    A step is a slice of work of both searches, about half a second on two cores.

    Args:
        workers: threads; the result of a search with steps and without seconds does not depend on them.
        given: (jobs,) a sequence to begin from.

    Raises:
        ValueError: the given sequence is not one of the jobs.
    """
    run = Run(stop, report)
    if given is not None and sorted(np.asarray(given).tolist()) != list(range(shop.jobs)):
        raise ValueError("given: each job once")
    if shop.jobs == 0 or shop.stages == 0:
        empty = np.zeros((shop.jobs, shop.stages), np.int64)
        value = float(check.objective(shop, empty))
        return Result(value, value, np.arange(shop.jobs), empty, empty)
    low = bound(shop)
    begin = None if given is None else np.array(given, np.int64)
    team = searches(shop, begin, seed, _expected(stop))
    run.tell(float(min(search.cost for search in team)), float(low))
    run.look()
    _search(run, team, low, workers, exact.fits(shop))
    result = _result(shop, team, low)
    if exact.fits(shop) and not result.proven and (stop.steps or run.left > 0) and not stop.asked():
        result = exact.prove(shop, result, run, workers, seed)
    return result


def _search(run: Run, team: list[Search], low: int, workers: int, small: bool) -> None:
    step, share, most = 0, 0.0, _PROOF_SHARE if small else 1.0
    while not run.over(step):
        share_before, share = share, _share(run, step) / most
        if share >= 1.0:
            break
        if any(share_before < at <= share for at in _EXCHANGES):
            _exchange(team)
        run.together([partial(_slices, run, search, share, low) for search in team], workers)
        step += 1
        run.tell(float(min(search.cost for search in team)))
        run.look()


def _expected(stop: Stop) -> float:
    """About how many seconds the search will take; the same on every machine where only steps are set."""
    return stop.seconds if stop.seconds is not None else 0.1 * _SLICES * (stop.steps or 64)


def _share(run: Run, step: int) -> float:
    """How much of the search has passed; without an end to it, it begins anew every 64 steps."""
    if run.stop.seconds is not None:
        return min(1.0, run.passed / max(run.stop.seconds, 1e-9))
    return step / run.stop.steps if run.stop.steps else step % 64 / 64


def _slices(run: Run, search: Search, share: float, low: int) -> None:
    for _ in range(_SLICES):
        if search.cost <= low or run.over():
            break
        search.advance(share, low, run.over)


def _exchange(team: list[Search]) -> None:
    best = min(team, key=lambda search: search.cost)
    if isinstance(best, HybridSearch):
        return
    for search in team:
        if search.cost > best.cost:
            search.adopt(best.sequence)


def _result(shop: FlowShop, team: list[Search], low: int) -> Result:
    best = min(team, key=lambda search: search.cost)
    if isinstance(best, HybridSearch):
        starts, machines = best.schedule()
    else:
        starts, machines = in_sequence(shop, best.sequence), np.zeros(shop.durations.shape, np.int64)
    value = check.objective(shop, starts)
    sequence = np.lexsort((np.arange(shop.jobs), *starts.T[::-1]))
    if not isinstance(best, HybridSearch):
        sequence = best.sequence.copy()
    return Result(float(value), float(min(low, value)), sequence, starts, machines)
