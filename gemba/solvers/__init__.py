"""Solvers: compiled search, constraint programming, mixed-integer programming. Generic: they know arrays, not orders.

The only room that imports a solver. Every engine is a package with a problem of flat arrays and
``solve(problem, stop, seed=..., ...)``: see ``stop`` for when a search ends, and ``scheduling`` for the one model that picks the
engine.
"""
