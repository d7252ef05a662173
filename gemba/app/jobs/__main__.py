"""A worker beside the web server: ``python -m gemba.app.jobs``. It ends when its standard input closes, as the
server's death makes it."""

from __future__ import annotations

import os
import signal
import sys
import threading


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gemba.app.settings")
    import django

    django.setup()
    from gemba.app.jobs.worker import Worker

    worker = Worker()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, worker.end)

    def wait_for_the_server() -> None:
        os.read(0, 1)
        worker.end()

    threading.Thread(target=wait_for_the_server, daemon=True).start()
    worker.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
