"""Which movements are valid. All that is wrong is said at once, by movement and field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from difflib import get_close_matches

from gemba.execute.ledger.accounts import PAIRS, USES, Key, source, target
from gemba.execute.ledger.balances import Balance
from gemba.operation import Fault, Item, Movement, Operation
from gemba.operation.records import ZERO

TABLE = "movements"


@dataclass(frozen=True)
class Book:
    """What the rules have to know of the ledger and the operation.

    ``start`` are the balances just before the earliest of the new movements and ``later`` the movements there are
    from then on; both for the items that move. ``corrected`` maps the uids of movements to be reversed to these.
    """

    items: Mapping[str, Item]
    places: AbstractSet[str]
    unlimited: AbstractSet[tuple[str, str]] = frozenset()  # (item, place) that may go below zero
    names: Mapping[str, AbstractSet[str]] = field(default_factory=dict)  # known names by kind of account
    start: Mapping[Key, Balance] = field(default_factory=dict)
    later: Sequence[Movement] = ()
    held: AbstractSet[tuple[str, str]] = frozenset()  # (item, lot)
    corrected: Mapping[str, Movement] = field(default_factory=dict)
    reversed: AbstractSet[str] = frozenset()  # uids that are reversed already

    @classmethod
    def of(cls, operation: Operation, **more: object) -> Book:
        """The book of an operation, with what ``more`` says of its ledger."""
        names = {
            "supplier": frozenset(s.name for s in operation.suppliers),
            "customer": frozenset(c.name for c in operation.customers),
            "waste": frozenset(w.name for w in operation.waste_streams),
        }
        return cls(
            items={item.name: item for item in operation.items},
            places=frozenset(p.name for p in operation.places),
            unlimited=frozenset((p.item, p.place) for p in operation.stock_policies if p.supply == "unlimited"),
            names=names,
            **more,  # type: ignore[arg-type]
        )


def faults(movements: Sequence[Movement], book: Book) -> list[Fault]:
    """All that is wrong with new movements, taken together: none where they may be posted."""
    found = [fault for movement in movements for fault in _alone(movement, book)]
    found += _corrections(movements, book)
    wrong = {fault.thing for fault in found}  # what is wrong by itself would only be said twice
    return found + _levels([m for m in movements if m.uid not in wrong], book)


def _alone(m: Movement, book: Book) -> list[Fault]:
    """What is wrong with a movement whatever the balances are."""
    item = book.items.get(m.item)
    if item is None:
        return [_fault(m, "item", m.item, "an item of the operation", m.item, book.items)]
    found = _accounts(m, book)
    if m.cause != "correction" and (m.from_kind, m.to_kind) not in PAIRS[m.cause]:
        allowed = " or ".join(f"{a} to {b}" for a, b in sorted(PAIRS[m.cause]))
        found.append(_fault(m, "cause", f"{m.cause}, {m.from_kind} to {m.to_kind}", f"from {allowed}"))
    if source(m) == target(m):
        found.append(_fault(m, "to_name", m.to_name, "another account than the one it leaves"))
    return found + _tracking(m, item) + _usable(m, book)


def _accounts(m: Movement, book: Book) -> list[Fault]:
    found = []
    for side, account in (("from_name", source(m).account), ("to_name", target(m).account)):
        if account.kind == "store" and account.name and account.name not in book.places:
            found.append(_fault(m, side, account.name, "a place of the operation", account.name, book.places))
        elif account.kind == "wip" and not account.name:
            found.append(_fault(m, side, "", "the number of an order"))
        elif account.name and (known := book.names.get(account.kind)) and account.name not in known:
            found.append(_fault(m, side, account.name, f"a {account.kind} of the operation", account.name, known))
    return found


def _tracking(m: Movement, item: Item) -> list[Fault]:
    """Lots and serial numbers have to be told wherever such an item enters or leaves a store."""
    if item.tracking == "none" or "store" not in (m.from_kind, m.to_kind):
        return []
    if not m.lot:
        return [_fault(m, "lot", "", f"the {_number(item)}: {item.name} is tracked by {item.tracking}")]
    if item.tracking == "serial" and m.quantity != 1:
        return [_fault(m, "quantity", m.quantity, f"1, since each {item.name} has a serial number")]
    return []


def _number(item: Item) -> str:
    return "serial number" if item.tracking == "serial" else "lot number"


def _usable(m: Movement, book: Book) -> list[Fault]:
    """Held and expired lots are not used; they may be scrapped, sent back, moved or counted."""
    if m.cause not in USES:
        return []
    if (m.item, m.lot) in book.held:
        return [_fault(m, "lot", m.lot, f"another lot: this one of {m.item} is held (free it, or scrap it)")]
    expires = _expiry(source(m), m.at, book)
    if expires is not None and expires <= m.at:
        return [_fault(m, "lot", m.lot, f"another lot: this one of {m.item} expired {expires:%Y-%m-%d %H:%M} UTC")]
    return []


def _expiry(key: Key, at: datetime, book: Book) -> datetime | None:
    known = [book.start[key].expires] if key in book.start else []
    known += [m.expires for m in book.later if target(m) == key and m.at <= at]
    return max((moment for moment in known if moment is not None), default=None)


def _corrections(movements: Sequence[Movement], book: Book) -> list[Fault]:
    found, seen = [], set(book.reversed)
    for m in movements:
        if m.cause != "correction" and not m.corrects:
            continue
        of = book.corrected.get(m.corrects)
        if of is None or m.cause != "correction":
            found.append(_fault(m, "corrects", m.corrects, "the uid of a movement, in a correction only"))
        elif of.uid in seen or of.cause == "correction":
            found.append(_fault(m, "corrects", m.corrects, "a movement that is not reversed yet, and no reversal"))
        elif not _is_reverse(m, of):
            found.append(_fault(m, "corrects", m.corrects, "a movement that this one reverses exactly"))
        seen.add(m.corrects)
    return found


def _is_reverse(m: Movement, of: Movement) -> bool:
    same = (m.lot, m.item, m.quantity, m.value) == (of.lot, of.item, of.quantity, of.value)
    return same and m.at >= of.at and (source(m), target(m)) == (target(of), source(of))


def _levels(movements: Sequence[Movement], book: Book) -> list[Fault]:
    """Stores that would go below zero at any moment from the movement on, and serial numbers that would be twice."""
    changes: dict[Key, list[tuple[datetime, Decimal, Movement | None]]] = {}
    for m in book.later:
        _change(changes, m, None)
    touched: dict[Key, None] = {}
    for m in movements:
        _change(changes, m, m)
        touched[source(m)] = touched[target(m)] = None
    found = [fault for key in touched for fault in _below(key, changes.get(key, []), book)]
    return found + _twice(movements, book)


def _change(
    changes: dict[Key, list[tuple[datetime, Decimal, Movement | None]]], m: Movement, new: Movement | None
) -> None:
    changes.setdefault(source(m), []).append((m.at, -m.quantity, new))
    changes.setdefault(target(m), []).append((m.at, m.quantity, new))


def _below(key: Key, changes: list[tuple[datetime, Decimal, Movement | None]], book: Book) -> list[Fault]:
    """The first moment at which this store would be below zero, blamed on the new movement that takes it there."""
    if key.account.kind != "store" or (key.item, key.place) in book.unlimited:
        return []
    level = book.start[key].quantity if key in book.start else ZERO
    changes = sorted(changes, key=lambda c: c[0])
    blamed: Movement | None = None
    for i, (at, change, new) in enumerate(changes):
        level += change
        if new is not None and change < 0:
            blamed = new
        if level < 0 and blamed is not None and (i + 1 == len(changes) or changes[i + 1][0] > at):
            return [_short(blamed, key, level, at, book.items[key.item])]
    return []


def _short(m: Movement, key: Key, level: Decimal, at: datetime, item: Item) -> Fault:
    lot = f" of lot {key.lot}" if key.lot else ""
    where = f"at {key.place}" if key.place else "there"
    left = max(ZERO, m.quantity + level)
    when = "" if at == m.at else f" (it is needed {at:%Y-%m-%d %H:%M} UTC)"
    return _fault(
        m,
        "quantity",
        plain(m.quantity),
        f"at most {plain(left)} {item.unit}: no more{lot} of {key.item} is {where}{when}",
    )


def _twice(movements: Sequence[Movement], book: Book) -> list[Fault]:
    """A serial number is on hand once, wherever that is."""
    serials = {(m.item, m.lot): m for m in movements if book.items[m.item].tracking == "serial" and m.lot}
    if not serials:
        return []
    there = dict.fromkeys(serials, ZERO)
    for key, balance in book.start.items():
        if key.account.kind == "store" and key[:2] in there:
            there[key[:2]] += balance.quantity
    for m in (*book.later, *movements):
        if (m.item, m.lot) in there:
            there[m.item, m.lot] += ((m.to_kind == "store") - (m.from_kind == "store")) * m.quantity
    return [
        _fault(m, "lot", m.lot, f"a serial number of {m.item} that is not on hand already")
        for name, m in serials.items()
        if there[name] > 1
    ]


def plain(number: Decimal) -> str:
    """A number without superfluous zeros."""
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


def _fault(m: Movement, column: str, value: object, allowed: str, near: str = "", among: Iterable[str] = ()) -> Fault:
    closest = get_close_matches(near, list(among), n=1) if near else []
    return Fault(TABLE, m.uid, column, value, allowed, closest[0] if closest else "")
