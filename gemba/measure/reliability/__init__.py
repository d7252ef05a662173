"""Reliability: mean times, availability, life distributions, and when to replace.

Pure functions from times to frozen results; formulas and sources in docs/reference/spc.md.
"""
