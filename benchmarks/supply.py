"""Plans generated supply models: ``python -m benchmarks.supply [FOLDER] ...`` is ``python -m benchmarks supply [FOLDER] ...``."""

from __future__ import annotations

import sys

from benchmarks.__main__ import main

if __name__ == "__main__":
    folder = [] if sys.argv[1:2] and not sys.argv[1].startswith("-") else ["../shared/bench/supply"]
    sys.exit(main(["supply", *folder, *sys.argv[1:]]))
