"""Everything a plan can reach is compiled once, ahead."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from gemba.solvers.warm import warm, warm_engines

_ROOT = Path(__file__).parents[2]


def test_every_engine_solves_its_tiny_problem() -> None:
    warm()
    warm_engines()


def test_the_kernels_of_every_plan_are_compiled_before_those_of_the_special_engines(tmp_path: Path) -> None:
    """As plain Python, so that nothing is compiled here; what is started aside is only noted."""
    code = (
        "import subprocess, runpy, sys\n"
        "subprocess.Popen = lambda command, **rest: print(*command[1:])\n"
        "runpy.run_module('gemba.solvers.warm', run_name='__main__')\n"
    )
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "NUMBA_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=_ROOT, env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["-m", "gemba.solvers.warm", "engines"]
