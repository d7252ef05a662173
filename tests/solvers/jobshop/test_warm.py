from __future__ import annotations

import subprocess
import sys

_CODE = """
from gemba.solvers.jobshop import exchange, guided, refute
from gemba.solvers.jobshop.warm import warm
warm()
called = {refute: "refute restart settle_all ask_for_less", exchange: "adopt intersect", guided: "follow"}
print(*(name for module, names in called.items() for name in names.split() if not getattr(module, name).signatures))
"""


def test_the_kernels_that_proofs_and_guided_search_call_are_compiled_ahead() -> None:
    """In a process of its own, where no other test has compiled any."""
    run = subprocess.run([sys.executable, "-c", _CODE], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []
