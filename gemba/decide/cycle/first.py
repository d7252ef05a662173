"""A first plan, at once: what to order and when, without any search for better sequences."""

from __future__ import annotations

from gemba.decide.supply.compile import compile_network
from gemba.decide.supply.result import to_plan
from gemba.decide.supply.solve import solve
from gemba.operation import Operation, Plan

_TRIES = 4  # styles and orders of demands


def first_plan(operation: Operation) -> Plan:
    """Orders, tasks, flows, pegs and deliveries; neither checked nor measured."""
    net = compile_network(operation)
    solver, genome = solve(net, lambda: False, 0, _TRIES, lambda objective, bound: None)
    return to_plan(solver.finish(genome, lambda: False).draft, operation.name)
