"""A fresh install has no compiled kernels yet: small plans are made without them, and they are compiled aside for the next time.

Compiling takes a minute or more. Kernels are plain Python as well (Numba's ``NUMBA_DISABLE_JIT``): slow, but quick enough for a
small operation. Where compiled kernels are found nothing of this happens.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

#: A kernel that every warm cache holds.
_SIGN = "anneal.anneal-*.nbi"
_PLAIN = "NUMBA_DISABLE_JIT"


def is_cold() -> bool:
    """Whether the kernels' cache is empty."""
    own = os.environ.get("NUMBA_CACHE_DIR", "")
    if own:
        return not any(Path(own).glob(f"*/{_SIGN}"))
    return not any((Path(__file__).parent / "search" / "__pycache__").glob(_SIGN))


def without_kernels() -> bool:
    """Have kernels run as plain Python here, and compile them in another process; False where it is too late for that."""
    if "numba" in sys.modules:
        return False
    compile_aside()
    os.environ[_PLAIN] = "1"
    return True


def compile_aside(*arguments: str) -> None:
    """Compile all kernels in a process of its own, which outlives this one; ``engines``: those of the special engines only."""
    environment = {k: v for k, v in os.environ.items() if k != _PLAIN}
    subprocess.Popen(
        [sys.executable, "-m", "gemba.solvers.warm", *arguments], env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
