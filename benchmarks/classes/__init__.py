"""Classes of problems that ``python -m benchmarks`` measures: each module lists its own in ``BENCHMARKS``."""
