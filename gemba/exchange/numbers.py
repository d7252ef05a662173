"""Numbers as people type them: a point or a comma as decimal sign, never a guess where it could be either."""

from __future__ import annotations

import re
from decimal import Decimal
from math import isfinite
from typing import Any

from gemba.exchange.wrong import WrongCellError

#: No number of a plan is larger than this; larger ones are typing errors and would lose their fractions.
LARGEST = 1e15
_RANGE = f"a number between -{LARGEST:g} and {LARGEST:g}"
_POINT = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?\Z", re.ASCII)
_COMMA = re.compile(r"[+-]?\d+,\d+\Z", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}\Z", re.ASCII)


def parse_decimal(text: str) -> Decimal:
    """A number from text such as ``1234.5``, ``-3`` or ``1234,5``.

    A comma is the decimal sign, except where it could also separate thousands (``1,234``): that is refused.

    Raises:
        WrongCellError: where it is no number or could be read in two ways.
    """
    if _POINT.match(text):
        return Decimal(text)
    if _THOUSANDS.match(text):
        whole, fraction = text.replace(",", ""), text.replace(",", ".")
        raise WrongCellError(f"a number that can be read in one way only: write {whole} or {fraction}")
    if _COMMA.match(text):
        return Decimal(text.replace(",", "."))
    raise WrongCellError("a number such as 1234.5, without units, spaces or thousands separators")


def to_number(value: Any) -> float:
    """A finite number from a cell."""
    if isinstance(value, str):
        value = parse_decimal(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise WrongCellError("a number such as 1234.5")
    if isinstance(value, int) and value.bit_length() > 64:
        raise WrongCellError(_RANGE)
    number = float(value)
    if not isfinite(number):
        raise WrongCellError("a finite number")
    if abs(number) > LARGEST:
        raise WrongCellError(_RANGE)
    return number


def to_whole(value: Any) -> int:
    """A whole number of 32 bits from a cell (databases hold no larger ones in such columns)."""
    number = to_number(value)
    if number != int(number):
        raise WrongCellError("a whole number")
    if not -(2**31) <= number < 2**31:
        raise WrongCellError("a whole number between -2147483648 and 2147483647")
    return int(number)


def plain(value: float | int | Decimal) -> str:
    """A number without exponent and without a useless ``.0``, exact: reading it back gives the same number."""
    if isinstance(value, float):
        value = Decimal(repr(value))
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text
