"""The command ``gemba``: plan, check and describe an operation from the terminal, or start the web application."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gemba.decide.cycle import Progress
    from gemba.operation import Fault, Operation, OperationError, Plan

#: Exit codes.
OK, FAILED, BAD_DATA, INTERRUPTED = 0, 1, 2, 130
_MOST_FAULTS = 50
_SMALL = 100  # demands and orders
#: Names of ``gemba.decide.cycle.policies.POLICIES`` that need no published plan, and of ``tradeoff.OBJECTIVES``: known here
#: so that the engines need not be loaded (a test compares).
_POLICIES = ("on_time", "makespan", "least_cost", "least_stock")
_OBJECTIVES = ("weighted_tardiness", "tardiness", "makespan", "stock", "cost")
_APP = {
    "serve": "start the web application",
    "demo": "start the web application with example operations",
    "worker": "carry out the jobs that the web application queues",
    "migrate": "create or update the database",
    "createuser": "make an account of the web application",
    "token": "make a token with which a program uses the API",
    "audit": "verify, export or seal the audit trail",
    "ledger": "verify the checkpoints of an operation's ledger of items",
    "clock": "show or set what time it is in an operation, to play it through",
    "records": "take records of what happened in from files, or write them out",
    "user-scope": "keep an account to a place of an operation",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code."""
    options = _parser().parse_args(arguments)
    options.shell = arguments is None
    from gemba.operation import OperationError

    try:
        code: int = options.run(options)
        return code
    except OperationError as error:
        print_faults(error)
        return BAD_DATA
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return INTERRUPTED
    except OSError as error:
        print(f"gemba: {error}", file=sys.stderr)
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gemba", description="Plan the work of an operation.")
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _plan_options(commands.add_parser("plan", help="plan an operation and say how good the plan is"))
    check = commands.add_parser("check", help="say what is missing, wrong or doubtful in the data")
    _source_options(check)
    check.set_defaults(run=_check)
    _tradeoff_options(
        commands.add_parser("tradeoff", help="plans between two objectives: what more of one costs of the other")
    )
    template = commands.add_parser("template", help="write a workbook to fill in, with an example")
    template.add_argument("path", metavar="PATH", type=Path, help="the .xlsx file to write")
    template.set_defaults(run=_template)
    for name, text in _APP.items():
        _app_options(commands.add_parser(name, help=text), name)
    return parser


def _source_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="SOURCE", type=Path, help="workbook, folder of CSV files, or frePPLe XML")
    parser.add_argument("--adapter", metavar="NAME_OR_FOLDER", help="read another system's data by this adapter")
    parser.add_argument("--now", metavar="MOMENT", help="planning moment, such as '2026-11-30 06:00' (local time)")


def _plan_options(parser: argparse.ArgumentParser) -> None:
    _source_options(parser)
    parser.add_argument("--json", metavar="OUT", help="write the plan as JSON (- is the standard output)")
    parser.add_argument("--xlsx", metavar="OUT", type=Path, help="write the plan as a workbook")
    parser.add_argument("--seconds", metavar="S", type=_positive, help="time for improving the plan (default 15)")
    parser.add_argument("--steps", metavar="N", type=int, help="most plans tried; without --seconds: reproducible")
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="of the random numbers (default 0)")
    parser.add_argument("--policy", choices=_POLICIES, default="on_time", help="what to minimise (default on_time)")
    parser.set_defaults(run=_plan)


def _tradeoff_options(parser: argparse.ArgumentParser) -> None:
    _source_options(parser)
    parser.add_argument("--first", choices=_OBJECTIVES, default="weighted_tardiness", help="one objective")
    parser.add_argument("--second", choices=_OBJECTIVES, default="stock", help="the other one")
    parser.add_argument("--points", metavar="N", type=int, default=5, help="most plans shown (default 5)")
    parser.add_argument("--seconds", metavar="S", type=_positive, default=30.0, help="time for all plans (default 30)")
    parser.set_defaults(run=_tradeoff)


def _tradeoff(options: argparse.Namespace) -> int:
    from gemba.decide.cycle.tradeoff import trade_off

    operation = read_source(options)
    curve = trade_off(operation, options.first, options.second, options.points, seconds=options.seconds)
    print(f"{options.first:>20} {options.second:>20}  plan of")
    for p in curve:
        print(f"{p.first:>20,.3f} {p.second:>20,.3f}  {p.variant}")
    return OK


