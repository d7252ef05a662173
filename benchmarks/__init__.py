"""Measures Gemba against published results; run with ``python -m benchmarks.<name> FOLDER``."""
