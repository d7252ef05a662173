"""What of a plan is in doubt: large plans are mostly in order, and that is seen on whole columns at once.

``screen`` clears orders, ``ample`` resources, stocks and pegs. A rule then reads what is left, one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gemba.decide.check.ample import doubtful_pegs, scarce_items, tight_resources
from gemba.decide.check.columns import Columns
from gemba.decide.check.screen import Screen
from gemba.decide.check.usage import fixed_uses

if TYPE_CHECKING:
    from gemba.decide.check.book import Book
    from gemba.decide.check.needs import Needs


def clear(book: Book, needs: Needs) -> None:
    """Note in the book what is surely in order; nothing where the plan has values that are no numbers of its columns."""
    if not book.plan.orders:
        return
    try:
        with np.errstate(all="ignore"):
            columns = Columns(book)
            clean = Screen(book, needs, columns).clean
            book.tight = tight_resources(book, columns, fixed_uses(book))
            book.scarce = scarce_items(book, columns)
            book.unclear = doubtful_pegs(book, columns)
    except (OverflowError, TypeError, ValueError):
        book.tight = book.scarce = book.unclear = None
        return
    book.cleared = frozenset(o.id for o, good in zip(book.plan.orders, clean.tolist(), strict=True) if good)
    book.suspects = [o for o in book.suspects if o.id not in book.cleared]
