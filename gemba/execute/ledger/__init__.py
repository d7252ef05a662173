"""The ledger of items: double-entry movements between accounts, and what follows from them. Pure.

``movements`` makes them, ``rules`` says which are valid, ``balances`` adds them up as of any moment, ``available``
takes off what is reserved, held or expired, ``pick`` chooses lots, ``genealogy`` follows lots, ``counting`` counts.
"""

from gemba.execute.ledger.accounts import Account, Key
from gemba.execute.ledger.balances import Balance, balances, on_hand
from gemba.execute.ledger.costs import Costs
from gemba.execute.ledger.movements import Maker
from gemba.execute.ledger.rules import Book, faults

__all__ = ["Account", "Balance", "Book", "Costs", "Key", "Maker", "balances", "faults", "on_hand"]
