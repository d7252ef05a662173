"""Plans generated supply models and has an independent program check and score the plans.

    python -m benchmarks.supply [FOLDER] [--model w10k] [--seconds S]

FOLDER holds ``generate.py`` (makes a model of any size as JSON) and ``check.py`` (checks a plan from first
principles and prints its figures). Exit status 0 where every plan passes and every bar is met; else 1.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.supply_model import operation_of, plan_document
from gemba.decide import cycle


@dataclass(frozen=True)
class Model:
    """Arguments of the generator, the seconds to improve in, and the bars: wall seconds, share on time, tardiness."""

    items: int
    demands: int
    seconds: float
    wall: float
    on_time: float = 0.0
    tardiness: float = float("inf")
    calendar: bool = False


MODELS = {
    "w1k": Model(100, 1_000, 5, 30),
    "w10k": Model(1_000, 10_000, 15, 30, 95.0, 3_500),
    "w10k-calendar": Model(1_000, 10_000, 15, 60, calendar=True),
    "w100k": Model(10_000, 100_000, 60, 300),
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.supply", description="Plans generated supply models.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("../shared/bench/supply"))
    parser.add_argument("--model", choices=MODELS, action="append", help="default: w1k and w10k")
    parser.add_argument("--seconds", type=float, default=None, help="time to improve each plan in")
    options = parser.parse_args(arguments)
    if not (options.folder / "generate.py").exists():
        print(f"{options.folder} has no generate.py: nothing to do here", file=sys.stderr)
        return 1
    return max(_run(options.folder, name, options.seconds) for name in options.model or ("w1k", "w10k"))


def _run(folder: Path, name: str, seconds: float | None) -> int:
    model = MODELS[name]
    with tempfile.TemporaryDirectory() as scratch:
        source, target = Path(scratch) / "model.json", Path(scratch) / "plan.json"
        command = ["--items", str(model.items), "--demands", str(model.demands), "--out", str(source)]
        command += ["--calendar"] if model.calendar else []
        subprocess.run([sys.executable, str(folder / "generate.py"), *command], check=True, stdout=subprocess.DEVNULL)
        operation = operation_of(json.loads(source.read_text()))
        begun = time.monotonic()
        plan = cycle.plan(operation, seconds=seconds if seconds is not None else model.seconds)
        wall = time.monotonic() - begun
        target.write_text(json.dumps(plan_document(plan)))
        checked = subprocess.run(
            [sys.executable, str(folder / "check.py"), str(source), str(target)],
            capture_output=True,
            text=True,
            check=False,
        )
    on_time = _figure(r"on time \d+ \(([\d.]+)%\)", checked.stdout)
    tardiness = _figure(r"priority-weighted ([\d.]+)", checked.stdout)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    ok = checked.returncode == 0 and not plan.violations and wall <= model.wall and on_time >= model.on_time
    ok = ok and tardiness <= model.tardiness and memory <= 8
    print(f"{name}: {'ok' if ok else 'NOT OK'}  {wall:.1f} s (bar {model.wall:g}), {memory:.2f} GiB, on time {on_time} % "
          f"(bar {model.on_time:g}), weighted tardiness {tardiness:.0f} d (bar {model.tardiness:g}), "
          f"violations {len(plan.violations)}")  # fmt: skip
    print("  " + checked.stdout.strip().replace("\n", "\n  "))
    return 0 if ok else 1


def _figure(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    return float(found.group(1)) if found else float("nan")


if __name__ == "__main__":
    sys.exit(main())
