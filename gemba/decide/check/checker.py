"""The checker: every family of rules over one plan."""

from __future__ import annotations

from gemba.decide.check.book import Book
from gemba.decide.check.buckets import check_buckets
from gemba.decide.check.capacity import check_capacity
from gemba.decide.check.changeover import check_setups
from gemba.decide.check.changes import clear_unchanged
from gemba.decide.check.demands import check_demands
from gemba.decide.check.doubts import clear
from gemba.decide.check.existing import check_existing
from gemba.decide.check.flows import check_flows
from gemba.decide.check.lots import check_lots
from gemba.decide.check.materials import check_materials
from gemba.decide.check.needs import Needs
from gemba.decide.check.orders import check_orders
from gemba.decide.check.pegs import check_pegs
from gemba.decide.check.precedence import check_precedence
from gemba.decide.check.release import check_release
from gemba.decide.check.service import check_service
from gemba.decide.check.times import check_times
from gemba.decide.check.usage import all_uses
from gemba.operation import Operation, Plan


def check(operation: Operation, plan: Plan) -> list[str]:
    """What a plan breaks of the rules, as sentences; an empty list where it breaks none.

    It reads the operation and the plan only, and never raises for a wrong plan. Moments may err by a second,
    quantities by a millionth.
    """
    book = Book(operation, plan)
    needs = Needs(book)
    clear(book, needs)
    return _broken(book, needs)


def check_changes(before: Operation, published: Plan, operation: Operation, plan: Plan) -> list[str]:
    """What ``check(operation, plan)`` finds, where ``check(before, published)`` found nothing: only what differs is read.

    Rows that the plans share must be the same objects and unchanged since. Where so much or such a thing differs that looking
    at the difference is no shorter, the whole plan is read.
    """
    book = Book(operation, plan)
    needs = Needs(book)
    if not clear_unchanged(book, before, published):
        clear(book, needs)
    return _broken(book, needs)


def _broken(book: Book, needs: Needs) -> list[str]:
    uses = all_uses(book, needs)
    return [
        *check_orders(book),
        *check_lots(book),
        *check_release(book),
        *check_existing(book),
        *check_times(book, needs),
        *check_precedence(book, needs),
        *check_setups(book, needs),
        *check_capacity(book, uses),
        *check_buckets(book, uses),
        *check_flows(book),
        *check_materials(book),
        *check_demands(book),
        *check_pegs(book),
        *check_service(book),
    ]