def _app_options(parser: argparse.ArgumentParser, name: str) -> None:
    if name in ("serve", "demo"):
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")
        parser.add_argument("--workers", type=int, default=1, help="processes that serve pages (default 1)")
    if name == "worker":
        parser.add_argument("--once", action="store_true", help="stop when no job is waiting")
    if name in ("createuser", "token"):
        parser.add_argument("username", help="name of the account")
    if name == "createuser":
        parser.add_argument("--role", help="what the account may do (default planner)")
    if name == "token":
        parser.add_argument("--label", help="what the token is for")
    if name == "audit":
        _audit_options(parser)
    if name == "ledger":
        parser.add_argument(
            "what", choices=("verify", "rebuild"), help="compare with the movements, or make them again"
        )
        parser.add_argument("operation", metavar="OPERATION", help="name of the operation")
    if name == "clock":
        parser.add_argument("operation", metavar="OPERATION", help="name of the operation")
        parser.add_argument("moment", metavar="MOMENT", nargs="?", default="", help="such as 2026-11-23T10:00, or real")
        parser.add_argument("--stands", action="store_true", help="let it stand still there")
    if name == "records":
        _record_options(parser)
    if name == "user-scope":
        parser.add_argument("username", metavar="NAME", help="name of the account")
        parser.add_argument("operation", metavar="OPERATION", help="name of the operation")
        parser.add_argument("place", metavar="PLACE", help="the place; everything inside it counts too; '' is all")
        parser.add_argument("--remove", action="store_true", help="take the place away again")
    parser.add_argument("--data", metavar="FOLDER", help="folder of the database (default: GEMBA_DATA)")
    parser.set_defaults(run=lambda options: _app(name, options))


def _audit_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("verify", "export", "seal"), help="what to do with the trail")
    parser.add_argument("--from", dest="start", metavar="N", type=int, default=1, help="begin with this row")
    parser.add_argument("--expect", metavar="DIGEST", default="", help="verify: a digest that must still be there")


def _record_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("import", "export", "template"), help="what to do")
    parser.add_argument("path", metavar="PATH", type=Path, help="folder of CSV files, CSV file or .xlsx workbook")
    parser.add_argument("--operation", metavar="NAME", default="", help="import, export: name of the operation")
    parser.add_argument("--user", metavar="NAME", default="admin", help="import: the account that does it")
    parser.add_argument(
        "--adapter", metavar="NAME_OR_FOLDER", help="import: read another system's data by this adapter"
    )
    parser.add_argument("--lenient", action="store_true", help="import: leave out records with faults")
    parser.add_argument("--report", metavar="FILE", type=Path, help="import: write faults and doubts as CSV")
    parser.add_argument("--tables", metavar="TABLE", nargs="*", help="export: these only, such as events")


def _positive(text: str) -> float:
    value = float(text)
    if not 0 <= value < 1e9:
        raise argparse.ArgumentTypeError("seconds must be at least 0")
    return value


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"gemba {version('gemba')}"
    except PackageNotFoundError:
        return "gemba (not installed)"


def _app(name: str, options: argparse.Namespace) -> int:
    try:
        commands = import_module("gemba.app.commands")
    except ModuleNotFoundError as error:
        if (error.name or "gemba").startswith("gemba"):
            raise
        print(f"gemba {name} needs {error.name}: pip install 'gemba[web]'", file=sys.stderr)
        return FAILED
    return getattr(commands, name.replace("-", "_"))(options) or OK


def _template(options: argparse.Namespace) -> int:
    from gemba.exchange import write_template

    path = options.path if options.path.suffix else options.path.with_suffix(".xlsx")
    if path.exists():
        print(f"gemba: {path} exists already; give another name or remove it", file=sys.stderr)
        return FAILED
    write_template(path)
    print(f"Wrote {path}. Fill it in, then: gemba check {path}")
    return OK


def read_source(options: argparse.Namespace) -> Operation:
    """The operation that the options name; ``--now`` replaces the moment in the data."""
    from gemba.exchange import read
    from gemba.exchange.dates import to_moment
    from gemba.exchange.wrong import WrongCellError
    from gemba.operation import Fault, OperationError

    clock = datetime.now().astimezone().replace(second=0, microsecond=0)
    operation = read(options.source, options.adapter, now=clock)
    if not options.now:
        return operation
    try:
        now = to_moment(options.now, operation.settings.zone)
    except WrongCellError as wrong:
        raise OperationError([Fault("command", "", "--now", options.now, str(wrong), wrong.nearest)]) from None
    return replace(operation, settings=replace(operation.settings, now=now))


