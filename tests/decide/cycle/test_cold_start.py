"""The first plan of a fresh install does not wait for the compiler."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from gemba.solvers import cold

_ASIDE = "import gemba.solvers.cold as c, gemba.cli as m, sys; c.compile_aside = lambda: None; sys.exit(m.main())"


def test_a_small_plan_with_an_empty_cache_compiles_nothing(tmp_path: Path) -> None:
    from gemba.cli import main

    assert main(["template", str(tmp_path / "plant.xlsx")]) == 0
    cache = tmp_path / "cache"
    cache.mkdir()
    run = subprocess.run(
        [sys.executable, "-c", _ASIDE, "plan", str(tmp_path / "plant.xlsx")],
        env={**os.environ, "NUMBA_CACHE_DIR": str(cache)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "first plan" in run.stderr
    assert "demands" in run.stdout
    assert not list(cache.rglob("*.nbi"))
    assert (tmp_path / "plant-plan.xlsx").exists()


def test_an_empty_cache_is_cold_and_one_with_kernels_is_not(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert cold.is_cold()
    (tmp_path / "search_1").mkdir()
    (tmp_path / "search_1" / "anneal.anneal-81.py311.nbi").touch()
    assert not cold.is_cold()


def test_a_process_that_has_loaded_kernels_keeps_them(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(cold, "compile_aside", lambda: None)
    import gemba.solvers.compiled  # noqa: F401

    assert not cold.without_kernels()
