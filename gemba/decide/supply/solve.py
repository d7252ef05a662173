"""Build plans in several styles and orders of demands, improve the best, and give it back."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from gemba.decide.supply.bound import lower_bound
from gemba.decide.supply.builder import Builder, Style
from gemba.decide.supply.consolidate import consolidate
from gemba.decide.supply.demands import meet
from gemba.decide.supply.draft import Draft
from gemba.decide.supply.network import BufferNode, Network
from gemba.decide.supply.replenish import replenish
from gemba.decide.supply.score import Target, last_ends, penalties, targets
from gemba.decide.supply.seed import seed_inputs, seed_orders, seed_stock
from gemba.operation import Demand
from gemba.operation.moments import seconds

Stop = Callable[[], bool]
Report = Callable[[float, float], None]

_SOONER = 3 * 86400.0  # by how much the heaviest demand's due date counts as sooner
_PATIENCE = 300  # tries without gain after which the search gives up
_SMALL = 400  # demands up to which demands are also tried in parts and the order of demands is searched
#: Styles worth trying on small operations: (look for the part in time, parts of a demand, lots of an order).
_STYLES = (
    (False, 1, 1),
    (True, 1, 1),
    (True, 1, 1000),
    (True, 4, 1),
    (False, 5, 1),
    (False, 1, 1000),
    (True, 10, 1),
    (False, 1, 4),
)


@dataclass(slots=True)
class Genome:
    """All that a build depends on: demands in the order they are met, and the style of each (default first)."""

    order: list[int]
    style: Style
    own: dict[int, Style] = field(default_factory=dict)


@dataclass(slots=True)
class Built:
    draft: Draft
    penalty: dict[str, float]
    short: dict[str, float]
    missing: list[tuple[BufferNode, float, int, str]]
    score: tuple[float, float]
    lacking: list[tuple[BufferNode, int, float]] = field(default_factory=list)


class Solver:
    """One network, built on again and again."""

    def __init__(self, net: Network) -> None:
        self.net = net
        self.wanted: dict[str, Target] = targets(net.demands, net.horizon)
        self.draft = Draft(net)
        self.builder = Builder(net, self.draft, Style())
        seed_stock(self.builder)
        nodes = seed_orders(self.builder)
        self.missing = seed_inputs(self.builder, nodes)
        self.seeded = self.draft.mark()
        self.last: tuple[Genome, Built] | None = None  # what stands on the network now
        self.bound = lower_bound(net, self.wanted)

    def build(self, genome: Genome, stop: Stop | None = None) -> Built | None:
        """Meet every demand in the genome's order, on a clean network; None where ``stop`` broke it off."""
        self.draft.undo(self.seeded)
        self.last = None
        self.builder.stop = stop or (lambda: False)
        short = {}
        for i in genome.order:
            if stop is not None and stop():
                return None
            demand = self.net.demands[i]
            self.builder.style = genome.own.get(i, genome.style)
            left = meet(self.builder, demand)
            if left > 0:
                short[demand.name] = left
        if stop is not None and stop():
            return None
        penalty = penalties(self.draft, self.wanted)
        score = (sum(penalty.values()), last_ends(self.draft, self.wanted))
        built = Built(self.draft, penalty, short, self.missing, score)
        self.last = (genome, built)
        return built

    def finish(self, genome: Genome, stop: Stop) -> Built:
        """Build once more (where the last build was another), and refill safety stock with what is left."""
        built = self.last[1] if self.last is not None and self.last[0] is genome else self.build(genome)
        assert built is not None
        consolidate(self.draft)
        self.last = None
        self.builder.style = Style()
        built.lacking = replenish(self.builder, stop)
        return built


def orders(net: Network) -> list[list[int]]:
    """Orders of demands worth trying: by due date, heavier ones some days sooner; by due date; by weight."""
    n = range(len(net.demands))
    due = [seconds(d.due) for d in net.demands]
    weight = [_weight(d) for d in net.demands]
    heavy = max(weight, default=1.0) or 1.0
    return [
        sorted(n, key=lambda i: (due[i] - _SOONER * weight[i] / heavy, net.demands[i].quantity)),
        sorted(n, key=lambda i: (due[i], -weight[i])),
        sorted(n, key=lambda i: (-weight[i], due[i])),
    ]


def _weight(d: Demand) -> float:
    return d.weight if d.weight is not None else 1.0 / d.priority


def solve(net: Network, stop: Stop, seed: int, steps: int | None, report: Report) -> tuple[Solver, Genome]:
    """The best genome found before ``stop`` says so or after ``steps`` tries; the first build always completes."""
    solver = Solver(net)
    small = len(net.demands) <= _SMALL
    best: tuple[tuple[float, float], Genome] | None = None
    count = 0
    for style in styles(small):
        for order in orders(net)[: None if small else 1]:
            if best is not None and (
                stop() or best[0][0] <= solver.bound + 1e-9 or (steps is not None and count >= steps)
            ):
                return solver, best[1]
            genome = Genome(order, style)
            built = solver.build(genome, stop if best else None)
            count += 1
            if built is not None and (best is None or built.score < best[0]):
                best = (built.score, genome)
                report(built.score[0], solver.bound)
    assert best is not None
    if small:
        return solver, improve(solver, best[1], stop, seed, None if steps is None else steps - count, report)
    return solver, best[1]


def styles(small: bool) -> list[Style]:
    if not small:
        return [Style(late_start=False)]
    found = []
    for split, parts, lots in _STYLES:
        found += [Style(True, split, parts, lots), Style(False, split, parts, lots)]
    return found


def improve(solver: Solver, start: Genome, stop: Stop, seed: int, steps: int | None, report: Report) -> Genome:
    """Local search: meet a penalised demand sooner, or in another style; keep what is not worse."""
    rng = random.Random(seed)
    current = start
    built = solver.build(current)
    assert built is not None
    score, penalty = built.score, built.penalty
    tried = idle = 0
    choices = styles(True)
    while score[0] > solver.bound + 1e-9 and not stop() and (steps is None or tried < steps) and idle < _PATIENCE:
        tried += 1
        idle += 1
        genome = neighbour(solver, current, penalty, rng, choices)
        tried_plan = solver.build(genome, stop)
        if tried_plan is None:
            break
        built = tried_plan
        if built.score <= score:
            if built.score < score:
                idle = 0
                report(built.score[0], solver.bound)
            current, score, penalty = genome, built.score, built.penalty
    return current


def neighbour(
    solver: Solver, genome: Genome, penalty: dict[str, float], rng: random.Random, choices: list[Style]
) -> Genome:
    """The genome with one late demand moved forward (or one on time moved back), or met in another style."""
    demands = solver.net.demands
    late = [i for i in genome.order if penalty[demands[i].name] > 1e-9]
    who = rng.choice(late)
    order, own = genome.order, genome.own
    if rng.random() < 0.5:
        order = [i for i in order if i != who]
        order.insert(rng.randint(0, genome.order.index(who)), who)
    elif rng.random() < 0.3:
        order = list(order)
        a, b = rng.randrange(len(order)), rng.randrange(len(order))
        order[a], order[b] = order[b], order[a]
    else:
        own = {**own, who: rng.choice(choices)}
    return Genome(order, genome.style, own)