def _check(options: argparse.Namespace) -> int:
    from gemba.exchange.doubts import doubts

    operation = read_source(options)
    print(f"{operation.name}: the data can be planned")
    for name, nouns in operation.tables().items():
        if nouns:
            print(f"  {name:<18}{len(nouns):>9,}")
    found = doubts(operation)
    if found:
        print(f"\nWorth a look ({len(found)})")
    for doubt in found:
        print(f"  {doubt}")
    return OK


def print_faults(error: OperationError) -> None:
    """The faults on the standard error, by file and table; at most fifty of them."""
    groups: dict[tuple[str, str], list[Fault]] = {}
    for fault in error.faults:
        groups.setdefault((fault.source, fault.table), []).append(fault)
    count = len(error.faults)
    print(f"{count} fault{'s' if count > 1 else ''} in the data; nothing was imported.", file=sys.stderr)
    left = _MOST_FAULTS
    for (source, table), faults in groups.items():
        if left <= 0:
            break
        print(f"\n{source + ', ' if source else ''}{table} ({len(faults)})", file=sys.stderr)
        for fault in faults[:left]:
            print(f"  {replace(fault, source='')}", file=sys.stderr)
        left -= len(faults)
    if count > _MOST_FAULTS:
        print(f"\n... and {count - _MOST_FAULTS} more.", file=sys.stderr)


class _Interrupt:
    """Turns the first Ctrl-C into a wish to stop with the best plan so far; the second one ends at once."""

    def __init__(self) -> None:
        self.asked = False

    def __enter__(self) -> Callable[[], bool]:
        self.before = signal.signal(signal.SIGINT, self._ask)
        return lambda: self.asked

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self.before)

    def _ask(self, *_: Any) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        print("\nStopping with the best plan so far; again to end at once.", file=sys.stderr)


class _ProgressLine:
    """One line on a terminal that is written over as the plan gets better."""

    def __init__(self) -> None:
        self.shown_at = 0.0
        self.width = 0

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self.shown_at < 0.1:
            return
        self.shown_at = now
        line = f"{progress.stage:<10} objective {progress.objective:,.4g}  bound {progress.bound:,.4g}"
        self._write(f"{line}  {progress.elapsed:.0f} s")

    def clear(self) -> None:
        if self.width:
            self._write("")
            print("\r", end="", file=sys.stderr, flush=True)

    def _write(self, line: str) -> None:
        print("\r" + line.ljust(self.width), end="", file=sys.stderr, flush=True)
        self.width = len(line)


def _plan(options: argparse.Namespace) -> int:
    import gemba
    from gemba.exchange import summary

    operation = read_source(options)
    seconds = 15.0 if options.seconds is None and options.steps is None else options.seconds
    if options.shell and options.seconds is None and options.steps is None and _is_first(operation):
        seconds = 1.0
    line = _ProgressLine() if sys.stderr.isatty() else None
    interrupt = _Interrupt()
    with interrupt as stop:
        found = gemba.plan(operation, seconds=seconds, steps=options.steps, seed=options.seed, policy=options.policy,
                           progress=line, stop=stop)  # fmt: skip
    if line:
        line.clear()
    print(summary(operation, found), end="", file=sys.stderr if options.json == "-" else sys.stdout)
    _write_plan(operation, found, options)
    return INTERRUPTED if interrupt.asked else OK


def _is_first(operation: Operation) -> bool:
    """Whether kernels are not compiled yet and the operation is small: then it is planned without them, in a second."""
    from gemba.solvers.cold import is_cold, without_kernels

    if len(operation.demands) + len(operation.orders) > _SMALL or not is_cold() or not without_kernels():
        return False
    print(
        "The first plan is made in a second; the next one will be searched for longer, when all is compiled.",
        file=sys.stderr,
    )
    return True


def _write_plan(operation: Operation, plan: Plan, options: argparse.Namespace) -> None:
    from gemba.exchange import plan_document, write_plan_json, write_plan_workbook

    if options.json == "-":
        import orjson

        sys.stdout.buffer.write(orjson.dumps(plan_document(operation, plan), option=orjson.OPT_INDENT_2) + b"\n")
    elif options.json:
        write_plan_json(operation, plan, options.json)
        print(f"\nWrote {options.json}")
    workbook = options.xlsx or (None if options.json else plan_path(options.source))
    if workbook:
        write_plan_workbook(operation, plan, workbook)
        print(f"\nWrote {workbook}", file=sys.stderr if options.json == "-" else sys.stdout)


def plan_path(source: Path) -> Path:
    """Where the plan of a source is written: beside it, named ``<source>-plan.xlsx``."""
    full = source.resolve()
    return full.with_name(f"{full.name if full.is_dir() else full.name.split('.')[0]}-plan.xlsx")
