"""Settings of the operation as a whole."""

from __future__ import annotations

from datetime import datetime

from gemba.operation.calendar import is_zone
from gemba.operation.noun import Noun, duration, moment, noun, number, text


@noun("settings", "name")
class Settings(Noun):
    """One row: the operation's name, its planning moment, time zone, horizon and currency."""

    name: str = text("Name of the operation", example="Chair factory")
    now: datetime = moment("The planning moment: nothing is planned before it", example=datetime(2026, 11, 23, 6))
    zone: str = text(
        "Time zone of dates in this data, such as Europe/Berlin; blank means dates carry no zone",
        default="",
        example="Europe/Berlin",
    )
    horizon: float = duration("How far ahead of now to plan", default=3650 * 86400.0, above=0, example="365 d")
    frozen: float = duration("Work that starts within this time of now is not changed", default=0.0, example="0 d")
    safety_time: float = duration(
        "Time before the due date by which proposed work for a demand should be complete, where possible",
        default=0.0,
        example="4 h",
    )
    currency: str = text("Currency of costs and prices", default="EUR", example="EUR")
    stock_cost_rate: float = number(
        "Yearly cost of holding stock, as a share of its value", default=0.2, low=0, example=0.2
    )
    description: str = text("Free text", default="", example="")

    def rules(self) -> list[tuple[str, str]]:
        return [] if is_zone(self.zone) else [("zone", "a time zone of the IANA list, such as Europe/Berlin")]
