"""Quality: what is inspected, against which limits, how often; and the reasons that reports give."""

from __future__ import annotations

from gemba.operation.noun import Noun, choice, flag, noun, number, text, whole

REASON_KINDS = ("scrap", "rework", "pause", "down", "adjustment", "return", "nonconformance", "waste")
CHARTS = ("", "xbar_r", "xbar_s", "i_mr", "p", "np", "c", "u", "ewma", "cusum")


@noun("reason_codes", "name")
class ReasonCode(Noun):
    """Why something was scrapped, reworked, paused, down or adjusted: the list that people choose from."""

    name: str = text("Unique name or code of the reason", example="Paint run")
    kind: str = choice("What it explains", REASON_KINDS, example="scrap")
    category: str = text("Group of reasons, for Pareto charts", default="", example="Paint")
    planned: bool = flag("Whether the stop it explains is planned (break, clean-up, maintenance)", default=False)
    place: str = text("Where it is offered; blank means everywhere", default="", refers_to="places", example="")


@noun("characteristics", "name")
class Characteristic(Noun):
    """What is inspected: a property with limits (variable) or defects (attribute), and how it is sampled."""

    name: str = text("Unique name of the characteristic", example="Leg length")
    item: str = text("The item inspected; blank with a process", default="", refers_to="items", example="Leg")
    process: str = text("The process in which; blank with an item", default="", refers_to="processes", example="")
    step: str = text("The step of that process; blank: at its end", default="", example="")
    when: str = choice(
        "When it is inspected: on receipt, in process, or at the end",
        ("receipt", "process", "final"),
        default="process",
        example="process",
    )
    kind: str = choice(
        "variable: a measured value; defectives: units that fail; defects: faults counted on units",
        ("variable", "defectives", "defects"),
        default="variable",
        example="variable",
    )
    unit: str = text("Unit of the measured value", default="", example="mm")
    target: float | None = number("Nominal value", default=None, example=430)
    lower: float | None = number("Lower specification limit; blank means none", default=None, example=429.5)
    upper: float | None = number("Upper specification limit; blank means none", default=None, example=430.5)
    chart: str = choice("Control chart; blank: none", CHARTS, default="", example="xbar_r")
    subgroup: int = whole(
        "Values in a subgroup (or units in a sample of an attribute chart)", default=5, low=1, example=5
    )
    level: str = choice(
        "Inspection level of ISO 2859-1; blank: every lot is measured with one subgroup",
        ("", "I", "II", "III", "S-1", "S-2", "S-3", "S-4"),
        default="",
        example="II",
    )
    aql: float | None = number(
        "Acceptance quality limit: nonconforming units in 100", default=None, above=0, high=1000, example=1
    )
    gauge: str = text("What it is measured with", default="", refers_to="resources", example="")
    method: str = text("How it is measured", default="", example="Calliper, three places")

    def rules(self) -> list[tuple[str, str]]:
        broken = []
        if not self.item and not self.process:
            broken.append(("item", "an item, or a process"))
        if self.lower is not None and self.upper is not None and self.lower >= self.upper:
            broken.append(("upper", "more than lower"))
        if self.level and self.aql is None:
            broken.append(("aql", "given where level is given"))
        return broken
