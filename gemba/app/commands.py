"""The commands of the web application: ``gemba serve``, ``demo``, ``worker``, ``migrate``, ``createuser``, ``token``,
``audit``, ``user-scope``.

Each takes the parsed arguments; what they do not have takes its default. Zero or None is success.
"""

from __future__ import annotations

import getpass
import os
import secrets
import signal
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from gemba.app import environment, serving

#: Seconds to plan each demonstration.
DEMO_SECONDS = 4
DEMO_USER, FIRST_USER = "demo", "admin"


def serve(args: Namespace) -> int:
    """Start the web application and a worker."""
    host = getattr(args, "host", "127.0.0.1")
    _set_up(args, host)
    _migrate_new()
    _tidy()
    from django.contrib.auth import get_user_model

    lines = []
    if not get_user_model().objects.exists():
        lines = _account(FIRST_USER)
    return _serve(args, host, lines)


def demo(args: Namespace) -> int:
    """Load the demonstrations, plan them where that was not done before, and start the web application."""
    host = getattr(args, "host", "127.0.0.1")
    _set_up(args, host)
    _migrate()
    lines = _account(DEMO_USER)
    prepare_demonstrations()
    return _serve(args, host, lines)


def worker(args: Namespace) -> int:
    """Carry out jobs until told to stop, or (``once``) until none waits."""
    _set_up(args)
    from gemba.app.jobs.worker import Worker

    working = Worker()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, working.end)
    print(f"Worker {working.name} waits for jobs. Ctrl-C ends it.", flush=True)
    working.run(once=getattr(args, "once", False))
    return 0


def migrate(args: Namespace) -> int:
    """Create or update the database."""
    _set_up(args)
    _migrate(verbosity=1)
    return 0


def createuser(args: Namespace) -> int:
    """Make an account. The password is asked for; from a pipe it is the first line."""
    _set_up(args)
    from gemba.app.actions import RefusedError, create_user

    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if sys.stdin.isatty() and getpass.getpass("Again: ") != password:
        return _refuse("The two passwords differ.")
    try:
        create_user(args.username, getattr(args, "role", None) or "planner", password)
    except RefusedError as error:
        return _refuse(str(error))
    print(f"There is an account {args.username} now.")
    return 0


def token(args: Namespace) -> int:
    """Make a token with which a program may use the API as an account. It is printed once."""
    _set_up(args)
    from django.contrib.auth import get_user_model

    from gemba.app.actions import create_token

    user = get_user_model().objects.filter(username=args.username).first()
    if user is None:
        return _refuse(f"There is no account {args.username}.")
    print(create_token(user, getattr(args, "label", None) or "command line"))
    return 0


def audit(args: Namespace) -> int:
    """Verify the audit trail, write it out as lines of JSON, or seal the records that came since the last seal."""
    _set_up(args)
    return {"verify": _verify, "export": _export, "seal": _seal}[args.what](args)


def _verify(args: Namespace) -> int:
    from gemba.app.queries.proof import verify

    verdict = verify(getattr(args, "start", None) or 1, getattr(args, "expect", None) or "")
    print(verdict)
    return 0 if verdict.unbroken else 1


def _export(args: Namespace) -> int:
    from gemba.app.queries.proof import export

    for line in export(getattr(args, "start", None) or 1):
        print(line)
    return 0


def _seal(args: Namespace) -> int:
    from gemba.app.actions.seals import seal_all

    print(f"{seal_all()} seals made.")
    return 0


def ledger(args: Namespace) -> int:
    """Compare the checkpoints of an operation's ledger with its movements; make wrong ones again (rebuild)."""
    _set_up(args)
    from gemba.app.actions.stock import verify_ledger
    from gemba.app.store.operations import NotFoundError, find

    try:
        operation = find(args.operation).name
    except NotFoundError as unknown:
        return _refuse(unknown)
    wrong = verify_ledger(operation, repair=args.what == "rebuild")
    for words in wrong:
        print(words)
    print(f"{len(wrong)} balances were wrong." if wrong else "Every balance is what the movements add up to.")
    return 1 if wrong and args.what == "verify" else 0


def user_scope(args: Namespace) -> int:
    """Keep an account to a place of an operation and everything inside it, or take that place away again."""
    _set_up(args)
    from gemba.app.actions import RefusedError
    from gemba.app.actions.accounts import give_place, take_place
    from gemba.app.store.operations import NotFoundError

    change = take_place if getattr(args, "remove", False) else give_place
    try:
        places = change(args.username, args.operation, args.place)
    except (RefusedError, NotFoundError) as error:
        return _refuse(str(error))
    where = ", ".join(place or "every place" for place in places) or "every place, as no place is set"
    print(f"{args.username} is at {where} of {args.operation}.")
    return 0


