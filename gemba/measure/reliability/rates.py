"""Mean times between failures, to failure and to repair, and availability (ISO 22400-2, IEC 60050-192).

Sources differ in the denominator: FE, the number of failures, or FE + 1, the number of stretches of time that n failures cut
a period into. Every function says which it uses; ``plus_one`` asks for the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gemba.measure.spc.capability import Interval
from gemba.measure.spc.distributions import chi_square_quantile


def mtbf(operating: float, failures: int, plus_one: bool = False) -> float | None:
    """Mean operating time between failures, Σ TBF / FE, in the unit of ``operating`` time (waiting and repair excluded).

    With ``plus_one`` Σ TBF / (FE + 1). None where nothing has failed and the denominator is FE.

    Raises:
        ValueError: where the time or the number is negative.
    """
    return _mean("operating", operating, failures, plus_one)


def mttf(times_to_failure: Sequence[float], running: Sequence[float] = ()) -> float | None:
    """Mean time to failure of items that are not repaired: all time in service, Σ TTF + Σ of those still ``running``, over
    the failures FE. For exponential lives this is the maximum likelihood estimate; None where nothing has failed."""
    total = sum(_time("times_to_failure", t) for t in times_to_failure) + sum(_time("running", t) for t in running)
    return _mean("time in service", total, len(times_to_failure), False)


def mttr(repair: float, failures: int, plus_one: bool = False) -> float | None:
    """Mean time to repair, Σ TTR / FE; with ``plus_one`` Σ TTR / (FE + 1). None without a failure and with FE."""
    return _mean("repair", repair, failures, plus_one)


def inherent_availability(between: float, repair: float) -> float:
    """MTBF / (MTBF + MTTR): the share of time a repaired item works in the long run if nothing else stops it.

    Not the availability of ISO 22400-2, which is actual production time / planned busy time.

    Raises:
        ValueError: where one is negative or both are 0.
    """
    return operational_availability(_time("between", between), _time("repair", repair))


def operational_availability(up: float, down: float) -> float:
    """Up time / (up time + down time), all that keeps an item from work counting as down.

    Raises:
        ValueError: where one is negative or both are 0.
    """
    total = _time("up", up) + _time("down", down)
    if total == 0:
        raise ValueError("up and down are 0; availability needs some time")
    return up / total


def mtbf_interval(operating: float, failures: int, confidence: float = 0.95, at_failure: bool = False) -> Interval:
    """Two-sided interval of MTBF for a constant failure rate: 2T / χ²(1 − α/2; 2r + 2) to 2T / χ²(α/2; 2r).

    For a test that ends at a time; one that ends ``at_failure`` has 2r in both (NIST e-Handbook 8.4.5.1). Without a failure the
    upper end is infinite.

    Raises:
        ValueError: where the time is not above 0, or a test that ends at a failure has none.
    """
    if operating <= 0 or failures < (1 if at_failure else 0):
        raise ValueError(
            f"operating is {operating} and failures {failures}; time must be above 0, failures at least {int(at_failure)}"
        )
    tail = (1 - confidence) / 2
    low = 2 * operating / chi_square_quantile(1 - tail, 2 * failures + (0 if at_failure else 2))
    high = 2 * operating / chi_square_quantile(tail, 2 * failures) if failures else float("inf")
    return Interval(low, high, confidence)


@dataclass(frozen=True, slots=True)
class Record:
    """What happened to one item in a period; times in one unit. ``operating`` and ``repair`` are sums."""

    operating: float
    repair: float
    failures: int

    def __add__(self, other: Record) -> Record:
        return Record(self.operating + other.operating, self.repair + other.repair, self.failures + other.failures)

    @property
    def availability(self) -> float | None:
        """Operating / (operating + repair); None without either. With FE as denominator it equals MTBF / (MTBF + MTTR)."""
        total = self.operating + self.repair
        return operational_availability(self.operating, self.repair) if total > 0 else None


def _mean(name: str, total: float, failures: int, plus_one: bool) -> float | None:
    if failures < 0:
        raise ValueError(f"failures is {failures}; it must be at least 0")
    below = failures + plus_one
    return _time(name, total) / below if below else None


def _time(name: str, value: float) -> float:
    if not 0 <= value < float("inf"):
        raise ValueError(f"{name} is {value}; a time must be at least 0 and finite")
    return value
