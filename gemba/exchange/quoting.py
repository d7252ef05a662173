"""How text is kept from being taken for something else when a person opens it in a spreadsheet.

A cell that starts with ``= + - @``, a tab or a carriage return could be run as a formula, so it is written with an
apostrophe before it. ``(blank)`` stands for an empty text where a blank cell would mean the default. Reading undoes it:
``unquote(quote(text)) == text`` for every text.
"""

from __future__ import annotations

import re

BLANK = "(blank)"
_DANGEROUS = re.compile(r"'*[=+\-@\t\r]|'*\(blank\)\Z")
_QUOTED = re.compile(r"'+[=+\-@\t\r]|'+\(blank\)\Z")


def quote(text: str) -> str:
    """The text as it is written to a cell: safe to open in a spreadsheet."""
    return "'" + text if _DANGEROUS.match(text) else text


def unquote(text: str) -> str:
    """The text that a written cell stands for (``(blank)`` itself is left to the reader)."""
    return text[1:] if text.startswith("'") and _QUOTED.match(text) else text
