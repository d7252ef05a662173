"""The cheapest place of a job is the one that trying all places finds, with and without a limit."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.solvers.compiled.chance import seeded
from gemba.solvers.flowshop import FlowShop, Objective
from gemba.solvers.flowshop.check import objective
from gemba.solvers.flowshop.lanes import LANES, cheapest_place, fill, timing
from gemba.solvers.flowshop.result import in_sequence


@st.composite
def sums(draw: st.DrawFn) -> tuple[FlowShop, np.random.Generator]:
    """A shop whose objective is a sum, with more places than are timed at once or fewer."""
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    jobs, stages = draw(st.integers(1, 2 * LANES)), draw(st.integers(1, 5))
    setups = random.integers(0, 20, (stages, jobs, jobs)) if draw(st.booleans()) else None
    shop = FlowShop(
        random.integers(0, 50, (jobs, stages)),
        draw(st.sampled_from([Objective.FLOW_TIME, Objective.TARDINESS])),
        setups=setups,
        due=random.integers(-10, 30 * jobs + 1, jobs),
        weights=random.integers(0, 4, jobs) if draw(st.booleans()) else None,
    )
    return shop, random


def put_in_everywhere(shop: FlowShop, sequence: list[int], job: int) -> list[int]:
    """The objective with the job at each place; jobs that are not in the sequence count as much wherever it is."""
    rows = [*sequence, job]
    index = {number: row for row, number in enumerate(rows)}
    setups = None if shop.setups is None else shop.setups[:, rows][:, :, rows]
    part = FlowShop(shop.durations[rows], shop.objective, setups=setups, due=shop.due[rows], weights=shop.weights[rows])
    orders = [[*sequence[:k], job, *sequence[k:]] for k in range(len(sequence) + 1)]
    return [objective(part, in_sequence(part, np.array([index[j] for j in order]))) for order in orders]


@settings(max_examples=30)
@given(sums(), st.integers(-20, 20))
def test_the_cheapest_place_is_found_and_none_where_all_cost_as_much_as_the_limit(
    case: tuple[FlowShop, np.random.Generator], more: int
) -> None:
    shop, random = case
    sequence = random.permutation(shop.jobs)
    job, length = int(sequence[-1]), int(random.integers(0, shop.jobs))
    line = shop.line()
    times = timing(line)
    fill(line, times, sequence, length, 0)
    costs = put_in_everywhere(shop, sequence[:length].tolist(), job)
    place, cost, _ = cheapest_place(line, times, sequence, length, job, 1 << 60, seeded(0), 0.0)
    assert cost == costs[place] == min(costs)
    place, cost, _ = cheapest_place(line, times, sequence, length, job, min(costs) + more, seeded(0), 0.0)
    assert (place >= 0) == (more > 0)
    assert place < 0 or cost == costs[place] == min(costs)
