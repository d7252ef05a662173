"""Code 128: the table's own rules, an example worked out by hand, and reading back what was written."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.app.web.barcodes import PATTERNS, QUIET, STOP, bars, symbols

PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=30)


def test_every_symbol_is_eleven_modules_wide_with_bars_of_even_width_and_no_two_are_alike() -> None:
    widths = [list(map(int, p)) for p in PATTERNS]
    assert len(PATTERNS) == 107
    assert len(set(PATTERNS)) == 107
    assert all(sum(w) == 11 and sum(w[::2]) % 2 == 0 for w in widths[:STOP])
    assert sum(widths[STOP]) == 13


def test_the_check_symbol_is_the_weighted_sum_modulo_103() -> None:
    # M=45, O=47, -=13, 1=17: 104 + 45 + 2*47 + 3*13 + 4*17 = 350; 350 modulo 103 = 41
    assert symbols("MO-1") == [104, 45, 47, 13, 17, 41, 106]


@given(PRINTABLE)
def test_a_reader_of_bars_gets_the_text_back(text: str) -> None:
    found, width = bars(text)
    edges = [edge for left, wide in found for edge in (left, left + wide)]
    assert (edges[0], edges[-1]) == (QUIET, width - QUIET)
    widths = "".join(str(b - a) for a, b in pairwise(edges))
    read = [PATTERNS.index(widths[i : i + 6]) for i in range(0, len(widths) - 7, 6)]
    assert "".join(chr(v + 32) for v in read[1:-1]) == text


def test_what_no_scanner_types_is_refused() -> None:
    for text in ("", "Stuhl ä", "line\nbreak"):
        with pytest.raises(ValueError, match="printable ASCII"):
            symbols(text)
