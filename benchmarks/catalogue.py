"""All classes of benchmarks by name."""

from __future__ import annotations

import importlib
import pkgutil

from benchmarks import classes
from benchmarks.harness import Benchmark, Case, Row, run


def benchmarks() -> dict[str, Benchmark]:
    """Every class by its name and its other names."""
    found = {}
    for module in pkgutil.iter_modules(classes.__path__):
        for benchmark in importlib.import_module(f"benchmarks.classes.{module.name}").BENCHMARKS:
            for name in (benchmark.name, *benchmark.aliases):
                found[name] = benchmark
    return found


def by_name(name: str, case: Case, seconds: float, rivals: bool) -> Row:
    """Solve a case of a class, in whatever process."""
    return run(benchmarks()[name], case, seconds, rivals)