def records(args: Namespace) -> int:
    """Take records in from files, write them to files, or write a template for them."""
    _set_up(args)
    from gemba.app import record_commands

    return record_commands.run(args)


def clock(args: Namespace) -> int:
    """Show or set what time it is in an operation."""
    _set_up(args)
    from gemba.app import clock_command

    return clock_command.run(args)


def prepare_demonstrations() -> None:
    """Import each demonstration and plan it; what is there already stays as it is."""
    from django.contrib.auth import get_user_model

    from gemba import demonstrations
    from gemba.app.actions import import_demonstration, request_plan
    from gemba.app.jobs.worker import Worker
    from gemba.app.store.models import CURRENT, Dataset, PlanVersion

    user = get_user_model().objects.get(username=DEMO_USER)
    asked = 0
    for name in demonstrations.names():
        operation = demonstrations.load(name)
        stored = Dataset.objects.filter(name=operation.name, state=CURRENT).first()
        stored = stored or import_demonstration(user, name)
        planned = PlanVersion.objects.filter(operation=operation.name).exists()
        if not planned and not stored.jobs.filter(state__in=("queued", "running")).exists():
            request_plan(user, stored.pk, {"seconds": DEMO_SECONDS})
            asked += 1
    if asked:
        print(f"Planning {asked} demonstrations, about {(DEMO_SECONDS + 4) * asked} seconds ...", flush=True)
        Worker().run(once=True)


def _set_up(args: Namespace, host: str = "") -> None:
    """Read the settings for this data folder and address; nothing of Django may be imported before."""
    if getattr(args, "data", None):
        os.environ["GEMBA_DATA"] = str(Path(args.data).resolve())
    if host and not serving.is_loopback(host) and "GEMBA_HOSTS" not in os.environ and host not in ("0.0.0.0", "::"):
        os.environ["GEMBA_HOSTS"] = ",".join([host, *environment.LOOPBACK])
    os.environ["GEMBA_DATA"] = str(environment.data_dir())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gemba.app.settings")
    import django

    django.setup()


def _migrate(verbosity: int = 0) -> None:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=verbosity)


def _migrate_new() -> None:
    """Make the tables of an empty database; one with data is changed by ``gemba migrate`` alone.

    Raises:
        SystemExit: where the database is older than this program.
    """
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    if not connection.introspection.table_names():
        _migrate()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise SystemExit("The database is older than this program. Make a copy of it, then: gemba migrate")


def _tidy() -> None:
    """Throw away sessions that have run out."""
    from django.core.management import call_command

    call_command("clearsessions")


def _account(name: str) -> list[str]:
    """An account with a random password, kept in the data folder so that it can be shown again; how to sign in.

    A password that was changed since is the person's own, and not shown.
    """
    from django.contrib.auth import get_user_model

    from gemba.app.actions import create_user

    path = environment.data_dir() / f"{name}-password"
    user = get_user_model().objects.filter(username=name).first()
    if user is None:
        path.unlink(missing_ok=True)  # of a database that is gone
    elif not path.exists():
        return [f"Sign in as  {name}"]
    password = environment.private_text(path, lambda: secrets.token_urlsafe(12))
    if user is None:
        create_user(name, "general_manager", password)
    elif not user.check_password(password):
        return [f"Sign in as  {name}"]
    return [f"Sign in as  {name}", f"Password    {password}   (kept in {path})"]


def _serve(args: Namespace, host: str, lines: list[str]) -> int:
    from django.conf import settings

    from gemba.app.store.sqlite_version import sqlite_warning

    wanted = getattr(args, "port", None) or 8000
    port = serving.free_port(host, wanted)
    if "sqlite" in settings.DATABASES["default"]["ENGINE"] and sqlite_warning():
        print(f"Note: {sqlite_warning()}", file=sys.stderr)
    if not serving.is_loopback(host) and "GEMBA_HOSTS" not in os.environ:
        print("Note: set GEMBA_HOSTS to the names people use, such as gemba.example.com.", file=sys.stderr)
    shown = f"[{host}]" if ":" in host else host
    also = f"   (port {wanted} is taken)" if port != wanted else ""
    print("\n".join(["", f"Gemba is at http://{shown}:{port}/{also}", *lines, "Ctrl-C stops it.", ""]), flush=True)
    serving.run(host, port, getattr(args, "workers", None) or 1)
    return 0


def _refuse(words: Any) -> int:
    print(words, file=sys.stderr)
    return 1
