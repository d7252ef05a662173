"""Statistical process control: control charts, rules, capability, gauges, acceptance sampling's probabilities.

Pure functions from arrays to frozen results; formulas and sources in docs/reference/spc.md.
"""
