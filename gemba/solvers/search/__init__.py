"""Compiled scheduling search: timing of machine sequences, dispatching rules, annealing, right shift.

``shop.Shop`` is the problem as flat arrays; ``improve.improve`` searches; every kernel takes and returns plain arrays.
"""
