"""Code 128 barcodes as SVG, for labels that any scanner reads.

Code set B of ISO/IEC 15417: printable ASCII. A symbol is 3 bars and 3 spaces, 11 modules wide (the stop has 7 parts and
13 modules); the check symbol is (start + sum of position times value) modulo 103.
"""

from __future__ import annotations

START_B, STOP = 104, 106
QUIET = 10  # modules left blank on either side
#: Widths of bars and spaces of the symbols 0 to 106.
_WIDTHS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 "
    "123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 "
    "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 "
    "111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 "
    "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112"
)
PATTERNS = _WIDTHS.split()


def symbols(text: str) -> list[int]:
    """The symbols of a text: start, one for each character, check, stop.

    Raises:
        ValueError: where a character is no printable ASCII.
    """
    values = [ord(c) - 32 for c in text]
    if not values or not all(0 <= v < 95 for v in values):
        raise ValueError(f"a barcode holds printable ASCII characters only, not {text!r}")
    check = (START_B + sum(i * v for i, v in enumerate(values, 1))) % 103
    return [START_B, *values, check, STOP]


def bars(text: str) -> tuple[list[tuple[int, int]], int]:
    """The bars as (left, width), and the width of the whole, in modules."""
    found, at = [], QUIET
    for symbol in symbols(text):
        for i, width in enumerate(map(int, PATTERNS[symbol])):
            if i % 2 == 0:
                found.append((at, width))
            at += width
    return found, at + QUIET
