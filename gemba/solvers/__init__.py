"""Solvers: compiled search and constraint programming. Generic: they know arrays, not orders.

The only room that imports a solver.
"""
