"""When to replace: the age at which planned replacement and failures together cost least (Barlow & Hunter 1960)."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from gemba.measure.reliability.weibull import Weibull
from gemba.measure.spc.distributions import root


@dataclass(frozen=True, slots=True)
class Replacement:
    """Replace at ``age`` or at failure, whichever is first; infinite: only at failure. Costs are per unit of time.

    ``run_to_failure`` is what replacing only at failure costs; ``planned`` is the share of replacements at the age.
    """

    age: float
    cost: float
    run_to_failure: float
    planned: float

    @property
    def saving(self) -> float:
        """Share of the cost of running to failure that replacing at the age saves."""
        return 1 - self.cost / self.run_to_failure


def cost_rate(life: Weibull, age: float, planned: float, failure: float) -> float:
    """C(t) = (c_p R(t) + c_f F(t)) / ∫₀ᵗ R(x) dx, the long-run cost per unit of time of replacing at age t.

    Raises:
        ValueError: where the age or a cost is not above 0.
    """
    _costs(planned, failure)
    if not age > 0:
        raise ValueError(f"age is {age}; it must be above 0")
    if age == inf:
        return failure / life.mean
    return (planned * life.reliability(age) + failure * life.failed(age)) / life.mean_until(age)


def best_age(life: Weibull, planned: float, failure: float) -> Replacement:
    """The age that costs least, for a planned replacement that costs ``planned`` and one after failure ``failure`` in all.

    It solves h(t) ∫₀ᵗ R(x) dx − F(t) = c_p / (c_f − c_p), which has one solution where the failure rate h grows (β > 1)
    and a failure costs more; else running to failure costs least. An age beyond which fewer than 10⁻⁹ survive counts as never.

    Raises:
        ValueError: where a cost is not above 0.
    """
    _costs(planned, failure)
    never = failure / life.mean
    oldest = life.life(1 - 1e-9)
    if life.shape <= 1 or failure <= planned or _excess(life, oldest, planned, failure) <= 0:
        return Replacement(inf, never, never, 0.0)
    age = root(lambda t: _excess(life, t, planned, failure), 0.0, oldest)
    return Replacement(age, cost_rate(life, age, planned, failure), never, life.reliability(age))


def _excess(life: Weibull, age: float, planned: float, failure: float) -> float:
    return life.hazard(age) * life.mean_until(age) - life.failed(age) - planned / (failure - planned)


def _costs(planned: float, failure: float) -> None:
    if not (0 < planned < inf and 0 < failure < inf):
        raise ValueError(f"planned is {planned} and failure {failure}; costs must be above 0 and finite")
