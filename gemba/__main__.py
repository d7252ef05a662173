"""``python -m gemba`` is the command ``gemba``."""

import sys

from gemba.cli import main

if __name__ == "__main__":
    sys.exit(main())
